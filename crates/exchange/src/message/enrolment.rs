//! 参保登记: an employer applies, the agency answers.

use std::fmt;

use serde::{Deserialize, Serialize};
use standard::{Date, Insurance, Money, Month, RegionCode, Timestamp};
use uuid::Uuid;

use super::{EmployerParty, OfficeRef, PersonParty, Reason};

/// Employer → agency: insure this person (《社会保险法》第五十八条: within 30 days of hiring).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentApplication {
    /// Names the application.
    pub enrolment_id: Uuid,
    /// Who applies.
    pub employer: EmployerParty,
    /// For whom.
    pub person: PersonParty,
    /// 社会保障卡号, when the person has a card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub social_card: Option<String>,
    /// Where.
    pub region: RegionCode,
    /// Which insurances.
    pub insurances: Vec<Insurance>,
    /// The first month to be paid.
    pub start_month: Month,
    /// The declared monthly wage in fen; the agency limits it to floor and ceiling.
    pub base_fen: Money,
    /// 本次参工日期.
    pub employed_on: Date,
    /// When it was filed.
    pub applied_on: Date,
}

/// Without the number of the card.
impl fmt::Debug for EnrolmentApplication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnrolmentApplication")
            .field("enrolment_id", &self.enrolment_id)
            .field("employer", &self.employer)
            .field("person", &self.person)
            .field("region", &self.region)
            .field("insurances", &self.insurances)
            .field("start_month", &self.start_month)
            .field("base_fen", &self.base_fen)
            .field("employed_on", &self.employed_on)
            .field("applied_on", &self.applied_on)
            .finish_non_exhaustive()
    }
}

/// How an enrolment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentOutcome {
    /// The person is insured.
    Accepted,
    /// To be corrected and filed again.
    Returned,
    /// Not possible.
    Refused,
}

/// Agency → employer: what became of the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentResult {
    /// Of the application.
    pub enrolment_id: Uuid,
    /// Where.
    pub region: RegionCode,
    /// What became of it.
    pub outcome: EnrolmentOutcome,
    /// AAC001 个人编号, when accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_number: Option<String>,
    /// From which day, when accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<Date>,
    /// Who decided.
    pub office: OfficeRef,
    /// Why it was returned or refused.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// When.
    pub at: Timestamp,
}
