//! Returns and refusals at each step, each with its reasons before HR, and what becomes of the money.

use control::identity::Role;
use exchange::Message;
use exchange::message::DeclineKind;
use exchange::message::TransferStep::{self, Completed, FundsReceived, FundsSent, OldAccepted, OldReviewed, Refused, Returned};
use standard::{Insurance, Money, RelationStatus};
use store::{Db, both};

use super::house::{Act, CHANGSHA, House, WUHAN, id_born, region, row, signed};
use crate::enrolment::{self, AccountKind as Kind, Relation};
use crate::ledger::AccountKind;
use crate::transfer;

async fn filed(db: Db, status: &str) -> (House, standard::IdNumber, exchange::message::TransferApplication) {
    let mut house = House::new(db).await;
    let id = id_born(1990);
    house.load(WUHAN, &[row(&id, "养老", status, "2022-03", "2025-04", "5000")]).await;
    let application = house.application(&id, WUHAN, CHANGSHA);
    house
        .file(CHANGSHA, Message::TransferApplication(application.clone()))
        .await
        .unwrap();
    (house, id, application)
}

fn last(house: &House) -> (TransferStep, Vec<&str>) {
    let event = house.events.last().unwrap();
    (event.step, event.reasons.iter().map(|reason| reason.code.as_str()).collect())
}

async fn change(house: &House, id: &standard::IdNumber, change: impl FnOnce(&mut Relation)) {
    let mut relation = house.relation(WUHAN, id).await.unwrap();
    change(&mut relation);
    let mut tx = house.db.begin().await.unwrap();
    enrolment::save_relation(&mut tx, &relation).await.unwrap();
    tx.commit().await.unwrap();
}

async fn stopped_by(house: &mut House) -> Vec<String> {
    let refused = house.decide(WUHAN, "transfer_out", Role::AgencyClerk, Act::Pass).await.unwrap_err();
    assert_eq!(refused.rule(), "compliance_blocking");
    refused.findings[1..].iter().map(|finding| finding.rule.clone()).collect()
}

/// What the office at `code` shows of the other's word: whether it may be tried again, and why.
async fn said(house: &House, code: u32, application: &exchange::message::TransferApplication) -> (bool, Vec<String>) {
    let docket = transfer::find(&mut house.db.read(), &house.db, region(code), application.transfer_id)
        .await
        .unwrap()
        .unwrap();
    let declined = docket.declined.expect("the other office declined");
    let codes = declined.reasons.into_iter().map(|reason| reason.code).collect();
    (declined.kind == DeclineKind::Returned, codes)
}

async fn printed(house: &House) {
    let renderer = control::document::Renderer::new(&[]).unwrap();
    while transfer::documents::run_jobs(&house.db, &renderer, "http://localhost/verify")
        .await
        .unwrap()
        > 0
    {}
}

/// The papers of an office, in the order of their kinds, and which of them are void.
async fn papers(house: &House, code: u32, application: &exchange::message::TransferApplication) -> Vec<String> {
    let office = standard::Organisation::Agency(region(code));
    let kept = control::seal::documents_of(&house.db, &office, application.transfer_id)
        .await
        .unwrap();
    let named = |one: &control::seal::SealedDocument| format!("{}{}", one.kind.key(), if one.revoked_at.is_some() { " void" } else { "" });
    let mut named: Vec<String> = kept.iter().map(named).collect();
    named.sort_unstable();
    named
}

both! {
    async fn the_new_region_returns_and_the_corrected_application_goes_on(db: Db) {
        let (mut house, _, mut application) = filed(db, "暂停参保").await;
        house.decide(CHANGSHA, "transfer_in", Role::AgencyClerk, Act::Return("document_unclear")).await.unwrap();
        assert_eq!(last(&house), (Returned, vec!["document_unclear"]));
        assert!(house.events.last().unwrap().reasons[0].remedy_zh.is_some());
        application.round = 2;
        house.file(CHANGSHA, Message::TransferApplication(application)).await.unwrap();
        assert_eq!(house.waiting(CHANGSHA, "transfer_in").await.round, 2);
        house.pass_both(CHANGSHA, "transfer_in").await;
        assert_eq!(house.events.last().unwrap().step, OldAccepted);
        assert_eq!(house.events.last().unwrap().round, 2);
    }

    async fn a_form_that_contradicts_itself_comes_back_at_once(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        let mut application = house.application(&id, WUHAN, CHANGSHA);
        application.form.name = "李试".into();
        application.document.signature.clear();
        house.file(CHANGSHA, Message::TransferApplication(application)).await.unwrap();
        assert_eq!(house.steps(), [Returned]);
        assert_eq!(last(&house), (Returned, vec!["identity_mismatch", "signature_invalid"]));
    }

    async fn a_changed_byte_of_the_signed_form_comes_back(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        let alter: [fn(&mut exchange::message::SignedDocument); 3] = [
            |document| document.pdf_base64 = signed(b"%PDF another application").pdf_base64,
            |document| document.digest = signed(b"%PDF another application").digest,
            |document| document.pdf_base64 = Some("no base64 at all".into()),
        ];
        for change in alter {
            let mut application = house.application(&id, WUHAN, CHANGSHA);
            change(&mut application.document);
            house.file(CHANGSHA, Message::TransferApplication(application)).await.unwrap();
            assert_eq!(last(&house), (Returned, vec!["signature_invalid"]));
        }
        let whole = house.application(&id, WUHAN, CHANGSHA);
        house.file(CHANGSHA, Message::TransferApplication(whole.clone())).await.unwrap();
        let office = standard::Organisation::Agency(region(CHANGSHA));
        let kept = control::seal::documents_of(&house.db, &office, whole.transfer_id).await.unwrap();
        assert_eq!(kept[0].digest, whole.document.digest, "the clerks can open what was signed");
    }

    async fn past_fifty_the_relation_stays_and_the_new_region_refuses(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1970);
        let application = house.application(&id, WUHAN, CHANGSHA);
        house.file(CHANGSHA, Message::TransferApplication(application)).await.unwrap();
        let stopped = house.decide(CHANGSHA, "transfer_in", Role::AgencyClerk, Act::Pass).await.unwrap_err();
        assert_eq!(stopped.findings[1].rule, "temporary_account_required");
        house.decide(CHANGSHA, "transfer_in", Role::AgencyClerk, Act::Refuse("temporary_account_required")).await.unwrap();
        assert_eq!(last(&house), (Refused, vec!["temporary_account_required"]));
        // Coming home has no age, and home is the whole province.
        let mut home = house.application(&id, WUHAN, CHANGSHA);
        home.person.household_region = Some(region(430_281));
        house.file(CHANGSHA, Message::TransferApplication(home)).await.unwrap();
        house.decide(CHANGSHA, "transfer_in", Role::AgencyClerk, Act::Pass).await.unwrap();
    }

    async fn a_second_transfer_of_the_person_waits_for_the_first(db: Db) {
        let (mut house, id, _) = filed(db, "暂停参保").await;
        let second = house.application(&id, WUHAN, CHANGSHA);
        house.file(CHANGSHA, Message::TransferApplication(second)).await.unwrap();
        assert_eq!(last(&house), (Returned, vec!["transfer_already_open"]));
    }

    async fn the_old_region_names_every_obstacle(db: Db) {
        let (mut house, id, _) = filed(db, "正常参保").await;
        house.pass_both(CHANGSHA, "transfer_in").await;
        assert_eq!(stopped_by(&mut house).await, ["relation_active"]);
        let stop = |relation: &mut Relation| relation.status = RelationStatus::Suspended;
        change(&house, &id, |r| { stop(r); r.arrears = Money::from_fen(1) }).await;
        assert_eq!(stopped_by(&mut house).await, ["arrears"]);
        change(&house, &id, |r| { r.arrears = Money::ZERO; r.account_kind = Kind::Temporary }).await;
        assert_eq!(stopped_by(&mut house).await, ["temporary_account"]);
        change(&house, &id, |r| { r.account_kind = Kind::General; r.duplicates = 2 }).await;
        assert_eq!(stopped_by(&mut house).await, ["history_conflict"]);
        change(&house, &id, |r| { r.duplicates = 0; r.lump_months = 37 }).await;
        assert_eq!(stopped_by(&mut house).await, ["lump_back_payment"]);
        change(&house, &id, |r| { r.lump_months = 0; r.status = RelationStatus::Terminated }).await;
        assert_eq!(stopped_by(&mut house).await, ["relation_ended"]);
        change(&house, &id, stop).await;
        let mut tx = house.db.begin().await.unwrap();
        enrolment::set_retired(&mut tx, house.person(&id), region(WUHAN), true).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stopped_by(&mut house).await, ["retired"]);
    }

    async fn the_old_region_returns_hr_corrects_and_it_completes(db: Db) {
        let (mut house, id, mut application) = filed(db, "正常参保").await;
        house.pass_both(CHANGSHA, "transfer_in").await;
        house.decide(WUHAN, "transfer_out", Role::AgencyClerk, Act::Return("relation_active")).await.unwrap();
        assert_eq!(last(&house), (Returned, vec!["relation_active"]));
        // The old employer stops the insurance; the same months, another status.
        house.load(WUHAN, &[row(&id, "养老", "暂停参保", "2022-03", "2025-04", "5000")]).await;
        application.round = 2;
        house.file(CHANGSHA, Message::TransferApplication(application)).await.unwrap();
        house.pass_both(CHANGSHA, "transfer_in").await;
        house.pass_both(WUHAN, "transfer_out").await;
        house.decide(CHANGSHA, "transfer_posting", Role::AgencyClerk, Act::Pass).await.unwrap();
        assert_eq!(house.events.last().unwrap().step, Completed);
        assert_eq!(house.relation(WUHAN, &id).await.unwrap().status, RelationStatus::Terminated);
        house.sound().await;
    }

    async fn the_old_region_refuses_for_good(db: Db) {
        let (mut house, id, mut application) = filed(db, "暂停参保").await;
        house.pass_both(CHANGSHA, "transfer_in").await;
        house.decide(WUHAN, "transfer_out", Role::AgencyClerk, Act::Refuse("temporary_account")).await.unwrap();
        assert_eq!(last(&house), (Refused, vec!["temporary_account"]));
        assert_eq!(said(&house, CHANGSHA, &application).await, (false, vec!["temporary_account".to_owned()]));
        assert_eq!(house.relation(WUHAN, &id).await.unwrap().status, RelationStatus::Suspended);
        application.round = 2;
        let again = house.file(CHANGSHA, Message::TransferApplication(application)).await.unwrap_err();
        assert_eq!(again.rule(), "transfer_not_expected");
    }

    async fn posting_refused_gives_the_money_back(db: Db) {
        let (mut house, id, application) = filed(db, "暂停参保").await;
        let held = house.personal(WUHAN, &id).await;
        house.pass_both(CHANGSHA, "transfer_in").await;
        house.pass_both(WUHAN, "transfer_out").await;
        house.decide(CHANGSHA, "transfer_posting", Role::AgencyClerk, Act::Refuse("not_eligible")).await.unwrap();
        assert_eq!(last(&house), (Refused, vec!["not_eligible"]));
        assert_eq!(house.personal(WUHAN, &id).await, held);
        assert_eq!(house.fund(CHANGSHA, AccountKind::Bank).await.balance_fen, 0);
        assert_eq!(house.fund(CHANGSHA, AccountKind::Clearing).await.balance_fen, 0);
        assert_eq!(house.relation(WUHAN, &id).await.unwrap().status, RelationStatus::Suspended);
        assert_eq!(house.relation(CHANGSHA, &id).await, None);
        assert_eq!(said(&house, WUHAN, &application).await, (false, vec!["not_eligible".to_owned()]));
        house.sound().await;
    }

    async fn a_decline_is_in_writing_and_the_forms_of_its_payment_are_void(db: Db) {
        let (mut house, _, application) = filed(db, "暂停参保").await;
        house.pass_both(CHANGSHA, "transfer_in").await;
        house.pass_both(WUHAN, "transfer_out").await;
        printed(&house).await;
        house.decide(CHANGSHA, "transfer_posting", Role::AgencyClerk, Act::Return("amount_mismatch")).await.unwrap();
        printed(&house).await;
        assert_eq!(papers(&house, CHANGSHA, &application).await, ["contact_letter", "decline", "transfer_application"]);
        assert_eq!(papers(&house, WUHAN, &application).await, ["fund_notice void", "information_form void"]);
        house.pass_both(WUHAN, "transfer_out").await;
        printed(&house).await;
        let both = ["fund_notice", "fund_notice void", "information_form", "information_form void"];
        assert_eq!(papers(&house, WUHAN, &application).await, both);
    }

    async fn posting_returned_is_sent_again_and_completes(db: Db) {
        let (mut house, id, application) = filed(db, "暂停参保").await;
        let held = house.personal(WUHAN, &id).await.balance_fen;
        house.pass_both(CHANGSHA, "transfer_in").await;
        house.pass_both(WUHAN, "transfer_out").await;
        house.decide(CHANGSHA, "transfer_posting", Role::AgencyClerk, Act::Return("amount_mismatch")).await.unwrap();
        assert_eq!(last(&house), (OldAccepted, vec!["amount_mismatch"]));
        assert_eq!(house.personal(WUHAN, &id).await.reserved_fen, 0);
        assert_eq!(said(&house, WUHAN, &application).await, (true, vec!["amount_mismatch".to_owned()]));
        house.pass_both(WUHAN, "transfer_out").await;
        house.decide(CHANGSHA, "transfer_posting", Role::AgencyClerk, Act::Pass).await.unwrap();
        assert_eq!(house.steps()[house.steps().len() - 4..], [OldReviewed, FundsSent, FundsReceived, Completed]);
        assert_eq!(house.personal(CHANGSHA, &id).await.balance_fen, held);
        assert_eq!(house.fund(WUHAN, AccountKind::Bank).await.balance_fen, 0);
        house.sound().await;
    }

    async fn a_form_whose_sums_do_not_add_up_goes_back_by_itself(db: Db) {
        let (mut house, id, _) = filed(db, "暂停参保").await;
        let held = house.personal(WUHAN, &id).await;
        house.tamper = Some(|message| {
            if let Message::InformationForm(form) = message {
                form.form_one.account_fen = Money::from_fen(form.form_one.account_fen.fen() + 1);
            }
        });
        house.pass_both(CHANGSHA, "transfer_in").await;
        house.pass_both(WUHAN, "transfer_out").await;
        assert_eq!(last(&house), (OldAccepted, vec!["amount_mismatch", "amount_mismatch", "amount_mismatch"]));
        assert_eq!(house.personal(WUHAN, &id).await, held);
        house.tamper = None;
        house.pass_both(WUHAN, "transfer_out").await;
        house.decide(CHANGSHA, "transfer_posting", Role::AgencyClerk, Act::Pass).await.unwrap();
        assert_eq!(house.events.last().unwrap().step, Completed);
        house.sound().await;
    }

    async fn a_person_nobody_knows_has_no_relation_to_move(db: Db) {
        let mut house = House::new(db).await;
        let application = house.application(&id_born(1990), WUHAN, CHANGSHA);
        house.file(CHANGSHA, Message::TransferApplication(application)).await.unwrap();
        house.pass_both(CHANGSHA, "transfer_in").await;
        assert_eq!(stopped_by(&mut house).await, ["no_relation"]);
        assert_eq!(Insurance::Pension.zh(), "养老");
    }
}
