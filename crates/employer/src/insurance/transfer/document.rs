//! The application as a PDF: previewed as a draft, then signed with the employer's SM2 key.

use control::document::{AgencyBlock, EmployerBlock, Entry, Mark, PersonBlock, ProxyBlock, Renderer, Template, TransferApplication};
use control::identity::{Actor, Permission};
use control::seal::{self, SealedDocument, SignRequest, VerifyCode};
use control::{audit, clock};
use serde_json::json;
use standard::{Date, Finding, IdNumber, Refusal};
use store::{Db, Tx};
use uuid::Uuid;

use super::form::Form;
use super::store::{self as rows, Transfer};
use super::view::TransferDetail;
use super::{TransferAction, TransferState, permission, require_action};
use crate::employer_of;
use crate::people::company::{self, Company};
use crate::people::store as people;

/// The PDF of a transfer's application: the signed one once signed, a marked draft before. Who may not see whole ID numbers
/// gets a draft with the number masked.
pub async fn application_pdf(actor: &Actor, db: &Db, renderer: &Renderer, id: Uuid) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let mut transfer = rows::get(&mut q, db.cipher(), employer_id, id).await?;
    super::draft::renew(&mut q, db, &mut transfer).await?;
    let mut tx = db.begin().await?;
    audit::access(&mut tx, actor, "transfer.application_pdf", "transfer", id, "查看申请表").await?;
    tx.commit().await?;
    let sees_all = actor.may(Permission::RevealSensitive);
    if let Some(document_id) = transfer.document_id.filter(|_| sees_all) {
        let document = seal::document(db, &actor.organisation, document_id).await?;
        return seal::document_pdf(db, &document).await;
    }
    let mut form = sheet(db, &transfer, clock::today()).await?;
    if !sees_all {
        let employee = people::get(&mut q, employer_id, transfer.employee_id).await?;
        form.person.id_number = Entry::given(employee.id_number(db.cipher())?.masked());
        form.person.phone = Entry::none();
    }
    Ok(renderer.render(&form, Mark::draft()).await?.pdf)
}

/// The PDF of one signed document of a transfer, checked against its digest. It shows the whole ID number.
pub async fn document_pdf(actor: &Actor, db: &Db, id: Uuid, document_id: Uuid) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::InsuranceView)?;
    actor.require(Permission::RevealSensitive)?;
    seal::open_document(actor, db, &[id], document_id, "transfer.document_pdf", "查看办理文件").await
}

/// Signs the form with the record as it is now: SM2 over the SM3 digest of the finished PDF. Required fields that are empty refuse
/// it. The form that is kept and filed is the one in the PDF; what was signed before is void. Signing a signed form changes nothing.
pub async fn sign(
    actor: &Actor,
    db: &Db,
    renderer: &Renderer,
    verify_base: &str,
    id: Uuid,
    version: i64,
) -> Result<TransferDetail, Refusal> {
    actor.require(permission(TransferAction::Sign))?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let mut transfer = rows::get(&mut q, db.cipher(), employer_id, id).await?;
    if transfer.state == TransferState::Signed {
        return super::view::get(actor, db, id).await;
    }
    require_action(actor, &transfer, TransferAction::Sign)?;
    if transfer.version != version {
        return Err(people::stale());
    }
    super::draft::renew(&mut q, db, &mut transfer).await?;
    let missing: Vec<Finding> = transfer.form.missing().into_iter().filter(Finding::is_blocking).collect();
    if !missing.is_empty() {
        return Err(Refusal::invalid_all(missing));
    }
    let company = company::get(&mut q, employer_id).await?;
    let code = VerifyCode::new()?;
    let signed_at = clock::now();
    let applied_on = clock::date_of(signed_at);
    let form = sheet(db, &transfer, applied_on).await?;
    let mark = Mark::sealed(code.as_str(), verify_base, &company.name, signed_at);
    let rendered = renderer.render(&form, mark).await?;
    let signed = transfer;
    let mut tx = db.begin().await?;
    let mut transfer = rows::lock(&mut tx, employer_id, id).await?;
    if transfer.version != version {
        drop(tx);
        // The same click twice: the first one signed while this one rendered.
        return if transfer.state == TransferState::Signed {
            super::view::get(actor, db, id).await
        } else {
            Err(people::stale())
        };
    }
    transfer.form = signed.form;
    transfer.employee_name = signed.employee_name;
    let subject = masked_name(&transfer.employee_name);
    let request = SignRequest {
        code,
        kind: Template::TransferApplication,
        pdf: &rendered.pdf,
        office_name: &company.name,
        subject: &subject,
        reference: Some(id),
        signed_at,
    };
    let document = seal::sign_document(&mut tx, actor, request).await?;
    supersede_earlier(&mut tx, actor, id, &document).await?;
    transfer.document_id = Some(document.id);
    transfer.applied_on = Some(applied_on);
    transfer.state = TransferState::Signed;
    rows::update(&mut tx, &mut transfer).await?;
    let after = json!({ "document": document.id, "digest": document.digest });
    audit::record(&mut tx, actor, "transfer.sign", "transfer", id, None, Some(after)).await?;
    tx.commit().await?;
    super::view::get(actor, db, id).await
}

/// What was signed before is void, and says which document is valid now.
async fn supersede_earlier(tx: &mut Tx, actor: &Actor, id: Uuid, by: &SealedDocument) -> Result<(), Refusal> {
    let code = VerifyCode::parse(&by.code)?.grouped();
    let reason = format!("申请表已重新签署，以校验码 {code} 的文件为准 / Signed again: the valid document has the code {code}");
    seal::supersede_documents(tx, actor, id, Template::TransferApplication, Some(by.id), &reason).await?;
    Ok(())
}

/// 张三 → 张*: enough for the verify page to tell documents apart.
pub(crate) fn masked_name(name: &str) -> String {
    let mut characters = name.chars();
    let first: String = characters.next().into_iter().collect();
    first + "*".repeat(characters.count()).as_str()
}

async fn sheet(db: &Db, transfer: &Transfer, applied_on: Date) -> Result<TransferApplication, Refusal> {
    let mut q = db.read();
    let employee = people::get(&mut q, transfer.employer_id, transfer.employee_id).await?;
    let company = company::get(&mut q, transfer.employer_id).await?;
    let id_number = employee.id_number(db.cipher())?;
    Ok(lay_out(transfer, &id_number, &company, employee.hired_on, applied_on))
}

/// The form as the template takes it.
fn lay_out(transfer: &Transfer, id_number: &IdNumber, company: &Company, hired_on: Date, applied_on: Date) -> TransferApplication {
    let form = &transfer.form;
    TransferApplication {
        number: Entry::given(application_number(transfer, applied_on)),
        applied_on: Entry::date(applied_on),
        person: person_block(form, id_number),
        insurance: required(form, "insurance"),
        transfer_kind: required(form, "transfer_type"),
        direction: required(form, "direction"),
        old_personal_number: required(form, "former_person_number"),
        old_region: required(form, "former_region_name"),
        old_agency: AgencyBlock {
            name: required(form, "former_agency_name"),
            region_code: required(form, "former_region_code"),
            phone: required(form, "former_agency_phone"),
            address: required(form, "former_agency_address"),
            postcode: required(form, "former_agency_postcode"),
            bank_name: Entry::none(),
            bank_number: Entry::none(),
            account_name: Entry::none(),
            account: Entry::none(),
        },
        new_region: Entry::given(transfer.to_region.full_name()),
        new_agency: Entry::given(format!("{}社会保险经办机构", transfer.to_region.name())),
        proxy: ProxyBlock {
            name: optional(form, "agent_name"),
            phone: optional(form, "agent_phone"),
            relation: optional(form, "agent_relation"),
            address: optional(form, "agent_address"),
            postcode: optional(form, "agent_postcode"),
        },
        employer: EmployerBlock {
            name: Entry::given(company.name.clone()),
            number: Entry::none(),
            credit_code: Entry::given(company.credit_code.to_string()),
            contact: Entry::given(company.contact_name.clone()),
            phone: Entry::given(company.contact_phone.clone()),
        },
        hired_on: Entry::date(hired_on),
    }
}

fn person_block(form: &Form, id_number: &IdNumber) -> PersonBlock {
    PersonBlock {
        name: required(form, "name"),
        sex: required(form, "sex"),
        id_kind: required(form, "certificate_type"),
        id_number: Entry::given(id_number.reveal()),
        birth_date: Entry::date(id_number.birth_date()),
        personal_number: optional(form, "person_number"),
        household: optional(form, "household"),
        phone: optional(form, "phone"),
        address: optional(form, "address"),
    }
}

/// 申请编号 as people read it: ZY20261121-0007.
pub(crate) fn application_number(transfer: &Transfer, applied_on: Date) -> String {
    format!(
        "ZY{:04}{:02}{:02}-{:04}",
        applied_on.year(),
        applied_on.month(),
        applied_on.day(),
        transfer.number
    )
}

fn required(form: &Form, key: &str) -> Entry {
    Entry::required(Some(form.value(key)))
}

fn optional(form: &Form, key: &str) -> Entry {
    Entry::optional(Some(form.value(key)))
}
