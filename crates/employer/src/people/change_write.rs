//! Writing a planned change in sets: rows are added to the histories, and the employees' rows brought to what these say of today.

use std::collections::HashMap;

use control::identity::Actor;
use standard::{Date, Money, Refusal};
use store::{Query, Tx, args, in_list};
use uuid::Uuid;

use super::change::{Change, PlannedChange, READ_AT_ONCE};
use super::history::{POSITION_COLUMNS, WAGE_COLUMNS};

/// Writes the rows that hold, in sets; yields how many employees changed. Call it in the transaction that planned them.
pub(crate) async fn apply(tx: &mut Tx, actor: &Actor, employer_id: Uuid, planned: &[PlannedChange], today: Date) -> Result<i64, Refusal> {
    let rows: Vec<(&PlannedChange, &Change)> = planned
        .iter()
        .filter(|row| row.holds())
        .filter_map(|row| Some((row, row.change.as_ref()?)))
        .collect();
    let now = control::clock::now();
    let next = next_seq(tx, employer_id, "employer_wage", &rows).await?;
    let mut sink = tx.bulk("employer_wage", &WAGE_COLUMNS).await?;
    for (row, change) in &rows {
        if row.after.wage_fen == row.before.wage_fen {
            continue;
        }
        let seq = next.get(&(row.employee_id, change.from)).copied().unwrap_or(0) + 1;
        let (id, name) = (Some(actor.user_id), &actor.name);
        sink.push(args![
            employer_id,
            row.employee_id,
            change.from,
            seq,
            row.after.wage_fen,
            &change.reason,
            id,
            name,
            now
        ])
        .await?;
    }
    sink.finish().await?;
    let next = next_seq(tx, employer_id, "employer_position", &rows).await?;
    let mut sink = tx.bulk("employer_position", &POSITION_COLUMNS).await?;
    let mut departments = std::collections::BTreeSet::new();
    for (row, change) in &rows {
        let after = &row.after;
        let before = &row.before;
        if (&after.department, &after.position, after.region) == (&before.department, &before.position, before.region) {
            continue;
        }
        departments.insert(after.department.as_str());
        let seq = next.get(&(row.employee_id, change.from)).copied().unwrap_or(0) + 1;
        sink.push(args![
            employer_id,
            row.employee_id,
            change.from,
            seq,
            &after.department,
            &after.position,
            after.region,
            &change.reason,
            Some(actor.user_id),
            &actor.name,
            now
        ])
        .await?;
    }
    sink.finish().await?;
    for path in departments {
        super::department::ensure(tx, employer_id, path).await?;
    }
    averages(tx, actor, employer_id, &rows).await?;
    let ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.employee_id).collect();
    refresh(tx, employer_id, Some(&ids), today).await?;
    Ok(ids.len() as i64)
}

async fn averages(tx: &mut Tx, actor: &Actor, employer_id: Uuid, rows: &[(&PlannedChange, &Change)]) -> Result<(), Refusal> {
    let given: Vec<(Uuid, i32, Money)> = rows
        .iter()
        .filter_map(|(row, change)| change.prior_average.map(|(year, average)| (row.employee_id, year, average)))
        .collect();
    let mut last: HashMap<(Uuid, i64), i64> = HashMap::new();
    for part in given.chunks(READ_AT_ONCE) {
        let mut bound = args![employer_id];
        bound.extend(part.iter().map(|(id, _, _)| *id));
        let sql = format!(
            "SELECT employee_id, year, MAX(seq) AS last FROM employer_prior_average WHERE employer_id = $1 AND employee_id IN {} GROUP BY employee_id, year",
            in_list(part.len(), 2)
        );
        for row in tx.all(&sql, bound).await? {
            last.insert((row.get("employee_id")?, row.get("year")?), row.get("last")?);
        }
    }
    let columns = [
        "employer_id",
        "employee_id",
        "year",
        "seq",
        "average_fen",
        "entered_by",
        "entered_name",
        "entered_at",
    ];
    let now = control::clock::now();
    let mut sink = tx.bulk("employer_prior_average", &columns).await?;
    for (id, year, average) in given {
        let year = i64::from(year);
        let seq = last.get(&(id, year)).copied().unwrap_or(0) + 1;
        sink.push(args![employer_id, id, year, seq, average, Some(actor.user_id), &actor.name, now])
            .await?;
    }
    sink.finish().await?;
    Ok(())
}

/// The highest row number of each employee and day to be written.
async fn next_seq(
    tx: &mut Tx,
    employer_id: Uuid,
    table: &str,
    rows: &[(&PlannedChange, &Change)],
) -> Result<HashMap<(Uuid, Date), i64>, Refusal> {
    let mut last = HashMap::new();
    for part in rows.chunks(READ_AT_ONCE) {
        let mut bound = args![employer_id];
        bound.extend(part.iter().map(|(row, _)| row.employee_id));
        let sql = format!(
            "SELECT employee_id, from_on, MAX(seq) AS last FROM {table} WHERE employer_id = $1 AND employee_id IN {} GROUP BY employee_id, from_on",
            in_list(part.len(), 2)
        );
        for row in tx.all(&sql, bound).await? {
            last.insert((row.get("employee_id")?, row.get("from_on")?), row.get("last")?);
        }
    }
    Ok(last)
}

/// Brings the employees' rows to what their histories say of today: the step begun last, or the first of those ahead.
pub(crate) async fn refresh(tx: &mut Tx, employer_id: Uuid, ids: Option<&[Uuid]>, today: Date) -> Result<(), Refusal> {
    const ORDER: &str =
        "CASE WHEN h.from_on <= $2 THEN 0 ELSE 1 END, CASE WHEN h.from_on <= $2 THEN h.from_on END DESC, h.from_on, h.seq DESC";
    let whose = "h.employer_id = employer_employee.employer_id AND h.employee_id = employer_employee.id";
    let wage = format!(
        "UPDATE employer_employee SET wage_fen = (SELECT h.monthly_fen FROM employer_wage h WHERE {whose} AND h.monthly_fen IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM employer_wage l WHERE l.employer_id = h.employer_id AND l.employee_id = h.employee_id
                                 AND l.from_on = h.from_on AND l.seq > h.seq)
             ORDER BY {ORDER} LIMIT 1)
         WHERE employer_id = $1 AND EXISTS (SELECT 1 FROM employer_wage h WHERE {whose})"
    );
    let latest = format!("FROM employer_position h WHERE {whose} ORDER BY {ORDER} LIMIT 1");
    let place = format!(
        "UPDATE employer_employee SET (department, position, region) = (SELECT h.department, h.position, h.region {latest})
         WHERE employer_id = $1 AND EXISTS (SELECT 1 FROM employer_position h WHERE {whose})"
    );
    match ids {
        None => {
            for sql in [wage, place] {
                tx.execute_long(&sql, args![employer_id, today]).await?;
            }
        }
        Some(ids) => {
            for part in ids.chunks(READ_AT_ONCE) {
                let list = in_list(part.len(), 3);
                for sql in [&wage, &place] {
                    let mut bound = args![employer_id, today];
                    bound.extend(part.iter().copied());
                    tx.execute_long(&format!("{sql} AND id IN {list}"), bound).await?;
                }
                let mut bound = args![employer_id, control::clock::now()];
                bound.extend(part.iter().copied());
                let sql =
                    format!("UPDATE employer_employee SET version = version + 1, updated_at = $2 WHERE employer_id = $1 AND id IN {list}");
                tx.execute_long(&sql, bound).await?;
            }
        }
    }
    Ok(())
}
