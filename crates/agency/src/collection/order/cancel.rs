//! Taking an order back (作废): only while nothing was paid towards it, unless another takes its place.

use ::store::Tx;
use control::clock;
use control::identity::Actor;
use exchange::Message;
use exchange::message::OrderCancelled;
use standard::{Finding, Insurance, Organisation, Refusal, RegionCode};
use uuid::Uuid;

use super::{Order, OrderKind, OrderState, office_ref, store, tell};
use crate::collection::{arrears, lock, refund, suspense};
use crate::ledger::{self, Account, AccountKind, Entry, Journal, Reason};

/// Cancels an order for `reason` and gives its receivable back; a second time changes nothing. Refuses `order_paid` when
/// money has come towards it, and `order_cancel_reason_missing`.
pub async fn cancel_order(tx: &mut Tx, region: RegionCode, order_id: Uuid, reason: &str) -> Result<(), Refusal> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 200 {
        return Err(Refusal::invalid(
            Finding::blocking(
                "order_cancel_reason_missing",
                "作废征集单须写明原因（200字以内）。",
                "Cancelling an order needs a reason of at most 200 characters.",
            )
            .field("reason"),
        ));
    }
    lock(tx, region, order_id).await?;
    let mut order = store::get(tx, region, order_id).await?;
    match order.state {
        OrderState::Cancelled => return Ok(()),
        OrderState::Open | OrderState::Overdue if order.held.is_zero() && !refund::is_promised(tx, region, order_id).await? => {}
        _ => {
            return Err(Refusal::conflict(
                "order_paid",
                "该征集单已有到账，不能作废。请按退费办理。",
                "Money has come towards this order; it cannot be cancelled. File a refund.",
            ));
        }
    }
    ledger::post_many(tx, &Actor::system(Organisation::Agency(region)), region, &[back(&order)?]).await?;
    order.state = OrderState::Cancelled;
    order.closed_reason = Some(reason.to_owned());
    store::save(tx, &order).await?;
    arrears::clear(tx, region, order_id).await?;
    store::event(tx, &order, "cancelled", "系统", None, reason).await?;
    if !order.sent {
        return Ok(());
    }
    let message = Message::OrderCancelled(OrderCancelled {
        order_id,
        order_number: order.order_number.clone(),
        region,
        reason: reason.to_owned(),
        office: office_ref(tx, region).await?,
        at: clock::now(),
    });
    tell(tx, &order, &message).await
}

/// Cancels an order that is not whole because another takes its place: what came towards it so far waits in 暂收款, to be matched
/// or returned. Refuses `order_paid` when it is paid in full.
pub async fn replace_order(tx: &mut Tx, region: RegionCode, order_id: Uuid, reason: &str) -> Result<(), Refusal> {
    lock(tx, region, order_id).await?;
    let mut order = store::get(tx, region, order_id).await?;
    if order.state.is_payable() && !order.held.is_zero() {
        suspense::free_held(tx, region, order_id).await?;
        order.held = standard::Money::ZERO;
        if order.state == OrderState::PartPaid {
            order.state = OrderState::Open;
        }
        store::save(tx, &order).await?;
    }
    cancel_order(tx, region, order_id, reason).await
}

/// The journal that undoes the opening.
fn back(order: &Order) -> Result<Journal, Refusal> {
    let (asked, counterpart) = match order.kind {
        OrderKind::Regular | OrderKind::Back | OrderKind::Undeclared => (AccountKind::Receivable, AccountKind::Assessed),
        OrderKind::Refund => (AccountKind::RefundPayable, AccountKind::RefundAssessed),
    };
    let mut entries = Vec::with_capacity(10);
    for insurance in Insurance::ALL {
        let amount = order.totals.of(insurance)?;
        if !amount.is_zero() {
            entries.push(Entry::decrease(Account::of_employer(insurance, asked, order.employer_id), amount));
            entries.push(Entry::decrease(Account::fund(insurance, counterpart), amount));
        }
    }
    Ok(Journal {
        region: order.region,
        posting_key: format!("order:{}:cancel", order.order_id),
        reason: Reason::OrderCancelled,
        entries,
        corrects: None,
    })
}
