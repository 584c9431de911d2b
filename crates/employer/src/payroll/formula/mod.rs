//! Formulas of pay components: one expression over the figures of a person's month. Rhai parses and runs it with everything
//! taken away but names, arithmetic, comparisons and five functions; numbers are exact fractions ([`Number`]). Length,
//! depth and operations are bounded, so a formula cannot be slow, large or endless.

mod engine;
mod names;
mod number;

pub use engine::{Formula, FormulaFault};
pub use names::{Figure, Figures, FormulaName, names};
pub use number::{Fault, Number};

#[cfg(test)]
mod tests;
