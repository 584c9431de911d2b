//! 排查: one clean-up over the whole roll. What is found is opened, what no longer holds is closed, leavers still insured get a stop
//! application prepared, and the figures are kept as a report.

use std::collections::{BTreeMap, BTreeSet};

use ::store::Db;
use control::identity::{Actor, Permission, Role};
use control::{audit, clock, notice};
use policy::RuleBook;
use serde::Serialize;
use serde_json::json;
use standard::{Date, Organisation, Refusal, Text, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Found, Key};
use super::{TaskKind, find};
use crate::employer_of;
use crate::insurance::stop;
use crate::people::company;

/// The report of a clean-up.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SweepView {
    /// Key.
    pub id: Uuid,
    /// The day it looked at.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// Hired but not enrolled.
    pub enrol: i64,
    /// Leavers still insured.
    pub stop: i64,
    /// Statuses older than a transfer.
    pub stale_status: i64,
    /// Wages below the floor.
    pub low_base: i64,
    /// Found for the first time.
    pub fresh: i64,
    /// Closed because they no longer hold.
    pub closed: i64,
    /// Stop applications prepared or extended.
    pub stop_drafts: i64,
    /// By the daily schedule, not by hand.
    pub scheduled: bool,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub ran_at: Timestamp,
}

/// A clean-up on demand.
pub async fn run(actor: &Actor, db: &Db, book: &RuleBook, today: Date) -> Result<SweepView, Refusal> {
    actor.require(Permission::InsuranceEdit)?;
    sweep(actor, db, book, employer_of(actor)?, Some(actor.user_id), today).await
}

/// The clean-up of every employer here, by the schedule; yields how many tasks are new.
pub async fn run_all(db: &Db, book: &RuleBook, today: Date) -> Result<i64, Refusal> {
    let mut fresh = 0;
    for employer_id in company::ids(&mut db.read()).await? {
        let system = Actor::system(Organisation::Employer(employer_id));
        let view = sweep(&system, db, book, employer_id, None, today).await?;
        fresh += view.fresh;
    }
    Ok(fresh)
}

async fn sweep(actor: &Actor, db: &Db, book: &RuleBook, employer_id: Uuid, by: Option<Uuid>, today: Date) -> Result<SweepView, Refusal> {
    let found = find::all(&mut db.read(), book, employer_id, today).await?;
    let now = clock::now();
    let mut tx = db.begin().await?;
    tx.lock(&format!("tasks:{employer_id}")).await?;
    let plan = Plan::of(&found, &store::known(&mut tx, employer_id).await?);
    store::add(&mut tx, employer_id, &plan.fresh, now).await?;
    store::settle(&mut tx, employer_id, &plan.reopened, true, now).await?;
    store::settle(&mut tx, employer_id, &plan.closed, false, now).await?;
    let drafts = stop::prepare::collect(&mut tx, employer_id, today).await?;
    let count = |kind: TaskKind| found.iter().filter(|one| one.kind == kind).count() as i64;
    let view = SweepView {
        id: Uuid::now_v7(),
        day: today,
        enrol: count(TaskKind::Enrol),
        stop: count(TaskKind::Stop),
        stale_status: count(TaskKind::StaleStatus),
        low_base: count(TaskKind::LowBase),
        fresh: (plan.fresh.len() + plan.reopened.len()) as i64,
        closed: plan.closed.len() as i64,
        stop_drafts: drafts.len() as i64,
        scheduled: by.is_none(),
        ran_at: now,
    };
    store::add_sweep(&mut tx, employer_id, &view, by).await?;
    let after = json!({ "fresh": view.fresh, "closed": view.closed, "stop_drafts": view.stop_drafts });
    audit::record(&mut tx, actor, "insurance.sweep", "employer", employer_id, None, Some(after)).await?;
    if view.fresh > 0 {
        tell(&mut tx, employer_id, &view).await?;
    }
    tx.commit().await?;
    Ok(view)
}

/// What a sweep changes.
struct Plan<'a> {
    fresh: Vec<&'a Found>,
    reopened: Vec<Key>,
    closed: Vec<Key>,
}

impl<'a> Plan<'a> {
    fn of(found: &'a [Found], known: &[(Key, bool)]) -> Plan<'a> {
        let known: BTreeMap<Key, bool> = known.iter().copied().collect();
        let mut seen: BTreeSet<Key> = BTreeSet::new();
        let mut plan = Plan {
            fresh: Vec::new(),
            reopened: Vec::new(),
            closed: Vec::new(),
        };
        for one in found {
            if !seen.insert(one.key()) {
                continue;
            }
            match known.get(&one.key()) {
                None => plan.fresh.push(one),
                Some(false) => plan.reopened.push(one.key()),
                Some(true) => {}
            }
        }
        plan.closed = known
            .iter()
            .filter(|(key, open)| **open && !seen.contains(*key))
            .map(|(key, _)| *key)
            .collect();
        plan
    }
}

async fn tell(tx: &mut ::store::Tx, employer_id: Uuid, view: &SweepView) -> Result<(), Refusal> {
    let SweepView {
        enrol,
        stop,
        stale_status,
        low_base,
        ..
    } = view;
    notice::send(
        tx,
        &Organisation::Employer(employer_id),
        notice::Audience::Role(Role::HrManager),
        Text::new("社保排查发现待办", "The insurance check found things to do"),
        Text::new(
            format!("待参保 {enrol} 人，离职未停保 {stop} 人，参保状态未更新 {stale_status} 人，缴费工资低于下限 {low_base} 人。"),
            format!("{enrol} to enrol, {stop} to stop, {stale_status} statuses to refresh, {low_base} wages below the floor."),
        ),
        Some("/employer/insurance-tasks"),
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn found(employee: u128, day: &str) -> Found {
        Found {
            employee_id: Uuid::from_u128(employee),
            kind: TaskKind::Stop,
            since: day.parse().unwrap(),
            region: standard::RegionCode::pilot()[0],
            due_on: day.parse().unwrap(),
            detail: Text::new("", ""),
        }
    }

    #[test]
    fn what_is_known_is_left_what_is_gone_is_closed_what_comes_back_is_opened() {
        let now = [
            found(1, "2026-11-01"),
            found(2, "2026-11-01"),
            found(2, "2026-11-01"),
            found(3, "2026-11-02"),
        ];
        let known = [
            (now[0].key(), true),
            (now[3].key(), false),
            (found(4, "2026-10-01").key(), true),
            (found(5, "2026-10-01").key(), false),
        ];
        let plan = Plan::of(&now, &known);
        assert_eq!(plan.fresh.iter().map(|one| one.key()).collect::<Vec<_>>(), [now[1].key()]);
        assert_eq!(plan.reopened, [now[3].key()]);
        assert_eq!(plan.closed, [found(4, "2026-10-01").key()]);
    }
}
