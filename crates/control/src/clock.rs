//! The one place where this crate reads the clock. Dates are days of China Standard Time (UTC+8,
//! no daylight saving), whatever zone the server runs in.

use jiff::tz::{TimeZone, offset};
use standard::{Date, Timestamp};

/// The present moment.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Today's date in China.
pub fn today() -> Date {
    date_of(now())
}

/// The date in China at `moment`.
pub fn date_of(moment: Timestamp) -> Date {
    TimeZone::fixed(offset(8)).to_datetime(moment).date()
}
