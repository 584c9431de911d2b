//! The three-way reconciliation of an employer's month.

use super::{
    auth::SignedIn,
    problem::{ApiResult, Body},
};
use crate::app::App;
use axum::{
    Json,
    extract::{Path, Query, State},
};
use employer::insurance::reconcile::{self, Decide, DecisionView, ReconcilePage, RowFilter};
use serde::Deserialize;
use standard::{Month, RegionCode};
use utoipa::IntoParams;

/// Which rows.
#[derive(Deserialize, IntoParams)]
pub struct ReconcileFilter {
    /// Only rows with a difference.
    #[serde(default)]
    pub only_differences: bool,
    /// Only this region.
    pub region: Option<RegionCode>,
    /// Where the last page ended.
    pub cursor: Option<i64>,
    /// At most this many, 100 by default.
    pub limit: Option<i64>,
}

/// Policy, bill and payroll, person by person and insurance by insurance
#[utoipa::path(get, path = "/reconciliations/{month}", tag = "reconcile", operation_id = "get_reconciliation", params(("month" = String, Path), ReconcileFilter), responses((status = 200, body = ReconcilePage)))]
pub async fn page(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(month): Path<Month>,
    Query(filter): Query<ReconcileFilter>,
) -> ApiResult<Json<ReconcilePage>> {
    let filter = RowFilter {
        only_differences: filter.only_differences,
        region: filter.region,
        cursor: filter.cursor.unwrap_or(0),
        limit: filter.limit.unwrap_or(100),
    };
    Ok(Json(reconcile::page(&actor, &app.db, app.book, month, filter).await?))
}

/// Accept differences or mark them corrected, with the reason
#[utoipa::path(post, path = "/reconciliations/{month}/decisions", tag = "reconcile", operation_id = "decide_differences", params(("month" = String, Path)), request_body = Decide, responses((status = 200, body = ReconcilePage)))]
pub async fn decide(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(month): Path<Month>,
    Body(input): Body<Decide>,
) -> ApiResult<Json<ReconcilePage>> {
    reconcile::decide(&actor, &app.db, app.book, month, input).await?;
    let first = RowFilter {
        only_differences: true,
        region: None,
        cursor: 0,
        limit: 100,
    };
    Ok(Json(reconcile::page(&actor, &app.db, app.book, month, first).await?))
}

/// Every decision of a month: who, when and why
#[utoipa::path(get, path = "/reconciliations/{month}/decisions", tag = "reconcile", operation_id = "list_decisions", params(("month" = String, Path)), responses((status = 200, body = Vec<DecisionView>)))]
pub async fn trace(State(app): State<App>, SignedIn(actor): SignedIn, Path(month): Path<Month>) -> ApiResult<Json<Vec<DecisionView>>> {
    Ok(Json(reconcile::trace(&actor, &app.db, month).await?))
}
