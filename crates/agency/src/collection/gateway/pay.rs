//! Paying an order online: who knows its payment address sees what it asks and starts a payment.

use ::store::{Db, Query, args};
use control::clock;
use policy::RuleBook;
use serde::Serialize;
use standard::{Date, Money, Month, Refusal, RegionCode, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Gateway, PaymentAsked};
use crate::collection::order::{self, Order, OrderKind, OrderState};
use crate::collection::payment;
use crate::enrolment::office;

/// What an order asks, for whoever knows its address: no person, no ID number.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PayView {
    /// 征集单号.
    pub order_number: String,
    /// Who collects.
    pub office_name: String,
    /// 缴费单位.
    pub employer_name: String,
    /// What it collects.
    pub kind: OrderKind,
    /// 费款所属期.
    pub month: Month,
    /// Where it stands.
    pub state: OrderState,
    /// Total of the order, fen.
    pub total_fen: Money,
    /// Contributions still open, fen.
    pub principal_fen: Money,
    /// 滞纳金 to today, fen.
    pub late_fee_fen: Money,
    /// Both.
    pub amount_fen: Money,
    /// Days late.
    pub days_late: i64,
    /// 缴费截止日.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// Whether it can be paid now.
    pub payable: bool,
}

/// A payment made ready.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PayStarted {
    /// The gateway's id of it.
    pub payment_id: Uuid,
    /// Where the payer pays.
    pub page_url: String,
    /// How much, fen.
    pub amount_fen: Money,
    /// Of it contributions, fen.
    pub principal_fen: Money,
    /// Of it 滞纳金, fen.
    pub late_fee_fen: Money,
}

/// What the order of a payment address asks today. Refuses `pay_address_unknown`.
pub async fn view(db: &Db, book: &RuleBook, region: RegionCode, pay_code: &str, today: Date) -> Result<PayView, Refusal> {
    let mut q = db.read();
    let order = by_code(&mut q, region, pay_code).await?;
    let due = payment::due(book, &order, today)?;
    let office = office(&mut q, region).await?;
    let amount_fen = due.total()?;
    Ok(PayView {
        order_number: order.order_number,
        office_name: office.name,
        employer_name: order.employer_name,
        kind: order.kind,
        month: order.month,
        state: order.state,
        total_fen: order.total,
        principal_fen: due.principal,
        late_fee_fen: due.late_fee,
        amount_fen,
        days_late: due.days_late,
        due_on: order.due_on,
        payable: !amount_fen.is_zero(),
    })
}

/// Starts a payment of all the order asks today. The same day and amount give the same payment, so that asking twice does
/// not make two. Refuses `order_asks_nothing`, and what the gateway refuses.
pub async fn start(
    db: &Db,
    book: &RuleBook,
    gateway: &dyn Gateway,
    region: RegionCode,
    pay_code: &str,
    today: Date,
    callback_url: &str,
) -> Result<PayStarted, Refusal> {
    let order = by_code(&mut db.read(), region, pay_code).await?;
    let due = payment::due(book, &order, today)?;
    let amount = due.total()?;
    if amount.is_zero() {
        return Err(Refusal::conflict(
            "order_asks_nothing",
            "该征集单已缴清或已作废，无需缴费。",
            "The order is paid or cancelled; there is nothing to pay.",
        ));
    }
    let office = office(&mut db.read(), region).await?;
    let request_id = request(db, &order, due, today).await?;
    let asked = PaymentAsked {
        region,
        request_id,
        order_number: order.order_number.clone(),
        subject: format!("{} 社会保险费 {}", order.month, order.order_number),
        payee_name: office.account_name,
        payer_name: order.employer_name.clone(),
        amount_fen: amount,
        late_fee_fen: due.late_fee,
        callback_url: callback_url.to_owned(),
        return_url: String::new(),
    };
    let ready = gateway.create(&asked).await?;
    let mut tx = db.begin().await?;
    tx.execute(
        "UPDATE agency_gateway_request SET gateway_id = $3, page_url = $4, updated_at = $5 WHERE region = $1 AND request_id = $2",
        args![region, request_id, ready.payment_id, ready.page_url, clock::now()],
    )
    .await?;
    tx.commit().await?;
    Ok(PayStarted {
        payment_id: ready.payment_id,
        page_url: ready.page_url,
        amount_fen: amount,
        principal_fen: due.principal,
        late_fee_fen: due.late_fee,
    })
}

async fn by_code(q: &mut dyn Query, region: RegionCode, pay_code: &str) -> Result<Order, Refusal> {
    let unknown = || {
        Refusal::not_found(
            "pay_address_unknown",
            "缴费地址无效，请从征集单重新打开。",
            "This payment address is not known; open it from the order again.",
        )
    };
    if pay_code.len() != 32 {
        return Err(unknown());
    }
    let sql = format!("{} WHERE region = $1 AND pay_code = $2", order::store::ORDER);
    let row = q.optional(&sql, args![region, pay_code]).await?.ok_or_else(unknown)?;
    order::store::read(&row)
}

/// The request that stands for this order, amount and day; written before the gateway is asked.
async fn request(db: &Db, order: &Order, due: payment::Due, today: Date) -> Result<Uuid, Refusal> {
    let mut tx = db.begin().await?;
    super::super::lock(&mut tx, order.region, order.order_id).await?;
    let known = tx
        .optional(
            "SELECT request_id FROM agency_gateway_request
             WHERE region = $1 AND order_id = $2 AND state = 'created' AND asked_on = $3 AND principal_fen = $4 AND late_fee_fen = $5
             ORDER BY created_at DESC LIMIT 1",
            args![order.region, order.order_id, today, due.principal, due.late_fee],
        )
        .await?;
    if let Some(row) = known {
        return row.get("request_id");
    }
    let request_id = Uuid::now_v7();
    let now = Timestamp::now();
    tx.execute(
        "INSERT INTO agency_gateway_request (region, request_id, order_id, order_number, amount_fen, principal_fen, late_fee_fen,
             gateway_id, page_url, state, asked_on, payment_id, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, 'created', $8, NULL, $9, $9)",
        args![
            order.region,
            request_id,
            order.order_id,
            order.order_number,
            due.total()?,
            due.principal,
            due.late_fee,
            today,
            now
        ],
    )
    .await?;
    tx.commit().await?;
    Ok(request_id)
}
