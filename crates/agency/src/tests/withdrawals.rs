//! The employer takes an application back: in time it ends here, too late it goes on.

use control::identity::Role;
use exchange::Message;
use exchange::message::{DeclineKind, TransferDecline, TransferStep};
use standard::Organisation;
use store::{Db, both};

use super::house::{Act, CHANGSHA, House, WUHAN, id_born, region, row};

async fn filed(db: Db) -> (House, exchange::message::TransferApplication) {
    let mut house = House::new(db).await;
    let id = id_born(1990);
    house
        .load(WUHAN, &[row(&id, "养老", "暂停参保", "2022-03", "2025-04", "5000")])
        .await;
    let application = house.application(&id, WUHAN, CHANGSHA);
    house
        .file(CHANGSHA, Message::TransferApplication(application.clone()))
        .await
        .unwrap();
    (house, application)
}

fn withdrawal(application: &exchange::message::TransferApplication) -> Message {
    Message::TransferDecline(TransferDecline {
        transfer_id: application.transfer_id,
        by: Organisation::Employer(application.employer.id),
        stage: "application".into(),
        kind: DeclineKind::Refused,
        reasons: Vec::new(),
    })
}

both! {
    async fn before_the_letter_it_ends_the_case_and_makes_room_for_another(db: Db) {
        let (mut house, application) = filed(db).await;
        house.file(CHANGSHA, withdrawal(&application)).await.unwrap();
        house.file(CHANGSHA, withdrawal(&application)).await.unwrap();
        let again = house.application(&application.person.id_number, WUHAN, CHANGSHA);
        house.file(CHANGSHA, Message::TransferApplication(again)).await.unwrap();
        house.pass_both(CHANGSHA, "transfer_in").await;
        assert_eq!(house.events.last().unwrap().step, TransferStep::OldAccepted);
    }

    async fn after_the_letter_it_goes_on(db: Db) {
        let (mut house, application) = filed(db).await;
        house.pass_both(CHANGSHA, "transfer_in").await;
        let before = house.steps();
        house.file(CHANGSHA, withdrawal(&application)).await.unwrap();
        assert_eq!(house.steps(), before);
        house.decide(WUHAN, "transfer_out", Role::AgencyClerk, Act::Pass).await.unwrap();
    }

    async fn given_up_after_the_old_region_returned_it_both_offices_close(db: Db) {
        let (mut house, application) = filed(db).await;
        house.pass_both(CHANGSHA, "transfer_in").await;
        house.decide(WUHAN, "transfer_out", Role::AgencyClerk, Act::Return("arrears")).await.unwrap();
        house.file(CHANGSHA, withdrawal(&application)).await.unwrap();
        for code in [CHANGSHA, WUHAN] {
            let docket = crate::transfer::find(&mut house.db.read(), &house.db, region(code), application.transfer_id).await.unwrap().unwrap();
            assert_eq!(docket.state, crate::transfer::DocketState::Withdrawn, "{code}");
        }
        let office = Organisation::Agency(region(WUHAN));
        let docket = crate::transfer::find(&mut house.db.read(), &house.db, region(WUHAN), application.transfer_id).await.unwrap().unwrap();
        let mut tx = house.db.begin().await.unwrap();
        let case = control::review::find(&mut tx, &office, docket.case_id.unwrap()).await.unwrap();
        assert!(case.state.is_closed());
    }

    async fn a_returned_application_may_be_given_up(db: Db) {
        let (mut house, application) = filed(db).await;
        house.decide(CHANGSHA, "transfer_in", Role::AgencyClerk, Act::Return("document_unclear")).await.unwrap();
        house.file(CHANGSHA, withdrawal(&application)).await.unwrap();
        let mut corrected = application;
        corrected.round = 2;
        assert!(house.file(CHANGSHA, Message::TransferApplication(corrected)).await.is_err(), "what was given up stays so");
    }
}
