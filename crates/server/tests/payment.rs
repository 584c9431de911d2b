//! Paying online: from the address on the order over the gateway's page to the posting; with the gateway in a process of its
//! own, and with the server killed at random moments. Nothing is lost, nothing is doubled.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::time::Duration;

use agency::collection::{NewOrder, OrderKind, OrderTotals, open_orders, order};
use agency::enrolment::{self, NewPerson, PersonId};
use agency::ledger::{self, Account};
use serde_json::Value;
use server::app::App;
use server::config::Config;
use standard::{Date, IdNumber, Insurance, Money, Month, RegionCode};
use std::path::Path;
use store::{Query, args};
use support::{Data, On, Person, Server, free_port, shebao, write_config};
use uuid::Uuid;

/// 8 % and 16 % of 6,000 yuan.
const OWN: i64 = 48_000;
const EMPLOYER: i64 = 96_000;
const TOTAL: i64 = OWN + EMPLOYER;

fn region() -> RegionCode {
    RegionCode::new(430_100).unwrap()
}

async fn open(config: &Path) -> App {
    App::open(Config::read(config).unwrap()).await.unwrap()
}

struct Bill {
    order_id: Uuid,
    person: PersonId,
    path: String,
}

/// One order for each of `count` employers of one person, issued long before its last day.
async fn bills(config: &Path, count: u16) -> Vec<Bill> {
    let app = open(config).await;
    let mut tx = app.db.begin().await.unwrap();
    let month = Month::of(control::clock::today());
    let mut totals = OrderTotals::default();
    totals.employer[0] = Money::from_fen(EMPLOYER);
    totals.employee[0] = Money::from_fen(OWN);
    let mut made = Vec::new();
    for number in 1..=count {
        let employer_id = Uuid::now_v7();
        let person = NewPerson {
            region: region(),
            id_number: IdNumber::compose(region(), Date::new(1990, 3, 7).unwrap(), number).unwrap(),
            name: format!("员工{number}"),
            phone: None,
            household_region: None,
        };
        let person = enrolment::insert_person(&mut tx, app.db.cipher(), &person).await.unwrap();
        let new = NewOrder {
            region: region(),
            employer_id,
            employer_name: format!("测试单位{number}"),
            month,
            kind: OrderKind::Regular,
            filing_id: None,
            totals,
            people: 1,
            issued_on: month.first_day(),
        };
        let order_id = open_orders(&mut tx, app.book, &[new]).await.unwrap()[0];
        tx.execute(
            "INSERT INTO agency_assessment (person_id, region, month, kind, seq, order_id, employer_id, insurances, wage_fen,
                 pension_base_fen, medical_base_fen, unemployment_base_fen, injury_base_fen, maternity_base_fen,
                 pension_employer_fen, medical_employer_fen, unemployment_employer_fen, injury_employer_fen, maternity_employer_fen,
                 pension_employee_fen, medical_employee_fen, unemployment_employee_fen, injury_employee_fen, maternity_employee_fen, voided)
             VALUES ($1, $2, $3, 'regular', 1, $4, $5, 1, 600000, 600000, 0, 0, 0, 0, $6, 0, 0, 0, 0, $7, 0, 0, 0, 0, $8)",
            args![person.0, region(), month, order_id, employer_id, EMPLOYER, OWN, false],
        )
        .await
        .unwrap();
        let order = order::get(&mut tx, region(), order_id).await.unwrap();
        let path = order::pay_url("", region(), &order.pay_code).replace("/api/v1", "");
        made.push(Bill { order_id, person, path });
    }
    tx.commit().await.unwrap();
    app.db.close().await;
    made
}

/// Sends until the server takes it; a killed one comes back.
async fn insist(nobody: &Person, method: &str, path: &str) -> Value {
    for _ in 0..600 {
        if let Some(answer) = nobody.try_send(method, path, None, None).await
            && answer.status < 500
            && answer.status != 429
        {
            return answer.ok();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{method} {path} was never taken");
}

fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap()
}

/// Presses 支付 on the page, until the gateway says it is paid.
async fn press_pay(page: &str) {
    for _ in 0..600 {
        if let Ok(answer) = http().post(format!("{page}/pay")).send().await
            && answer.status().is_success()
        {
            assert!(answer.text().await.unwrap().contains("支付成功"));
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the page was never paid");
}

async fn until_paid(nobody: &Person, bill: &Bill) {
    for _ in 0..1_200 {
        if insist(nobody, "GET", &bill.path).await["amount_fen"] == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("an order was never posted");
}

/// Each order paid once, each person credited once, nothing in suspense, the books sound.
async fn are_right(config: &Path, bills: &[Bill]) {
    let app = open(config).await;
    let mut q = app.db.read();
    assert_eq!(ledger::verify(&mut q, region()).await.unwrap(), vec![]);
    for bill in bills {
        let order = order::get(&mut q, region(), bill.order_id).await.unwrap();
        assert_eq!(order.state, order::OrderState::Paid);
        let payments = agency::collection::payment::of_order(&mut q, region(), bill.order_id)
            .await
            .unwrap();
        assert_eq!(payments.iter().map(|one| one.amount.fen()).collect::<Vec<_>>(), [TOTAL]);
        let account = Account::personal(Insurance::Pension, bill.person.0);
        assert_eq!(ledger::balance(&mut q, region(), account).await.unwrap().balance_fen, OWN);
    }
    let left = q
        .one("SELECT COALESCE(SUM(left_fen), 0) AS fen FROM agency_suspense", args![])
        .await
        .unwrap();
    assert_eq!(left.get::<i64>("fen").unwrap(), 0);
    let told = q
        .one("SELECT COUNT(*) AS n FROM gateway_payment WHERE state = 'paid'", args![])
        .await
        .unwrap();
    let told: i64 = told.get("n").unwrap();
    assert!(
        told == 0 || told == i64::try_from(bills.len()).unwrap(),
        "{told} paid at the gateway here"
    );
    app.db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_while_orders_are_paid_online() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::empty(folder.path(), On::Sqlite, "").await;
    let bills = bills(&data.config, 24).await;
    let mut server = data.serve().await;
    let nobody = Person::with_cookie(&server, "");
    let mut waits = [35_u64, 160, 5, 90, 240, 60].into_iter();
    for (number, bill) in bills.iter().enumerate() {
        let started = insist(&nobody, "POST", &bill.path).await;
        assert_eq!(started["amount_fen"], TOTAL);
        let page = started["page_url"].as_str().unwrap().to_owned();
        // Twice the same payment.
        assert_eq!(insist(&nobody, "POST", &bill.path).await["payment_id"], started["payment_id"]);
        press_pay(&page).await;
        if number % 4 == 3
            && let Some(wait) = waits.next()
        {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            server.kill();
            server.restart().await;
        }
        press_pay(&page).await;
    }
    for bill in &bills {
        until_paid(&nobody, bill).await;
    }
    server.kill();
    are_right(&data.config, &bills).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_of_its_own_waits_for_an_agency_that_is_down() {
    let folder = tempfile::tempdir().unwrap();
    let (agency_port, gateway_port) = (free_port(), free_port());
    let (agency_data, gateway_data) = (folder.path().join("agency-data"), folder.path().join("gateway-data"));
    let key = |whose: &str, data: &Path| shebao(&["key", whose, "--data", data.to_str().unwrap()]).trim().to_owned();
    let agency_key = key("agency:430100", &agency_data);
    let gateway_key = key("gateway", &gateway_data);
    let agency = write_config(
        folder.path(),
        "agency.toml",
        &format!(
            "data_dir = \"agency-data\"\nlisten = \"127.0.0.1:{agency_port}\"\nrole = \"agency\"\nregions = [\"430100\"]\n\
             [gateway]\nurl = \"http://127.0.0.1:{gateway_port}\"\npublic_key = \"{gateway_key}\"\n"
        ),
    );
    let gateway = write_config(
        folder.path(),
        "gateway.toml",
        &format!(
            "data_dir = \"gateway-data\"\nlisten = \"127.0.0.1:{gateway_port}\"\nrole = \"gateway\"\n\
             [[peers]]\norganisation = \"agency:430100\"\npublic_key = \"{agency_key}\"\n"
        ),
    );
    let bills = bills(&agency, 2).await;
    let _gateway = Server::start(&gateway, gateway_port).await;
    let mut server = Server::start(&agency, agency_port).await;
    let nobody = Person::with_cookie(&server, "");
    for bill in &bills {
        let started = insist(&nobody, "POST", &bill.path).await;
        let page = started["page_url"].as_str().unwrap().to_owned();
        assert!(page.starts_with(&format!("http://127.0.0.1:{gateway_port}/gateway/pay/")), "{page}");
        server.kill();
        press_pay(&page).await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        server.restart().await;
        until_paid(&nobody, bill).await;
    }
    // A stranger cannot make the gateway collect.
    let asked = http()
        .post(format!("http://127.0.0.1:{gateway_port}/gateway/payments"))
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status().as_u16(), 422);
    server.kill();
    are_right(&agency, &bills).await;
}
