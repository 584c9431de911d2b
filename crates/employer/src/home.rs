//! What waits for HR today, in numbers.

use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::Refusal;
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::employer_of;
use crate::insurance::deadlines::{self, DeadlineView};
use crate::insurance::transfer::TransferState;
use crate::insurance::transfer::store::count_by_state;
use crate::people::company::{self, Company};
use crate::people::view::EmployeeState;

/// Deadlines shown on the home page.
const SOONEST: usize = 5;

/// How many employees stand in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EmployeeCount {
    /// The state.
    pub state: EmployeeState,
    /// Its word on screen.
    pub state_name: String,
    /// How many.
    pub count: i64,
}

/// How many transfers stand in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransferCount {
    /// The state.
    pub state: TransferState,
    /// Its word on screen.
    pub state_name: String,
    /// How many.
    pub count: i64,
}

/// What of the month waits for the reader; nothing of what the reader may not do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MonthWork {
    /// Requests for leave, overtime or a punch to be decided.
    pub requests: i64,
    /// Pay runs to be looked through and handed over.
    pub runs_to_submit: i64,
    /// Pay runs to be reviewed.
    pub runs_to_review: i64,
    /// Declarations prepared or returned, not with the agency.
    pub declarations: i64,
    /// Open tasks about insurance.
    pub insurance_tasks: i64,
    /// Bills with something open.
    pub bills_owed: i64,
}

/// The home page of an employer's people: each sees what their post works on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Home {
    /// The employer.
    pub company: Company,
    /// All employees.
    pub employees_total: i64,
    /// Employees by state.
    pub employees: Vec<EmployeeCount>,
    /// Transfers by state.
    pub transfers: Vec<TransferCount>,
    /// Transfers that wait for HR: returned, signed but not filed, completed but not confirmed.
    pub transfers_waiting: i64,
    /// Rosters still being checked.
    pub rosters_checking: i64,
    /// The month's work.
    pub month: MonthWork,
    /// Clocks that ran out.
    pub overdue: i64,
    /// The clocks that end soonest.
    pub deadlines: Vec<DeadlineView>,
}

/// Counts what waits for the reader.
pub async fn home(actor: &Actor, db: &Db) -> Result<Home, Refusal> {
    actor
        .require(Permission::EmployeeView)
        .or_else(|_| actor.require(Permission::BillView))?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let employees = match actor.may(Permission::EmployeeView) {
        true => employees_by_state(&mut q, employer_id).await?,
        false => Vec::new(),
    };
    let transfers = match actor.may(Permission::InsuranceView) {
        true => transfers_by_state(&mut q, employer_id).await?,
        false => Vec::new(),
    };
    let waiting = [
        TransferState::Draft,
        TransferState::Signed,
        TransferState::Returned,
        TransferState::Completed,
    ];
    let rosters = "SELECT COUNT(*) AS n FROM employer_roster WHERE employer_id = $1 AND state = 'checking'";
    let board = deadlines::soonest(actor, db).await?;
    Ok(Home {
        company: company::get(&mut q, employer_id).await?,
        employees_total: employees.iter().map(|row| row.count).sum(),
        employees,
        transfers_waiting: transfers
            .iter()
            .filter(|row| waiting.contains(&row.state))
            .map(|row| row.count)
            .sum(),
        transfers,
        rosters_checking: counted(&mut q, actor, Permission::RosterImport, employer_id, rosters).await?,
        month: month_work(&mut q, actor, employer_id).await?,
        overdue: board.iter().filter(|clock| clock.overdue).count() as i64,
        deadlines: board.into_iter().take(SOONEST).collect(),
    })
}

async fn employees_by_state(q: &mut impl Query, employer_id: Uuid) -> Result<Vec<EmployeeCount>, Refusal> {
    let rows = q
        .all(
            "SELECT state, COUNT(*) AS n FROM employer_employee WHERE employer_id = $1 AND merged_into IS NULL
                 AND (left_on IS NULL OR left_on >= $2) GROUP BY state ORDER BY state",
            args![employer_id, control::clock::today()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let state =
                EmployeeState::parse(&row.get::<String>("state")?).ok_or_else(|| Refusal::internal("an employee has an unknown state"))?;
            Ok(EmployeeCount {
                state,
                state_name: state.zh().to_string(),
                count: row.get("n")?,
            })
        })
        .collect()
}

async fn transfers_by_state(q: &mut impl Query, employer_id: Uuid) -> Result<Vec<TransferCount>, Refusal> {
    let counts = count_by_state(q, employer_id).await?.into_iter();
    Ok(counts
        .map(|(state, count)| TransferCount {
            state,
            state_name: state.zh().to_string(),
            count,
        })
        .collect())
}

/// How many rows `sql` counts for the employer; none for whoever may not act on them.
async fn counted(q: &mut impl Query, actor: &Actor, needs: Permission, employer_id: Uuid, sql: &str) -> Result<i64, Refusal> {
    if !actor.may(needs) {
        return Ok(0);
    }
    q.one(sql, args![employer_id]).await?.get("n")
}

/// Counts in one statement; nothing of what the reader may not act on.
async fn month_work(q: &mut impl Query, actor: &Actor, employer_id: Uuid) -> Result<MonthWork, Refusal> {
    if !WAITING.iter().any(|(_, needs, _)| actor.may(*needs)) {
        return Ok(MonthWork::default());
    }
    let counts = WAITING.map(|(count, needs, rows)| match actor.may(needs) {
        true => format!("(SELECT COUNT(*) FROM {rows}) AS {count}"),
        false => format!("CAST(0 AS BIGINT) AS {count}"),
    });
    let row = q.one(&format!("SELECT {}", counts.join(", ")), args![employer_id]).await?;
    Ok(MonthWork {
        requests: row.get("requests")?,
        runs_to_submit: row.get("runs_to_submit")?,
        runs_to_review: row.get("runs_to_review")?,
        declarations: row.get("declarations")?,
        insurance_tasks: row.get("insurance_tasks")?,
        bills_owed: row.get("bills_owed")?,
    })
}

/// Each count of [`MonthWork`], who may act on it, and what it counts.
const WAITING: [(&str, Permission, &str); 6] = [
    (
        "requests",
        Permission::AttendanceEdit,
        "employer_attendance_request WHERE employer_id = $1 AND state = 'submitted'",
    ),
    (
        "runs_to_submit",
        Permission::PayrollPrepare,
        "employer_pay_run WHERE employer_id = $1 AND state = 'draft'",
    ),
    (
        "runs_to_review",
        Permission::PayrollReview,
        "employer_pay_run WHERE employer_id = $1 AND state = 'submitted'",
    ),
    (
        "declarations",
        Permission::InsuranceFile,
        "employer_declaration WHERE employer_id = $1 AND state IN ('draft', 'returned')",
    ),
    (
        "insurance_tasks",
        Permission::InsuranceFile,
        "employer_insurance_task WHERE employer_id = $1 AND state = 'open'",
    ),
    (
        "bills_owed",
        Permission::PaymentMake,
        "employer_bill WHERE employer_id = $1 AND state IN ('open', 'part_paid')",
    ),
];
