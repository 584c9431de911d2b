//! What the agencies report: each event becomes a row of the timeline and may move the transfer on. A repeated
//! event adds nothing; a late one is shown but never turns the transfer back. Only the old region's word that the new one
//! sent its form back does so ([`is_set_back`]).

use control::identity::{Actor, Role};
use control::{audit, clock, notice};
use exchange::message::{Reason, TransferEvent, TransferStep};
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
    let events = rows::events(tx, employer_id, transfer.id).await?;
    let leads = leading(&events, transfer.round).is_some_and(|lead| lead.event_id == row.event_id);
    if !apply(&mut transfer, &event, leads) {
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

/// Whether the new region sent the form back, so that the old one handles the transfer once more.
pub(crate) fn is_set_back(step: TransferStep, reasons: &[Reason]) -> bool {
    step == TransferStep::OldAccepted && !reasons.is_empty()
}

/// The event that says where a round stands: the furthest step since it was last set back. Events are in the order of
/// their time, in whatever order they arrived.
fn leading(events: &[Event], round: i64) -> Option<&Event> {
    let on_way = events.iter().filter(|event| event.round == round && rank(event.step).is_some());
    on_way.fold(None, |lead: Option<&Event>, event| {
        let ahead = rank(event.step) > lead.and_then(|lead| rank(lead.step));
        if ahead || is_set_back(event.step, &event.reasons) {
            Some(event)
        } else {
            lead
        }
    })
}

/// Moves the transfer in memory; false when the event changes nothing. `leads` says that it is the furthest of its round.
fn apply(transfer: &mut Transfer, event: &TransferEvent, leads: bool) -> bool {
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
        step if leads => advance(transfer, event, step),
        _ => false,
    }
}

fn advance(transfer: &mut Transfer, event: &TransferEvent, step: TransferStep) -> bool {
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
    let known = transfer.amount_fen.filter(|_| !is_set_back(step, &event.reasons));
    transfer.amount_fen = amount.map(Money::from_fen).or(known);
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

/// The step as people read it.
pub(crate) fn label(step: TransferStep, reasons: &[Reason]) -> Text {
    if is_set_back(step, reasons) {
        return Text::new("新参保地退回，原参保地重新办理", "sent back by the new region, handled again");
    }
    Text::new(step.zh(), step.en())
}

/// Every reason with what to do about it.
fn because(reasons: &[Reason]) -> Text {
    let line = |text: &str, remedy: Option<&String>, open: &str, close: &str| match remedy {
        Some(remedy) => format!("{text}{open}{remedy}{close}"),
        None => text.to_owned(),
    };
    let zh: Vec<String> = reasons
        .iter()
        .map(|one| line(&one.text_zh, one.remedy_zh.as_ref(), "（", "）"))
        .collect();
    let en: Vec<String> = reasons
        .iter()
        .map(|one| line(&one.text_en, one.remedy_en.as_ref(), " (", ")"))
        .collect();
    Text::new(zh.join("；"), en.join("; "))
}

async fn tell(tx: &mut Tx, transfer: &Transfer, event: &TransferEvent) -> Result<(), Refusal> {
    let name = &transfer.employee_name;
    let (from, to) = (transfer.from_region.name(), transfer.to_region.name());
    let label = label(event.step, &event.reasons);
    let title = Text::new(format!("{name}：{}", label.zh), format!("{name}: {}", label.en));
    let why = because(&event.reasons);
    let body = match event.step {
        step if is_set_back(step, &event.reasons) => Text::new(
            format!(
                "{to}退回了{from}发来的信息表和款项：{}。由{from}更正后重新办理，单位无需操作。",
                why.zh
            ),
            format!(
                "{to} sent form and money back to {from}: {}. {from} handles it again; you need do nothing.",
                why.en
            ),
        ),
        TransferStep::Completed => Text::new(
            format!("{name}从{from}到{to}的养老保险关系转移已完成，请确认数据同步；尚未在{to}参保的，确认后请办理参保登记。"),
            format!(
                "The pension transfer of {name} from {from} to {to} is completed; please confirm, and enrol whoever is not enrolled in {to} yet."
            ),
        ),
        TransferStep::Returned => Text::new(
            format!("{name}的转移申请被退回：{}。请补正后重新申报。", why.zh),
            format!("The application was returned: {}. Correct it and file again.", why.en),
        ),
        TransferStep::Refused => Text::new(
            format!("{name}的转移申请不予办理：{}。", why.zh),
            format!("The application was refused: {}.", why.en),
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
