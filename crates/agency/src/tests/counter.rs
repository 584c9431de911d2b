//! Declarations a clerk enters, typed or from a file.

use control::identity::Role;
use control::review::{self, Decision};
use exchange::Message;
use policy::RuleBook;
use store::both;
use uuid::Uuid;

use super::house::{CHANGSHA, House};
use super::month::{NAMES, declare, declared, insure, line, orders, states, this_month};
use crate::declaration::{self, CounterDeclaration, CounterLine};

both! {
    async fn a_clerk_enters_a_declaration_by_hand(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month, 800_000, 2).await;
        let clerk = house.staff(CHANGSHA, Role::AgencyClerk);
        let typed = CounterDeclaration {
            employer_id: house.employer,
            month: month.to_string(),
            industry_class: None,
            expected_fen: 0,
            lines: vec![
                CounterLine { id_number: ids[0].reveal().to_owned(), name: NAMES[0].into(), wage_fen: 900_000, ..CounterLine::default() },
                CounterLine { id_number: "430102".into(), name: String::new(), wage_fen: 900_000, ..CounterLine::default() },
            ],
        };
        let book = RuleBook::embedded();
        let mut tx = house.db.begin().await.unwrap();
        let refused = declaration::new_case(&clerk, &mut tx, book, &typed).await.unwrap_err();
        assert!(refused.findings.iter().all(|finding| finding.field.as_deref().unwrap().starts_with("lines.2")), "{refused:?}");
        let sound = CounterDeclaration { lines: typed.lines[..1].to_vec(), ..typed };
        let new = declaration::new_case(&clerk, &mut tx, book, &sound).await.unwrap();
        let case = review::draft(&clerk, &mut tx, &house.registry, new).await.unwrap();
        let case = review::submit(&clerk, &mut tx, &house.registry, case.id, case.version).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(states(&house).await, ["pending"]);
        // its maker may not pass it, and the employer cannot push it aside
        let filed = declare(&house, month, vec![line(1, ids[0], NAMES[0], 900_000)]);
        assert_eq!(house.file(CHANGSHA, Message::Declaration(filed)).await.unwrap_err().rule(), "declared_at_counter");
        let passer = control::identity::Actor { user_id: Uuid::now_v7(), ..clerk.clone() };
        let mut tx = house.db.begin().await.unwrap();
        let case = review::pass(&passer, &mut tx, &house.registry, case.id, &Decision::on(&case)).await.unwrap();
        let reviewer = house.staff(CHANGSHA, Role::AgencyReviewer);
        review::approve(&reviewer, &mut tx, &house.registry, case.id, &Decision::on(&case)).await.unwrap();
        tx.commit().await.unwrap();
        house.post().await;
        assert_eq!((orders(&house).len(), declared(&house).len()), (1, 0), "the bill goes out, an answer nobody asked for does not");
    }
}

#[test]
fn a_file_of_lines_is_read_whole_or_refused_row_by_row() {
    let read = |text: &str| declaration::from_file(text.as_bytes());
    let lines = read("姓名,证件号码,申报工资,险种,入职日期\n王一,430102199006020019,\"8,000.50\",养老、医疗,2026-11-05\n\n").unwrap();
    assert_eq!((lines.len(), lines[0].wage_fen, lines[0].insurances.len()), (1, 800_050, 2));
    assert_eq!(lines[0].hired_on.as_deref(), Some("2026-11-05"));
    let (gbk, ..) = encoding_rs::GBK.encode("证件号码,姓名,申报工资\n430102199006020019,王一,8000\n");
    assert_eq!(declaration::from_file(&gbk).unwrap()[0].name, "王一");
    assert_eq!(read("姓名,申报工资\n王一,8000\n").unwrap_err().rule(), "column_missing");
    let faults = read("证件号码,姓名,申报工资\n1,王一,八千\n2,王二,8000\n3,王三,x\n").unwrap_err();
    assert_eq!(faults.findings.len(), 2, "every faulty row is named: {faults:?}");
    assert_eq!(declaration::from_file(b"").unwrap_err().rule(), "file_empty");
    assert!(declaration::from_file(&declaration::template()).unwrap().is_empty());
}
