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
    extract::{DefaultBodyLimit, Multipart, Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use employer::insurance::roster::{self, Accepted, RosterDetail, RosterView, RowFilter, Started};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The largest roster file.
const ROSTER_MAX: usize = 50 << 20;

fn workbook(bytes: Vec<u8>, name: &str) -> impl IntoResponse {
    let name = format!("attachment; filename=\"{name}.xlsx\"");
    let kind = HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment")))], bytes)
}

/// The roster template
#[utoipa::path(get, path = "/rosters/template.xlsx", tag = "rosters", responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn template(SignedIn(_): SignedIn) -> ApiResult<impl IntoResponse> {
    Ok(workbook(roster::template()?, "roster-template"))
}

/// Rosters, newest first
#[utoipa::path(get, path = "/rosters", tag = "rosters", operation_id = "list_rosters", responses((status = 200, body = Vec<RosterView>)))]
pub async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<RosterView>>> {
    Ok(Json(roster::list(&actor, &app.db).await?))
}

/// Upload a roster (.xlsx or .csv): rows are checked, then the nation is asked about each
#[utoipa::path(post, path = "/rosters", tag = "rosters", request_body(content = String, content_type = "multipart/form-data"),
    responses((status = 202, body = RosterView), (status = 413, body = super::problem::Problem), (status = 422, body = super::problem::Problem)))]
pub async fn upload(State(app): State<App>, SignedIn(actor): SignedIn, form: Multipart) -> ApiResult<(StatusCode, Json<RosterView>)> {
    actor.require(control::identity::Permission::RosterImport)?;
    let (name, bytes) = file_of(form, ROSTER_MAX).await?;
    Ok((StatusCode::ACCEPTED, Json(roster::upload(&actor, &app.db, &name, bytes).await?)))
}

/// A roster's progress and rows
#[utoipa::path(get, path = "/rosters/{id}", tag = "rosters", operation_id = "get_roster", params(("id" = Uuid, Path), RowFilter), responses((status = 200, body = RosterDetail)))]
pub async fn detail(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>, Query(filter): Query<RowFilter>) -> ApiResult<Json<RosterDetail>> {
    Ok(Json(roster::get(&actor, &app.db, id, &filter).await?))
}

/// The roster with its result beside each row
#[utoipa::path(get, path = "/rosters/{id}/result.xlsx", tag = "rosters", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn result_file(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<impl IntoResponse> {
    Ok(workbook(roster::result_file(&actor, &app.db, id).await?, "roster-result"))
}

/// The bad rows with the error beside the cell
#[utoipa::path(get, path = "/rosters/{id}/errors.xlsx", tag = "rosters", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn errors_file(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<impl IntoResponse> {
    Ok(workbook(roster::errors_file(&actor, &app.db, id).await?, "roster-errors"))
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
pub async fn accept(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>, Body(chosen): Body<Chosen>) -> ApiResult<Json<Accepted>> {
    Ok(Json(roster::accept(&actor, &app.db, id, chosen.rows).await?))
}

/// Start the transfers of those who need one
#[utoipa::path(post, path = "/rosters/{id}/transfers", tag = "rosters", params(("id" = Uuid, Path)), request_body = Chosen, responses((status = 200, body = Started)))]
pub async fn start_transfers(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>, Body(chosen): Body<Chosen>) -> ApiResult<Json<Started>> {
    let contacts = PlatformContacts { app: &app, actor: &actor };
    Ok(Json(roster::start_transfers(&actor, &app.db, &contacts, id, chosen.rows).await?))
}

/// The body bound of roster uploads.
pub fn upload_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(super::BODY_MAX)
}
