//! Rows of recalculations.

use ::store::{Query, Row, Tx, args};
use control::identity::{Actor, Permission};
use standard::{Insurance, Money, Month, Refusal, RegionCode, Timestamp};
use uuid::Uuid;

use super::{RetroLineView, RetroMonth, RetroState, RetroView, not_found};

/// A recalculation as stored.
#[derive(Debug, Clone)]
pub(super) struct Retro {
    pub id: Uuid,
    pub number: i64,
    pub from_month: Month,
    pub to_month: Month,
    pub state: RetroState,
    /// The month at hand.
    pub at_month: Month,
    /// The last employee done of it.
    pub after_employee: Option<Uuid>,
    pub done: i64,
    pub total: i64,
    pub lines: i64,
    pub people: i64,
    pub back: Money,
    pub refund: Money,
    pub law_version: String,
    pub failure: Option<String>,
    pub ran_by: Uuid,
    pub ran_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// What comes out otherwise.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub month: Month,
    pub employee_id: Uuid,
    pub insurance: Insurance,
    pub region: RegionCode,
    pub name: String,
    pub wage: Money,
    pub old: (Money, Money),
    pub new: (Money, Money),
}

impl Line {
    /// (employer, employee): positive is to pay.
    pub(super) fn difference(&self) -> Result<(Money, Money), Refusal> {
        Ok((self.new.0.try_sub(self.old.0)?, self.new.1.try_sub(self.old.1)?))
    }

    pub(super) fn view(self) -> Result<RetroLineView, Refusal> {
        let (employer, employee) = self.difference()?;
        Ok(RetroLineView {
            month: self.month,
            employee_id: self.employee_id,
            name: self.name,
            region: self.region,
            insurance: self.insurance,
            old_employer_fen: self.old.0,
            old_employee_fen: self.old.1,
            new_employer_fen: self.new.0,
            new_employee_fen: self.new.1,
            difference_fen: employer.try_add(employee)?,
        })
    }
}

impl Retro {
    pub(super) fn view(&self, actor: &Actor) -> RetroView {
        let amounts = actor.require(Permission::ContributionView).is_ok();
        let mut allowed = Vec::new();
        if actor.require(Permission::InsuranceFile).is_ok() {
            match self.state {
                RetroState::Waiting | RetroState::Running => allowed.push("cancel".to_string()),
                RetroState::Done if self.lines > 0 => allowed.push("propose".to_string()),
                _ => {}
            }
        }
        RetroView {
            id: self.id,
            number: self.number,
            from_month: self.from_month,
            to_month: self.to_month,
            state: self.state,
            state_name: self.state.zh().to_string(),
            done: self.done,
            total: self.total,
            lines: self.lines,
            people: self.people,
            back_fen: amounts.then_some(self.back),
            refund_fen: amounts.then_some(self.refund),
            law_version: self.law_version.clone(),
            failure: self.failure.clone(),
            ran_at: self.ran_at,
            ended_at: self.ended_at,
            allowed_actions: allowed,
        }
    }
}

fn read(row: &Row) -> Result<Retro, Refusal> {
    Ok(Retro {
        id: row.get("id")?,
        number: row.get("number")?,
        from_month: row.get("from_month")?,
        to_month: row.get("to_month")?,
        state: RetroState::stored(&row.get::<String>("state")?)?,
        at_month: row.get("at_month")?,
        after_employee: row.get("after_employee")?,
        done: row.get("done")?,
        total: row.get("total")?,
        lines: row.get("lines")?,
        people: row.get("people")?,
        back: row.get("back_fen")?,
        refund: row.get("refund_fen")?,
        law_version: row.get("law_version")?,
        failure: row.get("failure")?,
        ran_by: row.get("ran_by")?,
        ran_at: row.get("ran_at")?,
        ended_at: row.get("ended_at")?,
    })
}

/// Stores a recalculation as it is now, new or not.
pub(super) async fn put(tx: &mut Tx, employer_id: Uuid, r: &Retro) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_retro (employer_id, id, number, from_month, to_month, state, at_month, after_employee, done, total, lines,
             people, back_fen, refund_fen, law_version, failure, ran_by, ran_at, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         ON CONFLICT (employer_id, id) DO UPDATE SET state = excluded.state, at_month = excluded.at_month,
             after_employee = excluded.after_employee, done = excluded.done, total = excluded.total, lines = excluded.lines,
             people = excluded.people, back_fen = excluded.back_fen, refund_fen = excluded.refund_fen, failure = excluded.failure,
             ended_at = excluded.ended_at",
        args![
            employer_id,
            r.id,
            r.number,
            r.from_month,
            r.to_month,
            r.state.key(),
            r.at_month,
            r.after_employee,
            r.done,
            r.total,
            r.lines,
            r.people,
            r.back,
            r.refund,
            &r.law_version,
            &r.failure,
            r.ran_by,
            r.ran_at,
            r.ended_at
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn get(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Retro, Refusal> {
    let row = q
        .optional(
            "SELECT * FROM employer_retro WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?
        .ok_or_else(not_found)?;
    read(&row)
}

pub(super) async fn lock(tx: &mut Tx, employer_id: Uuid, id: Uuid) -> Result<Retro, Refusal> {
    tx.lock(&format!("retro:{id}")).await?;
    get(tx, employer_id, id).await
}

pub(super) async fn list(q: &mut impl Query, employer_id: Uuid) -> Result<Vec<Retro>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_retro WHERE employer_id = $1 ORDER BY number DESC LIMIT 100",
            args![employer_id],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// One over the same months that is not over.
pub(super) async fn running(q: &mut impl Query, employer_id: Uuid, from: Month, to: Month) -> Result<Option<Retro>, Refusal> {
    let row = q
        .optional(
            "SELECT * FROM employer_retro WHERE employer_id = $1 AND from_month = $2 AND to_month = $3
                 AND state IN ('waiting', 'running') ORDER BY number DESC LIMIT 1",
            args![employer_id, from, to],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// Accepted lines of the months.
pub(super) async fn count_declared(q: &mut impl Query, employer_id: Uuid, from: Month, to: Month) -> Result<i64, Refusal> {
    let row = q
        .one(
            "SELECT COUNT(*) AS n FROM employer_declaration_line
             WHERE employer_id = $1 AND month >= $2 AND month <= $3 AND state = 'accepted'",
            args![employer_id, from, to],
        )
        .await?;
    row.get("n")
}

pub(super) async fn clear_lines(tx: &mut Tx, employer_id: Uuid, id: Uuid) -> Result<(), Refusal> {
    tx.execute(
        "DELETE FROM employer_retro_line WHERE employer_id = $1 AND retro_id = $2",
        args![employer_id, id],
    )
    .await?;
    Ok(())
}

pub(super) async fn add_lines(tx: &mut Tx, employer_id: Uuid, id: Uuid, lines: &[Line]) -> Result<(), Refusal> {
    let columns = [
        "employer_id",
        "retro_id",
        "month",
        "employee_id",
        "insurance",
        "region",
        "name",
        "wage_fen",
        "old_employer_fen",
        "old_employee_fen",
        "new_employer_fen",
        "new_employee_fen",
    ];
    let mut sink = tx.bulk("employer_retro_line", &columns).await?;
    for line in lines {
        sink.push(args![
            employer_id,
            id,
            line.month,
            line.employee_id,
            line.insurance,
            line.region,
            &line.name,
            line.wage,
            line.old.0,
            line.old.1,
            line.new.0,
            line.new.1
        ])
        .await?;
    }
    sink.finish().await?;
    Ok(())
}

fn read_line(row: &Row) -> Result<Line, Refusal> {
    Ok(Line {
        month: row.get("month")?,
        employee_id: row.get("employee_id")?,
        insurance: row.get("insurance")?,
        region: row.get("region")?,
        name: row.get("name")?,
        wage: row.get("wage_fen")?,
        old: (row.get("old_employer_fen")?, row.get("old_employee_fen")?),
        new: (row.get("new_employer_fen")?, row.get("new_employee_fen")?),
    })
}

/// A page of lines by region, month and person.
pub(super) async fn lines(q: &mut impl Query, employer_id: Uuid, id: Uuid, skip: i64, limit: i64) -> Result<Vec<Line>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_retro_line WHERE employer_id = $1 AND retro_id = $2
             ORDER BY region, month, employee_id, insurance LIMIT $3 OFFSET $4",
            args![employer_id, id, limit, skip],
        )
        .await?;
    rows.iter().map(read_line).collect()
}

const BOTH: &str = "new_employer_fen + new_employee_fen - old_employer_fen - old_employee_fen";

/// What each month comes to.
pub(super) async fn months(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Vec<RetroMonth>, Refusal> {
    let sql = format!(
        "SELECT month, region, COUNT(DISTINCT employee_id) AS people, COALESCE(SUM(CASE WHEN {BOTH} > 0 THEN {BOTH} ELSE 0 END), 0) AS back_fen,
             COALESCE(SUM(CASE WHEN {BOTH} < 0 THEN -({BOTH}) ELSE 0 END), 0) AS refund_fen
         FROM employer_retro_line WHERE employer_id = $1 AND retro_id = $2 GROUP BY month, region ORDER BY region, month"
    );
    let rows = q.all(&sql, args![employer_id, id]).await?;
    rows.iter()
        .map(|row| {
            let region: RegionCode = row.get("region")?;
            Ok(RetroMonth {
                month: row.get("month")?,
                region,
                region_name: region.name().to_string(),
                people: row.get("people")?,
                back_fen: row.get("back_fen")?,
                refund_fen: row.get("refund_fen")?,
            })
        })
        .collect()
}

/// (lines, people, to pay, to get back) of the whole.
pub(super) async fn totals(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<(i64, i64, Money, Money), Refusal> {
    let sql = format!(
        "SELECT COUNT(*) AS n, COUNT(DISTINCT employee_id) AS people, COALESCE(SUM(CASE WHEN {BOTH} > 0 THEN {BOTH} ELSE 0 END), 0) AS back_fen,
             COALESCE(SUM(CASE WHEN {BOTH} < 0 THEN -({BOTH}) ELSE 0 END), 0) AS refund_fen
         FROM employer_retro_line WHERE employer_id = $1 AND retro_id = $2"
    );
    let row = q.one(&sql, args![employer_id, id]).await?;
    Ok((row.get("n")?, row.get("people")?, row.get("back_fen")?, row.get("refund_fen")?))
}
