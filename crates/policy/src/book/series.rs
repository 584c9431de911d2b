//! The series a law file may hold. A new kind of value is one line here and one type in `values`.

use std::collections::BTreeMap;

use standard::{Finding, Rate};

use crate::Place;
use crate::timeline::{Series, SeriesKey, Timeline, read_series};
use crate::values::*;

/// What reading a topic's tables yields besides the timelines.
pub(crate) type Tables = BTreeMap<String, Vec<toml::Table>>;

macro_rules! law {
    ($(#[$doc:meta])* $name:ident { $($topic:literal $series:literal $field:ident: $type:ty;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub struct $name {
            $(#[doc = concat!("`", $topic, ".toml`, `[[", $series, "]]`.")] pub $field: Option<Timeline<$type>>,)*
        }

        impl $name {
            /// Takes the known series of a topic out of `tables`; what is left is unknown. False when the topic itself is.
            pub(crate) fn fill(&mut self, place: Place, topic: &str, file: &str, tables: &mut Tables, found: &mut Vec<Finding>) -> bool {
                let mut known = false;
                $(if topic == $topic {
                    known = true;
                    if let Some(rows) = tables.remove($series) {
                        let key = SeriesKey { place, topic: $topic.to_owned(), series: $series.to_owned() };
                        match read_series(key, file, rows) {
                            Ok((timeline, warnings)) => { self.$field = Some(timeline); found.extend(warnings); }
                            Err(finding) => found.push(finding),
                        }
                    }
                })*
                known
            }

            /// Every series there is.
            pub(crate) fn all(&self) -> Vec<&dyn Series> {
                let mut all: Vec<&dyn Series> = Vec::new();
                $(if let Some(timeline) = &self.$field { all.push(timeline); })*
                all
            }
        }
    };
}

law! {
    /// The law of one region.
    RegionLaw {
        "pension" "limits" pension_limits: Limits;
        "pension" "employer" pension_employer: Rate;
        "pension" "employee" pension_employee: Rate;
        "pension" "flexible" pension_flexible: Rate;
        "pension" "calculation_base" calculation_base: CalculationBase;
        "pension" "transition" transition: Transition;
        "pension" "benefit_rounding" benefit_rounding: RoundingRule;
        "medical" "limits" medical_limits: Limits;
        "medical" "employer" medical_employer: Rate;
        "medical" "employee" medical_employee: Rate;
        "medical" "fixed_employer" medical_fixed_employer: Fixed;
        "medical" "fixed_employee" medical_fixed_employee: Fixed;
        "medical" "employer_tier2" medical_employer_tier2: Rate;
        "medical" "employee_tier2" medical_employee_tier2: Rate;
        "medical" "flexible" medical_flexible: Rate;
        "medical" "flexible_major_illness" medical_flexible_major_illness: Rate;
        "medical" "flexible_amount" medical_flexible_amount: Monthly;
        "medical" "flexible_amount_tier1" medical_flexible_amount_tier1: Monthly;
        "medical" "flexible_amount_tier2" medical_flexible_amount_tier2: Monthly;
        "medical" "flexible_base" medical_flexible_base: Monthly;
        "medical" "base_rule" medical_base_rule: Words;
        "medical" "reimbursement" medical_reimbursement: Reimbursement;
        "unemployment" "limits" unemployment_limits: Limits;
        "unemployment" "employer" unemployment_employer: Rate;
        "unemployment" "employee" unemployment_employee: Rate;
        "unemployment" "months" unemployment_months: UnemploymentMonths;
        "unemployment" "benefit" unemployment_benefit: UnemploymentBenefit;
        "unemployment" "death" unemployment_death: UnemployedDeath;
        "injury" "limits" injury_limits: Limits;
        "injury" "employer" injury_employer: InjuryRate;
        "injury" "one_off_5_to_10" injury_one_off: OneOffSubsidy;
        "maternity" "limits" maternity_limits: Limits;
        "maternity" "employer" maternity_employer: Rate;
        "maternity" "leave" maternity_leave: Leave;
        "maternity" "allowance_clamp" maternity_clamp: Clamp;
        "housing_fund" "limits" housing_fund_limits: HousingFundLimits;
        "housing_fund" "rounding" housing_fund_rounding: RoundingRule;
        "wages" "minimum" minimum_wage: MinimumWage;
        "wages" "average" average_wage: AverageWage;
        "contribution" "rounding" contribution_rounding: RoundingRule;
        "contribution" "entry_month" entry_month: EntryMonth;
    }
}

law! {
    /// National law.
    NationLaw {
        "contribution" "rounding" contribution_rounding: RoundingRule;
        "contribution" "entry_month" entry_month: EntryMonth;
        "contribution" "update_hours" update_hours: UpdateHours;
        "contribution" "average_ratio" average_ratio: AverageRatio;
        "retirement" "male" retirement_male: Retirement;
        "retirement" "female_55" retirement_female_55: Retirement;
        "retirement" "female_50" retirement_female_50: Retirement;
        "retirement" "flexible" retirement_flexible: Flexible;
        "retirement" "minimum_contribution" minimum_contribution: Months;
        "retirement" "unemployment_bridge" unemployment_bridge: Bridge;
        "pension" "payment_months" payment_months: PaymentMonths;
        "pension" "formula" pension_formula: PensionFormula;
        "pension" "flexible" pension_flexible: Rate;
        "pension" "account_interest" account_interest: YearRate;
        "pension" "account_credit" account_credit: Rate;
        "transfer" "pension_fund" pension_fund: PensionFund;
        "transfer" "benefit_place" benefit_place: Months;
        "transfer" "temporary_account" temporary_account: TemporaryAccount;
        "transfer" "within_province" within_province: MovesMoney;
        "transfer" "leg_deadline" leg_deadline: LegDeadline;
        "transfer" "medical" medical_transfer: MedicalTransfer;
        "transfer" "unemployment" unemployment_transfer: UnemploymentTransfer;
        "unemployment" "months" unemployment_months: UnemploymentMonths;
        "unemployment" "total_rate" unemployment_total: Rate;
        "unemployment" "benefit_rule" unemployment_benefit_rule: BenefitRule;
        "injury" "class_rate" injury_class_rate: ClassRates;
        "injury" "one_off" injury_one_off: GradeMonths;
        "injury" "allowance" injury_allowance: GradeRatios;
        "injury" "own_wage" injury_own_wage: Clamp;
        "injury" "nursing" injury_nursing: Nursing;
        "injury" "stop_work" injury_stop_work: StopWork;
        "injury" "death" injury_death: InjuryDeath;
        "injury" "urban_income" urban_income: UrbanIncome;
        "maternity" "leave" maternity_leave: Leave;
        "maternity" "leave_extra" maternity_leave_extra: LeaveExtra;
        "maternity" "allowance" maternity_allowance: MaternityAllowance;
        "late_fee" "social_insurance" late_fee: LateFee;
        "late_fee" "undeclared" undeclared: Ratio;
        "tax" "annual_brackets" tax_annual: Brackets;
        "tax" "bonus_brackets" tax_bonus: Brackets;
        "tax" "basic_deduction" tax_basic_deduction: Monthly;
        "tax" "first_employment" tax_first_employment: FirstEmployment;
        "tax" "small_income" tax_small_income: Yearly;
        "tax" "special_additional" tax_special_additional: SpecialAdditional;
        "tax" "personal_pension" tax_personal_pension: PersonalPension;
        "tax" "fund_exemption" tax_fund_exemption: FundExemption;
        "labour" "overtime" overtime: Overtime;
        "labour" "overtime_caps" overtime_caps: OvertimeCaps;
        "labour" "paid_days" paid_days: PaidDays;
        "labour" "statutory_holidays" statutory_holidays: Days;
        "labour" "annual_leave" annual_leave: AnnualLeave;
        "labour" "severance" severance: Severance;
        "labour" "damage_deduction" damage_deduction: DamageDeduction;
        "housing_fund" "rule" housing_fund_rule: HousingFundRule;
        "housing_fund" "rounding" housing_fund_rounding: RoundingRule;
        "agency" "time_limit" time_limit: TimeLimits;
        "calendar" "year" calendar_year: CalendarYear;
        "standards" "id_number" id_number_standard: IdNumberStandard;
        "standards" "credit_code" credit_code_standard: CreditCodeStandard;
    }
}
