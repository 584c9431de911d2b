//! The books under random hands: whatever is asked, in whatever order, twice, or broken off, they balance.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use ::store::{Db, Tx, both};
use control::identity::Actor;
use proptest::prelude::*;
use standard::{Insurance, Money, Organisation, Refusal, RegionCode};
use uuid::Uuid;

use super::*;

const PENSION: Insurance = Insurance::Pension;

fn region(code: u32) -> RegionCode {
    RegionCode::new(code).unwrap()
}

fn clerk(region: RegionCode) -> Actor {
    Actor::system(Organisation::Agency(region))
}

fn person(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1)
}

fn fen(amount: i64) -> Money {
    Money::from_fen(amount)
}

fn bank() -> Account {
    Account::fund(PENSION, AccountKind::Bank)
}

fn pooled() -> Account {
    Account::fund(PENSION, AccountKind::Pooled)
}

fn personal(number: u64) -> Account {
    Account::personal(PENSION, person(number))
}

fn journal(region: RegionCode, key: &str, reason: Reason, entries: Vec<Entry>) -> Journal {
    Journal {
        region,
        posting_key: key.into(),
        reason,
        entries,
        corrects: None,
    }
}

fn credit(region: RegionCode, key: &str, who: u64, amount: i64) -> Journal {
    let entries = vec![Entry::increase(bank(), fen(amount)), Entry::increase(personal(who), fen(amount))];
    journal(region, key, Reason::OpeningBalance, entries)
}

fn leave(region: RegionCode, key: &str, who: u64, amount: i64) -> Journal {
    let entries = vec![Entry::decrease(bank(), fen(amount)), Entry::decrease(personal(who), fen(amount))];
    journal(region, key, Reason::TransferOut, entries)
}

#[test]
fn a_badly_formed_journal_is_refused_by_name() {
    let here = region(430_100);
    let check = |change: fn(&mut Journal), expected: Option<&str>| {
        let mut asked = credit(here, "k", 1, 100);
        change(&mut asked);
        assert_eq!(check_form(&asked).err().map(|finding| finding.rule).as_deref(), expected);
    };
    check(|_| {}, None);
    check(|j| j.posting_key = " ".into(), Some("posting_key_missing"));
    check(|j| j.entries.clear(), Some("journal_empty"));
    check(|j| j.entries[0].amount = Money::ZERO, Some("entry_zero"));
    check(|j| j.entries[1] = j.entries[0], Some("entry_account_repeated"));
    check(|j| j.entries[0].amount = fen(AMOUNT_FEN_MAX + 1), Some("amount_out_of_range"));
    check(|j| j.entries[0].amount = fen(101), Some("journal_unbalanced"));
    // Another insurance's fund does not balance this one.
    check(|j| j.entries[0].account.insurance = Insurance::Medical, Some("journal_unbalanced"));
    check(|j| j.corrects = Some(Uuid::nil()), Some("correction_without_reason"));
    check(
        |j| {
            j.corrects = Some(Uuid::nil());
            j.reason = Reason::ErrorCorrected;
        },
        None,
    );
}

proptest! {
    /// Pure: no decision leaves an account overdrawn or over-reserved, and a refused one changes nothing.
    #[test]
    fn decisions_keep_every_account_sound(steps in prop::collection::vec((0..4_u8, 0..3_u64, 1..500_i64), 1..60)) {
        let mut books: BTreeMap<Account, Balance> = BTreeMap::new();
        let mut open: Vec<Vec<Entry>> = Vec::new();
        for (act, who, amount) in steps {
            let (kind, entries) = match act {
                0 => (JournalKind::Post, credit(region(430_100), "k", who, amount).entries),
                1 => (JournalKind::Reserve, leave(region(430_100), "k", who, amount).entries),
                2 => (JournalKind::Settle, open.pop().unwrap_or_default()),
                _ => (JournalKind::Void, open.pop().unwrap_or_default()),
            };
            if let Ok(changes) = decide(kind, &entries, &books) {
                books.extend(changes);
                if kind == JournalKind::Reserve { open.push(entries); }
            }
            for (account, balance) in &books {
                prop_assert!(balance.balance_fen >= 0 && balance.reserved_fen >= 0 && balance.available_fen() >= 0, "{account:?} {balance:?}");
            }
            let total: i64 = books.iter().map(|(a, b)| if a.kind == AccountKind::Bank { b.balance_fen } else { -b.balance_fen }).sum();
            prop_assert_eq!(total, 0);
        }
    }
}

async fn commit<T>(db: &Db, act: impl AsyncFnOnce(&mut Tx) -> Result<T, Refusal>) -> Result<T, Refusal> {
    let mut tx = db.begin().await?;
    let answer = act(&mut tx).await?;
    tx.commit().await?;
    Ok(answer)
}

async fn balances(db: &Db, here: RegionCode, who: u64) -> (i64, i64) {
    let found = balance(&mut db.read(), here, personal(who)).await.unwrap();
    (found.balance_fen, found.reserved_fen)
}

async fn sound(db: &Db, here: RegionCode) {
    assert_eq!(verify(&mut db.read(), here).await.unwrap(), vec![]);
}

both! {
    async fn each_step_once_twice_and_with_other_content(db: Db) {
        let here = region(430_100);
        let clerk = clerk(here);
        let first = commit(&db, async |tx| post(tx, &clerk, &credit(here, "open", 1, 1_000)).await).await.unwrap();
        let again = commit(&db, async |tx| post(tx, &clerk, &credit(here, "open", 1, 1_000)).await).await.unwrap();
        assert_eq!((again.journal_id, again.repeated), (first.journal_id, true));
        let other = commit(&db, async |tx| post(tx, &clerk, &credit(here, "open", 1, 999)).await).await.unwrap_err();
        assert_eq!(other.rule(), "posting_key_reused");
        assert_eq!(balances(&db, here, 1).await, (1_000, 0));

        let reserved = commit(&db, async |tx| reserve(tx, &clerk, &leave(here, "r", 1, 700)).await).await.unwrap();
        assert_eq!(balances(&db, here, 1).await, (1_000, 700));
        let too_much = commit(&db, async |tx| reserve(tx, &clerk, &leave(here, "r2", 1, 301)).await).await.unwrap_err();
        assert_eq!(too_much.rule(), "personal_account_overdrawn");
        let spent = commit(&db, async |tx| post(tx, &clerk, &leave(here, "p", 1, 301)).await).await.unwrap_err();
        assert_eq!(spent.rule(), "personal_account_overdrawn");

        let id = reserved.journal_id;
        let done = commit(&db, async |tx| settle(tx, &clerk, here, id, "s").await).await.unwrap();
        assert!(!done.repeated);
        assert!(commit(&db, async |tx| settle(tx, &clerk, here, id, "s").await).await.unwrap().repeated);
        let twice = commit(&db, async |tx| settle(tx, &clerk, here, id, "s2").await).await.unwrap_err();
        assert_eq!(twice.rule(), "reservation_already_settled");
        let late = commit(&db, async |tx| void(tx, &clerk, here, id, "v", Reason::TransferRefused).await).await.unwrap_err();
        assert_eq!(late.rule(), "reservation_already_settled");
        assert_eq!(balances(&db, here, 1).await, (300, 0));
        sound(&db, here).await;
    }

    async fn a_voided_reservation_gives_everything_back(db: Db) {
        let here = region(420_100);
        let clerk = clerk(here);
        commit(&db, async |tx| post(tx, &clerk, &credit(here, "open", 1, 500)).await).await.unwrap();
        let id = commit(&db, async |tx| reserve(tx, &clerk, &leave(here, "r", 1, 500)).await).await.unwrap().journal_id;
        commit(&db, async |tx| void(tx, &clerk, here, id, "v", Reason::TransferRefused).await).await.unwrap();
        assert_eq!(balances(&db, here, 1).await, (500, 0));
        let late = commit(&db, async |tx| settle(tx, &clerk, here, id, "s").await).await.unwrap_err();
        assert_eq!(late.rule(), "reservation_already_voided");
        // A posting is not a reservation, and what never was is none.
        let posted = commit(&db, async |tx| post(tx, &clerk, &credit(here, "open", 1, 500)).await).await.unwrap().journal_id;
        for no_reservation in [posted, Uuid::nil()] {
            let refused = commit(&db, async |tx| settle(tx, &clerk, here, no_reservation, "x").await).await.unwrap_err();
            assert_eq!(refused.rule(), "reservation_not_found");
        }
        sound(&db, here).await;
    }

    async fn a_correction_names_what_it_corrects(db: Db) {
        let here = region(420_100);
        let clerk = clerk(here);
        let wrong = commit(&db, async |tx| post(tx, &clerk, &credit(here, "open", 1, 500)).await).await.unwrap().journal_id;
        let undo = |corrects| Journal {
            corrects: Some(corrects),
            ..journal(here, "fix", Reason::ErrorCorrected, reversed(&credit(here, "", 1, 500).entries))
        };
        let unknown = commit(&db, async |tx| post(tx, &clerk, &undo(Uuid::nil())).await).await.unwrap_err();
        assert_eq!(unknown.rule(), "corrected_journal_not_found");
        commit(&db, async |tx| post(tx, &clerk, &undo(wrong)).await).await.unwrap();
        assert_eq!(balances(&db, here, 1).await, (0, 0));
        let entries = entries_of(&mut db.read(), here, wrong).await.unwrap();
        assert_eq!(entries, credit(here, "", 1, 500).entries, "the first journal stands as it was written");
        sound(&db, here).await;
    }

    async fn nobody_writes_another_regions_books(db: Db) {
        let (here, there) = (region(420_100), region(430_100));
        let refused = commit(&db, async |tx| post(tx, &clerk(there), &credit(here, "k", 1, 1)).await).await.unwrap_err();
        assert_eq!(refused.rule(), "ledger_not_own_region");
    }

    async fn a_step_broken_off_leaves_no_trace(db: Db) {
        let here = region(420_100);
        let clerk = clerk(here);
        commit(&db, async |tx| post(tx, &clerk, &credit(here, "open", 1, 500)).await).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        reserve(&mut tx, &clerk, &leave(here, "r", 1, 500)).await.unwrap();
        drop(tx);
        assert_eq!(balances(&db, here, 1).await, (500, 0));
        sound(&db, here).await;
        let again = commit(&db, async |tx| reserve(tx, &clerk, &leave(here, "r", 1, 500)).await).await.unwrap();
        assert!(!again.repeated, "what was broken off had not happened");
    }

    async fn an_opening_batch_is_one_balanced_journal(db: Db) {
        let here = region(420_100);
        let clerk = clerk(here);
        commit(&db, async |tx| post(tx, &clerk, &credit(here, "before", 9, 50)).await).await.unwrap();
        let opened: Vec<(Uuid, Money)> = (0..1_000).map(|who| (person(who + 10), fen(100))).collect();
        let raised = [(person(9), fen(7))];
        let opening = Opening { region: here, insurance: PENSION, posting_key: "load".into(), opened: &opened, raised: &raised, pooled: fen(300) };
        let made = commit(&db, async |tx| open_accounts(tx, &clerk, &opening).await).await.unwrap().unwrap();
        let again = commit(&db, async |tx| open_accounts(tx, &clerk, &opening).await).await.unwrap().unwrap();
        assert_eq!((again.journal_id, again.repeated), (made.journal_id, true));
        assert_eq!(balances(&db, here, 9).await, (57, 0));
        let mut q = db.read();
        assert_eq!(balance(&mut q, here, bank()).await.unwrap().balance_fen, 50 + 100_000 + 7 + 300);
        assert_eq!(balance(&mut q, here, pooled()).await.unwrap().balance_fen, 300);
        sound(&db, here).await;
    }
}

/// Small, seeded, and good enough to shuffle steps.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}

/// One random step of one hand: often repeated, often more than there is, one in five broken off before commit.
async fn random_step(db: &Db, dice: &mut Dice, reservations: &mut Vec<(RegionCode, Uuid)>) {
    let here = [region(430_100), region(420_100), region(440_100)][dice.below(3) as usize];
    let clerk = clerk(here);
    let (who, amount) = (dice.below(4), 1 + i64::try_from(dice.below(900)).unwrap());
    let key = format!("{}", dice.below(400));
    let mut tx = db.begin().await.unwrap();
    let done = match dice.below(5) {
        0 | 1 => post(&mut tx, &clerk, &credit(here, &key, who, amount)).await.map(|_| None),
        2 => reserve(&mut tx, &clerk, &leave(here, &key, who, amount))
            .await
            .map(|made| Some((here, made.journal_id))),
        act => match reservations.get(dice.below(reservations.len().max(1) as u64) as usize).copied() {
            None => return,
            Some((at, id)) if act == 3 => settle(&mut tx, &self::clerk(at), at, id, &format!("s{id}")).await.map(|_| None),
            Some((at, id)) => void(&mut tx, &self::clerk(at), at, id, &format!("v{id}"), Reason::TransferRefused)
                .await
                .map(|_| None),
        },
    };
    let broken_off = dice.below(5) == 0;
    match done {
        Ok(_) if broken_off => drop(tx),
        Ok(reservation) => {
            tx.commit().await.unwrap();
            reservations.extend(reservation);
        }
        Err(refusal) => assert_ne!(refusal.rule(), "internal_error", "{refusal}"),
    }
}

both! {
    async fn random_interleavings_balance_at_every_step(db: Db) {
        let mut dice = Dice(20_261_121);
        let mut reservations = Vec::new();
        for step in 0..250 {
            random_step(&db, &mut dice, &mut reservations).await;
            for code in [430_100, 420_100, 440_100] {
                let broken = verify(&mut db.read(), region(code)).await.unwrap();
                assert_eq!(broken, vec![], "after step {step}");
            }
        }
        assert!(reservations.len() > 5, "the dice reserved {} times only", reservations.len());
    }

    async fn many_hands_at_once_balance(db: Db) {
        let hands: Vec<_> = (0..4_u64)
            .map(|hand| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut dice = Dice(hand);
                    let mut reservations = Vec::new();
                    for _ in 0..60 {
                        random_step(&db, &mut dice, &mut reservations).await;
                    }
                })
            })
            .collect();
        for hand in hands {
            hand.await.unwrap();
        }
        for code in [430_100, 420_100, 440_100] {
            sound(&db, region(code)).await;
        }
    }
}
