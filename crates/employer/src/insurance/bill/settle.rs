//! What becomes of a bill's money, by the agency's word: receipts, reminders, refunds. Each is taken once.

use ::store::{Query, Tx, args};
use control::document::Template;
use control::identity::{Actor, Role};
use control::{audit, notice};
use exchange::message::{ArrearsNotice, OfficeRef, OrderCancelled, OrderDocument, OrderKind, PaymentReceipt, RefundNotice};
use serde_json::json;
use standard::{Date, Finding, Money, Organisation, Refusal, Text, Timestamp};
use uuid::Uuid;

use super::BillState;
use super::documents::{self, Sealed};
use super::store::{self, Bill};
use crate::insurance::filing::{answered_by, office_name};

struct Receipt<'a> {
    kind: &'a str,
    number: &'a str,
    paid: Money,
    late_fee: Money,
    suspense: Money,
    open: Money,
    way: &'a str,
    paid_on: Date,
    office: &'a OfficeRef,
    document: Option<Uuid>,
    at: Timestamp,
}

/// Keeps a receipt; false when it was kept before.
async fn keep(tx: &mut Tx, employer_id: Uuid, order_id: Uuid, r: &Receipt<'_>) -> Result<bool, Refusal> {
    let added = tx
        .execute(
            "INSERT INTO employer_receipt (employer_id, order_id, kind, number, paid_fen, late_fee_fen, suspense_fen, open_fen, way,
                 paid_on, office, document_id, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING",
            args![
                employer_id,
                order_id,
                r.kind,
                r.number,
                r.paid,
                r.late_fee,
                r.suspense,
                r.open,
                r.way,
                r.paid_on,
                office_name(r.office),
                r.document,
                r.at
            ],
        )
        .await?;
    Ok(added == 1)
}

async fn locked(tx: &mut Tx, from: &Organisation, employer_id: Uuid, order_id: Uuid) -> Result<Bill, Refusal> {
    tx.lock(&format!("bill:{order_id}")).await?;
    let bill = store::get(tx, employer_id, order_id).await?;
    answered_by(from, bill.region)?;
    Ok(bill)
}

/// 缴费回执: money was received and posted.
pub async fn receipt(tx: &mut Tx, from: &Organisation, employer_id: Uuid, receipt: PaymentReceipt) -> Result<(), Refusal> {
    let mut bill = locked(tx, from, employer_id, receipt.order_id).await?;
    let mut kept = None;
    if let Some(document) = &receipt.document {
        let sealed = Sealed {
            kind: Template::PaymentReceipt,
            office: &office_name(&receipt.office),
            document,
            at: receipt.at,
        };
        kept = documents::keep(tx, from, employer_id, &bill, sealed).await?;
    }
    let number: String = receipt.payment_number.chars().take(60).collect();
    let row = Receipt {
        kind: "payment",
        number: &number,
        paid: receipt.paid_fen,
        late_fee: receipt.late_fee_fen,
        suspense: receipt.suspense_fen,
        open: receipt.open_fen,
        way: if receipt.way == "online" { "online" } else { "bank" },
        paid_on: receipt.paid_on,
        office: &receipt.office,
        document: kept,
        at: receipt.at,
    };
    if !keep(tx, employer_id, bill.id, &row).await? {
        return Ok(());
    }
    bill.paid = bill.paid.try_add(receipt.paid_fen)?;
    bill.late_fee = bill.late_fee.try_add(receipt.late_fee_fen)?;
    bill.suspense = bill.suspense.try_add(receipt.suspense_fen)?;
    if bill.state == BillState::Cancelled {
        // It came after the order was void: it waits at the agency.
        store::put(tx, employer_id, &bill).await?;
        return Ok(());
    }
    bill.open = receipt.open_fen;
    bill.state = if bill.open.is_zero() {
        BillState::Paid
    } else {
        BillState::PartPaid
    };
    if bill.state == BillState::Paid {
        (bill.days_late, bill.late_fee_due) = (None, None);
    }
    store::put(tx, employer_id, &bill).await?;
    note(
        tx,
        employer_id,
        "bill.receipt",
        &bill,
        json!({ "payment": number, "paid_fen": receipt.paid_fen, "open_fen": receipt.open_fen }),
    )
    .await?;
    let body = Text::new(
        format!("到账 {} 元，尚欠 {} 元。缴费编号 {number}。", receipt.paid_fen, receipt.open_fen),
        format!("{} received, {} open. Payment {number}.", receipt.paid_fen, receipt.open_fen),
    );
    tell(tx, employer_id, &bill, ("缴费回执", "payment received"), body).await
}

/// 催缴通知: past the last day. Only a newer count replaces an older one.
pub async fn arrears(tx: &mut Tx, from: &Organisation, employer_id: Uuid, late: ArrearsNotice) -> Result<(), Refusal> {
    let mut bill = locked(tx, from, employer_id, late.order_id).await?;
    if !bill.state.is_owed() || bill.arrears_on.is_some_and(|known| known >= late.as_of) {
        return Ok(());
    }
    bill.days_late = Some(late.days_late);
    bill.late_fee_due = Some(late.late_fee_fen);
    bill.arrears_on = Some(late.as_of);
    store::put(tx, employer_id, &bill).await?;
    note(
        tx,
        employer_id,
        "bill.arrears",
        &bill,
        json!({ "days_late": late.days_late, "late_fee_fen": late.late_fee_fen }),
    )
    .await?;
    let body = Text::new(
        format!(
            "逾期 {} 天，欠 {} 元，截至 {} 滞纳金 {} 元，每天增加，请尽快缴费。",
            late.days_late, late.open_fen, late.as_of, late.late_fee_fen
        ),
        format!(
            "{} days late, {} open, late fee {} up to {} and rising.",
            late.days_late, late.open_fen, late.late_fee_fen, late.as_of
        ),
    );
    tell(tx, employer_id, &bill, ("催缴通知", "overdue"), body).await
}

/// 作废: nothing is owed any more. What was paid towards it waits at the agency. Again: nothing changes.
pub async fn cancelled(tx: &mut Tx, from: &Organisation, employer_id: Uuid, void: OrderCancelled) -> Result<(), Refusal> {
    let mut bill = locked(tx, from, employer_id, void.order_id).await?;
    if bill.state == BillState::Cancelled {
        return Ok(());
    }
    bill.state = BillState::Cancelled;
    bill.open = Money::ZERO;
    (bill.days_late, bill.late_fee_due, bill.pay_url) = (None, None, None);
    store::put(tx, employer_id, &bill).await?;
    let reason: String = void.reason.chars().take(200).collect();
    note(tx, employer_id, "bill.cancelled", &bill, json!({ "reason": reason })).await?;
    let body = Text::new(
        format!("经办机构作废了该征集单：{reason}。请勿再按此单缴费。"),
        "The agency cancelled the order; do not pay it.",
    );
    tell(tx, employer_id, &bill, ("征集单作废", "order cancelled"), body).await
}

/// The sealed 征集单 is kept with the bill. Again: nothing changes.
pub async fn document(tx: &mut Tx, from: &Organisation, employer_id: Uuid, sent: OrderDocument) -> Result<(), Refusal> {
    let bill = locked(tx, from, employer_id, sent.order_id).await?;
    let sealed = Sealed {
        kind: Template::CollectionOrder,
        office: &office_name(&sent.office),
        document: &sent.document,
        at: sent.at,
    };
    documents::keep(tx, from, employer_id, &bill, sealed).await?;
    Ok(())
}

/// 退费通知: money went back, from a refund order or from the surplus of a paid one.
pub async fn refund(tx: &mut Tx, from: &Organisation, employer_id: Uuid, notice: RefundNotice) -> Result<(), Refusal> {
    let mut bill = locked(tx, from, employer_id, notice.order_id).await?;
    let number = format!("{}-{}", notice.at.as_microsecond(), notice.amount_fen.fen());
    let from_suspense = notice.from == "suspense";
    let row = Receipt {
        kind: "refund",
        number: &number,
        paid: notice.amount_fen,
        late_fee: Money::ZERO,
        suspense: Money::ZERO,
        open: Money::ZERO,
        way: if from_suspense { "suspense" } else { "adjustment" },
        paid_on: notice.paid_on,
        office: &notice.office,
        document: None,
        at: notice.at,
    };
    if !keep(tx, employer_id, bill.id, &row).await? {
        return Ok(());
    }
    bill.refunded = bill.refunded.try_add(notice.amount_fen)?;
    if from_suspense {
        bill.suspense = bill.suspense.try_sub(notice.amount_fen)?;
    }
    if bill.kind == OrderKind::Refund {
        bill.open = bill.total.try_sub(bill.refunded)?;
        if bill.open.is_negative() {
            return Err(Refusal::invalid(Finding::blocking(
                "refund_above_order",
                "退费金额超过退费单总额",
                "more was paid back than the refund order comes to",
            )));
        }
        bill.state = if bill.open.is_zero() {
            BillState::Refunded
        } else {
            BillState::Refund
        };
    }
    store::put(tx, employer_id, &bill).await?;
    note(
        tx,
        employer_id,
        "bill.refund",
        &bill,
        json!({ "amount_fen": notice.amount_fen, "from": row.way }),
    )
    .await?;
    let body = Text::new(
        format!("{} 退回 {} 元。", notice.paid_on, notice.amount_fen),
        format!("{} was paid back on {}.", notice.amount_fen, notice.paid_on),
    );
    tell(tx, employer_id, &bill, ("退费到账", "refund paid"), body).await
}

async fn note(tx: &mut Tx, employer_id: Uuid, act: &str, bill: &Bill, after: serde_json::Value) -> Result<(), Refusal> {
    let system = Actor::system(Organisation::Employer(employer_id));
    audit::record(tx, &system, act, "bill", bill.id, None, Some(after)).await
}

async fn tell(tx: &mut Tx, employer_id: Uuid, bill: &Bill, (zh, en): (&str, &str), body: Text) -> Result<(), Refusal> {
    let title = Text::new(
        format!("{} {} {zh}（{}）", bill.region.name(), bill.month, bill.order_number),
        format!("{} {}: {en} ({})", bill.region.name(), bill.month, bill.order_number),
    );
    let link = format!("/employer/bills/{}", bill.id);
    for role in [Role::HrManager, Role::Finance, Role::PayrollReviewer] {
        let to = Organisation::Employer(employer_id);
        notice::send(tx, &to, notice::Audience::Role(role), title.clone(), body.clone(), Some(&link)).await?;
    }
    Ok(())
}
