//! What the agencies report: each event becomes a row of the timeline and may move the transfer on. A repeated
//! event adds nothing; a late one is shown but never turns the transfer back.

use control::identity::{Actor, Role};
use control::{audit, clock, notice};
use exchange::message::{TransferEvent, TransferStep};
use serde_json::json;
use standard::{Money, Organisation, Refusal, Text};
use store::{Tx, jobs};
use uuid::Uuid;

use super::refresh::{QUEUE, RefreshJob};
use super::store::{self as rows, Event, Transfer};
use super::{TransferState, rank};
use crate::people::store as people;
use crate::people::view::EmployeeState;

/// Takes an event into the timeline. `message_id` is the envelope's.
pub async fn receive(tx: &mut Tx, from: &Organisation, employer_id: Uuid, message_id: Uuid, event: TransferEvent) -> Result<(), Refusal> {
    let mut transfer = rows::lock(tx, employer_id, event.transfer_id).await?;
    require_concerned(from, &transfer)?;
    let row = row_of(message_id, &event);
    if !rows::add_event(tx, employer_id, transfer.id, &row).await? {
        return Ok(());
    }
    if !apply(&mut transfer, &event) {
        return Ok(());
    }
    rows::update(tx, &mut transfer).await?;
    follow_up(tx, &transfer, &event).await?;
    let actor = Actor::system(Organisation::Employer(employer_id));
    let after = json!({ "step": event.step.name(), "state": transfer.state, "from": from.to_string() });
    audit::record(tx, &actor, "transfer.event", "transfer", transfer.id, None, Some(after)).await
}

/// Only the two agencies of a transfer may report on it.
fn require_concerned(from: &Organisation, transfer: &Transfer) -> Result<(), Refusal> {
    let concerned = [Organisation::Agency(transfer.from_region), Organisation::Agency(transfer.to_region)];
    if concerned.contains(from) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "transfer_not_concerned",
        "该机构与此转移申请无关",
        "this organisation has no part in the transfer",
    ))
}

fn row_of(message_id: Uuid, event: &TransferEvent) -> Event {
    Event {
        event_id: message_id,
        round: i64::from(event.round),
        step: event.step,
        at: event.at,
        office_name: event.office.name.clone(),
        office_region: event.office.region,
        office_phone: event.office.phone.clone().unwrap_or_default(),
        actor: event.office.actor_masked.clone().unwrap_or_default(),
        due_on: event.deadline,
        due_estimated: event.deadline_estimated,
        next: event.next,
        reasons: event.reasons.clone(),
        details: event.details.clone(),
    }
}

/// Moves the transfer in memory; false when the event changes nothing.
pub(crate) fn apply(transfer: &mut Transfer, event: &TransferEvent) -> bool {
    let settled = matches!(
        transfer.state,
        TransferState::Completed | TransferState::Confirmed | TransferState::Refused
    );
    if i64::from(event.round) != transfer.round || settled {
        return false;
    }
    match event.step {
        TransferStep::Returned | TransferStep::Refused => {
            // Our own withdrawal comes back as a refusal; it is over already.
            if transfer.state == TransferState::Withdrawn {
                return false;
            }
            let returned = event.step == TransferStep::Returned;
            transfer.state = if returned {
                TransferState::Returned
            } else {
                TransferState::Refused
            };
            transfer.step = event.step;
            transfer.due_on = event.deadline.filter(|_| returned);
            transfer.due_estimated = event.deadline_estimated;
            if returned {
                transfer.round += 1;
                transfer.document_id = None;
            }
            true
        }
        step => advance(transfer, event, step),
    }
}

fn advance(transfer: &mut Transfer, event: &TransferEvent, step: TransferStep) -> bool {
    if rank(step) <= rank(transfer.step) {
        return false;
    }
    // Receipt may cross our withdrawal on its way. A letter sent means the agency was faster: the transfer goes on.
    if transfer.state == TransferState::Withdrawn && step == TransferStep::AcceptedNew {
        return false;
    }
    transfer.state = if step == TransferStep::Completed {
        TransferState::Completed
    } else {
        TransferState::Filed
    };
    transfer.step = step;
    transfer.due_on = event.deadline.filter(|_| step != TransferStep::Completed);
    transfer.due_estimated = event.deadline_estimated;
    let amount = event
        .details
        .as_ref()
        .and_then(|details| details.get("amount_fen"))
        .and_then(serde_json::Value::as_i64);
    transfer.amount_fen = amount.map(Money::from_fen).or(transfer.amount_fen);
    true
}

async fn follow_up(tx: &mut Tx, transfer: &Transfer, event: &TransferEvent) -> Result<(), Refusal> {
    match transfer.state {
        TransferState::Refused => super::draft::back_to_needed(tx, transfer.employer_id, transfer.employee_id).await?,
        TransferState::Filed => {
            let employee = people::get(tx, transfer.employer_id, transfer.employee_id).await?;
            if employee.state == EmployeeState::NeedsTransfer {
                people::set_state(tx, transfer.employer_id, employee.id, EmployeeState::Transferring, clock::now()).await?;
            }
        }
        TransferState::Completed => {
            // The record must not go on saying what was true before the transfer.
            let job = RefreshJob {
                employer_id: transfer.employer_id,
                employee_id: transfer.employee_id,
            };
            jobs::enqueue(tx, QUEUE, Some(&transfer.id.to_string()), &job, clock::now()).await?;
        }
        _ => {}
    }
    tell(tx, transfer, event).await
}

async fn tell(tx: &mut Tx, transfer: &Transfer, event: &TransferEvent) -> Result<(), Refusal> {
    let name = &transfer.employee_name;
    let (from, to) = (transfer.from_region.name(), transfer.to_region.name());
    let title = Text::new(format!("{name}：{}", event.step.zh()), format!("{name}: {}", event.step.en()));
    let reasons_zh: Vec<&str> = event.reasons.iter().map(|reason| reason.text_zh.as_str()).collect();
    let reasons_en: Vec<&str> = event.reasons.iter().map(|reason| reason.text_en.as_str()).collect();
    let body = match event.step {
        TransferStep::Completed => Text::new(
            format!("{name}从{from}到{to}的养老保险关系转移已完成，请确认数据同步。"),
            format!("The pension transfer of {name} from {from} to {to} is completed; please confirm."),
        ),
        TransferStep::Returned => Text::new(
            format!("{name}的转移申请被退回：{}。请补正后重新申报。", reasons_zh.join("；")),
            format!(
                "The application was returned: {}. Correct it and file again.",
                reasons_en.join("; ")
            ),
        ),
        TransferStep::Refused => Text::new(
            format!("{name}的转移申请不予办理：{}。", reasons_zh.join("；")),
            format!("The application was refused: {}.", reasons_en.join("; ")),
        ),
        step => Text::new(
            format!("{name}从{from}到{to}的养老保险关系转移：{}（{}）。", step.zh(), event.office.name),
            format!(
                "Pension transfer of {name} from {from} to {to}: {} ({}).",
                step.en(),
                event.office.name
            ),
        ),
    };
    let link = format!("/employer/transfers/{}", transfer.id);
    let to = Organisation::Employer(transfer.employer_id);
    notice::send(tx, &to, notice::Audience::Role(Role::HrManager), title, body, Some(&link)).await?;
    Ok(())
}
