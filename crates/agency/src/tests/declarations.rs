//! Declarations of an employer: assessed line by line, filed again, corrected, and taken back.

use control::identity::Role;
use exchange::Message;
use exchange::message::{DeclarationLine, FilingOutcome, OrderKind};
use policy::RuleBook;
use standard::{Date, Insurance, Money};
use store::{Query, args, both};
use uuid::Uuid;

use super::house::{CHANGSHA, House, region};
use super::month::{NAMES, by_law, declare, declared, id, insure, line, orders, reverse, roll, rules_of, states, this_month};
use crate::assessment::rows_of_order;
use crate::{desk, employers};

both! {
    async fn a_declaration_is_assessed_line_by_line_and_billed(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month, 800_000, 4).await;
        let mut filed = declare(&house, month, vec![
            line(1, ids[0], NAMES[0], 900_000),
            line(2, ids[1], NAMES[1], 300_000),
            line(3, ids[2], "别的名字", 800_000),
            line(4, id(77), "生人", 800_000),
            line(5, ids[0], NAMES[0], 900_000),
            line(6, ids[3], NAMES[3], 0),
        ]);
        filed.lines.push(DeclarationLine { hired_on: Some(Date::constant(2020, 1, 1)), ..line(7, ids[3], NAMES[3], 500_000) });
        house.file(CHANGSHA, Message::Declaration(filed.clone())).await.unwrap();
        let case = house.waiting(CHANGSHA, "declaration").await;
        let found = rules_of(&case.findings);
        for rule in ["lines_refused", "identity_mismatch", "person_not_enrolled", "duplicate_line", "wage_out_of_range",
            "entry_date_outside", "wage_far_below", "expected_differs"] {
            assert!(found.contains(&rule), "{rule} in {found:?}");
        }
        let sections = house.registry.get("declaration").unwrap().view(&case);
        assert_eq!(sections[0].fields[0].value, "2", "two people can be assessed");
        let clerk = house.staff(CHANGSHA, Role::AgencyClerk);
        let lines = desk::lines(&clerk, &house.db, RuleBook::embedded(), case.id, false, None, 3).await.unwrap();
        assert_eq!((lines.total, lines.refused, lines.items.len(), lines.next_cursor.as_deref()), (7, 5, 3, Some("3")));
        assert!(!lines.items[0].sound && !lines.items[0].id_masked.contains("19900602"));

        house.pass_both(CHANGSHA, "declaration").await;
        assert_eq!(declared(&house), [(FilingOutcome::Accepted, vec![3, 4, 5, 6, 7])]);
        let bill = orders(&house)[0].clone();
        let (first, second) = (by_law(month, 900_000, &Insurance::ALL), by_law(month, 300_000, &Insurance::ALL));
        let total = Money::sum([first.0, first.1, second.0, second.1]).unwrap();
        assert_eq!((bill.kind, bill.total_fen, bill.lines.len(), bill.filing_id), (OrderKind::Regular, total, 2, Some(filed.declaration_id)));
        let lines: Money = Money::sum(bill.lines.iter().flat_map(|line| &line.items).flat_map(|item| [item.employer_fen, item.employee_fen])).unwrap();
        assert_eq!(lines, total, "the lines of a bill sum to its total");
        let rows = rows_of_order(&mut house.db.read(), region(CHANGSHA), bill.order_id).await.unwrap();
        assert_eq!(rows.len(), 2);
        let wages: Vec<i64> = roll(&house, month).await.iter().map(|one| one.wage.fen()).collect();
        assert_eq!(wages.iter().filter(|wage| **wage == 900_000).count(), 1);
        assert_eq!(wages.len(), 4, "who was refused stays on the roll");
        let detail = employers::one(&clerk, &house.db, house.employer).await.unwrap();
        assert_eq!((detail.unit.people, detail.unit.injury_class, detail.months[0].people, detail.months[0].refused), (4, Some(3), 2, 5));
        let roll_of = async |query: Option<&str>| employers::roll(&clerk, &house.db, house.employer, query, None, 3).await.unwrap().items;
        let first = roll_of(None).await;
        assert_eq!(first.len(), 3);
        assert!(roll_of(Some("zzzz")).await.is_empty() && roll_of(Some("%")).await.is_empty());
        for query in [first[0].name.as_str(), first[0].person_number.as_str()] {
            assert!(roll_of(Some(query)).await.iter().any(|one| one.name == first[0].name), "{query}");
        }
    }

    async fn the_same_declaration_again_changes_nothing_and_another_takes_its_place(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month, 800_000, 2).await;
        let filed = declare(&house, month, vec![line(1, ids[0], NAMES[0], 900_000)]);
        house.file(CHANGSHA, Message::Declaration(filed.clone())).await.unwrap();
        house.file(CHANGSHA, Message::Declaration(filed.clone())).await.unwrap();
        let first = house.waiting(CHANGSHA, "declaration").await.id;
        assert!(rules_of(&house.waiting(CHANGSHA, "declaration").await.findings).contains(&"people_dropped"));
        let other = declare(&house, month, vec![line(1, ids[0], NAMES[0], 700_000), line(2, ids[1], NAMES[1], 700_000)]);
        house.file(CHANGSHA, Message::Declaration(other.clone())).await.unwrap();
        assert_ne!(house.waiting(CHANGSHA, "declaration").await.id, first);
        // the first, delivered late once more, does not come back
        house.file(CHANGSHA, Message::Declaration(filed.clone())).await.unwrap();
        assert_eq!(states(&house).await, ["superseded", "pending"]);
        house.pass_both(CHANGSHA, "declaration").await;
        assert_eq!(orders(&house)[0].lines.len(), 2);

        house.file(CHANGSHA, Message::Declaration(other.clone())).await.unwrap();
        assert_eq!(declared(&house).last().unwrap().0, FilingOutcome::Accepted, "what is in effect is answered again");
        let late = declare(&house, month, vec![line(1, ids[0], NAMES[0], 600_000)]);
        house.file(CHANGSHA, Message::Declaration(late)).await.unwrap();
        assert_eq!(declared(&house).last().unwrap().0, FilingOutcome::Refused);
        assert_eq!(orders(&house).len(), 1);
        assert!(house.waiting_ids(CHANGSHA, "declaration").await.is_empty());
    }

    async fn a_declaration_with_nothing_to_assess_goes_back_and_comes_again(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month, 800_000, 1).await;
        let mut filed = declare(&house, month, vec![line(1, id(77), "生人", 800_000)]);
        house.file(CHANGSHA, Message::Declaration(filed.clone())).await.unwrap();
        assert_eq!(declared(&house), [(FilingOutcome::Returned, vec![])]);
        let mut future = declare(&house, month.plus(1), vec![line(1, ids[0], NAMES[0], 800_000)]);
        future.declaration_id = Uuid::now_v7();
        house.file(CHANGSHA, Message::Declaration(future)).await.unwrap();
        let Some(Message::DeclarationResult(told)) = house.told.last() else { panic!() };
        assert_eq!((told.outcome, told.reasons[0].code.as_str()), (FilingOutcome::Returned, "month_in_future"));

        filed.round = 2;
        filed.lines.push(line(2, ids[0], NAMES[0], 800_000));
        house.file(CHANGSHA, Message::Declaration(filed)).await.unwrap();
        assert_eq!(house.waiting(CHANGSHA, "declaration").await.round, 2);
        house.pass_both(CHANGSHA, "declaration").await;
        assert_eq!(declared(&house).last().unwrap(), &(FilingOutcome::Accepted, vec![1]));
    }

    async fn parts_of_a_month_are_looked_at_as_a_whole(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month, 800_000, 3).await;
        let part = |house: &House, part: u32, parts: u32, lines| {
            let mut filed = declare(house, month, lines);
            (filed.part, filed.parts) = (part, parts);
            Message::Declaration(filed)
        };
        let first = part(&house, 1, 2, vec![line(1, ids[0], NAMES[0], 900_000)]);
        house.file(CHANGSHA, first).await.unwrap();
        let found = house.waiting(CHANGSHA, "declaration").await.findings;
        assert!(rules_of(&found).contains(&"declared_in_parts") && !rules_of(&found).contains(&"people_dropped"), "{found:?}");
        house.pass_both(CHANGSHA, "declaration").await;
        let second = part(&house, 2, 2, vec![line(1, ids[1], NAMES[1], 900_000)]);
        house.file(CHANGSHA, second).await.unwrap();
        let found = house.waiting(CHANGSHA, "declaration").await.findings;
        let dropped = found.iter().find(|one| one.rule == "people_dropped").expect("the last part shows who is missing");
        assert!(dropped.message.zh.contains(NAMES[2]) && !dropped.message.zh.contains(NAMES[0]), "{dropped:?}");
        house.pass_both(CHANGSHA, "declaration").await;
        let third = part(&house, 3, 3, vec![line(1, ids[0], NAMES[0], 900_000), line(2, ids[2], NAMES[2], 900_000)]);
        house.file(CHANGSHA, third).await.unwrap();
        let found = house.waiting(CHANGSHA, "declaration").await.findings;
        assert!(rules_of(&found).contains(&"parts_differ") && rules_of(&found).contains(&"month_already_assessed"), "{found:?}");
        house.pass_both(CHANGSHA, "declaration").await;
        assert_eq!(orders(&house).iter().map(|order| order.lines.len()).collect::<Vec<_>>(), [1, 1, 1], "nobody twice");
    }

    async fn people_known_from_older_records_are_taken_onto_the_roll(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month, 800_000, 1).await;
        let mut tx = house.db.begin().await.unwrap();
        tx.execute("DELETE FROM agency_roll WHERE region = $1", args![region(CHANGSHA)]).await.unwrap();
        tx.commit().await.unwrap();
        house.file(CHANGSHA, Message::Declaration(declare(&house, month, vec![line(1, ids[0], NAMES[0], 650_000)]))).await.unwrap();
        assert!(rules_of(&house.waiting(CHANGSHA, "declaration").await.findings).contains(&"taken_over_from_records"));
        house.pass_both(CHANGSHA, "declaration").await;
        let standing = roll(&house, month).await;
        assert_eq!((standing.len(), standing[0].wage.fen(), standing[0].since), (1, 650_000, month));
    }

    async fn an_unpaid_declaration_can_be_undone_and_filed_anew(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month, 800_000, 1).await;
        let mut filed = declare(&house, month, vec![line(1, ids[0], NAMES[0], 900_000)]);
        house.file(CHANGSHA, Message::Declaration(filed.clone())).await.unwrap();
        house.pass_both(CHANGSHA, "declaration").await;
        let order = orders(&house)[0].order_id;
        reverse(&mut house, "declaration").await.unwrap();
        assert_eq!(declared(&house).last().unwrap().0, FilingOutcome::Returned);
        assert_eq!(rows_of_order(&mut house.db.read(), region(CHANGSHA), order).await.unwrap(), vec![]);
        assert_eq!(roll(&house, month).await[0].wage.fen(), 800_000, "the wage is what it was");
        filed.round = 2;
        house.file(CHANGSHA, Message::Declaration(filed)).await.unwrap();
        house.pass_both(CHANGSHA, "declaration").await;
        assert_eq!(orders(&house).len(), 2);
        assert_eq!(states(&house).await, ["assessed"]);
    }
}
