//! 缴费: the base within its limits, what each side pays of the five insurances, and how the month of entry counts.

use standard::{Date, Finding, Insurance, Money, MoneyOverflow, Month, Rate, Rounding};

use crate::book::rules::need;
use crate::trace::{Step, Trace};
use crate::values::{InjuryRate, Limits};
use crate::{InForce, Rules};

/// 社会保险法第十二条, 国发〔1995〕6号: 职工个人月平均工资低于当地平均工资60%的, 按60%计算缴费工资; 超过300%的部分不计入缴费工资.
/// The published limits are law; they are not derived from an average here.
pub fn base<T: Trace>(limits: &InForce<'_, Limits>, wage: Money, trace: &mut T) -> Money {
    let base = wage.clamp(limits.value.floor, limits.value.ceiling);
    trace.step(|| {
        let figures = format!("工资 {wage}，下限 {}，上限 {}", limits.value.floor, limits.value.ceiling);
        Step::new("contribution_base", "缴费基数", "Contribution base", figures, base).cite(limits)
    });
    base
}

/// 社会保险法第四、十二、二十三、三十五、四十四、五十三条: base × rate, rounded once as the region rounds.
/// `share` is 1 for a full month and 1/2 for a half one.
#[inline]
pub fn amount(base: Money, rate: Rate, share: Share, rounding: Rounding) -> Result<Money, MoneyOverflow> {
    let product = i128::from(base.fen()) * i128::from(rate.ppm());
    Money::from_ratio(product, 1_000_000 * share.divisor(), rounding)
}

/// How much of a month counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// 全月.
    Full,
    /// 半月.
    Half,
    /// Nothing: the first contribution is the next month's.
    None,
}

impl Share {
    const fn divisor(self) -> i128 {
        match self {
            Share::Half => 2,
            Share::Full | Share::None => 1,
        }
    }

    /// In words.
    pub const fn zh(self) -> &'static str {
        match self {
            Share::Full => "全月",
            Share::Half => "半月",
            Share::None => "次月起",
        }
    }
}

/// How the month counts for someone hired on a day (a dated parameter of each region; the product's rule is: up to the 15th the full
/// month, after it half). Someone hired after the month is refused.
pub fn entry_share<T: Trace>(rules: &Rules<'_>, hired_on: Option<Date>, trace: &mut T) -> Result<Share, Finding> {
    let Some(hired_on) = hired_on else { return Ok(Share::Full) };
    let hired = Month::of(hired_on);
    if hired > rules.month {
        return Err(Finding::blocking(
            "hired_after_month",
            format!("入职日期 {hired_on} 晚于费款所属期 {}", rules.month),
            format!("Hired on {hired_on}, after the period {}", rules.month),
        )
        .field("hired_on")
        .remedy("请核对入职日期或所属期", "Check the hire date or the period"));
    }
    if hired < rules.month {
        return Ok(Share::Full);
    }
    let rule = rules.entry_month()?;
    let share = if i32::from(hired_on.day()) <= rule.value.full_through_day {
        Share::Full
    } else {
        match rule.value.after.as_str() {
            "half" => Share::Half,
            "next" => Share::None,
            _ => Share::Full,
        }
    };
    trace.step(|| {
        let figures = format!("{hired_on} 入职，{}日（含）前按全月", rule.value.full_through_day);
        Step::new("entry_month", "入职当月", "Month of entry", figures, share.zh()).cite(&rule)
    });
    Ok(share)
}

/// What one insurance costs in a month. A side is nothing where its rate is not encoded, which is not the same as 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// The base within its limits.
    pub base: Money,
    /// The employer's part, fixed amounts included.
    pub employer: Option<Money>,
    /// The employee's part, fixed amounts included.
    pub employee: Option<Money>,
}

/// Who the contribution is for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Case {
    /// Declared monthly wage.
    pub wage: Money,
    /// Hired on, when in the month.
    pub hired_on: Option<Date>,
    /// Industry class of the employer, 1 to 8, for work injury.
    pub industry_class: Option<i32>,
}

/// The work-injury rate: the national base rate of the class when it is given, else the region's own.
fn injury_rate<T: Trace>(rules: &Rules<'_>, class: Option<i32>, trace: &mut T) -> Result<Option<Rate>, Finding> {
    if let Some(class) = class {
        let (rate, source) = rules.injury_class_rate(class)?;
        trace.step(|| {
            Step::new(
                "injury_rate",
                "工伤行业基准费率",
                "Work-injury base rate",
                format!("第{class}类行业"),
                rate.percent(),
            )
            .cite(&source)
        });
        return Ok(Some(rate));
    }
    let Some(own) = rules.injury else { return Ok(None) };
    Ok(match own.value {
        InjuryRate::Flat(rate) => {
            trace.step(|| Step::new("injury_rate", "工伤费率", "Work-injury rate", "未给行业类别", rate.percent()).cite(&own));
            Some(*rate)
        }
        InjuryRate::ByClass => None,
    })
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Employer,
    Employee,
}

impl Side {
    /// The step of a part; its words are put together only when someone listens.
    fn step(self, insurance: Insurance, figures: String, total: Money) -> Step {
        let (rule, zh, en) = match self {
            Side::Employer => ("contribution_employer", "单位", "employer"),
            Side::Employee => ("contribution_employee", "个人", "employee"),
        };
        Step::new(
            rule,
            &format!("{}保险{zh}缴费", insurance.zh()),
            &format!("{}, {en}", insurance.name()),
            figures,
            total,
        )
    }
}

/// One side of one insurance, with its step.
fn side<T: Trace>(
    what: (Insurance, Side),
    base: Money,
    rate: Option<InForce<'_, Rate>>,
    fixed: Option<InForce<'_, crate::values::Fixed>>,
    share: Share,
    rounding: Rounding,
    trace: &mut T,
) -> Result<Option<Money>, Finding> {
    let Some(rate) = rate else { return Ok(None) };
    if share == Share::None {
        return Ok(Some(Money::ZERO));
    }
    let by_rate = amount(base, *rate.value, share, rounding)?;
    let extra = fixed.map_or(Money::ZERO, |fixed| fixed.value.monthly);
    let total = by_rate.try_add(extra)?;
    trace.step(|| {
        let half = if share == Share::Half { " ÷ 2" } else { "" };
        let extra = fixed
            .map(|fixed| format!(" + {} {}", fixed.value.name, fixed.value.monthly))
            .unwrap_or_default();
        let mut step = what
            .1
            .step(what.0, format!("{base} × {}{half}{extra}", rate.value.percent()), total)
            .cite(&rate);
        if let Some(fixed) = &fixed {
            step = step.cite(fixed);
        }
        step
    });
    Ok(Some(total))
}

/// Both sides of one insurance in one month.
pub fn insurance<T: Trace>(
    rules: &Rules<'_>,
    insurance: Insurance,
    case: &Case,
    share: Share,
    trace: &mut T,
) -> Result<Contribution, Finding> {
    let limits = rules.limits(insurance)?;
    let base = base(&limits, case.wage, trace);
    let rounding = rules.contribution_rounding()?.value.rounding;
    let rule = rules.insurance(insurance);
    let employer = if insurance == Insurance::Injury {
        injury_side(rules, base, case.industry_class, share, rounding, trace)?
    } else {
        side(
            (insurance, Side::Employer),
            base,
            rule.employer,
            rule.fixed_employer,
            share,
            rounding,
            trace,
        )?
    };
    let employee = match insurance {
        // 社会保险法第三十三、五十三条: 职工不缴纳工伤保险费、生育保险费.
        Insurance::Injury | Insurance::Maternity => Some(Money::ZERO),
        _ => side(
            (insurance, Side::Employee),
            base,
            rule.employee,
            rule.fixed_employee,
            share,
            rounding,
            trace,
        )?,
    };
    Ok(Contribution { base, employer, employee })
}

fn injury_side<T: Trace>(
    rules: &Rules<'_>,
    base: Money,
    class: Option<i32>,
    share: Share,
    rounding: Rounding,
    trace: &mut T,
) -> Result<Option<Money>, Finding> {
    let Some(rate) = injury_rate(rules, class, trace)? else {
        return Ok(None);
    };
    if share == Share::None {
        return Ok(Some(Money::ZERO));
    }
    let total = amount(base, rate, share, rounding)?;
    trace.step(|| {
        let half = if share == Share::Half { " ÷ 2" } else { "" };
        let figures = format!("{base} × {}{half}", rate.percent());
        Side::Employer.step(Insurance::Injury, figures, total)
    });
    Ok(Some(total))
}

/// The five insurances of one month, in the order of [`Insurance::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contributions {
    /// Pension, medical, unemployment, injury, maternity.
    pub all: [Contribution; 5],
    /// How the month counted.
    pub share: Share,
}

impl Contributions {
    /// One insurance.
    pub fn of(&self, insurance: Insurance) -> &Contribution {
        &self.all[insurance as usize]
    }

    /// What both sides pay; a side that is not encoded counts nothing and is named by [`missing`](Contributions::missing).
    pub fn totals(&self) -> Result<(Money, Money), MoneyOverflow> {
        let employer = Money::sum(self.all.iter().filter_map(|one| one.employer))?;
        let employee = Money::sum(self.all.iter().filter_map(|one| one.employee))?;
        Ok((employer, employee))
    }

    /// The sides whose rate is not encoded: (`medical`, `employer`)….
    pub fn missing(&self) -> Vec<(Insurance, &'static str)> {
        let mut missing = Vec::new();
        for insurance in Insurance::ALL {
            let one = self.of(insurance);
            missing.extend(one.employer.is_none().then_some((insurance, "employer")));
            missing.extend(one.employee.is_none().then_some((insurance, "employee")));
        }
        missing
    }
}

/// 职工基本医疗保险二档, by the region's own rates (深圳市医疗保障办法第八条: 单位1.5%，个人0.5%). Limits published for the first tier say
/// nothing of the second: a wage between them is its own base; one outside is refused, for its base is not known.
pub fn second_tier<T: Trace>(rules: &Rules<'_>, wage: Money, share: Share, trace: &mut T) -> Result<Contribution, Finding> {
    let (region, month, place) = (rules.region, rules.month, rules.place);
    let employer = need(&region.medical_employer_tier2, month, place, "medical.employer_tier2")?;
    let employee = need(&region.medical_employee_tier2, month, place, "medical.employee_tier2")?;
    let limits = rules.limits(Insurance::Medical)?;
    if wage != base(&limits, wage, trace) {
        return Err(rules.missing(Insurance::Medical, "limits_tier2"));
    }
    let rounding = rules.contribution_rounding()?.value.rounding;
    let mut part = |payer, rate| side((Insurance::Medical, payer), wage, Some(rate), None, share, rounding, trace);
    Ok(Contribution {
        base: wage,
        employer: part(Side::Employer, employer)?,
        employee: part(Side::Employee, employee)?,
    })
}

/// The five insurances of one person in one month.
pub fn contributions<T: Trace>(rules: &Rules<'_>, case: &Case, trace: &mut T) -> Result<Contributions, Finding> {
    with_medical(rules, case, trace, |share, trace| {
        insurance(rules, Insurance::Medical, case, share, trace)
    })
}

/// The same with the second tier of the medical insurance.
pub fn contributions_second_tier<T: Trace>(rules: &Rules<'_>, case: &Case, trace: &mut T) -> Result<Contributions, Finding> {
    with_medical(rules, case, trace, |share, trace| second_tier(rules, case.wage, share, trace))
}

fn with_medical<T: Trace>(
    rules: &Rules<'_>,
    case: &Case,
    trace: &mut T,
    medical: impl Fn(Share, &mut T) -> Result<Contribution, Finding>,
) -> Result<Contributions, Finding> {
    let share = entry_share(rules, case.hired_on, trace)?;
    let nothing = Contribution {
        base: Money::ZERO,
        employer: None,
        employee: None,
    };
    let mut all = [nothing; 5];
    for (slot, one) in all.iter_mut().zip(Insurance::ALL) {
        *slot = if one == Insurance::Medical {
            medical(share, trace)?
        } else {
            insurance(rules, one, case, share, trace)?
        };
    }
    Ok(Contributions { all, share })
}
