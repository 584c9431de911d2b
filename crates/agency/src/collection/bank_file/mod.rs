//! 银行文件: the collection file that goes to the bank, the statement that comes back, the payments of refunds.

mod export;
mod statement;
mod table;

use serde::Serialize;
use standard::{Date, Finding, Money, Refusal, RegionCode, Timestamp};
use store::{Query, Row, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

pub use export::{Format, collection_file, download, refund_file};
pub use statement::{STATEMENT_BYTES_MAX, STATEMENT_ROWS_MAX, import_statement};

/// A file exchanged with the bank.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BankFile {
    /// Key.
    pub file_id: Uuid,
    /// `collection` (委托扣款, out), `statement` (到账, in) or `refund` (退费支付, out).
    pub kind: String,
    /// File name.
    pub name: String,
    /// Lines.
    pub lines: i64,
    /// What its lines come to, fen; refused lines do not count.
    pub amount_fen: Money,
    /// Lines refused.
    pub refused: i64,
    /// Who made or imported it.
    pub made_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
}

/// A line of a bank file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BankLine {
    /// Its number in the file.
    pub line: i64,
    /// 征集单号; of a refund its number.
    pub order_number: String,
    /// 付款户名; on files that go out the employer or payee.
    pub payer_name: String,
    /// 流水号.
    pub reference: String,
    /// Fen.
    pub amount_fen: Money,
    /// 到账日期; on files that go out the last day or the day of making. Nothing where the line gave none.
    #[schema(value_type = Option<String>, format = Date)]
    pub on_day: Option<Date>,
    /// `paid`, `part_paid`, `late_fee`, `suspense`, `repeated`, `refused`; `sent` on files that go out.
    pub outcome: String,
    /// What is wrong with a refused line.
    pub findings: Vec<Finding>,
    /// The payment it made.
    pub payment_id: Option<Uuid>,
}

/// A bank file with its lines.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BankFileDetail {
    /// The file.
    #[serde(flatten)]
    pub file: BankFile,
    /// Its lines, at most 5,000.
    pub items: Vec<BankLine>,
    /// Whether this very file had been imported before; then nothing changed now.
    pub repeated: bool,
}

const FILE: &str = "SELECT file_id, kind, name, lines, amount_fen, refused, made_by, made_at FROM agency_bank_file";

fn read_file(row: &Row) -> Result<BankFile, Refusal> {
    Ok(BankFile {
        file_id: row.get("file_id")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        lines: row.get("lines")?,
        amount_fen: row.get("amount_fen")?,
        refused: row.get("refused")?,
        made_by: row.get("made_by")?,
        made_at: row.get("made_at")?,
    })
}

/// Files of a region, newest first, at most 200.
pub async fn list(q: &mut dyn Query, region: RegionCode, kind: Option<&str>) -> Result<Vec<BankFile>, Refusal> {
    let sql = format!("{FILE} WHERE region = $1 AND ($2 = '' OR kind = $2) ORDER BY made_at DESC LIMIT 200");
    let rows = q.all(&sql, args![region, kind.unwrap_or_default()]).await?;
    rows.iter().map(read_file).collect()
}

/// A file with its lines, or the refusal `bank_file_not_found`.
pub async fn get(q: &mut dyn Query, region: RegionCode, file_id: Uuid) -> Result<BankFileDetail, Refusal> {
    let sql = format!("{FILE} WHERE region = $1 AND file_id = $2");
    let row = q.optional(&sql, args![region, file_id]).await?;
    let row = row.ok_or_else(|| Refusal::not_found("bank_file_not_found", "没有这个银行文件。", "There is no such bank file."))?;
    let file = read_file(&row)?;
    let rows = q
        .all(
            "SELECT line, order_number, payer_name, reference, amount_fen, on_day, outcome, findings, payment_id FROM agency_bank_line
             WHERE region = $1 AND file_id = $2 ORDER BY line LIMIT 5000",
            args![region, file_id],
        )
        .await?;
    let items = rows
        .iter()
        .map(|row| {
            let on_day: String = row.get("on_day")?;
            let findings: String = row.get("findings")?;
            Ok(BankLine {
                line: row.get("line")?,
                order_number: row.get("order_number")?,
                payer_name: row.get("payer_name")?,
                reference: row.get("reference")?,
                amount_fen: row.get("amount_fen")?,
                on_day: on_day.parse().ok(),
                outcome: row.get("outcome")?,
                findings: serde_json::from_str(&findings).unwrap_or_default(),
                payment_id: row.get("payment_id")?,
            })
        })
        .collect::<Result<_, Refusal>>()?;
    Ok(BankFileDetail {
        file,
        items,
        repeated: false,
    })
}

/// The file of a digest, if it was exchanged before.
async fn by_digest(q: &mut dyn Query, region: RegionCode, kind: &str, digest: &str) -> Result<Option<Uuid>, Refusal> {
    q.optional(
        "SELECT file_id FROM agency_bank_file WHERE region = $1 AND kind = $2 AND digest = $3",
        args![region, kind, digest],
    )
    .await?
    .map(|row| row.get("file_id"))
    .transpose()
}

async fn insert_file(tx: &mut Tx, region: RegionCode, file: &BankFile, digest: &str) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO agency_bank_file (region, file_id, kind, name, digest, lines, amount_fen, refused, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            region,
            file.file_id,
            file.kind,
            file.name,
            digest,
            file.lines,
            file.amount_fen,
            file.refused,
            file.made_by,
            file.made_at
        ],
    )
    .await?;
    Ok(())
}

const LINE_COLUMNS: [&str; 11] = [
    "region",
    "file_id",
    "line",
    "order_number",
    "payer_name",
    "reference",
    "amount_fen",
    "on_day",
    "outcome",
    "findings",
    "payment_id",
];

fn line_args(region: RegionCode, file_id: Uuid, line: &BankLine) -> store::Args {
    args![
        region,
        file_id,
        line.line,
        line.order_number,
        line.payer_name,
        line.reference,
        line.amount_fen,
        line.on_day.map(|day| day.to_string()).unwrap_or_default(),
        line.outcome,
        serde_json::to_string(&line.findings).unwrap_or_default(),
        line.payment_id
    ]
}
