//! Rows of declarations and their people.

use ::store::{Query, Row, Tx, args};
use control::identity::{Actor, Permission};
use exchange::message::Reason;
use standard::{Date, Finding, Money, Month, Refusal, RegionCode, Text, Timestamp};
use uuid::Uuid;

use super::{DeclarationLineView, DeclarationView, LeftOut, not_found};
use crate::insurance::amounts::{Amounts, COLUMNS, of_mask};
use crate::insurance::base::{Base, BaseOrigin};
use crate::insurance::filing::{FilingState, from_json, reasons_view, to_json};

/// A declaration as stored.
#[derive(Debug, Clone)]
pub(crate) struct Declaration {
    pub id: Uuid,
    pub number: i64,
    pub batch: Uuid,
    pub region: RegionCode,
    pub month: Month,
    pub part: i64,
    pub parts: i64,
    pub state: FilingState,
    pub round: i64,
    pub people: i64,
    pub refused: i64,
    pub industry_class: Option<i32>,
    pub employer_fen: Money,
    pub employee_fen: Money,
    pub law_version: String,
    pub left_out: Vec<LeftOut>,
    pub office: String,
    pub reasons: Vec<Reason>,
    pub prepared_by: Uuid,
    pub prepared_at: Timestamp,
    pub filed_at: Option<Timestamp>,
    pub decided_at: Option<Timestamp>,
}

/// A person of a declaration as stored.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub line: i64,
    pub employee_id: Uuid,
    pub name: String,
    pub id_masked: String,
    pub insurances: i64,
    pub base: Base,
    pub hired_on: Option<Date>,
    pub amounts: Amounts,
    pub state: String,
    pub findings: Vec<Finding>,
    pub reasons: Vec<Reason>,
}

impl Declaration {
    pub(super) fn view(self, actor: &Actor) -> DeclarationView {
        let amounts = actor.require(Permission::ContributionView).is_ok();
        let mut allowed = Vec::new();
        if self.state.is_with_us() && actor.require(Permission::InsuranceFile).is_ok() {
            allowed.extend(["file", "prepare"].map(String::from));
        }
        if actor.require(Permission::DataExport).is_ok() {
            allowed.push("export".to_string());
        }
        DeclarationView {
            id: self.id,
            number: self.number,
            region: self.region,
            region_name: self.region.name().to_string(),
            month: self.month,
            part: self.part,
            parts: self.parts,
            state: self.state,
            state_name: self.state.zh().to_string(),
            round: self.round,
            people: self.people,
            refused: self.refused,
            industry_class: self.industry_class,
            employer_fen: amounts.then_some(self.employer_fen),
            employee_fen: amounts.then_some(self.employee_fen),
            office: self.office,
            reasons: reasons_view(&self.reasons),
            left_out: self.left_out,
            prepared_at: self.prepared_at,
            filed_at: self.filed_at,
            decided_at: self.decided_at,
            law_version: self.law_version,
            allowed_actions: allowed,
        }
    }
}

impl Line {
    pub(super) fn view(self, wages: bool, amounts: bool) -> Result<DeclarationLineView, Refusal> {
        Ok(DeclarationLineView {
            line: self.line,
            employee_id: self.employee_id,
            name: self.name,
            id_masked: self.id_masked,
            insurances: of_mask(self.insurances),
            wage_fen: wages.then_some(self.base.wage),
            origin: self.base.origin,
            origin_name: self.base.origin.zh().to_string(),
            derivation: wages.then_some(self.base.derivation),
            hired_on: self.hired_on,
            amounts: amounts.then(|| self.amounts.view(wages)).transpose()?,
            total_fen: amounts.then(|| self.amounts.total()).transpose()?,
            state: self.state,
            // What a finding says of a wage is a wage.
            findings: if wages {
                self.findings
            } else {
                self.findings.into_iter().filter(|f| f.field.as_deref() != Some("wage")).collect()
            },
            reasons: reasons_view(&self.reasons),
        })
    }
}

fn read(row: &Row) -> Result<Declaration, Refusal> {
    Ok(Declaration {
        id: row.get("id")?,
        number: row.get("number")?,
        batch: row.get("batch")?,
        region: row.get("region")?,
        month: row.get("month")?,
        part: row.get("part")?,
        parts: row.get("parts")?,
        state: FilingState::stored(&row.get::<String>("state")?)?,
        round: row.get("round")?,
        people: row.get("people")?,
        refused: row.get("refused")?,
        industry_class: row
            .get::<Option<i64>>("industry_class")?
            .and_then(|class| i32::try_from(class).ok()),
        employer_fen: row.get("employer_fen")?,
        employee_fen: row.get("employee_fen")?,
        law_version: row.get("law_version")?,
        left_out: from_json(&row.get::<String>("findings")?)?,
        office: row.get("office")?,
        reasons: from_json(&row.get::<String>("reasons")?)?,
        prepared_by: row.get("prepared_by")?,
        prepared_at: row.get("prepared_at")?,
        filed_at: row.get("filed_at")?,
        decided_at: row.get("decided_at")?,
    })
}

/// Stores a declaration as it is now, new or not; the caller holds the lock of its region and month.
pub(super) async fn put(tx: &mut Tx, employer_id: Uuid, d: &Declaration) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_declaration (employer_id, id, number, batch, region, month, part, parts, state, round, people, refused,
             industry_class, employer_fen, employee_fen, law_version, findings, office, reasons, prepared_by, prepared_at, filed_at,
             decided_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, 1)
         ON CONFLICT (employer_id, id) DO UPDATE SET batch = excluded.batch, part = excluded.part, parts = excluded.parts,
             state = excluded.state, round = excluded.round, people = excluded.people, refused = excluded.refused,
             industry_class = excluded.industry_class, employer_fen = excluded.employer_fen, employee_fen = excluded.employee_fen,
             law_version = excluded.law_version, findings = excluded.findings, office = excluded.office, reasons = excluded.reasons,
             prepared_by = excluded.prepared_by, prepared_at = excluded.prepared_at, filed_at = excluded.filed_at,
             decided_at = excluded.decided_at, version = employer_declaration.version + 1",
        args![
            employer_id,
            d.id,
            d.number,
            d.batch,
            d.region,
            d.month,
            d.part,
            d.parts,
            d.state.key(),
            d.round,
            d.people,
            d.refused,
            d.industry_class.map(i64::from),
            d.employer_fen,
            d.employee_fen,
            &d.law_version,
            to_json(&d.left_out)?,
            &d.office,
            to_json(&d.reasons)?,
            d.prepared_by,
            d.prepared_at,
            d.filed_at,
            d.decided_at
        ],
    )
    .await?;
    Ok(())
}

/// Replaces the people of a declaration.
pub(super) async fn put_lines(tx: &mut Tx, employer_id: Uuid, d: &Declaration, lines: &[Line]) -> Result<(), Refusal> {
    tx.execute(
        "DELETE FROM employer_declaration_line WHERE employer_id = $1 AND declaration_id = $2",
        args![employer_id, d.id],
    )
    .await?;
    let mut columns = vec![
        "employer_id",
        "declaration_id",
        "line",
        "month",
        "region",
        "employee_id",
        "name",
        "insurances",
        "wage_fen",
        "origin",
        "derivation_zh",
        "derivation_en",
        "hired_on",
        "state",
        "findings",
        "reasons",
    ];
    columns.extend(COLUMNS);
    let mut sink = tx.bulk("employer_declaration_line", &columns).await?;
    for line in lines {
        let mut args = args![
            employer_id,
            d.id,
            line.line,
            d.month,
            d.region,
            line.employee_id,
            &line.name,
            line.insurances,
            line.base.wage,
            line.base.origin.key(),
            &line.base.derivation.zh,
            &line.base.derivation.en,
            line.hired_on,
            &line.state,
            to_json(&line.findings)?,
            to_json(&line.reasons)?
        ];
        line.amounts.push(&mut args);
        sink.push(args).await?;
    }
    sink.finish().await?;
    Ok(())
}

pub(crate) async fn get(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Declaration, Refusal> {
    let row = q
        .optional(
            "SELECT * FROM employer_declaration WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?
        .ok_or_else(not_found)?;
    read(&row)
}

/// Declarations, newest first; dropped ones are not shown.
pub(crate) async fn list(
    q: &mut impl Query,
    employer_id: Uuid,
    month: Option<Month>,
    region: Option<RegionCode>,
    limit: i64,
) -> Result<Vec<Declaration>, Refusal> {
    let mut args = args![employer_id];
    let mut clause = "employer_id = $1 AND state <> 'dropped'".to_string();
    if let Some(month) = month {
        let n = args.push(month);
        clause.push_str(&format!(" AND month = ${n}"));
    }
    if let Some(region) = region {
        let n = args.push(region);
        clause.push_str(&format!(" AND region = ${n}"));
    }
    let n = args.push(limit);
    let sql = format!("SELECT * FROM employer_declaration WHERE {clause} ORDER BY month DESC, region, number DESC LIMIT ${n}");
    q.all(&sql, args).await?.iter().map(read).collect()
}

/// Those of a region and month that are still with us, by part.
pub(super) async fn with_us(q: &mut impl Query, employer_id: Uuid, month: Month, region: RegionCode) -> Result<Vec<Declaration>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_declaration WHERE employer_id = $1 AND month = $2 AND region = $3
                 AND state IN ('draft', 'returned') ORDER BY CASE WHEN state = 'returned' THEN 0 ELSE 1 END, part, number",
            args![employer_id, month, region],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Employees of a region and month whose line is with the agency or accepted.
pub(super) async fn declared(
    q: &mut impl Query,
    employer_id: Uuid,
    month: Month,
    region: RegionCode,
) -> Result<std::collections::BTreeSet<Uuid>, Refusal> {
    let rows = q
        .all(
            "SELECT employee_id FROM employer_declaration_line WHERE employer_id = $1 AND month = $2 AND region = $3
                 AND state IN ('filed', 'accepted')",
            args![employer_id, month, region],
        )
        .await?;
    rows.iter().map(|row| row.get("employee_id")).collect()
}

fn read_line(row: &Row) -> Result<Line, Refusal> {
    let origin: String = row.get("origin")?;
    Ok(Line {
        line: row.get("line")?,
        employee_id: row.get("employee_id")?,
        name: row.get("name")?,
        id_masked: row.get("id_masked")?,
        insurances: row.get("insurances")?,
        base: Base {
            wage: row.get("wage_fen")?,
            origin: BaseOrigin::parse(&origin).ok_or_else(|| Refusal::internal("a declared base has an unknown origin"))?,
            derivation: Text::new(row.get::<String>("derivation_zh")?, row.get::<String>("derivation_en")?),
        },
        hired_on: row.get("hired_on")?,
        amounts: Amounts::read(row)?,
        state: row.get("state")?,
        findings: from_json(&row.get::<String>("findings")?)?,
        reasons: from_json(&row.get::<String>("reasons")?)?,
    })
}

const LINES: &str = "SELECT l.*, e.id_masked AS id_masked FROM employer_declaration_line l
    JOIN employer_employee e ON e.employer_id = l.employer_id AND e.id = l.employee_id
    WHERE l.employer_id = $1 AND l.declaration_id = $2";

/// A page of people: refused lines first, then those with findings.
pub(super) async fn lines(q: &mut impl Query, employer_id: Uuid, id: Uuid, skip: i64, limit: i64) -> Result<Vec<Line>, Refusal> {
    let sql = format!(
        "{LINES} ORDER BY CASE WHEN l.state = 'refused' THEN 0 WHEN l.findings <> '[]' THEN 1 ELSE 2 END, l.line LIMIT $3 OFFSET $4"
    );
    q.all(&sql, args![employer_id, id, limit, skip])
        .await?
        .iter()
        .map(read_line)
        .collect()
}

/// Every person, by line.
pub(crate) async fn all_lines(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Vec<Line>, Refusal> {
    let sql = format!("{LINES} ORDER BY l.line");
    q.all(&sql, args![employer_id, id]).await?.iter().map(read_line).collect()
}

pub(super) async fn with_findings(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<i64, Refusal> {
    let row = q
        .one(
            "SELECT COUNT(*) AS n FROM employer_declaration_line WHERE employer_id = $1 AND declaration_id = $2 AND findings <> '[]'",
            args![employer_id, id],
        )
        .await?;
    row.get("n")
}

/// Totals over the lines, bases added too.
pub(super) async fn totals(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Amounts, Refusal> {
    let sums: Vec<String> = COLUMNS
        .iter()
        .map(|column| format!("COALESCE(SUM({column}), 0) AS {column}"))
        .collect();
    let sql = format!(
        "SELECT {} FROM employer_declaration_line WHERE employer_id = $1 AND declaration_id = $2",
        sums.join(", ")
    );
    Amounts::read(&q.one(&sql, args![employer_id, id]).await?)
}

/// Moves every line of a declaration from one state to another.
pub(super) async fn move_lines(tx: &mut Tx, employer_id: Uuid, id: Uuid, from: &str, to: &str) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE employer_declaration_line SET state = $4 WHERE employer_id = $1 AND declaration_id = $2 AND state = $3",
        args![employer_id, id, from, to],
    )
    .await?;
    Ok(())
}
