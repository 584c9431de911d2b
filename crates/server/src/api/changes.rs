//! Tells a signed-in browser at once that something changed for its organisation, so that the page asks again. The stream says
//! nothing of what changed: every answer is still authorised by the question that follows.

use super::{
    auth::{self, SignedIn},
    problem::ApiResult,
};
use crate::app::{App, Seat};
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use control::{
    identity::{self, Permission},
    notice,
};
use futures::stream;
use standard::{Organisation, Refusal};
use std::{convert::Infallible, time::Duration};
use uuid::Uuid;

/// How often a stream looks. Several processes may serve one database: what another one wrote is seen as soon.
const LOOK: Duration = Duration::from_secs(2);
/// A silent stream says that it lives, so that proxies do not cut it.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After so many looks the stream ends; the browser opens another.
const LOOKS_MAX: u32 = 900;

/// What a stream remembers between two looks.
struct Watch {
    app: App,
    token: String,
    organisation: Organisation,
    seen: Option<Uuid>,
    looks: u32,
    /// Given back when the stream ends.
    _seat: Seat,
}

/// Hear at once that something changed
///
/// Server-sent events: `changed` whenever there is something new for the organisation. Without `Accept: text/event-stream` the answer
/// is one event. The stream ends with the session; at most three streams a session (`too_many_streams`).
#[utoipa::path(get, path = "/changes", tag = "notices", operation_id = "changes", responses((status = 200, content_type = "text/event-stream", body = String), (status = 429, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn changes(State(app): State<App>, SignedIn(actor): SignedIn, headers: HeaderMap) -> ApiResult<Response> {
    actor.require(Permission::NoticeView)?;
    let token = auth::token_of(&headers).ok_or_else(auth::not_signed_in)?.to_owned();
    let streams = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/event-stream"));
    if !streams {
        return Ok(([(header::CONTENT_TYPE, "text/event-stream")], "event: changed\ndata: new\n\n").into_response());
    }
    let watch = Watch {
        _seat: app.listeners.enter(&token)?,
        seen: notice::newest(&app.db, &actor.organisation).await?,
        organisation: actor.organisation,
        token,
        looks: 0,
        app,
    };
    let events = stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok::<_, Infallible>(event), watch))
    });
    let mut answer = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    // A proxy that gathers the answer would make the push a poll.
    let headers = answer.headers_mut();
    headers.insert("x-accel-buffering", header::HeaderValue::from_static("no"));
    Ok(answer)
}

impl Watch {
    /// The next change; `None` ends the stream: the session is over, the server stops, or the stream has lived long enough.
    async fn next(&mut self) -> Option<Event> {
        while self.looks < LOOKS_MAX && !self.app.listeners.wait(LOOK).await {
            self.looks += 1;
            match self.look().await {
                // without data a browser passes the event over
                Ok(true) => return Some(Event::default().event("changed").data("new")),
                Ok(false) => {}
                Err(refusal) => {
                    tracing::debug!(%refusal, "a stream of changes ends");
                    return None;
                }
            }
        }
        None
    }

    async fn look(&mut self) -> Result<bool, Refusal> {
        identity::session(&self.app.db, &self.token).await?;
        let newest = notice::newest(&self.app.db, &self.organisation).await?;
        let changed = newest != self.seen;
        self.seen = newest;
        Ok(changed)
    }
}
