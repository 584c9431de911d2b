//! Users: who may manage them, and the rules of passwords.

use jiff::SignedDuration;
use store::args;

use super::*;
use crate::clock;

fn new(username: &str, role: Role, password: &str) -> NewUser {
    NewUser {
        username: username.into(),
        name: "李雷".into(),
        role,
        password: password.into(),
        must_change: false,
    }
}

async fn create_rule(db: &Db, actor: &Actor, new: &NewUser) -> String {
    let mut tx = db.begin().await.unwrap();
    create_user(actor, &mut tx, new).await.unwrap_err().rule().to_owned()
}

store::both! {
    async fn users_are_made_by_managers_within_their_organisation(db: Db) {
        let boss = user(&db, "boss", Role::AgencySupervisor).await.actor();
        let clerk = user(&db, "cs_clerk", Role::AgencyClerk).await.actor();
        let good = new("new_one", Role::AgencyClerk, PASSWORD);
        assert_eq!(create_rule(&db, &clerk, &good).await, "permission_denied");
        let checks = [
            (new("CS_CLERK", Role::AgencyClerk, PASSWORD), "username_taken"),
            (new("x", Role::AgencyClerk, PASSWORD), "username_shape"),
            (new("王敏", Role::AgencyClerk, PASSWORD), "username_shape"),
            (new("hr_one", Role::HrManager, PASSWORD), "role_misfit"),
            (new("sys_one", Role::System, PASSWORD), "role_misfit"),
            (new("weak_one", Role::AgencyClerk, "short"), "password_short"),
            (NewUser { name: " ".into(), ..good.clone() }, "user_name_shape"),
        ];
        for (new, rule) in checks {
            assert_eq!(create_rule(&db, &boss, &new).await, rule, "{}", new.username);
        }
        let mut tx = db.begin().await.unwrap();
        create_user(&boss, &mut tx, &good).await.unwrap();
        tx.commit().await.unwrap();
        let names: Vec<String> = users(&boss, &db).await.unwrap().into_iter().map(|user| user.username).collect();
        assert_eq!(names, ["boss", "cs_clerk", "new_one"]);
        assert_eq!(users(&clerk, &db).await.unwrap_err().rule(), "permission_denied");
    }

    async fn another_organisations_users_are_not_found(db: Db) {
        let clerk = user(&db, "cs_clerk", Role::AgencyClerk).await;
        let stranger = Actor { organisation: "agency:420100".parse().unwrap(), ..user(&db, "boss", Role::AgencySupervisor).await.actor() };
        assert_eq!(set_role(&stranger, &db, clerk.id, Role::AgencyReviewer).await.unwrap_err().rule(), "user_not_found");
        assert_eq!(set_disabled(&stranger, &db, clerk.id, true).await.unwrap_err().rule(), "user_not_found");
        assert_eq!(reset_password(&stranger, &db, clerk.id, "Another-2027").await.unwrap_err().rule(), "user_not_found");
        assert!(users(&stranger, &db).await.unwrap().is_empty());
    }

    async fn nobody_changes_the_own_role(db: Db) {
        let boss = user(&db, "boss", Role::AgencySupervisor).await.actor();
        assert_eq!(set_role(&boss, &db, boss.user_id, Role::AgencyClerk).await.unwrap_err().rule(), "own_account");
        assert_eq!(set_disabled(&boss, &db, boss.user_id, true).await.unwrap_err().rule(), "own_account");
    }

    async fn a_password_change_asks_the_old_one_and_ends_all_sessions(db: Db) {
        let clerk = user(&db, "cs_clerk", Role::AgencyClerk).await.actor();
        let begun = login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
        let checks = [
            ("Wrong-2026", "Another-2027", "old_password_wrong"),
            (PASSWORD, "weak", "password_short"),
            (PASSWORD, PASSWORD, "password_reused"),
        ];
        for (old, new, rule) in checks {
            assert_eq!(change_own_password(&clerk, &db, old, new).await.unwrap_err().rule(), rule);
        }
        session(&db, &begun.token).await.unwrap();
        change_own_password(&clerk, &db, PASSWORD, "Another-2027").await.unwrap();
        assert_eq!(session(&db, &begun.token).await.unwrap_err().rule(), "session_ended");
        assert_eq!(rule_of(&db, &credentials("cs_clerk", PASSWORD)).await, "login_failed");
        login(&db, &credentials("cs_clerk", "Another-2027")).await.unwrap();
        assert_eq!(change_own_password(&clerk, &db, "Another-2027", PASSWORD).await.unwrap_err().rule(), "password_reused");
    }

    async fn an_old_or_foreign_password_must_be_changed_first(db: Db) {
        let boss = user(&db, "boss", Role::AgencySupervisor).await.actor();
        let clerk = user(&db, "cs_clerk", Role::AgencyClerk).await;
        let long_ago = clock::now() - SignedDuration::from_hours(24 * 91);
        alter(&db, "UPDATE control_user SET password_set_at = $2 WHERE id = $1", args![clerk.id, long_ago]).await;
        let begun = login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
        assert!(begun.must_change);
        assert_eq!(session(&db, &begun.token).await.unwrap_err().rule(), "password_expired");
        let actor = session_info(&db, &begun.token).await.unwrap().actor;
        change_own_password(&actor, &db, PASSWORD, "Another-2027").await.unwrap();
        let begun = login(&db, &credentials("cs_clerk", "Another-2027")).await.unwrap();
        session(&db, &begun.token).await.unwrap();

        reset_password(&boss, &db, clerk.id, "Foreign-2027").await.unwrap();
        assert_eq!(session(&db, &begun.token).await.unwrap_err().rule(), "session_ended");
        assert!(login(&db, &credentials("cs_clerk", "Foreign-2027")).await.unwrap().must_change);
    }
}

#[test]
fn secrets_never_show_in_debug() {
    let shown = format!(
        "{:?} {:?}",
        new("cs_clerk", Role::AgencyClerk, PASSWORD),
        credentials("cs_clerk", PASSWORD)
    );
    assert!(!shown.contains(PASSWORD), "{shown}");
}
