//! Minutes, and spans of them. A moment is a whole number of minutes since 1970-01-01 00:00 in China (UTC+8, no
//! daylight saving), so a shift that crosses midnight is an ordinary span.

use standard::{Date, Timestamp};

/// Minutes of a day.
pub const DAY: i64 = 1_440;
/// China is eight hours ahead of UTC.
const AHEAD: i64 = 480;

/// The first minute of a day.
pub fn midnight(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24 * DAY
}

/// The day a minute belongs to by the calendar.
pub fn date_of(minute: i64) -> Date {
    let days = jiff::Span::new().try_days(minute.div_euclid(DAY));
    let epoch = Date::constant(1970, 1, 1);
    days.and_then(|days| epoch.checked_add(days)).unwrap_or(epoch)
}

/// The minute a moment falls into.
pub fn minute_of(moment: Timestamp) -> i64 {
    moment.as_second().div_euclid(60) + AHEAD
}

/// `08:30`; minutes beyond midnight are marked 次日.
pub fn clock(of_day: i64) -> String {
    let (days, rest) = (of_day.div_euclid(DAY), of_day.rem_euclid(DAY));
    let mark = match days {
        0 => "",
        1 => "次日",
        _ => "前日",
    };
    format!("{mark}{:02}:{:02}", rest / 60, rest % 60)
}

/// From one minute up to, not including, another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first minute.
    pub from: i64,
    /// The minute after the last.
    pub to: i64,
}

impl Span {
    /// A span; empty when the end is not after the beginning.
    pub const fn new(from: i64, to: i64) -> Span {
        Span { from, to }
    }

    /// Its minutes.
    pub fn minutes(self) -> i64 {
        (self.to - self.from).max(0)
    }

    /// What both cover.
    pub fn both(self, other: Span) -> Span {
        Span::new(self.from.max(other.from), self.to.min(other.to))
    }
}

/// The minutes of disjoint spans.
pub fn total(spans: &[Span]) -> i64 {
    spans.iter().map(|span| span.minutes()).sum()
}

/// What both lists cover; both are sorted and disjoint, and so is the answer.
pub fn both(left: &[Span], right: &[Span]) -> Vec<Span> {
    let mut shared = Vec::new();
    for a in left {
        for b in right {
            let span = a.both(*b);
            if span.minutes() > 0 {
                shared.push(span);
            }
        }
    }
    shared
}

/// What the left list covers and the right does not; both are sorted and disjoint, and so is the answer.
pub fn without(left: &[Span], right: &[Span]) -> Vec<Span> {
    let mut rest = Vec::with_capacity(left.len());
    for span in left {
        let mut from = span.from;
        for hole in right {
            if hole.to <= from || hole.from >= span.to {
                continue;
            }
            if hole.from > from {
                rest.push(Span::new(from, hole.from));
            }
            from = from.max(hole.to);
        }
        if from < span.to {
            rest.push(Span::new(from, span.to));
        }
    }
    rest
}

/// Sorted and disjoint spans that cover the same minutes.
pub fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.minutes() > 0);
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn days_and_minutes_go_both_ways() {
        let day: Date = "2026-09-30".parse().unwrap();
        assert_eq!(date_of(midnight(day)), day);
        assert_eq!(date_of(midnight(day) + DAY - 1), day);
        let moment: Timestamp = "2026-09-29T23:59:59Z".parse().unwrap();
        assert_eq!(minute_of(moment), midnight(day) + 7 * 60 + 59);
        assert_eq!(clock(1_500), "次日01:00");
    }

    #[test]
    fn spans_are_cut_and_joined() {
        let spans = [Span::new(0, 10), Span::new(20, 30)];
        assert_eq!(without(&spans, &[Span::new(5, 25)]), vec![Span::new(0, 5), Span::new(25, 30)]);
        assert_eq!(both(&spans, &[Span::new(5, 25)]), vec![Span::new(5, 10), Span::new(20, 25)]);
        assert_eq!(
            merged(vec![Span::new(8, 12), Span::new(0, 9), Span::new(20, 20)]),
            vec![Span::new(0, 12)]
        );
    }
}
