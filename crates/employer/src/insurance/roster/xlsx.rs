//! Reads .xlsx with bounded work: sizes are measured before anything is parsed, and cells are streamed
//! because a single cell at the far corner of a sheet must not make us allocate the whole sheet.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use control::intake::{self, Bounds, PartsFault};
use standard::{Date, Refusal};

use super::faults;
use super::sheet::{Cell, RawRow, Sheet};
use super::{MAX_COLUMNS, MAX_ROWS, MAX_TEXT_BYTES, MAX_UNPACK_RATIO, MAX_UNPACKED_BYTES};

/// Header and title rows allowed above the people.
const ROWS_ABOVE: usize = 20;

/// What the parts of a workbook may come to.
const BOUNDS: Bounds = Bounds {
    unpacked: MAX_UNPACKED_BYTES,
    strings: MAX_UNPACKED_BYTES / 2,
    ratio: MAX_UNPACK_RATIO,
    ratio_from: 20 << 20,
};

/// Reads the sheets that hold anything, those on show before the hidden ones. Beyond the first, one that is too large to be
/// a table of people is given as far as it was read.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    intake::measure(Cursor::new(bytes), &BOUNDS).map_err(|fault| match fault {
        PartsFault::Broken(_) => faults::unreadable_workbook(),
        PartsFault::TooLarge => faults::zip_bomb(),
    })?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| faults::unreadable_workbook())?;
    let since_1904 = book.has_1904_epoch();
    let mut named: Vec<(bool, String)> = book
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.visible != SheetVisible::Visible, sheet.name.clone()))
        .collect();
    named.sort_by_key(|(hidden, _)| *hidden);
    let mut sheets = Vec::new();
    let mut room = MAX_TEXT_BYTES;
    for (hidden, name) in named {
        if hidden && !sheets.is_empty() {
            break;
        }
        let mut sheet = Sheet {
            name,
            since_1904,
            ..Sheet::default()
        };
        let read = read_sheet(&mut book, &mut sheet, &mut room);
        if sheets.is_empty() {
            read?;
        }
        if !sheet.rows.is_empty() {
            sheets.push(sheet);
        }
    }
    Ok(sheets)
}

fn read_sheet<R: Read + std::io::Seek>(book: &mut Xlsx<R>, sheet: &mut Sheet, room: &mut usize) -> Result<(), Refusal> {
    let Ok(mut reader) = book.worksheet_cells_reader(&sheet.name) else {
        // A chart sheet, or a sheet whose part is missing.
        return Ok(());
    };
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
        *room = room.checked_sub(weight(&cell)).ok_or_else(faults::too_much_text)?;
        place(&mut sheet.rows, row, column, cell)?;
    }
    Ok(())
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
