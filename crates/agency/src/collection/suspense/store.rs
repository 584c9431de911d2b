//! The rows of 暂收款.

use standard::{Refusal, RegionCode, Timestamp};
use store::{Query, Row, Tx, args};
use uuid::Uuid;

use super::{Suspense, SuspenseReason, SuspenseState};
use crate::collection::payment::Way;

pub(crate) const SUSPENSE: &str =
    "SELECT region, suspense_id, payment_id, employer_id, payer_name, order_id, order_number, way, reason, amount_fen,
        left_fen, state, case_id, paid_on
     FROM agency_suspense";

/// Reads one row.
pub(crate) fn read(row: &Row) -> Result<Suspense, Refusal> {
    let (way, reason, state): (String, String, String) = (row.get("way")?, row.get("reason")?, row.get("state")?);
    let unknown = |what: &str, key: &str| Refusal::internal(format!("unknown {what} of suspense {key}"));
    Ok(Suspense {
        region: row.get("region")?,
        suspense_id: row.get("suspense_id")?,
        payment_id: row.get("payment_id")?,
        employer_id: row.get("employer_id")?,
        payer_name: row.get("payer_name")?,
        order_id: row.get("order_id")?,
        order_number: row.get("order_number")?,
        way: Way::parse(&way).ok_or_else(|| unknown("way", &way))?,
        reason: SuspenseReason::parse(&reason).ok_or_else(|| unknown("reason", &reason))?,
        amount: row.get("amount_fen")?,
        left: row.get("left_fen")?,
        state: SuspenseState::parse(&state).ok_or_else(|| unknown("state", &state))?,
        case_id: row.get("case_id")?,
        paid_on: row.get("paid_on")?,
    })
}

/// An amount in suspense, or the refusal `suspense_not_found`.
pub async fn get(q: &mut dyn Query, region: RegionCode, suspense_id: Uuid) -> Result<Suspense, Refusal> {
    let sql = format!("{SUSPENSE} WHERE region = $1 AND suspense_id = $2");
    q.optional(&sql, args![region, suspense_id])
        .await?
        .as_ref()
        .map(read)
        .transpose()?
        .ok_or_else(|| Refusal::not_found("suspense_not_found", "没有这笔暂收款。", "There is no such amount in suspense."))
}

pub(crate) async fn insert(tx: &mut Tx, suspense: &Suspense) -> Result<(), Refusal> {
    let now = Timestamp::now();
    tx.execute(
        "INSERT INTO agency_suspense (region, suspense_id, payment_id, employer_id, payer_name, order_id, order_number, way, reason,
             amount_fen, left_fen, state, case_id, paid_on, opened_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)",
        args![
            suspense.region,
            suspense.suspense_id,
            suspense.payment_id,
            suspense.employer_id,
            suspense.payer_name,
            suspense.order_id,
            suspense.order_number,
            suspense.way.key(),
            suspense.reason.key(),
            suspense.amount,
            suspense.left,
            suspense.state.key(),
            suspense.case_id,
            suspense.paid_on,
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Writes what changes: what is left, the state and the case.
pub(crate) async fn save(tx: &mut Tx, suspense: &Suspense) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE agency_suspense SET left_fen = $3, state = $4, case_id = $5, updated_at = $6 WHERE region = $1 AND suspense_id = $2",
        args![
            suspense.region,
            suspense.suspense_id,
            suspense.left,
            suspense.state.key(),
            suspense.case_id,
            Timestamp::now()
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn use_held(tx: &mut Tx, region: RegionCode, order_id: Uuid) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE agency_suspense SET left_fen = 0, state = 'used', updated_at = $3
         WHERE region = $1 AND order_id = $2 AND state = 'held'",
        args![region, order_id, Timestamp::now()],
    )
    .await?;
    Ok(())
}

pub(crate) async fn free_held(tx: &mut Tx, region: RegionCode, order_id: Uuid) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE agency_suspense SET state = 'open', reason = 'order_cancelled', updated_at = $3
         WHERE region = $1 AND order_id = $2 AND state = 'held'",
        args![region, order_id, Timestamp::now()],
    )
    .await?;
    Ok(())
}
