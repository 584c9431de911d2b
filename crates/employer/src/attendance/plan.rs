//! What a day asks of an employee: hours, flexible minutes or rest, by the group's rule, the calendar and the schedule.

use standard::calendar::{self, DayType};
use standard::{Date, Finding};

use super::rule::{ClockSpan, DayHours, Hours, Rule, Settled};
use super::time::{DAY, Span, midnight, total, without};

/// What overtime on a day earns (劳动法第四十四条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttendanceDayKind)]
pub enum DayKind {
    /// 工作日.
    Workday,
    /// 休息日.
    RestDay,
    /// 法定休假日.
    Holiday,
}

/// A day of the calendar the employer works by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day.
    pub date: Date,
    /// Worked or off by the yearly notice or by the company; nothing where the day of the week decides.
    pub works: Option<bool>,
    /// One of the statutory days that earn 300 %, whatever the company says.
    pub statutory: bool,
    /// What the day is called.
    pub name: Option<String>,
}

/// What the company itself says of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyDay {
    /// The day.
    pub date: Date,
    /// Worked, or off.
    pub works: bool,
    /// Why.
    pub name: String,
}

/// The days from one to another, both included. Refused beyond the years whose notice is encoded.
pub fn calendar(from: Date, to: Date, company: &[CompanyDay]) -> Result<Vec<CalendarDay>, Finding> {
    let mut days = Vec::new();
    let mut date = from;
    while date <= to {
        let mut day = CalendarDay {
            date,
            works: None,
            statutory: false,
            name: None,
        };
        match calendar::day_type(date)? {
            DayType::Workday | DayType::RestDay => {}
            DayType::MakeUpWorkday(name) => (day.works, day.name) = (Some(true), Some(name.to_string())),
            DayType::Holiday { name, statutory } => {
                (day.works, day.statutory, day.name) = (Some(false), statutory, Some(name.to_string()));
            }
        }
        if let Some(own) = company.iter().find(|own| own.date == date) {
            (day.works, day.name) = (Some(own.works), Some(own.name.clone()));
        }
        days.push(day);
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    Ok(days)
}

/// The hours a day asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Before the hire date or after the last day.
    NotEmployed,
    /// No group covers the employee.
    NoSchedule,
    /// A day of rest. The breaks of the ordinary hours are not counted as overtime.
    Off {
        /// Breaks.
        breaks: Vec<Span>,
    },
    /// These spans are worked; breaks are already cut out.
    Spans(Vec<Span>),
    /// So many minutes at times of one's own choice.
    Flexible {
        /// How many.
        minutes: i64,
        /// When everybody is there.
        core: Option<Span>,
        /// Not counted as work.
        breaks: Vec<Span>,
        /// Over what the minutes are counted.
        settled: Settled,
    },
}

/// A day of an employee as it is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<'r> {
    /// The day; a shift that crosses midnight belongs to the day on which it begins.
    pub date: Date,
    /// What overtime on it earns.
    pub kind: DayKind,
    /// What it asks.
    pub asked: Asked,
    /// The key of the shift, where the group works in shifts.
    pub shift: Option<&'r str>,
    /// The group's rule.
    pub rule: Option<&'r Rule>,
}

impl Plan<'_> {
    /// Minutes the day asks for.
    pub fn minutes(&self) -> i64 {
        match &self.asked {
            Asked::Spans(spans) => total(spans),
            Asked::Flexible { minutes, .. } => *minutes,
            Asked::NotEmployed | Asked::NoSchedule | Asked::Off { .. } => 0,
        }
    }

    /// From the first to the last minute that may be asked; the calendar day where no hours are set.
    pub fn frame(&self) -> Span {
        match &self.asked {
            Asked::Spans(spans) => match (spans.first(), spans.last()) {
                (Some(first), Some(last)) => Span::new(first.from, last.to),
                _ => self.whole_day(),
            },
            _ => self.whole_day(),
        }
    }

    fn whole_day(&self) -> Span {
        let start = midnight(self.date);
        Span::new(start, start + DAY)
    }

    /// Whether the hours are set by the clock.
    pub fn has_hours(&self) -> bool {
        matches!(self.asked, Asked::Spans(_))
    }
}

/// What the schedule says of one employee's day, over the rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheduled {
    /// A day of rest.
    Rest,
    /// The shift of this key.
    Shift(String),
}

/// Plans a day for a member of a group. `offset` shifts the rotation by days, so that teams take turns.
pub fn plan<'r>(rule: &'r Rule, offset: i64, scheduled: Option<&Scheduled>, day: &CalendarDay) -> Plan<'r> {
    let start = midnight(day.date);
    let weekday = i64::from(day.date.weekday().to_monday_one_offset());
    let mut shift = None;
    let asked = match &rule.hours {
        Hours::Fixed { weekdays, hours, special } => {
            // A day made a working day by notice or by the company is a whole one.
            let own = special.iter().find(|one| one.weekday == weekday && day.works != Some(true));
            let hours = own.map_or(hours, |one| &one.hours);
            if day.works.unwrap_or_else(|| weekdays.contains(&weekday)) {
                Asked::Spans(worked(hours, start))
            } else {
                Asked::Off {
                    breaks: spans(&hours.breaks, start),
                }
            }
        }
        Hours::Shift {
            pattern,
            starts_on,
            rest_on_holidays,
            ..
        } => {
            let key = match scheduled {
                Some(Scheduled::Rest) => None,
                Some(Scheduled::Shift(key)) => rule.shift(key).map(|shift| shift.key.as_str()),
                None if day.statutory && *rest_on_holidays => None,
                None => in_rotation(pattern, start - midnight(*starts_on), offset),
            };
            match key.and_then(|key| rule.shift(key)) {
                Some(found) => {
                    shift = Some(found.key.as_str());
                    Asked::Spans(worked(&found.hours, start))
                }
                None => Asked::Off { breaks: Vec::new() },
            }
        }
        Hours::Flexible {
            weekdays,
            minutes,
            core,
            breaks,
            settled,
        } => {
            let breaks = spans(breaks, start);
            if day.works.unwrap_or_else(|| weekdays.contains(&weekday)) {
                Asked::Flexible {
                    minutes: *minutes,
                    core: core.map(|core| Span::new(start + core.from, start + core.to)),
                    breaks,
                    settled: *settled,
                }
            } else {
                Asked::Off { breaks }
            }
        }
    };
    let kind = match asked {
        _ if day.statutory => DayKind::Holiday,
        Asked::Off { .. } => DayKind::RestDay,
        _ => DayKind::Workday,
    };
    Plan {
        date: day.date,
        kind,
        asked,
        shift,
        rule: Some(rule),
    }
}

/// A day on which nobody may be asked for anything.
pub fn nothing<'r>(asked: Asked, day: &CalendarDay) -> Plan<'r> {
    Plan {
        date: day.date,
        kind: if day.statutory { DayKind::Holiday } else { DayKind::Workday },
        asked,
        shift: None,
        rule: None,
    }
}

fn in_rotation(pattern: &[Option<String>], minutes_since: i64, offset: i64) -> Option<&str> {
    let length = i64::try_from(pattern.len()).ok().filter(|length| *length > 0)?;
    let place = (minutes_since / DAY + offset).rem_euclid(length);
    pattern.get(usize::try_from(place).ok()?)?.as_deref()
}

fn spans(list: &[ClockSpan], start: i64) -> Vec<Span> {
    list.iter().map(|one| Span::new(start + one.from, start + one.to)).collect()
}

fn worked(hours: &DayHours, start: i64) -> Vec<Span> {
    let whole = [Span::new(start + hours.start, start + hours.end)];
    without(&whole, &spans(&hours.breaks, start))
}
