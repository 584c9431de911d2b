//! 柜面参保: entered by one clerk of the demo, checked by the other, approved by the reviewer.

use crate::support::{Data, On, Person, made_up_id};
use serde_json::{Value, json};
use standard::Date;

fn rules(findings: &Value) -> Vec<&str> {
    findings
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["rule"].as_str().unwrap())
        .collect()
}

async fn at_the_counter(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::demo(folder.path(), on, 0).await;
    let server = data.serve().await;
    let at = async |name: &str| Person::sign_in(&server, name).await;
    let (clerk, second, reviewer) = (at("cs_clerk").await, at("cs_clerk2").await, at("cs_reviewer").await);
    let supervisor = at("cs_supervisor").await;
    let id_number = made_up_id(Date::constant(1970, 5, 1), 321);
    let today = control::clock::today();
    let mut form = json!({
        "name": "柳柜面", "id_number": id_number, "phone": "0731-84907890", "social_card": "A12345678", "household_region": "武汉市",
        "employer_name": "长沙柜面贸易有限公司", "credit_code": standard::CreditCode::compose("91430100MA4L0000Y").unwrap().as_str(),
        "start_month": standard::Month::of(today).to_string(), "base_fen": 800_000, "insurances": ["pension"], "employed_on": today.to_string(),
    });
    let found = clerk.post("/agency/enrolments/check", form.clone()).await.ok();
    assert_eq!(rules(&found), ["temporary_account_opened", "nationwide_at_submission"]);
    let draft = clerk.post("/agency/enrolments", form.clone()).await.ok();
    let id = draft["case"]["id"].as_str().unwrap().to_owned();
    form["base_fen"] = json!(900_000);
    let edited = clerk
        .put(
            &format!("/cases/{id}/form"),
            json!({ "version": draft["case"]["version"], "form": form }),
        )
        .await
        .ok();
    let submit = json!({ "version": edited["case"]["version"] });
    clerk.post(&format!("/cases/{id}/submit"), submit).await.ok();
    let seen = second
        .wait_for(&format!("/cases/{id}"), "the nation's answer", |detail| {
            !rules(&detail["case"]["findings"]).contains(&"nationwide_pending")
        })
        .await;
    assert_eq!(rules(&seen["case"]["findings"]), ["temporary_account_opened"]);
    assert_eq!(clerk.act(&seen["case"], "pass", json!([])).await.rule(), "same_person");
    let passed = second.act(&seen["case"], "pass", json!([])).await.ok();
    assert!(!passed["allowed_actions"].as_array().unwrap().contains(&json!("assign")));
    reviewer.act(&passed["case"], "approve", json!([])).await.ok();
    let hits = clerk.post("/agency/persons/search", json!({ "id_number": id_number })).await.ok();
    let person = clerk
        .get(&format!("/agency/persons/{}", hits[0]["id"].as_str().unwrap()))
        .await
        .ok();
    assert_eq!(person["relations"][0]["account_kind"], "temporary");
    assert_eq!(
        (&person["social_card_masked"], &person["household_region"]),
        (&json!("A1*****78"), &json!("420100"))
    );
    let trail = supervisor.get(&format!("/audit?object=case&object_id={id}&limit=50")).await.ok();
    let edit = trail["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|event| event["action"] == "case.edit")
        .unwrap();
    assert_eq!(
        (&edit["before"]["fields"]["base_fen"], &edit["after"]["fields"]["base_fen"]),
        (&json!(800_000), &json!(900_000))
    );
    assert!(!trail.to_string().contains(&id_number), "no plain ID number in the trail");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_enrolment_to_its_end_sqlite() {
    at_the_counter(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_enrolment_to_its_end_postgres() {
    at_the_counter(On::Postgres).await;
}
