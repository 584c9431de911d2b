//! A table as it was uploaded: rows with their numbers, cells with what they show. No meaning yet.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use standard::Date;

/// One cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing, or only blanks.
    #[default]
    Empty,
    /// Text as typed.
    Text(String),
    /// A number as its shortest decimal text ("8000.5"); kept as text so that nothing is rounded here.
    Number(String),
    /// A calendar day.
    Day(Date),
    /// A day with a time of day; a time alone stands on a day before 1901, as Excel counts.
    Moment(DateTime),
    /// 是/否.
    Bool(bool),
    /// A formula, with the value it last showed. Never evaluated, never trusted.
    Formula(String),
    /// An Excel error value such as `#N/A`.
    Error(String),
}

impl Cell {
    /// A text cell, or `Empty` if only blanks.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    /// What the cell shows.
    pub fn shown(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(t) | Cell::Number(t) | Cell::Formula(t) | Cell::Error(t) => t.clone(),
            Cell::Day(day) => day.to_string(),
            Cell::Moment(moment) => moment.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Cell::Bool(true) => "是".to_string(),
            Cell::Bool(false) => "否".to_string(),
        }
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawRow {
    /// The row's number in the file, counted from 1 as Excel does.
    pub number: u32,
    /// Its cells; trailing empty cells may be absent.
    pub cells: Vec<Cell>,
}

impl RawRow {
    /// The cell of a column, `Empty` beyond the row's end.
    pub fn cell(&self, column: usize) -> &Cell {
        const NOTHING: &Cell = &Cell::Empty;
        self.cells.get(column).unwrap_or(NOTHING)
    }
}

/// The rows that hold anything, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// The sheet's name in its workbook; empty for a CSV.
    pub name: String,
    /// Non-empty rows by ascending number.
    pub rows: Vec<RawRow>,
    /// Rows are numbered by the lines of a text they begin in.
    pub by_lines: bool,
    /// The workbook counts days from 1904: a bare number in it means another day than elsewhere.
    pub since_1904: bool,
}
