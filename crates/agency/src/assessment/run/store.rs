//! The rows of runs.

use standard::{Month, Refusal, RegionCode, Timestamp};
use store::{Query, Row, Tx, args};
use uuid::Uuid;

use super::{Run, RunState};

const RUN: &str =
    "SELECT region, run_id, month, state, total_people, people, employers, skipped, employer_fen, employee_fen, surcharge_fen, sent,
        after_employer, reason, started_by, started_at, updated_at, finished_at FROM agency_assessment_run";

fn read(row: &Row) -> Result<Run, Refusal> {
    let state: String = row.get("state")?;
    Ok(Run {
        run_id: row.get("run_id")?,
        region: row.get("region")?,
        month: row.get("month")?,
        state: RunState::parse(&state).ok_or_else(|| Refusal::internal(format!("unknown state of a run {state}")))?,
        total_people: row.get("total_people")?,
        people: row.get("people")?,
        employers: row.get("employers")?,
        skipped: row.get("skipped")?,
        employer_fen: row.get("employer_fen")?,
        employee_fen: row.get("employee_fen")?,
        surcharge_fen: row.get("surcharge_fen")?,
        sent: row.get("sent")?,
        reason: row.get("reason")?,
        started_by: row.get("started_by")?,
        started_at: row.get("started_at")?,
        updated_at: row.get("updated_at")?,
        finished_at: row.get("finished_at")?,
        allowed_actions: Vec::new(),
        after: row.get("after_employer")?,
    })
}

/// A run, if there.
pub(super) async fn find(q: &mut dyn Query, region: RegionCode, run_id: Uuid) -> Result<Option<Run>, Refusal> {
    let sql = format!("{RUN} WHERE region = $1 AND run_id = $2");
    q.optional(&sql, args![region, run_id]).await?.as_ref().map(read).transpose()
}

/// The unfinished run of a region, if there is one.
pub(super) async fn open(q: &mut dyn Query, region: RegionCode) -> Result<Option<Run>, Refusal> {
    let sql = format!("{RUN} WHERE region = $1 AND state IN ('running', 'sending') LIMIT 1");
    q.optional(&sql, args![region]).await?.as_ref().map(read).transpose()
}

/// Runs of a region, newest first, before `cursor`.
pub(super) async fn page(q: &mut dyn Query, region: RegionCode, before: Uuid, limit: i64) -> Result<Vec<Run>, Refusal> {
    let sql = format!("{RUN} WHERE region = $1 AND run_id < $2 ORDER BY run_id DESC LIMIT $3");
    q.all(&sql, args![region, before, limit]).await?.iter().map(read).collect()
}

/// Writes a run, whether new or moved on.
pub(super) async fn put(tx: &mut Tx, run: &Run) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO agency_assessment_run (region, run_id, month, state, total_people, people, employers, skipped, employer_fen,
             employee_fen, surcharge_fen, sent, after_employer, reason, started_by, started_at, updated_at, finished_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         ON CONFLICT (region, run_id) DO UPDATE SET state = excluded.state, total_people = excluded.total_people,
             people = excluded.people, employers = excluded.employers, skipped = excluded.skipped,
             employer_fen = excluded.employer_fen, employee_fen = excluded.employee_fen,
             surcharge_fen = excluded.surcharge_fen, sent = excluded.sent,
             after_employer = excluded.after_employer, reason = excluded.reason, updated_at = excluded.updated_at,
             finished_at = excluded.finished_at",
        args![
            run.region,
            run.run_id,
            run.month,
            run.state.key(),
            run.total_people,
            run.people,
            run.employers,
            run.skipped,
            run.employer_fen,
            run.employee_fen,
            run.surcharge_fen,
            run.sent,
            run.after,
            run.reason,
            run.started_by,
            run.started_at,
            Timestamp::now(),
            run.finished_at
        ],
    )
    .await?;
    Ok(())
}

/// How many people the roll of a region holds in a month.
pub(super) async fn people(q: &mut dyn Query, region: RegionCode, month: Month) -> Result<i64, Refusal> {
    let sql = "SELECT COUNT(*) AS n FROM agency_roll
         WHERE region = $1 AND since_month <= $2 AND (until_month IS NULL OR until_month >= $2)";
    q.one(sql, args![region, month]).await?.get("n")
}
