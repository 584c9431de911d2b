//! Moves stored messages from the outbox to their receivers: at least once, each channel in its order.

use super::App;
use control::clock::now;
use exchange::{Envelope, Transport};
use futures::StreamExt;
use jiff::SignedDuration;
use standard::{Refusal, RefusalKind};
use store::outbox::{self, Channel, Retry};

/// Messages taken at a time, and channels served side by side.
const BATCH: i64 = 256;
const SIDE_BY_SIDE: usize = 8;
/// A process that dies keeps its channels no longer than this.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Sends what is due. Returns how many messages were delivered or set aside; 0 means there is nothing to do now.
pub async fn pump(app: &App) -> Result<usize, Refusal> {
    let channels = outbox::due(&app.db, BATCH, LEASE).await?;
    let moved: Vec<Result<usize, Refusal>> = futures::stream::iter(channels)
        .map(|channel| send(app, channel))
        .buffer_unordered(SIDE_BY_SIDE)
        .collect()
        .await;
    moved.into_iter().sum()
}

async fn send(app: &App, channel: Channel) -> Result<usize, Refusal> {
    let key = app.keys.secret(&app.db, &channel.from).await?;
    let post = app.post(channel.from);
    let mut delivered = Vec::with_capacity(channel.messages.len());
    let mut stopped = None;
    for message in &channel.messages {
        let body = serde_json::from_str(&message.body).map_err(Refusal::internal)?;
        let envelope = Envelope::seal_body(&message.kind, body, channel.from, channel.to, message.id, now(), &key)?;
        match post.deliver(&envelope).await {
            Ok(()) => delivered.push(message.id),
            Err(refusal) => {
                tracing::warn!(from = %channel.from, to = %channel.to, kind = message.kind, rule = refusal.rule(), detail = refusal.detail, "message not delivered");
                stopped = Some((message.id, refusal));
                break;
            }
        }
    }
    metrics::counter!("shebao_messages_delivered").increment(delivered.len() as u64);
    let mut tx = app.db.begin().await?;
    let mut moved = delivered.len();
    match stopped {
        None => outbox::delivered(&mut tx, &channel, &delivered).await?,
        Some((id, refusal)) => {
            let retry = retry_of(&refusal);
            moved += usize::from(retry == Retry::Never);
            outbox::failed(&mut tx, &channel, &delivered, id, refusal.rule(), retry).await?;
        }
    }
    tx.commit().await?;
    Ok(moved)
}

/// A refusal that will be the same next time sets the message aside for the operator; silence and faults are tried again.
fn retry_of(refusal: &Refusal) -> Retry {
    match refusal.kind {
        RefusalKind::Unavailable | RefusalKind::Internal | RefusalKind::TooMany => Retry::Later,
        _ => Retry::Never,
    }
}
