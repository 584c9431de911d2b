//! One employee's month: the days with their punches, and every correction with its reason.

use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::{Date, Month, Refusal, Timestamp};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::compute::MonthBook;
use super::day::Flag;
use super::grid::{Cell, actions, cell};
use super::month::Day;
use super::plan::{Asked, CalendarDay, DayKind, Plan};
use super::summary::{self, CloseState, MonthSummary};
use super::time::{clock, midnight};
use super::worker::Filter;
use crate::employer_of;

/// A punch as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PunchView)]
pub struct PunchView {
    /// The calendar day.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// `08:58`.
    pub clock: String,
    /// web, import or correction.
    pub source: String,
    /// The machine.
    pub device: String,
    /// Voided by a correction.
    pub voided: bool,
}

/// A correction as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CorrectionView)]
pub struct CorrectionView {
    /// The calendar day.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// `08:58`.
    pub clock: String,
    /// add or void.
    pub act: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub made_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
}

/// One day of an employee.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AttendanceDay)]
pub struct DayView {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// What overtime on it earns.
    pub kind: DayKind,
    /// What it is called.
    pub name: Option<String>,
    /// What was asked, in words: 早 08:00–16:00.
    pub asked: String,
    /// What it shows.
    pub cell: Cell,
    /// Everything remarkable.
    pub flags: Vec<Flag>,
    /// Minutes asked.
    pub scheduled: i64,
    /// Minutes worked.
    pub worked: i64,
    /// 迟到, minutes.
    pub late: i64,
    /// 早退, minutes.
    pub early: i64,
    /// 旷工, minutes.
    pub absent: i64,
    /// Leave, minutes.
    pub leave: i64,
    /// Overtime, minutes.
    pub overtime: i64,
    /// The punches matched to the day, `08:58`.
    pub punches: Vec<String>,
}

/// An employee's month.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EmployeeAttendance)]
pub struct EmployeeView {
    /// Key.
    pub employee_id: Uuid,
    /// 工号.
    pub number: i64,
    /// 姓名.
    pub name: String,
    /// 部门.
    pub department: String,
    /// The group on the last day.
    pub group: Option<String>,
    /// The month.
    pub month: Month,
    /// Whether it is closed.
    pub state: CloseState,
    /// Its days.
    pub days: Vec<DayView>,
    /// The sums so far.
    pub summary: MonthSummary,
    /// Every punch with its origin.
    pub punches: Vec<PunchView>,
    /// Every correction with its reason.
    pub corrections: Vec<CorrectionView>,
    /// What the reader may do.
    pub allowed_actions: Vec<String>,
}

/// What a day asks, in words.
pub(super) fn asked(plan: &Plan<'_>) -> String {
    let start = midnight(plan.date);
    let times = match &plan.asked {
        Asked::NotEmployed => "不在职".to_string(),
        Asked::NoSchedule => "未排班".to_string(),
        Asked::Off { .. } => "休息".to_string(),
        Asked::Spans(_) => {
            let frame = plan.frame();
            format!("{}–{}", clock(frame.from - start), clock(frame.to - start))
        }
        Asked::Flexible { minutes, .. } => format!("弹性 {} 小时 {} 分", minutes / 60, minutes % 60),
    };
    match plan.shift {
        Some(shift) => format!("{shift} {times}"),
        None => times,
    }
}

fn day_view(day: &Day<'_>, calendar: &CalendarDay) -> DayView {
    let start = midnight(day.plan.date);
    let outcome = day.outcome.clone().unwrap_or_default();
    DayView {
        date: day.plan.date,
        kind: day.plan.kind,
        name: calendar.name.clone(),
        asked: asked(&day.plan),
        cell: cell(day),
        flags: outcome.flags.clone(),
        scheduled: day.plan.minutes(),
        worked: outcome.worked,
        late: outcome.late,
        early: outcome.early,
        absent: outcome.absent,
        leave: outcome.leave.total(),
        overtime: outcome.overtime + outcome.rest_earned,
        punches: day.punches.iter().map(|minute| clock(minute - start)).collect(),
    }
}

/// One employee's month, for HR.
pub async fn employee(actor: &Actor, db: &Db, month: Month, employee_id: Uuid, now: Timestamp) -> Result<EmployeeView, Refusal> {
    actor.require(Permission::AttendanceView)?;
    let employer_id = employer_of(actor)?;
    employee_month(actor, &mut db.read(), employer_id, month, employee_id, now).await
}

/// One employee's month, for whoever may see it.
pub(super) async fn employee_month(
    actor: &Actor,
    q: &mut impl Query,
    employer_id: Uuid,
    month: Month,
    employee_id: Uuid,
    now: Timestamp,
) -> Result<EmployeeView, Refusal> {
    let state = summary::state(q, employer_id, month).await?;
    let filter = Filter {
        only: Some(employee_id),
        ..Filter::default()
    };
    let book = MonthBook::read(q, employer_id, month, &filter, now).await?;
    let worker = match book.workers.first() {
        Some(worker) => worker.clone(),
        // Not employed in the month, but perhaps in another.
        None => super::worker::one(q, employer_id, employee_id, month.first_day(), month.last_day()).await?,
    };
    let weighed = book.weigh(&worker);
    let closed = match state {
        CloseState::Closed => summary::of_month(q, employer_id, month).await?.remove(&employee_id),
        CloseState::Open | CloseState::NotUsed => None,
    };
    let group = book.table.group_of(&worker, month.last_day()).map(|(group, _)| group.name.clone());
    Ok(EmployeeView {
        employee_id,
        number: worker.number,
        name: worker.name.clone(),
        department: worker.department.clone(),
        group,
        month,
        state,
        days: weighed
            .days
            .iter()
            .zip(book.days())
            .map(|(day, calendar)| day_view(day, calendar))
            .collect(),
        summary: closed.unwrap_or(weighed.summary),
        punches: punches(q, employer_id, employee_id, month).await?,
        corrections: corrections(q, employer_id, employee_id, month).await?,
        allowed_actions: actions(actor, state),
    })
}

async fn punches(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid, month: Month) -> Result<Vec<PunchView>, Refusal> {
    let last = month.last_day();
    let rows = q
        .all(
            "SELECT day, minute, source, device, voided FROM employer_attendance_punch
             WHERE employer_id = $1 AND employee_id = $2 AND day BETWEEN $3 AND $4 ORDER BY minute",
            args![employer_id, employee_id, month.first_day(), last.tomorrow().unwrap_or(last)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let day: Date = row.get("day")?;
            Ok(PunchView {
                day,
                clock: clock(row.get::<i64>("minute")? - midnight(day)),
                source: row.get("source")?,
                device: row.get("device")?,
                voided: row.get("voided")?,
            })
        })
        .collect()
}

async fn corrections(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid, month: Month) -> Result<Vec<CorrectionView>, Refusal> {
    let last = month.last_day();
    let rows = q
        .all(
            "SELECT day, minute, act, reason, made_name, made_at FROM employer_attendance_correction
             WHERE employer_id = $1 AND employee_id = $2 AND day BETWEEN $3 AND $4 ORDER BY made_at",
            args![employer_id, employee_id, month.first_day(), last.tomorrow().unwrap_or(last)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let day: Date = row.get("day")?;
            Ok(CorrectionView {
                day,
                clock: clock(row.get::<i64>("minute")? - midnight(day)),
                act: row.get("act")?,
                reason: row.get("reason")?,
                made_name: row.get("made_name")?,
                made_at: row.get("made_at")?,
            })
        })
        .collect()
}
