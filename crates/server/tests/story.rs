//! One hire, followed through HTTP: from the first ID number to a completed transfer, and every way it can be stopped.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "story/counter.rs"]
mod counter;
#[path = "story/guards.rs"]
mod guards;
#[path = "story/returns.rs"]
mod returns;
mod support;

use serde_json::{Value, json};
use server::cli::demo::people::person;
use support::{Data, On, Person, Server};

pub fn id_of(name: &str) -> String {
    person(name).id_number().reveal().to_owned()
}

/// The people of a transfer from Wuhan to Changsha.
pub struct Cast {
    pub server: Server,
    pub hr: Person,
    pub cs_clerk: Person,
    pub cs_reviewer: Person,
    pub wh_clerk: Person,
    pub wh_reviewer: Person,
}

impl Cast {
    pub async fn of(server: Server) -> Self {
        let at = async |name: &str| Person::sign_in(&server, name).await;
        Self {
            hr: at("hr_manager").await,
            cs_clerk: at("cs_clerk").await,
            cs_reviewer: at("cs_reviewer").await,
            wh_clerk: at("wh_clerk").await,
            wh_reviewer: at("wh_reviewer").await,
            server,
        }
    }

    pub async fn take_over(&self, name: &str) {
        pass_and_approve(&self.cs_clerk, &self.cs_reviewer, "transfer_in", name).await;
    }

    pub async fn let_go(&self, name: &str) {
        pass_and_approve(&self.wh_clerk, &self.wh_reviewer, "transfer_out", name).await;
    }

    pub async fn post(&self, name: &str) {
        let posting = self.cs_clerk.case_of("transfer_posting", name).await;
        self.cs_clerk.act(&posting, "pass", json!([])).await.ok();
    }

    /// HR's view once it stands in `state`.
    pub async fn hr_sees(&self, id: &str, state: &str) -> Value {
        self.hr.wait_for(&format!("/transfers/{id}"), state, |t| t["state"] == state).await
    }
}

pub async fn hire(hr: &Person, name: &str, id_number: &str) -> String {
    let hired = hr
        .post(
            "/employees",
            json!({"name": name, "id_number": id_number, "phone": "13900000009", "hired_on": today(), "region": "430100",
                "department": "生产部", "position": "操作工", "wage_fen": 650_000}),
        )
        .await
        .ok();
    hired["employee"]["id"].as_str().unwrap().to_owned()
}

pub fn today() -> String {
    control::clock::today().to_string()
}

pub async fn sign_and_file(hr: &Person, id: &str) {
    hr.post(&format!("/transfers/{id}/sign"), json!({})).await.ok();
    let filed = hr.post(&format!("/transfers/{id}/file"), json!({})).await.ok();
    assert_eq!(filed["state"], "filed");
}

pub async fn file_transfer(hr: &Person, name: &str, id_number: &str) -> String {
    let employee = hire(hr, name, id_number).await;
    let transfer = hr
        .post(
            "/transfers",
            json!({"employee_id": employee, "from_region": "420100", "insurance": "pension"}),
        )
        .await
        .ok();
    assert_eq!(transfer["state"], "draft");
    let id = transfer["id"].as_str().unwrap().to_owned();
    sign_and_file(hr, &id).await;
    id
}

/// The steps that happened, in order.
pub fn steps(transfer: &Value) -> Vec<String> {
    let reached = |row: &&Value| row["at"].is_string();
    transfer["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .filter(reached)
        .map(|row| row["step"].as_str().unwrap().to_owned())
        .collect()
}

async fn pass_and_approve(clerk: &Person, reviewer: &Person, business: &str, name: &str) {
    let case = clerk.case_of(business, name).await;
    let passed = clerk.act(&case, "pass", json!([])).await.ok();
    let approved = reviewer.act(&passed["case"], "approve", json!([])).await.ok();
    assert_eq!(approved["case"]["state"], "effective");
}

async fn the_whole_way(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::demo(folder.path(), on, 5).await;
    let cast = Cast::of(data.serve().await).await;
    first_query(&cast.hr).await;

    let name = "陈国强";
    let employee = hire(&cast.hr, name, &id_of(name)).await;
    let draft = cast
        .hr
        .post(
            "/transfers",
            json!({"employee_id": employee, "from_region": "420100", "insurance": "pension"}),
        )
        .await
        .ok();
    let id = draft["id"].as_str().unwrap().to_owned();
    assert!(
        draft["form"]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|f| f["severity"] != "blocking"),
        "filled from data: {draft}"
    );
    let unsigned = cast.hr.post(&format!("/transfers/{id}/file"), json!({})).await;
    assert_eq!(unsigned.rule(), "transfer_state", "nothing unsigned is filed");
    sign_and_file(&cast.hr, &id).await;
    check_signature(&cast.hr, &id).await;
    check_deadline(&cast.hr, &id, "contact_sent").await;

    second_person(&cast, name).await;
    check_deadline(&cast.hr, &id, "old_reviewed").await;
    cast.let_go(name).await;
    let before = account_of(&cast.wh_reviewer, name).await;
    cast.post(name).await;

    let done = cast.hr_sees(&id, "completed").await;
    let way = [
        "submitted",
        "accepted_new",
        "contact_sent",
        "old_accepted",
        "old_reviewed",
        "funds_sent",
        "funds_received",
        "completed",
    ];
    assert_eq!(steps(&done), way);
    for row in done["timeline"].as_array().unwrap() {
        assert!(
            !row["office"].as_str().unwrap().is_empty() && !row["label"].as_str().unwrap().is_empty(),
            "{row}"
        );
    }
    let labels: Vec<&str> = done["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["label"].as_str().unwrap())
        .collect();
    for label in ["转移申请已提交", "原参保地已审核", "资金已到账", "转移已完成"] {
        assert!(labels.contains(&label), "{label} is not among {labels:?}");
    }
    let notices = cast.hr.get("/notices").await.ok();
    assert!(notices.to_string().contains("陈国强：转移已完成"), "{notices}");
    money_moved(&cast, &id, &before).await;
    confirmed(&cast.hr, &id, &employee).await;
    status_afterwards(&cast.hr, name).await;
    signed_out(&cast.hr).await;
}

/// The sentence, the button, and a name that contradicts the record.
async fn first_query(hr: &Person) {
    let report = hr
        .post(
            "/status-queries",
            json!({"name": "周文静", "id_number": id_of("周文静"), "region": "430100"}),
        )
        .await
        .ok();
    assert_eq!(report["identity"]["birth_date"], "1991-03-14");
    assert_eq!(report["identity"]["sex"], "female");
    let first = &report["findings"][0];
    assert_eq!(first["message"]["zh"], "该员工在武汉仍有在缴养老保险，请先办理转移手续");
    assert!(first["action"].as_str().unwrap().starts_with("start_transfer"));
    assert_eq!(report["verdict"], "needs_transfer");
    assert_eq!(report["answer"]["unanswered"], json!([]));
    assert!(report["elapsed_ms"].as_i64().unwrap() < 1000);
    let other = hr
        .post(
            "/status-queries",
            json!({"name": "周文婧", "id_number": id_of("周文静"), "region": "430100"}),
        )
        .await
        .ok();
    assert_eq!(other["answer"]["person_found"], true);
    assert_eq!(other["answer"]["name_matches"], false);
    assert_eq!(other["verdict"], "bad_data");
}

/// The signed PDF verifies, also to a stranger; with one byte changed it does not.
async fn check_signature(hr: &Person, id: &str) {
    let pdf = hr.bytes(&format!("/transfers/{id}/application.pdf")).await;
    assert!(pdf.starts_with(b"%PDF"));
    let transfer = hr.get(&format!("/transfers/{id}")).await.ok();
    let code = transfer["documents"][0]["verify_code"].as_str().unwrap();
    let known = hr.get(&format!("/verifications/{code}")).await.ok();
    assert_eq!(known["verdict"], "valid", "{known}");
    let good = hr.upload(&format!("/verifications/{code}"), "application.pdf", &pdf).await.ok();
    assert_eq!((&good["valid"], &good["compared"]), (&json!(true), &json!(true)), "{good}");
    let mut changed = pdf.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let bad = hr.upload(&format!("/verifications/{code}"), "application.pdf", &changed).await.ok();
    assert_eq!(
        (&bad["valid"], &bad["verdict"]),
        (&json!(false), &json!("altered")),
        "a changed byte must fail"
    );
}

/// The step at hand carries its statutory last day and the working days left.
async fn check_deadline(hr: &Person, id: &str, step: &str) {
    let at_hand = |t: &Value| {
        t["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["state"] == "current")
            .cloned()
    };
    let transfer = hr
        .wait_for(&format!("/transfers/{id}"), step, |t| {
            at_hand(t).is_some_and(|row| row["step"] == step)
        })
        .await;
    let row = at_hand(&transfer).unwrap();
    let due = standard::calendar::add_working_days(control::clock::today(), 15);
    assert_eq!(row["deadline"], due.date.to_string(), "{row}");
    assert_eq!(row["remaining_working_days"], 15);
    assert_eq!(row["overdue"], false);
}

/// Whoever passed the case must not review it as well, whatever their post.
async fn second_person(cast: &Cast, name: &str) {
    let case = cast.cs_clerk.case_of("transfer_in", name).await;
    let passed = cast.cs_clerk.act(&case, "pass", json!([])).await.ok();
    assert_eq!(passed["case"]["state"], "in_review");
    let same = cast.cs_clerk.act(&passed["case"], "approve", json!([])).await;
    assert!(
        ["same_person", "permission_denied"].contains(&same.rule()),
        "one person must not do both: {same:?}"
    );
    let stale = cast.cs_reviewer.act(&case, "approve", json!([])).await;
    assert_eq!(stale.status, 409, "a version not seen is refused: {stale:?}");
    let stranger = cast.wh_reviewer.act(&passed["case"], "approve", json!([])).await;
    assert_eq!(stranger.status, 404, "another agency knows no such case: {stranger:?}");
    cast.cs_reviewer.act(&passed["case"], "approve", json!([])).await.ok();
    let again = cast.cs_reviewer.act(&passed["case"], "approve", json!([])).await;
    assert_eq!(again.status, 409, "what is approved is approved once: {again:?}");
}

/// The pension relation of a person, as the desk of an agency shows it.
pub async fn account_of(desk: &Person, name: &str) -> Value {
    account_of_id(desk, &id_of(name)).await
}

pub async fn account_of_id(desk: &Person, id_number: &str) -> Value {
    let hits = desk.post("/agency/persons/search", json!({"id_number": id_number})).await.ok();
    let id = hits[0]["id"].as_str().unwrap_or_else(|| panic!("no such person: {hits}"));
    desk.get(&format!("/agency/persons/{id}")).await.ok()
}

/// What left Wuhan is what arrived in Changsha, to the fen, and both ledgers show it in rows that balance.
async fn money_moved(cast: &Cast, id: &str, before: &Value) {
    let completed = |t: &Value| t["state"] == "completed";
    let old = cast
        .wh_reviewer
        .wait_for(&format!("/agency/transfers/{id}"), "the old region's end", completed)
        .await;
    let new = cast.cs_reviewer.get(&format!("/agency/transfers/{id}")).await.ok();
    let fen = |books: &Value, key: &str| {
        let lines = books["information"]["lines"].as_array().unwrap();
        lines.iter().find(|line| line["key"] == key).unwrap()["amount_fen"]
            .as_i64()
            .unwrap()
    };
    assert!(fen(&old, "AIC102") > 0);
    assert_eq!(fen(&old, "AIC083") + fen(&old, "AIC084"), fen(&old, "AIC102"), "④ + ⑤ = ⑥");
    assert_eq!(fen(&old, "AIC102"), fen(&new, "AIC102"));
    assert_eq!(old["amount_fen"], new["amount_fen"]);
    for books in [&old, &new] {
        let rows = books["ledger"].as_array().unwrap();
        assert!(rows.len() >= 2, "the ledger shows the movement: {books}");
        let sum: i64 = rows.iter().map(|row| row["amount_fen"].as_i64().unwrap()).sum();
        assert_eq!(sum, 0, "the rows of a transfer balance: {rows:?}");
    }
    assert!(before["relations"].to_string().contains("pension"));
    let there = account_of(&cast.cs_reviewer, "陈国强").await;
    let pension = there["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["insurance"] == "pension")
        .unwrap_or_else(|| panic!("{there}"))
        .clone();
    assert_eq!(
        pension["balance_fen"].as_i64().unwrap(),
        fen(&new, "AIC083"),
        "the personal account arrives whole: {there}"
    );
}

/// HR confirms once; the employee may then be enrolled here, for a transfer enrols nobody.
async fn confirmed(hr: &Person, id: &str, employee: &str) {
    let confirmed = hr.post(&format!("/transfers/{id}/confirm"), json!({})).await.ok();
    assert_eq!(confirmed["state"], "confirmed");
    let again = hr.post(&format!("/transfers/{id}/confirm"), json!({})).await.ok();
    assert_eq!(again["version"], confirmed["version"], "confirming twice changes nothing");
    let employee = hr.get(&format!("/employees/{employee}")).await.ok();
    assert_eq!(employee["state"], "direct", "{employee}");
    let actions = employee["allowed_actions"].as_array().unwrap();
    assert!(actions.contains(&json!("enrol")), "{employee}");
}

/// Afterwards the nation knows the person in Changsha only, not paid for until enrolled; the months are all there, once.
async fn status_afterwards(hr: &Person, name: &str) {
    let after = hr
        .post(
            "/status-queries",
            json!({"name": name, "id_number": id_of(name), "region": "430100"}),
        )
        .await
        .ok();
    let relations = after["answer"]["relations"].as_array().unwrap();
    let open: Vec<_> = relations
        .iter()
        .filter(|r| r["insurance"] == "pension" && r["status"] != "terminated")
        .collect();
    assert_eq!(open.len(), 1, "{after}");
    assert_eq!((&open[0]["region"], &open[0]["status"]), (&json!("430100"), &json!("suspended")));
    assert_eq!(open[0]["months"], 134, "2015-07 to 2026-08");
    assert_eq!(after["answer"]["months_total"]["pension"], 134);
}

async fn signed_out(hr: &Person) {
    let gone = hr.delete("/sessions/current").await;
    assert_eq!(gone.status, 204);
    assert_eq!(
        hr.get("/sessions/current").await.status,
        401,
        "signing out ends the session on the server"
    );
    assert_eq!(hr.get("/transfers").await.rule(), "session_ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_hire_to_completed_transfer_sqlite() {
    the_whole_way(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_hire_to_completed_transfer_postgres() {
    the_whole_way(On::Postgres).await;
}
