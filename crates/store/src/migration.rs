//! Brings the schema up to date at open: every file of `migrations/` once, in the order of the names.

use sha2::{Digest, Sha256};
use standard::{Refusal, Timestamp};

use crate::args;
use crate::db::{Db, Tx};
use crate::fault::Result;
use crate::query::Query;

/// One migration, in the dialect of each database.
pub struct Migration {
    /// File name without its ending: number, owner and topic.
    pub name: &'static str,
    /// The statements for SQLite.
    pub sqlite: &'static str,
    /// The statements for PostgreSQL.
    pub postgres: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Every migration of the product in order.
pub fn all() -> &'static [Migration] {
    MIGRATIONS
}

/// A digest over every migration, which names a schema exactly.
pub fn fingerprint() -> String {
    let mut hash = Sha256::new();
    for migration in MIGRATIONS {
        for part in [migration.name, migration.sqlite, migration.postgres] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hex::encode(&hash.finalize()[..8])
}

const REGISTER: &str = "CREATE TABLE IF NOT EXISTS store_migration (
    name TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_at BIGINT NOT NULL)";

/// Applies what is missing. All of it is one transaction: a failure leaves the schema as it was.
pub(crate) async fn run(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.lock("store:migrations").await?;
    tx.batch(REGISTER).await?;
    let applied = tx.all("SELECT name, digest FROM store_migration", args![]).await?;
    for migration in MIGRATIONS {
        let sql = tx.dialect(migration.sqlite, migration.postgres);
        let digest = hex::encode(Sha256::digest(sql));
        let mut known = None;
        for row in &applied {
            if row.get::<String>("name")? == migration.name {
                known = Some(row.get::<String>("digest")?);
            }
        }
        match known {
            Some(known) if known == digest => {}
            Some(_) => return Err(changed(migration.name)),
            None => apply(&mut tx, migration.name, sql, &digest).await?,
        }
    }
    tx.commit().await
}

async fn apply(tx: &mut Tx, name: &str, sql: &str, digest: &str) -> Result<()> {
    tx.batch(sql)
        .await
        .map_err(|error| Refusal::internal(format!("migration {name}: {error}")))?;
    tx.execute(
        "INSERT INTO store_migration (name, digest, applied_at) VALUES ($1, $2, $3)",
        args![name, digest, Timestamp::now()],
    )
    .await?;
    tracing::debug!(name, "migration applied");
    Ok(())
}

fn changed(name: &str) -> Refusal {
    Refusal::conflict(
        "migration_changed",
        format!("数据库迁移 {name} 在执行之后被修改。请使用建库时的程序版本，或用 shebao demo --fresh 重建演示数据。"),
        format!(
            "Migration {name} was edited after it ran here. Use the program this database was made with, or rebuild \
             demo data with shebao demo --fresh."
        ),
    )
}
