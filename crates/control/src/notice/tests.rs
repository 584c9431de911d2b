//! Who receives which notice, reading marks and pages.
#![allow(clippy::unwrap_used)]

use super::*;

fn person(organisation: &Organisation, role: Role) -> Actor {
    Actor {
        user_id: Uuid::now_v7(),
        name: "王敏".into(),
        organisation: *organisation,
        role,
    }
}

fn employer() -> Organisation {
    Organisation::Employer(Uuid::from_u128(7))
}

async fn tell(db: &Db, audience: Audience, title: &str) -> Uuid {
    let mut tx = db.begin().await.unwrap();
    let id = send(
        &mut tx,
        &employer(),
        audience,
        Text::new(title, title),
        Text::new("内容", "body"),
        Some("/employer"),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn titles(actor: &Actor, db: &Db, unread_only: bool) -> Vec<String> {
    list(actor, db, unread_only, None, 50)
        .await
        .unwrap()
        .items
        .into_iter()
        .map(|item| item.title.zh)
        .collect()
}

store::both! {
    async fn a_notice_reaches_its_audience_and_no_one_else(db: Db) {
        let manager = person(&employer(), Role::HrManager);
        let clerk = person(&employer(), Role::HrClerk);
        let other = person(&Organisation::Employer(Uuid::from_u128(8)), Role::HrManager);
        tell(&db, Audience::All, "all").await;
        tell(&db, Audience::Role(Role::HrManager), "managers").await;
        tell(&db, Audience::User(clerk.user_id), "one").await;
        assert_eq!(titles(&manager, &db, false).await, ["managers", "all"]);
        assert_eq!(titles(&clerk, &db, false).await, ["one", "all"]);
        assert!(titles(&other, &db, false).await.is_empty());
    }

    async fn a_notice_is_read_by_each_for_oneself(db: Db) {
        let manager = person(&employer(), Role::HrManager);
        let clerk = person(&employer(), Role::HrClerk);
        let id = tell(&db, Audience::All, "all").await;
        tell(&db, Audience::All, "more").await;
        let mut tx = db.begin().await.unwrap();
        mark_read(&manager, &mut tx, id).await.unwrap();
        mark_read(&manager, &mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(titles(&manager, &db, true).await, ["more"]);
        assert_eq!((unread(&manager, &db).await.unwrap(), unread(&clerk, &db).await.unwrap()), (1, 2));
        let mut tx = db.begin().await.unwrap();
        mark_all_read(&manager, &mut tx).await.unwrap();
        mark_all_read(&manager, &mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((unread(&manager, &db).await.unwrap(), unread(&clerk, &db).await.unwrap()), (0, 2));
    }

    async fn a_notice_of_others_cannot_be_marked(db: Db) {
        let clerk = person(&employer(), Role::HrClerk);
        let id = tell(&db, Audience::Role(Role::HrManager), "managers").await;
        for id in [id, Uuid::now_v7()] {
            let mut tx = db.begin().await.unwrap();
            assert_eq!(mark_read(&clerk, &mut tx, id).await.unwrap_err().rule(), "notice_not_found");
        }
    }

    async fn a_rolled_back_act_tells_nobody(db: Db) {
        let manager = person(&employer(), Role::HrManager);
        let mut tx = db.begin().await.unwrap();
        send(&mut tx, &employer(), Audience::All, Text::new("无", "none"), Text::new("无", "none"), None).await.unwrap();
        drop(tx);
        assert_eq!(unread(&manager, &db).await.unwrap(), 0);
    }

    async fn pages_follow_one_another(db: Db) {
        let manager = person(&employer(), Role::HrManager);
        for n in 0..5 {
            tell(&db, Audience::All, &n.to_string()).await;
        }
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = list(&manager, &db, false, cursor, 2).await.unwrap();
            assert_eq!(page.unread, 5);
            seen.extend(page.items.into_iter().map(|item| item.title.zh));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["4", "3", "2", "1", "0"]);
    }
}
