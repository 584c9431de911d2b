//! Requests, newest first.

use control::identity::{Actor, Permission};
use standard::Refusal;
use store::{Db, Query, args};
use uuid::Uuid;

use super::request::{Kind, Request, State};
use super::service::advice;
use super::view::{RequestPage, Sort, show};
use crate::employer_of;

/// Which requests to list.
#[derive(Debug, Clone, Default)]
pub struct RequestFilter {
    /// Only these of one employee.
    pub employee_id: Option<Uuid>,
    /// Only this state.
    pub state: Option<State>,
    /// Only this sort: leave, overtime, punch.
    pub kind: Option<Sort>,
    /// Only below this number.
    pub below: Option<i64>,
    /// At most so many.
    pub limit: i64,
}

/// Requests, newest first.
pub async fn list(actor: &Actor, db: &Db, filter: &RequestFilter) -> Result<RequestPage, Refusal> {
    actor.require(Permission::AttendanceView)?;
    let employer_id = employer_of(actor)?;
    let mut page = page(actor, &mut db.read(), employer_id, filter).await?;
    if actor.may(Permission::AttendanceEdit) {
        page.allowed_actions.push("create".to_string());
    }
    Ok(page)
}

/// The requests of a filter, for whoever may see them.
pub(in super::super) async fn page(
    actor: &Actor,
    q: &mut impl Query,
    employer_id: Uuid,
    filter: &RequestFilter,
) -> Result<RequestPage, Refusal> {
    let mut bound = args![employer_id];
    let mut clause = "r.employer_id = $1".to_string();
    if let Some(id) = filter.employee_id {
        clause.push_str(&format!(" AND r.employee_id = ${}", bound.push(id)));
    }
    if let Some(state) = filter.state {
        clause.push_str(&format!(" AND r.state = ${}", bound.push(state.key())));
    }
    if let Some(kind) = filter.kind {
        let key = match kind {
            Sort::Leave => "leave",
            Sort::Overtime => "overtime",
            Sort::Punch => "punch",
        };
        clause.push_str(&format!(" AND r.kind = ${}", bound.push(key)));
    }
    let counted = format!("SELECT COUNT(*) AS n FROM employer_attendance_request r WHERE {clause}");
    let total = q.one(&counted, bound.clone()).await?.get("n")?;
    if let Some(below) = filter.below {
        clause.push_str(&format!(" AND r.number < ${}", bound.push(below)));
    }
    let limit = filter.limit.clamp(1, 200);
    let n = bound.push(limit + 1);
    let sql = format!(
        "SELECT r.*, e.name AS employee_name, e.number AS employee_number, e.department AS department
         FROM employer_attendance_request r JOIN employer_employee e ON e.employer_id = r.employer_id AND e.id = r.employee_id
         WHERE {clause} ORDER BY r.number DESC LIMIT ${n}"
    );
    let rows = q.all(&sql, bound).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        let request = Request::read(row)?;
        let advice = match request.kind {
            Kind::Leave(kind) => advice(kind, request.amount),
            _ => Vec::new(),
        };
        items.push(show(
            actor,
            &request,
            row.get("employee_name")?,
            row.get("employee_number")?,
            row.get("department")?,
            advice,
        ));
    }
    let more = i64::try_from(items.len()).unwrap_or(0) > limit;
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_cursor = items.last().filter(|_| more).map(|last| last.number.to_string());
    Ok(RequestPage {
        items,
        total,
        next_cursor,
        allowed_actions: Vec::new(),
    })
}
