//! Closing a month: its anomalies first, each kind resolved or given a reason; then one summary an employee for payroll.
//! Closing again changes nothing. Reopening takes a reason and leaves a trace.

use std::collections::BTreeMap;

use control::identity::{Actor, Permission};
use control::{audit, clock};
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Month, Refusal, Severity, Timestamp};
use store::{Db, Query, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::anomaly::{Weighed, weigh};
use super::grid::actions;
use super::leave::kind::LeaveKind;
use super::summary::{self, CloseState, MonthSummary};
use crate::employer_of;

pub use super::anomaly::{Anomaly, AnomalyKind, Item};

/// Longest reason, in characters.
const REASON_MAX: usize = 200;

/// A closing or reopening in the past.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClosingStep {
    /// close or reopen.
    pub act: String,
    /// How many people were closed.
    pub people: i64,
    /// Anomalies at that moment by kind.
    #[schema(value_type = Object)]
    pub anomalies: BTreeMap<AnomalyKind, i64>,
    /// The reasons; of a reopening under `reopen`.
    #[schema(value_type = Object)]
    pub reasons: BTreeMap<String, String>,
    /// Who.
    pub made_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
}

/// The page of a month's closing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClosingView {
    /// The month.
    pub month: Month,
    /// Whether it is closed.
    pub state: CloseState,
    /// Whether the month is over, so that it may be closed.
    pub over: bool,
    /// People with a summary, or who will have one.
    pub people: i64,
    /// Sums of the month so far; the key is nobody's.
    pub totals: MonthSummary,
    /// The anomalies, those with cases only.
    pub anomalies: Vec<Anomaly>,
    /// What happened before, newest first.
    pub history: Vec<ClosingStep>,
    /// What the reader may do: close, reopen.
    pub allowed_actions: Vec<String>,
}

fn totals(summaries: &[MonthSummary]) -> MonthSummary {
    summaries.iter().fold(MonthSummary::empty(Uuid::nil()), |sum, one| MonthSummary {
        employee_id: sum.employee_id,
        scheduled_minutes: sum.scheduled_minutes + one.scheduled_minutes,
        worked_minutes: sum.worked_minutes + one.worked_minutes,
        scheduled_days: sum.scheduled_days + one.scheduled_days,
        worked_days: sum.worked_days + one.worked_days,
        absent_minutes: sum.absent_minutes + one.absent_minutes,
        late_minutes: sum.late_minutes + one.late_minutes,
        unpaid_leave_minutes: sum.unpaid_leave_minutes + one.unpaid_leave_minutes,
        sick_leave_minutes: sum.sick_leave_minutes + one.sick_leave_minutes,
        paid_leave_minutes: sum.paid_leave_minutes + one.paid_leave_minutes,
        overtime_workday_minutes: sum.overtime_workday_minutes + one.overtime_workday_minutes,
        overtime_restday_minutes: sum.overtime_restday_minutes + one.overtime_restday_minutes,
        overtime_holiday_minutes: sum.overtime_holiday_minutes + one.overtime_holiday_minutes,
    })
}

/// A month is over on the first day after it.
fn is_over(month: Month, now: Timestamp) -> bool {
    clock::date_of(now) > month.last_day()
}

/// The page of a month's closing: the anomalies first.
pub async fn view(actor: &Actor, db: &Db, book: &RuleBook, month: Month, now: Timestamp) -> Result<ClosingView, Refusal> {
    actor.require(Permission::AttendanceView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let state = summary::state(&mut q, employer_id, month).await?;
    let weighed = weigh(&mut q, book, employer_id, month, now).await?;
    let summaries = match state {
        CloseState::Closed => summary::of_month(&mut q, employer_id, month).await?.into_values().collect(),
        CloseState::Open | CloseState::NotUsed => weighed.summaries,
    };
    let reasons = reasons_of(&mut q, employer_id, month).await?;
    let anomalies = weighed
        .anomalies
        .into_iter()
        .map(|(kind, (count, people, items))| Anomaly {
            kind,
            count,
            people,
            finding: kind.finding(count, people),
            items,
            reason: reasons.get(&kind).cloned(),
        })
        .collect();
    let over = is_over(month, now);
    let mut allowed = actions(actor, state);
    allowed.retain(|action| action == "reopen" || (action == "close" && over) || action == "correct" || action == "ask");
    Ok(ClosingView {
        month,
        state,
        over,
        people: i64::try_from(summaries.len()).unwrap_or(0),
        totals: totals(&summaries),
        anomalies,
        history: history(&mut q, employer_id, month).await?,
        allowed_actions: allowed,
    })
}

async fn reasons_of(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<BTreeMap<AnomalyKind, String>, Refusal> {
    let row = q
        .optional(
            "SELECT reasons FROM employer_attendance_month WHERE employer_id = $1 AND month = $2",
            args![employer_id, month],
        )
        .await?;
    let Some(row) = row else { return Ok(BTreeMap::new()) };
    serde_json::from_str(&row.get::<String>("reasons")?).map_err(Refusal::internal)
}

async fn history(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<Vec<ClosingStep>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_attendance_closing WHERE employer_id = $1 AND month = $2 ORDER BY seq DESC",
            args![employer_id, month],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ClosingStep {
                act: row.get("act")?,
                people: row.get("people")?,
                anomalies: serde_json::from_str(&row.get::<String>("anomalies")?).map_err(Refusal::internal)?,
                reasons: serde_json::from_str(&row.get::<String>("reasons")?).map_err(Refusal::internal)?,
                made_name: row.get("made_name")?,
                made_at: row.get("made_at")?,
            })
        })
        .collect()
}

/// Closing a month: a reason for each kind of anomaly that is left.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[schema(as = CloseMonth)]
pub struct Close {
    /// By kind of anomaly.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub reasons: BTreeMap<AnomalyKind, String>,
}

/// Closes a month. A closed one stays as it is.
pub async fn close(actor: &Actor, db: &Db, book: &RuleBook, month: Month, close: &Close, now: Timestamp) -> Result<ClosingView, Refusal> {
    actor.require(Permission::AttendanceEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("attendance:{employer_id}")).await?;
    match summary::state(&mut tx, employer_id, month).await? {
        CloseState::Closed => {
            drop(tx);
            return view(actor, db, book, month, now).await;
        }
        CloseState::NotUsed => {
            return Err(Refusal::conflict(
                "attendance_not_used",
                "本单位还没有设置考勤组，无需关账",
                "no attendance group is set up",
            )
            .remedy("请先在“规则与排班”中设置考勤组", "set up a group first"));
        }
        CloseState::Open => {}
    }
    if !is_over(month, now) {
        return Err(Refusal::conflict(
            "attendance_month_not_over",
            format!("{month} 尚未结束，不能关账"),
            format!("{month} is not over yet"),
        )
        .remedy("请在月末之后关账", "close it after its last day"));
    }
    let weighed = weigh(&mut tx, book, employer_id, month, now).await?;
    let reasons = given(&weighed, close)?;
    summary::put_summaries(&mut tx, employer_id, month, &weighed.summaries).await?;
    earn(actor, &mut tx, employer_id, month, &weighed.earned).await?;
    let counts: BTreeMap<AnomalyKind, i64> = weighed.anomalies.iter().map(|(kind, (count, ..))| (*kind, *count)).collect();
    let people = i64::try_from(weighed.summaries.len()).unwrap_or(0);
    let step = Step {
        act: "close",
        people,
        anomalies: json!(counts).to_string(),
        reasons: json!(reasons).to_string(),
    };
    step.write(actor, &mut tx, employer_id, month).await?;
    tx.commit().await?;
    view(actor, db, book, month, now).await
}

/// The reasons for the anomalies that are left; refused when one is missing.
fn given(weighed: &Weighed, close: &Close) -> Result<BTreeMap<AnomalyKind, String>, Refusal> {
    let mut reasons = BTreeMap::new();
    let mut missing = Vec::new();
    for kind in AnomalyKind::ALL {
        let Some((count, people, _)) = weighed.anomalies.get(&kind) else {
            continue;
        };
        let reason = close.reasons.get(&kind).map_or("", |text| text.trim());
        if reason.is_empty() || reason.chars().count() > REASON_MAX {
            let mut finding = kind
                .finding(*count, *people)
                .field(format!("reasons.{}", json!(kind).as_str().unwrap_or_default()));
            finding.severity = Severity::Blocking;
            missing.push(finding);
        } else {
            reasons.insert(kind, reason.to_string());
        }
    }
    if missing.is_empty() {
        Ok(reasons)
    } else {
        Err(Refusal::invalid_all(missing))
    }
}

/// Rest earned by overtime becomes a balance.
async fn earn(actor: &Actor, tx: &mut Tx, employer_id: Uuid, month: Month, earned: &[(Uuid, i64)]) -> Result<(), Refusal> {
    let at = clock::now();
    let columns = [
        "employer_id",
        "id",
        "employee_id",
        "leave_kind",
        "year",
        "amount",
        "month",
        "reason",
        "made_by",
        "made_name",
        "made_at",
    ];
    let mut sink = tx.bulk("employer_attendance_grant", &columns).await?;
    for (employee_id, minutes) in earned {
        sink.push(args![
            employer_id,
            Uuid::now_v7(),
            *employee_id,
            LeaveKind::Compensatory.key(),
            i64::from(month.year()),
            *minutes,
            month,
            "休息日加班转调休",
            actor.user_id,
            &actor.name,
            at
        ])
        .await?;
    }
    sink.finish().await?;
    Ok(())
}

/// One line of the history.
struct Step {
    act: &'static str,
    people: i64,
    anomalies: String,
    reasons: String,
}

impl Step {
    async fn write(&self, actor: &Actor, tx: &mut Tx, employer_id: Uuid, month: Month) -> Result<(), Refusal> {
        let state = if self.act == "close" { "closed" } else { "open" };
        let kept = if self.act == "close" { self.reasons.as_str() } else { "{}" };
        tx.execute(
            "INSERT INTO employer_attendance_month (employer_id, month, state, reasons, changed_by, changed_name, changed_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
             ON CONFLICT (employer_id, month) DO UPDATE SET state = excluded.state, reasons = excluded.reasons,
                 changed_by = excluded.changed_by, changed_name = excluded.changed_name, changed_at = excluded.changed_at,
                 version = employer_attendance_month.version + 1",
            args![employer_id, month, state, kept, actor.user_id, &actor.name, clock::now()],
        )
        .await?;
        tx.execute(
            "INSERT INTO employer_attendance_closing (employer_id, month, seq, act, people, anomalies, reasons, made_by, made_name, made_at)
             SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5, $6, $7, $8, $9
             FROM employer_attendance_closing WHERE employer_id = $1 AND month = $2",
            args![
                employer_id,
                month,
                self.act,
                self.people,
                &self.anomalies,
                &self.reasons,
                actor.user_id,
                &actor.name,
                clock::now()
            ],
        )
        .await?;
        let after = json!({ "people": self.people, "anomalies": self.anomalies, "reasons": self.reasons });
        let action = format!("attendance.{}", self.act);
        audit::record(tx, actor, &action, "attendance_month", month, None, Some(after)).await
    }
}

/// Reopens a closed month: its summaries are taken back, and the rest it earned.
pub async fn reopen(actor: &Actor, db: &Db, book: &RuleBook, month: Month, reason: &str, now: Timestamp) -> Result<ClosingView, Refusal> {
    actor.require(Permission::AttendanceEdit)?;
    let employer_id = employer_of(actor)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        let finding = Finding::blocking(
            "reason_missing",
            "请填写重新打开的原因，不超过 200 字",
            "say why it is reopened in at most 200 characters",
        );
        return Err(finding.field("reason").into());
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("attendance:{employer_id}")).await?;
    if summary::state(&mut tx, employer_id, month).await? != CloseState::Closed {
        return Err(Refusal::conflict(
            "attendance_month_open",
            format!("{month} 考勤没有关账"),
            format!("the attendance of {month} is not closed"),
        ));
    }
    summary::clear(&mut tx, employer_id, month).await?;
    tx.execute(
        "DELETE FROM employer_attendance_grant WHERE employer_id = $1 AND month = $2",
        args![employer_id, month],
    )
    .await?;
    let step = Step {
        act: "reopen",
        people: 0,
        anomalies: "{}".to_string(),
        reasons: json!({ "reopen": reason }).to_string(),
    };
    step.write(actor, &mut tx, employer_id, month).await?;
    tx.commit().await?;
    view(actor, db, book, month, now).await
}
