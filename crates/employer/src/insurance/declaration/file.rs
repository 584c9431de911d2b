//! Filing: every part that is with us goes into the outbox in the transaction that marks it filed.

use std::collections::BTreeMap;

use ::store::{Db, Tx, outbox};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::Message;
use exchange::message::{Declaration as Sent, DeclarationLine, EmployerParty};
use serde_json::json;
use standard::{IdNumber, Organisation, Refusal};
use uuid::Uuid;

use super::DeclarationView;
use super::store::{self, Declaration, Line};
use crate::employer_of;
use crate::insurance::amounts::of_mask;
use crate::insurance::filing::{FilingState, not_with_us, number, refuse_empty};
use crate::insurance::transfer::file::employer_party;
use crate::people::company;
use crate::people::month::id_numbers;

/// Files a declaration with all its parts that are with us; yields every declaration of the region and month. What is filed is not
/// filed again; what was returned is filed as the next round under its own number.
pub async fn file(actor: &Actor, db: &Db, id: Uuid) -> Result<Vec<DeclarationView>, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let known = store::get(&mut db.read(), employer_id, id).await?;
    let (month, region) = (known.month, known.region);
    let mut tx = db.begin().await?;
    tx.lock(&format!("declaration:{employer_id}:{month}:{region}")).await?;
    match store::get(&mut tx, employer_id, id).await?.state {
        FilingState::Filed | FilingState::Accepted => {
            drop(tx);
            return super::list(actor, db, Some(month), Some(region)).await;
        }
        state if !state.is_with_us() => return Err(not_with_us(state)),
        _ => {}
    }
    let parts = store::with_us(&mut tx, employer_id, month, region).await?;
    refuse_empty(parts.iter().map(|part| part.people as usize).sum())?;
    let party = employer_party(&company::get(&mut tx, employer_id).await?);
    let mut people = 0;
    for part in parts.into_iter().filter(|part| part.people > 0) {
        people += part.people;
        file_part(actor, db, &mut tx, employer_id, party.clone(), part).await?;
    }
    let after = json!({ "region": region, "month": month, "people": people });
    audit::record(&mut tx, actor, "declaration.file", "declaration", id, None, Some(after)).await?;
    tx.commit().await?;
    super::list(actor, db, Some(month), Some(region)).await
}

async fn file_part(
    actor: &Actor,
    db: &Db,
    tx: &mut Tx,
    employer_id: Uuid,
    employer: EmployerParty,
    mut part: Declaration,
) -> Result<(), Refusal> {
    let now = clock::now();
    let lines = store::all_lines(tx, employer_id, part.id).await?;
    let people: Vec<Uuid> = lines.iter().map(|line| line.employee_id).collect();
    let numbers = id_numbers(db, tx, employer_id, &people).await?;
    part.round += 1;
    part.state = FilingState::Filed;
    part.reasons.clear();
    (part.filed_at, part.decided_at) = (Some(now), None);
    let message = Message::Declaration(Sent {
        declaration_id: part.id,
        round: number(part.round)?,
        part: number(part.part)?,
        parts: number(part.parts)?,
        employer,
        region: part.region,
        month: part.month,
        industry_class: part.industry_class,
        lines: lines.iter().map(|line| sent(line, &numbers)).collect::<Result<_, _>>()?,
        expected_fen: part.employer_fen.try_add(part.employee_fen)?,
        filed_on: clock::date_of(now),
    });
    let to = Organisation::Agency(part.region);
    outbox::post(tx, &actor.organisation, &to, message.kind(), &message.body_json().to_string()).await?;
    store::put(tx, employer_id, &part).await?;
    store::move_lines(tx, employer_id, part.id, "draft", "filed").await
}

fn sent(line: &Line, numbers: &BTreeMap<Uuid, IdNumber>) -> Result<DeclarationLine, Refusal> {
    Ok(DeclarationLine {
        line: number(line.line)?,
        id_number: numbers
            .get(&line.employee_id)
            .copied()
            .ok_or_else(|| Refusal::internal("an employee without an ID number"))?,
        name: line.name.clone(),
        insurances: of_mask(line.insurances),
        wage_fen: line.base.wage,
        hired_on: line.hired_on,
    })
}
