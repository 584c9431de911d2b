//! Rosters (新员工名单): a table of new hires is read, every cell is weighed, the nationwide check runs for all,
//! and the answer is the same table with a verdict beside each row.

pub mod check;
pub mod columns;
pub mod csv;
pub mod day;
pub mod faults;
pub mod job;
pub mod row;
pub mod service;
pub mod sheet;
mod shown;
pub mod store;
pub mod view;
pub mod workbook;
pub mod xlsx;

use standard::Refusal;

pub use row::{GoodRow, Row};
pub use sheet::{Cell, Sheet};

/// Largest file taken, in bytes. A hundred thousand rows take about a third of this.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// Most rows of people in one roster.
pub const MAX_ROWS: usize = 100_000;
/// Most columns a roster may have.
pub const MAX_COLUMNS: u32 = 200;
/// Most text in all cells together, in bytes.
pub const MAX_TEXT_BYTES: usize = 100 * 1024 * 1024;
/// Most bytes the parts of a workbook may unpack to.
pub const MAX_UNPACKED_BYTES: u64 = 300 * 1024 * 1024;
/// A part that unpacks to more than this multiple of its packed size is a bomb (once it is large at all).
pub const MAX_UNPACK_RATIO: u64 = 250;

/// Reads a roster file of any accepted kind: .xlsx, or .csv in UTF-8, UTF-16 or GBK.
/// The kind is told by the content, never by the name.
pub fn read_sheet(bytes: &[u8]) -> Result<Sheet, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(faults::file_too_large(bytes.len()));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(faults::file_empty());
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return xlsx::read(bytes);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(faults::old_excel());
    }
    csv::read(bytes)
}
