//! The people attendance is kept for: employed on some day of a stretch, or seen at the clock without being employed.

use std::collections::HashMap;

use standard::{Date, Refusal};
use store::{Query, args};
use uuid::Uuid;

/// An employee as attendance needs one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Key.
    pub id: Uuid,
    /// 工号.
    pub number: i64,
    /// 姓名.
    pub name: String,
    /// 部门.
    pub department: String,
    /// First and last day of each employment that touches the stretch.
    pub periods: Vec<(Date, Option<Date>)>,
}

impl Worker {
    /// Employed on a day.
    pub fn is_employed(&self, on: Date) -> bool {
        self.periods.iter().any(|(from, to)| *from <= on && to.is_none_or(|to| on <= to))
    }

    /// The present or last employment.
    pub fn latest(&self) -> Option<(Date, Option<Date>)> {
        self.periods.iter().max_by_key(|period| period.0).copied()
    }
}

/// Whom to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of the name, or the whole 工号.
    pub text: Option<String>,
    /// Exactly this department.
    pub department: Option<String>,
    /// Only this employee.
    pub only: Option<Uuid>,
    /// Only 工号 above this one.
    pub after: i64,
    /// At most so many; 0 for all.
    pub limit: i64,
}

/// `$1` the employer, `$2` the first and `$3` the last day.
const PRESENT: &str = "e.employer_id = $1 AND e.merged_into IS NULL
    AND ((e.hired_on <= $3 AND (e.left_on IS NULL OR e.left_on >= $2))
         OR EXISTS (SELECT 1 FROM employer_stint s WHERE s.employer_id = $1 AND s.employee_id = e.id AND s.from_on <= $3 AND s.to_on >= $2)
         OR EXISTS (SELECT 1 FROM employer_attendance_punch p
                    WHERE p.employer_id = $1 AND p.employee_id = e.id AND p.day BETWEEN $2 AND $3))";

/// The workers of a stretch of days by 工号, and how many there are in all.
pub async fn workers(q: &mut impl Query, employer_id: Uuid, from: Date, to: Date, filter: &Filter) -> Result<(Vec<Worker>, i64), Refusal> {
    let mut bound = args![employer_id, from, to];
    let mut clause = PRESENT.to_string();
    if let Some(text) = &filter.text {
        let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let n = bound.push(format!("%{escaped}%"));
        let number = bound.push(text.trim().parse::<i64>().unwrap_or(-1));
        clause.push_str(&format!(" AND (e.name LIKE ${n} ESCAPE '!' OR e.number = ${number})"));
    }
    if let Some(department) = &filter.department {
        clause.push_str(&format!(" AND e.department = ${}", bound.push(department)));
    }
    if let Some(only) = filter.only {
        clause.push_str(&format!(" AND e.id = ${}", bound.push(only)));
    }
    let counted = format!("SELECT COUNT(*) AS n FROM employer_employee e WHERE {clause}");
    let total = q.one(&counted, bound.clone()).await?.get("n")?;
    clause.push_str(&format!(" AND e.number > ${} ORDER BY e.number", bound.push(filter.after)));
    if filter.limit > 0 {
        clause.push_str(&format!(" LIMIT ${}", bound.push(filter.limit)));
    }
    let sql = format!("SELECT e.id, e.number, e.name, e.department, e.hired_on, e.left_on FROM employer_employee e WHERE {clause}");
    let rows = q.all(&sql, bound).await?;
    let mut stints = stints(q, employer_id, from, to).await?;
    let mut workers = Vec::with_capacity(rows.len());
    for row in &rows {
        let id: Uuid = row.get("id")?;
        let mut periods = stints.remove(&id).unwrap_or_default();
        periods.push((row.get("hired_on")?, row.get("left_on")?));
        workers.push(Worker {
            id,
            number: row.get("number")?,
            name: row.get("name")?,
            department: row.get("department")?,
            periods,
        });
    }
    Ok((workers, total))
}

async fn stints(q: &mut impl Query, employer_id: Uuid, from: Date, to: Date) -> Result<HashMap<Uuid, Vec<(Date, Option<Date>)>>, Refusal> {
    let rows = q
        .all(
            "SELECT employee_id, from_on, to_on FROM employer_stint WHERE employer_id = $1 AND from_on <= $3 AND to_on >= $2",
            args![employer_id, from, to],
        )
        .await?;
    let mut stints: HashMap<Uuid, Vec<(Date, Option<Date>)>> = HashMap::new();
    for row in &rows {
        let period = (row.get("from_on")?, Some(row.get("to_on")?));
        stints.entry(row.get("employee_id")?).or_default().push(period);
    }
    Ok(stints)
}

/// One worker, for acts on a day.
pub async fn one(q: &mut impl Query, employer_id: Uuid, id: Uuid, from: Date, to: Date) -> Result<Worker, Refusal> {
    let row = q
        .optional(
            "SELECT number, name, department, hired_on, left_on FROM employer_employee
             WHERE employer_id = $1 AND id = $2 AND merged_into IS NULL",
            args![employer_id, id],
        )
        .await?
        .ok_or_else(|| Refusal::not_found("employee_not_found", "没有找到该员工", "no such employee"))?;
    let mut periods = stints(q, employer_id, from, to).await?.remove(&id).unwrap_or_default();
    periods.push((row.get("hired_on")?, row.get("left_on")?));
    Ok(Worker {
        id,
        number: row.get("number")?,
        name: row.get("name")?,
        department: row.get("department")?,
        periods,
    })
}
