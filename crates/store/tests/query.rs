//! Values, transactions and bulk loading behave the same on both databases.
#![allow(clippy::unwrap_used)]

use standard::{Date, Insurance, Money, Month, Organisation, RegionCode, Timestamp};
use store::{Db, IdHash, Query, args, both, in_list};
use uuid::Uuid;

/// A table of every column type, made in the test's own database.
async fn table(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    tx.execute(
        "CREATE TABLE sample (owner TEXT NOT NULL, n BIGINT NOT NULL, name TEXT, sum_fen BIGINT, open BOOLEAN, PRIMARY KEY (owner, n))",
        args![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn count(q: &mut dyn Query) -> i64 {
    q.one("SELECT COUNT(*) AS n FROM sample", args![]).await.unwrap().get("n").unwrap()
}

async fn insert(q: &mut impl Query, n: i64) -> u64 {
    q.execute("INSERT INTO sample (owner, n) VALUES ($1, $2)", args!["a", n])
        .await
        .unwrap()
}

both! {
    async fn values_come_back_as_they_went(db: Db) {
        let id = Uuid::now_v7();
        let now = Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap();
        let region = RegionCode::new(430_100).unwrap();
        let hash = IdHash([7; 32]);
        let column = |n: usize, pg: &str| format!("CAST(${n} AS {pg}) AS c{n}");
        let columns: Vec<String> = ["BIGINT", "BIGINT", "TEXT", "BIGINT", "BIGINT", "TEXT", "TEXT"]
            .iter().enumerate().map(|(i, kind)| column(i + 1, kind)).collect();
        let sql = format!("SELECT {}, $8 AS c8, $9 AS c9, $10 AS c10, $11 AS c11, $12 AS c12", columns.join(", "));
        let row = db.read().one(&sql, args![
            Money::from_fen(-123_456), Month::new(2025, 6).unwrap(), "2026-02-28".parse::<Date>().unwrap(), now, region,
            Organisation::Agency(region), Insurance::Pension, id, hash, true, None::<String>, "张三'; --"
        ]).await.unwrap();
        assert_eq!(row.get::<Money>("c1").unwrap().fen(), -123_456);
        assert_eq!(row.get::<Month>("c2").unwrap().yyyymm(), 202_506);
        assert_eq!(row.get::<Date>("c3").unwrap().to_string(), "2026-02-28");
        assert_eq!(row.get::<Timestamp>("c4").unwrap(), now);
        assert_eq!(row.get::<RegionCode>("c5").unwrap(), region);
        assert_eq!(row.get::<Organisation>("c6").unwrap(), Organisation::Agency(region));
        assert_eq!(row.get::<Insurance>("c7").unwrap(), Insurance::Pension);
        assert_eq!(row.get::<Uuid>("c8").unwrap(), id);
        assert_eq!(row.get::<IdHash>("c9").unwrap(), hash);
        assert!(row.get::<bool>("c10").unwrap());
        assert_eq!(row.get::<Option<String>>("c11").unwrap(), None);
        assert_eq!(row.get::<String>("c12").unwrap(), "张三'; --");
        // the wrong type and the wrong name are refused, and the refusal does not quote the value
        let refusal = row.get::<i64>("c12").unwrap_err().to_string();
        assert!(refusal.contains("c12") && !refusal.contains("张三"), "{refusal}");
        assert!(row.get::<i64>("c99").is_err());
        assert!(!format!("{row:?}").contains("张三"));
    }

    async fn placeholders_count_by_their_number(db: Db) {
        let sql = "SELECT $2 AS b, $1 AS a, $2 AS again, $3 AS c";
        let row = db.read().one(sql, args!["first", "second", "third"]).await.unwrap();
        let [a, b, again, c] = ["a", "b", "again", "c"].map(|name| row.get::<String>(name).unwrap());
        assert_eq!([a, b, again, c], ["first", "second", "second", "third"]);
        assert!(db.read().all("SELECT $1 AS a, $2 AS b", args!["one"]).await.is_err());
    }

    async fn sums_and_lists(db: Db) {
        table(&db).await;
        let mut tx = db.begin().await.unwrap();
        for n in 1..=5_i64 {
            tx.execute("INSERT INTO sample (owner, n, sum_fen) VALUES ($1, $2, $3)", args!["a", n, Money::from_fen(n * 1_000_000_007)])
                .await.unwrap();
        }
        let mut wanted = args!["a"];
        wanted.extend([2_i64, 3, 99]);
        let sql = format!("SELECT SUM(sum_fen) AS total, COUNT(*) AS n FROM sample WHERE owner = $1 AND n IN {}", in_list(3, 2));
        let row = tx.one(&sql, wanted).await.unwrap();
        assert_eq!(row.get::<Money>("total").unwrap().fen(), 5_000_000_035);
        assert_eq!(row.get::<i64>("n").unwrap(), 2);
        let none = format!("SELECT n FROM sample WHERE owner = $1 AND n IN {}", in_list(0, 2));
        assert!(tx.all(&none, args!["a"]).await.unwrap().is_empty());
    }

    async fn rollback_leaves_nothing(db: Db) {
        table(&db).await;
        let mut tx = db.begin().await.unwrap();
        assert_eq!(insert(&mut tx, 1).await, 1);
        assert_eq!(count(&mut tx).await, 1);
        drop(tx);
        assert_eq!(count(&mut db.read()).await, 0);
        // a refused statement, then dropped
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, 1).await;
        let refusal = tx.execute("INSERT INTO sample (owner, n) VALUES ($1, $2)", args!["a", 1_i64]).await.unwrap_err();
        assert_eq!(refusal.rule(), "record_conflict");
        drop(tx);
        assert_eq!(count(&mut db.read()).await, 0);
        // a future dropped in the middle
        let task = tokio::spawn({
            let db = db.clone();
            async move {
                let mut tx = db.begin().await.unwrap();
                insert(&mut tx, 1).await;
                std::future::pending::<()>().await;
            }
        });
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        task.abort();
        let _ = task.await;
        let mut tx = db.begin().await.unwrap();
        assert_eq!(insert(&mut tx, 1).await, 1);
        tx.commit().await.unwrap();
        assert_eq!(count(&mut db.read()).await, 1);
    }

    async fn reads_do_not_write(db: Db) {
        table(&db).await;
        let mut q = db.read();
        assert!(q.execute("INSERT INTO sample (owner, n) VALUES ($1, $2)", args!["a", 1_i64]).await.is_err());
        assert!(q.all("INSERT INTO sample (owner, n) VALUES ($1, $2) RETURNING n", args!["a", 1_i64]).await.is_err());
        assert_eq!(count(&mut q).await, 0);
        assert_eq!(q.one("SELECT n FROM sample", args![]).await.unwrap_err().rule(), "record_not_found");
    }

    async fn writers_take_turns(db: Db) {
        table(&db).await;
        let mut tx = db.begin().await.unwrap();
        tx.execute("INSERT INTO sample (owner, n, sum_fen) VALUES ($1, 1, 0)", args!["a"]).await.unwrap();
        tx.commit().await.unwrap();
        let workers: Vec<_> = (0..8).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..25 {
                    let mut tx = db.begin().await.unwrap();
                    tx.lock("sample:a").await.unwrap();
                    let held: Money = tx.one("SELECT sum_fen FROM sample WHERE owner = $1", args!["a"]).await.unwrap().get("sum_fen").unwrap();
                    tokio::task::yield_now().await;
                    tx.execute("UPDATE sample SET sum_fen = $2 WHERE owner = $1", args!["a", Money::from_fen(held.fen() + 1)]).await.unwrap();
                    tx.commit().await.unwrap();
                }
            })
        }).collect();
        for worker in workers {
            worker.await.unwrap();
        }
        let total: Money = db.read().one("SELECT sum_fen FROM sample", args![]).await.unwrap().get("sum_fen").unwrap();
        assert_eq!(total.fen(), 200);
    }

    async fn bulk_loads_in_the_transaction(db: Db) {
        table(&db).await;
        const ROWS: i64 = 100_000;
        let columns = ["owner", "n", "name", "sum_fen", "open"];
        let row = |n: i64| args!["a", n, (n % 3 == 0).then(|| format!("员工{n}")), Money::from_fen(-n), n % 2 == 0];
        // dropped without commit: nothing
        let mut tx = db.begin().await.unwrap();
        let mut sink = tx.bulk("sample", &columns).await.unwrap();
        for n in 0..10_000 {
            sink.push(row(n)).await.unwrap();
        }
        assert_eq!(sink.finish().await.unwrap(), 10_000);
        assert_eq!(count(&mut tx).await, 10_000);
        drop(tx);
        assert_eq!(count(&mut db.read()).await, 0);
        // committed: all, and the transaction goes on after the load
        let started = std::time::Instant::now();
        let mut tx = db.begin().await.unwrap();
        let mut sink = tx.bulk("sample", &columns).await.unwrap();
        for n in 0..ROWS {
            sink.push(row(n)).await.unwrap();
        }
        assert_eq!(sink.finish().await.unwrap(), 100_000);
        insert(&mut tx, ROWS).await;
        tx.commit().await.unwrap();
        println!("{ROWS} rows in {:?}", started.elapsed());
        assert_eq!(count(&mut db.read()).await, ROWS + 1);
        let row = db.read().one("SELECT name, sum_fen, open FROM sample WHERE owner = $1 AND n = $2", args!["a", 99_999_i64]).await.unwrap();
        assert_eq!(row.get::<String>("name").unwrap(), "员工99999");
        assert_eq!(row.get::<i64>("sum_fen").unwrap(), -99_999);
        assert!(!row.get::<bool>("open").unwrap());
    }

    async fn a_bad_row_stops_the_load(db: Db) {
        table(&db).await;
        let mut tx = db.begin().await.unwrap();
        let mut sink = tx.bulk("sample", &["owner", "n"]).await.unwrap();
        assert!(sink.push(args!["a"]).await.is_err(), "too few values");
        sink.push(args!["a", 1_i64]).await.unwrap();
        sink.push(args!["a", 1_i64]).await.unwrap();
        assert_eq!(sink.finish().await.unwrap_err().rule(), "record_conflict");
        drop(tx);
        assert_eq!(count(&mut db.read()).await, 0);
        let mut tx = db.begin().await.unwrap();
        assert!(tx.bulk("sample; DROP TABLE sample", &["n"]).await.is_err());
        // a sink abandoned half way costs the transaction and nothing else
        let mut sink = tx.bulk("sample", &["owner", "n"]).await.unwrap();
        sink.push(args!["a", 5_i64]).await.unwrap();
        drop(sink);
        drop(tx);
        assert_eq!(count(&mut db.read()).await, 0);
    }

    async fn long_reads_give_the_whole_answer(db: Db) {
        // long enough to be moved off the calling thread on SQLite
        let sql = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 50000) SELECT n FROM t ORDER BY n";
        assert_eq!(db.read().all(sql, args![]).await.unwrap().len(), 50_000);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(tx.all(sql, args![]).await.unwrap().len(), 50_000);
        tx.execute("CREATE TABLE after_it (n BIGINT)", args![]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(db.read().all("SELECT n FROM after_it", args![]).await.unwrap().is_empty());
    }
}
