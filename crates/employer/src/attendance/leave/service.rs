//! Asking for leave, overtime or a missing punch: weighed against the schedule, the balance and what stands already.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use policy::RuleBook;
use serde_json::json;
use standard::{Finding, Month, Refusal};
use store::{Db, Query};
use uuid::Uuid;

use super::super::day::part_of;
use super::super::plan::{Asked, DayKind, Plan, calendar};
use super::super::time::{DAY, clock as shown, midnight, total};
use super::super::timetable::Timetable;
use super::super::worker::{self, Worker};
use super::super::{day, months, time};
use super::balance::{DAY_OF_LEAVE, balances};
use super::kind::LeaveKind;
use super::request::{self, Half, Kind, Request, State, wrong};
use super::view::show;
use crate::{counter, employer_of};

pub(in super::super) use super::list::page;
pub use super::list::{RequestFilter, list};
pub use super::view::{NewRequest, RequestPage, RequestView, Sort};

/// Longest leave in one request, in days: maternity leave and work injury leave fit.
const DAYS_MAX: i64 = 366;
/// Longest reason, in characters.
const REASON_MAX: usize = 200;

/// Enters a request for an employee. HR may for anybody, an employee for themself (`own` is their record).
pub async fn ask(actor: &Actor, db: &Db, book: &RuleBook, own: Option<Uuid>, new: NewRequest) -> Result<RequestView, Refusal> {
    let employer_id = employer_of(actor)?;
    let employee_id = match own {
        Some(id) => id,
        None => {
            actor.require(Permission::AttendanceEdit)?;
            new.employee_id
                .ok_or_else(|| wrong("employee_missing", "employee_id", "请选择员工", "choose an employee"))?
        }
    };
    let mut tx = db.begin().await?;
    tx.lock(&format!("attendance:{employer_id}")).await?;
    let mut request = entered(actor, employee_id, &new)?;
    let worker = worker::one(&mut tx, employer_id, employee_id, request.from_on, request.to_on).await?;
    let findings = weigh(&mut tx, book, employer_id, &worker, &mut request).await?;
    request.number = counter::take(&mut tx, employer_id, "attendance_request", 1).await?;
    request.insert(&mut tx, employer_id).await?;
    let after = json!({ "number": request.number, "kind": request.kind.en(), "from_on": request.from_on, "to_on": request.to_on });
    audit::record(
        &mut tx,
        actor,
        "attendance.ask",
        "attendance_request",
        request.id,
        None,
        Some(after),
    )
    .await?;
    tx.commit().await?;
    Ok(show(actor, &request, worker.name, worker.number, worker.department, findings))
}

/// Reads the form.
fn entered(actor: &Actor, employee_id: Uuid, new: &NewRequest) -> Result<Request, Refusal> {
    let reason = new.reason.trim().to_string();
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        return Err(wrong(
            "reason_missing",
            "reason",
            "请填写事由，不超过 200 字",
            "give a reason of at most 200 characters",
        )
        .into());
    }
    let kind = match (new.kind, new.leave_kind) {
        (Sort::Leave, Some(kind)) => Kind::Leave(kind),
        (Sort::Leave, None) => return Err(wrong("leave_kind_missing", "leave_kind", "请选择假别", "choose a kind of leave").into()),
        (Sort::Overtime, _) => Kind::Overtime { rest: new.rest },
        (Sort::Punch, _) => Kind::Punch,
    };
    let to_on = new.to_on.unwrap_or(new.from_on);
    let days = to_on.duration_since(new.from_on).as_hours() / 24 + 1;
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(wrong(
            "request_days",
            "to_on",
            "结束日期不得早于开始日期，且一次不超过 366 天",
            "the end is not before the beginning, and a request has at most 366 days",
        )
        .into());
    }
    let minutes = match (kind, new.from_minute, new.to_minute) {
        (Kind::Punch, Some(at), _) if (0..DAY).contains(&at) => Some((at, at)),
        (Kind::Leave(_) | Kind::Overtime { .. }, Some(from), Some(to)) if (0..DAY).contains(&from) && to > from && to - from <= DAY => {
            Some((from, to))
        }
        (Kind::Leave(_), None, None) => None,
        _ => {
            return Err(wrong(
                "request_minutes",
                "from_minute",
                "请填写正确的起止时间",
                "give the times from and to",
            )
            .into());
        }
    };
    if minutes.is_some() && to_on != new.from_on {
        return Err(wrong(
            "request_minutes",
            "to_on",
            "按小时申请只能在同一天内",
            "hours are asked for within one day",
        )
        .into());
    }
    Ok(Request {
        id: Uuid::now_v7(),
        number: 0,
        employee_id,
        kind,
        from_on: new.from_on,
        to_on,
        first_part: new.first_part,
        last_part: new.last_part,
        minutes,
        amount: 0,
        reason,
        state: State::Submitted,
        made_by: actor.user_id,
        made_name: actor.name.clone(),
        made_at: clock::now(),
        decided_by: None,
        decided_name: String::new(),
        decided_at: None,
        opinion: String::new(),
        version: 1,
    })
}

/// Weighs a request by schedule, balance and what stands already: sets its amount and yields what to look at.
pub(super) async fn weigh(
    q: &mut impl Query,
    book: &RuleBook,
    employer_id: Uuid,
    worker: &Worker,
    request: &mut Request,
) -> Result<Vec<Finding>, Refusal> {
    months::require_open(q, employer_id, Month::of(request.from_on), Month::of(request.to_on)).await?;
    if !worker.is_employed(request.from_on) || !worker.is_employed(request.to_on) {
        return Err(wrong(
            "request_not_employed",
            "from_on",
            "该员工在所选日期不在职",
            "not employed on the chosen days",
        )
        .into());
    }
    let only = [worker.id];
    let table = Timetable::read(q, employer_id, request.from_on, request.to_on, Some(&only)).await?;
    let days = calendar(request.from_on, request.to_on, &table.days)?;
    let plans = table.plans(worker, &days);
    match request.kind {
        Kind::Punch => Ok(Vec::new()),
        Kind::Overtime { rest } => overtime(request, &plans, rest),
        Kind::Leave(kind) => {
            no_overlap(q, employer_id, request).await?;
            request.amount = amount(request, kind, &plans);
            if request.amount == 0 {
                return Err(wrong(
                    "leave_without_workday",
                    "from_on",
                    "所选日期没有排班，无需请假",
                    "no work is scheduled then",
                )
                .into());
            }
            if kind.has_balance() {
                enough(q, book, employer_id, worker, request, kind).await?;
            }
            Ok(advice(kind, request.amount))
        }
    }
}

fn overtime(request: &mut Request, plans: &[Plan<'_>], rest: bool) -> Result<Vec<Finding>, Refusal> {
    let (from, to) = request.minutes.unwrap_or((0, 0));
    request.amount = to - from;
    let kind = plans.first().map_or(DayKind::Workday, |plan| plan.kind);
    if rest && kind != DayKind::RestDay {
        return Err(wrong(
            "overtime_rest_only_on_rest_day",
            "rest",
            "只有休息日加班可以安排补休；工作日和法定节假日加班须支付加班工资（劳动法第四十四条）",
            "only overtime on a day of rest may be compensated by rest (Labour Law, article 44)",
        )
        .into());
    }
    let mut findings = Vec::new();
    if kind == DayKind::Workday && request.amount > 180 {
        findings.push(
            Finding::warning(
                "overtime_over_three_hours",
                "工作日加班超过 3 小时（劳动法第四十一条：每日不得超过三小时）",
                "more than three hours on a working day (Labour Law, article 41)",
            )
            .remedy("请缩短加班时间或另行安排人员", "shorten it or share the work"),
        );
    }
    Ok(findings)
}

/// Minutes of leave, where 480 are a day: whole and half days by days, hours by the minutes scheduled.
fn amount(request: &Request, kind: LeaveKind, plans: &[Plan<'_>]) -> i64 {
    let counted = |plan: &&Plan<'_>| kind.by_calendar_days() || plan.minutes() > 0;
    plans
        .iter()
        .filter(counted)
        .map(|plan| match request.part_on(plan.date) {
            day::Part::Whole => DAY_OF_LEAVE,
            day::Part::FirstHalf | day::Part::SecondHalf => DAY_OF_LEAVE / 2,
            part @ day::Part::Between { from, to } => match &plan.asked {
                Asked::Spans(spans) => total(&time::both(spans, &[part_of(spans, part, midnight(plan.date))])).min(DAY_OF_LEAVE),
                _ => (to - from).min(DAY_OF_LEAVE),
            },
        })
        .sum()
}

async fn no_overlap(q: &mut impl Query, employer_id: Uuid, request: &Request) -> Result<(), Refusal> {
    let standing = request::standing(q, employer_id, request.employee_id, request.from_on, request.to_on).await?;
    let clashes = |other: &&Request| {
        if other.id == request.id || !matches!(other.kind, Kind::Leave(_)) {
            return false;
        }
        match (request.minutes, other.minutes) {
            (Some(mine), Some(theirs)) => mine.0 < theirs.1 && theirs.0 < mine.1,
            // Two halves of one day go together.
            _ => {
                !(request.from_on == request.to_on
                    && other.from_on == other.to_on
                    && request.first_part != Half::Whole
                    && other.first_part != Half::Whole
                    && request.first_part != other.first_part)
            }
        }
    };
    match standing.iter().find(clashes) {
        None => Ok(()),
        Some(other) => Err(Refusal::conflict(
            "leave_overlaps",
            format!(
                "与第 {} 号{}申请（{} 至 {}）的日期重叠",
                other.number,
                other.kind.zh(),
                other.from_on,
                other.to_on
            ),
            format!("overlaps with request {} ({} to {})", other.number, other.from_on, other.to_on),
        )
        .remedy(
            "请调整日期，或先撤回、撤销原申请",
            "change the days, or withdraw the other request first",
        )),
    }
}

async fn enough(
    q: &mut impl Query,
    book: &RuleBook,
    employer_id: Uuid,
    worker: &Worker,
    request: &Request,
    kind: LeaveKind,
) -> Result<(), Refusal> {
    let balances = balances(q, book, employer_id, worker, request.from_on).await?;
    let mut left = balances.iter().find(|one| one.kind == kind).map_or(0, |one| one.left);
    if request.version > 1 || request.number > 0 {
        // What is decided on is already counted as asked for.
        left += request.amount;
    }
    if request.amount <= left {
        return Ok(());
    }
    let days = |amount: i64| format!("{}.{:02}", amount / DAY_OF_LEAVE, amount % DAY_OF_LEAVE * 100 / DAY_OF_LEAVE);
    let (asked, left) = (days(request.amount), days(left.max(0)));
    Err(Refusal::invalid(
        Finding::blocking(
            "leave_balance_short",
            format!("{}余额 {left} 天，不足以请 {asked} 天", kind.zh()),
            format!("{left} days of {} are left, {asked} are asked for", kind.en()),
        )
        .field("to_on")
        .remedy("请缩短天数，或改请其他假别", "ask for fewer days or another kind of leave"),
    ))
}

/// What the approver should look at.
pub(super) fn advice(kind: LeaveKind, amount: i64) -> Vec<Finding> {
    if matches!(kind, LeaveKind::Marriage | LeaveKind::Bereavement) && amount > 3 * DAY_OF_LEAVE {
        return vec![
            Finding::warning(
                "leave_beyond_national",
                format!("{}超过国家规定的 3 天（国劳总薪字〔1980〕29号）", kind.zh()),
                format!("more than the national 3 days of {}", kind.en()),
            )
            .remedy(
                "请核对本省人口与计划生育条例等规定的延长天数",
                "check by how many days the province's regulation lengthens it",
            ),
        ];
    }
    Vec::new()
}

/// `08:30` of a missing punch.
pub(super) fn punch_clock(request: &Request) -> String {
    shown(request.minutes.map_or(0, |minutes| minutes.0))
}
