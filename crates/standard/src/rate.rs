//! Exact rates: whole millionths, so that 8 % is 80 000 and nothing is lost.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Finding, half_width};

/// A rate in millionths; written as a decimal string, `0.08`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(i64);

const ONE_PPM: i64 = 1_000_000;

impl Rate {
    /// 0.
    pub const ZERO: Rate = Rate(0);
    /// 1, that is 100 %.
    pub const ONE: Rate = Rate(ONE_PPM);

    /// So many millionths: 8 % is 80 000.
    pub const fn from_ppm(ppm: i64) -> Rate {
        Rate(ppm)
    }

    /// The rate in millionths.
    pub const fn ppm(self) -> i64 {
        self.0
    }

    /// Reads a decimal such as `0.08`, or a percentage such as `8%`; more than six decimals is refused, never rounded.
    pub fn parse(text: &str) -> Result<Rate, Finding> {
        let text = half_width(text);
        let (number, decimals_max) = match text.strip_suffix('%') {
            Some(number) => (number.trim_end(), 4),
            None => (text.as_str(), 6),
        };
        let (sign, digits) = match number.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, number),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(decimals) {
            return Err(unreadable("rate_format"));
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > decimals_max {
            return Err(unreadable("rate_precision"));
        }
        let scale = 10_i64.pow(decimals_max as u32);
        let fraction: i64 = format!("{decimals:0<decimals_max$}")
            .parse()
            .map_err(|_| unreadable("rate_format"))?;
        whole
            .parse::<i64>()
            .ok()
            .and_then(|whole| whole.checked_mul(scale)?.checked_add(fraction))
            .map(|ppm| Rate(sign * ppm))
            .ok_or_else(|| unreadable("rate_format"))
    }

    /// As people read it: `8%`, `0.05%`.
    pub fn percent(self) -> String {
        format!("{}%", decimal(self.0, 4))
    }

    /// The sum, or nothing when out of range.
    pub const fn checked_add(self, other: Rate) -> Option<Rate> {
        match self.0.checked_add(other.0) {
            Some(ppm) => Some(Rate(ppm)),
            None => None,
        }
    }

    /// The difference, or nothing when out of range.
    pub const fn checked_sub(self, other: Rate) -> Option<Rate> {
        match self.0.checked_sub(other.0) {
            Some(ppm) => Some(Rate(ppm)),
            None => None,
        }
    }
}

/// `value / 10^places` without trailing zeros.
fn decimal(value: i64, places: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    let scale = 10_u64.pow(places);
    let fraction = format!("{:0width$}", size % scale, width = places as usize);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", size / scale)
}

fn unreadable(rule: &str) -> Finding {
    let (zh, en) = match rule {
        "rate_precision" => ("费率最多精确到百万分之一", "A rate is exact to one millionth at most"),
        _ => ("费率格式不正确", "The rate is not readable"),
    };
    Finding::blocking(rule, zh, en).remedy("请填写如 0.08 或 8% 的费率", "Enter a rate such as 0.08 or 8%")
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&decimal(self.0, 6))
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rate({self})")
    }
}

impl FromStr for Rate {
    type Err = Finding;
    fn from_str(text: &str) -> Result<Rate, Finding> {
        Rate::parse(text)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
        let text = String::deserialize(deserializer)?;
        Rate::parse(&text).map_err(|finding| serde::de::Error::custom(finding.message.en))
    }
}
