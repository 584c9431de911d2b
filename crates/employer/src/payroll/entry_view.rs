//! 录入 as shown: a month's entries with names, the opening balances of a year, and the account each department's pay is booked to.

use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::{Money, Month, Refusal};
use std::collections::BTreeMap;
use store::{Db, Query, Row, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::accounting::usual_account;
use super::component::PayKind;
use super::store as rows;
use crate::employer_of;

/// Rows shown at once; whoever has more works through files.
const SHOWN_MAX: i64 = 2_000;

/// Who an entry is about.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PayInputPerson)]
pub struct Whom {
    /// Key.
    pub employee_id: Uuid,
    /// 工号.
    pub number: i64,
    /// 姓名.
    pub name: String,
    /// 部门.
    pub department: String,
}

fn whom(row: &Row) -> Result<Whom, Refusal> {
    Ok(Whom {
        employee_id: row.get("employee_id")?,
        number: row.get("number")?,
        name: row.get("name")?,
        department: row.get("department")?,
    })
}

/// What the reader may do.
fn allowed(actor: &Actor) -> Vec<String> {
    match actor.require(Permission::PayrollPrepare) {
        Ok(()) => vec!["enter".to_owned()],
        Err(_) => Vec::new(),
    }
}

/// A component that takes entries.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PayInputComponent {
    /// Its code.
    pub code: String,
    /// On the payslip.
    pub name: String,
    /// Income, deduction or note.
    pub kind: PayKind,
}

/// An entry with its names.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PayEntryRow {
    /// Whom.
    pub who: Whom,
    /// The component's code.
    pub component: String,
    /// Its name, the code where the component is gone.
    pub component_name: String,
    /// The month a back payment is for.
    pub for_month: Option<Month>,
    /// How much.
    pub amount_fen: Money,
    /// Why.
    pub note: String,
    /// Who entered it.
    pub entered_by: String,
}

/// The entries of a month.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PayEntries {
    /// The month.
    pub month: Month,
    /// The components that take entries.
    pub components: Vec<PayInputComponent>,
    /// The entries, by employee number.
    pub entries: Vec<PayEntryRow>,
    /// How many there are; more than shown for a large company.
    pub total: i64,
    /// What the reader may do: `enter`.
    pub allowed_actions: Vec<String>,
}

/// A month's entries with names.
pub async fn entries(actor: &Actor, db: &Db, month: Month) -> Result<PayEntries, Refusal> {
    actor.require(Permission::PayrollView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let scheme = rows::scheme(&mut q, employer_id).await?;
    let names: BTreeMap<String, String> = scheme.components.iter().map(|one| (one.code.clone(), one.name.clone())).collect();
    let found = q
        .all(
            "SELECT p.employee_id AS employee_id, e.number AS number, e.name AS name, e.department AS department, p.component AS component,
                    p.for_month AS for_month, p.amount_fen AS amount_fen, p.note AS note, p.entered_by AS entered_by
             FROM employer_pay_entry p JOIN employer_employee e ON e.employer_id = p.employer_id AND e.id = p.employee_id
             WHERE p.employer_id = $1 AND p.month = $2 ORDER BY e.number, p.component, p.for_month LIMIT $3",
            args![employer_id, month, SHOWN_MAX],
        )
        .await?;
    let count = q
        .one(
            "SELECT COUNT(*) AS n FROM employer_pay_entry WHERE employer_id = $1 AND month = $2",
            args![employer_id, month],
        )
        .await?;
    Ok(PayEntries {
        month,
        components: scheme
            .components
            .into_iter()
            .filter(|one| one.active && one.formula.contains("录入"))
            .map(|one| PayInputComponent {
                code: one.code,
                name: one.name,
                kind: one.kind,
            })
            .collect(),
        entries: found.iter().map(|row| entry_row(row, &names)).collect::<Result<_, _>>()?,
        total: count.get("n")?,
        allowed_actions: allowed(actor),
    })
}

fn entry_row(row: &Row, names: &BTreeMap<String, String>) -> Result<PayEntryRow, Refusal> {
    let component: String = row.get("component")?;
    let for_month: i64 = row.get("for_month")?;
    Ok(PayEntryRow {
        who: whom(row)?,
        component_name: names.get(&component).cloned().unwrap_or_else(|| component.clone()),
        component,
        for_month: (for_month != 0).then(|| Month::from_yyyymm(for_month)).transpose()?,
        amount_fen: row.get("amount_fen")?,
        note: row.get("note")?,
        entered_by: row.get("entered_by")?,
    })
}

/// An opening balance with its names, all in fen.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PayOpeningRow {
    /// Whom.
    pub who: Whom,
    /// 累计收入.
    pub income_fen: Money,
    /// 累计专项扣除.
    pub special_fen: Money,
    /// 累计专项附加扣除.
    pub additional_fen: Money,
    /// 累计其他扣除.
    pub other_fen: Money,
    /// 累计已预扣预缴税额.
    pub withheld_fen: Money,
    /// The yearly bonus was already taxed on its own.
    pub bonus_used: bool,
}

/// The opening balances of a year.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PayOpenings {
    /// The tax year.
    pub year: i32,
    /// By employee number.
    pub openings: Vec<PayOpeningRow>,
    /// How many there are; more than shown for a large company.
    pub total: i64,
    /// What the reader may do: `enter`.
    pub allowed_actions: Vec<String>,
}

/// A year's opening balances with names.
pub async fn openings(actor: &Actor, db: &Db, year: i32) -> Result<PayOpenings, Refusal> {
    actor.require(Permission::PayrollView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let found = q
        .all(
            "SELECT o.employee_id AS employee_id, e.number AS number, e.name AS name, e.department AS department, o.income_fen AS income_fen,
                    o.special_fen AS special_fen, o.additional_fen AS additional_fen, o.other_fen AS other_fen, o.withheld_fen AS withheld_fen,
                    o.bonus_used AS bonus_used
             FROM employer_pay_opening o JOIN employer_employee e ON e.employer_id = o.employer_id AND e.id = o.employee_id
             WHERE o.employer_id = $1 AND o.year = $2 ORDER BY e.number LIMIT $3",
            args![employer_id, i64::from(year), SHOWN_MAX],
        )
        .await?;
    let count = q
        .one(
            "SELECT COUNT(*) AS n FROM employer_pay_opening WHERE employer_id = $1 AND year = $2",
            args![employer_id, i64::from(year)],
        )
        .await?;
    let opening = |row: &Row| {
        Ok(PayOpeningRow {
            who: whom(row)?,
            income_fen: row.get("income_fen")?,
            special_fen: row.get("special_fen")?,
            additional_fen: row.get("additional_fen")?,
            other_fen: row.get("other_fen")?,
            withheld_fen: row.get("withheld_fen")?,
            bonus_used: row.get("bonus_used")?,
        })
    };
    Ok(PayOpenings {
        year,
        openings: found.iter().map(opening).collect::<Result<_, Refusal>>()?,
        total: count.get("n")?,
        allowed_actions: allowed(actor),
    })
}

/// The account a department's pay is booked to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PayAccountRow {
    /// 部门, empty for those without one.
    pub department: String,
    /// 借方科目.
    pub account: String,
    /// Set by hand; otherwise the usual one for a department of that name.
    pub set: bool,
    /// Employees in it today.
    pub people: i64,
}

/// The accounts of every department.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PayAccounts {
    /// By department.
    pub accounts: Vec<PayAccountRow>,
    /// What the reader may do: `enter`.
    pub allowed_actions: Vec<String>,
}

/// Every department of the staff with its account.
pub async fn accounts(actor: &Actor, db: &Db) -> Result<PayAccounts, Refusal> {
    actor.require(Permission::PayrollView)?;
    let employer_id = employer_of(actor)?;
    let rows = db
        .read()
        .all(
            "SELECT d.department AS department, d.people AS people, a.account AS account FROM (
                 SELECT department, COUNT(*) AS people FROM employer_employee
                 WHERE employer_id = $1 AND merged_into IS NULL AND left_on IS NULL GROUP BY department
             ) AS d LEFT JOIN employer_pay_account a ON a.employer_id = $1 AND a.department = d.department
             ORDER BY d.department LIMIT $2",
            args![employer_id, SHOWN_MAX],
        )
        .await?;
    let account = |row: &Row| {
        let department: String = row.get("department")?;
        let set: Option<String> = row.get("account")?;
        Ok(PayAccountRow {
            account: set.clone().unwrap_or_else(|| usual_account(&department).to_owned()),
            set: set.is_some(),
            people: row.get("people")?,
            department,
        })
    };
    Ok(PayAccounts {
        accounts: rows.iter().map(account).collect::<Result<_, Refusal>>()?,
        allowed_actions: allowed(actor),
    })
}
