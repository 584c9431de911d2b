//! Transfers as the screen shows them: lists, and one with its form, timeline, documents and actions.

use control::clock;
use control::identity::{Actor, Field, Permission, Visibility};
use control::seal;
use exchange::message::TransferStep;
use serde::Serialize;
use standard::{Date, Finding, Insurance, Money, Refusal, RegionCode, Text, Timestamp, calendar};
use store::Db;
use utoipa::ToSchema;
use uuid::Uuid;

use super::form::FieldView;
use super::store::{self as rows, Event, Filter, Transfer};
use super::timeline::{self, TimelineItem};
use super::{TransferAction, TransferState, allowed_actions};
use crate::employer_of;
use crate::insurance::contact::{AgencyContact, ContactBook};
use crate::people::service::read_cursor;

/// A transfer in a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TransferSummary {
    /// Key.
    pub id: Uuid,
    /// 申请编号.
    pub number: i64,
    /// For whom.
    pub employee_id: Uuid,
    /// Their name.
    pub employee_name: String,
    /// Their ID number with its middle hidden.
    pub id_masked: String,
    /// Which insurance.
    pub insurance: Insurance,
    /// The old region.
    pub from_region: RegionCode,
    /// Its everyday name.
    pub from_region_name: String,
    /// The new region.
    pub to_region: RegionCode,
    /// Its everyday name.
    pub to_region_name: String,
    /// Months paid in the old region, when drafted.
    pub months: i64,
    /// Where it stands.
    pub state: TransferState,
    /// The state's word on screen.
    pub state_name: String,
    /// The furthest step of this round.
    pub step: String,
    /// The step as shown.
    pub step_name: String,
    /// 1, and one more each time it is filed again.
    pub round: i64,
    /// Day of application.
    #[schema(value_type = Option<String>, format = Date)]
    pub applied_on: Option<Date>,
    /// When it was last filed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub filed_at: Option<Timestamp>,
    /// Statutory last day of the step that is due.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// The day lies in a year whose days off are not announced.
    pub due_estimated: bool,
    /// Working days left; negative when overdue.
    pub remaining_working_days: Option<i64>,
    /// The last day is over.
    pub overdue: bool,
    /// What was moved, once completed.
    pub amount_fen: Option<Money>,
    /// For the next edit.
    pub version: i64,
    /// When drafted.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// What the reader may do.
    pub allowed_actions: Vec<TransferAction>,
}

/// The form of a transfer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FormView {
    /// Every field in the form's order.
    pub fields: Vec<FieldView>,
    /// Required fields that are empty.
    pub findings: Vec<Finding>,
}

/// A signed document of a transfer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DocumentView {
    /// Key.
    pub id: Uuid,
    /// Which document.
    pub kind: String,
    /// What people call it.
    pub title: Text,
    /// The code anyone can verify it by.
    pub verify_code: String,
    /// SM3 of the PDF.
    pub digest: String,
    /// Who had it signed.
    pub signer_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub signed_at: Timestamp,
    /// Which signature of the application it is, from 1; none on the agencies' papers.
    pub version: Option<i64>,
    /// Of which application: 1, and one more after each return.
    pub round: i64,
    /// When it became void.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// What replaced it, or why it is void.
    pub revoked_reason: Option<String>,
    /// It is the one that was or will be filed.
    pub current: bool,
    /// The reader may open it; it shows the ID number in full.
    pub openable: bool,
}

/// A transfer with everything about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferDetail {
    /// As in the list.
    #[serde(flatten)]
    pub transfer: TransferSummary,
    /// The application form.
    pub form: FormView,
    /// What happened and what is due.
    pub timeline: Vec<TimelineItem>,
    /// Signed documents, oldest first.
    pub documents: Vec<DocumentView>,
    /// Both agencies; see [`add_contacts`].
    pub contacts: Vec<AgencyContact>,
}

/// A page of transfers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferPage {
    /// Newest first.
    pub items: Vec<TransferSummary>,
    /// How many match in all.
    pub total: i64,
    /// Pass it to get the next page.
    pub next_cursor: Option<String>,
}

/// A transfer as the reader may see it.
pub(crate) fn summary(actor: &Actor, t: &Transfer, today: Date) -> TransferSummary {
    let due = t
        .due_on
        .filter(|_| t.state == TransferState::Filed || t.state == TransferState::Returned);
    TransferSummary {
        id: t.id,
        number: t.number,
        employee_id: t.employee_id,
        employee_name: t.employee_name.clone(),
        id_masked: t.id_masked.clone(),
        insurance: t.insurance,
        from_region: t.from_region,
        from_region_name: t.from_region.name().to_string(),
        to_region: t.to_region,
        to_region_name: t.to_region.name().to_string(),
        months: t.months,
        state: t.state,
        state_name: t.state.zh().to_string(),
        step: t.step.name().to_string(),
        step_name: if t.filed_at.is_some() {
            t.step.zh().to_string()
        } else {
            t.state.zh().to_string()
        },
        round: t.round,
        applied_on: t.applied_on,
        filed_at: t.filed_at,
        due_on: due,
        due_estimated: t.due_estimated,
        remaining_working_days: due.map(|due| calendar::remaining_working_days(today, due)),
        overdue: due.is_some_and(|due| due < today),
        amount_fen: t.amount_fen,
        version: t.version,
        created_at: t.created_at,
        updated_at: t.updated_at,
        allowed_actions: allowed_actions(actor, t.state, t.step),
    }
}

/// Transfers, newest first.
pub async fn list(
    actor: &Actor,
    db: &Db,
    state: Option<TransferState>,
    employee_id: Option<Uuid>,
    cursor: Option<&str>,
    limit: i64,
) -> Result<TransferPage, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let employer_id = employer_of(actor)?;
    let limit = limit.clamp(1, 200);
    let filter = Filter {
        state,
        employee_id,
        below: cursor.map(read_cursor).transpose()?,
        limit: limit + 1,
    };
    let (mut transfers, total) = rows::list(&mut db.read(), db.cipher(), employer_id, &filter).await?;
    let more = transfers.len() as i64 > limit;
    transfers.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_cursor = if more {
        transfers.last().map(|t| t.number.to_string())
    } else {
        None
    };
    let today = clock::today();
    Ok(TransferPage {
        items: transfers.iter().map(|t| summary(actor, t, today)).collect(),
        total,
        next_cursor,
    })
}

/// One transfer with its form, timeline and documents. Contacts are added by [`add_contacts`].
pub async fn get(actor: &Actor, db: &Db, id: Uuid) -> Result<TransferDetail, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let mut transfer = rows::get(&mut q, db.cipher(), employer_id, id).await?;
    super::draft::renew(&mut q, db, &mut transfer).await?;
    let events = rows::events(&mut q, employer_id, id).await?;
    let today = clock::today();
    let masked = (actor.sees(Field::IdNumber) != Visibility::Full).then_some(transfer.id_masked.as_str());
    let findings = if transfer.state.is_editable() {
        transfer.form.missing()
    } else {
        Vec::new()
    };
    Ok(TransferDetail {
        form: FormView {
            fields: transfer.form.view(masked),
            findings,
        },
        timeline: timeline::lay_out(&transfer, &events, today),
        documents: documents(actor, db, &transfer, &events).await?,
        contacts: Vec::new(),
        transfer: summary(actor, &transfer, today),
    })
}

async fn documents(actor: &Actor, db: &Db, transfer: &Transfer, events: &[Event]) -> Result<Vec<DocumentView>, Refusal> {
    let documents = seal::documents_of(db, &actor.organisation, transfer.id).await?;
    let mut signatures = 0;
    Ok(documents
        .into_iter()
        .map(|document| DocumentView {
            version: (document.signed_by == actor.organisation).then(|| {
                signatures += 1;
                signatures
            }),
            round: round_at(events, document.signed_at),
            revoked_at: document.revoked_at,
            revoked_reason: document.revoked_reason.clone(),
            id: document.id,
            kind: document.kind.key().to_string(),
            title: document.title(),
            verify_code: document.code.clone(),
            digest: document.digest.clone(),
            signer_name: document.signer_name.clone(),
            signed_at: document.signed_at,
            current: transfer.document_id == Some(document.id),
            openable: actor.may(Permission::RevealSensitive),
        })
        .collect())
}

/// The round that was open at a moment: each return before it began another.
fn round_at(events: &[Event], at: Timestamp) -> i64 {
    let returns = events.iter().filter(|e| e.step == TransferStep::Returned && e.at <= at).count();
    1 + i64::try_from(returns).unwrap_or(i64::MAX - 1)
}

/// Adds how to reach both agencies, so that nobody has to look for a phone number. A silent book adds none.
pub async fn add_contacts(mut detail: TransferDetail, book: &dyn ContactBook) -> TransferDetail {
    for region in [detail.transfer.to_region, detail.transfer.from_region] {
        match book.agency(region).await {
            Ok(contact) => detail.contacts.extend(contact),
            Err(refusal) => tracing::warn!(%refusal, "the contact book did not answer"),
        }
    }
    detail
}
