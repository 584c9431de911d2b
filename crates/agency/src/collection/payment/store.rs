//! The rows of payments.

use standard::{Date, Refusal, RegionCode, Timestamp};
use store::{Query, Row, Tx, args};
use uuid::Uuid;

use super::{Payment, Way};

pub(crate) const PAYMENT: &str =
    "SELECT region, payment_id, payment_number, source_key, way, order_number, order_id, employer_id, payer_name,
        reference, amount_fen, principal_fen, late_fee_fen, suspense_fen, open_fen, paid_on
     FROM agency_payment";

/// Reads one row.
pub(crate) fn read(row: &Row) -> Result<Payment, Refusal> {
    let way: String = row.get("way")?;
    Ok(Payment {
        region: row.get("region")?,
        payment_id: row.get("payment_id")?,
        payment_number: row.get("payment_number")?,
        source_key: row.get("source_key")?,
        way: Way::parse(&way).ok_or_else(|| Refusal::internal(format!("unknown way of payment {way}")))?,
        order_number: row.get("order_number")?,
        order_id: row.get("order_id")?,
        employer_id: row.get("employer_id")?,
        payer_name: row.get("payer_name")?,
        reference: row.get("reference")?,
        amount: row.get("amount_fen")?,
        principal: row.get("principal_fen")?,
        late_fee: row.get("late_fee_fen")?,
        suspense: row.get("suspense_fen")?,
        open: row.get("open_fen")?,
        paid_on: row.get("paid_on")?,
    })
}

/// The payment of a source key.
pub(crate) async fn by_source(q: &mut dyn Query, region: RegionCode, key: &str) -> Result<Option<Payment>, Refusal> {
    let sql = format!("{PAYMENT} WHERE region = $1 AND source_key = $2");
    q.optional(&sql, args![region, key]).await?.as_ref().map(read).transpose()
}

/// The payment of an id.
pub(crate) async fn find(q: &mut dyn Query, region: RegionCode, payment_id: Uuid) -> Result<Option<Payment>, Refusal> {
    let sql = format!("{PAYMENT} WHERE region = $1 AND payment_id = $2");
    q.optional(&sql, args![region, payment_id]).await?.as_ref().map(read).transpose()
}

/// The payments towards an order, oldest first.
pub async fn of_order(q: &mut dyn Query, region: RegionCode, order_id: Uuid) -> Result<Vec<Payment>, Refusal> {
    let sql = format!("{PAYMENT} WHERE region = $1 AND order_id = $2 ORDER BY payment_number");
    q.all(&sql, args![region, order_id]).await?.iter().map(read).collect()
}

/// The payments of a day by one way.
pub async fn on_day(q: &mut dyn Query, region: RegionCode, day: Date, way: Way) -> Result<Vec<Payment>, Refusal> {
    let sql = format!("{PAYMENT} WHERE region = $1 AND paid_on = $2 AND way = $3 ORDER BY payment_number");
    q.all(&sql, args![region, day, way.key()]).await?.iter().map(read).collect()
}

/// Writes a payment.
pub(crate) async fn insert(tx: &mut Tx, payment: &Payment) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO agency_payment (region, payment_id, payment_number, source_key, way, order_number, order_id, employer_id,
             payer_name, reference, amount_fen, principal_fen, late_fee_fen, suspense_fen, open_fen, paid_on, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        args![
            payment.region,
            payment.payment_id,
            payment.payment_number,
            payment.source_key,
            payment.way.key(),
            payment.order_number,
            payment.order_id,
            payment.employer_id,
            payment.payer_name,
            payment.reference,
            payment.amount,
            payment.principal,
            payment.late_fee,
            payment.suspense,
            payment.open,
            payment.paid_on,
            Timestamp::now(),
        ],
    )
    .await?;
    Ok(())
}
