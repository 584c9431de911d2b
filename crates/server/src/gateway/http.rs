//! The gateway's paths: for agencies, signed; for payers, pages.

use super::{page, service, signed};
use crate::{
    api::problem::{ApiError, ApiResult},
    app::App,
};
use agency::collection::gateway::{GatewayRow, PaymentAsked, PaymentReady};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use standard::{Date, Finding, Organisation, Refusal, RegionCode};
use tower_http::{csrf::CsrfLayer, set_header::SetResponseHeaderLayer};
use uuid::Uuid;

/// The largest request.
const BODY_MAX: usize = 64 << 10;

/// All paths of the gateway.
pub fn router() -> Router<App> {
    Router::new()
        .route("/gateway/payments", post(create))
        .route("/gateway/days/{region}/{day}", post(day))
        .route("/gateway/pay/{region}/{payment}", get(show))
        .route("/gateway/pay/{region}/{payment}/pay", post(pay))
        .route("/gateway/pay/{region}/{payment}/cancel", post(cancel))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(CsrfLayer::new())
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
}

/// Where the page of a payment is, behind the gateway's base address.
pub fn page_path(region: RegionCode, payment: Uuid) -> String {
    format!("/gateway/pay/{region}/{payment}")
}

fn require_payee(app: &App, headers: &HeaderMap, body: &[u8], region: RegionCode) -> Result<(), Refusal> {
    let merchant = signed::merchant(&app.keys, headers, body)?;
    if merchant == Organisation::Agency(region) {
        return Ok(());
    }
    Err(Refusal::invalid(Finding::blocking(
        "merchant_not_payee",
        "商户只能收取本机构的款项。",
        "A merchant collects for itself only.",
    )))
}

async fn create(State(app): State<App>, headers: HeaderMap, body: Bytes) -> ApiResult<Json<PaymentReady>> {
    let asked: PaymentAsked = serde_json::from_slice(&body).map_err(|error| {
        Refusal::invalid(Finding::blocking(
            "payment_request_invalid",
            "缴费请求无法读取。",
            "The payment request cannot be read.",
        ))
        .detail(error)
    })?;
    require_payee(&app, &headers, &body, asked.region)?;
    Ok(Json(ready(&app, &asked).await?))
}

/// Makes a payment ready and says where its page is.
pub async fn ready(app: &App, asked: &PaymentAsked) -> Result<PaymentReady, Refusal> {
    let payment = service::create(&app.db, asked).await?;
    let base = app.config.public_url();
    Ok(PaymentReady {
        payment_id: payment.payment_id,
        page_url: format!("{}{}", base.trim_end_matches('/'), page_path(payment.region, payment.payment_id)),
    })
}

async fn day(
    State(app): State<App>,
    Path((region, day)): Path<(RegionCode, Date)>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Json<Vec<GatewayRow>>> {
    // What is signed is the question itself, so that a signature for one day opens no other.
    let question = format!("{region}/{day}");
    if body.as_ref() != question.as_bytes() {
        return Err(ApiError(Refusal::invalid(Finding::blocking(
            "payment_request_invalid",
            "对账请求与地址不符。",
            "The question and its address differ.",
        ))));
    }
    require_payee(&app, &headers, &body, region)?;
    Ok(Json(service::day(&mut app.db.read(), region, day).await?))
}

async fn show(State(app): State<App>, Path((region, payment)): Path<(RegionCode, Uuid)>) -> Response {
    match service::get(&mut app.db.read(), region, payment).await {
        Ok(payment) => Html(page::page(&payment)).into_response(),
        Err(refusal) => said(&refusal),
    }
}

async fn pay(State(app): State<App>, Path((region, payment)): Path<(RegionCode, Uuid)>) -> Response {
    match service::pay(&app.db, region, payment).await {
        Ok(()) => Redirect::to(&page_path(region, payment)).into_response(),
        Err(refusal) => said(&refusal),
    }
}

async fn cancel(State(app): State<App>, Path((region, payment)): Path<(RegionCode, Uuid)>) -> Response {
    match service::cancel(&app.db, region, payment).await {
        Ok(()) => Redirect::to(&page_path(region, payment)).into_response(),
        Err(refusal) => said(&refusal),
    }
}

/// A refusal as a page: a payer reads no JSON.
fn said(refusal: &Refusal) -> Response {
    let text = refusal
        .findings
        .first()
        .map_or_else(String::new, |finding| format!("{} {}", finding.message.zh, finding.message.en));
    let status = match refusal.kind {
        standard::RefusalKind::NotFound => StatusCode::NOT_FOUND,
        standard::RefusalKind::Conflict => StatusCode::CONFLICT,
        standard::RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Html(page::refused(&text))).into_response()
}
