//! Changing many employees at once: every row is shown before and after, and a row that cannot be is refused by itself.

use control::identity::{Actor, Field, Permission, Visibility};
use control::{audit, clock};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Date, Finding, Money, Rate, Refusal, RegionCode, Rounding};
use store::Db;
use utoipa::ToSchema;
use uuid::Uuid;

use super::change::{self, Change, PlannedChange};
use super::checks;
use super::terms::reason_of;
use crate::employer_of;

/// Most employees changed at once on the screen; a file takes more.
pub const PEOPLE_MAX: usize = 2_000;

/// A wage for many.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WageRule {
    /// The same for all.
    Set(Money),
    /// So much more (or less).
    Add(Money),
    /// So many percent more, a rate such as `0.05`; rounded to whole yuan.
    Raise(Rate),
}

/// What to change, for whom, from when.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct BulkChange {
    /// Whom.
    pub ids: Vec<Uuid>,
    /// The first day it holds.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// 部门.
    #[serde(default)]
    pub department: Option<String>,
    /// 岗位.
    #[serde(default)]
    pub position: Option<String>,
    /// 参保城市.
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// 月工资.
    #[serde(default)]
    pub wage: Option<WageRule>,
    /// Why; asked for when the day is past.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What a change of many would do, or did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BulkOutcome {
    /// One row each, in the order given.
    pub rows: Vec<PlannedChange>,
    /// Rows that change something and may.
    pub fit: i64,
    /// Rows refused.
    pub refused: i64,
    /// Rows that say what holds already.
    pub unchanged: i64,
    /// Whether it was written.
    pub applied: bool,
}

/// Plans, and writes the rows that fit when `apply`.
pub async fn change_many(actor: &Actor, db: &Db, bulk: BulkChange, apply: bool) -> Result<BulkOutcome, Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    if bulk.wage.is_some() {
        actor.require(Permission::WageView)?;
    }
    let employer_id = employer_of(actor)?;
    weigh(&bulk)?;
    let region = bulk.region.map(|region| checks::city(&region.to_string())).transpose()?;
    let reason = reason_of(bulk.reason.as_deref())?;
    let today = clock::today();
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let bare: Vec<Change> = bulk
        .ids
        .iter()
        .map(|id| Change {
            department: bulk.department.clone(),
            position: bulk.position.clone(),
            region,
            reason: reason.clone(),
            ..Change::of(*id, bulk.from)
        })
        .collect();
    let changes = match &bulk.wage {
        None => bare,
        Some(rule) => {
            // What a raise comes to follows from the wage in force that day.
            let standing = change::plan(&mut tx, employer_id, bare.clone(), today).await?;
            let waged = bare.into_iter().zip(&standing).map(|(mut change, row)| {
                change.wage = new_wage(rule, row.before.wage_fen)?;
                Ok(change)
            });
            waged.collect::<Result<Vec<_>, Refusal>>()?
        }
    };
    let mut rows = change::plan(&mut tx, employer_id, changes, today).await?;
    if bulk.wage.is_some() {
        for row in rows
            .iter_mut()
            .filter(|row| row.before.wage_fen.is_none() && row.after.wage_fen.is_none())
        {
            row.findings.push(wage_unknown());
        }
    }
    let outcome = settle(actor, tx, employer_id, rows, apply, today).await?;
    Ok(outcome)
}

/// Counts, writes when asked to, and hides what the reader may not see.
pub(super) async fn settle(
    actor: &Actor,
    mut tx: store::Tx,
    employer_id: Uuid,
    mut rows: Vec<PlannedChange>,
    apply: bool,
    today: Date,
) -> Result<BulkOutcome, Refusal> {
    let count = |of: &dyn Fn(&PlannedChange) -> bool| rows.iter().filter(|row| of(row)).count() as i64;
    let blocked = |row: &PlannedChange| row.findings.iter().any(Finding::is_blocking);
    let (fit, refused) = (count(&PlannedChange::holds), count(&blocked));
    let unchanged = count(&|row| !row.changed && !blocked(row));
    if apply && fit > 0 {
        change::apply(&mut tx, actor, employer_id, &rows, today).await?;
        let changed: Vec<_> = rows
            .iter()
            .filter(|row| row.holds())
            .map(|row| json!({ "employee": row.employee_id, "before": row.before, "after": row.after }))
            .collect();
        audit::record(
            &mut tx,
            actor,
            "employee.bulk",
            "employer",
            employer_id,
            None,
            Some(json!({ "rows": changed })),
        )
        .await?;
        tx.commit().await?;
    }
    if actor.sees(Field::Wage) != Visibility::Full {
        for row in &mut rows {
            (row.before.wage_fen, row.after.wage_fen) = (None, None);
        }
    }
    Ok(BulkOutcome {
        rows,
        fit,
        refused,
        unchanged,
        applied: apply && fit > 0,
    })
}

fn weigh(bulk: &BulkChange) -> Result<(), Refusal> {
    let finding = if bulk.ids.is_empty() {
        Finding::blocking("nobody_chosen", "请先选择员工", "choose employees first").field("ids")
    } else if bulk.ids.len() > PEOPLE_MAX {
        Finding::blocking(
            "too_many_chosen",
            format!("一次最多变更 {PEOPLE_MAX} 人"),
            format!("at most {PEOPLE_MAX} at once"),
        )
        .field("ids")
        .remedy("请分批办理，或用 Excel 导入", "do it in parts, or import a file")
    } else if bulk.department.is_none() && bulk.position.is_none() && bulk.region.is_none() && bulk.wage.is_none() {
        Finding::blocking("nothing_changes", "请选择要变更的内容", "choose what is to change").field("change")
    } else {
        return Ok(());
    };
    Err(Refusal::invalid(finding))
}

fn new_wage(rule: &WageRule, before: Option<Money>) -> Result<Option<Money>, Refusal> {
    Ok(match (rule, before) {
        (WageRule::Set(wage), _) => Some(*wage),
        (_, None) => None,
        (WageRule::Add(more), Some(before)) => Some(before.try_add(*more)?),
        (WageRule::Raise(rate), Some(before)) => Some(before.try_add(before.times(*rate, Rounding::HALF_UP_YUAN)?)?),
    })
}

fn wage_unknown() -> Finding {
    Finding::blocking(
        "wage_unknown",
        "该员工还没有工资，无法按比例调整",
        "the employee has no wage to raise",
    )
    .field("wage")
    .remedy("请先录入工资", "enter a wage first")
}
