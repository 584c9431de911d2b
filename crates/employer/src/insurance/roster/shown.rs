//! What of a row's identity stands in the open beside its sealed cells: a name, and a masked number.

use standard::IdNumber;

use super::columns::{Column, Layout};
use super::row::Row;

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

fn mask_any(text: &str) -> String {
    let characters: Vec<char> = text.chars().take(30).collect();
    let last = characters.len().saturating_sub(2);
    characters
        .iter()
        .enumerate()
        .map(|(at, c)| if at < 3 || at >= last.max(3) { *c } else { '*' })
        .collect()
}
