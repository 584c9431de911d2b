//! Every step once, twice and failing.

use serde_json::json;
use uuid::Uuid;

use super::fixture::*;
use crate::clock;
use crate::review::*;

store::both! {
    async fn a_counter_case_takes_effect_once_after_the_last_approval(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.draft("sample2", "good").await;
        assert!(valid_number(&case.number), "{}", case.number);
        assert!(case.number.starts_with("430100"));
        let case = desk.must(&desk.clerk, Action::Submit, &case).await;
        assert_eq!(case.state, CaseState::InCompliance);
        assert_eq!(case.due_on, Some(standard::calendar::add_working_days(clock::today(), 15).date));
        let case = desk.must(&desk.clerk2, Action::Pass, &case).await;
        assert_eq!(case.state, CaseState::InReview(1));
        let case = desk.must(&desk.reviewer, Action::Approve, &case).await;
        assert_eq!((case.state, noted(&desk.db, case.id, "effect").await), (CaseState::InReview(2), 0));
        let case = desk.must(&desk.reviewer2, Action::Approve, &case).await;
        assert_eq!((case.state, noted(&desk.db, case.id, "effect").await), (CaseState::Effective, 1));
        assert_eq!(case.result, Some(json!({ "done": true })));

        let acts: Vec<Act> = history(&desk.clerk, &desk.db, case.id).await.unwrap().iter().map(|step| step.act).collect();
        assert_eq!(acts, [Act::Drafted, Act::Submitted, Act::AccuracyChecked, Act::Passed, Act::Approved, Act::Approved]);
        assert_eq!(audited(&desk.db, case.id).await, 5);
    }

    async fn every_step_done_twice_is_refused_and_leaves_no_trace(db: Db) {
        let desk = Desk::new(db).await;
        let mut case = desk.draft("sample1", "good").await;
        let steps = [
            (&desk.clerk, Action::Edit),
            (&desk.clerk, Action::Submit),
            (&desk.clerk2, Action::Pass),
            (&desk.reviewer, Action::Approve),
            (&desk.supervisor, Action::Reverse),
        ];
        for (actor, action) in steps {
            let after = desk.must(actor, action, &case).await;
            // The same request again still names the version it saw.
            assert_eq!(desk.refused(actor, action, &case).await, "stale_version", "{action:?}");
            if action != Action::Edit {
                assert_eq!(desk.refused(actor, action, &after).await, "wrong_state", "{action:?}");
            }
            case = after;
        }
        assert_eq!(case.state, CaseState::Reversed);
        assert_eq!(noted(&desk.db, case.id, "reversed").await, 1);
    }

    async fn each_way_out_is_final_and_told_to_the_business(db: Db) {
        let desk = Desk::new(db).await;
        for (actor, action, state, what) in [
            (&desk.clerk2, Action::Refuse, CaseState::Refused, "refused"),
            (&desk.clerk, Action::Withdraw, CaseState::Withdrawn, "withdrawn"),
        ] {
            let case = desk.draft("sample1", "good").await;
            let case = desk.must(&desk.clerk, Action::Submit, &case).await;
            let case = desk.must(actor, action, &case).await;
            assert_eq!((case.state, noted(&desk.db, case.id, what).await), (state, 1));
            for (actor, action) in [
                (&desk.clerk, Action::Edit),
                (&desk.clerk, Action::Submit),
                (&desk.clerk, Action::Withdraw),
                (&desk.clerk2, Action::Pass),
                (&desk.reviewer, Action::Approve),
                (&desk.reviewer, Action::Return),
                (&desk.reviewer, Action::Refuse),
                (&desk.supervisor, Action::Reverse),
            ] {
                assert_eq!(desk.refused(actor, action, &case).await, "wrong_state", "{action:?}");
            }
        }
    }

    async fn a_failing_effect_rolls_the_whole_step_back(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.draft("sample1", "effect_fails").await;
        let case = desk.must(&desk.clerk, Action::Submit, &case).await;
        let case = desk.must(&desk.clerk2, Action::Pass, &case).await;
        assert_eq!(desk.refused(&desk.reviewer, Action::Approve, &case).await, "effect_failed");
        assert_eq!(noted(&desk.db, case.id, "effect").await, 0);
        // Nothing was lost: the same reviewer may still return it, and it can be corrected and approved.
        let case = desk.must(&desk.reviewer, Action::Return, &case).await;
        let case = desk.must(&desk.clerk, Action::Edit, &case).await;
        let case = desk.must(&desk.clerk, Action::Submit, &case).await;
        assert_eq!(case.round, 2);
        let case = desk.must(&desk.clerk2, Action::Pass, &case).await;
        let case = desk.must(&desk.reviewer, Action::Approve, &case).await;
        assert_eq!((case.state, noted(&desk.db, case.id, "effect").await), (CaseState::Effective, 1));
    }

    async fn a_failing_reversal_leaves_the_case_effective(db: Db) {
        let desk = Desk::new(db).await;
        for (does, rule) in [("reverse_fails", "reverse_failed"), ("irreversible", "not_reversible")] {
            let case = desk.draft("sample0", does).await;
            let case = desk.must(&desk.clerk, Action::Submit, &case).await;
            let case = desk.must(&desk.clerk2, Action::Pass, &case).await;
            assert_eq!(case.state, CaseState::Effective);
            assert_eq!(desk.refused(&desk.supervisor, Action::Reverse, &case).await, rule);
            let offered = allowed_actions(&desk.supervisor, &desk.registry, &case).contains(&Action::Reverse);
            assert_eq!(offered, does == "reverse_fails");
        }
    }

    async fn nobody_holds_two_posts(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.draft("sample2", "good").await;
        let case = desk.must(&desk.clerk, Action::Submit, &case).await;
        assert_eq!(desk.refused(&desk.clerk, Action::Pass, &case).await, "same_person");
        assert_eq!(desk.refused(&desk.clerk, Action::Return, &case).await, "same_person");
        assert_eq!(desk.refused(&desk.clerk, Action::Take, &case).await, "same_person");
        let case = desk.must(&desk.clerk2, Action::Pass, &case).await;
        let case = desk.must(&desk.reviewer, Action::Approve, &case).await;
        assert_eq!(desk.refused(&desk.reviewer, Action::Approve, &case).await, "same_person");
        let case = desk.must(&desk.supervisor, Action::Approve, &case).await;
        assert_eq!(case.state, CaseState::Effective);
        // The supervisor approved, so another one must reverse.
        assert_eq!(desk.refused(&desk.supervisor, Action::Reverse, &case).await, "same_person");
    }

    async fn the_database_itself_refuses_a_second_post(db: Db) {
        let desk = Desk::new(db).await;
        let mut case = desk.message("sample1", "good", Uuid::now_v7()).await;
        let mut tx = desk.db.begin().await.unwrap();
        for _ in 0..2 {
            rows::hold_post(&mut tx, &desk.clerk, &mut case, Stage::Compliance).await.unwrap();
        }
        let refusal = rows::hold_post(&mut tx, &desk.clerk, &mut case, Stage::Review(1)).await.unwrap_err();
        assert_eq!(refusal.rule(), "same_person");
    }

    async fn a_person_keeps_the_post_through_all_rounds(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.draft("sample2", "good").await;
        let case = desk.must(&desk.clerk, Action::Submit, &case).await;
        let case = desk.must(&desk.clerk2, Action::Pass, &case).await;
        let case = desk.must(&desk.reviewer, Action::Return, &case).await;
        let case = desk.must(&desk.clerk, Action::Submit, &case).await;
        let case = desk.must(&desk.clerk2, Action::Pass, &case).await;
        let case = desk.must(&desk.reviewer2, Action::Approve, &case).await;
        assert_eq!(desk.refused(&desk.reviewer, Action::Approve, &case).await, "same_person");
        let case = desk.must(&desk.supervisor, Action::Approve, &case).await;
        assert_eq!(case.state, CaseState::Effective);
    }

    async fn accuracy_sends_back_at_once_with_coded_reasons(db: Db) {
        let desk = Desk::new(db).await;
        for (does, rule) in [("bad_form", "form_bad"), ("bad_books", "books_bad")] {
            let case = desk.draft("sample1", does).await;
            let case = desk.must(&desk.clerk, Action::Submit, &case).await;
            assert_eq!((case.state, case.reasons[0].code.as_str()), (CaseState::Returned, rule));
            assert_eq!(noted(&desk.db, case.id, "returned").await, 1);
            assert_eq!(case.due_on, None);
            let case = desk.must(&desk.clerk, Action::Edit, &case).await;
            let case = desk.must(&desk.clerk, Action::Submit, &case).await;
            assert_eq!((case.state, case.round, case.reasons.len()), (CaseState::InCompliance, 2, 0));
            let seen = detail(&desk.clerk2, &desk.db, &desk.registry, case.id).await.unwrap();
            assert_eq!(seen.corrections.len(), 1, "the reviewer sees what was corrected");
            assert_eq!(seen.corrections[0].before.as_deref(), Some(does));
            assert_eq!(seen.due.unwrap().remaining_working_days, 15);
        }
    }

    async fn compliance_blocks_the_pass_and_names_the_finding(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.draft("sample1", "bad_compliance").await;
        let case = desk.must(&desk.clerk, Action::Submit, &case).await;
        assert_eq!(case.state, CaseState::InCompliance);
        let refusal = desk.act(&desk.clerk2, Action::Pass, case.id, case.version).await.unwrap_err();
        let rules: Vec<&str> = refusal.findings.iter().map(|finding| finding.rule.as_str()).collect();
        assert_eq!(rules, ["compliance_blocking", "arrears"]);
        // The finding's rule may be given as the reason.
        let mut tx = desk.db.begin().await.unwrap();
        let case = return_for_correction(&desk.clerk2, &mut tx, &desk.registry, case.id, &Decision::on(&case).because("arrears")).await.unwrap();
        assert_eq!(case.reasons[0].text.zh, "有欠费");
    }

    async fn a_message_opens_corrects_and_withdraws_without_a_person(db: Db) {
        let desk = Desk::new(db).await;
        let message_id = Uuid::now_v7();
        let case = desk.message("sample1", "bad_books", message_id).await;
        assert_eq!((case.state, case.maker), (CaseState::Returned, None));
        assert_eq!(noted(&desk.db, case.id, "returned").await, 1);
        // The same message again gives the same case and nothing more.
        let again = desk.message("sample1", "good", message_id).await;
        assert_eq!((again.id, again.version), (case.id, case.version));
        assert_eq!(noted(&desk.db, case.id, "returned").await, 1);

        let mut tx = desk.db.begin().await.unwrap();
        let case = resubmit_from_message(&mut tx, &desk.registry, &agency(), case.id, json!({ "does": "good" }), &source(Uuid::now_v7())).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((case.state, case.round), (CaseState::InCompliance, 2));

        // Any clerk may pass it, since no person made it.
        let case = desk.must(&desk.clerk, Action::Pass, &case).await;
        let mut tx = desk.db.begin().await.unwrap();
        let other = Source { from: "agency:110000".parse().unwrap(), message_id: Uuid::now_v7() };
        let refusal = withdraw_from_message(&mut tx, &desk.registry, &agency(), case.id, &other).await.unwrap_err();
        assert_eq!(refusal.rule(), "wrong_state");
        drop(tx);
        let mut tx = desk.db.begin().await.unwrap();
        let case = withdraw_from_message(&mut tx, &desk.registry, &agency(), case.id, &source(Uuid::now_v7())).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(case.state, CaseState::Withdrawn);
        assert_eq!(desk.refused(&desk.reviewer, Action::Approve, &case).await, "wrong_state");
    }

    async fn another_organisation_finds_nothing(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.draft("sample1", "good").await;
        let case = desk.must(&desk.clerk, Action::Submit, &case).await;
        for action in [Action::Take, Action::Pass, Action::Return, Action::Refuse, Action::Edit] {
            assert_eq!(desk.refused(&desk.stranger, action, &case).await, "case_not_found", "{action:?}");
        }
        assert_eq!(get(&desk.stranger, &desk.db, case.id).await.unwrap_err().rule(), "case_not_found");
        assert!(allowed_actions(&desk.stranger, &desk.registry, &case).is_empty());
    }

    async fn the_system_never_checks_or_approves(db: Db) {
        let desk = Desk::new(db).await;
        let system = crate::identity::Actor::system(agency());
        let case = desk.message("sample1", "good", Uuid::now_v7()).await;
        for action in [Action::Pass, Action::Approve, Action::Return, Action::Refuse, Action::Reverse, Action::Take] {
            assert_eq!(desk.refused(&system, action, &case).await, "permission_denied", "{action:?}");
        }
    }

    async fn a_taken_case_is_left_to_its_holder(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.message("sample1", "good", Uuid::now_v7()).await;
        let case = desk.must(&desk.clerk, Action::Take, &case).await;
        let again = desk.must(&desk.clerk, Action::Take, &case).await;
        assert_eq!(again.version, case.version, "taking twice changes nothing");
        assert_eq!(desk.refused(&desk.clerk2, Action::Take, &case).await, "taken_by_other");
        assert_eq!(desk.refused(&desk.clerk2, Action::Pass, &case).await, "taken_by_other");
        assert_eq!(desk.refused(&desk.clerk2, Action::Release, &case).await, "permission_denied");
        let case = desk.must(&desk.supervisor, Action::Release, &case).await;
        let case = desk.must(&desk.clerk2, Action::Pass, &case).await;
        assert_eq!(case.assignee, None);
    }

    async fn reasons_are_coded_and_bounded(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.message("sample1", "good", Uuid::now_v7()).await;
        let choice = |code: &str, text: Option<&str>| ReasonChoice { code: code.into(), text: text.map(Into::into) };
        let cases = [
            (vec![], "reason_required"),
            (vec![choice("nonsense", None)], "unknown_reason"),
            (vec![choice("other", None)], "reason_text_required"),
            (vec![choice("other", Some("  "))], "reason_text_required"),
            (vec![choice("other", Some(&"长".repeat(501)))], "reason_too_long"),
            (vec![choice("retired", None); 21], "reason_required"),
        ];
        for (reasons, rule) in cases {
            let mut tx = desk.db.begin().await.unwrap();
            let decision = Decision { reasons, ..Decision::on(&case) };
            let refusal = refuse(&desk.clerk, &mut tx, &desk.registry, case.id, &decision).await.unwrap_err();
            assert_eq!(refusal.rule(), rule);
        }
    }

    async fn a_form_is_bounded_and_stored_encrypted(db: Db) {
        let desk = Desk::new(db).await;
        let new = NewCase { business: "sample1".into(), subject: subject(), form: json!({ "x": "长".repeat(400_000) }), before: None };
        let mut tx = desk.db.begin().await.unwrap();
        assert_eq!(draft(&desk.clerk, &mut tx, &desk.registry, new).await.unwrap_err().rule(), "form_too_large");
        drop(tx);
        let case = desk.draft("sample1", "11010519491231002X").await;
        use store::Query;
        let row = desk.db.read().one("SELECT form_sealed FROM control_case WHERE id = $1", store::args![case.id]).await.unwrap();
        let sealed: Vec<u8> = row.get("form_sealed").unwrap();
        assert!(!sealed.windows(6).any(|bytes| bytes == b"110105"), "the ID number is readable in the database");
        assert_eq!(get(&desk.clerk, &desk.db, case.id).await.unwrap().form["does"], "11010519491231002X");
    }
}
