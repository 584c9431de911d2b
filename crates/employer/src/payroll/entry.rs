//! 录入: amounts by hand for a month (奖金, 补发, 其他扣款…) and the opening balance of a year for those who come in mid-year.

use std::collections::BTreeMap;

use control::audit;
use control::clock;
use control::identity::{Actor, Permission};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Money, Month, Refusal};
use store::{Db, Query, Tx, args, in_list};
use utoipa::ToSchema;
use uuid::Uuid;

use super::component::{PayKind, Scheme};
use super::inputs::{Entered, YearToDate};
use super::store as rows;
use crate::employer_of;

/// Entries one request may bring.
const ENTRIES_MAX: usize = 20_000;
/// Longest note in characters.
const NOTE_MAX: usize = 100;
/// No single entry is larger: ten million yuan.
const AMOUNT_MAX: Money = Money::from_fen(1_000_000_000);

/// One entry.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = PayEntry)]
pub struct Entry {
    /// Whom.
    pub employee_id: Uuid,
    /// The component's code.
    pub component: String,
    /// The month a back payment is for.
    #[serde(default)]
    pub for_month: Option<Month>,
    /// How much; zero takes an entry back.
    #[serde(rename = "amount_fen")]
    pub amount: Money,
    /// Why.
    #[serde(default)]
    pub note: String,
}

/// The month without a back payment.
const THIS_MONTH: i64 = 0;

/// The entries of a month.
pub async fn list(actor: &Actor, db: &Db, month: Month) -> Result<Vec<Entry>, Refusal> {
    actor.require(Permission::PayrollView)?;
    let all = of_month(&mut db.read(), employer_of(actor)?, month).await?;
    Ok(all
        .into_iter()
        .flat_map(|(employee_id, entries)| {
            entries.into_iter().map(move |one| Entry {
                employee_id,
                component: one.component,
                for_month: one.for_month,
                amount: one.amount,
                note: one.note,
            })
        })
        .collect())
}

/// The same for the run.
pub async fn of_month(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<BTreeMap<Uuid, Vec<Entered>>, Refusal> {
    let rows = q
        .all(
            "SELECT employee_id, component, for_month, amount_fen, note FROM employer_pay_entry
             WHERE employer_id = $1 AND month = $2 ORDER BY employee_id, component, for_month",
            args![employer_id, month],
        )
        .await?;
    let mut all: BTreeMap<Uuid, Vec<Entered>> = BTreeMap::new();
    for row in rows {
        let for_month: i64 = row.get("for_month")?;
        all.entry(row.get("employee_id")?).or_default().push(Entered {
            component: row.get("component")?,
            for_month: (for_month != THIS_MONTH).then(|| Month::from_yyyymm(for_month)).transpose()?,
            amount: row.get("amount_fen")?,
            note: row.get("note")?,
        });
    }
    Ok(all)
}

/// Enters amounts, all or none; what was entered before for the same person, component and month is replaced.
pub async fn put(actor: &Actor, db: &Db, month: Month, entries: &[Entry]) -> Result<usize, Refusal> {
    actor.require(Permission::PayrollPrepare)?;
    let employer_id = employer_of(actor)?;
    if entries.len() > ENTRIES_MAX {
        return Err(Refusal::too_large(
            "entries_too_many",
            format!("一次最多录入 {ENTRIES_MAX} 条"),
            format!("At most {ENTRIES_MAX} entries at once"),
        ));
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("payroll:{employer_id}")).await?;
    let scheme = rows::scheme(&mut tx, employer_id).await?;
    let mut findings: Vec<Finding> = (0..).zip(entries).flat_map(|(at, one)| weigh(&scheme, month, at, one)).collect();
    findings.extend(strangers(&mut tx, employer_id, entries).await?);
    if !findings.is_empty() {
        return Err(Refusal::invalid_all(findings));
    }
    write(&mut tx, actor, employer_id, month, entries).await?;
    let total = Money::sum(entries.iter().map(|one| one.amount))?;
    let after = json!({ "entries": entries.len(), "sum_fen": total });
    audit::record(&mut tx, actor, "payroll.enter", "pay_entry", month, None, Some(after)).await?;
    tx.commit().await?;
    Ok(entries.len())
}

fn weigh(scheme: &Scheme, month: Month, at: usize, one: &Entry) -> Option<Finding> {
    let known = scheme
        .components
        .iter()
        .find(|component| component.active && component.code == one.component);
    let refuse = |rule: &str, zh: String, en: String| Some(Finding::blocking(rule, zh, en).field(format!("entries[{at}]")));
    let Some(component) = known else {
        return refuse(
            "entry_component",
            format!("没有代码为“{}”的启用项目", one.component),
            format!("There is no active component {}", one.component),
        );
    };
    if !component.formula.contains("录入") {
        return refuse(
            "entry_component",
            format!("“{}”由公式计算，不接受录入", component.name),
            format!("{} is computed and takes no entry", component.code),
        );
    }
    if one.for_month.is_some_and(|earlier| earlier >= month) {
        return refuse(
            "entry_month",
            "补发所属月份应早于发放月份".to_owned(),
            "The month of a back payment is before the month of pay".to_owned(),
        );
    }
    let size = one.amount.max(one.amount.negate().unwrap_or(Money::MAX));
    if size > AMOUNT_MAX || one.note.chars().count() > NOTE_MAX {
        return refuse(
            "entry_amount",
            format!("单笔金额不超过 {AMOUNT_MAX} 元，说明不超过 {NOTE_MAX} 字"),
            format!("At most {AMOUNT_MAX} yuan and {NOTE_MAX} characters"),
        );
    }
    if one.amount.is_negative() && component.kind == PayKind::Deduction {
        return refuse(
            "entry_amount",
            "扣款请填正数".to_owned(),
            "A deduction is entered as a positive number".to_owned(),
        );
    }
    None
}

/// Entries for people the company does not have.
async fn strangers(tx: &mut Tx, employer_id: Uuid, entries: &[Entry]) -> Result<Vec<Finding>, Refusal> {
    let mut wanted: Vec<Uuid> = entries.iter().map(|one| one.employee_id).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut known = std::collections::BTreeSet::new();
    for part in wanted.chunks(10_000) {
        let sql = format!(
            "SELECT id FROM employer_employee WHERE employer_id = $1 AND id IN {}",
            in_list(part.len(), 2)
        );
        let mut bound = args![employer_id];
        bound.extend(part.iter().copied());
        for row in tx.all(&sql, bound).await? {
            known.insert(row.get::<Uuid>("id")?);
        }
    }
    let unknown = (0..).zip(entries).filter(|(_, one)| !known.contains(&one.employee_id));
    Ok(unknown
        .map(|(at, _): (usize, _)| {
            Finding::blocking("employee_not_found", "没有这名员工", "There is no such employee").field(format!("entries[{at}]"))
        })
        .collect())
}

async fn write(tx: &mut Tx, actor: &Actor, employer_id: Uuid, month: Month, entries: &[Entry]) -> Result<(), Refusal> {
    let now = clock::now();
    // A later entry for the same place wins over an earlier one of the same request.
    let places: BTreeMap<(Uuid, &str, i64), &Entry> = entries
        .iter()
        .map(|one| {
            (
                (
                    one.employee_id,
                    one.component.as_str(),
                    one.for_month.map_or(THIS_MONTH, Month::yyyymm),
                ),
                one,
            )
        })
        .collect();
    let rows: Vec<_> = places.into_iter().collect();
    // Eight values a row: chunks stay far below what a statement may bind.
    for part in rows.chunks(1_000) {
        let mut bound = args![employer_id, month, &actor.name, now];
        let mut values = Vec::with_capacity(part.len());
        for ((employee_id, component, for_month), one) in part {
            let places = [
                bound.push(*employee_id),
                bound.push(*component),
                bound.push(*for_month),
                bound.push(one.amount),
                bound.push(one.note.trim()),
            ];
            let [who, what, when, how_much, why] = places;
            values.push(format!("($1, $2, ${who}, ${what}, ${when}, ${how_much}, ${why}, $3, $4)"));
        }
        let sql = format!(
            "INSERT INTO employer_pay_entry (employer_id, month, employee_id, component, for_month, amount_fen, note, entered_by, entered_at)
             VALUES {} ON CONFLICT (employer_id, month, employee_id, component, for_month) DO UPDATE
             SET amount_fen = excluded.amount_fen, note = excluded.note, entered_by = excluded.entered_by, entered_at = excluded.entered_at",
            values.join(", ")
        );
        tx.execute(&sql, bound).await?;
    }
    tx.execute(
        "DELETE FROM employer_pay_entry WHERE employer_id = $1 AND month = $2 AND amount_fen = 0",
        args![employer_id, month],
    )
    .await?;
    Ok(())
}

/// What a person earned and had withheld in the year before the first run here.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = PayOpening)]
pub struct Opening {
    /// Whom.
    pub employee_id: Uuid,
    /// 累计收入.
    #[serde(rename = "income_fen")]
    pub income: Money,
    /// 累计专项扣除.
    #[serde(rename = "special_fen")]
    pub special: Money,
    /// 累计专项附加扣除.
    #[serde(rename = "additional_fen")]
    pub additional: Money,
    /// 累计其他扣除.
    #[serde(rename = "other_fen")]
    pub other: Money,
    /// 累计已预扣预缴税额.
    #[serde(rename = "withheld_fen")]
    pub withheld: Money,
    /// The yearly bonus was already taxed on its own.
    #[serde(default)]
    pub bonus_used: bool,
}

/// Enters opening balances of a year, all or none.
pub async fn put_openings(actor: &Actor, db: &Db, year: i32, openings: &[Opening]) -> Result<usize, Refusal> {
    actor.require(Permission::PayrollPrepare)?;
    let employer_id = employer_of(actor)?;
    if openings.len() > ENTRIES_MAX {
        return Err(Refusal::too_large(
            "entries_too_many",
            format!("一次最多录入 {ENTRIES_MAX} 条"),
            format!("At most {ENTRIES_MAX} entries at once"),
        ));
    }
    let negative = |one: &Opening| {
        [one.income, one.special, one.additional, one.other, one.withheld]
            .iter()
            .any(|all| all.is_negative())
    };
    if let Some(at) = openings.iter().position(negative) {
        let finding = Finding::blocking("opening_negative", "期初累计不能为负", "An opening balance is not negative");
        return Err(Refusal::invalid(finding.field(format!("openings[{at}]"))));
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("payroll:{employer_id}")).await?;
    let entries: Vec<Entry> = openings
        .iter()
        .map(|one| Entry {
            employee_id: one.employee_id,
            component: String::new(),
            for_month: None,
            amount: one.income,
            note: String::new(),
        })
        .collect();
    let findings = strangers(&mut tx, employer_id, &entries).await?;
    if !findings.is_empty() {
        return Err(Refusal::invalid_all(findings));
    }
    for one in openings {
        tx.execute(
            "INSERT INTO employer_pay_opening (employer_id, year, employee_id, income_fen, special_fen, additional_fen, other_fen, withheld_fen, bonus_used)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (employer_id, year, employee_id) DO UPDATE SET income_fen = excluded.income_fen,
                 special_fen = excluded.special_fen, additional_fen = excluded.additional_fen, other_fen = excluded.other_fen,
                 withheld_fen = excluded.withheld_fen, bonus_used = excluded.bonus_used",
            args![
                employer_id,
                i64::from(year),
                one.employee_id,
                one.income,
                one.special,
                one.additional,
                one.other,
                one.withheld,
                one.bonus_used
            ],
        )
        .await?;
    }
    let after = json!({ "openings": openings.len() });
    audit::record(&mut tx, actor, "payroll.opening", "pay_opening", year, None, Some(after)).await?;
    tx.commit().await?;
    Ok(openings.len())
}

/// The opening balances of a year.
pub async fn openings(q: &mut impl Query, employer_id: Uuid, year: i32) -> Result<BTreeMap<Uuid, YearToDate>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_pay_opening WHERE employer_id = $1 AND year = $2",
            args![employer_id, i64::from(year)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let year = YearToDate {
                income: row.get("income_fen")?,
                special: row.get("special_fen")?,
                additional: row.get("additional_fen")?,
                other: row.get("other_fen")?,
                withheld: row.get("withheld_fen")?,
                bonus_used: row.get("bonus_used")?,
            };
            Ok((row.get("employee_id")?, year))
        })
        .collect()
}
