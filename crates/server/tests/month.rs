//! Three consecutive months of an employer with three hundred people in five cities, closed to the fen: people come, leave and get
//! raises, a rate changes in between, one bill stays unpaid. On both databases, and once through five processes.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use employer::insurance::{bill, reconcile};
use serde_json::json;
use server::app::App;
use server::cli::demo::{fill, months, staff};
use server::config::Config;
use standard::{Money, Month, RegionCode};
use std::path::Path;
use store::Query;
use support::month::{Office, close_month};
use support::sites::{configure, sites};
use support::{Data, On, Person, Server, copy_law, shebao};

const PEOPLE: u32 = 300;
const CITIES: [u32; 5] = [430_100, 110_000, 310_000, 510_100, 610_100];

/// The built-in law with another unemployment rate in Changsha from the second month on.
fn law_with_a_change(folder: &Path, from: Month) {
    copy_law(folder);
    let changed = folder.join("law/430100-changsha/unemployment.toml");
    let row = format!(
        "\n[[employer]]\nfrom = \"{from}\"\nrate = \"0.005\"\nsource = {{ issuer = \"试验\", document = \"试验\", article = \"\", url = \"\", \
         checked_on = \"2026-11-21\", confidence = \"unverified\" }}\n"
    );
    let text = std::fs::read_to_string(&changed).unwrap() + row.as_str();
    std::fs::write(changed, text).unwrap();
}

async fn story(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let first = Month::of(control::clock::today()).plus(-3);
    law_with_a_change(folder.path(), first.plus(1));
    let data = Data::empty(folder.path(), on, "law_dir = \"law\"\n").await;
    let app = App::open(Config::read(&data.config).unwrap()).await.unwrap();
    let cities: Vec<RegionCode> = CITIES.iter().map(|code| RegionCode::new(*code).unwrap()).collect();
    let course = staff::Course {
        first,
        months: 3,
        cities: cities.clone(),
    };
    let plan = months::Plan {
        workers: staff::workforce(PEOPLE, &course),
        unpaid: Some((first.plus(1), cities[3])),
        course,
    };
    fill::found(&app, 0, &plan).await.unwrap();
    let cast = fill::cast_of_months(&app, &plan).await.unwrap();
    months::close(&app, &cast, &plan).await.unwrap();

    let mut q = app.db.read();
    for offset in 0..3 {
        let month = first.plus(offset);
        let outcome = reconcile::reconcile(&mut q, app.book, cast.employer_id, month).await.unwrap();
        assert_eq!(
            outcome.unexplained,
            0,
            "{month}: {:#?}",
            &outcome.differences[..outcome.differences.len().min(5)]
        );
        assert_eq!(
            outcome.policy_fen, outcome.billed_fen,
            "{month}: the agencies bill what the law asks"
        );
        assert_eq!(outcome.billed_fen, outcome.deducted_fen, "{month}: payroll books what is billed");
        assert!(outcome.people > i64::from(PEOPLE) - 30, "{month}: {}", outcome.people);
        let open = outcome.billed_fen.fen() - outcome.paid_fen.fen();
        let bills = bill::list(&cast.hr, &app.db, Some(month), None).await.unwrap();
        let unpaid: Money = Money::sum(bills.iter().map(|bill| bill.open_fen)).unwrap();
        assert_eq!(open, unpaid.fen(), "{month}: what is not paid stands open on the bills");
        assert_eq!(open > 0, offset == 1, "{month}: one bill is left unpaid");
        assert_eq!(bills.len(), CITIES.len(), "{month}: one bill a city");
    }
    for region in &cities {
        assert_eq!(agency::ledger::verify(&mut q, *region).await.unwrap(), [], "{region}");
    }
    again(&app, &cast, &plan).await;
}

/// Declaring, paying and running what is closed changes nothing.
async fn again(app: &App, cast: &months::Cast, plan: &months::Plan) {
    let figures = async || {
        let mut q = app.db.read();
        let mut all = Vec::new();
        for table in [
            "agency_order",
            "agency_assessment",
            "agency_journal",
            "employer_bill",
            "employer_payslip",
        ] {
            let row = q.one(&format!("SELECT COUNT(*) AS n FROM {table}"), store::args![]).await.unwrap();
            all.push((table, row.get::<i64>("n").unwrap()));
        }
        all
    };
    let before = figures().await;
    months::declare_and_pay_again(app, cast, plan).await.unwrap();
    assert_eq!(figures().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_months_reconcile_on_sqlite() {
    Box::pin(story(On::Sqlite)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_months_reconcile_on_postgres() {
    Box::pin(story(On::Postgres)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_months_through_five_processes() {
    let root = tempfile::tempdir().unwrap();
    let regions = ["430100", "510100", "610100"];
    let sites = sites(root.path(), regions);
    let configs = configure(&sites);
    for config in &configs {
        shebao(&[
            "demo",
            "--no-serve",
            "--people",
            "0",
            "--staff",
            "12",
            "--config",
            config.to_str().unwrap(),
        ]);
    }
    let mut servers = Vec::new();
    for (site, config) in sites.iter().zip(&configs) {
        servers.push(Server::start(config, site.port).await);
    }
    let hr = Person::sign_in(&servers[0], "hr_manager").await;
    let payroll = Person::sign_in(&servers[0], "payroll").await;
    let mut offices = Vec::new();
    for (n, (region, short)) in regions.into_iter().zip(["cs", "cd", "xa"]).enumerate() {
        let server = &servers[n + 2];
        offices.push(Office {
            region,
            clerk: Person::sign_in(server, &format!("{short}_clerk")).await,
            reviewer: Person::sign_in(server, &format!("{short}_reviewer")).await,
        });
    }
    let last = Month::of(control::clock::today()).plus(-1);
    for (offset, unpaid) in [(-2, &[][..]), (-1, &["510100"][..]), (0, &[][..])] {
        let month = last.plus(offset).to_string();
        let page = Box::pin(close_month(&hr, &payroll, &offices, &month, unpaid)).await;
        let summary = &page["summary"];
        assert_eq!(summary["unexplained"], json!(0), "{month}: {summary}");
        assert_eq!(summary["policy_fen"], summary["billed_fen"], "{month}: {summary}");
        assert_eq!(summary["billed_fen"], summary["deducted_fen"], "{month}: {summary}");
        assert_eq!(
            summary["paid_fen"] == summary["billed_fen"],
            unpaid.is_empty(),
            "{month}: {summary}"
        );
    }
    sealed_documents_come_along(&hr).await;
}

/// The agency's sealed 征集单 and 缴费回执 reach the employer's own process, and open there.
async fn sealed_documents_come_along(hr: &Person) {
    let bills = hr.get("/bills").await.ok();
    let paid = bills.as_array().unwrap().iter().find(|bill| bill["state"] == "paid").unwrap();
    let path = format!("/bills/{}", paid["id"].as_str().unwrap());
    let detail = hr
        .wait_for(&path, "the sealed order and receipt", |bill| {
            bill["documents"].as_array().unwrap().len() == 2
        })
        .await;
    let mut kinds: Vec<&str> = Vec::new();
    for document in detail["documents"].as_array().unwrap() {
        kinds.push(document["kind"].as_str().unwrap());
        assert!(document["office"].as_str().unwrap().contains("经办"), "{document}");
        let pdf = hr.bytes(&format!("{path}/documents/{}", document["id"].as_str().unwrap())).await;
        assert!(pdf.starts_with(b"%PDF"));
    }
    kinds.sort_unstable();
    assert_eq!(kinds, ["collection_order", "payment_receipt"]);
    assert!(
        detail["receipts"][0]["document_id"].is_string(),
        "the receipt names its document: {}",
        detail["receipts"]
    );
    let other = bills.as_array().unwrap().iter().find(|bill| bill["id"] != paid["id"]).unwrap();
    let elsewhere = format!(
        "/bills/{}/documents/{}",
        other["id"].as_str().unwrap(),
        detail["documents"][0]["id"].as_str().unwrap()
    );
    assert_eq!(hr.get(&elsewhere).await.rule(), "document_not_found");
}
