//! The bank's statement (到账明细): each line is money that came. A line is a transaction of its own, so an import broken off
//! goes on where it stopped when the same file comes again; a line known already changes nothing.

use std::collections::HashMap;

use control::audit;
use control::clock;
use control::identity::{Actor, Permission};
use policy::RuleBook;
use serde_json::json;
use standard::sm::sm3_hex;
use standard::{Date, Finding, Money, Refusal, RegionCode, half_width};
use store::{Db, Query, Tx, args};
use uuid::Uuid;

use super::table::{self, Cell};
use super::{BankFile, BankFileDetail, BankLine, LINE_COLUMNS, by_digest, get, insert_file, line_args};
use crate::collection::payment::{Incoming, Way, receive};
use crate::collection::region_of;

/// The largest statement, bytes.
pub const STATEMENT_BYTES_MAX: usize = 5 << 20;
/// The most lines of a statement.
pub const STATEMENT_ROWS_MAX: usize = 5_000;

/// Headings a bank may write, by what they mean.
const HEADINGS: [(&str, &[&str]); 5] = [
    ("order_number", &["征集单号", "缴费单号", "附言", "order_number"]),
    ("amount", &["到账金额", "金额", "交易金额", "amount"]),
    ("paid_on", &["到账日期", "交易日期", "记账日期", "paid_on"]),
    ("payer_name", &["付款户名", "对方户名", "付款人", "payer"]),
    ("reference", &["流水号", "银行流水号", "交易流水号", "reference"]),
];

/// Imports a statement. Refuses the whole file as [`table::rows`] does and as `statement_column_missing`; a wrong line is
/// refused alone and kept with its findings.
pub async fn import_statement(
    actor: &Actor,
    db: &Db,
    book: &RuleBook,
    name: &str,
    bytes: &[u8],
    today: Date,
) -> Result<BankFileDetail, Refusal> {
    actor.require(Permission::PaymentRegister)?;
    let region = region_of(actor)?;
    if bytes.len() > STATEMENT_BYTES_MAX {
        return Err(Refusal::too_large(
            "file_too_large",
            "文件超过 5 MB。请拆分后分次导入。",
            "The file is over 5 MB. Split it.",
        ));
    }
    let rows = table::rows(bytes, STATEMENT_ROWS_MAX)?;
    let lines = parse(&rows, today)?;
    let digest = sm3_hex(bytes);
    let (file_id, known) = begin(actor, db, region, name, &digest).await?;
    let done = done_lines(db, region, file_id).await?;
    let mut seen: HashMap<String, usize> = HashMap::new();
    for line in lines {
        let place = seen.entry(line.content()).or_default();
        *place += 1;
        if !done.contains(&line.line) {
            let key = line.source_key(*place);
            one(db, book, region, file_id, line, key).await?;
        }
    }
    let mut detail = get(&mut db.read(), region, file_id).await?;
    detail.repeated = known && detail.items.len() == done.len();
    Ok(detail)
}

/// A line as read: its values, or what is wrong with it.
struct Line {
    line: i64,
    order_number: String,
    payer_name: String,
    reference: String,
    amount: Result<Money, Finding>,
    paid_on: Result<Date, Finding>,
    findings: Vec<Finding>,
}

impl Line {
    fn content(&self) -> String {
        let amount = self.amount.as_ref().map_or(0, |amount| amount.fen());
        let day = self.paid_on.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{}|{amount}|{day}|{}|{}", self.order_number, self.payer_name, self.reference)
    }

    /// The bank's own number tells lines apart; without one, the content and how often it stands in the file.
    fn source_key(&self, place: usize) -> String {
        if self.reference.is_empty() {
            format!("bank:{}:{place}", sm3_hex(self.content().as_bytes()))
        } else {
            format!("bank:{}", self.reference)
        }
    }
}

fn parse(rows: &[(i64, Vec<Cell>)], today: Date) -> Result<Vec<Line>, Refusal> {
    let Some(((_, heading), body)) = rows.split_first() else {
        return Err(Refusal::invalid(Finding::blocking(
            "file_empty",
            "文件是空的。",
            "The file is empty.",
        )));
    };
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (meaning, names) in HEADINGS {
        let place = heading
            .iter()
            .position(|cell| cell.as_deref().is_some_and(|text| names.contains(&text.trim())));
        match place {
            Some(place) => drop(places.insert(meaning, place)),
            None if matches!(meaning, "payer_name" | "reference") => {}
            None => {
                return Err(Refusal::invalid(
                    Finding::blocking(
                        "statement_column_missing",
                        format!("缺少“{}”列。", names[0]),
                        format!("The column “{meaning}” is missing."),
                    )
                    .remedy(
                        "第一行应为：征集单号、到账金额、到账日期、付款户名、流水号",
                        "The first row names: order_number, amount, paid_on, payer, reference",
                    ),
                ));
            }
        }
    }
    Ok(body.iter().map(|(number, cells)| line(*number, cells, &places, today)).collect())
}

fn line(number: i64, cells: &[Cell], places: &HashMap<&str, usize>, today: Date) -> Line {
    let mut findings = Vec::new();
    let mut cell = |meaning: &str| -> String {
        let Some(place) = places.get(meaning) else { return String::new() };
        match cells.get(*place) {
            None => String::new(),
            Some(Some(text)) => {
                let text = half_width(text).trim().to_owned();
                if text.chars().count() > 100 {
                    findings.push(Finding::blocking("cell_too_long", "单元格超过100字", "A cell has over 100 characters").field(meaning));
                    return String::new();
                }
                text
            }
            Some(None) => {
                findings.push(
                    Finding::blocking(
                        "cell_formula",
                        "单元格是公式或错误值，请粘贴为数值",
                        "The cell is a formula or a fault; paste its value",
                    )
                    .field(meaning),
                );
                String::new()
            }
        }
    };
    let (order_number, payer_name, reference) = (cell("order_number"), cell("payer_name"), cell("reference"));
    let (amount, day) = (cell("amount"), cell("paid_on"));
    Line {
        line: number,
        order_number,
        payer_name,
        reference,
        amount: money_of(&amount),
        paid_on: day_of(&day, today),
        findings,
    }
}

fn money_of(text: &str) -> Result<Money, Finding> {
    let amount = Money::from_yuan(&text.replace(',', "")).map_err(|finding| finding.field("amount"))?;
    if amount.is_zero() || amount.is_negative() {
        return Err(Finding::blocking("payment_amount_invalid", "到账金额必须大于零", "The amount is above zero").field("amount"));
    }
    Ok(amount)
}

fn day_of(text: &str, today: Date) -> Result<Date, Finding> {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
    let day = if digits.len() == 8 {
        format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]).parse::<Date>().ok()
    } else {
        None
    };
    match day {
        Some(day) if day > today => {
            Err(Finding::blocking("paid_on_in_future", "到账日期晚于今天", "The day is after today").field("paid_on"))
        }
        Some(day) => Ok(day),
        None => Err(Finding::blocking(
            "date_invalid",
            "日期应为 2026-10-15 或 20261015",
            "Write the date as 2026-10-15 or 20261015",
        )
        .field("paid_on")),
    }
}

async fn begin(actor: &Actor, db: &Db, region: RegionCode, name: &str, digest: &str) -> Result<(Uuid, bool), Refusal> {
    let mut tx = db.begin().await?;
    tx.lock(&format!("bank_file:{region}:{digest}")).await?;
    if let Some(known) = by_digest(&mut tx, region, "statement", digest).await? {
        return Ok((known, true));
    }
    let file = BankFile {
        file_id: Uuid::now_v7(),
        kind: "statement".to_owned(),
        name: name.chars().take(100).collect(),
        lines: 0,
        amount_fen: Money::ZERO,
        refused: 0,
        made_by: actor.name.clone(),
        made_at: clock::now(),
    };
    insert_file(&mut tx, region, &file, digest).await?;
    let after = json!({ "name": file.name, "digest": digest });
    audit::record(&mut tx, actor, "bank_file.import", "bank_file", file.file_id, None, Some(after)).await?;
    tx.commit().await?;
    Ok((file.file_id, false))
}

async fn done_lines(db: &Db, region: RegionCode, file_id: Uuid) -> Result<std::collections::HashSet<i64>, Refusal> {
    let rows = db
        .read()
        .all(
            "SELECT line FROM agency_bank_line WHERE region = $1 AND file_id = $2",
            args![region, file_id],
        )
        .await?;
    rows.iter().map(|row| row.get("line")).collect()
}

async fn one(db: &Db, book: &RuleBook, region: RegionCode, file_id: Uuid, line: Line, source_key: String) -> Result<(), Refusal> {
    let mut findings = line.findings;
    let mut kept = BankLine {
        line: line.line,
        order_number: line.order_number.clone(),
        payer_name: line.payer_name.clone(),
        reference: line.reference.clone(),
        amount_fen: *line.amount.as_ref().unwrap_or(&Money::ZERO),
        on_day: line.paid_on.as_ref().ok().copied(),
        outcome: "refused".to_owned(),
        findings: Vec::new(),
        payment_id: None,
    };
    let mut tx = db.begin().await?;
    match (line.amount, line.paid_on) {
        (Ok(amount), Ok(paid_on)) if findings.is_empty() => {
            let incoming = Incoming {
                region,
                source_key,
                way: Way::Bank,
                order_number: line.order_number,
                amount,
                paid_on,
                payer_name: line.payer_name,
                reference: line.reference,
            };
            match receive(&mut tx, book, &incoming).await {
                Ok(received) => {
                    kept.payment_id = Some(received.payment.payment_id);
                    kept.outcome = outcome(&received.payment, received.repeated).to_owned();
                }
                Err(refusal) if refusal.rule() == "payment_key_reused" || refusal.rule() == "order_rows_differ" => {
                    drop(tx);
                    tx = db.begin().await?;
                    findings.extend(refusal.findings);
                }
                Err(refusal) => return Err(refusal),
            }
        }
        (amount, day) => findings.extend(amount.err().into_iter().chain(day.err())),
    }
    kept.findings = findings;
    keep(&mut tx, region, file_id, &kept).await?;
    tx.commit().await
}

fn outcome(payment: &crate::collection::payment::Payment, repeated: bool) -> &'static str {
    match () {
        () if repeated => "repeated",
        () if payment.principal.is_zero() && payment.late_fee.is_zero() => "suspense",
        () if payment.principal.is_zero() => "late_fee",
        () if payment.open.is_zero() => "paid",
        () => "part_paid",
    }
}

async fn keep(tx: &mut Tx, region: RegionCode, file_id: Uuid, line: &BankLine) -> Result<(), Refusal> {
    let places: Vec<String> = (1..=LINE_COLUMNS.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "INSERT INTO agency_bank_line ({}) VALUES ({})",
        LINE_COLUMNS.join(", "),
        places.join(", ")
    );
    tx.execute(&sql, line_args(region, file_id, line)).await?;
    let refused = i64::from(line.outcome == "refused");
    let amount = if refused == 1 { Money::ZERO } else { line.amount_fen };
    tx.execute(
        "UPDATE agency_bank_file SET lines = lines + 1, refused = refused + $3, amount_fen = amount_fen + $4
         WHERE region = $1 AND file_id = $2",
        args![region, file_id, refused, amount],
    )
    .await?;
    Ok(())
}
