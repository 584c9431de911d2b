//! Law that changes backwards: the folder of the law in force is exchanged for one with rows dated in closed months. Who is
//! concerned and by how much, month by month; 补缴 and 退费 filed, decided and settled; payroll's difference runs; and every
//! closed month reconciles again to the fen. Over HTTP, on both databases.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use control::identity::{self, NewUser, Role};
use serde_json::{Value, json};
use server::app::App;
use server::cli::demo::{PASSWORD, fill, months, staff};
use server::config::Config;
use standard::{Month, Organisation, RegionCode};
use std::collections::BTreeMap;
use std::path::Path;
use store::{Db, Query, args};
use support::month::{Office, decide_next, pay_bill, pay_wages};
use support::{Data, On, Person, Server, copy_law};

const PEOPLE: u32 = 45;
/// 长沙: its 失业保险 rate falls. 西安: its limits come late. 成都: nothing changes.
const CITIES: [(&str, u32, &str); 3] = [("430100", 430_100, "cs"), ("610100", 610_100, "xa"), ("510100", 510_100, "cd")];
const SOURCE: &str = "source = { issuer = \"试验\", document = \"试验\", article = \"\", url = \"\", checked_on = \"2026-11-21\", confidence = \"unverified\" }";
/// The limits published late, fen.
const FLOOR: i64 = 650_000;
const CEILING: i64 = 2_600_000;

/// Rows dated in months that are closed: a rate of 长沙 from the second on, limits of 西安 from the first on.
fn change_law(folder: &Path, first: Month) {
    let path = folder.join("law/430100-changsha/unemployment.toml");
    let row = format!("\n[[employer]]\nfrom = \"{}\"\nrate = \"0.005\"\n{SOURCE}\n", first.plus(1));
    std::fs::write(&path, std::fs::read_to_string(&path).unwrap() + row.as_str()).unwrap();
    let path = folder.join("law/610100-xian/pension.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let unknown = text.find("[[limits]]\nfrom = \"2027-01\"\nunknown").unwrap();
    let row = format!(
        "[[limits]]\nfrom = \"{first}\"\nfloor = \"6500\"\nceiling = \"26000\"\naverage = \"8667\"\napplies_to = [\"pension\", \"unemployment\", \"injury\"]\n{SOURCE}\n\n"
    );
    std::fs::write(&path, format!("{}{row}{}", &text[..unknown], &text[unknown..])).unwrap();
}

/// By (region, month): people, to pay, to get back.
type Expected = BTreeMap<(String, String), (i64, i64, i64)>;

/// fen × rate, half up to the fen; the rate in thousandths.
fn times(fen: i64, thousandths: i64) -> i64 {
    (fen * thousandths + 500) / 1000
}

/// What the assessed rows themselves say will change, worked out by hand: 长沙 loses two thousandths of the unemployment base on
/// the employer's side; in 西安 the bases move to the new limits, at the rates the rows were assessed by.
async fn expected(db: &Db, first: Month) -> Expected {
    let mut all = Expected::new();
    let mut add = |region: &str, month: Month, fen: &[i64]| {
        let both: i64 = fen.iter().sum();
        if fen.iter().any(|one| *one != 0) {
            let entry = all.entry((region.to_owned(), month.to_string())).or_insert((0, 0, 0));
            entry.0 += 1;
            if both > 0 {
                entry.1 += both;
            } else {
                entry.2 -= both;
            }
        }
    };
    let sql = "SELECT month, wage_fen, pension_base_fen AS base, unemployment_base_fen AS ubase, injury_base_fen AS ibase,
             pension_employer_fen AS r, pension_employee_fen AS e, unemployment_employer_fen AS ur, unemployment_employee_fen AS ue,
             injury_employer_fen AS ir, medical_base_fen AS mbase, medical_employer_fen AS mr, medical_employee_fen AS me FROM agency_assessment WHERE region = $1 AND voided = FALSE";
    for row in db.read().all(sql, args![RegionCode::new(430_100).unwrap()]).await.unwrap() {
        let month: Month = row.get("month").unwrap();
        let (base, old): (i64, i64) = (row.get("ubase").unwrap(), row.get("ur").unwrap());
        if month > first && old != 0 {
            assert_eq!(old, times(base, 7), "assessed at seven thousandths");
            add("430100", month, &[times(base, 5) - old]);
        }
    }
    for row in db.read().all(sql, args![RegionCode::new(610_100).unwrap()]).await.unwrap() {
        let of = |column: &str| row.get::<i64>(column).unwrap();
        let base = of("wage_fen").clamp(FLOOR, CEILING);
        if of("r") == 0 {
            continue;
        }
        assert_eq!((of("r"), of("e")), (times(of("base"), 160), times(of("base"), 80)));
        assert_eq!((of("ur"), of("ue")), (times(of("ubase"), 7), times(of("ubase"), 3)));
        // At the rate it was assessed by, of whole ten thousandths; nothing where none is encoded.
        let again = |old_base: i64, old: i64| {
            let at = |base: i64, rate: i64| (base * rate + 5_000) / 10_000;
            let rate = (0..=2_000)
                .find(|rate| at(old_base, *rate) == old)
                .expect("a rate of whole ten thousandths");
            at(base, rate) - old
        };
        add(
            "610100",
            row.get("month").unwrap(),
            &[
                times(base, 160) - of("r") + times(base, 80) - of("e"),
                times(base, 7) - of("ur") + times(base, 3) - of("ue"),
                again(of("ibase"), of("ir")),
                // It has no limits of its own here and follows the pension's.
                again(of("mbase"), of("mr")) + again(of("mbase"), of("me")),
            ],
        );
    }
    all
}

async fn another_clerk(app: &App) {
    let mut tx = app.db.begin().await.unwrap();
    let new = NewUser {
        username: "cs_clerk_2".into(),
        name: "邓复核".into(),
        role: Role::AgencyClerk,
        password: PASSWORD.into(),
        must_change: false,
    };
    let owner = Organisation::Agency(RegionCode::new(430_100).unwrap());
    identity::create_user(&control::identity::Actor::system(owner), &mut tx, &new)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Three closed months by the law as it was; the first month, and what the change will come to.
async fn closed_months(data: &Data) -> (Month, Expected) {
    let app = App::open(Config::read(&data.config).unwrap()).await.unwrap();
    let first = Month::of(control::clock::today()).plus(-3);
    let course = staff::Course {
        first,
        months: 3,
        cities: CITIES.iter().map(|(_, code, _)| RegionCode::new(*code).unwrap()).collect(),
    };
    let plan = months::Plan {
        workers: staff::workforce(PEOPLE, &course),
        unpaid: None,
        course,
    };
    fill::found(&app, 0, &plan).await.unwrap();
    let cast = fill::cast_of_months(&app, &plan).await.unwrap();
    Box::pin(months::close(&app, &cast, &plan)).await.unwrap();
    another_clerk(&app).await;
    let expected = expected(&app.db, first).await;
    app.db.close().await;
    (first, expected)
}

/// Everybody who acts.
struct Cast {
    hr: Person,
    payroll: Person,
    offices: Vec<Office>,
    second: Person,
}

impl Cast {
    async fn of(server: &Server) -> Self {
        let mut offices = Vec::new();
        for (region, _, short) in CITIES {
            offices.push(Office {
                region,
                clerk: Person::sign_in(server, &format!("{short}_clerk")).await,
                reviewer: Person::sign_in(server, &format!("{short}_reviewer")).await,
            });
        }
        Self {
            hr: Person::sign_in(server, "hr_manager").await,
            payroll: Person::sign_in(server, "payroll").await,
            offices,
            second: Person::sign_in(server, "cs_clerk_2").await,
        }
    }

    fn office(&self, region: &Value) -> &Office {
        self.offices.iter().find(|office| region == office.region).unwrap()
    }

    /// The columns of a closed month.
    async fn summary(&self, month: Month) -> Value {
        self.hr.get(&format!("/reconciliations/{month}?limit=200")).await.ok()["summary"].clone()
    }
}

/// Recalculates the months; the recalculation and what it found.
async fn recalculate(hr: &Person, first: Month) -> Value {
    let span = json!({"from_month": first, "to_month": first.plus(2)});
    let begun = hr.post("/recalculations", span).await.ok();
    let path = format!("/recalculations/{}", begun["id"].as_str().unwrap());
    hr.wait_for(&path, "the recalculation", |detail| detail["retro"]["state"] == "done")
        .await
}

fn found(detail: &Value) -> Expected {
    let fen = |value: &Value| value.as_i64().unwrap();
    detail["months"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let key = (
                one["region"].as_str().unwrap().to_owned(),
                one["month"].as_str().unwrap().to_owned(),
            );
            (key, (fen(&one["people"]), fen(&one["back_fen"]), fen(&one["refund_fen"])))
        })
        .collect()
}

/// 补缴 and 退费 filed and decided by two people of each agency; the bills that follow.
async fn adjust(cast: &Cast, detail: &Value) -> Vec<Value> {
    let path = format!("/recalculations/{}/propose", detail["retro"]["id"].as_str().unwrap());
    let proposed = cast.hr.post(&path, json!({"note": "政策追溯"})).await.ok();
    assert_eq!(
        cast.hr.post(&path, json!({"note": "再来一次"})).await.ok(),
        proposed,
        "proposed once"
    );
    let proposed = proposed.as_array().unwrap().clone();
    assert_eq!(proposed.len(), 2, "one application a region concerned");
    for one in &proposed {
        let path = format!("/adjustments/{}/file", one["id"].as_str().unwrap());
        for _ in 0..2 {
            assert_eq!(cast.hr.post(&path, json!({})).await.ok()["state"], "filed");
        }
        decide_next(cast.office(&one["region"]), "adjustment").await;
    }
    let is_new = |bill: &&Value| bill["kind"] != "regular";
    let bills = cast
        .hr
        .wait_for("/bills", "a bill of each application", |bills| {
            bills.as_array().unwrap().iter().filter(is_new).count() == 2
        })
        .await;
    bills.as_array().unwrap().iter().filter(is_new).cloned().collect()
}

/// A refund: proposed, checked and approved by three people, paid by the bank.
async fn refund(cast: &Cast, bill: &Value) {
    let office = cast.office(&bill["region"]);
    let form = json!({"source": "order", "source_id": bill["id"], "payee_name": "长沙星河制造有限公司", "bank_name": "某某银行",
        "account": "6222000011112222", "reason": "失业保险费率下调"});
    let case = office.clerk.post("/collection/refunds", form).await.ok();
    let refused = office.clerk.act(&case["case"], "pass", json!([])).await;
    assert_eq!(refused.rule(), "same_person");
    let passed = cast.second.act(&case["case"], "pass", json!([])).await.ok();
    office.reviewer.act(&passed["case"], "approve", json!([])).await.ok();
    let waiting = office.clerk.get("/collection/refunds?state=approved").await.ok();
    let path = format!("/collection/refunds/{}/paid", waiting["items"][0]["refund_id"].as_str().unwrap());
    let paid = json!({"paid_on": control::clock::today().to_string(), "reference": "B-1"});
    assert_eq!(office.clerk.post(&path, paid).await.status, 204);
}

async fn story(on: On) {
    let folder = tempfile::tempdir().unwrap();
    copy_law(folder.path());
    let data = Data::empty(folder.path(), on, "law_dir = \"law\"\n").await;
    let (first, expected) = Box::pin(closed_months(&data)).await;
    assert_eq!(expected.len(), 5, "two months of one city, three of another: {expected:?}");
    assert!(expected.values().all(|(people, ..)| *people > 2), "{expected:?}");

    let server = data.serve().await;
    let cast = Cast::of(&server).await;
    for month in 0..3 {
        let summary = cast.summary(first.plus(month)).await;
        assert_eq!(summary["policy_fen"], summary["billed_fen"], "{summary}");
    }
    assert_eq!(
        found(&recalculate(&cast.hr, first).await),
        Expected::new(),
        "by the same law nothing changes"
    );
    drop(server);

    change_law(folder.path(), first);
    let server = data.serve().await;
    let cast = Cast::of(&server).await;
    let mut off = 0;
    for month in 0..3 {
        let summary = cast.summary(first.plus(month)).await;
        assert_eq!(summary["unexplained"], 0, "the new law is the reason: {summary}");
        off += i64::from(summary["policy_fen"] != summary["billed_fen"]);
    }
    assert_eq!(off, 3, "every month comes out otherwise");
    let detail = recalculate(&cast.hr, first).await;
    assert_eq!(found(&detail), expected, "who, and by how much, to the fen");

    let bills = adjust(&cast, &detail).await;
    let (mut back, mut given) = (0, 0);
    for bill in &bills {
        let fen = bill["total_fen"].as_i64().unwrap();
        if bill["kind"] == "back" {
            back += fen;
            pay_bill(cast.office(&bill["region"]), bill).await;
        } else {
            given += fen;
            refund(&cast, bill).await;
        }
    }
    let sums = expected
        .values()
        .fold((0, 0), |sums, (_, back, refund)| (sums.0 + back, sums.1 + refund));
    assert_eq!((back, given), sums, "the agencies come to the same");
    cast.hr
        .wait_for("/bills", "receipt and refund notice", |bills| {
            let settled = ["paid", "refunded"].map(Value::from);
            bills.as_array().unwrap().iter().all(|bill| settled.contains(&bill["state"]))
        })
        .await;
    for month in 0..3 {
        let month = first.plus(month);
        // What was deducted follows: a difference run of the month.
        pay_wages(&cast.hr, &cast.payroll, &month.to_string()).await;
        let summary = cast.summary(month).await;
        assert_eq!(summary["unexplained"], 0, "{month}: {summary}");
        for column in ["billed_fen", "deducted_fen", "paid_fen"] {
            assert_eq!(summary["policy_fen"], summary[column], "{month} {column}: {summary}");
        }
    }
    assert_eq!(
        found(&recalculate(&cast.hr, first).await),
        Expected::new(),
        "put right, nothing is left"
    );
    drop(server);
    let app = App::open(Config::read(&data.config).unwrap()).await.unwrap();
    for (_, code, _) in CITIES {
        let region = RegionCode::new(code).unwrap();
        assert_eq!(agency::ledger::verify(&mut app.db.read(), region).await.unwrap(), []);
    }
    app.db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn law_changed_backwards_is_put_right_on_sqlite() {
    Box::pin(story(On::Sqlite)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn law_changed_backwards_is_put_right_on_postgres() {
    Box::pin(story(On::Postgres)).await;
}
