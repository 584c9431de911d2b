//! The same key and the same content give the first answer again; the same key with other content is refused.

use jiff::{SignedDuration, Timestamp};
use standard::Refusal;

use crate::args;
use crate::db::Tx;
use crate::fault::Result;
use crate::query::Query;

/// After this an answer that never came is taken as lost with its process, and the request may be made again.
const LOST_AFTER: SignedDuration = SignedDuration::from_mins(2);

/// What to do with a request that carries a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not seen before: do it, then call [`finish`].
    New,
    /// Done before: give this answer.
    Replay(String),
    /// The key was used for other content: refuse with [`mismatch`].
    Mismatch,
    /// The first request is still running: refuse with [`running`].
    Running,
}

/// Looks the key up within `owner` (a user or an organisation) and takes it when new. `request` is a SHA-256 over
/// method, path and body.
pub async fn begin(tx: &mut Tx, owner: &str, key: &str, request: &[u8; 32]) -> Result<Outcome> {
    let now = Timestamp::now();
    let taken = tx
        .execute(
            "INSERT INTO store_idempotency (owner, key, request, begun_at) VALUES ($1, $2, $3, $4) ON CONFLICT (owner, key) DO NOTHING",
            args![owner, key, request, now],
        )
        .await?;
    if taken == 1 {
        return Ok(Outcome::New);
    }
    let row = tx
        .one(
            "SELECT request, answer FROM store_idempotency WHERE owner = $1 AND key = $2",
            args![owner, key],
        )
        .await?;
    if row.get::<Vec<u8>>("request")? != request {
        return Ok(Outcome::Mismatch);
    }
    if let Some(sealed) = row.get::<Option<Vec<u8>>>("answer")? {
        return tx
            .db()
            .cipher()
            .open_text("store_idempotency", "answer", place(owner, key), &sealed)
            .map(Outcome::Replay);
    }
    let lost = now
        .saturating_sub(LOST_AFTER)
        .map_err(|error| Refusal::internal(error.to_string()))?;
    let retaken = tx
        .execute(
            "UPDATE store_idempotency SET begun_at = $3 WHERE owner = $1 AND key = $2 AND answer IS NULL AND begun_at < $4",
            args![owner, key, now, lost],
        )
        .await?;
    Ok(if retaken == 1 { Outcome::New } else { Outcome::Running })
}

/// Keeps the answer of a key taken by [`begin`], best in the transaction of the effect.
pub async fn finish(tx: &mut Tx, owner: &str, key: &str, answer: &str) -> Result<()> {
    let sealed = tx
        .db()
        .cipher()
        .seal_text("store_idempotency", "answer", place(owner, key), answer)?;
    tx.execute(
        "UPDATE store_idempotency SET answer = $3 WHERE owner = $1 AND key = $2",
        args![owner, key, sealed],
    )
    .await?;
    Ok(())
}

/// Gives the key back after a failure, so that the request may be made again.
pub async fn abandon(tx: &mut Tx, owner: &str, key: &str) -> Result<()> {
    tx.execute(
        "DELETE FROM store_idempotency WHERE owner = $1 AND key = $2 AND answer IS NULL",
        args![owner, key],
    )
    .await?;
    Ok(())
}

/// Frees the keys of requests that never ended, for a process that starts alone on its database: whoever was handling
/// them is dead.
pub async fn free_unanswered(tx: &mut Tx) -> Result<u64> {
    tx.execute("DELETE FROM store_idempotency WHERE answer IS NULL", args![]).await
}

/// Forgets keys begun before `before`; gives how many.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.execute("DELETE FROM store_idempotency WHERE begun_at < $1", args![before]).await
}

/// The refusal of [`Outcome::Mismatch`].
pub fn mismatch() -> Refusal {
    Refusal::conflict(
        "idempotency_mismatch",
        "该幂等键已用于另一请求。请为新的请求换用新的 Idempotency-Key。",
        "This Idempotency-Key was used for a different request. Use a new key for a new request.",
    )
}

/// The refusal of [`Outcome::Running`].
pub fn running() -> Refusal {
    Refusal::conflict(
        "idempotency_running",
        "相同的请求正在处理，请稍后重试。",
        "The same request is still being processed. Try again in a moment.",
    )
}

fn place(owner: &str, key: &str) -> String {
    format!("{owner}\n{key}")
}
