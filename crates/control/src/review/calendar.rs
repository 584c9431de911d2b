//! The statutory term of a case in working days, with real holidays and 调休.

use serde::Serialize;
use standard::{Date, calendar};

/// A term as of today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Due {
    /// Last day of the term.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// Working days left after today; 0 on the last day, negative when overdue.
    pub remaining_working_days: i64,
    /// Whether the term has run out.
    pub overdue: bool,
    /// Whether it runs past the last published holiday calendar, so that only weekends were skipped.
    pub estimated: bool,
}

/// The term that ends on `due_on`, seen from `today`.
pub fn remaining(due_on: Date, estimated: bool, today: Date) -> Due {
    let remaining_working_days = calendar::remaining_working_days(today, due_on);
    Due {
        due_on,
        remaining_working_days,
        overdue: today > due_on,
        estimated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_working_days_over_a_make_up_saturday() {
        // 2025-10-11 is a Saturday worked in exchange for the National Day holiday.
        let due = Date::constant(2025, 10, 13);
        let check = |today: Date, left: i64, overdue: bool| {
            let seen = remaining(due, false, today);
            assert_eq!((seen.remaining_working_days, seen.overdue), (left, overdue), "{today}");
        };
        check(Date::constant(2025, 10, 9), 3, false);
        check(Date::constant(2025, 10, 13), 0, false);
        check(Date::constant(2025, 10, 15), -2, true);
    }
}
