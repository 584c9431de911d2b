//! The month on the screen: people down, days across.

use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::{Date, Month, Refusal, Timestamp};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::compute::MonthBook;
use super::day::{Flag, Outcome};
use super::leave::kind::LeaveKind;
use super::month::{Day, EmployeeMonth};
use super::plan::{Asked, CalendarDay, DayKind, Plan};
use super::summary::{self, CloseState, MonthSummary};
use super::time::{clock, midnight};
use super::worker::{Filter, Worker};
use crate::employer_of;
use crate::people::service::read_cursor;

pub use super::person::{CorrectionView, DayView, EmployeeView, PunchView, employee};
pub(super) use super::person::{asked, employee_month};

/// What a day shows at a glance; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttendanceDayState)]
pub enum DayState {
    /// Punched without being employed.
    Stray,
    /// No group covers the employee.
    NoSchedule,
    /// 旷工.
    Absent,
    /// 缺卡.
    Missing,
    /// 迟到 or 早退.
    Late,
    /// 请假.
    Leave,
    /// 加班.
    Overtime,
    /// 正常.
    Normal,
    /// 休息.
    Rest,
    /// Not over yet.
    Ahead,
    /// Before the hire date or after the last day.
    NotEmployed,
}

/// One day in the grid.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AttendanceCell)]
pub struct Cell {
    /// What it shows.
    pub state: DayState,
    /// The shift's key, where the group works in shifts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// First punch, `08:58`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Last punch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// The kind of leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leave: Option<LeaveKind>,
}

/// A day of the grid's head.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AttendanceGridDay)]
pub struct GridDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// What overtime on it earns by the calendar.
    pub kind: DayKind,
    /// What it is called: 国庆节, 调休.
    pub name: Option<String>,
}

/// One employee's row.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AttendanceGridRow)]
pub struct GridRow {
    /// Key.
    pub employee_id: Uuid,
    /// 工号.
    pub number: i64,
    /// 姓名.
    pub name: String,
    /// 部门.
    pub department: String,
    /// One a day.
    pub cells: Vec<Cell>,
    /// The sums so far; closed months show what was closed.
    pub summary: MonthSummary,
    /// Days that need a look.
    pub anomalies: i64,
}

/// A page of the grid.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AttendanceGrid)]
pub struct Grid {
    /// The month.
    pub month: Month,
    /// Whether it is closed.
    pub state: CloseState,
    /// Its days.
    pub days: Vec<GridDay>,
    /// Rows by 工号.
    pub items: Vec<GridRow>,
    /// How many match in all.
    pub total: i64,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// The departments to choose from.
    pub departments: Vec<String>,
    /// What the reader may do: correct, import, settings, close, reopen, ask.
    pub allowed_actions: Vec<String>,
}

/// Which rows.
#[derive(Debug, Clone, Default)]
pub struct GridFilter {
    /// Part of the name or the 工号.
    pub query: Option<String>,
    /// Exactly this department.
    pub department: Option<String>,
    /// Only those with a day that needs a look.
    pub anomalies: bool,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most so many.
    pub limit: i64,
}

pub(super) fn grid_days(days: &[CalendarDay]) -> Vec<GridDay> {
    days.iter()
        .map(|day| GridDay {
            date: day.date,
            kind: match (day.statutory, day.works) {
                (true, _) => DayKind::Holiday,
                (false, Some(true)) => DayKind::Workday,
                (false, Some(false)) => DayKind::RestDay,
                (false, None) if day.date.weekday().to_monday_one_offset() > 5 => DayKind::RestDay,
                (false, None) => DayKind::Workday,
            },
            name: day.name.clone(),
        })
        .collect()
}

/// What a day shows.
pub(super) fn day_state(plan: &Plan<'_>, outcome: Option<&Outcome>) -> DayState {
    let Some(outcome) = outcome else {
        return if plan.asked == Asked::NotEmployed {
            DayState::NotEmployed
        } else {
            DayState::Ahead
        };
    };
    let has = |flag| outcome.flags.contains(&flag);
    match plan.asked {
        Asked::NotEmployed if has(Flag::NotEmployed) => return DayState::Stray,
        Asked::NotEmployed => return DayState::NotEmployed,
        Asked::NoSchedule => return DayState::NoSchedule,
        _ => {}
    }
    if has(Flag::Absent) {
        DayState::Absent
    } else if has(Flag::MissingIn) || has(Flag::MissingOut) {
        DayState::Missing
    } else if has(Flag::Late) || has(Flag::Early) || outcome.absent > 0 {
        DayState::Late
    } else if has(Flag::Leave) {
        DayState::Leave
    } else if has(Flag::Overtime) {
        DayState::Overtime
    } else if outcome.scheduled == 0 {
        DayState::Rest
    } else {
        DayState::Normal
    }
}

/// Days that need a look before closing.
pub(super) fn needs_look(state: DayState) -> bool {
    matches!(state, DayState::Stray | DayState::NoSchedule | DayState::Absent | DayState::Missing)
}

pub(super) fn cell(day: &Day<'_>) -> Cell {
    let start = midnight(day.plan.date);
    Cell {
        state: day_state(&day.plan, day.outcome.as_ref()),
        shift: day.plan.shift.map(str::to_string),
        first: day.punches.first().map(|minute| clock(minute - start)),
        last: day
            .punches
            .last()
            .filter(|_| day.punches.len() > 1)
            .map(|minute| clock(minute - start)),
        leave: day.leave.first().map(|leave| leave.kind),
    }
}

fn row(worker: &Worker, month: &EmployeeMonth<'_>, closed: Option<MonthSummary>) -> GridRow {
    let cells: Vec<Cell> = month.days.iter().map(cell).collect();
    let anomalies = cells.iter().filter(|cell| needs_look(cell.state)).count();
    GridRow {
        employee_id: worker.id,
        number: worker.number,
        name: worker.name.clone(),
        department: worker.department.clone(),
        cells,
        summary: closed.unwrap_or(month.summary),
        anomalies: i64::try_from(anomalies).unwrap_or(i64::MAX),
    }
}

/// What a reader may do with a month.
pub(super) fn actions(actor: &Actor, state: CloseState) -> Vec<String> {
    if !actor.may(Permission::AttendanceEdit) {
        return Vec::new();
    }
    let mut actions = vec!["settings", "import", "ask"];
    match state {
        CloseState::Closed => actions.push("reopen"),
        CloseState::Open => actions.extend(["correct", "close"]),
        CloseState::NotUsed => {}
    }
    actions.into_iter().map(str::to_string).collect()
}

/// A page of the month's grid.
pub async fn grid(actor: &Actor, db: &Db, month: Month, filter: &GridFilter, now: Timestamp) -> Result<Grid, Refusal> {
    actor.require(Permission::AttendanceView)?;
    let employer_id = employer_of(actor)?;
    let limit = filter.limit.clamp(1, 200);
    let mut q = db.read();
    let state = summary::state(&mut q, employer_id, month).await?;
    let text = filter.query.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let wanted = Filter {
        text: text.map(|text| text.chars().take(50).collect()),
        department: filter.department.clone().filter(|name| !name.is_empty()),
        only: None,
        after: filter.cursor.as_deref().map(read_cursor).transpose()?.unwrap_or(0),
        // With the filter on anomalies every month must be weighed to know who has one.
        limit: if filter.anomalies { 0 } else { limit + 1 },
    };
    let book = MonthBook::read(&mut q, employer_id, month, &wanted, now).await?;
    let closed = match state {
        CloseState::Closed => summary::of_month(&mut q, employer_id, month).await?,
        CloseState::Open | CloseState::NotUsed => std::collections::BTreeMap::new(),
    };
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut items = Vec::new();
    let mut matching = 0;
    for worker in &book.workers {
        let one = row(worker, &book.weigh(worker), closed.get(&worker.id).copied());
        if filter.anomalies && one.anomalies == 0 {
            continue;
        }
        matching += 1;
        if items.len() <= most {
            items.push(one);
        }
    }
    let more = items.len() > most;
    items.truncate(most);
    let next_cursor = items.last().filter(|_| more).map(|last| last.number.to_string());
    Ok(Grid {
        month,
        state,
        days: grid_days(book.days()),
        items,
        total: if filter.anomalies { matching } else { book.total },
        next_cursor,
        departments: departments(&mut q, employer_id).await?,
        allowed_actions: actions(actor, state),
    })
}

async fn departments(q: &mut impl Query, employer_id: Uuid) -> Result<Vec<String>, Refusal> {
    let rows = q
        .all(
            "SELECT DISTINCT department FROM employer_employee WHERE employer_id = $1 AND department <> '' ORDER BY department",
            args![employer_id],
        )
        .await?;
    rows.iter().map(|row| row.get("department")).collect()
}
