//! Finding leavers still insured and putting them into one draft a region (已离职员工自动触发社保停缴流程).

use std::collections::BTreeMap;

use ::store::{Db, Query, Tx, args};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::message::MONTH_LINES_MAX;
use serde_json::json;
use standard::{Date, Insurance, Month, Refusal, RegionCode};
use uuid::Uuid;

use super::store::{self, Line, Stop};
use super::{StopLineState, StopView};
use crate::insurance::amounts::mask;
use crate::insurance::filing::FilingState;
use crate::{counter, employer_of};

/// Somebody whose last day is over and whose insurance still runs.
#[derive(Debug, Clone)]
pub struct Leaver {
    /// Who.
    pub employee_id: Uuid,
    /// Name.
    pub name: String,
    /// Where insured.
    pub region: RegionCode,
    /// 离职日期.
    pub left_on: Date,
    /// The word of the reason.
    pub reason: String,
    /// Already in an application that is not decided.
    pub in_application: bool,
}

/// Leavers whose insurance still runs here: enrolled, and no accepted stop since they left.
pub async fn leavers(q: &mut impl Query, employer_id: Uuid, on: Date, limit: i64) -> Result<Vec<Leaver>, Refusal> {
    let rows = q
        .all(
            "SELECT e.id AS id, e.name AS name, e.region AS region, e.left_on AS left_on, COALESCE(e.leave_reason, 'other') AS reason,
                 CASE WHEN EXISTS (SELECT 1 FROM employer_stop_line l JOIN employer_stop s ON s.employer_id = l.employer_id AND s.id = l.stop_id
                     WHERE l.employer_id = e.employer_id AND l.employee_id = e.id AND l.left_on = e.left_on AND l.state = 'open'
                         AND s.state IN ('draft', 'filed', 'returned')) THEN 1 ELSE 0 END AS in_application
             FROM employer_employee e
             WHERE e.employer_id = $1 AND e.left_on IS NOT NULL AND e.left_on <= $2 AND e.state IN ('insured', 'enrolling')
                 AND NOT EXISTS (SELECT 1 FROM employer_stop_line l WHERE l.employer_id = e.employer_id AND l.employee_id = e.id
                     AND l.left_on = e.left_on AND l.state = 'stopped')
             ORDER BY e.left_on, e.number LIMIT $3",
            args![employer_id, on.to_string(), limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Leaver {
                employee_id: row.get("id")?,
                name: row.get("name")?,
                region: row.get("region")?,
                left_on: row.get("left_on")?,
                reason: row.get("reason")?,
                in_application: row.get::<i64>("in_application")? == 1,
            })
        })
        .collect()
}

/// Puts every leaver still insured into the draft of their region. Again: nobody is added twice. Yields the drafts.
pub async fn prepare(actor: &Actor, db: &Db, on: Date) -> Result<Vec<StopView>, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let touched = collect(&mut tx, employer_id, on).await?;
    if !touched.is_empty() {
        let after = json!({ "applications": touched });
        audit::record(&mut tx, actor, "stop.prepare", "employer", employer_id, None, Some(after)).await?;
    }
    tx.commit().await?;
    let all = store::views(&mut db.read(), employer_id, None, actor).await?;
    Ok(all.into_iter().filter(|stop| stop.state == FilingState::Draft).collect())
}

/// The same inside a transaction; yields the applications that got leavers.
pub(crate) async fn collect(tx: &mut Tx, employer_id: Uuid, on: Date) -> Result<Vec<Uuid>, Refusal> {
    tx.lock(&format!("stops:{employer_id}")).await?;
    let mut by_region: BTreeMap<RegionCode, Vec<Leaver>> = BTreeMap::new();
    for leaver in leavers(tx, employer_id, on, MONTH_LINES_MAX as i64).await? {
        if !leaver.in_application {
            by_region.entry(leaver.region).or_default().push(leaver);
        }
    }
    let mut touched = Vec::new();
    for (region, leavers) in by_region {
        let stop = match store::draft_of(tx, employer_id, region).await? {
            Some(draft) => draft,
            None => open(tx, employer_id, region).await?,
        };
        let last = store::last_line(tx, employer_id, stop.id).await?;
        let lines: Vec<Line> = (last + 1..)
            .zip(leavers)
            .take_while(|(line, _)| *line <= MONTH_LINES_MAX as i64)
            .map(|(line, leaver)| Line {
                line,
                employee_id: leaver.employee_id,
                insurances: mask(&Insurance::ALL),
                last_month: Month::of(leaver.left_on),
                reason: store::reason_of(&leaver.reason),
                left_on: leaver.left_on,
                state: StopLineState::Open,
                reasons: Vec::new(),
                name: leaver.name,
                id_masked: String::new(),
            })
            .collect();
        store::add_lines(tx, employer_id, stop.id, &lines).await?;
        touched.push(stop.id);
    }
    Ok(touched)
}

async fn open(tx: &mut Tx, employer_id: Uuid, region: RegionCode) -> Result<Stop, Refusal> {
    let stop = Stop {
        id: Uuid::now_v7(),
        number: counter::take(tx, employer_id, "stop", 1).await?,
        region,
        state: FilingState::Draft,
        round: 0,
        office: String::new(),
        reasons: Vec::new(),
        filed_at: None,
        decided_at: None,
        version: 1,
    };
    store::insert(tx, employer_id, &stop, clock::now()).await?;
    Ok(stop)
}
