//! 分账: an order paid in full goes to the pooled funds, to personal accounts and into the history of every person on it.
//! One transaction; a few statements for every few hundred persons.

mod history;
mod journal;
mod persons;

use ::store::Tx;
use control::identity::Actor;
use policy::RuleBook;
use standard::{Organisation, Refusal};

use super::order::{Order, OrderKind};
use crate::assessment::{self, AssessedRow};
use crate::ledger;

pub(crate) use journal::share_out;

/// Posts an order whose money waits in the employer's 暂收款. The posting key makes a repeat harmless; then nothing moves.
pub(crate) async fn post_paid(tx: &mut Tx, book: &RuleBook, order: &Order) -> Result<(), Refusal> {
    let rows = rows(tx, order).await?;
    let actor = Actor::system(Organisation::Agency(order.region));
    let journal = journal::paid(book, order, &rows)?;
    let posted = ledger::post_many(tx, &actor, order.region, &[journal]).await?;
    if posted.iter().all(|posted| posted.repeated) {
        return Ok(());
    }
    persons::extend(tx, order, &rows).await
}

/// Posts a refund order whose money left: pool and personal accounts shrink, and months no longer owed leave the history.
pub(crate) async fn post_refunded(tx: &mut Tx, book: &RuleBook, order: &Order) -> Result<(), Refusal> {
    let rows = rows(tx, order).await?;
    let actor = Actor::system(Organisation::Agency(order.region));
    let journal = journal::refunded(book, order, &rows)?;
    let posted = ledger::post_many(tx, &actor, order.region, &[journal]).await?;
    if posted.iter().all(|posted| posted.repeated) {
        return Ok(());
    }
    persons::extend(tx, order, &rows).await
}

/// The rows of an order; they must come to what the order asks.
async fn rows(tx: &mut Tx, order: &Order) -> Result<Vec<AssessedRow>, Refusal> {
    let rows = assessment::rows_of_order(tx, order.region, order.order_id).await?;
    if rows.is_empty() && order.people == 0 {
        // 未申报核定 and its refund are about nobody: they stay with the pooled funds.
        return Ok(rows);
    }
    let mut totals = super::OrderTotals::default();
    for row in &rows {
        for index in 0..5 {
            totals.employer[index] = totals.employer[index].try_add(row.employer[index])?;
            totals.employee[index] = totals.employee[index].try_add(row.employee[index])?;
        }
    }
    if totals != order.totals {
        return Err(Refusal::conflict(
            "order_rows_differ",
            "征集单金额与核定明细不符，不能分账。请核对该单的核定。",
            "The order and its assessed rows differ, so it cannot be posted. Check its assessment.",
        ));
    }
    Ok(rows)
}

/// Whether a month on this order may replace what the history says of it.
fn corrects(kind: OrderKind) -> bool {
    !matches!(kind, OrderKind::Regular)
}
