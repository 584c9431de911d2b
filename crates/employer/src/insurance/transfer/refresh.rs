//! Keeping the employee's status true (已办理转移的员工及时更新参保状态): after a completed transfer, and on a schedule
//! for whoever has never had an answer or a stale one.

use control::clock;
use control::identity::Actor;
use serde::{Deserialize, Serialize};
use standard::{Organisation, Refusal, Timestamp};
use store::{Db, Query, args};
use uuid::Uuid;

use crate::insurance::preflight::{StatusSource, Subject, judge};
use crate::people::{recheck, store as people};

/// The queue the server's worker claims from.
pub const QUEUE: &str = "employer.refresh";
/// Why the agencies are asked.
const PURPOSE: &str = "转移后参保状态更新";
/// An answer older than this (days) is asked again.
pub const STALE_DAYS: i64 = 30;

/// What a job says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RefreshJob {
    /// Whose employee.
    pub employer_id: Uuid,
    /// Whom to ask about.
    pub employee_id: Uuid,
}

/// Asks about one employee and stores the answer. Again: the same answer is stored again.
pub async fn run(db: &Db, source: &dyn StatusSource, job: &RefreshJob) -> Result<(), Refusal> {
    let employee = people::get(&mut db.read(), job.employer_id, job.employee_id).await?;
    let id_number = employee.id_number(db.cipher())?;
    let answer = source.status(&id_number, &employee.name, PURPOSE).await?;
    let subject = Subject {
        id_number,
        household: employee.household_region,
        target: employee.region,
        hired_on: Some(employee.hired_on),
    };
    let judgment = judge(&subject, &answer, clock::today());
    let system = Actor::system(Organisation::Employer(job.employer_id));
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{}:people", job.employer_id)).await?;
    recheck::store_answer(
        &mut tx,
        &system,
        job.employer_id,
        job.employee_id,
        judgment.verdict,
        &answer.relations,
    )
    .await?;
    tx.commit().await
}

/// Employees whose stored status is stale: never answered, too old, or older than a completed transfer of theirs.
pub async fn stale(q: &mut impl Query, employer_id: Uuid, now: Timestamp, limit: i64) -> Result<Vec<Uuid>, Refusal> {
    let before = now - jiff::SignedDuration::from_hours(24 * STALE_DAYS);
    let rows = q
        .all(
            "SELECT e.id AS id FROM employer_employee e
             WHERE e.employer_id = $1 AND (e.checked_at IS NULL OR e.checked_at < $2 OR EXISTS (
                 SELECT 1 FROM employer_transfer t WHERE t.employer_id = e.employer_id AND t.employee_id = e.id
                     AND t.state IN ('completed', 'confirmed') AND t.updated_at > e.checked_at AND t.refreshed_at IS NULL))
             ORDER BY e.number LIMIT $3",
            args![employer_id, before, limit],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Refreshes up to `limit` stale employees of an employer; yields how many were asked about. Run on a schedule.
pub async fn run_stale(db: &Db, source: &dyn StatusSource, employer_id: Uuid, limit: i64) -> Result<usize, Refusal> {
    let stale = stale(&mut db.read(), employer_id, clock::now(), limit).await?;
    for employee_id in &stale {
        run(
            db,
            source,
            &RefreshJob {
                employer_id,
                employee_id: *employee_id,
            },
        )
        .await?;
    }
    Ok(stale.len())
}
