//! The agency's desk: home, person search, counter enrolment, and the books of a transfer.

use super::{
    auth::SignedIn,
    employees::{Reveal, Revealed},
    problem::{ApiResult, Body},
};
use crate::app::App;
use agency::desk::{Home, PersonDetail, PersonHit, Search, TransferDetail};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use control::{
    identity::Permission,
    review::{self, CaseDetail, Preview},
};
use serde::Deserialize;
use standard::{Finding, Refusal};
use utoipa::ToSchema;
use uuid::Uuid;

/// Counts per business and what is due
#[utoipa::path(get, path = "/agency/home", tag = "agency", operation_id = "agency_home", responses((status = 200, body = Home)))]
pub async fn home(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Home>> {
    Ok(Json(agency::desk::home(&actor, &app.db, &app.registry).await?))
}

/// Find insured persons by ID number or name; written to the access log
#[utoipa::path(post, path = "/agency/persons/search", tag = "agency", request_body = Search, responses((status = 200, body = Vec<PersonHit>)))]
pub async fn search(State(app): State<App>, SignedIn(actor): SignedIn, Body(search): Body<Search>) -> ApiResult<Json<Vec<PersonHit>>> {
    Ok(Json(agency::desk::search(&actor, &app.db, &search).await?))
}

/// One insured person: relations, history, account
#[utoipa::path(get, path = "/agency/persons/{id}", tag = "agency", params(("id" = Uuid, Path)), responses((status = 200, body = PersonDetail)))]
pub async fn person(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<PersonDetail>> {
    Ok(Json(agency::desk::person(&actor, &app.db, id).await?))
}

/// Reveal a masked field; written to the audit log
#[utoipa::path(post, path = "/agency/persons/{id}/reveal", tag = "agency", operation_id = "reveal_person", params(("id" = Uuid, Path)), request_body = Reveal, responses((status = 200, body = Revealed)))]
pub async fn reveal(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(why): Body<Reveal>,
) -> ApiResult<Json<Revealed>> {
    let field = why.field.as_deref().unwrap_or("id_number");
    let value = agency::desk::reveal(&actor, &app.db, id, field, why.purpose.as_deref().unwrap_or("screen")).await?;
    Ok(Json(Revealed { value }))
}

/// Check an enrolment while it is typed; nothing is stored
#[utoipa::path(post, path = "/agency/enrolments/check", tag = "agency", request_body = agency::enrolment::CounterForm, responses((status = 200, body = Vec<Finding>)))]
pub async fn check_enrolment(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(form): Body<serde_json::Value>,
) -> ApiResult<Json<Vec<Finding>>> {
    Ok(Json(agency::enrolment::check(&actor, &app.db, app.book, &form).await?))
}

/// Begin an enrolment at the counter as a draft
#[utoipa::path(post, path = "/agency/enrolments", tag = "agency", request_body = agency::enrolment::CounterForm, responses((status = 201, body = CaseDetail)))]
pub async fn draft_enrolment(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(form): Body<serde_json::Value>,
) -> ApiResult<(StatusCode, Json<CaseDetail>)> {
    actor.require(Permission::CaseMake)?;
    let new = agency::enrolment::new_case(&actor, form)?;
    let mut tx = app.db.begin().await?;
    let case = review::draft(&actor, &mut tx, &app.registry, new).await?;
    tx.commit().await?;
    Ok((
        StatusCode::CREATED,
        Json(review::detail(&actor, &app.db, &app.registry, case.id).await?),
    ))
}

/// A changed draft.
#[derive(Deserialize, ToSchema)]
pub struct DraftEdit {
    /// The version the change is based on.
    pub version: i64,
    /// The whole form.
    pub form: serde_json::Value,
}

/// Which version of a draft an act is about.
#[derive(Deserialize, ToSchema)]
pub struct DraftVersion {
    /// The version seen.
    pub version: i64,
}

/// Change a draft, or a case returned for correction
#[utoipa::path(put, path = "/cases/{id}/form", tag = "agency", params(("id" = Uuid, Path)), request_body = DraftEdit, responses((status = 200, body = CaseDetail)))]
pub async fn edit_draft(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(edit): Body<DraftEdit>,
) -> ApiResult<Json<CaseDetail>> {
    actor.require(Permission::CaseMake)?;
    let case = review::get(&actor, &app.db, id).await?;
    let mut tx = app.db.begin().await?;
    let new = if case.business == agency::declaration::DECLARATION {
        let typed = serde_json::from_value(edit.form)
            .map_err(|_| Refusal::invalid(Finding::blocking("form_unreadable", "申报内容无法读取", "The form cannot be read")))?;
        agency::declaration::new_case(&actor, &mut tx, app.book, &typed).await?
    } else {
        agency::enrolment::new_case(&actor, edit.form)?
    };
    review::edit(&actor, &mut tx, id, edit.version, new.subject, new.form).await?;
    tx.commit().await?;
    Ok(Json(review::detail(&actor, &app.db, &app.registry, id).await?))
}

/// What submitting would file and find
#[utoipa::path(get, path = "/cases/{id}/preview", tag = "agency", params(("id" = Uuid, Path)), responses((status = 200, body = Preview)))]
pub async fn preview_draft(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<Preview>> {
    let mut tx = app.db.begin().await?;
    // The transaction is dropped: a preview writes nothing.
    Ok(Json(review::preview(&actor, &mut tx, &app.registry, id).await?))
}

/// Submit a draft for review
#[utoipa::path(post, path = "/cases/{id}/submit", tag = "agency", params(("id" = Uuid, Path)), request_body = DraftVersion, responses((status = 200, body = CaseDetail)))]
pub async fn submit_draft(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(seen): Body<DraftVersion>,
) -> ApiResult<Json<CaseDetail>> {
    let mut tx = app.db.begin().await?;
    review::submit(&actor, &mut tx, &app.registry, id, seen.version).await?;
    tx.commit().await?;
    Ok(Json(review::detail(&actor, &app.db, &app.registry, id).await?))
}

/// Take one's own case back
#[utoipa::path(post, path = "/cases/{id}/withdraw", tag = "agency", params(("id" = Uuid, Path)), request_body = DraftVersion, responses((status = 200, body = CaseDetail)))]
pub async fn withdraw_draft(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(seen): Body<DraftVersion>,
) -> ApiResult<Json<CaseDetail>> {
    let mut tx = app.db.begin().await?;
    review::withdraw(&actor, &mut tx, &app.registry, id, seen.version, None).await?;
    tx.commit().await?;
    Ok(Json(review::detail(&actor, &app.db, &app.registry, id).await?))
}

/// The books of one transfer: parties, information form, ledger entries
#[utoipa::path(get, path = "/agency/transfers/{id}", tag = "agency", params(("id" = Uuid, Path)), responses((status = 200, body = TransferDetail)))]
pub async fn transfer(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<TransferDetail>> {
    Ok(Json(agency::desk::transfer(&actor, &app.db, app.book, id).await?))
}

/// The books of the transfer a case belongs to
#[utoipa::path(get, path = "/cases/{id}/transfer", tag = "agency", operation_id = "case_transfer", params(("id" = Uuid, Path)),
    responses((status = 200, body = TransferDetail), (status = 404, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn case_transfer(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<TransferDetail>> {
    let case = review::get(&actor, &app.db, id).await?;
    let transfer = agency::transfer::transfer_of(&case)
        .ok_or_else(|| Refusal::not_found("case_without_transfer", "该业务件不涉及关系转移", "this case is no transfer"))?;
    Ok(Json(agency::desk::transfer(&actor, &app.db, app.book, transfer).await?))
}
