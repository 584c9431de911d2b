//! What HR and the agencies do, over a server that may die at any moment: every act is repeated under its idempotency
//! key until an answer comes, and every step begins with a look at where the matter stands.

use crate::support::{Answer, Person, Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// One person to be transferred.
#[derive(Clone)]
pub struct Case {
    pub number: usize,
    pub name: String,
    pub id_number: String,
    pub from: &'static str,
    pub to: &'static str,
    pub months: i64,
}

/// A transfer under way.
#[derive(Clone)]
pub struct Transfer {
    pub id: String,
    pub case: Case,
}

/// Everybody who acts, signed in once: sessions outlive the server.
pub struct Cast {
    pub hr: Person,
    pub clerks: BTreeMap<&'static str, Person>,
    pub reviewers: BTreeMap<&'static str, Person>,
}

impl Cast {
    pub async fn of(server: &Server, regions: &[&'static str]) -> Self {
        let mut cast = Self {
            hr: Person::sign_in(server, "hr_manager").await,
            clerks: BTreeMap::new(),
            reviewers: BTreeMap::new(),
        };
        for region in regions {
            let short = server::cli::demo::pinyin(region.parse().unwrap());
            cast.clerks.insert(region, Person::sign_in(server, &format!("{short}_clerk")).await);
            cast.reviewers
                .insert(region, Person::sign_in(server, &format!("{short}_reviewer")).await);
        }
        cast
    }
}

/// Longer than the key of a request that died with its server is held for it: two minutes.
const PATIENCE: Duration = Duration::from_secs(200);

/// Sends until an answer comes that is not the death of the server.
async fn surely(who: &Person, method: &str, path: &str, body: Option<&Value>, key: Option<&str>) -> Answer {
    let start = Instant::now();
    loop {
        match who.try_send(method, path, body, key).await {
            Some(answer) if answer.status < 500 && answer.body["rule"] != "idempotency_running" => return answer,
            other => assert!(start.elapsed() < PATIENCE, "{method} {path} is never answered: {other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

async fn look(who: &Person, path: &str) -> Value {
    surely(who, "GET", path, None, None).await.ok()
}

/// An act; a conflict means that it took effect before its answer was lost, or that something else came first: the
/// caller looks again.
async fn act(who: &Person, path: &str, body: Value, key: &str) -> bool {
    let answer = surely(who, "POST", path, Some(&body), Some(key)).await;
    assert!(answer.status < 300 || answer.status == 409, "{path}: {answer:?}");
    answer.status < 300
}

/// Takes cases from the queue and brings each to its end.
pub async fn drive(cast: Arc<Cast>, queue: Arc<Mutex<Vec<Case>>>, done: Arc<AtomicUsize>) -> Vec<Transfer> {
    let mut transfers = Vec::new();
    loop {
        let Some(case) = queue.lock().await.pop() else { return transfers };
        let transfer = apply(&cast, &case, &done).await;
        review(&cast, &transfer, "transfer_in", case.to, &done).await;
        review(&cast, &transfer, "transfer_out", case.from, &done).await;
        review(&cast, &transfer, "transfer_posting", case.to, &done).await;
        transfers.push(transfer);
    }
}

/// HR's part: hire, draft, sign, file.
async fn apply(cast: &Cast, case: &Case, done: &AtomicUsize) -> Transfer {
    let hr = &cast.hr;
    let new = json!({"name": case.name, "id_number": case.id_number, "phone": "13900000009", "hired_on": control::clock::today().to_string(),
        "region": case.to, "department": "生产部", "position": "操作工", "wage_fen": 650_000});
    let hired = surely(hr, "POST", "/employees", Some(&new), Some(&format!("hire-{}", case.number))).await;
    assert!(hired.status == 201 || hired.status == 409, "{hired:?}");
    done.fetch_add(1, Ordering::Relaxed);
    let known = look(hr, &format!("/employees?query={}", case.id_number)).await;
    assert_eq!(known["total"], 1, "hired once: {known}");
    let start = json!({"employee_id": known["items"][0]["id"], "from_region": case.from, "insurance": "pension"});
    let draft = surely(hr, "POST", "/transfers", Some(&start), Some(&format!("start-{}", case.number)))
        .await
        .ok();
    done.fetch_add(1, Ordering::Relaxed);
    let id = draft["id"].as_str().unwrap().to_owned();
    for attempt in 0.. {
        let now = look(hr, &format!("/transfers/{id}")).await;
        let next = match now["state"].as_str().unwrap() {
            "draft" => "sign",
            "signed" => "file",
            _ => break,
        };
        assert!(attempt < 20, "{next} does not move {now}");
        if act(
            hr,
            &format!("/transfers/{id}/{next}"),
            json!({}),
            &format!("{next}-{}-{attempt}", case.number),
        )
        .await
        {
            done.fetch_add(1, Ordering::Relaxed);
        }
    }
    Transfer { id, case: case.clone() }
}

/// An agency's part: its case arrives, is passed, and where it needs it approved by a second person.
async fn review(cast: &Cast, transfer: &Transfer, business: &str, region: &str, done: &AtomicUsize) {
    let (clerk, reviewer) = (&cast.clerks[region], &cast.reviewers[region]);
    let path = format!("/cases?box=all&business={business}&query={}", transfer.case.name);
    let start = Instant::now();
    loop {
        let found = look(clerk, &path).await;
        let items = found["items"].as_array().unwrap();
        assert!(items.len() <= 1, "one case for one transfer: {found}");
        let Some(case) = items.first() else {
            assert!(start.elapsed() < PATIENCE, "{business} of {} does not arrive", transfer.case.name);
            tokio::time::sleep(Duration::from_millis(60)).await;
            continue;
        };
        let (who, verb) = match case["state"].as_str().unwrap() {
            "in_compliance" => (clerk, "pass"),
            "in_review" => (reviewer, "approve"),
            "effective" => return,
            other => panic!("{business} of {} became {other}: {case}", transfer.case.name),
        };
        let id = case["id"].as_str().unwrap();
        let body = json!({"version": case["version"], "opinion": null, "reasons": []});
        if act(
            who,
            &format!("/cases/{id}/{verb}"),
            body,
            &format!("{verb}-{id}-{}", case["version"]),
        )
        .await
        {
            done.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Every transfer ends, at the employer and in both agencies.
pub async fn wait_until_all_ended(cast: &Cast, transfers: &[Transfer]) {
    for transfer in transfers {
        let places = [
            (&cast.hr, format!("/transfers/{}", transfer.id)),
            (&cast.reviewers[transfer.case.to], format!("/agency/transfers/{}", transfer.id)),
            (&cast.reviewers[transfer.case.from], format!("/agency/transfers/{}", transfer.id)),
        ];
        for (who, path) in places {
            who.wait_for(&path, "the end of a transfer", |t| t["state"] == "completed").await;
        }
    }
}

/// The nation counts each person's months once, and in the new region only.
pub async fn months_are_right(cast: &Cast, cases: &[Case]) {
    for case in cases {
        let report = cast
            .hr
            .post(
                "/status-queries",
                json!({"name": case.name, "id_number": case.id_number, "region": case.to}),
            )
            .await
            .ok();
        let answer = &report["answer"];
        assert_eq!(answer["months_total"]["pension"], case.months, "{}: {answer}", case.name);
        let open: Vec<&Value> = answer["relations"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|r| r["status"] != "terminated")
            .collect();
        assert_eq!(open.len(), 1, "{}: {answer}", case.name);
        assert_eq!((&open[0]["region"], &open[0]["months"]), (&json!(case.to), &json!(case.months)));
    }
}
