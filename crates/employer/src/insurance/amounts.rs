//! What the five insurances cost one person in one month, both sides: as columns of a row, as law computes it, as a screen shows it.

use std::collections::BTreeMap;

use ::store::{Args, Row};
use exchange::message::OrderItem;
use policy::contribution::{Case, Share, contributions};
use policy::{RuleBook, Rules, Silent};
use serde::Serialize;
use standard::{Date, Finding, Insurance, Money, Month, Refusal, RegionCode};
use utoipa::ToSchema;

/// Bases and both sides, each in the order of [`Insurance::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// 缴费基数 after floor and ceiling.
    pub bases: [Money; 5],
    /// 单位应缴.
    pub employer: [Money; 5],
    /// 个人应缴.
    pub employee: [Money; 5],
}

/// The columns of a row that holds amounts, in the order [`Amounts::push`] gives them.
pub(crate) const COLUMNS: [&str; 15] = [
    "base_110",
    "base_310",
    "base_210",
    "base_410",
    "base_510",
    "employer_110",
    "employer_310",
    "employer_210",
    "employer_410",
    "employer_510",
    "employee_110",
    "employee_310",
    "employee_210",
    "employee_410",
    "employee_510",
];

impl Amounts {
    /// Adds the fifteen values to the arguments of a row.
    pub(crate) fn push(&self, args: &mut Args) {
        for money in self.bases.iter().chain(&self.employer).chain(&self.employee) {
            args.push(*money);
        }
    }

    /// Reads the fifteen values.
    pub(crate) fn read(row: &Row) -> Result<Amounts, Refusal> {
        let mut all = [Money::ZERO; 15];
        for (slot, column) in all.iter_mut().zip(COLUMNS) {
            *slot = row.get(column)?;
        }
        let part = |from: usize| -> [Money; 5] { std::array::from_fn(|at| all[from + at]) };
        Ok(Amounts {
            bases: part(0),
            employer: part(5),
            employee: part(10),
        })
    }

    /// Both sides of one insurance.
    pub fn both(&self, insurance: Insurance) -> Result<Money, Refusal> {
        Ok(self.employer[insurance as usize].try_add(self.employee[insurance as usize])?)
    }

    /// (employer, employee) over the five.
    pub fn totals(&self) -> Result<(Money, Money), Refusal> {
        Ok((Money::sum(self.employer)?, Money::sum(self.employee)?))
    }

    /// Both sides of all five.
    pub fn total(&self) -> Result<Money, Refusal> {
        let (employer, employee) = self.totals()?;
        Ok(employer.try_add(employee)?)
    }

    /// Adds another person's; bases are added too, as sheets do.
    pub fn add(&mut self, other: &Amounts) -> Result<(), Refusal> {
        for at in 0..5 {
            self.bases[at] = self.bases[at].try_add(other.bases[at])?;
            self.employer[at] = self.employer[at].try_add(other.employer[at])?;
            self.employee[at] = self.employee[at].try_add(other.employee[at])?;
        }
        Ok(())
    }

    /// From the items of an order's line; an insurance named twice is refused.
    pub(crate) fn of_items(items: &[OrderItem]) -> Result<Amounts, Refusal> {
        let mut amounts = Amounts::default();
        let mut seen = [false; 5];
        for item in items {
            let at = item.insurance as usize;
            if std::mem::replace(&mut seen[at], true) {
                return Err(Refusal::invalid(Finding::blocking(
                    "order_insurance_twice",
                    "征集单同一人同一险种出现两次",
                    "the order names one insurance of a person twice",
                )));
            }
            amounts.bases[at] = item.base_fen;
            amounts.employer[at] = item.employer_fen;
            amounts.employee[at] = item.employee_fen;
        }
        Ok(amounts)
    }

    /// As the screen shows it; bases are wages and are left out for whoever sees none.
    pub fn view(&self, wages: bool) -> Result<Vec<InsuranceAmount>, Refusal> {
        Insurance::ALL
            .into_iter()
            .filter(|insurance| !self.is_nothing(*insurance))
            .map(|insurance| {
                let at = insurance as usize;
                Ok(InsuranceAmount {
                    insurance,
                    base_fen: wages.then_some(self.bases[at]),
                    employer_fen: self.employer[at],
                    employee_fen: self.employee[at],
                })
            })
            .collect()
    }

    fn is_nothing(&self, insurance: Insurance) -> bool {
        let at = insurance as usize;
        self.bases[at].is_zero() && self.employer[at].is_zero() && self.employee[at].is_zero()
    }
}

/// One insurance of a person or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InsuranceAmount {
    /// The insurance.
    pub insurance: Insurance,
    /// 缴费基数 after floor and ceiling; absent for whoever sees no wages.
    pub base_fen: Option<Money>,
    /// 单位应缴.
    pub employer_fen: Money,
    /// 个人应缴.
    pub employee_fen: Money,
}

/// The rules of each region in one month, each resolved once.
pub(crate) struct MonthRules<'a> {
    book: &'a RuleBook,
    month: Month,
    known: BTreeMap<RegionCode, Result<Rules<'a>, Finding>>,
}

impl<'a> MonthRules<'a> {
    pub(crate) fn new(book: &'a RuleBook, month: Month) -> Self {
        MonthRules {
            book,
            month,
            known: BTreeMap::new(),
        }
    }

    /// `law_not_encoded` where the region or month is beyond what is encoded.
    pub(crate) fn of(&mut self, region: RegionCode) -> Result<&Rules<'a>, Finding> {
        let (book, month) = (self.book, self.month);
        self.known
            .entry(region)
            .or_insert_with(|| book.at(region, month))
            .as_ref()
            .map_err(|finding| finding.clone())
    }
}

/// What a person's month comes to by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Computed {
    pub amounts: Amounts,
    pub share: Share,
    /// Sides whose rate is not encoded count nothing here; bit 2·insurance for the employer, the next for the employee.
    pub missing: u16,
}

/// The chosen insurances of one person in one month, exactly as `policy` computes them.
pub(crate) fn compute(
    rules: &Rules<'_>,
    wage: Money,
    hired_on: Option<Date>,
    class: Option<i32>,
    insurances: &[Insurance],
) -> Result<Computed, Finding> {
    let case = Case {
        wage,
        hired_on: hired_on.filter(|day| Month::of(*day) >= rules.month),
        industry_class: class,
    };
    let all = contributions(rules, &case, &mut Silent)?;
    let mut amounts = Amounts::default();
    let mut missing = 0;
    for insurance in insurances {
        let (at, one) = (*insurance as usize, all.of(*insurance));
        amounts.bases[at] = one.base;
        amounts.employer[at] = one.employer.unwrap_or(Money::ZERO);
        amounts.employee[at] = one.employee.unwrap_or(Money::ZERO);
        missing |= u16::from(one.employer.is_none()) << (2 * at) | u16::from(one.employee.is_none()) << (2 * at + 1);
    }
    if all.share == Share::None {
        amounts.bases = [Money::ZERO; 5];
    }
    Ok(Computed {
        amounts,
        share: all.share,
        missing,
    })
}

/// A set of insurances as one number, bit by bit in the order of [`Insurance::ALL`].
pub(crate) fn mask(insurances: &[Insurance]) -> i64 {
    insurances.iter().fold(0, |mask, insurance| mask | 1 << (*insurance as i64))
}

/// The insurances of such a number.
pub(crate) fn of_mask(mask: i64) -> Vec<Insurance> {
    Insurance::ALL
        .into_iter()
        .filter(|insurance| mask & (1 << (*insurance as i64)) != 0)
        .collect()
}
