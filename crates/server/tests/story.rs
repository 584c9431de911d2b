//! One hire, followed through HTTP: from the first ID number to a completed transfer.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use serde_json::{Value, json};
use server::cli::demo::people::person;
use support::{On, Person, demo_server};

fn id_of(name: &str) -> String {
    person(name).id_number().reveal().to_owned()
}

async fn hire(hr: &Person, name: &str) -> String {
    let hired = hr
        .post(
            "/employees",
            json!({"name": name, "id_number": id_of(name), "phone": "13900000009", "hired_on": today(), "region": "430100",
                "department": "生产部", "position": "操作工", "wage_fen": 650_000}),
        )
        .await
        .ok();
    hired["employee"]["id"].as_str().unwrap().to_owned()
}

fn today() -> String {
    control::clock::today().to_string()
}

async fn file_transfer(hr: &Person, name: &str, from: &str) -> String {
    let employee = hire(hr, name).await;
    let transfer = hr.post("/transfers", json!({"employee_id": employee, "from_region": from, "insurance": "pension"})).await.ok();
    let id = transfer["id"].as_str().unwrap().to_owned();
    hr.post(&format!("/transfers/{id}/sign"), json!({})).await.ok();
    hr.post(&format!("/transfers/{id}/file"), json!({})).await.ok();
    id
}

fn steps(transfer: &Value) -> Vec<String> {
    let reached = |row: &&Value| row["at"].is_string();
    transfer["timeline"].as_array().unwrap().iter().filter(reached).map(|row| row["step"].as_str().unwrap().to_owned()).collect()
}

async fn pass_and_approve(clerk: &Person, reviewer: &Person, business: &str, name: &str) {
    let case = clerk.case_of(business, name).await;
    let passed = clerk.act(&case, "pass", json!([])).await.ok();
    let same = clerk.act(&passed["case"], "approve", json!([])).await;
    assert!(["same_person", "permission_denied"].contains(&same.rule()), "one person must not do both: {same:?}");
    reviewer.act(&passed["case"], "approve", json!([])).await.ok();
}

async fn the_whole_way(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let server = demo_server(folder.path(), on, 5).await;
    let hr = Person::sign_in(&server, "hr_manager").await;
    let (cs_clerk, cs_reviewer) = (Person::sign_in(&server, "cs_clerk").await, Person::sign_in(&server, "cs_reviewer").await);
    let (wh_clerk, wh_reviewer) = (Person::sign_in(&server, "wh_clerk").await, Person::sign_in(&server, "wh_reviewer").await);

    // A person still paying in Wuhan: the sentence and the button.
    let report = hr.post("/status-queries", json!({"name": "周文静", "id_number": id_of("周文静"), "region": "430100"})).await.ok();
    let first = &report["findings"][0];
    assert_eq!(first["message"]["zh"], "该员工在武汉仍有在缴养老保险，请先办理转移手续");
    assert!(first["action"].as_str().unwrap().starts_with("start_transfer"));
    assert!(report["elapsed_ms"].as_i64().unwrap() < 1000);

    // The same number under another name contradicts the record.
    let other = hr.post("/status-queries", json!({"name": "周文婧", "id_number": id_of("周文静"), "region": "430100"})).await.ok();
    assert_eq!(other["answer"]["name_matches"], false);
    assert_eq!(other["verdict"], "bad_data");

    let id = file_transfer(&hr, "陈国强", "420100").await;
    let pdf = hr.bytes(&format!("/transfers/{id}/application.pdf")).await;
    assert!(pdf.starts_with(b"%PDF"));
    check_signature(&hr, &id, &pdf).await;

    pass_and_approve(&cs_clerk, &cs_reviewer, "transfer_in", "陈国强").await;
    pass_and_approve(&wh_clerk, &wh_reviewer, "transfer_out", "陈国强").await;
    let posting = cs_clerk.case_of("transfer_posting", "陈国强").await;
    cs_clerk.act(&posting, "pass", json!([])).await.ok();

    let done = hr.wait_for(&format!("/transfers/{id}"), "completion", |t| t["state"] == "completed").await;
    let steps = steps(&done);
    for step in ["submitted", "accepted_new", "old_reviewed", "funds_received", "completed"] {
        assert!(steps.iter().any(|s| s == step), "{step} is missing in {steps:?}");
    }
    let confirmed = hr.post(&format!("/transfers/{id}/confirm"), json!({})).await.ok();
    assert_eq!(confirmed["state"], "confirmed");

    // Afterwards the nation knows the person in Changsha only as active; nothing is paid twice.
    let after = hr.post("/status-queries", json!({"name": "陈国强", "id_number": id_of("陈国强"), "region": "430100"})).await.ok();
    let pension: Vec<_> = after["answer"]["relations"].as_array().unwrap().iter().filter(|r| r["insurance"] == "pension" && r["status"] != "terminated").collect();
    assert_eq!(pension.len(), 1, "{after}");
    assert_eq!(pension[0]["region"], "430100");
    assert_eq!(after["answer"]["months_total"]["pension"], 134, "2015-07 to 2026-08");

    refusals_on_the_way(&hr, &cs_clerk, &wh_clerk).await;

    let gone = hr.delete("/sessions/current").await;
    assert_eq!(gone.status, 204);
    assert_eq!(hr.get("/sessions/current").await.status, 401, "signing out ends the session on the server");
}

/// The signed PDF verifies; with one byte changed it does not.
async fn check_signature(hr: &Person, id: &str, pdf: &[u8]) {
    let transfer = hr.get(&format!("/transfers/{id}")).await.ok();
    let code = transfer["documents"][0]["code"].as_str().unwrap();
    let good = hr.upload(&format!("/verifications/{code}"), "application.pdf", pdf).await.ok();
    assert_eq!(good["valid"], true);
    let mut changed = pdf.to_vec();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let bad = hr.upload(&format!("/verifications/{code}"), "application.pdf", &changed).await.ok();
    assert_eq!(bad["valid"], false, "a changed byte must fail");
}

/// Returned by the new region, then by the old one; HR sees why and what to do.
async fn refusals_on_the_way(hr: &Person, cs_clerk: &Person, wh_clerk: &Person) {
    let id = file_transfer(hr, "何丽娟", "420100").await;
    let case = cs_clerk.case_of("transfer_in", "何丽娟").await;
    let unexplained = cs_clerk.act(&case, "return", json!([])).await;
    assert_eq!(unexplained.rule(), "reason_required");
    cs_clerk.act(&case, "return", json!([{"code": "document_unclear", "text": null}])).await.ok();
    let returned = hr.wait_for(&format!("/transfers/{id}"), "the return", |t| t["state"] == "returned").await;
    let reasons = returned["reasons"].as_array().cloned().unwrap_or_default();
    assert!(reasons.iter().any(|r| r["code"] == "document_unclear"), "{returned}");

    // 周文静 still pays in Wuhan, so Wuhan's own check sends the case back by machine.
    let _ = wh_clerk;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_hire_to_completed_transfer_sqlite() {
    the_whole_way(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_hire_to_completed_transfer_postgres() {
    the_whole_way(On::Postgres).await;
}
