//! Asking the nation again about an employee, and keeping what it says.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::RelationView;
use serde_json::json;
use standard::Refusal;
use store::{Db, Tx};
use uuid::Uuid;

use super::hire::{Hired, state_of};
use super::service::show_fresh;
use super::store as rows;
use super::view::EmployeeState;
use crate::employer_of;
use crate::insurance::preflight::{StatusSource, Subject, Verdict, judge};

/// Asks the nationwide question again for one employee and stores the answer (A24).
pub async fn recheck(actor: &Actor, db: &Db, source: &dyn StatusSource, id: Uuid) -> Result<Hired, Refusal> {
    actor.require(Permission::StatusQuery)?;
    let employer_id = employer_of(actor)?;
    let employee = rows::get(&mut db.read(), employer_id, id).await?;
    let id_number = employee.id_number(db.cipher())?;
    let answer = source.status(&id_number, &employee.name, "参保状态复核").await?;
    let subject = Subject {
        id_number,
        household: employee.household_region,
        target: employee.region,
        hired_on: Some(employee.hired_on),
    };
    let judgment = judge(&subject, &answer, clock::today());
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    store_answer(&mut tx, actor, employer_id, id, judgment.verdict, &answer.relations).await?;
    tx.commit().await?;
    let employee = show_fresh(actor, db, employer_id, id).await?;
    Ok(Hired {
        employee,
        findings: judgment.findings,
    })
}

/// Keeps a fresh nationwide answer. An answer with silent regions keeps what was known of them; a business
/// on its way (transferring, enrolling) keeps its state.
pub(crate) async fn store_answer(
    tx: &mut Tx,
    actor: &Actor,
    employer_id: Uuid,
    id: Uuid,
    verdict: Verdict,
    relations: &[RelationView],
) -> Result<(), Refusal> {
    let now = clock::now();
    let mut employee = rows::get(tx, employer_id, id).await?;
    if verdict != Verdict::Unanswered {
        rows::put_relations(tx, employer_id, id, relations, now).await?;
        employee.checked_at = Some(now);
    }
    let before = employee.state;
    let settled = matches!(
        employee.state,
        EmployeeState::Transferring | EmployeeState::Enrolling | EmployeeState::Insured | EmployeeState::Stopped
    );
    if !settled && verdict != Verdict::Unanswered {
        employee.state = state_of(verdict);
    }
    employee.updated_at = now;
    rows::update(tx, &employee).await?;
    if before != employee.state {
        let (from, to) = (json!({ "state": before }), json!({ "state": employee.state }));
        audit::record(tx, actor, "employee.recheck", "employee", id, Some(from), Some(to)).await?;
    }
    Ok(())
}
