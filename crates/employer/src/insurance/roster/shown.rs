//! What of a row's identity stands in the open beside its sealed cells: a name, and a masked number.

use standard::IdNumber;

use super::columns::{Column, Layout};
use super::day;
use super::row::Row;
use super::sheet::RawRow;
use crate::people::checks;

/// The name, as far as readable.
pub(super) fn shown_name(row: &Row, layout: &Layout) -> String {
    match &row.good {
        Some(good) => good.name.clone(),
        None => layout
            .position(Column::Name)
            .map(|at| row.raw.cell(at).shown().trim().chars().take(50).collect())
            .unwrap_or_default(),
    }
}

/// Even a number that was refused is never stored in the open: all but its ends is hidden.
pub(super) fn shown_id(row: &Row, layout: &Layout) -> String {
    if let Some(good) = &row.good {
        return good.id_number.masked();
    }
    let Some(at) = layout.position(Column::IdNumber) else {
        return String::new();
    };
    let shown = row.raw.cell(at).shown();
    match IdNumber::parse(&shown) {
        Ok(number) => number.masked(),
        Err(_) => mask_any(shown.trim()),
    }
}

/// 参保城市 by its name where it can be read, else as typed.
pub(super) fn shown_region(raw: &RawRow, layout: &Layout) -> String {
    let typed = layout.position(Column::Region).map(|at| raw.cell(at).shown()).unwrap_or_default();
    checks::city(&typed).map_or(typed, |region| region.name().to_string())
}

/// 入职日期 as a day where it can be read, else as typed.
pub(super) fn shown_day(raw: &RawRow, layout: &Layout) -> String {
    let Some(at) = layout.position(Column::HiredOn) else {
        return String::new();
    };
    day::read(raw.cell(at)).map_or_else(|_| raw.cell(at).shown(), |day| day.to_string())
}

fn mask_any(text: &str) -> String {
    let characters: Vec<char> = text.chars().take(30).collect();
    let last = characters.len().saturating_sub(2);
    characters
        .iter()
        .enumerate()
        .map(|(at, c)| if at < 3 || at >= last.max(3) { *c } else { '*' })
        .collect()
}
