//! Rows of stop applications.

use ::store::{Query, Row, Tx, args, in_list};
use control::identity::{Actor, Permission};
use exchange::message::{Reason, StopReason};
use standard::{Date, Month, Refusal, RegionCode, Timestamp};
use uuid::Uuid;

use super::{StopLineState, StopLineView, StopView, not_found};
use crate::insurance::amounts::of_mask;
use crate::insurance::filing::{FilingState, from_json, reasons_view, to_json};
use crate::people::leave;

/// Most applications listed, newest first.
const LISTED: i64 = 100;

/// An application as stored.
#[derive(Debug, Clone)]
pub(super) struct Stop {
    pub id: Uuid,
    pub number: i64,
    pub region: RegionCode,
    pub state: FilingState,
    pub round: i64,
    pub office: String,
    pub reasons: Vec<Reason>,
    pub filed_at: Option<Timestamp>,
    pub decided_at: Option<Timestamp>,
    pub version: i64,
}

/// A leaver of an application as stored.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub line: i64,
    pub employee_id: Uuid,
    pub insurances: i64,
    pub last_month: Month,
    pub reason: StopReason,
    pub left_on: Date,
    pub state: StopLineState,
    pub reasons: Vec<Reason>,
    pub name: String,
    pub id_masked: String,
}

fn read(row: &Row) -> Result<Stop, Refusal> {
    Ok(Stop {
        id: row.get("id")?,
        number: row.get("number")?,
        region: row.get("region")?,
        state: FilingState::stored(&row.get::<String>("state")?)?,
        round: row.get("round")?,
        office: row.get("office")?,
        reasons: from_json(&row.get::<String>("reasons")?)?,
        filed_at: row.get("filed_at")?,
        decided_at: row.get("decided_at")?,
        version: row.get("version")?,
    })
}

/// The reason of a stored word; 其他 for one that is not known.
pub(super) fn reason_of(word: &str) -> StopReason {
    leave::parse_reason(word).unwrap_or(StopReason::Other)
}

pub(super) async fn insert(tx: &mut Tx, employer_id: Uuid, stop: &Stop, at: Timestamp) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_stop (employer_id, id, number, region, state, round, office, reasons, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        args![
            employer_id,
            stop.id,
            stop.number,
            stop.region,
            stop.state.key(),
            stop.round,
            &stop.office,
            to_json(&stop.reasons)?,
            at
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, employer_id: Uuid, stop: &Stop) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE employer_stop SET state = $3, round = $4, office = $5, reasons = $6, filed_at = $7, decided_at = $8,
             version = version + 1 WHERE employer_id = $1 AND id = $2",
        args![
            employer_id,
            stop.id,
            stop.state.key(),
            stop.round,
            &stop.office,
            to_json(&stop.reasons)?,
            stop.filed_at,
            stop.decided_at
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn lock(tx: &mut Tx, employer_id: Uuid, id: Uuid) -> Result<Stop, Refusal> {
    tx.lock(&format!("stop:{id}")).await?;
    let row = tx
        .optional(
            "SELECT * FROM employer_stop WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?
        .ok_or_else(not_found)?;
    read(&row)
}

/// The draft of a region that still takes leavers.
pub(super) async fn draft_of(tx: &mut Tx, employer_id: Uuid, region: RegionCode) -> Result<Option<Stop>, Refusal> {
    let row = tx
        .optional(
            "SELECT * FROM employer_stop WHERE employer_id = $1 AND region = $2 AND state = 'draft' ORDER BY number LIMIT 1",
            args![employer_id, region],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

pub(super) async fn add_lines(tx: &mut Tx, employer_id: Uuid, stop_id: Uuid, lines: &[Line]) -> Result<(), Refusal> {
    let columns = [
        "employer_id",
        "stop_id",
        "line",
        "employee_id",
        "insurances",
        "last_month",
        "reason",
        "left_on",
        "state",
        "reasons",
    ];
    let mut sink = tx.bulk("employer_stop_line", &columns).await?;
    for line in lines {
        sink.push(args![
            employer_id,
            stop_id,
            line.line,
            line.employee_id,
            line.insurances,
            line.last_month,
            leave::reason_key(line.reason),
            line.left_on,
            line.state.key(),
            to_json(&line.reasons)?
        ])
        .await?;
    }
    sink.finish().await?;
    Ok(())
}

pub(super) async fn last_line(tx: &mut Tx, employer_id: Uuid, stop_id: Uuid) -> Result<i64, Refusal> {
    let row = tx
        .one(
            "SELECT COALESCE(MAX(line), 0) AS n FROM employer_stop_line WHERE employer_id = $1 AND stop_id = $2",
            args![employer_id, stop_id],
        )
        .await?;
    row.get("n")
}

fn read_line(row: &Row) -> Result<Line, Refusal> {
    Ok(Line {
        line: row.get("line")?,
        employee_id: row.get("employee_id")?,
        insurances: row.get("insurances")?,
        last_month: row.get("last_month")?,
        reason: reason_of(&row.get::<String>("reason")?),
        left_on: row.get("left_on")?,
        state: StopLineState::stored(&row.get::<String>("state")?)?,
        reasons: from_json(&row.get::<String>("reasons")?)?,
        name: row.get("name")?,
        id_masked: row.get("id_masked")?,
    })
}

/// The leavers of some applications, with their names.
pub(super) async fn lines(q: &mut impl Query, employer_id: Uuid, stops: &[Uuid]) -> Result<Vec<(Uuid, Line)>, Refusal> {
    let list = in_list(stops.len(), 2);
    let mut args = args![employer_id];
    args.extend(stops.iter().copied());
    let rows = q
        .all(
            &format!(
                "SELECT l.*, e.name AS name, e.id_masked AS id_masked FROM employer_stop_line l
                 JOIN employer_employee e ON e.employer_id = l.employer_id AND e.id = l.employee_id
                 WHERE l.employer_id = $1 AND l.stop_id IN {list} ORDER BY l.stop_id, l.line"
            ),
            args,
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("stop_id")?, read_line(row)?))).collect()
}

/// Applications with their leavers as the screen shows them.
pub(super) async fn views(q: &mut impl Query, employer_id: Uuid, id: Option<Uuid>, actor: &Actor) -> Result<Vec<StopView>, Refusal> {
    let rows = match id {
        Some(id) => {
            q.all(
                "SELECT * FROM employer_stop WHERE employer_id = $1 AND id = $2",
                args![employer_id, id],
            )
            .await?
        }
        None => {
            q.all(
                "SELECT * FROM employer_stop WHERE employer_id = $1 AND state <> 'dropped'
                 ORDER BY CASE WHEN state IN ('draft', 'returned') THEN 0 ELSE 1 END, number DESC LIMIT $2",
                args![employer_id, LISTED],
            )
            .await?
        }
    };
    let stops: Vec<Stop> = rows.iter().map(read).collect::<Result<_, _>>()?;
    let ids: Vec<Uuid> = stops.iter().map(|stop| stop.id).collect();
    let mut by_stop: std::collections::BTreeMap<Uuid, Vec<StopLineView>> = std::collections::BTreeMap::new();
    for (stop_id, line) in lines(q, employer_id, &ids).await? {
        by_stop.entry(stop_id).or_default().push(line_view(line));
    }
    Ok(stops
        .into_iter()
        .map(|stop| {
            let lines = by_stop.remove(&stop.id).unwrap_or_default();
            view(stop, lines, actor)
        })
        .collect())
}

fn line_view(line: Line) -> StopLineView {
    StopLineView {
        line: line.line,
        employee_id: line.employee_id,
        name: line.name,
        id_masked: line.id_masked,
        insurances: of_mask(line.insurances),
        last_month: line.last_month,
        reason: line.reason,
        reason_name: leave::reason_zh(line.reason).to_string(),
        left_on: line.left_on,
        state: line.state,
        reasons: reasons_view(&line.reasons),
    }
}

fn view(stop: Stop, lines: Vec<StopLineView>, actor: &Actor) -> StopView {
    let mut allowed = Vec::new();
    if stop.state.is_with_us() && actor.require(Permission::InsuranceFile).is_ok() {
        allowed.extend(["file", "edit", "drop"].map(String::from));
    }
    StopView {
        id: stop.id,
        number: stop.number,
        region: stop.region,
        region_name: stop.region.name().to_string(),
        state: stop.state,
        state_name: stop.state.zh().to_string(),
        round: stop.round,
        office: stop.office,
        reasons: reasons_view(&stop.reasons),
        lines,
        filed_at: stop.filed_at,
        decided_at: stop.decided_at,
        version: stop.version,
        allowed_actions: allowed,
    }
}
