//! Rows of tasks and of clean-ups.

use std::collections::BTreeSet;

use ::store::{Query, Tx, args, in_list};
use standard::{Date, Refusal, RegionCode, Text, Timestamp};
use uuid::Uuid;

use super::{SweepView, TaskKind};

/// What names a task: whom, what, since when.
pub(super) type Key = (Uuid, TaskKind, Date);

/// A task as found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub employee_id: Uuid,
    pub kind: TaskKind,
    pub since: Date,
    pub region: RegionCode,
    pub due_on: Date,
    pub detail: Text,
}

impl Found {
    pub(super) fn key(&self) -> Key {
        (self.employee_id, self.kind, self.since)
    }
}

/// An open task as listed.
pub(super) struct Open {
    pub employee_id: Uuid,
    pub kind: TaskKind,
    pub since: Date,
    pub region: RegionCode,
    pub due_on: Date,
    pub detail: Text,
    pub name: String,
    pub id_masked: String,
    pub found_at: Timestamp,
}

pub(super) async fn open(
    q: &mut impl Query,
    employer_id: Uuid,
    kind: Option<TaskKind>,
    wages: bool,
    limit: i64,
) -> Result<(Vec<Open>, i64), Refusal> {
    let mut args = args![employer_id];
    let mut clause = "t.employer_id = $1 AND t.state = 'open'".to_string();
    if let Some(kind) = kind {
        let n = args.push(kind.key());
        clause.push_str(&format!(" AND t.kind = ${n}"));
    }
    if !wages {
        clause.push_str(" AND t.kind <> 'low_base'");
    }
    let total = q
        .one(
            &format!("SELECT COUNT(*) AS n FROM employer_insurance_task t WHERE {clause}"),
            args.clone(),
        )
        .await?
        .get("n")?;
    let n = args.push(limit);
    let rows = q
        .all(
            &format!(
                "SELECT t.*, e.name AS name, e.id_masked AS id_masked FROM employer_insurance_task t
                 JOIN employer_employee e ON e.employer_id = t.employer_id AND e.id = t.employee_id
                 WHERE {clause} ORDER BY t.due_on, e.number LIMIT ${n}"
            ),
            args,
        )
        .await?;
    let open = rows
        .iter()
        .map(|row| {
            Ok(Open {
                employee_id: row.get("employee_id")?,
                kind: TaskKind::stored(&row.get::<String>("kind")?)?,
                since: row.get("since")?,
                region: row.get("region")?,
                due_on: row.get("due_on")?,
                detail: Text::new(row.get::<String>("detail_zh")?, row.get::<String>("detail_en")?),
                name: row.get("name")?,
                id_masked: row.get("id_masked")?,
                found_at: row.get("found_at")?,
            })
        })
        .collect::<Result<_, Refusal>>()?;
    Ok((open, total))
}

/// Every task known: its key and whether it is open.
pub(super) async fn known(tx: &mut Tx, employer_id: Uuid) -> Result<Vec<(Key, bool)>, Refusal> {
    let rows = tx
        .all(
            "SELECT employee_id, kind, since, state FROM employer_insurance_task WHERE employer_id = $1",
            args![employer_id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let kind = TaskKind::stored(&row.get::<String>("kind")?)?;
            let open = row.get::<String>("state")? == "open";
            Ok(((row.get("employee_id")?, kind, row.get("since")?), open))
        })
        .collect()
}

/// Adds tasks that are not there yet.
pub(super) async fn add(tx: &mut Tx, employer_id: Uuid, found: &[&Found], at: Timestamp) -> Result<(), Refusal> {
    let columns = [
        "employer_id",
        "employee_id",
        "kind",
        "since",
        "region",
        "due_on",
        "state",
        "detail_zh",
        "detail_en",
        "found_at",
    ];
    let mut sink = tx.bulk("employer_insurance_task", &columns).await?;
    for one in found {
        sink.push(args![
            employer_id,
            one.employee_id,
            one.kind.key(),
            one.since,
            one.region,
            one.due_on,
            "open",
            &one.detail.zh,
            &one.detail.en,
            at
        ])
        .await?;
    }
    sink.finish().await?;
    Ok(())
}

/// Adds one task; false when it was there.
pub(super) async fn add_one(tx: &mut Tx, employer_id: Uuid, one: &Found, at: Timestamp) -> Result<bool, Refusal> {
    let added = tx
        .execute(
            "INSERT INTO employer_insurance_task (employer_id, employee_id, kind, since, region, due_on, state, detail_zh, detail_en, found_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9) ON CONFLICT DO NOTHING",
            args![
                employer_id,
                one.employee_id,
                one.kind.key(),
                one.since,
                one.region,
                one.due_on,
                &one.detail.zh,
                &one.detail.en,
                at
            ],
        )
        .await?;
    Ok(added == 1)
}

/// Opens or closes tasks by key, many at a time.
pub(super) async fn settle(tx: &mut Tx, employer_id: Uuid, keys: &[Key], open: bool, at: Timestamp) -> Result<(), Refusal> {
    let mut by_cause: std::collections::BTreeMap<(TaskKind, Date), BTreeSet<Uuid>> = std::collections::BTreeMap::new();
    for (employee, kind, since) in keys {
        by_cause.entry((*kind, *since)).or_default().insert(*employee);
    }
    for ((kind, since), employees) in by_cause {
        let employees: Vec<Uuid> = employees.into_iter().collect();
        for chunk in employees.chunks(10_000) {
            let (state, closed) = if open { ("open", None) } else { ("done", Some(at)) };
            let mut args = args![employer_id, kind.key(), since, state, closed];
            args.extend(chunk.iter().copied());
            let list = in_list(chunk.len(), 6);
            let sql = format!(
                "UPDATE employer_insurance_task SET state = $4, closed_at = $5
                 WHERE employer_id = $1 AND kind = $2 AND since = $3 AND employee_id IN {list}"
            );
            tx.execute(&sql, args).await?;
        }
    }
    Ok(())
}

pub(super) async fn add_sweep(tx: &mut Tx, employer_id: Uuid, view: &SweepView, by: Option<Uuid>) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_sweep (employer_id, id, day, enrol, stop, stale, low_base, fresh, closed, stop_drafts, ran_by, ran_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            employer_id,
            view.id,
            view.day,
            view.enrol,
            view.stop,
            view.stale_status,
            view.low_base,
            view.fresh,
            view.closed,
            view.stop_drafts,
            by,
            view.ran_at
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn sweeps(q: &mut impl Query, employer_id: Uuid, limit: i64) -> Result<Vec<SweepView>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_sweep WHERE employer_id = $1 ORDER BY ran_at DESC, id DESC LIMIT $2",
            args![employer_id, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(SweepView {
                id: row.get("id")?,
                day: row.get("day")?,
                enrol: row.get("enrol")?,
                stop: row.get("stop")?,
                stale_status: row.get("stale")?,
                low_base: row.get("low_base")?,
                fresh: row.get("fresh")?,
                closed: row.get("closed")?,
                stop_drafts: row.get("stop_drafts")?,
                scheduled: row.get::<Option<Uuid>>("ran_by")?.is_none(),
                ran_at: row.get("ran_at")?,
            })
        })
        .collect()
}
