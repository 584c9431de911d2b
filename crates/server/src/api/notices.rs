//! In-app notices of the actor's organisation.

use super::{auth::SignedIn, problem::ApiResult};
use crate::app::App;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use control::notice::{self, Notices};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Which notices.
#[derive(Deserialize, IntoParams)]
pub struct Which {
    /// Only those not read yet.
    #[serde(default)]
    pub unread: bool,
    /// Where the last page ended.
    pub cursor: Option<Uuid>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

/// Notices, newest first
#[utoipa::path(get, path = "/notices", tag = "notices", operation_id = "list_notices", params(Which), responses((status = 200, body = Notices)))]
pub async fn list(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<Which>) -> ApiResult<Json<Notices>> {
    Ok(Json(
        notice::list(&actor, &app.db, which.unread, which.cursor, which.limit.unwrap_or(50).clamp(1, 200)).await?,
    ))
}

/// Mark one notice as read
#[utoipa::path(post, path = "/notices/{id}/read", tag = "notices", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn read_one(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin().await?;
    notice::mark_read(&actor, &mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mark all notices as read
#[utoipa::path(post, path = "/notices/read", tag = "notices", responses((status = 204)))]
pub async fn read_all(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin().await?;
    notice::mark_all_read(&actor, &mut tx).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
