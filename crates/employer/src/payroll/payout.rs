//! 银行代发文件: account, name, amount of everyone who is to be paid and whose account passes. Every file is audited.

use std::collections::BTreeMap;

use ::store::Db;
use control::audit;
use control::identity::{Actor, Permission};
use rust_xlsxwriter::{Format, Workbook};
use serde::Serialize;
use serde_json::json;
use standard::{Finding, Money, Refusal};
use utoipa::ToSchema;
use uuid::Uuid;

use super::run::RunState;
use super::store::{self as rows, SlipRow};
use super::view;
use crate::employer_of;
use crate::people::bank::{self, OpenAccount};

/// The file's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileForm {
    /// UTF-8 with a byte order mark, which spreadsheet programs want.
    Csv,
    /// A workbook.
    Xlsx,
}

/// What a bank file would hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayoutPreview {
    /// People in it.
    pub people: i64,
    /// What they get.
    pub total: Money,
    /// Who is left out, and why: no account, nothing to pay, a negative net.
    pub left_out: Vec<Finding>,
}

struct Payment {
    slip: SlipRow,
    account: OpenAccount,
}

/// People a preview names; the count is always of all.
const NAMED_MAX: usize = 200;

async fn payments(db: &Db, actor: &Actor, id: Uuid, purpose: &str) -> Result<(String, Vec<Payment>, Vec<Finding>), Refusal> {
    actor.require(Permission::PayrollPrepare)?;
    actor.require(Permission::DataExport)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let run = rows::run(&mut tx, employer_id, id).await?;
    run.require_state(RunState::Locked)?;
    let slips = view::slips_of(&mut tx, employer_id, id).await?;
    let ids: Vec<Uuid> = slips.iter().map(|slip| slip.payee.employee_id).collect();
    let mut accounts: BTreeMap<Uuid, OpenAccount> = bank::open_all(&mut tx, employer_id, &ids).await?;
    let (mut paid, mut left_out) = (Vec::new(), Vec::new());
    for slip in slips {
        let (name, net) = (&slip.payee.name, slip.slip.net.0);
        if net.is_zero() {
            continue;
        }
        if net.is_negative() {
            left_out.push(Finding::warning(
                "negative_net",
                format!("{name}：实发 {net}，不予发放"),
                format!("{name}: the net {net} is not paid"),
            ));
            continue;
        }
        match accounts.remove(&slip.payee.employee_id) {
            Some(account) => paid.push(Payment { slip, account }),
            None => left_out.push(
                Finding::warning(
                    "account_missing",
                    format!("{name}：没有登记银行账号，{net} 元未列入"),
                    format!("{name}: no bank account; {net} is left out"),
                )
                .remedy("请在员工档案登记银行账号后重新导出", "Record the account and export again"),
            ),
        }
    }
    audit::access(&mut tx, actor, "payroll.bank_file", "pay_run", id, purpose).await?;
    let after = json!({ "people": paid.len(), "left_out": left_out.len() });
    audit::record(&mut tx, actor, "payroll.bank_file", "pay_run", id, None, Some(after)).await?;
    tx.commit().await?;
    Ok((format!("{} 工资", run.month), paid, left_out))
}

/// Who would be in the bank file and who not.
pub async fn preview(actor: &Actor, db: &Db, id: Uuid) -> Result<PayoutPreview, Refusal> {
    let (_, paid, mut left_out) = payments(db, actor, id, "代发文件预览").await?;
    left_out.truncate(NAMED_MAX);
    Ok(PayoutPreview {
        people: paid.len() as i64,
        total: Money::sum(paid.iter().map(|one| one.slip.slip.net.0))?,
        left_out,
    })
}

const HEAD: [&str; 7] = ["序号", "工号", "户名", "账号", "开户银行", "金额（元）", "附言"];

/// The bank file of a locked run.
pub async fn file(actor: &Actor, db: &Db, id: Uuid, form: FileForm) -> Result<Vec<u8>, Refusal> {
    let (note, paid, _) = payments(db, actor, id, "银行代发").await?;
    let rows: Vec<[String; 7]> = (1..)
        .zip(&paid)
        .map(|(at, one): (usize, &Payment)| {
            [
                at.to_string(),
                one.slip.payee.number.to_string(),
                plain(&one.slip.payee.name),
                one.account.account.clone(),
                plain(&one.account.bank_name),
                one.slip.slip.net.0.to_yuan(),
                note.clone(),
            ]
        })
        .collect();
    match form {
        FileForm::Csv => csv_of(&HEAD, &rows),
        FileForm::Xlsx => xlsx_of("代发明细", &HEAD, &rows),
    }
}

/// A cell that a spreadsheet would take for a formula is marked as text.
pub(super) fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

pub(super) fn csv_of<const N: usize>(head: &[&str; N], rows: &[[String; N]]) -> Result<Vec<u8>, Refusal> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head).map_err(Refusal::internal)?;
    for row in rows {
        writer.write_record(row).map_err(Refusal::internal)?;
    }
    writer.into_inner().map_err(Refusal::internal)
}

/// Every cell as text: amounts keep their two decimals, accounts all their digits.
pub(super) fn xlsx_of<const N: usize>(sheet: &str, head: &[&str; N], rows: &[[String; N]]) -> Result<Vec<u8>, Refusal> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let page = book.add_worksheet();
    page.set_name(sheet).map_err(Refusal::internal)?;
    for (column, name) in (0_u16..).zip(head) {
        page.write_string_with_format(0, column, *name, &bold).map_err(Refusal::internal)?;
        page.set_column_width(column, 18).map_err(Refusal::internal)?;
    }
    for (line, row) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row) {
            page.write_string(line, column, cell).map_err(Refusal::internal)?;
        }
    }
    book.save_to_buffer().map_err(Refusal::internal)
}
