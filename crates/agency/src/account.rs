//! What a person's history is worth: the personal account and the part of the pooled fund that moves with the person.

use standard::{Finding, Money, Month, Rate, Rounding};

/// What a stretch of history contributes to the calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// First month.
    pub from: Month,
    /// Last month, counted.
    pub to: Month,
    /// Monthly contribution base.
    pub base: Money,
}

/// The two parts of the money behind a history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// 个人账户储存额, fen.
    pub personal_fen: i64,
    /// 统筹基金可转移额, fen.
    pub pooled_fen: i64,
}

/// 国办发〔2009〕66号第四条: the whole balance of the personal account, and 12 % of the actual contribution wages
/// of each year from 1998-01-01 out of the pooled fund.
pub fn amounts(history: &[Paid]) -> Result<Amounts, Finding> {
    let start = Month::from_yyyymm(199_801)?;
    let low = Month::from_yyyymm(200_601)?;
    let mut total = Amounts::default();
    for paid in history {
        for (from, to, rate) in [(start, low.previous(), 110_000), (low, Month::MAX, 80_000)] {
            let (from, to) = (paid.from.max(from), paid.to.min(to));
            let months = i64::from(from.until(to)) + 1;
            if months <= 0 {
                continue;
            }
            let part = |millionths| -> Result<i64, Finding> {
                let month = paid.base.times(Rate::from_ppm(millionths), Rounding::HALF_UP_FEN)?;
                Ok(month.times_count(months)?.fen())
            };
            total.personal_fen += part(rate)?;
            total.pooled_fen += part(120_000)?;
        }
    }
    Ok(total)
}
