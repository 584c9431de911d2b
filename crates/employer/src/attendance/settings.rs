//! Setting attendance up: groups and their rules, who belongs where, schedules and the company's own days.
//! Closed months keep what they were closed with; a change of rule shows only in open ones.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Date, Finding, Refusal};
use store::{Db, Query, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rule::Rule;
use super::timetable::{self, Group};
use crate::employer_of;

pub use super::leave::grant::{Grant, grant};
pub use super::placement::{Entry, Member, OwnDay, put_days, put_members, put_schedule, schedule};

/// Most groups of an employer.
const GROUPS_MAX: usize = 200;
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

/// Opens a transaction that changes attendance, for who may.
pub(super) async fn begin(actor: &Actor, db: &Db) -> Result<(Tx, Uuid), Refusal> {
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
