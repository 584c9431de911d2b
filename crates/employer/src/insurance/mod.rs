//! The employer's social insurance: the check before hiring (preflight), rosters, transfers and enrolment.

pub mod contact;
pub mod preflight;
pub mod roster;
