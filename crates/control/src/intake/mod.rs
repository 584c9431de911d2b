//! Files people hand in, before their rows have a meaning: rows numbered as an editor numbers its lines, separators told,
//! and the parts of a workbook measured before anything is parsed.

mod lines;
mod parts;

pub use lines::{Lines, RowNumbers, separator};
pub use parts::{Bounds, PartsFault, measure};
