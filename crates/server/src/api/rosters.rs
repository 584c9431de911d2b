//! Rosters of new hires: upload, progress, result, and what to do with it.

use super::{
    auth::SignedIn,
    problem::{ApiResult, Body},
    transfers::PlatformContacts,
    verify::file_of,
};
use crate::app::App;
use axum::{
    Json,
    extract::{Multipart, Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use employer::insurance::{
    preflight::Verdict,
    roster::{
        service,
        view::{Accepted, RosterDetail, RosterView},
    },
    transfer,
};
use serde::{Deserialize, Serialize};
use standard::{Finding, Insurance, Refusal};
use std::collections::HashSet;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The largest roster file.
const ROSTER_MAX: usize = 50 << 20;

fn workbook(bytes: Vec<u8>, name: &str) -> impl IntoResponse {
    let name = format!("attachment; filename=\"{name}.xlsx\"");
    let kind = HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    (
        [
            (header::CONTENT_TYPE, kind),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment")),
            ),
        ],
        bytes,
    )
}

/// The roster template
#[utoipa::path(get, path = "/rosters/template.xlsx", tag = "rosters", responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn template(SignedIn(actor): SignedIn) -> ApiResult<impl IntoResponse> {
    Ok(workbook(service::template(&actor)?, "roster-template"))
}

/// Rosters, newest first
#[utoipa::path(get, path = "/rosters", tag = "rosters", operation_id = "list_rosters", responses((status = 200, body = Vec<RosterView>)))]
pub async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<RosterView>>> {
    Ok(Json(service::list(&actor, &app.db).await?))
}

/// Upload a roster (.xlsx or .csv): rows are checked, then the nation is asked about each
#[utoipa::path(post, path = "/rosters", tag = "rosters", request_body(content = String, content_type = "multipart/form-data"),
    responses((status = 202, body = RosterView), (status = 413, body = super::problem::Problem, content_type = "application/problem+json"), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn upload(State(app): State<App>, SignedIn(actor): SignedIn, form: Multipart) -> ApiResult<(StatusCode, Json<RosterView>)> {
    actor.require(control::identity::Permission::RosterImport)?;
    let (name, bytes) = file_of(form, ROSTER_MAX).await?;
    Ok((StatusCode::ACCEPTED, Json(service::upload(&actor, &app.db, &name, bytes).await?)))
}

/// Which rows.
#[derive(Deserialize, IntoParams)]
pub struct RowFilter {
    /// `direct`, `needs_transfer`, `bad_data` or `unanswered`.
    pub verdict: Option<String>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many, 100 by default.
    pub limit: Option<i64>,
}

/// A roster's progress and rows
#[utoipa::path(get, path = "/rosters/{id}", tag = "rosters", operation_id = "get_roster", params(("id" = Uuid, Path), RowFilter), responses((status = 200, body = RosterDetail)))]
pub async fn detail(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(filter): Query<RowFilter>,
) -> ApiResult<Json<RosterDetail>> {
    let verdict = match filter.verdict.as_deref() {
        None | Some("") => None,
        Some(word) => Some(Verdict::parse(word).ok_or_else(|| {
            Refusal::invalid(Finding::blocking("unknown_verdict", "没有这种核查结果", "there is no such verdict").field("verdict"))
        })?),
    };
    Ok(Json(
        service::get(&actor, &app.db, id, verdict, filter.cursor.as_deref(), filter.limit.unwrap_or(100)).await?,
    ))
}

/// The roster with its result beside each row
#[utoipa::path(get, path = "/rosters/{id}/result.xlsx", tag = "rosters", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn result_file(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<impl IntoResponse> {
    Ok(workbook(service::result_workbook(&actor, &app.db, id).await?, "roster-result"))
}

/// The bad rows with the error beside the cell
#[utoipa::path(get, path = "/rosters/{id}/errors.xlsx", tag = "rosters", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn errors_file(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<impl IntoResponse> {
    Ok(workbook(service::errors_workbook(&actor, &app.db, id).await?, "roster-errors"))
}

/// Rows chosen; none named means all that fit.
#[derive(Deserialize, ToSchema)]
pub struct Chosen {
    /// Row numbers of the sheet.
    #[serde(default)]
    pub rows: Option<Vec<i64>>,
}

/// Take the good rows over as employees
#[utoipa::path(post, path = "/rosters/{id}/accept", tag = "rosters", params(("id" = Uuid, Path)), request_body = Chosen, responses((status = 200, body = Accepted)))]
pub async fn accept(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(chosen): Body<Chosen>,
) -> ApiResult<Json<Accepted>> {
    Ok(Json(service::accept(&actor, &app.db, id, chosen.rows.as_deref()).await?))
}

/// What starting several transfers did.
#[derive(Serialize, ToSchema)]
pub struct Started {
    /// The drafts made, or those there already.
    pub started: Vec<Uuid>,
    /// How many people they are of.
    pub people: i64,
    /// People left for another call, when all were asked for.
    pub remaining: i64,
    /// Those not made, and why.
    pub refused: Vec<NotStarted>,
}

/// A transfer that was not started.
#[derive(Serialize, ToSchema)]
pub struct NotStarted {
    /// The employee.
    pub employee_id: Uuid,
    /// Why.
    pub findings: Vec<Finding>,
}

/// Ask again about the rows whose region did not answer
#[utoipa::path(post, path = "/rosters/{id}/retry", tag = "rosters", params(("id" = Uuid, Path)), responses((status = 202, body = RosterView)))]
pub async fn retry(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<(StatusCode, Json<RosterView>)> {
    Ok((StatusCode::ACCEPTED, Json(service::retry(&actor, &app.db, id).await?)))
}

/// Start the transfers of those who need one: of the named rows, or of all
#[utoipa::path(post, path = "/rosters/{id}/transfers", tag = "rosters", params(("id" = Uuid, Path)), request_body = Chosen, responses((status = 200, body = Started)))]
pub async fn start_transfers(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(chosen): Body<Chosen>,
) -> ApiResult<Json<Started>> {
    let contacts = PlatformContacts { app: &app, actor: &actor };
    let needed = service::transfers_needed(&actor, &app.db, id, chosen.rows.as_deref()).await?;
    let mut started = Started {
        started: Vec::new(),
        people: 0,
        remaining: needed.remaining,
        refused: Vec::new(),
    };
    let mut people = HashSet::new();
    for (employee_id, from_region) in needed.transfers {
        // Each transfer is its own draft: one that exists already does not stop the others.
        match transfer::draft::start(&actor, &app.db, &contacts, employee_id, from_region, Insurance::Pension).await {
            Ok(view) => {
                started.started.push(view.transfer.id);
                people.insert(employee_id);
            }
            Err(refusal) => started.refused.push(NotStarted {
                employee_id,
                findings: refusal.findings,
            }),
        }
    }
    started.people = people.len() as i64;
    Ok(Json(started))
}
