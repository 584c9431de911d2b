//! The open database, its transactions and its read handle.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Executor, Postgres, Transaction};
use standard::Refusal;
use tokio::sync::watch;

use crate::append;
use crate::blob::Blobs;
use crate::fault::{self, Result};
use crate::keyring::Cipher;
use crate::lite::{Lite, Writer};
use crate::lookup::{self, Lookup};
use crate::query::Query;
use crate::spool::Spool;
use crate::value::{Args, Row};
use crate::{migration, pg, presence};

/// Where the data lives.
#[derive(Clone, Default)]
pub struct StoreConfig {
    /// Folder of the embedded database, the key file and the blobs; made when missing.
    pub data_dir: PathBuf,
    /// Address of a PostgreSQL database; none means the SQLite file `data_dir/shebao.db`.
    pub database_url: Option<String>,
    /// Most connections to PostgreSQL; none means 32.
    pub connections: Option<u32>,
    /// Master key in hex (64 digits), instead of the file `data_dir/master.key`.
    pub master_key: Option<String>,
    /// The national key of the ID hash in hex (64 digits), equal in every organisation; none means the file
    /// `data_dir/directory.key`, made at first start.
    pub directory_key: Option<String>,
}

impl StoreConfig {
    /// The embedded database in `data_dir`.
    pub fn embedded(data_dir: impl Into<PathBuf>) -> StoreConfig {
        StoreConfig {
            data_dir: data_dir.into(),
            ..StoreConfig::default()
        }
    }
}

/// An open database; a clone is the same database.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

type Keep = Box<dyn std::any::Any + Send + Sync>;

struct Inner {
    backend: Backend,
    config: StoreConfig,
    cipher: Arc<Cipher>,
    blobs: Blobs,
    work: watch::Sender<()>,
    queue: append::Queue,
    lookups: lookup::Lookups,
    _keep: Option<Keep>,
    /// Tells other processes that the folder is in use.
    _in_use: Option<std::fs::File>,
}

#[derive(Clone)]
enum Backend {
    Sqlite(Lite, Arc<Spool>),
    Postgres(pg::Pools),
}

impl Db {
    /// Opens the database and brings its schema up to date.
    pub async fn open(config: &StoreConfig) -> Result<Db> {
        Db::open_keeping(config, None).await
    }

    /// Like [`Db::open`]; `keep` is dropped after the last handle.
    pub(crate) async fn open_keeping(config: &StoreConfig, keep: Option<Keep>) -> Result<Db> {
        std::fs::create_dir_all(&config.data_dir).map_err(|error| fault::folder(&config.data_dir, &error))?;
        let in_use = match config.database_url {
            None => Some(presence::use_folder(&config.data_dir)?),
            Some(_) => None,
        };
        let backend = match &config.database_url {
            Some(url) => Backend::Postgres(pg::open(url, config.connections.unwrap_or(32)).await?),
            None => {
                let file = config.data_dir.join("shebao.db");
                let lite = Lite::open(&file).map_err(|refusal| fault::naming(&file, refusal))?;
                Backend::Sqlite(lite, Arc::new(Spool::open(&file)?))
            }
        };
        let cipher = Arc::new(Cipher::load(config)?);
        let blobs = Blobs::open(config, cipher.clone())?;
        let inner = Inner {
            backend,
            config: config.clone(),
            cipher,
            blobs,
            work: watch::Sender::new(()),
            queue: append::Queue::default(),
            lookups: lookup::Lookups::default(),
            _keep: keep,
            _in_use: in_use,
        };
        let db = Db { inner: Arc::new(inner) };
        let file = config.data_dir.join("shebao.db");
        migration::run(&db).await.map_err(|refusal| fault::naming(&file, refusal))?;
        db.settle().await?;
        Ok(db)
    }

    /// Starts a transaction. On SQLite it holds the only write lock until committed or dropped, so keep it short.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = match &self.inner.backend {
            Backend::Sqlite(lite, _) => Inside::Sqlite(lite.begin().await?),
            Backend::Postgres(pools) => Inside::Postgres(pg::begin(&pools.main).await?),
        };
        Ok(Tx {
            inner,
            db: self.clone(),
            wakes: false,
        })
    }

    /// A handle that reads what is committed; each statement sees its own moment.
    pub fn read(&self) -> Read {
        Read { db: self.clone() }
    }

    /// The address of the PostgreSQL database, if it is on one.
    pub fn database_url(&self) -> Option<&str> {
        self.inner.config.database_url.as_deref()
    }

    /// Writes a consistent copy of the embedded database to a new file while it is in use. The keys and the folder
    /// `blobs` are copied beside it by the operator; PostgreSQL has its own tools.
    pub async fn backup(&self, target: &std::path::Path) -> Result<()> {
        match &self.inner.backend {
            Backend::Sqlite(..) if target.exists() => Err(Refusal::conflict(
                "backup_exists",
                "备份文件已存在，未覆盖。请换一个文件名。",
                "The backup file exists and was not overwritten. Choose another name.",
            )),
            Backend::Sqlite(lite, spool) => {
                spool.enter(lite).await?;
                lite.copy_to(target.into()).await
            }
            Backend::Postgres(_) => Err(Refusal::conflict(
                "backup_by_server",
                "当前使用 PostgreSQL，请用 pg_dump 或数据库自身的备份工具。",
                "This installation runs on PostgreSQL: use pg_dump or the server's own backup.",
            )),
        }
    }

    /// Ends every connection to PostgreSQL. SQLite's end with the last handle.
    pub async fn close(&self) {
        if let Backend::Postgres(pools) = &self.inner.backend {
            tokio::join!(pools.main.close(), pools.swift.close());
        }
    }

    /// The keys in use.
    pub fn cipher(&self) -> &Cipher {
        &self.inner.cipher
    }

    /// The store of attachments and generated documents.
    pub fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }

    /// Tells a sender or worker when there is something to do.
    pub fn work(&self) -> Work {
        Work(self.inner.work.subscribe())
    }

    pub(crate) fn lookups(&self) -> &lookup::Lookups {
        &self.inner.lookups
    }

    pub(crate) fn queue(&self) -> &append::Queue {
        &self.inner.queue
    }

    /// How another connection to PostgreSQL is made.
    pub(crate) fn postgres_options(&self) -> Option<sqlx::postgres::PgConnectOptions> {
        match &self.inner.backend {
            Backend::Postgres(pools) => Some((*pools.main.connect_options()).clone()),
            Backend::Sqlite(..) => None,
        }
    }

    /// Where rows that stand alone are set down; none on PostgreSQL.
    pub(crate) fn spool(&self) -> Option<(&Lite, &Arc<Spool>)> {
        match &self.inner.backend {
            Backend::Sqlite(lite, spool) => Some((lite, spool)),
            Backend::Postgres(_) => None,
        }
    }

    /// Enters what [`Db::append`] set down into its tables. Call it before reading them.
    pub async fn settle(&self) -> Result<()> {
        match self.spool() {
            Some((lite, spool)) => spool.enter(lite).await.map(drop),
            None => Ok(()),
        }
    }

    /// Rows in one transaction of PostgreSQL whose commit does not wait for the disk.
    pub(crate) async fn execute_swiftly(&self, statements: Vec<(String, Args)>) -> Result<()> {
        match &self.inner.backend {
            Backend::Postgres(pools) => pg::execute_swiftly(&pools.swift, statements).await,
            Backend::Sqlite(..) => Err(Refusal::internal("rows for SQLite are set down, not committed one by one")),
        }
    }

    /// The folder of the data, the key file and the blobs.
    pub fn data_dir(&self) -> &std::path::Path {
        &self.inner.config.data_dir
    }
}

/// Tells when a transaction of this process left work in the outbox or a job queue.
pub struct Work(watch::Receiver<()>);

impl Work {
    /// Returns at once if work was left since the last call, else when it is or when `longest` has passed (for retries
    /// and the work of other processes).
    pub async fn wait(&mut self, longest: Duration) {
        if let Ok(Err(_)) = tokio::time::timeout(longest, self.0.changed()).await {
            // the database was closed: nothing will ever come
            tokio::time::sleep(longest).await;
        }
    }
}

/// Reads outside a transaction. Cheap to make.
#[derive(Clone)]
pub struct Read {
    db: Db,
}

#[async_trait]
impl Query for Read {
    async fn all(&mut self, sql: &str, args: Args) -> Result<Vec<Row>> {
        match &self.db.inner.backend {
            Backend::Sqlite(lite, _) => lite.read(sql, args).await,
            Backend::Postgres(pools) if reads(sql) => pg::read(&pools.main, sql, &args).await,
            Backend::Postgres(_) => Err(change_refused()),
        }
    }

    async fn execute(&mut self, _sql: &str, _args: Args) -> Result<u64> {
        Err(change_refused())
    }

    async fn look_up(&mut self, lookup: &'static Lookup, key: Args) -> Result<Vec<Row>> {
        match &self.db.inner.backend {
            Backend::Sqlite(..) => self.all(lookup.statement(), key).await,
            Backend::Postgres(_) => lookup::together(&self.db, lookup, key).await,
        }
    }
}

/// SQLite's readers are read-only; PostgreSQL's share the pool of the writers.
fn reads(sql: &str) -> bool {
    let word = sql.split_whitespace().next().unwrap_or("");
    ["SELECT", "WITH", "VALUES", "EXPLAIN"]
        .iter()
        .any(|verb| word.eq_ignore_ascii_case(verb))
}

fn change_refused() -> Refusal {
    Refusal::internal("a change was attempted through a read handle; use a transaction")
}

/// One transaction: everything or nothing. Dropped without [`Tx::commit`] it is rolled back.
pub struct Tx {
    pub(crate) inner: Inside,
    pub(crate) db: Db,
    wakes: bool,
}

pub(crate) enum Inside {
    Sqlite(Writer),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Makes the changes last.
    pub async fn commit(self) -> Result<()> {
        match self.inner {
            Inside::Sqlite(writer) => writer.commit().await?,
            Inside::Postgres(tx) => tx.commit().await.map_err(fault::postgres)?,
        }
        if self.wakes {
            self.db.inner.work.send_replace(());
        }
        Ok(())
    }

    /// The commit wakes the senders and workers of this process.
    pub(crate) fn wakes(&mut self) {
        self.wakes = true;
    }

    /// Holds the named lock until the transaction ends, so that read-then-write on one aggregate (`case:<id>`) is
    /// serial. SQLite has one writer, so there it is already so.
    pub async fn lock(&mut self, name: &str) -> Result<()> {
        match &mut self.inner {
            Inside::Sqlite(_) => Ok(()),
            Inside::Postgres(tx) => {
                let sql = "SELECT 1 AS held FROM (SELECT pg_advisory_xact_lock(hashtextextended($1, 0))) AS locked";
                pg::all(&mut **tx, sql, &crate::args![name])
                    .await
                    .map_err(fault::postgres)
                    .map(drop)
            }
        }
    }

    /// Like [`Query::execute`] for a statement that may take long (an `INSERT … SELECT` over many rows): on SQLite it
    /// runs on the blocking pool, so that it does not hold up other requests.
    pub async fn execute_long(&mut self, sql: &str, args: Args) -> Result<u64> {
        match &mut self.inner {
            Inside::Sqlite(writer) => writer.execute_long(sql, args).await,
            Inside::Postgres(tx) => pg::execute(&mut **tx, sql, &args).await.map_err(fault::postgres),
        }
    }

    /// Counts tables anew after many rows went in, so that the next statements find their way. PostgreSQL would only
    /// do so a minute later, and until then walk a whole region to find one person; SQLite needs no counting.
    pub async fn count_anew(&mut self, tables: &[&'static str]) -> Result<()> {
        match &self.inner {
            Inside::Sqlite(_) => Ok(()),
            Inside::Postgres(_) => self.batch(&format!("ANALYZE {}", tables.join(", "))).await,
        }
    }

    /// The database this transaction is on.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Runs several statements without arguments.
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<()> {
        match &mut self.inner {
            Inside::Sqlite(writer) => writer.batch(sql),
            Inside::Postgres(tx) => tx
                .execute(sqlx::raw_sql(AssertSqlSafe(sql)))
                .await
                .map_err(fault::postgres)
                .map(drop),
        }
    }

    pub(crate) fn dialect<T>(&self, sqlite: T, postgres: T) -> T {
        match self.inner {
            Inside::Sqlite(_) => sqlite,
            Inside::Postgres(_) => postgres,
        }
    }
}

#[async_trait]
impl Query for Tx {
    async fn all(&mut self, sql: &str, args: Args) -> Result<Vec<Row>> {
        match &mut self.inner {
            Inside::Sqlite(writer) => writer.all(sql, args).await,
            Inside::Postgres(tx) => pg::all(&mut **tx, sql, &args).await.map_err(fault::postgres),
        }
    }

    async fn execute(&mut self, sql: &str, args: Args) -> Result<u64> {
        match &mut self.inner {
            Inside::Sqlite(writer) => writer.execute(sql, &args),
            Inside::Postgres(tx) => pg::execute(&mut **tx, sql, &args).await.map_err(fault::postgres),
        }
    }
}
