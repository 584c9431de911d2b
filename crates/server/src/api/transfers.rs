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
use control::identity::{Actor, Permission};
use employer::insurance::{
    contact::{AgencyContact, ContactBook},
    transfer::{
        self, TransferState,
        view::{TransferDetail, TransferPage, add_contacts},
    },
};
use serde::Deserialize;
use standard::{Finding, Insurance, Refusal, RegionCode};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
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
        let found = contact_book(self.app, self.actor)
            .await?
            .into_iter()
            .find(|party| party.region == region);
        Ok(found.map(|party| AgencyContact {
            region,
            name: party.name,
            phone: party.phone,
            address: party.address,
            postcode: party.postcode,
        }))
    }
}

/// Whose relation to fetch, and from where.
#[derive(Deserialize, ToSchema)]
pub struct StartTransfer {
    /// The employee.
    pub employee_id: Uuid,
    /// The region that holds the relation.
    pub from_region: RegionCode,
    /// Which insurance; pension unless named.
    #[serde(default)]
    pub insurance: Option<Insurance>,
}

/// What HR typed over the form.
#[derive(Deserialize, ToSchema)]
pub struct FormEdit {
    /// The version seen; another one in between refuses the edit.
    pub version: i64,
    /// New values by field key.
    pub fields: BTreeMap<String, String>,
}

/// Which version is signed: what HR saw is what is signed.
#[derive(Deserialize, ToSchema)]
pub struct SignTransfer {
    /// The version seen; the present one when not named.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Why a filed application is taken back.
#[derive(Deserialize, ToSchema)]
pub struct WithdrawTransfer {
    /// In HR's words.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Which transfers.
#[derive(Deserialize, IntoParams)]
pub struct TransferFilter {
    /// Where it stands.
    pub state: Option<String>,
    /// Only this employee's.
    pub employee_id: Option<Uuid>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

/// Transfers, those that wait for HR first
#[utoipa::path(get, path = "/transfers", tag = "transfers", operation_id = "list_transfers", params(TransferFilter), responses((status = 200, body = TransferPage)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(filter): Query<TransferFilter>,
) -> ApiResult<Json<TransferPage>> {
    let state = match filter.state.as_deref() {
        None | Some("") => None,
        Some(word) => Some(TransferState::parse(word).ok_or_else(|| {
            Refusal::invalid(Finding::blocking("unknown_state", "没有这种转移状态", "there is no such transfer state").field("state"))
        })?),
    };
    let limit = filter.limit.unwrap_or(50);
    Ok(Json(
        transfer::view::list(&actor, &app.db, state, filter.employee_id, filter.cursor.as_deref(), limit).await?,
    ))
}

/// Start a transfer: the application form is filled from data
#[utoipa::path(post, path = "/transfers", tag = "transfers", request_body = StartTransfer, responses((status = 201, body = TransferDetail), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn start(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(start): Body<StartTransfer>,
) -> ApiResult<(StatusCode, Json<TransferDetail>)> {
    let contacts = PlatformContacts { app: &app, actor: &actor };
    Ok((
        StatusCode::CREATED,
        Json(
            transfer::draft::start(
                &actor,
                &app.db,
                &contacts,
                start.employee_id,
                start.from_region,
                start.insurance.unwrap_or(Insurance::Pension),
            )
            .await?,
        ),
    ))
}

/// One transfer with form, timeline, documents and what may be done
#[utoipa::path(get, path = "/transfers/{id}", tag = "transfers", operation_id = "get_transfer", params(("id" = Uuid, Path)), responses((status = 200, body = TransferDetail)))]
pub async fn detail(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<TransferDetail>> {
    let detail = transfer::view::get(&actor, &app.db, id).await?;
    Ok(Json(add_contacts(detail, &PlatformContacts { app: &app, actor: &actor }).await))
}

/// Correct the application form
#[utoipa::path(put, path = "/transfers/{id}/form", tag = "transfers", params(("id" = Uuid, Path)), request_body = FormEdit, responses((status = 200, body = TransferDetail), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn edit_form(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(edit): Body<FormEdit>,
) -> ApiResult<Json<TransferDetail>> {
    Ok(Json(transfer::draft::edit(&actor, &app.db, id, edit.version, &edit.fields).await?))
}

/// The application form as PDF: a draft until signed
#[utoipa::path(get, path = "/transfers/{id}/application.pdf", tag = "transfers", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/pdf")))]
pub async fn application_pdf(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<impl IntoResponse> {
    Ok(pdf(transfer::document::application_pdf(&actor, &app.db, &app.renderer, id).await?))
}

/// A document of a transfer as PDF
#[utoipa::path(get, path = "/transfers/{id}/documents/{document}", tag = "transfers", params(("id" = Uuid, Path), ("document" = Uuid, Path)), responses((status = 200, content_type = "application/pdf")))]
pub async fn document_pdf(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, document)): Path<(Uuid, Uuid)>,
) -> ApiResult<impl IntoResponse> {
    Ok(pdf(transfer::document::document_pdf(&actor, &app.db, id, document).await?))
}

/// Sign the application with the employer's SM2 key
#[utoipa::path(post, path = "/transfers/{id}/sign", tag = "transfers", params(("id" = Uuid, Path)), request_body = SignTransfer, responses((status = 200, body = TransferDetail)))]
pub async fn sign(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(seen): Body<SignTransfer>,
) -> ApiResult<Json<TransferDetail>> {
    actor.require(Permission::InsuranceFile)?;
    let version = match seen.version {
        Some(version) => version,
        None => transfer::view::get(&actor, &app.db, id).await?.transfer.version,
    };
    Ok(Json(
        transfer::document::sign(&actor, &app.db, &app.renderer, &app.config.verify_base(), id, version).await?,
    ))
}

/// File the signed application
#[utoipa::path(post, path = "/transfers/{id}/file", tag = "transfers", params(("id" = Uuid, Path)), responses((status = 200, body = TransferDetail)))]
pub async fn file(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<TransferDetail>> {
    Ok(Json(transfer::file::file(&actor, &app.db, id).await?))
}

/// Take a filed application back while the agency has not accepted it
#[utoipa::path(post, path = "/transfers/{id}/withdraw", tag = "transfers", params(("id" = Uuid, Path)), request_body = WithdrawTransfer, responses((status = 200, body = TransferDetail)))]
pub async fn withdraw(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(why): Body<WithdrawTransfer>,
) -> ApiResult<Json<TransferDetail>> {
    Ok(Json(transfer::file::withdraw(&actor, &app.db, id, why.reason.as_deref()).await?))
}

/// Confirm a completed transfer: the employee's record is updated
#[utoipa::path(post, path = "/transfers/{id}/confirm", tag = "transfers", params(("id" = Uuid, Path)), responses((status = 200, body = TransferDetail)))]
pub async fn confirm(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<TransferDetail>> {
    let source = app.status_source(employer::employer_of(&actor)?);
    Ok(Json(transfer::confirm::confirm(&actor, &app.db, &source, id).await?))
}
