//! Failures, captcha, lockout, session ends.

use jiff::SignedDuration;
use store::args;

use super::*;
use crate::audit::{AuditFilter, trail};
use crate::clock;

async fn with_captcha(db: &Db, username: &str, password: &str) -> Credentials {
    let id = captcha::plant(db, "K7MPX").await.unwrap();
    Credentials {
        captcha_id: Some(id),
        captcha: Some("k7mpx".into()),
        ..credentials(username, password)
    }
}

store::both! {
    async fn a_session_names_its_actor_until_logout(db: Db) {
        let made = user(&db, "cs_clerk", Role::AgencyClerk).await;
        let begun = login(&db, &credentials(" CS_Clerk ", PASSWORD)).await.unwrap();
        assert_eq!(begun.token.len(), 64);
        assert_eq!(session(&db, &begun.token).await.unwrap(), made.actor());
        let info = session_info(&db, &begun.token).await.unwrap();
        assert_eq!((info.username.as_str(), info.must_change), ("cs_clerk", false));
        logout(&db, &begun.token).await.unwrap();
        assert_eq!(session(&db, &begun.token).await.unwrap_err().rule(), "session_ended");
        logout(&db, &begun.token).await.unwrap();
    }

    async fn only_the_hash_of_a_token_is_stored(db: Db) {
        use store::Query;
        user(&db, "cs_clerk", Role::AgencyClerk).await;
        let begun = login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
        let row = db.read().one("SELECT token_hash FROM control_session", args![]).await.unwrap();
        let stored: Vec<u8> = row.get("token_hash").unwrap();
        assert_ne!(hex::encode(&stored), begun.token);
        // Who reads the table cannot use what it holds.
        assert_eq!(session(&db, &hex::encode(stored)).await.unwrap_err().rule(), "session_ended");
    }

    async fn rubbish_tokens_are_refused(db: Db) {
        for token in ["", "x", "00", &"0".repeat(64), &"g".repeat(64), &"0".repeat(100_000)] {
            assert_eq!(session(&db, token).await.unwrap_err().rule(), "session_ended");
            logout(&db, token).await.unwrap();
        }
    }

    async fn a_wrong_password_and_an_unknown_user_get_the_same_answers(db: Db) {
        user(&db, "cs_clerk", Role::AgencyClerk).await;
        let disabled = user(&db, "gone", Role::AgencyClerk).await;
        let boss = user(&db, "boss", Role::AgencySupervisor).await;
        set_disabled(&boss.actor(), &db, disabled.id, true).await.unwrap();
        for attempt in 1..=12 {
            let mut answers = Vec::new();
            for (username, password) in [("cs_clerk", "Wrong-2026"), ("nobody", "Wrong-2026"), ("gone", PASSWORD)] {
                let credentials = if attempt > 3 { with_captcha(&db, username, password).await } else { credentials(username, password) };
                answers.push(login(&db, &credentials).await.unwrap_err());
            }
            assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "attempt {attempt}: {answers:?}");
            let rule = answers[0].rule();
            assert_eq!(rule, if attempt >= 10 { "account_locked" } else { "login_failed" }, "attempt {attempt}");
        }
    }

    async fn a_captcha_is_asked_after_three_failures(db: Db) {
        user(&db, "cs_clerk", Role::AgencyClerk).await;
        for _ in 0..3 {
            assert_eq!(rule_of(&db, &credentials("cs_clerk", "Wrong-2026")).await, "login_failed");
        }
        assert_eq!(rule_of(&db, &credentials("cs_clerk", PASSWORD)).await, "captcha_required");
        let shown = new_captcha(&db).await.unwrap();
        assert!(shown.svg.starts_with("<svg") && !shown.svg.contains("<text"));
        let wrong = Credentials { captcha_id: Some(shown.id), captcha: Some("?????".into()), ..credentials("cs_clerk", PASSWORD) };
        assert_eq!(rule_of(&db, &wrong).await, "captcha_wrong");
        let right = with_captcha(&db, "cs_clerk", PASSWORD).await;
        login(&db, &right).await.unwrap();
        // After success the count starts anew, without a captcha.
        login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
    }

    async fn a_captcha_serves_once_and_not_for_long(db: Db) {
        let id = captcha::plant(&db, "K7MPX").await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert!(!captcha::redeem(&mut tx, id, "K7MPY").await.unwrap());
        assert!(!captcha::redeem(&mut tx, id, "K7MPX").await.unwrap(), "used up by the wrong answer");
        tx.commit().await.unwrap();
        let id = captcha::plant(&db, "K7MPX").await.unwrap();
        alter(&db, "UPDATE control_captcha SET expires_at = 1 WHERE id = $1", args![id]).await;
        let mut tx = db.begin().await.unwrap();
        assert!(!captcha::redeem(&mut tx, id, "K7MPX").await.unwrap(), "expired");
    }

    async fn ten_failures_lock_for_fifteen_minutes(db: Db) {
        user(&db, "cs_clerk", Role::AgencyClerk).await;
        for _ in 0..10 {
            let wrong = with_captcha(&db, "cs_clerk", "Wrong-2026").await;
            login(&db, &wrong).await.unwrap_err();
        }
        let right = with_captcha(&db, "cs_clerk", PASSWORD).await;
        assert_eq!(rule_of(&db, &right).await, "account_locked", "also with the right password");
        alter(&db, "UPDATE control_login_attempt SET locked_until = $1 WHERE username = 'cs_clerk'", args![clock::now() - SignedDuration::from_secs(1)]).await;
        assert_eq!(rule_of(&db, &credentials("cs_clerk", PASSWORD)).await, "captcha_required", "a captcha is still asked");
        let right = with_captcha(&db, "cs_clerk", PASSWORD).await;
        login(&db, &right).await.unwrap();
    }

    async fn attempts_at_once_do_not_outrun_the_count(db: Db) {
        user(&db, "cs_clerk", Role::AgencyClerk).await;
        let wrong = credentials("cs_clerk", "Wrong-2026");
        let attempts = (0..8).map(|_| {
            let (db, wrong) = (db.clone(), wrong.clone());
            tokio::spawn(async move { rule_of(&db, &wrong).await })
        });
        let mut looked_at = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            looked_at += i32::from(attempt.await.unwrap() == "login_failed");
        }
        assert_eq!(looked_at, 3, "passwords looked at without a captcha");
    }

    async fn failed_logins_are_visible_to_the_manager(db: Db) {
        let boss = user(&db, "boss", Role::AgencySupervisor).await;
        user(&db, "cs_clerk", Role::AgencyClerk).await;
        rule_of(&db, &credentials("cs_clerk", "Wrong-2026")).await;
        let filter = AuditFilter { denied_only: true, limit: 10, ..AuditFilter::default() };
        let events = trail(&boss.actor(), &db, &filter).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].action.as_str(), events[0].user_name.as_str()), ("session.login", "cs_clerk"));
    }

    async fn sessions_end_when_idle_and_in_any_case(db: Db) {
        let clerk = user(&db, "cs_clerk", Role::AgencyClerk).await;
        for (column, moment) in [
            ("seen_at", clock::now() - IDLE - SignedDuration::from_secs(1)),
            ("expires_at", clock::now() - SignedDuration::from_secs(1)),
        ] {
            let begun = login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
            session(&db, &begun.token).await.unwrap();
            alter(&db, &format!("UPDATE control_session SET {column} = $2 WHERE user_id = $1"), args![clerk.id, moment]).await;
            session_cache::forget_user(clerk.id);
            assert_eq!(session(&db, &begun.token).await.unwrap_err().rule(), "session_ended", "{column}");
        }
        let begun = login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
        let earlier = clock::now() - SignedDuration::from_mins(20);
        alter(&db, "UPDATE control_session SET seen_at = $2 WHERE user_id = $1 AND expires_at > $2", args![clerk.id, earlier]).await;
        session_cache::forget_user(clerk.id);
        session(&db, &begun.token).await.unwrap();
        session_cache::forget_user(clerk.id);
        use store::Query;
        let row = db.read().one("SELECT MAX(seen_at) AS seen_at FROM control_session", args![]).await.unwrap();
        assert!(row.get::<standard::Timestamp>("seen_at").unwrap() > earlier + SignedDuration::from_mins(19), "a request keeps the session alive");
    }

    async fn a_role_change_and_a_disabling_hold_from_the_next_request(db: Db) {
        let boss = user(&db, "boss", Role::AgencySupervisor).await.actor();
        let clerk = user(&db, "cs_clerk", Role::AgencyClerk).await;
        let begun = login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
        assert!(session(&db, &begun.token).await.unwrap().may(Permission::CasePass));
        set_role(&boss, &db, clerk.id, Role::AgencyReviewer).await.unwrap();
        assert!(!session(&db, &begun.token).await.unwrap().may(Permission::CasePass));
        set_disabled(&boss, &db, clerk.id, true).await.unwrap();
        assert_eq!(session(&db, &begun.token).await.unwrap_err().rule(), "session_ended");
        set_disabled(&boss, &db, clerk.id, false).await.unwrap();
        assert_eq!(session(&db, &begun.token).await.unwrap_err().rule(), "session_ended", "enabling revives no session");
    }

    async fn all_sessions_of_a_user_end_together(db: Db) {
        let clerk = user(&db, "cs_clerk", Role::AgencyClerk).await;
        let other = user(&db, "cs_clerk2", Role::AgencyClerk).await;
        let one = login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
        let two = login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
        session(&db, &one.token).await.unwrap();
        assert_eq!(end_all_sessions(&other.actor(), &db, clerk.id).await.unwrap_err().rule(), "permission_denied");
        end_all_sessions(&clerk.actor(), &db, clerk.id).await.unwrap();
        for token in [one.token, two.token] {
            assert_eq!(session(&db, &token).await.unwrap_err().rule(), "session_ended");
        }
    }

    async fn a_look_up_begun_before_a_logout_does_not_revive_it(db: Db) {
        user(&db, "cs_clerk", Role::AgencyClerk).await;
        let begun = login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
        let info = session_info(&db, &begun.token).await.unwrap();
        let hash = [7; 32];
        let generation = session_cache::get(&hash).unwrap_err();
        logout(&db, &begun.token).await.unwrap();
        session_cache::put(hash, info, generation);
        assert!(session_cache::get(&hash).is_err());
    }

    async fn a_request_does_not_wait_for_a_long_writer(db: Db) {
        let clerk = user(&db, "cs_clerk", Role::AgencyClerk).await;
        let begun = login(&db, &credentials("cs_clerk", PASSWORD)).await.unwrap();
        let earlier = clock::now() - SignedDuration::from_mins(5);
        alter(&db, "UPDATE control_session SET seen_at = $2 WHERE user_id = $1", args![clerk.id, earlier]).await;
        session_cache::forget_user(clerk.id);
        use store::Query;
        let mut long = db.begin().await.unwrap();
        long.execute("UPDATE control_session SET seen_at = seen_at WHERE user_id = $1", args![clerk.id]).await.unwrap();
        let started = std::time::Instant::now();
        session(&db, &begun.token).await.unwrap();
        assert!(started.elapsed() < std::time::Duration::from_secs(5), "waited {:?}", started.elapsed());
    }
}
