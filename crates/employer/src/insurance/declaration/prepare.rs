//! Preparing a region's declaration of a month: whoever is not declared yet. A returned part is made anew under its own number; drafts
//! are replaced. Preparing twice gives the same.

use std::collections::BTreeMap;

use ::store::{Db, Query, Tx, args};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::message::MONTH_LINES_MAX;
use policy::RuleBook;
use serde_json::json;
use standard::{Finding, Month, Refusal, RegionCode};
use uuid::Uuid;

use super::build::{self, Built, Known};
use super::store::{self, Declaration, Line};
use super::{DeclarationView, LeftOut};
use crate::insurance::base;
use crate::insurance::filing::FilingState;
use crate::people::company;
use crate::people::month::of_month;
use crate::people::view::EmployeeState;
use crate::{counter, employer_of};

/// People read at a time.
const PAGE: i64 = 5_000;
/// Most people kept as left out, with reasons; the rest are counted by the next preparation.
const LEFT_OUT_MAX: usize = 1_000;

/// Prepares the declaration of a region and month; yields its parts.
pub async fn prepare(actor: &Actor, db: &Db, book: &RuleBook, region: RegionCode, month: Month) -> Result<Vec<DeclarationView>, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("declaration:{employer_id}:{month}:{region}")).await?;
    let (lines, left_out) = collect(&mut tx, book, employer_id, region, month).await?;
    if lines.is_empty() && left_out.is_empty() && store::with_us(&mut tx, employer_id, month, region).await?.is_empty() {
        drop(tx);
        return already(actor, db, region, month).await;
    }
    let people = lines.len();
    replace(&mut tx, actor, book, employer_id, (region, month), lines, left_out).await?;
    let after = json!({ "region": region, "month": month, "people": people });
    audit::record(&mut tx, actor, "declaration.prepare", "employer", employer_id, None, Some(after)).await?;
    tx.commit().await?;
    super::list(actor, db, Some(month), Some(region)).await
}

/// Everybody is declared already (then those are the answer), or there is nobody.
async fn already(actor: &Actor, db: &Db, region: RegionCode, month: Month) -> Result<Vec<DeclarationView>, Refusal> {
    let known = super::list(actor, db, Some(month), Some(region)).await?;
    if !known.is_empty() {
        return Ok(known);
    }
    Err(Refusal::invalid(
        Finding::blocking(
            "declaration_nobody",
            format!("{}在 {month} 没有需要申报的员工", region.name()),
            format!("nobody is to be declared in {region} for {month}"),
        )
        .remedy("请核对员工的参保城市和入离职日期", "check the city and the dates of the employees"),
    ))
}

async fn collect(
    tx: &mut Tx,
    book: &RuleBook,
    employer_id: Uuid,
    region: RegionCode,
    month: Month,
) -> Result<(Vec<Line>, Vec<LeftOut>), Refusal> {
    let rules = book.at(region, month)?;
    let known = known(tx, employer_id, region, month).await?;
    let (mut lines, mut left_out) = (Vec::new(), Vec::new());
    let mut after = 0;
    loop {
        let people = of_month(tx, book, employer_id, month, after, PAGE).await?;
        let Some(last) = people.last() else { break };
        after = last.number;
        let bases = base::of_month(tx, book, employer_id, month, &people).await?;
        for one in people.iter().filter(|one| one.region == region) {
            match build::person(&rules, one, bases.get(&one.employee_id), &known)? {
                Built::Line(line) => lines.push(*line),
                Built::Left(left) => left_out.push(*left),
                Built::Nothing => {}
            }
        }
    }
    left_out.extend(left_before(tx, employer_id, region, month).await?);
    left_out.truncate(LEFT_OUT_MAX);
    Ok((lines, left_out))
}

/// Left before the month and still insured: not declared, to be stopped.
async fn left_before(tx: &mut Tx, employer_id: Uuid, region: RegionCode, month: Month) -> Result<Vec<LeftOut>, Refusal> {
    let day = month.first_day().yesterday().map_err(Refusal::internal)?;
    let leavers = crate::insurance::stop::leavers(tx, employer_id, day, LEFT_OUT_MAX as i64).await?;
    Ok(leavers
        .into_iter()
        .filter(|leaver| leaver.region == region)
        .map(|leaver| LeftOut {
            employee_id: leaver.employee_id,
            name: leaver.name,
            finding: Finding::warning(
                "left_before_month",
                format!("{} 已离职，仍在参保，本月不申报", leaver.left_on),
                format!("left on {} and is still insured; not declared", leaver.left_on),
            )
            .remedy("请办理停保", "file a stop")
            .action("prepare_stop"),
        })
        .collect())
}

async fn known(tx: &mut Tx, employer_id: Uuid, region: RegionCode, month: Month) -> Result<Known, Refusal> {
    let mut states = BTreeMap::new();
    for row in tx
        .all("SELECT id, state FROM employer_employee WHERE employer_id = $1", args![employer_id])
        .await?
    {
        let word: String = row.get("state")?;
        let state = EmployeeState::parse(&word).ok_or_else(|| Refusal::internal("an employee has an unknown state"))?;
        states.insert(row.get("id")?, state);
    }
    let mut stopped_after = BTreeMap::new();
    for row in tx
        .all(
            "SELECT employee_id, MAX(last_month) AS last_month FROM employer_stop_line
             WHERE employer_id = $1 AND state = 'stopped' GROUP BY employee_id",
            args![employer_id],
        )
        .await?
    {
        stopped_after.insert(row.get("employee_id")?, row.get("last_month")?);
    }
    let mut elsewhere = BTreeMap::new();
    for row in tx
        .all(
            "SELECT employee_id, region FROM employer_relation
             WHERE employer_id = $1 AND insurance = 'pension' AND status = 'active' AND region <> $2",
            args![employer_id, region],
        )
        .await?
    {
        elsewhere.insert(row.get("employee_id")?, row.get("region")?);
    }
    Ok(Known {
        states,
        stopped_after,
        elsewhere,
        nets: base::adjust::nets(tx, employer_id, month.previous()).await?,
        declared: store::declared(tx, employer_id, month, region).await?,
        class: company::settings(tx, employer_id).await?.injury_class,
    })
}

/// Puts the lines into the returned parts first, then into new drafts; old drafts go.
async fn replace(
    tx: &mut Tx,
    actor: &Actor,
    book: &RuleBook,
    employer_id: Uuid,
    (region, month): (RegionCode, Month),
    lines: Vec<Line>,
    left_out: Vec<LeftOut>,
) -> Result<(), Refusal> {
    let class = company::settings(tx, employer_id).await?.injury_class;
    let mut places = store::with_us(tx, employer_id, month, region).await?.into_iter();
    let chunks: Vec<Vec<Line>> = match lines.is_empty() {
        // Nobody can be declared, and the reasons are to be shown all the same.
        true => vec![Vec::new()],
        false => lines.chunks(MONTH_LINES_MAX).map(<[Line]>::to_vec).collect(),
    };
    let (parts, batch) = (chunks.len() as i64, Uuid::now_v7());
    for (part, mut chunk) in (1i64..).zip(chunks) {
        for (line, row) in (1i64..).zip(&mut chunk) {
            row.line = line;
        }
        let mut declaration = match places.next() {
            Some(known) => known,
            None => blank(tx, employer_id, region, month).await?,
        };
        let mut totals = crate::insurance::amounts::Amounts::default();
        for row in &chunk {
            totals.add(&row.amounts)?;
        }
        (declaration.employer_fen, declaration.employee_fen) = totals.totals()?;
        (declaration.batch, declaration.part, declaration.parts) = (batch, part, parts);
        declaration.people = chunk.len() as i64;
        declaration.refused = 0;
        declaration.industry_class = class;
        declaration.law_version = book.version().to_string();
        declaration.left_out = if part == 1 { left_out.clone() } else { Vec::new() };
        (declaration.prepared_by, declaration.prepared_at) = (actor.user_id, clock::now());
        store::put(tx, employer_id, &declaration).await?;
        store::put_lines(tx, employer_id, &declaration, &chunk).await?;
    }
    for mut spare in places {
        spare.state = FilingState::Dropped;
        spare.people = 0;
        store::put(tx, employer_id, &spare).await?;
        store::put_lines(tx, employer_id, &spare, &[]).await?;
    }
    Ok(())
}

async fn blank(tx: &mut Tx, employer_id: Uuid, region: RegionCode, month: Month) -> Result<Declaration, Refusal> {
    Ok(Declaration {
        id: Uuid::now_v7(),
        number: counter::take(tx, employer_id, "declaration", 1).await?,
        batch: Uuid::nil(),
        region,
        month,
        part: 1,
        parts: 1,
        state: FilingState::Draft,
        round: 0,
        people: 0,
        refused: 0,
        industry_class: None,
        employer_fen: standard::Money::ZERO,
        employee_fen: standard::Money::ZERO,
        law_version: String::new(),
        left_out: Vec::new(),
        office: String::new(),
        reasons: Vec::new(),
        prepared_by: Uuid::nil(),
        prepared_at: clock::now(),
        filed_at: None,
        decided_at: None,
    })
}
