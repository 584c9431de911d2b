//! The trail: in the act's transaction, sealed, scoped, only ever added to.
#![allow(clippy::unwrap_used)]

use serde_json::json;
use store::args;

use super::*;
use crate::identity::Role;

fn person(organisation: &str, role: Role) -> Actor {
    Actor {
        user_id: Uuid::now_v7(),
        name: "王敏".into(),
        organisation: organisation.parse().unwrap(),
        role,
    }
}

fn all() -> AuditFilter {
    AuditFilter {
        limit: 50,
        ..AuditFilter::default()
    }
}

store::both! {
    async fn an_event_lives_and_dies_with_its_transaction(db: Db) {
        let boss = person("agency:430100", Role::AgencySupervisor);
        let mut tx = db.begin().await.unwrap();
        record(&mut tx, &boss, "person.edit", "person", "1", None, None).await.unwrap();
        drop(tx);
        assert!(trail(&boss, &db, &all()).await.unwrap().is_empty());
        let mut tx = db.begin().await.unwrap();
        record(&mut tx, &boss, "person.edit", "person", "1", Some(json!({ "a": 1 })), Some(json!({ "a": 2 }))).await.unwrap();
        access(&mut tx, &boss, "person.reveal", "person", "1", "核对身份").await.unwrap();
        tx.commit().await.unwrap();
        let events = trail(&boss, &db, &all()).await.unwrap();
        assert_eq!(events.len(), 2);
        assert_eq!((events[0].kind, events[0].after.clone()), (AuditKind::Access, Some(json!({ "purpose": "核对身份" }))));
        assert_eq!((events[1].before.clone(), events[1].after.clone()), (Some(json!({ "a": 1 })), Some(json!({ "a": 2 }))));
        assert_eq!((events[1].user_name.as_str(), events[1].role.as_str()), ("王敏", "agency_supervisor"));
    }

    async fn a_read_alone_is_on_the_trail_when_it_returns(db: Db) {
        let boss = person("agency:430100", Role::AgencySupervisor);
        for n in 0..3 {
            access_alone(&db, &boss, "status.query", "person", n, "核对身份").await.unwrap();
            let events = trail(&boss, &db, &all()).await.unwrap();
            assert_eq!(events.len(), n + 1);
            assert_eq!((events[0].kind, events[0].after.clone()), (AuditKind::Access, Some(json!({ "purpose": "核对身份" }))));
            assert_eq!((events[0].user_id, events[0].object_id.clone()), (boss.user_id, n.to_string()));
        }
    }

    async fn what_it_keeps_is_not_readable_in_the_database(db: Db) {
        let boss = person("agency:430100", Role::AgencySupervisor);
        let mut tx = db.begin().await.unwrap();
        record(&mut tx, &boss, "person.edit", "person", "1", None, Some(json!({ "id": "11010519491231002X" }))).await.unwrap();
        tx.commit().await.unwrap();
        let row = db.read().one("SELECT after_sealed FROM control_audit", args![]).await.unwrap();
        let sealed: Vec<u8> = row.get("after_sealed").unwrap();
        assert!(!sealed.windows(6).any(|bytes| bytes == b"110105"));
    }

    async fn refused_acts_are_kept_for_the_manager(db: Db) {
        let boss = person("agency:430100", Role::AgencySupervisor);
        let clerk = person("agency:430100", Role::AgencyClerk);
        let refusal = clerk.require(Permission::CaseReverse).unwrap_err();
        denied(&db, &clerk, "case.reverse", "case", "7", &refusal).await.unwrap();
        let filter = AuditFilter { denied_only: true, ..all() };
        let events = trail(&boss, &db, &filter).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].user_id, events[0].after.clone()), (clerk.user_id, Some(json!({ "rule": "permission_denied" }))));
        let hour = jiff::SignedDuration::from_hours(1);
        assert_eq!(denied_count(&boss, &db, clock::now() - hour).await.unwrap(), 1);
        assert_eq!(denied_count(&boss, &db, clock::now() + hour).await.unwrap(), 0);
    }

    async fn only_ones_own_organisation_and_only_with_the_right(db: Db) {
        let boss = person("agency:430100", Role::AgencySupervisor);
        let mut tx = db.begin().await.unwrap();
        record(&mut tx, &boss, "person.edit", "person", "1", None, None).await.unwrap();
        tx.commit().await.unwrap();
        assert!(trail(&person("agency:420100", Role::AgencySupervisor), &db, &all()).await.unwrap().is_empty());
        let refusal = trail(&person("agency:430100", Role::AgencyClerk), &db, &all()).await.unwrap_err();
        assert_eq!(refusal.rule(), "permission_denied");
    }

    async fn the_trail_is_read_by_object_and_page(db: Db) {
        let boss = person("agency:430100", Role::AgencySupervisor);
        let mut tx = db.begin().await.unwrap();
        for n in 0..5 {
            record(&mut tx, &boss, "person.edit", "person", n % 2, None, None).await.unwrap();
        }
        tx.commit().await.unwrap();
        let filter = AuditFilter { object: Some("person".into()), object_id: Some("0".into()), ..all() };
        assert_eq!(trail(&boss, &db, &filter).await.unwrap().len(), 3);
        let mut seen = Vec::new();
        let mut filter = AuditFilter { limit: 2, ..AuditFilter::default() };
        loop {
            let page = trail(&boss, &db, &filter).await.unwrap();
            let Some(last) = page.last() else { break };
            filter.before = Some(last.id);
            seen.extend(page.iter().map(|event| event.id));
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted_by(|newer, older| newer > older));
    }
}

/// The statements of this crate that write to the append-only tables only insert.
#[test]
fn nothing_changes_or_removes_what_is_only_added_to() {
    fn check(folder: &std::path::Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                check(&path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("audit/tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for table in ["control_audit", "control_case_step"] {
                    for verb in ["UPDATE", "DELETE FROM"] {
                        assert!(!text.contains(&format!("{verb} {table}")), "{} has {verb} {table}", path.display());
                    }
                }
            }
        }
    }
    check(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
}
