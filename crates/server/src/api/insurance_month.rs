//! The employer's insurance month: the board, tasks, stops, bases, declarations, and recalculations of past months.

use super::{
    auth::SignedIn,
    problem::{ApiResult, Body},
};
use crate::app::App;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::IntoResponse,
};
use control::clock;
use employer::insurance::{
    base::adjust::{self, AdjustmentChoice, AdjustmentPreview, HandBase},
    base::store::BaseView,
    declaration::{self, DeclarationDetail, DeclarationView},
    export::{self, ExportFile, Source},
    month::{self, MonthBoard, SeenMonth},
    retro::{self, AdjustmentLineView, AdjustmentView, RetroDetail, RetroView, StartRetro},
    stop::{self, LineEdit, StopView},
    tasks::{self, SweepView, TaskBoard, TaskKind},
};
use serde::Deserialize;
use standard::{Month, RegionCode};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A workbook to download; the name may hold Chinese.
pub(super) fn workbook(file: ExportFile) -> impl IntoResponse {
    let encoded: String = file.name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let name = format!("attachment; filename=\"export.xlsx\"; filename*=UTF-8''{encoded}.xlsx");
    let kind = HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    let disposition = HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment"));
    (
        [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)],
        file.bytes,
    )
}

/// Which page.
#[derive(Deserialize, IntoParams)]
pub struct PageOf {
    /// Where the last page ended.
    pub cursor: Option<i64>,
    /// At most this many, 100 by default.
    pub limit: Option<i64>,
}

impl PageOf {
    fn bounds(&self) -> (i64, i64) {
        (self.cursor.unwrap_or(0), self.limit.unwrap_or(100))
    }
}

/// The months with a declaration or a bill, newest first
#[utoipa::path(get, path = "/insurance-months", tag = "insurance month", operation_id = "list_insurance_months", responses((status = 200, body = Vec<SeenMonth>)))]
pub async fn months(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<SeenMonth>>> {
    Ok(Json(month::seen(&actor, &app.db).await?))
}

/// Where every region's month stands, step by step
#[utoipa::path(get, path = "/insurance-months/{month}", tag = "insurance month", params(("month" = String, Path)), responses((status = 200, body = MonthBoard)))]
pub async fn board(State(app): State<App>, SignedIn(actor): SignedIn, Path(month): Path<Month>) -> ApiResult<Json<MonthBoard>> {
    Ok(Json(month::board(&actor, &app.db, app.book, month).await?))
}

/// Which tasks.
#[derive(Deserialize, IntoParams)]
pub struct TaskFilter {
    /// Only of this kind.
    pub kind: Option<TaskKind>,
    /// At most this many, 200 by default.
    pub limit: Option<i64>,
}

/// Open tasks, soonest first, and the last clean-ups
#[utoipa::path(get, path = "/insurance-tasks", tag = "insurance month", operation_id = "list_insurance_tasks", params(TaskFilter), responses((status = 200, body = TaskBoard)))]
pub async fn task_board(State(app): State<App>, SignedIn(actor): SignedIn, Query(filter): Query<TaskFilter>) -> ApiResult<Json<TaskBoard>> {
    Ok(Json(tasks::board(&actor, &app.db, filter.kind, filter.limit.unwrap_or(200)).await?))
}

/// Look over the whole roll now
#[utoipa::path(post, path = "/insurance-tasks/sweep", tag = "insurance month", operation_id = "sweep_insurance", responses((status = 200, body = SweepView)))]
pub async fn sweep(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<SweepView>> {
    Ok(Json(tasks::run(&actor, &app.db, app.book, clock::today()).await?))
}

/// Stop applications, those still with us first
#[utoipa::path(get, path = "/stops", tag = "insurance month", operation_id = "list_stops", responses((status = 200, body = Vec<StopView>)))]
pub async fn stops(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<StopView>>> {
    Ok(Json(stop::list(&actor, &app.db).await?))
}

/// Put every leaver still insured into an application a region
#[utoipa::path(post, path = "/stops", tag = "insurance month", operation_id = "prepare_stops", responses((status = 200, body = Vec<StopView>)))]
pub async fn prepare_stops(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<StopView>>> {
    Ok(Json(stop::prepare(&actor, &app.db, clock::today()).await?))
}

/// One stop application
#[utoipa::path(get, path = "/stops/{id}", tag = "insurance month", operation_id = "get_stop", params(("id" = Uuid, Path)), responses((status = 200, body = StopView)))]
pub async fn stop_detail(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<StopView>> {
    Ok(Json(stop::get(&actor, &app.db, id).await?))
}

/// Corrections of lines.
#[derive(Deserialize, ToSchema)]
pub struct StopEdit {
    /// Which lines, and what changes.
    pub lines: Vec<LineEdit>,
}

/// Correct a stop application
#[utoipa::path(patch, path = "/stops/{id}", tag = "insurance month", operation_id = "edit_stop", params(("id" = Uuid, Path)), request_body = StopEdit, responses((status = 200, body = StopView)))]
pub async fn edit_stop(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(edit): Body<StopEdit>,
) -> ApiResult<Json<StopView>> {
    Ok(Json(stop::edit(&actor, &app.db, id, &edit.lines).await?))
}

/// File a stop application
#[utoipa::path(post, path = "/stops/{id}/file", tag = "insurance month", operation_id = "file_stop", params(("id" = Uuid, Path)), responses((status = 200, body = StopView)))]
pub async fn file_stop(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<StopView>> {
    Ok(Json(stop::file(&actor, &app.db, id).await?))
}

/// The leavers as the region's own file
#[utoipa::path(get, path = "/stops/{id}/export.xlsx", tag = "insurance month", operation_id = "export_stop", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn export_stop(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<impl IntoResponse> {
    Ok(workbook(export::export(&actor, &app.db, &Source::Stop(id)).await?))
}

/// Where.
#[derive(Deserialize, IntoParams)]
pub struct OfRegion {
    /// 行政区划代码.
    pub region: RegionCode,
}

/// Joiners not enrolled yet, as the region's own file
#[utoipa::path(get, path = "/insurance-exports/joiners.xlsx", tag = "insurance month", operation_id = "export_joiners", params(OfRegion), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn export_joiners(State(app): State<App>, SignedIn(actor): SignedIn, Query(of): Query<OfRegion>) -> ApiResult<impl IntoResponse> {
    Ok(workbook(export::export(&actor, &app.db, &Source::Joiners(of.region)).await?))
}

/// Which adjustment.
#[derive(Deserialize, IntoParams)]
pub struct AdjustmentOf {
    /// 行政区划代码.
    pub region: RegionCode,
    /// The contribution year.
    pub year: i32,
}

/// A region's yearly bases, before they are accepted
#[utoipa::path(get, path = "/bases/adjustments", tag = "insurance month", operation_id = "preview_bases", params(AdjustmentOf), responses((status = 200, body = AdjustmentPreview)))]
pub async fn preview_bases(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(of): Query<AdjustmentOf>,
) -> ApiResult<Json<AdjustmentPreview>> {
    let AdjustmentOf { region, year } = of;
    Ok(Json(
        adjust::preview(&actor, &app.db, app.book, AdjustmentChoice { region, year }).await?,
    ))
}

/// Accept a region's yearly bases
#[utoipa::path(post, path = "/bases/adjustments", tag = "insurance month", operation_id = "accept_bases", request_body = AdjustmentChoice, responses((status = 200, body = AdjustmentPreview)))]
pub async fn accept_bases(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(choice): Body<AdjustmentChoice>,
) -> ApiResult<Json<AdjustmentPreview>> {
    Ok(Json(adjust::accept(&actor, &app.db, app.book, choice).await?))
}

/// Set one employee's base by hand
#[utoipa::path(post, path = "/bases", tag = "insurance month", operation_id = "set_base", request_body = HandBase, responses((status = 200, body = Vec<BaseView>)))]
pub async fn set_base(State(app): State<App>, SignedIn(actor): SignedIn, Body(input): Body<HandBase>) -> ApiResult<Json<Vec<BaseView>>> {
    Ok(Json(adjust::set_by_hand(&actor, &app.db, app.book, input).await?))
}

/// Every base an employee ever had
#[utoipa::path(get, path = "/employees/{id}/bases", tag = "insurance month", operation_id = "list_bases", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<BaseView>)))]
pub async fn bases(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<Vec<BaseView>>> {
    Ok(Json(adjust::history(&actor, &app.db, id).await?))
}

/// Which declarations.
#[derive(Deserialize, IntoParams)]
pub struct DeclarationFilter {
    /// 费款所属期.
    pub month: Option<Month>,
    /// 行政区划代码.
    pub region: Option<RegionCode>,
}

/// Declarations, newest month first
#[utoipa::path(get, path = "/declarations", tag = "insurance month", operation_id = "list_declarations", params(DeclarationFilter), responses((status = 200, body = Vec<DeclarationView>)))]
pub async fn declarations(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(filter): Query<DeclarationFilter>,
) -> ApiResult<Json<Vec<DeclarationView>>> {
    Ok(Json(declaration::list(&actor, &app.db, filter.month, filter.region).await?))
}

/// Whose month.
#[derive(Deserialize, ToSchema)]
pub struct PrepareDeclaration {
    /// 行政区划代码.
    pub region: RegionCode,
    /// 费款所属期.
    pub month: Month,
}

/// Prepare a region's declaration of whoever is not declared yet
#[utoipa::path(post, path = "/declarations", tag = "insurance month", operation_id = "prepare_declaration", request_body = PrepareDeclaration, responses((status = 200, body = Vec<DeclarationView>)))]
pub async fn prepare_declaration(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(input): Body<PrepareDeclaration>,
) -> ApiResult<Json<Vec<DeclarationView>>> {
    Ok(Json(
        declaration::prepare(&actor, &app.db, app.book, input.region, input.month).await?,
    ))
}

/// A declaration with its people, those with findings first
#[utoipa::path(get, path = "/declarations/{id}", tag = "insurance month", operation_id = "get_declaration", params(("id" = Uuid, Path), PageOf), responses((status = 200, body = DeclarationDetail)))]
pub async fn declaration_detail(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(page): Query<PageOf>,
) -> ApiResult<Json<DeclarationDetail>> {
    let (cursor, limit) = page.bounds();
    Ok(Json(declaration::get(&actor, &app.db, id, cursor, limit).await?))
}

/// File a declaration, with all its parts
#[utoipa::path(post, path = "/declarations/{id}/file", tag = "insurance month", operation_id = "file_declaration", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<DeclarationView>)))]
pub async fn file_declaration(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
) -> ApiResult<Json<Vec<DeclarationView>>> {
    Ok(Json(declaration::file(&actor, &app.db, id).await?))
}

/// The people of a declaration with their wages, as a workbook
#[utoipa::path(get, path = "/declarations/{id}/export.xlsx", tag = "insurance month", operation_id = "export_declaration", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn export_declaration(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<impl IntoResponse> {
    Ok(workbook(export::export(&actor, &app.db, &Source::Declaration(id)).await?))
}

/// Recalculations of past months, newest first
#[utoipa::path(get, path = "/recalculations", tag = "insurance month", operation_id = "list_recalculations", responses((status = 200, body = Vec<RetroView>)))]
pub async fn retros(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<RetroView>>> {
    Ok(Json(retro::list(&actor, &app.db).await?))
}

/// Compute past months again by the law in force now
#[utoipa::path(post, path = "/recalculations", tag = "insurance month", operation_id = "start_recalculation", request_body = StartRetro, responses((status = 200, body = RetroView)))]
pub async fn start_retro(State(app): State<App>, SignedIn(actor): SignedIn, Body(input): Body<StartRetro>) -> ApiResult<Json<RetroView>> {
    Ok(Json(retro::start(&actor, &app.db, app.book, input).await?))
}

/// A recalculation: who comes out otherwise, by month and insurance
#[utoipa::path(get, path = "/recalculations/{id}", tag = "insurance month", operation_id = "get_recalculation", params(("id" = Uuid, Path), PageOf), responses((status = 200, body = RetroDetail)))]
pub async fn retro_detail(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(page): Query<PageOf>,
) -> ApiResult<Json<RetroDetail>> {
    let (cursor, limit) = page.bounds();
    Ok(Json(retro::get(&actor, &app.db, id, cursor, limit).await?))
}

/// Stop a recalculation
#[utoipa::path(post, path = "/recalculations/{id}/cancel", tag = "insurance month", operation_id = "cancel_recalculation", params(("id" = Uuid, Path)), responses((status = 200, body = RetroView)))]
pub async fn cancel_retro(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<RetroView>> {
    Ok(Json(retro::cancel(&actor, &app.db, id).await?))
}

/// What the reviewer is to read.
#[derive(Deserialize, ToSchema)]
pub struct Proposal {
    /// In HR's words; made from the months when empty.
    #[serde(default)]
    pub note: String,
}

/// Make back-payment and refund applications of a recalculation
#[utoipa::path(post, path = "/recalculations/{id}/propose", tag = "insurance month", operation_id = "propose_adjustments", params(("id" = Uuid, Path)), request_body = Proposal, responses((status = 200, body = Vec<AdjustmentView>)))]
pub async fn propose(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(input): Body<Proposal>,
) -> ApiResult<Json<Vec<AdjustmentView>>> {
    Ok(Json(retro::propose(&actor, &app.db, id, &input.note).await?))
}

/// The lines of a back-payment or refund application
#[utoipa::path(get, path = "/adjustments/{id}/lines", tag = "insurance month", operation_id = "list_adjustment_lines", params(("id" = Uuid, Path), PageOf), responses((status = 200, body = Vec<AdjustmentLineView>)))]
pub async fn adjustment_lines(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(page): Query<PageOf>,
) -> ApiResult<Json<Vec<AdjustmentLineView>>> {
    let (cursor, limit) = page.bounds();
    Ok(Json(retro::adjustment::lines(&actor, &app.db, id, cursor, limit).await?))
}

/// File a back-payment or refund application
#[utoipa::path(post, path = "/adjustments/{id}/file", tag = "insurance month", operation_id = "file_adjustment", params(("id" = Uuid, Path)), responses((status = 200, body = AdjustmentView)))]
pub async fn file_adjustment(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<AdjustmentView>> {
    Ok(Json(retro::file(&actor, &app.db, id).await?))
}
