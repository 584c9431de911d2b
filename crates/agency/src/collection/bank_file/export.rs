//! Files that go to the bank: 委托扣款 of open orders, and payments of approved refunds; as workbook, CSV or fixed text.

use control::audit;
use control::clock;
use control::identity::{Actor, Permission};
use encoding_rs::GBK;
use policy::RuleBook;
use rust_xlsxwriter::{Workbook, XlsxError};
use serde::Deserialize;
use serde_json::json;
use standard::sm::sm3_hex;
use standard::{Date, Finding, Money, Refusal, RegionCode};
use store::{Db, Query, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{BankFile, BankFileDetail, BankLine, LINE_COLUMNS, get, insert_file, line_args};
use crate::collection::{order, payment, refund, region_of};

/// Orders of one file.
const LINES_MAX: i64 = 5_000;

/// How a bank wants its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BankFileFormat)]
pub enum Format {
    /// Excel.
    #[default]
    Xlsx,
    /// CSV in UTF-8 with a byte order mark.
    Csv,
    /// Fixed columns in GBK: H with count and total, then a D for each line.
    Text,
}

/// Makes the 委托扣款 file of what is to be paid on `day`: every order that asks for money, with its late fee to that day.
/// Refuses `nothing_to_export`.
pub async fn collection_file(actor: &Actor, db: &Db, book: &RuleBook, day: Date) -> Result<BankFileDetail, Refusal> {
    actor.require(Permission::PaymentRegister)?;
    let region = region_of(actor)?;
    let sql = format!(
        "{} WHERE region = $1 AND state IN ('open', 'part_paid', 'overdue') AND kind <> 'refund' ORDER BY order_number LIMIT {LINES_MAX}",
        order::store::ORDER
    );
    let mut lines = Vec::new();
    for row in db.read().all(&sql, args![region]).await? {
        let order = order::store::read(&row)?;
        let due = payment::due(book, &order, day)?;
        lines.push(sent(
            lines.len(),
            order.order_number,
            order.employer_name,
            String::new(),
            due.total()?,
            order.due_on,
        ));
    }
    let mut tx = db.begin().await?;
    let file_id = keep(&mut tx, actor, region, "collection", day, &lines).await?;
    tx.commit().await?;
    get(&mut db.read(), region, file_id).await
}

/// Makes the payment file of approved refunds; they are then exported and wait for the bank. Refuses `nothing_to_export`.
pub async fn refund_file(actor: &Actor, db: &Db, day: Date) -> Result<BankFileDetail, Refusal> {
    actor.require(Permission::PaymentRegister)?;
    let region = region_of(actor)?;
    let mut tx = db.begin().await?;
    let refunds = refund::approved(&mut tx, region).await?;
    let lines: Vec<BankLine> = refunds
        .iter()
        .enumerate()
        .map(|(index, payable)| {
            let row = &payable.row;
            sent(
                index,
                row.refund_number.clone(),
                row.payee_name.clone(),
                row.bank_name.clone(),
                row.amount_fen,
                day,
            )
        })
        .collect();
    let file_id = keep(&mut tx, actor, region, "refund", day, &lines).await?;
    let ids: Vec<Uuid> = refunds.iter().map(|payable| payable.row.refund_id).collect();
    refund::exported(&mut tx, region, &ids, file_id).await?;
    tx.commit().await?;
    get(&mut db.read(), region, file_id).await
}

fn sent(index: usize, number: String, name: String, reference: String, amount: Money, day: Date) -> BankLine {
    BankLine {
        line: i64::try_from(index).unwrap_or(i64::MAX) + 1,
        order_number: number,
        payer_name: name,
        reference,
        amount_fen: amount,
        on_day: Some(day),
        outcome: "sent".to_owned(),
        findings: Vec::new(),
        payment_id: None,
    }
}

async fn keep(tx: &mut Tx, actor: &Actor, region: RegionCode, kind: &str, day: Date, lines: &[BankLine]) -> Result<Uuid, Refusal> {
    if lines.is_empty() {
        return Err(Refusal::invalid(
            Finding::blocking("nothing_to_export", "没有可导出的明细。", "There is nothing to export.").remedy(
                "有待缴征集单或已批准的退费时再导出",
                "Export when orders are open or refunds approved",
            ),
        ));
    }
    let file_id = Uuid::now_v7();
    let file = BankFile {
        file_id,
        kind: kind.to_owned(),
        name: format!(
            "{}-{}-{day}",
            if kind == "refund" { "退费支付" } else { "委托扣款" },
            region.number()
        ),
        lines: i64::try_from(lines.len()).unwrap_or(i64::MAX),
        amount_fen: Money::sum(lines.iter().map(|line| line.amount_fen))?,
        refused: 0,
        made_by: actor.name.clone(),
        made_at: clock::now(),
    };
    insert_file(tx, region, &file, &sm3_hex(file_id.as_bytes())).await?;
    let mut sink = tx.bulk("agency_bank_line", &LINE_COLUMNS).await?;
    for line in lines {
        sink.push(line_args(region, file_id, line)).await?;
    }
    sink.finish().await?;
    let after = json!({ "kind": kind, "lines": file.lines, "amount_fen": file.amount_fen });
    audit::record(tx, actor, "bank_file.export", "bank_file", file_id, None, Some(after)).await?;
    Ok(file_id)
}

/// The bytes of a file that goes out, and its name. A refund file carries the payees' accounts, so reading it is audited.
pub async fn download(actor: &Actor, db: &Db, file_id: Uuid, format: Format) -> Result<(String, Vec<u8>), Refusal> {
    actor.require(Permission::PaymentRegister)?;
    let region = region_of(actor)?;
    let mut detail = get(&mut db.read(), region, file_id).await?;
    if detail.file.kind == "refund" {
        let mut tx = db.begin().await?;
        accounts(&mut tx, region, &mut detail).await?;
        audit::access(&mut tx, actor, "bank_file.download", "bank_file", file_id, "refund payment").await?;
        tx.commit().await?;
    }
    let (ending, bytes) = match format {
        Format::Xlsx => ("xlsx", workbook(&detail).map_err(|error| Refusal::internal(error.to_string()))?),
        Format::Csv => ("csv", csv_text(&detail)),
        Format::Text => ("txt", fixed(&detail)),
    };
    Ok((format!("{}.{ending}", detail.file.name), bytes))
}

/// Puts the account beside the bank's name of each line.
async fn accounts(tx: &mut Tx, region: RegionCode, detail: &mut BankFileDetail) -> Result<(), Refusal> {
    let found = refund::accounts_of_file(tx, region, detail.file.file_id).await?;
    for line in &mut detail.items {
        if let Some(account) = found.get(&line.order_number) {
            line.reference = format!("{} {account}", line.reference);
        }
    }
    Ok(())
}

fn headings(detail: &BankFileDetail) -> [&'static str; 6] {
    match detail.file.kind.as_str() {
        "refund" => ["序号", "退费编号", "收款户名", "开户银行及账号", "金额（元）", "制单日期"],
        "statement" => ["序号", "征集单号", "付款户名", "流水号", "到账金额", "到账日期"],
        _ => ["序号", "征集单号", "单位名称", "备注", "扣款金额（元）", "缴费截止日"],
    }
}

fn cells(line: &BankLine) -> [String; 6] {
    [
        line.line.to_string(),
        line.order_number.clone(),
        plain(&line.payer_name),
        plain(&line.reference),
        line.amount_fen.to_yuan(),
        line.on_day.map(|day| day.to_string()).unwrap_or_default(),
    ]
}

/// A text that a spreadsheet would take for a formula is kept as text.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn workbook(detail: &BankFileDetail) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0_u16..).zip(headings(detail)) {
        sheet.write_string(0, column, heading)?;
        sheet.set_column_width(column, if column == 0 { 6 } else { 24 })?;
    }
    for (row, line) in (1_u32..).zip(&detail.items) {
        for (column, text) in (0_u16..).zip(cells(line)) {
            sheet.write_string(row, column, text)?;
        }
    }
    book.save_to_buffer()
}

fn csv_text(detail: &BankFileDetail) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    // Writing to memory cannot fail.
    drop(writer.write_record(headings(detail)));
    for line in &detail.items {
        drop(writer.write_record(cells(line)));
    }
    writer.into_inner().unwrap_or_default()
}

/// GBK. H|count 8|total fen 16; D|number 24|amount fen 16|day 8|name 60 bytes.
fn fixed(detail: &BankFileDetail) -> Vec<u8> {
    let mut out = format!("H{:08}{:016}\r\n", detail.file.lines, detail.file.amount_fen.fen()).into_bytes();
    for line in &detail.items {
        let day = line
            .on_day
            .map(|day| day.strftime("%Y%m%d").to_string())
            .unwrap_or_else(|| "00000000".to_owned());
        out.extend_from_slice(format!("D{:<24}{:016}{day}", line.order_number, line.amount_fen.fen()).as_bytes());
        let mut name = Vec::with_capacity(60);
        for letter in line.payer_name.chars() {
            let text = letter.to_string();
            let (bytes, _, unmapped) = GBK.encode(&text);
            let bytes: &[u8] = if unmapped { b"?" } else { &bytes };
            if name.len() + bytes.len() > 60 {
                break;
            }
            name.extend_from_slice(bytes);
        }
        name.resize(60, b' ');
        out.extend_from_slice(&name);
        out.extend_from_slice(b"\r\n");
    }
    out
}
