//! Messages that leave, written in the transaction that causes them and sent afterwards, each until it is delivered.
//!
//! Order holds per channel, that is per (from, to): one sender holds a channel's lease at a time, a failure stops the
//! channel until its next try, and other channels go on. A sender that dies loses its lease and the messages are sent
//! again; the [`inbox`](crate::inbox) of the receiver makes that harmless.

use jiff::{SignedDuration, Timestamp};
use standard::{Organisation, Refusal};
use uuid::Uuid;

use crate::args;
use crate::db::{Db, Tx};
use crate::fault::Result;
use crate::query::Query;

/// Tries before a message is set aside as dead, with the longest pauses about a day and a half.
pub const ATTEMPTS_MAX: i64 = 220;
const PAUSE_FIRST: SignedDuration = SignedDuration::from_secs(1);
const PAUSE_MAX: SignedDuration = SignedDuration::from_mins(10);

/// A stored message, not yet signed.
#[derive(Clone)]
pub struct Message {
    /// Stays the same over every try.
    pub id: Uuid,
    /// The kind named in `exchange`.
    pub kind: String,
    /// The body as JSON text; holds personal data.
    pub body: String,
    /// Tries so far that failed.
    pub attempts: i64,
    /// When it was posted.
    pub created_at: Timestamp,
}

/// Messages of one channel in their order, leased to the caller.
pub struct Channel {
    /// The sender.
    pub from: Organisation,
    /// The receiver.
    pub to: Organisation,
    /// Send these in this order and stop at the first failure.
    pub messages: Vec<Message>,
    lease: Uuid,
}

/// What to do with a message that was not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The receiver did not answer: try again later, the channel waits.
    Later,
    /// The receiver refused it for good: set it aside, the channel goes on.
    Never,
}

/// Stores a message to be sent once the transaction commits, and gives its id.
pub async fn post(tx: &mut Tx, from: &Organisation, to: &Organisation, kind: &str, body_json: &str) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let body = tx.db().cipher().seal_text("store_outbox", "body", id, body_json)?;
    tx.execute(
        "INSERT INTO store_outbox (id, from_organisation, to_organisation, kind, body, state, attempts, created_at)
         VALUES ($1, $2, $3, $4, $5, 'open', 0, $6)",
        args![id, from, to, kind, body, Timestamp::now()],
    )
    .await?;
    tx.wakes();
    Ok(id)
}

/// Leases the channels that have messages to send, oldest first, at most `limit` messages in all.
pub async fn due(db: &Db, limit: i64, lease_for: SignedDuration) -> Result<Vec<Channel>> {
    const FREE: &str = "SELECT o.id, o.from_organisation, o.to_organisation, o.kind, o.body, o.attempts, o.created_at
        FROM store_outbox o LEFT JOIN store_outbox_channel c
          ON c.from_organisation = o.from_organisation AND c.to_organisation = o.to_organisation
        WHERE o.state = 'open' AND (c.busy_until IS NULL OR c.busy_until <= $1)
        ORDER BY o.sequence LIMIT $2";
    // most polls find nothing and must not take the write lock
    if db.read().all(FREE, args![Timestamp::now(), 1_i64]).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = db.begin().await?;
    tx.lock("store:outbox").await?;
    let now = Timestamp::now();
    let until = now
        .saturating_add(lease_for)
        .map_err(|error| Refusal::internal(error.to_string()))?;
    let mut channels: Vec<Channel> = Vec::new();
    for row in tx.all(FREE, args![now, limit]).await? {
        let from: Organisation = row.get("from_organisation")?;
        let to: Organisation = row.get("to_organisation")?;
        let id: Uuid = row.get("id")?;
        let sealed: Vec<u8> = row.get("body")?;
        let message = Message {
            id,
            kind: row.get("kind")?,
            body: db.cipher().open_text("store_outbox", "body", id, &sealed)?,
            attempts: row.get("attempts")?,
            created_at: row.get("created_at")?,
        };
        match channels.iter_mut().find(|channel| channel.from == from && channel.to == to) {
            Some(channel) => channel.messages.push(message),
            None => {
                let lease = Uuid::now_v7();
                tx.execute(
                    "INSERT INTO store_outbox_channel (from_organisation, to_organisation, lease, busy_until)
                     VALUES ($1, $2, $3, $4)
                     ON CONFLICT (from_organisation, to_organisation)
                     DO UPDATE SET lease = excluded.lease, busy_until = excluded.busy_until",
                    args![from, to, lease, until],
                )
                .await?;
                channels.push(Channel {
                    from,
                    to,
                    messages: vec![message],
                    lease,
                });
            }
        }
    }
    tx.commit().await?;
    Ok(channels)
}

/// Marks messages as delivered and frees the channel. Call it once, after the last of them.
pub async fn delivered(tx: &mut Tx, channel: &Channel, ids: &[Uuid]) -> Result<()> {
    settle(tx, ids).await?;
    tx.execute(
        "DELETE FROM store_outbox_channel WHERE from_organisation = $1 AND to_organisation = $2 AND lease = $3",
        args![channel.from, channel.to, channel.lease],
    )
    .await?;
    tx.wakes();
    Ok(())
}

/// Marks `delivered` as delivered and `failed` as not: the channel waits, or goes on without the message.
/// The reason is shown to operators; it must hold no personal data.
pub async fn failed(tx: &mut Tx, channel: &Channel, delivered_ids: &[Uuid], failed: Uuid, reason: &str, retry: Retry) -> Result<()> {
    let row = tx
        .optional(
            "UPDATE store_outbox SET attempts = attempts + 1, reason = $2 WHERE id = $1 AND state = 'open' RETURNING attempts",
            args![failed, reason],
        )
        .await?;
    let Some(row) = row else {
        // settled by whoever held the lease after us
        return delivered(tx, channel, delivered_ids).await;
    };
    let attempts: i64 = row.get("attempts")?;
    let now = Timestamp::now();
    if retry == Retry::Never || attempts >= ATTEMPTS_MAX {
        tracing::error!(message = %failed, to = %channel.to, reason, "a message was set aside as undeliverable");
        tx.execute(
            "UPDATE store_outbox SET state = 'dead', settled_at = $2 WHERE id = $1",
            args![failed, now],
        )
        .await?;
        return delivered(tx, channel, delivered_ids).await;
    }
    settle(tx, delivered_ids).await?;
    tx.execute(
        "UPDATE store_outbox_channel SET lease = NULL, busy_until = $4
         WHERE from_organisation = $1 AND to_organisation = $2 AND lease = $3",
        args![channel.from, channel.to, channel.lease, pause_until(now, attempts)],
    )
    .await?;
    Ok(())
}

async fn settle(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    for id in ids {
        tx.execute(
            "UPDATE store_outbox SET state = 'delivered', settled_at = $2, reason = NULL WHERE id = $1 AND state = 'open'",
            args![id, Timestamp::now()],
        )
        .await?;
    }
    Ok(())
}

/// How many messages wait to be sent, and how many were set aside.
pub async fn counts(q: &mut impl Query) -> Result<(i64, i64)> {
    let row = q
        .one(
            "SELECT (SELECT COUNT(*) FROM store_outbox WHERE state = 'open') AS waiting,
                    (SELECT COUNT(*) FROM store_outbox WHERE state = 'dead') AS dead",
            args![],
        )
        .await?;
    Ok((row.get("waiting")?, row.get("dead")?))
}

/// Puts the messages set aside back into their channels; gives how many.
pub async fn revive(tx: &mut Tx) -> Result<u64> {
    tx.wakes();
    tx.execute(
        "UPDATE store_outbox SET state = 'open', attempts = 0, settled_at = NULL WHERE state = 'dead'",
        args![],
    )
    .await
}

/// Frees every channel at once, for a process that starts alone on its database and knows no other sender lives.
pub async fn free_channels(tx: &mut Tx) -> Result<u64> {
    tx.execute("DELETE FROM store_outbox_channel", args![]).await
}

/// Removes messages delivered before `before`; gives how many.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.execute(
        "DELETE FROM store_outbox WHERE state = 'delivered' AND state <> 'open' AND settled_at < $1",
        args![before],
    )
    .await
}

/// The moment of the next try after `attempts` failures: 1 s doubling to 10 min.
pub(crate) fn pause_until(now: Timestamp, attempts: i64) -> Timestamp {
    let doublings = u32::try_from(attempts.clamp(1, 12) - 1).unwrap_or(0);
    let pause = PAUSE_FIRST.checked_mul(1 << doublings).unwrap_or(PAUSE_MAX).min(PAUSE_MAX);
    now.saturating_add(pause).unwrap_or(now)
}
