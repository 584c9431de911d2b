//! Opening balances of relations brought from an older system: one balanced journal for a whole batch.

use std::collections::BTreeMap;

use control::identity::Actor;
use standard::{Insurance, Money, Refusal, RegionCode, Timestamp};
use store::{Tx, args};
use uuid::Uuid;

use super::service::{digest, lock_name, repeated, require_own_books};
use super::store::{self as rows, Head};
use super::{Account, AccountKind, Balance, Entry, Journal, JournalKind, Posted, Reason, check_form, decide};

/// What a batch opens.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// The region.
    pub region: RegionCode,
    /// The insurance.
    pub insurance: Insurance,
    /// The batch's key.
    pub posting_key: String,
    /// Persons without an account yet, and what they bring, above zero; in ascending order of person.
    pub opened: &'a [(Uuid, Money)],
    /// Persons who have an account, and what is added, above zero.
    pub raised: &'a [(Uuid, Money)],
    /// What is added to the pooled fund for all of them.
    pub pooled: Money,
}

/// Writes the journal and the balances; the deposit grows by what is owed to persons and pool. `None` when
/// there is nothing to open.
pub async fn open_accounts(tx: &mut Tx, actor: &Actor, opening: &Opening<'_>) -> Result<Option<Posted>, Refusal> {
    require_own_books(actor, opening.region)?;
    tx.lock(&lock_name(opening.region)).await?;
    let journal = journal(opening)?;
    if journal.entries.is_empty() {
        return Ok(None);
    }
    check_form(&journal)?;
    let content_hash = digest(JournalKind::Post, &journal, None);
    if let Some(first) = repeated(tx, opening.region, &journal.posting_key, &content_hash).await? {
        return Ok(Some(first));
    }
    let journal_id = Uuid::now_v7();
    let made_by = actor.user_id.to_string();
    let head = Head {
        journal_id,
        kind: JournalKind::Post,
        content_hash,
        reservation: None,
        made_by: &made_by,
        made_at: Timestamp::now(),
    };
    rows::insert_head(tx, &journal, &head).await?;
    let mut sink = tx.bulk("agency_entry", &rows::ENTRY_COLUMNS).await?;
    for (line, entry) in (1_i64..).zip(&journal.entries) {
        sink.push(rows::entry_args(opening.region, journal_id, line, entry)).await?;
    }
    sink.finish().await?;
    write_balances(tx, opening, &journal).await?;
    Ok(Some(Posted {
        journal_id,
        repeated: false,
    }))
}

fn journal(opening: &Opening<'_>) -> Result<Journal, Refusal> {
    let insurance = opening.insurance;
    let persons = || opening.opened.iter().chain(opening.raised);
    let owed = Money::sum(persons().map(|(_, amount)| *amount).chain([opening.pooled]))?;
    let mut entries: Vec<Entry> = persons()
        .map(|(person, amount)| Entry::increase(Account::personal(insurance, *person), *amount))
        .collect();
    for (kind, amount) in [(AccountKind::Pooled, opening.pooled), (AccountKind::Bank, owed)] {
        if !amount.is_zero() {
            entries.push(Entry::increase(Account::fund(insurance, kind), amount));
        }
    }
    Ok(Journal {
        region: opening.region,
        posting_key: opening.posting_key.clone(),
        reason: Reason::OpeningBalance,
        entries,
        corrects: None,
    })
}

async fn write_balances(tx: &mut Tx, opening: &Opening<'_>, journal: &Journal) -> Result<(), Refusal> {
    let mut sink = tx.bulk("agency_account", &rows::ACCOUNT_COLUMNS).await?;
    for (person, amount) in opening.opened {
        let kind = AccountKind::Personal.key();
        sink.push(args![opening.region, opening.insurance, kind, *person, *amount, 0_i64])
            .await?;
    }
    sink.finish().await?;
    // The journal holds the opened persons first; what follows changes accounts that may exist.
    let rest = &journal.entries[opening.opened.len()..];
    for chunk in rest.chunks(400) {
        let accounts: Vec<Account> = chunk.iter().map(|entry| entry.account).collect();
        let before: BTreeMap<Account, Balance> = rows::balances(tx, opening.region, &accounts).await?;
        for entry in chunk {
            for (account, balance) in decide(JournalKind::Post, std::slice::from_ref(entry), &before)? {
                rows::set_balance(tx, opening.region, &account, balance).await?;
            }
        }
    }
    Ok(())
}
