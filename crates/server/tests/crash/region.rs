//! A run over a region is killed at random moments, on the command line and in the server, cancelled once and begun again. At
//! the end everybody has one row of the month, every order comes to its rows, and each went to its employer once.

use super::{Dice, SEED};
use crate::support::{Data, On, Person, Server, shebao};
use agency::assessment::run::{self, Run, RunState};
use agency::employers;
use agency::enrolment::{self, NewPerson};
use agency::ledger;
use control::clock;
use control::identity::{Actor, Role};
use exchange::message::EmployerParty;
use serde_json::{Value, json};
use standard::{CreditCode, Date, IdNumber, Month, Organisation, RegionCode, Timestamp};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use store::{Db, Query, args};
use uuid::Uuid;

/// Employers of 1 to 30 people; every fifth files electronically.
const EMPLOYERS: u32 = 700;
const KILLS: u64 = 8;
/// People of a piece: some five hundred pieces in all.
const PIECE: &str = "20";
const PATIENCE: Duration = Duration::from_secs(60);

fn region() -> RegionCode {
    RegionCode::new(510_100).unwrap()
}

fn month() -> Month {
    Month::of(clock::today())
}

fn is_online(n: u32) -> bool {
    n.is_multiple_of(5)
}

fn people_of(n: u32) -> u32 {
    1 + n * 7 % 30
}

async fn open(data: &Data) -> Db {
    let config = server::config::Config::read(&data.config).unwrap();
    server::app::App::open(config).await.unwrap().db.clone()
}

/// The region's employers and their roll; how many people there are.
async fn settle(db: &Db) -> i64 {
    let mut tx = db.begin().await.unwrap();
    let (mut roll, mut order) = (Vec::new(), 0);
    for n in 1..=EMPLOYERS {
        let party = EmployerParty {
            id: Uuid::now_v7(),
            name: format!("样例单位{n}"),
            credit_code: CreditCode::compose(&format!("91510100MA6C{n:05}")).unwrap(),
            contact: String::new(),
            phone: String::new(),
        };
        let unit = employers::register(&mut tx, region(), &party).await.unwrap();
        for k in 0..people_of(n) {
            order += 1;
            let person = if is_online(n) {
                let born = Date::new(1980, 1 + (order % 12) as i8, 1 + (order / 12 % 28) as i8).unwrap();
                let new = NewPerson {
                    region: region(),
                    id_number: IdNumber::compose(region(), born, (order / 336) as u16 + 1).unwrap(),
                    name: format!("员工{order}"),
                    phone: None,
                    household_region: None,
                };
                enrolment::insert_person(&mut tx, db.cipher(), &new).await.unwrap().0
            } else {
                Uuid::now_v7()
            };
            roll.push((unit.employer_id, person, i64::from(300_000 + (order * 7_919 + k) % 3_000_000)));
        }
        if !is_online(n) {
            let sql = "UPDATE agency_unit SET online = FALSE WHERE region = $1 AND employer_id = $2";
            tx.execute(sql, args![region(), unit.employer_id]).await.unwrap();
        }
    }
    let columns = [
        "region",
        "employer_id",
        "person_id",
        "since_month",
        "insurances",
        "wage_fen",
        "updated_at",
    ];
    let mut sink = tx.bulk("agency_roll", &columns).await.unwrap();
    for (employer, person, wage) in &roll {
        let since = month().plus(-12);
        sink.push(args![region(), *employer, *person, since, 31_i64, *wage, Timestamp::now()])
            .await
            .unwrap();
    }
    sink.finish().await.unwrap();
    tx.commit().await.unwrap();
    i64::try_from(roll.len()).unwrap()
}

async fn number(db: &Db, sql: &str) -> i64 {
    db.read().one(sql, args![region()]).await.unwrap().get("n").unwrap()
}

async fn assessed(db: &Db) -> i64 {
    number(db, "SELECT COUNT(*) AS n FROM agency_assessment WHERE region = $1").await
}

/// What a repetition must not change.
async fn books(db: &Db) -> Vec<i64> {
    let mut all = Vec::new();
    for table in [
        "agency_assessment",
        "agency_order",
        "agency_journal",
        "agency_entry",
        "agency_declaration",
    ] {
        all.push(number(db, &format!("SELECT COUNT(*) AS n FROM {table} WHERE region = $1")).await);
    }
    all.push(
        db.read()
            .one("SELECT COUNT(*) AS n FROM store_outbox", args![])
            .await
            .unwrap()
            .get("n")
            .unwrap(),
    );
    all
}

/// One row a person, one order an employer, every order its rows, the ledger the orders, one message an electronic employer.
async fn are_right(db: &Db, people: i64) {
    let both: Vec<String> = ["pension", "medical", "unemployment", "injury", "maternity"]
        .iter()
        .map(|name| format!("{name}_employer_fen + {name}_employee_fen"))
        .collect();
    let both = both.join(" + ");
    assert_eq!(assessed(db).await, people, "one row a person");
    let sql = "SELECT COUNT(DISTINCT person_id) AS n FROM agency_assessment WHERE region = $1 AND voided = FALSE";
    assert_eq!(number(db, sql).await, people, "nobody twice");
    assert_eq!(
        number(db, "SELECT COUNT(*) AS n FROM agency_order WHERE region = $1").await,
        i64::from(EMPLOYERS)
    );
    let sql = "SELECT COUNT(DISTINCT employer_id) AS n FROM agency_declaration WHERE region = $1 AND state = 'assessed'";
    assert_eq!(number(db, sql).await, i64::from(EMPLOYERS));
    let sql = format!(
        "SELECT COUNT(*) AS n FROM agency_order o LEFT JOIN
             (SELECT order_id, COUNT(*) AS people, SUM({both}) AS fen FROM agency_assessment WHERE region = $1 GROUP BY order_id) a
             ON a.order_id = o.order_id
         WHERE o.region = $1 AND (COALESCE(a.fen, 0) <> o.total_fen OR COALESCE(a.people, 0) <> o.people)"
    );
    assert_eq!(number(db, &sql).await, 0, "orders come to their rows");
    let asked = number(db, "SELECT SUM(total_fen) AS n FROM agency_order WHERE region = $1").await;
    let owed = number(
        db,
        "SELECT SUM(balance_fen) AS n FROM agency_account WHERE region = $1 AND kind = 'receivable'",
    )
    .await;
    assert!(asked > 0);
    assert_eq!(asked, owed.abs(), "the ledger holds what the orders ask");
    assert_eq!(ledger::verify(&mut db.read(), region()).await.unwrap(), []);
    let online = i64::from((1..=EMPLOYERS).filter(|n| is_online(*n)).count() as u32);
    let sent = db
        .read()
        .one(
            "SELECT COUNT(*) AS n, COUNT(DISTINCT to_organisation) AS employers FROM store_outbox WHERE kind = 'collection_order'",
            args![],
        )
        .await
        .unwrap();
    let sent: (i64, i64) = (sent.get("n").unwrap(), sent.get("employers").unwrap());
    assert_eq!(sent, (online, online), "each order goes to its employer once");
}

fn command(config: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_shebao"))
        .args([
            "assess-region",
            "--region",
            "510100",
            "--month",
            &month().to_string(),
            "--piece",
            PIECE,
        ])
        .args(["--quiet", "--config", config.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until so many are assessed, or everybody is.
async fn until(db: &Db, wanted: i64, people: i64) {
    let start = Instant::now();
    while assessed(db).await < wanted.min(people) {
        if start.elapsed() > PATIENCE {
            panic!("the run does not get on: {:?}", newest(db).await);
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn newest(db: &Db) -> Run {
    run::list(&supervisor(), db, None, 1).await.unwrap().items.remove(0)
}

fn supervisor() -> Actor {
    Actor {
        user_id: Uuid::now_v7(),
        name: "成都主管".into(),
        organisation: Organisation::Agency(region()),
        role: Role::AgencySupervisor,
    }
}

async fn on_the_command_line(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::empty(folder.path(), on, "").await;
    let db = open(&data).await;
    let people = settle(&db).await;
    let mut dice = Dice(SEED);
    let share = people / (KILLS as i64 + 2);
    let mut cut = 0;
    for kill in 0..KILLS {
        let before = assessed(&db).await;
        let mut child = command(&data.config);
        let cancelled = kill == KILLS / 2;
        if kill % 3 == 1 && !cancelled {
            // Soon after its start, wherever that is.
            tokio::time::sleep(Duration::from_millis(dice.below(150))).await;
        } else {
            until(&db, before + 1 + dice.below(share as u64) as i64, people).await;
            if !cancelled {
                tokio::time::sleep(Duration::from_millis(dice.below(25))).await;
            }
        }
        if cancelled {
            let mut tx = db.begin().await.unwrap();
            let open = newest(&db).await;
            assert_eq!(
                run::cancel(&supervisor(), &mut tx, open.run_id).await.unwrap().state,
                RunState::Cancelled
            );
            tx.commit().await.unwrap();
            assert!(!child.wait().unwrap().success(), "a cancelled run says so");
        } else {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        assert_eq!(
            ledger::verify(&mut db.read(), region()).await.unwrap(),
            [],
            "sound after every kill"
        );
        cut += u64::from(assessed(&db).await < people);
    }
    assert!(cut > KILLS / 2, "too few of the kills came before the end: {cut}");
    let config = data.config.to_str().unwrap();
    let month = month().to_string();
    let last = [
        "assess-region",
        "--region",
        "510100",
        "--month",
        &month,
        "--quiet",
        "--json",
        "--piece",
        PIECE,
        "--config",
        config,
    ];
    let done: Value = serde_json::from_str(&shebao(&last)).unwrap();
    assert_eq!(done["state"], "done");
    are_right(&db, people).await;
    let before = books(&db).await;
    let again: Value = serde_json::from_str(&shebao(&last)).unwrap();
    assert_eq!(
        (&again["state"], &again["employers"], &again["sent"]),
        (&json!("done"), &json!(0), &json!(0))
    );
    assert_eq!(books(&db).await, before, "a further run changes nothing");
    db.close().await;
}

async fn in_the_server(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::empty(folder.path(), on, &format!("assessment_piece = {PIECE}\n")).await;
    let config = data.config.to_str().unwrap();
    shebao(&["demo", "--no-serve", "--people", "0", "--staff", "0", "--config", config]);
    let db = open(&data).await;
    let people = settle(&db).await;
    let mut server: Server = data.serve().await;
    let boss = Person::sign_in(&server, "cd_supervisor").await;
    let begin = json!({"month": month()});
    let mut id = boss.post("/agency/assessment-runs", begin.clone()).await.ok()["run_id"].clone();
    let mut dice = Dice(SEED ^ 0xff);
    let mut cut = 0;
    for kill in 0..KILLS {
        let before = assessed(&db).await;
        until(&db, before + 1 + dice.below(people as u64 / (KILLS + 2)) as i64, people).await;
        tokio::time::sleep(Duration::from_millis(dice.below(25))).await;
        if kill == KILLS / 2 {
            let path = format!("/agency/assessment-runs/{}/cancel", id.as_str().unwrap());
            assert_eq!(boss.post(&path, json!({})).await.ok()["state"], "cancelled");
            id = boss.post("/agency/assessment-runs", begin.clone()).await.ok()["run_id"].clone();
            continue;
        }
        server.kill();
        assert_eq!(
            ledger::verify(&mut db.read(), region()).await.unwrap(),
            [],
            "sound after every kill"
        );
        cut += u64::from(assessed(&db).await < people);
        server.restart().await;
    }
    assert!(cut > KILLS / 2, "too few of the kills came before the end: {cut}");
    let path = format!("/agency/assessment-runs/{}", id.as_str().unwrap());
    boss.wait_for(&path, "the end of the run", |run| run["state"] == "done").await;
    are_right(&db, people).await;
    drop(server);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_run_killed_on_the_command_line_sqlite() {
    on_the_command_line(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_run_killed_on_the_command_line_postgres() {
    on_the_command_line(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_run_killed_in_the_server_sqlite() {
    in_the_server(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_run_killed_in_the_server_postgres() {
    in_the_server(On::Postgres).await;
}
