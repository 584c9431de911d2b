//! Opening and sending orders.
#![allow(clippy::unwrap_used)]

use ::store::{Query, args, both};
use policy::RuleBook;
use standard::{Insurance, Money, Month, RegionCode};
use uuid::Uuid;

use crate::collection::{NewOrder, OrderKind, OrderTotals, cancel_order, open_orders, order, send_order};
use crate::enrolment::found;
use crate::ledger::{self, Account, AccountKind};

fn region() -> RegionCode {
    RegionCode::new(430_100).unwrap()
}

fn totals(fen: i64) -> OrderTotals {
    OrderTotals {
        employer: [
            Money::from_fen(fen * 2),
            Money::from_fen(fen),
            Money::from_fen(7),
            Money::ZERO,
            Money::ZERO,
        ],
        employee: [Money::from_fen(fen), Money::ZERO, Money::from_fen(3), Money::ZERO, Money::ZERO],
    }
}

fn new_order(employer: Uuid, kind: OrderKind, fen: i64) -> NewOrder {
    NewOrder {
        region: region(),
        employer_id: employer,
        employer_name: "长沙星河制造有限公司".into(),
        month: Month::parse("2026-09").unwrap(),
        kind,
        filing_id: None,
        totals: totals(fen),
        people: 3,
        issued_on: "2026-09-20".parse().unwrap(),
    }
}

both! {
    async fn an_order_makes_its_receivable_and_goes_to_the_employer(db: Db) {
        let employer = Uuid::now_v7();
        let mut tx = db.begin().await.unwrap();
        found(&mut tx, region()).await.unwrap();
        let orders: Vec<NewOrder> = (1..=900).map(|n| new_order(if n < 3 { employer } else { Uuid::now_v7() }, OrderKind::Regular, n)).collect();
        let ids = open_orders(&mut tx, RuleBook::embedded(), &orders).await.unwrap();
        send_order(&mut tx, region(), ids[0], Vec::new(), "http://localhost").await.unwrap();
        tx.commit().await.unwrap();

        let mut q = db.read();
        let first = order::get(&mut q, region(), ids[0]).await.unwrap();
        assert_eq!((first.total.fen(), first.open().fen(), first.due_on.to_string().as_str()), (4 + 10, 14, "2026-10-15"));
        assert!(first.order_number.starts_with("Z43010020260900000"), "{}", first.order_number);
        assert_eq!(first.pay_url.as_deref(), Some(order::pay_url("http://localhost", region(), &first.pay_code).as_str()));
        let pension = Account::of_employer(Insurance::Pension, AccountKind::Receivable, employer);
        assert_eq!(ledger::balance(&mut q, region(), pension).await.unwrap().balance_fen, 3 + 6);
        assert_eq!(ledger::verify(&mut q, region()).await.unwrap(), vec![]);
        let sent: i64 = q.one("SELECT COUNT(*) AS n FROM store_outbox WHERE kind = 'collection_order'", args![]).await.unwrap().get("n").unwrap();
        assert_eq!(sent, 1);
    }

    async fn an_order_of_nothing_or_less_is_refused(db: Db) {
        let check = async |order: NewOrder, rule: &str| {
            let mut tx = db.begin().await.unwrap();
            let refused = open_orders(&mut tx, RuleBook::embedded(), &[order]).await.unwrap_err();
            assert_eq!(refused.rule(), rule);
        };
        let nothing = NewOrder { totals: OrderTotals::default(), ..new_order(Uuid::now_v7(), OrderKind::Back, 1) };
        check(nothing, "order_empty").await;
        check(new_order(Uuid::now_v7(), OrderKind::Regular, -1), "order_amount_negative").await;
    }

    async fn a_cancelled_order_gives_its_receivable_back_once(db: Db) {
        let employer = Uuid::now_v7();
        let mut tx = db.begin().await.unwrap();
        let id = open_orders(&mut tx, RuleBook::embedded(), &[new_order(employer, OrderKind::Regular, 5)]).await.unwrap()[0];
        let unreasoned = cancel_order(&mut tx, region(), id, " ").await.unwrap_err();
        assert_eq!(unreasoned.rule(), "order_cancel_reason_missing");
        for _ in 0..2 {
            cancel_order(&mut tx, region(), id, "申报有误").await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut q = db.read();
        let pension = Account::of_employer(Insurance::Pension, AccountKind::Receivable, employer);
        assert_eq!(ledger::balance(&mut q, region(), pension).await.unwrap().balance_fen, 0);
        assert_eq!(order::get(&mut q, region(), id).await.unwrap().state, order::OrderState::Cancelled);
        assert_eq!(ledger::verify(&mut q, region()).await.unwrap(), vec![]);
    }

    async fn a_refund_order_promises_what_it_is_about(db: Db) {
        let employer = Uuid::now_v7();
        let mut tx = db.begin().await.unwrap();
        open_orders(&mut tx, RuleBook::embedded(), &[new_order(employer, OrderKind::Refund, 5)]).await.unwrap();
        tx.commit().await.unwrap();
        let payable = Account::of_employer(Insurance::Pension, AccountKind::RefundPayable, employer);
        assert_eq!(ledger::balance(&mut db.read(), region(), payable).await.unwrap().balance_fen, 15);
        assert_eq!(ledger::verify(&mut db.read(), region()).await.unwrap(), vec![]);
    }
}
