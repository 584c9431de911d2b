//! Employees a second through a whole pay run: read from the books, computed with contributions, housing fund and cumulative tax,
//! stored with lines and inputs, committed. Run by `make bench-month`.
//!
//! `bench_payroll <folder> [postgres-url] <employees>…` prints one JSON line a size. Each size is a company of its own.
#![expect(clippy::float_arithmetic, reason = "speeds are reported, no money is computed in floats")]

use std::time::Instant;

use control::identity::{Actor, Role};
use employer::payroll::run::RunState;
use employer::payroll::{make, service, view};
use employer::people::company::{self, Company};
use employer::people::seed::{SeedPerson, seed};
use policy::RuleBook;
use standard::{CreditCode, Date, IdNumber, Money, Month, Organisation, Rate, Refusal, RegionCode};
use store::{Db, StoreConfig};
use uuid::Uuid;

/// A month whose law is encoded in full in the cities below.
const MONTH: &str = "2026-05";
/// 广州, 上海, 北京, 深圳: taken in turn.
const CITIES: [&str; 4] = ["440100", "310000", "110000", "440300"];
/// People seeded in one transaction.
const SEEDED_AT_ONCE: usize = 20_000;

fn person(i: usize, cities: &[RegionCode]) -> Result<SeedPerson, Refusal> {
    let birth = Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().days((i % 10_000) as i64));
    let city = cities[i % cities.len()];
    let number = IdNumber::compose(city, birth, 1 + (i / 10_000) as u16)?;
    let wage = Money::from_fen(500_000 + 10_000 * (i % 200) as i64);
    let hired = Date::constant(2024, 3, 1);
    Ok(SeedPerson {
        department: format!("部门{:02}", i % 20),
        prior_average: Some((2025, wage)),
        ..SeedPerson::new(number, &format!("员工{i}"), city, hired, wage)
    })
}

async fn company_of(db: &Db, people: usize) -> Result<Uuid, Refusal> {
    let cities: Vec<RegionCode> = CITIES.iter().map(|code| RegionCode::parse(code)).collect::<Result<_, _>>()?;
    let employer_id = Uuid::now_v7();
    let mut tx = db.begin().await?;
    let company = Company {
        employer_id,
        name: format!("某某 {people} 人公司"),
        credit_code: CreditCode::compose("91430100MA4L0000X")?,
        region: cities[0],
        address: "某路1号".to_owned(),
        contact_name: "某人".to_owned(),
        contact_phone: "0731-00000000".to_owned(),
    };
    company::put(&mut tx, &company).await?;
    let mut settings = company::settings(&mut tx, employer_id).await?;
    settings.housing_fund_rate = Some(Rate::from_ppm(70_000));
    company::put_settings(&mut tx, employer_id, &settings).await?;
    tx.commit().await?;
    for from in (0..people).step_by(SEEDED_AT_ONCE) {
        let part: Vec<SeedPerson> = (from..people.min(from + SEEDED_AT_ONCE))
            .map(|i| person(i, &cities))
            .collect::<Result<_, _>>()?;
        let mut tx = db.begin().await?;
        seed(&mut tx, db, employer_id, &part).await?;
        tx.commit().await?;
    }
    Ok(employer_id)
}

async fn measure(db: &Db, kind: &str, people: usize) -> Result<(), Refusal> {
    let employer_id = company_of(db, people).await?;
    let manager = Actor {
        user_id: Uuid::now_v7(),
        name: "某人".to_owned(),
        organisation: Organisation::Employer(employer_id),
        role: Role::HrManager,
    };
    let book = RuleBook::embedded();
    // A small company is over in a blink: the median of several runs counts, each in place of the draft before.
    let mut seconds = Vec::new();
    let mut totals = None;
    for _ in 0..if people < 10_000 { 5 } else { 1 } {
        let start = Instant::now();
        let run = service::start(&manager, db, book, Month::parse(MONTH)?).await?;
        while make::run_jobs(db, book).await? > 0 {}
        seconds.push(start.elapsed().as_secs_f64());
        let done = view::get(&manager, db, run.id).await?.run;
        if done.state != RunState::Draft || done.people != people as i64 || done.blocking > 0 {
            return Err(Refusal::internal(format!("the run is wrong: {done:?}")));
        }
        totals = Some(done.totals);
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    let net = totals.map_or(0, |totals| totals.net.fen());
    println!(
        "{{\"bench\":\"payroll\",\"database\":\"{kind}\",\"employees\":{people},\"seconds\":{median:.3},\"per_second\":{:.0},\"net_fen\":{net}}}",
        people as f64 / median
    );
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Refusal> {
    let mut words = std::env::args().skip(1).peekable();
    let folder = words.next().ok_or_else(|| Refusal::internal("name a folder"))?;
    let database_url = words.next_if(|word| word.starts_with("postgres"));
    let kind = if database_url.is_some() { "postgres" } else { "sqlite" };
    let config = StoreConfig {
        database_url,
        ..StoreConfig::embedded(folder)
    };
    let db = Db::open(&config).await?;
    for word in words {
        let people = word.parse().map_err(Refusal::internal)?;
        measure(&db, kind, people).await?;
    }
    Ok(())
}
