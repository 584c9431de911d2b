//! Cases opened, corrected and taken back by received messages, without a human maker.

use standard::{Organisation, Refusal};
use store::{Query, Tx, args};
use uuid::Uuid;

use super::actions::wrong_state;
use super::business::Registry;
use super::case::{Case, Form, NewCase, Source, Subject};
use super::check;
use super::history::{self, Entry};
use super::make;
use super::rows;
use super::state::{Act, CaseState};
use crate::identity::Actor;

/// What a received message asks for.
#[derive(Clone, Debug)]
pub struct MessageCase {
    /// The organisation that handles it.
    pub owner: Organisation,
    /// Key of the business.
    pub business: String,
    /// Whom it is about.
    pub subject: Subject,
    /// What is filed.
    pub form: Form,
    /// The message.
    pub source: Source,
}

/// Opens a case for a received message and checks its accuracy at once: the answer is in compliance, or returned
/// (and the business' `returned` has answered the sender). The same message gives the first answer again.
pub async fn open_from_message(tx: &mut Tx, registry: &Registry, message: MessageCase) -> Result<Case, Refusal> {
    let actor = sender(&message.owner, &message.source);
    tx.lock(&format!("case-message:{}", message.source.message_id)).await?;
    if let Some(id) = known(tx, &message).await? {
        return rows::lock(tx, &message.owner, id).await;
    }
    let new = NewCase {
        business: message.business,
        subject: message.subject,
        form: message.form,
        before: None,
    };
    let mut case = make::open(&actor, tx, registry, new, Some(message.source)).await?;
    let business = registry.get(&case.business)?;
    check::submit(tx, business, &actor, &mut case).await?;
    make::record(tx, &actor, "case.open", None, &case).await?;
    Ok(case)
}

async fn known(tx: &mut Tx, message: &MessageCase) -> Result<Option<Uuid>, Refusal> {
    tx.optional(
        "SELECT id FROM control_case WHERE owner = $1 AND business = $2 AND source_message = $3",
        args![message.owner, message.business, message.source.message_id],
    )
    .await?
    .map(|row| row.get("id"))
    .transpose()
}

/// Puts a corrected form from the sender into a returned case and submits it again, as its next round.
pub async fn resubmit_from_message(
    tx: &mut Tx,
    registry: &Registry,
    owner: &Organisation,
    id: Uuid,
    form: Form,
    source: &Source,
) -> Result<Case, Refusal> {
    let actor = sender(owner, source);
    let mut case = rows::lock(tx, owner, id).await?;
    if case.source.as_ref().is_none_or(|first| first.from != source.from) || case.state != CaseState::Returned {
        return Err(wrong_state(&case));
    }
    let before = make::summary(&case);
    case.form = form;
    case.round += 1;
    history::append(tx, &actor, &case, Act::Edited, Entry::default()).await?;
    let business = registry.get(&case.business)?;
    check::submit(tx, business, &actor, &mut case).await?;
    make::record(tx, &actor, "case.resubmit", Some(before), &case).await?;
    Ok(case)
}

/// Takes back a case whose sender withdrew it, before it takes effect.
pub async fn withdraw_from_message(
    tx: &mut Tx,
    registry: &Registry,
    owner: &Organisation,
    id: Uuid,
    source: &Source,
) -> Result<Case, Refusal> {
    let actor = sender(owner, source);
    let case = rows::lock(tx, owner, id).await?;
    if case.source.as_ref().is_none_or(|first| first.from != source.from) || case.state.is_closed() {
        return Err(wrong_state(&case));
    }
    make::take_back(&actor, tx, registry, case, None).await
}

/// The system acting for `owner`, named after who sent the message.
fn sender(owner: &Organisation, source: &Source) -> Actor {
    Actor {
        name: format!("系统（{}）", source.from),
        ..Actor::system(*owner)
    }
}
