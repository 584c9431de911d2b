//! The columns of a machine's table, known by the heads the makers use: one row a punch, or a matrix of days.

use standard::{Date, Month, Refusal, half_width};

use super::super::time::date_of;
use super::{faulty, moment};
use crate::insurance::roster::sheet::RawRow;
use crate::insurance::roster::{Cell, Sheet};

/// Rows that may stand above the head.
const HEADER_WITHIN: usize = 12;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Number,
    Name,
    Moment,
    Day,
    Clock,
    Device,
}

fn known(head: &str) -> Option<Known> {
    Some(match head {
        "工号" | "员工编号" | "员工号" | "员工工号" | "考勤号码" | "考勤号" | "登记号码" | "登记号" | "人员编号" | "编号" | "userid"
        | "id" | "enno" | "no" => Known::Number,
        "姓名" | "员工姓名" | "人员姓名" | "名称" | "name" => Known::Name,
        "日期时间" | "打卡日期时间" | "考勤时间" | "刷卡时间" | "签到时间" | "出勤时间" | "datetime" => {
            Known::Moment
        }
        "日期" | "打卡日期" | "考勤日期" | "刷卡日期" | "date" => Known::Day,
        "时间" | "打卡时间" | "time" => Known::Clock,
        "机器号" | "设备号" | "设备" | "设备名称" | "考勤机" | "设备序列号" | "打卡设备" | "device" => {
            Known::Device
        }
        _ => return None,
    })
}

/// How the table is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Index of the head within the sheet's rows.
    pub header_index: usize,
    /// 工号.
    pub number: Option<usize>,
    /// 姓名.
    pub name: Option<usize>,
    /// 机器号.
    pub device: Option<usize>,
    /// Where the times are.
    pub times: Times,
}

/// Where the times are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Times {
    /// A day with a time in one cell.
    Moment(usize),
    /// A day and a time in two.
    Parts(usize, usize),
    /// A column a day.
    Matrix(Vec<(usize, Date)>),
}

fn plain(head: &str) -> String {
    half_width(head)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '_' | '-' | '.' | '/' | '\u{feff}'))
        .collect::<String>()
        .to_lowercase()
}

/// Finds the head and what its columns hold. `month` is taken for day columns that only say 1 to 31.
pub fn find(sheet: &Sheet, month: Option<Month>) -> Result<Layout, Refusal> {
    let mut nearest: Option<&'static str> = None;
    for (index, row) in sheet.rows.iter().take(HEADER_WITHIN).enumerate() {
        let heads: Vec<(usize, Known)> = row
            .cells
            .iter()
            .enumerate()
            .filter_map(|(at, cell)| Some((at, known(&plain(&cell.shown()))?)))
            .collect();
        let at = |wanted: Known| heads.iter().find(|(_, one)| *one == wanted).map(|(at, _)| *at);
        if at(Known::Number).is_none() && at(Known::Name).is_none() {
            continue;
        }
        let times = match (at(Known::Moment), at(Known::Day), at(Known::Clock)) {
            (_, Some(day), Some(clock)) => Some(Times::Parts(day, clock)),
            (Some(moment), _, _) => Some(Times::Moment(moment)),
            // Some makers head the whole moment 时间 or 打卡时间.
            (None, None, Some(clock)) => Some(Times::Moment(clock)),
            _ => matrix(sheet, index, row, month)?.map(Times::Matrix),
        };
        match times {
            Some(times) => {
                return Ok(Layout {
                    header_index: index,
                    number: at(Known::Number),
                    name: at(Known::Name),
                    device: at(Known::Device),
                    times,
                });
            }
            None => nearest = Some("打卡时间"),
        }
    }
    let missing = nearest.unwrap_or("工号或姓名");
    Err(faulty(
        "punches_column_missing",
        &format!("找不到必需的列：{missing}"),
        "the number or name of the employee, or the time, has no column",
        "请保留考勤机导出的表头，例如：考勤号码、姓名、日期时间",
        "keep the heads the machine exports, for example 考勤号码 姓名 日期时间",
    )
    .field("file")
    .into())
}

/// Day columns: full dates, month and day, or the day alone.
fn matrix(sheet: &Sheet, index: usize, row: &RawRow, month: Option<Month>) -> Result<Option<Vec<(usize, Date)>>, Refusal> {
    let mut columns = Vec::new();
    let mut bare = Vec::new();
    for (at, cell) in row.cells.iter().enumerate() {
        let shown = half_width(&cell.shown());
        let text = shown.trim().trim_end_matches(['日', '号']);
        if let Some(day) = text.parse::<i8>().ok().filter(|day| (1..=31).contains(day)) {
            bare.push((at, day));
        } else if let Some(date) = moment::date(cell) {
            columns.push((at, date));
        } else if let Some((_, day)) = text.split_once(['-', '/', '月']) {
            bare.extend(day.parse::<i8>().ok().filter(|day| (1..=31).contains(day)).map(|day| (at, day)));
        }
    }
    if columns.is_empty() && bare.is_empty() {
        return Ok(None);
    }
    if !bare.is_empty() {
        let month = month.or_else(|| stated(&sheet.rows[..index])).ok_or_else(|| {
            faulty(
                "punches_month_unknown",
                "按日排列的打卡表没有写明年月",
                "the table has a column a day but does not say of which month",
                "请在上传时选择月份，或在表格标题中写明，例如 2026-09-01 至 2026-09-30",
                "choose the month when uploading, or write it above the table",
            )
            .field("month")
        })?;
        let year = i16::try_from(month.year()).unwrap_or(i16::MAX);
        let number = i8::try_from(month.month()).unwrap_or(1);
        columns.extend(
            bare.into_iter()
                .filter_map(|(at, day)| Some((at, Date::new(year, number, day).ok()?))),
        );
    }
    columns.sort_unstable();
    Ok(Some(columns))
}

/// The month of the first day written above the head.
fn stated(above: &[RawRow]) -> Option<Month> {
    let cells = above.iter().flat_map(|row| &row.cells);
    cells.filter_map(first_day).next().map(Month::of)
}

fn first_day(cell: &Cell) -> Option<Date> {
    match cell {
        Cell::Day(day) => Some(*day),
        Cell::Moment(at) => Some(at.date()),
        Cell::Text(text) => {
            let text = half_width(text);
            let mut words = text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | '年' | '月')));
            words.find_map(|word| moment::moment(&Cell::Text(format!("{} 00:00", word.trim_end_matches(['-', '.'])))).map(date_of))
        }
        _ => None,
    }
}
