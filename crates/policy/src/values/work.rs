//! Values about work: wages, tax, labour standards, deadlines and coding standards.

use standard::{Finding, Money, Rate};

use super::plain;
use crate::book::fields::Fields;
use crate::timeline::Value;

plain! {
    /// A monthly amount.
    Monthly {
        /// Each month.
        monthly: Money = money,
    }
    /// The average monthly wage of one wage year.
    AverageWage yearly true {
        /// Each month.
        monthly: Money = money,
    }
    /// A minimum wage.
    MinimumWage {
        /// Each month.
        monthly: Money = money,
        /// Each hour, for part-time work; where known.
        hourly: Option<Money> = optional_money,
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
