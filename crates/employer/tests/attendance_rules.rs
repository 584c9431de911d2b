//! The pure computation of attendance: tables of days with the expected result, and the sum rule over random punches.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use employer::attendance::day::{Approved, Flag, LeavePart, Outcome, Part, weigh};
use employer::attendance::leave::entitlement::{Service, annual_days};
use employer::attendance::leave::kind::LeaveKind;
use employer::attendance::matching;
use employer::attendance::month::{Records, weigh_month};
use employer::attendance::plan::{Asked, CompanyDay, DayKind, Plan, Scheduled, calendar, nothing, plan};
use employer::attendance::rule::{ClockSpan, DayHours, Hours, MissingPunch, OvertimeCounted, Pairing, Rule, Settled, Shift};
use employer::attendance::time::{DAY, Span, midnight};
use proptest::prelude::*;
use standard::Date;
use uuid::Uuid;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn hours(start: i64, end: i64, breaks: &[(i64, i64)]) -> DayHours {
    let breaks = breaks.iter().map(|(from, to)| ClockSpan { from: *from, to: *to }).collect();
    DayHours { start, end, breaks }
}

/// Three shifts: 早 08–16, 中 16–24, 夜 00–08 written as 24–32 of the day before is not possible, so 夜 is 22–06.
fn shifts() -> Rule {
    let shift = |key: &str, start, end| Shift {
        key: key.to_string(),
        name: format!("{key}班"),
        hours: hours(start, end, &[]),
    };
    let (early, night) = (Some("早".to_string()), Some("夜".to_string()));
    Rule {
        hours: Hours::Shift {
            shifts: vec![shift("早", 480, 960), shift("夜", 1_320, 1_800)],
            pattern: vec![early.clone(), early, night.clone(), night, None, None],
            starts_on: date("2026-09-01"),
            rest_on_holidays: false,
        },
        ..Rule::office()
    }
}

fn flexible(settled: Settled) -> Rule {
    Rule {
        hours: Hours::Flexible {
            weekdays: vec![1, 2, 3, 4, 5],
            minutes: 480,
            core: Some(ClockSpan { from: 600, to: 900 }),
            breaks: vec![ClockSpan { from: 720, to: 780 }],
            settled,
        },
        ..Rule::office()
    }
}

fn on<'r>(rule: &'r Rule, day: &str) -> Plan<'r> {
    let days = calendar(date(day), date(day), &[]).unwrap();
    plan(rule, 0, None, &days[0])
}

/// `09:00` of the day, `+01:00` of the next.
fn at(day: &str, clock: &str) -> i64 {
    let (next, clock) = clock.strip_prefix('+').map_or((0, clock), |rest| (DAY, rest));
    let (hour, minute) = clock.split_once(':').unwrap();
    midnight(date(day)) + next + hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap()
}

fn weighed(rule: &Rule, day: &str, punches: &str, leave: &[LeavePart], approved: &[Approved]) -> Outcome {
    let punches: Vec<i64> = punches.split_whitespace().map(|clock| at(day, clock)).collect();
    let outcome = weigh(&on(rule, day), &punches, leave, approved);
    assert_sums(&outcome);
    outcome
}

fn assert_sums(outcome: &Outcome) {
    let parts = [
        outcome.worked,
        outcome.late,
        outcome.early,
        outcome.absent,
        outcome.leave.unpaid,
        outcome.leave.sick,
        outcome.leave.paid,
        outcome.overtime,
        outcome.rest_earned,
        outcome.surplus,
    ];
    assert!(parts.iter().all(|part| *part >= 0), "{outcome:?}");
    assert_eq!(parts[..7].iter().sum::<i64>(), outcome.scheduled, "{outcome:?}");
}

/// scheduled, worked, late, early, absent, leave, overtime.
fn check(rule: &Rule, day: &str, punches: &str, expected: [i64; 7], flags: &[Flag]) {
    let o = weighed(rule, day, punches, &[], &[]);
    let found = [o.scheduled, o.worked, o.late, o.early, o.absent, o.leave.total(), o.overtime];
    assert_eq!((found, o.flags.as_slice()), (expected, flags), "{day} {punches}");
}

#[test]
fn fixed_hours() {
    let office = Rule::office();
    // Tuesday 2026-09-15
    check(&office, "2026-09-15", "08:55 18:02", [480, 480, 0, 0, 0, 0, 0], &[]);
    check(&office, "2026-09-15", "09:05 18:00", [480, 480, 0, 0, 0, 0, 0], &[]);
    check(
        &office,
        "2026-09-15",
        "09:06 17:30",
        [480, 444, 6, 30, 0, 0, 0],
        &[Flag::Late, Flag::Early],
    );
    // coming during the lunch break costs the morning only
    check(&office, "2026-09-15", "12:30 18:00", [480, 300, 180, 0, 0, 0, 0], &[Flag::Late]);
    check(&office, "2026-09-15", "", [480, 0, 0, 0, 480, 0, 0], &[Flag::Absent]);
    check(&office, "2026-09-15", "09:00", [480, 480, 0, 0, 0, 0, 0], &[Flag::MissingOut]);
    check(&office, "2026-09-15", "18:00", [480, 480, 0, 0, 0, 0, 0], &[Flag::MissingIn]);
    // three punches within two minutes are one
    check(&office, "2026-09-15", "09:00 09:01", [480, 480, 0, 0, 0, 0, 0], &[Flag::MissingOut]);
    // overtime waits for approval
    check(
        &office,
        "2026-09-15",
        "09:00 21:00",
        [480, 480, 0, 0, 0, 0, 0],
        &[Flag::OvertimeUnapproved],
    );
    // Saturday
    check(&office, "2026-09-12", "", [0, 0, 0, 0, 0, 0, 0], &[]);
    // 2026-09-20 is a Sunday worked for the National Day holiday (调休), 2026-10-01 is off
    check(&office, "2026-09-20", "09:00 18:00", [480, 480, 0, 0, 0, 0, 0], &[]);
    check(&office, "2026-10-01", "", [0, 0, 0, 0, 0, 0, 0], &[]);
    assert_eq!(on(&office, "2026-10-01").kind, DayKind::Holiday);
    let strict = Rule {
        absent_after_minutes: 60,
        missing: MissingPunch::Absent,
        ..Rule::office()
    };
    check(&strict, "2026-09-15", "10:30 18:00", [480, 390, 0, 0, 90, 0, 0], &[Flag::Late]);
    check(&strict, "2026-09-15", "09:00", [480, 0, 0, 0, 480, 0, 0], &[Flag::MissingOut]);
    let in_out = Rule {
        pairing: Pairing::InOut,
        ..Rule::office()
    };
    check(&in_out, "2026-09-15", "09:00 10:00 10:30 18:00", [480, 450, 0, 0, 30, 0, 0], &[]);
}

#[test]
fn overtime_by_type_of_day() {
    let punched = |counted| {
        let mut rule = Rule::office();
        rule.overtime.counted = counted;
        rule
    };
    let all = punched(OvertimeCounted::Punched);
    check(&all, "2026-09-15", "09:00 20:20", [480, 480, 0, 0, 0, 0, 120], &[Flag::Overtime]);
    check(&all, "2026-09-15", "09:00 18:29", [480, 480, 0, 0, 0, 0, 0], &[]);
    // the lunch break is no overtime on a day of rest
    check(&all, "2026-09-12", "09:00 18:00", [0, 0, 0, 0, 0, 0, 480], &[Flag::Overtime]);
    check(&all, "2026-10-01", "09:00 12:10", [0, 0, 0, 0, 0, 0, 180], &[Flag::Overtime]);
    // past midnight
    check(&all, "2026-09-15", "09:00 +01:00", [480, 480, 0, 0, 0, 0, 420], &[Flag::Overtime]);

    let asked = punched(OvertimeCounted::Approved);
    let span = Span::new(at("2026-09-12", "09:00"), at("2026-09-12", "12:00"));
    let paid = weighed(&asked, "2026-09-12", "08:50 15:00", &[], &[Approved { span, rest: false }]);
    assert_eq!((paid.overtime, paid.rest_earned), (180, 0));
    let rest = weighed(&asked, "2026-09-12", "08:50 12:00", &[], &[Approved { span, rest: true }]);
    assert_eq!((rest.overtime, rest.rest_earned), (0, 180));
    // approved, but nobody came
    let nobody = weighed(&asked, "2026-09-12", "", &[], &[Approved { span, rest: false }]);
    assert_eq!(nobody.overtime, 0);
    // rest is no answer to work on a statutory holiday (劳动法第四十四条第三项)
    let span = Span::new(at("2026-10-01", "09:00"), at("2026-10-01", "12:00"));
    let holiday = weighed(&asked, "2026-10-01", "09:00 12:00", &[], &[Approved { span, rest: true }]);
    assert_eq!(holiday.rest_earned, 0);
}

#[test]
fn shifts_cross_midnight_and_rotate() {
    let rule = shifts();
    let (first, last) = (date("2026-08-31"), date("2026-09-08"));
    let days = calendar(first, last, &[]).unwrap();
    let signs = |offset| -> Vec<&str> {
        days.iter()
            .map(|day| plan(&rule, offset, None, day).shift.unwrap_or("休"))
            .collect()
    };
    assert_eq!(signs(0), ["休", "早", "早", "夜", "夜", "休", "休", "早", "早"]);
    assert_eq!(signs(2), ["早", "夜", "夜", "休", "休", "早", "早", "夜", "夜"]);
    let over = plan(&rule, 0, Some(&Scheduled::Shift("夜".into())), &days[1]);
    assert_eq!((over.shift, over.minutes()), (Some("夜"), 480));
    assert_eq!(plan(&rule, 0, Some(&Scheduled::Rest), &days[1]).minutes(), 0);

    // the night of 3 September ends on the 4th, and the night of the 4th begins on the same day
    let plans: Vec<Plan<'_>> = days.iter().map(|day| plan(&rule, 0, None, day)).collect();
    let punches = [
        at("2026-09-01", "07:58"),
        at("2026-09-01", "16:01"),
        at("2026-09-03", "21:50"),
        at("2026-09-04", "06:05"),
        at("2026-09-04", "21:58"),
        at("2026-09-05", "06:00"),
    ];
    let parts: Vec<usize> = matching::split(&plans, &punches).iter().map(|part| part.len()).collect();
    assert_eq!(parts, [0, 2, 0, 2, 2, 0, 0, 0, 0]);
    let records = Records {
        punches: punches.to_vec(),
        ..Records::default()
    };
    let month = weigh_month(Uuid::nil(), plans, &records, i64::MAX);
    let sum = month.summary;
    assert_eq!((sum.scheduled_minutes, sum.worked_minutes, sum.absent_minutes), (2_400, 1_440, 960));
    assert!(sum.adds_up());
    // scheduled on a statutory holiday: worked, and 300 % besides
    let holiday = weigh(
        &plan(
            &rule,
            0,
            Some(&Scheduled::Shift("早".into())),
            &calendar(date("2026-10-01"), date("2026-10-01"), &[]).unwrap()[0],
        ),
        &[at("2026-10-01", "08:00"), at("2026-10-01", "16:00")],
        &[],
        &[],
    );
    assert_eq!((holiday.worked, holiday.overtime), (480, 480));
}

#[test]
fn flexible_hours() {
    let daily = flexible(Settled::Day);
    check(&daily, "2026-09-15", "07:30 16:30", [480, 480, 0, 0, 0, 0, 0], &[]);
    // an hour short, of which half is missing core time
    check(&daily, "2026-09-15", "10:30 18:30", [480, 420, 30, 0, 30, 0, 0], &[Flag::Late]);
    // late for the core time, but the minutes are complete
    check(&daily, "2026-09-15", "10:30 19:30", [480, 480, 0, 0, 0, 0, 0], &[Flag::Late]);
    let monthly = flexible(Settled::Month);
    let days = calendar(date("2026-09-13"), date("2026-09-18"), &[]).unwrap();
    let plans: Vec<Plan<'_>> = days.iter().map(|day| plan(&monthly, 0, None, day)).collect();
    let mut punches = Vec::new();
    for (day, from, to) in [
        ("2026-09-14", "08:00", "19:00"),
        ("2026-09-15", "10:00", "17:00"),
        ("2026-09-16", "09:00", "18:00"),
        ("2026-09-17", "09:00", "18:00"),
    ] {
        punches.extend([at(day, from), at(day, to)]);
    }
    let records = Records {
        punches,
        ..Records::default()
    };
    let month = weigh_month(Uuid::nil(), plans, &records, i64::MAX);
    assert_eq!(
        (
            month.summary.scheduled_minutes,
            month.summary.worked_minutes,
            month.summary.absent_minutes
        ),
        (1_920, 1_920, 0),
        "two hours more on Monday make up for two on Tuesday"
    );
}

#[test]
fn leave_takes_its_part_of_the_day() {
    let office = Rule::office();
    let leave = |kind, part| [LeavePart { kind, part }];
    let morning = weighed(
        &office,
        "2026-09-15",
        "13:00 18:00",
        &leave(LeaveKind::Personal, Part::FirstHalf),
        &[],
    );
    assert_eq!((morning.worked, morning.late, morning.leave.unpaid), (300, 0, 180));
    let whole = weighed(&office, "2026-09-15", "", &leave(LeaveKind::Annual, Part::Whole), &[]);
    assert_eq!((whole.absent, whole.leave.paid), (0, 480));
    let hours = Part::Between { from: 540, to: 660 };
    let two = weighed(&office, "2026-09-15", "11:10 18:00", &leave(LeaveKind::Sick, hours), &[]);
    assert_eq!((two.worked, two.late, two.leave.sick), (350, 10, 120));
    // on a day of rest a leave takes nothing
    assert_eq!(
        weighed(&office, "2026-09-12", "", &leave(LeaveKind::Maternity, Part::Whole), &[])
            .leave
            .total(),
        0
    );
}

#[test]
fn company_days_and_unknown_years() {
    let office = Rule::office();
    let own = [CompanyDay {
        date: date("2026-09-15"),
        works: false,
        name: "厂庆".into(),
    }];
    let days = calendar(date("2026-09-15"), date("2026-09-15"), &own).unwrap();
    let off = plan(&office, 0, None, &days[0]);
    assert_eq!((off.minutes(), off.kind), (0, DayKind::RestDay));
    assert_eq!(
        calendar(date("2035-01-01"), date("2035-01-02"), &[]).unwrap_err().rule,
        "calendar_not_encoded"
    );
    assert!(Rule::office().check().is_empty() && shifts().check().is_empty());
    let Hours::Fixed { weekdays, .. } = Rule::office().hours else {
        panic!()
    };
    let wrong = Rule {
        hours: Hours::Fixed {
            weekdays,
            hours: hours(540, 480, &[]),
            special: Vec::new(),
        },
        ..Rule::office()
    };
    assert!(wrong.check().iter().any(|finding| finding.rule == "attendance_hours"));
}

#[test]
fn annual_leave_by_law() {
    let book = &policy::RuleBook::load(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../law"))).unwrap();
    let service = |hired: &str, left: Option<&str>, prior_months| Service {
        hired_on: date(hired),
        left_on: left.map(date),
        prior_months,
    };
    // (hired, left, months before, asked on, days)
    for (hired, left, prior, on, days) in [
        ("2020-03-01", None, 0, "2026-09-01", 5),
        ("2016-03-01", None, 0, "2026-09-01", 10),
        ("2016-03-01", None, 120, "2026-09-01", 15),
        // joined on 1 July 2026 with four years behind: 184 ÷ 365 × 5 = 2.52 → 2
        ("2026-07-01", None, 48, "2026-09-01", 2),
        // the first year of service is not complete in 2026
        ("2026-02-01", None, 0, "2026-12-31", 0),
        // complete on 1 July 2026: 184 days of the year are left
        ("2025-07-01", None, 0, "2026-09-01", 2),
        // left on 30 June: 181 ÷ 365 × 10 = 4.95 → 4
        ("2016-03-01", Some("2026-06-30"), 0, "2026-06-30", 4),
    ] {
        assert_eq!(
            annual_days(book, &service(hired, left, prior), 2026, date(on)).unwrap(),
            days,
            "{hired} {left:?} {prior}"
        );
    }
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let base = prop_oneof![
        Just(Rule::office()),
        Just(shifts()),
        Just(flexible(Settled::Day)),
        Just(flexible(Settled::Month))
    ];
    let counted = prop_oneof![
        Just(OvertimeCounted::Never),
        Just(OvertimeCounted::Approved),
        Just(OvertimeCounted::Punched)
    ];
    let pairing = prop_oneof![Just(Pairing::FirstLast), Just(Pairing::InOut)];
    let missing = prop_oneof![Just(MissingPunch::Worked), Just(MissingPunch::Absent)];
    (base, counted, pairing, missing, 0..30_i64, 0..200_i64, 1..60_i64, any::<bool>()).prop_map(
        |(mut rule, counted, pairing, missing, grace, bound, block, before)| {
            (rule.pairing, rule.missing, rule.grace_minutes, rule.absent_after_minutes) = (pairing, missing, grace, bound);
            (rule.overtime.counted, rule.overtime.block_minutes, rule.overtime.before_start) = (counted, block, before);
            rule
        },
    )
}

fn any_part() -> impl Strategy<Value = Part> {
    prop_oneof![
        Just(Part::Whole),
        Just(Part::FirstHalf),
        Just(Part::SecondHalf),
        (0..2_000_i64, 1..600_i64).prop_map(|(from, long)| Part::Between { from, to: from + long })
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is punched, granted and approved: what was asked is worked, late, absent or leave, and nothing twice.
    #[test]
    fn the_parts_make_up_the_whole(
        rule in any_rule(),
        offset in 0..6_i64,
        punches in proptest::collection::vec(0..34 * DAY, 0..90),
        leave in proptest::collection::vec((0..30_i64, 0..9_usize, any_part()), 0..12),
        approved in proptest::collection::vec((0..32 * DAY, 1..900_i64, any::<bool>()), 0..8),
        joined in 0..32_i64,
        now in 0..34 * DAY,
    ) {
        let first = midnight(date("2026-08-31"));
        let days = calendar(date("2026-08-31"), date("2026-10-01"), &[]).unwrap();
        let plans: Vec<Plan<'_>> = days.iter().enumerate().map(|(n, day)| {
            if (n as i64) < joined % 8 { nothing(Asked::NotEmployed, day) } else { plan(&rule, offset, None, day) }
        }).collect();
        let mut sorted: Vec<i64> = punches.iter().map(|minute| first + minute).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut by_day: HashMap<Date, Vec<LeavePart>> = HashMap::new();
        for (n, kind, part) in leave {
            let day = days[n as usize].date;
            by_day.entry(day).or_default().push(LeavePart { kind: LeaveKind::ALL[kind], part });
        }
        let overtime = approved.into_iter().map(|(from, long, rest)| Approved {
            span: Span::new(first + from, first + from + long),
            rest,
        }).collect();
        let records = Records { punches: sorted.clone(), leave: by_day, overtime };
        let parts = matching::split(&plans, &sorted);
        prop_assert_eq!(parts.iter().map(|part| part.len()).sum::<usize>(), sorted.len(), "every punch has one day");
        let over = weigh_month(Uuid::nil(), plans.clone(), &records, i64::MAX);
        prop_assert!(over.summary.adds_up(), "{:?}", over.summary);
        for day in &over.days {
            assert_sums(day.outcome.as_ref().unwrap());
        }
        let planned: i64 = plans[1..31].iter().map(Plan::minutes).sum();
        prop_assert_eq!(over.summary.scheduled_minutes, planned);
        let running = weigh_month(Uuid::nil(), plans, &records, first + now);
        prop_assert!(running.summary.adds_up());
        prop_assert!(running.summary.scheduled_minutes <= over.summary.scheduled_minutes);
    }
}
