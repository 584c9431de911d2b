//! What the screens read: a run with the month before beside it, its people with the findings first, one payslip with its lines.

use ::store::{Db, Query, args};
use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::{Finding, Money, Month, Refusal, RegionCode};
use utoipa::ToSchema;
use uuid::Uuid;

use super::run::{RunKind, RunState, RunView, Totals};
use super::store::{self as rows, SlipRow};
use super::{Gross, Net};
use crate::employer_of;

/// People a page may hold.
const PAGE_MAX: i64 = 200;

/// A run and the month before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PayRunDetail)]
pub struct RunDetail {
    /// The run.
    #[serde(flatten)]
    pub run: RunView,
    /// What was locked for the month before.
    pub previous: Previous,
    /// Who is new, who is gone, whose pay moved.
    pub changes: Changes,
}

/// The month before.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = PayRunPrevious)]
pub struct Previous {
    /// People paid.
    pub people: i64,
    /// What they came to.
    pub totals: Totals,
}

/// What changed against the month before.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = PayRunChanges)]
pub struct Changes {
    /// In this run, not in the month before.
    pub joined: i64,
    /// In the month before, not in this run.
    pub gone: i64,
    /// Whose gross or net differs.
    pub changed: i64,
}

/// The locked payslips of a month, added up by employee number.
const LOCKED: &str = "SELECT s.number, SUM(s.gross_fen) AS gross_fen, SUM(s.net_fen) AS net_fen
    FROM employer_pay_run r JOIN employer_payslip s ON s.employer_id = r.employer_id AND s.run_id = r.id
    WHERE r.employer_id = $1 AND r.month = $3 AND r.state = 'locked' GROUP BY s.number";

/// One run.
pub async fn get(actor: &Actor, db: &Db, id: Uuid) -> Result<RunDetail, Refusal> {
    actor.require(Permission::PayrollView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let run = rows::run(&mut q, employer_id, id).await?;
    let mut previous = Previous::default();
    for earlier in rows::runs(&mut q, employer_id, Some(run.month.previous()), 50).await? {
        if earlier.state != RunState::Locked {
            continue;
        }
        let (sum, more) = (&mut previous.totals, earlier.totals);
        sum.gross = Gross(sum.gross.0.try_add(more.gross.0)?);
        sum.employer = sum.employer.try_add(more.employer)?;
        sum.employee = sum.employee.try_add(more.employee)?;
        sum.fund = sum.fund.try_add(more.fund)?;
        sum.tax = sum.tax.try_add(more.tax)?;
        sum.other = sum.other.try_add(more.other)?;
        sum.net = Net(sum.net.0.try_add(more.net.0)?);
        if earlier.kind == RunKind::Regular {
            previous.people = earlier.people;
        }
    }
    let changes = match run.kind {
        RunKind::Regular if run.state != RunState::Making => {
            changes(&mut q, employer_id, id, run.month.previous(), previous.people).await?
        }
        _ => Changes::default(),
    };
    Ok(RunDetail {
        run: run.view(actor),
        previous,
        changes,
    })
}

async fn changes(q: &mut impl Query, employer_id: Uuid, id: Uuid, previous: Month, people_before: i64) -> Result<Changes, Refusal> {
    let sql = format!(
        "SELECT COUNT(*) AS people, COUNT(b.number) AS both_months,
                SUM(CASE WHEN b.number IS NOT NULL AND (b.gross_fen <> p.gross_fen OR b.net_fen <> p.net_fen) THEN 1 ELSE 0 END) AS changed
         FROM employer_payslip p LEFT JOIN ({LOCKED}) b ON b.number = p.number WHERE p.employer_id = $1 AND p.run_id = $2"
    );
    let row = q.one(&sql, args![employer_id, id, previous]).await?;
    let (people, both): (i64, i64) = (row.get("people")?, row.get("both_months")?);
    Ok(Changes {
        joined: people - both,
        gone: (people_before - both).max(0),
        changed: row.get::<Option<i64>>("changed")?.unwrap_or(0),
    })
}

/// Which people of a run.
#[derive(Debug, Clone, Default)]
pub struct SlipFilter {
    /// Part of the name, or the employee number.
    pub query: String,
    /// Only those with findings.
    pub findings: bool,
    /// Only those whose gross or net differs from the month before.
    pub changed: bool,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many.
    pub limit: i64,
}

/// One person of a run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaySlipRow)]
pub struct SlipView {
    /// 工号.
    pub number: i64,
    /// Key.
    pub employee_id: Uuid,
    /// 姓名.
    pub name: String,
    /// 部门.
    pub department: String,
    /// 参保城市.
    pub region: RegionCode,
    /// 应发.
    pub gross: Gross,
    /// 社保个人.
    pub employee: Money,
    /// 社保单位.
    pub employer: Money,
    /// 公积金, each side.
    pub fund: Money,
    /// 个税.
    pub tax: Money,
    /// 其他扣款.
    pub other: Money,
    /// 实发.
    pub net: Net,
    /// What was locked the month before.
    pub previous_gross: Option<Gross>,
    /// What was locked the month before.
    pub previous_net: Option<Net>,
    /// What the reader must know.
    pub findings: Vec<Finding>,
}

/// A page of people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaySlipPage)]
pub struct SlipPage {
    /// Those with findings first, then by number.
    pub items: Vec<SlipView>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

fn cursor_of(text: Option<&str>) -> Result<(i64, i64), Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok((i64::MAX, 0));
    };
    text.split_once('-')
        .and_then(|(severity, number)| Some((severity.parse().ok()?, number.parse().ok()?)))
        .ok_or_else(|| Refusal::invalid(Finding::blocking("cursor", "分页位置不正确", "The cursor is not readable").field("cursor")))
}

/// The people of a run.
pub async fn people(actor: &Actor, db: &Db, id: Uuid, filter: &SlipFilter) -> Result<SlipPage, Refusal> {
    actor.require(Permission::PayrollView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let run = rows::run(&mut q, employer_id, id).await?;
    let limit = filter.limit.clamp(1, PAGE_MAX);
    let (severity, number) = cursor_of(filter.cursor.as_deref())?;
    let mut bound = args![employer_id, id, run.month.previous(), severity, number, limit + 1];
    let mut wanted = String::new();
    let words = filter.query.trim();
    if !words.is_empty() {
        let digits = words.parse::<i64>().unwrap_or(-1);
        let pattern = format!("%{}%", words.replace(['%', '_'], ""));
        let (n, p) = (bound.push(digits), bound.push(pattern));
        wanted = format!(" AND (p.number = ${n} OR p.name LIKE ${p})");
    }
    if filter.findings {
        wanted.push_str(" AND p.severity > 0");
    }
    if filter.changed {
        wanted.push_str(" AND (b.number IS NULL OR b.gross_fen <> p.gross_fen OR b.net_fen <> p.net_fen)");
    }
    let sql = format!(
        "SELECT p.*, b.gross_fen AS before_gross, b.net_fen AS before_net FROM employer_payslip p LEFT JOIN ({LOCKED}) b ON b.number = p.number
         WHERE p.employer_id = $1 AND p.run_id = $2 AND (p.severity < $4 OR (p.severity = $4 AND p.number > $5)){wanted}
         ORDER BY p.severity DESC, p.number LIMIT $6"
    );
    let mut all = q.all(&sql, bound).await?;
    let more = all.len() as i64 > limit;
    all.truncate(limit as usize);
    let mut items = Vec::with_capacity(all.len());
    let mut next = None;
    for row in &all {
        let slip = rows::read_slip(row)?;
        next = Some(format!("{}-{}", row.get::<i64>("severity")?, slip.payee.number));
        items.push(shown(slip, row.get("before_gross")?, row.get("before_net")?)?);
    }
    Ok(SlipPage {
        items,
        next_cursor: next.filter(|_| more),
    })
}

fn shown(row: SlipRow, gross: Option<Money>, net: Option<Money>) -> Result<SlipView, Refusal> {
    let SlipRow { payee, slip, .. } = row;
    Ok(SlipView {
        number: payee.number,
        employee_id: payee.employee_id,
        name: payee.name,
        department: payee.department,
        region: payee.region,
        gross: slip.gross,
        employee: Money::sum(slip.employee)?,
        employer: Money::sum(slip.employer)?,
        fund: slip.fund,
        tax: slip.tax.try_add(slip.bonus_tax)?,
        other: slip.other,
        net: slip.net,
        previous_gross: gross.map(Gross),
        previous_net: net.map(Net),
        findings: slip.findings,
    })
}

/// Every payslip of a run, for the accounting entry and the export.
pub(super) async fn slips_of(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Vec<SlipRow>, Refusal> {
    let all = q
        .all(
            "SELECT * FROM employer_payslip WHERE employer_id = $1 AND run_id = $2 ORDER BY number",
            args![employer_id, id],
        )
        .await?;
    all.iter().map(rows::read_slip).collect()
}
