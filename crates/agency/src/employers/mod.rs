//! 单位登记: the employers of a region, and the standing roll: who is insured by which employer since when, at which wage.

mod roll;
mod unit;
mod view;

use standard::{Date, Money, Month, RegionCode};
use uuid::Uuid;

use crate::assessment::Insurances;
use crate::enrolment::PersonId;

#[cfg(test)]
pub(crate) use roll::join;
pub(crate) use roll::{close, enrolled, held_elsewhere, replace, restore, roll_of, stretches};
pub(crate) use unit::{bearers, names_of, set_class};
pub use unit::{find, number_of, register};
pub(crate) use view::unknown;
pub use view::{RollEntry, RollPage, UnitDetail, UnitMonth, UnitPage, UnitSummary, list, one, roll};

/// An employer in a region's register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The region.
    pub region: RegionCode,
    /// The employer.
    pub employer_id: Uuid,
    /// AAB001 单位编号, the region's own number of the employer.
    pub number: String,
    /// 单位名称.
    pub name: String,
    /// 统一社会信用代码.
    pub credit_code: String,
    /// 工伤行业类别 1–8, when known.
    pub injury_class: Option<i32>,
    /// 联系人.
    pub contact: String,
    /// Whether it files electronically, so that answers can be sent to it.
    pub online: bool,
}

/// One stretch of the roll: the same insurances from a month on, to `until` or open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The employer.
    pub employer_id: Uuid,
    /// The person.
    pub person_id: PersonId,
    /// First month.
    pub since: Month,
    /// Last month, counted; nothing while it runs.
    pub until: Option<Month>,
    /// The insurances paid.
    pub insurances: Insurances,
    /// The wage last declared, before floor and ceiling; zero before the first declaration and enrolment.
    pub wage: Money,
    /// When hired; counts in the month of entry only.
    pub hired_on: Option<Date>,
}

impl Stretch {
    /// Whether the stretch covers `month`.
    pub fn covers(&self, month: Month) -> bool {
        self.since <= month && self.until.is_none_or(|until| until >= month)
    }

    /// The hire date, if it lies in `month`: only then the region's rule of the entry month counts.
    pub fn hired_within(&self, month: Month) -> Option<Date> {
        self.hired_on.filter(|on| Month::of(*on) == month)
    }
}
