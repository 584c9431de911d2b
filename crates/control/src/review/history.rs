//! The history of a case: one row an act, only ever added.

use serde::Serialize;
use serde_json::Value as Json;
use standard::{Finding, Refusal, Timestamp};
use store::{Db, Query, Row, Tx, args};
use uuid::Uuid;

use super::case::{Case, Form, Reason};
use super::rows;
use super::state::Act;
use crate::clock;
use crate::identity::{Actor, Permission};

/// One act on a case.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Step {
    /// 1 first.
    pub seq: i64,
    /// The round it belongs to.
    pub round: i64,
    /// What was done.
    pub act: Act,
    /// What was done, in Chinese.
    pub act_name: &'static str,
    /// State after the act.
    pub state: String,
    /// Level of second review after the act.
    pub level: u8,
    /// Who; nil for the system.
    pub user_id: Uuid,
    /// The person's name at the time.
    pub user_name: String,
    /// The person's role at the time.
    pub role: String,
    /// The opinion given.
    pub opinion: Option<String>,
    /// Reasons given.
    pub reasons: Vec<Reason>,
    /// What the machine found.
    pub findings: Vec<Finding>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// What an act adds to the history besides who and when.
#[derive(Default)]
pub(super) struct Entry<'a> {
    pub opinion: Option<&'a str>,
    pub reasons: &'a [Reason],
    pub findings: &'a [Finding],
    /// Whether the form is kept with the row: at every submission.
    pub keep_form: bool,
}

/// Adds the row of `act`, with the state `case` has after it.
pub(super) async fn append(tx: &mut Tx, actor: &Actor, case: &Case, act: Act, entry: Entry<'_>) -> Result<(), Refusal> {
    let id = Uuid::now_v7();
    let form = if entry.keep_form {
        Some(rows::seal(tx.db(), "control_case_step", "form_sealed", id, &case.form)?)
    } else {
        None
    };
    tx.execute(
        "INSERT INTO control_case_step (owner, case_id, seq, id, round, act, state, level, user_id, user_name, role, opinion, reasons, findings, form_sealed, at)
         SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
         FROM control_case_step WHERE owner = $1 AND case_id = $2",
        args![
            case.owner,
            case.id,
            id,
            case.round,
            act.key(),
            case.state.key(),
            case.state.level(),
            actor.user_id,
            actor.name,
            actor.role.key(),
            entry.opinion,
            rows::json(&entry.reasons)?,
            rows::json(&entry.findings)?,
            form,
            clock::now()
        ],
    )
    .await?;
    Ok(())
}

/// The acts on a case of the actor's organisation, oldest first.
pub async fn history(actor: &Actor, db: &Db, id: Uuid) -> Result<Vec<Step>, Refusal> {
    actor.require(Permission::CaseView)?;
    let sql = "SELECT seq, round, act, state, level, user_id, user_name, role, opinion, reasons, findings, at
               FROM control_case_step WHERE owner = $1 AND case_id = $2 ORDER BY seq";
    db.read().all(sql, args![actor.organisation, id]).await?.iter().map(step).collect()
}

fn step(row: &Row) -> Result<Step, Refusal> {
    let act: String = row.get("act")?;
    let act = Act::parse(&act).ok_or_else(|| Refusal::internal(format!("unknown act {act}")))?;
    Ok(Step {
        seq: row.get("seq")?,
        round: row.get("round")?,
        act,
        act_name: act.zh(),
        state: row.get("state")?,
        level: row.get("level")?,
        user_id: row.get("user_id")?,
        user_name: row.get("user_name")?,
        role: row.get("role")?,
        opinion: row.get("opinion")?,
        reasons: rows::from_json(row, "reasons")?,
        findings: rows::from_json(row, "findings")?,
        at: row.get("at")?,
    })
}

/// The form as submitted in the round before the case's present one.
pub(super) async fn previous_form(db: &Db, case: &Case) -> Result<Option<Form>, Refusal> {
    let row = db
        .read()
        .optional(
            "SELECT id, form_sealed FROM control_case_step
             WHERE owner = $1 AND case_id = $2 AND round < $3 AND act = 'submitted' ORDER BY seq DESC LIMIT 1",
            args![case.owner, case.id, case.round],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed: Vec<u8> = row.get("form_sealed")?;
    rows::open(db, "control_case_step", "form_sealed", row.get("id")?, &sealed).map(Some::<Json>)
}
