//! Requests as entered and as shown.

use control::identity::{Actor, Permission};
use serde::{Deserialize, Serialize};
use standard::{Date, Finding};
use utoipa::ToSchema;
use uuid::Uuid;

use super::kind::LeaveKind;
use super::request::{Half, Kind, Request, State};

/// Which sort of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttendanceRequestKind)]
pub enum Sort {
    /// 请假.
    Leave,
    /// 加班.
    Overtime,
    /// 补卡.
    Punch,
}

/// A request as entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = NewAttendanceRequest)]
pub struct NewRequest {
    /// Whose; left out by an employee asking for themself.
    pub employee_id: Option<Uuid>,
    /// Which sort.
    pub kind: Sort,
    /// Which leave.
    pub leave_kind: Option<LeaveKind>,
    /// Overtime: compensated by rest instead of pay.
    #[serde(default)]
    pub rest: bool,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub from_on: Date,
    /// Last day; the first if left out.
    #[schema(value_type = Option<String>, format = Date)]
    pub to_on: Option<Date>,
    /// How much of the first day.
    #[serde(default)]
    pub first_part: Half,
    /// How much of the last day.
    #[serde(default)]
    pub last_part: Half,
    /// Hours of one day: begins at this minute of the day; of a missing punch its minute.
    pub from_minute: Option<i64>,
    /// Ends at this minute; beyond 1440 after midnight.
    pub to_minute: Option<i64>,
    /// Why.
    pub reason: String,
}

/// A request as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AttendanceRequestView)]
pub struct RequestView {
    /// Key.
    pub id: Uuid,
    /// 申请编号.
    pub number: i64,
    /// Whose.
    pub employee_id: Uuid,
    /// Name of the employee.
    pub employee_name: String,
    /// 工号.
    pub employee_number: i64,
    /// 部门.
    pub department: String,
    /// Which sort.
    pub kind: Sort,
    /// Which leave.
    pub leave_kind: Option<LeaveKind>,
    /// Overtime compensated by rest.
    pub rest: bool,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub from_on: Date,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub to_on: Date,
    /// How much of the first day.
    pub first_part: Half,
    /// How much of the last day.
    pub last_part: Half,
    /// Minutes of the day.
    pub from_minute: Option<i64>,
    /// Minutes of the day.
    pub to_minute: Option<i64>,
    /// Minutes, where 480 are a day of leave.
    pub amount: i64,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: State,
    /// Who made it.
    pub made_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: standard::Timestamp,
    /// Who decided.
    pub decided_name: String,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<standard::Timestamp>,
    /// What was said.
    pub opinion: String,
    /// Counts changes.
    pub version: i64,
    /// What a person should look at; nothing stops.
    pub findings: Vec<Finding>,
    /// What the reader may do: approve, refuse, withdraw, revoke.
    pub allowed_actions: Vec<String>,
}

/// A page of requests.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AttendanceRequestPage)]
pub struct RequestPage {
    /// Newest first.
    pub items: Vec<RequestView>,
    /// How many match in all.
    pub total: i64,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// What the reader may do: create.
    pub allowed_actions: Vec<String>,
}

/// What the reader may do with a request.
pub(super) fn actions(actor: &Actor, request: &Request) -> Vec<String> {
    let mut actions = Vec::new();
    let edits = actor.may(Permission::AttendanceEdit);
    let own = request.made_by == actor.user_id;
    match request.state {
        State::Submitted => {
            if edits && !own {
                actions.extend(["approve", "refuse"]);
            }
            if own {
                actions.push("withdraw");
            }
        }
        State::Approved if edits && request.kind != Kind::Punch => actions.push("revoke"),
        _ => {}
    }
    actions.into_iter().map(str::to_string).collect()
}

/// Shows a request.
pub(super) fn show(actor: &Actor, request: &Request, name: String, number: i64, department: String, findings: Vec<Finding>) -> RequestView {
    let (kind, leave_kind, rest) = match request.kind {
        Kind::Leave(kind) => (Sort::Leave, Some(kind), false),
        Kind::Overtime { rest } => (Sort::Overtime, None, rest),
        Kind::Punch => (Sort::Punch, None, false),
    };
    RequestView {
        id: request.id,
        number: request.number,
        employee_id: request.employee_id,
        employee_name: name,
        employee_number: number,
        department,
        kind,
        leave_kind,
        rest,
        from_on: request.from_on,
        to_on: request.to_on,
        first_part: request.first_part,
        last_part: request.last_part,
        from_minute: request.minutes.map(|minutes| minutes.0),
        to_minute: request.minutes.map(|minutes| minutes.1),
        amount: request.amount,
        reason: request.reason.clone(),
        state: request.state,
        made_name: request.made_name.clone(),
        made_at: request.made_at,
        decided_name: request.decided_name.clone(),
        decided_at: request.decided_at,
        opinion: request.opinion.clone(),
        version: request.version,
        findings,
        allowed_actions: actions(actor, request),
    }
}
