//! The sheets we give back: the template, the result (same rows, same order, three columns more) and
//! the rows to be corrected, with the error beside the cell.

use rust_xlsxwriter::{ColNum, Color, Format, Note, RowNum, Workbook, Worksheet, XlsxError};
use standard::Refusal;

use super::check::RowResult;
use super::columns::{self, Column, Layout};
use super::row::Roster;
use super::sheet::{Cell, RawRow};
use crate::insurance::preflight::Verdict;

/// The columns a result sheet adds.
pub const RESULT_HEADERS: [&str; 3] = ["结果", "原参保地", "说明"];
/// The columns an error sheet adds: what is wrong, and the row of the roster it was found in.
pub const ERROR_HEADERS: [&str; 2] = ["错误原因", "原行号"];
/// Excel holds at most this many characters in a cell.
const CELL_CHARS: usize = 32_767;

/// A header and what stands above it, as needed to write the same table again.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Rows above the header.
    pub above: &'a [RawRow],
    /// The header row's number, counted from 1.
    pub header_number: u32,
    /// The columns.
    pub layout: &'a Layout,
}

impl<'a> From<&'a Roster> for Frame<'a> {
    fn from(roster: &'a Roster) -> Frame<'a> {
        Frame {
            above: &roster.above,
            header_number: roster.header_number,
            layout: &roster.layout,
        }
    }
}

/// The roster with its results. `rows` and `results` go together one by one.
pub fn result<'a>(frame: Frame<'_>, rows: impl Iterator<Item = (&'a RawRow, &'a RowResult)>) -> Result<Vec<u8>, Refusal> {
    write_result(frame, rows).map_err(Refusal::internal)
}

fn write_result<'a>(frame: Frame<'_>, rows: impl Iterator<Item = (&'a RawRow, &'a RowResult)>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_low_memory()?;
    let style = Style::new();
    let rows: Vec<_> = rows.collect();
    let at = placed(frame.layout, &RESULT_HEADERS, rows.iter().map(|(raw, _)| *raw));
    prepare(sheet, frame.layout, &style)?;
    for (index, width) in [14.0, 18.0, 80.0].into_iter().enumerate() {
        sheet.set_column_width(at[index], width)?;
    }
    let mut last = 0;
    // The lines of a text become rows one below the other: its blank lines are nobody's.
    let mut place = |number: u32| {
        last = if frame.layout.by_lines { last + 1 } else { number };
        last
    };
    for row in frame.above {
        write_cells(sheet, place(row.number), &row.cells, &[], &style)?;
    }
    let frame = Frame {
        header_number: place(frame.header_number),
        ..frame
    };
    let head: Vec<(ColNum, String)> = at.iter().copied().zip(RESULT_HEADERS.map(String::from)).collect();
    write_header(sheet, frame, &head, &style)?;
    for (raw, result) in rows {
        let added = [
            (at[0], result.verdict.zh().to_string()),
            (at[1], result.from_names()),
            (at[2], result.explanation()),
        ];
        let number = place(raw.number);
        write_cells(sheet, number, &raw.cells, &added, &style)?;
        let row = number - 1;
        sheet.write_string_with_format(row, at[0], result.verdict.zh(), style.verdict(result.verdict))?;
    }
    book.save_to_buffer()
}

/// Only the rows that need correcting, one below the other, so that the sheet can be mended and uploaded again.
pub fn errors<'a>(frame: Frame<'_>, rows: impl Iterator<Item = (&'a RawRow, &'a RowResult)>) -> Result<Vec<u8>, Refusal> {
    write_errors(frame, rows).map_err(Refusal::internal)
}

fn write_errors<'a>(frame: Frame<'_>, rows: impl Iterator<Item = (&'a RawRow, &'a RowResult)>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let style = Style::new();
    let wrong: Vec<_> = rows.filter(|(_, result)| result.verdict == Verdict::BadData).collect();
    let at = placed(frame.layout, &ERROR_HEADERS, wrong.iter().map(|(raw, _)| *raw));
    prepare(sheet, frame.layout, &style)?;
    sheet.set_column_width(at[0], 60)?;
    let frame = Frame {
        above: &[],
        header_number: 1,
        layout: frame.layout,
    };
    let head: Vec<(ColNum, String)> = at.iter().copied().zip(ERROR_HEADERS.map(String::from)).collect();
    write_header(sheet, frame, &head, &style)?;
    for (number, (raw, result)) in (2u32..).zip(wrong) {
        let added = [(at[0], result.explanation()), (at[1], raw.number.to_string())];
        write_cells(sheet, number, &raw.cells, &added, &style)?;
        mark_cells(sheet, number - 1, raw, frame.layout, result, &style)?;
    }
    book.save_to_buffer()
}

/// Red fill and a note on each faulty cell.
fn mark_cells(
    sheet: &mut Worksheet,
    row: RowNum,
    raw: &RawRow,
    layout: &Layout,
    result: &RowResult,
    style: &Style,
) -> Result<(), XlsxError> {
    for column in columns::ALL {
        let Some(at) = layout.position(column) else { continue };
        let about: Vec<String> = result
            .findings
            .iter()
            .filter(|advice| advice.finding.field.as_deref() == Some(column.field()))
            .map(|advice| match &advice.finding.remedy {
                Some(remedy) => format!("{}。{}", advice.finding.message.zh, remedy.zh),
                None => advice.finding.message.zh.clone(),
            })
            .collect();
        if about.is_empty() {
            continue;
        }
        let at = column_number(at);
        sheet.write_string_with_format(row, at, clip(&raw.cell(usize::from(at)).shown()), &style.wrong)?;
        sheet.insert_note(row, at, &Note::new(about.join("\n")).add_author_prefix(false))?;
    }
    Ok(())
}

/// An empty roster to fill in, with a page that explains each column.
pub fn template() -> Result<Vec<u8>, Refusal> {
    write_template().map_err(Refusal::internal)
}

fn write_template() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let style = Style::new();
    let sheet = book.add_worksheet();
    sheet.set_name("新员工名单")?;
    sheet.set_freeze_panes(1, 1)?;
    for (at, column) in columns::ALL.into_iter().enumerate() {
        let at = column_number(at);
        sheet.write_string_with_format(0, at, column.header(), &style.header)?;
        sheet.set_column_width(at, 20)?;
        match column {
            Column::IdNumber | Column::Phone => sheet.set_column_format(at, &style.text)?,
            Column::HiredOn => sheet.set_column_format(at, &style.day)?,
            _ => sheet,
        };
    }
    let help = book.add_worksheet();
    help.set_name("填写说明")?;
    help.set_column_width(0, 14)?.set_column_width(1, 8)?.set_column_width(2, 70)?;
    for (at, head) in ["列", "必填", "说明"].into_iter().enumerate() {
        help.write_string_with_format(0, column_number(at), head, &style.header)?;
    }
    for (row, column) in (1u32..).zip(columns::ALL) {
        let (needed, note) = explained(column);
        help.write_string(row, 0, column.header())?;
        help.write_string(row, 1, if needed { "是" } else { "否" })?;
        help.write_string(row, 2, note)?;
    }
    book.save_to_buffer()
}

fn explained(column: Column) -> (bool, &'static str) {
    match column {
        Column::Name => (true, "与身份证一致，2 至 50 个字"),
        Column::IdNumber => (true, "18 位公民身份号码，按文本填写（本列已设为文本格式）"),
        Column::Phone => (false, "11 位手机号码，或带区号的固定电话"),
        Column::HiredOn => (true, "如 2026-12-01；不得早于 16 周岁，不得晚于一年以后"),
        Column::Region => (true, "参保城市，如 长沙、武汉、北京"),
        Column::Department => (false, "不超过 60 个字"),
        Column::Position => (false, "不超过 60 个字"),
        Column::Wage => (false, "税前月工资（元），大于 0，最多两位小数"),
    }
}

struct Style {
    header: Format,
    text: Format,
    day: Format,
    wrong: Format,
    good: Format,
    attention: Format,
}

impl Style {
    fn new() -> Style {
        let fill = |colour: u32, font: u32| {
            Format::new()
                .set_background_color(Color::RGB(colour))
                .set_font_color(Color::RGB(font))
        };
        Style {
            header: Format::new().set_bold().set_background_color(Color::RGB(0x00DD_EBF7)),
            text: Format::new().set_num_format("@"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            wrong: fill(0x00FF_C7CE, 0x009C_0006),
            good: fill(0x00C6_EFCE, 0x0000_6100),
            attention: fill(0x00FF_EB9C, 0x007F_4F00),
        }
    }

    fn verdict(&self, verdict: Verdict) -> &Format {
        match verdict {
            Verdict::Direct => &self.good,
            Verdict::NeedsTransfer | Verdict::Unanswered => &self.attention,
            Verdict::BadData => &self.wrong,
        }
    }
}

/// Where the added columns go: over those of an earlier sheet of ours, or after the last cell of any row, so that nothing of
/// the roster is written over and who looks a header up finds ours last.
fn placed<'a>(layout: &Layout, headers: &[&str], rows: impl Iterator<Item = &'a RawRow>) -> Vec<ColNum> {
    let widest = rows.map(|row| row.cells.len()).max().unwrap_or_default();
    let first = layout.headers_at(headers).unwrap_or_else(|| layout.headers.len().max(widest));
    (first..).take(headers.len()).map(column_number).collect()
}

fn column_number(at: usize) -> ColNum {
    ColNum::try_from(at).expect("the reader bounds the number of columns")
}

fn prepare(sheet: &mut Worksheet, layout: &Layout, style: &Style) -> Result<(), XlsxError> {
    for column in [Column::IdNumber, Column::Phone] {
        if let Some(at) = layout.position(column) {
            sheet.set_column_format(column_number(at), &style.text)?;
            sheet.set_column_width(column_number(at), 22)?;
        }
    }
    if let Some(at) = layout.position(Column::HiredOn) {
        sheet.set_column_width(column_number(at), 12)?;
    }
    Ok(())
}

fn write_header(sheet: &mut Worksheet, frame: Frame<'_>, added: &[(ColNum, String)], style: &Style) -> Result<(), XlsxError> {
    let row = frame.header_number - 1;
    for (at, header) in frame.layout.headers.iter().enumerate() {
        let at = column_number(at);
        if !header.is_empty() && !added.iter().any(|(place, _)| *place == at) {
            sheet.write_string_with_format(row, at, clip(header), &style.header)?;
        }
    }
    for (at, header) in added {
        sheet.write_string_with_format(row, *at, header, &style.header)?;
    }
    Ok(())
}

/// Writes a row as it was. Text stays text: nothing that begins with an equals sign becomes a formula.
fn write_cells(sheet: &mut Worksheet, number: u32, cells: &[Cell], added: &[(ColNum, String)], style: &Style) -> Result<(), XlsxError> {
    let row = number - 1;
    for (at, cell) in cells.iter().enumerate() {
        let at = column_number(at);
        if added.iter().any(|(place, _)| *place == at) {
            continue;
        }
        match cell {
            Cell::Empty => {}
            Cell::Number(shown) => match shown.parse::<f64>() {
                Ok(number) => drop(sheet.write_number(row, at, number)?),
                Err(_) => drop(sheet.write_string(row, at, clip(shown))?),
            },
            Cell::Day(day) => match rust_xlsxwriter::ExcelDateTime::parse_from_str(&day.to_string()) {
                Ok(moment) => drop(sheet.write_datetime_with_format(row, at, &moment, &style.day)?),
                Err(_) => drop(sheet.write_string(row, at, day.to_string())?),
            },
            Cell::Bool(yes) => drop(sheet.write_boolean(row, at, *yes)?),
            Cell::Text(_) | Cell::Moment(_) | Cell::Formula(_) | Cell::Error(_) => {
                sheet.write_string(row, at, clip(&cell.shown()))?;
            }
        }
    }
    for (at, text) in added {
        if !text.is_empty() {
            sheet.write_string(row, *at, clip(text))?;
        }
    }
    Ok(())
}

fn clip(text: &str) -> String {
    text.chars().take(CELL_CHARS).collect()
}
