//! The people of one month, as attendance, payroll and insurance need them: read in sets, never person by person.

use std::collections::BTreeMap;

use policy::RuleBook;
use standard::{Date, IdNumber, Insurance, Money, Month, Rate, Refusal, RegionCode};
use store::{Db, Query, Row, args, in_list};
use uuid::Uuid;

use super::family::MonthClaims;
use super::month_read::{Histories, Range};
use super::store::read_insurances;

/// A monthly wage and the first day it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WageStep {
    /// From this day on.
    pub from: Date,
    /// 月工资.
    pub monthly: Money,
}

/// 住房公积金 of an employee; employer and employee each pay at the same rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HousingFund {
    /// Each side's rate.
    pub rate: Rate,
    /// The base, where one was set by hand; else the wage decides.
    pub base: Option<Money>,
}

/// An employee in a month.
#[derive(Debug, Clone)]
pub struct MonthPerson {
    /// Key.
    pub employee_id: Uuid,
    /// 工号.
    pub number: i64,
    /// 姓名.
    pub name: String,
    /// 参保城市 on the last day of the month (or of employment).
    pub region: RegionCode,
    /// 部门 on that day.
    pub department: String,
    /// 岗位 on that day.
    pub position: String,
    /// 入职日期 of the employment that touches the month.
    pub hired_on: Date,
    /// Its last day, if it ended or is to end.
    pub left_on: Option<Date>,
    /// Every step in force on some day of the month, ascending; empty: no wage is known.
    pub wages: Vec<WageStep>,
    /// 上年度月平均工资 as given by hand or import.
    pub prior_average: Option<Money>,
    /// 专项附加扣除 of the month, by law.
    pub special_additional: Money,
    /// 依法确定的其他扣除 of the month.
    pub other_deduction: Money,
    /// Whether the deduction of the tax counts from January (公告2020年第13号).
    pub first_employment_year: bool,
    /// None: no housing fund is paid.
    pub housing_fund: Option<HousingFund>,
    /// Which insurances the unit pays for the person.
    pub insurances: Vec<Insurance>,
}

/// Which employees.
enum Scope {
    After { number: i64, limit: i64 },
    One(Uuid),
}

/// Everyone employed on some day of the month, by 工号: those after `after_number`, at most `limit`.
pub async fn of_month(
    q: &mut impl Query,
    book: &RuleBook,
    employer_id: Uuid,
    month: Month,
    after_number: i64,
    limit: i64,
) -> Result<Vec<MonthPerson>, Refusal> {
    let scope = Scope::After {
        number: after_number,
        limit,
    };
    people(q, book, employer_id, month, scope).await
}

/// One employee in a month; none when not employed on any day of it.
pub async fn one_of_month(
    q: &mut impl Query,
    book: &RuleBook,
    employer_id: Uuid,
    employee_id: Uuid,
    month: Month,
) -> Result<Option<MonthPerson>, Refusal> {
    Ok(people(q, book, employer_id, month, Scope::One(employee_id)).await?.pop())
}

/// How many are employed on some day of the month.
pub async fn count(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<i64, Refusal> {
    let sql = format!("SELECT COUNT(*) AS n FROM employer_employee e WHERE {EMPLOYED}");
    q.one(&sql, args![employer_id, month.last_day(), month.first_day()]).await?.get("n")
}

/// `$1` the employer, `$2` the last and `$3` the first day of the month.
const EMPLOYED: &str = "e.employer_id = $1 AND e.merged_into IS NULL
    AND ((e.hired_on <= $2 AND (e.left_on IS NULL OR e.left_on >= $3))
         OR EXISTS (SELECT 1 FROM employer_stint s WHERE s.employer_id = $1 AND s.employee_id = e.id AND s.from_on <= $2 AND s.to_on >= $3))";

async fn people(q: &mut impl Query, book: &RuleBook, employer_id: Uuid, month: Month, scope: Scope) -> Result<Vec<MonthPerson>, Refusal> {
    let (first, last) = (month.first_day(), month.last_day());
    let mut bound = args![employer_id, last, first];
    let narrowed = match scope {
        Scope::After { number, limit } => {
            let (n, l) = (bound.push(number), bound.push(limit));
            format!("AND e.number > ${n} ORDER BY e.number LIMIT ${l}")
        }
        Scope::One(id) => format!("AND e.id = ${}", bound.push(id)),
    };
    let sql = format!(
        "SELECT e.id, e.number, e.name, e.region, e.department, e.position, e.hired_on, e.left_on, e.wage_fen, e.first_work_year,
                e.insurances, e.fund_joined, e.fund_base_fen
         FROM employer_employee e WHERE {EMPLOYED} {narrowed}"
    );
    let rows = q.all(&sql, bound).await?;
    let (Some(low), Some(high)) = (rows.first(), rows.last()) else {
        return Ok(Vec::new());
    };
    let range = Range {
        employer_id,
        low: low.get("number")?,
        high: high.get("number")?,
        month,
    };
    let mut file = range.read(q).await?;
    let rate = super::company::settings(q, employer_id).await?.housing_fund_rate;
    let mut law = MonthClaims::new(book, month);
    rows.iter()
        .map(|row| file.person(row, month, rate, &mut law))
        .collect::<Result<Vec<_>, _>>()
}

impl Histories {
    fn person(&mut self, row: &Row, month: Month, rate: Option<Rate>, law: &mut MonthClaims<'_>) -> Result<MonthPerson, Refusal> {
        let employee_id: Uuid = row.get("id")?;
        let (hired_on, left_on) = stretch(
            row.get("hired_on")?,
            row.get("left_on")?,
            self.stints.get(&employee_id).copied(),
            month,
        );
        let (department, position, region) = match self.places.remove(&employee_id) {
            Some(place) => place,
            None => (row.get("department")?, row.get("position")?, row.get("region")?),
        };
        let from = month.first_day().max(hired_on);
        let steps = self.wages.remove(&employee_id).unwrap_or_default();
        let wages = match steps.is_empty() {
            // No step begins by the month's end: the wage of the entry form stands for these days.
            true => row
                .get::<Option<Money>>("wage_fen")?
                .map(|monthly| WageStep { from: hired_on, monthly })
                .into_iter()
                .collect(),
            false => in_force(&steps, from),
        };
        let claims = self.claims.remove(&employee_id).unwrap_or_default();
        let first_year: Option<i64> = row.get("first_work_year")?;
        let joined: bool = row.get("fund_joined")?;
        let base: Option<Money> = row.get("fund_base_fen")?;
        let insurances: Option<String> = row.get("insurances")?;
        Ok(MonthPerson {
            employee_id,
            number: row.get("number")?,
            name: row.get("name")?,
            region,
            department,
            position,
            hired_on,
            left_on,
            wages,
            prior_average: self.averages.remove(&employee_id),
            special_additional: law.special_additional(&claims)?,
            other_deduction: law.other(&claims)?,
            first_employment_year: first_year == Some(i64::from(month.year())),
            housing_fund: rate.filter(|_| joined).map(|rate| HousingFund { rate, base }),
            insurances: insurances.map_or_else(|| Insurance::ALL.to_vec(), |words| read_insurances(&words)),
        })
    }
}

/// The employment that touches the month: the present one, or the earlier one. (A return in the month of leaving is refused.)
fn stretch(hired_on: Date, left_on: Option<Date>, earlier: Option<(Date, Date)>, month: Month) -> (Date, Option<Date>) {
    let present = hired_on <= month.last_day() && left_on.is_none_or(|day| day >= month.first_day());
    match earlier {
        Some((from, to)) if !present => (from, Some(to)),
        _ => (hired_on, left_on),
    }
}

/// The steps in force from a day on: the last one begun by then, and those after it.
fn in_force(steps: &BTreeMap<Date, Money>, from: Date) -> Vec<WageStep> {
    let begun = steps.range(..=from).next_back().map(|(day, _)| *day);
    steps
        .iter()
        .filter(|(day, _)| begun.is_none_or(|begun| **day >= begun))
        .map(|(day, monthly)| WageStep {
            from: *day,
            monthly: *monthly,
        })
        .collect()
}

/// ID numbers opened at a time; SQLite takes 32,766 arguments a statement.
const OPENED_AT_ONCE: usize = 30_000;

/// The ID numbers of these employees, opened.
pub async fn id_numbers(db: &Db, q: &mut impl Query, employer_id: Uuid, employees: &[Uuid]) -> Result<BTreeMap<Uuid, IdNumber>, Refusal> {
    let mut numbers = BTreeMap::new();
    for part in employees.chunks(OPENED_AT_ONCE) {
        let mut bound = args![employer_id];
        bound.extend(part.iter().copied());
        let sql = format!(
            "SELECT id, id_sealed FROM employer_employee WHERE employer_id = $1 AND id IN {}",
            in_list(part.len(), 2)
        );
        for row in q.all(&sql, bound).await? {
            let id: Uuid = row.get("id")?;
            let sealed: Vec<u8> = row.get("id_sealed")?;
            numbers.insert(id, super::store::open_id(db.cipher(), id, &sealed)?);
        }
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_steps_of_a_month_begin_with_the_one_in_force() {
        let steps = BTreeMap::from([
            (day("2025-01-01"), Money::from_fen(1)),
            (day("2026-03-01"), Money::from_fen(2)),
            (day("2026-09-16"), Money::from_fen(3)),
        ]);
        let of = |from| {
            in_force(&steps, day(from))
                .iter()
                .map(|step| step.monthly.fen())
                .collect::<Vec<_>>()
        };
        assert_eq!(of("2026-09-01"), [2, 3]);
        assert_eq!(of("2026-09-16"), [3]);
        assert_eq!(of("2024-05-01"), [1, 2, 3], "the earliest step covers the days before it");
    }

    #[test]
    fn an_earlier_employment_is_met_in_its_own_month_only() {
        let earlier = Some((day("2024-01-01"), day("2025-06-30")));
        let of = |text| stretch(day("2026-02-01"), None, earlier, Month::parse(text).unwrap());
        assert_eq!(of("2025-06"), (day("2024-01-01"), Some(day("2025-06-30"))));
        assert_eq!(of("2026-02"), (day("2026-02-01"), None));
    }
}
