//! The employer's social insurance: the check before hiring (preflight), rosters, transfers and enrolment; and the month: bases, tasks,
//! stops, declarations, bills, payments, reconciliation, and what a change of law means for past months.

pub mod amounts;
pub mod base;
pub mod bill;
pub mod connected;
pub mod contact;
pub mod deadlines;
pub mod declaration;
pub mod enrolment;
pub mod export;
pub mod filing;
pub mod month;
pub mod payment;
pub mod preflight;
pub mod reconcile;
pub mod retro;
pub mod roster;
pub mod stop;
pub mod tasks;
pub mod transfer;
