//! 核定: what each insured person owes for a month, five insurances in one row, and the run over a whole region.

mod assessor;
mod issue;
pub mod run;
mod store;

use standard::{Insurance, Money, MoneyOverflow, Month};
use uuid::Uuid;

use crate::collection::OrderTotals;
use crate::enrolment::PersonId;

pub use assessor::{Assessor, Insured};
pub(crate) use issue::{Issue, employer_knows, issue, replace, undo};
pub use store::rows_of_order;
pub(crate) use store::{assessed_of, bulk_columns, row_args};
pub(crate) use store::{page_of_order, people_of_orders};

/// Which insurances, as one number: bit k is the k-th of [`Insurance::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Insurances(pub u8);

impl Insurances {
    /// All five.
    pub const ALL: Insurances = Insurances(0b1_1111);
    /// None.
    pub const NONE: Insurances = Insurances(0);

    /// Those of a list.
    pub fn of(list: &[Insurance]) -> Self {
        Self(list.iter().fold(0, |mask, insurance| mask | 1 << *insurance as u8))
    }

    /// Whether `insurance` is among them.
    pub fn has(self, insurance: Insurance) -> bool {
        self.0 & (1 << insurance as u8) != 0
    }

    /// Those in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those here and not in `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Those in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// As a list, in the order of [`Insurance::ALL`].
    pub fn list(self) -> Vec<Insurance> {
        Insurance::ALL.into_iter().filter(|one| self.has(*one)).collect()
    }
}

/// What one person owes on an order for one month; the arrays are in the order of [`Insurance::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessedRow {
    /// The person.
    pub person_id: PersonId,
    /// The employer that pays.
    pub employer_id: Uuid,
    /// 费款所属期.
    pub month: Month,
    /// The insurances assessed; the others stand at zero.
    pub insurances: Insurances,
    /// 申报工资 before floor and ceiling, fen.
    pub wage: Money,
    /// 缴费基数 after floor and ceiling, fen.
    pub bases: [Money; 5],
    /// 单位应缴, fen; of a refund what goes back.
    pub employer: [Money; 5],
    /// 个人应缴, fen; of a refund what goes back.
    pub employee: [Money; 5],
}

impl AssessedRow {
    /// Both sides of all insurances, fen: employer, employee.
    pub fn totals(&self) -> Result<(Money, Money), MoneyOverflow> {
        Ok((Money::sum(self.employer)?, Money::sum(self.employee)?))
    }
}

/// What rows come to, insurance by insurance and side by side.
pub fn totals_of<'a>(rows: impl IntoIterator<Item = &'a AssessedRow>) -> Result<OrderTotals, MoneyOverflow> {
    let mut totals = OrderTotals::default();
    for row in rows {
        for k in 0..5 {
            totals.employer[k] = totals.employer[k].try_add(row.employer[k])?;
            totals.employee[k] = totals.employee[k].try_add(row.employee[k])?;
        }
    }
    Ok(totals)
}
