//! 征缴: what an employer is asked to pay, what it pays, and where the money goes.
//!
//! An order (征集单) is opened when a month is assessed and makes the employer's receivable. Money comes by bank file or
//! through a gateway, waits in 暂收款 until the order is whole, and is then posted in one transaction: to the pooled funds,
//! to personal accounts, to the history of every person. What is late costs a fee a day; what is too much waits to be
//! matched or refunded.
//!
//! What is absent: no HTTP, no other organisation's tables, no clock in what depends on law (days are arguments).

mod due;
pub mod order;
#[cfg(test)]
mod tests;

pub use due::{DueRule, due_on, due_rule};
pub use order::{NewOrder, Order, OrderKind, OrderState, OrderTotals, cancel_order, open_orders, send_order, send_orders};

use ::store::Tx;
use standard::{Refusal, RegionCode};
use uuid::Uuid;

/// Whoever changes an order holds this; taken before the ledger's own lock.
async fn lock(tx: &mut Tx, region: RegionCode, order_id: Uuid) -> Result<(), Refusal> {
    tx.lock(&format!("order:{region}:{order_id}")).await
}
