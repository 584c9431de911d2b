//! 假期额度: what the law and the company grant, what is taken and what is asked for. Amounts are minutes, where 480 are a day.

use policy::RuleBook;
use serde::Serialize;
use standard::{Date, Refusal};
use store::{Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::worker::Worker;
use super::entitlement::{Service, annual_days};
use super::kind::LeaveKind;
use super::request::State;

/// Minutes of a day of leave.
pub const DAY_OF_LEAVE: i64 = 480;

/// A balance as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LeaveBalance)]
pub struct Balance {
    /// Of which leave.
    pub kind: LeaveKind,
    /// By law, minutes (480 a day).
    pub by_law: i64,
    /// Given by the company, carried over or earned, minutes.
    pub granted: i64,
    /// Approved, minutes.
    pub taken: i64,
    /// Asked for and not decided, minutes.
    pub pending: i64,
    /// What may still be asked for, minutes.
    pub left: i64,
}

/// Months of work before this employer; none where nothing was entered.
pub async fn prior_months(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid) -> Result<i64, Refusal> {
    let row = q
        .optional(
            "SELECT prior_months FROM employer_attendance_service WHERE employer_id = $1 AND employee_id = $2",
            args![employer_id, employee_id],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("prior_months"))
}

/// The balances of an employee on a day: annual leave of its year, and rest earned so far.
pub async fn balances(q: &mut impl Query, book: &RuleBook, employer_id: Uuid, worker: &Worker, on: Date) -> Result<Vec<Balance>, Refusal> {
    let year = on.year();
    let by_law = match worker.latest() {
        Some((hired_on, left_on)) => {
            let prior = prior_months(q, employer_id, worker.id).await?;
            let service = Service {
                hired_on,
                left_on,
                prior_months: i32::try_from(prior).unwrap_or(0),
            };
            i64::from(annual_days(book, &service, year, on)?) * DAY_OF_LEAVE
        }
        None => 0,
    };
    let annual = balance(q, employer_id, worker.id, LeaveKind::Annual, Some(year), by_law).await?;
    let rest = balance(q, employer_id, worker.id, LeaveKind::Compensatory, None, 0).await?;
    Ok(vec![annual, rest])
}

async fn balance(
    q: &mut impl Query,
    employer_id: Uuid,
    employee_id: Uuid,
    kind: LeaveKind,
    year: Option<i16>,
    by_law: i64,
) -> Result<Balance, Refusal> {
    let mut bound = args![employer_id, employee_id, kind.key()];
    let (mut of_grants, mut of_requests) = (String::new(), String::new());
    if let Some(year) = year {
        let (y, from, to) = (
            bound.push(i64::from(year)),
            bound.push(format!("{year:04}-01-01")),
            bound.push(format!("{year:04}-12-31")),
        );
        of_grants = format!(" AND year = ${y}");
        of_requests = format!(" AND from_on BETWEEN ${from} AND ${to}");
    }
    let (approved, submitted) = (bound.push(State::Approved.key()), bound.push(State::Submitted.key()));
    let taken = |state: usize| {
        format!(
            "(SELECT COALESCE(SUM(amount), 0) FROM employer_attendance_request
              WHERE employer_id = $1 AND employee_id = $2 AND kind = 'leave' AND detail = $3 AND state = ${state}{of_requests})"
        )
    };
    let sql = format!(
        "SELECT (SELECT COALESCE(SUM(amount), 0) FROM employer_attendance_grant
                 WHERE employer_id = $1 AND employee_id = $2 AND leave_kind = $3{of_grants}) AS granted,
                {} AS taken, {} AS pending",
        taken(approved),
        taken(submitted)
    );
    let row = q.one(&sql, bound).await?;
    let (granted, taken, pending): (i64, i64, i64) = (row.get("granted")?, row.get("taken")?, row.get("pending")?);
    Ok(Balance {
        kind,
        by_law,
        granted,
        taken,
        pending,
        left: by_law + granted - taken - pending,
    })
}
