//! The bank's files.
#![allow(clippy::unwrap_used)]

use ::store::both;
use control::identity::Role;
use encoding_rs::GBK;
use policy::RuleBook;
use uuid::Uuid;

use super::fixture::*;
use crate::collection::bank_file::{Format, collection_file, download, import_statement};
use crate::collection::order::OrderKind;

both! {
    async fn a_statement_posts_each_line_once_and_refuses_wrong_ones_alone(db: Db) {
        let (people, employer) = (people(&db, 1).await, Uuid::now_v7());
        let one = assessed(&db, employer, &people, "2026-08", OrderKind::Regular, 600_000).await;
        let two = assessed(&db, employer, &people, "2026-09", OrderKind::Regular, 600_000).await;
        let (clerk, book, today) = (person_of(Role::AgencyClerk), RuleBook::embedded(), day("2026-11-21"));
        let text = format!(
            "征集单号,到账金额,到账日期,付款户名,流水号\n{},\"2,040.00\",2026-09-10,长沙星河,L1\n{},1000,20260910,长沙星河,L2\n未知,88.88,2026-09-10,某人,L3\n{},abc,2026-09-10,长沙星河,L4\n{},1,2027-01-01,长沙星河,L5\n",
            one.order_number, two.order_number, one.order_number, one.order_number
        );
        let (bytes, ..) = GBK.encode(&text);
        let import = async |bytes: &[u8]| import_statement(&clerk, &db, book, "9月10日.csv", bytes, today).await;
        let done = import(&bytes).await.unwrap();
        let outcomes: Vec<&str> = done.items.iter().map(|line| line.outcome.as_str()).collect();
        assert_eq!(outcomes, ["paid", "part_paid", "suspense", "refused", "refused"]);
        assert_eq!((done.file.refused, done.file.amount_fen), (2, fen(204_000 + 100_000 + 8_888)));
        assert_eq!(done.items[4].findings[0].rule, "paid_on_in_future");
        assert!(!done.repeated);
        proven(&db, "imported").await;
        let again = import(&bytes).await.unwrap();
        assert!(again.repeated);
        assert_eq!(balance(&db, pension_deposit()).await + balance(&db, deposit(standard::Insurance::Medical)).await, 312_888);
        // The same lines in another file of the bank are known by their numbers.
        let longer = format!("{text}\n");
        let repeated = import(longer.as_bytes()).await.unwrap();
        assert_eq!(repeated.items[0].outcome, "repeated");
        proven(&db, "twice").await;
    }

    async fn a_bad_statement_is_refused_by_name(db: Db) {
        let (clerk, book) = (person_of(Role::AgencyClerk), RuleBook::embedded());
        people(&db, 1).await;
        let check = async |bytes: &[u8], rule: &str| {
            let refused = import_statement(&clerk, &db, book, "x", bytes, day("2026-11-21")).await.unwrap_err();
            assert_eq!(refused.rule(), rule);
        };
        check(b"", "file_empty").await;
        check("单号,金额\n1,2\n".as_bytes(), "statement_column_missing").await;
        check(b"PK\x03\x04 this is no workbook", "workbook_unreadable").await;
        check(&[0xFF, 0xFE, 0, 0], "file_kind_unknown").await;
        check(&[b'a', 0xFF, 0xFF, b'\n'], "file_encoding_unknown").await;
        let many = format!("征集单号,到账金额,到账日期\n{}", "a,1,2026-09-10\n".repeat(5_001));
        check(many.as_bytes(), "file_too_many_rows").await;
        check(&vec![b'a'; (5 << 20) + 1], "file_too_large").await;
        let mut outsider = person_of(Role::HrManager);
        outsider.organisation = standard::Organisation::Employer(Uuid::now_v7());
        let refused = import_statement(&outsider, &db, book, "x", b"a", day("2026-11-21")).await.unwrap_err();
        assert_eq!(refused.rule(), "permission_denied");
    }

    async fn the_collection_file_asks_what_is_open(db: Db) {
        let (people, employer) = (people(&db, 1).await, Uuid::now_v7());
        let (clerk, book) = (person_of(Role::AgencyClerk), RuleBook::embedded());
        let nothing = collection_file(&clerk, &db, book, day("2026-09-25")).await.unwrap_err();
        assert_eq!(nothing.rule(), "nothing_to_export");
        let bill = assessed(&db, employer, &people, "2026-08", OrderKind::Regular, 600_000).await;
        let file = collection_file(&clerk, &db, book, day("2026-09-25")).await.unwrap();
        assert_eq!((file.file.lines, file.file.amount_fen), (1, fen(204_000 + 1_020)));
        let (name, text) = download(&clerk, &db, file.file.file_id, Format::Text).await.unwrap();
        assert!(name.ends_with(".txt"));
        let (text, _, broken) = GBK.decode(&text);
        assert!(!broken);
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with(&format!("D{:<24}{:016}20260915", bill.order_number, 205_020)), "{line}");
        let (_, csv) = download(&clerk, &db, file.file.file_id, Format::Csv).await.unwrap();
        assert!(String::from_utf8(csv).unwrap().contains("2050.20"));
        let (_, book_bytes) = download(&clerk, &db, file.file.file_id, Format::Xlsx).await.unwrap();
        assert!(book_bytes.starts_with(b"PK"));
    }
}
