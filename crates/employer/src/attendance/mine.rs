//! The employee's phone: clock in and out, one's own month, one's own requests. Everything is about the person signed in;
//! no function takes another's key.

use control::identity::{Actor, Permission};
use policy::RuleBook;
use serde::Serialize;
use standard::{Date, Month, Refusal, Timestamp};
use store::{Db, Query};
use utoipa::ToSchema;
use uuid::Uuid;

use super::compute::MonthBook;
use super::grid::{self, EmployeeView};
use super::leave::balance::{Balance, balances};
use super::leave::kind::LeaveKind;
use super::leave::service::{NewRequest, RequestFilter, RequestPage, RequestView, ask as ask_for, page};
use super::time::{clock as shown, date_of, midnight, minute_of};
use super::worker::{self, Filter};
use super::{day, punch};
use crate::employer_of;
use crate::people::login::employee_of;

/// Today, on the phone.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyToday {
    /// The day a punch now belongs to: after midnight still that of a shift that crossed it.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The server's time, `08:58`.
    pub now: String,
    /// What the day asks, in words.
    pub asked: String,
    /// Its punches, `08:58`.
    pub punches: Vec<String>,
    /// What is remarkable so far.
    pub flags: Vec<day::Flag>,
    /// What may be done: clock.
    pub allowed_actions: Vec<String>,
}

/// A kind of leave with its balance, where it has one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyLeaveKind {
    /// The kind.
    pub kind: LeaveKind,
    /// Counted in calendar days.
    pub by_calendar_days: bool,
    /// Its balance.
    pub balance: Option<Balance>,
}

/// One's own requests with balances.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyRequests {
    /// Every kind of leave.
    pub kinds: Vec<MyLeaveKind>,
    /// The requests, newest first.
    pub requests: RequestPage,
}

async fn me(actor: &Actor, q: &mut impl Query) -> Result<(Uuid, Uuid), Refusal> {
    actor.require(Permission::SelfService)?;
    Ok((employer_of(actor)?, employee_of(actor, q).await?))
}

/// Today's hours and punches.
pub async fn today(actor: &Actor, db: &Db, now: Timestamp) -> Result<MyToday, Refusal> {
    let mut q = db.read();
    let (employer_id, employee_id) = me(actor, &mut q).await?;
    today_of(&mut q, employer_id, employee_id, now).await
}

async fn today_of(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid, now: Timestamp) -> Result<MyToday, Refusal> {
    let minute = minute_of(now);
    let day = date_of(minute);
    let filter = Filter {
        only: Some(employee_id),
        ..Filter::default()
    };
    let worker = worker::one(q, employer_id, employee_id, day, day).await?;
    let mut found = None;
    // Early on the first of a month the running shift may belong to the month before.
    for month in [Month::of(day), Month::of(day.yesterday().unwrap_or(day))] {
        let book = MonthBook::read(q, employer_id, month, &filter, now).await?;
        let weighed = book.weigh(&worker);
        let running = weighed.days.into_iter().find(|one| {
            let frame = one.plan.frame();
            let crossed = one.plan.has_hours() && one.plan.date < day && frame.to > midnight(day) && minute < frame.to + 120;
            crossed || (one.plan.date == day && found.is_none())
        });
        if let Some(one) = running {
            let start = midnight(one.plan.date);
            found = Some(MyToday {
                date: one.plan.date,
                now: shown(minute - midnight(day)),
                asked: grid::asked(&one.plan),
                punches: one.punches.iter().map(|punch| shown(punch - start)).collect(),
                flags: one.outcome.map(|outcome| outcome.flags).unwrap_or_default(),
                allowed_actions: if worker.is_employed(day) {
                    vec!["clock".to_string()]
                } else {
                    Vec::new()
                },
            });
        }
        if day.day() > 1 {
            break;
        }
    }
    found.ok_or_else(|| Refusal::internal("a day has no plan"))
}

/// Clocks in or out by the server's time. Twice within the minute is once.
pub async fn clock(actor: &Actor, db: &Db, now: Timestamp) -> Result<MyToday, Refusal> {
    actor.require(Permission::SelfService)?;
    let mut tx = db.begin().await?;
    let (employer_id, employee_id) = me(actor, &mut tx).await?;
    punch::clock_in(&mut tx, employer_id, employee_id, now).await?;
    let today = today_of(&mut tx, employer_id, employee_id, now).await?;
    tx.commit().await?;
    Ok(today)
}

/// One's own month.
pub async fn month(actor: &Actor, db: &Db, month: Month, now: Timestamp) -> Result<EmployeeView, Refusal> {
    let mut q = db.read();
    let (employer_id, employee_id) = me(actor, &mut q).await?;
    let mut view = grid::employee_month(actor, &mut q, employer_id, month, employee_id, now).await?;
    view.allowed_actions = vec!["ask".to_string()];
    Ok(view)
}

/// One's own requests and balances.
pub async fn requests(actor: &Actor, db: &Db, book: &RuleBook, below: Option<i64>, on: Date) -> Result<MyRequests, Refusal> {
    let mut q = db.read();
    let (employer_id, employee_id) = me(actor, &mut q).await?;
    let worker = worker::one(&mut q, employer_id, employee_id, on, on).await?;
    let balances = balances(&mut q, book, employer_id, &worker, on).await?;
    let filter = RequestFilter {
        employee_id: Some(employee_id),
        below,
        limit: 50,
        ..RequestFilter::default()
    };
    let mut requests = page(actor, &mut q, employer_id, &filter).await?;
    requests.allowed_actions.push("create".to_string());
    let kinds = LeaveKind::ALL
        .into_iter()
        .map(|kind| MyLeaveKind {
            kind,
            by_calendar_days: kind.by_calendar_days(),
            balance: balances.iter().find(|balance| balance.kind == kind).copied(),
        })
        .collect();
    Ok(MyRequests { kinds, requests })
}

/// Asks for leave, overtime or a missing punch for oneself.
pub async fn ask(actor: &Actor, db: &Db, book: &RuleBook, new: NewRequest) -> Result<RequestView, Refusal> {
    let (_, employee_id) = me(actor, &mut db.read()).await?;
    ask_for(actor, db, book, Some(employee_id), new).await
}

/// An employee's balances, for HR.
pub async fn balances_of(actor: &Actor, db: &Db, book: &RuleBook, employee_id: Uuid, on: Date) -> Result<Vec<Balance>, Refusal> {
    actor.require(Permission::AttendanceView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let worker = worker::one(&mut q, employer_id, employee_id, on, on).await?;
    balances(&mut q, book, employer_id, &worker, on).await
}
