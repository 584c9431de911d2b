//! 缴费工资: the wage a contribution base is taken from, by rule and with its derivation. It is a gross wage by construction;
//! the region's floor and ceiling are applied later, insurance by insurance, by `policy`.

pub mod adjust;
pub mod store;

use std::collections::BTreeMap;

use ::store::Query;
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use standard::{Finding, Money, Month, Refusal, Text};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::people::month::MonthPerson;

/// Where a wage comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BaseOrigin {
    /// 上年度月平均工资.
    PriorYearAverage,
    /// 新入职：入职当月工资.
    EntryWage,
    /// 手工调整.
    Adjusted,
}

impl BaseOrigin {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            BaseOrigin::PriorYearAverage => "prior_year_average",
            BaseOrigin::EntryWage => "entry_wage",
            BaseOrigin::Adjusted => "adjusted",
        }
    }

    /// The word on screen.
    pub const fn zh(self) -> &'static str {
        match self {
            BaseOrigin::PriorYearAverage => "上年月平均工资",
            BaseOrigin::EntryWage => "入职当月工资",
            BaseOrigin::Adjusted => "手工调整",
        }
    }

    /// The origin of a stored word.
    pub fn parse(word: &str) -> Option<BaseOrigin> {
        [BaseOrigin::PriorYearAverage, BaseOrigin::EntryWage, BaseOrigin::Adjusted]
            .into_iter()
            .find(|origin| origin.key() == word)
    }
}

/// The wage a person's base is taken from in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Base {
    /// Monthly, before floor and ceiling.
    pub wage: Money,
    /// Where it comes from.
    pub origin: BaseOrigin,
    /// In words: which year, how many months, or which day.
    pub derivation: Text,
}

/// 社会保险费申报缴纳管理规定、国发〔1995〕6号: the base of a year is the employee's own monthly average of the year before; someone newly
/// employed takes the wage of the month of entry. A yearly base that was accepted (or entered by hand) wins; then the prior year's
/// average in the record; then the wage of entry. Someone without any wage is left out: payroll and declaration say so.
pub async fn of_month(
    q: &mut impl Query,
    _book: &RuleBook,
    employer_id: Uuid,
    month: Month,
    people: &[MonthPerson],
) -> Result<BTreeMap<Uuid, Base>, Refusal> {
    let (Some(first), Some(last)) = (people.iter().map(|p| p.number).min(), people.iter().map(|p| p.number).max()) else {
        return Ok(BTreeMap::new());
    };
    let mut stored = store::in_force(q, employer_id, month, first, last).await?;
    // Only people whose wage has changed since they came need their history looked up.
    let changed = people
        .iter()
        .any(|p| !stored.contains_key(&p.employee_id) && p.prior_average.is_none() && !knows_entry(p));
    let entries = if changed {
        store::entry_wages(q, employer_id, first, last).await?
    } else {
        BTreeMap::new()
    };
    let mut bases = BTreeMap::new();
    for person in people {
        let base = match stored.remove(&person.employee_id) {
            Some(accepted) => Some(accepted),
            None => by_rule(person, entries.get(&person.employee_id).copied()),
        };
        if let Some(base) = base {
            bases.insert(person.employee_id, base);
        }
    }
    Ok(bases)
}

/// The wages of the month reach back to the day of entry.
fn knows_entry(person: &MonthPerson) -> bool {
    person.wages.first().is_some_and(|step| step.from <= person.hired_on)
}

/// Without an accepted base: the prior average of the record, else the wage of entry.
fn by_rule(person: &MonthPerson, earliest: Option<Money>) -> Option<Base> {
    if let Some(average) = person.prior_average {
        return Some(Base {
            wage: average,
            origin: BaseOrigin::PriorYearAverage,
            derivation: Text::new(
                format!("上年度月平均工资 {average} 元（员工档案登记）"),
                format!("monthly average of the prior year {average} (from the record)"),
            ),
        });
    }
    let known = person.wages.first().map(|step| step.monthly);
    let wage = if knows_entry(person) { known } else { earliest.or(known) }?;
    Some(Base {
        wage,
        origin: BaseOrigin::EntryWage,
        derivation: Text::new(
            format!("{} 入职，按入职当月工资 {wage} 元", person.hired_on),
            format!("hired on {}: the wage of the month of entry, {wage}", person.hired_on),
        ),
    })
}

/// A base typed by hand that is exactly what was paid out last month was taken from the wrong column of the payslip (将应发误填为实发).
pub fn equals_net(wage: Money, net_of_last_month: Option<Money>) -> Option<Finding> {
    let net = net_of_last_month.filter(|net| *net == wage && !net.is_zero())?;
    Some(
        Finding::warning(
            "base_equals_net",
            format!("填报的缴费工资 {net} 元与上月实发工资完全相同，疑似把实发当作应发"),
            format!("the wage entered, {net}, is exactly last month's net pay; contributions are taken from gross pay"),
        )
        .field("wage")
        .remedy(
            "请按应发工资（税前、扣社保前）核对后重新填写",
            "check it against gross pay, before tax and contributions",
        ),
    )
}
