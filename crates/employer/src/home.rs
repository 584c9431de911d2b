//! What waits for HR today, in numbers.

use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::Refusal;
use store::{Db, Query, args};
use utoipa::ToSchema;

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

/// The home page of HR.
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
    /// Clocks that ran out.
    pub overdue: i64,
    /// The clocks that end soonest.
    pub deadlines: Vec<DeadlineView>,
}

/// Counts what waits for HR.
pub async fn home(actor: &Actor, db: &Db) -> Result<Home, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let rows = q
        .all(
            "SELECT state, COUNT(*) AS n FROM employer_employee WHERE employer_id = $1 AND merged_into IS NULL
                 AND (left_on IS NULL OR left_on >= $2) GROUP BY state ORDER BY state",
            args![employer_id, control::clock::today()],
        )
        .await?;
    let mut employees = Vec::with_capacity(rows.len());
    for row in &rows {
        let state =
            EmployeeState::parse(&row.get::<String>("state")?).ok_or_else(|| Refusal::internal("an employee has an unknown state"))?;
        employees.push(EmployeeCount {
            state,
            state_name: state.zh().to_string(),
            count: row.get("n")?,
        });
    }
    let transfers: Vec<TransferCount> = count_by_state(&mut q, employer_id)
        .await?
        .into_iter()
        .map(|(state, count)| TransferCount {
            state,
            state_name: state.zh().to_string(),
            count,
        })
        .collect();
    let waiting = [
        TransferState::Draft,
        TransferState::Signed,
        TransferState::Returned,
        TransferState::Completed,
    ];
    let rosters = q
        .one(
            "SELECT COUNT(*) AS n FROM employer_roster WHERE employer_id = $1 AND state = 'checking'",
            args![employer_id],
        )
        .await?;
    let board = deadlines::list(actor, db).await?;
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
        rosters_checking: rosters.get("n")?,
        overdue: board.iter().filter(|clock| clock.overdue).count() as i64,
        deadlines: board.into_iter().take(SOONEST).collect(),
    })
}
