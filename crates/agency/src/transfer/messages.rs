//! What each message does here. A message that was answered before does nothing; one that fits no docket is refused.

use ::store::Tx;
use control::identity::Actor;
use control::review::{self, Case, MessageCase, Registry, Source, Subject};
use exchange::Message;
use exchange::message::{
    ContactLetter, DeclineKind, InformationForm, Reason, TransferApplication, TransferCompleted, TransferDecline, TransferStep,
};
use serde::Serialize;
use serde_json::Value;
use standard::{Organisation, Refusal, RegionCode, RelationStatus};
use uuid::Uuid;

use super::events::{self, Told};
use super::{Docket, DocketState, Side, TRANSFER_IN, TRANSFER_OUT, TRANSFER_POSTING, documents, money, signed, store};
use crate::enrolment::{self, PersonId};
use crate::inbound::Received;

/// Employer → new region.
pub async fn application(tx: &mut Tx, registry: &Registry, received: &Received, application: TransferApplication) -> Result<(), Refusal> {
    require_region(received, application.to_region)?;
    require_sender(received, Organisation::Employer(application.employer.id))?;
    let known = store::lock(tx, received.region, application.transfer_id).await?;
    if known.as_ref().is_some_and(|docket| docket.round >= i64::from(application.round)) {
        return Ok(());
    }
    let application = signed::keep(tx, received, application).await?;
    let person = PersonId::of(&tx.db().cipher().id_hash(&application.person.id_number));
    let (docket, resubmit) = match known {
        None => (Docket::new(received.region, Side::In, person, application), None),
        Some(docket) => refiled(docket, person, application)?,
    };
    store::save(tx, &docket).await?;
    let form = json(&docket.application)?;
    let case = submit(tx, registry, received, TRANSFER_IN, &docket, resubmit, form).await?;
    // The case may have been returned by the machine, which wrote the docket; take it as it now stands.
    let mut docket = store::take(tx, received.region, docket.transfer_id).await?;
    docket.case_id = Some(case.id);
    docket.due_on = case.due_on;
    store::save(tx, &docket).await?;
    if docket.state == DocketState::Received {
        events::tell(tx, &docket, Told::step(TransferStep::AcceptedNew, None, TransferStep::ContactSent)).await?;
    }
    Ok(())
}

/// A corrected application: the next round of a returned transfer, in its returned case or, where that case took effect
/// already, in a new one.
fn refiled(mut docket: Docket, person: PersonId, application: TransferApplication) -> Result<(Docket, Option<Uuid>), Refusal> {
    let resubmit = match docket.state {
        DocketState::ReturnedHere => docket.case_id,
        DocketState::ReturnedThere => None,
        _ => return Err(not_expected()),
    };
    if (person, application.employer.id, application.insurance) != (docket.person_id, docket.employer_id, docket.insurance)
        || application.from_region != docket.from_region
    {
        return Err(Refusal::conflict(
            "transfer_changed_identity",
            "更正后的申请换了人员、险种或原参保地，请另行发起转移。",
            "The corrected application is about another person, insurance or region; start a new transfer.",
        ));
    }
    docket.round = i64::from(application.round);
    docket.attempt += 1;
    docket.state = DocketState::Received;
    docket.application = application;
    docket.letter = None;
    docket.information = None;
    Ok((docket, resubmit))
}

/// New region → old region.
pub async fn letter(tx: &mut Tx, registry: &Registry, received: &Received, mut letter: ContactLetter) -> Result<(), Refusal> {
    require_region(received, letter.application.from_region)?;
    require_sender(received, Organisation::Agency(letter.application.to_region))?;
    letter.document = None;
    letter.application.document.pdf_base64 = None;
    let known = store::lock(tx, received.region, letter.transfer_id).await?;
    let mut resubmit = None;
    let mut docket = match known {
        None => {
            let person = PersonId::of(&tx.db().cipher().id_hash(&letter.application.person.id_number));
            Docket::new(received.region, Side::Out, person, letter.application.clone())
        }
        Some(docket)
            if docket
                .letter
                .as_ref()
                .is_some_and(|known| known.letter_number == letter.letter_number) =>
        {
            return Ok(());
        }
        Some(docket) if docket.state == DocketState::ReturnedHere => {
            resubmit = docket.case_id;
            Docket {
                round: i64::from(letter.application.round),
                attempt: docket.attempt + 1,
                state: DocketState::Received,
                application: letter.application.clone(),
                information: None,
                declined: None,
                reservation_id: None,
                ..docket
            }
        }
        Some(_) => return Err(not_expected()),
    };
    docket.letter = Some(letter);
    open_out(tx, registry, received, docket, resubmit, Vec::new()).await
}

/// Opens the old region's review of the docket's letter, and tells the employer.
async fn open_out(
    tx: &mut Tx,
    registry: &Registry,
    received: &Received,
    docket: Docket,
    resubmit: Option<Uuid>,
    reasons: Vec<Reason>,
) -> Result<(), Refusal> {
    store::save(tx, &docket).await?;
    let told = Told::step(TransferStep::OldAccepted, None, TransferStep::OldReviewed);
    events::tell(tx, &docket, told.because(reasons)).await?;
    let form = json(&docket.letter)?;
    let case = submit(tx, registry, received, TRANSFER_OUT, &docket, resubmit, form).await?;
    let mut docket = store::take(tx, received.region, docket.transfer_id).await?;
    docket.case_id = Some(case.id);
    docket.due_on = case.due_on;
    store::save(tx, &docket).await
}

/// Old region → new region: the form, and with its notice the money.
pub async fn information(tx: &mut Tx, registry: &Registry, received: &Received, mut form: InformationForm) -> Result<(), Refusal> {
    form.document = None;
    let mut docket = store::take(tx, received.region, form.transfer_id).await?;
    require_sender(received, Organisation::Agency(docket.from_region))?;
    if docket.information.as_ref() == Some(&form) {
        return Ok(());
    }
    if docket.side != Side::In || docket.state != DocketState::LetterSent {
        return Err(not_expected());
    }
    if form.fund_notice.amount_fen.is_negative() {
        return Err(Refusal::conflict(
            "amount_mismatch",
            "付款金额为负。",
            "The amount paid is negative.",
        ));
    }
    docket.state = DocketState::Posting;
    docket.amount = form.fund_notice.amount_fen;
    docket.information = Some(form);
    store::save(tx, &docket).await?;
    money::receive(tx, &Actor::system(docket.office()), &docket).await?;
    let details = serde_json::json!({ "amount_fen": docket.amount });
    events::tell(
        tx,
        &docket,
        Told::step(TransferStep::FundsReceived, None, TransferStep::Completed).details(details),
    )
    .await?;
    let body = json(&docket.information)?;
    let case = submit(tx, registry, received, TRANSFER_POSTING, &docket, docket.posting_case_id, body).await?;
    let mut docket = store::take(tx, received.region, docket.transfer_id).await?;
    docket.posting_case_id = Some(case.id);
    if docket.state == DocketState::Posting {
        docket.due_on = case.due_on;
    }
    store::save(tx, &docket).await
}

/// Employer → new region: the application is taken back. Once the letter is out the transfer goes on, and the employer
/// hears so by its events.
async fn taken_back(tx: &mut Tx, registry: &Registry, received: &Received, mut docket: Docket) -> Result<(), Refusal> {
    require_sender(received, Organisation::Employer(docket.employer_id))?;
    match (docket.side, docket.state, docket.case_id) {
        (Side::In, DocketState::Received | DocketState::ReturnedHere, Some(case_id)) => {
            review::withdraw_from_message(tx, registry, &docket.office(), case_id, &received.source())
                .await
                .map(drop)
        }
        (Side::In, DocketState::ReturnedThere, _) => {
            docket.state = DocketState::Withdrawn;
            docket.due_on = None;
            store::save(tx, &docket).await?;
            let_go(tx, &docket, vec![withdrawn_reason()]).await
        }
        _ => Ok(()),
    }
}

/// New region → old region, where the old region waits for a corrected letter that will not come.
pub(super) async fn let_go(tx: &mut Tx, docket: &Docket, reasons: Vec<Reason>) -> Result<(), Refusal> {
    if docket.declined.is_none() {
        return Ok(());
    }
    let decline = TransferDecline {
        transfer_id: docket.transfer_id,
        by: docket.office(),
        stage: TRANSFER_IN.to_owned(),
        kind: DeclineKind::Refused,
        reasons,
    };
    events::send(tx, docket.office(), docket.counterpart(), &Message::TransferDecline(decline)).await
}

/// Why nothing follows when the employer took its application back.
pub(super) fn withdrawn_reason() -> Reason {
    Reason {
        code: "application_withdrawn".to_owned(),
        text_zh: "用人单位已撤回转移申请".to_owned(),
        text_en: "The employer took the application back".to_owned(),
        remedy_zh: None,
        remedy_en: None,
    }
}

/// Either region → the other, or the employer: it does not go on.
pub async fn declined(tx: &mut Tx, registry: &Registry, received: &Received, decline: TransferDecline) -> Result<(), Refusal> {
    let mut docket = store::take(tx, received.region, decline.transfer_id).await?;
    if matches!(decline.by, Organisation::Employer(_)) {
        return taken_back(tx, registry, received, docket).await;
    }
    require_sender(received, docket.counterpart())?;
    require_sender(received, decline.by)?;
    let last = decline.kind == DeclineKind::Refused;
    match (docket.side, docket.state) {
        (Side::In, DocketState::LetterSent) if decline.stage == TRANSFER_OUT => {
            docket.state = if last { DocketState::Refused } else { DocketState::ReturnedThere };
            docket.due_on = None;
            docket.declined = Some(decline.clone());
            store::save(tx, &docket).await?;
            let step = if last { TransferStep::Refused } else { TransferStep::Returned };
            events::tell(tx, &docket, Told::end(step, None).because(decline.reasons)).await
        }
        (Side::Out, DocketState::FormSent) if decline.stage == TRANSFER_POSTING => {
            money::void(tx, &Actor::system(docket.office()), &docket).await?;
            docket.attempt += 1;
            docket.reservation_id = None;
            docket.information = None;
            docket.due_on = None;
            docket.declined = Some(decline.clone());
            documents::void(tx, &docket).await?;
            if last {
                docket.state = DocketState::Refused;
                return store::save(tx, &docket).await;
            }
            docket.state = DocketState::Received;
            open_out(tx, registry, received, docket, None, decline.reasons).await
        }
        (Side::Out, DocketState::ReturnedHere) if decline.stage == TRANSFER_IN => {
            let case = docket.case_id.ok_or_else(not_expected)?;
            docket.declined = Some(decline);
            docket.state = DocketState::Withdrawn;
            store::save(tx, &docket).await?;
            review::withdraw_from_message(tx, registry, &docket.office(), case, &received.source())
                .await
                .map(drop)
        }
        (_, DocketState::Refused | DocketState::ReturnedThere | DocketState::Received | DocketState::Withdrawn) => Ok(()),
        _ => Err(not_expected()),
    }
}

/// New region → old region: posted there, so let go here.
pub async fn completed(tx: &mut Tx, received: &Received, completed: TransferCompleted) -> Result<(), Refusal> {
    let mut docket = store::take(tx, received.region, completed.transfer_id).await?;
    require_sender(received, Organisation::Agency(docket.to_region))?;
    if docket.state == DocketState::Completed {
        return Ok(());
    }
    if docket.side != Side::Out || docket.state != DocketState::FormSent {
        return Err(not_expected());
    }
    if completed.amount_fen != docket.amount {
        return Err(Refusal::conflict(
            "amount_mismatch",
            "新参保地登账金额与划出金额不一致，请两地核对。",
            "The amount posted differs from the amount sent; both agencies must check.",
        ));
    }
    money::settle(tx, &Actor::system(docket.office()), &docket).await?;
    if let Some(mut relation) = enrolment::find_relation(tx, docket.person_id, docket.region, docket.insurance).await? {
        relation.status = RelationStatus::Terminated;
        enrolment::save_relation(tx, &relation).await?;
    }
    docket.state = DocketState::Completed;
    docket.due_on = None;
    store::save(tx, &docket).await
}

/// Puts a form before the reviewers: into the case that was returned, or a new one.
async fn submit(
    tx: &mut Tx,
    registry: &Registry,
    received: &Received,
    business: &str,
    docket: &Docket,
    returned: Option<Uuid>,
    form: Value,
) -> Result<Case, Refusal> {
    match returned {
        Some(id) => review::resubmit_from_message(tx, registry, &docket.office(), id, form, &received.source()).await,
        None => review::open_from_message(tx, registry, case_of(received, business, docket, form)).await,
    }
}

fn case_of(received: &Received, business: &str, docket: &Docket, form: Value) -> MessageCase {
    let person = &docket.application.person;
    MessageCase {
        owner: docket.office(),
        business: business.to_owned(),
        subject: Subject {
            name: person.name.clone(),
            id_masked: Some(person.id_number.masked()),
            person: Some(docket.person_id.0),
        },
        form,
        source: Source {
            from: received.from,
            message_id: received.message_id,
        },
    }
}

fn json(value: &impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(value).map_err(|error| Refusal::internal(format!("form of a case: {error}")))
}

fn require_region(received: &Received, region: RegionCode) -> Result<(), Refusal> {
    if received.region == region {
        return Ok(());
    }
    Err(Refusal::invalid(standard::Finding::blocking(
        "transfer_wrong_region",
        "该报文应由其他地区的经办机构办理",
        "Another region's agency is responsible for this message",
    )))
}

fn require_sender(received: &Received, sender: Organisation) -> Result<(), Refusal> {
    if received.from == sender {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "transfer_wrong_sender",
        "报文的发送方与业务当事方不符。",
        "The sender is not a party of this transfer.",
    ))
}

fn not_expected() -> Refusal {
    Refusal::conflict(
        "transfer_not_expected",
        "该转移的当前状态不接受这一报文。",
        "The transfer's present state does not take this message.",
    )
}
