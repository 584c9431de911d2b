//! 批量核定: the whole region for one month, employer after employer, at the wages of the roll.
//!
//! Who declared is left alone; who declared nothing is assessed at what was last declared, and listed for the clerk. Where that is
//! less than 110 % of what the month before came to, the rest is an order of its own (社会保险法第六十二条), settled when the
//! employer declares after all. A run goes
//! in pieces: each is one transaction that holds the rows, the orders and how far the run came, so that a kill loses at most a
//! piece and repeats none. It needs the same memory for a thousand people as for a million.

mod piece;
mod sending;
mod service;
mod store;
mod surcharge;

use serde::{Deserialize, Serialize};
use standard::{Money, Month, RegionCode, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

pub use service::{EmployerPage, RunEmployer, RunPage, advance, cancel, employers, get, list, run_jobs, start};

/// The queue runs are worked off from.
pub const QUEUE: &str = "agency.assessment_run";

/// People a piece assesses; an employer is never cut in two, so a piece with a larger one is larger. Smaller ones write the pages
/// of the persons' index again and again: 50,000 took a tenth longer on the embedded database, 200,000 no shorter.
pub const PIECE: i64 = 100_000;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Assessing.
    Running,
    /// Everyone is assessed; orders are being sent.
    Sending,
    /// Done.
    Done,
    /// Stopped by a person; what was assessed stays.
    Cancelled,
    /// Stopped by an error; it can be started again.
    Failed,
}

impl RunState {
    const ALL: [RunState; 5] = [Self::Running, Self::Sending, Self::Done, Self::Cancelled, Self::Failed];

    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Sending => "sending",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// Whether there is still work.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Running | Self::Sending)
    }
}

/// A run over a region and month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AssessmentRun)]
pub struct Run {
    /// Key.
    pub run_id: Uuid,
    /// The region.
    pub region: RegionCode,
    /// 费款所属期.
    pub month: Month,
    /// Where it stands.
    pub state: RunState,
    /// People on the region's roll when it began.
    pub total_people: i64,
    /// People gone through, those of employers that needed no assessment too.
    pub people: i64,
    /// Employers assessed: those that declared nothing.
    pub employers: i64,
    /// Employers left alone: assessed already, or with a declaration that waits.
    pub skipped: i64,
    /// 单位应缴, fen.
    pub employer_fen: Money,
    /// 个人应缴, fen.
    pub employee_fen: Money,
    /// 未申报核定 above the people's rows (社会保险法第六十二条), fen.
    pub surcharge_fen: Money,
    /// Orders sent to employers that file electronically.
    pub sent: i64,
    /// Why it failed.
    pub reason: Option<String>,
    /// Who started it.
    pub started_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it last moved.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// What the reader may do: `cancel`, `resume`.
    pub allowed_actions: Vec<String>,
    /// How far it came.
    #[serde(skip)]
    pub(crate) after: Option<Uuid>,
}

/// Assessments of one region follow each other: a decision and a piece of a run never meet.
pub(crate) fn lock(region: RegionCode) -> String {
    format!("assess:{region}")
}
