//! What needs a look before a month is closed: found while everybody's month is weighed, each kind with its remedy.

use std::collections::BTreeMap;

use policy::RuleBook;
use serde::{Deserialize, Serialize};
use standard::{Date, Finding, Month, Refusal, Severity, Timestamp};
use store::{Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::compute::MonthBook;
use super::grid::{DayState, day_state};
use super::month::EmployeeMonth;
use super::summary::MonthSummary;
use super::worker::{Filter, Worker};

/// Most examples shown of one kind.
const SHOWN_MAX: usize = 200;
/// A kind of anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnomalyKind {
    /// 缺卡.
    MissingPunch,
    /// 旷工: absence without leave.
    Absence,
    /// Overtime beyond the bound of a month (劳动法第四十一条: 36 hours).
    OvertimeLimit,
    /// Punches of people not employed on the day.
    StrayPunch,
    /// Employees whom no group covers.
    NoSchedule,
    /// Requests that nobody decided.
    PendingRequest,
}

impl AnomalyKind {
    pub(super) const ALL: [AnomalyKind; 6] = [
        AnomalyKind::MissingPunch,
        AnomalyKind::Absence,
        AnomalyKind::OvertimeLimit,
        AnomalyKind::StrayPunch,
        AnomalyKind::NoSchedule,
        AnomalyKind::PendingRequest,
    ];

    pub(super) fn finding(self, count: i64, people: i64) -> Finding {
        let (rule, zh, en, remedy_zh, remedy_en, action) = match self {
            AnomalyKind::MissingPunch => (
                "attendance_missing_punch",
                format!("{people} 人共 {count} 天缺卡"),
                format!("{count} days of {people} people lack a punch"),
                "请核实后补卡，或由员工提交补卡申请",
                "check and add the punch, or let the employee ask for it",
                "correct",
            ),
            AnomalyKind::Absence => (
                "attendance_absence",
                format!("{people} 人共 {count} 天未出勤且没有请假"),
                format!("{count} days of {people} people are absent without leave"),
                "请补办请假或补卡；确认旷工的，填写处理说明",
                "enter the leave or the punches; where it is absence, say so",
                "ask",
            ),
            AnomalyKind::OvertimeLimit => (
                "attendance_overtime_limit",
                format!("{people} 人当月加班超过法定上限（劳动法第四十一条）"),
                format!("{people} people worked more overtime than allowed in a month (Labour Law, article 41)"),
                "请核对加班记录，安排补休，并调整下月排班",
                "check the records, grant rest and change next month's schedule",
                "employee",
            ),
            AnomalyKind::StrayPunch => (
                "attendance_stray_punch",
                format!("{people} 人在不在职的 {count} 天有打卡"),
                format!("{count} days of {people} people have punches without employment"),
                "请核对入职、离职日期；属误打卡的，作废该打卡",
                "check the hire and leave dates; void a punch made by mistake",
                "employee",
            ),
            AnomalyKind::NoSchedule => (
                "attendance_no_schedule",
                format!("{people} 人没有考勤组，按满勤计"),
                format!("{people} people belong to no group and count as present in full"),
                "请把他们加入考勤组，或设置覆盖全员的考勤组",
                "put them into a group, or let one group cover all",
                "settings",
            ),
            AnomalyKind::PendingRequest => (
                "attendance_pending_request",
                format!("{count} 项申请尚未审批"),
                format!("{count} requests are not decided"),
                "请先审批；关账后不能再审批当月申请",
                "decide them first; after closing they cannot be decided",
                "requests",
            ),
        };
        Finding::new(Severity::Warning, rule, zh, en)
            .remedy(remedy_zh, remedy_en)
            .action(action)
    }
}

/// One example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AnomalyItem)]
pub struct Item {
    /// Whose.
    pub employee_id: Uuid,
    /// 工号.
    pub number: i64,
    /// 姓名.
    pub name: String,
    /// 部门.
    pub department: String,
    /// The day; none where the month as a whole is meant.
    #[schema(value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
    /// Minutes of overtime, where that is the matter.
    pub minutes: Option<i64>,
}

/// A kind of anomaly with what belongs to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Anomaly {
    /// The kind.
    pub kind: AnomalyKind,
    /// How many cases.
    pub count: i64,
    /// How many people.
    pub people: i64,
    /// What is the matter and what to do.
    pub finding: Finding,
    /// The first cases.
    pub items: Vec<Item>,
    /// The reason given when the month was closed.
    pub reason: Option<String>,
}

/// A month weighed for all.
pub(super) struct Weighed {
    overtime_max: i64,
    /// What payroll reads.
    pub summaries: Vec<MonthSummary>,
    /// Minutes of rest earned by overtime.
    pub earned: Vec<(Uuid, i64)>,
    /// Count, people and the first cases of each kind.
    pub anomalies: BTreeMap<AnomalyKind, (i64, i64, Vec<Item>)>,
}

fn item(worker: &Worker, date: Option<Date>, minutes: Option<i64>) -> Item {
    Item {
        employee_id: worker.id,
        number: worker.number,
        name: worker.name.clone(),
        department: worker.department.clone(),
        date,
        minutes,
    }
}

impl Weighed {
    fn note(&mut self, kind: AnomalyKind, items: Vec<Item>) {
        if items.is_empty() {
            return;
        }
        let (count, people, shown) = self.anomalies.entry(kind).or_default();
        *count += i64::try_from(items.len()).unwrap_or(0);
        *people += 1;
        let room = SHOWN_MAX.saturating_sub(shown.len());
        shown.extend(items.into_iter().take(room));
    }

    fn take(&mut self, worker: &Worker, month: &EmployeeMonth<'_>) {
        let on_days = |wanted: DayState| -> Vec<Item> {
            let days = month.days.iter().filter(|day| day_state(&day.plan, day.outcome.as_ref()) == wanted);
            days.map(|day| item(worker, Some(day.plan.date), None)).collect()
        };
        self.note(AnomalyKind::MissingPunch, on_days(DayState::Missing));
        self.note(AnomalyKind::Absence, on_days(DayState::Absent));
        self.note(AnomalyKind::StrayPunch, on_days(DayState::Stray));
        let unscheduled = on_days(DayState::NoSchedule);
        let covered = month.days.iter().any(|day| day.plan.rule.is_some());
        self.note(
            AnomalyKind::NoSchedule,
            unscheduled.into_iter().take(1).map(|one| Item { date: None, ..one }).collect(),
        );
        if month.overtime() > self.overtime_max {
            self.note(AnomalyKind::OvertimeLimit, vec![item(worker, None, Some(month.overtime()))]);
        }
        // Without a rule the employee counts as present in full, which is what no summary means.
        if covered {
            self.summaries.push(month.summary);
            if month.rest_earned > 0 {
                self.earned.push((worker.id, month.rest_earned));
            }
        }
    }
}

/// 劳动法第四十一条: overtime of a month has a bound, in minutes.
fn overtime_max(book: &RuleBook) -> Result<i64, Finding> {
    match &book.nation().overtime_caps {
        Some(caps) => Ok(i64::from(caps.newest()?.value.hours_per_month) * 60),
        None => Err(Finding::blocking(
            "law_not_encoded",
            "尚未收录加班时间上限（劳动法第四十一条）",
            "the bound of overtime is not encoded",
        )),
    }
}

/// Weighs a month and finds what needs a look.
pub(super) async fn weigh(
    q: &mut impl Query,
    book: &RuleBook,
    employer_id: Uuid,
    month: Month,
    now: Timestamp,
) -> Result<Weighed, Refusal> {
    let people = MonthBook::read(q, employer_id, month, &Filter::default(), now).await?;
    let mut weighed = Weighed {
        overtime_max: overtime_max(book)?,
        summaries: Vec::with_capacity(people.workers.len()),
        earned: Vec::new(),
        anomalies: BTreeMap::new(),
    };
    for worker in &people.workers {
        weighed.take(worker, &people.weigh(worker));
    }
    let rows = q
        .all(
            "SELECT r.employee_id, r.from_on, e.number, e.name, e.department FROM employer_attendance_request r
             JOIN employer_employee e ON e.employer_id = r.employer_id AND e.id = r.employee_id
             WHERE r.employer_id = $1 AND r.state = 'submitted' AND r.from_on <= $3 AND r.to_on >= $2 ORDER BY r.number",
            args![employer_id, month.first_day(), month.last_day()],
        )
        .await?;
    for row in &rows {
        let one = Item {
            employee_id: row.get("employee_id")?,
            number: row.get("number")?,
            name: row.get("name")?,
            department: row.get("department")?,
            date: Some(row.get("from_on")?),
            minutes: None,
        };
        weighed.note(AnomalyKind::PendingRequest, vec![one]);
    }
    Ok(weighed)
}
