//! Turns a machine's table into punches: who by number or name, when by the minute; what cannot be read is reported.

use standard::{Month, Refusal};

use super::super::time::midnight;
use super::columns::{self, Layout, Times};
use super::{RowError, faulty, moment, reworded};
use crate::insurance::roster::sheet::RawRow;
use crate::insurance::roster::{Cell, read_sheet};

/// Most errors kept of one file.
pub const ERRORS_MAX: usize = 1_000;

/// One punch as the file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The row.
    pub row: u32,
    /// 工号, where the file has it.
    pub number: Option<i64>,
    /// 姓名, where the file has it.
    pub name: Option<String>,
    /// The minute.
    pub minute: i64,
    /// The machine.
    pub device: String,
}

/// A file as read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The punches.
    pub lines: Vec<Line>,
    /// Rows below the head.
    pub rows: i64,
    /// Rows that could not be read.
    pub errors: Vec<RowError>,
    /// How many these are, also beyond those kept.
    pub refused: i64,
}

impl Reading {
    /// Notes a refused row.
    pub fn refuse(&mut self, row: u32, finding: standard::Finding) {
        self.refused += 1;
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(RowError { row, finding });
        }
    }
}

/// Reads a file. `month` is that of a matrix whose columns only say the day.
pub fn read(bytes: &[u8], month: Option<Month>) -> Result<Reading, Refusal> {
    let sheet = read_sheet(bytes).map_err(reworded)?;
    let layout = columns::find(&sheet, month)?;
    let mut reading = Reading::default();
    for row in sheet.rows.iter().skip(layout.header_index + 1) {
        reading.rows += 1;
        if let Err(finding) = take(&mut reading, &layout, row) {
            reading.refuse(row.number, *finding);
        }
    }
    if reading.rows == 0 {
        return Err(faulty(
            "punches_no_rows",
            "表头下面没有任何打卡记录",
            "there is no punch below the head",
            "请确认导出的日期范围后重新上传",
            "check the exported days and upload again",
        )
        .field("file")
        .into());
    }
    Ok(reading)
}

fn take(reading: &mut Reading, layout: &Layout, row: &RawRow) -> Result<(), Box<standard::Finding>> {
    let cell = |at: Option<usize>| at.map_or(&Cell::Empty, |at| row.cell(at));
    let used = used_cells(layout, row);
    if used.iter().any(|cell| matches!(cell, Cell::Formula(_))) {
        return Err(Box::new(faulty(
            "punches_formula",
            "单元格是公式，未读取",
            "a cell is a formula and was not read",
            "请把公式粘贴为数值后重新上传",
            "paste formulas as values and upload again",
        )));
    }
    let (number, name) = who(cell(layout.number), cell(layout.name))?;
    let device: String = cell(layout.device).shown().trim().chars().take(50).collect();
    let unreadable = || {
        Box::new(faulty(
            "punches_time_unreadable",
            "打卡时间无法识别，或不是真实存在的时间",
            "the time cannot be read or does not exist",
            "请按 2026-09-01 08:30 的格式填写",
            "write it like 2026-09-01 08:30",
        ))
    };
    let mut minutes = Vec::new();
    match &layout.times {
        Times::Moment(at) => minutes.push(moment::moment(row.cell(*at)).ok_or_else(unreadable)?),
        Times::Parts(day, clock) => {
            let day = moment::date(row.cell(*day)).ok_or_else(unreadable)?;
            let clock = row.cell(*clock);
            // A cell may hold several times of the day.
            let clocks = moment::clocks(clock).filter(|all| !all.is_empty()).ok_or_else(unreadable)?;
            minutes.extend(clocks.into_iter().map(|clock| midnight(day) + clock));
        }
        Times::Matrix(columns) => {
            for (at, day) in columns {
                let clocks = moment::clocks(row.cell(*at)).ok_or_else(unreadable)?;
                minutes.extend(clocks.into_iter().map(|clock| midnight(*day) + clock));
            }
        }
    }
    reading.lines.extend(minutes.into_iter().map(|minute| Line {
        row: row.number,
        number,
        name: name.clone(),
        minute,
        device: device.clone(),
    }));
    Ok(())
}

fn used_cells<'a>(layout: &Layout, row: &'a RawRow) -> Vec<&'a Cell> {
    let mut places: Vec<usize> = [layout.number, layout.name, layout.device].into_iter().flatten().collect();
    match &layout.times {
        Times::Moment(at) => places.push(*at),
        Times::Parts(day, clock) => places.extend([*day, *clock]),
        Times::Matrix(columns) => places.extend(columns.iter().map(|(at, _)| *at)),
    }
    places.into_iter().map(|at| row.cell(at)).collect()
}

fn who(number: &Cell, name: &Cell) -> Result<(Option<i64>, Option<String>), Box<standard::Finding>> {
    let typed = standard::half_width(&number.shown());
    let typed = typed.trim();
    let parsed = typed.parse::<i64>().ok().filter(|number| *number > 0);
    if !typed.is_empty() && parsed.is_none() {
        return Err(Box::new(faulty(
            "punches_number_unreadable",
            "工号不是正整数",
            "the number is no positive whole number",
            "请核对考勤机中的工号，应与员工档案一致",
            "check the number in the machine against the employee's file",
        )));
    }
    let name: String = standard::half_width(&name.shown()).split_whitespace().collect();
    let name = Some(name).filter(|name| !name.is_empty());
    if parsed.is_none() && name.is_none() {
        return Err(Box::new(faulty(
            "punches_person_missing",
            "没有工号，也没有姓名",
            "there is neither a number nor a name",
            "请补上工号或姓名",
            "add the number or the name",
        )));
    }
    Ok((parsed, name))
}
