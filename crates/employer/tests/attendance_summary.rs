//! The closed month as payroll reads it, on both databases.
#![allow(clippy::unwrap_used)]

use employer::attendance::summary::{self, CloseState, MonthSummary};
use standard::Month;
use store::both;
use uuid::Uuid;

both! {
    async fn a_ready_month_sheet_is_closed_and_read_back(db: Db) {
        let (employer, month) = (Uuid::now_v7(), Month::parse("2026-09").unwrap());
        assert_eq!(summary::state(&mut db.read(), employer, month).await.unwrap(), CloseState::NotUsed);
        let one = MonthSummary {
            scheduled_minutes: 10_560,
            worked_minutes: 10_000,
            late_minutes: 60,
            sick_leave_minutes: 500,
            overtime_restday_minutes: 480,
            ..MonthSummary::empty(Uuid::now_v7())
        };
        for _ in 0..2 {
            let mut tx = db.begin().await.unwrap();
            summary::put_summaries(&mut tx, employer, month, &[one]).await.unwrap();
            tx.commit().await.unwrap();
            let stored = summary::of_month(&mut db.read(), employer, month).await.unwrap();
            assert_eq!(stored.into_values().collect::<Vec<_>>(), vec![one]);
        }
        assert_eq!(summary::state(&mut db.read(), employer, month).await.unwrap(), CloseState::Closed);
        let wrong = MonthSummary { worked_minutes: 1, ..one };
        let mut tx = db.begin().await.unwrap();
        assert!(summary::put_summaries(&mut tx, employer, month, &[wrong]).await.is_err(), "the parts make up the whole");
    }
}
