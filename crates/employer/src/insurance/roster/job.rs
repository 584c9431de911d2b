//! The stored job that checks a roster nationwide. Each batch is one transaction; killed between two batches it
//! goes on with the rows that have no verdict, and no row is weighed twice.

use control::identity::Role;
use control::{clock, notice};
use serde::{Deserialize, Serialize};
use standard::{Organisation, Refusal, Text};
use store::Db;
use uuid::Uuid;

use super::check::{self, BATCH};
use super::known;
use super::row::{Row, weigh_row};
use super::store::{self as rows, RowFilter, Stored};
use super::view::{Counts, RosterState};
use crate::insurance::preflight::StatusSource;

/// The queue the server's worker claims from.
pub const QUEUE: &str = "employer.roster";
/// Why the agencies are asked.
pub const PURPOSE: &str = "新员工名单参保核查";

/// What a job says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RosterJob {
    /// Whose roster.
    pub employer_id: Uuid,
    /// Which one.
    pub roster_id: Uuid,
}

/// Checks until every row has a verdict. Doing it again afterwards does nothing.
pub async fn run(db: &Db, source: &dyn StatusSource, job: &RosterJob) -> Result<(), Refusal> {
    loop {
        if !step(db, source, job).await? {
            return finish(db, job).await;
        }
    }
}

/// Checks one batch; false when none was left.
pub async fn step(db: &Db, source: &dyn StatusSource, job: &RosterJob) -> Result<bool, Refusal> {
    let RosterJob { employer_id, roster_id } = *job;
    let mut q = db.read();
    let roster = rows::get(&mut q, employer_id, roster_id).await?;
    let filter = RowFilter {
        open: true,
        limit: BATCH as i64,
        ..RowFilter::default()
    };
    let open = rows::rows(&mut q, db.cipher(), employer_id, roster_id, &filter).await?;
    if open.is_empty() {
        return Ok(false);
    }
    let weighed: Vec<Row> = open
        .into_iter()
        .map(|row| weigh_row(row.raw, &roster.header.layout, clock::today()))
        .collect();
    let mut results = check::check_batch(source, &weighed, clock::today(), PURPOSE).await?;
    known::mark(&mut q, db.cipher(), employer_id, &weighed, &mut results).await?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("roster:{roster_id}")).await?;
    rows::put_results(&mut tx, employer_id, roster_id, &results).await?;
    rows::recount(&mut tx, employer_id, roster_id).await?;
    tx.commit().await?;
    Ok(true)
}

/// Marks a checked roster ready and tells HR, once.
pub async fn finish(db: &Db, job: &RosterJob) -> Result<(), Refusal> {
    let RosterJob { employer_id, roster_id } = *job;
    let mut tx = db.begin().await?;
    tx.lock(&format!("roster:{roster_id}")).await?;
    let roster = rows::get(&mut tx, employer_id, roster_id).await?;
    if roster.state != RosterState::Checking {
        return Ok(());
    }
    let (_, counts) = rows::recount(&mut tx, employer_id, roster_id).await?;
    let state = if roster.created > 0 {
        RosterState::Accepted
    } else {
        RosterState::Ready
    };
    rows::set_state(&mut tx, employer_id, roster_id, state, Some(clock::now())).await?;
    tell(&mut tx, employer_id, &roster, counts).await?;
    tx.commit().await
}

async fn tell(tx: &mut store::Tx, employer_id: Uuid, roster: &Stored, counts: Counts) -> Result<(), Refusal> {
    let Counts {
        direct,
        transfer,
        bad,
        unanswered,
    } = counts;
    let later = if unanswered > 0 {
        format!("，{unanswered} 人待查询")
    } else {
        String::new()
    };
    notice::send(
        tx,
        &Organisation::Employer(employer_id),
        notice::Audience::Role(Role::HrManager),
        Text::new("新员工名单核查完成", "The roster check is done"),
        Text::new(
            format!(
                "《{}》共 {} 人：可直接参保 {direct} 人，需办理转移 {transfer} 人，数据有误 {bad} 人{later}。",
                roster.file_name, roster.total
            ),
            format!(
                "{}: {} people, {direct} direct, {transfer} to transfer, {bad} with errors, {unanswered} unanswered.",
                roster.file_name, roster.total
            ),
        ),
        Some(&format!("/employer/rosters/{}", roster.id)),
    )
    .await?;
    Ok(())
}
