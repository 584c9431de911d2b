//! The employer's social insurance: the check before hiring (preflight), rosters, transfers and enrolment.

mod amounts;
pub mod base;
pub mod contact;
pub mod deadlines;
pub mod enrolment;
pub mod preflight;
pub mod roster;
pub mod transfer;
