//! One cell as a file gives it, whatever the file's kind.

use std::borrow::Cow;

/// A cell of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell<'a> {
    /// What it shows.
    pub text: Cow<'a, str>,
    /// What a workbook says it is; a CSV has text only.
    pub kind: Kind,
}

/// The kind of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    #[default]
    Text,
    /// A number; an ID number kept as one has lost its last digits.
    Number,
    /// Computed in the workbook, so its value depends on another program.
    Formula,
    /// `#N/A`, `#REF!` and their likes.
    Fault,
}

impl<'a> Cell<'a> {
    /// A cell of a CSV. A spreadsheet would run text that begins with an equals sign; here it is refused as the formula it is.
    pub fn of_csv(text: &'a str) -> Self {
        let kind = if text.trim_start().starts_with(['=', '＝']) {
            Kind::Formula
        } else {
            Kind::Text
        };
        Self { text: text.into(), kind }
    }
}
