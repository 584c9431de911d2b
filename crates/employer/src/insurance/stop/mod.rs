//! 停保申报 (减员): leavers still insured are put into one application a region, checked by HR, filed, and answered line by line.

pub mod file;
pub mod prepare;
pub mod receive;
mod store;

use ::store::Db;
use control::identity::{Actor, Permission};
use exchange::message::StopReason;
use serde::{Deserialize, Serialize};
use standard::{Date, Insurance, Month, Refusal, RegionCode, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::employer_of;
use crate::insurance::filing::FilingState;
use crate::insurance::transfer::timeline::ReasonView;

pub use file::{LineEdit, edit, file};
pub use prepare::{Leaver, leavers, prepare};

/// Where a leaver stands in an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopLineState {
    /// Not decided.
    Open,
    /// 已停保.
    Stopped,
    /// 未通过.
    Refused,
}

impl StopLineState {
    const fn key(self) -> &'static str {
        match self {
            StopLineState::Open => "open",
            StopLineState::Stopped => "stopped",
            StopLineState::Refused => "refused",
        }
    }

    fn stored(word: &str) -> Result<StopLineState, Refusal> {
        [StopLineState::Open, StopLineState::Stopped, StopLineState::Refused]
            .into_iter()
            .find(|state| state.key() == word)
            .ok_or_else(|| Refusal::internal("a stop line has an unknown state"))
    }
}

/// One leaver of an application.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StopLineView {
    /// Number within the application.
    pub line: i64,
    /// Who.
    pub employee_id: Uuid,
    /// Name.
    pub name: String,
    /// Masked 证件号码.
    pub id_masked: String,
    /// Which insurances stop.
    pub insurances: Vec<Insurance>,
    /// The last month paid here.
    pub last_month: Month,
    /// 离职原因.
    pub reason: StopReason,
    /// Its word on screen.
    pub reason_name: String,
    /// 离职日期.
    #[schema(value_type = String, format = Date)]
    pub left_on: Date,
    /// What became of it.
    pub state: StopLineState,
    /// Why it was refused.
    pub reasons: Vec<ReasonView>,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StopView {
    /// Key.
    pub id: Uuid,
    /// 申请编号.
    pub number: i64,
    /// Where.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// Where it stands.
    pub state: FilingState,
    /// The state's word on screen.
    pub state_name: String,
    /// 1, and one more each time it is filed again.
    pub round: i64,
    /// 经办机构 that answered.
    pub office: String,
    /// Why it was returned or refused as a whole.
    pub reasons: Vec<ReasonView>,
    /// The leavers.
    pub lines: Vec<StopLineView>,
    /// When it was filed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub filed_at: Option<Timestamp>,
    /// When it was answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    /// Counts edits.
    pub version: i64,
    /// What the reader may do: `file`, `edit`, `drop`.
    pub allowed_actions: Vec<String>,
}

/// Applications, those still with us first, newest first.
pub async fn list(actor: &Actor, db: &Db) -> Result<Vec<StopView>, Refusal> {
    actor.require(Permission::InsuranceView)?;
    store::views(&mut db.read(), employer_of(actor)?, None, actor).await
}

/// One application.
pub async fn get(actor: &Actor, db: &Db, id: Uuid) -> Result<StopView, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let mut found = store::views(&mut db.read(), employer_of(actor)?, Some(id), actor).await?;
    found.pop().ok_or_else(not_found)
}

fn not_found() -> Refusal {
    Refusal::not_found("stop_not_found", "没有找到该停保申报", "no such stop application")
}
