//! The fund's books of a region: accounts, and journals whose entries sum to zero. Two nouns, one
//! invariant. Journals are never edited: a correction is another journal that names the first and
//! says why; money for another region is reserved first, then settled or voided.
//!
//! What is absent: no SQL here. [`decide`] says what a journal does to the accounts it touches.

mod account;
mod many;
mod opening;
mod reason;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod verify;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use standard::{Finding, Insurance, Money, RegionCode};
use uuid::Uuid;

pub use account::{Account, AccountKind, SUSPENSE_FUND};
pub use many::post_many;
pub use opening::{Opening, open_accounts};
pub use reason::Reason;
pub use service::{balance, entries_of, post, reserve, settle, void};
pub use store::balances;
pub use verify::verify;

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
        let new = changed(kind, entry, old).ok_or_else(out_of_range)?;
        after.push((entry.account, new));
    }
    let overdrawn_by = |new: &Balance| new.available_fen() < 0;
    if after
        .iter()
        .any(|(account, new)| account.kind == AccountKind::Personal && overdrawn_by(new))
    {
        return Err(overdrawn(true));
    }
    if after.iter().any(|(_, new)| overdrawn_by(new)) {
        return Err(overdrawn(false));
    }
    Ok(after)
}

fn out_of_range() -> Finding {
    finding(
        "amount_out_of_range",
        "记账后余额超出允许范围。",
        "The balance after the journal would be out of range.",
    )
}

fn overdrawn(personal: bool) -> Finding {
    if personal {
        return finding(
            "personal_account_overdrawn",
            "个人账户可用余额不足。请先核对个人账户和已预留金额。",
            "The personal account has too little available. Check the account and what is already reserved.",
        );
    }
    finding(
        "fund_account_overdrawn",
        "基金账户可用余额不足。请先补足资金或核对预留金额。",
        "The fund account has too little available. Fund it or check what is reserved.",
    )
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
