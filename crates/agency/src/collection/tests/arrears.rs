//! Orders past their last day.
#![allow(clippy::unwrap_used)]

use ::store::{Query, args, both};
use control::identity::Role;
use policy::RuleBook;
use uuid::Uuid;

use super::fixture::*;
use crate::collection::arrears::{self, Run};
use crate::collection::order::OrderKind;

both! {
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
