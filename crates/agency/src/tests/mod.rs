//! The stories of three agencies in one database.
#![allow(clippy::unwrap_used, missing_docs)]

mod adjustments;
mod enrolments;
mod house;
mod month;
mod regions;
mod returns;
mod transfers;
mod withdrawals;
