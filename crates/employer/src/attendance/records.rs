//! Punches and granted requests of a stretch of days, read in sets: a handful of queries however many employees there are.

use std::collections::HashMap;

use standard::{Date, Refusal};
use store::{Query, args};
use uuid::Uuid;

use super::day::{Approved, LeavePart, Part};
use super::leave::request::{Kind, Request, State};
use super::month::Records;
use super::time::{Span, midnight};
use super::timetable::narrow;

/// Days whose punches are read at once, so that a large employer's month does not stand in memory row by row.
const DAYS_AT_ONCE: i64 = 4;

/// What was recorded of each employee from one day to another, for all or only some.
pub async fn read(
    q: &mut impl Query,
    employer_id: Uuid,
    from: Date,
    to: Date,
    only: Option<&[Uuid]>,
) -> Result<HashMap<Uuid, Records>, Refusal> {
    let mut records: HashMap<Uuid, Records> = HashMap::new();
    let step = if only.is_some() { 400 } else { DAYS_AT_ONCE };
    let mut day = from;
    while day <= to {
        let last = day.saturating_add(jiff::Span::new().days(step - 1)).min(to);
        let mut bound = args![employer_id, day, last, false];
        let narrowed = narrow(&mut bound, only);
        let sql = format!(
            "SELECT employee_id, minute FROM employer_attendance_punch
             WHERE employer_id = $1 AND day BETWEEN $2 AND $3 AND voided = $4{narrowed}"
        );
        for row in &q.all(&sql, bound).await? {
            records.entry(row.get("employee_id")?).or_default().punches.push(row.get("minute")?);
        }
        let Ok(next) = last.tomorrow() else { break };
        day = next;
    }
    for one in records.values_mut() {
        one.punches.sort_unstable();
    }
    for request in approved(q, employer_id, from, to, only).await? {
        spread(&request, from, to, records.entry(request.employee_id).or_default());
    }
    Ok(records)
}

async fn approved(q: &mut impl Query, employer_id: Uuid, from: Date, to: Date, only: Option<&[Uuid]>) -> Result<Vec<Request>, Refusal> {
    let mut bound = args![employer_id, from, to, State::Approved.key()];
    let narrowed = narrow(&mut bound, only);
    let sql = format!(
        "SELECT * FROM employer_attendance_request
         WHERE employer_id = $1 AND from_on <= $3 AND to_on >= $2 AND state = $4{narrowed} ORDER BY number"
    );
    q.all(&sql, bound).await?.iter().map(Request::read).collect()
}

/// Lays a granted request on its days.
fn spread(request: &Request, from: Date, to: Date, records: &mut Records) {
    match request.kind {
        Kind::Punch => {}
        Kind::Overtime { rest } => {
            if let Some((start, end)) = request.minutes {
                let day = midnight(request.from_on);
                let span = Span::new(day + start, day + end);
                records.overtime.push(Approved { span, rest });
            }
        }
        Kind::Leave(kind) => {
            let mut day = request.from_on.max(from);
            while day <= request.to_on.min(to) {
                let part = request.part_on(day);
                records.leave.entry(day).or_default().push(LeavePart { kind, part });
                let Ok(next) = day.tomorrow() else { break };
                day = next;
            }
        }
    }
}

impl Request {
    /// The part of a day within the request that it takes.
    pub fn part_on(&self, day: Date) -> Part {
        if let Some((from, to)) = self.minutes {
            return Part::Between { from, to };
        }
        match (day == self.from_on, day == self.to_on) {
            (true, false) => self.first_part.part(),
            (false, true) => self.last_part.part(),
            // One day: the first part says which half.
            (true, true) => self.first_part.part(),
            (false, false) => Part::Whole,
        }
    }
}
