//! The numbers of formulas: exact fractions. `月工资 / 21.75 * 3` loses nothing; what comes out is rounded to the fen once.

use standard::{Money, MoneyOverflow, Rate, Rounding};

/// Above this a fraction is brought to lowest terms before it is used further.
const LARGE: i128 = 1 << 62;

/// A fraction; the lower part is above zero. Not always in lowest terms.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    over: i128,
    under: i128,
}

/// A result out of range, or a division by zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// More than 38 digits.
    Range,
    /// 除以零.
    Zero,
}

impl From<MoneyOverflow> for Fault {
    fn from(_: MoneyOverflow) -> Fault {
        Fault::Range
    }
}

impl Number {
    /// 0.
    pub const ZERO: Number = Number::whole(0);

    /// A whole number.
    pub const fn whole(number: i64) -> Number {
        Number {
            over: number as i128,
            under: 1,
        }
    }

    /// A fraction of two whole numbers.
    pub fn fraction(over: i64, under: i64) -> Result<Number, Fault> {
        Number::whole(over).divided(Number::whole(under))
    }

    /// Money in yuan.
    pub const fn yuan(money: Money) -> Number {
        Number {
            over: money.fen() as i128,
            under: 100,
        }
    }

    /// A rate.
    pub const fn rate(rate: Rate) -> Number {
        Number {
            over: rate.ppm() as i128,
            under: 1_000_000,
        }
    }

    /// So many minutes in hours.
    pub const fn hours(minutes: i64) -> Number {
        Number {
            over: minutes as i128,
            under: 60,
        }
    }

    /// Hundredths.
    pub const fn hundredths(hundredths: i64) -> Number {
        Number {
            over: hundredths as i128,
            under: 100,
        }
    }

    fn made(over: i128, under: i128) -> Number {
        if (-LARGE..LARGE).contains(&over) && under < LARGE {
            return Number { over, under };
        }
        let divisor = gcd(over.unsigned_abs(), under.unsigned_abs());
        // The divisor of a number above zero fits: it is at most the number.
        let divisor = i128::try_from(divisor).unwrap_or(1).max(1);
        Number {
            over: over / divisor,
            under: under / divisor,
        }
    }

    /// The sum.
    pub fn plus(self, other: Number) -> Result<Number, Fault> {
        if self.under == other.under {
            return Ok(Number::made(self.over.checked_add(other.over).ok_or(Fault::Range)?, self.under));
        }
        let left = self.over.checked_mul(other.under).ok_or(Fault::Range)?;
        let right = other.over.checked_mul(self.under).ok_or(Fault::Range)?;
        let over = left.checked_add(right).ok_or(Fault::Range)?;
        Ok(Number::made(over, self.under.checked_mul(other.under).ok_or(Fault::Range)?))
    }

    /// The difference.
    pub fn minus(self, other: Number) -> Result<Number, Fault> {
        self.plus(other.negative()?)
    }

    /// The same with the other sign.
    pub fn negative(self) -> Result<Number, Fault> {
        Ok(Number {
            over: self.over.checked_neg().ok_or(Fault::Range)?,
            under: self.under,
        })
    }

    /// The product.
    pub fn times(self, other: Number) -> Result<Number, Fault> {
        let over = self.over.checked_mul(other.over).ok_or(Fault::Range)?;
        Ok(Number::made(over, self.under.checked_mul(other.under).ok_or(Fault::Range)?))
    }

    /// The quotient.
    pub fn divided(self, by: Number) -> Result<Number, Fault> {
        if by.over == 0 {
            return Err(Fault::Zero);
        }
        let sign = by.over.signum();
        let over = self.over.checked_mul(by.under).and_then(|n| n.checked_mul(sign));
        let under = self.under.checked_mul(by.over.checked_abs().ok_or(Fault::Range)?);
        Ok(Number::made(over.ok_or(Fault::Range)?, under.ok_or(Fault::Range)?))
    }

    /// Which of two is larger.
    pub fn compare(self, other: Number) -> Result<std::cmp::Ordering, Fault> {
        Ok(self.minus(other)?.over.cmp(&0))
    }

    /// The larger of two.
    pub fn larger(self, other: Number) -> Result<Number, Fault> {
        Ok(if self.compare(other)?.is_ge() { self } else { other })
    }

    /// The smaller of two.
    pub fn smaller(self, other: Number) -> Result<Number, Fault> {
        Ok(if self.compare(other)?.is_le() { self } else { other })
    }

    /// Rounded half up to so many decimals, 0 to 6.
    pub fn rounded(self, decimals: u32) -> Result<Number, Fault> {
        let scale = 10_i128.pow(decimals.min(6));
        let scaled = self.over.checked_mul(scale).ok_or(Fault::Range)?;
        let twice = scaled.checked_abs().and_then(|n| n.checked_mul(2)).ok_or(Fault::Range)?;
        let whole = twice.checked_add(self.under).ok_or(Fault::Range)? / self.under.checked_mul(2).ok_or(Fault::Range)?;
        Ok(Number::made(whole * scaled.signum(), scale))
    }

    /// This many yuan as money, rounded half up to the fen, once.
    pub fn money(self) -> Result<Money, Fault> {
        let fen = self.over.checked_mul(100).ok_or(Fault::Range)?;
        Ok(Money::from_ratio(fen, self.under, Rounding::HALF_UP_FEN)?)
    }
}

const fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// As a decimal of at most six places, for the reader.
impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Ok(shown) = self.rounded(6) else {
            return f.write_str("…");
        };
        let scale = 1_000_000_i128;
        let millionths = shown.over * (scale / shown.under.max(1));
        let (whole, rest) = (millionths.abs() / scale, millionths.abs() % scale);
        let sign = if millionths < 0 { "-" } else { "" };
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{rest:06}").trim_end_matches('0'))
    }
}
