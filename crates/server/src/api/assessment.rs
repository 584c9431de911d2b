//! The agency's month: the register of employers, declarations at the counter, the lines of a filing, and runs over the region.

use super::{
    auth::SignedIn,
    problem::{ApiResult, Body},
    verify::file_of,
};
use crate::app::App;
use agency::{
    assessment::run::{self, EmployerPage, Run, RunPage},
    declaration::{self, CounterDeclaration, CounterLine, MonthLines},
    employers::{self, RollPage, UnitDetail, UnitPage},
};
use axum::{
    Json,
    extract::{Multipart, Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use control::{
    clock,
    identity::Permission,
    review::{self, CaseDetail},
};
use serde::{Deserialize, Serialize};
use standard::Month;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The largest file of declaration lines.
const FILE_MAX: usize = 10 << 20;

/// Which part of a list.
#[derive(Deserialize, IntoParams)]
pub struct Part {
    /// Part of a name, a number or a credit code.
    pub query: Option<String>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

impl Part {
    fn limit(&self) -> i64 {
        self.limit.unwrap_or(50)
    }
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
pub struct LineFilter {
    /// Only lines with findings.
    #[serde(default)]
    pub findings: bool,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

/// A run to be started.
#[derive(Deserialize, ToSchema)]
pub struct StartRun {
    /// 费款所属期.
    pub month: Month,
}

/// The lines read from a file.
#[derive(Serialize, ToSchema)]
pub struct DeclarationFile {
    /// As they stand in the file; nothing is stored yet.
    pub lines: Vec<CounterLine>,
}

/// The register of employers
#[utoipa::path(get, path = "/agency/units", tag = "assessment", operation_id = "list_units", params(Part), responses((status = 200, body = UnitPage)))]
pub async fn units(State(app): State<App>, SignedIn(actor): SignedIn, Query(part): Query<Part>) -> ApiResult<Json<UnitPage>> {
    let page = employers::list(&actor, &app.db, part.query.as_deref(), part.cursor.as_deref(), part.limit()).await?;
    Ok(Json(page))
}

/// One employer and its months
#[utoipa::path(get, path = "/agency/units/{id}", tag = "assessment", operation_id = "get_unit", params(("id" = Uuid, Path)), responses((status = 200, body = UnitDetail)))]
pub async fn unit(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<UnitDetail>> {
    Ok(Json(employers::one(&actor, &app.db, id).await?))
}

/// Who is insured by an employer, and since when
#[utoipa::path(get, path = "/agency/units/{id}/roll", tag = "assessment", operation_id = "unit_roll", params(("id" = Uuid, Path), Part), responses((status = 200, body = RollPage)))]
pub async fn roll(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(part): Query<Part>,
) -> ApiResult<Json<RollPage>> {
    let page = employers::roll(&actor, &app.db, id, part.query.as_deref(), part.cursor.as_deref(), part.limit()).await?;
    Ok(Json(page))
}

/// The lines of a declaration, stop or adjustment, findings first
#[utoipa::path(get, path = "/cases/{id}/lines", tag = "assessment", operation_id = "case_lines", params(("id" = Uuid, Path), LineFilter),
    responses((status = 200, body = MonthLines), (status = 404, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn lines(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(filter): Query<LineFilter>,
) -> ApiResult<Json<MonthLines>> {
    let (cursor, limit) = (filter.cursor.as_deref(), filter.limit.unwrap_or(50));
    let lines = agency::desk::lines(&actor, &app.db, app.book, id, filter.findings, cursor, limit).await?;
    Ok(Json(lines))
}

/// Begin a declaration at the counter as a draft
#[utoipa::path(post, path = "/agency/declarations", tag = "assessment", operation_id = "draft_declaration", request_body = CounterDeclaration, responses((status = 201, body = CaseDetail)))]
pub async fn declare(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(typed): Body<CounterDeclaration>,
) -> ApiResult<(StatusCode, Json<CaseDetail>)> {
    actor.require(Permission::CaseMake)?;
    let mut tx = app.db.begin().await?;
    let new = declaration::new_case(&actor, &mut tx, app.book, &typed).await?;
    let case = review::draft(&actor, &mut tx, &app.registry, new).await?;
    tx.commit().await?;
    let detail = review::detail(&actor, &app.db, &app.registry, case.id).await?;
    Ok((StatusCode::CREATED, Json(detail)))
}

/// Read the lines of a declaration from a file; nothing is stored
#[utoipa::path(post, path = "/agency/declarations/file", tag = "assessment", operation_id = "read_declaration_file", request_body(content = String, content_type = "multipart/form-data"),
    responses((status = 200, body = DeclarationFile), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn read_file(SignedIn(actor): SignedIn, form: Multipart) -> ApiResult<Json<DeclarationFile>> {
    actor.require(Permission::CaseMake)?;
    let (_, bytes) = file_of(form, FILE_MAX).await?;
    let lines = tokio::task::spawn_blocking(move || declaration::from_file(&bytes))
        .await
        .map_err(|error| standard::Refusal::internal(format!("reading a file: {error}")))??;
    Ok(Json(DeclarationFile { lines }))
}

/// An empty file to fill in
#[utoipa::path(get, path = "/agency/declarations/template.csv", tag = "assessment", operation_id = "declaration_template", responses((status = 200, content_type = "text/csv")))]
pub async fn template(SignedIn(actor): SignedIn) -> ApiResult<impl IntoResponse> {
    actor.require(Permission::CaseMake)?;
    let heads = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"declaration.csv\""),
        ),
    ];
    Ok((heads, declaration::template()))
}

/// Runs over the region, newest first
#[utoipa::path(get, path = "/agency/assessment-runs", tag = "assessment", operation_id = "list_assessment_runs", params(Part), responses((status = 200, body = RunPage)))]
pub async fn runs(State(app): State<App>, SignedIn(actor): SignedIn, Query(part): Query<Part>) -> ApiResult<Json<RunPage>> {
    Ok(Json(run::list(&actor, &app.db, part.cursor.as_deref(), part.limit()).await?))
}

/// Assess the whole region for a month; goes on in the background
#[utoipa::path(post, path = "/agency/assessment-runs", tag = "assessment", operation_id = "start_assessment_run", request_body = StartRun, responses((status = 202, body = Run)))]
pub async fn start_run(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(start): Body<StartRun>,
) -> ApiResult<(StatusCode, Json<Run>)> {
    let mut tx = app.db.begin().await?;
    let run = run::start(&actor, &mut tx, app.book, start.month, clock::today()).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(run)))
}

/// A run's progress
#[utoipa::path(get, path = "/agency/assessment-runs/{id}", tag = "assessment", operation_id = "get_assessment_run", params(("id" = Uuid, Path)), responses((status = 200, body = Run)))]
pub async fn one_run(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<Run>> {
    Ok(Json(run::get(&actor, &app.db, id).await?))
}

/// Stop a run; what it assessed stays
#[utoipa::path(post, path = "/agency/assessment-runs/{id}/cancel", tag = "assessment", operation_id = "cancel_assessment_run", params(("id" = Uuid, Path)), responses((status = 200, body = Run)))]
pub async fn cancel_run(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<Run>> {
    let mut tx = app.db.begin().await?;
    let run = run::cancel(&actor, &mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(run))
}

/// The employers a run assessed because they declared nothing
#[utoipa::path(get, path = "/agency/assessment-runs/{id}/employers", tag = "assessment", operation_id = "assessment_run_employers", params(("id" = Uuid, Path), Part), responses((status = 200, body = EmployerPage)))]
pub async fn run_employers(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(part): Query<Part>,
) -> ApiResult<Json<EmployerPage>> {
    let page = run::employers(&actor, &app.db, id, part.cursor.as_deref(), part.limit()).await?;
    Ok(Json(page))
}
