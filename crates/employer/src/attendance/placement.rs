//! Who belongs where, which days are scheduled by hand, and the company's own days.

use std::collections::{BTreeMap, BTreeSet};

use control::audit;
use control::identity::{Actor, Permission};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Date, Finding, Month, Refusal};
use store::{Db, Query, Tx, args, in_list};
use utoipa::ToSchema;
use uuid::Uuid;

use super::months;
use super::settings::begin;
use super::timetable;
use crate::employer_of;

/// Most entries in one edit of members or schedules.
const ENTRIES_MAX: usize = 5_000;

/// A day of the company's own calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CompanyDay)]
pub struct OwnDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Worked, or off; nothing removes the entry.
    pub works: Option<bool>,
    /// Why.
    #[serde(default)]
    pub name: String,
}

/// A member's place from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AttendanceMember)]
pub struct Member {
    /// Who.
    pub employee_id: Uuid,
    /// From this day.
    #[schema(value_type = String, format = Date)]
    pub from_on: Date,
    /// Into this group; nothing removes the entry of that day.
    pub group_id: Option<Uuid>,
    /// Days by which the rotation is shifted, so that teams take turns.
    #[serde(default)]
    pub pattern_offset: i64,
}

/// One employee's day over the rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduleEntry)]
pub struct Entry {
    /// Who.
    pub employee_id: Uuid,
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// The key of a shift; empty for rest; nothing returns to the rotation.
    pub shift: Option<String>,
}

fn bounded(count: usize) -> Result<(), Refusal> {
    if count == 0 || count > ENTRIES_MAX {
        let zh = format!("一次须提交 1 至 {ENTRIES_MAX} 条");
        return Err(Finding::blocking("entries_count", zh, format!("send 1 to {ENTRIES_MAX} entries")).into());
    }
    Ok(())
}

fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    ids.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Every employee named belongs to the employer.
async fn known(tx: &mut Tx, employer_id: Uuid, ids: &[Uuid]) -> Result<(), Refusal> {
    let mut bound = args![employer_id];
    let list = in_list(ids.len(), 2);
    bound.extend(ids.iter().copied());
    let sql = format!("SELECT COUNT(*) AS n FROM employer_employee WHERE employer_id = $1 AND id IN {list}");
    let found: i64 = tx.one(&sql, bound).await?.get("n")?;
    if found == i64::try_from(ids.len()).unwrap_or(0) {
        return Ok(());
    }
    Err(Refusal::not_found(
        "employee_not_found",
        "其中有的员工不存在",
        "some of the employees do not exist",
    ))
}

/// Puts employees into groups from a day on.
pub async fn put_members(actor: &Actor, db: &Db, members: &[Member]) -> Result<(), Refusal> {
    let (mut tx, employer_id) = begin(actor, db).await?;
    bounded(members.len())?;
    let ids = distinct(members.iter().map(|one| one.employee_id));
    known(&mut tx, employer_id, &ids).await?;
    let groups = timetable::groups(&mut tx, employer_id).await?;
    for one in members {
        let group_id = one.group_id.iter();
        if group_id.clone().any(|id| !groups.iter().any(|group| group.id == *id)) || one.pattern_offset.abs() > 366 {
            return Err(Refusal::not_found("group_not_found", "没有找到该考勤组", "no such group"));
        }
    }
    let mut bound = args![employer_id];
    bound.extend(ids.iter().copied());
    let of_these = format!(
        "FROM employer_attendance_member WHERE employer_id = $1 AND employee_id IN {}",
        in_list(ids.len(), 2)
    );
    let sql = format!("SELECT employee_id, from_on, group_id, pattern_offset {of_these}");
    let mut places: BTreeMap<(Uuid, Date), (Uuid, i64)> = BTreeMap::new();
    for row in tx.all(&sql, bound.clone()).await? {
        places.insert(
            (row.get("employee_id")?, row.get("from_on")?),
            (row.get("group_id")?, row.get("pattern_offset")?),
        );
    }
    for one in members {
        let key = (one.employee_id, one.from_on);
        match one.group_id {
            Some(group_id) => drop(places.insert(key, (group_id, one.pattern_offset))),
            None => drop(places.remove(&key)),
        }
    }
    tx.execute(&format!("DELETE {of_these}"), bound).await?;
    let columns = ["employer_id", "employee_id", "from_on", "group_id", "pattern_offset"];
    let mut sink = tx.bulk("employer_attendance_member", &columns).await?;
    for ((employee_id, from_on), (group_id, offset)) in places {
        sink.push(args![employer_id, employee_id, from_on, group_id, offset]).await?;
    }
    sink.finish().await?;
    audit::record(
        &mut tx,
        actor,
        "attendance.members",
        "attendance_group",
        members.len(),
        None,
        Some(json!(members)),
    )
    .await?;
    tx.commit().await
}

/// The schedule of a stretch of at most two months.
pub async fn schedule(actor: &Actor, db: &Db, from: Date, to: Date) -> Result<Vec<Entry>, Refusal> {
    actor.require(Permission::AttendanceView)?;
    let employer_id = employer_of(actor)?;
    if to < from || to.duration_since(from).as_hours() / 24 > 62 {
        return Err(
            Finding::blocking("schedule_stretch", "请选择不超过两个月的日期", "choose at most two months")
                .field("to")
                .into(),
        );
    }
    let rows = db
        .read()
        .all(
            "SELECT employee_id, day, shift FROM employer_attendance_schedule
             WHERE employer_id = $1 AND day BETWEEN $2 AND $3 ORDER BY day, employee_id LIMIT 100000",
            args![employer_id, from, to],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Entry {
                employee_id: row.get("employee_id")?,
                day: row.get("day")?,
                shift: Some(row.get("shift")?),
            })
        })
        .collect()
}

/// Schedules employees' days by hand.
pub async fn put_schedule(actor: &Actor, db: &Db, entries: &[Entry]) -> Result<(), Refusal> {
    let (mut tx, employer_id) = begin(actor, db).await?;
    bounded(entries.len())?;
    let ids = distinct(entries.iter().map(|one| one.employee_id));
    known(&mut tx, employer_id, &ids).await?;
    let (Some(first), Some(last)) = (entries.iter().map(|one| one.day).min(), entries.iter().map(|one| one.day).max()) else {
        return Ok(());
    };
    months::require_open(&mut tx, employer_id, Month::of(first), Month::of(last)).await?;
    let groups = timetable::groups(&mut tx, employer_id).await?;
    let exists = |key: &str| groups.iter().any(|group| group.rule.shift(key).is_some());
    for key in entries.iter().filter_map(|one| one.shift.as_deref()).filter(|key| !key.is_empty()) {
        if !exists(key) {
            return Err(Finding::blocking(
                "shift_not_found",
                format!("没有代号为“{key}”的班次"),
                "there is no shift of this sign",
            )
            .field("shift")
            .into());
        }
    }
    let mut bound = args![employer_id, first, last];
    bound.extend(ids.iter().copied());
    let of_these = format!(
        "FROM employer_attendance_schedule WHERE employer_id = $1 AND day BETWEEN $2 AND $3 AND employee_id IN {}",
        in_list(ids.len(), 4)
    );
    let mut days: BTreeMap<(Uuid, Date), String> = BTreeMap::new();
    for row in tx.all(&format!("SELECT employee_id, day, shift {of_these}"), bound.clone()).await? {
        days.insert((row.get("employee_id")?, row.get("day")?), row.get("shift")?);
    }
    for one in entries {
        let key = (one.employee_id, one.day);
        match &one.shift {
            Some(shift) => drop(days.insert(key, shift.clone())),
            None => drop(days.remove(&key)),
        }
    }
    tx.execute(&format!("DELETE {of_these}"), bound).await?;
    let mut sink = tx
        .bulk("employer_attendance_schedule", &["employer_id", "employee_id", "day", "shift"])
        .await?;
    for ((employee_id, day), shift) in days {
        sink.push(args![employer_id, employee_id, day, shift]).await?;
    }
    sink.finish().await?;
    audit::record(
        &mut tx,
        actor,
        "attendance.schedule",
        "attendance_schedule",
        entries.len(),
        None,
        Some(json!(entries)),
    )
    .await?;
    tx.commit().await
}

/// Sets days of the company's own calendar.
pub async fn put_days(actor: &Actor, db: &Db, days: &[OwnDay]) -> Result<(), Refusal> {
    let (mut tx, employer_id) = begin(actor, db).await?;
    if days.is_empty() || days.len() > 400 || days.iter().any(|day| day.name.chars().count() > 20) {
        return Err(Finding::blocking("company_days", "一次须提交 1 至 400 天，名称不超过 20 字", "send 1 to 400 days").into());
    }
    let closed = match (days.iter().map(|day| day.date).min(), days.iter().map(|day| day.date).max()) {
        (Some(first), Some(last)) => months::closed(&mut tx, employer_id, Month::of(first), Month::of(last)).await?,
        _ => BTreeSet::new(),
    };
    if let Some(month) = days.iter().map(|day| Month::of(day.date)).find(|month| closed.contains(month)) {
        return Err(months::is_closed(month));
    }
    let given: BTreeMap<Date, &OwnDay> = days.iter().map(|day| (day.date, day)).collect();
    let mut bound = args![employer_id];
    bound.extend(given.keys().copied());
    let sql = format!(
        "DELETE FROM employer_attendance_day WHERE employer_id = $1 AND day IN {}",
        in_list(given.len(), 2)
    );
    tx.execute(&sql, bound).await?;
    let mut sink = tx.bulk("employer_attendance_day", &["employer_id", "day", "works", "name"]).await?;
    for (date, day) in given {
        if let Some(works) = day.works {
            sink.push(args![employer_id, date, works, day.name.trim()]).await?;
        }
    }
    sink.finish().await?;
    audit::record(
        &mut tx,
        actor,
        "attendance.days",
        "attendance_day",
        days.len(),
        None,
        Some(json!(days)),
    )
    .await?;
    tx.commit().await
}
