//! 员工花名册 out to Excel.

use control::audit;
use control::identity::{Actor, Field, Permission, Visibility};
use rust_xlsxwriter::{Color, Format, Workbook, XlsxError};
use standard::{Finding, Refusal, Sex};
use store::Db;

use super::list::{self, Filter};
use super::store::Employee;
use super::terms::reason_of;
use crate::employer_of;

pub use super::sheet_in::{ImportOutcome, ImportRow, import, import_errors};

/// Employees read from the database at a time.
const PAGE: i64 = 5_000;
/// The row below the header holds the national indicator codes (社会保险业务指标).
const HEADER_ROWS: u32 = 2;

/// Columns of the sheet: key, header, national indicator code.
const COLUMNS: [(&str, &str, &str); 14] = [
    ("number", "工号", ""),
    ("name", "姓名", "AAC003"),
    ("id_number", "证件号码", "AAC147"),
    ("sex", "性别", "AAC004"),
    ("birth_date", "出生日期", "AAC006"),
    ("phone", "手机号码", "AAC067"),
    ("hired_on", "入职日期", "AJC050"),
    ("left_on", "离职日期", ""),
    ("region", "参保城市", "AAB301"),
    ("department", "部门", ""),
    ("position", "岗位", ""),
    ("wage", "月工资", "AAC040"),
    ("state", "状态", "AAC008"),
    ("household", "户籍所在地", "AAC010"),
];

/// The employees of a filter as a workbook. Needs the right to export; full ID numbers only for those who may reveal them, with a purpose.
pub async fn export(actor: &Actor, db: &Db, mut filter: Filter, columns: &[String], purpose: Option<&str>) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::EmployeeView)?;
    actor.require(Permission::DataExport)?;
    let employer_id = employer_of(actor)?;
    let purpose = reason_of(purpose)?;
    if purpose.is_some() {
        actor.require(Permission::RevealSensitive)?;
    }
    let chosen = chosen(columns, actor.sees(Field::Wage) == Visibility::Full)?;
    filter.limit = PAGE;
    let mut people = Vec::new();
    let mut q = db.read();
    loop {
        let (page, _) = list::list(&mut q, employer_id, &filter).await?;
        let done = (page.len() as i64) < PAGE;
        filter.below = page.last().map(|one| one.number);
        people.extend(page);
        if done {
            break;
        }
    }
    let open = purpose.is_some();
    let book = write(db, &people, &chosen, open)?;
    let what = purpose.unwrap_or_else(|| "花名册（证件号码已隐去）".to_string());
    let note = format!("{what}；{} 人", people.len());
    audit::access_alone(db, actor, "employee.export", "employer", employer_id, &note).await?;
    Ok(book)
}

fn chosen(columns: &[String], wages: bool) -> Result<Vec<usize>, Refusal> {
    for key in columns {
        if !COLUMNS.iter().any(|(known, _, _)| known == key) {
            return Err(Refusal::invalid(
                Finding::blocking("column_unknown", "没有这一列", "there is no such column").field("columns"),
            ));
        }
    }
    Ok((0..COLUMNS.len())
        .filter(|at| columns.is_empty() || columns.iter().any(|key| key == COLUMNS[*at].0))
        .filter(|at| wages || COLUMNS[*at].0 != "wage")
        .collect())
}

fn write(db: &Db, people: &[Employee], chosen: &[usize], open: bool) -> Result<Vec<u8>, Refusal> {
    let mut rows = Vec::with_capacity(people.len());
    for one in people {
        let values = chosen.iter().map(|at| value(db, one, COLUMNS[*at].0, open));
        rows.push(values.collect::<Result<Vec<String>, Refusal>>()?);
    }
    write_book(&rows, chosen).map_err(Refusal::internal)
}

fn value(db: &Db, e: &Employee, key: &str, open: bool) -> Result<String, Refusal> {
    Ok(match key {
        "number" => e.number.to_string(),
        "name" => e.name.clone(),
        "id_number" if open => e.id_number(db.cipher())?.reveal().to_string(),
        "id_number" => e.id_masked.clone(),
        "sex" => if e.sex == Sex::Male { "男" } else { "女" }.to_string(),
        "birth_date" => e.birth_date.to_string(),
        "phone" if open => e.phone(db.cipher())?.unwrap_or_default(),
        "phone" => e.phone_masked.clone().unwrap_or_default(),
        "hired_on" => e.hired_on.to_string(),
        "left_on" => e.left_on.map_or(String::new(), |day| day.to_string()),
        "region" => e.region.name().to_string(),
        "department" => e.department.clone(),
        "position" => e.position.clone(),
        "wage" => e.wage_fen.map_or(String::new(), standard::Money::to_yuan),
        "state" => e.state.zh().to_string(),
        "household" => e.household_region.map_or(String::new(), |region| region.name().to_string()),
        _ => String::new(),
    })
}

/// Everything is written as text: numbers of persons keep their digits, and nothing that begins with `=` becomes a formula.
fn write_book(rows: &[Vec<String>], chosen: &[usize]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("员工花名册")?;
    sheet.set_freeze_panes(HEADER_ROWS, 2)?;
    let head = Format::new().set_bold().set_background_color(Color::RGB(0x00DD_EBF7));
    let code = Format::new().set_font_color(Color::RGB(0x0080_8080));
    let money = Format::new().set_num_format("0.00");
    for (at, column) in (0_u16..).zip(chosen) {
        let (_, header, indicator) = COLUMNS[*column];
        sheet.write_string_with_format(0, at, header, &head)?;
        sheet.write_string_with_format(1, at, indicator, &code)?;
        sheet.set_column_width(at, 16)?;
    }
    for (row, values) in (HEADER_ROWS..).zip(rows) {
        for ((at, column), text) in (0_u16..).zip(chosen).zip(values) {
            match (COLUMNS[*column].0, text.parse::<f64>()) {
                // The one place an amount becomes a float: Excel has no other number, and two decimals survive it.
                ("wage", Ok(amount)) => sheet.write_number_with_format(row, at, amount, &money)?,
                _ => sheet.write_string(row, at, text)?,
            };
        }
    }
    book.save_to_buffer()
}
