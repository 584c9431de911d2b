//! A month between an employer and its agency: declaration and stop, and taking each of them back.

use control::clock;
use control::identity::Role;
use control::review::{self, Decision};
use exchange::Message;
use exchange::message::{CollectionOrder, Declaration, DeclarationLine, FilingOutcome, OrderKind, StopApplication, StopLine, StopReason};
use policy::contribution::{Case as PolicyCase, contributions};
use policy::{RuleBook, Silent};
use standard::{Date, IdNumber, Insurance, Money, Month, Organisation, RelationStatus};
use store::{Query, args, both};
use uuid::Uuid;

use super::house::{CHANGSHA, House, region};
use crate::assessment::{Insurances, rows_of_order};
use crate::declaration::{CounterDeclaration, CounterLine};
use crate::employers::{self, Stretch};
use crate::enrolment::{self, NewPerson, Relation};
use crate::{declaration, desk};

pub(super) const NAMES: [&str; 4] = ["王一", "王二", "王三", "王四"];

fn id(order: u16) -> IdNumber {
    IdNumber::compose(region(430_102), Date::constant(1990, 6, 2), order).unwrap()
}

pub(super) fn this_month() -> Month {
    Month::of(clock::today())
}

/// Puts people onto the books and the roll of the house's employer, as enrolments in effect would.
pub(super) async fn insure(house: &House, since: Month, wage: i64, count: u16) -> Vec<IdNumber> {
    let mut tx = house.db.begin().await.unwrap();
    let unit = employers::register(&mut tx, region(CHANGSHA), &house.employer_party())
        .await
        .unwrap();
    let ids: Vec<IdNumber> = (1..=count).map(id).collect();
    for (n, id_number) in ids.iter().enumerate() {
        let new = NewPerson {
            region: region(CHANGSHA),
            id_number: *id_number,
            name: NAMES[n % NAMES.len()].into(),
            phone: None,
            household_region: None,
        };
        let person = enrolment::insert_person(&mut tx, house.db.cipher(), &new).await.unwrap();
        for insurance in Insurance::ALL {
            let relation = Relation::new(person, region(CHANGSHA), insurance, RelationStatus::Active, &unit.name);
            enrolment::save_relation(&mut tx, &relation).await.unwrap();
        }
        let joins = Stretch {
            employer_id: unit.employer_id,
            person_id: person,
            since,
            until: None,
            insurances: Insurances::ALL,
            wage: Money::from_fen(wage),
            hired_on: None,
        };
        employers::join(&mut tx, region(CHANGSHA), &joins).await.unwrap();
    }
    tx.commit().await.unwrap();
    ids
}

pub(super) fn line(number: u32, id_number: IdNumber, name: &str, wage: i64) -> DeclarationLine {
    DeclarationLine {
        line: number,
        id_number,
        name: name.into(),
        insurances: Insurance::ALL.to_vec(),
        wage_fen: Money::from_fen(wage),
        hired_on: None,
    }
}

pub(super) fn declare(house: &House, month: Month, lines: Vec<DeclarationLine>) -> Declaration {
    Declaration {
        declaration_id: Uuid::now_v7(),
        round: 1,
        part: 1,
        parts: 1,
        employer: house.employer_party(),
        region: region(CHANGSHA),
        month,
        industry_class: Some(3),
        lines,
        expected_fen: Money::ZERO,
        filed_on: clock::today(),
    }
}

/// What one person costs by the explained rules: employer, employee.
pub(super) fn by_law(month: Month, wage: i64, insurances: &[Insurance]) -> (Money, Money) {
    let rules = RuleBook::embedded().at(region(CHANGSHA), month).unwrap();
    let case = PolicyCase {
        wage: Money::from_fen(wage),
        hired_on: None,
        industry_class: Some(3),
    };
    let all = contributions(&rules, &case, &mut Silent).unwrap();
    let sum = |side: fn(&policy::contribution::Contribution) -> Option<Money>| {
        Money::sum(insurances.iter().filter_map(|insurance| side(all.of(*insurance)))).unwrap()
    };
    (sum(|one| one.employer), sum(|one| one.employee))
}

pub(super) fn rules_of(findings: &[standard::Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.as_str()).collect()
}

pub(super) fn orders(house: &House) -> Vec<&CollectionOrder> {
    house
        .told
        .iter()
        .filter_map(|message| match message {
            Message::CollectionOrder(order) => Some(order),
            _ => None,
        })
        .collect()
}

fn declared(house: &House) -> Vec<(FilingOutcome, Vec<u32>)> {
    house
        .told
        .iter()
        .filter_map(|message| match message {
            Message::DeclarationResult(told) => Some((told.outcome, told.refused.iter().map(|line| line.line).collect())),
            _ => None,
        })
        .collect()
}

async fn roll(house: &House, month: Month) -> Vec<Stretch> {
    employers::roll_of(&mut house.db.read(), region(CHANGSHA), house.employer, month)
        .await
        .unwrap()
}

async fn states(house: &House) -> Vec<String> {
    let sql = "SELECT state FROM agency_declaration WHERE region = $1 ORDER BY declaration_id";
    let rows = house.db.read().all(sql, args![region(CHANGSHA)]).await.unwrap();
    rows.iter().map(|row| row.get("state").unwrap()).collect()
}

/// Undoes the newest case of a business, by someone who had no part in it.
pub(super) async fn reverse(house: &mut House, business: &str) -> Result<(), standard::Refusal> {
    let owner = Organisation::Agency(region(CHANGSHA));
    let sql = "SELECT id FROM control_case WHERE owner = $1 AND business = $2 AND state = 'effective' ORDER BY id DESC";
    let found = house.db.read().all(sql, args![owner, business]).await?;
    let actor = house.staff(CHANGSHA, Role::AgencySupervisor);
    let mut tx = house.db.begin().await?;
    let case = review::find(&mut tx, &owner, found[0].get("id")?).await?;
    let decision = Decision {
        opinion: Some("单位申报有误".into()),
        ..Decision::on(&case)
    };
    review::reverse(&actor, &mut tx, &house.registry, case.id, &decision).await?;
    tx.commit().await?;
    house.sound().await;
    house.post().await;
    Ok(())
}

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
        assert_eq!(employers::roll(&clerk, &house.db, house.employer, None, 3).await.unwrap().items.len(), 3);
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

    async fn a_stop_rests_the_relation_and_ends_the_roll(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month.plus(-3), 800_000, 2).await;
        let stop = StopApplication {
            stop_id: Uuid::now_v7(),
            round: 1,
            employer: house.employer_party(),
            region: region(CHANGSHA),
            lines: vec![
                stop_line(1, ids[0], NAMES[0], Insurance::ALL.to_vec(), month),
                stop_line(2, ids[1], NAMES[1], vec![Insurance::Injury], month),
                stop_line(3, id(77), "生人", Insurance::ALL.to_vec(), month),
                stop_line(4, ids[1], NAMES[1], vec![Insurance::Pension], month.plus(4)),
            ],
            filed_on: clock::today(),
        };
        house.file(CHANGSHA, Message::StopApplication(stop.clone())).await.unwrap();
        let found = house.waiting(CHANGSHA, "relation_stop").await.findings;
        assert!(rules_of(&found).contains(&"not_on_roll") && rules_of(&found).contains(&"last_month_too_late"), "{found:?}");
        house.pass_both(CHANGSHA, "relation_stop").await;
        let Some(Message::StopResult(told)) = house.told.last() else { panic!() };
        assert_eq!(told.outcome, FilingOutcome::Accepted);
        assert_eq!(told.refused.iter().map(|line| line.line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(house.relation(CHANGSHA, &ids[0]).await.unwrap().status, RelationStatus::Suspended);
        assert_eq!(house.relation(CHANGSHA, &ids[1]).await.unwrap().status, RelationStatus::Active);
        assert_eq!(roll(&house, month).await.len(), 2, "the last month is still declared");
        let next = roll(&house, month.next()).await;
        assert_eq!((next.len(), next[0].insurances.has(Insurance::Injury)), (1, false));

        // once more: everything is stopped already
        let again = StopApplication { stop_id: Uuid::now_v7(), lines: stop.lines[..1].to_vec(), ..stop.clone() };
        house.file(CHANGSHA, Message::StopApplication(again)).await.unwrap();
        let Some(Message::StopResult(told)) = house.told.last() else { panic!() };
        assert_eq!(told.outcome, FilingOutcome::Returned);
        assert!(told.reasons.iter().any(|reason| reason.code == "already_stopped"));

        reverse(&mut house, "relation_stop").await.unwrap();
        assert_eq!(house.relation(CHANGSHA, &ids[0]).await.unwrap().status, RelationStatus::Active);
        assert_eq!(roll(&house, month.next()).await.len(), 2);
        assert!(roll(&house, month.next()).await.iter().all(|one| one.insurances == Insurances::ALL));
    }

    async fn a_stop_is_not_undone_after_the_person_joined_another_employer(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month.plus(-1), 800_000, 1).await;
        let stop = StopApplication {
            stop_id: Uuid::now_v7(),
            round: 1,
            employer: house.employer_party(),
            region: region(CHANGSHA),
            lines: vec![stop_line(1, ids[0], NAMES[0], Insurance::ALL.to_vec(), month)],
            filed_on: clock::today(),
        };
        house.file(CHANGSHA, Message::StopApplication(stop)).await.unwrap();
        house.pass_both(CHANGSHA, "relation_stop").await;
        let first = house.employer;
        house.employer = Uuid::now_v7();
        insure(&house, month.next(), 700_000, 1).await;
        house.employer = first;
        assert_eq!(reverse(&mut house, "relation_stop").await.unwrap_err().rule(), "later_business");
    }

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

fn stop_line(number: u32, id_number: IdNumber, name: &str, insurances: Vec<Insurance>, last_month: Month) -> StopLine {
    StopLine {
        line: number,
        id_number,
        name: name.into(),
        insurances,
        last_month,
        reason: StopReason::Resigned,
        left_on: last_month.first_day(),
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
