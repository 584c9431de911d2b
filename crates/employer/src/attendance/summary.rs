//! The closed month as payroll reads it: one summary an employee, and whether the month is closed.

use std::collections::BTreeMap;

use control::clock;
use serde::{Deserialize, Serialize};
use standard::{Month, Refusal};
use store::{Query, Row, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

/// One employee's month. `scheduled_minutes` = `worked_minutes` + `late_minutes` + `absent_minutes` + the three kinds of leave.
/// Overtime stands beside it; work scheduled on a statutory holiday counts as worked and as holiday overtime, because
/// its 300 % come on top of the monthly wage (工资支付暂行规定第十三条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MonthSummary {
    /// Whose.
    pub employee_id: Uuid,
    /// 应出勤, minutes.
    pub scheduled_minutes: i64,
    /// 实际出勤 within the schedule, minutes.
    pub worked_minutes: i64,
    /// 应出勤天数, hundredths of a day.
    pub scheduled_days: i64,
    /// 实际出勤天数, hundredths of a day.
    pub worked_days: i64,
    /// 旷工, minutes.
    pub absent_minutes: i64,
    /// 迟到 and 早退 beyond the grace, minutes.
    pub late_minutes: i64,
    /// 事假 and other unpaid leave, minutes.
    pub unpaid_leave_minutes: i64,
    /// 病假, minutes.
    pub sick_leave_minutes: i64,
    /// 年休假, 婚假, 产假, 工伤 and other leave paid in full, minutes.
    pub paid_leave_minutes: i64,
    /// 工作日加班, minutes (劳动法第四十四条第一项).
    pub overtime_workday_minutes: i64,
    /// 休息日加班 not compensated by rest, minutes (第二项).
    pub overtime_restday_minutes: i64,
    /// 法定休假日加班, minutes (第三项).
    pub overtime_holiday_minutes: i64,
}

impl MonthSummary {
    /// Nothing scheduled, nothing worked.
    pub fn empty(employee_id: Uuid) -> MonthSummary {
        MonthSummary {
            employee_id,
            scheduled_minutes: 0,
            worked_minutes: 0,
            scheduled_days: 0,
            worked_days: 0,
            absent_minutes: 0,
            late_minutes: 0,
            unpaid_leave_minutes: 0,
            sick_leave_minutes: 0,
            paid_leave_minutes: 0,
            overtime_workday_minutes: 0,
            overtime_restday_minutes: 0,
            overtime_holiday_minutes: 0,
        }
    }

    /// Whether the parts make up the whole and none is negative.
    pub fn adds_up(&self) -> bool {
        let parts = [
            self.worked_minutes,
            self.late_minutes,
            self.absent_minutes,
            self.unpaid_leave_minutes,
            self.sick_leave_minutes,
            self.paid_leave_minutes,
        ];
        let overtime = [
            self.overtime_workday_minutes,
            self.overtime_restday_minutes,
            self.overtime_holiday_minutes,
        ];
        parts.iter().chain(&overtime).all(|minutes| *minutes >= 0) && parts.iter().sum::<i64>() == self.scheduled_minutes
    }
}

/// Where a month stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CloseState {
    /// Not closed yet: payroll waits.
    Open,
    /// Closed: the summaries stand.
    Closed,
    /// The employer keeps no attendance here: everybody is taken as present in full.
    NotUsed,
}

/// Where the month of an employer stands.
pub async fn state(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<CloseState, Refusal> {
    let row = q
        .optional(
            "SELECT state FROM employer_attendance_month WHERE employer_id = $1 AND month = $2",
            args![employer_id, month],
        )
        .await?;
    if let Some(row) = row {
        return match row.get::<String>("state")?.as_str() {
            "closed" => Ok(CloseState::Closed),
            _ => Ok(CloseState::Open),
        };
    }
    let groups = q
        .optional(
            "SELECT id FROM employer_attendance_group WHERE employer_id = $1 LIMIT 1",
            args![employer_id],
        )
        .await?;
    Ok(if groups.is_some() { CloseState::Open } else { CloseState::NotUsed })
}

/// The closed summaries; empty while the month is open, so ask [`state`] first. An employee without one was present in full.
pub async fn of_month(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<BTreeMap<Uuid, MonthSummary>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_attendance_summary WHERE employer_id = $1 AND month = $2",
            args![employer_id, month],
        )
        .await?;
    rows.iter().map(|row| read(row).map(|one| (one.employee_id, one))).collect()
}

/// Stores the summaries of a month and closes it; what was stored before is replaced. For closing, and for a ready
/// month sheet from elsewhere.
pub async fn put_summaries(tx: &mut Tx, employer_id: Uuid, month: Month, summaries: &[MonthSummary]) -> Result<(), Refusal> {
    if let Some(wrong) = summaries.iter().find(|one| !one.adds_up()) {
        return Err(Refusal::internal(format!(
            "the attendance of {} in {month} does not add up",
            wrong.employee_id
        )));
    }
    tx.lock(&format!("attendance:{employer_id}")).await?;
    clear(tx, employer_id, month).await?;
    let mut sink = tx.bulk("employer_attendance_summary", &COLUMNS).await?;
    for one in summaries {
        sink.push(values(employer_id, month, one)).await?;
    }
    sink.finish().await?;
    tx.execute(
        "INSERT INTO employer_attendance_month (employer_id, month, state, reasons, changed_by, changed_name, changed_at, version)
         VALUES ($1, $2, 'closed', '{}', NULL, '', $3, 1)
         ON CONFLICT (employer_id, month) DO UPDATE SET state = 'closed', changed_at = excluded.changed_at,
             version = employer_attendance_month.version + 1",
        args![employer_id, month, clock::now()],
    )
    .await?;
    Ok(())
}

/// Removes the summaries of a month that is reopened or written anew.
pub(super) async fn clear(tx: &mut Tx, employer_id: Uuid, month: Month) -> Result<(), Refusal> {
    tx.execute(
        "DELETE FROM employer_attendance_summary WHERE employer_id = $1 AND month = $2",
        args![employer_id, month],
    )
    .await?;
    Ok(())
}

const COLUMNS: [&str; 15] = [
    "employer_id",
    "month",
    "employee_id",
    "scheduled_minutes",
    "worked_minutes",
    "scheduled_days",
    "worked_days",
    "absent_minutes",
    "late_minutes",
    "unpaid_leave_minutes",
    "sick_leave_minutes",
    "paid_leave_minutes",
    "overtime_workday_minutes",
    "overtime_restday_minutes",
    "overtime_holiday_minutes",
];

fn values(employer_id: Uuid, month: Month, one: &MonthSummary) -> store::Args {
    args![
        employer_id,
        month,
        one.employee_id,
        one.scheduled_minutes,
        one.worked_minutes,
        one.scheduled_days,
        one.worked_days,
        one.absent_minutes,
        one.late_minutes,
        one.unpaid_leave_minutes,
        one.sick_leave_minutes,
        one.paid_leave_minutes,
        one.overtime_workday_minutes,
        one.overtime_restday_minutes,
        one.overtime_holiday_minutes
    ]
}

fn read(row: &Row) -> Result<MonthSummary, Refusal> {
    Ok(MonthSummary {
        employee_id: row.get("employee_id")?,
        scheduled_minutes: row.get("scheduled_minutes")?,
        worked_minutes: row.get("worked_minutes")?,
        scheduled_days: row.get("scheduled_days")?,
        worked_days: row.get("worked_days")?,
        absent_minutes: row.get("absent_minutes")?,
        late_minutes: row.get("late_minutes")?,
        unpaid_leave_minutes: row.get("unpaid_leave_minutes")?,
        sick_leave_minutes: row.get("sick_leave_minutes")?,
        paid_leave_minutes: row.get("paid_leave_minutes")?,
        overtime_workday_minutes: row.get("overtime_workday_minutes")?,
        overtime_restday_minutes: row.get("overtime_restday_minutes")?,
        overtime_holiday_minutes: row.get("overtime_holiday_minutes")?,
    })
}
