//! The rows of payroll.

use serde_json::json;
use standard::{Finding, Money, Month, Refusal};
use store::{Args, Query, Row, Tx, args};
use uuid::Uuid;

use super::component::{Component, Proration, Scheme};
use super::lines;
use super::read::contribution_columns;
use super::run::{Run, RunKind, RunState, Totals};
use super::slip::Slip;
use super::{Gross, Net};
use crate::people::month::MonthPerson;

/// The components of a company; the built-in ones where it has none of its own.
pub async fn scheme(q: &mut impl Query, employer_id: Uuid) -> Result<Scheme, Refusal> {
    let head = q
        .optional(
            "SELECT proration, version FROM employer_pay_scheme WHERE employer_id = $1",
            args![employer_id],
        )
        .await?;
    let Some(head) = head else { return Ok(Scheme::built_in()) };
    let rows = q
        .all(
            "SELECT body FROM employer_pay_component WHERE employer_id = $1 ORDER BY position",
            args![employer_id],
        )
        .await?;
    let proration = match head.get::<String>("proration")?.as_str() {
        "law_days" => Proration::LawDays,
        _ => Proration::Scheduled,
    };
    let components: Result<Vec<Component>, Refusal> = rows
        .iter()
        .map(|row| serde_json::from_str(&row.get::<String>("body")?).map_err(|_| Refusal::internal("a pay component does not read")))
        .collect();
    Ok(Scheme {
        components: components?,
        proration,
        version: head.get("version")?,
    })
}

/// Replaces the components as a whole.
pub async fn put_scheme(tx: &mut Tx, employer_id: Uuid, scheme: &Scheme) -> Result<(), Refusal> {
    let now = control::clock::now();
    let proration = match scheme.proration {
        Proration::Scheduled => "scheduled",
        Proration::LawDays => "law_days",
    };
    tx.execute(
        "INSERT INTO employer_pay_scheme (employer_id, proration, version, updated_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (employer_id) DO UPDATE SET proration = excluded.proration, version = excluded.version, updated_at = excluded.updated_at",
        args![employer_id, proration, scheme.version, now],
    )
    .await?;
    tx.execute("DELETE FROM employer_pay_component WHERE employer_id = $1", args![employer_id])
        .await?;
    let columns = ["employer_id", "code", "position", "body", "updated_at"];
    let mut sink = tx.bulk("employer_pay_component", &columns).await?;
    for (position, component) in (0_i64..).zip(&scheme.components) {
        let body = json!(component).to_string();
        sink.push(args![employer_id, &component.code, position, body, now]).await?;
    }
    sink.finish().await?;
    Ok(())
}

fn text<T: serde::Serialize>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(Refusal::internal)
}

/// Stores a new run.
pub async fn insert_run(tx: &mut Tx, run: &Run) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_pay_run (employer_id, id, month, seq, kind, state, scheme, law, expected, done, done_number, people,
             gross_fen, employer_fen, employee_fen, fund_fen, tax_fen, other_fen, net_fen, blocking, warnings, findings,
             made_by, made_name, version, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, $10, $11, $12, 1, $13)",
        args![
            run.employer_id,
            run.id,
            run.month,
            run.seq,
            run.kind.key(),
            run.state.key(),
            text(&run.scheme)?,
            &run.law,
            run.expected,
            text(&run.findings)?,
            run.made_by,
            &run.made_name,
            run.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Stores how far a run has come and what its people come to.
pub async fn put_progress(tx: &mut Tx, run: &Run) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE employer_pay_run SET state = $3, done = $4, done_number = $5, people = $6, gross_fen = $7, employer_fen = $8,
             employee_fen = $9, fund_fen = $10, tax_fen = $11, other_fen = $12, net_fen = $13, blocking = $14, warnings = $15,
             findings = $16, version = version + 1
         WHERE employer_id = $1 AND id = $2",
        args![
            run.employer_id,
            run.id,
            run.state.key(),
            run.done,
            run.done_number,
            run.people,
            run.totals.gross.0,
            run.totals.employer,
            run.totals.employee,
            run.totals.fund,
            run.totals.tax,
            run.totals.other,
            run.totals.net.0,
            run.blocking,
            run.warnings,
            text(&run.findings)?
        ],
    )
    .await?;
    Ok(())
}

/// Stores the state and who brought it about.
pub async fn put_state(tx: &mut Tx, run: &Run) -> Result<(), Refusal> {
    let (submitted_by, submitted_name) = run.submitted.clone().unzip();
    let (reviewed_by, reviewed_name) = run.reviewed.clone().unzip();
    tx.execute(
        "UPDATE employer_pay_run SET state = $3, submitted_by = $4, submitted_name = $5, reviewed_by = $6, reviewed_name = $7,
             opinion = $8, submitted_at = $9, locked_at = $10, version = version + 1
         WHERE employer_id = $1 AND id = $2",
        args![
            run.employer_id,
            run.id,
            run.state.key(),
            submitted_by,
            submitted_name,
            reviewed_by,
            reviewed_name,
            run.opinion.clone(),
            run.submitted_at,
            run.locked_at
        ],
    )
    .await?;
    Ok(())
}

fn read_run(row: &Row) -> Result<Run, Refusal> {
    let unreadable = |what: &str| Refusal::internal(format!("the {what} of a pay run does not read"));
    let scheme = serde_json::from_str(&row.get::<String>("scheme")?).map_err(|_| unreadable("scheme"))?;
    let findings: Vec<Finding> = serde_json::from_str(&row.get::<String>("findings")?).map_err(|_| unreadable("findings"))?;
    let state: String = row.get("state")?;
    let kind: String = row.get("kind")?;
    let who = |id: &str, name: &str| -> Result<Option<(Uuid, String)>, Refusal> {
        Ok(row.get::<Option<Uuid>>(id)?.zip(row.get::<Option<String>>(name)?))
    };
    Ok(Run {
        employer_id: row.get("employer_id")?,
        id: row.get("id")?,
        month: row.get("month")?,
        seq: row.get("seq")?,
        kind: if kind == "difference" {
            RunKind::Difference
        } else {
            RunKind::Regular
        },
        state: RunState::parse(&state).ok_or_else(|| unreadable("state"))?,
        scheme,
        law: row.get("law")?,
        expected: row.get("expected")?,
        done: row.get("done")?,
        done_number: row.get("done_number")?,
        people: row.get("people")?,
        totals: Totals {
            gross: Gross(row.get("gross_fen")?),
            employer: row.get("employer_fen")?,
            employee: row.get("employee_fen")?,
            fund: row.get("fund_fen")?,
            tax: row.get("tax_fen")?,
            other: row.get("other_fen")?,
            net: Net(row.get("net_fen")?),
        },
        blocking: row.get("blocking")?,
        warnings: row.get("warnings")?,
        findings,
        made_by: row.get("made_by")?,
        made_name: row.get("made_name")?,
        submitted: who("submitted_by", "submitted_name")?,
        reviewed: who("reviewed_by", "reviewed_name")?,
        opinion: row.get("opinion")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        submitted_at: row.get("submitted_at")?,
        locked_at: row.get("locked_at")?,
    })
}

/// One run of an employer.
pub async fn run(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Run, Refusal> {
    let row = q
        .optional(
            "SELECT * FROM employer_pay_run WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?;
    match row {
        Some(row) => read_run(&row),
        None => Err(Refusal::not_found("run_not_found", "没有这个薪酬批次", "There is no such pay run")),
    }
}

/// The runs of an employer, newest month first; of one month where it is given.
pub async fn runs(q: &mut impl Query, employer_id: Uuid, month: Option<Month>, limit: i64) -> Result<Vec<Run>, Refusal> {
    let (from, to) = month.map_or((Month::MIN, Month::MAX), |month| (month, month));
    let rows = q
        .all(
            "SELECT * FROM employer_pay_run WHERE employer_id = $1 AND month >= $2 AND month <= $3 ORDER BY month DESC, seq DESC LIMIT $4",
            args![employer_id, from, to, limit],
        )
        .await?;
    rows.iter().map(read_run).collect()
}

/// Locks the payroll of an employer for this transaction and reads a run.
pub async fn lock_run(tx: &mut Tx, employer_id: Uuid, id: Uuid) -> Result<Run, Refusal> {
    tx.lock(&format!("payroll:{employer_id}")).await?;
    run(tx, employer_id, id).await
}

/// The amount columns in the order of [`Slip::amounts`].
pub fn amount_columns() -> Vec<String> {
    let mut all: Vec<String> = [
        "gross_fen",
        "counted_fen",
        "income_fen",
        "additional_fen",
        "other_tax_fen",
        "bonus_fen",
    ]
    .map(String::from)
    .to_vec();
    all.extend(contribution_columns());
    all.extend(["fund_fen", "tax_fen", "bonus_tax_fen", "other_fen", "net_fen"].map(String::from));
    all
}

/// Whose payslip it is.
#[derive(Debug, Clone)]
pub struct Payee {
    /// 工号.
    pub number: i64,
    /// Key.
    pub employee_id: Uuid,
    /// 姓名.
    pub name: String,
    /// Where insured.
    pub region: standard::RegionCode,
    /// 部门.
    pub department: String,
}

impl From<&MonthPerson> for Payee {
    fn from(person: &MonthPerson) -> Payee {
        Payee {
            number: person.number,
            employee_id: person.employee_id,
            name: person.name.clone(),
            region: person.region,
            department: person.department.clone(),
        }
    }
}

/// A payslip ready to be stored.
pub struct StoredSlip {
    /// Whose.
    pub payee: Payee,
    /// The amounts and lines.
    pub slip: Slip,
    /// What they were computed from, as JSON.
    pub inputs: String,
}

/// Stores payslips in bulk.
pub async fn insert_slips(tx: &mut Tx, run: &Run, slips: Vec<StoredSlip>) -> Result<(), Refusal> {
    let amounts = amount_columns();
    let mut columns = vec![
        "employer_id",
        "run_id",
        "number",
        "month",
        "employee_id",
        "name",
        "region",
        "department",
        "severity",
        "findings",
        "lines",
        "inputs",
    ];
    columns.extend(amounts.iter().map(String::as_str));
    let mut sink = tx.bulk("employer_payslip", &columns).await?;
    for one in slips {
        let findings = if one.slip.findings.is_empty() {
            String::new()
        } else {
            text(&one.slip.findings)?
        };
        let mut row: Args = args![
            run.employer_id,
            run.id,
            one.payee.number,
            run.month,
            one.payee.employee_id,
            one.payee.name,
            one.payee.region,
            one.payee.department,
            one.slip.severity(),
            findings,
            lines::to_text(&one.slip.lines),
            one.inputs
        ];
        row.extend(one.slip.amounts());
        sink.push(row).await?;
    }
    sink.finish().await?;
    Ok(())
}

/// A stored payslip.
#[derive(Debug, Clone)]
pub struct SlipRow {
    /// The run.
    pub run_id: Uuid,
    /// Whose.
    pub payee: Payee,
    /// The month.
    pub month: Month,
    /// Amounts, lines, findings.
    pub slip: Slip,
    /// What it was computed from, as JSON.
    pub inputs: String,
}

/// Reads a payslip row.
pub fn read_slip(row: &Row) -> Result<SlipRow, Refusal> {
    let mut amounts = [Money::ZERO; 26];
    for (amount, column) in amounts.iter_mut().zip(amount_columns()) {
        *amount = row.get(&column)?;
    }
    let mut slip = Slip::from_amounts(&amounts);
    slip.lines = lines::from_text(&row.get::<String>("lines")?)?;
    let findings: String = row.get("findings")?;
    if !findings.is_empty() {
        slip.findings = serde_json::from_str(&findings).map_err(|_| Refusal::internal("the findings of a payslip do not read"))?;
    }
    Ok(SlipRow {
        run_id: row.get("run_id")?,
        payee: Payee {
            number: row.get("number")?,
            employee_id: row.get("employee_id")?,
            name: row.get("name")?,
            region: row.get("region")?,
            department: row.get("department")?,
        },
        month: row.get("month")?,
        slip,
        inputs: row.get("inputs")?,
    })
}
