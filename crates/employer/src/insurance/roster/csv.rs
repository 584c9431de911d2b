//! Reads .csv in UTF-8 (with or without mark), UTF-16 with mark, or GBK (read as its superset GB 18030).

use std::borrow::Cow;

use control::intake::{Lines, RowNumbers, separator};
use encoding_rs::{Encoding, GB18030, UTF_8};
use standard::Refusal;

use super::faults;
use super::sheet::{Cell, RawRow, Sheet};
use super::{MAX_COLUMNS, MAX_ROWS, MAX_TEXT_BYTES};

/// Title rows allowed above the people.
const ROWS_ABOVE: usize = 20;

/// Reads the text as a table; a row's number is the line it begins in.
pub fn read(bytes: &[u8]) -> Result<Sheet, Refusal> {
    let text = decode(bytes)?;
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(Lines::new(text.as_bytes()));
    let mut rows = Vec::new();
    let mut text_bytes = 0usize;
    let mut record = ::csv::StringRecord::new();
    let mut numbers = RowNumbers::default();
    while reader.read_record(&mut record).map_err(|_| faults::unknown_encoding())? {
        if record.len() > MAX_COLUMNS as usize {
            return Err(faults::too_many_columns());
        }
        text_bytes += record.as_slice().len();
        if text_bytes > MAX_TEXT_BYTES {
            return Err(faults::too_much_text());
        }
        let breaks = record.as_slice().bytes().filter(|byte| *byte == b'\n').count();
        let number = u32::try_from(numbers.next(reader.position().line(), breaks)).unwrap_or(u32::MAX);
        let cells: Vec<Cell> = record.iter().map(cell).collect();
        if cells.iter().all(Cell::is_empty) {
            continue;
        }
        if rows.len() >= MAX_ROWS + ROWS_ABOVE {
            return Err(faults::too_many_rows());
        }
        rows.push(RawRow { number, cells });
    }
    if rows.is_empty() {
        return Err(faults::file_empty());
    }
    Ok(Sheet {
        rows,
        by_lines: true,
        ..Sheet::default()
    })
}

/// A spreadsheet would run text that begins with an equals sign; we do not, and say so per cell.
fn cell(text: &str) -> Cell {
    if text.trim_start().starts_with(['=', '＝']) {
        return Cell::Formula(text.to_string());
    }
    Cell::text(text)
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return strict(encoding, &bytes[mark..]);
    }
    strict(UTF_8, bytes).or_else(|_| strict(GB18030, bytes))
}

fn strict<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, Refusal> {
    let text = encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(faults::unknown_encoding)?;
    // Control characters mean a picture or a program, whatever the bytes happen to decode to.
    let binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(binary) {
        return Err(faults::unknown_encoding());
    }
    Ok(text)
}
