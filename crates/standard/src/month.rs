//! A calendar month: the 费款所属期 everything is counted in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Date, Finding, half_width};

/// A calendar month of the years 1 to 9999; written `2025-06`, stored as 202506.
///
/// Held as months since January of year 0, so that ordering and arithmetic are those of a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

const FIRST: i32 = 12;
const LAST: i32 = 9999 * 12 + 11;

impl Month {
    /// The first month there is, 0001-01.
    pub const MIN: Month = Month(FIRST);
    /// The last month there is, 9999-12.
    pub const MAX: Month = Month(LAST);

    /// The month of a year (1–9999) and a number (1–12).
    pub fn new(year: i32, month: u32) -> Result<Month, Finding> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
            return Err(unreadable());
        }
        Ok(Month(year * 12 + month as i32 - 1))
    }

    /// Reads `2025-06`, and the forms found in files: `202506`, `2025/6`, `2025.06`, `2025年6月`.
    pub fn parse(text: &str) -> Result<Month, Finding> {
        let text = half_width(text);
        let text = text.strip_suffix('月').unwrap_or(&text);
        let (year, month) = match text.split_once(['-', '/', '.', '年']) {
            Some(parts) => parts,
            None if text.len() == 6 && text.is_ascii() => text.split_at(4),
            None => return Err(unreadable()),
        };
        let number = |part: &str, length: std::ops::RangeInclusive<usize>| {
            let plain = length.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<u32>().ok()).flatten()
        };
        match (number(year, 4..=4), number(month, 1..=2)) {
            (Some(year), Some(month)) => Month::new(year as i32, month),
            _ => Err(unreadable()),
        }
    }

    /// The month a day lies in. Days before the year 1 count as 0001-01.
    pub fn of(date: Date) -> Month {
        let index = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
        Month(index.clamp(FIRST, LAST))
    }

    /// The year, 1 to 9999.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The number in the year, 1 to 12.
    pub const fn month(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        Date::new(self.year() as i16, self.month() as i8, 1).expect("a month of the years 1 to 9999 has a first day")
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// The month so many later (earlier when negative); stays at the ends of the range.
    #[must_use]
    pub const fn plus(self, months: i32) -> Month {
        let index = self.0.saturating_add(months);
        Month(if index < FIRST {
            FIRST
        } else if index > LAST {
            LAST
        } else {
            index
        })
    }

    /// Months from this one to the other: 0 to itself, 1 to the next, negative to an earlier one.
    pub const fn until(self, other: Month) -> i32 {
        other.0 - self.0
    }

    /// The next month.
    #[must_use]
    pub const fn next(self) -> Month {
        self.plus(1)
    }

    /// The month before.
    #[must_use]
    pub const fn previous(self) -> Month {
        self.plus(-1)
    }

    /// 202506.
    pub const fn yyyymm(self) -> i64 {
        self.year() as i64 * 100 + self.month() as i64
    }

    /// Reads 202506.
    pub fn from_yyyymm(number: i64) -> Result<Month, Finding> {
        let year = i32::try_from(number.div_euclid(100)).map_err(|_| unreadable())?;
        Month::new(year, number.rem_euclid(100) as u32)
    }
}

fn unreadable() -> Finding {
    Finding::blocking("month_format", "年月格式不正确", "The month is not readable")
        .remedy("请填写如 2025-06 的年月", "Enter a month such as 2025-06")
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Month({self})")
    }
}

impl FromStr for Month {
    type Err = Finding;
    fn from_str(text: &str) -> Result<Month, Finding> {
        Month::parse(text)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Month, D::Error> {
        let text = String::deserialize(deserializer)?;
        Month::parse(&text).map_err(|finding| serde::de::Error::custom(finding.message.en))
    }
}
