//! What only the embedded database must do: share its file between processes, wait its turn, and be copied in use.
#![allow(clippy::unwrap_used)]

use store::{Db, Query, StoreConfig, args, testing};

async fn add(db: &Db, owner: &str) {
    let mut tx = db.begin().await.unwrap();
    tx.execute(
        "INSERT INTO store_idempotency (owner, key, request, begun_at) SELECT $1, 'k' || COUNT(*), $2, 0 FROM store_idempotency WHERE owner = $1",
        args![owner, b"x"],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn count(db: &Db) -> i64 {
    db.read()
        .one("SELECT COUNT(*) AS n FROM store_idempotency", args![])
        .await
        .unwrap()
        .get("n")
        .unwrap()
}

#[test]
fn two_openings_of_one_file_share_it() {
    testing::block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::embedded(folder.path());
        // as two processes that start at once on an empty folder
        let (a, b) = tokio::join!(Db::open(&config), Db::open(&config));
        let (a, b) = (a.unwrap(), b.unwrap());
        let sealed = a.cipher().seal("t", "c", "id", b"x").unwrap();
        assert_eq!(b.cipher().open("t", "c", "id", &sealed).unwrap(), b"x", "one key");
        let mut tasks = Vec::new();
        for db in [a.clone(), b.clone(), a.clone(), b.clone()] {
            tasks.push(tokio::spawn(async move {
                for _ in 0..25 {
                    add(&db, "w").await;
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!((count(&a).await, count(&b).await), (100, 100));
    });
}

#[test]
fn a_copy_in_use_is_whole_and_opens_with_the_same_keys() {
    testing::block_on(async {
        let db = testing::sqlite().await;
        let sealed = db.cipher().seal("t", "c", "id", b"x").unwrap();
        let writer = tokio::spawn({
            let db = db.clone();
            async move {
                loop {
                    // two rows or none
                    let mut tx = db.begin().await.unwrap();
                    for owner in ["a", "b"] {
                        tx.execute(
                            "INSERT INTO store_idempotency (owner, key, request, begun_at)
                             SELECT $1, 'k' || COUNT(*), $2, 0 FROM store_idempotency WHERE owner = $1",
                            args![owner, b"x"],
                        )
                        .await
                        .unwrap();
                    }
                    tx.commit().await.unwrap();
                }
            }
        });
        while count(&db).await < 20 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let target = tempfile::tempdir().unwrap();
        db.backup(&target.path().join("shebao.db")).await.unwrap();
        assert_eq!(
            db.backup(&target.path().join("shebao.db")).await.unwrap_err().rule(),
            "backup_exists"
        );
        writer.abort();
        std::fs::copy(db.data_dir().join("master.key"), target.path().join("master.key")).unwrap();
        let copy = Db::open(&StoreConfig::embedded(target.path())).await.unwrap();
        let rows = count(&copy).await;
        assert!(rows >= 20 && rows % 2 == 0, "{rows}");
        assert_eq!(copy.cipher().open("t", "c", "id", &sealed).unwrap(), b"x");
    });
}

#[test]
fn an_edited_migration_is_refused() {
    testing::block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::embedded(folder.path());
        let db = Db::open(&config).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.execute(
            "UPDATE store_migration SET digest = 'other' WHERE name = '0001_store_work'",
            args![],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        drop(db);
        assert_eq!(Db::open(&config).await.err().unwrap().rule(), "migration_changed");
    });
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    testing::block_on(async {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("shebao.db"),
            b"this is not a database, it is a text file".repeat(100),
        )
        .unwrap();
        assert!(Db::open(&StoreConfig::embedded(folder.path())).await.is_err());
    });
}

#[test]
fn reads_go_on_while_a_long_write_is_open() {
    testing::block_on(async {
        let db = testing::sqlite().await;
        add(&db, "a").await;
        let mut tx = db.begin().await.unwrap();
        tx.execute("DELETE FROM store_idempotency", args![]).await.unwrap();
        assert_eq!(count(&db).await, 1, "readers see what is committed");
        tx.commit().await.unwrap();
        assert_eq!(count(&db).await, 0);
    });
}
