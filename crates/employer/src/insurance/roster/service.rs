//! Rosters in the app: upload, follow, download, accept, and start the transfers they call for.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde_json::json;
use standard::Refusal;
use store::{Db, Tx, jobs};
use uuid::Uuid;

pub use super::acts::{Needed, TRANSFERS_MOST, accept, transfers_needed};
use super::columns::Layout;
use super::job::{QUEUE, RosterJob};
use super::shown::{shown_day, shown_region};
use super::store::{self as rows, RowFilter, Stored, StoredRow, Upload};
use super::view::{FromRegion, RosterDetail, RosterRowView, RosterRows, RosterState, RosterView, Waiting, allowed_actions};
use super::{acts, read_roster, row, workbook};
use crate::employer_of;
use crate::insurance::preflight::Verdict;
use crate::people::service::read_cursor;

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
    let (roster, notes) = tokio::task::spawn_blocking(move || {
        let found = read_roster(&bytes)?;
        let notes = found.notes();
        Ok::<_, Refusal>((row::weigh(found.sheet, found.layout, today)?, notes))
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
        notes,
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
        notes: roster.header.notes.clone(),
        allowed_actions: allowed_actions(actor, roster.state, roster.counts, Waiting::expected(roster.counts, roster.created)),
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
    let (transfers, waiting) = match roster.state {
        RosterState::Checking => Default::default(),
        RosterState::Ready | RosterState::Accepted => {
            let transfers = acts::transfers(&mut q, employer_id, id).await?;
            let waiting = acts::waiting(&mut q, employer_id, id, &transfers).await?;
            (transfers, waiting)
        }
    };
    let ready = roster.state != RosterState::Checking;
    let items = found
        .iter()
        .map(|row| row_view(actor, row, &roster.header.layout, &transfers, ready))
        .collect();
    let mut shown = view(actor, &roster)?;
    shown.allowed_actions = allowed_actions(actor, roster.state, roster.counts, waiting);
    Ok(RosterDetail {
        roster: shown,
        waiting,
        rows: RosterRows { items, total, next_cursor },
    })
}

fn row_view(actor: &Actor, row: &StoredRow, layout: &Layout, transfers: &acts::Transfers, ready: bool) -> RosterRowView {
    let good = matches!(row.verdict, Some(Verdict::Direct | Verdict::NeedsTransfer)) && ready;
    let hire = good && row.employee_id.is_none() && actor.may(Permission::EmployeeEdit);
    let open = row.verdict == Some(Verdict::NeedsTransfer) && acts::needs_start(&row.from_regions, row.employee_id, transfers);
    let actions = [
        ("accept", hire),
        ("start_transfers", good && open && actor.may(Permission::InsuranceEdit)),
    ];
    RosterRowView {
        region_name: shown_region(&row.raw, layout),
        hired_on: shown_day(&row.raw, layout),
        transfers: row.employee_id.and_then(|id| transfers.get(&id)).cloned().unwrap_or_default(),
        allowed_actions: actions.into_iter().filter(|(_, may)| *may).map(|(name, _)| name.into()).collect(),
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

pub(super) async fn all_rows(db: &Db, employer_id: Uuid, id: Uuid) -> Result<Vec<StoredRow>, Refusal> {
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

pub(super) fn still_checking() -> Refusal {
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

/// The empty roster to fill in.
pub fn template(actor: &Actor) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::RosterImport)?;
    workbook::template()
}
