//! A small table as a bank or a clerk sends it: CSV in UTF-8 or GBK, or the first sheet of a workbook.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx};
use encoding_rs::GBK;
use standard::{Finding, Refusal};

/// What a workbook may unpack to.
const UNPACKED_BYTES_MAX: u64 = 100 << 20;
/// Columns beyond this are ignored.
const COLUMNS_MAX: usize = 64;

/// One cell: its text, or nothing when it is a formula or a fault, whose value depends on another program.
pub type Cell = Option<String>;

/// The rows of a file with their numbers in it, blank ones left out. Refuses `file_empty`, `file_kind_unknown`,
/// `file_encoding_unknown`, `file_not_table`, `workbook_unreadable`, `workbook_too_large` and `file_too_many_rows`.
pub fn rows(bytes: &[u8], rows_max: usize) -> Result<Vec<(i64, Vec<Cell>)>, Refusal> {
    let mut found = match bytes {
        [] => return Err(refuse("file_empty", "文件是空的。", "The file is empty.")),
        [b'P', b'K', 3, 4, ..] => workbook(bytes, rows_max)?,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            return Err(refuse(
                "file_kind_unknown",
                "文件格式不支持。请另存为 CSV（UTF-8 或 GBK）或 .xlsx。",
                "This kind of file is not read. Save it as CSV (UTF-8 or GBK) or .xlsx.",
            ));
        }
        _ => csv_rows(bytes, rows_max)?,
    };
    found.retain(|(_, cells)| cells.iter().any(|cell| cell.as_deref().is_none_or(|text| !text.trim().is_empty())));
    Ok(found)
}

fn refuse(rule: &str, zh: &str, en: &str) -> Refusal {
    Refusal::invalid(Finding::blocking(rule, zh, en))
}

fn too_many(rows_max: usize) -> Refusal {
    Refusal::too_large(
        "file_too_many_rows",
        format!("文件超过 {rows_max} 行。请拆分后分次导入。"),
        format!("The file has more than {rows_max} rows. Split it."),
    )
}

fn csv_rows(bytes: &[u8], rows_max: usize) -> Result<Vec<(i64, Vec<Cell>)>, Refusal> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => GBK
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(|| {
                refuse(
                    "file_encoding_unknown",
                    "文件编码既不是 UTF-8 也不是 GBK。请用 Excel 另存为“CSV UTF-8”后重试。",
                    "The file is neither in UTF-8 nor in GBK. Save it as “CSV UTF-8” and try again.",
                )
            })?
            .into_owned(),
    };
    if text.contains('\0') {
        return Err(refuse(
            "file_not_table",
            "文件不是可读的 CSV 表格。",
            "The file is not a readable CSV table.",
        ));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            refuse(
                "file_not_table",
                "文件不是可读的 CSV 表格。",
                "The file is not a readable CSV table.",
            )
            .detail(error)
        })?;
        if rows.len() > rows_max {
            return Err(too_many(rows_max));
        }
        let number = record.position().map_or(0, |at| i64::try_from(at.line()).unwrap_or(i64::MAX));
        rows.push((number, record.iter().take(COLUMNS_MAX).map(|cell| Some(cell.to_owned())).collect()));
    }
    Ok(rows)
}

fn workbook(bytes: &[u8], rows_max: usize) -> Result<Vec<(i64, Vec<Cell>)>, Refusal> {
    check_unpacked(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let sheet = book.sheet_names().first().cloned().ok_or_else(|| unreadable("no sheet"))?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(unreadable)?;
    let mut rows: Vec<(i64, Vec<Cell>)> = Vec::new();
    while let Some(found) = cells.next_cell_with_formula().map_err(unreadable)? {
        let (row, column) = found.pos;
        let (number, column) = (i64::from(row) + 1, column as usize);
        if column >= COLUMNS_MAX {
            continue;
        }
        if rows.last().is_none_or(|(last, _)| *last != number) {
            if rows.len() > rows_max {
                return Err(too_many(rows_max));
            }
            rows.push((number, Vec::new()));
        }
        let Some((_, row)) = rows.last_mut() else { continue };
        if row.len() <= column {
            row.resize(column + 1, Some(String::new()));
        }
        row[column] = if found.formula.is_some() { None } else { text(&found.value) };
    }
    Ok(rows)
}

fn text(value: &DataRef<'_>) -> Cell {
    Some(match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.chars().take(10).collect(),
        DataRef::Error(_) => return None,
        DataRef::Empty => String::new(),
    })
}

/// A workbook is a zip; what it says it unpacks to is bounded before anything is unpacked.
fn check_unpacked(bytes: &[u8]) -> Result<(), Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut total: u64 = 0;
    for index in 0..archive.len() {
        total = total.saturating_add(archive.by_index_raw(index).map_err(unreadable)?.size());
    }
    if total > UNPACKED_BYTES_MAX {
        return Err(Refusal::too_large(
            "workbook_too_large",
            "工作簿展开后过大，拒绝读取。",
            "The workbook unpacks to too much and is not read.",
        ));
    }
    Ok(())
}

fn unreadable(error: impl std::fmt::Display) -> Refusal {
    refuse(
        "workbook_unreadable",
        "Excel 文件无法读取，可能已损坏。请重新导出为 .xlsx 或 CSV。",
        "The workbook cannot be read; it may be damaged. Export it again as .xlsx or CSV.",
    )
    .detail(error)
}
