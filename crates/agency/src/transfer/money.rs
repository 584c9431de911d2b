//! The money of a transfer in the books of each region; every act has its posting key, so repeating one moves nothing.

use ::store::{Query, Tx};
use control::identity::Actor;
use policy::account::Stretch;
use policy::transfer::TransferMoney;
use standard::{Finding, Insurance, Money, Refusal};
use uuid::Uuid;

use super::Docket;
use crate::account::Valuation;
use crate::contribution::{self, Stretch as Recorded};
use crate::enrolment::Relation;
use crate::ledger::{self, Account, AccountKind, Entry, Journal, Reason};

/// The history that moves, what it is worth this month, and what the personal account holds.
pub struct Worth {
    /// The history, oldest first.
    pub history: Vec<Recorded>,
    /// ①–⑥; an error where the history cannot be counted (a month twice).
    pub money: Result<TransferMoney, Finding>,
    /// The balance of the personal account, fen.
    pub balance_fen: i64,
}

impl Worth {
    /// What the account holds beyond what the history is worth, fen; zero when it cannot be counted.
    pub fn surplus_fen(&self) -> i64 {
        self.money
            .as_ref()
            .map_or(0, |money| (self.balance_fen - money.account.fen()).max(0))
    }
}

/// Asks the books what `relation` is worth.
pub async fn worth(q: &mut dyn Query, relation: &Relation, at: Valuation<'_>) -> Result<Worth, Refusal> {
    let history = contribution::history(q, relation.person_id, relation.region, relation.insurance).await?;
    let stretches: Vec<Stretch> = history
        .iter()
        .map(|s| Stretch {
            from: s.from,
            to: s.to,
            base: s.base,
        })
        .collect();
    let money = at.money(&stretches, relation.before_1998);
    let personal = Account::personal(relation.insurance, relation.person_id.0);
    let balance_fen = ledger::balance(q, relation.region, personal).await?.balance_fen;
    Ok(Worth {
        history,
        money,
        balance_fen,
    })
}

/// Old region: credits the interest the account has earned since its last posting, then sets ④ and ⑤ aside.
/// `None` when nothing is worth moving.
pub async fn reserve(tx: &mut Tx, actor: &Actor, docket: &Docket, worth: &Worth, money: &TransferMoney) -> Result<Option<Uuid>, Refusal> {
    let personal = Account::personal(docket.insurance, docket.person_id.0);
    let bank = Account::fund(docket.insurance, AccountKind::Bank);
    let interest = Money::from_fen(money.account.fen() - worth.balance_fen);
    if interest.fen() > 0 {
        let entries = vec![Entry::increase(personal, interest), Entry::increase(bank, interest)];
        ledger::post(tx, actor, &journal(docket, "interest", Reason::Interest, entries)).await?;
    }
    let entries = entries(&[
        (personal, money.account, false),
        (Account::fund(docket.insurance, AccountKind::Pooled), money.pooled, false),
        (bank, money.total, false),
    ]);
    if entries.is_empty() {
        return Ok(None);
    }
    let posted = ledger::reserve(tx, actor, &journal(docket, "reserve", Reason::TransferOut, entries)).await?;
    Ok(Some(posted.journal_id))
}

/// Old region: the money has left for good.
pub async fn settle(tx: &mut Tx, actor: &Actor, docket: &Docket) -> Result<(), Refusal> {
    let Some(reservation) = docket.reservation_id else { return Ok(()) };
    ledger::settle(tx, actor, docket.region, reservation, &docket.posting_key("settle"))
        .await
        .map(drop)
}

/// Old region: the new region would not have it.
pub async fn void(tx: &mut Tx, actor: &Actor, docket: &Docket) -> Result<(), Refusal> {
    let Some(reservation) = docket.reservation_id else { return Ok(()) };
    ledger::void(
        tx,
        actor,
        docket.region,
        reservation,
        &docket.posting_key("void"),
        Reason::TransferRefused,
    )
    .await
    .map(drop)
}

/// New region: the money is on the fund's deposit, not yet anybody's (到账登记).
pub async fn receive(tx: &mut Tx, actor: &Actor, docket: &Docket) -> Result<(), Refusal> {
    let entries = entries(&[
        (deposit(docket.insurance), docket.amount, true),
        (clearing(docket.insurance), docket.amount, true),
    ]);
    post(tx, actor, docket, "receive", Reason::TransferReceived, entries).await
}

/// New region: the money becomes the person's and the pool's (转移登账).
pub async fn allocate(tx: &mut Tx, actor: &Actor, docket: &Docket, account: Money, pooled: Money) -> Result<(), Refusal> {
    let entries = entries(&[
        (clearing(docket.insurance), docket.amount, false),
        (Account::personal(docket.insurance, docket.person_id.0), account, true),
        (Account::fund(docket.insurance, AccountKind::Pooled), pooled, true),
    ]);
    post(tx, actor, docket, "allocate", Reason::TransferIn, entries).await
}

/// New region: the money goes back, because the form is not accepted.
pub async fn give_back(tx: &mut Tx, actor: &Actor, docket: &Docket) -> Result<(), Refusal> {
    let entries = entries(&[
        (deposit(docket.insurance), docket.amount, false),
        (clearing(docket.insurance), docket.amount, false),
    ]);
    post(tx, actor, docket, "give-back", Reason::TransferRefused, entries).await
}

fn deposit(insurance: Insurance) -> Account {
    Account::fund(insurance, AccountKind::Bank)
}

fn clearing(insurance: Insurance) -> Account {
    Account::fund(insurance, AccountKind::Clearing)
}

fn entries(moves: &[(Account, Money, bool)]) -> Vec<Entry> {
    moves
        .iter()
        .filter(|(_, amount, _)| !amount.is_zero())
        .map(|(account, amount, up)| {
            if *up {
                Entry::increase(*account, *amount)
            } else {
                Entry::decrease(*account, *amount)
            }
        })
        .collect()
}

async fn post(tx: &mut Tx, actor: &Actor, docket: &Docket, act: &str, reason: Reason, entries: Vec<Entry>) -> Result<(), Refusal> {
    if entries.is_empty() {
        return Ok(());
    }
    ledger::post(tx, actor, &journal(docket, act, reason, entries)).await.map(drop)
}

fn journal(docket: &Docket, act: &str, reason: Reason, entries: Vec<Entry>) -> Journal {
    Journal {
        region: docket.region,
        posting_key: docket.posting_key(act),
        reason,
        entries,
        corrects: None,
    }
}
