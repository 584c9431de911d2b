//! The contact book on both databases.
#![allow(clippy::unwrap_used)]

use control::identity::{Actor, Role};
use platform::contact;
use standard::{Organisation, RegionCode};
use store::{Query, args};
use uuid::Uuid;

fn actor(role: Role) -> Actor {
    Actor {
        user_id: Uuid::from_u128(1),
        name: "赵平".into(),
        organisation: Organisation::Platform,
        role,
    }
}

store::both! {
    async fn an_edited_entry_stays(db: Db) {
        let wuhan = RegionCode::new(420_100).unwrap();
        let mut tx = db.begin().await.unwrap();
        contact::seed(&mut tx).await.unwrap();
        let mut entry = contact::find(&mut tx, wuhan).await.unwrap().unwrap();
        entry.phone = "027-55509999".into();
        contact::edit(&mut tx, &actor(Role::PlatformOperator), &entry).await.unwrap();
        contact::seed(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let book = contact::list(&mut db.read()).await.unwrap();
        assert_eq!(book.len(), 12);
        assert_eq!(contact::find(&mut db.read(), wuhan).await.unwrap(), Some(entry));
        let audited = db.read().one("SELECT COUNT(*) AS n FROM control_audit WHERE action = 'contact_edit'", args![]).await.unwrap();
        assert_eq!(audited.get::<i64>("n").unwrap(), 1);
    }

    async fn an_edit_needs_the_right_and_whole_text(db: Db) {
        let mut tx = db.begin().await.unwrap();
        contact::seed(&mut tx).await.unwrap();
        let mut entry = contact::list(&mut tx).await.unwrap().remove(0);
        let refusal = contact::edit(&mut tx, &actor(Role::HrClerk), &entry).await.unwrap_err();
        assert_eq!(refusal.kind, standard::RefusalKind::Forbidden);
        for (text, accepted) in [("", false), (" ", false), ("x".repeat(201).as_str(), false), ("x".repeat(200).as_str(), true)] {
            entry.address = text.to_owned();
            let edited = contact::edit(&mut tx, &actor(Role::PlatformOperator), &entry).await;
            let rule = edited.map_or_else(|refusal| refusal.rule().to_owned(), |()| String::new());
            assert_eq!(rule, if accepted { "" } else { "contact_text" });
        }
    }
}
