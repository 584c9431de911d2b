//! 征缴: what an employer is asked to pay, what it pays, and where the money goes.
//!
//! An order (征集单) is opened when a month is assessed and makes the employer's receivable. Money comes by bank file or
//! through a gateway, waits in 暂收款 until the order is whole, and is then posted in one transaction: to the pooled funds,
//! to personal accounts, to the history of every person. What is late costs a fee a day; what is too much waits to be
//! matched or refunded.
//!
//! What is absent: no HTTP, no other organisation's tables, no clock in what depends on law (days are arguments).

pub mod arrears;
pub mod bank_file;
pub mod desk;
pub mod documents;
mod due;
pub mod gateway;
pub mod order;
pub mod payment;
mod posting;
pub mod refund;
pub mod suspense;
#[cfg(test)]
mod tests;

pub use due::{DueRule, due_on, due_rule};
pub use order::{NewOrder, Order, OrderKind, OrderState, OrderTotals, cancel_order, open_orders, replace_order, send_order, send_orders};

use ::store::Tx;
use control::identity::Actor;
use standard::{Organisation, Refusal, RegionCode};
use uuid::Uuid;

/// The region whose books an agency's people work in; anybody else is refused.
pub(crate) fn region_of(actor: &Actor) -> Result<RegionCode, Refusal> {
    match actor.organisation {
        Organisation::Agency(region) => Ok(region),
        _ => Err(Refusal::forbidden(
            "not_an_agency",
            "只有经办机构可以办理征缴业务。",
            "Collection is the agencies' business.",
        )),
    }
}

/// Whoever changes an order holds this; taken before the ledger's own lock.
async fn lock(tx: &mut Tx, region: RegionCode, order_id: Uuid) -> Result<(), Refusal> {
    tx.lock(&format!("order:{region}:{order_id}")).await
}
