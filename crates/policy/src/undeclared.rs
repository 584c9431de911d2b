//! 未申报核定: what an employer owes that did not declare its month.

use standard::{Finding, Money, Month, Rounding};

use crate::book::rules::need;
use crate::trace::{Step, Trace};
use crate::{Place, RuleBook};

/// 社会保险法第六十二条: 用人单位未按规定申报应当缴纳的社会保险费数额的, 按照该单位上月缴费额的百分之一百一十确定应当缴纳数额;
/// 缴费单位补办申报手续后, 由社会保险费征收机构按照规定结算. `last` is what the month before came to, of one insurance; the answer is
/// what `month` comes to, rounded once to the fen.
pub fn undeclared<T: Trace>(book: &RuleBook, month: Month, last: Money, trace: &mut T) -> Result<Money, Finding> {
    let rule = need(&book.nation().undeclared, month, Place::NATION, "late_fee.undeclared")?;
    let amount = last.times(rule.value.ratio, Rounding::HALF_UP_FEN)?;
    trace.step(|| {
        let figures = format!("上月缴费额 {last} × {} = {amount}", rule.value.ratio);
        Step::new("undeclared", "未申报核定额", "Assessed as undeclared", figures, amount).cite(&rule)
    });
    Ok(amount)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{Recorder, Silent};

    #[test]
    fn a_month_not_declared_comes_to_a_tenth_more_than_the_month_before() {
        let book = RuleBook::embedded();
        let month = Month::new(2026, 10).unwrap();
        for (last, now) in [
            (0, 0),
            (1, 1),
            (4, 4),
            (5, 6),
            (100, 110),
            (1_234_567, 1_358_024),
            (99_999_995, 109_999_995),
        ] {
            let amount = undeclared(book, month, Money::from_fen(last), &mut Silent).unwrap();
            assert_eq!(amount.fen(), now, "{last}");
        }
        let mut steps = Recorder::default();
        undeclared(book, month, Money::from_fen(100), &mut steps).unwrap();
        assert!(format!("{steps:?}").contains("第六十二条"), "the step names its article");
        let before = Month::new(2011, 6).unwrap();
        assert_eq!(
            undeclared(book, before, Money::from_fen(100), &mut Silent).unwrap_err().rule,
            "law_not_encoded"
        );
    }
}
