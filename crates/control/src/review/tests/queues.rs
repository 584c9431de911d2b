//! The work queue: who sees what, in which order, with which counts; terms; assignment.

use store::{Query, args};
use uuid::Uuid;

use super::fixture::*;
use crate::audit::{self, AuditFilter};
use crate::identity::{self, Actor, NewUser, Role};
use crate::review::*;

async fn ids(desk: &Desk, actor: &Actor, filter: QueueFilter) -> Vec<Uuid> {
    queue(actor, &desk.db, &desk.registry, &filter)
        .await
        .unwrap()
        .items
        .iter()
        .map(|item| item.case.id)
        .collect()
}

fn of(case_box: CaseBox) -> QueueFilter {
    QueueFilter {
        case_box,
        ..QueueFilter::default()
    }
}

store::both! {
    async fn each_sees_what_waits_for_them(db: Db) {
        let desk = Desk::new(db).await;
        let draft = desk.draft("sample1", "good").await;
        let waiting = desk.message("sample1", "good", Uuid::now_v7()).await;
        let own = desk.draft("sample2", "good").await;
        let own = desk.must(&desk.clerk, Action::Submit, &own).await;
        let passed = desk.message("sample1", "good", Uuid::now_v7()).await;
        let passed = desk.must(&desk.clerk, Action::Pass, &passed).await;

        // The clerk: what a message brought and the own draft, not the own submitted case.
        let mut todo = ids(&desk, &desk.clerk, of(CaseBox::Todo)).await;
        todo.sort();
        let mut expected = vec![waiting.id, draft.id];
        expected.sort();
        assert_eq!(todo, expected);
        assert_eq!(ids(&desk, &desk.clerk, of(CaseBox::Done)).await, [passed.id]);
        assert_eq!(ids(&desk, &desk.clerk, of(CaseBox::Mine)).await, [own.id, draft.id]);
        let mut other = ids(&desk, &desk.clerk2, of(CaseBox::Todo)).await;
        other.sort();
        let mut expected = vec![waiting.id, own.id];
        expected.sort();
        assert_eq!(other, expected);
        assert_eq!(ids(&desk, &desk.reviewer, of(CaseBox::Todo)).await, [passed.id]);
        assert!(ids(&desk, &desk.stranger, of(CaseBox::All)).await.is_empty());

        // Taken: only its holder still sees it waiting.
        desk.must(&desk.clerk2, Action::Take, &waiting).await;
        assert_eq!(ids(&desk, &desk.clerk, of(CaseBox::Todo)).await, [draft.id]);
        assert!(ids(&desk, &desk.clerk2, of(CaseBox::Todo)).await.contains(&waiting.id));

        let all = queue(&desk.clerk, &desk.db, &desk.registry, &of(CaseBox::All)).await.unwrap();
        assert_eq!(all.total, 4);
        let counted: Vec<(&str, &str, i64)> = all.counts.iter().map(|c| (c.business.as_str(), c.state.as_str(), c.count)).collect();
        assert_eq!(
            counted,
            [("sample1", "draft", 1), ("sample1", "in_compliance", 1), ("sample1", "in_review", 1), ("sample2", "in_compliance", 1)]
        );
    }

    async fn the_earliest_due_comes_first_page_by_page(db: Db) {
        let desk = Desk::new(db).await;
        let mut expected = Vec::new();
        for day in ["2026-03-05", "2026-01-02", "2026-02-03", "2026-01-02", "2026-12-01"] {
            let case = desk.message("sample1", "good", Uuid::now_v7()).await;
            let mut tx = desk.db.begin().await.unwrap();
            tx.execute("UPDATE control_case SET due_on = $2, due_sort = $2 WHERE id = $1", args![case.id, day]).await.unwrap();
            tx.commit().await.unwrap();
            expected.push((day, case.id));
        }
        expected.sort();
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let filter = QueueFilter { cursor, limit: 2, ..of(CaseBox::Todo) };
            let page = queue(&desk.clerk, &desk.db, &desk.registry, &filter).await.unwrap();
            assert_eq!(page.total, 5);
            seen.extend(page.items.iter().map(|item| (item.due.unwrap().due_on.to_string(), item.case.id)));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let expected: Vec<(String, Uuid)> = expected.into_iter().map(|(day, id)| (day.to_owned(), id)).collect();
        assert_eq!(seen, expected);
        let first = queue(&desk.clerk, &desk.db, &desk.registry, &of(CaseBox::Todo)).await.unwrap();
        assert!(first.items[0].due.unwrap().overdue && first.items[0].due.unwrap().remaining_working_days < 0);
    }

    async fn a_query_finds_by_name_and_number_and_takes_no_wildcards(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.message("sample1", "good", Uuid::now_v7()).await;
        let found = async |query: &str| ids(&desk, &desk.clerk, QueueFilter { query: Some(query.into()), ..of(CaseBox::All) }).await.len();
        assert_eq!(found("王").await, 1);
        assert_eq!(found(&case.number[..16]).await, 1);
        assert_eq!(found("李").await, 0);
        assert_eq!(found("%").await, 0);
        assert_eq!(found("_敏").await, 0);
        for (filter, rule) in [
            (QueueFilter { query: Some("x".repeat(51)), ..of(CaseBox::All) }, "query_too_long"),
            (QueueFilter { cursor: Some("rubbish".into()), ..of(CaseBox::Todo) }, "bad_cursor"),
            (QueueFilter { cursor: Some("2026-01-01~x".into()), ..of(CaseBox::Todo) }, "bad_cursor"),
            (QueueFilter { cursor: Some("x~y".into()), ..of(CaseBox::Mine) }, "bad_cursor"),
        ] {
            let refusal = queue(&desk.clerk, &desk.db, &desk.registry, &filter).await.unwrap_err();
            assert_eq!(refusal.rule(), rule);
        }
    }

    async fn a_supervisor_assigns_to_who_may_act(db: Db) {
        let mut desk = Desk::new(db).await;
        let mut tx = desk.db.begin().await.unwrap();
        let new = |username: &str, role| NewUser {
            username: username.into(),
            name: username.into(),
            role,
            password: "Shebao-2026".into(),
            must_change: false,
        };
        let system = Actor::system(agency());
        let clerk = identity::create_user(&system, &mut tx, &new("clerk_a", Role::AgencyClerk)).await.unwrap();
        let reviewer = identity::create_user(&system, &mut tx, &new("reviewer_a", Role::AgencyReviewer)).await.unwrap();
        tx.commit().await.unwrap();
        let case = desk.message("sample1", "good", Uuid::now_v7()).await;
        // no screen assigns yet, so that nobody is offered it
        assert!(!allowed_actions(&desk.supervisor, &desk.registry, &case).contains(&Action::Assign));

        desk.clerk2 = reviewer.actor();
        assert_eq!(desk.refused(&desk.supervisor, Action::Assign, &case).await, "permission_denied");
        desk.clerk2 = clerk.actor();
        assert_eq!(desk.refused(&desk.clerk, Action::Assign, &case).await, "permission_denied");
        let case = desk.must(&desk.supervisor, Action::Assign, &case).await;
        assert_eq!(case.assignee, Some(clerk.id));
        assert_eq!(desk.refused(&desk.clerk, Action::Pass, &case).await, "taken_by_other");
        let told = crate::notice::list(&clerk.actor(), &desk.db, true, None, 10).await.unwrap();
        assert_eq!((told.unread, told.items[0].link.clone()), (1, Some(format!("/agency/cases/{}", case.id))));
        desk.must(&clerk.actor(), Action::Pass, &case).await;
    }

    async fn the_trail_names_the_fields_an_edit_changed(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.draft("sample1", "bad_books").await;
        desk.must(&desk.clerk, Action::Edit, &case).await;
        let filter = AuditFilter { object: Some("case".into()), object_id: Some(case.id.to_string()), limit: 20, ..AuditFilter::default() };
        let trail = audit::trail(&desk.supervisor, &desk.db, &filter).await.unwrap();
        let event = trail.iter().find(|event| event.action == "case.edit").unwrap();
        let (before, after) = (event.before.as_ref().unwrap(), event.after.as_ref().unwrap());
        assert_eq!(before["fields"], serde_json::json!({ "does": "bad_books", "edited": null }));
        assert_eq!(after["fields"], serde_json::json!({ "does": "good", "edited": true }));
        assert_eq!((before["version"].as_i64(), after["version"].as_i64()), (Some(1), Some(2)));
    }

    async fn the_maker_is_told_and_previews(db: Db) {
        let desk = Desk::new(db).await;
        let case = desk.draft("sample1", "bad_books").await;
        let mut tx = desk.db.begin().await.unwrap();
        let seen = preview(&desk.clerk, &mut tx, &desk.registry, case.id).await.unwrap();
        assert!(!seen.ready && seen.findings.iter().any(|finding| finding.rule == "books_bad"));
        drop(tx);
        let case = desk.must(&desk.clerk, Action::Edit, &case).await;
        let case = desk.must(&desk.clerk, Action::Submit, &case).await;
        desk.must(&desk.clerk2, Action::Return, &case).await;
        let told = crate::notice::list(&desk.clerk, &desk.db, false, None, 10).await.unwrap();
        assert_eq!(told.items.len(), 1);
        assert!(told.items[0].title.zh.contains("退回"), "{}", told.items[0].title.zh);
    }
}
