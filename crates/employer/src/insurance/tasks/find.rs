//! What is to be found on a day. Reads only; each kind is one or a few set-based queries.

use std::collections::BTreeMap;

use ::store::{Query, args};
use policy::RuleBook;
use standard::{Date, Month, Refusal, RegionCode, Text};
use uuid::Uuid;

use super::store::Found;
use super::{DAYS_TO_STOP, TaskKind};
use crate::insurance::amounts::MonthRules;
use crate::insurance::enrolment::last_day_to_enrol;
use crate::insurance::{base, stop};
use crate::people::month::of_month;
use crate::people::wage::Bounds;

/// Most tasks of one kind found at a time; the next sweep finds the rest.
const MOST: i64 = 100_000;
/// How far ahead a last day may lie.
const DAYS_AHEAD: i64 = 366;
/// People read at a time.
const PAGE: i64 = 5_000;

/// Everything to do on a day.
pub(super) async fn all(q: &mut impl Query, book: &RuleBook, employer_id: Uuid, today: Date) -> Result<Vec<Found>, Refusal> {
    let mut found = enrol(q, employer_id, today).await?;
    found.extend(still_insured(q, employer_id, today).await?);
    found.extend(stale(q, employer_id, today).await?);
    found.extend(low_bases(q, book, employer_id, today).await?);
    Ok(found)
}

/// 社会保险法第五十八条: hired, not enrolled, and no application on its way.
async fn enrol(q: &mut impl Query, employer_id: Uuid, today: Date) -> Result<Vec<Found>, Refusal> {
    let rows = q
        .all(
            "SELECT e.id AS id, e.hired_on AS hired_on, e.region AS region FROM employer_employee e
             WHERE e.employer_id = $1 AND e.hired_on <= $2 AND (e.left_on IS NULL OR e.left_on >= $2) AND e.merged_into IS NULL
                 AND e.state <> 'insured' AND NOT EXISTS (
                     SELECT 1 FROM employer_enrolment a WHERE a.employer_id = e.employer_id AND a.employee_id = e.id
                         AND a.state = 'filed')
             ORDER BY e.hired_on LIMIT $3",
            args![employer_id, today, MOST],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let hired_on: Date = row.get("hired_on")?;
            Ok(Found {
                employee_id: row.get("id")?,
                kind: TaskKind::Enrol,
                since: hired_on,
                region: row.get("region")?,
                due_on: last_day_to_enrol(hired_on),
                detail: Text::new(
                    format!("{hired_on} 入职，尚未办理参保登记"),
                    format!("hired on {hired_on}, not enrolled yet"),
                ),
            })
        })
        .collect()
}

/// 已离职仍在参保, and those whose last day is known and still to come.
async fn still_insured(q: &mut impl Query, employer_id: Uuid, today: Date) -> Result<Vec<Found>, Refusal> {
    let ahead = today.saturating_add(jiff::Span::new().days(DAYS_AHEAD));
    let leavers = stop::leavers(q, employer_id, ahead, MOST).await?;
    Ok(leavers
        .into_iter()
        .map(|leaver| stop_task(leaver.employee_id, leaver.region, leaver.left_on, today))
        .collect())
}

/// The task of one leaver.
pub(super) fn stop_task(employee_id: Uuid, region: RegionCode, left_on: Date, today: Date) -> Found {
    let detail = match left_on <= today {
        true => Text::new(
            format!("{left_on} 离职，仍在参保，请办理停保"),
            format!("left on {left_on} and is still insured; file a stop"),
        ),
        false => Text::new(
            format!("将于 {left_on} 离职，请届时办理停保"),
            format!("leaves on {left_on}; file a stop then"),
        ),
    };
    Found {
        employee_id,
        kind: TaskKind::Stop,
        since: left_on,
        region,
        due_on: left_on.saturating_add(jiff::Span::new().days(DAYS_TO_STOP)),
        detail,
    }
}

/// 已办理转移而参保状态未更新: the answer kept is older than the transfer's completion, or still shows the old relation running.
async fn stale(q: &mut impl Query, employer_id: Uuid, today: Date) -> Result<Vec<Found>, Refusal> {
    let rows = q
        .all(
            "SELECT e.id AS id, e.region AS region, t.from_region AS from_region, MAX(t.updated_at) AS moved_at FROM employer_transfer t
             JOIN employer_employee e ON e.employer_id = t.employer_id AND e.id = t.employee_id
             LEFT JOIN employer_relation r ON r.employer_id = t.employer_id AND r.employee_id = t.employee_id
                 AND r.region = t.from_region AND r.insurance = t.insurance
             WHERE t.employer_id = $1 AND t.state IN ('completed', 'confirmed')
                 AND ((t.refreshed_at IS NULL AND (e.checked_at IS NULL OR t.updated_at > e.checked_at)) OR r.status = 'active')
             GROUP BY e.id, e.region, t.from_region ORDER BY e.id LIMIT $2",
            args![employer_id, MOST],
        )
        .await?;
    let mut found: BTreeMap<(Uuid, Date), Found> = BTreeMap::new();
    for row in &rows {
        let (employee_id, moved_at): (Uuid, standard::Timestamp) = (row.get("id")?, row.get("moved_at")?);
        let from: RegionCode = row.get("from_region")?;
        let since = control::clock::date_of(moved_at);
        found.insert(
            (employee_id, since),
            Found {
                employee_id,
                kind: TaskKind::StaleStatus,
                since,
                region: row.get("region")?,
                due_on: Month::of(today).last_day(),
                detail: Text::new(
                    format!("{}的关系已转移，参保状态需要更新", from.name()),
                    format!("transferred from {}; the status kept is older", from.name()),
                ),
            },
        );
    }
    Ok(found.into_values().collect())
}

/// Wages below the floor of the month: contributions are raised to the floor; HR checks whether the wage is right.
async fn low_bases(q: &mut impl Query, book: &RuleBook, employer_id: Uuid, today: Date) -> Result<Vec<Found>, Refusal> {
    let month = Month::of(today);
    let mut rules = MonthRules::new(book, month);
    let mut found = Vec::new();
    let mut after = 0;
    loop {
        let people = of_month(q, book, employer_id, month, after, PAGE).await?;
        let Some(last) = people.last() else { break };
        after = last.number;
        let bases = base::of_month(q, book, employer_id, month, &people).await?;
        for person in &people {
            let Some(base) = bases.get(&person.employee_id) else { continue };
            // A month whose limits are not published yet has no floor to fall below.
            let Ok(bounds) = rules.of(person.region).and_then(Bounds::of) else {
                continue;
            };
            if !bounds.raises(base.wage) {
                continue;
            }
            let floor = bounds.floor;
            found.push(Found {
                employee_id: person.employee_id,
                kind: TaskKind::LowBase,
                since: bounds.since,
                region: person.region,
                due_on: month.last_day(),
                detail: Text::new(
                    format!("缴费工资 {} 元低于下限 {floor} 元，按下限缴费；请核对工资", base.wage),
                    format!(
                        "the wage {} is below the floor {floor}, which then counts; check the wage",
                        base.wage
                    ),
                ),
            });
        }
    }
    Ok(found)
}
