//! Outbox, inbox, jobs, idempotency and blobs keep their promises, also when a process dies in the middle.
#![allow(clippy::unwrap_used)]

use jiff::{SignedDuration, Timestamp};
use standard::{Organisation, RegionCode};
use store::outbox::{Channel, Retry};
use store::{BlobId, Db, Query, args, both, idempotency, inbox, jobs, outbox};
use uuid::Uuid;

const LEASE: SignedDuration = SignedDuration::from_secs(60);

fn agency(code: u32) -> Organisation {
    Organisation::Agency(RegionCode::new(code).unwrap())
}

async fn post(db: &Db, to: &Organisation, body: &str) -> Uuid {
    let mut tx = db.begin().await.unwrap();
    let id = outbox::post(&mut tx, &Organisation::Platform, to, "test", body).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn bodies(channel: &Channel) -> Vec<&str> {
    channel.messages.iter().map(|message| message.body.as_str()).collect()
}

async fn change(db: &Db, sql: &str) {
    let mut tx = db.begin().await.unwrap();
    tx.execute(sql, args![]).await.unwrap();
    tx.commit().await.unwrap();
}

both! {
    async fn messages_leave_in_order_per_channel(db: Db) {
        let (wuhan, changsha) = (agency(420_100), agency(430_100));
        for (to, body) in [(&wuhan, "w1"), (&changsha, "c1"), (&wuhan, "w2"), (&changsha, "c2")] {
            post(&db, to, body).await;
        }
        let channels = outbox::due(&db, 100, LEASE).await.unwrap();
        assert_eq!(channels.iter().map(bodies).collect::<Vec<_>>(), [["w1", "w2"], ["c1", "c2"]]);
        // leased: nothing more to send, not even a new message on a leased channel
        post(&db, &wuhan, "w3").await;
        assert!(outbox::due(&db, 100, LEASE).await.unwrap().is_empty());
        // 武汉 fails on the second: the first counts, the channel waits; 长沙 is delivered and free
        let mut tx = db.begin().await.unwrap();
        let wuhan_ids: Vec<Uuid> = channels[0].messages.iter().map(|message| message.id).collect();
        outbox::failed(&mut tx, &channels[0], &wuhan_ids[..1], wuhan_ids[1], "unreachable", Retry::Later).await.unwrap();
        let changsha_ids: Vec<Uuid> = channels[1].messages.iter().map(|message| message.id).collect();
        outbox::delivered(&mut tx, &channels[1], &changsha_ids).await.unwrap();
        tx.commit().await.unwrap();
        post(&db, &changsha, "c3").await;
        let channels = outbox::due(&db, 100, LEASE).await.unwrap();
        assert_eq!(channels.iter().map(bodies).collect::<Vec<_>>(), [["c3"]]);
        // the pause is over
        change(&db, "UPDATE store_outbox_channel SET busy_until = 0").await;
        let channels = outbox::due(&db, 100, LEASE).await.unwrap();
        assert_eq!(bodies(&channels[0]), ["w2", "w3"]);
        assert_eq!(channels[0].messages[0].attempts, 1);
        assert_eq!(channels[0].messages[0].id, wuhan_ids[1], "the id stays the same over tries");
    }

    async fn a_sender_that_dies_is_replaced_and_its_late_word_does_no_harm(db: Db) {
        let wuhan = agency(420_100);
        let id = post(&db, &wuhan, "m").await;
        // the first sender delivers, and dies before it can say so
        let first = outbox::due(&db, 10, SignedDuration::from_millis(20)).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert!(inbox::accept(&mut tx, &wuhan, first[0].messages[0].id).await.unwrap());
        tx.commit().await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
        // the second delivers again; the receiver knows the message
        let second = outbox::due(&db, 10, LEASE).await.unwrap();
        assert_eq!(second[0].messages[0].id, id);
        let mut tx = db.begin().await.unwrap();
        assert!(!inbox::accept(&mut tx, &wuhan, id).await.unwrap(), "took effect already");
        assert!(inbox::accept(&mut tx, &agency(430_100), id).await.unwrap(), "another receiver is another matter");
        tx.commit().await.unwrap();
        // the first wakes up and reports failure: the second's lease is untouched
        let mut tx = db.begin().await.unwrap();
        outbox::failed(&mut tx, &first[0], &[], id, "late", Retry::Later).await.unwrap();
        tx.commit().await.unwrap();
        assert!(outbox::due(&db, 10, LEASE).await.unwrap().is_empty());
        let mut tx = db.begin().await.unwrap();
        outbox::delivered(&mut tx, &second[0], &[id]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(outbox::counts(&mut db.read()).await.unwrap(), (0, 0));
        // and a failure reported after delivery does not bring it back
        let mut tx = db.begin().await.unwrap();
        outbox::failed(&mut tx, &first[0], &[], id, "late", Retry::Later).await.unwrap();
        tx.commit().await.unwrap();
        assert!(outbox::due(&db, 10, LEASE).await.unwrap().is_empty());
        let mut tx = db.begin().await.unwrap();
        assert_eq!(outbox::prune(&mut tx, Timestamp::now()).await.unwrap(), 1);
    }

    async fn a_message_not_committed_is_not_sent_nor_taken(db: Db) {
        let wuhan = agency(420_100);
        let mut tx = db.begin().await.unwrap();
        let id = outbox::post(&mut tx, &Organisation::Platform, &wuhan, "test", "m").await.unwrap();
        assert!(inbox::accept(&mut tx, &wuhan, id).await.unwrap());
        drop(tx);
        assert!(outbox::due(&db, 10, LEASE).await.unwrap().is_empty());
        let mut tx = db.begin().await.unwrap();
        assert!(inbox::accept(&mut tx, &wuhan, id).await.unwrap());
    }

    async fn a_refused_message_is_set_aside_and_the_channel_goes_on(db: Db) {
        let wuhan = agency(420_100);
        let bad = post(&db, &wuhan, "bad").await;
        post(&db, &wuhan, "good").await;
        let channels = outbox::due(&db, 10, LEASE).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        outbox::failed(&mut tx, &channels[0], &[], bad, "envelope_unknown_kind", Retry::Never).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(outbox::counts(&mut db.read()).await.unwrap(), (1, 1));
        let channels = outbox::due(&db, 10, LEASE).await.unwrap();
        assert_eq!(bodies(&channels[0]), ["good"]);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(outbox::revive(&mut tx).await.unwrap(), 1);
        assert_eq!(outbox::free_channels(&mut tx).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let channels = outbox::due(&db, 10, LEASE).await.unwrap();
        assert_eq!(bodies(&channels[0]), ["bad", "good"]);
        // too many tries end the same way
        change(&db, "UPDATE store_outbox SET attempts = 219 WHERE state = 'open'").await;
        let mut tx = db.begin().await.unwrap();
        outbox::failed(&mut tx, &channels[0], &[], bad, "unreachable", Retry::Later).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(outbox::counts(&mut db.read()).await.unwrap(), (1, 1));
    }

    async fn two_senders_share_no_channel(db: Db) {
        for n in 0..50 {
            post(&db, &agency([420_100, 430_100, 440_100][n % 3]), "m").await;
        }
        let (a, b) = tokio::join!(outbox::due(&db, 100, LEASE), outbox::due(&db, 100, LEASE));
        let sent: usize = a.unwrap().iter().chain(&b.unwrap()).map(|channel| channel.messages.len()).sum();
        assert_eq!(sent, 50);
    }

    async fn bodies_are_sealed_at_rest(db: Db) {
        let body = r#"{"id_number":"430101199001011234"}"#;
        post(&db, &agency(420_100), body).await;
        let mut tx = db.begin().await.unwrap();
        jobs::enqueue(&mut tx, "q", None, &body, Timestamp::now()).await.unwrap();
        tx.commit().await.unwrap();
        for table in ["store_outbox", "store_job"] {
            let row = db.read().one(&format!("SELECT body FROM {table}"), args![]).await.unwrap();
            let stored: Vec<u8> = row.get("body").unwrap();
            assert!(!String::from_utf8_lossy(&stored).contains("430101"));
        }
        assert_eq!(bodies(&outbox::due(&db, 1, LEASE).await.unwrap()[0]), [body]);
    }

    async fn jobs_run_once_or_again_after_a_crash(db: Db) {
        let mut tx = db.begin().await.unwrap();
        let now = Timestamp::now();
        assert!(jobs::enqueue(&mut tx, "mail", Some("a"), &1, now).await.unwrap());
        assert!(!jobs::enqueue(&mut tx, "mail", Some("a"), &2, now).await.unwrap(), "the key is queued");
        assert!(jobs::enqueue(&mut tx, "mail", None, &3, now).await.unwrap());
        assert!(jobs::enqueue(&mut tx, "mail", None, &4, now + SignedDuration::from_hours(1)).await.unwrap());
        assert!(jobs::enqueue(&mut tx, "other", Some("a"), &5, now).await.unwrap());
        tx.commit().await.unwrap();
        let claimed = jobs::claim(&db, "mail", 10, SignedDuration::from_millis(30)).await.unwrap();
        let bodies: Vec<i64> = claimed.iter().map(|job| job.body().unwrap()).collect();
        assert_eq!(bodies, [1, 3]);
        assert!(jobs::claim(&db, "mail", 10, LEASE).await.unwrap().is_empty(), "leased");
        // the worker hangs over its lease: another takes the jobs, and the late acknowledgement counts for nothing
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        let again = jobs::claim(&db, "mail", 10, LEASE).await.unwrap();
        assert_eq!(again.len(), 2);
        let mut tx = db.begin().await.unwrap();
        assert!(!jobs::ack(&mut tx, &claimed[0]).await.unwrap());
        assert!(jobs::ack(&mut tx, &again[0]).await.unwrap());
        jobs::fail(&mut tx, &again[1], "broke").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(jobs::waiting(&mut db.read(), "mail").await.unwrap(), 2);
        assert!(jobs::claim(&db, "mail", 10, LEASE).await.unwrap().is_empty(), "it waits before the next try");
        // a finished key may be queued again, and so may one that was set aside
        let mut tx = db.begin().await.unwrap();
        assert!(jobs::enqueue(&mut tx, "mail", Some("a"), &6, now).await.unwrap());
        assert!(!jobs::enqueue(&mut tx, "mail", Some("a"), &7, now).await.unwrap());
        tx.execute("UPDATE store_job SET attempts = 19 WHERE key = $1", args!["a"]).await.unwrap();
        tx.commit().await.unwrap();
        let last = jobs::claim(&db, "mail", 10, LEASE).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        jobs::fail(&mut tx, &last[0], "broke for good").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(jobs::waiting(&mut db.read(), "other").await.unwrap(), 1);
        let mut tx = db.begin().await.unwrap();
        assert!(jobs::enqueue(&mut tx, "mail", Some("a"), &8, now).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(jobs::claim(&db, "mail", 10, LEASE).await.unwrap()[0].body::<i64>().unwrap(), 8);
    }

    async fn a_worker_is_woken_by_the_commit(db: Db) {
        let mut work = db.work();
        let waiting = tokio::spawn(async move {
            let started = std::time::Instant::now();
            work.wait(std::time::Duration::from_secs(20)).await;
            started.elapsed()
        });
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        post(&db, &agency(420_100), "m").await;
        assert!(waiting.await.unwrap() < std::time::Duration::from_secs(10));
    }

    async fn a_repeat_gets_the_first_answer(db: Db) {
        use idempotency::Outcome;
        let mut tx = db.begin().await.unwrap();
        assert_eq!(idempotency::begin(&mut tx, "user", "k", &[1; 32]).await.unwrap(), Outcome::New);
        idempotency::finish(&mut tx, "user", "k", r#"{"id":7}"#).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(idempotency::begin(&mut tx, "user", "k", &[1; 32]).await.unwrap(), Outcome::Replay(r#"{"id":7}"#.into()));
        assert_eq!(idempotency::begin(&mut tx, "user", "k", &[2; 32]).await.unwrap(), Outcome::Mismatch);
        assert_eq!(idempotency::begin(&mut tx, "other", "k", &[2; 32]).await.unwrap(), Outcome::New);
        // still running, given back, and lost with its process
        assert_eq!(idempotency::begin(&mut tx, "other", "k", &[2; 32]).await.unwrap(), Outcome::Running);
        idempotency::abandon(&mut tx, "other", "k").await.unwrap();
        assert_eq!(idempotency::begin(&mut tx, "other", "k", &[2; 32]).await.unwrap(), Outcome::New);
        tx.execute("UPDATE store_idempotency SET begun_at = 0 WHERE owner = $1", args!["other"]).await.unwrap();
        assert_eq!(idempotency::begin(&mut tx, "other", "k", &[2; 32]).await.unwrap(), Outcome::New);
        assert_eq!(idempotency::begin(&mut tx, "other", "k", &[2; 32]).await.unwrap(), Outcome::Running);
    }

    async fn blobs_are_sealed_and_come_back(db: Db) {
        let content = b"%PDF-1.7 people's names".repeat(1_000);
        let id = db.blobs().put(&content).await.unwrap();
        assert_eq!(db.blobs().get(id).await.unwrap(), content);
        assert_eq!(db.blobs().get(BlobId(Uuid::now_v7())).await.unwrap_err().rule(), "blob_not_found");
        let file = walk(db.data_dir().join("blobs")).pop().unwrap();
        let mut stored = std::fs::read(&file).unwrap();
        assert!(!stored.windows(4).any(|window| window == b"%PDF"));
        let last = stored.len() - 1;
        stored[last] ^= 1;
        std::fs::write(&file, stored).unwrap();
        assert!(db.blobs().get(id).await.is_err(), "an altered file is not given out");
    }
}

fn walk(folder: std::path::PathBuf) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { walk(path) } else { vec![path] })
        .collect()
}
