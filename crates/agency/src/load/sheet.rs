//! Going through the rows of a file, CSV or workbook, one at a time.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read, Seek};

use calamine::{DataRef, Reader, Xlsx};
use standard::{Finding, Refusal};

use super::cells::{Cell, Kind};
use super::source::Source;
use super::{FILE_BYTES_MAX, ROWS_MAX};

/// Takes a row: its number in the file (heading 1), its cells, and bytes read so far.
pub type TakeRow<'a> = dyn FnMut(u64, &[Cell<'_>], u64) -> Result<(), Refusal> + 'a;

/// Gives every row that is not blank to `take`. Refuses `file_not_table`, `workbook_unreadable`,
/// `workbook_too_large`, `file_encoding_unknown` and `file_too_many_rows`.
pub fn each_row(source: Source, take: &mut TakeRow<'_>) -> Result<(), Refusal> {
    match source {
        Source::Csv(reader) => csv_rows(reader, take),
        Source::Xlsx(reader) => workbook_rows(reader, take),
    }
}

fn csv_rows(reader: Box<dyn Read>, take: &mut TakeRow<'_>) -> Result<(), Refusal> {
    let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
    let mut record = csv::StringRecord::new();
    let mut count = 0;
    while csv.read_record(&mut record).map_err(|error| csv_fault(&error))? {
        let (row, bytes) = record.position().map_or((0, 0), |at| (at.line(), at.byte()));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        check_count(&mut count)?;
        let cells: Vec<Cell<'_>> = record.iter().map(Cell::text).collect();
        take(row, &cells, bytes)?;
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

fn workbook_rows(reader: BufReader<File>, take: &mut TakeRow<'_>) -> Result<(), Refusal> {
    let reader = check_unpacked_size(reader)?;
    let mut book: Xlsx<_> = Xlsx::new(reader).map_err(workbook_fault)?;
    let sheet = book.sheet_names().first().cloned().ok_or_else(|| workbook_fault("no sheet"))?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(workbook_fault)?;
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

/// A workbook is a zip; what it says it unpacks to is bounded before anything is unpacked.
fn check_unpacked_size(mut reader: BufReader<File>) -> Result<BufReader<File>, Refusal> {
    let mut archive = zip::ZipArchive::new(&mut reader).map_err(workbook_fault)?;
    let mut total: u64 = 0;
    for index in 0..archive.len() {
        total = total.saturating_add(archive.by_index_raw(index).map_err(workbook_fault)?.size());
    }
    if total > FILE_BYTES_MAX {
        return Err(Refusal::too_large(
            "workbook_too_large",
            "工作簿展开后超过 1 GB，拒绝读取。",
            "The workbook unpacks to more than 1 GB and is not read.",
        ));
    }
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
