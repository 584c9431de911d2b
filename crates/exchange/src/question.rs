//! Questions that are answered at once, and their answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use standard::{Insurance, Money, Month, MonthSet, Refusal, RegionCode, RelationStatus, Timestamp};
use utoipa::ToSchema;

use crate::envelope::unreadable_body;
use crate::message::AgencyParty;

/// Something to be answered at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Question {
    /// Where and how is this person insured?
    Status(StatusQuestion),
    /// How are the agencies reached?
    Contacts,
}

/// Where and how is this person insured? Asks by keyed hash; the plain ID number never travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusQuestion {
    /// The nationally keyed hash of the ID number, 64 lower-case hexadecimal digits.
    pub id_hash: String,
    /// The name to compare with the records.
    pub name: String,
    /// Why it is asked, for the agency's access log: `onboarding`, `roster`, `transfer`….
    pub purpose: String,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Answer {
    /// Of one agency.
    Agency(AgencyStatus),
    /// Of the platform, for the nation.
    Nationwide(StatusAnswer),
    /// The contact book.
    Contacts(Vec<AgencyParty>),
}

/// What one agency knows of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgencyStatus {
    /// The agency's region.
    pub region: RegionCode,
    /// It has a record of the person.
    pub person_found: bool,
    /// The name asked is the recorded one; true when there is no record to contradict it.
    pub name_matches: bool,
    /// One row an insurance.
    pub relations: Vec<RelationView>,
}

/// One relation of a person to one insurance in one region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RelationView {
    /// Where.
    pub region: RegionCode,
    /// Which insurance.
    pub insurance: Insurance,
    /// Whether it is being paid.
    pub status: RelationStatus,
    /// Months paid here.
    pub months: i64,
    /// The first month paid.
    #[serde(default)]
    pub first_month: Option<Month>,
    /// The last month paid.
    #[serde(default)]
    pub last_month: Option<Month>,
    /// The months paid, so that a month paid in two regions is counted once.
    #[serde(default)]
    pub spans: MonthSet,
    /// What is owed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrears_fen: Option<Money>,
}

/// What the nation knows of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusAnswer {
    /// Some agency has a record of the person.
    pub person_found: bool,
    /// No record found contradicts the name asked.
    pub name_matches: bool,
    /// All relations, by region and insurance.
    pub relations: Vec<RelationView>,
    /// Months paid an insurance, a month paid in several regions counted once.
    #[schema(value_type = BTreeMap<String, i64>)]
    pub months_total: BTreeMap<Insurance, i64>,
    /// Regions that did not answer in time and should be asked again.
    pub unanswered: Vec<RegionCode>,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
}

impl Question {
    /// As it travels.
    pub fn to_json(&self) -> Value {
        json!(self)
    }

    /// Reads what travelled.
    pub fn from_json(value: Value) -> Result<Question, Refusal> {
        serde_json::from_value(value).map_err(|error| unreadable_body(&error))
    }
}

impl Answer {
    /// As it travels.
    pub fn to_json(&self) -> Value {
        json!(self)
    }

    /// Reads what travelled.
    pub fn from_json(value: Value) -> Result<Answer, Refusal> {
        serde_json::from_value(value).map_err(|error| unreadable_body(&error))
    }

    /// The answer of an agency; refused when it is another.
    pub fn into_agency(self) -> Result<AgencyStatus, Refusal> {
        match self {
            Answer::Agency(status) => Ok(status),
            _ => Err(Refusal::internal("an agency answered another question")),
        }
    }

    /// The answer of the platform; refused when it is another.
    pub fn into_nationwide(self) -> Result<StatusAnswer, Refusal> {
        match self {
            Answer::Nationwide(status) => Ok(status),
            _ => Err(Refusal::internal("the platform answered another question")),
        }
    }

    /// The contact book; refused when it is another answer.
    pub fn into_contacts(self) -> Result<Vec<AgencyParty>, Refusal> {
        match self {
            Answer::Contacts(agencies) => Ok(agencies),
            _ => Err(Refusal::internal("the platform answered another question")),
        }
    }
}
