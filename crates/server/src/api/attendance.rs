//! Attendance for HR: the month's grid, corrections, imports, requests, rules and schedules, closing.

use super::{
    auth::SignedIn,
    problem::{ApiResult, Body},
    verify::file_of,
};
use crate::app::App;
use axum::{
    Json,
    extract::{Multipart, Path, Query, State},
    http::StatusCode,
};
use control::clock;
use employer::attendance::{
    close::{self, Close, ClosingView},
    grid::{self, EmployeeView, Grid, GridFilter},
    import::service::{self as import, ImportView},
    leave::{
        balance::Balance,
        decide::{Act, Decision, decide},
        request::State as RequestState,
        service::{self as requests, NewRequest, RequestFilter, RequestPage, RequestView, Sort},
    },
    mine,
    punch::{self, Correction},
    settings::{self, Entry, Grant, GroupEdit, Member, OwnDay, Settings},
    timetable::Group,
};
use serde::Deserialize;
use standard::{Date, Finding, Month, Refusal};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The largest file of punches.
const FILE_MAX: usize = 20 << 20;

/// Which rows of the grid.
#[derive(Deserialize, IntoParams)]
pub struct GridQuery {
    /// The month.
    #[param(value_type = String)]
    pub month: Month,
    /// Part of a name, or a 工号.
    pub query: Option<String>,
    /// Exactly this department.
    pub department: Option<String>,
    /// Only people with a day that needs a look.
    pub anomalies: Option<bool>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

/// A month.
#[derive(Deserialize, IntoParams)]
pub struct OfMonth {
    /// The month.
    #[param(value_type = String)]
    pub month: Month,
}

/// The month's grid: people by days
#[utoipa::path(get, path = "/attendance", tag = "attendance", operation_id = "attendance_grid", params(GridQuery), responses((status = 200, body = Grid)))]
pub async fn month(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<GridQuery>) -> ApiResult<Json<Grid>> {
    let filter = GridFilter {
        query: which.query,
        department: which.department,
        anomalies: which.anomalies.unwrap_or(false),
        cursor: which.cursor,
        limit: which.limit.unwrap_or(50),
    };
    Ok(Json(grid::grid(&actor, &app.db, which.month, &filter, clock::now()).await?))
}

/// One employee's month with punches and corrections
#[utoipa::path(get, path = "/attendance/employees/{id}", tag = "attendance", operation_id = "attendance_employee", params(("id" = Uuid, Path), OfMonth), responses((status = 200, body = EmployeeView)))]
pub async fn employee(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(which): Query<OfMonth>,
) -> ApiResult<Json<EmployeeView>> {
    Ok(Json(grid::employee(&actor, &app.db, which.month, id, clock::now()).await?))
}

/// Add or void a punch by hand, with its reason
#[utoipa::path(post, path = "/attendance/corrections", tag = "attendance", operation_id = "correct_punch", request_body = Correction, responses((status = 204)))]
pub async fn correct(State(app): State<App>, SignedIn(actor): SignedIn, Body(correction): Body<Correction>) -> ApiResult<StatusCode> {
    punch::correct(&actor, &app.db, &correction).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The month of a table that only names days.
#[derive(Deserialize, IntoParams)]
pub struct ImportMonth {
    /// Taken where the columns only say 1 to 31.
    #[param(value_type = Option<String>)]
    pub month: Option<Month>,
}

/// The last imports, newest first
#[utoipa::path(get, path = "/attendance/imports", tag = "attendance", operation_id = "punch_imports", responses((status = 200, body = Vec<ImportView>)))]
pub async fn imports(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<ImportView>>> {
    Ok(Json(import::list(&actor, &app.db).await?))
}

/// Take a machine's file of punches (.xlsx or .csv); the same file again changes nothing
#[utoipa::path(post, path = "/attendance/imports", tag = "attendance", operation_id = "import_punches", params(ImportMonth), request_body(content = String, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportView), (status = 413, body = super::problem::Problem, content_type = "application/problem+json"), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn upload(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(which): Query<ImportMonth>,
    form: Multipart,
) -> ApiResult<Json<ImportView>> {
    actor.require(control::identity::Permission::AttendanceEdit)?;
    let (name, bytes) = file_of(form, FILE_MAX).await?;
    Ok(Json(import::upload(&actor, &app.db, &name, bytes, which.month).await?))
}

/// Which requests.
#[derive(Deserialize, IntoParams)]
pub struct RequestQuery {
    /// `submitted`, `approved`, `refused`, `withdrawn` or `revoked`.
    pub state: Option<String>,
    /// `leave`, `overtime` or `punch`.
    #[param(value_type = Option<String>)]
    pub kind: Option<Sort>,
    /// Only these of one employee.
    pub employee: Option<Uuid>,
    /// Where the last page ended.
    pub cursor: Option<i64>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

/// Requests for leave, overtime and missing punches, newest first
#[utoipa::path(get, path = "/attendance/requests", tag = "attendance", operation_id = "attendance_requests", params(RequestQuery), responses((status = 200, body = RequestPage)))]
pub async fn list_requests(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(which): Query<RequestQuery>,
) -> ApiResult<Json<RequestPage>> {
    let state = match which.state.as_deref() {
        None | Some("") => None,
        Some(word) => Some(RequestState::parse(word).ok_or_else(|| {
            Refusal::invalid(Finding::blocking("unknown_state", "没有这种申请状态", "there is no such state").field("state"))
        })?),
    };
    let filter = RequestFilter {
        employee_id: which.employee,
        state,
        kind: which.kind,
        below: which.cursor,
        limit: which.limit.unwrap_or(50),
    };
    Ok(Json(requests::list(&actor, &app.db, &filter).await?))
}

/// Enter a request for an employee; another person decides it
#[utoipa::path(post, path = "/attendance/requests", tag = "attendance", operation_id = "new_attendance_request", request_body = NewRequest, responses((status = 200, body = RequestView)))]
pub async fn ask(State(app): State<App>, SignedIn(actor): SignedIn, Body(new): Body<NewRequest>) -> ApiResult<Json<RequestView>> {
    Ok(Json(requests::ask(&actor, &app.db, app.book, None, new).await?))
}

/// Approve a request somebody else made
#[utoipa::path(post, path = "/attendance/requests/{id}/approve", tag = "attendance", operation_id = "approve_attendance_request", params(("id" = Uuid, Path)), request_body = Decision, responses((status = 200, body = RequestView)))]
pub async fn approve(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(decision): Body<Decision>,
) -> ApiResult<Json<RequestView>> {
    Ok(Json(decide(&actor, &app.db, app.book, id, Act::Approve, &decision).await?))
}

/// Refuse a request, with the reason
#[utoipa::path(post, path = "/attendance/requests/{id}/refuse", tag = "attendance", operation_id = "refuse_attendance_request", params(("id" = Uuid, Path)), request_body = Decision, responses((status = 200, body = RequestView)))]
pub async fn refuse(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(decision): Body<Decision>,
) -> ApiResult<Json<RequestView>> {
    Ok(Json(decide(&actor, &app.db, app.book, id, Act::Refuse, &decision).await?))
}

/// Take back a request of one's own before it is decided
#[utoipa::path(post, path = "/attendance/requests/{id}/withdraw", tag = "attendance", operation_id = "withdraw_attendance_request", params(("id" = Uuid, Path)), request_body = Decision, responses((status = 200, body = RequestView)))]
pub async fn withdraw(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(decision): Body<Decision>,
) -> ApiResult<Json<RequestView>> {
    Ok(Json(decide(&actor, &app.db, app.book, id, Act::Withdraw, &decision).await?))
}

/// Revoke an approved request, with the reason
#[utoipa::path(post, path = "/attendance/requests/{id}/revoke", tag = "attendance", operation_id = "revoke_attendance_request", params(("id" = Uuid, Path)), request_body = Decision, responses((status = 200, body = RequestView)))]
pub async fn revoke(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(decision): Body<Decision>,
) -> ApiResult<Json<RequestView>> {
    Ok(Json(decide(&actor, &app.db, app.book, id, Act::Revoke, &decision).await?))
}

/// An employee's balances of leave
#[utoipa::path(get, path = "/attendance/employees/{id}/balances", tag = "attendance", operation_id = "leave_balances", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<Balance>)))]
pub async fn balances(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<Vec<Balance>>> {
    Ok(Json(mine::balances_of(&actor, &app.db, app.book, id, clock::today()).await?))
}

/// Grant leave beside the law, or enter service before this employer
#[utoipa::path(post, path = "/attendance/grants", tag = "attendance", operation_id = "grant_leave", request_body = Grant, responses((status = 204)))]
pub async fn grant(State(app): State<App>, SignedIn(actor): SignedIn, Body(grant): Body<Grant>) -> ApiResult<StatusCode> {
    settings::grant(&actor, &app.db, &grant).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Groups, members and the company's own days
#[utoipa::path(get, path = "/attendance/settings", tag = "attendance", operation_id = "attendance_settings", responses((status = 200, body = Settings)))]
pub async fn get_settings(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Settings>> {
    Ok(Json(settings::get(&actor, &app.db, clock::today()).await?))
}

/// Add a group with its rule
#[utoipa::path(post, path = "/attendance/groups", tag = "attendance", operation_id = "add_attendance_group", request_body = GroupEdit, responses((status = 200, body = Group)))]
pub async fn add_group(State(app): State<App>, SignedIn(actor): SignedIn, Body(edit): Body<GroupEdit>) -> ApiResult<Json<Group>> {
    Ok(Json(settings::put_group(&actor, &app.db, None, &edit).await?))
}

/// Change a group
#[utoipa::path(put, path = "/attendance/groups/{id}", tag = "attendance", operation_id = "edit_attendance_group", params(("id" = Uuid, Path)), request_body = GroupEdit, responses((status = 200, body = Group)))]
pub async fn edit_group(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(edit): Body<GroupEdit>,
) -> ApiResult<Json<Group>> {
    Ok(Json(settings::put_group(&actor, &app.db, Some(id), &edit).await?))
}

/// Remove a group without members
#[utoipa::path(delete, path = "/attendance/groups/{id}", tag = "attendance", operation_id = "remove_attendance_group", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn remove_group(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<StatusCode> {
    settings::remove_group(&actor, &app.db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put employees into groups from a day on
#[utoipa::path(put, path = "/attendance/members", tag = "attendance", operation_id = "put_attendance_members", request_body = Vec<Member>, responses((status = 204)))]
pub async fn put_members(State(app): State<App>, SignedIn(actor): SignedIn, Body(members): Body<Vec<Member>>) -> ApiResult<StatusCode> {
    settings::put_members(&actor, &app.db, &members).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A stretch of days.
#[derive(Deserialize, IntoParams)]
pub struct Stretch {
    /// First day.
    #[param(value_type = String, format = Date)]
    pub from: Date,
    /// Last day.
    #[param(value_type = String, format = Date)]
    pub to: Date,
}

/// Days scheduled by hand, over the rotation
#[utoipa::path(get, path = "/attendance/schedule", tag = "attendance", operation_id = "attendance_schedule", params(Stretch), responses((status = 200, body = Vec<Entry>)))]
pub async fn schedule(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<Stretch>) -> ApiResult<Json<Vec<Entry>>> {
    Ok(Json(settings::schedule(&actor, &app.db, which.from, which.to).await?))
}

/// Schedule days by hand
#[utoipa::path(put, path = "/attendance/schedule", tag = "attendance", operation_id = "put_attendance_schedule", request_body = Vec<Entry>, responses((status = 204)))]
pub async fn put_schedule(State(app): State<App>, SignedIn(actor): SignedIn, Body(entries): Body<Vec<Entry>>) -> ApiResult<StatusCode> {
    settings::put_schedule(&actor, &app.db, &entries).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set days of the company's own calendar
#[utoipa::path(put, path = "/attendance/days", tag = "attendance", operation_id = "put_company_days", request_body = Vec<OwnDay>, responses((status = 204)))]
pub async fn put_days(State(app): State<App>, SignedIn(actor): SignedIn, Body(days): Body<Vec<OwnDay>>) -> ApiResult<StatusCode> {
    settings::put_days(&actor, &app.db, &days).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A month's closing: anomalies first
#[utoipa::path(get, path = "/attendance/closing", tag = "attendance", operation_id = "attendance_closing", params(OfMonth), responses((status = 200, body = ClosingView)))]
pub async fn closing(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<OfMonth>) -> ApiResult<Json<ClosingView>> {
    Ok(Json(close::view(&actor, &app.db, app.book, which.month, clock::now()).await?))
}

/// Close the month, with a reason for each kind of anomaly left; a closed one stays as it is
#[utoipa::path(post, path = "/attendance/closing", tag = "attendance", operation_id = "close_attendance", params(OfMonth), request_body = Close, responses((status = 200, body = ClosingView), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn close_month(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(which): Query<OfMonth>,
    Body(reasons): Body<Close>,
) -> ApiResult<Json<ClosingView>> {
    Ok(Json(
        close::close(&actor, &app.db, app.book, which.month, &reasons, clock::now()).await?,
    ))
}

/// Why a month is reopened.
#[derive(Deserialize, ToSchema)]
pub struct ReopenMonth {
    /// Why.
    pub reason: String,
}

/// Reopen a closed month, with the reason
#[utoipa::path(post, path = "/attendance/closing/reopen", tag = "attendance", operation_id = "reopen_attendance", params(OfMonth), request_body = ReopenMonth, responses((status = 200, body = ClosingView), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn reopen_month(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(which): Query<OfMonth>,
    Body(why): Body<ReopenMonth>,
) -> ApiResult<Json<ClosingView>> {
    Ok(Json(
        close::reopen(&actor, &app.db, app.book, which.month, &why.reason, clock::now()).await?,
    ))
}
