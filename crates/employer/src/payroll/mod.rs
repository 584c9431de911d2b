//! 薪酬: pay components and their formulas, the pay run of a month, payslips, the bank file and the accounting entry.
//!
//! Gross and net are different types, so that one cannot stand for the other. A locked month is never overwritten: what
//! changes afterwards is paid by a difference run.

mod amounts;
pub mod component;
pub mod compute;
mod days;
mod deductions;
pub mod formula;
pub mod inputs;
mod lines;
pub mod read;
pub mod slip;

pub use amounts::{Gross, Net};
