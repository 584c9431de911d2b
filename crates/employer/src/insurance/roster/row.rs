//! From cells to a person: every cell is weighed by its rule, and all faults of a row are told at once.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use standard::{Date, Finding, IdNumber, Money, RegionCode};

use super::columns::{Column, Layout};
use super::sheet::{Cell, RawRow, Sheet};
use super::{MAX_ROWS, faults};
use crate::insurance::connected;
use crate::people::checks;
use standard::Refusal;

/// A person whose every cell could be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GoodRow {
    /// 姓名, blanks removed.
    pub name: String,
    /// 证件号码.
    pub id_number: IdNumber,
    /// 手机号码, digits only.
    pub phone: Option<String>,
    /// 入职日期.
    pub hired_on: Date,
    /// 参保城市.
    pub region: RegionCode,
    /// 部门.
    pub department: Option<String>,
    /// 岗位.
    pub position: Option<String>,
    /// 月工资.
    pub wage_fen: Option<Money>,
}

/// One person's row after weighing.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The row as uploaded.
    pub raw: RawRow,
    /// The person, if every cell could be read and nothing is impossible.
    pub good: Option<GoodRow>,
    /// What is wrong, each with the column's field name.
    pub faults: Vec<Finding>,
}

/// A roster whose header is understood and whose rows are weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Roster {
    /// Rows above the header, kept for the result sheet.
    pub above: Vec<RawRow>,
    /// The header row's number in the file.
    pub header_number: u32,
    /// The columns.
    pub layout: Layout,
    /// The people, in the file's order.
    pub rows: Vec<Row>,
}

/// Weighs a whole sheet.
pub fn weigh(sheet: Sheet, layout: Layout, today: Date) -> Result<Roster, Refusal> {
    let mut above = sheet.rows;
    if let (true, Some(at)) = (sheet.since_1904, layout.position(Column::HiredOn)) {
        // Set right before anything is kept: the result sheet counts from 1900 like every other.
        for cell in above
            .iter_mut()
            .skip(layout.header_index + 1)
            .filter_map(|row| row.cells.get_mut(at))
        {
            if let Some(day) = super::day::since_1904(cell) {
                *cell = Cell::Day(day);
            }
        }
    }
    let people = above.split_off((layout.header_index + 1).min(above.len()));
    let header = above.pop().ok_or_else(faults::file_empty)?;
    if people.is_empty() {
        return Err(faults::no_rows());
    }
    if people.len() > MAX_ROWS {
        return Err(faults::too_many_rows());
    }
    let mut first_seen: HashMap<String, u32> = HashMap::new();
    let rows = people
        .into_iter()
        .map(|raw| {
            let mut row = weigh_row(raw, &layout, today);
            if let Some(finding) = repeated(&row, &mut first_seen) {
                row.faults.push(finding);
                row.good = None;
            }
            row
        })
        .collect();
    Ok(Roster {
        above,
        header_number: header.number,
        layout,
        rows,
    })
}

/// The first row of a number stands; later ones are refused with a pointer to it.
fn repeated(row: &Row, first_seen: &mut HashMap<String, u32>) -> Option<Finding> {
    let good = row.good.as_ref()?;
    let number = good.id_number.reveal().to_string();
    let first = *first_seen.entry(number).or_insert(row.raw.number);
    (first != row.raw.number).then(|| {
        Finding::blocking(
            "duplicate_row",
            format!("证件号码与第 {first} 行重复"),
            format!("the same ID number as row {first}"),
        )
        .field(Column::IdNumber.field())
        .remedy(
            "同一员工只保留一行；若为两人，请核对证件号码",
            "keep one row per person; if they are two people, check the number",
        )
    })
}

/// Weighs one row by itself.
pub fn weigh_row(raw: RawRow, layout: &Layout, today: Date) -> Row {
    let mut reader = RowReader {
        raw: &raw,
        layout,
        faults: Vec::new(),
    };
    let name = reader.needed(Column::Name, |cell| checks::name(&text(cell)?));
    let id_number = reader.needed(Column::IdNumber, id_number);
    let hired_on = reader.needed(Column::HiredOn, super::day::read);
    let region = reader.needed(Column::Region, |cell| checks::city(&text(cell)?).and_then(connected::check));
    let phone = reader.allowed(Column::Phone, |cell| checks::phone(&text(cell)?));
    let department = reader.allowed(Column::Department, |cell| checks::label(&cell.shown()));
    let position = reader.allowed(Column::Position, |cell| checks::label(&cell.shown()));
    let wage_fen = reader.allowed(Column::Wage, wage);
    if let (Some(id_number), Some(hired_on)) = (&id_number, hired_on) {
        let impossible = checks::hire_date(id_number, hired_on, today);
        reader.faults.extend(impossible.into_iter().filter(Finding::is_blocking));
    }
    let mut faults = reader.faults;
    let person = || {
        Some(GoodRow {
            name: name?,
            id_number: id_number?,
            phone,
            hired_on: hired_on?,
            region: region?,
            department,
            position,
            wage_fen,
        })
    };
    let good = if faults.is_empty() { person() } else { None };
    faults.shrink_to_fit();
    Row { raw, good, faults }
}

struct RowReader<'a> {
    raw: &'a RawRow,
    layout: &'a Layout,
    faults: Vec<Finding>,
}

impl RowReader<'_> {
    fn needed<T>(&mut self, column: Column, read: impl FnOnce(&Cell) -> Result<T, Finding>) -> Option<T> {
        let at = self.layout.position(column)?;
        if self.raw.cell(at).is_empty() {
            let header = column.header();
            self.faults.push(
                Finding::blocking(
                    format!("{}_missing", column.field()),
                    format!("{header}没有填写"),
                    format!("{} is empty", column.field()),
                )
                .field(column.field())
                .remedy(format!("请填写{header}"), "fill it in"),
            );
            return None;
        }
        self.read(column, at, read)
    }

    fn allowed<T>(&mut self, column: Column, read: impl FnOnce(&Cell) -> Result<T, Finding>) -> Option<T> {
        let at = self.layout.position(column)?;
        if self.raw.cell(at).is_empty() {
            return None;
        }
        self.read(column, at, read)
    }

    fn read<T>(&mut self, column: Column, at: usize, read: impl FnOnce(&Cell) -> Result<T, Finding>) -> Option<T> {
        let cell = self.raw.cell(at);
        let outcome = match cell {
            Cell::Formula(_) => Err(formula(column)),
            Cell::Error(_) => Err(error_value(column)),
            cell => read(cell),
        };
        match outcome {
            Ok(value) => Some(value),
            Err(finding) => {
                self.faults.push(finding.field(column.field()));
                None
            }
        }
    }
}

fn formula(column: Column) -> Finding {
    Finding::blocking(
        "formula_cell",
        format!("{}是公式，系统不执行公式，也不采用其缓存值", column.header()),
        format!("{} is a formula; formulas are neither run nor trusted", column.field()),
    )
    .remedy(
        "请复制该列，选择性粘贴为“数值”后重新上传",
        "copy the column, paste it as values, and upload again",
    )
}

fn error_value(column: Column) -> Finding {
    Finding::blocking(
        "error_cell",
        format!("{}是 Excel 错误值", column.header()),
        format!("{} holds an Excel error value", column.field()),
    )
    .remedy("请改为实际内容", "replace it by the real content")
}

/// The text of a cell, whatever Excel thought it was.
fn text(cell: &Cell) -> Result<String, Finding> {
    Ok(standard::half_width(&cell.shown()))
}

/// Excel keeps 15 digits of a number; an 18-digit ID number typed as a number has lost its last three.
fn id_number(cell: &Cell) -> Result<IdNumber, Finding> {
    if let Cell::Number(shown) = cell
        && shown.len() > 15
    {
        return Err(Finding::blocking(
            "id_number_as_number",
            "证件号码被 Excel 存成了数值，末几位已丢失",
            "Excel stored the ID number as a number and its last digits are lost",
        )
        .remedy(
            "请把该列设为“文本”格式，重新录入完整号码",
            "format the column as text and type the whole number again",
        ));
    }
    IdNumber::parse(&cell.shown())
}

fn wage(cell: &Cell) -> Result<Money, Finding> {
    match cell {
        Cell::Number(shown) => checks::wage(&without_float_dust(shown)),
        Cell::Day(_) | Cell::Moment(_) | Cell::Bool(_) => Err(checks::wage_unreadable()),
        cell => checks::wage(&text(cell)?),
    }
}

/// A binary fraction such as 8000.100000000001 is 8000.10 to whoever typed it: digits beyond the
/// sixth decimal are dust of the file format, never typed.
fn without_float_dust(shown: &str) -> String {
    let Some((_, decimals)) = shown.split_once('.') else {
        return shown.to_string();
    };
    match shown.parse::<f64>() {
        Ok(number) if decimals.len() > 6 => format!("{number:.6}").trim_end_matches('0').trim_end_matches('.').to_string(),
        _ => shown.to_string(),
    }
}
