//! 失业保险: for how many months, and how much.

use standard::{Finding, Money, Month, Rounding};

use crate::book::rules::need;
use crate::trace::{Step, Trace};
use crate::values::{Band, UnemploymentBenefit, UnemploymentMonths};
use crate::{InForce, Place, RuleBook};

/// What a table of steps grants for so many months; nothing below the first step.
pub(crate) fn granted(bands: &[Band], months: i32) -> i32 {
    let Some(band) = bands.iter().rev().find(|band| band.from_months <= months) else {
        return 0;
    };
    let further = band.each_months.map_or(0, |each| (months - band.from_months) / each * band.add);
    band.grant.saturating_add(further)
}

/// The table of a region, else the national one where the region has none of its own.
fn table(book: &RuleBook, place: Place, month: Month) -> Result<InForce<'_, UnemploymentMonths>, Finding> {
    let own = if place.is_nation() {
        &None
    } else {
        &book.region(place)?.unemployment_months
    };
    match own {
        Some(own) => own.at(month),
        None => need(&book.nation().unemployment_months, month, Place::NATION, "unemployment.months"),
    }
}

/// 社会保险法第四十六条: 累计缴费满一年不足五年的, 领取失业保险金的期限最长为十二个月; 满五年不足十年的, 最长为十八个月; 十年以上的, 最长为二十四个月.
/// Provinces set the exact table within these bounds.
pub fn months<T: Trace>(book: &RuleBook, place: Place, month: Month, contribution_months: i32, trace: &mut T) -> Result<i32, Finding> {
    let rule = table(book, place, month)?;
    let months = granted(&rule.value.bands, contribution_months).min(rule.value.max_months);
    trace.step(|| {
        let whose = if rule.place.is_nation() && !place.is_nation() {
            "，本地未收录细则，按全国上限"
        } else {
            ""
        };
        let figures = format!("累计缴费 {contribution_months} 个月{whose}");
        Step::new(
            "unemployment_months",
            "失业保险金领取月数",
            "Months of unemployment benefit",
            figures,
            months,
        )
        .cite(&rule)
    });
    Ok(months)
}

/// 社会保险法第四十七条: 失业保险金的标准由省、自治区、直辖市人民政府确定, 不得低于城市居民最低生活保障标准 (and by provincial rules not above the
/// minimum wage). `benefit_month` counts from 1.
pub fn amount<T: Trace>(book: &RuleBook, place: Place, month: Month, benefit_month: i32, trace: &mut T) -> Result<Money, Finding> {
    let region = book.region(place)?;
    let rule = need(&region.unemployment_benefit, month, place, "unemployment.benefit")?;
    match rule.value {
        UnemploymentBenefit::OfMinimumWage(ratio) => {
            let wage = need(&region.minimum_wage, month, place, "wages.minimum")?;
            let monthly = wage.value.monthly.times(*ratio, Rounding::HALF_UP_FEN)?;
            trace.step(|| {
                let figures = format!("最低工资 {} × {}", wage.value.monthly, ratio.percent());
                Step::new("unemployment_amount", "失业保险金月标准", "Monthly benefit", figures, monthly)
                    .cite(&rule)
                    .cite(&wage)
            });
            Ok(monthly)
        }
        UnemploymentBenefit::Amounts {
            months_1_12,
            months_13_24,
            extended,
        } => {
            let monthly = match benefit_month {
                ..=12 => *months_1_12,
                13..=24 => *months_13_24,
                _ => *extended,
            };
            trace.step(|| {
                let figures = format!("第 {benefit_month} 个月");
                Step::new("unemployment_amount", "失业保险金月标准", "Monthly benefit", figures, monthly).cite(&rule)
            });
            Ok(monthly)
        }
    }
}
