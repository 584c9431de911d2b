//! 转移已完成，HR 只需确认数据同步: one confirmation, and the employee's record says what the agencies say.

use control::identity::Actor;
use control::{audit, clock};
use exchange::StatusAnswer;
use serde_json::json;
use standard::{Refusal, RefusalKind, RelationStatus};
use store::{Db, Tx};
use uuid::Uuid;

use super::store::{self as rows, Transfer};
use super::view::TransferDetail;
use super::{TransferAction, TransferState, file, permission, require_action};
use crate::employer_of;
use crate::insurance::preflight::StatusSource;
use crate::people::store as people;
use crate::people::view::EmployeeState;

/// Confirms a completed transfer. The nation is asked once more; if it is silent, what the events said stands and the
/// refresh job asks later. Confirming twice changes nothing.
pub async fn confirm(actor: &Actor, db: &Db, source: &dyn StatusSource, id: Uuid) -> Result<TransferDetail, Refusal> {
    actor.require(permission(TransferAction::Confirm))?;
    let employer_id = employer_of(actor)?;
    let known = rows::get(&mut db.read(), db.cipher(), employer_id, id).await?;
    if known.state == TransferState::Confirmed {
        return super::view::get(actor, db, id).await;
    }
    require_action(actor, &known, TransferAction::Confirm)?;
    let answer = fresh(db, source, &known).await?;
    let mut tx = db.begin().await?;
    let mut transfer = rows::lock(&mut tx, employer_id, id).await?;
    require_action(actor, &transfer, TransferAction::Confirm)?;
    transfer.state = TransferState::Confirmed;
    transfer.refreshed_at = answer.is_some().then(clock::now);
    rows::update(&mut tx, &mut transfer).await?;
    let state = update_employee(&mut tx, db, &transfer, answer.as_ref()).await?;
    let after = json!({ "employee_state": state, "amount_fen": transfer.amount_fen });
    audit::record(&mut tx, actor, "transfer.confirm", "transfer", id, None, Some(after)).await?;
    tx.commit().await?;
    super::view::get(actor, db, id).await
}

async fn fresh(db: &Db, source: &dyn StatusSource, transfer: &Transfer) -> Result<Option<StatusAnswer>, Refusal> {
    let employee = people::get(&mut db.read(), transfer.employer_id, transfer.employee_id).await?;
    let id_number = employee.id_number(db.cipher())?;
    match source.status(&id_number, &employee.name, "转移完成确认").await {
        Ok(answer) if answer.unanswered.is_empty() && answer.name_matches => Ok(Some(answer)),
        Ok(_) => Ok(None),
        Err(refusal) if refusal.kind == RefusalKind::Unavailable => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

/// The employee is insured here if the relation is active here; otherwise free to enrol, unless another
/// transfer of theirs is still on its way.
async fn update_employee(tx: &mut Tx, db: &Db, transfer: &Transfer, answer: Option<&StatusAnswer>) -> Result<EmployeeState, Refusal> {
    let (employer_id, employee_id) = (transfer.employer_id, transfer.employee_id);
    let now = clock::now();
    let mut employee = people::get(tx, employer_id, employee_id).await?;
    if let Some(answer) = answer {
        people::put_relations(tx, employer_id, employee_id, &answer.relations, now).await?;
        employee.checked_at = Some(now);
    }
    let (relations, _) = people::relations(tx, employer_id, employee_id).await?;
    let active_here = relations
        .iter()
        .any(|r| r.region == employee.region && r.insurance == transfer.insurance && r.status == RelationStatus::Active);
    let others = file::open_of(tx, db, employer_id, employee_id).await?;
    employee.state = match employee.state {
        EmployeeState::Insured => EmployeeState::Insured,
        _ if active_here => EmployeeState::Insured,
        EmployeeState::Enrolling => EmployeeState::Enrolling,
        _ if others > 0 => EmployeeState::Transferring,
        _ => EmployeeState::Direct,
    };
    employee.updated_at = now;
    people::update(tx, &employee).await?;
    Ok(employee.state)
}
