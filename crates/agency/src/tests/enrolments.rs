//! Enrolment: accepted, answered, and stopped where the person is insured elsewhere.

use control::clock;
use control::identity::Role;
use exchange::Message;
use exchange::message::{EnrolmentApplication, EnrolmentOutcome};
use standard::{IdNumber, Insurance, Money, Month, RelationStatus};
use store::both;
use uuid::Uuid;

use super::house::{Act, CHANGSHA, House, WUHAN, id_born, person_party, region, row};

fn application(house: &House, id: &IdNumber) -> EnrolmentApplication {
    let today = clock::today();
    EnrolmentApplication {
        enrolment_id: Uuid::now_v7(),
        employer: house.employer_party(),
        person: person_party(id),
        region: region(CHANGSHA),
        insurances: vec![Insurance::Pension, Insurance::Medical],
        start_month: Month::of(today),
        base_fen: Money::from_fen(800_000),
        employed_on: today,
        applied_on: today,
    }
}

both! {
    async fn an_enrolment_is_reviewed_and_answered(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        let filed = application(&house, &id);
        house.file(CHANGSHA, Message::EnrolmentApplication(filed.clone())).await.unwrap();
        assert_eq!(house.relation(CHANGSHA, &id).await, None, "nothing takes effect before approval");
        house.pass_both(CHANGSHA, "enrolment").await;
        let relation = house.relation(CHANGSHA, &id).await.unwrap();
        assert_eq!((relation.status, relation.spans.len()), (RelationStatus::Active, 0));
        let result = &house.results[0];
        assert_eq!((result.enrolment_id, result.outcome), (filed.enrolment_id, EnrolmentOutcome::Accepted));
        assert!(result.person_number.as_ref().unwrap().starts_with("430100"));
        assert_eq!(house.directory.len(), 1);
        assert_eq!(house.results.len(), 1);
    }

    async fn a_person_insured_elsewhere_is_found(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        house.load(WUHAN, &[row(&id, "养老", "正常参保", "2022-03", "2025-04", "5000")]).await;
        let filed = application(&house, &id);
        house.file(CHANGSHA, Message::EnrolmentApplication(filed)).await.unwrap();
        let stopped = house.decide(CHANGSHA, "enrolment", Role::AgencyClerk, Act::Pass).await.unwrap_err();
        assert_eq!(stopped.findings[1].rule, "insured_elsewhere");
        assert_eq!(stopped.findings[1].message.zh, "该员工在武汉仍有在缴养老保险，请先办理转移手续");
        house.decide(CHANGSHA, "enrolment", Role::AgencyClerk, Act::Return("insured_elsewhere")).await.unwrap();
        assert_eq!(house.results[0].outcome, EnrolmentOutcome::Returned);
        assert_eq!(house.results[0].reasons[0].code, "insured_elsewhere");
        assert_eq!(house.relation(CHANGSHA, &id).await, None);
    }

    async fn a_form_with_faults_comes_back_with_all_of_them(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        let mut filed = application(&house, &id);
        filed.insurances.clear();
        filed.base_fen = Money::ZERO;
        filed.start_month = filed.start_month.plus(5);
        house.file(CHANGSHA, Message::EnrolmentApplication(filed)).await.unwrap();
        let codes: Vec<&str> = house.results[0].reasons.iter().map(|reason| reason.code.as_str()).collect();
        assert_eq!(codes, ["field_missing", "base_out_of_range", "start_too_late"]);
    }
}
