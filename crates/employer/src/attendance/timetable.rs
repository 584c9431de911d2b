//! Who works by which rule when: the groups, their members, the schedule and the company's own days, read in sets.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use standard::{Date, Refusal};
use store::{Query, Row, args, in_list};
use utoipa::ToSchema;
use uuid::Uuid;

use super::plan::{Asked, CalendarDay, CompanyDay, Plan, Scheduled, nothing, plan};
use super::rule::Rule;
use super::worker::Worker;

/// 考勤组.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AttendanceGroup)]
pub struct Group {
    /// Key.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Covers everybody whom no other group names.
    pub covers_all: bool,
    /// Departments it covers.
    pub departments: Vec<String>,
    /// Its rule.
    pub rule: Rule,
    /// Counts edits.
    pub version: i64,
}

impl Group {
    fn read(row: &Row) -> Result<Group, Refusal> {
        let json = |column: &str| row.get::<String>(column);
        Ok(Group {
            id: row.get("id")?,
            name: row.get("name")?,
            covers_all: row.get("covers_all")?,
            departments: serde_json::from_str(&json("departments")?).map_err(Refusal::internal)?,
            rule: serde_json::from_str(&json("rule")?).map_err(Refusal::internal)?,
            version: row.get("version")?,
        })
    }
}

/// A member's place in a group from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Member {
    from_on: Date,
    group: usize,
    offset: i64,
}

/// Everything that decides what a day asks of an employee.
#[derive(Debug, Clone, Default)]
pub struct Timetable {
    /// The groups, by name.
    pub groups: Vec<Group>,
    /// The company's own days of the stretch.
    pub days: Vec<CompanyDay>,
    members: HashMap<Uuid, Vec<Member>>,
    scheduled: HashMap<Uuid, HashMap<Date, Scheduled>>,
}

/// The groups of an employer, by name.
pub async fn groups(q: &mut impl Query, employer_id: Uuid) -> Result<Vec<Group>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_attendance_group WHERE employer_id = $1 ORDER BY name",
            args![employer_id],
        )
        .await?;
    rows.iter().map(Group::read).collect()
}

/// The company's own days of a stretch.
pub async fn company_days(q: &mut impl Query, employer_id: Uuid, from: Date, to: Date) -> Result<Vec<CompanyDay>, Refusal> {
    let rows = q
        .all(
            "SELECT day, works, name FROM employer_attendance_day WHERE employer_id = $1 AND day BETWEEN $2 AND $3 ORDER BY day",
            args![employer_id, from, to],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(CompanyDay {
                date: row.get("day")?,
                works: row.get("works")?,
                name: row.get("name")?,
            })
        })
        .collect()
}

impl Timetable {
    /// Reads what holds in a stretch of days, for all employees or only some.
    pub async fn read(q: &mut impl Query, employer_id: Uuid, from: Date, to: Date, only: Option<&[Uuid]>) -> Result<Timetable, Refusal> {
        let groups = groups(q, employer_id).await?;
        let days = company_days(q, employer_id, from, to).await?;
        let places: HashMap<Uuid, usize> = groups.iter().enumerate().map(|(n, group)| (group.id, n)).collect();
        let mut bound = args![employer_id, to];
        let narrowed = narrow(&mut bound, only);
        let sql = format!(
            "SELECT employee_id, from_on, group_id, pattern_offset FROM employer_attendance_member
             WHERE employer_id = $1 AND from_on <= $2{narrowed} ORDER BY employee_id, from_on"
        );
        let mut members: HashMap<Uuid, Vec<Member>> = HashMap::new();
        for row in &q.all(&sql, bound).await? {
            // A group is removed only when it has no member.
            let Some(group) = places.get(&row.get::<Uuid>("group_id")?) else {
                continue;
            };
            members.entry(row.get("employee_id")?).or_default().push(Member {
                from_on: row.get("from_on")?,
                group: *group,
                offset: row.get("pattern_offset")?,
            });
        }
        let mut bound = args![employer_id, from, to];
        let narrowed = narrow(&mut bound, only);
        let sql = format!(
            "SELECT employee_id, day, shift FROM employer_attendance_schedule
             WHERE employer_id = $1 AND day BETWEEN $2 AND $3{narrowed}"
        );
        let mut scheduled: HashMap<Uuid, HashMap<Date, Scheduled>> = HashMap::new();
        for row in &q.all(&sql, bound).await? {
            let shift: String = row.get("shift")?;
            let one = if shift.is_empty() {
                Scheduled::Rest
            } else {
                Scheduled::Shift(shift)
            };
            scheduled.entry(row.get("employee_id")?).or_default().insert(row.get("day")?, one);
        }
        Ok(Timetable {
            groups,
            days,
            members,
            scheduled,
        })
    }

    /// The group of an employee on a day, and the days by which the rotation is shifted: a place of one's own first,
    /// then the department's group, then the group that covers all.
    pub fn group_of(&self, worker: &Worker, on: Date) -> Option<(&Group, i64)> {
        let own = self
            .members
            .get(&worker.id)
            .and_then(|places| places.iter().rev().find(|place| place.from_on <= on));
        if let Some(place) = own {
            return self.groups.get(place.group).map(|group| (group, place.offset));
        }
        let by_department = self.groups.iter().find(|group| group.departments.contains(&worker.department));
        by_department
            .or_else(|| self.groups.iter().find(|group| group.covers_all))
            .map(|group| (group, 0))
    }

    /// What each day of a calendar asks of an employee.
    pub fn plans<'t>(&'t self, worker: &Worker, calendar: &[CalendarDay]) -> Vec<Plan<'t>> {
        let scheduled = self.scheduled.get(&worker.id);
        calendar
            .iter()
            .map(|day| {
                if !worker.is_employed(day.date) {
                    return nothing(Asked::NotEmployed, day);
                }
                match self.group_of(worker, day.date) {
                    Some((group, offset)) => plan(&group.rule, offset, scheduled.and_then(|own| own.get(&day.date)), day),
                    None => nothing(Asked::NoSchedule, day),
                }
            })
            .collect()
    }
}

/// ` AND employee_id IN (…)`, or nothing for all.
pub(super) fn narrow(bound: &mut store::Args, only: Option<&[Uuid]>) -> String {
    let Some(ids) = only else { return String::new() };
    let clause = format!(" AND employee_id IN {}", in_list(ids.len(), bound.len() + 1));
    bound.extend(ids.iter().copied());
    clause
}
