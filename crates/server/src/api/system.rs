//! For the operator: is it alive, is it ready, how does it fare.

use crate::app::App;
use ::metrics::Histogram;
use axum::{
    extract::State,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{
    cell::RefCell,
    collections::HashMap,
    sync::OnceLock,
    time::{Duration, Instant},
};
use store::{Query, args, outbox};

static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// What a thread remembers of one path at most.
const MET_MAX: usize = 64;
/// Times are kept one by one until they are counted: nobody may ask for `/metrics` for weeks.
const UPKEEP: Duration = Duration::from_secs(5);

/// Installs the metrics recorder of the process, once, and keeps it small.
pub fn install_metrics() {
    let handle = METRICS.get_or_init(|| PrometheusBuilder::new().install_recorder().ok());
    if let Some(handle) = handle.clone() {
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP).await;
                handle.run_upkeep();
            }
        });
    }
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

thread_local! {
    /// The counters a thread has met, so that a request neither makes nor looks up labels.
    static MET: RefCell<HashMap<String, Vec<Met>>> = RefCell::default();
}

struct Met {
    method: Method,
    status: StatusCode,
    seconds: Histogram,
}

/// Counts a request and its time by path pattern, never by path: paths hold ids.
pub fn measure(pattern: &str, method: &Method, status: StatusCode, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    MET.with_borrow_mut(|met| {
        if !met.contains_key(pattern) {
            met.insert(pattern.to_owned(), Vec::new());
        }
        let Some(of_path) = met.get_mut(pattern) else { return };
        if let Some(known) = of_path.iter().find(|one| one.status == status && one.method == *method) {
            return known.seconds.record(seconds);
        }
        let labels = [
            ("path", pattern.to_owned()),
            ("method", method.as_str().to_owned()),
            ("status", status.as_u16().to_string()),
        ];
        let histogram = ::metrics::histogram!("shebao_http_seconds", &labels);
        histogram.record(seconds);
        // A client may make methods up: what is remembered is bounded.
        if of_path.len() < MET_MAX {
            of_path.push(Met {
                method: method.clone(),
                status,
                seconds: histogram,
            });
        }
    });
}
