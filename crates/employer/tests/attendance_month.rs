//! A month of attendance on both databases: imported, asked for, corrected, closed, closed again and reopened.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use common::{actor, changsha, id, star_river, xlsx};
use control::clock;
use control::identity::{Actor, Role};
use employer::attendance::close::{self, AnomalyKind, Close};
use employer::attendance::grid::{self, DayState, GridFilter};
use employer::attendance::import::service as import;
use employer::attendance::leave::decide::{Act, Decision, decide};
use employer::attendance::leave::kind::LeaveKind;
use employer::attendance::leave::request::{Half, State};
use employer::attendance::leave::service::{NewRequest, Sort, ask};
use employer::attendance::mine;
use employer::attendance::punch::{self, Correction};
use employer::attendance::settings;
use employer::attendance::summary::{self, CloseState};
use employer::people::login;
use employer::people::seed::{SeedPerson, seed};
use policy::RuleBook;
use standard::{Date, Money, Month, Timestamp};
use store::{Db, both};
use uuid::Uuid;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn september() -> Month {
    Month::parse("2026-09").unwrap()
}

fn now(text: &str) -> Timestamp {
    format!("{text}+08:00").parse().unwrap()
}

/// So many employees since 2020, with office hours for all.
async fn office(db: &Db, count: usize) -> (Uuid, Actor, Vec<Uuid>) {
    let (employer, hr) = star_river(db).await;
    let people: Vec<SeedPerson> = (0..count)
        .map(|n| {
            let birth = format!("19{:02}-{:02}-{:02}", 70 + n / 336 % 30, n / 28 % 12 + 1, n % 28 + 1);
            let order = u16::try_from(1 + n / 10_080).unwrap();
            let person = SeedPerson::new(
                id(&birth, order),
                &format!("员工{n}"),
                changsha(),
                date("2020-03-02"),
                Money::from_fen(800_000),
            );
            SeedPerson {
                department: "生产部".into(),
                ..person
            }
        })
        .collect();
    let mut tx = db.begin().await.unwrap();
    let ids = seed(&mut tx, db, employer, &people).await.unwrap();
    tx.commit().await.unwrap();
    settings::seed_office(&hr, db).await.unwrap();
    (employer, hr, ids)
}

/// A machine's table of everybody's punches on every day of September that is worked.
fn machine(count: usize, mut punches: impl FnMut(usize, u32) -> Option<&'static str>) -> String {
    let mut table = String::from("考勤号码,姓名,日期时间,机器号\n");
    for n in 0..count {
        for day in 1..=30_u32 {
            let weekday = (day + 1) % 7; // 1 September 2026 is a Tuesday; 0 is Sunday
            let worked = (weekday != 0 && weekday != 6 && day != 25) || day == 20;
            let Some(times) = punches(n, day)
                .or(worked.then_some("08:55 18:05"))
                .filter(|times| !times.is_empty())
            else {
                continue;
            };
            for time in times.split(' ') {
                writeln!(table, "{},员工{n},2026-09-{day:02} {time}:30,1", n + 1).unwrap();
            }
        }
    }
    table
}

fn request(employee_id: Uuid, kind: LeaveKind, from: &str, to: &str) -> NewRequest {
    NewRequest {
        employee_id: Some(employee_id),
        kind: Sort::Leave,
        leave_kind: Some(kind),
        rest: false,
        from_on: date(from),
        to_on: Some(date(to)),
        first_part: Half::Whole,
        last_part: Half::Whole,
        from_minute: None,
        to_minute: None,
        reason: "家中有事".into(),
    }
}

fn on(version: i64) -> Decision {
    Decision {
        version,
        opinion: "同意".into(),
    }
}

both! {
    async fn a_month_is_imported_asked_for_corrected_and_closed(db: Db) {
        let book = RuleBook::embedded();
        clock::at(now("2026-10-09T10:00:00"), async {
            let (employer, hr, ids) = office(&db, 3).await;
            // the first lacks a punch on the 3rd, the second is absent on the 7th and on leave on the 8th and 9th, the third is late on the 10th
            let table = machine(3, |n, day| match (n, day) {
                (0, 3) => Some("08:58"),
                (1, 7..=9) => Some(""),
                (2, 10) => Some("09:40 18:00"),
                _ => None,
            });
            let first = import::upload(&hr, &db, "九月.csv", table.clone().into_bytes(), None).await.unwrap();
            assert_eq!((first.refused, first.repeated), (0, 0), "{:?}", first.errors);
            let again = import::upload(&hr, &db, "九月.csv", table.into_bytes(), None).await.unwrap();
            assert_eq!((again.taken, again.repeated), (0, first.taken), "the same file again changes nothing");

            let asked = ask(&hr, &db, book, None, request(ids[1], LeaveKind::Annual, "2026-09-08", "2026-09-09")).await.unwrap();
            assert_eq!(asked.amount, 960);
            let own = decide(&hr, &db, book, asked.id, Act::Approve, &on(1)).await.unwrap_err();
            assert_eq!(own.rule(), "same_person");
            let overlap = ask(&hr, &db, book, None, request(ids[1], LeaveKind::Sick, "2026-09-09", "2026-09-10")).await.unwrap_err();
            assert_eq!(overlap.rule(), "leave_overlaps");
            let much = ask(&hr, &db, book, None, request(ids[0], LeaveKind::Annual, "2026-09-10", "2026-09-23")).await.unwrap_err();
            assert_eq!(much.rule(), "leave_balance_short");
            let other = actor(employer, Role::HrManager);
            let done = decide(&other, &db, book, asked.id, Act::Approve, &on(1)).await.unwrap();
            assert_eq!(done.state, State::Approved);
            assert_eq!(decide(&other, &db, book, asked.id, Act::Approve, &on(1)).await.unwrap_err().rule(), "version_conflict");

            let moment = clock::now();
            let page = close::view(&hr, &db, RuleBook::embedded(), september(), moment).await.unwrap();
            let kinds: BTreeMap<AnomalyKind, (i64, i64)> = page.anomalies.iter().map(|one| (one.kind, (one.count, one.people))).collect();
            assert_eq!(kinds, BTreeMap::from([(AnomalyKind::MissingPunch, (1, 1)), (AnomalyKind::Absence, (1, 1))]));
            let refused = close::close(&hr, &db, RuleBook::embedded(), september(), &Close::default(), moment).await.unwrap_err();
            assert_eq!(refused.findings.len(), 2, "a reason for each kind: {refused}");

            let correction = Correction {
                employee_id: ids[0],
                day: date("2026-09-03"),
                clock: "18:03".into(),
                void: false,
                reason: "考勤机断电，班长证明".into(),
            };
            punch::correct(&hr, &db, &correction).await.unwrap();
            let view = grid::employee(&hr, &db, september(), ids[0], moment).await.unwrap();
            assert_eq!((view.days[2].cell.state, view.corrections.len()), (DayState::Normal, 1));

            let reasons = Close {
                reasons: BTreeMap::from([(AnomalyKind::Absence, "已核实为旷工".to_string())]),
            };
            let closed = close::close(&hr, &db, RuleBook::embedded(), september(), &reasons, moment).await.unwrap();
            assert_eq!((closed.state, closed.people, closed.history.len()), (CloseState::Closed, 3, 1));
            let stored = summary::of_month(&mut db.read(), employer, september()).await.unwrap();
            let days = 22 * 480;
            assert_eq!((stored[&ids[0]].scheduled_minutes, stored[&ids[0]].worked_minutes), (days, days));
            let second = stored[&ids[1]];
            assert_eq!((second.absent_minutes, second.paid_leave_minutes, second.worked_minutes), (480, 960, days - 1_440));
            assert_eq!((second.scheduled_days, second.worked_days), (2_200, 1_900));
            assert_eq!(stored[&ids[2]].late_minutes, 40);

            // closing again changes nothing, and a closed month takes nothing more
            let twice = close::close(&other, &db, RuleBook::embedded(), september(), &Close::default(), moment).await.unwrap();
            assert_eq!(twice.history.len(), 1);
            assert_eq!(summary::of_month(&mut db.read(), employer, september()).await.unwrap(), stored);
            assert_eq!(punch::correct(&hr, &db, &correction).await.unwrap_err().rule(), "attendance_month_closed");
            let late = import::upload(&hr, &db, "补.csv", "工号,时间\n1,2026-09-03 18:09\n".into(), None).await.unwrap();
            assert_eq!((late.taken, late.errors[0].finding.rule.as_str(), late.errors[0].row), (0, "attendance_month_closed", 2));

            assert_eq!(close::reopen(&hr, &db, RuleBook::embedded(), september(), " ", moment).await.unwrap_err().rule(), "reason_missing");
            let open = close::reopen(&hr, &db, RuleBook::embedded(), september(), "漏记一天病假", moment).await.unwrap();
            assert_eq!((open.state, open.history.len(), open.history[0].act.as_str()), (CloseState::Open, 2, "reopen"));
            assert!(summary::of_month(&mut db.read(), employer, september()).await.unwrap().is_empty());
            let same = close::close(&hr, &db, RuleBook::embedded(), september(), &reasons, moment).await.unwrap();
            assert_eq!((same.state, same.history.len()), (CloseState::Closed, 3));
            assert_eq!(summary::of_month(&mut db.read(), employer, september()).await.unwrap(), stored, "the same month, the same sums");
            let clerk = actor(employer, Role::HrClerk);
            assert_eq!(close::reopen(&clerk, &db, RuleBook::embedded(), september(), "x", moment).await.unwrap_err().rule(), "permission_denied");
        })
        .await;
    }
}

both! {
    async fn rest_is_earned_by_closing_and_spent(db: Db) {
        let book = RuleBook::embedded();
        clock::at(now("2026-10-09T10:00:00"), async {
            let (employer, hr, ids) = office(&db, 1).await;
            let other = actor(employer, Role::HrManager);
            // Saturday the 12th, nine to six
            let table = machine(1, |_, day| (day == 12).then_some("08:58 18:05"));
            import::upload(&hr, &db, "九月.csv", table.into_bytes(), None).await.unwrap();
            let overtime = |rest| NewRequest {
                kind: Sort::Overtime,
                leave_kind: None,
                rest,
                from_minute: Some(540),
                to_minute: Some(1_080),
                ..request(ids[0], LeaveKind::Annual, "2026-09-12", "2026-09-12")
            };
            let holiday = NewRequest { from_on: date("2026-10-01"), to_on: Some(date("2026-10-01")), ..overtime(true) };
            assert_eq!(ask(&hr, &db, book, None, holiday).await.unwrap_err().rule(), "overtime_rest_only_on_rest_day");
            let asked = ask(&hr, &db, book, None, overtime(true)).await.unwrap();
            let moment = clock::now();
            let waiting = close::view(&hr, &db, RuleBook::embedded(), september(), moment).await.unwrap();
            assert_eq!(waiting.anomalies.iter().map(|one| one.kind).collect::<Vec<_>>(), [AnomalyKind::PendingRequest]);
            decide(&other, &db, book, asked.id, Act::Approve, &on(1)).await.unwrap();
            close::close(&hr, &db, RuleBook::embedded(), september(), &Close::default(), moment).await.unwrap();
            let stored = summary::of_month(&mut db.read(), employer, september()).await.unwrap();
            assert_eq!(stored[&ids[0]].overtime_restday_minutes, 0, "rest instead of pay");
            let left = |balances: Vec<employer::attendance::leave::balance::Balance>| balances.iter().map(|one| one.left).collect::<Vec<_>>();
            let balances = mine::balances_of(&hr, &db, book, ids[0], clock::today()).await.unwrap();
            // five days by law (six years of service), and eight hours earned
            assert_eq!(left(balances), [5 * 480, 480]);
            let spent = ask(&hr, &db, book, None, request(ids[0], LeaveKind::Compensatory, "2026-10-12", "2026-10-12")).await.unwrap();
            decide(&other, &db, book, spent.id, Act::Approve, &on(1)).await.unwrap();
            let more = ask(&hr, &db, book, None, request(ids[0], LeaveKind::Compensatory, "2026-10-13", "2026-10-13")).await.unwrap_err();
            assert_eq!(more.rule(), "leave_balance_short");
        })
        .await;
    }
}

both! {
    async fn an_employee_clocks_asks_and_sees_only_themself(db: Db) {
        let book = RuleBook::embedded();
        let (employer, hr, ids) = clock::at(now("2026-09-15T08:00:00"), office(&db, 2)).await;
        let me = actor(employer, Role::Employee);
        let stranger = actor(employer, Role::Employee);
        let mut tx = db.begin().await.unwrap();
        login::link(&mut tx, employer, me.user_id, ids[0], "me").await.unwrap();
        login::link(&mut tx, employer, stranger.user_id, ids[1], "stranger").await.unwrap();
        tx.commit().await.unwrap();
        for moment in ["2026-09-15T08:58:10", "2026-09-15T08:58:50", "2026-09-15T18:01:00"] {
            clock::at(now(moment), mine::clock(&me, &db, now(moment))).await.unwrap();
        }
        let today = mine::today(&me, &db, now("2026-09-15T18:02:00")).await.unwrap();
        assert_eq!((today.punches, today.asked.as_str()), (vec!["08:58".to_string(), "18:01".to_string()], "09:00–18:00"));
        let mut new = request(ids[1], LeaveKind::Annual, "2026-09-16", "2026-09-16");
        new.first_part = Half::FirstHalf;
        let asked = clock::at(now("2026-09-15T19:00:00"), mine::ask(&me, &db, book, new)).await.unwrap();
        assert_eq!((asked.employee_id, asked.amount), (ids[0], 240), "whoever is named, one asks for oneself");
        let theirs = decide(&stranger, &db, book, asked.id, Act::Withdraw, &on(1)).await.unwrap_err();
        assert_eq!(theirs.rule(), "request_not_found");
        assert!(mine::requests(&stranger, &db, book, None, date("2026-09-15")).await.unwrap().requests.items.is_empty());
        assert!(grid::employee(&me, &db, september(), ids[1], now("2026-09-15T19:00:00")).await.is_err());
        decide(&hr, &db, book, asked.id, Act::Approve, &on(1)).await.unwrap();
        let month = mine::month(&me, &db, september(), now("2026-09-17T03:00:00")).await.unwrap();
        assert_eq!(month.days[15].leave, 180);
        assert_eq!(month.days[16].cell.state, DayState::Ahead);
    }
}

both! {
    async fn files_of_machines_are_read_and_wrong_rows_named(db: Db) {
        clock::at(now("2026-10-09T10:00:00"), async {
            let (_, hr, ids) = office(&db, 2).await;
            let moment = clock::now();
            let gbk = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
            let rows = "部门,登记号码,姓名,日期,时间,设备号\n生产部,1,员工0,2026/9/1,8:55:01,3\n生产部,1,员工1,2026/9/1,18:05,3\n生产部,99,谁,2026/9/1,18:05,3\n生产部,2,员工1,2026/9/31,18:05,3\n生产部,2,员工1,2027/9/1,18:05,3\n生产部,2,员工1,=A1,18:05,3\n生产部,x,员工1,2026/9/1,18:05,3\n";
            let done = import::upload(&hr, &db, "中控.csv", gbk(rows), None).await.unwrap();
            let rules: Vec<(u32, &str)> = done.errors.iter().map(|one| (one.row, one.finding.rule.as_str())).collect();
            assert_eq!(
                rules,
                [
                    (3, "punches_name_differs"),
                    (4, "punches_person_unknown"),
                    (5, "punches_time_unreadable"),
                    (6, "punches_in_future"),
                    (7, "punches_formula"),
                    (8, "punches_number_unreadable"),
                ]
            );
            assert_eq!((done.taken, done.rows, done.refused), (1, 7, 6));
            let matrix = xlsx(&[
                vec!["考勤汇总表", "", "2026-09-01 ~ 2026-09-30"],
                vec!["工号", "姓名", "1", "2", "3"],
                vec!["2", "员工1", "08:5018:03", "08:59\n12:01\n13:30\n18:00", ""],
            ]);
            let done = import::upload(&hr, &db, "得力.xlsx", matrix.clone(), None).await.unwrap();
            assert_eq!((done.taken, done.refused), (6, 0), "{:?}", done.errors);
            let view = grid::employee(&hr, &db, september(), ids[1], moment).await.unwrap();
            assert_eq!(view.days[0].punches, ["08:50", "18:03"]);
            assert_eq!(view.days[1].punches, ["08:59", "12:01", "13:30", "18:00"]);
            let bare = xlsx(&[vec!["工号", "姓名", "1日"], vec!["2", "员工1", "08:50"]]);
            let refused = import::upload(&hr, &db, "a.xlsx", bare.clone(), None).await.unwrap_err();
            assert_eq!(refused.rule(), "punches_month_unknown");
            let named = import::upload(&hr, &db, "a.xlsx", bare, Some(september())).await.unwrap();
            assert_eq!((named.taken, named.repeated), (0, 1));
            for (name, bytes, rule) in [
                ("空.csv", Vec::new(), "punches_empty"),
                ("图.csv", b"\x89PNG\r\n\x00\x01".to_vec(), "punches_unknown_encoding"),
                ("别的.csv", "甲,乙\n1,2\n".into(), "punches_column_missing"),
                ("旧.xls", vec![0xD0, 0xCF, 0x11, 0xE0, 0, 0], "punches_old_excel"),
                ("坏.xlsx", b"PK\x03\x04broken".to_vec(), "punches_unreadable"),
            ] {
                let refused = import::upload(&hr, &db, name, bytes, None).await.unwrap_err();
                assert_eq!(refused.rule(), rule, "{name}");
            }
        })
        .await;
    }
}

both! {
    async fn three_hundred_people_close_in_a_moment(db: Db) {
        clock::at(now("2026-10-09T10:00:00"), async {
            let (employer, hr, _) = office(&db, 300).await;
            let table = machine(300, |_, _| None);
            let began = Instant::now();
            let done = import::upload(&hr, &db, "九月.csv", table.into_bytes(), None).await.unwrap();
            assert_eq!((done.taken, done.refused), (300 * 22 * 2, 0));
            let imported = began.elapsed();
            let closed = close::close(&hr, &db, RuleBook::embedded(), september(), &Close::default(), clock::now()).await.unwrap();
            assert_eq!((closed.people, closed.anomalies.len()), (300, 0));
            let stored = summary::of_month(&mut db.read(), employer, september()).await.unwrap();
            assert!(stored.values().all(|one| one.adds_up() && one.worked_days == 2_200));
            let page = grid::grid(&hr, &db, september(), &GridFilter { limit: 50, ..GridFilter::default() }, clock::now()).await.unwrap();
            assert_eq!((page.items.len(), page.total, page.next_cursor.as_deref()), (50, 300, Some("50")));
            println!("imported in {imported:?}, closed and read in {:?}", began.elapsed() - imported);
        })
        .await;
    }
}

/// A reason for every kind of anomaly.
fn every_reason() -> Close {
    let kinds = [
        AnomalyKind::MissingPunch,
        AnomalyKind::Absence,
        AnomalyKind::OvertimeLimit,
        AnomalyKind::StrayPunch,
        AnomalyKind::NoSchedule,
        AnomalyKind::PendingRequest,
    ];
    Close {
        reasons: kinds.into_iter().map(|kind| (kind, "已核实".to_string())).collect(),
    }
}

both! {
    /// Whatever was punched: closing twice changes nothing, and closing after a reopening gives the same sums.
    async fn closing_twice_changes_nothing(db: Db) {
        use proptest::strategy::{Strategy, ValueTree};
        use proptest::test_runner::TestRunner;
        let times = ["", "08:58", "08:55 18:05", "09:20 17:00", "13:00 18:00", "08:00 23:50", "07:00 12:00 13:00 21:30"];
        let days = proptest::collection::vec(0..times.len(), 30 * 3);
        let mut runner = TestRunner::deterministic();
        clock::at(now("2026-10-09T10:00:00"), async {
            for _ in 0..6 {
                let picked = days.new_tree(&mut runner).unwrap().current();
                let (employer, hr, _) = office(&db, 3).await;
                let table = machine(3, |n, day| Some(times[picked[n * 30 + day as usize - 1]]));
                import::upload(&hr, &db, "九月.csv", table.into_bytes(), None).await.unwrap();
                let moment = clock::now();
                let first = close::close(&hr, &db, RuleBook::embedded(), september(), &every_reason(), moment).await.unwrap();
                let stored = summary::of_month(&mut db.read(), employer, september()).await.unwrap();
                assert!(stored.len() == 3 && stored.values().all(|one| one.adds_up() && one.scheduled_minutes == 22 * 480));
                let twice = close::close(&hr, &db, RuleBook::embedded(), september(), &Close::default(), moment).await.unwrap();
                assert_eq!((twice.history.len(), twice.totals), (1, first.totals));
                close::reopen(&hr, &db, RuleBook::embedded(), september(), "复核", moment).await.unwrap();
                close::close(&hr, &db, RuleBook::embedded(), september(), &every_reason(), moment).await.unwrap();
                assert_eq!(summary::of_month(&mut db.read(), employer, september()).await.unwrap(), stored);
            }
        })
        .await;
    }
}
