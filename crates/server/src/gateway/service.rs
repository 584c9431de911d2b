//! What the gateway keeps: payments asked, paid or cancelled.

use agency::collection::gateway::{GatewayRow, PaymentAsked};
use control::clock::{now, today};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use standard::{Date, Finding, Money, Refusal, RegionCode, Timestamp};
use store::{Db, Query, Row, Tx, args, jobs};
use uuid::Uuid;

/// The queue of callbacks to be made.
pub const CALLBACKS: &str = "gateway_callback";
/// A payment can be paid this long.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// A payment as the gateway keeps it.
#[derive(Debug, Clone)]
pub struct Payment {
    /// The payee.
    pub region: RegionCode,
    /// Key; random, because whoever knows it may pay.
    pub payment_id: Uuid,
    /// The agency's id of it.
    pub request_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// What it is for.
    pub subject: String,
    /// 收款户名.
    pub payee_name: String,
    /// 付款单位.
    pub payer_name: String,
    /// Fen.
    pub amount: Money,
    /// Of it 滞纳金, fen.
    pub late_fee: Money,
    /// Where the agency is told.
    pub callback_url: String,
    /// `created`, `paid` or `cancelled`.
    pub state: String,
    /// 流水号.
    pub serial: Option<String>,
    /// Until when it can be paid.
    pub expires_at: Timestamp,
    /// The day it counts as paid.
    pub paid_on: Option<Date>,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
}

/// The job of one callback.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    /// The payee.
    pub region: RegionCode,
    /// The payment.
    pub payment_id: Uuid,
}

const PAYMENT: &str = "SELECT region, payment_id, request_id, order_number, subject, payee_name, payer_name, amount_fen, late_fee_fen,
        callback_url, state, serial, expires_at, paid_on, paid_at
     FROM gateway_payment";

fn read(row: &Row) -> Result<Payment, Refusal> {
    Ok(Payment {
        region: row.get("region")?,
        payment_id: row.get("payment_id")?,
        request_id: row.get("request_id")?,
        order_number: row.get("order_number")?,
        subject: row.get("subject")?,
        payee_name: row.get("payee_name")?,
        payer_name: row.get("payer_name")?,
        amount: row.get("amount_fen")?,
        late_fee: row.get("late_fee_fen")?,
        callback_url: row.get("callback_url")?,
        state: row.get("state")?,
        serial: row.get("serial")?,
        expires_at: row.get("expires_at")?,
        paid_on: row.get("paid_on")?,
        paid_at: row.get("paid_at")?,
    })
}

/// A payment the payer gave up, or let expire, can be paid when the agency asks for it again.
async fn reopen(tx: &mut Tx, known: Payment) -> Result<Payment, Refusal> {
    let at = now();
    if known.state == "paid" || (known.state == "created" && known.expires_at >= at) {
        return Ok(known);
    }
    let expires_at = at.saturating_add(LIFETIME).map_err(Refusal::internal)?;
    tx.execute(
        "UPDATE gateway_payment SET state = 'created', expires_at = $3 WHERE region = $1 AND payment_id = $2",
        args![known.region, known.payment_id, expires_at],
    )
    .await?;
    get(tx, known.region, known.payment_id).await
}

/// Makes a payment ready; the same request gives the same payment, and with other content `request_reused`.
pub async fn create(db: &Db, asked: &PaymentAsked) -> Result<Payment, Refusal> {
    let texts = [
        &asked.order_number,
        &asked.subject,
        &asked.payee_name,
        &asked.payer_name,
        &asked.callback_url,
        &asked.return_url,
    ];
    let web = asked.callback_url.starts_with("http://") || asked.callback_url.starts_with("https://");
    if asked.amount_fen <= Money::ZERO || asked.late_fee_fen.is_negative() || !web || texts.iter().any(|text| text.len() > 600) {
        return Err(Refusal::invalid(Finding::blocking(
            "payment_request_invalid",
            "缴费请求的金额、回调地址或文字不合要求。",
            "The amount, callback address or a text of the request is not acceptable.",
        )));
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("gateway:{}:{}", asked.region, asked.request_id)).await?;
    let sql = format!("{PAYMENT} WHERE region = $1 AND request_id = $2");
    if let Some(row) = tx.optional(&sql, args![asked.region, asked.request_id]).await? {
        let known = read(&row)?;
        if known.amount == asked.amount_fen && known.order_number == asked.order_number {
            let open = reopen(&mut tx, known).await?;
            tx.commit().await?;
            return Ok(open);
        }
        return Err(Refusal::conflict(
            "request_reused",
            "同一请求号再次提交，但内容不同。",
            "The same request came again with other content.",
        ));
    }
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(Refusal::internal)?;
    let payment_id = uuid::Builder::from_random_bytes(random).into_uuid();
    let at = now();
    let expires_at = at.saturating_add(LIFETIME).map_err(Refusal::internal)?;
    tx.execute(
        "INSERT INTO gateway_payment (region, payment_id, request_id, order_number, subject, payee_name, payer_name, amount_fen,
             late_fee_fen, callback_url, return_url, state, serial, expires_at, paid_on, paid_at, told_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'created', NULL, $12, NULL, NULL, NULL, $13)",
        args![
            asked.region,
            payment_id,
            asked.request_id,
            asked.order_number,
            asked.subject,
            asked.payee_name,
            asked.payer_name,
            asked.amount_fen,
            asked.late_fee_fen,
            asked.callback_url,
            asked.return_url,
            expires_at,
            at
        ],
    )
    .await?;
    let made = get(&mut tx, asked.region, payment_id).await?;
    tx.commit().await?;
    Ok(made)
}

/// A payment, or the refusal `payment_not_found`.
pub async fn get(q: &mut dyn Query, region: RegionCode, payment_id: Uuid) -> Result<Payment, Refusal> {
    let sql = format!("{PAYMENT} WHERE region = $1 AND payment_id = $2");
    let row = q.optional(&sql, args![region, payment_id]).await?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| {
        Refusal::not_found(
            "payment_not_found",
            "没有这笔缴费，请从征集单重新发起。",
            "There is no such payment; start it again from the order.",
        )
    })
}

/// The payer pays; a second time changes nothing. The callback is enqueued in the same transaction. Refuses
/// `payment_cancelled` and `payment_expired`.
pub async fn pay(db: &Db, region: RegionCode, payment_id: Uuid) -> Result<(), Refusal> {
    let mut tx = db.begin().await?;
    let payment = locked(&mut tx, region, payment_id).await?;
    if payment.state == "paid" {
        return Ok(());
    }
    require_payable(&payment)?;
    let at = now();
    let serial = format!("GW{}{}", at.as_second(), &payment_id.simple().to_string()[..8]);
    tx.execute(
        "UPDATE gateway_payment SET state = 'paid', serial = $3, paid_on = $4, paid_at = $5 WHERE region = $1 AND payment_id = $2",
        args![region, payment_id, serial, today(), at],
    )
    .await?;
    jobs::enqueue(&mut tx, CALLBACKS, Some(&payment_id.to_string()), &Told { region, payment_id }, at).await?;
    tx.commit().await
}

/// The payer gives up; a second time changes nothing, a paid payment stays paid.
pub async fn cancel(db: &Db, region: RegionCode, payment_id: Uuid) -> Result<(), Refusal> {
    let mut tx = db.begin().await?;
    locked(&mut tx, region, payment_id).await?;
    tx.execute(
        "UPDATE gateway_payment SET state = 'cancelled' WHERE region = $1 AND payment_id = $2 AND state = 'created'",
        args![region, payment_id],
    )
    .await?;
    tx.commit().await
}

async fn locked(tx: &mut Tx, region: RegionCode, payment_id: Uuid) -> Result<Payment, Refusal> {
    tx.lock(&format!("gateway:{region}:{payment_id}")).await?;
    get(tx, region, payment_id).await
}

fn require_payable(payment: &Payment) -> Result<(), Refusal> {
    if payment.state == "cancelled" {
        return Err(Refusal::conflict(
            "payment_cancelled",
            "这笔缴费已取消，请从征集单重新发起。",
            "This payment was cancelled; start it again from the order.",
        ));
    }
    if payment.expires_at < now() {
        return Err(Refusal::conflict(
            "payment_expired",
            "这笔缴费已过期，请从征集单重新发起。",
            "This payment has expired; start it again from the order.",
        ));
    }
    Ok(())
}

/// The agency took the callback.
pub async fn told(tx: &mut Tx, told: &Told) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE gateway_payment SET told_at = $3 WHERE region = $1 AND payment_id = $2",
        args![told.region, told.payment_id, now()],
    )
    .await?;
    Ok(())
}

/// The paid payments of a day (对账文件).
pub async fn day(q: &mut dyn Query, region: RegionCode, day: Date) -> Result<Vec<GatewayRow>, Refusal> {
    let sql = format!("{PAYMENT} WHERE region = $1 AND paid_on = $2 AND state = 'paid' ORDER BY paid_at");
    let rows = q.all(&sql, args![region, day]).await?;
    rows.iter()
        .map(|row| {
            let payment = read(row)?;
            Ok(GatewayRow {
                payment_id: payment.payment_id,
                request_id: payment.request_id,
                order_number: payment.order_number,
                amount_fen: payment.amount,
                serial: payment.serial.unwrap_or_default(),
                paid_on: day,
                paid_at: payment.paid_at.unwrap_or_default(),
            })
        })
        .collect()
}
