//! The job of a recalculation: page by page, each one transaction with its place, so that a killed worker's successor goes on behind it
//! and nothing is counted twice.

use ::store::{Db, jobs};
use control::identity::Role;
use control::{clock, notice};
use jiff::SignedDuration;
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use standard::{Organisation, Refusal, Text};
use uuid::Uuid;

use super::store::{self, Retro};
use super::{RetroState, step};

/// The queue the worker claims from.
pub const QUEUE: &str = "employer.retro";
/// Lines of one page.
const PAGE: i64 = 2_000;
/// Longest time of one page before another worker may take over.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// A job tried so often is given up.
const ATTEMPTS_MAX: i64 = 5;

/// What a job says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RetroJob {
    /// Whose.
    pub employer_id: Uuid,
    /// Which.
    pub retro_id: Uuid,
}

/// Does at most one recalculation; yields how many jobs were taken.
pub async fn run_jobs(db: &Db, book: &RuleBook) -> Result<usize, Refusal> {
    let mut taken = 0;
    for job in jobs::claim(db, QUEUE, 1, LEASE).await? {
        taken += 1;
        let body: RetroJob = job.body()?;
        let outcome = run(db, book, &job, &body).await;
        let mut tx = db.begin().await?;
        match outcome {
            Ok(()) => drop(jobs::ack(&mut tx, &job).await?),
            // What the law refuses today it refuses at the next try too.
            Err(refusal) if refusal.rule() == "law_not_encoded" || job.attempts >= ATTEMPTS_MAX => {
                fail(&mut tx, &body, &refusal).await?;
                jobs::ack(&mut tx, &job).await?;
            }
            Err(refusal) => {
                tracing::warn!(%refusal, "a recalculation failed and will be tried again");
                jobs::fail(&mut tx, &job, refusal.rule()).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(taken)
}

async fn run(db: &Db, book: &RuleBook, job: &jobs::Job, body: &RetroJob) -> Result<(), Refusal> {
    while one_page(db, book, body).await? {
        let mut tx = db.begin().await?;
        let ours = jobs::extend(&mut tx, job, LEASE).await?;
        tx.commit().await?;
        if !ours {
            return Ok(());
        }
    }
    Ok(())
}

/// One page; false when it is over (done or cancelled).
pub async fn one_page(db: &Db, book: &RuleBook, body: &RetroJob) -> Result<bool, Refusal> {
    let RetroJob { employer_id, retro_id } = *body;
    let mut tx = db.begin().await?;
    let mut retro = store::lock(&mut tx, employer_id, retro_id).await?;
    if retro.state.is_over() {
        return Ok(false);
    }
    retro.state = RetroState::Running;
    let page = step::page(&mut tx, book, employer_id, retro.at_month, retro.after_employee, PAGE).await?;
    let lines = step::differences(&mut tx, book, employer_id, retro.at_month, &page.people).await?;
    store::add_lines(&mut tx, employer_id, retro_id, &lines).await?;
    retro.done += page.people.len() as i64;
    if page.more {
        retro.after_employee = step::last_of(&page.people);
    } else {
        (retro.at_month, retro.after_employee) = (retro.at_month.next(), None);
    }
    let over = retro.at_month > retro.to_month;
    if over {
        finish(&mut tx, employer_id, &mut retro).await?;
    }
    store::put(&mut tx, employer_id, &retro).await?;
    tx.commit().await?;
    Ok(!over)
}

async fn finish(tx: &mut ::store::Tx, employer_id: Uuid, retro: &mut Retro) -> Result<(), Refusal> {
    retro.state = RetroState::Done;
    retro.ended_at = Some(clock::now());
    (retro.lines, retro.people, retro.back, retro.refund) = store::totals(tx, employer_id, retro.id).await?;
    let body = Text::new(
        format!("{} 人，补缴 {} 元，退费 {} 元。", retro.people, retro.back, retro.refund),
        format!("{} people, {} to pay, {} to get back.", retro.people, retro.back, retro.refund),
    );
    let title = Text::new(
        format!("{} 至 {} 追溯重算完成", retro.from_month, retro.to_month),
        format!("The recalculation of {} to {} is done", retro.from_month, retro.to_month),
    );
    let to = Organisation::Employer(employer_id);
    let link = format!("/employer/retro/{}", retro.id);
    notice::send(tx, &to, notice::Audience::Role(Role::HrManager), title, body, Some(&link)).await?;
    Ok(())
}

async fn fail(tx: &mut ::store::Tx, body: &RetroJob, refusal: &Refusal) -> Result<(), Refusal> {
    let mut retro = store::lock(tx, body.employer_id, body.retro_id).await?;
    if retro.state.is_over() {
        return Ok(());
    }
    retro.state = RetroState::Failed;
    retro.ended_at = Some(clock::now());
    retro.failure = refusal.findings.first().map(|finding| finding.message.zh.clone());
    store::clear_lines(tx, body.employer_id, body.retro_id).await?;
    store::put(tx, body.employer_id, &retro).await
}
