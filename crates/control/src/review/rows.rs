//! The rows of cases. Forms, what stood before and results are stored encrypted.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use standard::{Date, Finding, Organisation, Refusal};
use store::{Db, Query, Row, Tx, args, in_list};
use uuid::Uuid;

use super::case::{Case, Handler, Source, Subject};
use super::state::{CaseState, Stage};
use crate::clock;
use crate::identity::Actor;

const TABLE: &str = "control_case";

/// Columns of a case without what is sealed; lists need no more.
pub(super) const LIGHT: &str = "c.owner, c.id, c.number, c.business, c.subject_name, c.subject_id_masked, c.subject_person, c.state,
    c.level, c.round, c.findings, c.reasons, c.source_from, c.source_message, c.maker, c.maker_name, c.assignee, c.assignee_name,
    c.due_on, c.due_estimated, c.opened_at, c.submitted_at, c.closed_at, c.updated_at, c.version";

pub(super) fn seal(db: &Db, table: &str, column: &str, id: Uuid, value: &Json) -> Result<Vec<u8>, Refusal> {
    db.cipher().seal(table, column, id, value.to_string().as_bytes())
}

pub(super) fn open(db: &Db, table: &str, column: &str, id: Uuid, sealed: &[u8]) -> Result<Json, Refusal> {
    let plain = db.cipher().open(table, column, id, sealed)?;
    serde_json::from_slice(&plain).map_err(Refusal::internal)
}

pub(super) fn json(value: &impl Serialize) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(Refusal::internal)
}

pub(super) fn from_json<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, Refusal> {
    serde_json::from_str(&row.get::<String>(column)?).map_err(Refusal::internal)
}

/// A case without its form, from a row of [`LIGHT`]; its handlers are not loaded.
pub(super) fn light(row: &Row) -> Result<Case, Refusal> {
    let key: String = row.get("state")?;
    let state = CaseState::parse(&key, row.get("level")?).ok_or_else(|| Refusal::internal(format!("unknown case state {key}")))?;
    let from: Option<Organisation> = row.get("source_from")?;
    let message_id: Option<Uuid> = row.get("source_message")?;
    Ok(Case {
        id: row.get("id")?,
        owner: row.get("owner")?,
        number: row.get("number")?,
        business: row.get("business")?,
        subject: Subject {
            name: row.get("subject_name")?,
            id_masked: row.get("subject_id_masked")?,
            person: row.get("subject_person")?,
        },
        state,
        level: state.level(),
        round: row.get("round")?,
        form: Json::Null,
        before: None,
        findings: from_json(row, "findings")?,
        reasons: from_json(row, "reasons")?,
        result: None,
        source: from.zip(message_id).map(|(from, message_id)| Source { from, message_id }),
        maker: row.get("maker")?,
        maker_name: row.get("maker_name")?,
        assignee: row.get("assignee")?,
        assignee_name: row.get("assignee_name")?,
        due_on: row.get("due_on")?,
        due_estimated: row.get("due_estimated")?,
        opened_at: row.get("opened_at")?,
        submitted_at: row.get("submitted_at")?,
        closed_at: row.get("closed_at")?,
        updated_at: row.get("updated_at")?,
        version: row.get("version")?,
        handlers: Vec::new(),
    })
}

/// The whole case, or `case_not_found` when it is not `owner`'s.
pub(super) async fn load(q: &mut dyn Query, db: &Db, owner: &Organisation, id: Uuid) -> Result<Case, Refusal> {
    let sql =
        format!("SELECT {LIGHT}, c.form_sealed, c.before_sealed, c.result_sealed FROM control_case c WHERE c.owner = $1 AND c.id = $2");
    let row = q.optional(&sql, args![owner, id]).await?.ok_or_else(|| {
        Refusal::not_found(
            "case_not_found",
            "没有找到这件业务，或它不属于本机构。",
            "There is no such case in your organisation.",
        )
    })?;
    let mut case = light(&row)?;
    case.form = open(db, TABLE, "form_sealed", id, &row.get::<Vec<u8>>("form_sealed")?)?;
    if let Some(sealed) = row.get::<Option<Vec<u8>>>("before_sealed")? {
        case.before = Some(open(db, TABLE, "before_sealed", id, &sealed)?);
    }
    if let Some(sealed) = row.get::<Option<Vec<u8>>>("result_sealed")? {
        case.result = Some(open(db, TABLE, "result_sealed", id, &sealed)?);
    }
    load_handlers(q, owner, std::slice::from_mut(&mut case)).await?;
    Ok(case)
}

/// Fills in who acted on each of `cases`.
pub(super) async fn load_handlers(q: &mut dyn Query, owner: &Organisation, cases: &mut [Case]) -> Result<(), Refusal> {
    let mut values = args![owner];
    values.extend(cases.iter().map(|case| case.id));
    let sql = format!(
        "SELECT case_id, user_id, stage FROM control_case_handler WHERE owner = $1 AND case_id IN {} ORDER BY case_id, stage",
        in_list(cases.len(), 2)
    );
    for row in q.all(&sql, values).await? {
        let id: Uuid = row.get("case_id")?;
        let handler = Handler {
            user_id: row.get("user_id")?,
            stage: row.get("stage")?,
        };
        if let Some(case) = cases.iter_mut().find(|case| case.id == id) {
            case.handlers.push(handler);
        }
    }
    Ok(())
}

/// Locks the case for the rest of the transaction and loads it.
pub(super) async fn lock(tx: &mut Tx, owner: &Organisation, id: Uuid) -> Result<Case, Refusal> {
    tx.lock(&format!("case:{id}")).await?;
    let db = tx.db().clone();
    load(tx, &db, owner, id).await
}

/// The sort key of cases without a term comes after every date.
fn due_sort(due_on: Option<Date>) -> String {
    due_on.map_or_else(|| "9999-12-31".to_owned(), |date| date.to_string())
}

/// Adds a new case.
pub(super) async fn insert(tx: &mut Tx, case: &Case) -> Result<(), Refusal> {
    let db = tx.db().clone();
    let form = seal(&db, TABLE, "form_sealed", case.id, &case.form)?;
    let before = case
        .before
        .as_ref()
        .map(|value| seal(&db, TABLE, "before_sealed", case.id, value))
        .transpose()?;
    tx.execute(
        "INSERT INTO control_case (owner, id, number, business, subject_name, subject_id_masked, subject_person, state, level, round,
           form_sealed, before_sealed, findings, reasons, source_from, source_message, maker, maker_name, due_sort, due_estimated,
           opened_at, updated_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        args![
            case.owner,
            case.id,
            case.number,
            case.business,
            case.subject.name,
            case.subject.id_masked,
            case.subject.person,
            case.state.key(),
            case.state.level(),
            case.round,
            form,
            before,
            json(&case.findings)?,
            json(&case.reasons)?,
            case.source.as_ref().map(|source| source.from.to_string()),
            case.source.as_ref().map(|source| source.message_id),
            case.maker,
            case.maker_name,
            due_sort(case.due_on),
            case.due_estimated,
            case.opened_at,
            case.updated_at,
            case.version
        ],
    )
    .await?;
    Ok(())
}

/// Writes the case back under the next version. The case must have been locked in this transaction.
pub(super) async fn update(tx: &mut Tx, case: &mut Case) -> Result<(), Refusal> {
    let db = tx.db().clone();
    case.level = case.state.level();
    case.updated_at = clock::now();
    let form = seal(&db, TABLE, "form_sealed", case.id, &case.form)?;
    let result = case
        .result
        .as_ref()
        .map(|value| seal(&db, TABLE, "result_sealed", case.id, value))
        .transpose()?;
    let changed = tx
        .execute(
            "UPDATE control_case SET subject_name = $4, subject_id_masked = $5, subject_person = $6, state = $7, level = $8, round = $9,
               form_sealed = $10, result_sealed = $11, findings = $12, reasons = $13, assignee = $14, assignee_name = $15, due_on = $16,
               due_sort = $17, due_estimated = $18, submitted_at = $19, closed_at = $20, updated_at = $21, version = version + 1
             WHERE owner = $1 AND id = $2 AND version = $3",
            args![
                case.owner,
                case.id,
                case.version,
                case.subject.name,
                case.subject.id_masked,
                case.subject.person,
                case.state.key(),
                case.state.level(),
                case.round,
                form,
                result,
                json(&case.findings)?,
                json(&case.reasons)?,
                case.assignee,
                case.assignee_name,
                case.due_on,
                due_sort(case.due_on),
                case.due_estimated,
                case.submitted_at,
                case.closed_at,
                case.updated_at
            ],
        )
        .await?;
    if changed != 1 {
        return Err(stale());
    }
    case.version += 1;
    Ok(())
}

/// Replaces the findings alone.
pub(super) async fn set_findings(tx: &mut Tx, case: &Case, findings: &[Finding]) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE control_case SET findings = $3 WHERE owner = $1 AND id = $2",
        args![case.owner, case.id, json(&findings)?],
    )
    .await?;
    Ok(())
}

/// The refusal of an act that names another version than the case has.
pub(super) fn stale() -> Refusal {
    Refusal::conflict(
        "stale_version",
        "这件业务刚被他人处理过，请刷新后再操作。",
        "Someone else has just changed this case. Reload and try again.",
    )
}

/// Notes that `actor` held the post `stage` in the case. The table holds one row a person and case, so a second
/// post is refused by the database itself (`same_person`).
pub(super) async fn hold_post(tx: &mut Tx, actor: &Actor, case: &mut Case, stage: Stage) -> Result<(), Refusal> {
    let held = tx
        .execute(
            "INSERT INTO control_case_handler (owner, case_id, user_id, stage, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (owner, case_id, user_id) DO UPDATE SET at = excluded.at WHERE control_case_handler.stage = excluded.stage",
            args![case.owner, case.id, actor.user_id, stage.number(), clock::now()],
        )
        .await?;
    if held == 0 {
        return Err(same_person());
    }
    if !case.handlers.iter().any(|handler| handler.user_id == actor.user_id) {
        case.handlers.push(Handler {
            user_id: actor.user_id,
            stage: stage.number(),
        });
    }
    Ok(())
}

/// The refusal of a second post in one case.
pub(super) fn same_person() -> Refusal {
    Refusal::forbidden(
        "same_person",
        "您已在本业务的其他环节经办，经办与复核须由不同人员办理。",
        "You have already acted at another stage of this case; each stage needs a different person.",
    )
    .remedy("请由其他有权限的人员办理。", "Have another authorised person do it.")
}
