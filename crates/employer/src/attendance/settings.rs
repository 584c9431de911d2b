//! Setting attendance up: groups and their rules, who belongs where, schedules and the company's own days.
//! Closed months keep what they were closed with; a change of rule shows only in open ones.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Date, Finding, Month, Refusal};
use store::{Db, Query, Tx, args, in_list};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rule::Rule;
use super::timetable::{self, Group};
use super::{months, worker};
use crate::employer_of;

/// Most groups of an employer.
const GROUPS_MAX: usize = 200;
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

/// Everything that is set.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AttendanceSettings)]
pub struct Settings {
    /// The groups, by name.
    pub groups: Vec<Group>,
    /// Places of employees, by employee and day.
    pub members: Vec<Member>,
    /// The company's own days, from last year on.
    pub days: Vec<OwnDay>,
    /// What the reader may do: edit.
    pub allowed_actions: Vec<String>,
}

/// A group as entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = AttendanceGroupEdit)]
pub struct GroupEdit {
    /// Its name.
    pub name: String,
    /// Covers everybody whom no other group names.
    #[serde(default)]
    pub covers_all: bool,
    /// Departments it covers.
    #[serde(default)]
    pub departments: Vec<String>,
    /// Its rule.
    pub rule: Rule,
    /// The version that was read; left out for a new group.
    pub version: Option<i64>,
}

/// What is set.
pub async fn get(actor: &Actor, db: &Db, today: Date) -> Result<Settings, Refusal> {
    actor.require(Permission::AttendanceView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let rows = q
        .all(
            "SELECT employee_id, from_on, group_id, pattern_offset FROM employer_attendance_member
             WHERE employer_id = $1 ORDER BY employee_id, from_on LIMIT 20000",
            args![employer_id],
        )
        .await?;
    let mut members = Vec::with_capacity(rows.len());
    for row in &rows {
        members.push(Member {
            employee_id: row.get("employee_id")?,
            from_on: row.get("from_on")?,
            group_id: row.get("group_id")?,
            pattern_offset: row.get("pattern_offset")?,
        });
    }
    let from = Date::new(today.year() - 1, 1, 1).unwrap_or(today);
    let days = timetable::company_days(&mut q, employer_id, from, Date::MAX).await?;
    Ok(Settings {
        groups: timetable::groups(&mut q, employer_id).await?,
        members,
        days: days
            .into_iter()
            .map(|day| OwnDay {
                date: day.date,
                works: Some(day.works),
                name: day.name,
            })
            .collect(),
        allowed_actions: if actor.may(Permission::AttendanceEdit) {
            vec!["edit".to_string()]
        } else {
            Vec::new()
        },
    })
}

async fn begin(actor: &Actor, db: &Db) -> Result<(Tx, Uuid), Refusal> {
    actor.require(Permission::AttendanceEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("attendance:{employer_id}")).await?;
    Ok((tx, employer_id))
}

fn check(edit: &GroupEdit, id: Option<Uuid>, others: &[Group]) -> Result<(), Refusal> {
    let mut wrong = edit.rule.check();
    let name = edit.name.trim();
    if name.is_empty() || name.chars().count() > 30 {
        wrong.push(
            Finding::blocking(
                "group_name",
                "请填写考勤组名称，不超过 30 字",
                "give a name of at most 30 characters",
            )
            .field("name"),
        );
    }
    if edit.departments.len() > 500 || edit.departments.iter().any(|one| one.is_empty() || one.chars().count() > 200) {
        wrong.push(Finding::blocking("group_departments", "部门过多或名称过长", "too many departments").field("departments"));
    }
    let mut rest = others.iter().filter(|other| Some(other.id) != id);
    if let Some(other) = rest.clone().find(|other| other.name == name) {
        let zh = format!("已有名为“{}”的考勤组", other.name);
        wrong.push(Finding::blocking("group_name_taken", zh, "there is a group of this name").field("name"));
    }
    if let Some(other) = rest.clone().find(|other| edit.covers_all && other.covers_all) {
        wrong.push(
            Finding::blocking(
                "group_covers_all",
                format!("“{}”已覆盖其余全部员工", other.name),
                format!("{} covers everybody else already", other.name),
            )
            .field("covers_all")
            .remedy("请先取消那一组的“覆盖其余全部员工”", "take it from that group first"),
        );
    }
    if let Some(other) = rest.find(|other| other.departments.iter().any(|one| edit.departments.contains(one))) {
        let zh = format!("所选部门中有的已属于“{}”", other.name);
        wrong.push(Finding::blocking("group_department_taken", zh, "a department belongs to another group").field("departments"));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid_all(wrong))
    }
}

/// Adds a group, or changes one.
pub async fn put_group(actor: &Actor, db: &Db, id: Option<Uuid>, edit: &GroupEdit) -> Result<Group, Refusal> {
    let (mut tx, employer_id) = begin(actor, db).await?;
    let others = timetable::groups(&mut tx, employer_id).await?;
    check(edit, id, &others)?;
    if id.is_none() && others.len() >= GROUPS_MAX {
        return Err(Finding::blocking("groups_max", "考勤组数量已达上限", "there are too many groups").into());
    }
    let mut group = Group {
        id: id.unwrap_or_else(Uuid::now_v7),
        name: edit.name.trim().to_string(),
        covers_all: edit.covers_all,
        departments: edit.departments.clone(),
        rule: edit.rule.clone(),
        version: edit.version.unwrap_or(0) + 1,
    };
    let (departments, rule) = (json!(group.departments).to_string(), json!(group.rule).to_string());
    let now = clock::now();
    if id.is_some() {
        let changed = tx
            .execute(
                "UPDATE employer_attendance_group SET name = $4, covers_all = $5, departments = $6, rule = $7, updated_at = $8, version = version + 1
                 WHERE employer_id = $1 AND id = $2 AND version = $3",
                args![employer_id, group.id, edit.version.unwrap_or(0), &group.name, group.covers_all, departments, rule, now],
            )
            .await?;
        if changed == 0 {
            if others.iter().any(|other| other.id == group.id) {
                return Err(crate::people::store::stale());
            }
            return Err(Refusal::not_found("group_not_found", "没有找到该考勤组", "no such group"));
        }
    } else {
        group.version = 1;
        tx.execute(
            "INSERT INTO employer_attendance_group (employer_id, id, name, covers_all, departments, rule, version, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7)",
            args![employer_id, group.id, &group.name, group.covers_all, departments, rule, now],
        )
        .await?;
    }
    let before = others.iter().find(|other| other.id == group.id).map(|other| json!(other));
    audit::record(
        &mut tx,
        actor,
        "attendance.group",
        "attendance_group",
        group.id,
        before,
        Some(json!(group)),
    )
    .await?;
    tx.commit().await?;
    Ok(group)
}

/// Removes a group that has no member of its own.
pub async fn remove_group(actor: &Actor, db: &Db, id: Uuid) -> Result<(), Refusal> {
    let (mut tx, employer_id) = begin(actor, db).await?;
    let before = timetable::groups(&mut tx, employer_id)
        .await?
        .into_iter()
        .find(|group| group.id == id);
    let before = before.ok_or_else(|| Refusal::not_found("group_not_found", "没有找到该考勤组", "no such group"))?;
    let member = tx
        .optional(
            "SELECT employee_id FROM employer_attendance_member WHERE employer_id = $1 AND group_id = $2 LIMIT 1",
            args![employer_id, id],
        )
        .await?;
    if member.is_some() {
        return Err(
            Refusal::conflict("group_has_members", "该考勤组还有成员，不能删除", "the group still has members")
                .remedy("请先把成员调到其他考勤组", "move its members to another group first"),
        );
    }
    tx.execute(
        "DELETE FROM employer_attendance_group WHERE employer_id = $1 AND id = $2",
        args![employer_id, id],
    )
    .await?;
    audit::record(
        &mut tx,
        actor,
        "attendance.group",
        "attendance_group",
        id,
        Some(json!(before)),
        None,
    )
    .await?;
    tx.commit().await
}

fn bounded(count: usize) -> Result<(), Refusal> {
    if count == 0 || count > ENTRIES_MAX {
        let zh = format!("一次须提交 1 至 {ENTRIES_MAX} 条");
        return Err(Finding::blocking("entries_count", zh, format!("send 1 to {ENTRIES_MAX} entries")).into());
    }
    Ok(())
}

/// Every employee named belongs to the employer.
async fn known(tx: &mut Tx, employer_id: Uuid, mut ids: Vec<Uuid>) -> Result<(), Refusal> {
    ids.sort_unstable();
    ids.dedup();
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
    known(&mut tx, employer_id, members.iter().map(|one| one.employee_id).collect()).await?;
    let groups = timetable::groups(&mut tx, employer_id).await?;
    for one in members {
        let Some(group_id) = one.group_id else {
            tx.execute(
                "DELETE FROM employer_attendance_member WHERE employer_id = $1 AND employee_id = $2 AND from_on = $3",
                args![employer_id, one.employee_id, one.from_on],
            )
            .await?;
            continue;
        };
        if !groups.iter().any(|group| group.id == group_id) || one.pattern_offset.abs() > 366 {
            return Err(Refusal::not_found("group_not_found", "没有找到该考勤组", "no such group"));
        }
        tx.execute(
            "INSERT INTO employer_attendance_member (employer_id, employee_id, from_on, group_id, pattern_offset) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (employer_id, employee_id, from_on)
             DO UPDATE SET group_id = excluded.group_id, pattern_offset = excluded.pattern_offset",
            args![employer_id, one.employee_id, one.from_on, group_id, one.pattern_offset],
        )
        .await?;
    }
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
    known(&mut tx, employer_id, entries.iter().map(|one| one.employee_id).collect()).await?;
    let (Some(first), Some(last)) = (entries.iter().map(|one| one.day).min(), entries.iter().map(|one| one.day).max()) else {
        return Ok(());
    };
    months::require_open(&mut tx, employer_id, Month::of(first), Month::of(last)).await?;
    let groups = timetable::groups(&mut tx, employer_id).await?;
    let exists = |key: &str| groups.iter().any(|group| group.rule.shift(key).is_some());
    for one in entries {
        match one.shift.as_deref() {
            Some(key) if !key.is_empty() && !exists(key) => {
                return Err(Finding::blocking(
                    "shift_not_found",
                    format!("没有代号为“{key}”的班次"),
                    "there is no shift of this sign",
                )
                .field("shift")
                .into());
            }
            Some(key) => {
                tx.execute(
                    "INSERT INTO employer_attendance_schedule (employer_id, employee_id, day, shift) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (employer_id, employee_id, day) DO UPDATE SET shift = excluded.shift",
                    args![employer_id, one.employee_id, one.day, key],
                )
                .await?;
            }
            None => {
                tx.execute(
                    "DELETE FROM employer_attendance_schedule WHERE employer_id = $1 AND employee_id = $2 AND day = $3",
                    args![employer_id, one.employee_id, one.day],
                )
                .await?;
            }
        }
    }
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
    for day in days {
        months::require_open(&mut tx, employer_id, Month::of(day.date), Month::of(day.date)).await?;
        match day.works {
            Some(works) => {
                tx.execute(
                    "INSERT INTO employer_attendance_day (employer_id, day, works, name) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (employer_id, day) DO UPDATE SET works = excluded.works, name = excluded.name",
                    args![employer_id, day.date, works, day.name.trim()],
                )
                .await?;
            }
            None => {
                tx.execute(
                    "DELETE FROM employer_attendance_day WHERE employer_id = $1 AND day = $2",
                    args![employer_id, day.date],
                )
                .await?;
            }
        }
    }
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

/// A grant of leave beside the law, and the months worked elsewhere.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = LeaveGrant)]
pub struct Grant {
    /// Whose.
    pub employee_id: Uuid,
    /// Of which leave.
    pub kind: Option<super::leave::kind::LeaveKind>,
    /// For which year.
    pub year: Option<i64>,
    /// Minutes, where 480 are a day; negative takes back.
    #[serde(default)]
    pub amount: i64,
    /// 累计工作 before this employer, months.
    pub prior_months: Option<i64>,
    /// Why.
    pub reason: String,
}

/// Grants leave beside the law, or enters service before this employer.
pub async fn grant(actor: &Actor, db: &Db, grant: &Grant) -> Result<(), Refusal> {
    let (mut tx, employer_id) = begin(actor, db).await?;
    let reason = grant.reason.trim();
    let fits = !reason.is_empty()
        && reason.chars().count() <= 200
        && grant.amount.abs() <= 366 * 480
        && grant.prior_months.is_none_or(|months| (0..=720).contains(&months))
        && grant.year.is_none_or(|year| (2000..=2100).contains(&year))
        && grant.kind.is_none_or(super::leave::kind::LeaveKind::has_balance);
    if !fits {
        return Err(Finding::blocking(
            "leave_grant",
            "请填写原因；额度不超过 366 天，工龄 0–720 个月，仅年休假与调休有额度",
            "give a reason; at most 366 days, 0–720 months; only annual leave and compensatory rest have balances",
        )
        .into());
    }
    let today = clock::today();
    worker::one(&mut tx, employer_id, grant.employee_id, today, today).await?;
    if let Some(months) = grant.prior_months {
        tx.execute(
            "INSERT INTO employer_attendance_service (employer_id, employee_id, prior_months) VALUES ($1, $2, $3)
             ON CONFLICT (employer_id, employee_id) DO UPDATE SET prior_months = excluded.prior_months",
            args![employer_id, grant.employee_id, months],
        )
        .await?;
    }
    if let (Some(kind), true) = (grant.kind, grant.amount != 0) {
        tx.execute(
            "INSERT INTO employer_attendance_grant
                 (employer_id, id, employee_id, leave_kind, year, amount, month, reason, made_by, made_name, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $10)",
            args![
                employer_id,
                Uuid::now_v7(),
                grant.employee_id,
                kind.key(),
                grant.year.unwrap_or(i64::from(today.year())),
                grant.amount,
                reason,
                actor.user_id,
                &actor.name,
                clock::now()
            ],
        )
        .await?;
    }
    let after = json!({ "kind": grant.kind, "amount": grant.amount, "prior_months": grant.prior_months, "reason": reason });
    audit::record(&mut tx, actor, "attendance.grant", "employee", grant.employee_id, None, Some(after)).await?;
    tx.commit().await
}

/// The first rule of an employer that has none: office hours for all. For the demo and for a first start.
pub async fn seed_office(actor: &Actor, db: &Db) -> Result<Group, Refusal> {
    let edit = GroupEdit {
        name: "标准工时".to_string(),
        covers_all: true,
        departments: Vec::new(),
        rule: Rule::office(),
        version: None,
    };
    put_group(actor, db, None, &edit).await
}
