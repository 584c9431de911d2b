//! A bill file of a region's own system, read back (账单文件): one row a person and month, a column a side and insurance. Read like a
//! roster: .xlsx or .csv, any encoding, bounded; formulas are refused cell by cell; every fault of a row is told at once, and a file with
//! faults changes nothing.

mod read;

use std::collections::BTreeMap;

use ::store::{Db, args};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::message::OrderKind;
use serde::Serialize;
use serde_json::json;
use standard::{Finding, Money, Month, Refusal, RegionCode};
use utoipa::ToSchema;
use uuid::Uuid;

use read::{Parsed, read};

use super::receive::employees;
use super::store::{self, Bill, Line};
use super::{BillState, BillView};
use crate::employer_of;
use crate::insurance::amounts::Amounts;
use crate::insurance::roster::read_sheet;

/// Most faults told; the rest are counted.
const FAULTS_TOLD: usize = 500;

/// The headers a file in our own form has, in order.
pub const HEADERS: [&str; 16] = [
    "姓名",
    "证件号码",
    "费款所属期起",
    "费款所属期止",
    "养老单位应缴",
    "养老个人应缴",
    "医疗单位应缴",
    "医疗个人应缴",
    "失业单位应缴",
    "失业个人应缴",
    "工伤单位应缴",
    "生育单位应缴",
    "滞纳金",
    "利息",
    "单位缴费总金额",
    "备注",
];

/// A fault of a row.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BillRowFault {
    /// The row's number in the file.
    pub row: u32,
    /// What is wrong and what to do.
    pub finding: Finding,
}

/// What reading a bill file came to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BillImport {
    /// The bills stored, one a month; none when there are faults.
    pub bills: Vec<BillView>,
    /// Rows read.
    pub rows: i64,
    /// What is wrong, row by row.
    pub faults: Vec<BillRowFault>,
    /// How many faults in all.
    pub fault_count: i64,
    /// People the unit does not know; they are kept and show in the reconciliation.
    pub unknown_people: i64,
}

/// Reads a bill file of a region and stores it, replacing what was read before for the same months.
pub async fn import(actor: &Actor, db: &Db, region: RegionCode, file_name: &str, bytes: &[u8]) -> Result<BillImport, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let (rows, faults) = read(&read_sheet(bytes)?)?;
    if !faults.is_empty() {
        return Ok(BillImport {
            bills: Vec::new(),
            rows: rows.len() as i64,
            fault_count: faults.len() as i64,
            faults: faults.into_iter().take(FAULTS_TOLD).collect(),
            unknown_people: 0,
        });
    }
    let mut by_month: BTreeMap<Month, Vec<Parsed>> = BTreeMap::new();
    for row in rows {
        by_month.entry(row.month).or_default().push(row);
    }
    let mut outcome = BillImport {
        bills: Vec::new(),
        rows: by_month.values().map(|rows| rows.len() as i64).sum(),
        faults: Vec::new(),
        fault_count: 0,
        unknown_people: 0,
    };
    let mut tx = db.begin().await?;
    for (month, rows) in by_month {
        let (bill, unknown) = keep(&mut tx, employer_id, region, month, rows).await?;
        outcome.unknown_people += unknown;
        let name: String = file_name.chars().take(120).collect();
        let after = json!({ "file": name, "region": region, "month": month, "total_fen": bill.total });
        audit::record(&mut tx, actor, "bill.import", "bill", bill.id, None, Some(after)).await?;
        outcome.bills.push(bill.view(actor, clock::today()));
    }
    tx.commit().await?;
    Ok(outcome)
}

/// The key of what was read from files for a region and month: the same file again stands for itself.
fn key(employer_id: Uuid, region: RegionCode, month: Month) -> Uuid {
    let text = format!("bill-file:{employer_id}:{region}:{month}");
    let digest = standard::sm::sm3(text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

async fn keep(
    tx: &mut ::store::Tx,
    employer_id: Uuid,
    region: RegionCode,
    month: Month,
    rows: Vec<Parsed>,
) -> Result<(Bill, i64), Refusal> {
    let id = key(employer_id, region, month);
    tx.lock(&format!("bill:{id}")).await?;
    for table in ["employer_bill_line", "employer_bill_part"] {
        let sql = format!("DELETE FROM {table} WHERE employer_id = $1 AND order_id = $2");
        ::store::Query::execute(tx, &sql, args![employer_id, id]).await?;
    }
    ::store::Query::execute(
        tx,
        "DELETE FROM employer_bill WHERE employer_id = $1 AND id = $2",
        args![employer_id, id],
    )
    .await?;
    let db = tx.db().clone();
    let hashes: Vec<_> = rows.iter().map(|row| db.cipher().id_hash(&row.id_number)).collect();
    let known = employees(tx, employer_id, &hashes).await?;
    let mut sums = Amounts::default();
    let (mut late, mut unknown, mut lines) = (Money::ZERO, 0, Vec::with_capacity(rows.len()));
    for (number, (row, hash)) in (1i64..).zip(rows.into_iter().zip(hashes)) {
        let employee_id = known.get(&hash.0).copied();
        unknown += i64::from(employee_id.is_none());
        sums.add(&row.amounts)?;
        late = late.try_add(row.late)?;
        lines.push(Line {
            line: number,
            month,
            employee_id,
            name: row.name,
            id_masked: row.id_number.masked(),
            person_number: row.person_number,
            wage: None,
            amounts: row.amounts,
        });
    }
    let (employer, employee) = sums.totals()?;
    let total = employer.try_add(employee)?;
    let today = clock::today();
    let bill = Bill {
        id,
        order_number: format!("文件-{}-{}", region, month.yyyymm()),
        source: "file".to_string(),
        kind: OrderKind::Regular,
        region,
        month,
        filing_id: None,
        people: lines.len() as i64,
        parts: 1,
        parts_here: 1,
        total,
        employer,
        employee,
        paid: Money::ZERO,
        late_fee: Money::ZERO,
        suspense: Money::ZERO,
        refunded: Money::ZERO,
        open: total,
        state: BillState::Open,
        issued_on: today,
        due_on: month.next().first_day().saturating_add(jiff::Span::new().days(14)),
        pay_url: None,
        office: String::new(),
        days_late: None,
        late_fee_due: (!late.is_zero()).then_some(late),
        arrears_on: None,
        received_at: clock::now(),
    };
    store::put(tx, employer_id, &bill).await?;
    store::add_lines(tx, employer_id, id, &lines).await?;
    Ok((bill, unknown))
}

/// An empty bill file in our own form, to fill in by hand.
pub fn template(actor: &Actor) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let write = || -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("账单明细")?;
        for (column, header) in (0u16..).zip(HEADERS) {
            sheet.write_string(0, column, header)?;
            sheet.set_column_width(column, 16)?;
        }
        book.save_to_buffer()
    };
    write().map_err(Refusal::internal)
}
