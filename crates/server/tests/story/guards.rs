//! What nobody may do: act without the post, see another organisation's matters, write from another site, or twice.

use super::{Cast, file_transfer, hire, id_of, today};
use crate::support::{Data, On, PASSWORD, Person, client, free_port, made_up_id};
use control::identity::{Actor, NewUser, Role};
use employer::people::company::{self, Company};
use serde_json::json;
use standard::{CreditCode, Date, Organisation, RegionCode};
use std::path::Path;
use uuid::Uuid;

/// A second employer in the same database, with an HR manager of its own.
async fn another_employer(config: &Path) {
    let app = server::app::App::open(server::config::Config::read(config).unwrap()).await.unwrap();
    let company = Company {
        employer_id: Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0002),
        name: "长沙月湖商贸有限公司（虚构）".into(),
        credit_code: CreditCode::compose("91430100MA4XHYY02").unwrap(),
        region: RegionCode::new(430_100).unwrap(),
        address: "湖南省长沙市开福区虚构路 9 号".into(),
        contact_name: "许安".into(),
        contact_phone: "13800000002".into(),
    };
    let mut tx = app.db.begin().await.unwrap();
    company::put(&mut tx, &company).await.unwrap();
    let new = NewUser {
        username: "other_hr".into(),
        name: "许安".into(),
        role: Role::HrManager,
        password: PASSWORD.into(),
        must_change: false,
    };
    control::identity::create_user(&Actor::system(Organisation::Employer(company.employer_id)), &mut tx, &new)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    app.db.close().await;
}

async fn guards(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::demo(folder.path(), on, 0).await;
    another_employer(&data.config).await;
    let cast = Cast::of(data.serve().await).await;
    let employee = hire(&cast.hr, "陈国强", &id_of("陈国强")).await;
    let transfer = file_transfer(&cast.hr, "何丽娟", &id_of("何丽娟")).await;
    posts(&cast, &employee, &transfer).await;
    others(&cast, &employee, &transfer).await;
    other_sites(&cast).await;
    twice(&cast).await;
    unknown_faces(&cast).await;
    calculators(&cast).await;
}

/// What no calculator may answer, over HTTP as on the command line.
async fn calculators(cast: &Cast) {
    let wage = |wage: serde_json::Value| json!({"region": "430100", "month": "2025-06", "wage": wage});
    let at = |region: &str, month: &str| json!({"region": region, "month": month, "wage": "10000.00"});
    for (kind, inputs, rule) in [
        ("contribution", wage(json!("-1.00")), "money_negative"),
        ("contribution", wage(json!("1000000000000000000000000000000")), "money_too_large"),
        ("contribution", wage(json!(1e30)), "wrong_type"),
        ("contribution", wage(json!("NaN")), "money_format"),
        ("contribution", wage(json!("11010519491231002X")), "id_number_in_money_field"),
        ("contribution", at("430100", "2025-13"), "month_format"),
        ("contribution", at("999999", "2025-06"), "law_not_encoded"),
        ("contribution", at("430100", "1990-01"), "law_not_encoded"),
        (
            "injury_disability",
            json!({"grade": 11, "own_wage": "8000.00", "regional_average_wage": "7000.00"}),
            "disability_grade",
        ),
        (
            "medical_reimbursement",
            json!({"eligible": "100.00", "region": "430100", "month": "2025-06", "care": "outpatient"}),
            "law_not_encoded",
        ),
        ("nonsense", json!({}), "unknown_kind"),
    ] {
        let refused = cast.hr.post(&format!("/calculations/{kind}"), inputs.clone()).await;
        assert_eq!((refused.status, refused.rule()), (422, rule), "{kind} {inputs}");
        assert!(
            !refused.body.to_string().contains("11010519491231002X"),
            "a refusal repeats an ID number"
        );
    }
    let inputs = json!({"region": "310000", "month": "2025-08", "base": "8000.00"});
    let answer = cast.hr.post("/calculations/flexible_contribution", inputs).await.ok();
    assert_eq!(answer["result"]["total"], "2400.00");
    assert!(answer["explanation"].as_array().is_some_and(|steps| steps.len() == 4));
}

/// Each post may do its own work only.
async fn posts(cast: &Cast, employee: &str, transfer: &str) {
    let clerk = Person::sign_in(&cast.server, "hr_clerk").await;
    let finance = Person::sign_in(&cast.server, "finance").await;
    let new =
        json!({"name": "王一鸣", "id_number": id_of("王一鸣"), "hired_on": today(), "region": "430100", "department": "", "position": ""});
    assert_eq!(clerk.post("/employees", new.clone()).await.rule(), "permission_denied");
    assert_eq!(finance.post("/employees", new).await.rule(), "permission_denied");
    assert_eq!(finance.get("/transfers").await.rule(), "permission_denied");
    for act in ["sign", "file", "confirm", "withdraw"] {
        let refused = clerk.post(&format!("/transfers/{transfer}/{act}"), json!({})).await;
        assert_eq!((refused.status, refused.rule()), (403, "permission_denied"), "{act}: {refused:?}");
    }
    assert_eq!(
        clerk.post(&format!("/employees/{employee}/reveal"), json!({})).await.rule(),
        "permission_denied"
    );
    assert_eq!(clerk.upload("/rosters", "a.csv", b"x").await.rule(), "permission_denied");
    let seen = clerk.get(&format!("/transfers/{transfer}")).await.ok();
    assert!(!seen.to_string().contains(&id_of("何丽娟")), "a clerk never sees the whole number");
    assert_eq!(seen["allowed_actions"], json!([]));
    assert_eq!(cast.hr.get("/cases").await.status, 403, "an employer has no work queue");
    assert_eq!(cast.cs_clerk.get("/employees").await.status, 403, "an agency has no employees");
    let case = cast.cs_clerk.case_of("transfer_in", "何丽娟").await;
    assert_eq!(cast.cs_reviewer.act(&case, "pass", json!([])).await.rule(), "permission_denied");
}

/// What belongs to another organisation is not found, not forbidden: nobody learns that it exists.
async fn others(cast: &Cast, employee: &str, transfer: &str) {
    let other = Person::sign_in(&cast.server, "other_hr").await;
    assert_eq!(other.get("/employees").await.ok()["total"], 0);
    assert_eq!(other.get("/transfers").await.ok()["total"], 0);
    let paths = [
        format!("/employees/{employee}"),
        format!("/transfers/{transfer}"),
        format!("/transfers/{transfer}/application.pdf"),
        format!("/employees/{employee}/enrolments"),
    ];
    for path in &paths {
        let (theirs, nobodys) = (
            other.get(path).await,
            other
                .get(
                    &path
                        .replace(employee, &Uuid::nil().to_string())
                        .replace(transfer, &Uuid::nil().to_string()),
                )
                .await,
        );
        assert_eq!(theirs.status, 404, "{path}: {theirs:?}");
        assert_eq!(theirs.body, nobodys.body, "another's and nobody's answer must not differ");
    }
    for act in ["sign", "file", "withdraw", "confirm"] {
        assert_eq!(
            other.post(&format!("/transfers/{transfer}/{act}"), json!({})).await.status,
            404,
            "{act}"
        );
    }
    let start = json!({"employee_id": employee, "from_region": "420100"});
    assert_eq!(other.post("/transfers", start).await.status, 404);
    let case = cast.cs_clerk.case_of("transfer_in", "何丽娟").await;
    let id = case["id"].as_str().unwrap();
    assert_eq!(cast.wh_clerk.get(&format!("/cases/{id}")).await.status, 404);
    for act in ["pass", "return", "refuse"] {
        let refused = cast.wh_clerk.act(&case, act, json!([{"code": "retired", "text": null}])).await;
        assert_eq!(refused.status, 404, "{act}: {refused:?}");
    }
    assert_eq!(
        cast.wh_clerk.get(&format!("/agency/transfers/{transfer}")).await.status,
        404,
        "no letter has reached Wuhan"
    );
    let unchanged = cast.cs_clerk.get(&format!("/cases/{id}")).await.ok();
    assert_eq!(unchanged["case"]["version"], case["version"]);
}

/// The cookie alone is not consent: a write from a page of another site is refused.
async fn other_sites(cast: &Cast) {
    let before = cast.hr.get("/employees").await.ok()["total"].clone();
    let new =
        json!({"name": "王一鸣", "id_number": id_of("王一鸣"), "hired_on": today(), "region": "430100", "department": "", "position": ""});
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("origin", "https://evil.example")][..],
        &[("sec-fetch-site", "same-site")][..],
    ] {
        let refused = cast.hr.post_with_headers("/employees", new.clone(), headers).await;
        assert_eq!(refused.status, 403, "{headers:?}: {refused:?}");
    }
    assert_eq!(cast.hr.get("/employees").await.ok()["total"], before);
}

/// The same key and the same content give the first answer; other content under the key is refused.
async fn twice(cast: &Cast) {
    let id = made_up_id(Date::constant(1995, 6, 1), 611);
    let new =
        json!({"name": "宋知微", "id_number": id, "hired_on": today(), "region": "430100", "department": "研发部", "position": "工程师"});
    let first = cast.hr.post_once("/employees", new.clone(), "key-1").await.ok();
    let second = cast.hr.post_once("/employees", new.clone(), "key-1").await;
    assert_eq!(second.status, 201);
    assert_eq!(second.ok(), first, "a repeated request gets the first answer");
    let mut changed = new.clone();
    changed["position"] = json!("经理");
    assert_eq!(
        cast.hr.post_once("/employees", changed, "key-1").await.rule(),
        "idempotency_mismatch"
    );
    let path = format!("/employees/{}/status", first["employee"]["id"].as_str().unwrap());
    assert_eq!(
        cast.hr.post_once(&path, new.clone(), "key-1").await.rule(),
        "idempotency_mismatch",
        "a key belongs to one path"
    );
    assert_eq!(
        cast.hr.post_once("/employees", new.clone(), &"k".repeat(129)).await.rule(),
        "idempotency_key_unreadable"
    );
    let again = cast.hr.post("/employees", new).await;
    assert_eq!(
        again.status, 409,
        "without a key the second hiring is refused by its own rule: {again:?}"
    );
    // Keys are private: another session's same key is another key.
    let other = Person::sign_in(&cast.server, "other_hr").await;
    let theirs = other
        .post_once("/transfers", json!({"employee_id": Uuid::nil(), "from_region": "420100"}), "key-1")
        .await;
    assert_eq!(theirs.status, 404, "{theirs:?}");
}

async fn unknown_faces(cast: &Cast) {
    let nobody = Person::with_cookie(&cast.server, "shebao_session=0123456789abcdef0123456789abcdef");
    for path in [
        "/employees",
        "/transfers",
        "/cases",
        "/rosters",
        "/notices",
        "/agency/home",
        "/contacts",
        "/deadlines",
    ] {
        let refused = nobody.get(path).await;
        assert_eq!((refused.status, refused.rule()), (401, "session_ended"), "{path}");
    }
    let wrong = nobody
        .post("/sessions", json!({"username": "hr_manager", "password": "wrong"}))
        .await;
    let unknown = nobody
        .post("/sessions", json!({"username": "no_such_user", "password": "wrong"}))
        .await;
    assert_eq!(
        (wrong.status, wrong.body["rule"].clone()),
        (unknown.status, unknown.body["rule"].clone()),
        "nobody learns which names exist"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_may_do_sqlite() {
    guards(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_may_do_postgres() {
    guards(On::Postgres).await;
}

/// How many people ask for what is told on an address of its own, or nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn figures_are_for_the_operator() {
    let folder = tempfile::tempdir().unwrap();
    let own = free_port();
    let data = Data::empty(folder.path(), On::Sqlite, &format!("metrics_listen = \"127.0.0.1:{own}\"\n")).await;
    let server = data.serve().await;
    let body = async |url: String| client().get(url).send().await.unwrap().text().await.unwrap();
    assert!(
        !body(format!("{}/metrics", server.base)).await.contains("shebao_http_seconds"),
        "not where people go"
    );
    let told = body(format!("http://127.0.0.1:{own}/metrics")).await;
    assert!(
        told.contains("shebao_http_seconds") && told.contains("shebao_outbox_waiting"),
        "{told}"
    );
    let elsewhere = client()
        .get(format!("http://127.0.0.1:{own}/api/v1/sessions/current"))
        .send()
        .await
        .unwrap();
    assert_eq!(elsewhere.status(), 404, "and nothing but the figures there");
}
