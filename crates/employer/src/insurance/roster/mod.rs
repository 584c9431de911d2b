//! Rosters (新员工名单): a table of new hires is read, every cell is weighed, the nationwide check runs for all,
//! and the answer is the same table with a verdict beside each row.

mod actable;
mod acts;
pub mod check;
pub mod columns;
pub mod csv;
pub mod day;
pub mod faults;
pub mod job;
pub mod known;
pub mod row;
pub mod service;
pub mod sheet;
mod shown;
pub mod store;
pub mod view;
pub mod workbook;
pub mod xlsx;

use standard::{Finding, Refusal};

use columns::Layout;
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
/// The kind is told by the content, never by the name. Of a workbook it is the first sheet on show that holds anything.
pub fn read_sheet(bytes: &[u8]) -> Result<Sheet, Refusal> {
    read_sheets(bytes)?.into_iter().next().ok_or_else(faults::file_empty)
}

/// A roster as it was found in a file.
#[derive(Debug)]
pub struct Found {
    /// The table of people.
    pub sheet: Sheet,
    /// Its columns.
    pub layout: Layout,
    /// Names of further sheets with people, which are not read.
    pub unread: Vec<String>,
}

impl Found {
    fn has_people(&self) -> bool {
        self.sheet.rows.len() > self.layout.header_index + 1
    }

    /// What there is to say of the file as a whole.
    pub fn notes(&self) -> Vec<Finding> {
        let unread = (!self.unread.is_empty()).then(|| faults::sheets_unread(&self.unread));
        unread.into_iter().collect()
    }
}

/// The first sheet with people whose header is a roster's: a page of instructions may stand before it.
pub fn read_roster(bytes: &[u8]) -> Result<Found, Refusal> {
    let mut refused = None;
    let mut found: Option<Found> = None;
    for sheet in read_sheets(bytes)? {
        match columns::find_layout(&sheet) {
            Ok(layout) => {
                let this = Found {
                    sheet,
                    layout,
                    unread: Vec::new(),
                };
                match &mut found {
                    Some(first) if first.has_people() => first.unread.extend(this.has_people().then_some(this.sheet.name)),
                    other => *other = Some(this),
                }
            }
            // Of several sheets without the columns the first says what is missing.
            Err(refusal) => drop(refused.get_or_insert(refusal)),
        }
    }
    found.ok_or_else(|| refused.unwrap_or_else(faults::file_empty))
}

fn read_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
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
    csv::read(bytes).map(|sheet| vec![sheet])
}
