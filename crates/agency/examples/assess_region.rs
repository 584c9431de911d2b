//! Measures the assessment of a whole region beside the least one could do with the same rows: load them into the same table.
//!
//! `assess_region settle PLACE PEOPLE` fills the roll; `assess_region run PLACE` assesses it; `assess_region bare PLACE PEER` loads the
//! rows of `run` into the empty database PEER with the plain drivers. PLACE is a folder (SQLite) or a PostgreSQL url. Each prints one
//! line of JSON with seconds, rows and its own peak memory. See bench/month.
#![allow(clippy::unwrap_used, clippy::float_arithmetic, reason = "a measurement, not money")]

use std::path::Path;
use std::time::Instant;

use agency::assessment::run::{self, PIECE};
use control::clock;
use control::identity::Actor;
use policy::RuleBook;
use sqlx::Connection as _;
use standard::{Money, Month, Organisation, RegionCode, Timestamp};
use store::{Db, Query, StoreConfig, args};
use uuid::Uuid;

/// 长沙.
const REGION: u32 = 430_100;
/// Amounts and the like of a row, after its four keys of 16 bytes.
const NUMBERS: usize = 19;
const COLUMNS: &str = "person_id, region, month, kind, seq, order_id, employer_id, insurances, wage_fen, pension_base_fen, \
     medical_base_fen, unemployment_base_fen, injury_base_fen, maternity_base_fen, pension_employer_fen, medical_employer_fen, \
     unemployment_employer_fen, injury_employer_fen, maternity_employer_fen, pension_employee_fen, medical_employee_fen, \
     unemployment_employee_fen, injury_employee_fen, maternity_employee_fen, voided";

struct Row {
    keys: [Uuid; 3],
    month: i64,
    seq: i64,
    numbers: [i64; NUMBERS - 2],
}

async fn open(place: &str) -> Db {
    let config = if place.contains("://") {
        StoreConfig {
            database_url: Some(place.to_owned()),
            data_dir: std::env::temp_dir().join("assess_region"),
            ..StoreConfig::default()
        }
    } else {
        StoreConfig {
            data_dir: place.into(),
            ..StoreConfig::default()
        }
    };
    std::fs::create_dir_all(&config.data_dir).unwrap();
    Db::open(&config).await.unwrap()
}

fn peak_kb() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}

/// Spread like a hash, so that inserts touch every page.
fn mixed(n: u64) -> Uuid {
    let mut z = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z ^= z >> 27;
    Uuid::from_u64_pair(z, n)
}

/// Employers of one to two hundred people, fifty on the average, each with a made-up name; wages from below the floor to above the ceiling.
async fn settle(db: &Db, people: u64) {
    let region = RegionCode::new(REGION).unwrap();
    let now = Timestamp::now();
    let since = Month::of(clock::today()).plus(-12);
    let sizes = [2, 5, 11, 20, 37, 75, 200];
    let (mut units, mut first, mut n) = (Vec::new(), 0, 0_u64);
    while first < people {
        let size = sizes[usize::try_from(n % 7).unwrap()].min(people - first);
        units.push((mixed(n | 1 << 40), first, size));
        first += size;
        n += 1;
    }
    let mut tx = db.begin().await.unwrap();
    let columns = [
        "region",
        "employer_id",
        "number",
        "name",
        "credit_code",
        "injury_class",
        "contact",
        "online",
        "registered_at",
        "updated_at",
    ];
    let mut sink = tx.bulk("agency_unit", &columns).await.unwrap();
    for (n, (id, ..)) in units.iter().enumerate() {
        let class = i64::try_from(n % 8).unwrap() + 1;
        sink.push(args![
            region,
            *id,
            format!("{REGION}{n:08}"),
            format!("样例单位{n}"),
            "",
            class,
            "",
            false,
            now,
            now
        ])
        .await
        .unwrap();
    }
    sink.finish().await.unwrap();
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
    for (id, first, size) in &units {
        for person in *first..first + size {
            let wage = 300_000 + i64::try_from(person * 7_919 % 3_000_000).unwrap();
            sink.push(args![region, *id, mixed(person), since, 31_i64, Money::from_fen(wage), now])
                .await
                .unwrap();
        }
    }
    sink.finish().await.unwrap();
    tx.commit().await.unwrap();
    if db.database_url().is_some() {
        let mut tx = db.begin().await.unwrap();
        tx.execute("ANALYZE", args![]).await.unwrap();
        tx.commit().await.unwrap();
    }
    println!("{{\"people\": {people}, \"employers\": {}}}", units.len());
}

async fn assess(db: &Db) {
    let (region, book) = (RegionCode::new(REGION).unwrap(), RuleBook::embedded());
    let actor = Actor::system(Organisation::Agency(region));
    let started = Instant::now();
    let mut tx = db.begin().await.unwrap();
    let mut state = run::start(&actor, &mut tx, book, Month::of(clock::today()), clock::today())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    while state.state.is_open() {
        state = run::advance(db, book, region, state.run_id, "", PIECE).await.unwrap();
    }
    let seconds = started.elapsed().as_secs_f64();
    // before the checks below read whole tables through a mapping
    let peak = peak_kb();
    let mut q = db.read();
    let row = q.one("SELECT COUNT(*) AS n FROM agency_assessment", args![]).await.unwrap();
    let rows: i64 = row.get("n").unwrap();
    let sql = "SELECT COALESCE(SUM(total_fen), 0) AS fen, COUNT(*) AS n FROM agency_order";
    let row = q.one(sql, args![]).await.unwrap();
    let (fen, orders): (i64, i64) = (row.get("fen").unwrap(), row.get("n").unwrap());
    assert_eq!(rows, state.people, "everybody has a row");
    assert_eq!(
        fen,
        state.employer_fen.fen() + state.employee_fen.fen(),
        "orders come to what the run says"
    );
    assert!(
        agency::ledger::verify(&mut q, region).await.unwrap().is_empty(),
        "the books are sound"
    );
    println!("{{\"what\": \"assess\", \"seconds\": {seconds:.3}, \"rows\": {rows}, \"orders\": {orders}, \"peak_kb\": {peak}}}");
}

async fn rows(db: &Db) -> Vec<Row> {
    let mut q = db.read();
    let sql = format!("SELECT {COLUMNS} FROM agency_assessment ORDER BY seq, person_id");
    let numbers: Vec<&str> = COLUMNS.split(", ").skip(7).take(NUMBERS - 2).collect();
    let rows = q.all(&sql, args![]).await.unwrap();
    rows.iter()
        .map(|row| Row {
            keys: [
                row.get("person_id").unwrap(),
                row.get("order_id").unwrap(),
                row.get("employer_id").unwrap(),
            ],
            month: row.get("month").unwrap(),
            seq: row.get("seq").unwrap(),
            numbers: std::array::from_fn(|n| row.get(numbers[n].trim()).unwrap()),
        })
        .collect()
}

/// One transaction of prepared inserts, durable like the program's own.
fn bare_sqlite(path: &Path, rows: &[Row]) -> f64 {
    let mut raw = rusqlite::Connection::open(path).unwrap();
    raw.execute_batch("PRAGMA synchronous = FULL; PRAGMA cache_size = -64000").unwrap();
    let places: Vec<String> = (1..=25).map(|n| format!("?{n}")).collect();
    let started = Instant::now();
    let tx = raw.transaction().unwrap();
    let mut insert = tx
        .prepare(&format!("INSERT INTO agency_assessment ({COLUMNS}) VALUES ({})", places.join(", ")))
        .unwrap();
    for row in rows {
        let keys = row.keys.each_ref().map(Uuid::as_bytes);
        insert.raw_bind_parameter(1, keys[0]).unwrap();
        insert.raw_bind_parameter(2, REGION).unwrap();
        insert.raw_bind_parameter(3, row.month).unwrap();
        insert.raw_bind_parameter(4, "regular").unwrap();
        insert.raw_bind_parameter(5, row.seq).unwrap();
        insert.raw_bind_parameter(6, keys[1]).unwrap();
        insert.raw_bind_parameter(7, keys[2]).unwrap();
        for (n, number) in row.numbers.iter().enumerate() {
            insert.raw_bind_parameter(8 + n, number).unwrap();
        }
        insert.raw_bind_parameter(25, false).unwrap();
        insert.raw_execute().unwrap();
    }
    drop(insert);
    tx.commit().unwrap();
    started.elapsed().as_secs_f64()
}

fn field(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&i32::try_from(bytes.len()).unwrap().to_be_bytes());
    out.extend_from_slice(bytes);
}

/// COPY BINARY in one transaction.
async fn bare_postgres(url: &str, rows: &[Row]) -> f64 {
    let mut raw = sqlx::PgConnection::connect(url).await.unwrap();
    let started = Instant::now();
    let mut tx = raw.begin().await.unwrap();
    let sql = format!("COPY agency_assessment ({COLUMNS}) FROM STDIN (FORMAT binary)");
    let mut copy = tx.copy_in_raw(&sql).await.unwrap();
    let mut out = Vec::with_capacity(300 << 10);
    out.extend_from_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
    for row in rows {
        out.extend_from_slice(&25_i16.to_be_bytes());
        field(&mut out, row.keys[0].as_bytes());
        field(&mut out, &i64::from(REGION).to_be_bytes());
        field(&mut out, &row.month.to_be_bytes());
        field(&mut out, b"regular");
        field(&mut out, &row.seq.to_be_bytes());
        field(&mut out, row.keys[1].as_bytes());
        field(&mut out, row.keys[2].as_bytes());
        for number in row.numbers {
            field(&mut out, &number.to_be_bytes());
        }
        field(&mut out, &[0]);
        if out.len() >= 256 << 10 {
            copy.send(out.as_slice()).await.unwrap();
            out.clear();
        }
    }
    out.extend_from_slice(&(-1_i16).to_be_bytes());
    copy.send(out.as_slice()).await.unwrap();
    copy.finish().await.unwrap();
    tx.commit().await.unwrap();
    started.elapsed().as_secs_f64()
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let of = |n: usize| args.get(n).map_or("", String::as_str);
    match of(0) {
        "settle" => settle(&open(of(1)).await, of(2).parse().unwrap()).await,
        "run" => assess(&open(of(1)).await).await,
        "bare" => {
            let rows = rows(&open(of(1)).await).await;
            drop(open(of(2)).await);
            let seconds = if of(2).contains("://") {
                bare_postgres(of(2), &rows).await
            } else {
                bare_sqlite(&Path::new(of(2)).join("shebao.db"), &rows)
            };
            println!("{{\"what\": \"bare\", \"seconds\": {seconds:.3}, \"rows\": {}}}", rows.len());
        }
        other => panic!("settle, run or bare, not {other:?}"),
    }
}
