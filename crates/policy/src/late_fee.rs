//! 滞纳金.

use standard::{Date, Finding, Money, Month, Rounding};

use crate::book::rules::need;
use crate::trace::{Step, Trace};
use crate::{Place, RuleBook};

/// 社会保险法第八十六条: 用人单位未按时足额缴纳社会保险费的, 由社会保险费征收机构责令限期缴纳或者补足, 并自欠缴之日起, 按日加收万分之五的滞纳金.
/// `from` is the first day late; both days count. Rounded once to the fen. Returns (days, fee).
pub fn late_fee<T: Trace>(book: &RuleBook, principal: Money, from: Date, paid_on: Date, trace: &mut T) -> Result<(i64, Money), Finding> {
    let rule = need(&book.nation().late_fee, Month::of(from), Place::NATION, "late_fee.social_insurance")?;
    let days = from.until(paid_on).map(|span| i64::from(span.get_days())).unwrap_or(-1) + 1;
    let days = days.max(0);
    let exact = i128::from(principal.fen()) * i128::from(rule.value.daily.ppm()) * i128::from(days);
    let fee = Money::from_ratio(exact, 1_000_000, Rounding::HALF_UP_FEN)?;
    trace.step(|| {
        let figures = format!("{principal} × 万分之五 × {days} 天（{from} 至 {paid_on}，两端都计）");
        Step::new("late_fee", "滞纳金", "Late fee", figures, fee).cite(&rule)
    });
    Ok((days, fee))
}
