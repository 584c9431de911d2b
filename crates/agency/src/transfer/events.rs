//! What leaves an office: events to the employer, messages to the other office and the platform.

use ::store::{IdHash, Tx, outbox};
use control::clock;
use control::identity::Actor;
use control::review;
use exchange::Message;
use exchange::message::{OfficeRef, Reason, TransferEvent, TransferStep};
use serde_json::Value;
use standard::calendar::{Deadline, add_working_days};
use standard::{Organisation, Refusal, RegionCode};

use super::Docket;
use crate::enrolment::office;

/// 国办发〔2009〕66号第八条: fifteen working days a leg.
pub const LEG_WORKING_DAYS: u32 = 15;

/// The last day of a leg that begins today.
pub fn leg_from_today() -> Deadline {
    add_working_days(clock::today(), LEG_WORKING_DAYS)
}

/// Sends `message` from `from` to `to` once the transaction commits.
pub async fn send(tx: &mut Tx, from: Organisation, to: Organisation, message: &Message) -> Result<(), Refusal> {
    let body = message.body_json().to_string();
    outbox::post(tx, &from, &to, message.kind(), &body).await?;
    Ok(())
}

/// One step, as the employer will see it.
pub struct Told<'a> {
    /// The step taken.
    pub step: TransferStep,
    /// Who took it; the system when a machine did.
    pub actor: Option<&'a Actor>,
    /// The term of the step that follows.
    pub term: Option<Deadline>,
    /// The step that follows.
    pub next: Option<TransferStep>,
    /// Why it was returned or refused.
    pub reasons: Vec<Reason>,
    /// More to show.
    pub details: Option<Value>,
}

impl<'a> Told<'a> {
    /// A step taken, with the step that follows within a leg's term.
    pub fn step(step: TransferStep, actor: Option<&'a Actor>, next: TransferStep) -> Self {
        Self {
            step,
            actor,
            term: Some(leg_from_today()),
            next: Some(next),
            reasons: Vec::new(),
            details: None,
        }
    }

    /// The last step, after which nobody waits.
    pub fn end(step: TransferStep, actor: Option<&'a Actor>) -> Self {
        Self {
            step,
            actor,
            term: None,
            next: None,
            reasons: Vec::new(),
            details: None,
        }
    }

    /// With reasons.
    pub fn because(mut self, reasons: Vec<Reason>) -> Self {
        self.reasons = reasons;
        self
    }

    /// With details.
    pub fn details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }
}

/// Tells the employer a step of `docket`.
pub async fn tell(tx: &mut Tx, docket: &Docket, told: Told<'_>) -> Result<(), Refusal> {
    let party = office(tx, docket.region).await?;
    let actor_masked = told.actor.filter(|actor| !actor.is_system()).map(|actor| masked_name(&actor.name));
    let event = TransferEvent {
        transfer_id: docket.transfer_id,
        round: u32::try_from(docket.round).unwrap_or(u32::MAX),
        step: told.step,
        at: clock::now(),
        office: OfficeRef {
            name: party.name,
            region: Some(docket.region),
            phone: Some(party.phone),
            actor_masked,
        },
        deadline: told.term.map(|term| term.date),
        deadline_estimated: told.term.is_some_and(|term| term.estimated),
        next: told.next,
        reasons: told.reasons,
        details: told.details,
    };
    send(
        tx,
        docket.office(),
        Organisation::Employer(docket.employer_id),
        &Message::TransferEvent(event),
    )
    .await
}

/// Tells the platform that `region` knows these persons.
pub async fn tell_directory(tx: &mut Tx, region: RegionCode, added: &[IdHash]) -> Result<(), Refusal> {
    for update in crate::load::directory_updates(region, added) {
        send(
            tx,
            Organisation::Agency(region),
            Organisation::Platform,
            &Message::DirectoryUpdate(update),
        )
        .await?;
    }
    Ok(())
}

/// 张**: the surname tells whom to ask for, the rest is nobody's business.
pub fn masked_name(name: &str) -> String {
    let mut letters = name.chars();
    let Some(first) = letters.next() else { return String::new() };
    format!("{first}{}", "*".repeat(letters.count().clamp(1, 2)))
}

/// A reason of a case as other organisations read it.
pub fn outward(reasons: &[review::Reason]) -> Vec<Reason> {
    reasons
        .iter()
        .map(|reason| Reason {
            code: reason.code.clone(),
            text_zh: reason.text.zh.clone(),
            text_en: reason.text.en.clone(),
            remedy_zh: reason.remedy.as_ref().map(|remedy| remedy.zh.clone()),
            remedy_en: reason.remedy.as_ref().map(|remedy| remedy.en.clone()),
        })
        .collect()
}
