//! The rows of the ledger. Journals and entries are inserted, never updated; accounts carry the sums.

use std::collections::BTreeMap;

use standard::{Insurance, Money, Refusal, RegionCode, Timestamp};
use store::{Args, Query, Row, Tx, args, in_list};
use uuid::Uuid;

use super::{Account, AccountKind, Balance, Entry, Journal, JournalKind};

/// A journal as found by its key.
pub struct StoredJournal {
    /// Its id.
    pub journal_id: Uuid,
    /// The digest of what it was made of.
    pub content_hash: Vec<u8>,
    /// What it does.
    pub kind: String,
}

fn stored(row: &Row) -> Result<StoredJournal, Refusal> {
    Ok(StoredJournal {
        journal_id: row.get("journal_id")?,
        content_hash: row.get("content_hash")?,
        kind: row.get("kind")?,
    })
}

const JOURNAL: &str = "SELECT journal_id, content_hash, kind FROM agency_journal WHERE region = $1";

/// The journal of a posting key.
pub async fn by_key(q: &mut dyn Query, region: RegionCode, key: &str) -> Result<Option<StoredJournal>, Refusal> {
    q.optional(&format!("{JOURNAL} AND posting_key = $2"), args![region, key])
        .await?
        .as_ref()
        .map(stored)
        .transpose()
}

/// The journal of an id.
pub async fn by_id(q: &mut dyn Query, region: RegionCode, id: Uuid) -> Result<Option<StoredJournal>, Refusal> {
    q.optional(&format!("{JOURNAL} AND journal_id = $2"), args![region, id])
        .await?
        .as_ref()
        .map(stored)
        .transpose()
}

/// The journal that ended a reservation.
pub async fn ending_of(q: &mut dyn Query, region: RegionCode, reservation: Uuid) -> Result<Option<StoredJournal>, Refusal> {
    q.optional(&format!("{JOURNAL} AND reservation_id = $2"), args![region, reservation])
        .await?
        .as_ref()
        .map(stored)
        .transpose()
}

/// What is written of a journal beside its entries.
pub struct Head<'a> {
    /// Its id.
    pub journal_id: Uuid,
    /// What it does.
    pub kind: JournalKind,
    /// The digest of what it was made of.
    pub content_hash: [u8; 32],
    /// The reservation it ends.
    pub reservation: Option<Uuid>,
    /// Who made it, as kept in the books.
    pub made_by: &'a str,
    /// When.
    pub made_at: Timestamp,
}

/// The columns of a journal, for one insert or many.
pub const JOURNAL_COLUMNS: [&str; 12] = [
    "region",
    "journal_id",
    "posting_key",
    "content_hash",
    "kind",
    "reason",
    "reservation_id",
    "corrects_id",
    "entry_count",
    "total_fen",
    "made_by",
    "made_at",
];

/// The values of [`JOURNAL_COLUMNS`].
pub fn head_args(journal: &Journal, head: &Head<'_>) -> Result<Args, Refusal> {
    let debits = journal
        .entries
        .iter()
        .map(|entry| entry.amount)
        .filter(|amount| !amount.is_negative());
    let total = Money::sum(debits)?;
    let count = i64::try_from(journal.entries.len()).unwrap_or(i64::MAX);
    Ok(args![
        journal.region,
        head.journal_id,
        journal.posting_key,
        head.content_hash,
        head.kind.key(),
        journal.reason.key(),
        head.reservation,
        journal.corrects,
        count,
        total,
        head.made_by,
        head.made_at,
    ])
}

/// Inserts a journal without its entries.
pub async fn insert_head(tx: &mut Tx, journal: &Journal, head: &Head<'_>) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO agency_journal (region, journal_id, posting_key, content_hash, kind, reason, reservation_id, corrects_id,
             entry_count, total_fen, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        head_args(journal, head)?,
    )
    .await?;
    Ok(())
}

/// The columns of an entry, for one insert or many.
pub const ENTRY_COLUMNS: [&str; 7] = ["region", "journal_id", "line", "insurance", "kind", "person_id", "amount_fen"];

/// The values of [`ENTRY_COLUMNS`].
pub fn entry_args(region: RegionCode, journal_id: Uuid, line: i64, entry: &Entry) -> Args {
    let account = entry.account;
    args![
        region,
        journal_id,
        line,
        account.insurance,
        account.kind.key(),
        account.person_id,
        entry.amount
    ]
}

/// Inserts one entry.
pub async fn insert_entry(tx: &mut Tx, region: RegionCode, journal_id: Uuid, line: i64, entry: &Entry) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO agency_entry (region, journal_id, line, insurance, kind, person_id, amount_fen)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        entry_args(region, journal_id, line, entry),
    )
    .await?;
    Ok(())
}

/// The entries of a journal, in order.
pub async fn entries(q: &mut dyn Query, region: RegionCode, journal_id: Uuid) -> Result<Vec<Entry>, Refusal> {
    let rows = q
        .all(
            "SELECT insurance, kind, person_id, amount_fen FROM agency_entry
             WHERE region = $1 AND journal_id = $2 ORDER BY line",
            args![region, journal_id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Entry {
                account: account_of(row)?,
                amount: row.get::<Money>("amount_fen")?,
            })
        })
        .collect()
}

/// The account a row names.
pub fn account_of(row: &Row) -> Result<Account, Refusal> {
    let kind: String = row.get("kind")?;
    Ok(Account {
        insurance: row.get::<Insurance>("insurance")?,
        kind: AccountKind::parse(&kind).ok_or_else(|| Refusal::internal(format!("unknown kind of account {kind}")))?,
        person_id: row.get("person_id")?,
    })
}

/// The columns of an account, for bulk inserts.
pub const ACCOUNT_COLUMNS: [&str; 6] = ["region", "insurance", "kind", "person_id", "balance_fen", "reserved_fen"];

/// The balances of `accounts` that exist.
pub async fn balances(q: &mut dyn Query, region: RegionCode, accounts: &[Account]) -> Result<BTreeMap<Account, Balance>, Refusal> {
    let mut found = BTreeMap::new();
    for chunk in accounts.chunks(400) {
        let mut persons: Vec<Uuid> = chunk.iter().map(|account| account.person_id).collect();
        persons.sort_unstable();
        persons.dedup();
        let mut args = args![region];
        args.extend(&persons);
        let sql = format!(
            "SELECT insurance, kind, person_id, balance_fen, reserved_fen FROM agency_account
             WHERE region = $1 AND person_id IN {}",
            in_list(persons.len(), 2)
        );
        for row in q.all(&sql, args).await? {
            let balance = Balance {
                balance_fen: row.get("balance_fen")?,
                reserved_fen: row.get("reserved_fen")?,
            };
            found.insert(account_of(&row)?, balance);
        }
    }
    Ok(found)
}

/// Writes the new balance of an account.
pub async fn set_balance(tx: &mut Tx, region: RegionCode, account: &Account, balance: Balance) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO agency_account (region, insurance, kind, person_id, balance_fen, reserved_fen)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (region, person_id, insurance, kind)
         DO UPDATE SET balance_fen = excluded.balance_fen, reserved_fen = excluded.reserved_fen",
        args![
            region,
            account.insurance,
            account.kind.key(),
            account.person_id,
            balance.balance_fen,
            balance.reserved_fen
        ],
    )
    .await?;
    Ok(())
}
