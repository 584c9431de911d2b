//! A case and what it is opened with.

use serde::{Deserialize, Serialize};
use standard::{Date, Finding, Organisation, Text, Timestamp};
use uuid::Uuid;

use super::state::CaseState;

/// What is filed; its shape belongs to the business.
pub type Form = serde_json::Value;

/// Whom or what a case is about; shown in lists, so it holds no full ID number.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Subject {
    /// Name of the person or employer.
    pub name: String,
    /// Masked ID number, as `IdNumber::masked` gives it.
    pub id_masked: Option<String>,
    /// The owner's own key of the person, if known.
    pub person: Option<Uuid>,
}

/// The message that opened a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Source {
    /// Who sent it.
    pub from: Organisation,
    /// The envelope's id.
    pub message_id: Uuid,
}

/// Why a case was returned or refused: coded, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reason {
    /// Stable code, from the catalogue or the rule name of a finding.
    pub code: String,
    /// What is wrong.
    pub text: Text,
    /// What the maker or sender should do.
    pub remedy: Option<Text>,
    /// The field of the form it is about, if one.
    pub field: Option<String>,
}

impl Reason {
    /// The reason a blocking finding gives.
    pub fn of(finding: &Finding) -> Self {
        Self {
            code: finding.rule.clone(),
            text: finding.message.clone(),
            remedy: finding.remedy.clone(),
            field: finding.field.clone(),
        }
    }
}

/// What a maker opens a case with.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// Key of the business.
    pub business: String,
    /// Whom it is about.
    pub subject: Subject,
    /// What is filed.
    pub form: Form,
    /// The record as it stands before, for the difference screen; `None` for something new.
    pub before: Option<Form>,
}

/// A filed thing on its way (业务件).
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Case {
    /// Key.
    pub id: Uuid,
    /// The organisation that handles it.
    pub owner: Organisation,
    /// 业务流水号: region, date, sequence, check digit.
    pub number: String,
    /// Key of its business.
    pub business: String,
    /// Whom it is about.
    pub subject: Subject,
    /// Where it stands.
    pub state: CaseState,
    /// Level of second review it waits for; 0 when it waits for none.
    pub level: u8,
    /// 1 at first; one more at every submission after a return.
    pub round: i64,
    /// What is filed. May hold ID numbers: serialise it to nobody without the business' view.
    #[serde(skip)]
    pub form: Form,
    /// The record before, for the difference.
    #[serde(skip)]
    pub before: Option<Form>,
    /// What the machine found at the last check.
    pub findings: Vec<Finding>,
    /// Why it was last returned or refused.
    pub reasons: Vec<Reason>,
    /// What its effect yielded.
    #[serde(skip)]
    pub result: Option<serde_json::Value>,
    /// The message that opened it, when no person did.
    pub source: Option<Source>,
    /// Who made it; `None` when a message did.
    pub maker: Option<Uuid>,
    /// The maker's name.
    pub maker_name: Option<String>,
    /// Who took it.
    pub assignee: Option<Uuid>,
    /// The assignee's name.
    pub assignee_name: Option<String>,
    /// Last day of the statutory term, once submitted.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Whether the term runs past the last published holiday calendar, so that only weekends were skipped.
    pub due_estimated: bool,
    /// When it was begun.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// When it was last submitted.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub submitted_at: Option<Timestamp>,
    /// When it took effect, was refused, withdrawn or reversed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Goes up by one with every change; an act names the version it saw.
    pub version: i64,
    /// Who acted on it, each at one stage.
    #[serde(skip)]
    pub handlers: Vec<Handler>,
}

/// A person's post in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The person.
    pub user_id: Uuid,
    /// The stage, as [`Stage::number`](super::Stage::number) gives it.
    pub stage: i64,
}

impl Case {
    /// Whether the person `user` already held a post other than `stage` in this case.
    pub fn held_other_post(&self, user: Uuid, stage: super::Stage) -> bool {
        self.handlers
            .iter()
            .any(|handler| handler.user_id == user && handler.stage != stage.number())
    }
}

/// Forms may hold ID numbers, so Debug shows none.
impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case")
            .field("number", &self.number)
            .field("business", &self.business)
            .field("state", &self.state)
            .field("round", &self.round)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
