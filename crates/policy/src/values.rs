//! The kinds of value a row of law can hold. Money is fen, rates are exact, ages and periods are whole months or years.

use standard::{Finding, Insurance, Money, Month, Rate, Rounding, Unit};

use crate::book::fields::Fields;
use crate::timeline::Value;

/// Floor and ceiling of the monthly contribution base.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Lowest monthly base.
    pub floor: Money,
    /// Highest monthly base.
    pub ceiling: Money,
    /// The average wage the document names, when it names one. Limits are stored, never derived from it.
    pub average: Option<Money>,
    /// The insurances the document names; others use these limits by default.
    pub applies_to: Vec<Insurance>,
}

impl Value for Limits {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let limits = Limits {
            floor: fields.money("floor")?,
            ceiling: fields.money("ceiling")?,
            average: fields.optional_money("average")?,
            applies_to: insurances(fields)?,
        };
        refuse_floor_above_ceiling(fields, limits.floor, limits.ceiling)?;
        Ok(limits)
    }

    /// Floors are 60 % and ceilings 300 % of an average, rounded to the yuan at most; transitional floors are lower.
    fn warnings(&self) -> Vec<(String, String)> {
        let Some(average) = self.average else { return Vec::new() };
        [("下限", "floor", self.floor, 60), ("上限", "ceiling", self.ceiling, 300)]
            .into_iter()
            .filter_map(|(zh, en, stated, percent)| {
                let derived = average.ratio(percent, 100, Rounding::HALF_UP_FEN).ok()?;
                let apart = (stated.fen() - derived.fen()).abs();
                (apart >= 100).then(|| {
                    (
                        format!("{zh} {stated} 与平均工资 {average} 的 {percent}%（{derived}）相差超过取整"),
                        format!("the {en} {stated} differs from {percent} % of the average {average} ({derived}) by more than rounding"),
                    )
                })
            })
            .collect()
    }
}

fn refuse_floor_above_ceiling(fields: &Fields, floor: Money, ceiling: Money) -> Result<(), Finding> {
    if floor > ceiling {
        let (zh, en) = (
            format!("下限 {floor} 高于上限 {ceiling}"),
            format!("the floor {floor} is above the ceiling {ceiling}"),
        );
        return Err(fields.refuse("law_floor_above_ceiling", &zh, &en));
    }
    Ok(())
}

fn insurances(fields: &mut Fields) -> Result<Vec<Insurance>, Finding> {
    let names = fields.texts("applies_to")?;
    let all: Option<Vec<Insurance>> = names.iter().map(|name| Insurance::by_name(name)).collect();
    all.ok_or_else(|| fields.refuse("law_value", "applies_to 中有不认识的险种", "applies_to names an unknown insurance"))
}

/// A single rate.
impl Value for Rate {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let rate = fields.rate("rate")?;
        if rate > Rate::ONE {
            return Err(fields.refuse("law_value", "费率不能大于 1", "a rate cannot exceed 1"));
        }
        Ok(rate)
    }
}

/// A region's work-injury rate: one figure, or the national base rate of the employer's class.
#[derive(Debug, Clone, Copy)]
pub enum InjuryRate {
    /// The rate used where the industry class is not given.
    Flat(Rate),
    /// Depends on the class; there is no figure without it.
    ByClass,
}

impl Value for InjuryRate {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        if fields.has("by_class") {
            fields.flag("by_class")?;
            return Ok(InjuryRate::ByClass);
        }
        Rate::read(fields).map(InjuryRate::Flat)
    }
}

/// A fixed monthly amount beside a rate, such as 大额医疗互助.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// What it is called.
    pub name: String,
    /// Each month.
    pub monthly: Money,
}

impl Value for Fixed {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        Ok(Fixed {
            name: fields.text("name")?,
            monthly: fields.money("monthly")?,
        })
    }
}

/// Declares values that are nothing but named fields.
macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident $(yearly $yearly:literal)? { $($(#[$fdoc:meta])* $field:ident: $type:ty = $get:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name { $($(#[$fdoc])* pub $field: $type),* }
        impl Value for $name {
            $(const YEARLY: bool = $yearly;)?
            fn read(fields: &mut Fields) -> Result<Self, Finding> {
                Ok($name { $($field: fields.$get(stringify!($field))?),* })
            }
        }
    )*};
}

plain! {
    /// A monthly amount.
    Monthly {
        /// Each month.
        monthly: Money = money,
    }
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
    /// The average monthly wage of one wage year.
    AverageWage yearly true {
        /// Each month.
        monthly: Money = money,
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
    /// A minimum wage.
    MinimumWage {
        /// Each month.
        monthly: Money = money,
        /// Each hour, for part-time work; where known.
        hourly: Option<Money> = optional_money,
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
    /// A rule stated in words that no calculation uses.
    Words {
        /// The rule.
        text: String = text,
    }
    /// 住房公积金 of the nation.
    HousingFundRule {
        /// Lowest rate a side.
        rate_min: Rate = rate,
        /// New workers pay from this month of work on.
        new_worker_from_month: i32 = count,
    }
    /// Death of an unemployed person, in multiples of the monthly benefit.
    UnemployedDeath {
        /// Funeral.
        funeral_months: i32 = count,
        /// Dependants.
        dependants_months: i32 = count,
    }
    /// Statutory retirement of one category.
    Retirement {
        /// Age before the delay, in years.
        original_age: i32 = count,
        /// The first month of birth that is delayed.
        from_birth: Month = month,
        /// Births of so many months share one month of delay.
        months_per_step: i32 = count,
        /// The longest delay in months.
        cap_months: i32 = count,
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
    /// 滞纳金.
    LateFee {
        /// Each day.
        daily: Rate = rate,
        /// Lowest multiple of a fine.
        fine_min: i32 = count,
        /// Highest multiple of a fine.
        fine_max: i32 = count,
    }
    /// A share of another amount.
    Ratio {
        /// The share.
        ratio: Rate = rate,
    }
    /// First employment of the year.
    FirstEmployment {
        /// The basic deduction counts from January.
        from_january: bool = flag,
    }
    /// A yearly amount.
    Yearly {
        /// The whole year.
        yearly: Money = money,
    }
    /// 专项附加扣除; monthly unless the name says otherwise.
    SpecialAdditional {
        /// Each child in education.
        child: Money = money,
        /// Each child under three.
        infant: Money = money,
        /// An only child's parents from 60.
        elder_only_child: Money = money,
        /// Each sibling at most.
        elder_sibling_max: Money = money,
        /// First home loan.
        mortgage: Money = money,
        /// Rent by size of city.
        rent: Vec<String> = texts,
        /// A degree course.
        degree: Money = money,
        /// Of at most so many months.
        degree_max_months: i32 = count,
        /// A vocational certificate, in its year.
        certificate_year: Money = money,
        /// Illness: own cost of the year above this.
        illness_threshold_year: Money = money,
        /// Illness: at most this.
        illness_cap_year: Money = money,
    }
    /// 个人养老金.
    PersonalPension {
        /// Deductible a year.
        year_limit: Money = money,
        /// Tax on payout.
        payout_rate: Rate = rate,
    }
    /// Housing fund free of tax.
    FundExemption {
        /// Rate a side at most.
        rate_max: Rate = rate,
        /// Base at most this multiple of the city's average wage.
        base_multiple: Rate = rate,
    }
    /// 加班工资 multiples.
    Overtime {
        /// Beyond hours on a working day.
        workday: Rate = rate,
        /// On a rest day without compensation.
        rest_day: Rate = rate,
        /// On a statutory holiday.
        holiday: Rate = rate,
    }
    /// Overtime at most.
    OvertimeCaps {
        /// Hours a day.
        hours_per_day: i32 = count,
        /// Hours a month.
        hours_per_month: i32 = count,
    }
    /// 月计薪天数.
    PaidDays {
        /// Days a month: 21.75.
        days_per_month: Rate = rate,
        /// Hours a day.
        hours_per_day: Rate = rate,
    }
    /// A number of days.
    Days {
        /// Days.
        days: i32 = count,
    }
    /// 经济补偿.
    Severance {
        /// Months of wage for a full year.
        full_year: Rate = rate,
        /// For less than half a year.
        half_year: Rate = rate,
        /// The wage counts at most this multiple of the regional average.
        cap_average_multiple: Rate = rate,
        /// And then at most so many years.
        cap_years: i32 = count,
        /// Unlawful dismissal pays this multiple.
        unlawful_multiple: Rate = rate,
    }
    /// Deductions for damage.
    DamageDeduction {
        /// Share of the month's wage at most.
        share_max: Rate = rate,
    }
    /// How the month of entry counts, a rule of the product.
    EntryMonth {
        /// Hired up to this day: the full month.
        full_through_day: i32 = count,
        /// Hired after it: `half`, `full` or `next` (nothing until the next month).
        after: String = text,
    }
    /// How soon a change of law must be in force here.
    UpdateHours {
        /// Hours.
        hours: i32 = count,
    }
    /// Floor and ceiling as shares of an average; for checking only.
    AverageRatio {
        /// Of the floor.
        floor: Rate = rate,
        /// Of the ceiling.
        ceiling: Rate = rate,
    }
    /// 经办时限 in working days.
    TimeLimits {
        /// Registration.
        registration: i32 = count,
        /// Change or cancellation.
        change_or_cancel: i32 = count,
        /// Application for a pension.
        pension_application: i32 = count,
        /// Manual medical claims.
        medical_manual_claim: i32 = count,
        /// Maternity allowance.
        maternity_allowance: i32 = count,
        /// Manual injury claims.
        injury_manual_claim: i32 = count,
        /// Unemployment benefit.
        unemployment_benefit: i32 = count,
        /// Reporting that the conditions ended.
        report_stop_condition: i32 = count,
    }
    /// Counts of a year's days, to check the calendar against.
    CalendarYear yearly true {
        /// Days off the notice names.
        off_days: i32 = count,
        /// 调休上班.
        makeup_workdays: i32 = count,
        /// Working days.
        working_days: i32 = count,
    }
    /// GB 11643.
    IdNumberStandard {
        /// Weights of the first 17 digits.
        weights: Vec<i32> = counts,
        /// Check characters by remainder.
        check: String = text,
    }
    /// GB 32100.
    CreditCodeStandard {
        /// Permitted characters in order of value.
        alphabet: String = text,
        /// Weights of the first 17 characters.
        weights: Vec<i32> = counts,
    }
}

/// Limits of the housing fund.
#[derive(Debug, Clone)]
pub struct HousingFundLimits {
    /// Lowest monthly base.
    pub floor: Money,
    /// Highest monthly base.
    pub ceiling: Money,
    /// Lowest rate a side.
    pub rate_min: Rate,
    /// Highest rate a side.
    pub rate_max: Rate,
}

impl Value for HousingFundLimits {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let limits = HousingFundLimits {
            floor: fields.money("floor")?,
            ceiling: fields.money("ceiling")?,
            rate_min: fields.rate("rate_min")?,
            rate_max: fields.rate("rate_max")?,
        };
        refuse_floor_above_ceiling(fields, limits.floor, limits.ceiling)?;
        if limits.rate_min > limits.rate_max {
            return Err(fields.refuse(
                "law_floor_above_ceiling",
                "最低比例高于最高比例",
                "the lowest rate is above the highest",
            ));
        }
        Ok(limits)
    }
}

/// A rounding that differs by place.
#[derive(Debug, Clone, Copy)]
pub struct RoundingRule {
    /// Unit and direction.
    pub rounding: Rounding,
}

impl Value for RoundingRule {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let unit = match fields.text("unit")?.as_str() {
            "fen" => Unit::Fen,
            "jiao" => Unit::Jiao,
            "yuan" => Unit::Yuan,
            _ => return Err(fields.refuse("law_value", "unit 应为 fen、jiao 或 yuan", "unit must be fen, jiao or yuan")),
        };
        let rounding = match fields.text("mode")?.as_str() {
            "half_up" => Rounding::HalfUp(unit),
            "down" => Rounding::Down(unit),
            "up" => Rounding::Up(unit),
            _ => return Err(fields.refuse("law_value", "mode 应为 half_up、down 或 up", "mode must be half_up, down or up")),
        };
        Ok(RoundingRule { rounding })
    }
}

/// One step of a table by contribution months: from so many months, so many, and more for each further period.
#[derive(Debug, Clone, Copy)]
pub struct Band {
    /// Contribution months it starts at.
    pub from_months: i32,
    /// Months of benefit (or days of leave) at its start.
    pub grant: i32,
    /// Each further so many months…
    pub each_months: Option<i32>,
    /// …add so many.
    pub add: i32,
}

fn bands(fields: &mut Fields, grant: &str) -> Result<Vec<Band>, Finding> {
    let mut all = Vec::new();
    for mut inner in fields.tables("bands")? {
        let each_months = inner.optional_count("each_months")?;
        let band = Band {
            from_months: inner.count("from_months")?,
            grant: inner.count(grant)?,
            add: if each_months.is_some() { inner.count("add")? } else { 0 },
            each_months,
        };
        inner.finish()?;
        if each_months == Some(0) {
            return Err(inner.refuse("law_value", "each_months 不能为 0", "each_months cannot be 0"));
        }
        all.push(band);
    }
    if all.is_empty() || all.windows(2).any(|pair| pair[0].from_months >= pair[1].from_months) {
        return Err(fields.refuse("law_value", "bands 应由低到高且不为空", "bands must ascend and not be empty"));
    }
    Ok(all)
}

/// Months of unemployment benefit by months of contribution.
#[derive(Debug, Clone)]
pub struct UnemploymentMonths {
    /// Ascending steps.
    pub bands: Vec<Band>,
    /// Never more.
    pub max_months: i32,
}

impl Value for UnemploymentMonths {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        Ok(UnemploymentMonths {
            bands: bands(fields, "months")?,
            max_months: fields.count("max_months")?,
        })
    }
}

/// 年休假.
#[derive(Debug, Clone)]
pub struct AnnualLeave {
    /// Ascending steps of days by months of cumulative service.
    pub bands: Vec<Band>,
    /// Days of the year a part is counted by.
    pub year_days: i32,
    /// Multiple of the daily wage for leave not taken, the normal pay included.
    pub pay: Rate,
}

impl Value for AnnualLeave {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let leave = AnnualLeave {
            bands: bands(fields, "days")?,
            year_days: fields.count("year_days")?,
            pay: fields.rate("pay")?,
        };
        if leave.year_days == 0 {
            return Err(fields.refuse("law_value", "year_days 不能为 0", "year_days cannot be 0"));
        }
        Ok(leave)
    }
}

/// 失业保险金 each month.
#[derive(Debug, Clone)]
pub enum UnemploymentBenefit {
    /// A share of the minimum wage.
    OfMinimumWage(Rate),
    /// Amounts by month of receipt.
    Amounts {
        /// Month 1 to 12.
        months_1_12: Money,
        /// Month 13 to 24.
        months_13_24: Money,
        /// Beyond, until retirement.
        extended: Money,
    },
}

impl Value for UnemploymentBenefit {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        if let Some(ratio) = fields.optional_rate("minimum_wage_ratio")? {
            return Ok(UnemploymentBenefit::OfMinimumWage(ratio));
        }
        Ok(UnemploymentBenefit::Amounts {
            months_1_12: fields.money("months_1_12")?,
            months_13_24: fields.money("months_13_24")?,
            extended: fields.money("extended")?,
        })
    }
}

/// One step of a progressive tax.
#[derive(Debug, Clone, Copy)]
pub struct Bracket {
    /// Up to and including this amount; nothing in the last step.
    pub up_to: Option<Money>,
    /// Rate of the step.
    pub rate: Rate,
    /// 速算扣除数.
    pub quick: Money,
}

/// A progressive tax table.
#[derive(Debug, Clone)]
pub struct Brackets {
    /// From low to high; the last has no end.
    pub brackets: Vec<Bracket>,
}

impl Value for Brackets {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let mut brackets = Vec::new();
        for mut inner in fields.tables("brackets")? {
            brackets.push(Bracket {
                up_to: inner.optional_money("up_to")?,
                rate: inner.rate("rate")?,
                quick: inner.money("quick")?,
            });
            inner.finish()?;
        }
        let open = brackets.iter().filter(|bracket| bracket.up_to.is_none()).count();
        let ascending = brackets.windows(2).all(|pair| match (pair[0].up_to, pair[1].up_to) {
            (Some(low), Some(high)) => low < high && pair[0].rate < pair[1].rate,
            (Some(_), None) => pair[0].rate < pair[1].rate,
            (None, _) => false,
        });
        if open != 1 || !ascending {
            return Err(fields.refuse(
                "law_value",
                "税率表应由低到高，且只有最后一级不设上限",
                "brackets must ascend, and only the last is open",
            ));
        }
        Ok(Brackets { brackets })
    }
}
