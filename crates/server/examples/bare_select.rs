//! The yardstick of `make bench-status`: the least one could write. An axum route that answers one indexed select of
//! the same table by the same key as JSON, with the plain drivers: no sign-in, no audit, no directory, no judgment.
//!
//! `bare_select sqlite FILE ADDRESS` or `bare_select postgres URL ADDRESS` serves it;
//! `bare_select data FOLDER PERSONS` writes the made-up files the benchmark loads and the questions it asks.
#![allow(clippy::unwrap_used, reason = "a measurement: anything unexpected shall end it")]

use agency::load::sample::{sample, sample_id, sample_name, write_sample};
use axum::{Json, Router, extract::State, routing::post};
use mimalloc::MiMalloc;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgPool, PgPoolOptions};
use standard::RegionCode;
use std::{
    fs::{File, OpenOptions},
    io::{BufWriter, Write},
    path::Path,
    sync::{Arc, Mutex},
};
use store::{IdHash, StoreConfig};
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const SQL: &str = "SELECT region, insurance, status, months, first_month, last_month FROM agency_relation WHERE person_id = $1";
/// Seed of the made-up persons.
const SEED: u64 = 12;
/// Questions written for the load generator, spread over all persons.
const QUESTIONS: u32 = 100_000;

#[derive(Deserialize)]
struct Question {
    person_id: Uuid,
}

#[derive(Serialize)]
struct Relation {
    region: i64,
    insurance: String,
    status: String,
    months: i64,
    first_month: Option<i64>,
    last_month: Option<i64>,
}

type Pool = Arc<Mutex<Vec<Connection>>>;

async fn from_sqlite(State(pool): State<Pool>, Json(question): Json<Question>) -> Json<Vec<Relation>> {
    let connection = pool.lock().unwrap().pop().unwrap();
    let relations = {
        let mut statement = connection.prepare_cached(SQL).unwrap();
        let rows = statement.query_map([question.person_id.as_bytes()], |row| {
            Ok(Relation {
                region: row.get(0)?,
                insurance: row.get(1)?,
                status: row.get(2)?,
                months: row.get(3)?,
                first_month: row.get(4)?,
                last_month: row.get(5)?,
            })
        });
        rows.unwrap().map(Result::unwrap).collect()
    };
    pool.lock().unwrap().push(connection);
    Json(relations)
}

async fn from_postgres(State(pool): State<PgPool>, Json(question): Json<Question>) -> Json<Vec<Relation>> {
    type Row = (i64, String, String, i64, Option<i64>, Option<i64>);
    let rows: Vec<Row> = sqlx::query_as(SQL).bind(question.person_id).fetch_all(&pool).await.unwrap();
    let relation = |(region, insurance, status, months, first_month, last_month)| Relation {
        region,
        insurance,
        status,
        months,
        first_month,
        last_month,
    };
    Json(rows.into_iter().map(relation).collect())
}

fn sqlite(file: &str) -> Router {
    let open = |_| {
        let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX).unwrap();
        connection
            .execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8000")
            .unwrap();
        connection
    };
    let pool: Pool = Arc::new(Mutex::new((0..16).map(open).collect()));
    Router::new().route("/", post(from_sqlite)).with_state(pool)
}

async fn postgres(url: &str) -> Router {
    let options = PgPoolOptions::new().max_connections(32).test_before_acquire(false);
    Router::new()
        .route("/", post(from_postgres))
        .with_state(options.connect(url).await.unwrap())
}

/// Twelve files `CODE.csv`, one a region, `PERSONS` persons in all, every tenth also insured in the next region; then
/// `asked.jsonl` and `keys.jsonl`: the bodies for the nationwide query and for the bare route, the same persons.
///
/// The folder holds the configuration of the benchmark's databases, whose keys decide the persons' keys.
fn data(folder: &Path, persons: u32) {
    let regions = RegionCode::pilot();
    let each = persons.div_ceil(regions.len() as u32);
    for (region, before) in regions.iter().zip(regions.iter().cycle().skip(regions.len() - 1)) {
        let file = File::create(folder.join(format!("{region}.csv"))).unwrap();
        write_sample(BufWriter::new(file), each, *region, SEED).unwrap();
        let more = OpenOptions::new().append(true).open(folder.join(format!("{region}.csv"))).unwrap();
        let mut more = BufWriter::new(more);
        for (index, row) in sample(each, *before, SEED).filter(|row| row[2] == "养老").enumerate() {
            if index % 10 == 0 {
                writeln!(more, "{}", row.join(",")).unwrap();
            }
        }
    }
    let config = StoreConfig::embedded(folder.join("sqlite"));
    let cipher = store::Cipher::load(&config).unwrap();
    let mut asked = BufWriter::new(File::create(folder.join("asked.jsonl")).unwrap());
    let mut keys = BufWriter::new(File::create(folder.join("keys.jsonl")).unwrap());
    for n in 0..QUESTIONS {
        // a step without a common divisor visits persons all over the files
        let place = (u64::from(n) * 7_368_787 % u64::from(each * regions.len() as u32)) as u32;
        let (region, index) = (regions[(place / each) as usize], place % each);
        let number = sample_id(index, region, SEED);
        let hash: IdHash = cipher.id_hash(&number);
        let body = serde_json::json!({ "name": sample_name(index), "id_number": number.reveal(), "region": "430100" });
        writeln!(asked, "{body}").unwrap();
        writeln!(
            keys,
            "{}",
            serde_json::json!({ "person_id": agency::enrolment::PersonId::of(&hash) })
        )
        .unwrap();
    }
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, place, last] = arguments.as_slice() else {
        eprintln!("usage: bare_select sqlite FILE ADDRESS | postgres URL ADDRESS | data FOLDER PERSONS");
        std::process::exit(2);
    };
    let router = match kind.as_str() {
        "data" => return data(Path::new(place), last.parse().unwrap()),
        "sqlite" => sqlite(place),
        _ => postgres(place).await,
    };
    axum::serve(tokio::net::TcpListener::bind(last).await.unwrap(), router)
        .await
        .unwrap();
}
