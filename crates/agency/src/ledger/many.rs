//! Posting many journals at once, or one with many entries: a few statements, however many there are.

use std::collections::{BTreeMap, HashMap};

use control::identity::Actor;
use standard::{Finding, Refusal, RegionCode, Timestamp};
use store::{Query, Tx, args};
use uuid::Uuid;

use super::service::{conflict, digest, lock_name, require_own_books, reused};
use super::store as rows;
use super::{Account, AccountKind, Journal, JournalKind, Posted, check_form};

/// Keys or accounts of one statement; below the databases' limits on arguments.
const CHUNK: usize = 400;

/// Posts `journals` of one region, each under its own key, all or none. A key used before with the same content is a
/// repeat and moves nothing. Refuses as [`super::post`] does; whether an account would be overdrawn is judged by what
/// all of them together leave.
pub async fn post_many(tx: &mut Tx, actor: &Actor, region: RegionCode, journals: &[Journal]) -> Result<Vec<Posted>, Refusal> {
    require_own_books(actor, region)?;
    let mut hashes = Vec::with_capacity(journals.len());
    for journal in journals {
        if journal.region != region || journal.corrects.is_some() {
            return Err(Refusal::internal("a batch of journals is of one region and corrects nothing"));
        }
        check_form(journal)?;
        hashes.push(digest(JournalKind::Post, journal, None));
    }
    tx.lock(&lock_name(region)).await?;
    let known = known(tx, region, journals).await?;
    let mut posted = Vec::with_capacity(journals.len());
    let mut fresh = Vec::new();
    for (journal, hash) in journals.iter().zip(hashes) {
        match known.get(&journal.posting_key) {
            Some((_, content)) if *content != hash => return Err(reused()),
            Some((journal_id, _)) => posted.push(Posted {
                journal_id: *journal_id,
                repeated: true,
            }),
            None => {
                let journal_id = Uuid::now_v7();
                fresh.push((journal, journal_id, hash));
                posted.push(Posted {
                    journal_id,
                    repeated: false,
                });
            }
        }
    }
    if !fresh.is_empty() {
        write(tx, actor, region, &fresh).await?;
    }
    Ok(posted)
}

type Fresh<'a> = (&'a Journal, Uuid, [u8; 32]);

async fn write(tx: &mut Tx, actor: &Actor, region: RegionCode, fresh: &[Fresh<'_>]) -> Result<(), Refusal> {
    let made_by = actor.user_id.to_string();
    let made_at = Timestamp::now();
    let mut heads = tx.bulk("agency_journal", &rows::JOURNAL_COLUMNS).await?;
    for (journal, journal_id, content_hash) in fresh {
        let head = rows::Head {
            journal_id: *journal_id,
            kind: JournalKind::Post,
            content_hash: *content_hash,
            reservation: None,
            made_by: &made_by,
            made_at,
        };
        heads.push(rows::head_args(journal, &head)?).await?;
    }
    heads.finish().await?;
    let mut entries = tx.bulk("agency_entry", &rows::ENTRY_COLUMNS).await?;
    for (journal, journal_id, _) in fresh {
        for (line, entry) in (1_i64..).zip(&journal.entries) {
            entries.push(rows::entry_args(region, *journal_id, line, entry)).await?;
        }
    }
    entries.finish().await?;
    let mut changes: BTreeMap<Account, i64> = BTreeMap::new();
    for entry in fresh.iter().flat_map(|(journal, ..)| &journal.entries) {
        let sum = changes.entry(entry.account).or_default();
        *sum = sum.checked_add(entry.change_fen()).ok_or_else(|| conflict(super::out_of_range()))?;
    }
    let changes: Vec<(Account, i64)> = changes.into_iter().filter(|(_, fen)| *fen != 0).collect();
    for chunk in changes.chunks(CHUNK) {
        change_balances(tx, region, chunk).await?;
    }
    Ok(())
}

/// The journals that already stand under one of the keys.
async fn known(tx: &mut Tx, region: RegionCode, journals: &[Journal]) -> Result<HashMap<String, (Uuid, Vec<u8>)>, Refusal> {
    let mut known = HashMap::new();
    for chunk in journals.chunks(CHUNK) {
        let mut args = args![region];
        args.extend(chunk.iter().map(|journal| journal.posting_key.as_str()));
        // Key by key through the index: a list after IN is compared with every journal of the region while PostgreSQL has not
        // counted a young table.
        let keys: Vec<String> = (2..).take(chunk.len()).map(|n| format!("(${n})")).collect();
        let sql = format!(
            "SELECT j.posting_key, j.journal_id, j.content_hash FROM (VALUES {}) k CROSS JOIN agency_journal j
             WHERE j.region = $1 AND j.posting_key = k.column1",
            keys.join(", ")
        );
        for row in tx.all(&sql, args).await? {
            known.insert(row.get("posting_key")?, (row.get("journal_id")?, row.get("content_hash")?));
        }
    }
    Ok(known)
}

/// Adds to balances, making accounts that are not there, and refuses when one ends with less than it may.
async fn change_balances(tx: &mut Tx, region: RegionCode, changes: &[(Account, i64)]) -> Result<(), Refusal> {
    let mut args = args![region];
    let mut places = Vec::with_capacity(changes.len());
    for (number, (account, fen)) in changes.iter().enumerate() {
        let first = number * 4 + 2;
        places.push(format!("($1, ${}, ${}, ${}, ${}, 0)", first, first + 1, first + 2, first + 3));
        args.push(account.insurance);
        args.push(account.kind.key());
        args.push(account.person_id);
        args.push(*fen);
    }
    let sql = format!(
        "INSERT INTO agency_account (region, insurance, kind, person_id, balance_fen, reserved_fen) VALUES {}
         ON CONFLICT (region, person_id, insurance, kind)
         DO UPDATE SET balance_fen = agency_account.balance_fen + excluded.balance_fen
         RETURNING kind, balance_fen, reserved_fen",
        places.join(", ")
    );
    for row in tx.all(&sql, args).await? {
        let available: i64 = row.get::<i64>("balance_fen")? - row.get::<i64>("reserved_fen")?;
        if available < 0 {
            return Err(conflict(overdrawn(&row.get::<String>("kind")?)));
        }
    }
    Ok(())
}

fn overdrawn(kind: &str) -> Finding {
    super::overdrawn(kind == AccountKind::Personal.key())
}
