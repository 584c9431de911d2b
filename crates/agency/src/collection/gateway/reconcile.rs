//! 网关对账: the gateway's file of a day beside the agency's payments. What a lost callback left out is posted; what the
//! gateway does not know, or knows otherwise, is a difference for a person.

use std::collections::HashMap;

use ::store::{Db, Query, args};
use control::audit;
use control::clock;
use control::identity::{Actor, Permission};
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Date, Money, Refusal, RegionCode, Text, Timestamp};
use utoipa::ToSchema;

use super::callback::{Callback, paid};
use super::{Gateway, GatewayRow};
use crate::collection::payment::{self, Payment, Way};

/// One thing the two sides see differently.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DayDifference {
    /// 征集单号.
    pub order_number: String,
    /// By the gateway, fen; nothing when it does not know it.
    pub gateway_fen: Option<Money>,
    /// By the agency, fen; nothing when it does not know it.
    pub agency_fen: Option<Money>,
    /// What it is, and what was done.
    pub what: Text,
}

/// A day compared.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayComparison {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// Paid by the gateway's file, fen.
    pub gateway_fen: Money,
    /// Received online by the agency's books after the comparison, fen.
    pub agency_fen: Money,
    /// Payments of the gateway's file.
    pub rows: i64,
    /// Payments posted now because their callback had not come.
    pub posted: i64,
    /// What still differs or was put right.
    pub differences: Vec<DayDifference>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub compared_at: Timestamp,
}

/// Compares a day with the gateway, for a person who registers payments or the daily job (the system).
pub async fn reconcile(actor: &Actor, db: &Db, book: &RuleBook, gateway: &dyn Gateway, day: Date) -> Result<DayComparison, Refusal> {
    if !actor.is_system() {
        actor.require(Permission::PaymentRegister)?;
    }
    let region = crate::collection::region_of(actor)?;
    let rows = gateway.day(region, day).await?;
    let mut known = known(db, region, day).await?;
    let (mut posted, mut differences) = (0, Vec::new());
    for row in &rows {
        match known.remove(&format!("gateway:{}", row.payment_id)) {
            Some(payment) if payment.amount == row.amount_fen => {}
            Some(payment) => differences.push(difference(
                row,
                Some(payment.amount),
                "金额不符，请人工核对",
                "The amounts differ; check by hand",
            )),
            None => {
                let (done, note) = post_missing(db, book, region, row).await?;
                posted += i64::from(done);
                differences.push(note);
            }
        }
    }
    for payment in known.into_values() {
        differences.push(DayDifference {
            order_number: payment.order_number,
            gateway_fen: None,
            agency_fen: Some(payment.amount),
            what: Text::new(
                "网关没有这笔缴费，请人工核对",
                "The gateway does not know this payment; check by hand",
            ),
        });
    }
    let agency = payment::on_day(&mut db.read(), region, day, Way::Online).await?;
    let comparison = DayComparison {
        day,
        gateway_fen: Money::sum(rows.iter().map(|row| row.amount_fen))?,
        agency_fen: Money::sum(agency.iter().map(|payment| payment.amount))?,
        rows: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        posted,
        differences,
        compared_at: clock::now(),
    };
    keep(db, actor, region, &comparison).await?;
    Ok(comparison)
}

async fn known(db: &Db, region: RegionCode, day: Date) -> Result<HashMap<String, Payment>, Refusal> {
    let payments = payment::on_day(&mut db.read(), region, day, Way::Online).await?;
    Ok(payments.into_iter().map(|payment| (payment.source_key.clone(), payment)).collect())
}

async fn post_missing(db: &Db, book: &RuleBook, region: RegionCode, row: &GatewayRow) -> Result<(bool, DayDifference), Refusal> {
    let callback = Callback {
        region,
        payment_id: row.payment_id,
        request_id: row.request_id,
        order_number: row.order_number.clone(),
        amount_fen: row.amount_fen,
        serial: row.serial.clone(),
        paid_on: row.paid_on,
    };
    let mut tx = db.begin().await?;
    match paid(&mut tx, book, &callback).await {
        Ok(received) => {
            tx.commit().await?;
            let note = difference(
                row,
                Some(received.payment.amount),
                "未收到回调，已按对账文件补记",
                "The callback had not come; posted from the file",
            );
            Ok((!received.repeated, note))
        }
        Err(refusal) if refusal.rule() != "internal_error" => {
            let note = difference(
                row,
                None,
                "对账文件中的缴费无法入账，请人工核对",
                "A payment of the file cannot be posted; check by hand",
            );
            Ok((false, note))
        }
        Err(refusal) => Err(refusal),
    }
}

fn difference(row: &GatewayRow, agency_fen: Option<Money>, zh: &str, en: &str) -> DayDifference {
    DayDifference {
        order_number: row.order_number.clone(),
        gateway_fen: Some(row.amount_fen),
        agency_fen,
        what: Text::new(zh, en),
    }
}

async fn keep(db: &Db, actor: &Actor, region: RegionCode, comparison: &DayComparison) -> Result<(), Refusal> {
    let differences = serde_json::to_string(&comparison.differences).map_err(|error| Refusal::internal(error.to_string()))?;
    let mut tx = db.begin().await?;
    tx.execute(
        "INSERT INTO agency_gateway_day (region, day, gateway_fen, agency_fen, rows_count, posted_count, differences, compared_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (region, day) DO UPDATE SET gateway_fen = excluded.gateway_fen, agency_fen = excluded.agency_fen,
             rows_count = excluded.rows_count, posted_count = agency_gateway_day.posted_count + excluded.posted_count,
             differences = excluded.differences, compared_at = excluded.compared_at",
        args![
            region,
            comparison.day,
            comparison.gateway_fen,
            comparison.agency_fen,
            comparison.rows,
            comparison.posted,
            differences,
            comparison.compared_at
        ],
    )
    .await?;
    let after = json!({ "rows": comparison.rows, "posted": comparison.posted, "differences": comparison.differences.len() });
    audit::record(
        &mut tx,
        actor,
        "gateway.reconcile",
        "gateway_day",
        comparison.day,
        None,
        Some(after),
    )
    .await?;
    tx.commit().await
}

/// The days compared, newest first, at most 100.
pub async fn compared(q: &mut dyn Query, region: RegionCode) -> Result<Vec<DayComparison>, Refusal> {
    let rows = q
        .all(
            "SELECT day, gateway_fen, agency_fen, rows_count, posted_count, differences, compared_at FROM agency_gateway_day
             WHERE region = $1 ORDER BY day DESC LIMIT 100",
            args![region],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let differences: String = row.get("differences")?;
            Ok(DayComparison {
                day: row.get("day")?,
                gateway_fen: row.get("gateway_fen")?,
                agency_fen: row.get("agency_fen")?,
                rows: row.get("rows_count")?,
                posted: row.get("posted_count")?,
                differences: serde_json::from_str(&differences).unwrap_or_default(),
                compared_at: row.get("compared_at")?,
            })
        })
        .collect()
}

/// Whether a day was compared, and the gateway and the books agreed to the fen.
pub async fn is_compared(q: &mut dyn Query, region: RegionCode, day: Date) -> Result<bool, Refusal> {
    let sql = "SELECT 1 AS found FROM agency_gateway_day WHERE region = $1 AND day = $2 AND gateway_fen = agency_fen";
    Ok(q.optional(sql, args![region, day]).await?.is_some())
}
