//! Rosters as the screen shows them.

use control::identity::{Actor, Permission};
use serde::{Deserialize, Serialize};
use standard::{Finding, RegionCode, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::insurance::preflight::{Advice, Verdict};
use crate::insurance::transfer::TransferState;

/// Where a roster stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RosterState {
    /// 核查中.
    Checking,
    /// 核查完成.
    Ready,
    /// 已入职: the good rows are employees.
    Accepted,
}

impl RosterState {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            RosterState::Checking => "checking",
            RosterState::Ready => "ready",
            RosterState::Accepted => "accepted",
        }
    }

    /// The word on screen.
    pub const fn zh(self) -> &'static str {
        match self {
            RosterState::Checking => "核查中",
            RosterState::Ready => "核查完成",
            RosterState::Accepted => "已接收",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<RosterState> {
        [RosterState::Checking, RosterState::Ready, RosterState::Accepted]
            .into_iter()
            .find(|state| state.key() == word)
    }
}

/// How many rows came out how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Counts {
    /// 可直接参保.
    pub direct: i64,
    /// 需办理转移.
    pub transfer: i64,
    /// 数据有误.
    pub bad: i64,
    /// 待查询: a region did not answer.
    pub unanswered: i64,
}

/// A roster.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RosterView {
    /// Key.
    pub id: Uuid,
    /// The uploaded file's name.
    pub file_name: String,
    /// Where it stands.
    pub state: RosterState,
    /// The state's word on screen.
    pub state_name: String,
    /// Rows of people.
    pub total: i64,
    /// Rows weighed so far.
    pub done: i64,
    /// How they came out.
    pub counts: Counts,
    /// Employees made from it.
    pub created: i64,
    /// Who uploaded it.
    pub uploaded_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the check was through.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// What there is to say of the file as a whole.
    pub notes: Vec<Finding>,
    /// What the reader may do.
    pub allowed_actions: Vec<String>,
}

/// How many rows can still be acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Waiting {
    /// People who can be made employees.
    pub hire: i64,
    /// People with a transfer to be started.
    pub transfer: i64,
}

impl Waiting {
    /// As far as counts tell, for lists.
    pub(super) fn expected(counts: Counts, created: i64) -> Waiting {
        Waiting {
            hire: counts.direct + counts.transfer - created,
            transfer: counts.transfer,
        }
    }
}

/// A transfer of the person of a row.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RowTransfer {
    /// Key.
    pub id: Uuid,
    /// The region transferred from.
    pub from_region: RegionCode,
    /// Its everyday name.
    pub from_name: String,
    /// Where it stands.
    pub state: TransferState,
}

/// A region to transfer from.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FromRegion {
    /// Its code.
    pub region: RegionCode,
    /// Its everyday name.
    pub name: String,
}

/// A row of a roster.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RosterRowView {
    /// The row's number in the file, as Excel counts.
    pub row: i64,
    /// 姓名, as far as readable.
    pub name: String,
    /// 证件号码 with its middle hidden; empty if unreadable.
    pub id_masked: String,
    /// In one word; absent until weighed.
    pub verdict: Option<Verdict>,
    /// The word on screen.
    pub verdict_name: String,
    /// Regions to transfer from.
    pub from_regions: Vec<FromRegion>,
    /// Every reason, with the column's field name.
    pub findings: Vec<Advice>,
    /// The employee made from this row, or whom the unit had before.
    pub employee_id: Option<Uuid>,
    /// 参保城市.
    pub region_name: String,
    /// 入职日期.
    pub hired_on: String,
    /// The transfers of the person.
    pub transfers: Vec<RowTransfer>,
    /// What may be done with the row: `accept`, `start_transfers`.
    pub allowed_actions: Vec<String>,
}

/// A page of rows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RosterRows {
    /// In the file's order.
    pub items: Vec<RosterRowView>,
    /// How many match in all.
    pub total: i64,
    /// Pass it to get the next page.
    pub next_cursor: Option<String>,
}

/// A roster with its first rows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RosterDetail {
    /// The roster.
    #[serde(flatten)]
    pub roster: RosterView,
    /// How many rows can still be acted on.
    pub waiting: Waiting,
    /// The rows asked for.
    pub rows: RosterRows,
}

/// What accepting a roster did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Accepted {
    /// Employees made now.
    pub created: i64,
    /// Rows left out because the unit already has the person.
    pub skipped: i64,
}

/// What the reader may do with a roster.
pub fn allowed_actions(actor: &Actor, state: RosterState, counts: Counts, waiting: Waiting) -> Vec<String> {
    if state == RosterState::Checking {
        return Vec::new();
    }
    let mut actions = Vec::new();
    if actor.may(Permission::DataExport) {
        actions.push("result");
        if counts.bad > 0 {
            actions.push("errors");
        }
    }
    if actor.may(Permission::RosterImport) && actor.may(Permission::EmployeeEdit) && waiting.hire > 0 {
        actions.push("accept");
    }
    if actor.may(Permission::InsuranceEdit) && waiting.transfer > 0 {
        actions.push("start_transfers");
    }
    if actor.may(Permission::RosterImport) && counts.unanswered > 0 {
        actions.push("retry");
    }
    actions.into_iter().map(String::from).collect()
}
