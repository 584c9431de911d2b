//! Employer, platform and three agencies as five processes over HTTP reach the same result as one process.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use exchange::Envelope;
use serde_json::{Value, json};
use server::cli::demo::people::person;
use standard::{Timestamp, sm::SecretKey};
use std::path::Path;
use store::Query;
use support::sites::{EMPLOYER, configure, sites};
use support::{Data, On, Person, Server, shebao};
use uuid::Uuid;

/// 陈国强 from Wuhan to Changsha; what HR sees at the end.
async fn transfer_and_ask(hr: &Person, new: [&Person; 2], old: [&Person; 2]) -> Value {
    let id_number = person("陈国强").id_number().reveal().to_owned();
    let question = json!({"name": "陈国强", "id_number": id_number, "region": "430100"});
    let mut report = hr.post("/status-queries", question.clone()).await.ok();
    for _ in 0..200 {
        if report["answer"]["relations"].as_array().is_some_and(|r| !r.is_empty()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        report = hr.post("/status-queries", question.clone()).await.ok();
    }
    let hired = hr
        .post(
            "/employees",
            json!({"name": "陈国强", "id_number": id_number, "phone": "13900000009", "hired_on": control::clock::today().to_string(), "region": "430100",
                "department": "生产部", "position": "操作工", "wage_fen": 650_000}),
        )
        .await
        .ok();
    let transfer = hr
        .post(
            "/transfers",
            json!({"employee_id": hired["employee"]["id"], "from_region": "420100", "insurance": "pension"}),
        )
        .await
        .ok();
    let id = transfer["id"].as_str().unwrap().to_owned();
    hr.post(&format!("/transfers/{id}/sign"), json!({})).await.ok();
    hr.post(&format!("/transfers/{id}/file"), json!({})).await.ok();
    for (business, [clerk, reviewer]) in [("transfer_in", new), ("transfer_out", old)] {
        let case = clerk.case_of(business, "陈国强").await;
        let passed = clerk.act(&case, "pass", json!([])).await.ok();
        reviewer.act(&passed["case"], "approve", json!([])).await.ok();
    }
    let posting = new[0].case_of("transfer_posting", "陈国强").await;
    new[0].act(&posting, "pass", json!([])).await.ok();
    let done = hr
        .wait_for(&format!("/transfers/{id}"), "completion", |t| t["state"] == "completed")
        .await;
    hr.post(&format!("/transfers/{id}/confirm"), json!({})).await.ok();
    let timeline: Vec<Value> = done["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r["at"].is_string())
        .map(|r| r["step"].clone())
        .collect();
    // The old region hears of the end by a message of its own: ask until it does.
    for _ in 0..200 {
        report = hr.post("/status-queries", question.clone()).await.ok();
        let old = report["answer"]["relations"]
            .as_array()
            .unwrap()
            .iter()
            .find(|r| r["region"] == "420100" && r["insurance"] == "pension")
            .cloned();
        if old.is_none_or(|r| r["status"] == "terminated") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    json!({"timeline": timeline, "relations": report["answer"]["relations"], "months_total": report["answer"]["months_total"]})
}

async fn in_one_process() -> Value {
    let folder = tempfile::tempdir().unwrap();
    let server = Data::demo(folder.path(), On::Sqlite, 5).await.serve().await;
    let at = async |name: &str| Person::sign_in(&server, name).await;
    let (hr, a, b, c, d) = (
        at("hr_manager").await,
        at("cs_clerk").await,
        at("cs_reviewer").await,
        at("wh_clerk").await,
        at("wh_reviewer").await,
    );
    transfer_and_ask(&hr, [&a, &b], [&c, &d]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn five_processes_reach_the_result_of_one() {
    let root = tempfile::tempdir().unwrap();
    let sites = sites(root.path(), ["430100", "420100", "440100"]);
    let configs = configure(&sites);
    for config in &configs {
        shebao(&[
            "demo",
            "--no-serve",
            "--people",
            "5",
            "--staff",
            "0",
            "--config",
            config.to_str().unwrap(),
        ]);
    }
    let mut servers = Vec::new();
    for (site, config) in sites.iter().zip(&configs) {
        servers.push(Server::start(config, site.port).await);
    }
    let hr = Person::sign_in(&servers[0], "hr_manager").await;
    let new = [
        Person::sign_in(&servers[2], "cs_clerk").await,
        Person::sign_in(&servers[2], "cs_reviewer").await,
    ];
    let old = [
        Person::sign_in(&servers[3], "wh_clerk").await,
        Person::sign_in(&servers[3], "wh_reviewer").await,
    ];

    // A region whose process is down is named, not passed over.
    let guangzhou = json!({"name": "何丽娟", "id_number": person("何丽娟").id_number().reveal(), "region": "430100"});
    for _ in 0..200 {
        let report = hr.post("/status-queries", guangzhou.clone()).await.ok();
        if report["answer"]["relations"].as_array().is_some_and(|r| r.len() == 2) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    servers[4].kill();
    let report = hr.post("/status-queries", guangzhou).await.ok();
    assert_eq!(report["answer"]["unanswered"], json!(["440100"]), "{report}");

    let apart = transfer_and_ask(&hr, [&new[0], &new[1]], [&old[0], &old[1]]).await;
    assert_eq!(apart, in_one_process().await);

    servers[0].kill();
    let filed = filed_message(&configs[0]).await;
    forged_messages_change_nothing(&servers[2], &new[0], &filed).await;
}

/// The application the employer sent, as its outbox keeps it, with the key it was signed with.
struct Filed {
    id: Uuid,
    kind: String,
    body: Value,
    key: SecretKey,
}

async fn filed_message(config: &Path) -> Filed {
    let app = server::app::App::open(server::config::Config::read(config).unwrap()).await.unwrap();
    let row = app
        .db
        .read()
        .one(
            "SELECT id, kind, body FROM store_outbox WHERE kind = $1",
            store::args!["transfer_application"],
        )
        .await
        .unwrap();
    let id: Uuid = row.get("id").unwrap();
    let body = app
        .db
        .cipher()
        .open_text("store_outbox", "body", id, &row.get::<Vec<u8>>("body").unwrap())
        .unwrap();
    let key = app.keys.secret(&app.db, &EMPLOYER.parse().unwrap()).await.unwrap();
    app.db.close().await;
    Filed {
        id,
        kind: row.get("kind").unwrap(),
        body: serde_json::from_str(&body).unwrap(),
        key,
    }
}

fn sealed(filed: &Filed, id: Uuid, sent_at: Timestamp) -> Value {
    let (from, to) = (EMPLOYER.parse().unwrap(), "agency:430100".parse().unwrap());
    let envelope = Envelope::seal_body(&filed.kind, filed.body.clone(), from, to, id, sent_at, &filed.key).unwrap();
    serde_json::from_str(&envelope.to_json()).unwrap()
}

async fn deliver(server: &Server, envelope: &Value) -> (u16, String) {
    let answer = Person::with_cookie(server, "").post_raw(exchange::MESSAGES_PATH, envelope).await;
    (answer.status, answer.body["rule"].as_str().unwrap_or_default().to_owned())
}

/// Unsigned, altered, of an unknown version, sender or kind, too old, to another: refused, each with its rule.
/// The very same message again is answered as before and does nothing.
async fn forged_messages_change_nothing(changsha: &Server, clerk: &Person, filed: &Filed) {
    let before = clerk.get("/cases?box=all").await.ok();
    let now = Timestamp::now();
    let good = sealed(filed, Uuid::now_v7(), now);
    let with = |key: &str, value: Value| {
        let mut envelope = good.clone();
        envelope[key] = value;
        envelope
    };
    let mut altered = good.clone();
    altered["body"]["person"]["name"] = json!("陈国墙");
    let stranger = SecretKey::from_bytes([7; 32]).unwrap();
    let other_hand = sealed(
        &Filed {
            key: stranger,
            id: filed.id,
            kind: filed.kind.clone(),
            body: filed.body.clone(),
        },
        Uuid::now_v7(),
        now,
    );
    let old = sealed(
        filed,
        Uuid::now_v7(),
        now.saturating_sub(jiff::SignedDuration::from_hours(24 * 400)).unwrap(),
    );
    let refused = [
        (with("signature", json!("")), "envelope_unsigned"),
        (altered, "envelope_altered"),
        (other_hand, "envelope_altered"),
        (with("id", json!(Uuid::now_v7())), "envelope_altered"),
        (with("version", json!(99)), "envelope_unknown_version"),
        (with("from", json!("agency:110000")), "envelope_unknown_sender"),
        (with("to", json!("agency:420100")), "organisation_not_here"),
        (old, "envelope_expired"),
    ];
    for (envelope, rule) in refused {
        let (status, got) = deliver(changsha, &envelope).await;
        assert!(status >= 400, "{rule}: {status}");
        assert_eq!(got, rule);
    }
    let strange = Filed {
        kind: "greeting".into(),
        key: filed.key.clone(),
        id: filed.id,
        body: json!({}),
    };
    assert_eq!(
        deliver(changsha, &sealed(&strange, Uuid::now_v7(), now)).await.1,
        "envelope_unknown_kind"
    );
    let replayed = sealed(filed, filed.id, now);
    for _ in 0..3 {
        assert_eq!(
            deliver(changsha, &replayed).await.0,
            202,
            "the sender may rest, it took effect before"
        );
    }
    let after = clerk.get("/cases?box=all").await.ok();
    assert_eq!(after, before, "nothing changed");
}
