//! Rows that stand alone, such as the audit of a read. On PostgreSQL the rows of many requests share one transaction, and
//! each goes on when its own is committed; the commit does not wait for the disk. On SQLite they are set down in a file
//! first (`spool`). Either way a row outlives the process, however it ends, but a power cut can take the rows of the last
//! moment (docs/decisions/access-trail.md).

use std::sync::{Mutex, PoisonError};

use standard::Refusal;
use tokio::sync::oneshot;

use crate::db::Db;
use crate::fault::Result;
use crate::value::Args;

/// Rows one transaction takes at most.
const ROWS_MAX: usize = 256;
/// Up to this many rows a statement is written for their very number; more go in statements of [`ROWS_OF_MANY`]. Few
/// different texts, so that each stays prepared.
const ROWS_OF_FEW: usize = 16;
const ROWS_OF_MANY: usize = 64;

/// A table and its columns, as one kind of row goes into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Into {
    /// The table.
    pub table: &'static str,
    /// The columns, in the order of each row's values.
    pub columns: &'static [&'static str],
}

struct Waiting {
    into: Into,
    row: Args,
    done: oneshot::Sender<Result<()>>,
}

/// What waits to be written, and whether somebody is writing.
#[derive(Default)]
pub(crate) struct Queue(Mutex<(Vec<Waiting>, bool)>);

impl Db {
    /// Writes one row that belongs to no transaction of the caller's: a killed process loses none that this returned for, a
    /// power cut at most those of the last fraction of a second. Not for money or state.
    ///
    /// A row the database refuses harms no other; on PostgreSQL the caller learns of it, on SQLite the log. Who reads the
    /// table calls [`Db::settle`] first.
    pub async fn append(&self, into: Into, row: Args) -> Result<()> {
        if row.len() != into.columns.len() {
            return Err(Refusal::internal(format!(
                "a row of {} values for {} columns",
                row.len(),
                into.columns.len()
            )));
        }
        if let Some((lite, spool)) = self.spool() {
            return spool.set_down(lite, into, &row);
        }
        let (done, written) = oneshot::channel();
        let idle = {
            let mut queue = self.queue().0.lock().unwrap_or_else(PoisonError::into_inner);
            queue.0.push(Waiting { into, row, done });
            !std::mem::replace(&mut queue.1, true)
        };
        if idle {
            // A task of its own: a caller that goes away takes no other caller's row along.
            tokio::spawn(write_all(self.clone()));
        }
        written
            .await
            .unwrap_or_else(|_| Err(Refusal::internal("the writer of appended rows ended early")))
    }
}

/// Makes room for another writer however this one ends.
struct Busy {
    db: Db,
    done: bool,
}

impl Drop for Busy {
    fn drop(&mut self) {
        if !self.done {
            self.db.queue().0.lock().unwrap_or_else(PoisonError::into_inner).1 = false;
        }
    }
}

async fn write_all(db: Db) {
    let mut busy = Busy { db, done: false };
    loop {
        // Whoever is ready to run gets to add its row first.
        tokio::task::yield_now().await;
        let batch: Vec<Waiting> = {
            let mut queue = busy.db.queue().0.lock().unwrap_or_else(PoisonError::into_inner);
            let rows = queue.0.len().min(ROWS_MAX);
            if rows == 0 {
                // Said under the lock, so that the next caller either is seen here or starts a writer.
                queue.1 = false;
                busy.done = true;
                return;
            }
            queue.0.drain(..rows).collect()
        };
        match write(&busy.db, batch.iter().map(|one| (one.into, &one.row)).collect()).await {
            Ok(()) => batch.into_iter().for_each(|one| drop(one.done.send(Ok(())))),
            Err(refusal) if batch.len() == 1 => batch.into_iter().for_each(|one| drop(one.done.send(Err(refusal.clone())))),
            Err(_) => {
                // one of them is at fault: each alone
                for one in batch {
                    let outcome = write(&busy.db, vec![(one.into, &one.row)]).await;
                    drop(one.done.send(outcome));
                }
            }
        }
    }
}

async fn write(db: &Db, mut rows: Vec<(Into, &Args)>) -> Result<()> {
    rows.sort_by_key(|(into, _)| into.table);
    let statements = rows.chunk_by(|a, b| a.0 == b.0).flat_map(|group| {
        let rows: Vec<&Args> = group.iter().map(|(_, row)| *row).collect();
        statements(group[0].0, &rows)
    });
    db.execute_swiftly(statements.collect()).await
}

/// Rows as few statements: text and values.
fn statements(into: Into, rows: &[&Args]) -> Vec<(String, Args)> {
    let mut statements = Vec::new();
    let mut rest = rows;
    while !rest.is_empty() {
        let count = match rest.len() {
            ROWS_OF_MANY.. => ROWS_OF_MANY,
            many => many.min(ROWS_OF_FEW),
        };
        let (now, later) = rest.split_at(count);
        rest = later;
        let values = now.iter().flat_map(|row| row.0.iter().cloned()).collect();
        statements.push((insert(into, count), Args(values)));
    }
    statements
}

/// The statement that writes some rows.
pub(crate) fn insert(into: Into, rows: usize) -> String {
    let width = into.columns.len();
    let row = |row: usize| {
        let places: Vec<String> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO {} ({}) VALUES {}",
        into.table,
        into.columns.join(", "),
        rows.join(", ")
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use futures::future::join_all;
    use uuid::Uuid;

    use super::*;
    use crate::{Query, args};

    const KEPT: Into = Into {
        table: "kept",
        columns: &["id", "n"],
    };

    async fn count(db: &Db) -> i64 {
        db.settle().await.unwrap();
        db.read()
            .one("SELECT COUNT(*) AS n FROM kept", args![])
            .await
            .unwrap()
            .get("n")
            .unwrap()
    }

    crate::both! {
        async fn rows_of_many_callers_are_all_written(db: Db) {
            let mut tx = db.begin().await.unwrap();
            tx.execute("CREATE TABLE kept (id UUID PRIMARY KEY, n BIGINT NOT NULL)", args![]).await.unwrap();
            tx.commit().await.unwrap();
            let all = (0..500_i64).map(|n| { let db = db.clone(); async move { db.append(KEPT, args![Uuid::now_v7(), n]).await } });
            assert!(join_all(all).await.iter().all(Result::is_ok));
            assert_eq!(count(&db).await, 500);
            // after a pause the next caller starts a new writer
            db.append(KEPT, args![Uuid::now_v7(), 1_i64]).await.unwrap();
            assert_eq!(count(&db).await, 501);
        }

        async fn a_refused_row_harms_no_other(db: Db) {
            let mut tx = db.begin().await.unwrap();
            tx.execute("CREATE TABLE kept (id UUID PRIMARY KEY, n BIGINT NOT NULL)", args![]).await.unwrap();
            tx.commit().await.unwrap();
            let twice = Uuid::now_v7();
            db.append(KEPT, args![twice, 0_i64]).await.unwrap();
            let all = (0..40_i64).map(|n| {
                let (db, id) = (db.clone(), if n == 17 { twice } else { Uuid::now_v7() });
                async move { db.append(KEPT, args![id, n]).await }
            });
            let outcomes = join_all(all).await;
            let refused: Vec<usize> = outcomes.iter().enumerate().filter(|(_, o)| o.is_err()).map(|(n, _)| n).collect();
            let on_sqlite: &[usize] = &[];
            assert_eq!(refused, if db.database_url().is_some() { &[17] } else { on_sqlite });
            assert_eq!(count(&db).await, 40);
        }

        async fn a_caller_that_goes_away_takes_no_row_along(db: Db) {
            let mut tx = db.begin().await.unwrap();
            tx.execute("CREATE TABLE kept (id UUID PRIMARY KEY, n BIGINT NOT NULL)", args![]).await.unwrap();
            tx.commit().await.unwrap();
            let impatient = db.append(KEPT, args![Uuid::now_v7(), 0_i64]);
            let _ = tokio::time::timeout(std::time::Duration::ZERO, impatient).await;
            db.append(KEPT, args![Uuid::now_v7(), 1_i64]).await.unwrap();
            assert_eq!(count(&db).await, 2);
        }
    }

    /// What a killed process had set down is there at the next start, once, whatever it was doing when it died.
    #[tokio::test]
    async fn rows_set_down_outlive_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let config = crate::StoreConfig::embedded(folder.path());
        let db = Db::open(&config).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.execute("CREATE TABLE kept (id UUID PRIMARY KEY, n BIGINT NOT NULL)", args![])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for n in 0..50_i64 {
            db.append(KEPT, args![Uuid::now_v7(), n]).await.unwrap();
        }
        let spool = folder.path().join("shebao.spool");
        let files = || -> Vec<std::path::PathBuf> { std::fs::read_dir(&spool).unwrap().map(|one| one.unwrap().path()).collect() };
        // As a kill leaves it: the file as it is, its last row cut off, and no lock.
        let bytes = std::fs::read(&files()[0]).unwrap();
        let dead = spool.join("0.rows");
        std::fs::write(&dead, &bytes[..bytes.len() - 3]).unwrap();
        // Another process enters the rows of the dead one, not those of the living.
        let other = Db::open(&config).await.unwrap();
        assert!(!dead.exists());
        let seen = other.read().one("SELECT COUNT(*) AS n FROM kept", args![]).await.unwrap();
        assert_eq!(seen.get::<i64>("n").unwrap(), 49);
        // The living enters its own; what is there already is not entered twice.
        assert_eq!(count(&db).await, 50);
        assert!(files().is_empty());
    }
}
