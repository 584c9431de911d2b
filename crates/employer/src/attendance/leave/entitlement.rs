//! 年休假: what the law grants in a year, by service in all and the time with this employer.

use policy::RuleBook;
use policy::labour::{annual_leave, annual_leave_proration};
use policy::trace::Silent;
use standard::{Date, Finding, Month};

/// What the entitlement depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// 入职日期.
    pub hired_on: Date,
    /// 离职日期, where it is set.
    pub left_on: Option<Date>,
    /// 累计工作 before this employer, months.
    pub prior_months: i32,
}

impl Service {
    /// 累计工作 in whole months on a day.
    pub fn months_on(&self, on: Date) -> i32 {
        if on < self.hired_on {
            return self.prior_months;
        }
        let whole = Month::of(self.hired_on).until(Month::of(on)) - i32::from(on.day() < self.hired_on.day());
        self.prior_months + whole.max(0)
    }

    /// The first day on which a year of service in all is complete.
    fn year_complete_on(&self) -> Date {
        let missing = 12 - self.prior_months;
        if missing <= 0 {
            return self.hired_on;
        }
        let span = jiff::Span::new().months(i64::from(missing));
        self.hired_on.checked_add(span).unwrap_or(Date::MAX)
    }
}

/// Days of annual leave of a calendar year, as they stand on a day.
///
/// 企业职工带薪年休假实施办法第五条: who joins during the year gets (当年度在本单位剩余日历天数 ÷ 365天) × 全年应当享受的年休假天数, whole days only;
/// 第十二条: who leaves gets the same share for the days passed. Who completes the first year of service during the year
/// gets the share from then on.
pub fn annual_days(book: &RuleBook, service: &Service, year: i16, on: Date) -> Result<i32, Finding> {
    let (Ok(first), Ok(last)) = (Date::new(year, 1, 1), Date::new(year, 12, 31)) else {
        return Ok(0);
    };
    let from = first.max(service.hired_on).max(service.year_complete_on());
    let to = service.left_on.map_or(last, |left| left.min(last));
    if from > to {
        return Ok(0);
    }
    let entitled = annual_leave(book, service.months_on(on.clamp(from, to)), &mut Silent)?;
    if from == first && to == last {
        return Ok(entitled);
    }
    let days = i32::try_from(to.duration_since(from).as_hours() / 24 + 1).unwrap_or(i32::MAX);
    annual_leave_proration(book, days, entitled, &mut Silent)
}
