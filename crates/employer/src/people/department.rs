//! 部门: a tree named by paths, `制造部/一车间`. Histories keep the name of their day.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::Serialize;
use serde_json::json;
use standard::{Finding, Refusal};
use store::{Db, Query, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::escape_like;
use crate::employer_of;

/// Longest path, in characters; the same as of any label.
const PATH_CHARS: usize = 60;
/// Most departments of a unit.
const DEPARTMENTS_MAX: i64 = 2_000;

/// A department and how many are in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Department {
    /// The names from the top, parted by `/`.
    pub path: String,
    /// People employed in it, those below it not counted.
    pub people: i64,
}

/// Notes a department and those above it, if they are not known yet.
pub(crate) async fn ensure(tx: &mut Tx, employer_id: Uuid, path: &str) -> Result<(), Refusal> {
    let path = path.trim();
    if path.is_empty() {
        return Ok(());
    }
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    for end in ends.filter(|end| *end > 0) {
        tx.execute(
            "INSERT INTO employer_department (employer_id, path, created_at) VALUES ($1, $2, $3) ON CONFLICT (employer_id, path) DO NOTHING",
            args![employer_id, &path[..end], clock::now()],
        )
        .await?;
    }
    Ok(())
}

/// Every department, by path.
pub async fn all(actor: &Actor, db: &Db) -> Result<Vec<Department>, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let employer_id = employer_of(actor)?;
    let rows = db
        .read()
        .all(
            "SELECT d.path AS path, COUNT(e.id) AS people FROM employer_department d
             LEFT JOIN employer_employee e ON e.employer_id = d.employer_id AND e.department = d.path AND e.merged_into IS NULL
                 AND (e.left_on IS NULL OR e.left_on >= $2)
             WHERE d.employer_id = $1 GROUP BY d.path ORDER BY d.path",
            args![employer_id, clock::today()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Department {
                path: row.get("path")?,
                people: row.get("people")?,
            })
        })
        .collect()
}

/// A path as kept, or what is wrong with it.
fn clean(path: &str) -> Result<String, Finding> {
    let parts: Vec<&str> = path.split('/').map(str::trim).collect();
    let sound = parts.iter().all(|part| !part.is_empty() && !part.chars().any(char::is_control));
    let path = parts.join("/");
    if !sound || path.chars().count() > PATH_CHARS {
        return Err(Finding::blocking(
            "department_unreadable",
            format!("部门名称不能为空，各级之间用“/”分隔，合计不超过 {PATH_CHARS} 个字"),
            format!("a department has a name; levels are parted by “/”, {PATH_CHARS} characters in all"),
        )
        .field("path")
        .remedy("请填写如 制造部/一车间", "write for example 制造部/一车间"));
    }
    Ok(path)
}

async fn exists(tx: &mut Tx, employer_id: Uuid, path: &str) -> Result<bool, Refusal> {
    let sql = "SELECT path FROM employer_department WHERE employer_id = $1 AND path = $2";
    Ok(tx.optional(sql, args![employer_id, path]).await?.is_some())
}

fn taken() -> Refusal {
    Refusal::conflict("department_exists", "已有同名部门", "there is such a department already")
        .remedy("请换一个名称", "choose another name")
}

fn missing() -> Refusal {
    Refusal::not_found("department_not_found", "没有找到该部门", "no such department")
}

/// Adds a department, and those above it if need be.
pub async fn add(actor: &Actor, db: &Db, path: &str) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let path = clean(path)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    if exists(&mut tx, employer_id, &path).await? {
        return Err(taken());
    }
    let count: i64 = tx
        .one(
            "SELECT COUNT(*) AS n FROM employer_department WHERE employer_id = $1",
            args![employer_id],
        )
        .await?
        .get("n")?;
    if count >= DEPARTMENTS_MAX {
        return Err(Refusal::invalid(Finding::blocking(
            "departments_too_many",
            format!("部门不能超过 {DEPARTMENTS_MAX} 个"),
            "there are too many departments",
        )));
    }
    ensure(&mut tx, employer_id, &path).await?;
    audit::record(&mut tx, actor, "department.add", "department", &path, None, None).await?;
    tx.commit().await
}

/// Renames or moves a department with all below it, and everyone in them.
pub async fn rename(actor: &Actor, db: &Db, from: &str, to: &str) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let (from, to) = (from.trim().to_string(), clean(to)?);
    if to.starts_with(&format!("{from}/")) {
        return Err(Refusal::invalid(
            Finding::blocking("department_into_itself", "不能移到自己的下级", "it cannot move below itself").field("to"),
        ));
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    if !exists(&mut tx, employer_id, &from).await? {
        return Err(missing());
    }
    if exists(&mut tx, employer_id, &to).await? {
        return Err(taken());
    }
    if let Some((above, _)) = to.rsplit_once('/') {
        ensure(&mut tx, employer_id, above).await?;
    }
    let below = format!("{}/%", escape_like(&from));
    let kept = from.chars().count() as i64;
    for (table, column) in [("employer_department", "path"), ("employer_employee", "department")] {
        let sql = format!(
            "UPDATE {table} SET {column} = CAST($3 AS TEXT) || substr({column}, CAST($5 AS INTEGER) + 1)
             WHERE employer_id = $1 AND ({column} = $2 OR {column} LIKE $4 ESCAPE '!')"
        );
        tx.execute_long(&sql, args![employer_id, &from, &to, &below, kept]).await?;
    }
    // From today on the histories say the new name too, so that a month read later agrees with the record.
    rename_in_history(&mut tx, actor, employer_id, &to).await?;
    let (before, after) = (json!({ "path": from }), json!({ "path": to }));
    audit::record(&mut tx, actor, "department.rename", "department", &to, Some(before), Some(after)).await?;
    tx.commit().await
}

async fn rename_in_history(tx: &mut Tx, actor: &Actor, employer_id: Uuid, to: &str) -> Result<(), Refusal> {
    let below = format!("{}/%", escape_like(to));
    tx.execute_long(
        "INSERT INTO employer_position (employer_id, employee_id, from_on, seq, department, position, region, reason, entered_by, entered_name, entered_at)
         SELECT e.employer_id, e.id, CASE WHEN e.hired_on > $4 THEN e.hired_on ELSE $4 END,
                1 + COALESCE((SELECT MAX(p.seq) FROM employer_position p WHERE p.employer_id = e.employer_id AND p.employee_id = e.id
                                AND p.from_on = CASE WHEN e.hired_on > $4 THEN e.hired_on ELSE $4 END), 0),
                e.department, e.position, e.region, $5, $6, $7, $8
         FROM employer_employee e WHERE e.employer_id = $1 AND (e.department = $2 OR e.department LIKE $3 ESCAPE '!')
             AND (e.left_on IS NULL OR e.left_on >= $4)",
        args![
            employer_id,
            to,
            below,
            clock::today(),
            "部门更名",
            actor.user_id,
            &actor.name,
            clock::now()
        ],
    )
    .await?;
    Ok(())
}

/// Removes a department nobody is in, with those below it.
pub async fn remove(actor: &Actor, db: &Db, path: &str) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    if !exists(&mut tx, employer_id, path).await? {
        return Err(missing());
    }
    let below = format!("{}/%", escape_like(path));
    let people: i64 = tx
        .one(
            "SELECT COUNT(*) AS n FROM employer_employee WHERE employer_id = $1 AND merged_into IS NULL
                 AND (department = $2 OR department LIKE $3 ESCAPE '!') AND (left_on IS NULL OR left_on >= $4)",
            args![employer_id, path, &below, clock::today()],
        )
        .await?
        .get("n")?;
    if people > 0 {
        return Err(Refusal::conflict(
            "department_has_people",
            format!("该部门及下级还有 {people} 名在职员工"),
            format!("{people} employees are in it or below it"),
        )
        .remedy("请先把他们调到其他部门", "move them to another department first"));
    }
    tx.execute(
        "DELETE FROM employer_department WHERE employer_id = $1 AND (path = $2 OR path LIKE $3 ESCAPE '!')",
        args![employer_id, path, &below],
    )
    .await?;
    audit::record(&mut tx, actor, "department.remove", "department", path, None, None).await?;
    tx.commit().await
}
