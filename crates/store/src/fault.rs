//! Database errors as refusals. Texts never carry values: a unique violation's detail can hold an ID number.

use std::io;
use std::path::Path;

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

/// An SQLite error. What the operator can mend has a rule of its own.
pub(crate) fn sqlite(error: rusqlite::Error) -> Refusal {
    use rusqlite::ErrorCode::{
        CannotOpen, ConstraintViolation, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase, PermissionDenied, ReadOnly,
    };
    match error.sqlite_error_code() {
        Some(DiskFull) => disk_full().detail(error),
        Some(ReadOnly | PermissionDenied) => Refusal::unavailable(
            "store_read_only",
            "数据库文件只读，无法写入",
            "The database file cannot be written to",
        )
        .remedy(
            "请检查数据目录及其中 shebao.db 的写权限，以及磁盘是否以只读方式挂载",
            "Check that the data folder and shebao.db in it may be written, and that the disk is not mounted read-only",
        )
        .detail(error),
        Some(CannotOpen) => Refusal::unavailable("store_cannot_open", "无法打开数据库文件", "The database file cannot be opened")
            .remedy(
                "请检查数据目录是否存在、是否有读写权限",
                "Check that the data folder exists and may be read and written",
            )
            .detail(error),
        Some(NotADatabase | DatabaseCorrupt) => Refusal::unavailable(
            "store_corrupt",
            "数据库文件已损坏，或不是 shebao 的数据库",
            "The database file is damaged, or is no database",
        )
        .remedy(
            "请停止服务，从备份恢复 shebao.db（连同 -wal 文件一并移走）；没有备份的，请保留原文件并联系技术支持",
            "Stop serving and put a backup in the place of shebao.db (move the -wal file away too); without one keep the file and ask for help",
        )
        .detail(error),
        Some(DatabaseBusy | DatabaseLocked) => busy(),
        Some(ConstraintViolation) => {
            tracing::info!(%error, "constraint refused a statement");
            conflict()
        }
        _ => Refusal::internal(format!("sqlite: {error}")),
    }
}

fn disk_full() -> Refusal {
    Refusal::unavailable(
        "store_disk_full",
        "磁盘空间已满，数据没有写入",
        "The disk is full; nothing was written",
    )
    .remedy(
        "请在数据目录所在的磁盘上腾出空间后重试",
        "Free some space on the disk of the data folder and try again",
    )
}

/// The data folder, or a file in it, cannot be used.
pub(crate) fn folder(path: &Path, error: &io::Error) -> Refusal {
    use io::ErrorKind::{AlreadyExists, NotADirectory, PermissionDenied, ReadOnlyFilesystem, StorageFull};
    let shown = path.display();
    let refusal = match error.kind() {
        StorageFull => disk_full(),
        AlreadyExists | NotADirectory => Refusal::unavailable(
            "data_folder_is_file",
            format!("数据目录 {shown} 是一个文件，或位于一个文件之下"),
            format!("The data folder {shown} is a file, or lies below one"),
        )
        .remedy(
            "请用 --data 或配置中的 data_dir 指定一个目录",
            "Name a folder with --data, or as data_dir in the configuration",
        ),
        PermissionDenied | ReadOnlyFilesystem => Refusal::unavailable(
            "data_folder_not_writable",
            format!("没有权限使用 {shown}"),
            format!("{shown} may not be read or written"),
        )
        .remedy(
            "请把该目录的读写权限交给运行 shebao 的用户，或用 --data 指定另一个目录",
            "Let the user that runs shebao read and write it, or name another folder with --data",
        ),
        _ => Refusal::unavailable(
            "data_folder_unusable",
            format!("无法使用 {shown}"),
            format!("{shown} cannot be used"),
        )
        .remedy("请检查该路径和磁盘", "Check the path and the disk"),
    };
    refusal.detail(error)
}

/// Names the database file in what an error at its opening says.
pub(crate) fn naming(path: &Path, mut refusal: Refusal) -> Refusal {
    for finding in &mut refusal.findings {
        if finding.rule.starts_with("store_") && finding.rule != "store_busy" {
            finding.message.zh = format!("{}：{}", finding.message.zh, path.display());
            finding.message.en = format!("{}: {}", finding.message.en, path.display());
        }
    }
    refusal
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
