//! The rule of a group of employees: fixed hours, shifts (倒班) or flexible hours; grace, punches and overtime.
//! Times are minutes of the day; an end beyond 1440 lies in the next day.

use serde::{Deserialize, Serialize};
use standard::{Date, Finding};
use utoipa::ToSchema;

use super::time::DAY;

/// Most shifts of a group.
const SHIFTS_MAX: usize = 20;
/// Longest cycle of a rotation, in days.
const CYCLE_MAX: usize = 366;
/// Most breaks within one day's hours.
const BREAKS_MAX: usize = 6;

/// A part of a day, in minutes since its midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockSpan {
    /// Begins.
    pub from: i64,
    /// Ends.
    pub to: i64,
}

/// When one day's work begins, pauses and ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayHours {
    /// 上班 (540 is 09:00).
    pub start: i64,
    /// 下班; beyond 1440 when the work ends after midnight.
    pub end: i64,
    /// 休息, not counted as work.
    #[serde(default)]
    pub breaks: Vec<ClockSpan>,
}

/// 班次.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shift {
    /// Short sign for patterns and schedules: 早, 中, 夜.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its hours.
    pub hours: DayHours,
}

/// Other hours on one day of the week (周六半天).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WeekdayHours {
    /// 1 is Monday, 7 is Sunday.
    pub weekday: i64,
    /// The hours of that day.
    pub hours: DayHours,
}

/// Over what the minutes of flexible hours are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// Each day by itself.
    Day,
    /// A surplus of one day makes up for another's shortage within the month.
    Month,
}

/// How the hours of a group are set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Hours {
    /// 固定工时: the same hours on the given days of the week, by the calendar with its holidays and make-up days.
    Fixed {
        /// 1 is Monday, 7 is Sunday.
        weekdays: Vec<i64>,
        /// The hours.
        hours: DayHours,
        /// Days of the week with hours of their own.
        #[serde(default)]
        special: Vec<WeekdayHours>,
    },
    /// 倒班: named shifts in a rotation; holidays are worked unless the group rests on them.
    Shift {
        /// The shifts.
        shifts: Vec<Shift>,
        /// One entry a day of the cycle: a shift's key, or nothing for a day of rest.
        pattern: Vec<Option<String>>,
        /// A day on which the cycle begins; a member's offset is added to it.
        #[schema(value_type = String, format = Date)]
        starts_on: Date,
        /// Whether statutory holidays are days of rest.
        #[serde(default)]
        rest_on_holidays: bool,
    },
    /// 弹性工时: so many minutes a working day, at times of one's own choice.
    Flexible {
        /// 1 is Monday, 7 is Sunday.
        weekdays: Vec<i64>,
        /// Minutes of a working day.
        minutes: i64,
        /// 核心时段: when everybody is there.
        #[serde(default)]
        core: Option<ClockSpan>,
        /// Breaks not counted as work.
        #[serde(default)]
        breaks: Vec<ClockSpan>,
        /// Over what the minutes are counted.
        settled: Settled,
    },
}

/// Which punches make presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pairing {
    /// From the first to the last punch of the day.
    FirstLast,
    /// In, out, in, out: the time between an out and the next in is absence.
    InOut,
}

/// What a day with only one end punched counts until it is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissingPunch {
    /// The missing end is taken as the scheduled one; the anomaly stays until decided.
    Worked,
    /// The day counts as absence.
    Absent,
}

/// When time beyond the schedule is overtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OvertimeCounted {
    /// Never by punches.
    Never,
    /// Only where an approved request covers it.
    Approved,
    /// Whatever was punched.
    Punched,
}

/// 加班.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OvertimeRule {
    /// When it counts.
    pub counted: OvertimeCounted,
    /// Rounded down to a multiple of this, in minutes.
    pub block_minutes: i64,
    /// Less than this is none, in minutes.
    pub minimum_minutes: i64,
    /// Whether coming before the schedule counts too.
    #[serde(default)]
    pub before_start: bool,
}

/// The rule of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AttendanceRule)]
pub struct Rule {
    /// The hours.
    pub hours: Hours,
    /// 迟到早退 up to so many minutes count as present.
    pub grace_minutes: i64,
    /// 迟到早退 above so many minutes count as absence; 0 for never.
    #[serde(default)]
    pub absent_after_minutes: i64,
    /// Which punches make presence.
    pub pairing: Pairing,
    /// What a missing punch counts.
    pub missing: MissingPunch,
    /// Overtime.
    pub overtime: OvertimeRule,
}

impl DayHours {
    fn check(&self, field: &str, wrong: &mut Vec<Finding>) {
        if !(0..DAY).contains(&self.start) || self.end <= self.start || self.end > self.start + DAY {
            wrong.push(
                Finding::blocking(
                    "attendance_hours",
                    "下班时间须晚于上班时间，且一班不超过 24 小时",
                    "work ends after it begins and lasts at most 24 hours",
                )
                .field(field)
                .remedy(
                    "跨零点的班次请勾选“次日”",
                    "mark the end as the next day where the shift crosses midnight",
                ),
            );
        }
        let mut last = self.start;
        let orderly = self.breaks.iter().all(|pause| {
            let fits = pause.from >= last && pause.to > pause.from && pause.to <= self.end;
            last = pause.to;
            fits
        });
        if !orderly || self.breaks.len() > BREAKS_MAX || self.minutes() <= 0 {
            wrong.push(
                Finding::blocking(
                    "attendance_breaks",
                    "休息时段须依次落在上下班之间，不可重叠，且不能占满全天",
                    "breaks lie within the hours, one after the other, and leave some work",
                )
                .field(field)
                .remedy("请检查休息时段的起止时间", "check when the breaks begin and end"),
            );
        }
    }

    /// Minutes of work.
    pub fn minutes(&self) -> i64 {
        self.end - self.start - self.breaks.iter().map(|pause| pause.to - pause.from).sum::<i64>()
    }
}

fn check_weekdays(weekdays: &[i64], wrong: &mut Vec<Finding>) {
    let mut seen = [false; 8];
    let fits = weekdays.iter().all(|day| {
        let known = usize::try_from(*day).ok().filter(|day| (1..=7).contains(day));
        known.is_some_and(|day| !std::mem::replace(&mut seen[day], true))
    });
    if !fits || weekdays.is_empty() {
        wrong.push(
            Finding::blocking(
                "attendance_weekdays",
                "请至少选择一个工作日，且不可重复",
                "choose at least one day of the week, each once",
            )
            .field("weekdays"),
        );
    }
}

fn check_shifts(shifts: &[Shift], pattern: &[Option<String>], wrong: &mut Vec<Finding>) {
    let named = |key: &str| shifts.iter().filter(|shift| shift.key == key).count() == 1;
    let texts =
        |shift: &Shift| (1..=4).contains(&shift.key.chars().count()) && (1..=20).contains(&shift.name.chars().count()) && named(&shift.key);
    if shifts.is_empty() || shifts.len() > SHIFTS_MAX || !shifts.iter().all(texts) {
        wrong.push(
            Finding::blocking(
                "attendance_shifts",
                format!("请设置 1 至 {SHIFTS_MAX} 个班次，代号 1–4 个字且互不相同"),
                format!("set 1 to {SHIFTS_MAX} shifts with signs of 1–4 characters, each different"),
            )
            .field("shifts"),
        );
    }
    let known = pattern.iter().flatten().all(|key| named(key));
    if pattern.is_empty() || pattern.len() > CYCLE_MAX || !known || pattern.iter().all(Option::is_none) {
        wrong.push(
            Finding::blocking(
                "attendance_pattern",
                format!("轮班周期须为 1 至 {CYCLE_MAX} 天，每天为一个已有班次或休息，且至少有一天上班"),
                format!("the rotation has 1 to {CYCLE_MAX} days, each a known shift or rest, at least one worked"),
            )
            .field("pattern"),
        );
    }
}

impl Rule {
    /// What is wrong with the rule; empty when it can be used.
    pub fn check(&self) -> Vec<Finding> {
        let mut wrong = Vec::new();
        match &self.hours {
            Hours::Fixed { weekdays, hours, special } => {
                check_weekdays(weekdays, &mut wrong);
                hours.check("hours", &mut wrong);
                for one in special.iter().take(7) {
                    one.hours.check("special", &mut wrong);
                }
                if special.len() > 7 || special.iter().any(|one| !weekdays.contains(&one.weekday)) {
                    wrong.push(
                        Finding::blocking(
                            "attendance_special",
                            "单独设置的工时须属于所选的工作日",
                            "hours of their own belong to a chosen day of the week",
                        )
                        .field("special"),
                    );
                }
            }
            Hours::Shift { shifts, pattern, .. } => {
                check_shifts(shifts, pattern, &mut wrong);
                for shift in shifts.iter().take(SHIFTS_MAX) {
                    shift.hours.check("shifts", &mut wrong);
                }
            }
            Hours::Flexible {
                weekdays,
                minutes,
                core,
                breaks,
                ..
            } => {
                check_weekdays(weekdays, &mut wrong);
                let within = |span: &ClockSpan| (0..DAY).contains(&span.from) && span.to > span.from && span.to <= DAY;
                let fits = (1..=DAY).contains(minutes) && core.iter().all(within) && breaks.iter().all(within);
                if !fits || breaks.len() > BREAKS_MAX || breaks.windows(2).any(|pair| pair[1].from < pair[0].to) {
                    wrong.push(
                        Finding::blocking(
                            "attendance_flexible",
                            "每日工时须为 1 分钟至 24 小时，核心时段与休息时段须在当天之内且不重叠",
                            "a day has 1 minute to 24 hours; core time and breaks lie within the day and apart",
                        )
                        .field("hours"),
                    );
                }
            }
        }
        self.check_limits(&mut wrong);
        wrong
    }

    fn check_limits(&self, wrong: &mut Vec<Finding>) {
        let overtime = &self.overtime;
        let fits = (0..=120).contains(&self.grace_minutes)
            && (0..=DAY).contains(&self.absent_after_minutes)
            && (1..=480).contains(&overtime.block_minutes)
            && (0..=480).contains(&overtime.minimum_minutes);
        if !fits {
            wrong.push(
                Finding::blocking(
                    "attendance_limits",
                    "宽限须为 0–120 分钟，旷工界限 0–1440 分钟，加班计量单位 1–480 分钟，起算 0–480 分钟",
                    "grace 0–120, absence bound 0–1440, overtime block 1–480, minimum 0–480 minutes",
                )
                .field("grace_minutes"),
            );
        }
    }

    /// The shift of a key.
    pub fn shift(&self, key: &str) -> Option<&Shift> {
        match &self.hours {
            Hours::Shift { shifts, .. } => shifts.iter().find(|shift| shift.key == key),
            Hours::Fixed { .. } | Hours::Flexible { .. } => None,
        }
    }

    /// Nine to six with an hour's break, Monday to Friday: what an office begins with.
    pub fn office() -> Rule {
        Rule {
            hours: Hours::Fixed {
                weekdays: vec![1, 2, 3, 4, 5],
                hours: DayHours {
                    start: 540,
                    end: 1_080,
                    breaks: vec![ClockSpan { from: 720, to: 780 }],
                },
                special: Vec::new(),
            },
            grace_minutes: 5,
            absent_after_minutes: 0,
            pairing: Pairing::FirstLast,
            missing: MissingPunch::Worked,
            overtime: OvertimeRule {
                counted: OvertimeCounted::Approved,
                block_minutes: 30,
                minimum_minutes: 30,
                before_start: false,
            },
        }
    }
}
