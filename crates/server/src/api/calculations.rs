//! The calculators, and the parameters of law they read.

use super::{
    auth::SignedIn,
    problem::{ApiResult, Body},
};
use crate::app::App;
use axum::{
    Json,
    extract::{Path, Query, State},
};
use control::identity::Permission;
use policy::{Place, calc, law::show::in_force, trace::Step};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use standard::{Month, Refusal};
use utoipa::IntoParams;

/// The calculations there are, with their inputs
#[utoipa::path(get, path = "/calculations", tag = "calculations", operation_id = "list_calculations", responses((status = 200, body = Vec<Value>)))]
pub async fn catalogue(SignedIn(actor): SignedIn) -> ApiResult<Json<Value>> {
    actor.require(Permission::Calculate)?;
    Ok(Json(json!(calc::catalogue())))
}

/// Calculate, with every step, its rule and its source
#[utoipa::path(post, path = "/calculations/{kind}", tag = "calculations", params(("kind" = String, Path)), request_body = Value,
    responses((status = 200, body = Value), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn calculate(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(kind): Path<String>,
    Query(how): Query<How>,
    Body(inputs): Body<Value>,
) -> ApiResult<Json<Calculated>> {
    actor.require(Permission::Calculate)?;
    let book = app.book;
    if !how.explain.unwrap_or(true) {
        return Ok(Json(Calculated {
            result: calc::calculate(book, &kind, &inputs).map_err(Refusal::invalid)?,
            explanation: None,
            law: None,
        }));
    }
    let explained = calc::explain(book, &kind, &inputs).map_err(Refusal::invalid)?;
    Ok(Json(Calculated {
        result: explained.value,
        explanation: Some(explained.steps),
        law: Some(explained.law),
    }))
}

/// What was calculated, written as it is: a tree of JSON values made first would cost more than the calculation.
#[derive(Serialize)]
pub struct Calculated {
    result: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Vec<Step>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    law: Option<String>,
}

/// How to answer.
#[derive(Deserialize, IntoParams)]
pub struct How {
    /// With steps; true unless said otherwise.
    pub explain: Option<bool>,
}

/// Which parameters.
#[derive(Deserialize, IntoParams)]
pub struct Which {
    /// Region; 000000 is the nation.
    #[param(value_type = String)]
    pub region: String,
    /// Month, "2025-06".
    #[param(value_type = String)]
    pub month: Month,
}

/// The parameters of law in force in a region and month, each with its source and confidence
#[utoipa::path(get, path = "/law", tag = "calculations", operation_id = "show_law", params(Which), responses((status = 200, body = Value)))]
pub async fn law(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<Which>) -> ApiResult<Json<Value>> {
    actor.require(Permission::LawView)?;
    let place = Place::parse(&which.region).map_err(Refusal::invalid)?;
    let items = in_force(app.book, place, which.month).map_err(Refusal::invalid)?;
    Ok(Json(
        json!({"region": which.region, "region_name": place.name(), "month": which.month, "items": items}),
    ))
}
