//! What every request passes, in one layer, because each layer costs a request its own boxes: number, log span, time
//! limit, measure, the headers of every answer, and an error's form.

use super::{outward, system};
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};
use tracing::Instrument;
use uuid::Uuid;

const REQUEST_TIME_MAX: Duration = Duration::from_secs(60);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// On every answer that says nothing else.
const HEADERS: [(HeaderName, HeaderValue); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=()"),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        header::CONTENT_SECURITY_POLICY,
        // Ant Design writes its styles into the page; scripts come from the server only.
        HeaderValue::from_static(
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-src 'self' blob:; object-src 'self' blob:; frame-ancestors 'self'; base-uri 'self'; form-action 'self'",
        ),
    ),
];

/// The middleware around everything.
pub async fn front(mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let problems = request.uri().path().starts_with("/api/");
    let (id, known) = number(request.headers_mut());
    let span = span(&method, path.as_ref(), known);
    let answering = tokio::time::timeout(REQUEST_TIME_MAX, next.run(request)).instrument(span.clone());
    let mut answer = match AssertUnwindSafe(answering).catch_unwind().await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => StatusCode::GATEWAY_TIMEOUT.into_response(),
        Err(_) => span.in_scope(|| {
            // Its message went to the log already, by the process's panic hook.
            tracing::error!("a handler panicked");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }),
    };
    if answer.status().is_server_error() {
        let ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        span.in_scope(|| tracing::error!(status = answer.status().as_u16(), ms, "the request failed"));
    }
    if problems {
        answer = outward::speak_problem(answer).await;
    }
    let headers = answer.headers_mut();
    headers.reserve(HEADERS.len() + 1);
    for (name, value) in &HEADERS {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    headers.entry(REQUEST_ID).or_insert(id);
    system::measure(path.as_ref().map_or("other", MatchedPath::as_str), &method, answer.status(), start);
    answer
}

/// The client's number of the request, or a new one, which the handlers see as if it had come along; and the number if it
/// is a UUID: no text of the client's own making enters the log.
fn number(headers: &mut HeaderMap) -> (HeaderValue, Uuid) {
    if let Some(sent) = headers.get(REQUEST_ID) {
        let known = sent.to_str().ok().and_then(|text| text.parse().ok()).unwrap_or_default();
        return (sent.clone(), known);
    }
    let id = Uuid::now_v7();
    let value = HeaderValue::from_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer())).expect("a UUID is plain ASCII");
    headers.insert(REQUEST_ID, value.clone());
    (value, id)
}

/// The log's span of a request: method, path pattern and number; no query, no body.
fn span(method: &axum::http::Method, path: Option<&MatchedPath>, id: Uuid) -> tracing::Span {
    let path = path.map_or("other", MatchedPath::as_str);
    tracing::info_span!("request", %method, path, %id)
}
