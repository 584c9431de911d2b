//! A transfer from application to posting, and onward to a third region.

use control::identity::Role;
use control::seal;
use exchange::Message;
use exchange::message::TransferStep::{AcceptedNew, Completed, ContactSent, FundsReceived, FundsSent, OldAccepted, OldReviewed};
use policy::RuleBook;
use standard::{Organisation, RelationStatus};
use store::both;

use super::house::{Act, CHANGSHA, GUANGZHOU, House, WUHAN, id_born, region, row};
use crate::desk;
use crate::ledger::AccountKind;
use crate::transfer::{self, DocketState};

const ALL_STEPS: [exchange::message::TransferStep; 7] = [
    AcceptedNew,
    ContactSent,
    OldAccepted,
    OldReviewed,
    FundsSent,
    FundsReceived,
    Completed,
];

async fn whole_transfer(house: &mut House, application: &exchange::message::TransferApplication) {
    let (from, to) = (application.from_region.number(), application.to_region.number());
    house.file(to, Message::TransferApplication(application.clone())).await.unwrap();
    house.pass_both(to, "transfer_in").await;
    house.pass_both(from, "transfer_out").await;
    house.decide(to, "transfer_posting", Role::AgencyClerk, Act::Pass).await.unwrap();
}

both! {
    async fn months_and_money_move_and_the_employer_sees_each_step(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        house.load(WUHAN, &[row(&id, "养老", "暂停参保", "2022-03", "2025-04", "5000")]).await;
        let held = house.personal(WUHAN, &id).await.balance_fen;
        let deposit = house.fund(WUHAN, AccountKind::Bank).await.balance_fen;
        let pooled = house.fund(WUHAN, AccountKind::Pooled).await.balance_fen;
        assert_eq!(pooled, 38 * 60_000, "12 % of 5,000 yuan for 38 months");
        assert!(held > 38 * 40_000, "8 % of 5,000 yuan for 38 months, and interest");

        let application = house.application(&id, WUHAN, CHANGSHA);
        house.file(CHANGSHA, Message::TransferApplication(application.clone())).await.unwrap();
        house.pass_both(CHANGSHA, "transfer_in").await;
        house.decide(WUHAN, "transfer_out", Role::AgencyClerk, Act::Pass).await.unwrap();
        assert_eq!(house.personal(WUHAN, &id).await.reserved_fen, 0, "nothing moves before the last approval");
        house.decide(WUHAN, "transfer_out", Role::AgencyReviewer, Act::Approve).await.unwrap();
        let reserved = house.personal(WUHAN, &id).await;
        assert_eq!((reserved.balance_fen, reserved.reserved_fen), (held, held));
        assert_eq!(house.fund(CHANGSHA, AccountKind::Clearing).await.balance_fen, deposit, "arrived, and nobody's yet");
        house.decide(CHANGSHA, "transfer_posting", Role::AgencyClerk, Act::Pass).await.unwrap();

        assert_eq!(house.steps(), ALL_STEPS);
        assert!(house.events[..6].iter().all(|event| event.deadline.is_some() && event.next.is_some()));
        assert_eq!(house.events[1].office.actor_masked.as_deref(), Some("李**"));
        assert_eq!(house.events[6].details.as_ref().unwrap()["months"], 38);
        for (code, personal, funds) in [(WUHAN, 0, [0, 0, 0]), (CHANGSHA, held, [deposit, pooled, 0])] {
            assert_eq!(house.personal(code, &id).await.balance_fen, personal, "account in {code}");
            for (kind, expected) in [AccountKind::Bank, AccountKind::Pooled, AccountKind::Clearing].into_iter().zip(funds) {
                let found = house.fund(code, kind).await;
                assert_eq!((found.balance_fen, found.reserved_fen), (expected, 0), "{kind:?} in {code}");
            }
        }
        let (old, new) = (house.relation(WUHAN, &id).await.unwrap(), house.relation(CHANGSHA, &id).await.unwrap());
        assert_eq!((old.status, old.spans.len()), (RelationStatus::Terminated, 38));
        assert_eq!((new.status, new.spans.len()), (RelationStatus::Suspended, 38), "months and money enrol nobody");
        assert_eq!(house.directory, [house.db.cipher().id_hash(&id).to_string()]);
        house.sound().await;
    }

    async fn who_is_enrolled_already_stays_so(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        house.load(WUHAN, &[row(&id, "养老", "暂停参保", "2022-03", "2025-04", "5000")]).await;
        house.load(CHANGSHA, &[row(&id, "养老", "正常参保", "2026-01", "2026-10", "6000")]).await;
        let application = house.application(&id, WUHAN, CHANGSHA);
        whole_transfer(&mut house, &application).await;
        let relation = house.relation(CHANGSHA, &id).await.unwrap();
        assert_eq!((relation.status, relation.spans.len()), (RelationStatus::Active, 48));
    }

    async fn the_old_regions_reviewers_see_what_they_let_go(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        house.load(WUHAN, &[row(&id, "养老", "暂停参保", "2022-03", "2025-04", "5000")]).await;
        let application = house.application(&id, WUHAN, CHANGSHA);
        house.file(CHANGSHA, Message::TransferApplication(application.clone())).await.unwrap();
        house.pass_both(CHANGSHA, "transfer_in").await;
        let reviewer = house.staff(WUHAN, Role::AgencyReviewer);
        let books = async || desk::transfer(&reviewer, &house.db, RuleBook::embedded(), application.transfer_id).await.unwrap();
        let before = books().await;
        let standing = before.standing.unwrap();
        assert!(before.draft);
        assert_eq!((standing.status, standing.months, standing.arrears_fen.fen()), (RelationStatus::Suspended, 38, 0));
        let sums = |view: Option<desk::InformationView>| -> Vec<i64> { view.unwrap().lines.iter().map(|line| line.amount_fen.fen()).collect() };
        let expected = sums(before.information);
        house.pass_both(WUHAN, "transfer_out").await;
        let reviewer = house.staff(WUHAN, Role::AgencyReviewer);
        let after = desk::transfer(&reviewer, &house.db, RuleBook::embedded(), application.transfer_id).await.unwrap();
        assert!(!after.draft && after.standing.is_none());
        assert_eq!(sums(after.information), expected);
        assert!(expected[5] > 0);
    }

    async fn a_transfer_goes_on_to_a_third_region(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        house.load(WUHAN, &[row(&id, "养老", "暂停参保", "2022-03", "2025-04", "5000")]).await;
        let first = house.application(&id, WUHAN, CHANGSHA);
        whole_transfer(&mut house, &first).await;
        house.load(CHANGSHA, &[row(&id, "养老", "暂停参保", "2026-01", "2026-10", "6000")]).await;
        let held = house.personal(CHANGSHA, &id).await.balance_fen;
        let second = house.application(&id, CHANGSHA, GUANGZHOU);
        whole_transfer(&mut house, &second).await;
        let relation = house.relation(GUANGZHOU, &id).await.unwrap();
        assert_eq!((relation.spans.to_string().as_str(), relation.spans.len()), ("202203-202504,202601-202610", 48));
        assert_eq!(house.personal(GUANGZHOU, &id).await.balance_fen, held);
        assert_eq!(house.personal(CHANGSHA, &id).await.balance_fen, 0);
        assert_eq!(house.fund(GUANGZHOU, AccountKind::Pooled).await.balance_fen, 38 * 60_000 + 10 * 72_000);

        // What has left cannot leave again, and loading the old file again does not bring it back.
        house.load(WUHAN, &[row(&id, "养老", "暂停参保", "2022-03", "2025-04", "5000")]).await;
        assert_eq!(house.relation(WUHAN, &id).await.unwrap().status, RelationStatus::Terminated);
        let third = house.application(&id, WUHAN, GUANGZHOU);
        house.file(GUANGZHOU, Message::TransferApplication(third)).await.unwrap();
        house.pass_both(GUANGZHOU, "transfer_in").await;
        let refused = house.decide(WUHAN, "transfer_out", Role::AgencyClerk, Act::Pass).await.unwrap_err();
        assert_eq!(refused.findings[1].rule, "already_transferred");
    }

    async fn the_second_reviewer_is_another_person(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        let application = house.application(&id, WUHAN, CHANGSHA);
        house.file(CHANGSHA, Message::TransferApplication(application)).await.unwrap();
        let supervisor = Role::AgencySupervisor;
        let refused = house.decide(CHANGSHA, "transfer_in", supervisor, Act::Pass).await.unwrap_err();
        assert_eq!(refused.rule(), "permission_denied");
        house.decide(CHANGSHA, "transfer_in", Role::AgencyClerk, Act::Pass).await.unwrap();
        let refused = house.decide(CHANGSHA, "transfer_in", Role::AgencyClerk, Act::Approve).await.unwrap_err();
        assert_eq!(refused.rule(), "permission_denied");
    }

    async fn messages_of_strangers_change_nothing(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        let mut foreign = house.application(&id, WUHAN, CHANGSHA);
        foreign.employer.id = uuid::Uuid::now_v7();
        let refused = house.file(CHANGSHA, Message::TransferApplication(foreign)).await.unwrap_err();
        assert_eq!(refused.rule(), "transfer_wrong_sender");
        let misdirected = house.application(&id, WUHAN, CHANGSHA);
        let refused = house.file(GUANGZHOU, Message::TransferApplication(misdirected)).await.unwrap_err();
        assert_eq!(refused.rule(), "transfer_wrong_region");
        let unknown = exchange::message::TransferCompleted {
            transfer_id: uuid::Uuid::now_v7(),
            posted_on: control::clock::today(),
            amount_fen: standard::Money::ZERO,
        };
        let refused = house.file(WUHAN, Message::TransferCompleted(unknown)).await.unwrap_err();
        assert_eq!(refused.rule(), "transfer_unknown");
        assert!(house.events.is_empty());
    }

    async fn documents_are_made_sealed_and_found(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        house.load(WUHAN, &[row(&id, "养老", "暂停参保", "2022-03", "2025-04", "5000")]).await;
        let application = house.application(&id, WUHAN, CHANGSHA);
        whole_transfer(&mut house, &application).await;
        let renderer = control::document::Renderer::new(&[]).unwrap();
        let mut made = 0;
        while let count @ 1.. = transfer::documents::run_jobs(&house.db, &renderer, "http://localhost/verify").await.unwrap() {
            made += count;
        }
        assert_eq!(made, 4);
        for (code, kinds) in [(CHANGSHA, vec!["contact_letter", "receipt", "transfer_application"]), (WUHAN, vec!["information_form", "fund_notice"])] {
            let office = Organisation::Agency(region(code));
            let documents = seal::documents_of(&house.db, &office, application.transfer_id).await.unwrap();
            let mut found: Vec<&str> = documents.iter().map(|document| document.kind.key()).collect();
            found.sort_unstable();
            let mut kinds = kinds;
            kinds.sort_unstable();
            assert_eq!(found, kinds);
            let pdf = seal::document_pdf(&house.db, &documents[0]).await.unwrap();
            assert!(pdf.starts_with(b"%PDF"));
        }
        let docket = transfer::find(&mut house.db.read(), &house.db, region(WUHAN), application.transfer_id).await.unwrap().unwrap();
        assert_eq!(docket.state, DocketState::Completed);
    }
}
