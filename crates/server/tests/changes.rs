//! A page hears of news at once: the stream tells it, ends with the session, and a session has few of them.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use serde_json::json;
use server::cli::demo::people::person;
use std::time::Duration;
use support::{Data, On, Person};

/// What the stream says next that is not a heartbeat; `None` at its end.
async fn next(stream: &mut reqwest::Response) -> Option<String> {
    loop {
        let said = tokio::time::timeout(Duration::from_secs(60), stream.chunk())
            .await
            .unwrap()
            .unwrap()?;
        let said = String::from_utf8(said.to_vec()).unwrap();
        if !said.starts_with(':') {
            return Some(said);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_hears_of_an_agencys_step_without_asking() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::demo(folder.path(), On::Sqlite, 0).await;
    let server = data.serve().await;
    let hr = Person::sign_in(&server, "hr_manager").await;
    let mut first = hr.open("/changes").await;
    assert_eq!(first.status().as_u16(), 200);
    assert_eq!(first.headers()["content-type"], "text/event-stream");
    let more = (hr.open("/changes").await, hr.open("/changes").await);
    let refused = hr.open("/changes").await;
    assert_eq!(refused.status().as_u16(), 429, "three are enough for one session");
    drop(more);

    let someone = person("陈国强");
    let hired = hr
        .post(
            "/employees",
            json!({"name": "陈国强", "id_number": someone.id_number().reveal(), "hired_on": control::clock::today().to_string(),
                "region": "430100", "wage_fen": 650_000}),
        )
        .await
        .ok();
    let start = json!({"employee_id": hired["employee"]["id"], "from_region": "420100", "insurance": "pension"});
    let transfer = hr.post("/transfers", start).await.ok();
    let id = transfer["id"].as_str().unwrap().to_owned();
    hr.post(&format!("/transfers/{id}/sign"), json!({})).await.ok();
    hr.post(&format!("/transfers/{id}/file"), json!({})).await.ok();
    // The agency's receipt comes back by itself.
    // A browser passes over an event that has no data.
    assert_eq!(next(&mut first).await.unwrap(), "event: changed\ndata: new\n\n");
    assert_eq!(
        hr.get("/notices").await.ok()["items"][0]["link"],
        format!("/employer/transfers/{id}")
    );

    hr.delete("/sessions/current").await;
    while let Some(said) = next(&mut first).await {
        assert!(said.starts_with("event: changed"), "a last word, then the end: {said}");
    }
    assert_eq!(hr.open("/changes").await.status().as_u16(), 401);
}
