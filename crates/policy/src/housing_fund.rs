//! 住房公积金.

use standard::{Date, Finding, Money, Month, Rate};

use crate::book::rules::need;
use crate::trace::{Step, Trace};
use crate::{Place, RuleBook, Rules};

/// 住房公积金管理条例第十六条: 职工住房公积金的月缴存额为职工本人上一年度月平均工资乘以职工住房公积金缴存比例;
/// 第十八条: 职工和单位住房公积金的缴存比例均不得低于职工上一年度月平均工资的5%. Each side is rounded as the region rounds.
/// Returns (base within limits, one side's deposit); both sides pay the same at the same rate.
pub fn deposit<T: Trace>(rules: &Rules<'_>, base: Money, rate: Rate, trace: &mut T) -> Result<(Money, Money), Finding> {
    let limits = rules.housing_fund()?;
    let law = limits.value;
    if rate < law.rate_min || rate > law.rate_max {
        let (low, high) = (law.rate_min.percent(), law.rate_max.percent());
        return Err(Finding::blocking(
            "housing_fund_rate",
            format!("缴存比例 {} 不在 {low}—{high} 之间", rate.percent()),
            format!("The rate {} is outside {low} to {high}", rate.percent()),
        )
        .field("rate")
        .remedy(format!("请在 {low}—{high} 之间选择"), format!("Choose a rate of {low} to {high}")));
    }
    let within = base.clamp(law.floor, law.ceiling);
    let rounding = rules.housing_fund_rounding()?;
    let deposit = within.times(rate, rounding.value.rounding)?;
    trace.step(|| {
        let figures = format!(
            "基数 {base} 在 {}—{} 内取 {within}；{within} × {}",
            law.floor,
            law.ceiling,
            rate.percent()
        );
        Step::new(
            "housing_fund",
            "住房公积金（单位、个人各）",
            "Housing fund, each side",
            figures,
            deposit,
        )
        .cite(&limits)
        .cite(&rounding)
    });
    Ok((within, deposit))
}

/// 住房公积金管理条例第十七条: 新参加工作的职工从参加工作的第二个月开始缴存住房公积金. True when the month is one in which someone who began
/// the first employment on a day does not pay yet.
pub fn not_yet<T: Trace>(book: &RuleBook, month: Month, first_worked_on: Date, trace: &mut T) -> Result<bool, Finding> {
    let rule = need(&book.nation().housing_fund_rule, month, Place::NATION, "housing_fund.rule")?;
    let from = Month::of(first_worked_on).plus(rule.value.new_worker_from_month - 1);
    if month < from {
        trace.step(|| {
            let figures = format!("{first_worked_on} 参加工作，自 {from} 起缴存");
            Step::new("housing_fund_new_worker", "新参加工作", "First employment", figures, "不缴存").cite(&rule)
        });
    }
    Ok(month < from)
}
