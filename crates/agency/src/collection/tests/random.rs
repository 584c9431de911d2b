//! The books under random hands: orders, payments, cancels and matches in any order, twice or broken off, and the books
//! prove themselves after every step.
#![allow(clippy::unwrap_used)]

use ::store::{Db, both};
use control::identity::Role;
use policy::RuleBook;
use uuid::Uuid;

use super::fixture::*;
use crate::collection::order::OrderKind;
use crate::collection::payment::receive;
use crate::collection::suspense::match_to_order;
use crate::collection::{cancel_order, desk, order};
use crate::enrolment::PersonId;

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

const DAYS: [&str; 4] = ["2026-09-10", "2026-09-20", "2026-10-11", "2026-11-02"];
const MONTHS: [&str; 3] = ["2026-07", "2026-08", "2026-09"];

struct World {
    people: Vec<PersonId>,
    employers: Vec<Uuid>,
    orders: Vec<Uuid>,
    paid: usize,
}

async fn step(db: &Db, dice: &mut Dice, world: &mut World) {
    let book = RuleBook::embedded();
    let clerk = person_of(Role::AgencyClerk);
    let pick = |dice: &mut Dice, count: usize| usize::try_from(dice.below(count.max(1) as u64)).unwrap();
    let order = world.orders.get(pick(dice, world.orders.len())).copied();
    let mut tx = db.begin().await.unwrap();
    let mut opened = None;
    let done = match (dice.below(10), order) {
        (0..=2, _) | (_, None) => {
            let employer = world.employers[pick(dice, world.employers.len())];
            let base = 100_000 + i64::try_from(dice.below(5)).unwrap() * 13_700;
            let at = MONTHS[pick(dice, MONTHS.len())];
            opened = Some(assessed_in(&mut tx, employer, &world.people, at, OrderKind::Regular, base, base).await);
            Ok(())
        }
        (3..=6, Some(id)) => {
            let bill = order::get(&mut tx, region(), id).await.unwrap();
            let amount = match dice.below(4) {
                0 => bill.total.fen(),
                1 => bill.total.fen() / 3,
                2 => bill.total.fen() + 77,
                _ => 5_000,
            };
            let number = if dice.below(8) == 0 {
                "没有这单".to_owned()
            } else {
                bill.order_number
            };
            let key = format!("k{}", dice.below(60));
            receive(&mut tx, book, &incoming(&key, &number, amount, DAYS[pick(dice, DAYS.len())]))
                .await
                .map(drop)
        }
        (7, Some(id)) => cancel_order(&mut tx, region(), id, "误开").await,
        (_, Some(id)) => {
            drop(tx);
            let waiting = desk::suspense(&clerk, db, None).await.unwrap();
            let Some(held) = waiting.get(pick(dice, waiting.len())) else {
                return;
            };
            tx = db.begin().await.unwrap();
            let bill = order::get(&mut tx, region(), id).await.unwrap();
            match_to_order(&clerk, &mut tx, book, held.suspense_id, &bill.order_number)
                .await
                .map(drop)
        }
    };
    let broken_off = dice.below(5) == 0;
    match done {
        Ok(()) if broken_off => drop(tx),
        Ok(()) => {
            tx.commit().await.unwrap();
            world.orders.extend(opened);
            world.paid += usize::from(opened.is_none());
        }
        Err(refusal) => assert_ne!(refusal.rule(), "internal_error", "{refusal}"),
    }
}

both! {
    async fn random_interleavings_prove_themselves_at_every_step(db: Db) {
        let mut dice = Dice(20_261_121);
        let mut world = World {
            people: people(&db, 2).await,
            employers: vec![Uuid::now_v7(), Uuid::now_v7()],
            orders: Vec::new(),
            paid: 0,
        };
        for number in 0..120 {
            step(&db, &mut dice, &mut world).await;
            proven(&db, &format!("after step {number}")).await;
        }
        assert!(world.orders.len() > 10 && world.paid > 20, "{} orders, {} other steps", world.orders.len(), world.paid);
    }
}
