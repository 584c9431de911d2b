//! One employee's day: what was asked, what was worked, what is leave, lateness, absence and overtime.
//! Always: asked = worked + late + early + absent + leave, every part at least 0.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::flexible::{Terms, flexible};
use super::leave::kind::{LeaveKind, Pay};
use super::matching::distinct;
use super::plan::{Asked, DayKind, Plan};
use super::rule::{MissingPunch, OvertimeCounted, Pairing, Rule};
use super::time::{DAY, Span, both, merged, midnight, total, without};

/// What is remarkable about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttendanceFlag)]
pub enum Flag {
    /// 迟到.
    Late,
    /// 早退.
    Early,
    /// 旷工: nobody came and nothing was granted.
    Absent,
    /// 缺上班卡.
    MissingIn,
    /// 缺下班卡.
    MissingOut,
    /// Punches outside of employment.
    NotEmployed,
    /// No group covers the employee.
    NoSchedule,
    /// 请假.
    Leave,
    /// 加班.
    Overtime,
    /// Time beyond the schedule that no approved request covers.
    OvertimeUnapproved,
}

/// Which part of a day a leave takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = DayPart)]
pub enum Part {
    /// All of it.
    Whole,
    /// Up to the long break, or half of the minutes.
    FirstHalf,
    /// From the long break, or half of the minutes.
    SecondHalf,
    /// From one minute of the day to another.
    Between {
        /// Begins.
        from: i64,
        /// Ends; beyond 1440 for the morning after.
        to: i64,
    },
}

/// A leave on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeavePart {
    /// Which leave.
    pub kind: LeaveKind,
    /// Which part of the day.
    pub part: Part,
}

/// Approved overtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approved {
    /// When.
    pub span: Span,
    /// Compensated by rest instead of pay; only on days of rest.
    pub rest: bool,
}

/// Minutes of leave by how they are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct LeaveMinutes {
    /// 事假 and the like.
    pub unpaid: i64,
    /// 病假.
    pub sick: i64,
    /// Leave paid in full.
    pub paid: i64,
}

impl LeaveMinutes {
    /// All of it.
    pub fn total(self) -> i64 {
        self.unpaid + self.sick + self.paid
    }

    pub(super) fn add(&mut self, pay: Pay, minutes: i64) {
        match pay {
            Pay::None => self.unpaid += minutes,
            Pay::Sick => self.sick += minutes,
            Pay::Full => self.paid += minutes,
        }
    }
}

/// What a day came to. Every figure is in minutes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Asked.
    pub scheduled: i64,
    /// Worked within what was asked.
    pub worked: i64,
    /// 迟到 beyond the grace.
    pub late: i64,
    /// 早退 beyond the grace.
    pub early: i64,
    /// 旷工.
    pub absent: i64,
    /// Leave.
    pub leave: LeaveMinutes,
    /// Overtime to be paid.
    pub overtime: i64,
    /// Overtime to be compensated by rest.
    pub rest_earned: i64,
    /// Flexible hours settled over the month: present beyond what the day asked, not yet counted as overtime.
    pub surplus: i64,
    /// First and last punch of the day.
    pub presence: Option<Span>,
    /// What is remarkable.
    pub flags: Vec<Flag>,
}

impl Outcome {
    pub(super) fn flag(&mut self, flag: Flag) {
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }
}

/// Weighs a day. Punches are sorted minutes that belong to it.
pub fn weigh(plan: &Plan<'_>, punches: &[i64], leave: &[LeavePart], approved: &[Approved]) -> Outcome {
    let punches = distinct(punches);
    let mut outcome = Outcome {
        scheduled: plan.minutes(),
        presence: punches.first().zip(punches.last()).map(|(first, last)| Span::new(*first, *last)),
        ..Outcome::default()
    };
    let (rule, asked) = match (&plan.asked, plan.rule) {
        (Asked::NotEmployed, _) => {
            if !punches.is_empty() {
                outcome.flag(Flag::NotEmployed);
            }
            return outcome;
        }
        (Asked::NoSchedule, _) | (_, None) => {
            outcome.flag(Flag::NoSchedule);
            return outcome;
        }
        (asked, Some(rule)) => (rule, asked),
    };
    match asked {
        Asked::Spans(spans) => by_the_clock(plan, rule, spans, &punches, leave, approved, &mut outcome),
        Asked::Flexible {
            minutes,
            core,
            breaks,
            settled,
        } => {
            let terms = Terms {
                minutes: *minutes,
                core: *core,
                breaks,
                settled: *settled,
            };
            flexible(plan, rule, &terms, &punches, leave, approved, &mut outcome);
        }
        Asked::Off { breaks } => {
            // A lone punch on a day off is remarkable only where overtime was granted.
            let mut unasked = Outcome::default();
            let seen = if approved.is_empty() { &mut unasked } else { &mut outcome };
            let present = without(&presence(&punches, rule, None, seen).spans, breaks);
            overtime(plan, rule, &[present], approved, &mut outcome);
        }
        Asked::NotEmployed | Asked::NoSchedule => {}
    }
    if outcome.leave.total() > 0 {
        outcome.flag(Flag::Leave);
    }
    if outcome.overtime + outcome.rest_earned > 0 {
        outcome.flag(Flag::Overtime);
    }
    outcome
}

/// When somebody was there.
pub(super) struct Presence {
    /// The spans.
    pub spans: Vec<Span>,
    /// Both ends were punched.
    pub whole: bool,
}

/// Makes presence of punches. `frame` is what was asked; without it one punch alone proves nothing.
pub(super) fn presence(punches: &[i64], rule: &Rule, frame: Option<Span>, outcome: &mut Outcome) -> Presence {
    let (Some(first), Some(last)) = (punches.first().copied(), punches.last().copied()) else {
        return Presence {
            spans: Vec::new(),
            whole: true,
        };
    };
    let odd = match rule.pairing {
        Pairing::FirstLast => punches.len() == 1,
        Pairing::InOut => punches.len() % 2 == 1,
    };
    let mut spans = match rule.pairing {
        Pairing::FirstLast => vec![Span::new(first, last)],
        Pairing::InOut => punches.chunks_exact(2).map(|pair| Span::new(pair[0], pair[1])).collect(),
    };
    if odd {
        let lone_out = punches.len() == 1 && frame.is_some_and(|frame| (last - frame.to).abs() < (last - frame.from).abs());
        outcome.flag(if lone_out { Flag::MissingIn } else { Flag::MissingOut });
        if let (MissingPunch::Worked, Some(frame)) = (rule.missing, frame) {
            spans.push(if lone_out {
                Span::new(frame.from, last)
            } else {
                Span::new(last, frame.to)
            });
        } else if rule.missing == MissingPunch::Absent {
            spans.clear();
        }
    }
    Presence {
        spans: merged(spans),
        whole: !odd,
    }
}

fn by_the_clock(
    plan: &Plan<'_>,
    rule: &Rule,
    spans: &[Span],
    punches: &[i64],
    leave: &[LeavePart],
    approved: &[Approved],
    outcome: &mut Outcome,
) {
    let mut due = spans.to_vec();
    for one in leave {
        let taken = both(&due, &[part_of(spans, one.part, midnight(plan.date))]);
        outcome.leave.add(one.kind.pay(), total(&taken));
        due = without(&due, &taken);
    }
    let frame = plan.frame();
    let present = presence(punches, rule, Some(frame), outcome);
    let needed = total(&due);
    if needed > 0 && punches.is_empty() {
        outcome.absent = needed;
        outcome.flag(Flag::Absent);
        return;
    }
    if let (Some(first), Some(last)) = (present.spans.first(), present.spans.last()) {
        let late = total(&both(&due, &[Span::new(i64::MIN, first.from)]));
        let early = total(&both(&due, &[Span::new(last.to, i64::MAX)]));
        let there = total(&both(&due, &present.spans));
        outcome.absent = needed - late - early - there;
        outcome.late = tardy(late, rule, Flag::Late, outcome);
        outcome.early = tardy(early, rule, Flag::Early, outcome);
    } else {
        // One end only, and the rule takes such a day as absence.
        outcome.absent = needed;
    }
    outcome.worked = needed - outcome.late - outcome.early - outcome.absent;
    let beyond = if present.whole {
        let before = both(&present.spans, &[Span::new(i64::MIN, frame.from)]);
        let after = both(&present.spans, &[Span::new(frame.to, i64::MAX)]);
        if rule.overtime.before_start {
            vec![before, after]
        } else {
            vec![after]
        }
    } else {
        Vec::new()
    };
    overtime(plan, rule, &beyond, approved, outcome);
    if plan.kind == DayKind::Holiday {
        // 工资支付暂行规定第十三条: work on a statutory holiday earns 300 % also where the rotation asked for it.
        outcome.overtime += outcome.worked;
    }
}

/// Minutes of lateness that count, by grace and by the bound beyond which they are absence.
pub(super) fn tardy(minutes: i64, rule: &Rule, flag: Flag, outcome: &mut Outcome) -> i64 {
    if minutes <= rule.grace_minutes {
        return 0;
    }
    outcome.flag(flag);
    if rule.absent_after_minutes > 0 && minutes > rule.absent_after_minutes {
        outcome.absent += minutes;
        return 0;
    }
    minutes
}

/// Counts time beyond what was asked. Each stretch (before, after) is rounded down to blocks by itself.
pub(super) fn overtime(plan: &Plan<'_>, rule: &Rule, stretches: &[Vec<Span>], approved: &[Approved], outcome: &mut Outcome) {
    let law = &rule.overtime;
    let counted = |minutes: i64| {
        if minutes < law.minimum_minutes.max(1) {
            0
        } else {
            minutes / law.block_minutes * law.block_minutes
        }
    };
    let granted = |rest: bool| merged(approved.iter().filter(|one| one.rest == rest).map(|one| one.span).collect());
    for stretch in stretches {
        let rest = if plan.kind == DayKind::RestDay { granted(true) } else { Vec::new() };
        let for_rest = both(stretch, &rest);
        let others = without(stretch, &for_rest);
        outcome.rest_earned += counted(total(&for_rest));
        match law.counted {
            OvertimeCounted::Never => {}
            OvertimeCounted::Punched => outcome.overtime += counted(total(&others)),
            OvertimeCounted::Approved => {
                let paid = both(&others, &granted(false));
                outcome.overtime += counted(total(&paid));
                if counted(total(&without(&others, &paid))) > 0 {
                    outcome.flag(Flag::OvertimeUnapproved);
                }
            }
        }
    }
}

/// The span of the clock a part of the day takes. A day is halved at its longest break, or where half of it is worked.
pub fn part_of(spans: &[Span], part: Part, midnight: i64) -> Span {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return Span::new(midnight, midnight);
    };
    match part {
        Part::Whole => Span::new(first.from, last.to),
        Part::FirstHalf => Span::new(first.from, middle(spans)),
        Part::SecondHalf => Span::new(middle(spans), last.to),
        Part::Between { from, to } => Span::new(midnight + from, midnight + to.min(2 * DAY)),
    }
}

fn middle(spans: &[Span]) -> i64 {
    let gaps = spans.windows(2).map(|pair| Span::new(pair[0].to, pair[1].from));
    if let Some(gap) = gaps.max_by_key(|gap| gap.minutes()) {
        return gap.from;
    }
    spans.first().map_or(0, |only| only.from.midpoint(only.to))
}
