#![allow(clippy::unwrap_used)]

use futures::future::join_all;

use super::*;
use crate::args;

static BY_N: Lookup = Lookup::new("SELECT n, word FROM word WHERE n IN {keys} ORDER BY word", &["n"]);
static BY_BOTH: Lookup = Lookup::new("SELECT n, word FROM word WHERE (n, word) IN {keys}", &["n", "word"]);

crate::both! {
    async fn everyone_gets_the_rows_of_their_own_key(db: Db) {
        let mut tx = db.begin().await.unwrap();
        tx.execute("CREATE TABLE word (n BIGINT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (n, word))", args![]).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        for n in 0..200_i64 {
            for part in 0..n % 4 {
                tx.execute("INSERT INTO word VALUES ($1, $2)", args![n, format!("{n}-{part}")]).await.unwrap();
            }
        }
        // a transaction sees what it wrote, before anybody else does
        assert_eq!(tx.look_up(&BY_N, args![3_i64]).await.unwrap().len(), 3);
        assert_eq!(db.read().look_up(&BY_N, args![3_i64]).await.unwrap().len(), 0);
        tx.commit().await.unwrap();
        let all = (0..1_000_i64).map(|i| {
            let (db, n) = (db.clone(), i % 210);
            async move { (n, db.read().look_up(&BY_N, args![n]).await.unwrap()) }
        });
        for (n, rows) in join_all(all).await {
            let words: Vec<String> = rows.iter().map(|row| row.get("word").unwrap()).collect();
            let expected: Vec<String> = (0..if n < 200 { n % 4 } else { 0 }).map(|part| format!("{n}-{part}")).collect();
            assert_eq!(words, expected);
        }
        let all = (0..100_i64).map(|n| {
            let db = db.clone();
            async move { (n, db.read().look_up(&BY_BOTH, args![n, format!("{n}-1")]).await.unwrap()) }
        });
        for (n, rows) in join_all(all).await {
            assert_eq!(rows.len(), usize::from(n % 4 > 1), "{n}");
            assert!(rows.iter().all(|row| row.get::<i64>("n").unwrap() == n));
        }
    }
}

/// A statement that hangs holds up its own caller only.
#[tokio::test]
async fn nobody_waits_behind_a_statement_that_takes_long() {
    static SLOW_FOR_SEVEN: Lookup = Lookup::new(
        "SELECT n FROM word WHERE n IN {keys} AND (n <> 7 OR pg_sleep(20) IS NOT NULL)",
        &["n"],
    );
    let db = crate::testing::postgres().await;
    let mut tx = db.begin().await.unwrap();
    tx.execute("CREATE TABLE word (n BIGINT PRIMARY KEY)", args![]).await.unwrap();
    tx.execute("INSERT INTO word VALUES (3), (7)", args![]).await.unwrap();
    tx.commit().await.unwrap();
    let hanging = tokio::spawn({
        let db = db.clone();
        async move { db.read().look_up(&SLOW_FOR_SEVEN, args![7_i64]).await }
    });
    tokio::time::sleep(PATIENCE * 5).await;
    let mut read = db.read();
    let found = tokio::time::timeout(Duration::from_secs(10), read.look_up(&SLOW_FOR_SEVEN, args![3_i64])).await;
    assert_eq!(found.expect("it waited behind the other").unwrap().len(), 1);
    assert!(!hanging.is_finished());
    hanging.abort();
}
