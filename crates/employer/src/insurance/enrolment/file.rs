//! Filing an enrolment: preflight first, so that nobody is insured twice; overruling it needs a reason.

use ::store::{Db, Tx, outbox};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::Message;
use exchange::message::EnrolmentApplication;
use serde::Deserialize;
use serde_json::json;
use standard::{Finding, Insurance, Money, Month, Organisation, Refusal, RefusalKind};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Enrolment};
use super::{EnrolmentState, EnrolmentView};
use crate::insurance::connected;
use crate::insurance::preflight::{Advice, StatusSource, Subject, Verdict, judge};
use crate::insurance::transfer::file::{employer_party, person_party};
use crate::people::store::{self as people, Employee};
use crate::people::view::EmployeeState;
use crate::people::{company, recheck};
use crate::{counter, employer_of};

/// What HR files.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct FileEnrolment {
    /// Which insurances; all five when absent.
    #[serde(default)]
    pub insurances: Option<Vec<Insurance>>,
    /// The first month to be paid; the month of hire when absent.
    #[serde(default)]
    pub start_month: Option<Month>,
    /// Why a blocking finding is overruled; kept and audited.
    #[serde(default)]
    pub override_reason: Option<String>,
}

/// Files the application of an employee. One that is on its way is the answer: nobody is enrolled twice.
pub async fn file(
    actor: &Actor,
    db: &Db,
    source: &dyn StatusSource,
    employee_id: Uuid,
    input: FileEnrolment,
) -> Result<EnrolmentView, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let employee = people::get(&mut db.read(), employer_id, employee_id).await?;
    connected::check(employee.region)?;
    let wage = employee.wage_fen.ok_or_else(wage_missing)?;
    let (verdict, relations, blocking) = preflight(db, source, &employee).await?;
    let reason = input.override_reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if !blocking.is_empty() && (reason.is_none() || blocking.iter().any(|advice| !advice.overridable)) {
        let findings = blocking.into_iter().map(|advice| advice.finding).collect();
        return Err(Refusal {
            kind: RefusalKind::Conflict,
            findings,
            detail: None,
        });
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("employee:{employee_id}")).await?;
    let earlier = store::of_employee(&mut tx, employer_id, employee_id).await?;
    if let Some(known) = earlier
        .iter()
        .find(|e| matches!(e.state, EnrolmentState::Filed | EnrolmentState::Effective))
    {
        return Ok(known.view());
    }
    recheck::store_answer(&mut tx, actor, employer_id, employee_id, verdict, &relations).await?;
    let returned = earlier.into_iter().find(|e| e.state == EnrolmentState::Returned);
    let enrolment = record(&mut tx, actor, &employee, &input, returned).await?;
    post(&mut tx, actor, db, &employee, &enrolment, wage).await?;
    if employee.state != EmployeeState::Transferring {
        people::set_state(&mut tx, employer_id, employee_id, EmployeeState::Enrolling, clock::now()).await?;
    }
    let after = json!({ "employee_id": employee_id, "round": enrolment.round, "override_reason": reason });
    audit::record(&mut tx, actor, "enrolment.file", "enrolment", enrolment.id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(enrolment.view())
}

type Preflight = (Verdict, Vec<exchange::RelationView>, Vec<Advice>);

/// Asks anew: what was true when the person was hired may not be true today. An outage stops filing.
async fn preflight(db: &Db, source: &dyn StatusSource, employee: &Employee) -> Result<Preflight, Refusal> {
    let id_number = employee.id_number(db.cipher())?;
    let answer = source.status(&id_number, &employee.name, "参保登记申报核查").await?;
    let subject = Subject {
        id_number,
        household: employee.household_region,
        target: employee.region,
        hired_on: Some(employee.hired_on),
    };
    let judgment = judge(&subject, &answer, clock::today());
    let blocking = judgment
        .findings
        .into_iter()
        .filter(|advice| advice.finding.is_blocking())
        .collect();
    Ok((judgment.verdict, answer.relations, blocking))
}

fn wage_missing() -> Refusal {
    Refusal::invalid(
        Finding::blocking(
            "wage_missing",
            "员工档案没有月工资，无法申报缴费基数",
            "the record has no wage: no base can be declared",
        )
        .field("wage")
        .remedy("请在员工档案中填写月工资", "enter the monthly wage in the employee's record")
        .action("edit")
        .who("hr"),
    )
}

async fn record(
    tx: &mut Tx,
    actor: &Actor,
    employee: &Employee,
    input: &FileEnrolment,
    returned: Option<Enrolment>,
) -> Result<Enrolment, Refusal> {
    let now = clock::now();
    let insurances = input
        .insurances
        .clone()
        .filter(|chosen| !chosen.is_empty())
        .unwrap_or_else(|| Insurance::ALL.to_vec());
    let from_month = input.start_month.unwrap_or_else(|| Month::of(employee.hired_on));
    if let Some(mut again) = returned {
        again.round += 1;
        again.state = EnrolmentState::Filed;
        again.reasons.clear();
        again.filed_at = now;
        again.decided_at = None;
        again.insurances = insurances;
        again.from_month = from_month;
        again.region = employee.region;
        store::update(tx, &again).await?;
        return Ok(again);
    }
    let enrolment = Enrolment {
        employer_id: employee.employer_id,
        id: Uuid::now_v7(),
        number: counter::take(tx, employee.employer_id, "enrolment", 1).await?,
        employee_id: employee.id,
        region: employee.region,
        insurances,
        from_month,
        state: EnrolmentState::Filed,
        round: 1,
        person_number: None,
        reasons: Vec::new(),
        filed_at: now,
        decided_at: None,
        filed_by: actor.user_id,
        version: 1,
    };
    store::insert(tx, &enrolment).await?;
    Ok(enrolment)
}

async fn post(tx: &mut Tx, actor: &Actor, db: &Db, employee: &Employee, enrolment: &Enrolment, wage: Money) -> Result<(), Refusal> {
    let company = company::get(tx, employee.employer_id).await?;
    let message = Message::EnrolmentApplication(EnrolmentApplication {
        enrolment_id: enrolment.id,
        employer: employer_party(&company),
        person: person_party(db, employee)?,
        social_card: None,
        region: enrolment.region,
        insurances: enrolment.insurances.clone(),
        start_month: enrolment.from_month,
        base_fen: wage,
        employed_on: employee.hired_on,
        applied_on: clock::date_of(enrolment.filed_at),
    });
    let to = Organisation::Agency(enrolment.region);
    outbox::post(tx, &actor.organisation, &to, message.kind(), &message.body_json().to_string()).await?;
    Ok(())
}
