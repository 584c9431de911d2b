//! Databases for tests: fresh, migrated, and gone when the last handle is dropped.
//!
//! [`both!`](crate::both) runs one test on SQLite and on PostgreSQL. The PostgreSQL server is the one `SHEBAO_TEST_PG`
//! names (a role that may create databases), or the private one that `scripts/pg.sh start` starts.
#![allow(clippy::unwrap_used, reason = "a test that cannot have its database must stop")]

use std::process::Command;
use std::sync::OnceLock;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};
use tempfile::TempDir;

use crate::{Db, StoreConfig, migration};

/// One key for all test databases, so that the hash of a person is the same in each.
const TEST_DIRECTORY_KEY: &str = "5e1f9d0c7b3a48264c1d8e7f6a5b09381726354e5d6c7b8a99a8b7c6d5e4f301";

/// A fresh SQLite database.
pub async fn sqlite() -> Db {
    let folder = TempDir::with_prefix("shebao-").unwrap();
    let config = config(&folder, None);
    Db::open_keeping(&config, Some(Box::new(folder))).await.unwrap()
}

/// A fresh PostgreSQL database, copied from a template in which the migrations ran once.
pub async fn postgres() -> Db {
    let folder = TempDir::with_prefix("shebao-").unwrap();
    let name = format!("shebao_test_{}", uuid::Uuid::now_v7().simple());
    let url = postgres_url(&name).await;
    let config = config(&folder, Some(url));
    Db::open_keeping(&config, Some(Box::new((Database(name), folder)))).await.unwrap()
}

/// The configuration of a fresh PostgreSQL database for a test that starts the program itself. Keep a
/// [`Database::of`] it to have the database removed at the end.
pub async fn postgres_config(data_dir: &std::path::Path) -> StoreConfig {
    let name = format!("shebao_test_{}", uuid::Uuid::now_v7().simple());
    StoreConfig {
        database_url: Some(postgres_url(&name).await),
        ..StoreConfig::embedded(data_dir)
    }
}

fn config(folder: &TempDir, database_url: Option<String>) -> StoreConfig {
    StoreConfig {
        data_dir: folder.path().into(),
        database_url,
        connections: Some(12),
        directory_key: Some(TEST_DIRECTORY_KEY.into()),
        master_key: None,
    }
}

/// Runs an async test on SQLite and on PostgreSQL, as `<name>::sqlite` and `<name>::postgres`.
///
/// ```ignore
/// store::both! {
///     async fn a_person_is_found_again(db: Db) { … }
/// }
/// ```
#[macro_export]
macro_rules! both {
    ($($(#[$attribute:meta])* async fn $name:ident($db:ident: Db) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$attribute])*
            async fn story($db: $crate::Db) $body

            #[test]
            fn sqlite() {
                $crate::testing::block_on(async { story($crate::testing::sqlite().await).await });
            }

            #[test]
            fn postgres() {
                $crate::testing::block_on(async { story($crate::testing::postgres().await).await });
            }
        }
    )+};
}

/// Runs a test's future on two threads, as the server would.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Removes its database when dropped.
pub struct Database(String);

impl Database {
    /// The database of a configuration made by [`postgres_config`].
    pub fn of(config: &StoreConfig) -> Option<Database> {
        let (address, _) = config.database_url.as_deref()?.split_once('?')?;
        let name = address.rsplit_once('/')?.1;
        name.starts_with("shebao_test_").then(|| Database(name.into()))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.0);
        // on a thread of its own: the test's runtime may be going down
        let _ = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                if let Ok(mut server) = connect().await {
                    let _ = server.execute(AssertSqlSafe(sql)).await;
                }
            });
        })
        .join();
    }
}

async fn connect() -> sqlx::Result<PgConnection> {
    server().clone().connect().await
}

/// The address of the new database `name`.
async fn postgres_url(name: &str) -> String {
    let mut server = connect().await.expect("the test server of PostgreSQL answers");
    let template = format!("shebao_template_{}", migration::fingerprint());
    // one maker of the template at a time; the lock is released with the connection
    server.execute("SELECT pg_advisory_lock(7261001)").await.unwrap();
    let known = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(&template);
    if known.fetch_optional(&mut server).await.unwrap().is_none() {
        let making = format!("{template}_making");
        server
            .execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")))
            .await
            .unwrap();
        server.execute(AssertSqlSafe(format!("CREATE DATABASE {making}"))).await.unwrap();
        let folder = TempDir::with_prefix("shebao-").unwrap();
        let db = Db::open(&config(&folder, Some(address(&making)))).await.unwrap();
        db.close().await;
        server
            .execute(AssertSqlSafe(format!("ALTER DATABASE {making} RENAME TO {template}")))
            .await
            .unwrap();
    }
    server.execute("SELECT pg_advisory_unlock(7261001)").await.unwrap();
    server
        .execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}")))
        .await
        .unwrap();
    server.close().await.unwrap();
    address(name)
}

fn address(database: &str) -> String {
    let (before, query) = server_url().split_once('?').unwrap_or((server_url(), ""));
    let host = before
        .rsplit_once('/')
        .filter(|(host, _)| !host.ends_with('/'))
        .map_or(before, |(host, _)| host);
    format!("{host}/{database}?{query}")
}

fn server() -> &'static PgConnectOptions {
    static SERVER: OnceLock<PgConnectOptions> = OnceLock::new();
    SERVER.get_or_init(|| server_url().parse().expect("SHEBAO_TEST_PG is a PostgreSQL address"))
}

fn server_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| {
        if let Ok(url) = std::env::var("SHEBAO_TEST_PG") {
            return url;
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/pg.sh");
        let done = Command::new("sh").arg(script).arg("start").output().expect("sh runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    })
}
