//! The rows of refunds.

use std::collections::HashMap;

use serde::Serialize;
use standard::{Date, Money, Refusal, RegionCode, Timestamp};
use store::{Query, Row, Tx, args, in_list};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Filed, PaidOut};

const TABLE: &str = "agency_refund";

/// A refund approved or paid; the account stays sealed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RefundRow {
    /// Key.
    pub refund_id: Uuid,
    /// 退费编号.
    pub refund_number: String,
    /// `suspense` or `order`.
    pub source: String,
    /// The amount in suspense, or the refund order.
    pub source_id: Uuid,
    /// Whose it is; nil when nobody knows.
    pub employer_id: Uuid,
    /// 收款户名.
    pub payee_name: String,
    /// 开户银行.
    pub bank_name: String,
    /// 银行账号 with the middle masked.
    pub account_masked: String,
    /// How much, fen.
    pub amount_fen: Money,
    /// `approved`, `exported` or `paid`.
    pub state: String,
    /// The reviewed case.
    pub case_id: Uuid,
    /// 付款日期.
    #[schema(value_type = Option<String>, format = Date)]
    pub paid_on: Option<Date>,
    /// 银行流水号.
    pub reference: Option<String>,
}

/// A refund with its account opened, for the bank's file.
pub struct Payable {
    /// The refund.
    pub row: RefundRow,
    /// 银行账号.
    pub account: String,
}

const REFUND: &str =
    "SELECT refund_id, refund_number, source, source_id, employer_id, payee_name, bank_name, account_sealed, amount_fen, state,
        case_id, paid_on, reference
     FROM agency_refund";

fn read(cipher: &store::Cipher, row: &Row) -> Result<Payable, Refusal> {
    let refund_id: Uuid = row.get("refund_id")?;
    let sealed: Vec<u8> = row.get("account_sealed")?;
    let account = cipher.open_text(TABLE, "account_sealed", refund_id, &sealed)?;
    let tail: String = account.chars().skip(account.chars().count().saturating_sub(4)).collect();
    Ok(Payable {
        row: RefundRow {
            refund_id,
            refund_number: row.get("refund_number")?,
            source: row.get("source")?,
            source_id: row.get("source_id")?,
            employer_id: row.get("employer_id")?,
            payee_name: row.get("payee_name")?,
            bank_name: row.get("bank_name")?,
            account_masked: format!("****{tail}"),
            amount_fen: row.get("amount_fen")?,
            state: row.get("state")?,
            case_id: row.get("case_id")?,
            paid_on: row.get("paid_on")?,
            reference: row.get("reference")?,
        },
        account,
    })
}

/// Refunds of a region, newest first, at most 500.
pub async fn list(q: &mut dyn Query, cipher: &store::Cipher, region: RegionCode, state: Option<&str>) -> Result<Vec<RefundRow>, Refusal> {
    let sql = format!("{REFUND} WHERE region = $1 AND ($2 = '' OR state = $2) ORDER BY refund_number DESC LIMIT 500");
    let rows = q.all(&sql, args![region, state.unwrap_or_default()]).await?;
    rows.iter().map(|row| read(cipher, row).map(|payable| payable.row)).collect()
}

/// Approved refunds not yet in a bank file.
pub async fn approved(tx: &mut Tx, region: RegionCode) -> Result<Vec<Payable>, Refusal> {
    let db = tx.db().clone();
    let sql = format!("{REFUND} WHERE region = $1 AND state = 'approved' ORDER BY refund_number LIMIT 5000");
    let rows = tx.all(&sql, args![region]).await?;
    rows.iter().map(|row| read(db.cipher(), row)).collect()
}

/// The accounts of the refunds in a bank file, by 退费编号.
pub(crate) async fn accounts_of_file(tx: &mut Tx, region: RegionCode, file_id: Uuid) -> Result<HashMap<String, String>, Refusal> {
    let db = tx.db().clone();
    let sql = format!("{REFUND} WHERE region = $1 AND file_id = $2");
    let rows = tx.all(&sql, args![region, file_id]).await?;
    rows.iter()
        .map(|row| read(db.cipher(), row).map(|payable| (payable.row.refund_number, payable.account)))
        .collect()
}

/// Whether a refund of this source is on its way.
pub(crate) async fn is_promised(tx: &mut Tx, region: RegionCode, source_id: Uuid) -> Result<bool, Refusal> {
    let sql = "SELECT 1 AS found FROM agency_refund WHERE region = $1 AND source_id = $2";
    Ok(tx.optional(sql, args![region, source_id]).await?.is_some())
}

/// Marks refunds as gone to the bank in a file.
pub(crate) async fn exported(tx: &mut Tx, region: RegionCode, ids: &[Uuid], file_id: Uuid) -> Result<(), Refusal> {
    for chunk in ids.chunks(400) {
        let mut args = args![region, file_id, Timestamp::now()];
        args.extend(chunk);
        let sql = format!(
            "UPDATE agency_refund SET state = 'exported', file_id = $2, updated_at = $3
             WHERE region = $1 AND state = 'approved' AND refund_id IN {}",
            in_list(chunk.len(), 4)
        );
        tx.execute(&sql, args).await?;
    }
    Ok(())
}

/// A refund, or the refusal `refund_not_found`.
pub(super) async fn get(tx: &mut Tx, region: RegionCode, refund_id: Uuid) -> Result<RefundRow, Refusal> {
    let db = tx.db().clone();
    let sql = format!("{REFUND} WHERE region = $1 AND refund_id = $2");
    let row = tx.optional(&sql, args![region, refund_id]).await?;
    let row = row.ok_or_else(|| Refusal::not_found("refund_not_found", "没有这笔退费。", "There is no such refund."))?;
    Ok(read(db.cipher(), &row)?.row)
}

pub(super) async fn insert(tx: &mut Tx, filed: &Filed, case_id: Uuid, number: &str) -> Result<Uuid, Refusal> {
    let id = Uuid::now_v7();
    let sealed = tx.db().cipher().seal(TABLE, "account_sealed", id, filed.form.account.as_bytes())?;
    tx.execute(
        "INSERT INTO agency_refund (region, refund_id, refund_number, source, source_id, employer_id, payee_name, bank_name,
             account_sealed, amount_fen, state, case_id, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'approved', $11, $12)",
        args![
            filed.region,
            id,
            number,
            filed.form.source.key(),
            filed.form.source_id,
            filed.employer_id,
            filed.form.payee_name,
            filed.form.bank_name,
            sealed,
            filed.amount_fen,
            case_id,
            Timestamp::now(),
        ],
    )
    .await?;
    Ok(id)
}

pub(super) async fn save_paid(tx: &mut Tx, region: RegionCode, refund_id: Uuid, paid: &PaidOut) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE agency_refund SET state = 'paid', paid_on = $3, reference = $4, updated_at = $5 WHERE region = $1 AND refund_id = $2",
        args![region, refund_id, paid.paid_on, paid.reference, Timestamp::now()],
    )
    .await?;
    Ok(())
}
