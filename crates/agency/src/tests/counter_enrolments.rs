//! An enrolment entered at the counter: what its check says from the own books, and its way to the end with two clerks.

use control::audit::{self, AuditFilter};
use control::identity::{Actor, Role};
use control::review::{self, Decision};
use policy::RuleBook;
use serde_json::{Value, json};
use standard::{IdNumber, Month, RelationStatus, Severity};
use store::{Query, args, both};
use uuid::Uuid;

use super::enrolments::{check as ask_nation, rules};
use super::house::{CHANGSHA, House, NAME, WUHAN, id_born, region, row};
use crate::enrolment::{self, PersonId};
use crate::{desk, employers};

fn typed(id: &IdNumber) -> Value {
    json!({
        "name": NAME, "id_number": id.reveal(), "phone": "0731-84907890", "social_card": "ａ12345678", "household_region": "武汉市",
        "employer_name": "长沙柜面贸易有限公司", "credit_code": code(),
        "start_month": Month::of(control::clock::today()).to_string(), "base_fen": 800_000, "insurances": ["pension", "medical"],
        "employed_on": control::clock::today().to_string(),
    })
}

fn code() -> String {
    standard::CreditCode::compose("91430100MA4L0000Y").unwrap().as_str().to_owned()
}

async fn found(house: &mut House, form: &Value) -> Vec<(String, Option<String>)> {
    let clerk = house.staff(CHANGSHA, Role::AgencyClerk);
    let findings = enrolment::check(&clerk, &house.db, RuleBook::embedded(), form).await.unwrap();
    findings.into_iter().map(|finding| (finding.rule, finding.field)).collect()
}

fn has(found: &[(String, Option<String>)], rule: &str, field: &str) -> bool {
    found.iter().any(|(one, at)| one == rule && at.as_deref() == Some(field))
}

both! {
    async fn the_check_asks_the_own_books_while_typing(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        let clear = found(&mut house, &typed(&id)).await;
        assert_eq!(clear, [("nationwide_at_submission".to_owned(), None)], "nothing found here is not nothing found");
        house.load(CHANGSHA, &[row(&id, "养老", "正常参保", "2022-03", "2025-04", "5000")]).await;
        // as soon as name and number are there
        let mut early = json!({ "name": "周另名", "id_number": id.reveal(), "insurances": ["pension"] });
        let now = found(&mut house, &early).await;
        assert!(has(&now, "insured_here", "insurances") && has(&now, "identity_mismatch", "name"), "{now:?}");
        early["name"] = json!("");
        let now = found(&mut house, &early).await;
        assert!(has(&now, "insured_here", "insurances") && !has(&now, "identity_mismatch", "name"), "{now:?}");
        // another region's books are not read
        let other = id_born(1991);
        house.load(WUHAN, &[row(&other, "养老", "正常参保", "2022-03", "2025-04", "5000")]).await;
        assert_eq!(found(&mut house, &typed(&other)).await.len(), 1);
        // who looked is known
        let supervisor = house.staff(CHANGSHA, Role::AgencySupervisor);
        let filter = AuditFilter { object: Some("person".into()), object_id: Some(house.person(&id).0.to_string()), limit: 20, ..AuditFilter::default() };
        let trail = audit::trail(&supervisor, &house.db, &filter).await.unwrap();
        assert_eq!(trail.iter().filter(|event| event.action == "enrolment.check").count(), 2);
        let reviewer = house.staff(CHANGSHA, Role::AgencyReviewer);
        assert!(enrolment::check(&reviewer, &house.db, RuleBook::embedded(), &typed(&id)).await.is_err());
    }

    async fn the_check_names_every_fault_by_its_field(db: Db) {
        let mut house = House::new(db).await;
        let mut form = typed(&id_born(1990));
        form["name"] = json!("赵<b>1");
        form["phone"] = json!("12345");
        form["base_fen"] = json!(1_000_000_000_000_i64);
        form["social_card"] = json!("430102199006020019");
        let faults = found(&mut house, &form).await;
        for (rule, field) in [("name_unreadable", "name"), ("phone_unreadable", "phone"), ("base_out_of_range", "base_fen"), ("social_card_unreadable", "social_card")] {
            assert!(has(&faults, rule, field), "{rule} in {faults:?}");
        }
        form["household_region"] = json!("没有的市");
        assert!(has(&found(&mut house, &form).await, "region_unknown", "household_region"));
        let mut low = typed(&id_born(1990));
        low["base_fen"] = json!(10_000);
        assert!(has(&found(&mut house, &low).await, "wage_below_floor", "base_fen"));
        let mut old = typed(&id_born(1970));
        assert!(has(&found(&mut house, &old).await, "temporary_account_opened", "household_region"));
        old["household_region"] = json!(null);
        assert!(has(&found(&mut house, &old).await, "household_missing", "household_region"));
        // the register knows another name under this code
        let mut tx = house.db.begin().await.unwrap();
        employers::register(&mut tx, region(CHANGSHA), &house.employer_party()).await.unwrap();
        tx.commit().await.unwrap();
        let mut other = typed(&id_born(1990));
        other["credit_code"] = json!(house.employer_party().credit_code.as_str());
        assert!(has(&found(&mut house, &other).await, "unit_name_mismatch", "employer_name"));
        other["employer_name"] = json!("长沙星河制造有限公司");
        assert_eq!(found(&mut house, &other).await.len(), 1);
    }

    async fn two_clerks_and_a_reviewer_bring_it_to_the_end(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        let clerk = house.staff(CHANGSHA, Role::AgencyClerk);
        let second = Actor { user_id: Uuid::now_v7(), name: "王经办".into(), ..clerk.clone() };
        let reviewer = house.staff(CHANGSHA, Role::AgencyReviewer);
        let mut tx = house.db.begin().await.unwrap();
        let case = review::draft(&clerk, &mut tx, &house.registry, enrolment::new_case(&clerk, typed(&id)).unwrap()).await.unwrap();
        let case = review::submit(&clerk, &mut tx, &house.registry, case.id, case.version).await.unwrap();
        tx.commit().await.unwrap();
        ask_nation(&house, &[CHANGSHA, WUHAN], &[]).await;
        let case = { let waiting = house.waiting(CHANGSHA, "enrolment").await; assert_eq!(waiting.id, case.id); waiting };
        assert!(rules(&case).is_empty(), "{:?}", rules(&case));
        let shown: Vec<(String, String)> = house.registry.get("enrolment").unwrap().view(&case)[0]
            .fields.iter().map(|field| (field.key.clone(), field.value.clone())).collect();
        assert!(shown.contains(&("social_card".into(), "A1*****78".into())) && shown.contains(&("person.household_region".into(), region(WUHAN).full_name())), "{shown:?}");
        let decision = Decision::on(&case);
        let mut tx = house.db.begin().await.unwrap();
        assert_eq!(review::pass(&clerk, &mut tx, &house.registry, case.id, &decision).await.unwrap_err().rule(), "same_person");
        drop(tx);
        let mut tx = house.db.begin().await.unwrap();
        let case = review::pass(&second, &mut tx, &house.registry, case.id, &decision).await.unwrap();
        let case = review::approve(&reviewer, &mut tx, &house.registry, case.id, &Decision::on(&case)).await.unwrap();
        tx.commit().await.unwrap();
        house.post().await;
        assert_eq!(case.result.as_ref().unwrap()["account_kind"], "general");
        assert_eq!(house.relation(CHANGSHA, &id).await.unwrap().status, RelationStatus::Active);
        // the card is kept sealed, and shown masked
        let person = house.person(&id);
        let row = house.db.read().one("SELECT card_sealed FROM agency_person WHERE person_id = $1", args![person.0]).await.unwrap();
        let sealed: Vec<u8> = row.get("card_sealed").unwrap();
        assert!(!sealed.windows(8).any(|part| part == b"12345678"));
        let kept = enrolment::social_card(&mut house.db.read(), house.db.cipher(), PersonId(person.0), region(CHANGSHA)).await.unwrap();
        assert_eq!(kept.as_deref(), Some("A12345678"));
        let seen = desk::person(&clerk, &house.db, person.0).await.unwrap();
        assert_eq!((seen.social_card_masked.as_deref(), seen.household_region), (Some("A1*****78"), Some(region(WUHAN))));
    }

    async fn the_counter_leaves_the_register_as_it_is(db: Db) {
        let mut house = House::new(db).await;
        let mut tx = house.db.begin().await.unwrap();
        let own = employers::register(&mut tx, region(CHANGSHA), &house.employer_party()).await.unwrap();
        let party = exchange::message::EmployerParty { id: Uuid::nil(), contact: String::new(), phone: String::new(), ..house.employer_party() };
        assert_eq!(employers::register(&mut tx, region(CHANGSHA), &party).await.unwrap(), own, "contact and phone stay");
        tx.commit().await.unwrap();
        let mut form = typed(&id_born(1990));
        form["base_fen"] = json!(99_999_900);
        let clerk = house.staff(CHANGSHA, Role::AgencyClerk);
        let findings = enrolment::check(&clerk, &house.db, RuleBook::embedded(), &form).await.unwrap();
        assert!(findings.iter().all(|finding| finding.severity == Severity::Info), "a wage above the ceiling stops nobody: {findings:?}");
        assert!(findings.iter().any(|finding| finding.rule == "wage_above_ceiling"));
    }
}
