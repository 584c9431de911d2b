//! 三方对账: what the law asks, what the agency bills and what payroll booked, person by person and insurance by insurance. Every
//! difference gets a coded reason; HR accepts or corrects it, and who did so, when and why is kept. Reads change nothing.

mod decide;
mod explain;
mod gather;
#[cfg(test)]
mod tests;

use ::store::{Db, Query};
use control::identity::{Actor, Permission};
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use standard::{Insurance, Money, Month, Refusal, RegionCode, Text, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::employer_of;

pub use decide::{Decide, DecisionView, DifferenceKey, decide, trace};
pub use explain::Reason;

/// A difference between the three columns, or an order that is not paid.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Difference {
    /// 工号 and name, or the order's number.
    pub person: String,
    /// The insurance's name, or `all` for an order.
    pub insurance: String,
    /// Billed minus policy; where these agree, booked minus billed; of an order, what is open.
    pub fen: Money,
    /// Why.
    pub reason: Reason,
    /// Names the person in a decision: the employee's key, else the order line or order.
    pub key: String,
    /// The employee, when the unit has one.
    pub employee_id: Option<Uuid>,
    /// Where.
    pub region: RegionCode,
    /// By law, both sides.
    pub policy_fen: Money,
    /// Billed, both sides.
    pub billed_fen: Money,
    /// Booked by payroll, both sides.
    pub deducted_fen: Money,
    /// The reason in words, with figures.
    pub explanation: Text,
    /// `accepted` or `corrected`; nothing while it waits.
    pub decision: Option<String>,
    /// Why it was decided so.
    pub note: Option<String>,
    /// By whom.
    pub decided_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
}

/// The reconciliation of a month. Every column counts both sides.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Reconciliation {
    /// 费款所属期.
    pub month: Month,
    /// How many people stand in any column.
    pub people: i64,
    /// What the law asks.
    pub policy_fen: Money,
    /// What the agencies bill.
    pub billed_fen: Money,
    /// What payroll booked: employees' deductions and the employer's cost.
    pub deducted_fen: Money,
    /// What was paid towards contributions, by the receipts.
    pub paid_fen: Money,
    /// Where the columns part.
    pub differences: Vec<Difference>,
    /// Differences nothing explains.
    pub unexplained: i64,
    /// Differences nobody has decided on.
    pub undecided: i64,
}

/// One person and insurance in three columns.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReconcileRow {
    /// 工号 and name.
    pub person: String,
    /// Names the person in a decision.
    pub key: String,
    /// The employee, when the unit has one.
    pub employee_id: Option<Uuid>,
    /// Where.
    pub region: RegionCode,
    /// The insurance.
    pub insurance: Insurance,
    /// By law.
    pub policy_fen: Money,
    /// Billed.
    pub billed_fen: Money,
    /// Booked by payroll.
    pub deducted_fen: Money,
    /// The difference, if there is one.
    pub difference: Option<Difference>,
}

/// One insurance of the month over all people.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReconcileTotal {
    /// Where.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// The insurance.
    pub insurance: Insurance,
    /// By law.
    pub policy_fen: Money,
    /// Billed.
    pub billed_fen: Money,
    /// Booked by payroll.
    pub deducted_fen: Money,
}

/// A page of the three-column table.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReconcilePage {
    /// The month as a whole; `differences` holds the orders not paid, the people's are in the rows.
    pub summary: Reconciliation,
    /// Totals by region and insurance.
    pub totals: Vec<ReconcileTotal>,
    /// Rows, differences first.
    pub rows: Vec<ReconcileRow>,
    /// How many rows in all.
    pub rows_total: i64,
    /// Pass it to get the next page.
    pub next_cursor: Option<i64>,
    /// What the reader may do: `decide`.
    pub allowed_actions: Vec<String>,
}

/// Which rows.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct RowFilter {
    /// Only rows with a difference (只看差异).
    pub only_differences: bool,
    /// Only this region.
    pub region: Option<RegionCode>,
    /// How many rows were shown before.
    pub cursor: i64,
    /// At most so many.
    pub limit: i64,
}

/// Reconciles a month of an employer by the law of `book`.
pub async fn reconcile(q: &mut impl Query, book: &RuleBook, employer_id: Uuid, month: Month) -> Result<Reconciliation, Refusal> {
    let sheet = gather::sheet(q, book, employer_id, month).await?;
    let mut differences: Vec<Difference> = Vec::new();
    for person in &sheet.people {
        for insurance in Insurance::ALL {
            differences.extend(person.difference(insurance, &sheet)?);
        }
    }
    differences.extend(sheet.unpaid());
    decide::apply(q, employer_id, month, &mut differences).await?;
    summary(&sheet, differences)
}

fn summary(sheet: &gather::Sheet, differences: Vec<Difference>) -> Result<Reconciliation, Refusal> {
    let mut sums = [Money::ZERO; 3];
    for person in &sheet.people {
        for (sum, column) in sums.iter_mut().zip([&person.policy, &person.billed, &person.booked]) {
            *sum = sum.try_add(column.total()?)?;
        }
    }
    let [policy_fen, billed_fen, deducted_fen] = sums;
    Ok(Reconciliation {
        month: sheet.month,
        people: sheet.people.len() as i64,
        policy_fen,
        billed_fen,
        deducted_fen,
        paid_fen: sheet.paid,
        unexplained: differences.iter().filter(|one| one.reason == Reason::Unexplained).count() as i64,
        undecided: differences.iter().filter(|one| one.decision.is_none()).count() as i64,
        differences,
    })
}

/// A page of the table as the reader may see it: who has no right to see employees sees numbers only.
pub async fn page(actor: &Actor, db: &Db, book: &RuleBook, month: Month, filter: RowFilter) -> Result<ReconcilePage, Refusal> {
    actor.require(Permission::BillView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let sheet = gather::sheet(&mut q, book, employer_id, month).await?;
    let mut found: Vec<Difference> = sheet.unpaid();
    let orders = found.len();
    let mut rows = Vec::new();
    for (at, person) in sheet.people.iter().enumerate() {
        if filter.region.is_some_and(|region| region != person.region) {
            continue;
        }
        for insurance in Insurance::ALL {
            let difference = person.difference(insurance, &sheet)?;
            let known = difference.is_some();
            if (filter.only_differences && !known) || person.is_nothing(insurance)? {
                continue;
            }
            found.extend(difference);
            rows.push((at, insurance, known.then(|| found.len() - 1)));
        }
    }
    decide::apply(&mut q, employer_id, month, &mut found).await?;
    // Undecided differences first, then decided ones, then agreement.
    rows.sort_by_key(|(at, insurance, difference)| {
        let rank = difference.map_or(2, |d| i32::from(found[d].decision.is_some()));
        (rank, *at, *insurance)
    });
    let may_see = actor.require(Permission::EmployeeView).is_ok();
    let total = rows.len() as i64;
    let (cursor, limit) = (filter.cursor.max(0), filter.limit.clamp(1, 500));
    let shown: Vec<ReconcileRow> = rows
        .iter()
        .skip(cursor as usize)
        .take(limit as usize)
        .map(|(at, insurance, difference)| row(&sheet.people[*at], *insurance, difference.map(|d| &found[d]), may_see))
        .collect::<Result<_, _>>()?;
    let next = cursor + shown.len() as i64;
    let totals = totals(&sheet)?;
    let mut whole = summary(&sheet, found)?;
    whole.differences.truncate(orders);
    Ok(ReconcilePage {
        summary: whole,
        totals,
        rows: shown,
        rows_total: total,
        next_cursor: (next < total).then_some(next),
        allowed_actions: actor
            .require(Permission::ReconcileDecide)
            .is_ok()
            .then(|| "decide".to_string())
            .into_iter()
            .collect(),
    })
}

fn row(person: &gather::Person, insurance: Insurance, difference: Option<&Difference>, may_see: bool) -> Result<ReconcileRow, Refusal> {
    let shown = if may_see { person.shown() } else { person.number_only() };
    Ok(ReconcileRow {
        person: shown.clone(),
        key: person.key.clone(),
        employee_id: person.employee_id.filter(|_| may_see),
        region: person.region,
        insurance,
        policy_fen: person.policy.both(insurance)?,
        billed_fen: person.billed.both(insurance)?,
        deducted_fen: person.booked.both(insurance)?,
        difference: difference.map(|d| Difference {
            person: shown,
            employee_id: d.employee_id.filter(|_| may_see),
            ..d.clone()
        }),
    })
}

fn totals(sheet: &gather::Sheet) -> Result<Vec<ReconcileTotal>, Refusal> {
    let mut sums: std::collections::BTreeMap<(RegionCode, Insurance), [Money; 3]> = std::collections::BTreeMap::new();
    for person in &sheet.people {
        for insurance in Insurance::ALL {
            let sum = sums.entry((person.region, insurance)).or_default();
            for (sum, column) in sum.iter_mut().zip([&person.policy, &person.billed, &person.booked]) {
                *sum = sum.try_add(column.both(insurance)?)?;
            }
        }
    }
    Ok(sums
        .into_iter()
        .filter(|(_, sums)| sums.iter().any(|sum| !sum.is_zero()))
        .map(|((region, insurance), [policy_fen, billed_fen, deducted_fen])| ReconcileTotal {
            region,
            region_name: region.name().to_string(),
            insurance,
            policy_fen,
            billed_fen,
            deducted_fen,
        })
        .collect())
}
