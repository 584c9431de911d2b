//! 参保登记申请 at the employer: filed with the agency of the employee's city, answered by it.

mod file;
mod store;

use ::store::{Db, Tx};
use control::clock;
use control::identity::{Actor, Permission, Role};
use control::{audit, notice};
use exchange::message::{EnrolmentOutcome, EnrolmentResult};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Date, Insurance, Month, Organisation, Refusal, RegionCode, Text, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::employer_of;
use crate::insurance::transfer::timeline::ReasonView;
use crate::people::store as people;
use crate::people::view::EmployeeState;

pub use file::{FileEnrolment, file};
pub use store::{unanswered, unfiled};

/// 社会保险法第五十八条：用人单位应当自用工之日起三十日内为其职工申请办理社会保险登记。
pub const DAYS_TO_ENROL: i64 = 30;

/// 《社会保险经办条例》: the agency registers an employee within so many working days.
pub const AGENCY_WORKING_DAYS: u32 = 10;

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentState {
    /// 办理中.
    Filed,
    /// 已生效.
    Effective,
    /// 已退回: file again after correcting.
    Returned,
    /// 不予办理.
    Refused,
}

impl EnrolmentState {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            EnrolmentState::Filed => "filed",
            EnrolmentState::Effective => "effective",
            EnrolmentState::Returned => "returned",
            EnrolmentState::Refused => "refused",
        }
    }

    /// The word on screen.
    pub const fn zh(self) -> &'static str {
        match self {
            EnrolmentState::Filed => "办理中",
            EnrolmentState::Effective => "已生效",
            EnrolmentState::Returned => "已退回",
            EnrolmentState::Refused => "不予办理",
        }
    }

    fn parse(word: &str) -> Option<EnrolmentState> {
        [
            EnrolmentState::Filed,
            EnrolmentState::Effective,
            EnrolmentState::Returned,
            EnrolmentState::Refused,
        ]
        .into_iter()
        .find(|state| state.key() == word)
    }
}

/// An application as the screen shows it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EnrolmentView {
    /// Key.
    pub id: Uuid,
    /// 申请编号.
    pub number: i64,
    /// For whom.
    pub employee_id: Uuid,
    /// Where.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// Which insurances.
    pub insurances: Vec<Insurance>,
    /// The first month to be paid.
    pub from_month: Month,
    /// Where it stands.
    pub state: EnrolmentState,
    /// The state's word on screen.
    pub state_name: String,
    /// 1, and one more each time it is filed again.
    pub round: i64,
    /// 个人编号 given by the agency.
    pub person_number: Option<String>,
    /// Why it was returned or refused.
    pub reasons: Vec<ReasonView>,
    /// When it was last filed.
    #[schema(value_type = String, format = DateTime)]
    pub filed_at: Timestamp,
    /// When the agency answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
}

/// The applications for one employee, newest first.
pub async fn of_employee(actor: &Actor, db: &Db, employee_id: Uuid) -> Result<Vec<EnrolmentView>, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let (mut q, employer_id) = (db.read(), employer_of(actor)?);
    people::get(&mut q, employer_id, employee_id).await?;
    let found = store::of_employee(&mut q, employer_id, employee_id).await?;
    Ok(found.iter().map(store::Enrolment::view).collect())
}

/// Takes the agency's answer: the employee is insured, or HR hears why not. Again: nothing changes.
pub async fn receive(tx: &mut Tx, from: &Organisation, employer_id: Uuid, result: EnrolmentResult) -> Result<(), Refusal> {
    let mut enrolment = store::lock(tx, employer_id, result.enrolment_id).await?;
    if *from != Organisation::Agency(enrolment.region) {
        return Err(Refusal::forbidden(
            "enrolment_not_concerned",
            "该机构与此参保申请无关",
            "this organisation has no part in the enrolment",
        ));
    }
    if enrolment.state != EnrolmentState::Filed {
        return Ok(());
    }
    enrolment.state = match result.outcome {
        EnrolmentOutcome::Accepted => EnrolmentState::Effective,
        EnrolmentOutcome::Returned => EnrolmentState::Returned,
        EnrolmentOutcome::Refused => EnrolmentState::Refused,
    };
    enrolment.person_number = result.person_number.clone();
    enrolment.reasons = result.reasons.clone();
    enrolment.decided_at = Some(result.at);
    store::update(tx, &enrolment).await?;
    let employee = people::get(tx, employer_id, enrolment.employee_id).await?;
    let state = match enrolment.state {
        EnrolmentState::Effective => EmployeeState::Insured,
        _ if employee.state == EmployeeState::Enrolling => EmployeeState::Direct,
        _ => employee.state,
    };
    people::set_state(tx, employer_id, employee.id, state, clock::now()).await?;
    let system = Actor::system(Organisation::Employer(employer_id));
    let after = json!({ "state": enrolment.state, "employee_state": state });
    audit::record(tx, &system, "enrolment.result", "enrolment", enrolment.id, None, Some(after)).await?;
    tell(tx, employer_id, &employee.name, &enrolment).await
}

async fn tell(tx: &mut Tx, employer_id: Uuid, name: &str, enrolment: &store::Enrolment) -> Result<(), Refusal> {
    let region = enrolment.region.name();
    let reasons_zh: Vec<&str> = enrolment.reasons.iter().map(|reason| reason.text_zh.as_str()).collect();
    let reasons_en: Vec<&str> = enrolment.reasons.iter().map(|reason| reason.text_en.as_str()).collect();
    let (title, body) = match enrolment.state {
        EnrolmentState::Effective => (
            Text::new(format!("{name}：参保登记已生效"), format!("{name}: enrolment in effect")),
            Text::new(format!("{name}已在{region}参保。"), format!("{name} is insured in {region}.")),
        ),
        state => (
            Text::new(
                format!("{name}：参保登记{}", state.zh()),
                format!("{name}: enrolment {}", state.key()),
            ),
            Text::new(
                format!("{region}：{}。请补正后重新申报。", reasons_zh.join("；")),
                format!("{region}: {}. Correct it and file again.", reasons_en.join("; ")),
            ),
        ),
    };
    let link = format!("/employer/employees/{}", enrolment.employee_id);
    let to = Organisation::Employer(employer_id);
    notice::send(tx, &to, notice::Audience::Role(Role::HrManager), title, body, Some(&link)).await?;
    Ok(())
}

/// The last day to enrol someone hired on a day.
pub fn last_day_to_enrol(hired_on: Date) -> Date {
    hired_on.saturating_add(jiff::Span::new().days(DAYS_TO_ENROL))
}
