//! Reads days, times and moments as machines and spreadsheets write them, without a float.

use standard::{Date, half_width};

use super::super::punch::read_clock;
use super::super::time::{DAY, midnight};
use crate::insurance::roster::{Cell, day};

/// A day with a time, in minutes since 1970-01-01 00:00 in China.
pub fn moment(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Moment(at) if at.year() > 1901 => Some(midnight(at.date()) + i64::from(at.hour()) * 60 + i64::from(at.minute())),
        // Excel cannot tell midnight from a bare day.
        Cell::Day(day) => Some(midnight(*day)),
        Cell::Number(number) => {
            let minutes = serial_minutes(number)?;
            let date = day::read(cell).ok()?;
            Some(midnight(date) + minutes)
        }
        Cell::Text(text) => {
            let text = half_width(text);
            let (day, time) = text.trim().split_once([' ', 'T'])?;
            Some(midnight(day::from_text(day)?) + clock_text(time.trim())?)
        }
        _ => None,
    }
}

/// A day alone.
pub fn date(cell: &Cell) -> Option<Date> {
    day::read(cell).ok()
}

/// Minutes of a time of day alone.
pub fn clock(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Moment(at) => Some(i64::from(at.hour()) * 60 + i64::from(at.minute())),
        Cell::Number(number) => serial_minutes(number),
        Cell::Text(text) => {
            let text = half_width(text);
            let time = text.trim();
            // Some machines repeat the day before the time.
            clock_text(time.rsplit([' ', 'T']).next().unwrap_or(time))
        }
        _ => None,
    }
}

fn clock_text(time: &str) -> Option<i64> {
    let (time, later) = match time.to_ascii_uppercase() {
        t if t.ends_with("PM") => (t.trim_end_matches("PM").trim().to_string(), true),
        t => (t.trim_end_matches("AM").trim().to_string(), false),
    };
    let minutes = read_clock(&time)?;
    Some(if later && minutes < 720 { minutes + 720 } else { minutes })
}

/// Minutes of the day in an Excel serial number (`46266.3736` or `0.3736`), from its decimal text.
fn serial_minutes(number: &str) -> Option<i64> {
    let fraction = number.split_once('.').map_or("", |(_, fraction)| fraction);
    let digits: String = fraction.chars().take(12).collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let scale = 10_i128.pow(u32::try_from(digits.len()).ok()?);
    let parts: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    // Rounded to the second first: 08:58:00 is stored as 0.37361111…
    let seconds = (parts * 86_400 + scale / 2) / scale;
    i64::try_from(seconds / 60).ok().filter(|minutes| *minutes < DAY)
}

/// Every `8:05` or `08:05` in a cell of a day matrix, also where a machine writes them without a gap.
pub fn clocks(cell: &Cell) -> Option<Vec<i64>> {
    if let Cell::Moment(_) | Cell::Number(_) = cell {
        return clock(cell).map(|one| vec![one]);
    }
    let Cell::Text(text) = cell else { return Some(Vec::new()) };
    let text = half_width(text);
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b':' {
            at += 1;
            continue;
        }
        let digit = |index: usize| bytes.get(index).filter(|b| b.is_ascii_digit()).map(|b| i64::from(b - b'0'));
        let ones = at.checked_sub(1).and_then(digit)?;
        let tens = at.checked_sub(2).and_then(digit).unwrap_or(0);
        let minute = digit(at + 1)? * 10 + digit(at + 2)?;
        let hour = tens * 10 + ones;
        if hour >= 24 || minute >= 60 {
            return None;
        }
        found.push(hour * 60 + minute);
        at += 3;
        // Seconds after it belong to the same time.
        if bytes.get(at) == Some(&b':') && digit(at + 1).is_some() && digit(at + 2).is_some() {
            at += 3;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_as_machines_write_them() {
        let text = |text: &str| Cell::Text(text.to_string());
        let nine = midnight("2026-09-01".parse().unwrap()) + 540;
        for cell in [
            text("2026-09-01 09:00:30"),
            text("2026/9/1 9:00"),
            text("2026-09-01T09:00:00"),
            text("2026-9-1 9:00:00 AM"),
            Cell::Number("46266.375".into()),
        ] {
            assert_eq!(moment(&cell), Some(nine), "{cell:?}");
        }
        assert_eq!(moment(&text("2026-09-31 09:00")), None);
        assert_eq!(moment(&text("2026-09-01 25:00")), None);
        assert_eq!(clock(&Cell::Number("0.3736111111".into())), Some(538));
        assert_eq!(clocks(&text("08:5812:03\n13:30 18:05")), Some(vec![538, 723, 810, 1_085]));
        assert_eq!(clocks(&text("08:58:10 18:05:59")), Some(vec![538, 1_085]));
        assert_eq!(clocks(&text("休")), Some(Vec::new()));
        assert_eq!(clocks(&text("8:7")), None);
    }
}
