//! Reads .xlsx with bounded work: sizes are measured before anything is parsed, and cells are streamed
//! because a single cell at the far corner of a sheet must not make us allocate the whole sheet.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use standard::{Date, Refusal};

use super::faults;
use super::sheet::{Cell, RawRow, Sheet};
use super::{MAX_COLUMNS, MAX_ROWS, MAX_TEXT_BYTES, MAX_UNPACK_RATIO, MAX_UNPACKED_BYTES};

/// Below this size a high ratio is harmless (small parts of one repeated style compress well).
const RATIO_MATTERS_BYTES: u64 = 20 * 1024 * 1024;
/// Header and title rows allowed above the people.
const ROWS_ABOVE: usize = 20;

/// Reads the first sheet that holds anything.
pub fn read(bytes: &[u8]) -> Result<Sheet, Refusal> {
    measure(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| faults::unreadable_workbook())?;
    for name in book.sheet_names() {
        let sheet = read_sheet(&mut book, &name)?;
        if !sheet.rows.is_empty() {
            return Ok(sheet);
        }
    }
    Err(faults::file_empty())
}

/// Unpacks every part into nothing, counting. The sizes a zip declares can lie; these cannot.
fn measure(bytes: &[u8]) -> Result<(), Refusal> {
    let broken = |_| faults::unreadable_workbook();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut total = 0u64;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| faults::unreadable_workbook())?;
        let packed = part.compressed_size().max(1);
        let room = MAX_UNPACKED_BYTES - total;
        let unpacked = std::io::copy(&mut part.take(room + 1), &mut std::io::sink()).map_err(|_| faults::unreadable_workbook())?;
        if unpacked > room || (unpacked > RATIO_MATTERS_BYTES && unpacked / packed > MAX_UNPACK_RATIO) {
            return Err(faults::zip_bomb());
        }
        total += unpacked;
    }
    Ok(())
}

fn read_sheet<R: Read + std::io::Seek>(book: &mut Xlsx<R>, name: &str) -> Result<Sheet, Refusal> {
    let Ok(mut reader) = book.worksheet_cells_reader(name) else {
        // A chart sheet, or a sheet whose part is missing.
        return Ok(Sheet::default());
    };
    let mut rows: Vec<RawRow> = Vec::new();
    let mut text_bytes = 0usize;
    while let Some(record) = reader
        .next_cell_with_formula_metadata()
        .map_err(|_| faults::unreadable_workbook())?
    {
        let mut cell = value(&record.value);
        if record.formula.is_some() {
            cell = Cell::Formula(cell.shown());
        }
        if cell.is_empty() {
            continue;
        }
        let (row, column) = record.pos;
        if column >= MAX_COLUMNS {
            return Err(faults::too_many_columns());
        }
        text_bytes += weight(&cell);
        if text_bytes > MAX_TEXT_BYTES {
            return Err(faults::too_much_text());
        }
        place(&mut rows, row, column, cell)?;
    }
    Ok(Sheet { rows })
}

/// Puts a cell in its row. Cells come row by row; one that jumps back belongs to a forged file.
fn place(rows: &mut Vec<RawRow>, row: u32, column: u32, cell: Cell) -> Result<(), Refusal> {
    let number = row.saturating_add(1);
    match rows.last() {
        Some(last) if last.number > number => return Err(faults::unreadable_workbook()),
        Some(last) if last.number == number => {}
        _ => {
            if rows.len() >= MAX_ROWS + ROWS_ABOVE {
                return Err(faults::too_many_rows());
            }
            rows.push(RawRow { number, cells: Vec::new() });
        }
    }
    if let Some(last) = rows.last_mut() {
        let column = column as usize;
        if last.cells.len() <= column {
            last.cells.resize(column + 1, Cell::Empty);
        }
        last.cells[column] = cell;
    }
    Ok(())
}

fn weight(cell: &Cell) -> usize {
    match cell {
        Cell::Text(t) | Cell::Formula(t) | Cell::Number(t) | Cell::Error(t) => t.len(),
        Cell::Day(_) | Cell::Moment(_) | Cell::Bool(_) | Cell::Empty => 1,
    }
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) => Cell::Number(number.to_string()),
        DataRef::String(text) => Cell::text(text.clone()),
        DataRef::SharedString(text) => Cell::text(*text),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let number = || Cell::Number(moment.as_f64().to_string());
            calendar_day(year, month, day).map_or_else(number, |day| match time_of_day(hour, minute, second) {
                None => Cell::Day(day),
                Some(time) => Cell::Moment(day.to_datetime(time)),
            })
        }
        DataRef::DateTime(duration) => Cell::Number(duration.as_f64().to_string()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::text(text.clone()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

fn calendar_day(year: u16, month: u8, day: u8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A time other than midnight, which Excel cannot tell from a bare day.
fn time_of_day(hour: u8, minute: u8, second: u8) -> Option<jiff::civil::Time> {
    let part = |number: u8| i8::try_from(number).ok();
    let time = jiff::civil::Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    (time != jiff::civil::Time::midnight()).then_some(time)
}
