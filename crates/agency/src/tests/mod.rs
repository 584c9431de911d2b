//! The stories of three agencies in one database.
#![allow(clippy::unwrap_used, missing_docs)]

mod accounts;
mod adjustments;
mod counter;
mod counter_enrolments;
mod declarations;
mod enrolments;
mod house;
mod month;
mod regions;
mod returns;
mod stops;
mod transfers;
mod undeclared;
mod withdrawals;
