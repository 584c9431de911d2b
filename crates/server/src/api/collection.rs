//! 征缴: the agency's orders, bank files, suspense, arrears, refunds and the comparison with the gateway.

use super::{
    auth::SignedIn,
    cases::pdf,
    problem::{ApiResult, Body},
    verify::file_of,
};
use crate::{app::App, gateway::AgencyGateway};
use agency::collection::{
    arrears::{self, ArrearsRow},
    bank_file::{self, BankFile, BankFileDetail, Format, STATEMENT_BYTES_MAX},
    desk::{self, OrderDetail, OrderFilter, OrderPage, OrderPeople, SuspenseRow},
    gateway::{self, DayComparison},
    order::{OrderState, parse_kind},
    refund::{self, PaidOut, RefundForm, RefundRow},
    suspense::{SuspenseState, match_to_order},
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
use standard::{Date, Month, Organisation, Refusal, RegionCode};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which orders.
#[derive(Deserialize, IntoParams)]
pub struct WhichOrders {
    /// `open`, `part_paid`, `paid`, `overdue` or `cancelled`.
    pub state: Option<String>,
    /// `regular`, `back` or `refund`.
    pub kind: Option<String>,
    /// 费款所属期.
    pub month: Option<Month>,
    /// The employer.
    pub employer_id: Option<Uuid>,
    /// 征集单号, or the beginning of the employer's name.
    pub query: Option<String>,
    /// Only past the last day and not paid.
    #[serde(default)]
    pub overdue: bool,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

/// Which part of a list.
#[derive(Deserialize, IntoParams)]
pub struct Rows {
    /// Rows to be skipped.
    pub offset: Option<usize>,
    /// At most this many, 50 by default.
    pub limit: Option<usize>,
}

/// As of which day.
#[derive(Deserialize, IntoParams)]
pub struct AsOf {
    /// The day; today by default.
    #[param(value_type = Option<String>, format = Date)]
    pub day: Option<Date>,
}

/// In which state.
#[derive(Deserialize, IntoParams)]
pub struct InState {
    /// The state.
    pub state: Option<String>,
}

/// How a file is wanted.
#[derive(Deserialize, IntoParams)]
pub struct As {
    /// `xlsx` (by default), `csv` or `text`.
    #[param(value_type = Option<String>)]
    pub format: Option<Format>,
}

/// Why an order is cancelled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// 作废原因.
    pub reason: String,
}

/// Which file goes to the bank.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeBankFile {
    /// `collection` (委托扣款) or `refund` (退费支付).
    pub kind: String,
}

/// The order an amount goes to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchOrder {
    /// 征集单号.
    pub order_number: String,
}

/// Which day is compared.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
}

/// What the reader may do on the pages of collection.
#[derive(Serialize, ToSchema)]
pub struct Suspended {
    /// Amounts.
    pub items: Vec<SuspenseRow>,
}

/// Orders in arrears.
#[derive(Serialize, ToSchema)]
pub struct Arrears {
    /// As of this day.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// The oldest first.
    pub items: Vec<ArrearsRow>,
}

/// Files, and what may be done.
#[derive(Serialize, ToSchema)]
pub struct BankFiles {
    /// Newest first.
    pub items: Vec<BankFile>,
    /// `export`, `import`.
    pub allowed_actions: Vec<&'static str>,
}

/// Refunds, and what may be done.
#[derive(Serialize, ToSchema)]
pub struct Refunds {
    /// Newest first.
    pub items: Vec<RefundRow>,
    /// `export`, `paid`.
    pub allowed_actions: Vec<&'static str>,
}

/// Days compared with the gateway, and what may be done.
#[derive(Serialize, ToSchema)]
pub struct GatewayDays {
    /// Newest first.
    pub items: Vec<DayComparison>,
    /// `compare`.
    pub allowed_actions: Vec<&'static str>,
}

fn region_of(actor: &control::identity::Actor) -> Result<RegionCode, Refusal> {
    match actor.organisation {
        Organisation::Agency(region) => Ok(region),
        _ => Err(Refusal::forbidden(
            "not_an_agency",
            "只有经办机构可以办理征缴业务。",
            "Collection is the agencies' business.",
        )),
    }
}

fn allowed(actor: &control::identity::Actor, actions: &[&'static str]) -> Vec<&'static str> {
    if actor.may(Permission::PaymentRegister) {
        actions.to_vec()
    } else {
        Vec::new()
    }
}

/// Collection orders, newest first
#[utoipa::path(get, path = "/collection/orders", tag = "collection", operation_id = "list_orders", params(WhichOrders), responses((status = 200, body = OrderPage)))]
pub async fn orders(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<WhichOrders>) -> ApiResult<Json<OrderPage>> {
    let filter = OrderFilter {
        state: which.state.as_deref().and_then(OrderState::parse),
        kind: which.kind.as_deref().and_then(parse_kind),
        month: which.month,
        employer_id: which.employer_id,
        query: which.query,
        overdue: which.overdue,
        cursor: which.cursor,
        limit: which.limit.unwrap_or(50),
    };
    Ok(Json(desk::orders(&actor, &app.db, app.book, &filter, clock::today()).await?))
}

/// One order with all its page shows
#[utoipa::path(get, path = "/collection/orders/{id}", tag = "collection", operation_id = "get_order", params(("id" = Uuid, Path)), responses((status = 200, body = OrderDetail)))]
pub async fn order(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<OrderDetail>> {
    Ok(Json(desk::order(&actor, &app.db, app.book, id, clock::today()).await?))
}

/// The people of an order
#[utoipa::path(get, path = "/collection/orders/{id}/people", tag = "collection", operation_id = "order_people", params(("id" = Uuid, Path), Rows), responses((status = 200, body = OrderPeople)))]
pub async fn people(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(rows): Query<Rows>,
) -> ApiResult<Json<OrderPeople>> {
    let (offset, limit) = (rows.offset.unwrap_or(0), rows.limit.unwrap_or(50));
    Ok(Json(desk::people(&actor, &app.db, id, offset, limit).await?))
}

/// A sealed document of an order as PDF
#[utoipa::path(get, path = "/collection/orders/{id}/documents/{document}", tag = "collection", operation_id = "order_document_pdf",
    params(("id" = Uuid, Path), ("document" = Uuid, Path)), responses((status = 200, content_type = "application/pdf")))]
pub async fn document(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, document)): Path<(Uuid, Uuid)>,
) -> ApiResult<impl IntoResponse> {
    Ok(pdf(desk::document_pdf(&actor, &app.db, id, document).await?))
}

/// Cancel an order nobody paid towards; its assessment is voided with it
#[utoipa::path(post, path = "/collection/orders/{id}/cancel", tag = "collection", operation_id = "cancel_order", params(("id" = Uuid, Path)), request_body = CancelOrder,
    responses((status = 200, body = OrderDetail), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn cancel(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(cancel): Body<CancelOrder>,
) -> ApiResult<Json<OrderDetail>> {
    let mut tx = app.db.begin().await?;
    desk::cancel(&actor, &mut tx, id, &cancel.reason).await?;
    tx.commit().await?;
    Ok(Json(desk::order(&actor, &app.db, app.book, id, clock::today()).await?))
}

/// Bank files, newest first
#[utoipa::path(get, path = "/collection/bank-files", tag = "collection", operation_id = "list_bank_files", responses((status = 200, body = BankFiles)))]
pub async fn files(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<BankFiles>> {
    actor.require(Permission::CollectionView)?;
    let items = bank_file::list(&mut app.db.read(), region_of(&actor)?, None).await?;
    Ok(Json(BankFiles {
        items,
        allowed_actions: allowed(&actor, &["export", "import"]),
    }))
}

/// One bank file with its lines
#[utoipa::path(get, path = "/collection/bank-files/{id}", tag = "collection", operation_id = "get_bank_file", params(("id" = Uuid, Path)), responses((status = 200, body = BankFileDetail)))]
pub async fn file(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<BankFileDetail>> {
    actor.require(Permission::CollectionView)?;
    Ok(Json(bank_file::get(&mut app.db.read(), region_of(&actor)?, id).await?))
}

/// Import the bank's statement (.csv or .xlsx)
#[utoipa::path(post, path = "/collection/bank-files", tag = "collection", operation_id = "import_statement", request_body(content = String, content_type = "multipart/form-data"),
    responses((status = 200, body = BankFileDetail), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn import(State(app): State<App>, SignedIn(actor): SignedIn, form: Multipart) -> ApiResult<Json<BankFileDetail>> {
    actor.require(Permission::PaymentRegister)?;
    let (name, bytes) = file_of(form, STATEMENT_BYTES_MAX).await?;
    Ok(Json(
        bank_file::import_statement(&actor, &app.db, app.book, &name, &bytes, clock::today()).await?,
    ))
}

/// Make a file for the bank: the orders to be collected, or the refunds to be paid
#[utoipa::path(post, path = "/collection/bank-files/export", tag = "collection", operation_id = "export_bank_file", request_body = MakeBankFile,
    responses((status = 201, body = BankFileDetail), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn export(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(wanted): Body<MakeBankFile>,
) -> ApiResult<(StatusCode, Json<BankFileDetail>)> {
    let made = if wanted.kind == "refund" {
        bank_file::refund_file(&actor, &app.db, clock::today()).await?
    } else {
        bank_file::collection_file(&actor, &app.db, app.book, clock::today()).await?
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// The bytes of a bank file
#[utoipa::path(get, path = "/collection/bank-files/{id}/download", tag = "collection", operation_id = "download_bank_file", params(("id" = Uuid, Path), As),
    responses((status = 200, content_type = "application/octet-stream")))]
pub async fn download(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(wanted): Query<As>,
) -> ApiResult<impl IntoResponse> {
    let format = wanted.format.unwrap_or_default();
    let (_, bytes) = bank_file::download(&actor, &app.db, id, format).await?;
    let ending = match format {
        Format::Xlsx => "xlsx",
        Format::Csv => "csv",
        Format::Text => "txt",
    };
    let name = format!("attachment; filename=\"bank-file.{ending}\"");
    Ok((
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment")),
            ),
        ],
        bytes,
    ))
}

/// Money received and not yet posted
#[utoipa::path(get, path = "/collection/suspense", tag = "collection", operation_id = "list_suspense", params(InState), responses((status = 200, body = Suspended)))]
pub async fn suspense(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<InState>) -> ApiResult<Json<Suspended>> {
    let state = which.state.as_deref().and_then(SuspenseState::parse);
    Ok(Json(Suspended {
        items: desk::suspense(&actor, &app.db, state).await?,
    }))
}

/// Give an amount in suspense to an order
#[utoipa::path(post, path = "/collection/suspense/{id}/match", tag = "collection", operation_id = "match_suspense", params(("id" = Uuid, Path)), request_body = MatchOrder,
    responses((status = 200, body = OrderDetail), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn match_suspense(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(wanted): Body<MatchOrder>,
) -> ApiResult<Json<OrderDetail>> {
    let mut tx = app.db.begin().await?;
    let payment = match_to_order(&actor, &mut tx, app.book, id, &wanted.order_number).await?;
    tx.commit().await?;
    let order_id = payment.order_id.unwrap_or_default();
    Ok(Json(desk::order(&actor, &app.db, app.book, order_id, clock::today()).await?))
}

/// Orders past their last day
#[utoipa::path(get, path = "/collection/arrears", tag = "collection", operation_id = "list_arrears", params(AsOf), responses((status = 200, body = Arrears)))]
pub async fn arrears(State(app): State<App>, SignedIn(actor): SignedIn, Query(as_of): Query<AsOf>) -> ApiResult<Json<Arrears>> {
    let day = as_of.day.unwrap_or_else(clock::today);
    Ok(Json(Arrears {
        day,
        items: arrears::list(&actor, &app.db, app.book, day).await?,
    }))
}

/// Refunds approved and paid
#[utoipa::path(get, path = "/collection/refunds", tag = "collection", operation_id = "list_refunds", params(InState), responses((status = 200, body = Refunds)))]
pub async fn refunds(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<InState>) -> ApiResult<Json<Refunds>> {
    actor.require(Permission::CollectionView)?;
    let items = refund::list(&mut app.db.read(), app.db.cipher(), region_of(&actor)?, which.state.as_deref()).await?;
    Ok(Json(Refunds {
        items,
        allowed_actions: allowed(&actor, &["export", "paid"]),
    }))
}

/// Propose to pay money back: a case two others decide
#[utoipa::path(post, path = "/collection/refunds", tag = "collection", operation_id = "propose_refund", request_body = RefundForm,
    responses((status = 201, body = CaseDetail), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn propose_refund(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(form): Body<RefundForm>,
) -> ApiResult<(StatusCode, Json<CaseDetail>)> {
    let mut tx = app.db.begin().await?;
    let case = refund::propose(&actor, &mut tx, &app.registry, form).await?;
    tx.commit().await?;
    Ok((
        StatusCode::CREATED,
        Json(review::detail(&actor, &app.db, &app.registry, case.id).await?),
    ))
}

/// Register that the bank paid a refund
#[utoipa::path(post, path = "/collection/refunds/{id}/paid", tag = "collection", operation_id = "refund_paid", params(("id" = Uuid, Path)), request_body = PaidOut,
    responses((status = 204), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn refund_paid(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(paid): Body<PaidOut>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin().await?;
    refund::paid_out(&actor, &mut tx, app.book, id, &paid).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Days compared with the gateway
#[utoipa::path(get, path = "/collection/gateway-days", tag = "collection", operation_id = "list_gateway_days", responses((status = 200, body = GatewayDays)))]
pub async fn gateway_days(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<GatewayDays>> {
    actor.require(Permission::CollectionView)?;
    Ok(Json(GatewayDays {
        items: gateway::compared(&mut app.db.read(), region_of(&actor)?).await?,
        allowed_actions: allowed(&actor, &["compare"]),
    }))
}

/// Compare a day with the gateway's file and post what its callbacks missed
#[utoipa::path(post, path = "/collection/gateway-days", tag = "collection", operation_id = "compare_gateway_day", request_body = CompareDay,
    responses((status = 200, body = DayComparison), (status = 503, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn compare_day(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(wanted): Body<CompareDay>,
) -> ApiResult<Json<DayComparison>> {
    actor.require(Permission::PaymentRegister)?;
    let gateway = AgencyGateway::of(&app)?;
    Ok(Json(gateway::reconcile(&actor, &app.db, app.book, &gateway, wanted.day).await?))
}
