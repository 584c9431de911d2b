//! 住房公积金.

use standard::{Finding, Money, Rate};

use crate::Rules;
use crate::trace::{Step, Trace};

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
