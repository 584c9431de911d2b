//! Money that goes back, reviewed by two people.
#![allow(clippy::unwrap_used)]

use ::store::{Db, Query, args, both};
use control::identity::{Actor, Role};
use control::review::{self, Case, Decision, Registry};
use policy::RuleBook;
use standard::{Insurance, Money};
use uuid::Uuid;

use super::fixture::*;
use crate::collection::bank_file::refund_file;
use crate::collection::order::{self, OrderKind, OrderState};
use crate::collection::refund::{PaidOut, RefundForm, RefundSource, list, paid_out, propose};
use crate::collection::{cancel_order, desk};
use crate::contribution;
use crate::ledger::Account;

fn registry() -> Registry {
    Registry::new(crate::businesses(RuleBook::embedded()))
}

fn form(source: RefundSource, source_id: Uuid) -> RefundForm {
    RefundForm {
        source,
        source_id,
        payee_name: "长沙星河制造有限公司".into(),
        bank_name: "某某银行".into(),
        account: "6222000011112222".into(),
        reason: "多缴".into(),
    }
}

fn decision(case: &Case) -> Decision {
    Decision {
        version: case.version,
        opinion: Some("同意".into()),
        reasons: Vec::new(),
    }
}

async fn approved(db: &Db, maker: &Actor, form: RefundForm) -> Uuid {
    let (registry, checker, reviewer) = (registry(), person_of(Role::AgencyClerk), person_of(Role::AgencyReviewer));
    let mut tx = db.begin().await.unwrap();
    let case = propose(maker, &mut tx, &registry, form).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let alone = review::pass(maker, &mut tx, &registry, case.id, &decision(&case))
        .await
        .unwrap_err();
    assert_eq!(alone.rule(), "same_person");
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    let case = review::get(&checker, db, case.id).await.map_or(case, |case| case);
    let case = review::pass(&checker, &mut tx, &registry, case.id, &decision(&case)).await.unwrap();
    review::approve(&reviewer, &mut tx, &registry, case.id, &decision(&case))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    list(&mut db.read(), db.cipher(), region(), Some("approved")).await.unwrap()[0].refund_id
}

async fn pay_out(db: &Db, clerk: &Actor, refund: Uuid) {
    let file = refund_file(clerk, db, day("2026-11-21")).await.unwrap();
    assert_eq!(file.file.lines, 1);
    for _ in 0..2 {
        let mut tx = db.begin().await.unwrap();
        let paid = PaidOut {
            paid_on: day("2026-11-21"),
            reference: "B1".into(),
        };
        paid_out(clerk, &mut tx, RuleBook::embedded(), refund, &paid).await.unwrap();
        tx.commit().await.unwrap();
    }
    let told: i64 = db
        .read()
        .one("SELECT COUNT(*) AS n FROM store_outbox WHERE kind = 'refund_notice'", args![])
        .await
        .unwrap()
        .get("n")
        .unwrap();
    assert_eq!(told, 1);
}

both! {
    async fn a_surplus_goes_back_after_review(db: Db) {
        let (people, employer) = (people(&db, 1).await, Uuid::now_v7());
        let bill = assessed(&db, employer, &people, "2026-09", OrderKind::Regular, 600_000).await;
        pay(&db, "a", &bill.order_number, 204_900, "2026-10-01").await;
        let clerk = person_of(Role::AgencyClerk);
        let held = desk::suspense(&clerk, &db, None).await.unwrap().remove(0);
        let bad = RefundForm { account: "12".into(), ..form(RefundSource::Suspense, held.suspense_id) };
        let mut tx = db.begin().await.unwrap();
        let Err(refused) = propose(&clerk, &mut tx, &registry(), bad).await else { panic!("a bad account passed") };
        assert_eq!(refused.rule(), "refund_account_invalid");
        drop(tx);
        let refund = approved(&db, &clerk, form(RefundSource::Suspense, held.suspense_id)).await;
        proven(&db, "approved").await;
        let mut tx = db.begin().await.unwrap();
        let Err(twice) = propose(&clerk, &mut tx, &registry(), form(RefundSource::Suspense, held.suspense_id)).await else { panic!("twice") };
        assert_eq!(twice.rule(), "suspense_not_open");
        drop(tx);
        pay_out(&db, &clerk, refund).await;
        proven(&db, "paid").await;
        assert_eq!(balance(&db, suspense_of(employer)).await, 0);
    }

    async fn a_refund_order_takes_back_what_was_posted(db: Db) {
        let (people, employer) = (people(&db, 2).await, Uuid::now_v7());
        let bill = assessed(&db, employer, &people, "2026-09", OrderKind::Regular, 600_000).await;
        pay(&db, "a", &bill.order_number, 408_000, "2026-10-01").await;
        // The base should have been 5,000: the difference of 1,000 goes back.
        let mut tx = db.begin().await.unwrap();
        let id = assessed_in(&mut tx, employer, &people, "2026-09", OrderKind::Refund, 500_000, 100_000).await;
        tx.commit().await.unwrap();
        proven(&db, "promised").await;
        let clerk = person_of(Role::AgencyClerk);
        let refund = approved(&db, &clerk, form(RefundSource::Order, id)).await;
        let mut tx = db.begin().await.unwrap();
        assert_eq!(cancel_order(&mut tx, region(), id, "误开").await.unwrap_err().rule(), "order_paid");
        drop(tx);
        pay_out(&db, &clerk, refund).await;
        proven(&db, "refunded").await;
        assert_eq!(order::get(&mut db.read(), region(), id).await.unwrap().state, OrderState::Paid);
        assert_eq!(balance(&db, Account::personal(Insurance::Pension, people[0].0)).await, 48_000 - 8_000);
        let history = contribution::history(&mut db.read(), people[0], region(), Insurance::Pension).await.unwrap();
        assert_eq!((history.len(), history[0].base), (1, Money::from_fen(500_000)));
    }
}
