//! 法定退休年龄, 弹性退休 and 最低缴费年限.

use standard::{Finding, Month, Sex};

use crate::book::rules::{need, present};
use crate::timeline::Timeline;
use crate::trace::{Step, Trace};
use crate::values::Retirement;
use crate::{Place, RuleBook};

/// Whose schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// 男职工.
    Male,
    /// 原法定退休年龄为55周岁的女职工.
    Female55,
    /// 原法定退休年龄为50周岁的女职工.
    Female50,
}

impl Category {
    /// The name in the interface.
    pub const fn name(self) -> &'static str {
        match self {
            Category::Male => "male",
            Category::Female55 => "female_55",
            Category::Female50 => "female_50",
        }
    }

    /// The category of a name.
    pub fn by_name(name: &str) -> Option<Category> {
        [Category::Male, Category::Female55, Category::Female50]
            .into_iter()
            .find(|category| category.name() == name)
    }

    /// What the reader calls it.
    pub const fn zh(self) -> &'static str {
        match self {
            Category::Male => "男职工",
            Category::Female55 => "女职工（原55周岁）",
            Category::Female50 => "女职工（原50周岁）",
        }
    }

    fn timeline(self, book: &RuleBook) -> Result<&Timeline<Retirement>, Finding> {
        let law = book.nation();
        let series = match self {
            Category::Male => &law.retirement_male,
            Category::Female55 => &law.retirement_female_55,
            Category::Female50 => &law.retirement_female_50,
        };
        present(series, Place::NATION, "retirement")
    }
}

/// When someone retires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statutory {
    /// Months of delay.
    pub delay_months: i32,
    /// Age in months.
    pub age_months: i32,
    /// The month in which it is reached.
    pub month: Month,
}

impl Statutory {
    /// `62y5m`.
    pub fn age_text(&self) -> String {
        format!("{}y{}m", self.age_months / 12, self.age_months % 12)
    }
}

/// 全国人大常委会《关于实施渐进式延迟法定退休年龄的决定》(2024-09-13), 国务院办法第一条: 从2025年1月1日起, 男职工和原法定退休年龄为五十五周岁的
/// 女职工, 法定退休年龄每四个月延迟一个月, 分别逐步延迟至六十三周岁和五十八周岁; 原法定退休年龄为五十周岁的女职工, 每二个月延迟一个月,
/// 逐步延迟至五十五周岁.
pub fn statutory<T: Trace>(book: &RuleBook, birth: Month, category: Category, trace: &mut T) -> Result<Statutory, Finding> {
    let timeline = category.timeline(book)?;
    // The rule is that of the month in which the age before the delay is reached.
    let original = timeline.newest()?.value.original_age * 12;
    let reached = birth.plus(original);
    let rule = timeline.at(reached)?;
    let original = rule.value.original_age * 12;
    let delay = rule.value.delay.map_or(0, |delay| {
        let index = delay.from_birth.until(birth);
        if index < 0 {
            0
        } else {
            delay.cap_months.min(index / delay.months_per_step.max(1) + 1)
        }
    });
    let answer = Statutory {
        delay_months: delay,
        age_months: original + delay,
        month: birth.plus(original + delay),
    };
    trace.step(|| {
        let figures = format!("{}，{birth} 出生，原 {} 周岁，延迟 {delay} 个月", category.zh(), original / 12);
        let result = format!("{}（{}周岁{}个月）", answer.month, answer.age_months / 12, answer.age_months % 12);
        Step::new("retirement_age", "法定退休时间", "Statutory retirement", figures, result).cite(&rule)
    });
    Ok(answer)
}

/// 《实施弹性退休制度暂行办法》(2025-01-01): 达到最低缴费年限, 可以自愿选择提前退休, 最长不超过3年, 不得低于原法定退休年龄;
/// 可与单位协商一致延迟退休, 最长不超过3年. Nothing before 2025.
pub fn flexible(book: &RuleBook, statutory: &Statutory) -> Result<(Month, Month), Finding> {
    let rule = need(
        &book.nation().retirement_flexible,
        statutory.month,
        Place::NATION,
        "retirement.flexible",
    )?;
    let early = rule.value.early_max_months.min(statutory.delay_months);
    Ok((statutory.month.plus(-early), statutory.month.plus(rule.value.late_max_months)))
}

/// The earliest statutory month possible for a sex: women may belong to either schedule, which the ID number does not tell.
pub fn earliest_possible(book: &RuleBook, birth: Month, sex: Sex) -> Result<Month, Finding> {
    let category = if sex == Sex::Male { Category::Male } else { Category::Female50 };
    Ok(statutory(book, birth, category, &mut crate::trace::Silent)?.month)
}

/// The latest statutory month possible for a sex: past it the person is certainly of pensionable age.
pub fn latest_possible(book: &RuleBook, birth: Month, sex: Sex) -> Result<Month, Finding> {
    let category = if sex == Sex::Male { Category::Male } else { Category::Female55 };
    Ok(statutory(book, birth, category, &mut crate::trace::Silent)?.month)
}

/// 社会保险法第十六条: 累计缴费满十五年; 决定第二条: 从2030年1月1日起逐步提高至二十年, 每年提高六个月.
pub fn minimum_contribution<T: Trace>(book: &RuleBook, year: i32, trace: &mut T) -> Result<i32, Finding> {
    let rule = need(
        &book.nation().minimum_contribution,
        Month::new(year, 1)?.plus(11),
        Place::NATION,
        "retirement.minimum_contribution",
    )?;
    trace.step(|| {
        let figures = format!("{year}年");
        Step::new(
            "minimum_contribution",
            "最低缴费年限",
            "Minimum contribution",
            figures,
            format!("{}个月", rule.value.months),
        )
        .cite(&rule)
    });
    Ok(rule.value.months)
}
