//! From assessed rows to an order: opened, the rows written under it, and, where the employer files electronically, sent.

use ::store::Tx;
use exchange::message::OrderKind;
use policy::RuleBook;
use standard::{Date, Month, Refusal, RegionCode};
use uuid::Uuid;

use super::{AssessedRow, store, totals_of};
use crate::collection::{self, NewOrder, OrderTotals};
use crate::employers::Unit;
use crate::enrolment::next_number;

/// What is assessed and for whom.
pub(crate) struct Issue<'a> {
    /// The employer.
    pub unit: &'a Unit,
    /// 费款所属期 of the order.
    pub month: Month,
    /// What it collects.
    pub kind: OrderKind,
    /// The declaration or adjustment it answers.
    pub filing_id: Option<Uuid>,
    /// When.
    pub issued_on: Date,
    /// Person by person.
    pub rows: &'a [AssessedRow],
}

/// An order issued.
pub(crate) struct Issued {
    /// The order.
    pub order_id: Uuid,
    /// Names the assessment in the rows.
    pub seq: i64,
    /// What it comes to.
    pub totals: OrderTotals,
}

/// Opens the order of `issue` and writes its rows, in a handful of statements whatever their number.
pub(crate) async fn issue(tx: &mut Tx, book: &RuleBook, issue: &Issue<'_>) -> Result<Issued, Refusal> {
    let region = issue.unit.region;
    let totals = totals_of(issue.rows)?;
    let mut people: Vec<_> = issue.rows.iter().map(|row| row.person_id).collect();
    people.sort_unstable();
    people.dedup();
    let new = NewOrder {
        region,
        employer_id: issue.unit.employer_id,
        employer_name: issue.unit.name.clone(),
        month: issue.month,
        kind: issue.kind,
        filing_id: issue.filing_id,
        totals,
        people: i64::try_from(people.len()).unwrap_or(i64::MAX),
        issued_on: issue.issued_on,
    };
    let opened = collection::open_orders(tx, book, &[new]).await?;
    let order_id = *opened.first().ok_or_else(|| Refusal::internal("an order was not opened"))?;
    let seq = next_number(tx, region, "assessment", 1).await?;
    let mut sink = tx.bulk("agency_assessment", store::bulk_columns()).await?;
    for row in issue.rows {
        sink.push(store::row_args(region, issue.kind, seq, order_id, row)).await?;
    }
    sink.finish().await?;
    Ok(Issued { order_id, seq, totals })
}

/// Sends an order to an employer that files electronically.
pub(crate) async fn employer_knows(tx: &mut Tx, unit: &Unit, order_id: Uuid, pay_base: &str) -> Result<(), Refusal> {
    if !unit.online {
        return Ok(());
    }
    let lines = store::order_lines(tx, unit.region, order_id).await?;
    collection::send_order(tx, unit.region, order_id, lines, pay_base).await
}

/// Makes place for what an employer declares after all: its order is cancelled although something may have come towards it, its
/// rows are voided.
pub(crate) async fn replace(tx: &mut Tx, region: RegionCode, order_id: Uuid, reason: &str) -> Result<(), Refusal> {
    collection::replace_order(tx, region, order_id, reason).await?;
    store::void(tx, region, order_id).await?;
    Ok(())
}

/// Takes an order back that nobody paid towards: cancelled, its rows voided.
pub(crate) async fn undo(tx: &mut Tx, region: RegionCode, order_id: Uuid, reason: &str) -> Result<(), Refusal> {
    collection::cancel_order(tx, region, order_id, reason).await?;
    store::void(tx, region, order_id).await?;
    Ok(())
}
