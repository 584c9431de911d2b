//! For the operator: is it alive, is it ready, how does it fare.

use crate::app::App;
use axum::{
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{sync::OnceLock, time::Instant};
use store::{Query, args, outbox};

static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the metrics recorder of the process, once.
pub fn install_metrics() {
    METRICS.get_or_init(|| PrometheusBuilder::new().install_recorder().ok());
}

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// The database answers.
pub async fn ready(State(app): State<App>) -> Response {
    match app.db.read().one("SELECT 1 AS one", args![]).await {
        Ok(_) => "ready".into_response(),
        Err(refusal) => {
            tracing::error!(%refusal, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database unavailable").into_response()
        }
    }
}

/// Prometheus text.
pub async fn metrics(State(app): State<App>) -> String {
    if let Ok((waiting, dead)) = outbox::counts(&mut app.db.read()).await {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float by definition")]
        {
            ::metrics::gauge!("shebao_outbox_waiting").set(waiting as f64);
            ::metrics::gauge!("shebao_outbox_dead").set(dead as f64);
        }
    }
    METRICS
        .get()
        .and_then(Option::as_ref)
        .map(PrometheusHandle::render)
        .unwrap_or_default()
}

/// Counts requests and their time by path pattern, never by path: paths hold ids.
pub async fn measure(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |p| p.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let answer = next.run(request).await;
    let labels = [("path", path), ("method", method), ("status", answer.status().as_u16().to_string())];
    ::metrics::histogram!("shebao_http_seconds", &labels).record(start.elapsed().as_secs_f64());
    answer
}

/// The log's span of a request: method, path pattern and request id; no query, no body, and no
/// id of the client's own making but a UUID.
pub fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let path = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str);
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse::<uuid::Uuid>().ok())
        .unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path, %id)
}
