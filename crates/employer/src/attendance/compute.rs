//! The month of many employees: what decides it is read once, then each is weighed.

use standard::{Date, Month, Refusal, Timestamp};
use store::Query;
use uuid::Uuid;

use super::month::{EmployeeMonth, Records, weigh_month};
use super::plan::{CalendarDay, calendar};
use super::records;
use super::time::minute_of;
use super::timetable::Timetable;
use super::worker::{self, Filter, Worker};

/// The workers of a month and everything that decides it.
pub struct MonthBook {
    /// The workers, by 工号.
    pub workers: Vec<Worker>,
    /// How many match the filter in all.
    pub total: i64,
    /// The groups, members, schedules and company days.
    pub table: Timetable,
    /// The days of the month with one more on each side.
    pub calendar: Vec<CalendarDay>,
    records: std::collections::HashMap<Uuid, Records>,
    now: i64,
}

/// The day before and the day after a month.
fn around(month: Month) -> (Date, Date) {
    let (first, last) = (month.first_day(), month.last_day());
    (first.yesterday().unwrap_or(first), last.tomorrow().unwrap_or(last))
}

impl MonthBook {
    /// Reads a month. A filter with a limit or one employee reads only what these need; all others are one set.
    pub async fn read(q: &mut impl Query, employer_id: Uuid, month: Month, filter: &Filter, now: Timestamp) -> Result<MonthBook, Refusal> {
        let (from, to) = around(month);
        let (workers, total) = worker::workers(q, employer_id, month.first_day(), month.last_day(), filter).await?;
        let few: Option<Vec<Uuid>> = (filter.limit > 0 || filter.only.is_some()).then(|| workers.iter().map(|one| one.id).collect());
        let table = Timetable::read(q, employer_id, from, to, few.as_deref()).await?;
        let days = calendar(from, to, &table.days)?;
        // Punches of the morning after the last day may end its shift.
        let records = records::read(q, employer_id, from, to, few.as_deref()).await?;
        Ok(MonthBook {
            workers,
            total,
            table,
            calendar: days,
            records,
            now: minute_of(now),
        })
    }

    /// Weighs one worker's month.
    pub fn weigh(&self, worker: &Worker) -> EmployeeMonth<'_> {
        let plans = self.table.plans(worker, &self.calendar);
        match self.records.get(&worker.id) {
            Some(records) => weigh_month(worker.id, plans, records, self.now),
            None => weigh_month(worker.id, plans, &Records::default(), self.now),
        }
    }

    /// The days of the month itself.
    pub fn days(&self) -> &[CalendarDay] {
        let end = self.calendar.len().saturating_sub(1);
        self.calendar.get(1..end).unwrap_or_default()
    }
}
