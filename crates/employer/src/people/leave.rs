//! Leaving and coming back.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::message::StopReason;
use serde::Deserialize;
use serde_json::json;
use standard::{Date, Finding, Money, Refusal, RegionCode};
use store::{Db, Query, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::change;
use super::checks;
use super::history::{self, Entered, Place};
use super::store::{self as rows, Employee};
use super::terms::reason_of;
use super::view::EmployeeState;
use crate::employer_of;

/// Every reason for leaving.
pub const REASONS: [StopReason; 7] = [
    StopReason::Resigned,
    StopReason::Dismissed,
    StopReason::ContractEnded,
    StopReason::Retired,
    StopReason::Died,
    StopReason::Moved,
    StopReason::Other,
];

/// The stored word.
pub const fn reason_key(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Resigned => "resigned",
        StopReason::Dismissed => "dismissed",
        StopReason::ContractEnded => "contract_ended",
        StopReason::Retired => "retired",
        StopReason::Died => "died",
        StopReason::Moved => "moved",
        StopReason::Other => "other",
    }
}

/// Reads the stored word.
pub fn parse_reason(word: &str) -> Option<StopReason> {
    REASONS.into_iter().find(|reason| reason_key(*reason) == word)
}

/// The word on screen.
pub const fn reason_zh(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Resigned => "辞职",
        StopReason::Dismissed => "解除或终止劳动合同",
        StopReason::ContractEnded => "合同期满",
        StopReason::Retired => "退休",
        StopReason::Died => "死亡",
        StopReason::Moved => "跨地区调动",
        StopReason::Other => "其他",
    }
}

/// 离职.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = EmployeeLeaving)]
pub struct Leave {
    /// 离职日期: the last day of employment.
    #[schema(value_type = String, format = Date)]
    pub left_on: Date,
    /// Why, as the agency will be told.
    pub reason: StopReason,
    /// A note of HR's.
    #[serde(default)]
    pub note: Option<String>,
}

/// 重新入职.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = EmployeeReturn)]
pub struct Return {
    /// 入职日期 of the new employment.
    #[schema(value_type = String, format = Date)]
    pub hired_on: Date,
    /// 参保城市.
    pub region: RegionCode,
    /// 部门.
    #[serde(default)]
    pub department: String,
    /// 岗位.
    #[serde(default)]
    pub position: String,
    /// 月工资.
    pub wage_fen: Money,
}

/// Days ahead a leaving may be entered.
const AHEAD_DAYS: i64 = 366;

/// Enters a leaving. The record stays; contracts in force end that day; the stop of insurance follows from it.
pub async fn leave(actor: &Actor, db: &Db, id: Uuid, leave: Leave) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let note = reason_of(leave.note.as_deref())?;
    let (mut tx, mut employee) = open(actor, db, id).await?;
    if let Some(left_on) = employee.left_on {
        return Err(Refusal::conflict(
            "already_left",
            format!("该员工已于 {left_on} 离职"),
            format!("the employee left on {left_on} already"),
        )
        .remedy(
            "如日期有误，请先撤销离职再重新登记",
            "if the day is wrong, revoke the leaving and enter it again",
        ));
    }
    weigh_leaving(&employee, leave.left_on, clock::today())?;
    employee.left_on = Some(leave.left_on);
    employee.leave_reason = Some(leave.reason);
    employee.leave_note = note;
    employee.updated_at = clock::now();
    rows::update(&mut tx, &employee).await?;
    tx.execute(
        "UPDATE employer_contract SET ended_on = $3 WHERE employer_id = $1 AND employee_id = $2 AND ended_on IS NULL
             AND (to_on IS NULL OR to_on > $3)",
        args![employer_id, id, leave.left_on],
    )
    .await?;
    if matches!(employee.state, EmployeeState::Insured | EmployeeState::Enrolling) {
        let whom = (id, employee.name.as_str());
        crate::insurance::tasks::on_leave(&mut tx, employer_id, whom, employee.region, leave.left_on).await?;
    }
    let after = json!({ "left_on": leave.left_on.to_string(), "reason": leave.reason });
    audit::record(&mut tx, actor, "employee.leave", "employee", id, None, Some(after)).await?;
    tx.commit().await
}

fn weigh_leaving(employee: &Employee, left_on: Date, today: Date) -> Result<(), Refusal> {
    let hired = employee.hired_on;
    if left_on < hired {
        return Err(Refusal::invalid(
            Finding::blocking(
                "left_before_hire",
                format!("离职日期 {left_on} 早于入职日期 {hired}"),
                format!("{left_on} lies before the hire date {hired}"),
            )
            .field("left_on")
            .remedy("请核对日期", "check the day"),
        ));
    }
    if left_on > today.saturating_add(jiff::Span::new().days(AHEAD_DAYS)) {
        return Err(Refusal::invalid(
            Finding::blocking("left_over_a_year_ahead", "离职日期在一年以后", "the day lies over a year ahead")
                .field("left_on")
                .remedy("请核对年份", "check the year"),
        ));
    }
    Ok(())
}

async fn open(actor: &Actor, db: &Db, id: Uuid) -> Result<(Tx, Employee), Refusal> {
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let employee = rows::get(&mut tx, employer_id, id).await?;
    if employee.merged_into.is_some() {
        return Err(super::duplicate::merged_record());
    }
    Ok((tx, employee))
}

fn not_left() -> Refusal {
    Refusal::conflict("not_left", "该员工在职", "the employee has not left")
}

/// Takes a leaving back, as if it had not been entered.
pub async fn revoke(actor: &Actor, db: &Db, id: Uuid) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let (mut tx, mut employee) = open(actor, db, id).await?;
    let left_on = employee.left_on.ok_or_else(not_left)?;
    let before = json!({ "left_on": left_on.to_string(), "reason": employee.leave_reason, "note": employee.leave_note });
    (employee.left_on, employee.leave_reason, employee.leave_note) = (None, None, None);
    employee.updated_at = clock::now();
    rows::update(&mut tx, &employee).await?;
    tx.execute(
        "UPDATE employer_contract SET ended_on = NULL WHERE employer_id = $1 AND employee_id = $2 AND ended_on = $3",
        args![employer_id, id, left_on],
    )
    .await?;
    audit::record(&mut tx, actor, "employee.leave_revoke", "employee", id, Some(before), None).await?;
    tx.commit().await
}

/// Hires a former employee again. The earlier employment is kept beside the new one.
pub async fn rehire(actor: &Actor, db: &Db, id: Uuid, back: Return) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let region = checks::city(&back.region.to_string())?;
    let (mut tx, mut employee) = open(actor, db, id).await?;
    let left_on = employee.left_on.ok_or_else(not_left)?;
    let findings = weigh_return(&employee, &back, left_on, &tx, clock::today())?;
    if !findings.is_empty() {
        return Err(Refusal::invalid_all(findings));
    }
    let reason = employee.leave_reason.map_or("other", reason_key);
    tx.execute(
        "INSERT INTO employer_stint (employer_id, employee_id, from_on, to_on, leave_reason, leave_note) VALUES ($1, $2, $3, $4, $5, $6)",
        args![employer_id, id, employee.hired_on, left_on, reason, &employee.leave_note],
    )
    .await?;
    (employee.left_on, employee.leave_reason, employee.leave_note) = (None, None, None);
    employee.hired_on = back.hired_on;
    // Where the person is insured by now is not known: the nation is asked again.
    (employee.state, employee.checked_at) = (EmployeeState::Unchecked, None);
    employee.updated_at = clock::now();
    rows::update(&mut tx, &employee).await?;
    super::unanswered::ask_again(&mut tx, employer_id).await?;
    let entered = Entered::of(actor, None);
    let place = Place {
        from: back.hired_on,
        department: back.department.trim().to_string(),
        position: back.position.trim().to_string(),
        region,
    };
    history::add_position(&mut tx, employer_id, id, &place, entered).await?;
    history::add_wage(&mut tx, employer_id, id, back.hired_on, Some(back.wage_fen), entered).await?;
    super::department::ensure(&mut tx, employer_id, &place.department).await?;
    change::refresh(&mut tx, employer_id, Some(&[id]), clock::today().max(back.hired_on)).await?;
    let after = json!({ "hired_on": back.hired_on.to_string(), "earlier_left_on": left_on.to_string() });
    audit::record(&mut tx, actor, "employee.rehire", "employee", id, None, Some(after)).await?;
    tx.commit().await
}

fn weigh_return(employee: &Employee, back: &Return, left_on: Date, tx: &Tx, today: Date) -> Result<Vec<Finding>, Refusal> {
    let number = employee.id_number(tx.db().cipher())?;
    let mut findings: Vec<Finding> = checks::hire_date(&number, back.hired_on, today)
        .into_iter()
        .filter(Finding::is_blocking)
        .collect();
    if back.hired_on <= left_on {
        findings.push(
            Finding::blocking(
                "rehired_before_leaving",
                format!("重新入职日期应在离职日期 {left_on} 之后"),
                format!("the new hire date must lie after {left_on}"),
            )
            .field("hired_on")
            .remedy("如离职登记有误，请撤销离职", "if the leaving was a mistake, revoke it"),
        );
    } else if standard::Month::of(back.hired_on) == standard::Month::of(left_on) {
        findings.push(
            Finding::blocking(
                "rehired_in_month_of_leaving",
                "离职当月重新入职的，不分两段任职",
                "a return in the month of leaving is no second employment",
            )
            .field("hired_on")
            .remedy(
                "请撤销离职，中断的日子按事假登记",
                "revoke the leaving and enter the days between as unpaid leave",
            ),
        );
    }
    findings.extend(checks::wage_amount(back.wage_fen));
    for (field, text) in [("department", &back.department), ("position", &back.position)] {
        findings.extend(checks::label(text).err().map(|finding| finding.field(field)));
    }
    Ok(findings)
}

/// An employment that ended before the present one.
#[derive(Debug, Clone, PartialEq, serde::Serialize, ToSchema)]
pub struct Stint {
    /// 入职日期.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// 离职日期.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// The reason's word on screen.
    pub reason_name: String,
}

/// Earlier employments, oldest first.
pub(crate) async fn stints(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Vec<Stint>, Refusal> {
    let rows = q
        .all(
            "SELECT from_on, to_on, leave_reason FROM employer_stint WHERE employer_id = $1 AND employee_id = $2 ORDER BY from_on",
            args![employer_id, id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let reason: String = row.get("leave_reason")?;
            Ok(Stint {
                from: row.get("from_on")?,
                to: row.get("to_on")?,
                reason_name: parse_reason(&reason).map_or("", reason_zh).to_string(),
            })
        })
        .collect()
}
