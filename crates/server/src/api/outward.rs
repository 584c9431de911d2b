//! The last look at every answer of the interface: a refused act enters the log and the audit trail of the actor's
//! organisation, and an error that is no problem document yet becomes one.

use super::{auth::token_in, problem};
use crate::app::App;
use axum::{
    body::to_bytes,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use control::{audit, identity};
use standard::{Refusal, RefusalKind};
use uuid::Uuid;

/// Bare errors of the framework are one line.
const BARE_MAX: usize = 4 << 10;

/// Answers of the interface stay in no cache. Notes every refusal for want of permission (`forbidden`), whoever refused it: the organisation's manager reads it in the
/// trail, the operator in the log.
pub async fn note_denials(State(app): State<App>, request: Request, next: Next) -> Response {
    let cookies = request.headers().get_all(header::COOKIE).iter().cloned().collect::<Vec<_>>();
    let pattern = request.extensions().get::<MatchedPath>().cloned();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let mut answer = next.run(request).await;
    answer
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if let (Some(token), Some(problem::Refused(refusal))) = (token_in(&cookies), answer.extensions().get())
        && refusal.kind == RefusalKind::Forbidden
    {
        let act = format!("{method} {}", pattern.as_ref().map_or("", MatchedPath::as_str));
        // Only keys of ours are kept of a path: nobody's number enters the trail in plain.
        let object_id = uri.path().split('/').find_map(|part| part.parse::<Uuid>().ok());
        note(&app, token, &act, object_id, refusal).await;
    }
    answer
}

async fn note(app: &App, token: &str, act: &str, object_id: Option<Uuid>, refusal: &Refusal) {
    let Ok(info) = identity::session_info(&app.db, token).await else {
        return;
    };
    let actor = info.actor;
    tracing::warn!(user = %actor.user_id, role = actor.role.key(), act, rule = refusal.rule(), "an act was refused");
    let object = act
        .split("/api/v1/")
        .nth(1)
        .and_then(|path| path.split('/').next())
        .unwrap_or_default();
    let id = object_id.map(|id| id.to_string()).unwrap_or_default();
    if let Err(fault) = audit::denied(&app.db, &actor, act, object, id, refusal).await {
        tracing::error!(%fault, "a refusal could not be written to the trail");
    }
}

/// Gives errors of the framework (an unreadable path, a method not known here, a request too slow) the form of all others.
pub async fn speak_problem(answer: Response) -> Response {
    let status = answer.status();
    let is_problem = |answer: &Response| {
        answer
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem+json"))
    };
    if !(status.is_client_error() || status.is_server_error()) || is_problem(&answer) {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    let said = to_bytes(body, BARE_MAX).await.unwrap_or_default();
    head.headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove(header::CONTENT_ENCODING);
    Response::from_parts(head, problem::bare(status, &String::from_utf8_lossy(&said)).into())
}
