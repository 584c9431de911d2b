//! Work to do later, enqueued in the transaction that causes it. A claim is a lease: a worker that dies loses it, so a
//! job may run twice and must tolerate that.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use standard::Refusal;
use uuid::Uuid;

use crate::args;
use crate::db::{Db, Tx};
use crate::fault::Result;
use crate::outbox::pause_until;
use crate::query::Query;

/// Tries before a job is set aside as dead: 1 s doubling to 10 min, in all about two hours.
pub const ATTEMPTS_MAX: i64 = 20;

/// A job leased to the caller.
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// The queue it was in.
    pub queue: String,
    /// What makes it unique in its queue, if anything.
    pub key: Option<String>,
    /// Tries so far that failed.
    pub attempts: i64,
    body: Vec<u8>,
    lease: Uuid,
}

impl Job {
    /// What was enqueued.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Refusal::internal(format!("a job of {} does not read: line {}", self.queue, error.line())))
    }
}

/// Adds a job. With a key that is already queued nothing is added and the answer is false.
pub async fn enqueue(tx: &mut Tx, queue: &str, key: Option<&str>, body: &impl Serialize, run_at: Timestamp) -> Result<bool> {
    let id = Uuid::now_v7();
    let body = serde_json::to_vec(body).map_err(|error| Refusal::internal(format!("a job for {queue}: {error}")))?;
    let body = tx.db().cipher().seal("store_job", "body", id, &body)?;
    // a job set aside gives its key back
    let sql = "INSERT INTO store_job (id, queue, key, body, state, attempts, run_at, created_at)
        VALUES ($1, $2, $3, $4, 'open', 0, $5, $6)
        ON CONFLICT (queue, key) DO UPDATE SET id = excluded.id, body = excluded.body, state = 'open', attempts = 0,
            run_at = excluded.run_at, lease = NULL, reason = NULL, created_at = excluded.created_at
        WHERE store_job.state = 'dead'";
    let rows = tx.execute(sql, args![id, queue, key, body, run_at, Timestamp::now()]).await?;
    tx.wakes();
    Ok(rows == 1)
}

/// Leases up to `limit` due jobs of a queue, the longest due first.
pub async fn claim(db: &Db, queue: &str, limit: i64, lease_for: SignedDuration) -> Result<Vec<Job>> {
    let now = Timestamp::now();
    // most polls find nothing and must not take the write lock
    let due = "SELECT id FROM store_job WHERE state = 'open' AND queue = $1 AND run_at <= $2 LIMIT 1";
    if db.read().optional(due, args![queue, now]).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut tx = db.begin().await?;
    let until = now
        .saturating_add(lease_for)
        .map_err(|error| Refusal::internal(error.to_string()))?;
    let lease = Uuid::now_v7();
    let skip = tx.dialect("", " FOR UPDATE SKIP LOCKED");
    let sql = format!(
        "UPDATE store_job SET run_at = $3, lease = $4 WHERE id IN (
             SELECT id FROM store_job WHERE state = 'open' AND queue = $1 AND run_at <= $2 ORDER BY run_at LIMIT $5{skip})
         RETURNING id, key, body, attempts"
    );
    let mut jobs = Vec::new();
    for row in tx.all(&sql, args![queue, now, until, lease, limit]).await? {
        let id: Uuid = row.get("id")?;
        let sealed: Vec<u8> = row.get("body")?;
        jobs.push(Job {
            id,
            queue: queue.into(),
            key: row.get("key")?,
            attempts: row.get("attempts")?,
            body: db.cipher().open("store_job", "body", id, &sealed)?,
            lease,
        });
    }
    tx.commit().await?;
    // version 7 ids are in the order of enqueueing
    jobs.sort_by_key(|job| job.id);
    Ok(jobs)
}

/// The job is done, in the transaction of its effect. False: the lease was lost meanwhile and another worker has or had
/// it; roll back.
pub async fn ack(tx: &mut Tx, job: &Job) -> Result<bool> {
    let rows = tx
        .execute("DELETE FROM store_job WHERE id = $1 AND lease = $2", args![job.id, job.lease])
        .await?;
    Ok(rows == 1)
}

/// Keeps the lease of a long job.
pub async fn extend(tx: &mut Tx, job: &Job, lease_for: SignedDuration) -> Result<bool> {
    let until = Timestamp::now()
        .saturating_add(lease_for)
        .map_err(|error| Refusal::internal(error.to_string()))?;
    let rows = tx
        .execute(
            "UPDATE store_job SET run_at = $3 WHERE id = $1 AND lease = $2",
            args![job.id, job.lease, until],
        )
        .await?;
    Ok(rows == 1)
}

/// The job failed: it runs again later, or is set aside after [`ATTEMPTS_MAX`]. The reason must hold no personal data.
pub async fn fail(tx: &mut Tx, job: &Job, reason: &str) -> Result<()> {
    let attempts = job.attempts + 1;
    let state = if attempts >= ATTEMPTS_MAX { "dead" } else { "open" };
    if state == "dead" {
        tracing::error!(job = %job.id, queue = job.queue, reason, "a job was set aside");
    }
    tx.execute(
        "UPDATE store_job SET attempts = $3, state = $4, reason = $5, run_at = $6, lease = NULL WHERE id = $1 AND lease = $2",
        args![job.id, job.lease, attempts, state, reason, pause_until(Timestamp::now(), attempts)],
    )
    .await?;
    Ok(())
}

/// Frees every leased job at once, for a process that starts alone on its database and knows no other worker lives.
pub(crate) async fn free_leased(tx: &mut Tx) -> Result<()> {
    let sql = "UPDATE store_job SET lease = NULL, run_at = $1 WHERE state = 'open' AND lease IS NOT NULL";
    tx.execute(sql, args![Timestamp::now()]).await?;
    Ok(())
}

/// How many jobs of a queue wait or run.
pub async fn waiting(q: &mut impl Query, queue: &str) -> Result<i64> {
    q.one(
        "SELECT COUNT(*) AS n FROM store_job WHERE state = 'open' AND queue = $1",
        args![queue],
    )
    .await?
    .get("n")
}
