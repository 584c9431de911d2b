//! Money that comes: whole, in parts, too much, twice, for nobody, late.
#![allow(clippy::unwrap_used)]

use ::store::both;
use control::identity::Role;
use policy::RuleBook;
use standard::{Insurance, Money};
use uuid::Uuid;

use super::fixture::*;
use crate::collection::order::{self, OrderKind, OrderState};
use crate::collection::payment::receive;
use crate::collection::suspense::{SuspenseState, match_to_order};
use crate::collection::{cancel_order, desk};
use crate::contribution::{self, Source};
use crate::enrolment::find_relation;
use crate::ledger::{Account, AccountKind};

const BASE: i64 = 600_000;
/// 34 % of the base.
const EACH: i64 = 204_000;

both! {
    async fn a_whole_payment_reaches_funds_accounts_history_and_status(db: Db) {
        let (people, employer) = (people(&db, 3).await, Uuid::now_v7());
        for (at, on) in [("2026-08", "2026-09-10"), ("2026-09", "2026-10-12")] {
            let bill = assessed(&db, employer, &people, at, OrderKind::Regular, BASE).await;
            let first = pay(&db, at, &bill.order_number, EACH * 3, on).await;
            let again = pay(&db, at, &bill.order_number, EACH * 3, on).await;
            assert_eq!((first.repeated, again.repeated, again.payment.payment_id), (false, true, first.payment.payment_id));
            let bill = order::get(&mut db.read(), region(), bill.order_id).await.unwrap();
            assert_eq!((bill.state, bill.paid_on), (OrderState::Paid, Some(day(on))));
            proven(&db, at).await;
        }
        // 8 % of the base for two months; medical: the own 2 %.
        assert_eq!(balance(&db, Account::personal(Insurance::Pension, people[0].0)).await, 2 * 48_000);
        assert_eq!(balance(&db, Account::personal(Insurance::Medical, people[0].0)).await, 2 * 12_000);
        assert_eq!(balance(&db, Account::fund(Insurance::Pension, AccountKind::Pooled)).await, 6 * 96_000);
        assert_eq!(balance(&db, Account::fund(Insurance::Medical, AccountKind::Pooled)).await, 6 * 48_000);
        assert_eq!(balance(&db, deposit(Insurance::Medical)).await, 6 * 60_000);
        assert_eq!(balance(&db, suspense_of(employer)).await, 0);
        let mut q = db.read();
        let relation = find_relation(&mut q, people[1], region(), Insurance::Pension).await.unwrap().unwrap();
        assert_eq!((relation.spans.to_string().as_str(), relation.duplicates), ("202608-202609", 0));
        let history = contribution::history(&mut q, people[1], region(), Insurance::Pension).await.unwrap();
        assert_eq!(history.len(), 1, "one stretch, extended");
        assert_eq!((history[0].months(), history[0].base, history[0].source), (2, Money::from_fen(BASE), Source::Collected));
    }

    async fn an_order_of_many_people_is_posted_in_rounds_of_one_transaction(db: Db) {
        let (people, employer) = (people(&db, 450).await, Uuid::now_v7());
        for (at, on) in [("2026-08", "2026-09-10"), ("2026-09", "2026-10-12")] {
            let bill = assessed(&db, employer, &people, at, OrderKind::Regular, BASE).await;
            pay(&db, at, &bill.order_number, EACH * 450, on).await;
        }
        proven(&db, "many").await;
        let stretches = "SELECT COUNT(*) AS fen FROM agency_contribution WHERE region = $1 AND from_month = 202608 AND to_month = 202609";
        assert_eq!(sum(&db, stretches).await, 900);
        assert_eq!(sum(&db, "SELECT COUNT(*) AS fen FROM agency_contribution WHERE region = $1").await, 900);
        assert_eq!(sum(&db, "SELECT SUM(months) AS fen FROM agency_relation WHERE region = $1").await, 1_800);
    }

    async fn parts_wait_until_the_order_is_whole_and_the_rest_is_surplus(db: Db) {
        let (people, employer) = (people(&db, 1).await, Uuid::now_v7());
        let bill = assessed(&db, employer, &people, "2026-09", OrderKind::Regular, BASE).await;
        let part = pay(&db, "a", &bill.order_number, 4_000, "2026-10-01").await.payment;
        assert_eq!((part.principal, part.open), (fen(4_000), fen(200_000)));
        assert_eq!(balance(&db, Account::personal(Insurance::Pension, people[0].0)).await, 0, "nothing is posted yet");
        assert_eq!(order::get(&mut db.read(), region(), bill.order_id).await.unwrap().state, OrderState::PartPaid);
        proven(&db, "in part").await;
        let refused = {
            let mut tx = db.begin().await.unwrap();
            cancel_order(&mut tx, region(), bill.order_id, "误开").await.unwrap_err()
        };
        assert_eq!(refused.rule(), "order_paid");
        let rest = pay(&db, "b", &bill.order_number, 200_700, "2026-10-02").await.payment;
        assert_eq!((rest.principal, rest.suspense, rest.open), (fen(200_000), fen(700), fen(0)));
        proven(&db, "whole").await;
        let again = pay(&db, "c", &bill.order_number, EACH, "2026-10-03").await.payment;
        assert_eq!(again.suspense, fen(EACH), "a second payment of a paid order is kept");
        assert_eq!(balance(&db, suspense_of(employer)).await, EACH + 700);
        proven(&db, "twice").await;
    }

    async fn money_of_nobody_is_matched_by_a_clerk(db: Db) {
        let (people, employer) = (people(&db, 1).await, Uuid::now_v7());
        let bill = assessed(&db, employer, &people, "2026-09", OrderKind::Regular, BASE).await;
        pay(&db, "x", "写错的单号", EACH + 50, "2026-10-08").await;
        assert_eq!(balance(&db, suspense_of(Uuid::nil())).await, EACH + 50);
        let clerk = person_of(Role::AgencyClerk);
        let waiting = desk::suspense(&clerk, &db, None).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].allowed_actions.clone()), (1, vec!["match", "refund"]));
        let mut tx = db.begin().await.unwrap();
        let unknown = match_to_order(&clerk, &mut tx, RuleBook::embedded(), waiting[0].suspense_id, "没有").await.unwrap_err();
        assert_eq!(unknown.rule(), "order_number_unknown");
        let nobody = match_to_order(&person_of(Role::AgencySupervisor), &mut tx, RuleBook::embedded(), waiting[0].suspense_id, &bill.order_number).await;
        drop(nobody);
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        let payment = match_to_order(&clerk, &mut tx, RuleBook::embedded(), waiting[0].suspense_id, &bill.order_number).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((payment.principal, payment.paid_on), (fen(EACH), day("2026-10-08")));
        assert_eq!(order::get(&mut db.read(), region(), bill.order_id).await.unwrap().state, OrderState::Paid);
        assert_eq!(balance(&db, suspense_of(Uuid::nil())).await, 50);
        proven(&db, "matched").await;
        let mut tx = db.begin().await.unwrap();
        let paid = match_to_order(&clerk, &mut tx, RuleBook::embedded(), waiting[0].suspense_id, &bill.order_number).await.unwrap_err();
        assert_eq!(paid.rule(), "order_takes_nothing");
        assert_eq!(desk::suspense(&clerk, &db, Some(SuspenseState::Open)).await.unwrap()[0].left_fen, fen(50));
    }

    async fn a_payment_of_nothing_or_told_otherwise_is_refused(db: Db) {
        let (people, employer) = (people(&db, 1).await, Uuid::now_v7());
        let bill = assessed(&db, employer, &people, "2026-09", OrderKind::Regular, BASE).await;
        pay(&db, "a", &bill.order_number, 100, "2026-10-01").await;
        let mut tx = db.begin().await.unwrap();
        let book = RuleBook::embedded();
        for (key, amount, rule) in [("b", 0, "payment_amount_invalid"), ("b", -1, "payment_amount_invalid"), ("a", 101, "payment_key_reused")] {
            let refused = receive(&mut tx, book, &incoming(key, &bill.order_number, amount, "2026-10-01")).await.unwrap_err();
            assert_eq!(refused.rule(), rule);
        }
        drop(tx);
        proven(&db, "refused").await;
    }

    async fn a_payment_broken_off_left_no_trace(db: Db) {
        let (people, employer) = (people(&db, 2).await, Uuid::now_v7());
        let bill = assessed(&db, employer, &people, "2026-09", OrderKind::Regular, BASE).await;
        let mut tx = db.begin().await.unwrap();
        receive(&mut tx, RuleBook::embedded(), &incoming("a", &bill.order_number, EACH * 2, "2026-10-01")).await.unwrap();
        drop(tx);
        assert_eq!(balance(&db, pension_deposit()).await, 0);
        proven(&db, "broken off").await;
        assert!(!pay(&db, "a", &bill.order_number, EACH * 2, "2026-10-01").await.repeated);
        proven(&db, "done").await;
    }

    async fn a_late_order_asks_principal_and_fee_and_contributions_come_first(db: Db) {
        let (people, employer) = (people(&db, 1).await, Uuid::now_v7());
        let bill = assessed(&db, employer, &people, "2026-08", OrderKind::Regular, BASE).await;
        assert_eq!(bill.due_on, day("2026-09-15"));
        let book = RuleBook::embedded();
        let due = crate::collection::payment::due(book, &bill, day("2026-09-25")).unwrap();
        // 2,040 yuan × 0.05 % × 10 days.
        assert_eq!((due.days_late, due.late_fee), (10, fen(1_020)));
        let paid = pay(&db, "a", &bill.order_number, EACH + 20, "2026-09-25").await.payment;
        assert_eq!((paid.principal, paid.late_fee, paid.suspense), (fen(EACH), fen(20), fen(0)));
        let bill = order::get(&mut db.read(), region(), bill.order_id).await.unwrap();
        assert_eq!(bill.state, OrderState::Paid, "people's months are posted although the fee is open");
        let later = crate::collection::payment::due(book, &bill, day("2026-11-01")).unwrap();
        assert_eq!((later.principal, later.late_fee), (fen(0), fen(1_000)), "it no longer runs");
        let rest = pay(&db, "b", &bill.order_number, 1_007, "2026-11-01").await.payment;
        assert_eq!((rest.late_fee, rest.suspense), (fen(1_000), fen(7)));
        proven(&db, "late").await;
    }
}
