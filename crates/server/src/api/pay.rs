//! Paying an order online: public, by an address nobody can guess; and the gateway's callback, believed by its signature.

use super::{
    problem::ApiResult,
    throttle::{self, Peer},
};
use crate::{
    app::App,
    gateway::{AgencyGateway, gateway_key, signed},
};
use agency::collection::gateway::{self, PayStarted, PayView, SignedCallback};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
};
use control::clock;
use serde::Serialize;
use standard::{Refusal, RegionCode};
use utoipa::ToSchema;

/// `430100-<code>`: the region and the unguessable part.
fn parts(code: &str) -> Result<(RegionCode, &str), Refusal> {
    let unknown = || {
        Refusal::not_found(
            "pay_address_unknown",
            "缴费地址无效，请从征集单重新打开。",
            "This payment address is not known; open it from the order again.",
        )
    };
    let (region, code) = code.split_once('-').ok_or_else(unknown)?;
    Ok((RegionCode::parse(region).map_err(|_| unknown())?, code))
}

/// What an order asks today
#[utoipa::path(get, path = "/collection/pay/{code}", tag = "pay", operation_id = "pay_view", params(("code" = String, Path)), responses((status = 200, body = PayView)))]
pub async fn view(State(app): State<App>, peer: Peer, Path(code): Path<String>) -> ApiResult<Json<PayView>> {
    throttle::pay(peer)?;
    let (region, code) = parts(&code)?;
    Ok(Json(gateway::view(&app.db, app.book, region, code, clock::today()).await?))
}

/// Make a payment ready at the gateway; asking twice on a day is one payment
#[utoipa::path(post, path = "/collection/pay/{code}", tag = "pay", operation_id = "pay_start", params(("code" = String, Path)),
    responses((status = 200, body = PayStarted), (status = 409, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn start(State(app): State<App>, peer: Peer, Path(code): Path<String>) -> ApiResult<Json<PayStarted>> {
    throttle::pay(peer)?;
    let (region, code) = parts(&code)?;
    let callback = app.config.callback_url();
    // An unknown address is refused as such even where there is no gateway.
    gateway::view(&app.db, app.book, region, code, clock::today()).await?;
    let way = AgencyGateway::of(&app)?;
    Ok(Json(
        gateway::start(&app.db, app.book, &way, region, code, clock::today(), &callback).await?,
    ))
}

/// What the gateway is answered.
#[derive(Serialize, ToSchema)]
pub struct CallbackTaken {
    /// The agency's number of the payment.
    pub payment_number: String,
    /// Whether it had been told before.
    pub repeated: bool,
}

/// The gateway tells that a payment was made; signed, fresh, once
#[utoipa::path(post, path = "/collection/callbacks/gateway", tag = "pay", operation_id = "gateway_callback", request_body(content = String, content_type = "application/json"),
    responses((status = 200, body = CallbackTaken), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn callback(State(app): State<App>, headers: HeaderMap, body: Bytes) -> ApiResult<Json<CallbackTaken>> {
    let letter = SignedCallback {
        timestamp: signed::header(&headers, signed::TIMESTAMP),
        nonce: signed::header(&headers, signed::NONCE),
        signature: signed::header(&headers, signed::SIGNATURE),
        body: &body,
    };
    let received = gateway::accept(&app.db, app.book, &gateway_key(&app)?, clock::now(), &letter).await?;
    Ok(Json(CallbackTaken {
        payment_number: received.payment.payment_number,
        repeated: received.repeated,
    }))
}
