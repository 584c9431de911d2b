//! Working days: the State Council's yearly notices of days off and make-up working days.
//!
//! The data is that of the package chinese-days 1.5.7 (MIT, see `data/chinese-days.LICENSE`).

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Date, Finding};

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayType {
    /// A working day from Monday to Friday.
    Workday,
    /// 调休上班: a weekend day worked in exchange for a day off; the holiday's name.
    MakeUpWorkday(&'static str),
    /// A weekend day.
    RestDay,
    /// A day off of the notice: the holiday's name, and whether it is one of the statutory days that earn 300 %
    /// (《全国年节及纪念日放假办法》第二条, 《劳动法》第四十四条).
    Holiday {
        /// 元旦, 春节, 清明, 劳动节, 端午, 中秋, 国庆节….
        name: &'static str,
        /// One of the 11 (until 2024) or 13 (from 2025) statutory days.
        statutory: bool,
    },
}

impl DayType {
    /// `workday`, `rest_day` or `holiday`; a make-up working day is a `workday`.
    pub const fn name(self) -> &'static str {
        match self {
            DayType::Workday | DayType::MakeUpWorkday(_) => "workday",
            DayType::RestDay => "rest_day",
            DayType::Holiday { .. } => "holiday",
        }
    }

    /// True on days that are worked.
    pub const fn is_working(self) -> bool {
        matches!(self, DayType::Workday | DayType::MakeUpWorkday(_))
    }

    /// True on the days that earn 300 %.
    pub const fn is_statutory(self) -> bool {
        matches!(self, DayType::Holiday { statutory: true, .. })
    }
}

/// A day counted in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Deadline {
    /// The last day of the period.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// True when part of the period lies in a year whose notice is not out: weekends were taken as the only days off.
    pub estimated: bool,
}

static NOTICES: LazyLock<HashMap<Date, DayType>> = LazyLock::new(|| {
    let mut days = HashMap::new();
    for line in include_str!("../data/calendar.txt").lines() {
        let mut words = line.splitn(3, ' ');
        let (Some(date), Some(kind), Some(name)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let Ok(date) = date.parse::<Date>() else { continue };
        let day = match kind {
            "work" => DayType::MakeUpWorkday(name),
            kind => DayType::Holiday {
                name,
                statutory: kind == "statutory",
            },
        };
        days.insert(date, day);
    }
    days
});

/// The first year whose notice is encoded.
pub const FIRST_YEAR: i16 = 2004;
/// The last year whose notice is encoded.
pub const LAST_YEAR: i16 = 2026;

fn encoded(date: Date) -> bool {
    (FIRST_YEAR..=LAST_YEAR).contains(&date.year())
}

/// The day by the notices alone where there is one, else by the weekday.
fn lookup(date: Date) -> DayType {
    NOTICES.get(&date).copied().unwrap_or(match date.weekday() {
        Weekday::Saturday | Weekday::Sunday => DayType::RestDay,
        _ => DayType::Workday,
    })
}

/// What a day is; refused in years whose notice is not encoded.
pub fn day_type(date: Date) -> Result<DayType, Finding> {
    if encoded(date) { Ok(lookup(date)) } else { Err(not_encoded(date)) }
}

/// True when the day is worked; refused in years whose notice is not encoded.
pub fn is_working_day(date: Date) -> Result<bool, Finding> {
    day_type(date).map(DayType::is_working)
}

/// The n-th working day after the given day, which itself is not counted (《民法典》第二百零一条).
/// With n = 0 the day itself. In years without a notice weekends are the only days off and the answer says so.
pub fn add_working_days(date: Date, days: u32) -> Deadline {
    let mut day = date;
    let mut left = days;
    let mut estimated = false;
    while left > 0 {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
        estimated |= !encoded(day);
        left -= u32::from(lookup(day).is_working());
    }
    Deadline { date: day, estimated }
}

/// Working days from one day to another, both counted; 0 when the second is earlier.
/// Refused when any of them lies in a year whose notice is not encoded.
pub fn working_days(from: Date, to: Date) -> Result<i64, Finding> {
    if from > to {
        return Ok(0);
    }
    for end in [from, to] {
        if !encoded(end) {
            return Err(not_encoded(end));
        }
    }
    Ok(count(from, to))
}

/// Working days left after `today` until `due`: 0 on the day itself, negative once it has passed.
/// In years without a notice weekends are the only days off.
pub fn remaining_working_days(today: Date, due: Date) -> i64 {
    let after = |date: Date| date.tomorrow().unwrap_or(date);
    if today <= due {
        count(after(today), due)
    } else {
        -count(after(due), today)
    }
}

fn count(from: Date, to: Date) -> i64 {
    let days = from.series(jiff::Span::new().days(1)).take_while(|day| *day <= to);
    let working = days.filter(|day| lookup(*day).is_working()).count();
    i64::try_from(working).unwrap_or(i64::MAX)
}

fn not_encoded(date: Date) -> Finding {
    let year = date.year();
    Finding::blocking(
        "calendar_not_encoded",
        format!("{year}年的放假安排尚未收录（已收录{FIRST_YEAR}至{LAST_YEAR}年）"),
        format!("The days off of {year} are not encoded ({FIRST_YEAR} to {LAST_YEAR} are)"),
    )
    .remedy("请更新系统的节假日数据", "Update the system's calendar data")
}
