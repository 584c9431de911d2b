//! The embedded database: SQLite in WAL mode through rusqlite, one writer connection and several readers.
//!
//! A statement runs on the calling thread, because a point read takes microseconds and a hop to another thread costs
//! more than that. What takes long does not stay there: a read is interrupted after [`INLINE_STEPS`] and started again
//! on the blocking pool, and a commit, which waits for the disk, always runs on the blocking pool.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection as Raw, ErrorCode, OpenFlags, Statement, StatementStatus};
use standard::Refusal;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use crate::fault::{self, Result};
use crate::spool;
use crate::value::{Args, Kind, Row, Value};

/// Virtual-machine steps a read may take on the calling thread, about half a millisecond.
const INLINE_STEPS: i32 = 20_000;
const READERS: usize = 16;
/// How much of the file a reader sees as memory; what lies beyond is read.
const MAPPED_BYTES: i64 = 0x7fff_0000;
const STATEMENTS: usize = 256;
/// Rows of a spool's file entered in one transaction.
const ENTERED_AT_ONCE: usize = 4_000;
/// How long a writer waits for its turn, in this process or after another one.
const WRITE_WAIT: Duration = Duration::from_secs(60);

/// An open SQLite database.
#[derive(Clone)]
pub(crate) struct Lite {
    writer: Arc<AsyncMutex<Connection>>,
    readers: Arc<Readers>,
}

struct Readers {
    path: PathBuf,
    free: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

/// One connection with what it remembers of its statements.
pub(crate) struct Connection {
    raw: Raw,
    known: HashMap<Box<str>, Known>,
    /// Set while the running statement must stop after [`INLINE_STEPS`].
    limited: Arc<AtomicBool>,
}

/// What is remembered of a statement.
#[derive(Clone)]
struct Known {
    columns: Arc<[Box<str>]>,
    /// Which argument goes into each place, counted from 1, and how many arguments there are.
    places: Arc<[usize]>,
    arguments: usize,
}

impl Lite {
    pub(crate) fn open(path: &Path) -> Result<Lite> {
        let writer = Connection::open(path, true).map_err(fault::sqlite)?;
        let readers = Readers {
            path: path.into(),
            free: Mutex::new(Vec::new()),
            permits: Arc::new(Semaphore::new(READERS)),
        };
        Ok(Lite {
            writer: Arc::new(AsyncMutex::new(writer)),
            readers: Arc::new(readers),
        })
    }

    /// Takes the write lock, waiting its turn in this process and then for other processes.
    pub(crate) async fn begin(&self) -> Result<Writer> {
        let Ok(guard) = tokio::time::timeout(WRITE_WAIT, self.writer.clone().lock_owned()).await else {
            tracing::error!("no turn to write came; a transaction is held very long, or was begun inside another");
            return Err(fault::busy());
        };
        let writer = Writer { guard: Some(guard) };
        let started = std::time::Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            match writer.connection().raw.execute_batch("BEGIN IMMEDIATE") {
                Ok(()) => return Ok(writer),
                Err(error) if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) => {
                    return Err(fault::sqlite(error));
                }
                Err(_) if started.elapsed() > WRITE_WAIT => return Err(fault::busy()),
                Err(_) => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// Enters rows that were set down in a file, on the blocking pool, [`ENTERED_AT_ONCE`] a transaction, so that other
    /// writers get their turn; gives how many are new. A row that is there already or that the table refuses is passed over:
    /// it must not keep the others out.
    pub(crate) async fn enter(&self, mut rows: impl Iterator<Item = spool::Entry> + Send + 'static) -> Result<u64> {
        let mut entered = 0;
        loop {
            let mut writer = self.begin().await?;
            let work = move |connection: &mut Connection| -> rusqlite::Result<_> {
                let (mut met, mut new) = (0, 0);
                for row in rows.by_ref().take(ENTERED_AT_ONCE) {
                    met += 1;
                    match connection.execute(&row.sql, &row.values) {
                        Ok(one) => new += one,
                        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                            tracing::error!(%error, "a row set down for the database was refused by it");
                        }
                        Err(error) => return Err(error),
                    }
                }
                connection.raw.execute_batch("COMMIT")?;
                Ok((rows, new, met < ENTERED_AT_ONCE))
            };
            let (rest, new, ended) = writer.elsewhere(work).await?.map_err(fault::sqlite)?;
            entered += new;
            if ended {
                return Ok(entered);
            }
            rows = rest;
        }
    }

    /// Writes a consistent copy to a new file while others read and write.
    pub(crate) async fn copy_to(&self, target: PathBuf) -> Result<()> {
        let mut lent = self.readers.lend().await?;
        let target = target.to_string_lossy().into_owned();
        blocking(move || {
            let connection = lent.connection();
            connection.limited.store(false, Ordering::Relaxed);
            connection.unmapped(|connection| {
                connection.raw.execute_batch("PRAGMA query_only = OFF")?;
                let done = connection.raw.execute("VACUUM INTO ?1", [target]).map(drop);
                connection.raw.execute_batch("PRAGMA query_only = ON")?;
                done
            })
        })
        .await?
        .map_err(fault::sqlite)
    }

    pub(crate) async fn read(&self, sql: &str, args: Args) -> Result<Vec<Row>> {
        let mut lent = self.readers.lend().await?;
        match lent.connection().rows(sql, &args, true) {
            Err(error) if interrupted(&error) => {
                let sql = sql.to_owned();
                blocking(move || lent.connection().unmapped(|connection| connection.rows(&sql, &args, false))).await?
            }
            done => done,
        }
        .map_err(fault::sqlite)
    }
}

impl Readers {
    async fn lend(self: &Arc<Self>) -> Result<Lent> {
        let permit = match self.permits.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => self.permits.clone().acquire_owned().await.map_err(|_| fault::busy())?,
        };
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match free {
            Some(connection) => connection,
            None => Connection::open(&self.path, false).map_err(fault::sqlite)?,
        };
        Ok(Lent {
            connection: Some(connection),
            readers: self.clone(),
            _permit: permit,
        })
    }
}

/// A reader connection on loan; it goes back when dropped.
struct Lent {
    connection: Option<Connection>,
    readers: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl Lent {
    fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("present until dropped")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.readers.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

/// The write lock, with a transaction open; dropped = rolled back.
pub(crate) struct Writer {
    guard: Option<OwnedMutexGuard<Connection>>,
}

impl Writer {
    fn connection(&self) -> &Connection {
        self.guard
            .as_ref()
            .expect("present until committed or while a statement runs elsewhere")
    }

    pub(crate) fn connection_mut(&mut self) -> &mut Connection {
        self.guard
            .as_mut()
            .expect("present until committed or while a statement runs elsewhere")
    }

    /// Runs `work` on the blocking pool. If the caller stops waiting, the transaction is rolled back when it ends.
    pub(crate) async fn elsewhere<T: Send + 'static>(&mut self, work: impl FnOnce(&mut Connection) -> T + Send + 'static) -> Result<T> {
        let mut away = Writer { guard: self.guard.take() };
        if away.guard.is_none() {
            return Err(Refusal::internal("the transaction was abandoned in the middle of a statement"));
        }
        let (away, done) = blocking(move || {
            let done = work(away.connection_mut());
            (away, done)
        })
        .await?;
        *self = away;
        Ok(done)
    }

    pub(crate) async fn all(&mut self, sql: &str, args: Args) -> Result<Vec<Row>> {
        self.present()?;
        match self.connection_mut().rows(sql, &args, true) {
            Err(error) if interrupted(&error) => {
                let sql = sql.to_owned();
                self.elsewhere(move |connection| connection.rows(&sql, &args, false)).await?
            }
            done => done,
        }
        .map_err(fault::sqlite)
    }

    pub(crate) fn execute(&mut self, sql: &str, args: &Args) -> Result<u64> {
        self.present()?;
        self.connection_mut().execute(sql, args).map_err(fault::sqlite)
    }

    pub(crate) async fn execute_long(&mut self, sql: &str, args: Args) -> Result<u64> {
        let sql = sql.to_owned();
        self.elsewhere(move |connection| connection.execute(&sql, &args))
            .await?
            .map_err(fault::sqlite)
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.present()?;
        self.connection_mut().raw.execute_batch(sql).map_err(fault::sqlite)
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        self.elsewhere(|connection| connection.raw.execute_batch("COMMIT"))
            .await?
            .map_err(fault::sqlite)
    }

    fn present(&self) -> Result<()> {
        match self.guard {
            Some(_) => Ok(()),
            None => Err(Refusal::internal("the transaction was abandoned in the middle of a statement")),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some(guard) = &self.guard
            && !guard.raw.is_autocommit()
            && let Err(error) = guard.raw.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "rollback failed");
        }
    }
}

impl Connection {
    fn open(path: &Path, writer: bool) -> rusqlite::Result<Connection> {
        let raw = Raw::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        raw.set_prepared_statement_cache_capacity(STATEMENTS);
        raw.busy_timeout(Duration::from_secs(5))?;
        raw.execute_batch("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;")?;
        if writer {
            // money: a commit that was answered survives a power cut
            raw.execute_batch("PRAGMA synchronous = FULL; PRAGMA cache_size = -64000;")?;
            // begin() waits by itself, without holding a thread
            raw.busy_timeout(Duration::ZERO)?;
        } else {
            // Mapped, because every commit empties a reader's own cache, and a read of each page from the file costs more than
            // the look-up itself.
            raw.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8000;")?;
            raw.pragma_update(None, "mmap_size", MAPPED_BYTES)?;
        }
        let limited = Arc::new(AtomicBool::new(false));
        let flag = limited.clone();
        raw.progress_handler(INLINE_STEPS, Some(move || flag.load(Ordering::Relaxed)))?;
        Ok(Connection {
            raw,
            known: HashMap::new(),
            limited,
        })
    }

    /// Reads through the connection's own bounded cache: what walks a whole table would keep all of its pages in the process.
    fn unmapped<T>(&mut self, read: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        self.raw.pragma_update(None, "mmap_size", 0)?;
        let done = read(self);
        self.raw.pragma_update(None, "mmap_size", MAPPED_BYTES)?;
        done
    }

    /// Every row of the answer. With `limited`, a read that takes too long ends as interrupted.
    fn rows(&mut self, sql: &str, args: &Args, limited: bool) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.raw.prepare_cached(sql)?;
        let columns = bind(&mut self.known, sql, &mut statement, args)?;
        // interrupting a write would roll the transaction back, so only reads are limited
        self.limited.store(limited && statement.readonly(), Ordering::Relaxed);
        // SQLite counts the steps of a prepared statement over all its runs; the limit is on this run alone
        statement.reset_status(StatementStatus::VmStep);
        let mut answer = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(columns.len());
            for index in 0..columns.len() {
                values.push(value(row.get_ref(index)?, index)?);
            }
            answer.push(Row {
                columns: columns.clone(),
                values,
            });
        }
        Ok(answer)
    }

    fn execute(&mut self, sql: &str, args: &Args) -> rusqlite::Result<u64> {
        self.limited.store(false, Ordering::Relaxed);
        let mut statement = self.raw.prepare_cached(sql)?;
        bind(&mut self.known, sql, &mut statement, args)?;
        statement.raw_execute().map(|rows| rows as u64)
    }

    /// Runs one prepared statement for each row of arguments.
    pub(crate) fn execute_each(&mut self, sql: &str, rows: &[Value], width: usize) -> rusqlite::Result<()> {
        self.limited.store(false, Ordering::Relaxed);
        let mut statement = self.raw.prepare_cached(sql)?;
        for row in rows.chunks_exact(width) {
            for (index, value) in row.iter().enumerate() {
                statement.raw_bind_parameter(index + 1, Bound(value))?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }
}

fn interrupted(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Refusal::internal(format!("a database task did not end: {error}")))
}

/// SQLite numbers `$n` by first appearance; the number written is the one that counts here. Gives the columns' names.
fn bind(known: &mut HashMap<Box<str>, Known>, sql: &str, statement: &mut Statement<'_>, args: &Args) -> rusqlite::Result<Arc<[Box<str>]>> {
    if !known.contains_key(sql) {
        if known.len() >= STATEMENTS * 4 {
            known.clear();
        }
        known.insert(sql.into(), Known::of(statement));
    }
    let known = &known[sql];
    if known.arguments != args.len() {
        return Err(rusqlite::Error::InvalidParameterCount(args.len(), known.arguments));
    }
    for (index, place) in known.places.iter().enumerate() {
        let value = place.checked_sub(1).and_then(|place| args.0.get(place));
        let value = value.ok_or(rusqlite::Error::InvalidParameterCount(args.len(), *place))?;
        statement.raw_bind_parameter(index + 1, Bound(value))?;
    }
    Ok(known.columns.clone())
}

impl Known {
    fn of(statement: &Statement<'_>) -> Known {
        let number = |index: usize| {
            let name = statement.parameter_name(index);
            name.and_then(|name| name.get(1..)?.parse().ok()).unwrap_or(index)
        };
        let places: Arc<[usize]> = (1..=statement.parameter_count()).map(number).collect();
        Known {
            columns: statement.column_names().into_iter().map(Box::from).collect(),
            arguments: places.iter().copied().max().unwrap_or(0),
            places,
        }
    }
}

struct Bound<'a>(&'a Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null(_) => ValueRef::Null,
            Value::Integer(n) => ValueRef::Integer(*n),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
            Value::Uuid(id) => ValueRef::Blob(id.as_bytes()),
            Value::Bool(yes) => ValueRef::Integer(i64::from(*yes)),
        }))
    }
}

fn value(stored: ValueRef<'_>, index: usize) -> rusqlite::Result<Value> {
    Ok(match stored {
        ValueRef::Null => Value::Null(Kind::Text),
        ValueRef::Integer(n) => Value::Integer(n),
        ValueRef::Text(text) => Value::Text(std::str::from_utf8(text)?.into()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.into()),
        // no column holds a float: money and rates are exact
        ValueRef::Real(_) => {
            return Err(rusqlite::Error::InvalidColumnType(
                index,
                "float".into(),
                rusqlite::types::Type::Real,
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const COUNT: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT MAX(i) AS most FROM n";

    fn most(connection: &mut Connection, rows: i64, limited: bool) -> rusqlite::Result<i64> {
        let answer = connection.rows(COUNT, &crate::args![rows], limited)?;
        Ok(answer[0].get("most").unwrap())
    }

    #[test]
    fn a_read_is_interrupted_for_its_own_length_not_for_how_often_it_was_made() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = Connection::open(&folder.path().join("shebao.db"), false).unwrap();
        for _ in 0..1_000 {
            assert_eq!(most(&mut connection, 100, true).unwrap(), 100);
        }
        assert!(most(&mut connection, 100_000, true).is_err_and(|error| interrupted(&error)));
        assert_eq!(most(&mut connection, 100_000, false).unwrap(), 100_000);
        assert_eq!(most(&mut connection, 100, true).unwrap(), 100);
    }
}
