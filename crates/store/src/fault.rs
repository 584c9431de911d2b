//! Database errors as refusals. Texts never carry values: a unique violation's detail can hold an ID number.

use standard::Refusal;

pub(crate) type Result<T> = std::result::Result<T, Refusal>;

pub(crate) fn busy() -> Refusal {
    Refusal::unavailable(
        "store_busy",
        "数据库正忙，请稍后重试。",
        "The database is busy. Try again in a moment.",
    )
}

pub(crate) fn conflict() -> Refusal {
    Refusal::conflict(
        "record_conflict",
        "数据已被他人修改或已存在相同记录，请刷新后重试。",
        "The record was changed by someone else or already exists. Reload and try again.",
    )
}

/// An SQLite error.
pub(crate) fn sqlite(error: rusqlite::Error) -> Refusal {
    use rusqlite::ErrorCode::{ConstraintViolation, DatabaseBusy, DatabaseLocked};
    match error.sqlite_error_code() {
        Some(DatabaseBusy | DatabaseLocked) => busy(),
        Some(ConstraintViolation) => {
            tracing::info!(%error, "constraint refused a statement");
            conflict()
        }
        _ => Refusal::internal(format!("sqlite: {error}")),
    }
}

/// A PostgreSQL error, without its detail, which quotes values.
pub(crate) fn postgres(error: sqlx::Error) -> Refusal {
    match &error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default().into_owned();
            match code.as_str() {
                // unique, foreign key, not null, check
                "23505" | "23503" | "23502" | "23514" => {
                    tracing::info!(code, constraint = database.constraint(), "constraint refused a statement");
                    conflict()
                }
                // serialization, deadlock, lock not available, too many connections, shutting down
                "40001" | "40P01" | "55P03" | "53300" | "57P01" | "57P03" => busy(),
                _ => Refusal::internal(format!("postgresql {code}: {}", database.message())),
            }
        }
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => busy(),
        sqlx::Error::Io(cause) => {
            tracing::warn!(%cause, "the database connection broke");
            Refusal::unavailable(
                "store_unreachable",
                "无法连接数据库，请稍后重试。",
                "The database cannot be reached. Try again in a moment.",
            )
        }
        other => Refusal::internal(format!("postgresql: {other}")),
    }
}
