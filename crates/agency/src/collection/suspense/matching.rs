//! Matching an amount in suspense to an order, by a clerk.

use ::store::Tx;
use control::audit;
use control::identity::{Actor, Permission};
use policy::RuleBook;
use serde_json::json;
use standard::{Finding, Money, Organisation, Refusal, RegionCode};
use uuid::Uuid;

use super::{Suspense, SuspenseState, store};
use crate::collection::lock;
use crate::collection::order::{self, Order, OrderKind, OrderState};
use crate::collection::payment::{self, Payment, Way};
use crate::enrolment::next_number;
use crate::ledger::{self, Account, Entry, Journal, Reason};

/// Gives as much of an open amount as `order_number` asks to that order, as of the day the money came; what is left stays
/// open. Refuses `suspense_not_open` and `order_takes_nothing`.
pub async fn match_to_order(
    actor: &Actor,
    tx: &mut Tx,
    book: &RuleBook,
    suspense_id: Uuid,
    order_number: &str,
) -> Result<Payment, Refusal> {
    actor.require(Permission::PaymentRegister)?;
    let region = super::super::region_of(actor)?;
    let order_number = order_number.trim();
    let found = order::find_by_number(tx, region, order_number).await?.ok_or_else(|| {
        Refusal::invalid(
            Finding::blocking("order_number_unknown", "没有这个征集单号。", "There is no order of this number.")
                .field("order_number")
                .remedy("请核对单号，或将款项退回付款方", "Check the number, or return the money"),
        )
    })?;
    lock(tx, region, found.order_id).await?;
    tx.lock(&format!("suspense:{region}:{suspense_id}")).await?;
    let mut order = order::get(tx, region, found.order_id).await?;
    let mut held = store::get(tx, region, suspense_id).await?;
    require_open(&held)?;
    let asked = payment::due(book, &order, held.paid_on)?.total()?;
    let amount = asked.min(held.left);
    if amount.is_zero() || order.kind == OrderKind::Refund || order.state == OrderState::Cancelled {
        return Err(Refusal::conflict(
            "order_takes_nothing",
            "该征集单没有待缴金额。请核对单号，或将款项退回。",
            "This order asks for nothing. Check the number, or return the money.",
        ));
    }
    held.left = held.left.try_sub(amount)?;
    if held.left.is_zero() {
        held.state = SuspenseState::Used;
    }
    store::save(tx, &held).await?;
    let mut payment = as_payment(tx, region, &held, &order, amount).await?;
    change_holder(tx, &payment, held.employer_id, order.employer_id).await?;
    payment::to_order(tx, book, &mut payment, &mut order).await?;
    payment::store::insert(tx, &payment).await?;
    let after = json!({ "order_number": order.order_number, "amount_fen": amount });
    audit::record(tx, actor, "suspense.match", "suspense", suspense_id, None, Some(after)).await?;
    Ok(payment)
}

pub(crate) fn require_open(held: &Suspense) -> Result<(), Refusal> {
    if held.state == SuspenseState::Open && !held.left.is_zero() {
        return Ok(());
    }
    Err(Refusal::conflict(
        "suspense_not_open",
        "这笔暂收款已处理或正在退费审核，不能再匹配或退回。",
        "This amount is used, or a refund of it is under review.",
    ))
}

/// The part of the amount that goes to the order, as a payment of its own.
async fn as_payment(tx: &mut Tx, region: RegionCode, held: &Suspense, order: &Order, amount: Money) -> Result<Payment, Refusal> {
    let number = next_number(tx, region, "collection_payment", 1).await?;
    let month = standard::Month::of(held.paid_on).yyyymm();
    Ok(Payment {
        region,
        payment_id: Uuid::now_v7(),
        payment_number: format!("J{}{month}{number:08}", region.number()),
        source_key: format!("suspense:{}:{number}", held.suspense_id),
        way: Way::Suspense,
        order_number: order.order_number.clone(),
        order_id: Some(order.order_id),
        employer_id: Some(order.employer_id),
        payer_name: held.payer_name.clone(),
        reference: held.order_number.clone(),
        amount,
        principal: Money::ZERO,
        late_fee: Money::ZERO,
        suspense: Money::ZERO,
        open: Money::ZERO,
        paid_on: held.paid_on,
    })
}

/// 暂收款 of one holder becomes that of another, when the order is somebody else's.
async fn change_holder(tx: &mut Tx, payment: &Payment, from: Uuid, to: Uuid) -> Result<(), Refusal> {
    if from == to {
        return Ok(());
    }
    let journal = Journal {
        region: payment.region,
        posting_key: format!("payment:{}:matched", payment.payment_id),
        reason: Reason::SuspenseMatched,
        entries: vec![
            Entry::decrease(Account::suspense(from), payment.amount),
            Entry::increase(Account::suspense(to), payment.amount),
        ],
        corrects: None,
    };
    let actor = Actor::system(Organisation::Agency(payment.region));
    ledger::post_many(tx, &actor, payment.region, &[journal]).await?;
    Ok(())
}
