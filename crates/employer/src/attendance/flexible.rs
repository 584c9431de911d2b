//! 弹性工时: so many minutes at times of one's own choice, with or without a core time.

use super::day::{Approved, Flag, LeavePart, Outcome, Part, overtime, presence, tardy};
use super::plan::{DayKind, Plan};
use super::rule::{OvertimeCounted, Rule, Settled};
use super::time::{Span, total, without};

/// What a flexible day asks.
pub(super) struct Terms<'a> {
    /// How many minutes.
    pub minutes: i64,
    /// When everybody is there.
    pub core: Option<Span>,
    /// Not counted as work.
    pub breaks: &'a [Span],
    /// Over what the minutes are counted.
    pub settled: Settled,
}

/// Weighs a day of flexible hours.
pub(super) fn flexible(
    plan: &Plan<'_>,
    rule: &Rule,
    terms: &Terms<'_>,
    punches: &[i64],
    leave: &[LeavePart],
    approved: &[Approved],
    outcome: &mut Outcome,
) {
    let mut due = terms.minutes;
    for one in leave {
        let asked = match one.part {
            Part::Whole => terms.minutes,
            Part::FirstHalf => terms.minutes / 2,
            Part::SecondHalf => terms.minutes - terms.minutes / 2,
            Part::Between { from, to } => to - from,
        };
        let taken = asked.clamp(0, due);
        outcome.leave.add(one.kind.pay(), taken);
        due -= taken;
    }
    // A lone punch is filled up to the end of the core time, since no other end is set.
    let found = presence(punches, rule, terms.core, outcome);
    let there = total(&without(&found.spans, terms.breaks));
    if due > 0 && punches.is_empty() && terms.settled == Settled::Day {
        outcome.absent = due;
        outcome.flag(Flag::Absent);
        return;
    }
    outcome.worked = there.min(due);
    let mut short = due - outcome.worked;
    if let (Some(core), true, Some(first), Some(last)) = (terms.core, leave.is_empty(), found.spans.first(), found.spans.last()) {
        let late = tardy(
            core.both(Span::new(core.from, first.from)).minutes(),
            rule,
            Flag::Late,
            &mut Outcome::default(),
        );
        let early = tardy(
            core.both(Span::new(last.to, core.to)).minutes(),
            rule,
            Flag::Early,
            &mut Outcome::default(),
        );
        if late > 0 {
            outcome.flag(Flag::Late);
        }
        if early > 0 {
            outcome.flag(Flag::Early);
        }
        // Coming after the core time begins costs no more than what is short in the end.
        outcome.late = late.min(short);
        short -= outcome.late;
        outcome.early = early.min(short);
        short -= outcome.early;
    }
    outcome.absent = short;
    let surplus = if found.whole { there - outcome.worked } else { 0 };
    match (terms.settled, rule.overtime.counted) {
        (Settled::Month, OvertimeCounted::Punched | OvertimeCounted::Never) => outcome.surplus = surplus,
        (settled, _) => {
            let present = without(&found.spans, terms.breaks);
            overtime(plan, rule, &[last_minutes(&present, surplus)], approved, outcome);
            if settled == Settled::Month {
                outcome.surplus = surplus - outcome.overtime - outcome.rest_earned;
            }
        }
    }
    if plan.kind == DayKind::Holiday {
        outcome.overtime += outcome.worked;
    }
}

/// The last so many minutes of spans.
fn last_minutes(spans: &[Span], minutes: i64) -> Vec<Span> {
    let mut left = minutes;
    let mut kept = Vec::new();
    for span in spans.iter().rev() {
        let taken = span.minutes().min(left);
        if taken > 0 {
            kept.push(Span::new(span.to - taken, span.to));
            left -= taken;
        }
    }
    kept.reverse();
    kept
}
