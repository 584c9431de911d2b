//! Rosters in the app: upload, follow, download, accept, and start the transfers they call for.

use std::collections::{HashMap, HashSet};

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde_json::json;
use standard::{Finding, Refusal};
use store::{Db, IdHash, Query, Tx, args, in_list, jobs};
use uuid::Uuid;

use super::job::{QUEUE, RosterJob};
use super::row::{GoodRow, weigh_row};
use super::store::{self as rows, RowFilter, Stored, StoredRow, Upload};
use super::view::{Accepted, FromRegion, RosterDetail, RosterRowView, RosterRows, RosterState, RosterView, allowed_actions};
use super::{columns, read_sheet, row, workbook};
use crate::insurance::preflight::Verdict;
use crate::people::hire::{Draft, build, state_of};
use crate::people::history;
use crate::people::service::read_cursor;
use crate::people::store as people;
use crate::{counter, employer_of};

/// Longest file name kept.
const FILE_NAME_CHARS: usize = 200;
/// Rows asked of the database at once when all are needed.
const PAGE: i64 = 2_000;

/// Takes a roster: reads and weighs it, stores it and queues the nationwide check. A file that is refused
/// stores nothing.
pub async fn upload(actor: &Actor, db: &Db, file_name: &str, bytes: Vec<u8>) -> Result<RosterView, Refusal> {
    actor.require(Permission::RosterImport)?;
    let employer_id = employer_of(actor)?;
    let today = clock::today();
    let digest = standard::sm::sm3_hex(&bytes);
    let roster = tokio::task::spawn_blocking(move || {
        let sheet = read_sheet(&bytes)?;
        let layout = columns::find_layout(&sheet)?;
        row::weigh(sheet, layout, today)
    })
    .await
    .map_err(Refusal::internal)??;
    let id = Uuid::now_v7();
    let file_name: String = file_name.chars().filter(|c| !c.is_control()).take(FILE_NAME_CHARS).collect();
    let upload = Upload {
        employer_id,
        id,
        file_name: &file_name,
        digest,
        user_id: actor.user_id,
        user_name: &actor.name,
        at: clock::now(),
    };
    let mut tx = db.begin().await?;
    rows::insert(&mut tx, &upload, &roster).await?;
    enqueue(&mut tx, employer_id, id).await?;
    let after = json!({ "file_name": file_name, "digest": upload.digest, "rows": roster.rows.len() });
    audit::record(&mut tx, actor, "roster.upload", "roster", id, None, Some(after)).await?;
    tx.commit().await?;
    view(actor, &rows::get(&mut db.read(), employer_id, id).await?)
}

async fn enqueue(tx: &mut Tx, employer_id: Uuid, roster_id: Uuid) -> Result<(), Refusal> {
    let job = RosterJob { employer_id, roster_id };
    jobs::enqueue(tx, QUEUE, None, &job, clock::now()).await?;
    Ok(())
}

fn view(actor: &Actor, roster: &Stored) -> Result<RosterView, Refusal> {
    Ok(RosterView {
        id: roster.id,
        file_name: roster.file_name.clone(),
        state: roster.state,
        state_name: roster.state.zh().to_string(),
        total: roster.total,
        done: roster.done,
        counts: roster.counts,
        created: roster.created,
        uploaded_by: roster.uploader_name.clone(),
        created_at: roster.created_at,
        finished_at: roster.finished_at,
        allowed_actions: allowed_actions(actor, roster.state, roster.counts, roster.created),
    })
}

/// The employer's latest rosters.
pub async fn list(actor: &Actor, db: &Db) -> Result<Vec<RosterView>, Refusal> {
    actor.require(Permission::RosterImport)?;
    let rosters = rows::list(&mut db.read(), employer_of(actor)?, 100).await?;
    rosters.iter().map(|roster| view(actor, roster)).collect()
}

/// One roster with a page of its rows.
pub async fn get(
    actor: &Actor,
    db: &Db,
    id: Uuid,
    verdict: Option<Verdict>,
    cursor: Option<&str>,
    limit: i64,
) -> Result<RosterDetail, Refusal> {
    actor.require(Permission::RosterImport)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let roster = rows::get(&mut q, employer_id, id).await?;
    let limit = limit.clamp(1, 500);
    let after = cursor.map(read_cursor).transpose()?.unwrap_or(0);
    let filter = RowFilter {
        verdict,
        after,
        limit: limit + 1,
        ..RowFilter::default()
    };
    let mut found = rows::rows(&mut q, db.cipher(), employer_id, id, &filter).await?;
    let more = found.len() as i64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let total = match verdict {
        None => roster.total,
        Some(Verdict::Direct) => roster.counts.direct,
        Some(Verdict::NeedsTransfer) => roster.counts.transfer,
        Some(Verdict::BadData) => roster.counts.bad,
        Some(Verdict::Unanswered) => roster.counts.unanswered,
    };
    let next_cursor = if more {
        found.last().map(|row| row.raw.number.to_string())
    } else {
        None
    };
    let items = found.iter().map(row_view).collect();
    Ok(RosterDetail {
        roster: view(actor, &roster)?,
        rows: RosterRows { items, total, next_cursor },
    })
}

fn row_view(row: &StoredRow) -> RosterRowView {
    RosterRowView {
        row: i64::from(row.raw.number),
        name: row.name.clone(),
        id_masked: row.id_masked.clone(),
        verdict: row.verdict,
        verdict_name: row.verdict.map_or("核查中", Verdict::zh).to_string(),
        from_regions: row
            .from_regions
            .iter()
            .map(|region| FromRegion {
                region: *region,
                name: region.name().to_string(),
            })
            .collect(),
        findings: row.findings.clone(),
        employee_id: row.employee_id,
    }
}

/// The result workbook: the roster's rows and order, with 结果, 原参保地 and 说明.
pub async fn result_workbook(actor: &Actor, db: &Db, id: Uuid) -> Result<Vec<u8>, Refusal> {
    workbook_of(actor, db, id, "roster.result", |frame, rows| {
        workbook::result(frame, rows.iter().map(|(raw, result)| (raw, result)))
    })
    .await
}

/// The rows to be corrected, with the error beside the cell.
pub async fn errors_workbook(actor: &Actor, db: &Db, id: Uuid) -> Result<Vec<u8>, Refusal> {
    workbook_of(actor, db, id, "roster.errors", |frame, rows| {
        workbook::errors(frame, rows.iter().map(|(raw, result)| (raw, result)))
    })
    .await
}

type WorkRow = (super::sheet::RawRow, super::check::RowResult);

async fn workbook_of(
    actor: &Actor,
    db: &Db,
    id: Uuid,
    action: &str,
    write: impl FnOnce(workbook::Frame<'_>, &[WorkRow]) -> Result<Vec<u8>, Refusal> + Send + 'static,
) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::DataExport)?;
    let employer_id = employer_of(actor)?;
    let roster = rows::get(&mut db.read(), employer_id, id).await?;
    if roster.state == RosterState::Checking {
        return Err(still_checking());
    }
    let mut work: Vec<WorkRow> = Vec::new();
    for row in all_rows(db, employer_id, id).await? {
        let result = row.result().ok_or_else(still_checking)?;
        work.push((row.raw, result));
    }
    let above = rows::above(db.cipher(), &roster)?;
    let mut tx = db.begin().await?;
    audit::access(&mut tx, actor, action, "roster", id, "下载名单").await?;
    tx.commit().await?;
    tokio::task::spawn_blocking(move || {
        let frame = workbook::Frame {
            above: &above,
            header_number: roster.header.number,
            layout: &roster.header.layout,
        };
        write(frame, &work)
    })
    .await
    .map_err(Refusal::internal)?
}

async fn all_rows(db: &Db, employer_id: Uuid, id: Uuid) -> Result<Vec<StoredRow>, Refusal> {
    let mut q = db.read();
    let mut all: Vec<StoredRow> = Vec::new();
    loop {
        let after = all.last().map_or(0, |row| i64::from(row.raw.number));
        let page = rows::rows(
            &mut q,
            db.cipher(),
            employer_id,
            id,
            &RowFilter {
                after,
                limit: PAGE,
                ..RowFilter::default()
            },
        )
        .await?;
        let last = (page.len() as i64) < PAGE;
        all.extend(page);
        if last {
            return Ok(all);
        }
    }
}

fn still_checking() -> Refusal {
    Refusal::conflict("roster_still_checking", "名单仍在核查中", "the roster is still being checked")
        .remedy("完成后会收到通知，请稍候", "you will be notified when it is done")
}

/// Asks again about the rows a region did not answer for.
pub async fn retry(actor: &Actor, db: &Db, id: Uuid) -> Result<RosterView, Refusal> {
    actor.require(Permission::RosterImport)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("roster:{id}")).await?;
    let roster = rows::get(&mut tx, employer_id, id).await?;
    if roster.state != RosterState::Checking && rows::reopen_unanswered(&mut tx, employer_id, id).await? > 0 {
        rows::set_state(&mut tx, employer_id, id, RosterState::Checking, None).await?;
        rows::recount(&mut tx, employer_id, id).await?;
        enqueue(&mut tx, employer_id, id).await?;
    }
    let roster = rows::get(&mut tx, employer_id, id).await?;
    tx.commit().await?;
    view(actor, &roster)
}

/// Makes employees of the good rows (all of them, or those named), in one transaction. Rows accepted before and
/// people the unit already has are left out, so doing it twice makes nobody twice.
pub async fn accept(actor: &Actor, db: &Db, id: Uuid, only: Option<&[i64]>) -> Result<Accepted, Refusal> {
    actor.require(Permission::RosterImport)?;
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let roster = rows::get(&mut db.read(), employer_id, id).await?;
    if roster.state == RosterState::Checking {
        return Err(still_checking());
    }
    let wanted: Option<HashSet<i64>> = only.map(|numbers| numbers.iter().copied().collect());
    let chosen: Vec<(StoredRow, GoodRow)> = all_rows(db, employer_id, id)
        .await?
        .into_iter()
        .filter(|row| wanted.as_ref().is_none_or(|wanted| wanted.contains(&i64::from(row.raw.number))))
        .filter(|row| matches!(row.verdict, Some(Verdict::Direct | Verdict::NeedsTransfer)) && row.employee_id.is_none())
        .filter_map(|row| {
            let good = weigh_row(row.raw.clone(), &roster.header.layout, clock::today()).good?;
            Some((row, good))
        })
        .collect();
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let outcome = create_all(&mut tx, employer_id, id, &chosen).await?;
    tx.execute(
        "UPDATE employer_roster SET created = created + $3 WHERE employer_id = $1 AND id = $2",
        args![employer_id, id, outcome.created],
    )
    .await?;
    rows::set_state(&mut tx, employer_id, id, RosterState::Accepted, None).await?;
    let after = json!({ "created": outcome.created, "skipped": outcome.skipped });
    audit::record(&mut tx, actor, "roster.accept", "roster", id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(outcome)
}

async fn create_all(tx: &mut Tx, employer_id: Uuid, roster_id: Uuid, chosen: &[(StoredRow, GoodRow)]) -> Result<Accepted, Refusal> {
    let db = tx.db().clone();
    let cipher = db.cipher();
    let mut fresh = Vec::new();
    let mut skipped = 0;
    for part in chosen.chunks(500) {
        let hashes: Vec<IdHash> = part.iter().map(|(_, good)| cipher.id_hash(&good.id_number)).collect();
        let known = known_hashes(tx, employer_id, &hashes).await?;
        for ((row, good), hash) in part.iter().zip(&hashes) {
            match known.get(&hash.0) {
                Some(existing) => {
                    rows::set_employee(tx, employer_id, roster_id, row.raw.number, *existing).await?;
                    skipped += 1;
                }
                None => fresh.push((row, good)),
            }
        }
    }
    let now = clock::now();
    let first = counter::take(tx, employer_id, "employee", fresh.len() as i64).await?;
    let mut employees = Vec::with_capacity(fresh.len());
    for (number, (row, good)) in (first..).zip(&fresh) {
        let verdict = row.verdict.unwrap_or(Verdict::Unanswered);
        employees.push(build(cipher, employer_id, &draft(good), number, state_of(verdict), Some(now), now)?);
    }
    let mut sink = tx.bulk("employer_employee", &people::COLUMNS).await?;
    for employee in &employees {
        sink.push(people::values(employee)).await?;
    }
    sink.finish().await?;
    history::begin(tx, &employees).await?;
    for (employee, (row, _)) in employees.iter().zip(&fresh) {
        people::put_relations(tx, employer_id, employee.id, &row.relations, now).await?;
        rows::set_employee(tx, employer_id, roster_id, row.raw.number, employee.id).await?;
    }
    Ok(Accepted {
        created: employees.len() as i64,
        skipped,
    })
}

async fn known_hashes(tx: &mut Tx, employer_id: Uuid, hashes: &[IdHash]) -> Result<HashMap<[u8; 32], Uuid>, Refusal> {
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let mut args = args![employer_id];
    args.extend(hashes.iter().copied());
    let sql = format!(
        "SELECT id, id_hash FROM employer_employee WHERE employer_id = $1 AND id_hash IN {}",
        in_list(hashes.len(), 2)
    );
    let found = tx.all(&sql, args).await?;
    found
        .iter()
        .map(|row| Ok((row.get::<IdHash>("id_hash")?.0, row.get("id")?)))
        .collect()
}

fn draft(good: &GoodRow) -> Draft {
    Draft {
        name: good.name.clone(),
        id_number: good.id_number,
        phone: good.phone.clone(),
        hired_on: good.hired_on,
        region: good.region,
        department: good.department.clone().unwrap_or_default(),
        position: good.position.clone().unwrap_or_default(),
        wage_fen: good.wage_fen,
        household_region: None,
        source: "roster",
        override_reason: None,
    }
}

/// The empty roster to fill in.
pub fn template(actor: &Actor) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::RosterImport)?;
    workbook::template()
}

/// Most rows one call starts transfers for.
pub const TRANSFERS_MOST: usize = 500;

/// The people of the named rows who need a transfer, as (employee, region to transfer from). Rows not yet
/// accepted are accepted first.
pub async fn transfers_needed(actor: &Actor, db: &Db, id: Uuid, numbers: &[i64]) -> Result<Vec<(Uuid, standard::RegionCode)>, Refusal> {
    actor.require(Permission::InsuranceEdit)?;
    if numbers.len() > TRANSFERS_MOST {
        return Err(Refusal::invalid(
            Finding::blocking(
                "too_many_rows_chosen",
                format!("一次最多发起 {TRANSFERS_MOST} 人的转移"),
                format!("at most {TRANSFERS_MOST} transfers are started at once"),
            )
            .remedy("请分批选择", "choose fewer rows"),
        ));
    }
    accept(actor, db, id, Some(numbers)).await?;
    let employer_id = employer_of(actor)?;
    let wanted: HashSet<i64> = numbers.iter().copied().collect();
    let found = all_rows(db, employer_id, id).await?;
    Ok(found
        .into_iter()
        .filter(|row| wanted.contains(&i64::from(row.raw.number)) && row.verdict == Some(Verdict::NeedsTransfer))
        .filter_map(|row| Some((row.employee_id?, row.from_regions)))
        .flat_map(|(employee, regions)| regions.into_iter().map(move |region| (employee, region)))
        .collect())
}
