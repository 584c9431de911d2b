//! Measures one indexed select through [`store`] beside the bare libraries, at 1 and 16 tasks, and loads beside theirs.
//! Run: `cargo run -p store --example point_read --features testing [-- SECONDS]`
#![allow(clippy::float_arithmetic, reason = "a measurement, not money")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Executor as _, Row as _};
use store::{Db, Query, args, testing};
use uuid::Uuid;

const ROWS: i64 = 300_000;
const SQL: &str = "SELECT name, status, months FROM sample WHERE person = $1 AND region = $2";

fn person(n: i64) -> Uuid {
    // spread like a hash, so that reads touch every page
    let mixed = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Uuid::from_u64_pair(mixed, n as u64)
}

fn next(state: &mut u64) -> i64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state % ROWS as u64) as i64
}

const TABLE: &str = "(person UUID NOT NULL, region BIGINT NOT NULL, name TEXT, status TEXT, months BIGINT, PRIMARY KEY (person, region))";

async fn fill(db: &Db) -> Duration {
    let tail = if db.database_url().is_none() { " WITHOUT ROWID" } else { "" };
    let mut tx = db.begin().await.expect("a measurement ends at the first fault");
    for name in ["sample", "peer"] {
        tx.execute(&format!("CREATE TABLE {name} {TABLE}{tail}"), args![])
            .await
            .expect("a measurement ends at the first fault");
    }
    let started = Instant::now();
    let mut sink = tx
        .bulk("sample", &["person", "region", "name", "status", "months"])
        .await
        .expect("a measurement ends at the first fault");
    for n in 0..ROWS {
        sink.push(args![person(n), 420_100_i64, "张三丰", "active", n % 400])
            .await
            .expect("a measurement ends at the first fault");
    }
    sink.finish().await.expect("a measurement ends at the first fault");
    tx.commit().await.expect("a measurement ends at the first fault");
    started.elapsed()
}

/// The bare libraries' own best loads of the same rows.
fn bare_sqlite_load(path: &std::path::Path) -> Duration {
    let mut connection = rusqlite::Connection::open(path).expect("a measurement ends at the first fault");
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA cache_size = -32000")
        .expect("a measurement ends at the first fault");
    let started = Instant::now();
    let tx = connection.transaction().expect("a measurement ends at the first fault");
    let mut statement = tx
        .prepare("INSERT INTO peer VALUES (?, ?, ?, ?, ?)")
        .expect("a measurement ends at the first fault");
    for n in 0..ROWS {
        statement
            .execute(rusqlite::params![person(n).as_bytes(), 420_100, "张三丰", "active", n % 400])
            .expect("a measurement ends at the first fault");
    }
    drop(statement);
    tx.commit().expect("a measurement ends at the first fault");
    started.elapsed()
}

async fn bare_postgres_load(pool: &sqlx::PgPool) -> Duration {
    let file = format!("/tmp/shebao-peer-{}.bin", Uuid::now_v7().simple());
    pool.execute(sqlx::AssertSqlSafe(format!("COPY sample TO '{file}' (FORMAT binary)")))
        .await
        .expect("a measurement ends at the first fault");
    let started = Instant::now();
    pool.execute(sqlx::AssertSqlSafe(format!("COPY peer FROM '{file}' (FORMAT binary)")))
        .await
        .expect("a measurement ends at the first fault");
    started.elapsed()
}

/// Runs `make()`'s future over and over in `tasks` tasks and prints the rate.
async fn rate<F, T>(name: &str, tasks: u64, length: Duration, make: F)
where
    F: Fn(i64) -> T + Send + Sync + 'static,
    T: Future<Output = ()> + Send,
{
    let (make, done) = (Arc::new(make), Arc::new(AtomicU64::new(0)));
    let end = Instant::now() + length;
    let all: Vec<_> = (0..tasks)
        .map(|task| {
            let (make, done) = (make.clone(), done.clone());
            tokio::spawn(async move {
                let mut state = task * 7_919 + 12_345;
                while Instant::now() < end {
                    for _ in 0..8 {
                        make(next(&mut state)).await;
                    }
                    done.fetch_add(8, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for task in all {
        task.await.expect("a measurement ends at the first fault");
    }
    println!("{name:<44} {:>9.0} /s", done.load(Ordering::Relaxed) as f64 / length.as_secs_f64());
}

async fn ours(db: &Db, name: &str, length: Duration) {
    for tasks in [1, 16] {
        let db = db.clone();
        rate(&format!("{name}, store, {tasks} tasks"), tasks, length, move |n| {
            let db = db.clone();
            async move {
                let row = db
                    .read()
                    .one(SQL, args![person(n), 420_100_i64])
                    .await
                    .expect("a measurement ends at the first fault");
                assert_eq!(row.get::<i64>("months").expect("a measurement ends at the first fault"), n % 400);
            }
        })
        .await;
    }
}

fn bare_rusqlite(path: &std::path::Path, length: Duration, threads: u64) {
    let done: u64 = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    let connection = rusqlite::Connection::open(path).expect("a measurement ends at the first fault");
                    connection
                        .execute_batch("PRAGMA cache_size = -32000")
                        .expect("a measurement ends at the first fault");
                    let mut statement = connection
                        .prepare(&SQL.replace('$', "?"))
                        .expect("a measurement ends at the first fault");
                    let (mut state, mut count, end) = (thread * 7_919 + 12_345, 0, Instant::now() + length);
                    while Instant::now() < end {
                        let n = next(&mut state);
                        let months: i64 = statement
                            .query_row(rusqlite::params![person(n).as_bytes(), 420_100], |row| {
                                let _: (String, String) = (row.get(0)?, row.get(1)?);
                                row.get(2)
                            })
                            .expect("a measurement ends at the first fault");
                        assert_eq!(months, n % 400);
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        all.into_iter()
            .map(|thread| thread.join().expect("a measurement ends at the first fault"))
            .sum()
    });
    println!(
        "{:<44} {:>9.0} /s",
        format!("sqlite, bare rusqlite, {threads} threads"),
        done as f64 / length.as_secs_f64()
    );
}

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(3);
    let length = Duration::from_secs(seconds);
    testing::block_on(async {
        let db = testing::sqlite().await;
        println!("sqlite, load of {ROWS} rows, store: {:?}", fill(&db).await);
        let path = db.data_dir().join("shebao.db");
        println!(
            "sqlite, load of {ROWS} rows, bare rusqlite: {:?}",
            tokio::task::block_in_place(|| bare_sqlite_load(&path))
        );
        for threads in [1, 2] {
            tokio::task::block_in_place(|| bare_rusqlite(&path, length, threads));
        }
        ours(&db, "sqlite", length).await;
        let db = testing::postgres().await;
        println!("postgresql, load of {ROWS} rows, store: {:?}", fill(&db).await);
        let url = db.database_url().expect("a measurement ends at the first fault").to_owned();
        let pool = sqlx::postgres::PgPoolOptions::new()
            .max_connections(12)
            .test_before_acquire(false)
            .connect(&url)
            .await
            .expect("a measurement ends at the first fault");
        println!(
            "postgresql, load of {ROWS} rows, COPY from a file on the server: {:?}",
            bare_postgres_load(&pool).await
        );
        for tasks in [1, 16] {
            let pool = pool.clone();
            rate(&format!("postgresql, bare sqlx, {tasks} tasks"), tasks, length, move |n| {
                let pool = pool.clone();
                async move {
                    let row = sqlx::query(SQL)
                        .bind(person(n))
                        .bind(420_100_i64)
                        .fetch_one(&pool)
                        .await
                        .expect("a measurement ends at the first fault");
                    assert_eq!(row.get::<i64, _>("months"), n % 400);
                }
            })
            .await;
        }
        ours(&db, "postgresql", length).await;
    });
}
