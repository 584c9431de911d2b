//! 到期提醒: contracts and probations about to end.

use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::{Date, Refusal};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::employer_of;

/// A contract or probation about to end.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Expiring {
    /// Whose.
    pub employee_id: Uuid,
    /// 工号.
    pub number: i64,
    /// 姓名.
    pub name: String,
    /// 部门.
    pub department: String,
    /// Of this contract.
    pub contract_id: Uuid,
    /// Whether it is the probation that ends.
    pub probation: bool,
    /// When.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// Whether that day has passed.
    pub overdue: bool,
}

/// Contracts and probations of people employed here that end within `days`, or ended with none after them; soonest first.
pub async fn expiring(actor: &Actor, db: &Db, today: Date, days: i64) -> Result<Vec<Expiring>, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let employer_id = employer_of(actor)?;
    let until = today.saturating_add(jiff::Span::new().days(days.clamp(1, 366)));
    let of = "FROM employer_contract c JOIN employer_employee e ON e.employer_id = c.employer_id AND e.id = c.employee_id
         WHERE c.employer_id = $1 AND c.ended_on IS NULL AND e.merged_into IS NULL AND (e.left_on IS NULL OR e.left_on >= $3)
             AND NOT EXISTS (SELECT 1 FROM employer_contract l WHERE l.employer_id = c.employer_id AND l.employee_id = c.employee_id AND l.round > c.round)";
    let columns = "c.id AS id, c.employee_id AS employee_id, e.number AS number, e.name AS name, e.department AS department";
    let sql = format!(
        "SELECT {columns}, c.to_on AS due, CAST(0 AS BIGINT) AS probation {of} AND c.to_on <= $2
         UNION ALL SELECT {columns}, c.probation_to AS due, CAST(1 AS BIGINT) AS probation {of} AND c.probation_to >= $3 AND c.probation_to <= $2
         ORDER BY due, number LIMIT 500"
    );
    let rows = db.read().all(&sql, args![employer_id, until, today]).await?;
    rows.iter()
        .map(|row| {
            let on: Date = row.get("due")?;
            Ok(Expiring {
                employee_id: row.get("employee_id")?,
                number: row.get("number")?,
                name: row.get("name")?,
                department: row.get("department")?,
                contract_id: row.get("id")?,
                probation: row.get::<i64>("probation")? == 1,
                on,
                overdue: on < today,
            })
        })
        .collect()
}
