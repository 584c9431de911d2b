//! Writing the books: post, reserve, settle, void. Each joins the caller's transaction, and each may be
//! repeated with the same key and content: the first answer comes back and nothing moves again.

use std::collections::BTreeMap;

use control::identity::Actor;
use standard::sm::sm3;
use standard::{Finding, Organisation, Refusal, RegionCode, Timestamp};
use store::{Query, Tx};
use uuid::Uuid;

use super::store::{self as rows, Head};
use super::{Account, Balance, Entry, Journal, JournalKind, Posted, Reason, check_form, decide};

/// Posts `journal`: balances move. Refuses what [`check_form`] and [`decide`] refuse, `posting_key_reused`
/// and `corrected_journal_not_found`.
pub async fn post(tx: &mut Tx, actor: &Actor, journal: &Journal) -> Result<Posted, Refusal> {
    write(tx, actor, JournalKind::Post, journal).await
}

/// Reserves what leaves the accounts of `journal`: balances stay, available amounts shrink.
pub async fn reserve(tx: &mut Tx, actor: &Actor, journal: &Journal) -> Result<Posted, Refusal> {
    write(tx, actor, JournalKind::Reserve, journal).await
}

/// Moves what `reservation` set aside. Refuses `reservation_not_found` and `reservation_already_voided`;
/// a second settling with the same key is the first.
pub async fn settle(tx: &mut Tx, actor: &Actor, region: RegionCode, reservation: Uuid, key: &str) -> Result<Posted, Refusal> {
    end(tx, actor, JournalKind::Settle, region, reservation, key, Reason::TransferOut).await
}

/// Gives back what `reservation` set aside, for `reason`. Refuses `reservation_not_found` and
/// `reservation_already_settled`.
pub async fn void(tx: &mut Tx, actor: &Actor, region: RegionCode, reservation: Uuid, key: &str, reason: Reason) -> Result<Posted, Refusal> {
    end(tx, actor, JournalKind::Void, region, reservation, key, reason).await
}

/// The balance of an account; zero when it does not exist.
pub async fn balance(q: &mut dyn Query, region: RegionCode, account: Account) -> Result<Balance, Refusal> {
    Ok(rows::balances(q, region, &[account])
        .await?
        .get(&account)
        .copied()
        .unwrap_or_default())
}

/// The entries of a journal.
pub async fn entries_of(q: &mut dyn Query, region: RegionCode, journal_id: Uuid) -> Result<Vec<Entry>, Refusal> {
    rows::entries(q, region, journal_id).await
}

async fn write(tx: &mut Tx, actor: &Actor, kind: JournalKind, journal: &Journal) -> Result<Posted, Refusal> {
    require_own_books(actor, journal.region)?;
    check_form(journal)?;
    tx.lock(&lock_name(journal.region)).await?;
    let content_hash = digest(kind, journal, None);
    if let Some(first) = repeated(tx, journal.region, &journal.posting_key, &content_hash).await? {
        return Ok(first);
    }
    if let Some(corrected) = journal.corrects {
        rows::by_id(tx, journal.region, corrected).await?.ok_or_else(|| {
            Refusal::not_found(
                "corrected_journal_not_found",
                "找不到被更正的凭证。",
                "The journal to be corrected does not exist.",
            )
        })?;
    }
    let changes = changes(tx, kind, journal.region, &journal.entries).await?;
    let head = Head {
        journal_id: Uuid::now_v7(),
        kind,
        content_hash,
        reservation: None,
        made_by: &actor.user_id.to_string(),
        made_at: Timestamp::now(),
    };
    insert(tx, journal, &head, &changes).await
}

async fn end(
    tx: &mut Tx,
    actor: &Actor,
    kind: JournalKind,
    region: RegionCode,
    reservation: Uuid,
    key: &str,
    reason: Reason,
) -> Result<Posted, Refusal> {
    require_own_books(actor, region)?;
    tx.lock(&lock_name(region)).await?;
    let entries = rows::entries(tx, region, reservation).await?;
    let journal = Journal {
        region,
        posting_key: key.to_owned(),
        reason,
        entries,
        corrects: None,
    };
    let content_hash = digest(kind, &journal, Some(reservation));
    if let Some(first) = repeated(tx, region, key, &content_hash).await? {
        return Ok(first);
    }
    let reserved = rows::by_id(tx, region, reservation).await?;
    if reserved.is_none_or(|found| found.kind != JournalKind::Reserve.key()) {
        return Err(Refusal::not_found(
            "reservation_not_found",
            "找不到该笔预留。",
            "There is no such reservation.",
        ));
    }
    if let Some(ended) = rows::ending_of(tx, region, reservation).await? {
        return Err(already_ended(&ended.kind));
    }
    let changes = changes(tx, kind, region, &journal.entries).await?;
    let head = Head {
        journal_id: Uuid::now_v7(),
        kind,
        content_hash,
        reservation: Some(reservation),
        made_by: &actor.user_id.to_string(),
        made_at: Timestamp::now(),
    };
    insert(tx, &journal, &head, &changes).await
}

pub(super) fn require_own_books(actor: &Actor, region: RegionCode) -> Result<(), Refusal> {
    if actor.organisation == Organisation::Agency(region) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "ledger_not_own_region",
        "只能记本经办机构的账。",
        "An agency writes its own books only.",
    ))
}

/// One writer per region at a time: the fund accounts are in nearly every journal.
pub(super) fn lock_name(region: RegionCode) -> String {
    format!("ledger:{region}")
}

pub(super) async fn repeated(tx: &mut Tx, region: RegionCode, key: &str, content: &[u8; 32]) -> Result<Option<Posted>, Refusal> {
    match rows::by_key(tx, region, key).await? {
        None => Ok(None),
        Some(first) if first.content_hash == content => Ok(Some(Posted {
            journal_id: first.journal_id,
            repeated: true,
        })),
        Some(_) => Err(reused()),
    }
}

pub(super) fn reused() -> Refusal {
    Refusal::conflict(
        "posting_key_reused",
        "该幂等键已用于另一笔内容不同的账。请核对后换键重记。",
        "This posting key was used for a journal of other content. Check it and use a new key.",
    )
}

async fn changes(tx: &mut Tx, kind: JournalKind, region: RegionCode, entries: &[Entry]) -> Result<Vec<(Account, Balance)>, Refusal> {
    let accounts: Vec<Account> = entries.iter().map(|entry| entry.account).collect();
    let before: BTreeMap<Account, Balance> = rows::balances(tx, region, &accounts).await?;
    decide(kind, entries, &before).map_err(conflict)
}

async fn insert(tx: &mut Tx, journal: &Journal, head: &Head<'_>, changes: &[(Account, Balance)]) -> Result<Posted, Refusal> {
    rows::insert_head(tx, journal, head).await?;
    for (line, entry) in (1..).zip(&journal.entries) {
        rows::insert_entry(tx, journal.region, head.journal_id, line, entry).await?;
    }
    for (account, balance) in changes {
        rows::set_balance(tx, journal.region, account, *balance).await?;
    }
    Ok(Posted {
        journal_id: head.journal_id,
        repeated: false,
    })
}

pub(super) fn conflict(finding: Finding) -> Refusal {
    let mut refusal = Refusal::conflict(finding.rule.clone(), "", "");
    refusal.findings = vec![finding];
    refusal
}

fn already_ended(kind: &str) -> Refusal {
    if kind == JournalKind::Settle.key() {
        Refusal::conflict(
            "reservation_already_settled",
            "该笔预留已经划转，不能再处理。",
            "The reservation has been settled.",
        )
    } else {
        Refusal::conflict(
            "reservation_already_voided",
            "该笔预留已经撤销，不能再处理。",
            "The reservation has been voided.",
        )
    }
}

/// The digest of what a journal does, whatever the order of its entries.
pub(super) fn digest(kind: JournalKind, journal: &Journal, reservation: Option<Uuid>) -> [u8; 32] {
    let mut entries: Vec<&Entry> = journal.entries.iter().collect();
    entries.sort_unstable_by_key(|entry| entry.account);
    let mut text = format!(
        "{}|{}|{}|{:?}|{:?}",
        kind.key(),
        journal.region,
        journal.reason.key(),
        journal.corrects,
        reservation
    );
    for Entry { account, amount } in entries {
        text.push_str(&format!(
            "|{}:{}:{}:{}",
            account.insurance.code(),
            account.kind.key(),
            account.person_id,
            amount.fen()
        ));
    }
    sm3(text.as_bytes())
}
