//! What people of one region owe for one month, many at once. The amounts are those of `policy::batch`, which a property
//! test holds to the explained rules; here are the insurances a person has, and the bases.

use policy::batch::{self, AMOUNTS, Amounts, Flags, NOT_ENCODED, People, Table};
use policy::contribution::{Share, entry_share};
use policy::{Place, RuleBook, Silent};
use standard::{Date, Finding, Insurance, Money, Month, RegionCode};
use uuid::Uuid;

use super::{AssessedRow, Insurances};
use crate::enrolment::PersonId;

/// One person to be assessed.
#[derive(Clone, Copy, Debug)]
pub struct Insured {
    /// The person.
    pub person_id: PersonId,
    /// The employer that pays.
    pub employer_id: Uuid,
    /// The employer's 工伤行业类别 1–8; nothing takes the region's own rate.
    pub class: Option<i32>,
    /// The insurances paid.
    pub insurances: Insurances,
    /// 申报工资, before floor and ceiling.
    pub wage: Money,
    /// The hire date, when it lies in the month.
    pub hired_on: Option<Date>,
}

/// The law of one region and month, ready for many people.
pub struct Assessor {
    table: Table,
    place: u8,
    month: Month,
    floors: [Money; 5],
    ceilings: [Money; 5],
    /// The day up to which a month of entry counts whole, and how it counts after; nothing where not encoded.
    entry: [Share; 32],
}

impl Assessor {
    /// Compiles the law of `region` and `month`; refused as `law_not_encoded` beyond what is encoded.
    pub fn new(book: &RuleBook, region: RegionCode, month: Month) -> Result<Self, Finding> {
        let rules = book.at(region, month)?;
        let table = Table::compile(book, month, month)?;
        let place = table.places().iter().position(|place| *place == Place::from(region));
        let place = place
            .and_then(|place| u8::try_from(place).ok())
            .ok_or_else(|| not_encoded(region, month))?;
        let (mut floors, mut ceilings) = ([Money::ZERO; 5], [Money::ZERO; 5]);
        for insurance in Insurance::ALL {
            let limits = rules.limits(insurance)?;
            floors[insurance as usize] = limits.value.floor;
            ceilings[insurance as usize] = limits.value.ceiling;
        }
        let mut entry = [Share::Full; 32];
        let last = month.last_day().day();
        for day in 1..=last {
            let hired = month.first_day().with().day(day).build().ok();
            entry[usize::try_from(day).unwrap_or(0)] = entry_share(&rules, hired, &mut Silent)?;
        }
        Ok(Self {
            table,
            place,
            month,
            floors,
            ceilings,
            entry,
        })
    }

    /// The lowest base of `insurance`.
    pub fn floor(&self, insurance: Insurance) -> Money {
        self.floors[insurance as usize]
    }

    /// Assesses everyone; rows in the order of `people`. Insurances a person does not have stand at zero.
    pub fn assess(&self, people: &[Insured]) -> Result<Vec<AssessedRow>, Finding> {
        let n = people.len();
        let wages: Vec<u32> = people
            .iter()
            .map(|one| u32::try_from(one.wage.fen().max(0)).unwrap_or(u32::MAX))
            .collect();
        let flags: Vec<u8> = people
            .iter()
            .map(|one| Flags::new(self.share(one.hired_on), one.class.and_then(|class| u8::try_from(class).ok())).0)
            .collect();
        let (region, month) = (vec![self.place; n], vec![0; n]);
        let mut columns: [Vec<u32>; AMOUNTS] = std::array::from_fn(|_| vec![0; n]);
        let mut status = vec![0; n];
        let input = People {
            region: &region,
            month: &month,
            wage_fen: &wages,
            flags: &flags,
        };
        let mut out = Amounts {
            columns: columns.each_mut().map(Vec::as_mut_slice),
            status: &mut status,
        };
        batch::assess_parallel(&self.table, &input, &mut out);
        if status.iter().any(|status| status & NOT_ENCODED != 0) {
            return Err(not_encoded_month(self.month));
        }
        Ok(people.iter().enumerate().map(|(i, one)| self.row(one, &columns, i)).collect())
    }

    fn row(&self, one: &Insured, columns: &[Vec<u32>; AMOUNTS], i: usize) -> AssessedRow {
        let mut row = AssessedRow {
            person_id: one.person_id,
            employer_id: one.employer_id,
            month: self.month,
            insurances: one.insurances,
            wage: one.wage,
            bases: [Money::ZERO; 5],
            employer: [Money::ZERO; 5],
            employee: [Money::ZERO; 5],
        };
        for (k, insurance) in Insurance::ALL.into_iter().enumerate() {
            if one.insurances.has(insurance) {
                row.bases[k] = one.wage.min(self.ceilings[k]).max(self.floors[k]);
                row.employer[k] = Money::from_fen(i64::from(columns[2 * k][i]));
                row.employee[k] = Money::from_fen(i64::from(columns[2 * k + 1][i]));
            }
        }
        row
    }

    fn share(&self, hired_on: Option<Date>) -> Share {
        hired_on
            .filter(|on| Month::of(*on) == self.month)
            .map_or(Share::Full, |on| self.entry[usize::try_from(on.day()).unwrap_or(0)])
    }

    /// The sides whose rate is not encoded for an employer of `class`: they count nothing and the clerk is told.
    pub fn missing(&self, class: Option<i32>) -> Vec<Insurance> {
        let mut columns: [Vec<u32>; AMOUNTS] = std::array::from_fn(|_| vec![0]);
        let mut status = [0_u16];
        let flags = [Flags::new(Share::Full, class.and_then(|class| u8::try_from(class).ok())).0];
        let input = People {
            region: &[self.place],
            month: &[0],
            wage_fen: &[1],
            flags: &flags,
        };
        let mut out = Amounts {
            columns: columns.each_mut().map(Vec::as_mut_slice),
            status: &mut status,
        };
        batch::assess(&self.table, &input, &mut out);
        let bits = status[0];
        Insurance::ALL
            .into_iter()
            .enumerate()
            .filter(|(k, _)| bits >> (2 * k) & 0b11 != 0)
            .map(|(_, insurance)| insurance)
            .collect()
    }
}

fn not_encoded(region: RegionCode, month: Month) -> Finding {
    Finding::blocking(
        "law_not_encoded",
        format!("{}{month}的缴费政策尚未收录", region.name()),
        format!("The law of {} for {month} is not encoded", region.number()),
    )
    .remedy("请先补充该地区的政策参数", "Encode the region's law first")
}

fn not_encoded_month(month: Month) -> Finding {
    Finding::blocking(
        "law_not_encoded",
        format!("{month}的缴费政策尚未收录"),
        format!("The law for {month} is not encoded"),
    )
    .remedy("请先补充该月的政策参数", "Encode the law of the month first")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use policy::contribution::{Case, contributions};
    use proptest::prelude::*;

    use super::*;

    fn region() -> RegionCode {
        RegionCode::new(430_100).unwrap()
    }

    fn insured(wage: i64, mask: u8, class: Option<i32>, day: Option<i8>, month: Month) -> Insured {
        Insured {
            person_id: PersonId(Uuid::nil()),
            employer_id: Uuid::nil(),
            class,
            insurances: Insurances(mask),
            wage: Money::from_fen(wage),
            hired_on: day.map(|day| month.first_day().with().day(day).build().unwrap()),
        }
    }

    proptest! {
        #[test]
        fn rows_are_what_the_explained_rules_say(wage in 1_i64..20_000_000, mask in 0_u8..32, class in proptest::option::of(1_i32..=8),
            day in proptest::option::of(1_i8..=28), code in proptest::sample::select(vec![430_100_u32, 440_300, 110_000, 330_100])) {
            let month = Month::parse("2025-03").unwrap();
            let region = RegionCode::new(code).unwrap();
            let book = RuleBook::embedded();
            let one = insured(wage, mask, class, day, month);
            let row = &Assessor::new(book, region, month).unwrap().assess(&[one]).unwrap()[0];
            let rules = book.at(region, month).unwrap();
            let case = Case { wage: one.wage, hired_on: one.hired_on, industry_class: class };
            let explained = contributions(&rules, &case, &mut Silent).unwrap();
            for insurance in Insurance::ALL {
                let (k, expected) = (insurance as usize, explained.of(insurance));
                let has = Insurances(mask).has(insurance);
                let amount = |side: Option<Money>| if has { side.unwrap_or(Money::ZERO) } else { Money::ZERO };
                prop_assert_eq!(row.bases[k], if has { expected.base } else { Money::ZERO });
                prop_assert_eq!(row.employer[k], amount(expected.employer), "{} employer", insurance.zh());
                prop_assert_eq!(row.employee[k], amount(expected.employee), "{} employee", insurance.zh());
            }
        }
    }

    #[test]
    fn months_beyond_the_encoded_law_are_refused() {
        let far = Month::parse("2099-01").unwrap();
        assert_eq!(
            Assessor::new(RuleBook::embedded(), region(), far).err().unwrap().rule,
            "law_not_encoded"
        );
    }
}
