//! Going through the rows of a file, CSV or workbook, one at a time.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read, Seek};

use calamine::{DataRef, Reader, Sheet, SheetType, SheetVisible, Xlsx};
use control::intake::{self, Bounds, Lines, PartsFault, RowNumbers, separator};
use standard::{Finding, Refusal, half_width};

use super::cells::{Cell, Kind};
use super::source::Source;
use super::{FILE_BYTES_MAX, ROWS_MAX};

/// Takes a row: its number in the file as an editor or Excel shows it, its cells, and bytes read so far.
pub type TakeRow<'a> = dyn FnMut(u64, &[Cell<'_>], u64) -> Result<(), Refusal> + 'a;

/// Bytes looked at for the separator.
const HEAD_BYTES: u64 = 1 << 16;

/// Gives every row that is not blank to `take`. Of a workbook the first shown sheet with most of `headings` is read; the
/// names of further sheets that have them and rows below are answered, for nobody may think they were read. Refuses
/// `file_not_table`, `workbook_unreadable`, `workbook_too_large`, `file_encoding_unknown` and `file_too_many_rows`.
pub fn each_row(source: Source, headings: &[&str], take: &mut TakeRow<'_>) -> Result<Vec<String>, Refusal> {
    match source {
        Source::Csv(reader) => csv_rows(reader, take).map(|()| Vec::new()),
        Source::Xlsx(reader) => workbook_rows(reader, headings, take),
    }
}

fn csv_rows(reader: Box<dyn Read>, take: &mut TakeRow<'_>) -> Result<(), Refusal> {
    let mut lines = Lines::new(reader);
    let mut head = Vec::new();
    lines
        .by_ref()
        .take(HEAD_BYTES)
        .read_to_end(&mut head)
        .map_err(|error| csv_fault(&error.into()))?;
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&String::from_utf8_lossy(&head)))
        .from_reader(head.as_slice().chain(lines));
    let mut record = csv::StringRecord::new();
    let mut numbers = RowNumbers::default();
    let mut count = 0;
    while csv.read_record(&mut record).map_err(|error| csv_fault(&error))? {
        let breaks = record.as_slice().bytes().filter(|byte| *byte == b'\n').count();
        let row = numbers.next(csv.position().line(), breaks);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        check_count(&mut count)?;
        let cells: Vec<Cell<'_>> = record.iter().map(Cell::of_csv).collect();
        take(row, &cells, csv.position().byte())?;
    }
    Ok(())
}

fn csv_fault(error: &csv::Error) -> Refusal {
    let encoding = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => true,
        csv::ErrorKind::Io(io) => io.kind() == std::io::ErrorKind::InvalidData,
        _ => false,
    };
    let finding = if encoding {
        Finding::blocking(
            "file_encoding_unknown",
            "文件编码既不是 UTF-8 也不是 GBK。",
            "The file is neither in UTF-8 nor in GBK.",
        )
        .remedy("请用 Excel 另存为“CSV UTF-8”后重试", "Save it as “CSV UTF-8” and try again")
    } else {
        Finding::blocking(
            "file_not_table",
            "文件不是可读的 CSV 表格。",
            "The file is not a readable CSV table.",
        )
        .remedy(
            "请用 Excel 打开确认内容，另存为“CSV UTF-8”或 .xlsx",
            "Open it in Excel and save it as “CSV UTF-8” or .xlsx",
        )
    };
    Refusal::invalid(finding).detail(error)
}

fn check_count(count: &mut usize) -> Result<(), Refusal> {
    *count += 1;
    if *count > ROWS_MAX + 1 {
        return Err(Refusal::too_large(
            "file_too_many_rows",
            format!("文件超过 {ROWS_MAX} 行。请拆分后分次导入。"),
            format!("The file has more than {ROWS_MAX} rows. Split it."),
        ));
    }
    Ok(())
}

fn workbook_rows(reader: BufReader<File>, headings: &[&str], take: &mut TakeRow<'_>) -> Result<Vec<String>, Refusal> {
    let mut book: Xlsx<_> = Xlsx::new(measured(reader)?).map_err(workbook_fault)?;
    let worksheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let (shown, hidden): (Vec<&Sheet>, Vec<&Sheet>) = worksheets.partition(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = shown.iter().chain(&hidden).map(|sheet| sheet.name.clone()).collect();
    let shown = shown.len();
    let (mut headed, mut bare, mut filled) = (Vec::new(), None, None);
    for (at, name) in names.iter().enumerate() {
        let (known, rows) = top_of(&mut book, name, headings)?;
        if at < shown && known * 2 > headings.len() {
            if rows > 1 {
                headed.push(name.clone());
            } else {
                bare.get_or_insert(name);
            }
        }
        if rows > 0 && filled.is_none() {
            filled = Some(name);
        }
    }
    let read = headed.first().or(bare).or(filled).or(names.first()).cloned();
    let read = read.ok_or_else(|| workbook_fault("no sheet"))?;
    sheet_rows(&mut book, &read, take)?;
    Ok(headed.into_iter().filter(|name| *name != read).collect())
}

/// How many of `headings` a sheet's first row has, and how many of its first two rows there are.
fn top_of(book: &mut Xlsx<BufReader<File>>, sheet: &str, headings: &[&str]) -> Result<(usize, usize), Refusal> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(workbook_fault)?;
    let (mut known, mut rows, mut number) = (0, 0, None);
    while let Some(found) = cells.next_cell_with_formula().map_err(workbook_fault)? {
        let cell = cell(&found.value, found.formula.is_some());
        let text = half_width(&cell.text);
        if text.is_empty() && cell.kind == Kind::Text {
            continue;
        }
        if number.replace(found.pos.0) != Some(found.pos.0) {
            rows += 1;
        }
        if rows > 1 {
            break;
        }
        known += usize::from(headings.contains(&text.as_str()));
    }
    Ok((known, rows))
}

fn sheet_rows(book: &mut Xlsx<BufReader<File>>, sheet: &str, take: &mut TakeRow<'_>) -> Result<(), Refusal> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(workbook_fault)?;
    let mut row: Vec<Cell<'_>> = Vec::new();
    let mut number = 0;
    let mut count = 0;
    let mut give = |number: u32, row: &mut Vec<Cell<'_>>| {
        let blank = row.iter().all(|cell| cell.text.trim().is_empty() && cell.kind == Kind::Text);
        let answer = if blank {
            Ok(())
        } else {
            check_count(&mut count).and_then(|()| take(u64::from(number) + 1, row, 0))
        };
        row.clear();
        answer
    };
    while let Some(found) = cells.next_cell_with_formula().map_err(workbook_fault)? {
        let (at, column) = found.pos;
        if at != number {
            give(number, &mut row)?;
            number = at;
        }
        let column = column as usize;
        if column >= COLUMNS_MAX {
            continue;
        }
        if row.len() <= column {
            row.resize(column + 1, Cell::default());
        }
        row[column] = cell(&found.value, found.formula.is_some());
    }
    give(number, &mut row)
}

/// Columns beyond this are ignored, so that one stray cell cannot widen every row.
const COLUMNS_MAX: usize = 256;

fn cell(value: &DataRef<'_>, formula: bool) -> Cell<'static> {
    let (text, kind): (Cow<'static, str>, Kind) = match value {
        DataRef::Int(number) => (number.to_string().into(), Kind::Number),
        DataRef::Float(number) => (number.to_string().into(), Kind::Number),
        DataRef::String(text) => (text.clone().into(), Kind::Text),
        DataRef::SharedString(text) => ((*text).to_owned().into(), Kind::Text),
        DataRef::Bool(yes) => (yes.to_string().into(), Kind::Text),
        DataRef::DateTime(moment) => {
            let (year, month, ..) = moment.to_ymd_hms_milli();
            (format!("{year:04}-{month:02}").into(), Kind::Number)
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => (text.chars().take(7).collect::<String>().into(), Kind::Text),
        DataRef::Error(_) => ("".into(), Kind::Fault),
        DataRef::Empty => ("".into(), Kind::Text),
    };
    Cell {
        text,
        kind: if formula { Kind::Formula } else { kind },
    }
}

/// A real sheet packs to a tenth or so.
const BOUNDS: Bounds = Bounds {
    unpacked: FILE_BYTES_MAX,
    strings: FILE_BYTES_MAX / 4,
    ratio: 250,
    ratio_from: 20 << 20,
};

fn measured(mut reader: BufReader<File>) -> Result<BufReader<File>, Refusal> {
    intake::measure(&mut reader, &BOUNDS).map_err(|fault| match fault {
        PartsFault::Broken(detail) => workbook_fault(detail),
        PartsFault::TooLarge => Refusal::too_large(
            "workbook_too_large",
            "工作簿解压后的体积异常庞大（超过 1 GB，或超过压缩体积的 250 倍），拒绝读取。",
            "The workbook unpacks to an abnormal size (over 1 GB, or over 250 times its packed size) and is not read.",
        )
        .remedy(
            "请把数据复制到新的工作簿，或另存为 CSV 后重新导入",
            "Copy the rows into a new workbook, or save them as CSV",
        ),
    })?;
    reader.rewind().map_err(workbook_fault)?;
    Ok(reader)
}

fn workbook_fault(error: impl std::fmt::Display) -> Refusal {
    Refusal::invalid(
        Finding::blocking(
            "workbook_unreadable",
            "Excel 文件无法读取，可能已损坏。",
            "The workbook cannot be read; it may be damaged.",
        )
        .remedy("请重新导出为 .xlsx 或 CSV", "Export it again as .xlsx or CSV"),
    )
    .detail(error)
}
