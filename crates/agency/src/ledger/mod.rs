//! The fund's books of a region: accounts, and journals whose entries sum to zero. Two nouns, one
//! invariant. Journals are never edited: a correction is another journal that names the first and
//! says why; money for another region is reserved first, then settled or voided.
//!
//! What is absent: no SQL here. [`decide`] says what a journal does to the accounts it touches.

mod opening;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod verify;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use standard::{Finding, Insurance, Money, RegionCode};
use uuid::Uuid;

pub use opening::{Opening, open_accounts};
pub use service::{balance, entries_of, post, reserve, settle, void};
pub use store::balances;
pub use verify::verify;

/// What an account holds money for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 基金存款, the fund's deposit: what the region has.
    Bank,
    /// 统筹基金, the pooled fund: what the region holds for all.
    Pooled,
    /// 个人账户, a person's own account: what the region holds for one.
    Personal,
    /// 待分配转移资金, money received for a transfer and not yet posted to a person.
    Clearing,
}

impl AccountKind {
    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            AccountKind::Bank => "bank",
            AccountKind::Pooled => "pooled",
            AccountKind::Personal => "personal",
            AccountKind::Clearing => "clearing",
        }
    }

    /// The kind of a stored name.
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Bank, Self::Pooled, Self::Personal, Self::Clearing]
            .into_iter()
            .find(|kind| kind.key() == key)
    }

    /// Whether a debit (a positive entry) makes the balance larger. The deposit is what the region has;
    /// every other account is what it owes.
    fn grows_by_debit(self) -> bool {
        self == AccountKind::Bank
    }
}

/// One account of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// The insurance whose fund it belongs to; funds are never mixed.
    pub insurance: Insurance,
    /// What it holds money for.
    pub kind: AccountKind,
    /// The person of a personal account; nil otherwise.
    pub person_id: Uuid,
}

impl Account {
    /// A fund account.
    pub fn fund(insurance: Insurance, kind: AccountKind) -> Self {
        Self {
            insurance,
            kind,
            person_id: Uuid::nil(),
        }
    }

    /// The personal account of `person_id`.
    pub fn personal(insurance: Insurance, person_id: Uuid) -> Self {
        Self {
            insurance,
            kind: AccountKind::Personal,
            person_id,
        }
    }
}

/// What stands in an account, both in its natural sign (more is more).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The posted balance in fen.
    pub balance_fen: i64,
    /// The part of it set aside by reservations, in fen; never above the balance.
    pub reserved_fen: i64,
}

impl Balance {
    /// What may still be spent or reserved, in fen.
    pub fn available_fen(self) -> i64 {
        self.balance_fen - self.reserved_fen
    }
}

/// One line of a journal: a positive amount is a debit, a negative one a credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The account touched.
    pub account: Account,
    /// The amount in fen, debit positive.
    pub amount: Money,
}

impl Entry {
    /// An entry that makes the balance of `account` larger by `amount`.
    pub fn increase(account: Account, amount: Money) -> Self {
        let sign = if account.kind.grows_by_debit() { 1 } else { -1 };
        Self {
            account,
            amount: Money::from_fen(sign * amount.fen()),
        }
    }

    /// An entry that makes the balance of `account` smaller by `amount`.
    pub fn decrease(account: Account, amount: Money) -> Self {
        let up = Self::increase(account, amount);
        Self {
            account,
            amount: Money::from_fen(-up.amount.fen()),
        }
    }

    /// By how much the balance changes in its natural sign, in fen.
    pub fn change_fen(&self) -> i64 {
        if self.account.kind.grows_by_debit() {
            self.amount.fen()
        } else {
            -self.amount.fen()
        }
    }
}

/// Why a journal was made; coded, because an auditor counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Balances of relations loaded from an older system.
    OpeningBalance,
    /// 记账利息 credited to a personal account.
    Interest,
    /// Money of a transfer arrived from the old region (到账登记).
    TransferReceived,
    /// Money of a transfer posted to the person and the pooled fund (转移登账).
    TransferIn,
    /// Money of a transfer leaving for the new region (转出).
    TransferOut,
    /// Money of a transfer given back because the new region refused it.
    TransferRefused,
    /// A recalculation found another amount than the books held.
    Recalculated,
    /// An error of an earlier journal put right.
    ErrorCorrected,
}

impl Reason {
    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Reason::OpeningBalance => "opening_balance",
            Reason::Interest => "interest",
            Reason::TransferReceived => "transfer_received",
            Reason::TransferIn => "transfer_in",
            Reason::TransferOut => "transfer_out",
            Reason::TransferRefused => "transfer_refused",
            Reason::Recalculated => "recalculated",
            Reason::ErrorCorrected => "error_corrected",
        }
    }
}

/// What a journal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalKind {
    /// Moves balances.
    Post,
    /// Sets money aside; balances stay.
    Reserve,
    /// Moves what an earlier journal reserved.
    Settle,
    /// Gives back what an earlier journal reserved.
    Void,
}

impl JournalKind {
    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            JournalKind::Post => "post",
            JournalKind::Reserve => "reserve",
            JournalKind::Settle => "settle",
            JournalKind::Void => "void",
        }
    }
}

/// A journal as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// The region whose books it is written in.
    pub region: RegionCode,
    /// The caller's key: the same key with the same content is the same journal.
    pub posting_key: String,
    /// Why.
    pub reason: Reason,
    /// The lines; they sum to zero within each insurance.
    pub entries: Vec<Entry>,
    /// The journal this one puts right, if it is a correction.
    pub corrects: Option<Uuid>,
}

/// What became of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Posted {
    /// The journal.
    pub journal_id: Uuid,
    /// Whether it had been made before under the same key; then nothing changed now.
    pub repeated: bool,
}

/// The form of `journal`, checked in this order: `posting_key_missing`, `journal_empty`, `entry_zero`,
/// `entry_account_repeated`, `amount_out_of_range`, `journal_unbalanced`, `correction_without_reason`.
pub fn check_form(journal: &Journal) -> Result<(), Finding> {
    if journal.posting_key.trim().is_empty() || journal.posting_key.len() > 200 {
        return Err(finding(
            "posting_key_missing",
            "记账必须带幂等键（1–200 字符）。",
            "A journal needs a posting key of 1–200 characters.",
        ));
    }
    if journal.entries.is_empty() {
        return Err(finding("journal_empty", "分录为空，没有可记的账。", "The journal has no entries."));
    }
    if journal.entries.iter().any(|entry| entry.amount == Money::ZERO) {
        return Err(finding("entry_zero", "分录金额不能为零。", "An entry of zero moves nothing."));
    }
    let mut sums: BTreeMap<Insurance, i128> = BTreeMap::new();
    let mut seen = std::collections::HashSet::with_capacity(journal.entries.len());
    for entry in &journal.entries {
        if !seen.insert(entry.account) {
            return Err(finding(
                "entry_account_repeated",
                "同一账户在一张凭证中只能出现一次。",
                "An account may stand in a journal once.",
            ));
        }
        if entry.amount.fen().unsigned_abs() > AMOUNT_FEN_MAX.unsigned_abs() {
            return Err(finding(
                "amount_out_of_range",
                "分录金额超出允许范围。",
                "The amount of an entry is out of range.",
            ));
        }
        *sums.entry(entry.account.insurance).or_default() += i128::from(entry.amount.fen());
    }
    if sums.values().any(|sum| *sum != 0) {
        return Err(finding(
            "journal_unbalanced",
            "借贷不平：每个险种的分录之和必须为零。",
            "Debits and credits of each insurance must sum to zero.",
        ));
    }
    let is_correction = matches!(journal.reason, Reason::Recalculated | Reason::ErrorCorrected);
    if journal.corrects.is_some() && !is_correction {
        return Err(finding(
            "correction_without_reason",
            "更正凭证必须注明更正原因（重算或差错更正）。",
            "A journal that corrects another must say why (recalculated or error_corrected).",
        ));
    }
    Ok(())
}

/// The largest entry in fen: a hundred million million yuan, more than all funds of the country hold.
pub const AMOUNT_FEN_MAX: i64 = 10_000_000_000_000_000;

/// The new balances of the accounts a journal touches. `before` holds every account that exists; a
/// missing one stands at zero. Refuses, in this order, `amount_out_of_range`, `personal_account_overdrawn` and
/// `fund_account_overdrawn`; for settle and void the reservation's own entries must be passed.
pub fn decide(kind: JournalKind, entries: &[Entry], before: &BTreeMap<Account, Balance>) -> Result<Vec<(Account, Balance)>, Finding> {
    let mut after = Vec::with_capacity(entries.len());
    for entry in entries {
        let old = before.get(&entry.account).copied().unwrap_or_default();
        let new = changed(kind, entry, old).ok_or_else(|| {
            finding(
                "amount_out_of_range",
                "记账后余额超出允许范围。",
                "The balance after the journal would be out of range.",
            )
        })?;
        after.push((entry.account, new));
    }
    let overdrawn = |new: &Balance| new.available_fen() < 0;
    if after
        .iter()
        .any(|(account, new)| account.kind == AccountKind::Personal && overdrawn(new))
    {
        return Err(finding(
            "personal_account_overdrawn",
            "个人账户可用余额不足。请先核对个人账户和已预留金额。",
            "The personal account has too little available. Check the account and what is already reserved.",
        ));
    }
    if after.iter().any(|(_, new)| overdrawn(new)) {
        return Err(finding(
            "fund_account_overdrawn",
            "基金账户可用余额不足。请先补足资金或核对预留金额。",
            "The fund account has too little available. Fund it or check what is reserved.",
        ));
    }
    Ok(after)
}

/// The balance after one entry; `None` when it does not fit the books' numbers.
fn changed(kind: JournalKind, entry: &Entry, old: Balance) -> Option<Balance> {
    let change_fen = entry.change_fen();
    let outflow_fen = (-change_fen).max(0);
    let moved = |balance_fen: i64| balance_fen.checked_add(change_fen);
    Some(match kind {
        JournalKind::Post => Balance {
            balance_fen: moved(old.balance_fen)?,
            ..old
        },
        JournalKind::Reserve => Balance {
            reserved_fen: old.reserved_fen.checked_add(outflow_fen)?,
            ..old
        },
        JournalKind::Settle => Balance {
            balance_fen: moved(old.balance_fen)?,
            reserved_fen: old.reserved_fen - outflow_fen,
        },
        JournalKind::Void => Balance {
            reserved_fen: old.reserved_fen - outflow_fen,
            ..old
        },
    })
}

/// The entries that undo `entries`.
pub fn reversed(entries: &[Entry]) -> Vec<Entry> {
    entries
        .iter()
        .map(|entry| Entry {
            account: entry.account,
            amount: Money::from_fen(-entry.amount.fen()),
        })
        .collect()
}

fn finding(rule: &str, zh: &str, en: &str) -> Finding {
    Finding::blocking(rule, zh, en)
}
