//! 生育: days of leave and the allowance.

use standard::{Finding, Money, Month, Rounding};

use crate::book::rules::present;
use crate::timeline::{InForce, Timeline};
use crate::trace::{Step, Trace};
use crate::{Place, RuleBook};

/// A birth.
#[derive(Debug, Clone, Copy)]
pub struct Birth {
    /// 难产.
    pub dystocia: bool,
    /// Babies born, at least 1.
    pub babies: i32,
    /// Which child it is, from 1.
    pub child_order: i32,
}

/// The value in a month, or the newest where no month is asked for.
fn when<T>(series: &Timeline<T>, month: Option<Month>) -> Result<InForce<'_, T>, Finding> {
    month.map_or_else(|| series.newest(), |month| series.at(month))
}

/// 女职工劳动保护特别规定第七条: 女职工生育享受98天产假, 其中产前可以休假15天; 难产的, 增加产假15天; 生育多胞胎的, 每多生育1个婴儿, 增加产假15天.
/// Provinces lengthen the 98 days in their population and family planning regulations.
pub fn days<T: Trace>(book: &RuleBook, place: Place, month: Option<Month>, birth: &Birth, trace: &mut T) -> Result<i32, Finding> {
    if birth.babies < 1 || birth.child_order < 1 {
        return Err(
            Finding::blocking("birth", "胎儿数与孩次至少为 1", "There is at least one baby and a first child")
                .remedy("请填写 1 或以上的整数", "Enter 1 or more"),
        );
    }
    let own = if place.is_nation() {
        &None
    } else {
        &book.region(place)?.maternity_leave
    };
    let national = present(&book.nation().maternity_leave, Place::NATION, "maternity.leave")?;
    let leave = when(own.as_ref().unwrap_or(national), month)?;
    let extra = when(
        present(&book.nation().maternity_leave_extra, Place::NATION, "maternity.leave_extra")?,
        month,
    )?;
    let later_child = leave.value.days_second_or_third.filter(|_| (2..=3).contains(&birth.child_order));
    let base = later_child.unwrap_or(leave.value.days);
    let dystocia = if birth.dystocia { extra.value.dystocia } else { 0 };
    let more_babies = (birth.babies - 1).saturating_mul(extra.value.per_extra_baby);
    let days = base.saturating_add(dystocia).saturating_add(more_babies);
    trace.step(|| {
        let figures = format!("{base} + 难产 {dystocia} + 多胞胎 {more_babies}");
        Step::new("maternity_days", "产假天数", "Days of maternity leave", figures, days)
            .cite(&leave)
            .cite(&extra)
    });
    Ok(days)
}

/// 女职工劳动保护特别规定第八条: 对已经参加生育保险的, 按照用人单位上年度职工月平均工资的标准由生育保险基金支付: ÷ 30 × 天数, rounded once to the fen.
pub fn allowance<T: Trace>(book: &RuleBook, employer_average: Money, days: i32, trace: &mut T) -> Result<Money, Finding> {
    let rule = present(&book.nation().maternity_allowance, Place::NATION, "maternity.allowance")?.newest()?;
    let allowance = employer_average.ratio(i64::from(days), i64::from(rule.value.month_days), Rounding::HALF_UP_FEN)?;
    trace.step(|| {
        let figures = format!("{employer_average} ÷ {} × {days} 天", rule.value.month_days);
        Step::new("maternity_allowance", "生育津贴", "Maternity allowance", figures, allowance).cite(&rule)
    });
    Ok(allowance)
}
