//! Money in whole fen. No floats anywhere; every rounding is named at its call.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Finding, Rate, half_width};

/// The unit an amount is rounded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 分, 0.01 yuan.
    Fen,
    /// 角, 0.10 yuan.
    Jiao,
    /// 元.
    Yuan,
}

impl Unit {
    const fn fen(self) -> i128 {
        match self {
            Unit::Fen => 1,
            Unit::Jiao => 10,
            Unit::Yuan => 100,
        }
    }
}

/// How an amount is rounded, and to which unit. Negative amounts round like their positive twins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// 四舍五入: to the nearest unit, half away from zero.
    HalfUp(Unit),
    /// 舍去 (截断): towards zero.
    Down(Unit),
    /// 见分进角 and the like: away from zero.
    Up(Unit),
    /// To the nearest unit, half to the even one.
    HalfEven(Unit),
}

impl Rounding {
    /// 四舍五入到分, the rounding of most assessed amounts.
    pub const HALF_UP_FEN: Rounding = Rounding::HalfUp(Unit::Fen);
    /// 四舍五入到元, the rounding of published floors and ceilings.
    pub const HALF_UP_YUAN: Rounding = Rounding::HalfUp(Unit::Yuan);
    /// 见分进角.
    pub const UP_JIAO: Rounding = Rounding::Up(Unit::Jiao);
}

/// An amount of money in fen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// An amount left the range of 64-bit fen: about 92 thousand trillion yuan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("amount out of range")]
pub struct MoneyOverflow;

impl From<MoneyOverflow> for Finding {
    fn from(_: MoneyOverflow) -> Finding {
        Finding::blocking("money_overflow", "金额超出可计算范围", "The amount is out of range")
            .remedy("请检查输入的金额、费率和月数", "Check the amounts, rates and months entered")
    }
}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// The largest amount.
    pub const MAX: Money = Money(i64::MAX);

    /// So many fen.
    pub const fn from_fen(fen: i64) -> Money {
        Money(fen)
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Reads yuan with at most two decimals, such as `1234.5`; thousands commas in place and full-width digits are accepted.
    pub fn from_yuan(text: &str) -> Result<Money, Finding> {
        let text = half_width(text);
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.as_str()),
        };
        let digits = digits.trim_start_matches(['¥', '￥']);
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let whole = without_thousands(whole).ok_or_else(|| unreadable("money_format"))?;
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(&whole) || !plain(decimals) {
            return Err(unreadable("money_format"));
        }
        if decimals.trim_end_matches('0').len() > 2 {
            return Err(unreadable("money_precision"));
        }
        let padded = format!("{decimals:0<2}");
        let fen: Option<i64> = whole
            .parse::<i64>()
            .ok()
            .and_then(|yuan| yuan.checked_mul(100))
            .and_then(|fen| fen.checked_add(padded[..2].parse().ok()?))
            .and_then(|fen| fen.checked_mul(sign));
        fen.map(Money).ok_or_else(|| MoneyOverflow.into())
    }

    /// Yuan with two decimals: `1234.50`.
    pub fn to_yuan(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", fen / 100, fen % 100)
    }

    /// The sum, or nothing when out of range.
    pub const fn checked_add(self, other: Money) -> Option<Money> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Money(fen)),
            None => None,
        }
    }

    /// The difference, or nothing when out of range.
    pub const fn checked_sub(self, other: Money) -> Option<Money> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Money(fen)),
            None => None,
        }
    }

    /// The sum.
    pub fn try_add(self, other: Money) -> Result<Money, MoneyOverflow> {
        self.checked_add(other).ok_or(MoneyOverflow)
    }

    /// The difference.
    pub fn try_sub(self, other: Money) -> Result<Money, MoneyOverflow> {
        self.checked_sub(other).ok_or(MoneyOverflow)
    }

    /// The amount with its sign turned.
    pub fn negate(self) -> Result<Money, MoneyOverflow> {
        self.0.checked_neg().map(Money).ok_or(MoneyOverflow)
    }

    /// The amount taken a whole number of times.
    pub fn times_count(self, count: i64) -> Result<Money, MoneyOverflow> {
        self.0.checked_mul(count).map(Money).ok_or(MoneyOverflow)
    }

    /// The amount at a rate, rounded once as named.
    pub fn times(self, rate: Rate, rounding: Rounding) -> Result<Money, MoneyOverflow> {
        Money::from_ratio(i128::from(self.0) * i128::from(rate.ppm()), 1_000_000, rounding)
    }

    /// The amount × numerator ÷ denominator, rounded once as named. A denominator of zero is out of range.
    pub fn ratio(self, numerator: i64, denominator: i64, rounding: Rounding) -> Result<Money, MoneyOverflow> {
        Money::from_ratio(i128::from(self.0) * i128::from(numerator), i128::from(denominator), rounding)
    }

    /// `numerator / denominator` fen, rounded once as named: for formulas that keep full precision until the end.
    pub fn from_ratio(numerator: i128, denominator: i128, rounding: Rounding) -> Result<Money, MoneyOverflow> {
        let (Rounding::HalfUp(unit) | Rounding::Down(unit) | Rounding::Up(unit) | Rounding::HalfEven(unit)) = rounding;
        let negative = (numerator < 0) != (denominator < 0);
        let step = denominator
            .unsigned_abs()
            .checked_mul(unit.fen().unsigned_abs())
            .ok_or(MoneyOverflow)?;
        let size = numerator.unsigned_abs();
        let (Some(whole), Some(rest)) = (size.checked_div(step), size.checked_rem(step)) else {
            return Err(MoneyOverflow);
        };
        // rest < step, so `step - rest` cannot wrap; comparing with it avoids doubling `rest`.
        let carry = match rounding {
            Rounding::Down(_) => false,
            Rounding::Up(_) => rest > 0,
            Rounding::HalfUp(_) => rest >= step - rest,
            Rounding::HalfEven(_) => rest > step - rest || (rest == step - rest && whole % 2 == 1),
        };
        let units = i128::try_from(whole).map_err(|_| MoneyOverflow)? + i128::from(carry);
        let fen = units.checked_mul(unit.fen()).ok_or(MoneyOverflow)?;
        let signed = if negative { -fen } else { fen };
        i64::try_from(signed).map(Money).map_err(|_| MoneyOverflow)
    }

    /// Rounds to a coarser unit.
    pub fn round(self, rounding: Rounding) -> Result<Money, MoneyOverflow> {
        Money::from_ratio(i128::from(self.0), 1, rounding)
    }

    /// The sum of all, or a refusal when out of range.
    pub fn sum(all: impl IntoIterator<Item = Money>) -> Result<Money, MoneyOverflow> {
        let total: i128 = all.into_iter().map(|money| i128::from(money.0)).sum();
        i64::try_from(total).map(Money).map_err(|_| MoneyOverflow)
    }

    /// True when nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// True when less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

/// Digits without the commas that group them by three; nothing when a comma stands elsewhere.
fn without_thousands(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return Some(whole.to_owned());
    }
    let groups: Vec<&str> = whole.split(',').collect();
    let (first, rest) = groups.split_first()?;
    let grouped = (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    grouped.then(|| groups.concat())
}

fn unreadable(rule: &str) -> Finding {
    let (zh, en) = match rule {
        "money_precision" => ("金额最多两位小数", "An amount has at most two decimals"),
        _ => ("金额格式不正确", "The amount is not readable"),
    };
    Finding::blocking(rule, zh, en).remedy("请填写如 1234.50 的金额（元）", "Enter yuan such as 1234.50")
}

impl Sum for Money {
    /// Saturates at the ends of the range; use [`Money::sum`] where a total must be refused instead.
    fn sum<I: Iterator<Item = Money>>(iter: I) -> Money {
        iter.fold(Money::ZERO, |total, money| Money(total.0.saturating_add(money.0)))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_yuan())
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Money({})", self.to_yuan())
    }
}

impl FromStr for Money {
    type Err = Finding;
    fn from_str(text: &str) -> Result<Money, Finding> {
        Money::from_yuan(text)
    }
}
