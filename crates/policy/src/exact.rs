//! Exact decimals of any reasonable precision, for formulas that round once at the end.

use standard::{Finding, Money, MoneyOverflow, Rounding};

/// `digits / 10^places`, never negative. At most 18 digits and 12 places, so that products of three fit 128 bits with care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    digits: i128,
    places: u32,
}

impl Exact {
    /// A whole number.
    pub const fn whole(number: i64) -> Exact {
        Exact {
            digits: number as i128,
            places: 0,
        }
    }

    /// Money in yuan.
    pub const fn money(money: Money) -> Exact {
        Exact {
            digits: money.fen() as i128,
            places: 2,
        }
    }

    /// A rate.
    pub const fn rate(rate: standard::Rate) -> Exact {
        Exact {
            digits: rate.ppm() as i128,
            places: 6,
        }
    }

    /// Reads a decimal such as `34.9166666667`; the bounds keep formulas within range.
    pub fn parse(text: &str, whole_max: i64) -> Result<Exact, Finding> {
        let refuse =
            |zh: &str, en: &str| Finding::blocking("decimal_format", zh, en).remedy("请填写如 30.67 的数", "Enter a number such as 30.67");
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(decimals) || (text.contains('.') && decimals.is_empty()) {
            return Err(refuse("数字格式不正确", "The number is not readable"));
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > 12 {
            return Err(refuse("小数最多十二位", "At most twelve decimals"));
        }
        let too_large = || {
            refuse(
                &format!("数字不能大于 {whole_max}"),
                &format!("The number cannot exceed {whole_max}"),
            )
        };
        let whole: i64 = whole.parse().map_err(|_| too_large())?;
        let fraction: i128 = if decimals.is_empty() {
            0
        } else {
            decimals.parse().map_err(|_| too_large())?
        };
        if whole > whole_max || (whole == whole_max && fraction > 0) {
            return Err(too_large());
        }
        let places = decimals.len() as u32;
        Ok(Exact {
            digits: i128::from(whole) * 10_i128.pow(places) + fraction,
            places,
        })
    }

    /// True of nothing.
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The product.
    pub fn times(self, other: Exact) -> Result<Exact, MoneyOverflow> {
        let digits = self.digits.checked_mul(other.digits).ok_or(MoneyOverflow)?;
        Ok(Exact {
            digits,
            places: self.places + other.places,
        })
    }

    /// The sum.
    pub fn plus(self, other: Exact) -> Result<Exact, MoneyOverflow> {
        let places = self.places.max(other.places);
        let up = |one: Exact| {
            10_i128
                .checked_pow(places - one.places)
                .and_then(|scale| one.digits.checked_mul(scale))
                .ok_or(MoneyOverflow)
        };
        let digits = up(self)?.checked_add(up(other)?).ok_or(MoneyOverflow)?;
        Ok(Exact { digits, places })
    }

    /// This many yuan divided by another number, as money rounded once.
    pub fn divided_as_money(self, by: Exact, rounding: Rounding) -> Result<Money, MoneyOverflow> {
        // (a / 10^p) × 100 fen ÷ (b / 10^q) = a × 10^(q + 2) ÷ (b × 10^p); common powers of ten are left out.
        let (up, down) = (by.places + 2, self.places);
        let common = up.min(down);
        let scale = |digits: i128, power: u32| {
            10_i128
                .checked_pow(power)
                .and_then(|ten| digits.checked_mul(ten))
                .ok_or(MoneyOverflow)
        };
        Money::from_ratio(scale(self.digits, up - common)?, scale(by.digits, down - common)?, rounding)
    }

    /// This many yuan as money rounded once.
    pub fn as_money(self, rounding: Rounding) -> Result<Money, MoneyOverflow> {
        self.divided_as_money(Exact::whole(1), rounding)
    }
}

impl std::fmt::Display for Exact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scale = 10_i128.pow(self.places.min(38));
        let (whole, rest) = (self.digits / scale, self.digits % scale);
        if self.places == 0 || rest == 0 {
            return write!(f, "{whole}");
        }
        let fraction = format!("{rest:0width$}", width = self.places as usize);
        write!(f, "{whole}.{}", fraction.trim_end_matches('0'))
    }
}
