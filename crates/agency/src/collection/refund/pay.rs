//! The bank has paid a refund: the promise ends, the deposit shrinks, the employer is told.

use ::store::{Tx, outbox};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::Message;
use exchange::message::RefundNotice;
use policy::RuleBook;
use serde_json::json;
use standard::{Finding, Organisation, Refusal, RegionCode};
use uuid::Uuid;

use super::store::{self, RefundRow};
use super::{PaidOut, RefundSource};
use crate::collection::order::{self, OrderState, office_ref};
use crate::collection::{lock, posting};
use crate::ledger::{self, Account, AccountKind, Entry, Journal, Reason, SUSPENSE_FUND};

/// Registers that a refund was paid; a second time changes nothing. Refuses `refund_reference_missing`.
pub async fn paid_out(actor: &Actor, tx: &mut Tx, book: &RuleBook, refund_id: Uuid, paid: &PaidOut) -> Result<(), Refusal> {
    actor.require(Permission::PaymentRegister)?;
    let region = crate::collection::region_of(actor)?;
    let length = paid.reference.trim().chars().count();
    if !(1..=100).contains(&length) {
        return Err(Refusal::invalid(
            Finding::blocking(
                "refund_reference_missing",
                "请填写银行流水号（100字以内）。",
                "Give the bank's number of the payment, at most 100 characters.",
            )
            .field("reference"),
        ));
    }
    tx.lock(&format!("refund:{region}:{refund_id}")).await?;
    let refund = store::get(tx, region, refund_id).await?;
    if refund.state == "paid" {
        return Ok(());
    }
    store::save_paid(tx, region, refund_id, paid).await?;
    let (order_id, from) = if refund.source == RefundSource::Order.key() {
        order_refunded(tx, book, region, &refund, paid).await?;
        (refund.source_id, "adjustment")
    } else {
        suspense_refunded(tx, region, &refund).await?;
        let held = crate::collection::suspense::get(tx, region, refund.source_id).await?;
        (held.order_id.unwrap_or_default(), "suspense")
    };
    let after = json!({ "refund_number": refund.refund_number, "amount_fen": refund.amount_fen, "paid_on": paid.paid_on });
    audit::record(tx, actor, "refund.paid", "refund", refund_id, None, Some(after)).await?;
    tell(tx, region, &refund, order_id, from, paid).await
}

async fn order_refunded(tx: &mut Tx, book: &RuleBook, region: RegionCode, refund: &RefundRow, paid: &PaidOut) -> Result<(), Refusal> {
    lock(tx, region, refund.source_id).await?;
    let mut order = order::get(tx, region, refund.source_id).await?;
    posting::post_refunded(tx, book, &order).await?;
    order.state = OrderState::Paid;
    order.paid_on = Some(paid.paid_on);
    order::store::save(tx, &order).await?;
    order::store::event(tx, &order, "refunded", "系统", Some(order.total), &paid.reference).await
}

async fn suspense_refunded(tx: &mut Tx, region: RegionCode, refund: &RefundRow) -> Result<(), Refusal> {
    let journal = Journal {
        region,
        posting_key: format!("refund:{}:paid", refund.refund_id),
        reason: Reason::RefundPaid,
        entries: vec![
            Entry::decrease(
                Account::of_employer(SUSPENSE_FUND, AccountKind::RefundPayable, refund.employer_id),
                refund.amount_fen,
            ),
            Entry::decrease(Account::fund(SUSPENSE_FUND, AccountKind::Bank), refund.amount_fen),
        ],
        corrects: None,
    };
    ledger::post_many(tx, &Actor::system(Organisation::Agency(region)), region, &[journal]).await?;
    Ok(())
}

/// 退费通知; money of nobody known has nobody to be told.
async fn tell(tx: &mut Tx, region: RegionCode, refund: &RefundRow, order_id: Uuid, from: &str, paid: &PaidOut) -> Result<(), Refusal> {
    if refund.employer_id.is_nil() {
        return Ok(());
    }
    let message = Message::RefundNotice(RefundNotice {
        order_id,
        region,
        amount_fen: refund.amount_fen,
        from: from.to_owned(),
        paid_on: paid.paid_on,
        office: office_ref(tx, region).await?,
        at: clock::now(),
    });
    let (sender, to) = (Organisation::Agency(region), Organisation::Employer(refund.employer_id));
    outbox::post(tx, &sender, &to, message.kind(), &message.body_json().to_string()).await?;
    Ok(())
}
