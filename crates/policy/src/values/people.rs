//! Values about people: retirement, pension, transfer and benefits.

use standard::{Finding, Money, Month, Rate};

use super::plain;
use crate::book::fields::Fields;
use crate::timeline::Value;

/// Statutory retirement of one category.
#[derive(Debug, Clone)]
pub struct Retirement {
    /// Age before the delay, in years.
    pub original_age: i32,
    /// 渐进式延迟; nothing before it was enacted.
    pub delay: Option<Delay>,
}

/// How births of a month and later are delayed.
#[derive(Debug, Clone, Copy)]
pub struct Delay {
    /// The first month of birth that is delayed.
    pub from_birth: Month,
    /// Births of so many months share one month of delay; never 0.
    pub months_per_step: i32,
    /// The longest delay in months.
    pub cap_months: i32,
}

impl Value for Retirement {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let original_age = fields.count("original_age")?;
        if !fields.has("from_birth") {
            return Ok(Retirement { original_age, delay: None });
        }
        let delay = Delay {
            from_birth: fields.month("from_birth")?,
            months_per_step: fields.count("months_per_step")?,
            cap_months: fields.count("cap_months")?,
        };
        if delay.months_per_step == 0 {
            return Err(fields.refuse("law_value", "months_per_step 不能为 0", "months_per_step cannot be 0"));
        }
        Ok(Retirement {
            original_age,
            delay: Some(delay),
        })
    }
}

plain! {
    /// A yearly figure valid for its own year only.
    YearRate yearly true {
        /// The rate of the year.
        rate: Rate = rate,
    }
    /// 计发基数, the base of the basic pension, of one year.
    CalculationBase yearly true {
        /// Each month.
        amount: Money = money,
    }
    /// The national urban disposable income of one year.
    UrbanIncome yearly true {
        /// The whole year.
        yearly: Money = money,
    }
    /// 过渡系数 of the transitional pension, per deemed year.
    Transition {
        /// For each year.
        coefficient: Rate = rate,
    }
    /// 产假 in days.
    Leave {
        /// For a first child, or any.
        days: i32 = count,
        /// For a second or third child, where different.
        days_second_or_third: Option<i32> = optional_count,
    }
    /// What is added to 产假.
    LeaveExtra {
        /// Days that may be taken before birth.
        before_birth: i32 = count,
        /// More for dystocia.
        dystocia: i32 = count,
        /// More for each further baby of a multiple birth.
        per_extra_baby: i32 = count,
        /// Leave after a miscarriage before four months.
        miscarriage_under_4_months: i32 = count,
        /// Leave after a miscarriage from four months.
        miscarriage_from_4_months: i32 = count,
    }
    /// How a monthly wage becomes a maternity allowance.
    MaternityAllowance {
        /// A month counts so many days.
        month_days: i32 = count,
    }
    /// A wage is held between these multiples of an average wage.
    Clamp {
        /// Lowest multiple.
        floor_ratio: Rate = rate,
        /// Highest multiple.
        ceiling_ratio: Rate = rate,
    }
    /// Death of an unemployed person, in multiples of the monthly benefit.
    UnemployedDeath {
        /// Funeral.
        funeral_months: i32 = count,
        /// Dependants.
        dependants_months: i32 = count,
    }
    /// 弹性退休.
    Flexible {
        /// Earliest, months before the statutory age, never before the original age.
        early_max_months: i32 = count,
        /// Latest, months after the statutory age.
        late_max_months: i32 = count,
        /// Going early needs the minimum contribution months.
        early_needs_minimum_contribution: bool = flag,
        /// Going late needs the employer's agreement.
        late_by_agreement: bool = flag,
    }
    /// A number of months.
    Months {
        /// Months.
        months: i32 = count,
    }
    /// Unemployment benefit until retirement.
    Bridge {
        /// Months before the statutory age.
        within_months: i32 = count,
        /// The fund pays the pension contributions meanwhile.
        fund_pays_pension: bool = flag,
    }
    /// 计发月数.
    PaymentMonths {
        /// By whole age in years.
        by_age: Vec<(i32, i32)> = counts_by_number,
        /// From 70.
        age_70_and_over: i32 = count,
    }
    /// 基础养老金.
    PensionFormula {
        /// For each year of contribution.
        basic_rate_per_year: Rate = rate,
        /// Weight of the indexed wage beside the calculation base: one half.
        index_weight: Rate = rate,
    }
    /// 基金转移 between provinces.
    PensionFund {
        /// Share of the actual bases that moves from the pooled fund.
        pooled_rate: Rate = rate,
        /// From this month on.
        pooled_since: Month = month,
        /// From this month on the whole account moves.
        account_all_since: Month = month,
    }
    /// 临时基本养老保险缴费账户 for those who come late in life.
    TemporaryAccount {
        /// Men from this age.
        male_from_age: i32 = count,
        /// Women from this age.
        female_from_age: i32 = count,
    }
    /// Whether money moves.
    MovesMoney {
        /// True when it does.
        moves_money: bool = flag,
    }
    /// Time limit of one leg.
    LegDeadline {
        /// Working days.
        working_days: i32 = count,
    }
    /// Moving a medical relation.
    MedicalTransfer {
        /// An interruption up to this long can be made good.
        interruption_months: i32 = count,
    }
    /// Moving unemployment money.
    UnemploymentTransfer {
        /// Medical and training subsidies on top, as a share of the benefit.
        extra_ratio: Rate = rate,
    }
    /// Bounds of the unemployment benefit in words.
    BenefitRule {
        /// Not above.
        not_above: String = text,
        /// Not below.
        not_below: String = text,
    }
    /// 工伤 base rates by industry class.
    ClassRates {
        /// Class 1 to 8.
        rates: Vec<(i32, Rate)> = rates_by_number,
    }
    /// Months of own wage, by disability grade.
    GradeMonths {
        /// Grade 1 to 10.
        months: Vec<(i32, i32)> = counts_by_number,
    }
    /// Monthly share of own wage, by disability grade.
    GradeRatios {
        /// Grade 1 to 6.
        ratios: Vec<(i32, Rate)> = rates_by_number,
    }
    /// 生活护理费, share of the regional average wage.
    Nursing {
        /// Wholly dependent.
        full: Rate = rate,
        /// Mostly dependent.
        most: Rate = rate,
        /// Partly dependent.
        part: Rate = rate,
    }
    /// 停工留薪期.
    StopWork {
        /// At most.
        months: i32 = count,
        /// At most so much longer.
        extension_months: i32 = count,
    }
    /// 工亡.
    InjuryDeath {
        /// Months of the regional average wage for the funeral.
        funeral_months: i32 = count,
        /// Share of own wage for the spouse.
        spouse: Rate = rate,
        /// For each other dependant.
        other: Rate = rate,
        /// More for the lonely old and orphans.
        orphan_extra: Rate = rate,
        /// Multiple of the national urban disposable income.
        one_off_multiple: i32 = count,
    }
    /// One-off medical and employment subsidies of a province for grades 5 to 10.
    OneOffSubsidy {
        /// Months for medical care.
        medical_months: Vec<(i32, i32)> = counts_by_number,
        /// Months for employment.
        employment_months: Vec<(i32, i32)> = counts_by_number,
        /// Less for each year nearer to retirement.
        reduction_per_year: Rate = rate,
        /// Within so many years of it.
        reduction_within_years: i32 = count,
    }
}
