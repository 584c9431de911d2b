//! 考勤: who was to work when, who came, what is leave and what is overtime; month by month, closed before payroll.
//! Time is whole minutes: of a day, or since 1970-01-01 00:00 in China. Nothing here is a float.
//!
//! `rule`, `plan`, `matching`, `day` and `month` decide and know no SQL; the rest reads in sets and writes.

pub mod anomaly;
pub mod close;
pub mod compute;
pub mod day;
mod flexible;
pub mod grid;
pub mod import;
pub mod leave;
pub mod matching;
pub mod mine;
pub mod month;
pub mod months;
pub mod person;
pub mod placement;
pub mod plan;
pub mod punch;
pub mod records;
pub mod rule;
pub mod settings;
pub mod summary;
pub mod time;
pub mod timetable;
pub mod worker;
