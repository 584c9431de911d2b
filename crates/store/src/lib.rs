//! The one crate that knows which database it is on: SQLite in the process or PostgreSQL beside it, one SQL text for both.
//!
//! ```no_run
//! # async fn f() -> Result<(), standard::Refusal> {
//! use store::{Db, Query, StoreConfig, args};
//! let db = Db::open(&StoreConfig::embedded("./data")).await?;
//! let mut tx = db.begin().await?;
//! tx.execute("UPDATE agency_person SET name = $2 WHERE person_id = $1", args![1_i64, "王敏"]).await?;
//! tx.commit().await?;
//! let row = db.read().one("SELECT COUNT(*) AS persons FROM agency_person", args![]).await?;
//! let persons: i64 = row.get("persons")?;
//! # Ok(()) }
//! ```

mod append;
pub mod blob;
pub mod bulk;
mod convert;
mod db;
mod fault;
mod id_hash;
pub mod idempotency;
pub mod inbox;
pub mod jobs;
pub mod keyring;
mod lite;
mod lookup;
pub mod migration;
pub mod outbox;
mod pg;
mod presence;
mod query;
mod spool;
#[cfg(feature = "testing")]
pub mod testing;
mod value;

pub use append::Into as AppendInto;
pub use blob::{BlobId, Blobs};
pub use db::{Db, Read, StoreConfig, Tx, Work};
pub use id_hash::IdHash;
pub use keyring::Cipher;
pub use lookup::Lookup;
pub use presence::{Presence, hold_folder_alone};
pub use query::Query;
pub use value::{Args, FromColumn, Kind, Row, ToArg, Value, in_list};
