//! Months recalculated by a law that changed backwards.

use super::*;

store::both! {
    async fn a_law_of_the_past_becomes_refunds_once(db: Db) {
        let (employer_id, hr, _) = unit(&db).await;
        let filing = accepted(&db, &hr, employer_id, &[]).await;
        for part in order(&db, &hr, employer_id, filing, 1).await {
            told(&db, employer_id, changsha(), Message::CollectionOrder(part)).await.unwrap();
        }
        let months = retro::StartRetro { from_month: Month::new(2026, 7).unwrap(), to_month: Month::new(2026, 10).unwrap() };
        let same = retro::start(&hr, &db, RuleBook::embedded(), months).await.unwrap();
        assert_eq!(retro::run_jobs(&db, RuleBook::embedded()).await.unwrap(), 1);
        assert_eq!(retro::get(&hr, &db, same.id, 0, 10).await.unwrap().retro.lines, 0, "the same law, nothing to do");
        let book = changed_book();
        let run = retro::start(&hr, &db, &book, months).await.unwrap();
        assert_eq!(retro::start(&hr, &db, &book, months).await.unwrap().id, run.id);
        assert_eq!(retro::propose(&hr, &db, run.id, "").await.unwrap_err().rule(), "retro_not_done");
        retro::run_jobs(&db, &book).await.unwrap();
        let detail = retro::get(&hr, &db, run.id, 0, 10).await.unwrap();
        // 10,500 and 8,000 in full, 9,000 half, 3,000 raised to the floor of 4,106: one percent of each.
        assert_eq!((detail.retro.people, detail.retro.lines, detail.retro.refund_fen), (4, 4, Some(yuan("271.06"))));
        assert_eq!((detail.months.len(), detail.months[0].refund_fen), (1, yuan("271.06")));
        let made = retro::propose(&hr, &db, run.id, "").await.unwrap();
        assert_eq!(retro::propose(&hr, &db, run.id, "").await.unwrap()[0].id, made[0].id);
        let before = posted(&db).await;
        retro::file(&hr, &db, made[0].id).await.unwrap();
        retro::file(&hr, &db, made[0].id).await.unwrap();
        assert_eq!(posted(&db).await, before + 1);
        let twice = retro::start(&hr, &db, &book, months).await.unwrap();
        retro::run_jobs(&db, &book).await.unwrap();
        assert_eq!(retro::get(&hr, &db, twice.id, 0, 10).await.unwrap().retro.lines, 0, "what is on its way is not asked for again");
        let result = AdjustmentResult { adjustment_id: made[0].id, region: changsha(), outcome: FilingOutcome::Accepted, refused: Vec::new(), back_fen: Money::ZERO, refund_fen: yuan("271.06"), office: office(), reasons: Vec::new(), at: control::clock::now() };
        told(&db, employer_id, changsha(), Message::AdjustmentResult(result)).await.unwrap();
        let detail = retro::get(&hr, &db, run.id, 0, 10).await.unwrap();
        assert_eq!((detail.adjustments[0].state, detail.adjustments[0].granted_refund_fen), (FilingState::Accepted, Some(yuan("271.06"))));
        let cancelled = retro::start(&hr, &db, &book, months).await.unwrap();
        retro::cancel(&hr, &db, cancelled.id).await.unwrap();
        retro::run_jobs(&db, &book).await.unwrap();
        assert_eq!(retro::get(&hr, &db, cancelled.id, 0, 10).await.unwrap().retro.state, retro::RetroState::Cancelled);
    }

    async fn months_nobody_declared_are_recalculated_by_the_bill(db: Db) {
        let (employer_id, hr, _) = unit(&db).await;
        let filing = accepted(&db, &hr, employer_id, &[]).await;
        let mut order = order(&db, &hr, employer_id, filing, 1).await.remove(0);
        // The agency assessed the region as a whole: an order nobody asked for, with the wages it took.
        order.filing_id = None;
        for (name, wage) in [("王敏", "10500"), ("李雷", "8000"), ("韩梅", "9000"), ("赵四", "3000")] {
            let line = order.lines.iter_mut().find(|line| line.name == name).unwrap();
            line.wage_fen = Some(yuan(wage));
        }
        let mut tx = db.begin().await.unwrap();
        for table in ["employer_declaration_line", "employer_declaration"] {
            let sql = format!("DELETE FROM {table} WHERE employer_id = $1");
            tx.execute(&sql, args![employer_id]).await.unwrap();
        }
        tx.commit().await.unwrap();
        told(&db, employer_id, changsha(), Message::CollectionOrder(order.clone())).await.unwrap();
        let months = retro::StartRetro { from_month: Month::new(2026, 7).unwrap(), to_month: Month::new(2026, 10).unwrap() };
        let recalculated = async |book: &RuleBook| {
            let run = retro::start(&hr, &db, book, months).await.unwrap();
            retro::run_jobs(&db, book).await.unwrap();
            retro::get(&hr, &db, run.id, 0, 10).await.unwrap().retro
        };
        let same = recalculated(RuleBook::embedded()).await;
        assert_eq!((same.total, same.done, same.lines), (4, 4, 0), "the same law, nothing to do");
        let book = changed_book();
        let found = recalculated(&book).await;
        assert_eq!((found.people, found.lines, found.refund_fen), (4, 4, Some(yuan("271.06"))), "as if it had been declared");
        let void = OrderCancelled { order_id: order.order_id, order_number: order.order_number.clone(), region: changsha(),
            reason: "按申报结算".into(), office: office(), at: control::clock::now() };
        for _ in 0..2 {
            told(&db, employer_id, changsha(), Message::OrderCancelled(void.clone())).await.unwrap();
        }
        let bills = bill::list(&hr, &db, Some(september()), None).await.unwrap();
        assert_eq!((bills[0].state, bills[0].open_fen), (bill::BillState::Cancelled, Money::ZERO));
        assert!(bills[0].allowed_actions.is_empty(), "nobody pays a void order");
        assert_eq!(recalculated(&book).await.lines, 0, "nor is it recalculated");
    }
}
