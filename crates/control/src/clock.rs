//! The one place where this crate reads the clock. Dates are days of China Standard Time (UTC+8,
//! no daylight saving), whatever zone the server runs in.

use std::future::Future;

use jiff::tz::{TimeZone, offset};
use standard::{Date, Timestamp};

tokio::task_local! {
    static TOLD: Timestamp;
}

/// The present moment, or the one [`at`] tells.
pub fn now() -> Timestamp {
    TOLD.try_with(|moment| *moment).unwrap_or_else(|_| Timestamp::now())
}

/// Today's date in China.
pub fn today() -> Date {
    date_of(now())
}

/// The date in China at `moment`.
pub fn date_of(moment: Timestamp) -> Date {
    TimeZone::fixed(offset(8)).to_datetime(moment).date()
}

/// Nine in the morning of `day` in China.
pub fn morning_of(day: Date) -> Timestamp {
    let zoned = day.at(9, 0, 0, 0).to_zoned(TimeZone::fixed(offset(8)));
    zoned.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// Runs `act` as if it were `moment`: for made-up data with a past, and for stories over several months. What `act` hands to other
/// tasks runs by the real clock. Nothing that serves requests calls this.
pub async fn at<F: Future>(moment: Timestamp, act: F) -> F::Output {
    TOLD.scope(moment, act).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_told_moment_holds_inside_only() {
        let day = Date::constant(2026, 9, 3);
        assert_eq!(at(morning_of(day), async { today() }).await, day);
        assert!(today() > day);
    }
}
