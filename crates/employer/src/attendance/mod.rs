//! 考勤: who was to work when, who came, what is leave and what is overtime; month by month, closed before payroll.
//! Time is whole minutes: of a day, or since 1970-01-01 00:00 in China. Nothing here is a float.

pub mod summary;
