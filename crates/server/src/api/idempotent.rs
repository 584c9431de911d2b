//! `Idempotency-Key`: a write that is sent again gets the first answer; the same key with other content is refused.

use super::{auth::token_of, problem::ApiError};
use crate::app::App;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use standard::{Finding, Refusal};
use store::idempotency::{self, Outcome};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const KEY_LENGTH_MAX: usize = 128;
/// Larger answers are files and are not kept; their requests change nothing twice by their own rules.
const ANSWER_MAX: usize = 1 << 20;

/// The answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    content_type: Option<String>,
    body: String,
}

fn kept_to_response(kept: &str) -> Result<Response, Refusal> {
    let kept: Kept = serde_json::from_str(kept).map_err(Refusal::internal)?;
    let mut answer = (StatusCode::from_u16(kept.status).map_err(Refusal::internal)?, kept.body).into_response();
    if let Some(kind) = kept.content_type.and_then(|k| HeaderValue::try_from(k).ok()) {
        answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    answer.headers_mut().insert("idempotent-replay", HeaderValue::from_static("true"));
    Ok(answer)
}

fn key_of(request: &Request) -> Result<Option<String>, Refusal> {
    let Some(value) = request.headers().get(KEY) else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > KEY_LENGTH_MAX {
        return Err(Refusal::invalid(
            Finding::blocking(
                "idempotency_key_unreadable",
                "Idempotency-Key 须为 1–128 个可见字符",
                "Idempotency-Key must be 1–128 visible characters",
            )
            .remedy("请使用一个 UUID", "use a UUID"),
        ));
    }
    Ok(Some(key.to_owned()))
}

/// The middleware over all writes.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let key = key_of(&request);
    let token = token_of(request.headers())
        .filter(|_| matches!(key, Ok(Some(_))))
        .map(str::to_owned);
    let signed_in = match token {
        Some(token) => control::identity::session_info(&app.db, &token).await.is_ok(),
        None => false,
    };
    match key {
        Ok(None) => next.run(request).await,
        // Without a session there is nothing to repeat, and nothing to be kept for a stranger.
        Ok(Some(_)) if !signed_in => next.run(request).await,
        Ok(Some(key)) => once(&app, key, request, next)
            .await
            .unwrap_or_else(|refusal| ApiError(refusal).into_response()),
        Err(refusal) => ApiError(refusal).into_response(),
    }
}

/// More than any path takes; `declared` is the size the sender told.
fn body_too_large(declared: Option<usize>) -> Refusal {
    const MEGABYTE: usize = 1 << 20;
    let limit = super::BODY_MAX / MEGABYTE;
    let size = declared.map(|bytes| bytes.div_ceil(MEGABYTE));
    Refusal::too_large(
        "body_too_large",
        size.map_or(format!("提交的内容超过 {limit} MB 的上限"), |size| {
            format!("提交的内容有 {size} MB，超过 {limit} MB 的上限")
        }),
        size.map_or(format!("the upload is over the limit of {limit} MB"), |size| {
            format!("the upload has {size} MB, over the limit of {limit} MB")
        }),
    )
    .remedy("请拆分后分批提交", "split it and send the parts")
}

async fn once(app: &App, key: String, request: Request, next: Next) -> Result<Response, Refusal> {
    // The key belongs to the session that sent it, so that nobody can read another's answers.
    let owner = hex::encode(Sha256::digest(token_of(request.headers()).unwrap_or_default()));
    let (head, body) = request.into_parts();
    let declared = head
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    let body = to_bytes(body, super::BODY_MAX).await.map_err(|_| body_too_large(declared))?;
    let mut hash = Sha256::new();
    hash.update(head.method.as_str());
    hash.update(head.uri.to_string());
    hash.update(&body);
    let mut tx = app.db.begin().await?;
    let outcome = idempotency::begin(&mut tx, &owner, &key, &hash.finalize().into()).await?;
    tx.commit().await?;
    match outcome {
        Outcome::Replay(kept) => return kept_to_response(&kept),
        Outcome::Mismatch => return Err(idempotency::mismatch()),
        Outcome::Running => return Err(idempotency::running()),
        Outcome::New => {}
    }
    let answer = next.run(Request::from_parts(head, Body::from(body))).await;
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(Refusal::internal)?;
    let mut tx = app.db.begin().await?;
    match std::str::from_utf8(&body) {
        // A fault of ours or a full house may pass: the key stays free for another try.
        Ok(text) if !head.status.is_server_error() && head.status != StatusCode::TOO_MANY_REQUESTS && text.len() <= ANSWER_MAX => {
            let content_type = head
                .headers
                .get(header::CONTENT_TYPE)
                .and_then(|v| v.to_str().ok())
                .map(str::to_owned);
            let kept = Kept {
                status: head.status.as_u16(),
                content_type,
                body: text.to_owned(),
            };
            idempotency::finish(&mut tx, &owner, &key, &serde_json::to_string(&kept).map_err(Refusal::internal)?).await?;
        }
        _ => idempotency::abandon(&mut tx, &owner, &key).await?,
    }
    tx.commit().await?;
    Ok(Response::from_parts(head, Body::from(body)))
}
