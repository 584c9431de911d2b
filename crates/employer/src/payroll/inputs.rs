//! What one person's pay is computed from, kept with the payslip so that it can be computed again to the same fen.

use serde::{Deserialize, Serialize};
use standard::{Date, Insurance, Money, Month, Rate, RegionCode};

use crate::attendance::summary::MonthSummary;
use crate::insurance::base::{Base, BaseOrigin};
use crate::people::month::MonthPerson;

/// An amount entered by hand for a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The component's code.
    #[serde(rename = "c")]
    pub component: String,
    /// The month a back payment is for.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub for_month: Option<Month>,
    /// How much.
    #[serde(rename = "a")]
    pub amount: Money,
    /// Why.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What the year brought before this month: from locked runs and the opening balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct YearToDate {
    /// 累计收入.
    #[serde(rename = "i")]
    pub income: Money,
    /// 累计专项扣除.
    #[serde(rename = "s")]
    pub special: Money,
    /// 累计专项附加扣除.
    #[serde(rename = "a")]
    pub additional: Money,
    /// 累计其他扣除.
    #[serde(rename = "o")]
    pub other: Money,
    /// 累计已预扣预缴税额.
    #[serde(rename = "w")]
    pub withheld: Money,
    /// The yearly bonus was already taxed on its own this year.
    #[serde(rename = "b")]
    pub bonus_used: bool,
}

/// Minutes and hundredths of days of a closed month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Scheduled, worked, late, absent, unpaid leave, sick leave, paid leave; then overtime on working days, rest days, holidays; minutes.
    pub minutes: [i64; 10],
    /// Scheduled and worked, hundredths of a day.
    pub days: [i64; 2],
}

impl From<&MonthSummary> for Attendance {
    fn from(all: &MonthSummary) -> Attendance {
        Attendance {
            minutes: [
                all.scheduled_minutes,
                all.worked_minutes,
                all.late_minutes,
                all.absent_minutes,
                all.unpaid_leave_minutes,
                all.sick_leave_minutes,
                all.paid_leave_minutes,
                all.overtime_workday_minutes,
                all.overtime_restday_minutes,
                all.overtime_holiday_minutes,
            ],
            days: [all.scheduled_days, all.worked_days],
        }
    }
}

/// One person's month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// Where insured.
    #[serde(rename = "r")]
    pub region: RegionCode,
    /// First day of the employment.
    #[serde(rename = "h")]
    pub hired_on: Date,
    /// Its last day.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub left_on: Option<Date>,
    /// Wage steps in force on some day of the month.
    #[serde(rename = "w")]
    pub wages: Vec<(Date, Money)>,
    /// 专项附加扣除 of the month.
    #[serde(rename = "sa", default, skip_serializing_if = "nothing")]
    pub special_additional: Money,
    /// 其他扣除 of the month.
    #[serde(rename = "od", default, skip_serializing_if = "nothing")]
    pub other_deduction: Money,
    /// 公告2020年第13号.
    #[serde(rename = "fe", default, skip_serializing_if = "no")]
    pub first_employment_year: bool,
    /// Rate and base of the housing fund.
    #[serde(rename = "hf", default, skip_serializing_if = "Option::is_none")]
    pub housing_fund: Option<(Rate, Option<Money>)>,
    /// Bit i: the i-th of [`Insurance::ALL`] is paid.
    #[serde(rename = "in")]
    pub insurances: u8,
    /// Wage the base is taken from, and where it comes from.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub base: Option<(Money, BaseOrigin)>,
    /// Industry class of the employer.
    #[serde(rename = "ic", default, skip_serializing_if = "Option::is_none")]
    pub industry_class: Option<i32>,
    /// The closed month; none: present in full.
    #[serde(rename = "at", default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Attendance>,
    /// By hand.
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    pub entered: Vec<Entered>,
    /// Before this month.
    #[serde(rename = "y", default, skip_serializing_if = "fresh")]
    pub year: YearToDate,
}

fn nothing(money: &Money) -> bool {
    money.is_zero()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn no(yes: &bool) -> bool {
    !*yes
}

fn fresh(year: &YearToDate) -> bool {
    *year == YearToDate::default()
}

impl Inputs {
    /// Puts together what the parts of the employer know of a person.
    pub fn of(
        person: &MonthPerson,
        base: Option<&Base>,
        attendance: Option<&MonthSummary>,
        entered: Vec<Entered>,
        year: YearToDate,
        industry_class: Option<i32>,
    ) -> Inputs {
        Inputs {
            region: person.region,
            hired_on: person.hired_on,
            left_on: person.left_on,
            wages: person.wages.iter().map(|step| (step.from, step.monthly)).collect(),
            special_additional: person.special_additional,
            other_deduction: person.other_deduction,
            first_employment_year: person.first_employment_year,
            housing_fund: person.housing_fund.map(|fund| (fund.rate, fund.base)),
            insurances: person.insurances.iter().fold(0, |bits, one| bits | 1 << (*one as u8)),
            base: base.map(|base| (base.wage, base.origin)),
            industry_class,
            attendance: attendance.map(Attendance::from),
            entered,
            year,
        }
    }

    /// Whether an insurance is paid.
    pub fn pays(&self, insurance: Insurance) -> bool {
        self.insurances & (1 << (insurance as u8)) != 0
    }
}
