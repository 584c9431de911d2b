//! The audit trail, as the organisation's manager reads it: who did, read or was refused what.

use super::{auth::SignedIn, problem::ApiResult};
use crate::app::App;
use axum::{
    Json,
    extract::{Query, State},
};
use control::audit::{self, AuditEvent, AuditFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Events a page holds at most.
const PAGE_MAX: i64 = 200;

/// Which events.
#[derive(Deserialize, IntoParams)]
pub struct Which {
    /// Only about this sort of thing, like `case`.
    pub object: Option<String>,
    /// Only about this one.
    pub object_id: Option<String>,
    /// Only refused acts.
    #[serde(default)]
    pub denied: bool,
    /// Where the last page ended.
    pub cursor: Option<Uuid>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

/// Events, newest first.
#[derive(Serialize, ToSchema)]
pub struct AuditPage {
    /// The events.
    pub items: Vec<AuditEvent>,
    /// Where the next page begins, if there may be one.
    pub next_cursor: Option<Uuid>,
}

/// What was done, read and refused in one's organisation
#[utoipa::path(get, path = "/audit", tag = "audit", operation_id = "audit_trail", params(Which), responses((status = 200, body = AuditPage)))]
pub async fn trail(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<Which>) -> ApiResult<Json<AuditPage>> {
    let limit = which.limit.unwrap_or(50).clamp(1, PAGE_MAX);
    let filter = AuditFilter {
        object: which.object,
        object_id: which.object_id,
        denied_only: which.denied,
        before: which.cursor,
        limit,
    };
    let items = audit::trail(&actor, &app.db, &filter).await?;
    let full = i64::try_from(items.len()).is_ok_and(|count| count == limit);
    let next_cursor = items.last().filter(|_| full).map(|event| event.id);
    Ok(Json(AuditPage { items, next_cursor }))
}
