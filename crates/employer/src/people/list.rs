//! Finding employees: what a list filters by, in one statement.

use standard::{Date, Refusal, RegionCode};
use store::{Args, IdHash, Query, args};
use uuid::Uuid;

use super::store::{Employee, TABLE, read};
use super::view::EmployeeState;

/// Whether those who left are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Employed on this day or later.
    Employed(Date),
    /// Left before this day.
    Left(Date),
}

/// Digits of an ID number from which on a part of it is looked for.
const MASK_DIGITS: usize = 4;

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of a name, of a department or of a masked number, or a whole 工号.
    pub text: Option<String>,
    /// Exactly this number.
    pub id_hash: Option<IdHash>,
    /// Only this state.
    pub state: Option<EmployeeState>,
    /// Only those who are here, or only those who left; none: both.
    pub presence: Option<Presence>,
    /// Only this department and those below it.
    pub department: Option<String>,
    /// Only this 参保城市.
    pub region: Option<RegionCode>,
    /// Hired on or after.
    pub hired_from: Option<Date>,
    /// Hired on or before.
    pub hired_to: Option<Date>,
    /// Only these; for bulk acts.
    pub ids: Option<Vec<Uuid>>,
    /// Only 工号 below this one.
    pub below: Option<i64>,
    /// At most so many.
    pub limit: i64,
}

/// Employees that match, newest first, and how many match in all.
pub async fn list(q: &mut impl Query, employer_id: Uuid, filter: &Filter) -> Result<(Vec<Employee>, i64), Refusal> {
    let (mut clause, mut args) = condition(employer_id, filter);
    let total = q
        .one(&format!("SELECT COUNT(*) AS n FROM {TABLE} WHERE {clause}"), args.clone())
        .await?
        .get("n")?;
    if let Some(below) = filter.below {
        let n = args.push(below);
        clause.push_str(&format!(" AND number < ${n}"));
    }
    let n = args.push(filter.limit);
    let sql = format!("SELECT * FROM {TABLE} WHERE {clause} ORDER BY number DESC LIMIT ${n}");
    let rows = q.all(&sql, args).await?;
    Ok((rows.iter().map(read).collect::<Result<_, _>>()?, total))
}

/// The condition of a filter and its arguments; `$1` is the employer.
fn condition(employer_id: Uuid, filter: &Filter) -> (String, Args) {
    let mut args = args![employer_id];
    let mut clause = "employer_id = $1 AND merged_into IS NULL".to_string();
    if let Some(text) = &filter.text {
        let n = args.push(format!("%{}%", escape_like(text)));
        clause.push_str(&format!(" AND (name LIKE ${n} ESCAPE '!' OR department LIKE ${n} ESCAPE '!'"));
        // Two or three digits are a 工号; as part of an ID number they would find nearly everyone.
        if text.len() >= MASK_DIGITS {
            clause.push_str(&format!(" OR id_masked LIKE ${n} ESCAPE '!'"));
        }
        if let Ok(number) = text.parse::<i64>() {
            let n = args.push(number);
            clause.push_str(&format!(" OR number = ${n}"));
        }
        clause.push(')');
    }
    if let Some(hash) = &filter.id_hash {
        let n = args.push(*hash);
        clause.push_str(&format!(" AND id_hash = ${n}"));
    }
    if let Some(state) = filter.state {
        let n = args.push(state.key());
        clause.push_str(&format!(" AND state = ${n}"));
    }
    match filter.presence {
        Some(Presence::Employed(on)) => {
            let n = args.push(on);
            clause.push_str(&format!(" AND (left_on IS NULL OR left_on >= ${n})"));
        }
        Some(Presence::Left(on)) => {
            let n = args.push(on);
            clause.push_str(&format!(" AND left_on < ${n}"));
        }
        None => {}
    }
    if let Some(department) = &filter.department {
        let n = args.push(department);
        let below = args.push(format!("{}/%", escape_like(department)));
        clause.push_str(&format!(" AND (department = ${n} OR department LIKE ${below} ESCAPE '!')"));
    }
    if let Some(region) = filter.region {
        let n = args.push(region);
        clause.push_str(&format!(" AND region = ${n}"));
    }
    for (day, sign) in [(filter.hired_from, ">="), (filter.hired_to, "<=")] {
        if let Some(day) = day {
            let n = args.push(day);
            clause.push_str(&format!(" AND hired_on {sign} ${n}"));
        }
    }
    if let Some(ids) = &filter.ids {
        clause.push_str(&format!(" AND id IN {}", store::in_list(ids.len(), args.len() + 1)));
        args.extend(ids.iter().copied());
    }
    (clause, args)
}

pub(super) fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
