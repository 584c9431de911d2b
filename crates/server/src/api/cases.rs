//! The agency's work queue and the acts on a case.

use super::{
    auth::SignedIn,
    problem::{ApiResult, Body},
};
use crate::app::App;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse,
};
use control::{
    identity::{Actor, Permission},
    review::{self, Case, CaseBox, CaseDetail, Decision, Queue, QueueFilter, ReasonTemplate},
    seal::{self, SealedDocument},
};
use serde::{Deserialize, Serialize};
use standard::{Refusal, Text};
use std::iter;
use store::Tx;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which cases.
#[derive(Deserialize, IntoParams)]
pub struct Which {
    /// `todo`, `done`, `mine` or `all`.
    #[serde(rename = "box")]
    pub case_box: Option<String>,
    /// Key of the business.
    pub business: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Part of the name or the number of the case.
    pub query: Option<String>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

/// The queue, due first
#[utoipa::path(get, path = "/cases", tag = "cases", operation_id = "list_cases", params(Which), responses((status = 200, body = Queue)))]
pub async fn queue(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<Which>) -> ApiResult<Json<Queue>> {
    let case_box = match which.case_box.as_deref() {
        Some("done") => CaseBox::Done,
        Some("mine") => CaseBox::Mine,
        Some("all") => CaseBox::All,
        _ => CaseBox::Todo,
    };
    let filter = QueueFilter {
        case_box,
        business: which.business,
        state: which.state,
        query: which.query,
        cursor: which.cursor,
        limit: which.limit.unwrap_or(50).clamp(1, 200),
    };
    Ok(Json(review::queue(&actor, &app.db, &app.registry, &filter).await?))
}

/// One case with all its screen shows
#[utoipa::path(get, path = "/cases/{id}", tag = "cases", operation_id = "get_case", params(("id" = Uuid, Path)), responses((status = 200, body = CaseDetail)))]
pub async fn detail(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<CaseDetail>> {
    Ok(Json(review::detail(&actor, &app.db, &app.registry, id).await?))
}

async fn answer(app: &App, actor: &Actor, tx: Tx, id: Uuid) -> Result<Json<CaseDetail>, Refusal> {
    tx.commit().await?;
    Ok(Json(review::detail(actor, &app.db, &app.registry, id).await?))
}

/// Take a case onto one's own desk
#[utoipa::path(post, path = "/cases/{id}/take", tag = "cases", params(("id" = Uuid, Path)), responses((status = 200, body = CaseDetail)))]
pub async fn take(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<CaseDetail>> {
    let mut tx = app.db.begin().await?;
    review::take(&actor, &mut tx, id).await?;
    Ok(answer(&app, &actor, tx, id).await?)
}

/// Put a case back for others
#[utoipa::path(post, path = "/cases/{id}/release", tag = "cases", params(("id" = Uuid, Path)), responses((status = 200, body = CaseDetail)))]
pub async fn release(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<CaseDetail>> {
    let mut tx = app.db.begin().await?;
    review::release(&actor, &mut tx, id).await?;
    Ok(answer(&app, &actor, tx, id).await?)
}

/// Look again at what speaks against a waiting case; asks the national platform anew where the business needs it
#[utoipa::path(post, path = "/cases/{id}/recheck", tag = "cases", params(("id" = Uuid, Path)), responses((status = 200, body = CaseDetail)))]
pub async fn recheck(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<CaseDetail>> {
    let way = app.post(actor.organisation);
    agency::enrolment::nationwide::recheck(&actor, &app.db, &app.registry, &way, id).await?;
    Ok(Json(review::detail(&actor, &app.db, &app.registry, id).await?))
}

macro_rules! act {
    ($name:ident, $path:literal, $call:path, $doc:literal) => {
        #[doc = $doc]
        #[utoipa::path(post, path = $path, tag = "cases", params(("id" = Uuid, Path)), request_body = Decision,
            responses((status = 200, body = CaseDetail), (status = 409, body = super::problem::Problem, content_type = "application/problem+json"), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
        pub async fn $name(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>, Body(decision): Body<Decision>) -> ApiResult<Json<CaseDetail>> {
            let mut tx = app.db.begin().await?;
            $call(&actor, &mut tx, &app.registry, id, &decision).await?;
            Ok(answer(&app, &actor, tx, id).await?)
        }
    };
}

act!(pass, "/cases/{id}/pass", review::pass, "Pass the compliance check");
act!(
    approve,
    "/cases/{id}/approve",
    review::approve,
    "Approve at second review; refused to whoever handled the case before"
);
act!(
    return_for_correction,
    "/cases/{id}/return",
    review::return_for_correction,
    "Return for correction with coded reasons"
);
act!(refuse, "/cases/{id}/refuse", review::refuse, "Refuse for good with coded reasons");
act!(
    reverse,
    "/cases/{id}/reverse",
    review::reverse,
    "Reverse an effective case while its window is open"
);

/// A document beside a case.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseDocument)]
pub struct DocumentView {
    /// For its address.
    pub id: Uuid,
    /// What it is.
    pub title: Text,
    /// Its verify code.
    pub code: String,
    /// Who sealed it.
    pub office_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub signed_at: standard::Timestamp,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Why it is void; absent while it holds.
    pub revoked_reason: Option<String>,
}

impl From<SealedDocument> for DocumentView {
    fn from(document: SealedDocument) -> Self {
        Self {
            id: document.id,
            title: document.title(),
            code: document.code,
            office_name: document.office_name,
            signed_at: document.signed_at,
            size_bytes: document.size_bytes,
            revoked_reason: document.revoked_reason,
        }
    }
}

/// What a case's documents are kept under: the case itself and, of a transfer, the transfer.
fn matters_of(case: &Case) -> Vec<Uuid> {
    iter::once(case.id).chain(agency::transfer::transfer_of(case)).collect()
}

/// Documents of a case
#[utoipa::path(get, path = "/cases/{id}/documents", tag = "cases", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<DocumentView>)))]
pub async fn documents(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<Vec<DocumentView>>> {
    let case = review::get(&actor, &app.db, id).await?;
    let mut found = Vec::new();
    for matter in matters_of(&case) {
        found.extend(seal::documents_of(&app.db, &actor.organisation, matter).await?);
    }
    Ok(Json(found.into_iter().map(DocumentView::from).collect()))
}

/// A document as PDF
#[utoipa::path(get, path = "/cases/{id}/documents/{document}", tag = "cases", operation_id = "case_document_pdf",
    params(("id" = Uuid, Path), ("document" = Uuid, Path)), responses((status = 200, content_type = "application/pdf")))]
pub async fn document_pdf(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, document)): Path<(Uuid, Uuid)>,
) -> ApiResult<impl IntoResponse> {
    actor.require(Permission::CaseView)?;
    let matters = matters_of(&review::get(&actor, &app.db, id).await?);
    Ok(pdf(seal::open_document(
        &actor,
        &app.db,
        &matters,
        document,
        "document.read",
        "case",
    )
    .await?))
}

/// PDF bytes as the browser shows them.
pub fn pdf(bytes: Vec<u8>) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, "inline")],
        bytes,
    )
}

/// The coded reasons to return or refuse with
#[utoipa::path(get, path = "/review/reasons", tag = "cases", responses((status = 200, body = Vec<ReasonTemplate>)))]
pub async fn reasons(SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<ReasonTemplate>>> {
    actor.require(Permission::CaseView)?;
    Ok(Json(review::reasons_catalogue().to_vec()))
}

/// The opinions to pick from when passing or approving
#[utoipa::path(get, path = "/review/opinions", tag = "cases", responses((status = 200, body = Vec<review::OpinionTemplate>)))]
pub async fn opinions(SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<review::OpinionTemplate>>> {
    actor.require(Permission::CaseView)?;
    Ok(Json(review::opinions().to_vec()))
}
