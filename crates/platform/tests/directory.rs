//! The directory on both databases: what it keeps, forgets and refuses.
#![allow(clippy::unwrap_used)]

use exchange::Message;
use exchange::message::{DIRECTORY_UPDATE_ENTRIES_MAX, DirectoryUpdate, TransferCompleted};
use platform::directory;
use standard::{Date, Money, Organisation, RegionCode};
use store::{Db, IdHash};
use uuid::Uuid;

fn region(code: u32) -> RegionCode {
    RegionCode::new(code).unwrap()
}

fn hash(n: u64) -> IdHash {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    IdHash(bytes)
}

fn update(code: u32, added: &[u64], removed: &[u64]) -> DirectoryUpdate {
    let texts = |numbers: &[u64]| numbers.iter().map(|n| hash(*n).to_string()).collect();
    DirectoryUpdate {
        region: region(code),
        added: texts(added),
        removed: texts(removed),
    }
}

async fn apply(db: &Db, from: Organisation, update: DirectoryUpdate) -> Result<(), standard::Refusal> {
    let mut tx = db.begin().await?;
    platform::handle(&mut tx, &from, &Message::DirectoryUpdate(update)).await?;
    tx.commit().await
}

async fn regions(db: &Db, n: u64) -> Vec<u32> {
    let regions = directory::regions_of(&mut db.read(), &hash(n)).await.unwrap();
    regions.into_iter().map(RegionCode::number).collect()
}

store::both! {
    async fn it_knows_where_a_person_is_insured(db: Db) {
        let (changsha, wuhan) = (Organisation::Agency(region(430_100)), Organisation::Agency(region(420_100)));
        apply(&db, changsha, update(430_100, &[1, 2], &[])).await.unwrap();
        apply(&db, wuhan, update(420_100, &[2, 3, 3], &[])).await.unwrap();
        // a repeat changes nothing
        apply(&db, wuhan, update(420_100, &[2, 3], &[])).await.unwrap();
        assert_eq!((regions(&db, 1).await, regions(&db, 2).await, regions(&db, 4).await), (vec![430_100], vec![420_100, 430_100], vec![]));
        assert_eq!(directory::count(&mut db.read(), region(420_100)).await.unwrap(), 2);

        // an update forgets in its own region only
        apply(&db, wuhan, update(420_100, &[], &[1, 2])).await.unwrap();
        assert_eq!((regions(&db, 1).await, regions(&db, 2).await, regions(&db, 3).await), (vec![430_100], vec![430_100], vec![420_100]));
    }

    async fn large_updates_go_in_whole(db: Db) {
        let numbers: Vec<u64> = (0..DIRECTORY_UPDATE_ENTRIES_MAX as u64).collect();
        let changsha = Organisation::Agency(region(430_100));
        apply(&db, changsha, update(430_100, &numbers, &[])).await.unwrap();
        assert_eq!(directory::count(&mut db.read(), region(430_100)).await.unwrap(), numbers.len() as i64);
        apply(&db, changsha, update(430_100, &[], &numbers[1..])).await.unwrap();
        assert_eq!(directory::count(&mut db.read(), region(430_100)).await.unwrap(), 1);
    }

    async fn each_refusal_has_its_rule_and_changes_nothing(db: Db) {
        let changsha = Organisation::Agency(region(430_100));
        let mut malformed = update(430_100, &[1], &[]);
        malformed.added.push("12".into());
        let too_large = update(430_100, &vec![1; DIRECTORY_UPDATE_ENTRIES_MAX], &[2]);
        let cases = [
            (Organisation::Agency(region(420_100)), update(430_100, &[1], &[]), "directory_foreign_region"),
            (Organisation::Employer(Uuid::from_u128(1)), update(430_100, &[1], &[]), "directory_foreign_region"),
            (Organisation::Platform, update(430_100, &[1], &[]), "directory_foreign_region"),
            (changsha, too_large, "directory_update_too_large"),
            (changsha, malformed, "id_hash_malformed"),
        ];
        for (from, update, rule) in cases {
            assert_eq!(apply(&db, from, update).await.unwrap_err().rule(), rule);
        }
        assert_eq!(regions(&db, 1).await, Vec::<u32>::new());
        let mut tx = db.begin().await.unwrap();
        let message = Message::TransferCompleted(TransferCompleted {
            transfer_id: Uuid::from_u128(1),
            posted_on: Date::new(2026, 11, 21).unwrap(),
            amount_fen: Money::ZERO,
        });
        let refusal = platform::handle(&mut tx, &changsha, &message).await.unwrap_err();
        assert_eq!(refusal.rule(), "message_not_for_platform");
    }
}
