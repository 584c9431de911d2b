//! 我的工资条: an employee's own payslips on the phone. Only locked runs, only one's own.

use ::store::{Db, Query, args};
use control::identity::{Actor, Permission};
use policy::RuleBook;
use serde::Serialize;
use standard::{Month, Refusal, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::explain::{self, ExplainedPayslip};
use super::run::{RunKind, RunState};
use super::store as rows;
use super::{Gross, Net};
use crate::employer_of;
use crate::people::login::employee_of;

/// Months a list shows.
const MONTHS_MAX: i64 = 120;

/// One payslip of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyPayslip {
    /// The run it belongs to.
    pub run_id: Uuid,
    /// The month.
    pub month: Month,
    /// Regular, or a difference paid later.
    pub kind: RunKind,
    /// 应发.
    pub gross: Gross,
    /// 实发.
    pub net: Net,
    /// When it was locked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub locked_at: Option<Timestamp>,
}

/// One's own payslips, newest first.
pub async fn list(actor: &Actor, db: &Db) -> Result<Vec<MyPayslip>, Refusal> {
    actor.require(Permission::SelfService)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let employee_id = employee_of(actor, &mut q).await?;
    let rows = q
        .all(
            "SELECT p.run_id, p.month, r.kind, p.gross_fen, p.net_fen, r.locked_at
             FROM employer_payslip p JOIN employer_pay_run r ON r.employer_id = p.employer_id AND r.id = p.run_id
             WHERE p.employer_id = $1 AND p.employee_id = $2 AND r.state = 'locked' ORDER BY p.month DESC, r.seq DESC LIMIT $3",
            args![employer_id, employee_id, MONTHS_MAX],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(MyPayslip {
                run_id: row.get("run_id")?,
                month: row.get("month")?,
                kind: match row.get::<String>("kind")?.as_str() {
                    "difference" => RunKind::Difference,
                    _ => RunKind::Regular,
                },
                gross: Gross(row.get("gross_fen")?),
                net: Net(row.get("net_fen")?),
                locked_at: row.get("locked_at")?,
            })
        })
        .collect()
}

/// One of one's own payslips, explained. A run that is not locked does not exist for the employee.
pub async fn get(actor: &Actor, db: &Db, book: &'static RuleBook, run_id: Uuid) -> Result<ExplainedPayslip, Refusal> {
    actor.require(Permission::SelfService)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let employee_id = employee_of(actor, &mut q).await?;
    let run = rows::run(&mut q, employer_id, run_id).await?;
    if run.state != RunState::Locked {
        return Err(Refusal::not_found("run_not_found", "没有这个薪酬批次", "There is no such pay run"));
    }
    explain::explained(&mut q, book, employer_id, run_id, employee_id).await
}
