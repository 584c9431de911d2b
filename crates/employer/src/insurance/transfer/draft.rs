//! Drafting: the form filled from the employee, the company, the nationwide answer and the contact book; then edited.

use std::collections::BTreeMap;

use control::document::Template;
use control::identity::{Actor, Permission};
use control::{audit, clock, seal};
use exchange::message::TransferStep;
use serde_json::json;
use standard::{Finding, Insurance, Refusal, RefusalKind, RegionCode, RelationStatus};
use store::{Db, Query, Tx};
use uuid::Uuid;

use super::form::{Facts, Form, fill};
use super::store::{self as rows, Filter, Transfer};
use super::view::TransferDetail;
use super::{TransferAction, TransferState, permission, require_action};
use crate::insurance::connected;
use crate::insurance::contact::ContactBook;
use crate::people::company::{self, Company};
use crate::people::store::{self as people, Employee};
use crate::people::view::EmployeeState;
use crate::{counter, employer_of};

/// Starts a transfer of an employee's relation from a region: the draft with its form filled. If one is already on
/// its way, that one is the answer: nobody is transferred twice. What HR typed into one that was withdrawn or refused is not
/// typed again.
pub async fn start(
    actor: &Actor,
    db: &Db,
    book: &dyn ContactBook,
    employee_id: Uuid,
    from_region: RegionCode,
    insurance: Insurance,
) -> Result<TransferDetail, Refusal> {
    actor.require(Permission::InsuranceEdit)?;
    let employer_id = employer_of(actor)?;
    if insurance != Insurance::Pension {
        return Err(pension_only(insurance));
    }
    let form = prepare(db, book, employer_id, employee_id, from_region, insurance).await?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employee:{employee_id}")).await?;
    let earlier = earlier_of(&mut tx, employer_id, employee_id, from_region, insurance).await?;
    let id = match earlier.iter().find(|t| !t.state.is_over()) {
        Some(existing) => existing.id,
        None => {
            let form = carried_over(&earlier, form);
            create(&mut tx, actor, employer_id, employee_id, from_region, insurance, form).await?
        }
    };
    tx.commit().await?;
    super::view::get(actor, db, id).await
}

fn pension_only(insurance: Insurance) -> Refusal {
    let kind = insurance.zh();
    Refusal::invalid(
        Finding::blocking(
            "transfer_insurance",
            format!("{kind}保险不通过本申请表转移"),
            format!("{} insurance is not transferred with this form", insurance.name()),
        )
        .field("insurance")
        .remedy(
            "医疗、失业保险请在参保地经办机构办理；工伤、生育保险不转移",
            "ask the agency for medical and unemployment insurance; injury and maternity insurance do not transfer",
        ),
    )
}

/// Reads everything the form is filled from. The contact book may be slow: it is asked outside the transaction.
async fn prepare(
    db: &Db,
    book: &dyn ContactBook,
    employer_id: Uuid,
    employee_id: Uuid,
    from: RegionCode,
    insurance: Insurance,
) -> Result<Form, Refusal> {
    let mut q = db.read();
    let employee = people::get(&mut q, employer_id, employee_id).await?;
    let company = company::get(&mut q, employer_id).await?;
    let id_number = employee.id_number(db.cipher())?;
    let phone = employee.phone(db.cipher())?;
    if from == employee.region {
        return Err(same_region(from));
    }
    connected::check(employee.region)?;
    // A silent contact book leaves fields to fill in; it does not stop a draft.
    let former_agency = match book.agency(from).await {
        Err(refusal) if refusal.kind != RefusalKind::Unavailable => return Err(refusal),
        outcome => outcome.ok().flatten(),
    };
    Ok(fill(&Facts {
        name: &employee.name,
        id_number: &id_number,
        phone: phone.as_deref(),
        household: employee.household_region,
        company: &company,
        former_agency: former_agency.as_ref(),
        insurance,
        from,
        to: employee.region,
    }))
}

fn same_region(region: RegionCode) -> Refusal {
    let name = region.name();
    Refusal::invalid(
        Finding::blocking(
            "transfer_same_region",
            format!("原参保地与新参保地都是{name}，无需转移"),
            format!("both regions are {name}: nothing to transfer"),
        )
        .field("from_region")
        .remedy("请核对员工的参保城市", "check the employee's city of insurance"),
    )
}

/// The transfers of the same relation, newest first.
async fn earlier_of(
    tx: &mut Tx,
    employer_id: Uuid,
    employee_id: Uuid,
    from: RegionCode,
    insurance: Insurance,
) -> Result<Vec<Transfer>, Refusal> {
    let db = tx.db().clone();
    let filter = Filter {
        employee_id: Some(employee_id),
        limit: 100,
        ..Filter::default()
    };
    let (transfers, _) = rows::list(tx, db.cipher(), employer_id, &filter).await?;
    Ok(transfers
        .into_iter()
        .filter(|t| t.from_region == from && t.insurance == insurance)
        .collect())
}

/// The fresh form with what HR typed into the last one that came to nothing.
fn carried_over(earlier: &[Transfer], fresh: Form) -> Form {
    let last = earlier
        .iter()
        .find(|t| matches!(t.state, TransferState::Withdrawn | TransferState::Refused));
    match last {
        Some(last) => {
            let mut form = last.form.clone();
            form.refill(fresh);
            form
        }
        None => fresh,
    }
}

/// The form with the record as it is now. Pure; the contact book is not asked.
pub(crate) fn renewed(db: &Db, transfer: &Transfer, employee: &Employee, company: &Company) -> Result<Form, Refusal> {
    let id_number = employee.id_number(db.cipher())?;
    let phone = employee.phone(db.cipher())?;
    let mut form = transfer.form.clone();
    form.bring_up_to_date(fill(&Facts {
        name: &employee.name,
        id_number: &id_number,
        phone: phone.as_deref(),
        household: employee.household_region,
        company,
        former_agency: None,
        insurance: transfer.insurance,
        from: transfer.from_region,
        to: transfer.to_region,
    }));
    Ok(form)
}

/// Brings the form of an application that is not signed up to date; a signed one shows what was signed.
pub(crate) async fn renew(q: &mut impl Query, db: &Db, transfer: &mut Transfer) -> Result<(), Refusal> {
    if !matches!(transfer.state, TransferState::Draft | TransferState::Returned) {
        return Ok(());
    }
    let employee = people::get(q, transfer.employer_id, transfer.employee_id).await?;
    let company = company::get(q, transfer.employer_id).await?;
    transfer.form = renewed(db, transfer, &employee, &company)?;
    transfer.employee_name = employee.name;
    Ok(())
}

async fn create(
    tx: &mut Tx,
    actor: &Actor,
    employer_id: Uuid,
    employee_id: Uuid,
    from: RegionCode,
    insurance: Insurance,
    form: Form,
) -> Result<Uuid, Refusal> {
    let employee = people::get(tx, employer_id, employee_id).await?;
    let (relations, _) = people::relations(tx, employer_id, employee_id).await?;
    let relation = relations.iter().find(|r| r.region == from && r.insurance == insurance);
    let months = match relation {
        Some(relation) if relation.status == RelationStatus::Terminated => return Err(nothing_there(from)),
        Some(relation) => relation.months,
        None => return Err(nothing_there(from)),
    };
    let now = clock::now();
    let transfer = Transfer {
        employer_id,
        id: Uuid::now_v7(),
        number: counter::take(tx, employer_id, "transfer", 1).await?,
        employee_id,
        employee_name: employee.name.clone(),
        id_masked: employee.id_masked.clone(),
        insurance,
        from_region: from,
        to_region: employee.region,
        months,
        state: TransferState::Draft,
        step: TransferStep::Submitted,
        round: 1,
        form,
        document_id: None,
        applied_on: None,
        filed_at: None,
        due_on: None,
        due_estimated: false,
        amount_fen: None,
        refreshed_at: None,
        created_by: actor.user_id,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rows::insert(tx, &transfer).await?;
    let after = json!({ "employee_id": employee_id, "from": from, "to": employee.region, "insurance": insurance });
    audit::record(tx, actor, "transfer.start", "transfer", transfer.id, None, Some(after)).await?;
    Ok(transfer.id)
}

fn nothing_there(from: RegionCode) -> Refusal {
    let name = from.name();
    Refusal::invalid(
        Finding::blocking(
            "transfer_no_relation",
            format!("全国查询没有发现该员工在{name}有可转移的养老保险关系"),
            format!("the nationwide query found no pension relation to transfer in {name}"),
        )
        .field("from_region")
        .remedy(
            "请重新查询参保状态；如员工确认在该地参保，请联系当地经办机构",
            "ask again; if the person insists, contact that agency",
        )
        .action("recheck"),
    )
}

/// Changes the form. A signed form loses its signature: what was signed is no longer what would be filed.
pub async fn edit(actor: &Actor, db: &Db, id: Uuid, version: i64, typed: &BTreeMap<String, String>) -> Result<TransferDetail, Refusal> {
    actor.require(permission(TransferAction::Edit))?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let mut transfer = rows::lock(&mut tx, employer_id, id).await?;
    require_action(actor, &transfer, TransferAction::Edit)?;
    if transfer.version != version {
        return Err(people::stale());
    }
    let before = transfer.state;
    unsign(&mut tx, actor, &mut transfer, CHANGED_AFTER_SIGNING).await?;
    renew(&mut tx, db, &mut transfer).await?;
    transfer.form.edit(typed).map_err(Refusal::invalid_all)?;
    rows::update(&mut tx, &mut transfer).await?;
    let keys: Vec<&String> = typed.keys().collect();
    audit::record(
        &mut tx,
        actor,
        "transfer.edit",
        "transfer",
        id,
        Some(json!({ "state": before })),
        Some(json!({ "fields": keys })),
    )
    .await?;
    tx.commit().await?;
    super::view::get(actor, db, id).await
}

/// Why a signed application is void when its form was changed; both languages in one line, as anyone who verifies it reads it.
const CHANGED_AFTER_SIGNING: &str = "申请表在签署后有修改，签名作废 / The form was changed after signing: the signature is void";

/// Takes the signature back: what was signed is void from this moment, and verification says so.
pub(crate) async fn unsign(tx: &mut Tx, actor: &Actor, transfer: &mut Transfer, reason: &str) -> Result<(), Refusal> {
    seal::supersede_documents(tx, actor, transfer.id, Template::TransferApplication, None, reason).await?;
    transfer.document_id = None;
    if transfer.state == TransferState::Signed {
        transfer.state = if transfer.round > 1 {
            TransferState::Returned
        } else {
            TransferState::Draft
        };
    }
    Ok(())
}

/// Fills the form again from today's data; what HR typed stays. For a returned form, or when data changed.
pub async fn refill(actor: &Actor, db: &Db, book: &dyn ContactBook, id: Uuid) -> Result<TransferDetail, Refusal> {
    actor.require(permission(TransferAction::Edit))?;
    let employer_id = employer_of(actor)?;
    let known = rows::get(&mut db.read(), db.cipher(), employer_id, id).await?;
    let fresh = prepare(db, book, employer_id, known.employee_id, known.from_region, known.insurance).await?;
    let mut tx = db.begin().await?;
    let mut transfer = rows::lock(&mut tx, employer_id, id).await?;
    require_action(actor, &transfer, TransferAction::Edit)?;
    transfer.form.refill(fresh);
    let employee = people::get(&mut tx, employer_id, transfer.employee_id).await?;
    transfer.employee_name = employee.name;
    unsign(&mut tx, actor, &mut transfer, CHANGED_AFTER_SIGNING).await?;
    rows::update(&mut tx, &mut transfer).await?;
    audit::record(&mut tx, actor, "transfer.refill", "transfer", id, None, None).await?;
    tx.commit().await?;
    super::view::get(actor, db, id).await
}

/// Where an employee stands once a transfer of theirs ended without success.
pub(crate) async fn back_to_needed(tx: &mut Tx, employer_id: Uuid, employee_id: Uuid) -> Result<(), Refusal> {
    let employee = people::get(tx, employer_id, employee_id).await?;
    if employee.state == EmployeeState::Transferring {
        people::set_state(tx, employer_id, employee_id, EmployeeState::NeedsTransfer, clock::now()).await?;
    }
    Ok(())
}
