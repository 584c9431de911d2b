//! The employer's background work: rosters to check, statuses to refresh, silent regions to ask again. The server's worker calls this again
//! and again; a job whose worker dies is leased to another after a while.

use control::clock;
use jiff::SignedDuration;
use standard::Refusal;
use store::{Db, jobs};
use uuid::Uuid;

use crate::insurance::preflight::StatusSource;
use crate::insurance::roster::job::{self as roster, RosterJob};
use crate::insurance::transfer::refresh::{self, RefreshJob};
use crate::people::{change, company, unanswered};

/// Longest time one batch of a roster may take before another worker may take the job over.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// Does at most one roster and a few refreshes; yields how many jobs were taken. `source` gives the way to the
/// platform in an employer's name.
pub async fn run_jobs<S: StatusSource>(db: &Db, source: impl Fn(Uuid) -> S) -> Result<usize, Refusal> {
    let mut taken = 0;
    for job in jobs::claim(db, roster::QUEUE, 1, LEASE).await? {
        taken += 1;
        let body: RosterJob = job.body()?;
        let outcome = check_roster(db, &source(body.employer_id), &job, &body).await;
        settle(db, &job, outcome).await?;
    }
    for job in jobs::claim(db, refresh::QUEUE, 8, LEASE).await? {
        taken += 1;
        let body: RefreshJob = job.body()?;
        let outcome = refresh::run(db, &source(body.employer_id), &body).await;
        settle(db, &job, outcome).await?;
    }
    for job in jobs::claim(db, unanswered::QUEUE, 1, LEASE).await? {
        taken += 1;
        let body: unanswered::AskAgain = job.body()?;
        unanswered::run(db, &source(body.employer_id), &job, &body, LEASE).await?;
    }
    Ok(taken)
}

/// Batch by batch, renewing the lease, so that a long roster is not taken over while it is being checked.
async fn check_roster(db: &Db, source: &dyn StatusSource, job: &jobs::Job, body: &RosterJob) -> Result<(), Refusal> {
    while roster::step(db, source, body).await? {
        let mut tx = db.begin().await?;
        let ours = jobs::extend(&mut tx, job, LEASE).await?;
        tx.commit().await?;
        if !ours {
            return Ok(());
        }
    }
    roster::finish(db, body).await
}

async fn settle(db: &Db, job: &jobs::Job, outcome: Result<(), Refusal>) -> Result<(), Refusal> {
    let mut tx = db.begin().await?;
    match outcome {
        Ok(()) => drop(jobs::ack(&mut tx, job).await?),
        Err(refusal) => {
            tracing::warn!(queue = %job.queue, attempts = job.attempts, %refusal, "an employer's job failed and will be tried again");
            jobs::fail(&mut tx, job, refusal.rule()).await?;
        }
    }
    tx.commit().await
}

/// Refreshes whatever status is stale, for every employer here; meant for once a day. Yields how many were asked about.
pub async fn run_daily<S: StatusSource>(db: &Db, source: impl Fn(Uuid) -> S) -> Result<usize, Refusal> {
    let mut asked = 0;
    for employer_id in company::ids(&mut db.read()).await? {
        // Wages and places entered for a later day begin to show on that day.
        let mut tx = db.begin().await?;
        change::refresh(&mut tx, employer_id, None, clock::today()).await?;
        tx.commit().await?;
        asked += refresh::run_stale(db, &source(employer_id), employer_id, 200).await?;
    }
    tracing::info!(asked, at = %clock::now(), "stale statuses refreshed");
    Ok(asked)
}
