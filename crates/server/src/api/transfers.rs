//! The employer's transfers: draft, sign, file, follow, confirm.

use super::{
    auth::SignedIn,
    cases::pdf,
    employees::contact_book,
    problem::{ApiResult, Body},
};
use crate::app::App;
use async_trait::async_trait;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::IntoResponse,
};
use control::identity::Actor;
use employer::insurance::{
    contact::{AgencyContact, ContactBook},
    transfer::{self, FormEdit, StartTransfer, TransferFilter, TransferPage, TransferView},
};
use standard::{Refusal, RegionCode};
use uuid::Uuid;

/// The platform's contact book as an employer's context asks for it.
pub struct PlatformContacts<'a> {
    /// The process.
    pub app: &'a App,
    /// Who asks.
    pub actor: &'a Actor,
}

#[async_trait]
impl ContactBook for PlatformContacts<'_> {
    async fn agency(&self, region: RegionCode) -> Result<Option<AgencyContact>, Refusal> {
        let found = contact_book(self.app, self.actor).await?.into_iter().find(|party| party.region == region);
        Ok(found.map(|party| AgencyContact { region, name: party.name, phone: party.phone, address: party.address, postcode: party.postcode }))
    }
}

/// Transfers, those that wait for HR first
#[utoipa::path(get, path = "/transfers", tag = "transfers", operation_id = "list_transfers", params(TransferFilter), responses((status = 200, body = TransferPage)))]
pub async fn list(State(app): State<App>, SignedIn(actor): SignedIn, Query(filter): Query<TransferFilter>) -> ApiResult<Json<TransferPage>> {
    Ok(Json(transfer::list(&actor, &app.db, &filter).await?))
}

/// Start a transfer: the application form is filled from data
#[utoipa::path(post, path = "/transfers", tag = "transfers", request_body = StartTransfer, responses((status = 201, body = TransferView), (status = 409, body = super::problem::Problem)))]
pub async fn start(State(app): State<App>, SignedIn(actor): SignedIn, Body(start): Body<StartTransfer>) -> ApiResult<(StatusCode, Json<TransferView>)> {
    let contacts = PlatformContacts { app: &app, actor: &actor };
    Ok((StatusCode::CREATED, Json(transfer::start(&actor, &app.db, &contacts, start).await?)))
}

/// One transfer with form, timeline, documents and what may be done
#[utoipa::path(get, path = "/transfers/{id}", tag = "transfers", operation_id = "get_transfer", params(("id" = Uuid, Path)), responses((status = 200, body = TransferView)))]
pub async fn detail(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<TransferView>> {
    Ok(Json(transfer::get(&actor, &app.db, id).await?))
}

/// Correct the application form
#[utoipa::path(put, path = "/transfers/{id}/form", tag = "transfers", params(("id" = Uuid, Path)), request_body = FormEdit, responses((status = 200, body = TransferView), (status = 422, body = super::problem::Problem)))]
pub async fn edit_form(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>, Body(edit): Body<FormEdit>) -> ApiResult<Json<TransferView>> {
    Ok(Json(transfer::edit_form(&actor, &app.db, id, edit).await?))
}

/// The application form as PDF: a draft until signed
#[utoipa::path(get, path = "/transfers/{id}/application.pdf", tag = "transfers", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/pdf")))]
pub async fn application_pdf(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<impl IntoResponse> {
    Ok(pdf(transfer::application_pdf(&actor, &app.db, &app.renderer, id).await?))
}

/// A document of a transfer as PDF
#[utoipa::path(get, path = "/transfers/{id}/documents/{document}", tag = "transfers", params(("id" = Uuid, Path), ("document" = Uuid, Path)), responses((status = 200, content_type = "application/pdf")))]
pub async fn document_pdf(State(app): State<App>, SignedIn(actor): SignedIn, Path((id, document)): Path<(Uuid, Uuid)>) -> ApiResult<impl IntoResponse> {
    Ok(pdf(transfer::document_pdf(&actor, &app.db, id, document).await?))
}

/// Sign the application with the employer's SM2 key
#[utoipa::path(post, path = "/transfers/{id}/sign", tag = "transfers", params(("id" = Uuid, Path)), responses((status = 200, body = TransferView)))]
pub async fn sign(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<TransferView>> {
    Ok(Json(transfer::sign(&actor, &app.db, &app.renderer, &app.config.public_url(), id).await?))
}

/// File the signed application
#[utoipa::path(post, path = "/transfers/{id}/file", tag = "transfers", params(("id" = Uuid, Path)), responses((status = 200, body = TransferView)))]
pub async fn file(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<TransferView>> {
    Ok(Json(transfer::file(&actor, &app.db, id).await?))
}

/// Take a filed application back while the agency has not accepted it
#[utoipa::path(post, path = "/transfers/{id}/withdraw", tag = "transfers", params(("id" = Uuid, Path)), responses((status = 200, body = TransferView)))]
pub async fn withdraw(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<TransferView>> {
    Ok(Json(transfer::withdraw(&actor, &app.db, id).await?))
}

/// Confirm a completed transfer: the employee's record is updated
#[utoipa::path(post, path = "/transfers/{id}/confirm", tag = "transfers", params(("id" = Uuid, Path)), responses((status = 200, body = TransferView)))]
pub async fn confirm(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<TransferView>> {
    Ok(Json(transfer::confirm(&actor, &app.db, id).await?))
}
