//! Taking a machine's file: read, matched with the employees, recorded in one transaction.

use std::collections::{BTreeSet, HashMap};

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::Serialize;
use serde_json::json;
use standard::{Date, Month, Refusal, Timestamp};
use store::{Db, Query, Row, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::months;
use super::super::punch::{Punch, add_many};
use super::super::time::{DAY, date_of, minute_of};
use super::read::{Line, Reading, read};
use super::{RowError, faulty};
use crate::employer_of;

/// An import as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PunchImport)]
pub struct ImportView {
    /// Key.
    pub id: Uuid,
    /// The file.
    pub file_name: String,
    /// Rows below the head.
    pub rows: i64,
    /// Punches that were new.
    pub taken: i64,
    /// Punches that were there already.
    pub repeated: i64,
    /// Rows that were refused.
    pub refused: i64,
    /// The first day.
    #[schema(value_type = Option<String>, format = Date)]
    pub first_day: Option<Date>,
    /// The last day.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_day: Option<Date>,
    /// The first refused rows, each with its reason.
    pub errors: Vec<RowError>,
    /// Who.
    pub made_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
}

/// Takes a file. What was taken before is counted as repeated and left as it is.
pub async fn upload(actor: &Actor, db: &Db, file_name: &str, bytes: Vec<u8>, month: Option<Month>) -> Result<ImportView, Refusal> {
    actor.require(Permission::AttendanceEdit)?;
    let employer_id = employer_of(actor)?;
    let mut reading = tokio::task::spawn_blocking(move || read(&bytes, month))
        .await
        .map_err(Refusal::internal)??;
    let mut tx = db.begin().await?;
    tx.lock(&format!("attendance:{employer_id}")).await?;
    let punches = matched(&mut tx, employer_id, &mut reading).await?;
    let id = Uuid::now_v7();
    let stored = add_many(&mut tx, employer_id, &punches, "import", Some(id)).await?;
    let days = || punches.iter().map(|punch| date_of(punch.minute));
    let view = ImportView {
        id,
        file_name: file_name.chars().take(120).collect(),
        rows: reading.rows,
        taken: stored.taken,
        repeated: stored.repeated,
        refused: reading.refused,
        first_day: days().min(),
        last_day: days().max(),
        errors: reading.errors,
        made_name: actor.name.clone(),
        made_at: clock::now(),
    };
    write(actor, &mut tx, employer_id, &view).await?;
    let after = json!({ "file": view.file_name, "taken": view.taken, "repeated": view.repeated, "refused": view.refused });
    audit::record(&mut tx, actor, "attendance.import", "attendance_import", id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(view)
}

async fn write(actor: &Actor, tx: &mut Tx, employer_id: Uuid, view: &ImportView) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_attendance_import (employer_id, id, file_name, row_count, taken, repeated, refused, first_day, last_day,
             errors, made_by, made_name, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            employer_id,
            view.id,
            &view.file_name,
            view.rows,
            view.taken,
            view.repeated,
            view.refused,
            view.first_day,
            view.last_day,
            json!(view.errors).to_string(),
            actor.user_id,
            &view.made_name,
            view.made_at
        ],
    )
    .await?;
    Ok(())
}

/// The employees a file may name.
struct Known {
    by_number: HashMap<i64, (Uuid, String)>,
    /// None where several have the name.
    by_name: HashMap<String, Option<Uuid>>,
}

async fn employees(tx: &mut Tx, employer_id: Uuid) -> Result<Known, Refusal> {
    let rows = tx
        .all(
            "SELECT id, number, name FROM employer_employee WHERE employer_id = $1 AND merged_into IS NULL",
            args![employer_id],
        )
        .await?;
    let mut known = Known {
        by_number: HashMap::with_capacity(rows.len()),
        by_name: HashMap::with_capacity(rows.len()),
    };
    for row in &rows {
        let (id, name): (Uuid, String) = (row.get("id")?, row.get("name")?);
        known.by_name.entry(name.clone()).and_modify(|one| *one = None).or_insert(Some(id));
        known.by_number.insert(row.get("number")?, (id, name));
    }
    Ok(known)
}

async fn matched(tx: &mut Tx, employer_id: Uuid, reading: &mut Reading) -> Result<Vec<Punch>, Refusal> {
    let known = employees(tx, employer_id).await?;
    let lines = std::mem::take(&mut reading.lines);
    let ends = lines.iter().map(|line| line.minute);
    let (low, high) = (ends.clone().min().unwrap_or(0), ends.max().unwrap_or(0));
    let months = Month::of(date_of(low.max(0)))..=Month::of(date_of(high.clamp(0, 100 * 366 * DAY)));
    let closed = months::closed(tx, employer_id, *months.start(), *months.end()).await?;
    let latest = minute_of(clock::now());
    let mut punches = Vec::with_capacity(lines.len());
    let mut last_refused = 0;
    for line in lines {
        match weigh(&known, &closed, latest, &line) {
            Ok(employee_id) => punches.push(Punch {
                employee_id,
                minute: line.minute,
                device: line.device,
            }),
            // A row of a matrix has many times and is named once.
            Err(_) if last_refused == line.row => {}
            Err(finding) => {
                last_refused = line.row;
                reading.refuse(line.row, *finding);
            }
        }
    }
    reading.errors.sort_by_key(|error| error.row);
    Ok(punches)
}

fn weigh(known: &Known, closed: &BTreeSet<Month>, latest: i64, line: &Line) -> Result<Uuid, Box<standard::Finding>> {
    let finding = |rule, zh: String, en: &str, remedy_zh, remedy_en| Err(Box::new(faulty(rule, &zh, en, remedy_zh, remedy_en)));
    let employee_id = match (line.number, &line.name) {
        (Some(number), name) => match known.by_number.get(&number) {
            None => {
                return finding(
                    "punches_person_unknown",
                    format!("没有工号为 {number} 的员工"),
                    "no employee has this number",
                    "请核对工号，或先把员工加入档案",
                    "check the number, or add the employee first",
                );
            }
            Some((_, own)) if name.as_ref().is_some_and(|name| name != own) => {
                return finding(
                    "punches_name_differs",
                    format!("工号 {number} 的姓名与员工档案不一致"),
                    "the name differs from that of the employee with this number",
                    "请核对考勤机中的工号与姓名",
                    "check number and name in the machine",
                );
            }
            Some((id, _)) => *id,
        },
        (None, Some(name)) => match known.by_name.get(name) {
            Some(Some(id)) => *id,
            found => {
                let zh = if found.is_some() {
                    "有多名同名员工，无法判断是谁"
                } else {
                    "没有该姓名的员工"
                };
                return finding(
                    "punches_person_unknown",
                    zh.to_string(),
                    "no employee, or several, have this name",
                    "请补上工号",
                    "add the number",
                );
            }
        },
        (None, None) => {
            return finding(
                "punches_person_missing",
                "没有工号，也没有姓名".into(),
                "nobody is named",
                "请补上工号",
                "add it",
            );
        }
    };
    if line.minute > latest || line.minute < 0 {
        return finding(
            "punches_in_future",
            "打卡时间晚于现在，或早于 1970 年".into(),
            "the time has not come yet",
            "请核对考勤机的时钟",
            "check the machine's clock",
        );
    }
    let month = Month::of(date_of(line.minute));
    if closed.contains(&month) {
        return finding(
            "attendance_month_closed",
            format!("{month} 考勤已关账"),
            "the month is closed",
            "请先重新打开该月考勤",
            "reopen the month first",
        );
    }
    Ok(employee_id)
}

fn show(row: &Row) -> Result<ImportView, Refusal> {
    Ok(ImportView {
        id: row.get("id")?,
        file_name: row.get("file_name")?,
        rows: row.get("row_count")?,
        taken: row.get("taken")?,
        repeated: row.get("repeated")?,
        refused: row.get("refused")?,
        first_day: row.get("first_day")?,
        last_day: row.get("last_day")?,
        errors: serde_json::from_str(&row.get::<String>("errors")?).map_err(Refusal::internal)?,
        made_name: row.get("made_name")?,
        made_at: row.get("made_at")?,
    })
}

/// The last imports, newest first, each with its refused rows.
pub async fn list(actor: &Actor, db: &Db) -> Result<Vec<ImportView>, Refusal> {
    actor.require(Permission::AttendanceView)?;
    let employer_id = employer_of(actor)?;
    let rows = db
        .read()
        .all(
            "SELECT * FROM employer_attendance_import WHERE employer_id = $1 ORDER BY made_at DESC, id LIMIT 20",
            args![employer_id],
        )
        .await?;
    rows.iter().map(show).collect()
}
