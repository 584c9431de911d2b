//! 劳动合同: concluded, renewed, ended; and those about to end.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Date, Finding, Refusal};
use store::{Db, Query, Row, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store as rows;
use super::terms::reason_of;
use crate::employer_of;

pub use super::expiring::{Expiring, expiring};

/// 合同期限 (劳动合同法第十二条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContractKind {
    /// 固定期限.
    Fixed,
    /// 无固定期限.
    OpenEnded,
    /// 以完成一定工作任务为期限.
    Task,
}

impl ContractKind {
    const fn key(self) -> &'static str {
        match self {
            ContractKind::Fixed => "fixed",
            ContractKind::OpenEnded => "open_ended",
            ContractKind::Task => "task",
        }
    }

    fn parse(word: &str) -> Result<ContractKind, Refusal> {
        match word {
            "fixed" => Ok(ContractKind::Fixed),
            "open_ended" => Ok(ContractKind::OpenEnded),
            "task" => Ok(ContractKind::Task),
            _ => Err(Refusal::internal("a contract has an unknown kind")),
        }
    }
}

/// A contract to be entered; the one after another is its renewal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewContract {
    /// 期限.
    pub kind: ContractKind,
    /// 起.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// 止, of a fixed term.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// 试用期止.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub probation_to: Option<Date>,
    /// 签订日期.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub signed_on: Option<Date>,
    /// A note.
    #[serde(default)]
    pub note: Option<String>,
}

/// A contract as kept.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ContractView {
    /// Key.
    pub id: Uuid,
    /// 第几次签订.
    pub round: i64,
    /// 期限.
    pub kind: ContractKind,
    /// 起.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// 止.
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// 试用期止.
    #[schema(value_type = Option<String>, format = Date)]
    pub probation_to: Option<Date>,
    /// 签订日期.
    #[schema(value_type = Option<String>, format = Date)]
    pub signed_on: Option<Date>,
    /// 提前终止.
    #[schema(value_type = Option<String>, format = Date)]
    pub ended_on: Option<Date>,
    /// A note.
    pub note: Option<String>,
    /// Who entered it.
    pub entered_name: String,
}

/// The contracts of an employee, latest first.
pub(crate) async fn list(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid) -> Result<Vec<ContractView>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_contract WHERE employer_id = $1 AND employee_id = $2 ORDER BY round DESC",
            args![employer_id, employee_id],
        )
        .await?;
    rows.iter().map(view).collect()
}

fn view(row: &Row) -> Result<ContractView, Refusal> {
    let kind: String = row.get("kind")?;
    Ok(ContractView {
        id: row.get("id")?,
        round: row.get("round")?,
        kind: ContractKind::parse(&kind)?,
        from: row.get("from_on")?,
        to: row.get("to_on")?,
        probation_to: row.get("probation_to")?,
        signed_on: row.get("signed_on")?,
        ended_on: row.get("ended_on")?,
        note: row.get("note")?,
        entered_name: row.get("entered_name")?,
    })
}

/// Enters a contract; what the law only warns of comes back.
pub async fn add(actor: &Actor, db: &Db, employee_id: Uuid, new: NewContract) -> Result<Vec<Finding>, Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let note = reason_of(new.note.as_deref())?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let employee = rows::get(&mut tx, employer_id, employee_id).await?;
    let earlier = list(&mut tx, employer_id, employee_id).await?;
    let findings = weigh(&new, &earlier, employee.hired_on);
    if findings.iter().any(Finding::is_blocking) {
        return Err(Refusal::invalid_all(findings));
    }
    let (id, round) = (Uuid::now_v7(), earlier.first().map_or(0, |last| last.round) + 1);
    tx.execute(
        "INSERT INTO employer_contract (employer_id, id, employee_id, round, kind, from_on, to_on, probation_to, signed_on, note,
             entered_by, entered_name, entered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            employer_id,
            id,
            employee_id,
            round,
            new.kind.key(),
            new.from,
            new.to,
            new.probation_to,
            new.signed_on,
            note,
            actor.user_id,
            &actor.name,
            clock::now()
        ],
    )
    .await?;
    let after = json!({ "contract": id, "kind": new.kind, "from": new.from.to_string(), "to": new.to.map(|day| day.to_string()) });
    audit::record(&mut tx, actor, "employee.contract", "employee", employee_id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(findings)
}

/// Everything against a contract. Pure.
fn weigh(new: &NewContract, earlier: &[ContractView], hired_on: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    let block = |rule: &str, field: &str, zh: &str, en: &str| Finding::blocking(rule, zh, en).field(field);
    match (new.kind, new.to) {
        (ContractKind::Fixed, None) => findings.push(block(
            "contract_end_missing",
            "to",
            "固定期限合同须填写终止日期",
            "a fixed term needs its end",
        )),
        (ContractKind::OpenEnded, Some(_)) => findings.push(block(
            "contract_end_not_meant",
            "to",
            "无固定期限合同没有终止日期",
            "an open-ended contract has no end",
        )),
        _ => {}
    }
    if new.to.is_some_and(|to| to < new.from) {
        findings.push(block(
            "contract_ends_before_start",
            "to",
            "终止日期早于开始日期",
            "the end lies before the start",
        ));
    }
    if new.from < hired_on && earlier.is_empty() {
        findings.push(block(
            "contract_before_hire",
            "from",
            "合同开始日期早于入职日期",
            "the contract begins before the hire date",
        ));
    }
    for other in earlier {
        let ends = other.ended_on.or(other.to);
        if ends.is_none_or(|end| end >= new.from) && new.to.is_none_or(|to| to >= other.from) {
            let message = Finding::blocking(
                "contract_overlaps",
                format!("与第 {} 次签订的合同期限重叠", other.round),
                format!("it overlaps contract no. {}", other.round),
            );
            findings.push(message.field("from").remedy(
                "请先终止原合同，或改为其到期次日",
                "end that contract first, or begin the day after",
            ));
        }
    }
    findings.extend(probation(new));
    findings.extend(advice(new, earlier, hired_on));
    findings
}

/// 劳动合同法第十九条: 期限三个月以上不满一年的，试用期不得超过一个月；一年以上不满三年的，不得超过二个月；三年以上固定期限和无固定期限的，不得超过六个月；
/// 以完成一定工作任务为期限或者期限不满三个月的，不得约定试用期。
fn probation(new: &NewContract) -> Option<Finding> {
    let until = new.probation_to?;
    if until < new.from || new.to.is_some_and(|to| until > to) {
        return Some(
            Finding::blocking(
                "probation_outside_contract",
                "试用期应在合同期限之内",
                "the probation lies outside the contract",
            )
            .field("probation_to"),
        );
    }
    // A term of exactly so many months ends the day before the same day of the month.
    let reaches = |months: i32| {
        new.to.is_none_or(|to| {
            let bound = new.from.saturating_add(jiff::Span::new().months(months));
            to.saturating_add(jiff::Span::new().days(1)) >= bound
        })
    };
    let months = match new.kind {
        ContractKind::Task => 0,
        ContractKind::OpenEnded => 6,
        ContractKind::Fixed if reaches(36) => 6,
        ContractKind::Fixed if reaches(12) => 2,
        ContractKind::Fixed if reaches(3) => 1,
        ContractKind::Fixed => 0,
    };
    let last = new
        .from
        .saturating_add(jiff::Span::new().months(months))
        .yesterday()
        .unwrap_or(new.from);
    let too_long = months == 0 || until > last;
    too_long.then(|| {
        Finding::blocking(
            "probation_too_long",
            format!("该合同的试用期不得超过 {months} 个月（劳动合同法第十九条）"),
            format!("the probation of such a contract is at most {months} months (Labour Contract Law, article 19)"),
        )
        .field("probation_to")
        .remedy(format!("最晚到 {last}"), format!("at the latest until {last}"))
    })
}

/// What the law does not forbid but makes costly.
fn advice(new: &NewContract, earlier: &[ContractView], hired_on: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    let due = hired_on.saturating_add(jiff::Span::new().months(1));
    if earlier.is_empty() && new.signed_on.is_some_and(|day| day > due) {
        findings.push(Finding::warning(
            "contract_signed_late",
            "自用工之日起超过一个月才订立书面合同，应支付二倍工资（劳动合同法第八十二条）",
            "signed over a month after the start of work: double wages are owed (Labour Contract Law, article 82)",
        ));
    }
    let fixed = earlier.iter().filter(|one| one.kind == ContractKind::Fixed).count();
    if new.kind == ContractKind::Fixed && fixed >= 2 {
        findings.push(Finding::warning(
            "open_ended_due",
            "已连续订立两次固定期限合同，劳动者可要求订立无固定期限合同（劳动合同法第十四条）",
            "after two fixed terms the employee may ask for an open-ended contract (Labour Contract Law, article 14)",
        ));
    }
    findings
}

/// Ends a contract early.
pub async fn end(actor: &Actor, db: &Db, employee_id: Uuid, contract_id: Uuid, ended_on: Date) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let contracts = list(&mut tx, employer_id, employee_id).await?;
    let Some(contract) = contracts.iter().find(|one| one.id == contract_id) else {
        return Err(Refusal::not_found("contract_not_found", "没有找到该合同", "no such contract"));
    };
    if contract.ended_on.is_some() || ended_on < contract.from || contract.to.is_some_and(|to| ended_on > to) {
        return Err(Refusal::invalid(
            Finding::blocking(
                "contract_end_unfit",
                "终止日期应在合同期限内，且合同尚未终止",
                "the day must lie within a contract not ended yet",
            )
            .field("ended_on")
            .remedy("请核对日期", "check the day"),
        ));
    }
    tx.execute(
        "UPDATE employer_contract SET ended_on = $3 WHERE employer_id = $1 AND id = $2",
        args![employer_id, contract_id, ended_on],
    )
    .await?;
    let after = json!({ "contract": contract_id, "ended_on": ended_on.to_string() });
    audit::record(&mut tx, actor, "employee.contract_end", "employee", employee_id, None, Some(after)).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rules(kind: ContractKind, from: &str, to: Option<&str>, probation: Option<&str>) -> Vec<String> {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let new = NewContract {
            kind,
            from: day(from),
            to: to.map(day),
            probation_to: probation.map(day),
            signed_on: None,
            note: None,
        };
        weigh(&new, &[], day("2026-01-01"))
            .into_iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn the_probation_follows_the_term() {
        let fixed = ContractKind::Fixed;
        for (to, probation, fits) in [
            ("2026-03-30", "2026-01-31", false),
            ("2026-03-31", "2026-01-31", true),
            ("2026-12-31", "2026-02-28", true),
            ("2026-12-31", "2026-03-01", false),
            ("2028-12-31", "2026-06-30", true),
            ("2028-12-31", "2026-07-01", false),
            ("2028-12-30", "2026-06-30", false),
        ] {
            let found = rules(fixed, "2026-01-01", Some(to), Some(probation));
            assert_eq!(found.is_empty(), fits, "{to} {probation} {found:?}");
        }
        assert_eq!(
            rules(ContractKind::Task, "2026-01-01", None, Some("2026-01-10")),
            ["probation_too_long"]
        );
    }

    #[test]
    fn terms_that_cannot_be_are_refused() {
        assert_eq!(rules(ContractKind::Fixed, "2026-01-01", None, None), ["contract_end_missing"]);
        assert_eq!(
            rules(ContractKind::OpenEnded, "2026-01-01", Some("2027-01-01"), None),
            ["contract_end_not_meant"]
        );
        assert_eq!(
            rules(ContractKind::Fixed, "2026-02-01", Some("2026-01-01"), None),
            ["contract_ends_before_start"]
        );
        assert_eq!(
            rules(ContractKind::Fixed, "2025-12-01", Some("2026-11-30"), None),
            ["contract_before_hire"]
        );
    }
}
