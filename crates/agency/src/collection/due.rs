//! 缴费截止日: until when an order may be paid without late fee.

use std::sync::LazyLock;

use jiff::civil::Weekday;
use serde::Deserialize;
use standard::calendar::is_working_day;
use standard::{Date, Month, RegionCode};

/// When orders of a month are due, from a month on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueRule {
    /// The region's code, or `*` for every region without a row of its own.
    pub region: String,
    /// The first 费款所属期 it counts for.
    pub from: Month,
    /// How many months after the 费款所属期.
    pub months_after: i32,
    /// The day of that month; the last day when the month is shorter.
    pub day: i8,
    /// An order issued late is due this many days after its issue at the earliest.
    pub days_after_issue_min: i64,
    /// Where the rule is from.
    pub source: String,
    /// Whether the source was checked.
    pub verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    due: Vec<DueRule>,
}

static RULES: LazyLock<Vec<DueRule>> = LazyLock::new(|| {
    let rules: Rules = toml::from_str(include_str!("due.toml")).expect("the file beside this one is read by a test");
    rules.due
});

/// The rule of `region` for `month`; the region's own before the default, the newest that has begun.
pub fn due_rule(region: RegionCode, month: Month) -> &'static DueRule {
    let code = region.to_string();
    let newest = |name: &str| {
        RULES
            .iter()
            .filter(|rule| rule.region == name && rule.from <= month)
            .max_by_key(|rule| rule.from)
    };
    newest(&code).or_else(|| newest("*")).unwrap_or(&RULES[0])
}

/// The last day to pay an order of `month` issued on `issued_on`.
pub fn due_on(region: RegionCode, month: Month, issued_on: Date) -> Date {
    let rule = due_rule(region, month);
    let in_month = month.plus(rule.months_after);
    let last = in_month.last_day();
    let by_rule = in_month.first_day().with().day(rule.day).build().unwrap_or(last);
    let earliest = issued_on
        .checked_add(jiff::Span::new().days(rule.days_after_issue_min))
        .unwrap_or(issued_on);
    let mut due = by_rule.max(earliest);
    // A year whose holidays are not announced yet counts weekends only.
    while !is_working_day(due).unwrap_or_else(|_| !matches!(due.weekday(), Weekday::Saturday | Weekday::Sunday)) {
        due = due.tomorrow().unwrap_or(Date::MAX);
    }
    due
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_day_is_the_fifteenth_after_the_month_or_ten_days_after_a_late_issue() {
        let check = |month: &str, issued: &str, due: &str| {
            let (month, issued): (Month, Date) = (month.parse().unwrap(), issued.parse().unwrap());
            assert_eq!(due_on(RegionCode::new(430_100).unwrap(), month, issued).to_string(), due);
        };
        check("2026-06", "2026-06-20", "2026-07-15");
        // 2026-08-15 is a Saturday.
        check("2026-07", "2026-07-20", "2026-08-17");
        check("2026-06", "2026-09-01", "2026-09-11");
    }
}
