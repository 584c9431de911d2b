//! 薪酬: pay components and their formulas, the pay run of a month, payslips, the bank file and the accounting entry.
//!
//! Gross and net are different types, so that one cannot stand for the other. A locked month is never overwritten: what
//! changes afterwards is paid by a difference run.

pub mod accounting;
mod amounts;
pub mod component;
pub mod components;
pub mod compute;
mod days;
mod deductions;
mod difference;
pub mod entry;
pub mod entry_view;
pub mod explain;
pub mod formula;
pub mod inputs;
pub mod law;
mod lines;
pub mod make;
pub mod mine;
pub mod payout;
pub mod payslip;
pub mod read;
pub mod run;
pub mod service;
pub mod sheet;
pub mod slip;
pub mod store;
pub mod view;

pub use amounts::{Gross, Net};
