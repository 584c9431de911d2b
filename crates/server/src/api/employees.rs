//! The employer's people: the nationwide query, hiring, and what is due.

use super::{
    auth::SignedIn,
    problem::{ApiResult, Body},
};
use crate::app::App;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use control::identity::{Actor, Permission};
use employer::{
    Home, employer_of,
    insurance::{
        deadlines::{self, DeadlineView},
        enrolment::{self, EnrolmentView, FileEnrolment},
        preflight::service::{StatusQuery, StatusReport},
    },
    people::{
        bank,
        service::{self, Hired, Wanted},
        view::{EmployeeEdit, EmployeePage, EmployeeState, EmployeeView, NewEmployee},
        wage::{self, WageCheck, WageReport},
    },
};
use exchange::{Question, Transport, message::AgencyParty};
use serde::{Deserialize, Serialize};
use standard::{Finding, Month, Organisation, Refusal, RegionCode};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What waits for HR today
#[utoipa::path(get, path = "/employer/home", tag = "employer", responses((status = 200, body = Home)))]
pub async fn home(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Home>> {
    Ok(Json(employer::home(&actor, &app.db).await?))
}

/// Ask the nation where a person is insured, and what must happen before hiring
#[utoipa::path(post, path = "/status-queries", tag = "employer", request_body = StatusQuery, responses((status = 200, body = StatusReport), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn status_query(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(query): Body<StatusQuery>,
) -> ApiResult<Json<StatusReport>> {
    let source = app.status_source(employer_of(&actor)?);
    Ok(Json(
        employer::insurance::preflight::service::query(&actor, &app.db, &source, query).await?,
    ))
}

/// Which employees.
#[derive(Deserialize, IntoParams)]
pub struct Which {
    /// Part of the name, or a whole ID number.
    pub query: Option<String>,
    /// Where they stand.
    pub state: Option<String>,
    /// `employed` or `left`; both when absent.
    pub presence: Option<String>,
    /// A department's path; those below it count too.
    pub department: Option<String>,
    /// 参保城市.
    #[param(value_type = Option<String>)]
    pub region: Option<RegionCode>,
    /// Hired in this month.
    #[param(value_type = Option<String>)]
    pub hired_month: Option<Month>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

impl Which {
    /// The list asked for.
    pub fn wanted(&self) -> Result<Wanted, Refusal> {
        let state = match self.state.as_deref() {
            None | Some("") => None,
            Some(word) => Some(EmployeeState::parse(word).ok_or_else(|| {
                Refusal::invalid(Finding::blocking("unknown_state", "没有这种员工状态", "there is no such employee state").field("state"))
            })?),
        };
        Ok(Wanted {
            query: self.query.clone(),
            state,
            presence: self.presence.clone(),
            department: self.department.clone(),
            region: self.region,
            hired_month: self.hired_month,
        })
    }
}

/// Employees, newest first
#[utoipa::path(get, path = "/employees", tag = "employer", operation_id = "list_employees", params(Which), responses((status = 200, body = EmployeePage)))]
pub async fn list(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<Which>) -> ApiResult<Json<EmployeePage>> {
    let limit = which.limit.unwrap_or(50).clamp(1, 200);
    Ok(Json(
        service::list_wanted(&actor, &app.db, &which.wanted()?, which.cursor.as_deref(), limit).await?,
    ))
}

/// Hire a person
#[utoipa::path(post, path = "/employees", tag = "employer", request_body = NewEmployee, responses((status = 201, body = Hired), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn hire(State(app): State<App>, SignedIn(actor): SignedIn, Body(new): Body<NewEmployee>) -> ApiResult<(StatusCode, Json<Hired>)> {
    let source = app.status_source(employer_of(&actor)?);
    Ok((StatusCode::CREATED, Json(service::hire(&actor, &app.db, &source, new).await?)))
}

/// What becomes of a wage as a contribution base; nothing is stored
#[utoipa::path(post, path = "/wage-checks", tag = "employer", request_body = WageCheck, responses((status = 200, body = WageReport)))]
pub async fn wage_check(State(app): State<App>, SignedIn(actor): SignedIn, Body(input): Body<WageCheck>) -> ApiResult<Json<WageReport>> {
    Ok(Json(wage::check(&actor, app.book, input)?))
}

/// One employee
#[utoipa::path(get, path = "/employees/{id}", tag = "employer", operation_id = "get_employee", params(("id" = Uuid, Path)), responses((status = 200, body = EmployeeView)))]
pub async fn detail(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<EmployeeView>> {
    Ok(Json(service::get(&actor, &app.db, id).await?))
}

/// Change an employee; the body names the version it is based on
#[utoipa::path(patch, path = "/employees/{id}", tag = "employer", params(("id" = Uuid, Path)), request_body = EmployeeEdit, responses((status = 200, body = EmployeeView)))]
pub async fn edit(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(change): Body<EmployeeEdit>,
) -> ApiResult<Json<EmployeeView>> {
    Ok(Json(service::edit(&actor, &app.db, id, change).await?))
}

/// Why a masked value is revealed.
#[derive(Deserialize, ToSchema)]
pub struct Reveal {
    /// Which field: `id_number` (default) or `bank_account`.
    #[serde(default)]
    pub field: Option<String>,
    /// For the access log.
    #[serde(default)]
    pub purpose: Option<String>,
}

/// A revealed value.
#[derive(Serialize, ToSchema)]
pub struct Revealed {
    /// As stored.
    pub value: String,
}

/// Reveal an employee's ID number or bank account; written to the audit log
#[utoipa::path(post, path = "/employees/{id}/reveal", tag = "employer", operation_id = "reveal_employee", params(("id" = Uuid, Path)), request_body = Reveal, responses((status = 200, body = Revealed)))]
pub async fn reveal(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(why): Body<Reveal>,
) -> ApiResult<Json<Revealed>> {
    let purpose = why.purpose.as_deref().unwrap_or("screen");
    let value = match why.field.as_deref() {
        Some("bank_account") => bank::reveal(&actor, &app.db, id, purpose).await?,
        _ => service::reveal_id(&actor, &app.db, id, purpose).await?,
    };
    Ok(Json(Revealed { value }))
}

/// File the enrolment of an employee with the agency of their region
#[utoipa::path(post, path = "/employees/{id}/enrolment", tag = "employer", params(("id" = Uuid, Path)), request_body = FileEnrolment, responses((status = 200, body = EnrolmentView), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn enrol(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(input): Body<FileEnrolment>,
) -> ApiResult<Json<EnrolmentView>> {
    let source = app.status_source(employer_of(&actor)?);
    Ok(Json(enrolment::file(&actor, &app.db, &source, id, input).await?))
}

/// Enrolments of an employee, newest first
#[utoipa::path(get, path = "/employees/{id}/enrolments", tag = "employer", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<EnrolmentView>)))]
pub async fn enrolments(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<Vec<EnrolmentView>>> {
    Ok(Json(enrolment::of_employee(&actor, &app.db, id).await?))
}

/// Ask the nation again about an employee
#[utoipa::path(post, path = "/employees/{id}/status", tag = "employer", params(("id" = Uuid, Path)), responses((status = 200, body = Hired)))]
pub async fn refresh_status(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<Hired>> {
    let source = app.status_source(employer_of(&actor)?);
    Ok(Json(service::recheck(&actor, &app.db, &source, id).await?))
}

/// The agencies' entries of the platform's contact book.
pub async fn contact_book(app: &App, actor: &Actor) -> Result<Vec<AgencyParty>, Refusal> {
    actor.require(Permission::ContactView)?;
    app.post(actor.organisation)
        .ask(&Organisation::Platform, Question::Contacts)
        .await?
        .into_contacts()
}

/// The contact book
#[utoipa::path(get, path = "/contacts", tag = "employer", responses((status = 200, body = Vec<AgencyParty>)))]
pub async fn contacts(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<AgencyParty>>> {
    Ok(Json(contact_book(&app, &actor).await?))
}

/// What is due, soonest first
#[utoipa::path(get, path = "/deadlines", tag = "employer", responses((status = 200, body = Vec<DeadlineView>)))]
pub async fn deadlines(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<DeadlineView>>> {
    Ok(Json(deadlines::list(&actor, &app.db).await?))
}
