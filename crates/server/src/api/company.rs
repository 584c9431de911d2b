//! The unit: its settings, departments, industry templates, saved views, and changes of many employees.

use super::{
    auth::SignedIn,
    employees::Which,
    problem::{ApiResult, Body},
    verify::file_of,
};
use crate::app::App;
use axum::{
    Json,
    extract::{Multipart, Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use control::{clock, identity::Permission};
use employer::{
    insurance::roster,
    people::{
        bulk::{self, BulkChange, BulkOutcome},
        department::{self, Department},
        industry::{self, Industry},
        saved_view::{self, NewView, SavedView},
        settings::{self, CompanyEdit, CompanyFile},
        sheet::{self, ImportOutcome},
    },
};
use serde::Deserialize;
use standard::Month;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const SHEET: HeaderValue = HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

fn workbook(bytes: Vec<u8>, name: &'static str) -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, SHEET),
            (header::CONTENT_DISPOSITION, HeaderValue::from_static(name)),
        ],
        bytes,
    )
}

/// The unit and its settings
#[utoipa::path(get, path = "/company", tag = "people", operation_id = "get_company", responses((status = 200, body = CompanyFile)))]
pub async fn get(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<CompanyFile>> {
    Ok(Json(settings::get(&actor, &app.db).await?))
}

/// Change the unit's settings
#[utoipa::path(patch, path = "/company", tag = "people", operation_id = "edit_company", request_body = CompanyEdit, responses((status = 200, body = CompanyFile)))]
pub async fn edit(State(app): State<App>, SignedIn(actor): SignedIn, Body(edit): Body<CompanyEdit>) -> ApiResult<Json<CompanyFile>> {
    let month = Month::of(clock::today());
    Ok(Json(settings::edit(&actor, &app.db, app.book, edit, month).await?))
}

/// The industry templates
#[utoipa::path(get, path = "/industries", tag = "people", operation_id = "list_industries", responses((status = 200, body = Vec<Industry>)))]
pub async fn industries(SignedIn(actor): SignedIn) -> ApiResult<Json<&'static [Industry]>> {
    actor.require(Permission::EmployeeView)?;
    Ok(Json(industry::all()))
}

/// The departments, by path
#[utoipa::path(get, path = "/departments", tag = "people", operation_id = "list_departments", responses((status = 200, body = Vec<Department>)))]
pub async fn departments(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<Department>>> {
    Ok(Json(department::all(&actor, &app.db).await?))
}

/// A department by its path.
#[derive(Deserialize, ToSchema)]
pub struct DepartmentPath {
    /// The names from the top, parted by `/`.
    pub path: String,
}

/// A department's new path.
#[derive(Deserialize, ToSchema)]
pub struct DepartmentMove {
    /// As it is.
    pub from: String,
    /// As it shall be.
    pub to: String,
}

/// Add a department
#[utoipa::path(post, path = "/departments", tag = "people", operation_id = "add_department", request_body = DepartmentPath, responses((status = 200, body = Vec<Department>)))]
pub async fn add_department(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(new): Body<DepartmentPath>,
) -> ApiResult<Json<Vec<Department>>> {
    department::add(&actor, &app.db, &new.path).await?;
    Ok(Json(department::all(&actor, &app.db).await?))
}

/// Rename or move a department with everyone in it
#[utoipa::path(patch, path = "/departments", tag = "people", operation_id = "rename_department", request_body = DepartmentMove, responses((status = 200, body = Vec<Department>)))]
pub async fn rename_department(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(to): Body<DepartmentMove>,
) -> ApiResult<Json<Vec<Department>>> {
    department::rename(&actor, &app.db, &to.from, &to.to).await?;
    Ok(Json(department::all(&actor, &app.db).await?))
}

/// Remove a department nobody is in
#[utoipa::path(post, path = "/departments/remove", tag = "people", operation_id = "remove_department", request_body = DepartmentPath, responses((status = 200, body = Vec<Department>), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn remove_department(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(which): Body<DepartmentPath>,
) -> ApiResult<Json<Vec<Department>>> {
    department::remove(&actor, &app.db, &which.path).await?;
    Ok(Json(department::all(&actor, &app.db).await?))
}

/// Which list.
#[derive(Deserialize, IntoParams)]
pub struct ViewsOf {
    /// `employees`.
    pub page: Option<String>,
}

/// The reader's saved views of a list
#[utoipa::path(get, path = "/views", tag = "people", operation_id = "list_views", params(ViewsOf), responses((status = 200, body = Vec<SavedView>)))]
pub async fn views(State(app): State<App>, SignedIn(actor): SignedIn, Query(of): Query<ViewsOf>) -> ApiResult<Json<Vec<SavedView>>> {
    Ok(Json(
        saved_view::list(&actor, &app.db, of.page.as_deref().unwrap_or("employees")).await?,
    ))
}

/// Save a view; one of the same name is replaced
#[utoipa::path(post, path = "/views", tag = "people", operation_id = "save_view", request_body = NewView, responses((status = 200, body = Vec<SavedView>)))]
pub async fn save_view(State(app): State<App>, SignedIn(actor): SignedIn, Body(new): Body<NewView>) -> ApiResult<Json<Vec<SavedView>>> {
    Ok(Json(saved_view::save(&actor, &app.db, new).await?))
}

/// Forget a view
#[utoipa::path(delete, path = "/views/{id}", tag = "people", operation_id = "remove_view", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn remove_view(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<StatusCode> {
    saved_view::remove(&actor, &app.db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// See what a change of many employees would do
#[utoipa::path(post, path = "/employee-changes/preview", tag = "people", operation_id = "preview_bulk_change", request_body = BulkChange, responses((status = 200, body = BulkOutcome)))]
pub async fn preview_change(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(change): Body<BulkChange>,
) -> ApiResult<Json<BulkOutcome>> {
    Ok(Json(bulk::change_many(&actor, &app.db, change, false).await?))
}

/// Change many employees; rows that cannot be are refused, the others written
#[utoipa::path(post, path = "/employee-changes", tag = "people", operation_id = "bulk_change", request_body = BulkChange, responses((status = 200, body = BulkOutcome)))]
pub async fn change(State(app): State<App>, SignedIn(actor): SignedIn, Body(change): Body<BulkChange>) -> ApiResult<Json<BulkOutcome>> {
    Ok(Json(bulk::change_many(&actor, &app.db, change, true).await?))
}

/// Whether the file is only weighed.
#[derive(Deserialize, IntoParams)]
pub struct Import {
    /// True writes the rows that fit.
    pub apply: Option<bool>,
}

/// Import changes from a sheet (.xlsx or .csv): weighed row by row, written when asked to
#[utoipa::path(post, path = "/employee-changes/import", tag = "people", operation_id = "import_changes", params(Import), request_body(content = String, content_type = "multipart/form-data"), responses((status = 200, body = ImportOutcome), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn import(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(how): Query<Import>,
    form: Multipart,
) -> ApiResult<Json<ImportOutcome>> {
    actor.require(Permission::EmployeeEdit)?;
    let (_, bytes) = file_of(form, roster::MAX_BYTES).await?;
    Ok(Json(sheet::import(&actor, &app.db, &bytes, how.apply.unwrap_or(false)).await?))
}

/// The refused rows of such a sheet, with the error beside the cell
#[utoipa::path(post, path = "/employee-changes/errors.xlsx", tag = "people", operation_id = "import_errors", request_body(content = String, content_type = "multipart/form-data"), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn import_errors(State(app): State<App>, SignedIn(actor): SignedIn, form: Multipart) -> ApiResult<impl IntoResponse> {
    actor.require(Permission::EmployeeEdit)?;
    let (_, bytes) = file_of(form, roster::MAX_BYTES).await?;
    let book = sheet::import_errors(&actor, &app.db, &bytes).await?;
    Ok(workbook(book, "attachment; filename=\"errors.xlsx\""))
}

/// What goes into the sheet.
#[derive(Deserialize, IntoParams)]
pub struct Exported {
    /// Keys of the columns, parted by commas; all when absent.
    pub columns: Option<String>,
    /// Why full numbers are needed; without it they are masked. Written to the audit log.
    pub purpose: Option<String>,
}

/// Export employees to Excel
#[utoipa::path(get, path = "/employees.xlsx", tag = "people", operation_id = "export_employees", params(Which, Exported), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn export(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(which): Query<Which>,
    Query(exported): Query<Exported>,
) -> ApiResult<impl IntoResponse> {
    actor.require(Permission::DataExport)?;
    let filter = which.wanted()?.filter(&app.db, clock::today())?;
    let columns: Vec<String> = exported
        .columns
        .iter()
        .flat_map(|keys| keys.split(','))
        .filter(|key| !key.is_empty())
        .map(String::from)
        .collect();
    let book = sheet::export(&actor, &app.db, filter, &columns, exported.purpose.as_deref()).await?;
    Ok(workbook(book, "attachment; filename=\"employees.xlsx\""))
}
