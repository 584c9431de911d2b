//! 待办: what the law asks of the employer and is not done yet. Found on a schedule and on demand (如每月末排查): hired but not
//! enrolled, leavers still insured, statuses older than a transfer, wages below the floor. Finding the same again changes nothing.

mod find;
mod store;
pub mod sweep;

use ::store::Db;
use control::clock;
use control::identity::{Actor, Permission};
use serde::{Deserialize, Serialize};
use standard::{Date, Refusal, RegionCode, Text, Timestamp, calendar};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::employer_of;

pub use sweep::{SweepView, run, run_all};

/// 劳动合同法第五十条：用人单位应当在解除或者终止劳动合同后十五日内为劳动者办理档案和社会保险关系转移手续。
pub const DAYS_TO_STOP: i64 = 15;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// 办理参保登记.
    Enrol,
    /// 办理停保.
    Stop,
    /// 更新参保状态.
    StaleStatus,
    /// 核对缴费工资.
    LowBase,
}

impl TaskKind {
    /// Every kind.
    pub const ALL: [TaskKind; 4] = [TaskKind::Enrol, TaskKind::Stop, TaskKind::StaleStatus, TaskKind::LowBase];

    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            TaskKind::Enrol => "enrol",
            TaskKind::Stop => "stop",
            TaskKind::StaleStatus => "stale_status",
            TaskKind::LowBase => "low_base",
        }
    }

    /// The word on screen.
    pub const fn zh(self) -> &'static str {
        match self {
            TaskKind::Enrol => "待参保",
            TaskKind::Stop => "离职未停保",
            TaskKind::StaleStatus => "参保状态未更新",
            TaskKind::LowBase => "缴费工资低于下限",
        }
    }

    /// The law that asks for it.
    pub const fn law(self) -> &'static str {
        match self {
            TaskKind::Enrol => "社会保险法第五十八条：用工之日起30日内",
            TaskKind::Stop => "劳动合同法第五十条：解除或终止后15日内",
            TaskKind::StaleStatus => "社会保险法第十九条：关系随本人转移",
            TaskKind::LowBase => "社会保险法第十二条、国发〔1995〕6号",
        }
    }

    fn stored(word: &str) -> Result<TaskKind, Refusal> {
        TaskKind::ALL
            .into_iter()
            .find(|kind| kind.key() == word)
            .ok_or_else(|| Refusal::internal("a task has an unknown kind"))
    }

    /// What HR presses.
    const fn action(self) -> &'static str {
        match self {
            TaskKind::Enrol => "enrol",
            TaskKind::Stop => "prepare_stop",
            TaskKind::StaleStatus => "recheck",
            TaskKind::LowBase => "edit",
        }
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TaskView {
    /// What.
    pub kind: TaskKind,
    /// The kind's word on screen.
    pub kind_name: String,
    /// For whom.
    pub employee_id: Uuid,
    /// Name.
    pub name: String,
    /// Masked 证件号码.
    pub id_masked: String,
    /// Where insured.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// The day that causes it.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// Working days left; negative when overdue.
    pub remaining_working_days: i64,
    /// The last day is over.
    pub overdue: bool,
    /// Why.
    pub detail: Text,
    /// The law that asks for it.
    pub law: String,
    /// When it was found.
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Timestamp,
    /// What the reader may do: `enrol`, `prepare_stop`, `recheck`, `edit`.
    pub allowed_actions: Vec<String>,
}

/// What is open, and the last clean-ups.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TaskBoard {
    /// Open, soonest first.
    pub items: Vec<TaskView>,
    /// How many are open in all.
    pub total: i64,
    /// The last clean-ups, newest first.
    pub sweeps: Vec<SweepView>,
    /// What the reader may do: `sweep`.
    pub allowed_actions: Vec<String>,
}

/// The board of open tasks, at most `limit`.
pub async fn board(actor: &Actor, db: &Db, kind: Option<TaskKind>, limit: i64) -> Result<TaskBoard, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let employer_id = employer_of(actor)?;
    let today = clock::today();
    let may = actor.require(Permission::InsuranceEdit).is_ok();
    // A wage below the floor tells something of the wage.
    let wages = actor.require(Permission::WageView).is_ok();
    let mut q = db.read();
    let (rows, total) = store::open(&mut q, employer_id, kind, wages, limit.clamp(1, 500)).await?;
    let items = rows
        .into_iter()
        .map(|row| TaskView {
            kind: row.kind,
            kind_name: row.kind.zh().to_string(),
            employee_id: row.employee_id,
            name: row.name,
            id_masked: row.id_masked,
            region: row.region,
            region_name: row.region.name().to_string(),
            since: row.since,
            due_on: row.due_on,
            remaining_working_days: calendar::remaining_working_days(today, row.due_on),
            overdue: row.due_on < today,
            detail: row.detail,
            law: row.kind.law().to_string(),
            found_at: row.found_at,
            allowed_actions: may.then(|| row.kind.action().to_string()).into_iter().collect(),
        })
        .collect();
    Ok(TaskBoard {
        items,
        total,
        sweeps: store::sweeps(&mut q, employer_id, 12).await?,
        allowed_actions: may.then(|| "sweep".to_string()).into_iter().collect(),
    })
}

/// Open stop tasks for the deadline board: (employee, name, left on, last day, region).
pub(crate) async fn stops_due(
    q: &mut impl ::store::Query,
    employer_id: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, String, Date, RegionCode)>, Refusal> {
    let (rows, _) = store::open(q, employer_id, Some(TaskKind::Stop), false, limit).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.employee_id, row.name, row.due_on, row.region))
        .collect())
}

/// Leaving creates the task to stop the insurance at once, with its deadline, and tells HR. Again: nothing changes.
pub(crate) async fn on_leave(
    tx: &mut ::store::Tx,
    employer_id: Uuid,
    (employee_id, name): (Uuid, &str),
    region: RegionCode,
    left_on: Date,
) -> Result<(), Refusal> {
    let task = find::stop_task(employee_id, region, left_on, clock::today());
    if !store::add_one(tx, employer_id, &task, clock::now()).await? {
        return Ok(());
    }
    let body = Text::new(
        format!("{name} {left_on} 离职，请于 {} 前在{}办理停保。", task.due_on, region.name()),
        format!("{name} leaves on {left_on}; file the stop in {region} by {}.", task.due_on),
    );
    let title = Text::new(format!("{name}：请办理停保"), format!("{name}: stop the insurance"));
    let to = standard::Organisation::Employer(employer_id);
    let link = "/employer/insurance-tasks";
    control::notice::send(
        tx,
        &to,
        control::notice::Audience::Role(control::identity::Role::HrManager),
        title,
        body,
        Some(link),
    )
    .await?;
    Ok(())
}
