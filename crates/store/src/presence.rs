//! Which server processes live on a database: what a dead one held is free again as soon as the next starts alone.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection, Executor, Row};
use standard::Refusal;

use crate::db::Db;
use crate::fault::{self, Result};
use crate::{idempotency, jobs, outbox};

/// Held shared by whoever has the embedded database of a folder open, and alone by who throws the folder's data away.
const IN_USE: &str = "shebao.lock";

/// Says that this process uses the folder's database; ends when the file is dropped, and with the process.
pub(crate) fn use_folder(folder: &Path) -> Result<File> {
    let file = lock_file(folder)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(in_use(folder)),
        Err(TryLockError::Error(error)) => Err(fault::folder(&folder.join(IN_USE), &error)),
    }
}

/// Takes the folder for this process alone while the file is held; `data_in_use` when another has its database open.
pub fn hold_folder_alone(folder: &Path) -> Result<File> {
    let file = lock_file(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(in_use(folder)),
        Err(TryLockError::Error(error)) => Err(fault::folder(&folder.join(IN_USE), &error)),
    }
}

fn lock_file(folder: &Path) -> Result<File> {
    let path = folder.join(IN_USE);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    opened.map_err(|error| fault::folder(&path, &error))
}

fn in_use(folder: &Path) -> Refusal {
    let folder = folder.display();
    Refusal::conflict(
        "data_in_use",
        format!("数据目录 {folder} 正被另一个 shebao 进程使用"),
        format!("The data folder {folder} is in use by another shebao process"),
    )
    .remedy(
        "请先停止该进程，或用 --data 指定另一个目录",
        "Stop that process first, or name another folder with --data",
    )
}

/// The advisory lock every server process on a PostgreSQL database shares while it lives.
const LOCK: i64 = 0x7368_6562_616f;
/// PostgreSQL needs a moment to notice that a killed process's connections are gone.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(50);
const HEARTBEAT: Duration = Duration::from_secs(5);

/// Says that this process serves; ends when dropped, and with the process.
pub struct Presence(Option<tokio::task::JoinHandle<()>>);

impl Drop for Presence {
    fn drop(&mut self) {
        if let Some(heartbeat) = &self.0 {
            heartbeat.abort();
        }
    }
}

impl Db {
    /// Call it before serving. If no other server process lives on the database, the channels, jobs and idempotency keys a
    /// dead predecessor held are freed; else they are free when their leases end. The embedded database has one server.
    pub async fn enter_service(&self) -> Result<Presence> {
        let Some(options) = self.postgres_options() else {
            self.free_held().await?;
            return Ok(Presence(None));
        };
        let mut connection = options.connect().await.map_err(fault::postgres)?;
        if alone(&mut connection).await.map_err(fault::postgres)? {
            self.free_held().await?;
        }
        share(&mut connection).await.map_err(fault::postgres)?;
        Ok(Presence(Some(tokio::spawn(keep(connection, options)))))
    }

    async fn free_held(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        outbox::free_channels(&mut tx).await?;
        jobs::free_leased(&mut tx).await?;
        idempotency::free_unanswered(&mut tx).await?;
        tx.commit().await
    }
}

/// Whether nobody shares the lock; then it is held so that nobody begins to until [`share`].
async fn alone(connection: &mut PgConnection) -> sqlx::Result<bool> {
    for _ in 0..TRIES {
        let row = connection
            .fetch_one(sqlx::query("SELECT pg_try_advisory_lock($1)").bind(LOCK))
            .await?;
        if row.try_get::<bool, _>(0)? {
            return Ok(true);
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
    Ok(false)
}

async fn share(connection: &mut PgConnection) -> sqlx::Result<()> {
    connection
        .execute(sqlx::query("SELECT pg_advisory_lock_shared($1)").bind(LOCK))
        .await?;
    // Nothing to give back if it was not alone: PostgreSQL says so in a warning.
    connection.execute(sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOCK)).await?;
    Ok(())
}

/// Holds the connection, and takes it up again after the database was restarted or the network gone.
async fn keep(connection: PgConnection, options: PgConnectOptions) {
    let mut held = Some(connection);
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        let lives = match &mut held {
            Some(connection) => connection.ping().await.is_ok(),
            None => false,
        };
        if !lives {
            tracing::warn!("the connection that shows this process to others is gone; making another");
            held = again(&options).await.ok();
        }
    }
}

async fn again(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let mut connection = options.connect().await?;
    connection
        .execute(sqlx::query("SELECT pg_advisory_lock_shared($1)").bind(LOCK))
        .await?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use standard::Organisation;

    use super::*;
    use crate::idempotency::Outcome;

    async fn begin(db: &Db) -> Outcome {
        let mut tx = db.begin().await.unwrap();
        let outcome = idempotency::begin(&mut tx, "user", "key", &[7; 32]).await.unwrap();
        tx.commit().await.unwrap();
        outcome
    }

    async fn jobs(db: &Db) -> usize {
        jobs::claim(db, "long", 10, jiff::SignedDuration::from_secs(60))
            .await
            .unwrap()
            .len()
    }

    async fn channels(db: &Db) -> usize {
        outbox::due(db, 10, jiff::SignedDuration::from_secs(60)).await.unwrap().len()
    }

    crate::both! {
        async fn a_process_that_starts_alone_frees_what_a_dead_one_held(db: Db) {
            let mut tx = db.begin().await.unwrap();
            outbox::post(&mut tx, &Organisation::Platform, &Organisation::Agency(standard::RegionCode::pilot()[0]), "test", "{}").await.unwrap();
            jobs::enqueue(&mut tx, "long", None, &1, jiff::Timestamp::now()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!((begin(&db).await, channels(&db).await, jobs(&db).await), (Outcome::New, 1, 1));
            assert_eq!((begin(&db).await, channels(&db).await, jobs(&db).await), (Outcome::Running, 0, 0), "held");
            let first = db.enter_service().await.unwrap();
            assert_eq!((begin(&db).await, channels(&db).await, jobs(&db).await), (Outcome::New, 1, 1), "freed");
            if db.database_url().is_some() {
                let second = db.enter_service().await.unwrap();
                assert_eq!((begin(&db).await, channels(&db).await), (Outcome::Running, 0), "another process lives and may hold them");
                drop(second);
            }
            drop(first);
            let _third = db.enter_service().await.unwrap();
            assert_eq!((begin(&db).await, channels(&db).await), (Outcome::New, 1));
        }
    }
}
