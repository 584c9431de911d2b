//! Rows of transfers and their events.

use exchange::message::{Reason, TransferStep};
use serde::Serialize;
use serde::de::DeserializeOwned;
use standard::{Date, Insurance, Money, Refusal, RegionCode, Timestamp};
use store::{Query, Row, Tx, args};
use uuid::Uuid;

use super::TransferState;
use super::form::Form;
use crate::people::store::stale;

const TABLE: &str = "employer_transfer";

/// A transfer as stored. Not `Debug`: its form holds an ID number.
#[derive(Clone)]
pub struct Transfer {
    /// Whose.
    pub employer_id: Uuid,
    /// Key; the transfer's id in every message.
    pub id: Uuid,
    /// 申请编号, running within the employer.
    pub number: i64,
    /// For whom.
    pub employee_id: Uuid,
    /// Their name.
    pub employee_name: String,
    /// Their ID number with its middle hidden.
    pub id_masked: String,
    /// Which insurance.
    pub insurance: Insurance,
    /// The old region.
    pub from_region: RegionCode,
    /// The new region.
    pub to_region: RegionCode,
    /// Months paid in the old region, when the draft was made.
    pub months: i64,
    /// Where it stands.
    pub state: TransferState,
    /// The furthest step of this round.
    pub step: TransferStep,
    /// 1, and one more each time it is filed again.
    pub round: i64,
    /// The form.
    pub form: Form,
    /// The signed document, if the form is signed.
    pub document_id: Option<Uuid>,
    /// Day of application.
    pub applied_on: Option<Date>,
    /// When it was last filed.
    pub filed_at: Option<Timestamp>,
    /// Statutory last day of the step that is due.
    pub due_on: Option<Date>,
    /// The day lies in a year whose days off are not announced.
    pub due_estimated: bool,
    /// What was moved, once completed.
    pub amount_fen: Option<Money>,
    /// When the employee's status was refreshed after completion.
    pub refreshed_at: Option<Timestamp>,
    /// Who drafted it.
    pub created_by: Uuid,
    /// Counts changes.
    pub version: i64,
    /// When drafted.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

/// A step is stored under its message name.
pub(crate) fn step_from(word: &str) -> Result<TransferStep, Refusal> {
    serde_json::from_value(serde_json::Value::String(word.to_string())).map_err(|_| Refusal::internal("a transfer has an unknown step"))
}

fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(Refusal::internal)
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| Refusal::internal(format!("a stored transfer does not read: line {}", error.line())))
}

fn read(cipher: &store::Cipher, row: &Row) -> Result<Transfer, Refusal> {
    let id: Uuid = row.get("id")?;
    let sealed: Vec<u8> = row.get("form_sealed")?;
    let form = cipher.open_text(TABLE, "form_sealed", id, &sealed)?;
    Ok(Transfer {
        employer_id: row.get("employer_id")?,
        id,
        number: row.get("number")?,
        employee_id: row.get("employee_id")?,
        employee_name: row.get("employee_name")?,
        id_masked: row.get("id_masked")?,
        insurance: row.get("insurance")?,
        from_region: row.get("from_region")?,
        to_region: row.get("to_region")?,
        months: row.get("months")?,
        state: TransferState::parse(&row.get::<String>("state")?).ok_or_else(|| Refusal::internal("a transfer has an unknown state"))?,
        step: step_from(&row.get::<String>("step")?)?,
        round: row.get("round")?,
        form: from_json(&form)?,
        document_id: row.get("document_id")?,
        applied_on: row.get("applied_on")?,
        filed_at: row.get("filed_at")?,
        due_on: row.get("due_on")?,
        due_estimated: row.get("due_estimated")?,
        amount_fen: row.get("amount_fen")?,
        refreshed_at: row.get("refreshed_at")?,
        created_by: row.get("created_by")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

/// Writes a new transfer.
pub async fn insert(tx: &mut Tx, t: &Transfer) -> Result<(), Refusal> {
    let form = tx.db().cipher().seal_text(TABLE, "form_sealed", t.id, &to_json(&t.form)?)?;
    tx.execute(
        "INSERT INTO employer_transfer (employer_id, id, number, employee_id, employee_name, id_masked, insurance, from_region,
             to_region, months, state, step, round, form_sealed, due_estimated, created_by, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)",
        args![
            t.employer_id,
            t.id,
            t.number,
            t.employee_id,
            &t.employee_name,
            &t.id_masked,
            t.insurance,
            t.from_region,
            t.to_region,
            t.months,
            t.state.key(),
            t.step.name(),
            t.round,
            form,
            t.due_estimated,
            t.created_by,
            t.version,
            t.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Stores what may change, if nobody changed the row meanwhile; the transfer in hand carries the new version after.
pub async fn update(tx: &mut Tx, t: &mut Transfer) -> Result<(), Refusal> {
    let form = tx.db().cipher().seal_text(TABLE, "form_sealed", t.id, &to_json(&t.form)?)?;
    t.updated_at = control::clock::now();
    let changed = tx
        .execute(
            "UPDATE employer_transfer SET state = $4, step = $5, round = $6, form_sealed = $7, document_id = $8, applied_on = $9,
                 filed_at = $10, due_on = $11, due_estimated = $12, amount_fen = $13, refreshed_at = $14, updated_at = $15,
                 employee_name = $16, version = version + 1
             WHERE employer_id = $1 AND id = $2 AND version = $3",
            args![
                t.employer_id,
                t.id,
                t.version,
                t.state.key(),
                t.step.name(),
                t.round,
                form,
                t.document_id,
                t.applied_on,
                t.filed_at,
                t.due_on,
                t.due_estimated,
                t.amount_fen,
                t.refreshed_at,
                t.updated_at,
                &t.employee_name
            ],
        )
        .await?;
    if changed == 0 {
        return Err(stale());
    }
    t.version += 1;
    Ok(())
}

/// One transfer of the employer.
pub async fn get(q: &mut impl Query, cipher: &store::Cipher, employer_id: Uuid, id: Uuid) -> Result<Transfer, Refusal> {
    find(q, cipher, employer_id, id)
        .await?
        .ok_or_else(|| Refusal::not_found("transfer_not_found", "没有找到该转移申请", "no such transfer"))
}

/// One transfer, if the employer has it.
pub async fn find(q: &mut impl Query, cipher: &store::Cipher, employer_id: Uuid, id: Uuid) -> Result<Option<Transfer>, Refusal> {
    let row = q
        .optional(
            "SELECT * FROM employer_transfer WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?;
    row.map(|row| read(cipher, &row)).transpose()
}

/// One transfer, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, employer_id: Uuid, id: Uuid) -> Result<Transfer, Refusal> {
    tx.lock(&format!("transfer:{id}")).await?;
    let db = tx.db().clone();
    get(tx, db.cipher(), employer_id, id).await
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this state.
    pub state: Option<TransferState>,
    /// Only of this employee.
    pub employee_id: Option<Uuid>,
    /// Only 申请编号 below this one.
    pub below: Option<i64>,
    /// At most so many.
    pub limit: i64,
}

/// Transfers that match, newest first, and how many match in all.
pub async fn list(q: &mut impl Query, cipher: &store::Cipher, employer_id: Uuid, filter: &Filter) -> Result<(Vec<Transfer>, i64), Refusal> {
    let mut args = args![employer_id];
    let mut clause = "employer_id = $1".to_string();
    if let Some(state) = filter.state {
        let n = args.push(state.key());
        clause.push_str(&format!(" AND state = ${n}"));
    }
    if let Some(employee) = filter.employee_id {
        let n = args.push(employee);
        clause.push_str(&format!(" AND employee_id = ${n}"));
    }
    let total = q
        .one(&format!("SELECT COUNT(*) AS n FROM {TABLE} WHERE {clause}"), args.clone())
        .await?
        .get("n")?;
    if let Some(below) = filter.below {
        let n = args.push(below);
        clause.push_str(&format!(" AND number < ${n}"));
    }
    let n = args.push(filter.limit);
    let rows = q
        .all(
            &format!("SELECT * FROM {TABLE} WHERE {clause} ORDER BY number DESC LIMIT ${n}"),
            args,
        )
        .await?;
    Ok((rows.iter().map(|row| read(cipher, row)).collect::<Result<_, _>>()?, total))
}

/// Transfers on their way, soonest due first.
pub async fn due(q: &mut impl Query, cipher: &store::Cipher, employer_id: Uuid, limit: i64) -> Result<Vec<Transfer>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_transfer WHERE employer_id = $1 AND state = 'filed' AND due_on IS NOT NULL ORDER BY due_on, number LIMIT $2",
            args![employer_id, limit],
        )
        .await?;
    rows.iter().map(|row| read(cipher, row)).collect()
}

/// How many transfers stand where.
pub async fn count_by_state(q: &mut impl Query, employer_id: Uuid) -> Result<Vec<(TransferState, i64)>, Refusal> {
    let rows = q
        .all(
            "SELECT state, COUNT(*) AS n FROM employer_transfer WHERE employer_id = $1 GROUP BY state ORDER BY state",
            args![employer_id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let state =
                TransferState::parse(&row.get::<String>("state")?).ok_or_else(|| Refusal::internal("a transfer has an unknown state"))?;
            Ok((state, row.get("n")?))
        })
        .collect()
}

/// One event of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The message's id; a repeated message is the same event.
    pub event_id: Uuid,
    /// Of the application it concerns.
    pub round: i64,
    /// Which step.
    pub step: TransferStep,
    /// When it was taken.
    pub at: Timestamp,
    /// Who took it.
    pub office_name: String,
    /// Of which region.
    pub office_region: Option<RegionCode>,
    /// Where to ask.
    pub office_phone: String,
    /// The handler, surname only.
    pub actor: String,
    /// Statutory last day of the step that follows.
    pub due_on: Option<Date>,
    /// The day lies in a year whose days off are not announced.
    pub due_estimated: bool,
    /// The step that follows.
    pub next: Option<TransferStep>,
    /// Why it was returned or refused.
    pub reasons: Vec<Reason>,
    /// More to show.
    pub details: Option<serde_json::Value>,
}

/// Adds an event; false when the same message was there already.
pub async fn add_event(tx: &mut Tx, employer_id: Uuid, transfer_id: Uuid, e: &Event) -> Result<bool, Refusal> {
    let added = tx
        .execute(
            "INSERT INTO employer_transfer_event (employer_id, transfer_id, event_id, round, step, at, office_name, office_region,
                 office_phone, actor, due_on, due_estimated, next, reasons, details, received_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
             ON CONFLICT (employer_id, transfer_id, event_id) DO NOTHING",
            args![
                employer_id,
                transfer_id,
                e.event_id,
                e.round,
                e.step.name(),
                e.at,
                &e.office_name,
                e.office_region,
                &e.office_phone,
                &e.actor,
                e.due_on,
                e.due_estimated,
                e.next.map(TransferStep::name),
                to_json(&e.reasons)?,
                to_json(&e.details)?,
                control::clock::now()
            ],
        )
        .await?;
    Ok(added == 1)
}

/// The events of a transfer, in the order they happened.
pub async fn events(q: &mut impl Query, employer_id: Uuid, transfer_id: Uuid) -> Result<Vec<Event>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_transfer_event WHERE employer_id = $1 AND transfer_id = $2 ORDER BY round, at, received_at, event_id",
            args![employer_id, transfer_id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Event {
                event_id: row.get("event_id")?,
                round: row.get("round")?,
                step: step_from(&row.get::<String>("step")?)?,
                at: row.get("at")?,
                office_name: row.get("office_name")?,
                office_region: row.get("office_region")?,
                office_phone: row.get("office_phone")?,
                actor: row.get("actor")?,
                due_on: row.get("due_on")?,
                due_estimated: row.get("due_estimated")?,
                next: row.get::<Option<String>>("next")?.map(|word| step_from(&word)).transpose()?,
                reasons: from_json(&row.get::<String>("reasons")?)?,
                details: from_json(&row.get::<String>("details")?)?,
            })
        })
        .collect()
}
