//! Receiving money: booked at once, given to its order when that is known, otherwise kept as 暂收款 with a work item.

use ::store::Tx;
use control::identity::{Actor, Role};
use control::notice::{self, Audience};
use policy::RuleBook;
use standard::{Finding, Money, Organisation, Refusal, Text};
use uuid::Uuid;

use super::{Incoming, Payment, Received, Way, apply, store};
use crate::collection::order::{self, Order, OrderKind, OrderState};
use crate::collection::suspense::{self, NewSuspense, SuspenseReason};
use crate::collection::{documents, lock};
use crate::enrolment::next_number;
use crate::ledger::{self, Account, AccountKind, Entry, Journal, Reason, SUSPENSE_FUND};

/// Receives money once. Refuses `payment_amount_invalid`, and `payment_key_reused` when the same arrival is told again
/// with another amount or order.
pub async fn receive(tx: &mut Tx, book: &RuleBook, incoming: &Incoming) -> Result<Received, Refusal> {
    check(incoming)?;
    let order = order::find_by_number(tx, incoming.region, &incoming.order_number).await?;
    if let Some(order) = &order {
        lock(tx, order.region, order.order_id).await?;
    }
    tx.lock(&format!("payment:{}:{}", incoming.region, incoming.source_key)).await?;
    if let Some(payment) = store::by_source(tx, incoming.region, &incoming.source_key).await? {
        return repeated(payment, incoming);
    }
    // As it stands now that it is locked.
    let order = match order {
        Some(order) => Some(order::get(tx, order.region, order.order_id).await?),
        None => None,
    };
    let number = next_number(tx, incoming.region, "collection_payment", 1).await?;
    let mut payment = Payment {
        region: incoming.region,
        payment_id: Uuid::now_v7(),
        payment_number: format!(
            "J{}{}{number:08}",
            incoming.region.number(),
            standard::Month::of(incoming.paid_on).yyyymm()
        ),
        source_key: incoming.source_key.clone(),
        way: incoming.way,
        order_number: incoming.order_number.clone(),
        order_id: order.as_ref().map(|order| order.order_id),
        employer_id: order.as_ref().map(|order| order.employer_id),
        payer_name: incoming.payer_name.clone(),
        reference: incoming.reference.clone(),
        amount: incoming.amount,
        principal: Money::ZERO,
        late_fee: Money::ZERO,
        suspense: Money::ZERO,
        open: Money::ZERO,
        paid_on: incoming.paid_on,
    };
    arrive(tx, &payment).await?;
    match order {
        Some(mut order) => to_order(tx, book, &mut payment, &mut order).await?,
        None => to_nobody(tx, &mut payment).await?,
    }
    store::insert(tx, &payment).await?;
    Ok(Received { payment, repeated: false })
}

fn check(incoming: &Incoming) -> Result<(), Refusal> {
    let longest = |text: &str| text.chars().count() > 200;
    if incoming.amount.is_negative() || incoming.amount.is_zero() {
        return Err(Refusal::invalid(
            Finding::blocking("payment_amount_invalid", "到账金额必须大于零。", "A payment is above zero.").field("amount"),
        ));
    }
    if longest(&incoming.order_number) || longest(&incoming.payer_name) || longest(&incoming.reference) || longest(&incoming.source_key) {
        return Err(Refusal::invalid(Finding::blocking(
            "payment_text_too_long",
            "到账信息过长（每项至多200字）。",
            "A text of the payment is longer than 200 characters.",
        )));
    }
    Ok(())
}

fn repeated(payment: Payment, incoming: &Incoming) -> Result<Received, Refusal> {
    if payment.amount == incoming.amount && payment.order_number == incoming.order_number {
        return Ok(Received { payment, repeated: true });
    }
    Err(Refusal::conflict(
        "payment_key_reused",
        "同一笔到账再次报来，但金额或单号不同。请与银行或网关核对。",
        "The same arrival was told again with another amount or order. Check it with the bank or the gateway.",
    ))
}

/// The money is in the deposit, and owed to whoever paid it.
async fn arrive(tx: &mut Tx, payment: &Payment) -> Result<(), Refusal> {
    let holder = payment.employer_id.unwrap_or_default();
    let journal = Journal {
        region: payment.region,
        posting_key: format!("payment:{}:received", payment.payment_id),
        reason: Reason::PaymentReceived,
        entries: vec![
            Entry::increase(Account::fund(SUSPENSE_FUND, AccountKind::Bank), payment.amount),
            Entry::increase(Account::suspense(holder), payment.amount),
        ],
        corrects: None,
    };
    let actor = Actor::system(Organisation::Agency(payment.region));
    ledger::post_many(tx, &actor, payment.region, &[journal]).await?;
    Ok(())
}

pub(crate) async fn to_order(tx: &mut Tx, book: &RuleBook, payment: &mut Payment, order: &mut Order) -> Result<(), Refusal> {
    let before = order.state;
    let held_before = order.held;
    // What is held is written first: when the order becomes whole, all that is held for it is used up.
    let part = if order.kind != OrderKind::Refund && order.state.is_payable() {
        payment.amount.min(order.open())
    } else {
        Money::ZERO
    };
    if !part.is_zero() {
        suspense::add(tx, &NewSuspense::of(payment, Some(order), SuspenseReason::PartPayment, part)).await?;
    }
    let applied = apply(tx, book, order, payment.payment_id, payment.amount, payment.paid_on).await?;
    debug_assert_eq!(applied.principal, part);
    (payment.principal, payment.late_fee, payment.suspense) = (applied.principal, applied.late_fee, applied.surplus);
    payment.open = order.open();
    if !applied.surplus.is_zero() {
        let reason = match (before, order.kind) {
            (_, OrderKind::Refund) => SuspenseReason::OrderUnknown,
            (OrderState::Cancelled, _) => SuspenseReason::OrderCancelled,
            (OrderState::Paid, _) => SuspenseReason::OrderPaid,
            _ => SuspenseReason::Surplus,
        };
        suspense::add(tx, &NewSuspense::of(payment, Some(order), reason, applied.surplus)).await?;
        tell_clerks(tx, payment, reason).await?;
    }
    let kind = if order.state == OrderState::Paid && before != OrderState::Paid {
        "paid"
    } else if order.held != held_before {
        "part_paid"
    } else {
        "payment"
    };
    order::store::event(tx, order, kind, "系统", Some(payment.amount), &payment.payment_number).await?;
    documents::receipt_wanted(tx, payment).await
}

async fn to_nobody(tx: &mut Tx, payment: &mut Payment) -> Result<(), Refusal> {
    payment.suspense = payment.amount;
    suspense::add(tx, &NewSuspense::of(payment, None, SuspenseReason::OrderUnknown, payment.amount)).await?;
    tell_clerks(tx, payment, SuspenseReason::OrderUnknown).await
}

/// 待办: somebody must match the money or give it back.
async fn tell_clerks(tx: &mut Tx, payment: &Payment, reason: SuspenseReason) -> Result<(), Refusal> {
    if payment.way == Way::Suspense {
        return Ok(());
    }
    notice::send(
        tx,
        &Organisation::Agency(payment.region),
        Audience::Role(Role::AgencyClerk),
        Text::new("有到账待匹配或退回", "Money to be matched or returned"),
        Text::new(
            format!(
                "{}：{} 元（{}），付款方 {}。",
                payment.payment_number,
                payment.suspense.to_yuan(),
                reason.zh(),
                payment.payer_name
            ),
            format!(
                "{}: {} yuan ({}), from {}.",
                payment.payment_number,
                payment.suspense.to_yuan(),
                reason.key(),
                payment.payer_name
            ),
        ),
        Some("/agency/collection?view=suspense"),
    )
    .await?;
    Ok(())
}
