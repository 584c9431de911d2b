//! One employee's file: contracts, wages, places, account, deductions, documents, leaving and coming back.

use super::{
    auth::SignedIn,
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
use control::identity::Permission;
use employer::people::{
    bank::{self, NewAccount},
    claim::{self, NewClaim},
    contract::{self, Expiring, NewContract},
    document::{self, EmployeeDocument},
    duplicate::{self, DuplicatePair, KeptApart, MergeView, NewMerge},
    file::{self, EmployeeFile},
    leave::{self, Leave, Return},
    login::{self, NewLogin},
    terms::{self, PlaceChange, TermsEdit, WageChange},
};
use serde::{Deserialize, Serialize};
use standard::{Date, Finding, Month};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

async fn fresh(app: &App, actor: &control::identity::Actor, id: Uuid) -> ApiResult<Json<EmployeeFile>> {
    Ok(Json(file::get(actor, &app.db, app.book, id).await?))
}

/// An employee's file
#[utoipa::path(get, path = "/employees/{id}/file", tag = "people", operation_id = "get_employee_file", params(("id" = Uuid, Path)), responses((status = 200, body = EmployeeFile)))]
pub async fn detail(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<EmployeeFile>> {
    fresh(&app, &actor, id).await
}

/// Set the wage from a day on, or withdraw the step of a day
#[utoipa::path(post, path = "/employees/{id}/wages", tag = "people", operation_id = "set_wage", params(("id" = Uuid, Path)), request_body = WageChange, responses((status = 200, body = EmployeeFile), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn set_wage(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(change): Body<WageChange>,
) -> ApiResult<Json<EmployeeFile>> {
    let reason = change.reason.as_deref();
    match change.monthly_fen {
        Some(monthly) => terms::set_wage(&actor, &app.db, id, change.from, monthly, reason).await?,
        None => terms::withdraw_wage(&actor, &app.db, id, change.from, reason).await?,
    }
    fresh(&app, &actor, id).await
}

/// Move an employee to another department, position or city from a day on
#[utoipa::path(post, path = "/employees/{id}/positions", tag = "people", operation_id = "move_employee", params(("id" = Uuid, Path)), request_body = PlaceChange, responses((status = 200, body = EmployeeFile)))]
pub async fn place(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(change): Body<PlaceChange>,
) -> ApiResult<Json<EmployeeFile>> {
    terms::transfer_position(&actor, &app.db, id, change).await?;
    fresh(&app, &actor, id).await
}

/// Change the terms of insurance, housing fund and tax, and the industry's fields
#[utoipa::path(patch, path = "/employees/{id}/terms", tag = "people", operation_id = "edit_terms", params(("id" = Uuid, Path)), request_body = TermsEdit, responses((status = 200, body = EmployeeFile)))]
pub async fn edit_terms(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(edit): Body<TermsEdit>,
) -> ApiResult<Json<EmployeeFile>> {
    terms::edit_terms(&actor, &app.db, id, edit).await?;
    fresh(&app, &actor, id).await
}

/// What came of entering a contract.
#[derive(Serialize, ToSchema)]
pub struct ContractEntered {
    /// The file with it.
    pub file: EmployeeFile,
    /// What the law warns of.
    pub findings: Vec<Finding>,
}

/// Enter a contract, or the renewal of one
#[utoipa::path(post, path = "/employees/{id}/contracts", tag = "people", operation_id = "add_contract", params(("id" = Uuid, Path)), request_body = NewContract, responses((status = 200, body = ContractEntered)))]
pub async fn add_contract(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(new): Body<NewContract>,
) -> ApiResult<Json<ContractEntered>> {
    let findings = contract::add(&actor, &app.db, id, new).await?;
    let file = file::get(&actor, &app.db, app.book, id).await?;
    Ok(Json(ContractEntered { file, findings }))
}

/// The day a contract ends.
#[derive(Deserialize, ToSchema)]
pub struct ContractEnd {
    /// 终止日期.
    #[schema(value_type = String, format = Date)]
    pub ended_on: Date,
}

/// End a contract early
#[utoipa::path(post, path = "/employees/{id}/contracts/{document}/end", tag = "people", operation_id = "end_contract", params(("id" = Uuid, Path), ("document" = Uuid, Path)), request_body = ContractEnd, responses((status = 200, body = EmployeeFile)))]
pub async fn end_contract(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, contract_id)): Path<(Uuid, Uuid)>,
    Body(end): Body<ContractEnd>,
) -> ApiResult<Json<EmployeeFile>> {
    contract::end(&actor, &app.db, id, contract_id, end.ended_on).await?;
    fresh(&app, &actor, id).await
}

/// How far ahead.
#[derive(Deserialize, IntoParams)]
pub struct Ahead {
    /// Days, 60 by default.
    pub days: Option<i64>,
}

/// Contracts and probations about to end, soonest first
#[utoipa::path(get, path = "/contracts/expiring", tag = "people", operation_id = "expiring_contracts", params(Ahead), responses((status = 200, body = Vec<Expiring>)))]
pub async fn expiring(State(app): State<App>, SignedIn(actor): SignedIn, Query(ahead): Query<Ahead>) -> ApiResult<Json<Vec<Expiring>>> {
    let today = control::clock::today();
    Ok(Json(contract::expiring(&actor, &app.db, today, ahead.days.unwrap_or(60)).await?))
}

/// Set the account wages are paid to
#[utoipa::path(post, path = "/employees/{id}/bank-account", tag = "people", operation_id = "set_bank_account", params(("id" = Uuid, Path)), request_body = NewAccount, responses((status = 200, body = EmployeeFile)))]
pub async fn set_account(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(new): Body<NewAccount>,
) -> ApiResult<Json<EmployeeFile>> {
    bank::set(&actor, &app.db, id, new).await?;
    fresh(&app, &actor, id).await
}

/// Enter a deduction from income tax
#[utoipa::path(post, path = "/employees/{id}/deductions", tag = "people", operation_id = "add_deduction", params(("id" = Uuid, Path)), request_body = NewClaim, responses((status = 200, body = EmployeeFile)))]
pub async fn add_claim(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(new): Body<NewClaim>,
) -> ApiResult<Json<EmployeeFile>> {
    claim::add(&actor, &app.db, app.book, id, new).await?;
    fresh(&app, &actor, id).await
}

/// The last month of a deduction.
#[derive(Deserialize, ToSchema)]
pub struct DeductionEnd {
    /// None: it was entered by mistake and never counts.
    #[serde(default)]
    pub to_month: Option<Month>,
}

/// End a deduction, or void it
#[utoipa::path(post, path = "/employees/{id}/deductions/{document}/end", tag = "people", operation_id = "end_deduction", params(("id" = Uuid, Path), ("document" = Uuid, Path)), request_body = DeductionEnd, responses((status = 200, body = EmployeeFile)))]
pub async fn end_claim(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, claim_id)): Path<(Uuid, Uuid)>,
    Body(end): Body<DeductionEnd>,
) -> ApiResult<Json<EmployeeFile>> {
    claim::end(&actor, &app.db, id, claim_id, end.to_month).await?;
    fresh(&app, &actor, id).await
}

/// What a file is.
#[derive(Deserialize, IntoParams)]
pub struct DocumentKind {
    /// `id_card`, `contract`, `diploma`…; `other` by default.
    pub kind: Option<String>,
}

/// Keep a file about an employee: PDF, PNG or JPEG, at most 10 MB
#[utoipa::path(post, path = "/employees/{id}/documents", tag = "people", operation_id = "add_document", params(("id" = Uuid, Path), DocumentKind), request_body(content = String, content_type = "multipart/form-data"), responses((status = 201, body = EmployeeDocument), (status = 413, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn add_document(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(kind): Query<DocumentKind>,
    form: Multipart,
) -> ApiResult<(StatusCode, Json<EmployeeDocument>)> {
    actor.require(Permission::EmployeeEdit)?;
    let (name, bytes) = file_of(form, document::BYTES_MAX).await?;
    let kind = kind.kind.as_deref().unwrap_or("other");
    let kept = document::add(&actor, &app.db, id, kind, &name, &bytes).await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// Read a file about an employee; written to the audit log
#[utoipa::path(get, path = "/employees/{id}/documents/{document}", tag = "people", operation_id = "read_document", params(("id" = Uuid, Path), ("document" = Uuid, Path)), responses((status = 200, content_type = "application/octet-stream")))]
pub async fn read_document(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, document_id)): Path<(Uuid, Uuid)>,
) -> ApiResult<impl IntoResponse> {
    let opened = document::open(&actor, &app.db, id, document_id).await?;
    let ending = match opened.media_type.as_str() {
        "application/pdf" => "pdf",
        "image/png" => "png",
        _ => "jpg",
    };
    // The name the person gave is on the page; a header carries plain letters only.
    let name = format!("attachment; filename=\"document.{ending}\"");
    let kind = HeaderValue::try_from(opened.media_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let place = HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment"));
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, place)], opened.content))
}

/// Take a file off the list
#[utoipa::path(delete, path = "/employees/{id}/documents/{document}", tag = "people", operation_id = "remove_document", params(("id" = Uuid, Path), ("document" = Uuid, Path)), responses((status = 204)))]
pub async fn remove_document(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, document_id)): Path<(Uuid, Uuid)>,
) -> ApiResult<StatusCode> {
    document::remove(&actor, &app.db, id, document_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enter a leaving
#[utoipa::path(post, path = "/employees/{id}/leave", tag = "people", operation_id = "leave_employee", params(("id" = Uuid, Path)), request_body = Leave, responses((status = 200, body = EmployeeFile), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn leave_unit(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(leaving): Body<Leave>,
) -> ApiResult<Json<EmployeeFile>> {
    leave::leave(&actor, &app.db, id, leaving).await?;
    fresh(&app, &actor, id).await
}

/// Take a leaving back
#[utoipa::path(post, path = "/employees/{id}/leave/revoke", tag = "people", operation_id = "revoke_leave", params(("id" = Uuid, Path)), responses((status = 200, body = EmployeeFile)))]
pub async fn revoke_leave(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<EmployeeFile>> {
    leave::revoke(&actor, &app.db, id).await?;
    fresh(&app, &actor, id).await
}

/// Hire a former employee again
#[utoipa::path(post, path = "/employees/{id}/rehire", tag = "people", operation_id = "rehire_employee", params(("id" = Uuid, Path)), request_body = Return, responses((status = 200, body = EmployeeFile)))]
pub async fn rehire(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(back): Body<Return>,
) -> ApiResult<Json<EmployeeFile>> {
    leave::rehire(&actor, &app.db, id, back).await?;
    fresh(&app, &actor, id).await
}

/// Create the employee's own login
#[utoipa::path(post, path = "/employees/{id}/login", tag = "people", operation_id = "create_employee_login", params(("id" = Uuid, Path)), request_body = NewLogin, responses((status = 200, body = EmployeeFile)))]
pub async fn create_login(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(new): Body<NewLogin>,
) -> ApiResult<Json<EmployeeFile>> {
    login::create(&actor, &app.db, id, &new.username, &new.password).await?;
    fresh(&app, &actor, id).await
}

/// Records that seem to be one person, side by side
#[utoipa::path(get, path = "/employee-duplicates", tag = "people", operation_id = "list_duplicates", responses((status = 200, body = Vec<DuplicatePair>)))]
pub async fn duplicates(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<DuplicatePair>>> {
    Ok(Json(duplicate::find(&actor, &app.db).await?))
}

/// Say that two records are two people; answers the pairs that are left
#[utoipa::path(post, path = "/employee-duplicates/distinct", tag = "people", operation_id = "keep_employees_apart", request_body = KeptApart, responses((status = 200, body = Vec<DuplicatePair>)))]
pub async fn keep_apart(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(pair): Body<KeptApart>,
) -> ApiResult<Json<Vec<DuplicatePair>>> {
    duplicate::keep_apart(&actor, &app.db, pair).await?;
    Ok(Json(duplicate::find(&actor, &app.db).await?))
}

/// Merges made, newest first
#[utoipa::path(get, path = "/employee-merges", tag = "people", operation_id = "list_merges", responses((status = 200, body = Vec<MergeView>)))]
pub async fn merges(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<MergeView>>> {
    Ok(Json(duplicate::merges(&actor, &app.db).await?))
}

/// Merge two records of one person
#[utoipa::path(post, path = "/employee-merges", tag = "people", operation_id = "merge_employees", request_body = NewMerge, responses((status = 200, body = Vec<MergeView>), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn merge(State(app): State<App>, SignedIn(actor): SignedIn, Body(new): Body<NewMerge>) -> ApiResult<Json<Vec<MergeView>>> {
    duplicate::merge(&actor, &app.db, new).await?;
    Ok(Json(duplicate::merges(&actor, &app.db).await?))
}

/// Take a merge back
#[utoipa::path(post, path = "/employee-merges/{id}/undo", tag = "people", operation_id = "undo_merge", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<MergeView>)))]
pub async fn undo_merge(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<Vec<MergeView>>> {
    duplicate::undo(&actor, &app.db, id).await?;
    Ok(Json(duplicate::merges(&actor, &app.db).await?))
}
