//! Orders past their last day.
#![allow(clippy::unwrap_used)]

use ::store::{Db, Query, args, both};
use control::identity::Role;
use policy::RuleBook;
use standard::Insurance;
use uuid::Uuid;

use super::fixture::*;
use crate::collection::arrears::{self, Run};
use crate::collection::cancel_order;
use crate::collection::order::OrderKind;
use crate::enrolment::{self, PersonId};

/// What a person owes: pension, medical, as the transfer's check and the nationwide query read it.
async fn owed(db: &Db, person: PersonId) -> [i64; 2] {
    let mut owed = [0; 2];
    for (at, insurance) in [Insurance::Pension, Insurance::Medical].into_iter().enumerate() {
        let relation = enrolment::find_relation(&mut db.read(), person, region(), insurance)
            .await
            .unwrap()
            .unwrap();
        owed[at] = relation.arrears.fen();
    }
    owed
}

both! {
    async fn people_owe_while_their_orders_are_overdue(db: Db) {
        let (people, employer) = (people(&db, 3).await, Uuid::now_v7());
        let other = assessed(&db, Uuid::now_v7(), &people[2..], "2026-08", OrderKind::Regular, 500_000).await;
        let first = assessed(&db, employer, &people[..2], "2026-08", OrderKind::Regular, 600_000).await;
        let second = assessed(&db, employer, &people[..1], "2026-09", OrderKind::Regular, 400_000).await;
        let book = RuleBook::embedded();
        let run = async |on: &str| arrears::run(&db, book, region(), day(on)).await.unwrap();
        run("2026-09-15").await;
        assert_eq!(owed(&db, people[0]).await, [0, 0], "the last day is in time");
        pay(&db, "other", &other.order_number, 170_000, "2026-09-14").await;
        for _ in 0..2 {
            run("2026-09-16").await;
            assert_eq!(owed(&db, people[0]).await, [144_000, 60_000], "24 % and 10 % of 6,000, once");
        }
        assert_eq!((owed(&db, people[1]).await, owed(&db, people[2]).await), ([144_000, 60_000], [0, 0]));
        run("2026-10-16").await;
        assert_eq!(owed(&db, people[0]).await, [144_000 + 96_000, 60_000 + 40_000], "months add up");
        pay(&db, "a", &first.order_number, 100_000, "2026-10-17").await;
        assert_eq!(owed(&db, people[1]).await, [144_000, 60_000], "a part is not enough");
        pay(&db, "b", &first.order_number, 400_000, "2026-10-18").await;
        assert_eq!((owed(&db, people[0]).await, owed(&db, people[1]).await), ([96_000, 40_000], [0, 0]));
        let mut tx = db.begin().await.unwrap();
        cancel_order(&mut tx, region(), second.order_id, "误开").await.unwrap();
        tx.commit().await.unwrap();
        run("2026-10-19").await;
        assert_eq!(owed(&db, people[0]).await, [0, 0]);
        proven(&db, "paid and cancelled").await;
    }

    async fn an_employer_is_reminded_once_a_week_until_it_pays(db: Db) {
        let (people, employer) = (people(&db, 1).await, Uuid::now_v7());
        let bill = assessed(&db, employer, &people, "2026-08", OrderKind::Regular, 600_000).await;
        let book = RuleBook::embedded();
        let run = async |on: &str| arrears::run(&db, book, region(), day(on)).await.unwrap();
        assert_eq!(run("2026-09-15").await, Run { overdue: 0, reminded: 0 }, "the last day is in time");
        assert_eq!(run("2026-09-16").await, Run { overdue: 1, reminded: 1 });
        assert_eq!(run("2026-09-16").await, Run { overdue: 0, reminded: 0 });
        assert_eq!(run("2026-09-22").await, Run { overdue: 0, reminded: 0 });
        assert_eq!(run("2026-09-23").await, Run { overdue: 0, reminded: 1 });
        let sent: i64 = db.read().one("SELECT COUNT(*) AS n FROM store_outbox WHERE kind = 'arrears_notice'", args![]).await.unwrap().get("n").unwrap();
        assert_eq!(sent, 2);
        let clerk = person_of(Role::AgencyClerk);
        let rows = arrears::list(&clerk, &db, book, day("2026-09-25")).await.unwrap();
        assert_eq!((rows.len(), rows[0].days_late, rows[0].late_fee_fen), (1, 10, fen(1_020)));
        pay(&db, "a", &bill.order_number, 204_000, "2026-09-25").await;
        let rows = arrears::list(&clerk, &db, book, day("2026-10-25")).await.unwrap();
        assert_eq!((rows[0].open_fen, rows[0].late_fee_fen), (fen(0), fen(1_020)), "the fee is still open and no longer runs");
        pay(&db, "b", &bill.order_number, 1_020, "2026-10-25").await;
        assert!(arrears::list(&clerk, &db, book, day("2026-10-25")).await.unwrap().is_empty());
        assert_eq!(run("2026-11-25").await, Run { overdue: 0, reminded: 0 });
    }
}
