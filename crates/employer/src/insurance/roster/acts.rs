//! What a checked roster calls for: employees made of its rows, and the transfers of those who need one.

use std::collections::{HashMap, HashSet};

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde_json::json;
use standard::{Finding, Refusal, RegionCode};
use store::{Db, IdHash, Query, Tx, args};
use uuid::Uuid;

use super::actable::{self, Actable};
use super::known;
use super::row::{GoodRow, weigh_row};
use super::service::{all_rows, still_checking};
use super::store::{self as rows, StoredRow};
use super::view::{Accepted, RosterState, RowTransfer, Waiting};
use crate::insurance::preflight::Verdict;
use crate::insurance::transfer::TransferState;
use crate::people::hire::{Draft, build, state_of};
use crate::people::history;
use crate::people::store as people;
use crate::{counter, employer_of};

/// The transfers of the people of a roster, by employee.
pub(super) type Transfers = HashMap<Uuid, Vec<RowTransfer>>;

/// Every transfer of an employee made from this roster, whoever started it.
pub(super) async fn transfers(q: &mut impl Query, employer_id: Uuid, roster_id: Uuid) -> Result<Transfers, Refusal> {
    let found = q
        .all(
            "SELECT id, employee_id, from_region, state FROM employer_transfer
             WHERE employer_id = $1 AND employee_id IN (
                 SELECT employee_id FROM employer_roster_row
                 WHERE employer_id = $1 AND roster_id = $2 AND verdict = 'needs_transfer' AND employee_id IS NOT NULL)
             ORDER BY number",
            args![employer_id, roster_id],
        )
        .await?;
    let mut transfers = Transfers::new();
    for row in &found {
        let state: String = row.get("state")?;
        let from: RegionCode = row.get("from_region")?;
        let one = RowTransfer {
            id: row.get("id")?,
            from_region: from,
            from_name: from.name().to_string(),
            state: TransferState::parse(&state).ok_or_else(|| Refusal::internal("a transfer has an unknown state"))?,
        };
        transfers.entry(row.get("employee_id")?).or_default().push(one);
    }
    Ok(transfers)
}

/// Whether some region of the row has no transfer under way or done.
pub(super) fn needs_start(from: &[RegionCode], employee: Option<Uuid>, transfers: &Transfers) -> bool {
    let started = employee
        .and_then(|employee| transfers.get(&employee))
        .map_or(&[][..], Vec::as_slice);
    let stands = |one: &&RowTransfer| !matches!(one.state, TransferState::Refused | TransferState::Withdrawn);
    from.iter()
        .any(|region| !started.iter().filter(stands).any(|one| one.from_region == *region))
}

/// The rows that can still be acted on.
pub(super) async fn waiting(q: &mut impl Query, employer_id: Uuid, roster_id: Uuid, transfers: &Transfers) -> Result<Waiting, Refusal> {
    let mut waiting = Waiting::default();
    for row in actable::rows(q, employer_id, roster_id).await? {
        waiting.hire += i64::from(row.employee_id.is_none());
        waiting.transfer += i64::from(row.verdict == Verdict::NeedsTransfer && needs_start(&row.from_regions, row.employee_id, transfers));
    }
    Ok(waiting)
}

/// Makes employees of the good rows (all of them, or those named), in one transaction. Rows accepted before and
/// people the unit already has are left out, so doing it twice makes nobody twice.
pub async fn accept(actor: &Actor, db: &Db, id: Uuid, only: Option<&[i64]>) -> Result<Accepted, Refusal> {
    accept_with(actor, db, id, only, &[Verdict::Direct, Verdict::NeedsTransfer]).await
}

/// Like [`accept`], of the rows with these verdicts only.
async fn accept_with(actor: &Actor, db: &Db, id: Uuid, only: Option<&[i64]>, verdicts: &[Verdict]) -> Result<Accepted, Refusal> {
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
        .filter(|row| row.verdict.is_some_and(|verdict| verdicts.contains(&verdict)) && row.employee_id.is_none())
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
        let known = known::find(tx, employer_id, &hashes).await?;
        for ((row, good), hash) in part.iter().zip(&hashes) {
            match known.get(&hash.0) {
                Some(existing) => {
                    rows::set_employee(tx, employer_id, roster_id, row.raw.number, existing.employee_id).await?;
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

/// Most people one call starts transfers for.
pub const TRANSFERS_MOST: usize = 500;

/// Whose transfers are to be started, as (employee, region to transfer from), and how many people are left for another call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needed {
    /// One for each region of each person.
    pub transfers: Vec<(Uuid, RegionCode)>,
    /// People beyond [`TRANSFERS_MOST`], when all were asked for.
    pub remaining: i64,
}

/// The people of the named rows (of all rows when none is named) who need a transfer that is not started. Those not yet
/// employees are made so first; rows that need no transfer are left as they are.
pub async fn transfers_needed(actor: &Actor, db: &Db, id: Uuid, numbers: Option<&[i64]>) -> Result<Needed, Refusal> {
    actor.require(Permission::InsuranceEdit)?;
    let employer_id = employer_of(actor)?;
    if numbers.is_some_and(|numbers| numbers.len() > TRANSFERS_MOST) {
        return Err(Refusal::invalid(
            Finding::blocking(
                "too_many_rows_chosen",
                format!("一次最多选择 {TRANSFERS_MOST} 人发起转移"),
                format!("at most {TRANSFERS_MOST} people can be chosen at once"),
            )
            .remedy("请分批选择，或不选择任何行、对全部发起", "choose fewer rows, or none to start all"),
        ));
    }
    let mut q = db.read();
    let started = transfers(&mut q, employer_id, id).await?;
    let wanted: Option<HashSet<i64>> = numbers.map(|numbers| numbers.iter().copied().collect());
    // Who is named and has a transfer under way gets that one as the answer.
    let open = |row: &Actable| match &wanted {
        Some(wanted) => wanted.contains(&row.number),
        None => needs_start(&row.from_regions, row.employee_id, &started),
    };
    let mut chosen: Vec<i64> = actable::rows(&mut q, employer_id, id)
        .await?
        .iter()
        .filter(|row| row.verdict == Verdict::NeedsTransfer && open(row))
        .map(|row| row.number)
        .collect();
    let remaining = chosen.len().saturating_sub(TRANSFERS_MOST) as i64;
    chosen.truncate(TRANSFERS_MOST);
    accept_with(actor, db, id, Some(&chosen), &[Verdict::NeedsTransfer]).await?;
    let chosen: HashSet<i64> = chosen.into_iter().collect();
    let mut needed = Needed {
        remaining,
        ..Needed::default()
    };
    for row in actable::rows(&mut q, employer_id, id).await? {
        if let (true, Some(employee)) = (chosen.contains(&row.number), row.employee_id) {
            needed.transfers.extend(row.from_regions.iter().map(|region| (employee, *region)));
        }
    }
    Ok(needed)
}
