//! Filing: the signed application goes into the outbox in the transaction that marks it filed, so it is sent
//! exactly if it is filed. Withdrawing takes it back until the new agency has sent its contact letter.

use base64::Engine;
use control::identity::Actor;
use control::{audit, clock, seal};
use exchange::Message;
use exchange::message::{
    DeclineKind, EmployerParty, PersonParty, Reason, SignedDocument, TransferApplication, TransferDecline, TransferStep,
};
use serde_json::json;
use standard::{Date, Finding, Insurance, Organisation, Refusal, RegionCode, Text, Timestamp, calendar};
use store::{Db, Query, Tx, outbox};
use uuid::Uuid;

use super::draft::{renewed, unsign};
use super::store::{self as rows, Event, Transfer};
use super::view::TransferDetail;
use super::{LEG_WORKING_DAYS, TransferAction, TransferState, permission, require_action};
use crate::employer_of;
use crate::insurance::connected;
use crate::people::company::{self, Company};
use crate::people::store::{self as people, Employee};
use crate::people::view::EmployeeState;

/// Files the signed application with the new region's agency. Filing what is filed changes nothing.
pub async fn file(actor: &Actor, db: &Db, id: Uuid) -> Result<TransferDetail, Refusal> {
    actor.require(permission(TransferAction::File))?;
    let employer_id = employer_of(actor)?;
    let known = rows::get(&mut db.read(), db.cipher(), employer_id, id).await?;
    if known.state == TransferState::Filed {
        return super::view::get(actor, db, id).await;
    }
    require_action(actor, &known, TransferAction::File)?;
    let document = signed_copy(actor, db, &known).await?;
    let mut tx = db.begin().await?;
    let mut transfer = rows::lock(&mut tx, employer_id, id).await?;
    require_action(actor, &transfer, TransferAction::File)?;
    if transfer.document_id != known.document_id {
        return Err(people::stale());
    }
    let company = company::get(&mut tx, employer_id).await?;
    let employee = people::get(&mut tx, employer_id, transfer.employee_id).await?;
    require_decidable(&transfer)?;
    let changed = transfer.form.differences(&renewed(db, &transfer, &employee, &company)?);
    if !changed.is_empty() {
        return Err(unsigned_again(tx, actor, transfer, &changed).await?);
    }
    let now = clock::now();
    let message = application(db, &transfer, &company, &employee, document, clock::date_of(now))?;
    let to = Organisation::Agency(connected::check(transfer.to_region)?);
    let message_id = outbox::post(&mut tx, &actor.organisation, &to, message.kind(), &message.body_json().to_string()).await?;
    mark_filed(&mut transfer, now);
    rows::add_event(&mut tx, employer_id, id, &submitted(&transfer, &company, actor, message_id, now)).await?;
    rows::update(&mut tx, &mut transfer).await?;
    if employee.state != EmployeeState::Insured {
        people::set_state(&mut tx, employer_id, employee.id, EmployeeState::Transferring, now).await?;
    }
    let after = json!({ "message": message_id, "round": transfer.round });
    audit::record(&mut tx, actor, "transfer.file", "transfer", id, None, Some(after)).await?;
    tx.commit().await?;
    super::view::get(actor, db, id).await
}

/// Without these fields no agency can decide: the form is refused here instead of coming back in a fortnight.
fn require_decidable(transfer: &Transfer) -> Result<(), Refusal> {
    let missing: Vec<Finding> = transfer.form.missing().into_iter().filter(Finding::is_blocking).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid_all(missing))
    }
}

/// The record changed after the signature: what would be decided is no longer what was signed. The signature is void, and the
/// refusal says what changed.
async fn unsigned_again(mut tx: Tx, actor: &Actor, mut transfer: Transfer, changed: &[Text]) -> Result<Refusal, Refusal> {
    let zh: Vec<&str> = changed.iter().map(|label| label.zh.as_str()).collect();
    let en: Vec<&str> = changed.iter().map(|label| label.en.as_str()).collect();
    let (zh, en) = (zh.join("、"), en.join(", "));
    let reason = format!("签署后档案有变动（{zh}），签名作废 / The record changed after signing ({en}): the signature is void");
    unsign(&mut tx, actor, &mut transfer, &reason).await?;
    rows::update(&mut tx, &mut transfer).await?;
    let after = json!({ "fields": en });
    audit::record(&mut tx, actor, "transfer.unsign", "transfer", transfer.id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(Refusal::conflict(
        "transfer_form_changed",
        format!("签名后档案有变动：{zh}。已签的申请表作废，尚未提交"),
        format!("the record changed after signing: {en}. The signed application is void and was not filed"),
    )
    .remedy("请核对申请表后重新签名，再提交", "check the application, sign it again and file it"))
}

fn mark_filed(transfer: &mut Transfer, now: Timestamp) {
    let due = calendar::add_working_days(clock::date_of(now), LEG_WORKING_DAYS);
    transfer.state = TransferState::Filed;
    transfer.step = TransferStep::Submitted;
    transfer.filed_at = Some(now);
    transfer.due_on = Some(due.date);
    transfer.due_estimated = due.estimated;
}

/// The signed PDF as the message carries it.
async fn signed_copy(actor: &Actor, db: &Db, transfer: &Transfer) -> Result<SignedDocument, Refusal> {
    let document_id = transfer
        .document_id
        .ok_or_else(|| Refusal::internal("a signed transfer without a document"))?;
    let document = seal::document(db, &actor.organisation, document_id).await?;
    let pdf = seal::document_pdf(db, &document).await?;
    Ok(SignedDocument {
        verify_code: document.code,
        digest: document.digest,
        signature: document.signature,
        public_key: document.public_key,
        pdf_base64: Some(base64::engine::general_purpose::STANDARD.encode(pdf)),
    })
}

/// The employer as messages name it.
pub(crate) fn employer_party(company: &Company) -> EmployerParty {
    EmployerParty {
        id: company.employer_id,
        name: company.name.clone(),
        credit_code: company.credit_code,
        contact: company.contact_name.clone(),
        phone: company.contact_phone.clone(),
    }
}

/// The person as messages name them.
pub(crate) fn person_party(db: &Db, employee: &Employee) -> Result<PersonParty, Refusal> {
    let id_number = employee.id_number(db.cipher())?;
    Ok(PersonParty {
        name: employee.name.clone(),
        sex: id_number.sex(),
        birth_date: id_number.birth_date(),
        id_number,
        phone: employee.phone(db.cipher())?,
        household_region: employee.household_region,
    })
}

fn application(
    db: &Db,
    transfer: &Transfer,
    company: &Company,
    employee: &Employee,
    document: SignedDocument,
    applied_on: Date,
) -> Result<Message, Refusal> {
    let person = person_party(db, employee)?;
    let form = transfer
        .form
        .to_message(&person.id_number, transfer.insurance, transfer.from_region);
    Ok(Message::TransferApplication(TransferApplication {
        transfer_id: transfer.id,
        round: u32::try_from(transfer.round).map_err(Refusal::internal)?,
        employer: employer_party(company),
        person,
        insurance: transfer.insurance,
        from_region: transfer.from_region,
        to_region: transfer.to_region,
        form,
        document,
        applied_on: transfer.applied_on.unwrap_or(applied_on),
    }))
}

/// The first event of the timeline is ours: filed, by whom, and the new agency's fifteen working days begin.
fn submitted(transfer: &Transfer, company: &Company, actor: &Actor, message_id: Uuid, at: Timestamp) -> Event {
    Event {
        event_id: message_id,
        round: transfer.round,
        step: TransferStep::Submitted,
        at,
        office_name: company.name.clone(),
        office_region: None,
        office_phone: company.contact_phone.clone(),
        actor: actor.name.clone(),
        due_on: transfer.due_on,
        due_estimated: transfer.due_estimated,
        next: Some(TransferStep::AcceptedNew),
        reasons: Vec::new(),
        details: None,
    }
}

/// Why the signed application of a withdrawn transfer is void. One that is with the agency stays as it was signed: the agency may
/// have been faster, and then the transfer goes on.
const WITHDRAWN: &str = "申请已撤回 / The application was withdrawn";

/// Takes a transfer back: a draft at once, a filed one only until the new agency has sent its contact letter. Again: no change.
pub async fn withdraw(actor: &Actor, db: &Db, id: Uuid, reason: Option<&str>) -> Result<TransferDetail, Refusal> {
    actor.require(permission(TransferAction::Withdraw))?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let mut transfer = rows::lock(&mut tx, employer_id, id).await?;
    if transfer.state == TransferState::Withdrawn {
        drop(tx);
        return super::view::get(actor, db, id).await;
    }
    require_action(actor, &transfer, TransferAction::Withdraw)?;
    let with_agency = transfer.filed_at.is_some();
    if with_agency {
        tell_agency(&mut tx, actor, &transfer, reason).await?;
    }
    let before = transfer.state;
    if before != TransferState::Filed {
        unsign(&mut tx, actor, &mut transfer, WITHDRAWN).await?;
    }
    transfer.state = TransferState::Withdrawn;
    transfer.due_on = None;
    rows::update(&mut tx, &mut transfer).await?;
    super::draft::back_to_needed(&mut tx, employer_id, transfer.employee_id).await?;
    audit::record(
        &mut tx,
        actor,
        "transfer.withdraw",
        "transfer",
        id,
        Some(json!({ "state": before })),
        Some(json!({ "reason": reason })),
    )
    .await?;
    tx.commit().await?;
    super::view::get(actor, db, id).await
}

async fn tell_agency(tx: &mut Tx, actor: &Actor, transfer: &Transfer, reason: Option<&str>) -> Result<(), Refusal> {
    let text = reason.map(str::trim).filter(|text| !text.is_empty()).unwrap_or("用人单位撤回申请");
    let message = Message::TransferDecline(TransferDecline {
        transfer_id: transfer.id,
        by: actor.organisation,
        stage: "application".to_string(),
        kind: DeclineKind::Refused,
        reasons: vec![Reason {
            code: "withdrawn".to_string(),
            text_zh: text.chars().take(200).collect(),
            text_en: "withdrawn by the employer".to_string(),
            remedy_zh: None,
            remedy_en: None,
        }],
    });
    let to = Organisation::Agency(transfer.to_region);
    outbox::post(tx, &actor.organisation, &to, message.kind(), &message.body_json().to_string()).await?;
    Ok(())
}

/// How many open transfers an employee has; a person may have one for each old region.
pub(crate) async fn open_of(q: &mut impl Query, db: &Db, employer_id: Uuid, employee_id: Uuid) -> Result<usize, Refusal> {
    Ok(open_relations(q, db, employer_id, employee_id).await?.len())
}

/// The relations of an employee that are being transferred.
pub(crate) async fn open_relations(
    q: &mut impl Query,
    db: &Db,
    employer_id: Uuid,
    employee_id: Uuid,
) -> Result<Vec<(RegionCode, Insurance)>, Refusal> {
    let filter = rows::Filter {
        employee_id: Some(employee_id),
        limit: 100,
        ..rows::Filter::default()
    };
    let (transfers, _) = rows::list(q, db.cipher(), employer_id, &filter).await?;
    Ok(transfers
        .iter()
        .filter(|t| !t.state.is_over())
        .map(|t| (t.from_region, t.insurance))
        .collect())
}
