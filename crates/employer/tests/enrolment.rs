//! Enrolment applications on both databases: filed once, answered once, never insuring anybody twice.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Nation, actor, answer, changsha, guangzhou, id, relation, star_river, wuhan};
use control::clock;
use control::identity::{Actor, Role};
use employer::insurance::enrolment::{EnrolmentState, FileEnrolment, file, of_employee};
use employer::people::service as people;
use employer::people::view::{EmployeeEdit, EmployeeState, NewEmployee};
use exchange::Message;
use exchange::message::{EnrolmentOutcome, EnrolmentResult, OfficeRef, Reason};
use standard::{Insurance, Money, Organisation, RefusalKind, RegionCode, RelationStatus};
use store::{Db, Query, args};
use uuid::Uuid;

async fn hired(db: &Db, hr: &Actor, nation: &Nation, wage: Option<i64>) -> Uuid {
    let new = NewEmployee {
        name: "王敏".to_string(),
        id_number: id("1990-05-01", 11).reveal().to_string(),
        phone: None,
        hired_on: clock::today(),
        region: changsha(),
        department: String::new(),
        position: String::new(),
        wage_fen: wage.map(Money::from_fen),
        household_region: None,
        override_reason: None,
    };
    people::hire(hr, db, nation, new).await.unwrap().employee.id
}

async fn answered(
    db: &Db,
    employer_id: Uuid,
    enrolment_id: Uuid,
    region: RegionCode,
    outcome: EnrolmentOutcome,
) -> Result<(), standard::Refusal> {
    let result = EnrolmentResult {
        enrolment_id,
        region,
        outcome,
        person_number: Some("4301000001".to_string()),
        effective_on: None,
        office: OfficeRef {
            name: "长沙市社会保险经办机构".to_string(),
            region: Some(region),
            phone: None,
            actor_masked: None,
        },
        reasons: vec![Reason {
            code: "x".to_string(),
            text_zh: "资料不全".to_string(),
            text_en: "incomplete".to_string(),
            remedy_zh: None,
            remedy_en: None,
        }],
        at: clock::now(),
    };
    let mut tx = db.begin().await?;
    employer::handle(
        &mut tx,
        employer_id,
        &Organisation::Agency(region),
        Uuid::now_v7(),
        Message::EnrolmentResult(result),
    )
    .await?;
    tx.commit().await
}

async fn posted(db: &Db) -> i64 {
    db.read()
        .one("SELECT COUNT(*) AS n FROM store_outbox", args![])
        .await
        .unwrap()
        .get("n")
        .unwrap()
}

store::both! {
    async fn an_enrolment_is_filed_once_and_takes_effect_once(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let nation = Nation::default();
        let employee = hired(&db, &hr, &nation, Some(850_000)).await;
        let clerk = actor(employer_id, Role::HrClerk);
        assert_eq!(file(&clerk, &db, &nation, employee, FileEnrolment::default()).await.unwrap_err().rule(), "permission_denied");
        let filed = file(&hr, &db, &nation, employee, FileEnrolment::default()).await.unwrap();
        assert_eq!(filed.insurances, Insurance::ALL);
        let again = file(&hr, &db, &nation, employee, FileEnrolment::default()).await.unwrap();
        assert_eq!((again.id, posted(&db).await), (filed.id, 1));
        assert_eq!(people::get(&hr, &db, employee).await.unwrap().state, EmployeeState::Enrolling);
        let stranger = answered(&db, employer_id, filed.id, guangzhou(), EnrolmentOutcome::Accepted).await.unwrap_err();
        assert_eq!(stranger.rule(), "enrolment_not_concerned");
        answered(&db, employer_id, filed.id, changsha(), EnrolmentOutcome::Accepted).await.unwrap();
        answered(&db, employer_id, filed.id, changsha(), EnrolmentOutcome::Refused).await.unwrap();
        let seen = of_employee(&hr, &db, employee).await.unwrap();
        assert_eq!((seen[0].state, seen[0].person_number.as_deref()), (EnrolmentState::Effective, Some("4301000001")));
        assert_eq!(people::get(&hr, &db, employee).await.unwrap().state, EmployeeState::Insured);
    }

    async fn a_returned_enrolment_is_filed_again_under_the_same_number(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let nation = Nation::default();
        let employee = hired(&db, &hr, &nation, None).await;
        assert_eq!(file(&hr, &db, &nation, employee, FileEnrolment::default()).await.unwrap_err().rule(), "wage_missing");
        let version = people::get(&hr, &db, employee).await.unwrap().version;
        let wage = EmployeeEdit { version, wage_fen: Some(Money::from_fen(850_000)), ..EmployeeEdit::default() };
        people::edit(&hr, &db, employee, wage).await.unwrap();
        let filed = file(&hr, &db, &nation, employee, FileEnrolment::default()).await.unwrap();
        answered(&db, employer_id, filed.id, changsha(), EnrolmentOutcome::Returned).await.unwrap();
        assert_eq!(people::get(&hr, &db, employee).await.unwrap().state, EmployeeState::Direct);
        let again = file(&hr, &db, &nation, employee, FileEnrolment::default()).await.unwrap();
        assert_eq!((again.id, again.round, again.state), (filed.id, 2, EnrolmentState::Filed));
        assert!(again.reasons.is_empty());
    }

    async fn nobody_is_insured_twice_without_a_reason(db: Db) {
        let (_, hr) = star_river(&db).await;
        let nation = Nation::default();
        let employee = hired(&db, &hr, &nation, Some(850_000)).await;
        let active = relation(wuhan(), Insurance::Pension, RelationStatus::Active, 38, "2026-10");
        nation.knows(&id("1990-05-01", 11), "王敏", answer(vec![active]));
        let refusal = file(&hr, &db, &nation, employee, FileEnrolment::default()).await.unwrap_err();
        assert_eq!((refusal.kind, refusal.rule()), (RefusalKind::Conflict, "pension_active_elsewhere"));
        assert_eq!(posted(&db).await, 0);
        *nation.down.lock().unwrap() = true;
        assert_eq!(file(&hr, &db, &nation, employee, FileEnrolment::default()).await.unwrap_err().kind, RefusalKind::Unavailable);
        *nation.down.lock().unwrap() = false;
        let reasoned = FileEnrolment { override_reason: Some("原单位已出具停保证明".to_string()), ..FileEnrolment::default() };
        file(&hr, &db, &nation, employee, reasoned).await.unwrap();
        assert_eq!(posted(&db).await, 1);
        // Another name on the record is not overruled here: the application would be refused anyway.
        let (_, hr) = star_river(&db).await;
        let nation = Nation::default();
        let employee = hired(&db, &hr, &nation, Some(850_000)).await;
        nation.knows(&id("1990-05-01", 11), "另有其人", answer(vec![relation(wuhan(), Insurance::Pension, RelationStatus::Active, 1, "2026-10")]));
        let reasoned = FileEnrolment { override_reason: Some("一定要办".to_string()), ..FileEnrolment::default() };
        assert_eq!(file(&hr, &db, &nation, employee, reasoned).await.unwrap_err().rule(), "name_contradicts_record");
    }
}
