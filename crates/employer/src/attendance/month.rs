//! One employee's month: the days weighed and added up.

use super::day::{Approved, Flag, LeavePart, Outcome, weigh};
use super::matching;
use super::plan::{Asked, DayKind, Plan};
use super::rule::{OvertimeCounted, Settled};
use super::summary::MonthSummary;
use super::time::Span;
use standard::Date;
use std::collections::HashMap;
use uuid::Uuid;

/// A whole day in hundredths.
const DAY_HUNDREDTHS: i64 = 100;

/// What was recorded of an employee in and around a month.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// Punches, sorted minutes.
    pub punches: Vec<i64>,
    /// Approved leave by day.
    pub leave: HashMap<Date, Vec<LeavePart>>,
    /// Approved overtime.
    pub overtime: Vec<Approved>,
}

/// A day with its plan, its punches and what it came to.
#[derive(Debug, Clone)]
pub struct Day<'r> {
    /// What was asked.
    pub plan: Plan<'r>,
    /// Its punches.
    pub punches: Vec<i64>,
    /// What it came to; nothing while the day is not over.
    pub outcome: Option<Outcome>,
    /// Leave on it.
    pub leave: Vec<LeavePart>,
}

/// A month of one employee.
#[derive(Debug, Clone)]
pub struct EmployeeMonth<'r> {
    /// Its days.
    pub days: Vec<Day<'r>>,
    /// Its sums.
    pub summary: MonthSummary,
    /// Overtime compensated by rest, minutes.
    pub rest_earned: i64,
}

impl EmployeeMonth<'_> {
    /// Paid overtime of all kinds, minutes.
    pub fn overtime(&self) -> i64 {
        let sum = &self.summary;
        sum.overtime_workday_minutes + sum.overtime_restday_minutes + sum.overtime_holiday_minutes
    }

    /// Whether some day has this flag.
    pub fn days_with(&self, flag: Flag) -> impl Iterator<Item = &Day<'_>> {
        self.days
            .iter()
            .filter(move |day| day.outcome.as_ref().is_some_and(|outcome| outcome.flags.contains(&flag)))
    }
}

/// Weighs a month. `plans` holds one day more on each side of it, so that punches around midnight find their day;
/// days whose frame ends after `now` are not weighed yet.
pub fn weigh_month<'r>(employee_id: Uuid, plans: Vec<Plan<'r>>, records: &Records, now: i64) -> EmployeeMonth<'r> {
    let parts: Vec<Vec<i64>> = matching::split(&plans, &records.punches).into_iter().map(<[i64]>::to_vec).collect();
    let inner = plans.len().saturating_sub(2);
    let mut days: Vec<Day<'r>> = plans
        .into_iter()
        .zip(parts)
        .skip(1)
        .take(inner)
        .map(|(plan, punches)| {
            let leave = records.leave.get(&plan.date).cloned().unwrap_or_default();
            // Overtime follows presence, so that what is granted for the morning after a night shift counts with it.
            let there = Span::new(punches.first().copied().unwrap_or(0), punches.last().copied().unwrap_or(0));
            let near = |one: &&Approved| one.span.both(there).minutes() > 0;
            let approved: Vec<Approved> = records.overtime.iter().filter(near).copied().collect();
            let outcome = (plan.frame().to <= now).then(|| weigh(&plan, &punches, &leave, &approved));
            Day {
                plan,
                punches,
                outcome,
                leave,
            }
        })
        .collect();
    let extra = settle_flexible(&mut days);
    let mut summary = add_up(employee_id, &days);
    summary.overtime_workday_minutes += extra;
    let rest_earned = days.iter().flat_map(|day| &day.outcome).map(|outcome| outcome.rest_earned).sum();
    EmployeeMonth {
        days,
        summary,
        rest_earned,
    }
}

/// Flexible hours settled over the month: a surplus of one day makes up for what is short on another. What is left
/// is overtime, where punches alone count.
fn settle_flexible(days: &mut [Day<'_>]) -> i64 {
    let settled = |day: &Day<'_>| {
        matches!(
            day.plan.asked,
            Asked::Flexible {
                settled: Settled::Month,
                ..
            }
        )
    };
    let mut surplus: i64 = days.iter().flat_map(|day| &day.outcome).map(|outcome| outcome.surplus).sum();
    let mut open_days = false;
    for day in days.iter_mut().filter(|day| settled(day)) {
        let worked_at_all = !day.punches.is_empty();
        let Some(outcome) = &mut day.outcome else {
            open_days = true;
            continue;
        };
        let made_up = surplus.min(outcome.absent);
        outcome.absent -= made_up;
        outcome.worked += made_up;
        surplus -= made_up;
        if outcome.absent > 0 && !worked_at_all {
            outcome.flags.push(Flag::Absent);
        }
    }
    let law = days
        .iter()
        .find(|day| settled(day))
        .and_then(|day| day.plan.rule)
        .map(|rule| rule.overtime);
    match law {
        // Whether it is overtime shows when the month is over.
        Some(law) if law.counted == OvertimeCounted::Punched && !open_days && surplus >= law.minimum_minutes => {
            surplus / law.block_minutes * law.block_minutes
        }
        _ => 0,
    }
}

fn add_up(employee_id: Uuid, days: &[Day<'_>]) -> MonthSummary {
    let mut sum = MonthSummary::empty(employee_id);
    for day in days {
        let Some(outcome) = &day.outcome else { continue };
        sum.scheduled_minutes += outcome.scheduled;
        sum.worked_minutes += outcome.worked;
        sum.late_minutes += outcome.late + outcome.early;
        sum.absent_minutes += outcome.absent;
        sum.unpaid_leave_minutes += outcome.leave.unpaid;
        sum.sick_leave_minutes += outcome.leave.sick;
        sum.paid_leave_minutes += outcome.leave.paid;
        if outcome.scheduled > 0 {
            sum.scheduled_days += DAY_HUNDREDTHS;
            sum.worked_days += DAY_HUNDREDTHS * outcome.worked / outcome.scheduled;
        }
        match day.plan.kind {
            DayKind::Workday => sum.overtime_workday_minutes += outcome.overtime,
            DayKind::RestDay => sum.overtime_restday_minutes += outcome.overtime,
            DayKind::Holiday => sum.overtime_holiday_minutes += outcome.overtime,
        }
    }
    sum
}
