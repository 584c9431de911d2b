//! Reads a calendar day from a cell: a real date, or one of the ways people type dates.

use standard::{Date, Finding};

use super::sheet::Cell;

/// Reads a day. A time of day after it is ignored.
pub fn read(cell: &Cell) -> Result<Date, Finding> {
    match cell {
        Cell::Day(day) => Ok(*day),
        Cell::Moment(moment) => Ok(moment.date()),
        Cell::Number(number) => from_number(number).ok_or_else(unreadable),
        Cell::Text(text) => from_text(text).ok_or_else(unreadable),
        _ => Err(unreadable()),
    }
}

/// Reads a day from typed text, as the forms do.
pub fn from_text(text: &str) -> Option<Date> {
    let text = standard::half_width(text);
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return from_number(day);
    }
    let mut parts = day.trim_end_matches(['日', '号']).split(['-', '/', '.', '年', '月']);
    let (year, month, date) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    civil(year, month, date)
}

/// Days between Excel's two ways of counting them.
const DAYS_1900_TO_1904: i64 = 1_462;

/// The day a bare number stands for in a workbook that counts from 1904; none when it is no count of days.
pub fn since_1904(cell: &Cell) -> Option<Date> {
    let Cell::Number(number) = cell else { return None };
    let days: i64 = number.split('.').next()?.parse().ok()?;
    (10_000 - DAYS_1900_TO_1904..=100_000)
        .contains(&days)
        .then(|| excel_epoch().checked_add(jiff::Span::new().days(days + DAYS_1900_TO_1904)).ok())?
}

/// A number is either written 20251013 or is Excel's count of days since the end of 1899.
fn from_number(number: &str) -> Option<Date> {
    let whole: i64 = number.split('.').next()?.parse().ok()?;
    match whole {
        19_000_101..=21_991_231 if number.len() == 8 => civil(&number[..4], &number[4..6], &number[6..]),
        // From 1927 to 2173; below it, a two-digit slip is likelier than a date.
        10_000..=100_000 => excel_epoch().checked_add(jiff::Span::new().days(whole)).ok(),
        _ => None,
    }
}

/// Excel counts a 29 February 1900 that never was, so for later days its zero is 1899-12-30.
fn excel_epoch() -> Date {
    jiff::civil::date(1899, 12, 30)
}

fn civil(year: &str, month: &str, day: &str) -> Option<Date> {
    let digits = |text: &str| text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if !(digits(year) && digits(month) && digits(day)) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn unreadable() -> Finding {
    Finding::blocking(
        "hired_on_unreadable",
        "入职日期无法识别，或不是真实存在的日期",
        "the hire date cannot be read or does not exist",
    )
    .remedy("请按 2026-01-15 的格式填写", "write it like 2026-01-15")
}
