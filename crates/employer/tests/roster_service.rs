//! Rosters in the app on both databases: upload, check, kill, resume, accept, download.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Book, HEADER, Nation, actor, answer, cells, changsha, guangzhou, id, sheets, star_river, wuhan, xlsx};
use control::identity::Role;
use control::notice;
use employer::insurance::preflight::Verdict;
use employer::insurance::roster::job::{self, RosterJob};
use employer::insurance::roster::service::{accept, errors_workbook, get, list, result_workbook, retry, transfers_needed, upload};
use employer::insurance::roster::view::RosterState;
use employer::insurance::transfer::draft;
use employer::people::service as people;
use employer::run_jobs;
use exchange::StatusAnswer;
use standard::{IdNumber, Insurance};
use store::Db;
use uuid::Uuid;

fn person(order: u16) -> IdNumber {
    id("1990-05-01", order)
}

/// A roster of `count` people; every third is known in 武汉, and one row is bad.
fn sheet(nation: &Nation, count: u16) -> Vec<u8> {
    let ids: Vec<IdNumber> = (1..=count).map(person).collect();
    let mut rows = vec![HEADER.to_vec()];
    for (at, id) in ids.iter().enumerate() {
        if at % 3 == 0 {
            nation.knows_in_wuhan(id, "王敏");
        }
        rows.push(vec![
            "王敏",
            id.reveal(),
            "13800138000",
            "2026-12-01",
            "长沙",
            "研发",
            "工程师",
            "8500",
        ]);
    }
    rows.push(vec!["坏行", "123", "", "2026-12-01", "长沙", "", "", ""]);
    xlsx(&rows)
}

async fn counts(db: &Db, hr: &control::identity::Actor, id: Uuid) -> (i64, i64, i64, i64) {
    let roster = get(hr, db, id, None, None, 1).await.unwrap().roster;
    (roster.done, roster.counts.direct, roster.counts.transfer, roster.counts.bad)
}

store::both! {
    async fn a_roster_is_checked_in_the_background_and_hr_is_told(db: Db) {
        let (_, hr) = star_river(&db).await;
        let nation = std::sync::Arc::new(Nation::default());
        let roster = upload(&hr, &db, "十一月.xlsx", sheet(&nation, 9)).await.unwrap();
        assert_eq!((roster.state, roster.total, roster.done), (RosterState::Checking, 10, 1));
        assert!(roster.allowed_actions.is_empty());
        assert_eq!(result_workbook(&hr, &db, roster.id).await.unwrap_err().rule(), "roster_still_checking");
        assert_eq!(run_jobs(&db, |_| SharedNation(nation.clone())).await.unwrap(), 1);
        assert_eq!(run_jobs(&db, |_| SharedNation(nation.clone())).await.unwrap(), 0);
        assert_eq!(counts(&db, &hr, roster.id).await, (10, 6, 3, 1));
        assert_eq!(list(&hr, &db).await.unwrap()[0].state, RosterState::Ready);
        let notices = notice::list(&hr, &db, true, None, 10).await.unwrap();
        assert_eq!(notices.items.len(), 1);
        let only = get(&hr, &db, roster.id, Some(Verdict::NeedsTransfer), None, 2).await.unwrap();
        assert_eq!((only.rows.items.len(), only.rows.total), (2, 3));
        assert_eq!(only.rows.items[0].from_regions[0].name, "武汉");
        assert!(only.rows.next_cursor.is_some());
        let shown = cells(&result_workbook(&hr, &db, roster.id).await.unwrap());
        assert_eq!(shown.len(), 11);
        assert_eq!((shown[1][8].as_str(), shown[1][9].as_str(), shown[10][8].as_str()), ("需办理转移", "武汉", "数据有误"));
        assert_eq!(cells(&errors_workbook(&hr, &db, roster.id).await.unwrap()).len(), 2);
    }

    async fn a_killed_check_goes_on_where_it_stood_and_doubles_nothing(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let nation = Nation::default();
        let roster = upload(&hr, &db, "大名单.xlsx", sheet(&nation, 600)).await.unwrap();
        let body = RosterJob { employer_id, roster_id: roster.id };
        assert!(job::step(&db, &nation, &body).await.unwrap());
        assert_eq!(counts(&db, &hr, roster.id).await.0, 257, "one batch of 256 and the bad row");
        // The worker dies here; another begins again. A platform that is down fails the batch and stores nothing of it.
        *nation.down.lock().unwrap() = true;
        assert_eq!(job::run(&db, &nation, &body).await.unwrap_err().rule(), "platform_down");
        assert_eq!(counts(&db, &hr, roster.id).await.0, 257);
        *nation.down.lock().unwrap() = false;
        job::run(&db, &nation, &body).await.unwrap();
        job::run(&db, &nation, &body).await.unwrap();
        assert_eq!(counts(&db, &hr, roster.id).await, (601, 400, 200, 1));
        assert_eq!(*nation.asked.lock().unwrap(), 600);
        assert_eq!(notice::list(&hr, &db, true, None, 10).await.unwrap().items.len(), 1, "told once");
    }

    async fn accepting_makes_employees_of_the_good_rows_once(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let nation = Nation::default();
        let roster = upload(&hr, &db, "名单.xlsx", sheet(&nation, 9)).await.unwrap();
        assert_eq!(accept(&hr, &db, roster.id, None).await.unwrap_err().rule(), "roster_still_checking");
        job::run(&db, &nation, &RosterJob { employer_id, roster_id: roster.id }).await.unwrap();
        let clerk = actor(employer_id, Role::HrClerk);
        assert_eq!(accept(&clerk, &db, roster.id, None).await.unwrap_err().rule(), "permission_denied");
        let some = accept(&hr, &db, roster.id, Some(&[2, 3, 11, 99])).await.unwrap();
        assert_eq!((some.created, some.skipped), (2, 0), "row 11 is bad and row 99 does not exist");
        let rest = accept(&hr, &db, roster.id, None).await.unwrap();
        assert_eq!((rest.created, rest.skipped), (7, 0));
        assert_eq!(accept(&hr, &db, roster.id, None).await.unwrap().created, 0);
        let all = people::list(&hr, &db, None, None, None, 50).await.unwrap();
        assert_eq!(all.total, 9);
        let first = all.items.last().unwrap();
        let record = people::get(&hr, &db, first.id).await.unwrap();
        assert_eq!((record.name.as_str(), record.department.as_str(), record.region), ("王敏", "研发", changsha()));
        assert_eq!(record.relations[0].region, wuhan());
        let needed = transfers_needed(&hr, &db, roster.id, Some(&[2, 3])).await.unwrap();
        assert_eq!(needed.transfers, [(first.id, wuhan())]);
        // The same people uploaded again are known to the unit.
        let again = upload(&hr, &db, "再来一次.xlsx", sheet(&nation, 9)).await.unwrap();
        job::run(&db, &nation, &RosterJob { employer_id, roster_id: again.id }).await.unwrap();
        assert_eq!(counts(&db, &hr, again.id).await, (10, 6, 3, 1), "the issue's rule decides, the employment is a finding");
        let detail = get(&hr, &db, again.id, None, None, 1).await.unwrap();
        let row = &detail.rows.items[0];
        assert_eq!(row.findings[0].finding.rule, "already_employed");
        assert_eq!((row.employee_id, row.allowed_actions.as_slice()), (Some(first.id), &["start_transfers".to_string()][..]));
        assert_eq!((detail.waiting.hire, detail.waiting.transfer), (0, 3));
        assert_eq!(accept(&hr, &db, again.id, None).await.unwrap().created, 0);
    }

    async fn all_transfers_start_without_hiring_anyone_else_and_leave_their_trace(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let nation = Nation::default();
        let roster = upload(&hr, &db, "名单.xlsx", sheet(&nation, 9)).await.unwrap();
        job::run(&db, &nation, &RosterJob { employer_id, roster_id: roster.id }).await.unwrap();
        let before = get(&hr, &db, roster.id, None, None, 50).await.unwrap();
        assert_eq!((before.waiting.hire, before.waiting.transfer), (9, 3));
        assert_eq!((before.rows.items[1].region_name.as_str(), before.rows.items[1].hired_on.as_str()), ("长沙", "2026-12-01"));
        let needed = transfers_needed(&hr, &db, roster.id, None).await.unwrap();
        assert_eq!((needed.transfers.len(), needed.remaining), (3, 0));
        assert_eq!(people::list(&hr, &db, None, None, None, 50).await.unwrap().total, 3, "only those who transfer are hired");
        for (employee, from) in &needed.transfers {
            draft::start(&hr, &db, &Book, *employee, *from, Insurance::Pension).await.unwrap();
        }
        let after = get(&hr, &db, roster.id, None, None, 50).await.unwrap();
        assert_eq!((after.waiting.hire, after.waiting.transfer), (6, 0));
        let row = &after.rows.items[0];
        assert_eq!((row.transfers.len(), row.transfers[0].from_region), (1, wuhan()));
        assert!(row.allowed_actions.is_empty(), "{:?}", row.allowed_actions);
        assert!(!after.roster.allowed_actions.contains(&"start_transfers".to_string()));
        assert_eq!(transfers_needed(&hr, &db, roster.id, None).await.unwrap().transfers, []);
    }

    async fn a_second_sheet_with_people_is_told(db: Db) {
        let (_, hr) = star_river(&db).await;
        let numbers = [person(1), person(2)];
        let row = |at: usize| vec!["王敏", numbers[at].reveal(), "", "2026-12-01", "长沙", "", "", ""];
        let bytes = sheets(&[("填写说明", &[vec!["列", "说明"]]), ("长沙", &[HEADER.to_vec(), row(0)]), ("武汉", &[HEADER.to_vec(), row(1)])]);
        let roster = upload(&hr, &db, "两表.xlsx", bytes).await.unwrap();
        assert_eq!((roster.total, roster.notes[0].rule.as_str()), (1, "roster_sheets_unread"));
        assert!(roster.notes[0].message.zh.contains("“武汉”"), "{:?}", roster.notes);
        assert_eq!(list(&hr, &db).await.unwrap()[0].notes, roster.notes, "and still told later");
    }

    async fn unanswered_rows_are_asked_again_on_request(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let nation = Nation::default();
        let bytes = sheet(&nation, 2);
        nation.knows(&person(2), "王敏", StatusAnswer { unanswered: vec![guangzhou()], ..answer(vec![]) });
        let roster = upload(&hr, &db, "名单.xlsx", bytes).await.unwrap();
        let body = RosterJob { employer_id, roster_id: roster.id };
        job::run(&db, &nation, &body).await.unwrap();
        let detail = get(&hr, &db, roster.id, Some(Verdict::Unanswered), None, 10).await.unwrap();
        assert_eq!(detail.rows.items.len(), 1);
        assert!(detail.roster.allowed_actions.contains(&"retry".to_string()));
        nation.knows(&person(2), "王敏", answer(vec![]));
        assert_eq!(retry(&hr, &db, roster.id).await.unwrap().state, RosterState::Checking);
        job::run(&db, &nation, &body).await.unwrap();
        assert_eq!(counts(&db, &hr, roster.id).await, (3, 1, 1, 1));
    }

    async fn a_refused_file_stores_nothing_and_cells_are_never_in_the_open(db: Db) {
        let (_, hr) = star_river(&db).await;
        let nation = Nation::default();
        assert_eq!(upload(&hr, &db, "空.xlsx", Vec::new()).await.unwrap_err().rule(), "roster_empty");
        assert_eq!(upload(&hr, &db, "缺列.csv", b"a,b\n1,2\n".to_vec()).await.unwrap_err().rule(), "roster_column_missing");
        assert!(list(&hr, &db).await.unwrap().is_empty());
        upload(&hr, &db, "名单.xlsx", sheet(&nation, 3)).await.unwrap();
        use store::Query;
        let rows = db.read().all("SELECT cells_sealed, id_masked, findings FROM employer_roster_row", store::args![]).await.unwrap();
        assert_eq!(rows.len(), 4);
        for row in &rows {
            let sealed = String::from_utf8_lossy(&row.get::<Vec<u8>>("cells_sealed").unwrap()).into_owned();
            let open = format!("{sealed}{}{}", row.get::<String>("id_masked").unwrap(), row.get::<String>("findings").unwrap());
            for order in 1..=3 {
                assert!(!open.contains(person(order).reveal()));
            }
        }
    }
}

/// A nation shared by the sources of several employers.
struct SharedNation(std::sync::Arc<Nation>);

#[async_trait::async_trait]
impl employer::insurance::preflight::StatusSource for SharedNation {
    async fn status(&self, id_number: &IdNumber, name: &str, purpose: &str) -> Result<StatusAnswer, standard::Refusal> {
        self.0.status(id_number, name, purpose).await
    }
}
