//! Pay runs on both databases: made, reviewed by another person, locked; differences, resumption, files, permissions.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{actor, changsha, id, star_river};
use control::identity::{Actor, Role};
use employer::attendance::summary::{self, MonthSummary};
use employer::payroll::entry::{self, Entry, Opening};
use employer::payroll::entry_view;
use employer::payroll::make::{self, Maker, PayrollJob};
use employer::payroll::payout::{self, FileForm};
use employer::payroll::run::{RunKind, RunState, RunView};
use employer::payroll::view::SlipFilter;
use employer::payroll::{accounting, components, explain, mine, payslip, read, service, view};
use employer::people::company;
use employer::people::login;
use employer::people::seed::{SeedPerson, seed};
use policy::RuleBook;
use standard::{Money, Month};
use store::{Db, Query, args, both};
use uuid::Uuid;

struct Unit {
    employer_id: Uuid,
    manager: Actor,
    reviewer: Actor,
    people: Vec<Uuid>,
}

fn yuan(text: &str) -> Money {
    Money::from_yuan(text).unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// A company of `n` people in 长沙 who earn 8000, 8100, 8200…, employed since 2024.
async fn unit(db: &Db, n: usize) -> Unit {
    let (employer_id, manager) = star_river(db).await;
    let mut tx = db.begin().await.unwrap();
    let people: Vec<SeedPerson> = (0..n)
        .map(|i| {
            let born = format!("19{:02}-{:02}-{:02}", 70 + i / 336 % 30, 1 + i / 28 % 12, 1 + i % 28);
            let wage = Money::from_fen(800_000 + 10_000 * (i as i64 % 100));
            let number = id(&born, 1 + (i / 10_080) as u16);
            SeedPerson {
                department: ["生产部", "综合部"][i % 2].to_owned(),
                ..SeedPerson::new(number, &format!("员工{i}"), changsha(), "2024-01-01".parse().unwrap(), wage)
            }
        })
        .collect();
    let people = seed(&mut tx, db, employer_id, &people).await.unwrap();
    tx.commit().await.unwrap();
    Unit {
        employer_id,
        manager,
        reviewer: actor(employer_id, Role::PayrollReviewer),
        people,
    }
}

impl Unit {
    async fn make(&self, db: &Db, text: &str) -> RunView {
        let run = service::start(&self.manager, db, RuleBook::embedded(), month(text)).await.unwrap();
        while make::run_jobs(db, RuleBook::embedded()).await.unwrap() > 0 {}
        self.run(db, run.id).await
    }

    async fn run(&self, db: &Db, id: Uuid) -> RunView {
        view::get(&self.manager, db, id).await.unwrap().run
    }

    async fn lock(&self, db: &Db, text: &str) -> RunView {
        let run = self.make(db, text).await;
        service::submit(&self.manager, db, run.id).await.unwrap();
        service::lock(&self.reviewer, db, run.id, "").await.unwrap()
    }

    async fn enter(&self, db: &Db, text: &str, person: usize, component: &str, amount: &str) {
        let entry = Entry {
            employee_id: self.people[person],
            component: component.to_owned(),
            for_month: None,
            amount: yuan(amount),
            note: String::new(),
        };
        entry::put(&self.manager, db, month(text), &[entry]).await.unwrap();
    }
}

fn rule<T: std::fmt::Debug>(answer: Result<T, standard::Refusal>) -> String {
    answer.unwrap_err().rule().to_owned()
}

both! {
    async fn a_month_is_made_reviewed_by_another_and_locked(db: Db) {
        let unit = unit(&db, 3).await;
        let run = unit.make(&db, "2026-01").await;
        // 8000, 8100, 8200; employee's parts 824, 834.30, 844.60; tax 65.28, 67.97, 70.66
        assert_eq!((run.state, run.people, run.blocking), (RunState::Draft, 3, 0));
        assert_eq!(run.totals.gross.0, yuan("24300"));
        assert_eq!(run.totals.employee, yuan("2502.90"));
        assert_eq!(run.totals.tax, yuan("203.91"));
        assert_eq!(run.totals.net.0, yuan("21593.19"));
        assert!(run.allowed_actions.contains(&"submit"));

        assert_eq!(rule(service::lock(&unit.reviewer, &db, run.id, "").await), "run_state");
        assert_eq!(rule(service::submit(&unit.reviewer, &db, run.id).await), "permission_denied");
        service::submit(&unit.manager, &db, run.id).await.unwrap();
        service::submit(&unit.manager, &db, run.id).await.unwrap();
        assert_eq!(rule(service::lock(&unit.manager, &db, run.id, "").await), "permission_denied");
        // the maker in another post is still the maker
        let same = Actor { role: Role::PayrollReviewer, ..unit.manager.clone() };
        assert_eq!(rule(service::lock(&same, &db, run.id, "").await), "same_person");
        assert_eq!(rule(service::return_run(&unit.reviewer, &db, run.id, " ").await), "opinion");
        let returned = service::return_run(&unit.reviewer, &db, run.id, "请核对奖金").await.unwrap();
        assert_eq!((returned.state, returned.opinion.as_deref()), (RunState::Draft, Some("请核对奖金")));

        service::submit(&unit.manager, &db, run.id).await.unwrap();
        let locked = service::lock(&unit.reviewer, &db, run.id, "").await.unwrap();
        assert_eq!(locked.state, RunState::Locked);
        let again = service::lock(&unit.reviewer, &db, run.id, "").await.unwrap();
        assert_eq!((again.version, again.totals), (locked.version, locked.totals), "locking twice changes nothing");
        assert_eq!(rule(service::discard(&unit.manager, &db, run.id).await), "run_state");

        let paid = read::locked(&mut db.read(), unit.employer_id, month("2026-01")).await.unwrap();
        assert_eq!(paid.len(), 3);
        assert_eq!((paid[0].employee_id, paid[0].net.0, paid[0].bases[0]), (unit.people[0], yuan("7110.72"), yuan("8000")));
    }
}

both! {
    async fn a_locked_month_is_corrected_by_differences_only(db: Db) {
        let unit = unit(&db, 3).await;
        let first = unit.lock(&db, "2026-01").await;
        // nothing changed: the second run holds nobody and is not submitted
        let empty = unit.make(&db, "2026-01").await;
        assert_eq!((empty.kind, empty.people), (RunKind::Difference, 0));
        assert_eq!(rule(service::submit(&unit.manager, &db, empty.id).await), "run_empty");

        unit.enter(&db, "2026-01", 1, "bonus", "1000").await;
        let second = unit.lock(&db, "2026-01").await;
        // only the second person: + 1000, tax + 30
        assert_eq!((second.seq, second.people), (3, 1));
        assert_eq!((second.totals.gross.0, second.totals.tax, second.totals.net.0), (yuan("1000"), yuan("30"), yuan("970")));
        assert_eq!(second.totals.employee, Money::ZERO);
        let slip = explain::slip(&unit.manager, &db, RuleBook::embedded(), second.id, unit.people[1]).await.unwrap();
        assert!(slip.replays);
        assert_eq!(slip.payslip.lines.iter().map(|line| line.code.as_str()).collect::<Vec<_>>(), ["bonus", "tax"]);

        // taken back: a negative difference is a finding and not in the bank file
        unit.enter(&db, "2026-01", 1, "bonus", "0").await;
        let third = unit.lock(&db, "2026-01").await;
        assert_eq!((third.totals.net.0, third.warnings), (yuan("-970"), 1));
        let payout = payout::preview(&unit.manager, &db, third.id).await.unwrap();
        assert_eq!((payout.people, payout.left_out[0].rule.as_str()), (0, "negative_net"));

        // the first run stands as it was; all runs together are what is true now
        assert_eq!(unit.run(&db, first.id).await.totals, first.totals);
        let paid = read::locked(&mut db.read(), unit.employer_id, month("2026-01")).await.unwrap();
        assert_eq!(paid.iter().map(|one| one.net.fen()).sum::<i64>(), first.totals.net.fen());
    }
}

both! {
    async fn the_year_carries_on_from_locked_runs_and_opening_balances(db: Db) {
        let unit = unit(&db, 2).await;
        let opening = Opening {
            employee_id: unit.people[1],
            income: yuan("60000"),
            special: yuan("5000"),
            additional: Money::ZERO,
            other: Money::ZERO,
            withheld: yuan("600"),
            bonus_used: true,
        };
        entry::put_openings(&unit.manager, &db, 2026, &[opening]).await.unwrap();
        let shown = entry_view::openings(&unit.manager, &db, 2026).await.unwrap();
        assert_eq!((shown.openings.len(), shown.openings[0].withheld_fen, shown.total), (1, yuan("600"), 1));
        assert!(entry_view::openings(&unit.manager, &db, 2025).await.unwrap().openings.is_empty());
        unit.lock(&db, "2026-05").await;
        let june = unit.make(&db, "2026-06").await;
        let slips = view::people(&unit.manager, &db, june.id, &SlipFilter { limit: 10, ..SlipFilter::default() }).await.unwrap();
        // first: 16000 − 6 × 5000 < 0
        assert_eq!(slips.items[0].tax, Money::ZERO);
        // second: 60000 + 2 × 8100 − 30000 − 5000 − 2 × 834.30 = 39531.40 × 10% − 2520 = 1433.14
        // in May: 68100 − 25000 − 5834.30 = 37265.70 × 10% − 2520 = 1206.57 − 600 = 606.57 withheld; June: 1433.14 − 600 − 606.57 = 226.57
        assert_eq!(slips.items[1].tax, yuan("226.57"));
        assert_eq!(slips.items[1].previous_gross.unwrap().0, yuan("8100"));
        unit.enter(&db, "2026-06", 1, "yearly_bonus", "1000").await;
        let blocked = unit.make(&db, "2026-06").await;
        assert_eq!(blocked.blocking, 1);
        assert_eq!(rule(service::submit(&unit.manager, &db, blocked.id).await), "run_has_blocking");
        let averages = read::yearly_average(&mut db.read(), unit.employer_id, 2026).await.unwrap();
        assert_eq!(averages[&unit.people[0]], (1, yuan("8000")));
    }
}

both! {
    async fn a_making_that_was_killed_goes_on_without_doubling(db: Db) {
        let unit = unit(&db, 4_100).await;
        let run = service::start(&unit.manager, &db, RuleBook::embedded(), month("2026-01")).await.unwrap();
        let job = PayrollJob { employer_id: unit.employer_id, run_id: run.id };
        let mut killed = Maker::open(&db, RuleBook::embedded(), &job).await.unwrap().unwrap();
        let mut late = Maker::open(&db, RuleBook::embedded(), &job).await.unwrap().unwrap();
        assert!(killed.step(&db).await.unwrap());
        drop(killed);
        let halfway = unit.run(&db, run.id).await;
        assert_eq!((halfway.state, halfway.done, halfway.expected), (RunState::Making, 2_000, 4_100));
        // a worker that read before the first page was stored takes nothing twice
        while late.step(&db).await.unwrap() {}
        make::run(&db, RuleBook::embedded(), &job).await.unwrap();
        let done = unit.run(&db, run.id).await;
        assert_eq!((done.state, done.done, done.people), (RunState::Draft, 4_100, 4_100));
        let sql = "SELECT COUNT(*) AS n, COUNT(DISTINCT employee_id) AS people, SUM(gross_fen) AS gross_fen FROM employer_payslip
                   WHERE employer_id = $1 AND run_id = $2";
        let row = db.read().one(sql, args![unit.employer_id, run.id]).await.unwrap();
        assert_eq!((row.get::<i64>("n").unwrap(), row.get::<i64>("people").unwrap()), (4_100, 4_100));
        assert_eq!(row.get::<Money>("gross_fen").unwrap(), done.totals.gross.0);

        // cancelled half-way: nothing is left of it, and doing it again changes nothing
        let next = service::start(&unit.manager, &db, RuleBook::embedded(), month("2026-01")).await.unwrap();
        let job = PayrollJob { employer_id: unit.employer_id, run_id: next.id };
        let mut cancelled = Maker::open(&db, RuleBook::embedded(), &job).await.unwrap().unwrap();
        assert!(cancelled.step(&db).await.unwrap());
        service::discard(&unit.manager, &db, next.id).await.unwrap();
        service::discard(&unit.manager, &db, next.id).await.unwrap();
        assert!(!cancelled.step(&db).await.unwrap());
        let row = db.read().one("SELECT COUNT(*) AS n FROM employer_payslip WHERE employer_id = $1", args![unit.employer_id]).await.unwrap();
        assert_eq!(row.get::<i64>("n").unwrap(), 0);
    }
}

both! {
    async fn attendance_that_is_required_must_be_closed(db: Db) {
        let unit = unit(&db, 2).await;
        let mut tx = db.begin().await.unwrap();
        let mut settings = company::settings(&mut tx, unit.employer_id).await.unwrap();
        settings.attendance_required = true;
        company::put_settings(&mut tx, unit.employer_id, &settings).await.unwrap();
        tx.commit().await.unwrap();
        let start = service::start(&unit.manager, &db, RuleBook::embedded(), month("2026-09")).await;
        assert_eq!(rule(start), "attendance_not_closed");
        let mut tx = db.begin().await.unwrap();
        // 22 working days, one of them unpaid leave: 8000 × 8 ÷ 176 = 363.64
        let summary = MonthSummary {
            scheduled_minutes: 22 * 480,
            worked_minutes: 21 * 480,
            unpaid_leave_minutes: 480,
            scheduled_days: 2_200,
            worked_days: 2_100,
            ..MonthSummary::empty(unit.people[0])
        };
        summary::put_summaries(&mut tx, unit.employer_id, month("2026-09"), &[summary]).await.unwrap();
        tx.commit().await.unwrap();
        let run = unit.make(&db, "2026-09").await;
        assert_eq!(run.totals.gross.0, yuan("15736.36"), "who has no summary was present in full");
        assert_eq!(rule(service::start(&unit.manager, &db, RuleBook::embedded(), month("2027-01")).await), "month_in_future");
    }
}

both! {
    async fn an_old_payslip_keeps_its_components_and_the_law_of_its_day(db: Db) {
        let unit = unit(&db, 1).await;
        // the law of another day: the employee's pension rate was 9 %
        let files: Vec<(String, String)> = RuleBook::embedded()
            .files()
            .iter()
            .map(|(name, text)| {
                let text = if name == "430100-changsha/pension.toml" { text.replace("rate = \"0.08\"", "rate = \"0.09\"") } else { text.clone() };
                (name.clone(), text)
            })
            .collect();
        let then: &'static RuleBook =
            Box::leak(Box::new(RuleBook::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap()));
        assert_ne!(then.version(), RuleBook::embedded().version());
        let run = service::start(&unit.manager, &db, then, month("2026-01")).await.unwrap();
        // made by a program that carries today's law: the run keeps the law it was started with
        while make::run_jobs(&db, RuleBook::embedded()).await.unwrap() > 0 {}
        let old = explain::slip(&unit.manager, &db, RuleBook::embedded(), run.id, unit.people[0]).await.unwrap();
        assert!(old.replays);
        assert_eq!(old.payslip.insurances[0].employee, yuan("720"));

        let shown = components::get(&unit.manager, &db).await.unwrap();
        let mut edit = components::SchemeEdit {
            components: shown.scheme.components,
            proration: shown.scheme.proration,
            version: 0,
        };
        edit.components[0].name = "岗位工资".to_owned();
        edit.components[0].formula = "月工资 * 2".to_owned();
        components::put(&unit.manager, &db, edit).await.unwrap();
        let old = explain::slip(&unit.manager, &db, RuleBook::embedded(), run.id, unit.people[0]).await.unwrap();
        assert!(old.replays && old.payslip.lines[0].name == "基本工资");
        let new = unit.make(&db, "2026-01").await;
        assert_eq!(new.totals.gross.0, yuan("16000"));
        let stale = components::SchemeEdit { components: Vec::new(), proration: old_proration(), version: 0 };
        assert_eq!(rule(components::put(&unit.manager, &db, stale).await), "stale_version");
    }
}

fn old_proration() -> employer::payroll::component::Proration {
    employer::payroll::component::Proration::Scheduled
}

both! {
    async fn files_balance_and_leave_out_who_has_no_account(db: Db) {
        let unit = unit(&db, 4).await;
        let run = unit.lock(&db, "2026-01").await;
        let accounts = entry_view::accounts(&unit.reviewer, &db).await.unwrap().accounts;
        assert!(accounts.iter().all(|one| !one.set && !one.account.is_empty()), "the usual account until one is set");
        let own = components::DepartmentAccount { department: accounts[1].department.clone(), account: "劳务成本".into() };
        components::put_account(&unit.manager, &db, own).await.unwrap();
        let set = entry_view::accounts(&unit.reviewer, &db).await.unwrap().accounts;
        assert_eq!((set[1].account.as_str(), set[1].set, set[1].people), ("劳务成本", true, accounts[1].people));
        let entry = accounting::get(&unit.reviewer, &db, run.id).await.unwrap();
        assert!(entry.lines.iter().any(|line| line.account == "劳务成本—工资"), "booked where the department's pay belongs");
        let side = |of: fn(&accounting::EntryLine) -> Money| Money::sum(entry.lines.iter().map(of)).unwrap();
        assert_eq!(side(|line| line.debit), side(|line| line.credit));
        assert!(entry.lines.iter().any(|line| line.account == "生产成本—工资" && line.department == "生产部"));
        let csv = String::from_utf8(accounting::file(&unit.manager, &db, run.id, FileForm::Csv).await.unwrap()).unwrap();
        assert!(csv.starts_with('\u{feff}') && csv.contains("应付职工薪酬—工资"));
        assert!(accounting::table(&unit.manager, &db, run.id, FileForm::Xlsx).await.unwrap().starts_with(b"PK"));

        let payout = payout::preview(&unit.manager, &db, run.id).await.unwrap();
        assert_eq!((payout.people, payout.left_out.len()), (0, 4));
        assert_eq!(payout.left_out[0].rule, "account_missing");
        assert_eq!(rule(payout::file(&unit.reviewer, &db, run.id, FileForm::Csv).await), "permission_denied");
        let sql = "SELECT COUNT(*) AS n FROM control_audit WHERE owner = $1 AND action = 'payroll.bank_file'";
        let row = db.read().one(sql, args![unit.manager.organisation]).await.unwrap();
        assert!(row.get::<i64>("n").unwrap() >= 1, "the file is in the trail");
    }
}

both! {
    async fn an_employee_sees_locked_payslips_of_their_own_only(db: Db) {
        let unit = unit(&db, 2).await;
        let employee = actor(unit.employer_id, Role::Employee);
        let mut tx = db.begin().await.unwrap();
        login::link(&mut tx, unit.employer_id, employee.user_id, unit.people[1], "yuangong").await.unwrap();
        tx.commit().await.unwrap();
        let draft = unit.make(&db, "2026-01").await;
        assert!(mine::list(&employee, &db).await.unwrap().is_empty());
        assert_eq!(rule(mine::get(&employee, &db, RuleBook::embedded(), draft.id).await), "run_not_found");
        service::submit(&unit.manager, &db, draft.id).await.unwrap();
        service::lock(&unit.reviewer, &db, draft.id, "").await.unwrap();
        let all = mine::list(&employee, &db).await.unwrap();
        assert_eq!(all.len(), 1);
        let slip = mine::get(&employee, &db, RuleBook::embedded(), all[0].run_id).await.unwrap();
        assert_eq!((slip.payslip.employee_id, slip.replays), (unit.people[1], true));
        assert_eq!(rule(payslip::slip(&employee, &db, draft.id, unit.people[0]).await), "permission_denied");
        assert_eq!(rule(mine::list(&unit.manager, &db).await), "permission_denied");
    }
}

both! {
    async fn entries_are_taken_whole_or_not_at_all(db: Db) {
        let unit = unit(&db, 1).await;
        let entry = |component: &str, amount: &str, for_month: Option<Month>, employee_id| Entry {
            employee_id,
            component: component.to_owned(),
            for_month,
            amount: yuan(amount),
            note: String::new(),
        };
        let me = unit.people[0];
        let january = month("2026-01");
        for (bad, rule_name) in [
            (entry("nothing", "1", None, me), "entry_component"),
            (entry("base", "1", None, me), "entry_component"),
            (entry("back_pay", "1", Some(january), me), "entry_month"),
            (entry("bonus", "99999999", None, me), "entry_amount"),
            (entry("other_deduction", "-1", None, me), "entry_amount"),
            (entry("bonus", "1", None, Uuid::now_v7()), "employee_not_found"),
        ] {
            let both = [entry("bonus", "5", None, me), bad];
            assert_eq!(rule(entry::put(&unit.manager, &db, january, &both).await), rule_name);
        }
        assert!(entry::list(&unit.manager, &db, january).await.unwrap().is_empty(), "half of a bad request is not taken");
        let good = [entry("bonus", "5", None, me), entry("back_pay", "7", Some(month("2025-12")), me), entry("bonus", "6", None, me)];
        entry::put(&unit.manager, &db, january, &good).await.unwrap();
        let kept = entry::list(&unit.reviewer, &db, january).await.unwrap();
        assert_eq!(kept.iter().map(|one| one.amount.to_yuan()).collect::<Vec<_>>(), ["7.00", "6.00"]);
        let shown = entry_view::entries(&unit.reviewer, &db, january).await.unwrap();
        let seen = |row: &entry_view::PayEntryRow| (row.component_name.clone(), row.for_month, row.amount_fen.to_yuan());
        assert_eq!(
            shown.entries.iter().map(seen).collect::<Vec<_>>(),
            [("补发工资".to_owned(), Some(month("2025-12")), "7.00".to_owned()), ("奖金".to_owned(), None, "6.00".to_owned())]
        );
        assert!(shown.components.iter().all(|one| one.code != "base"), "what a formula computes takes no entry");
        assert_eq!((shown.total, shown.allowed_actions.len()), (2, 0), "the reviewer reads");
        assert_eq!(entry_view::entries(&unit.manager, &db, january).await.unwrap().allowed_actions, ["enter"]);
        let run = unit.make(&db, "2026-01").await;
        assert_eq!(run.totals.gross.0, yuan("8013"));
    }
}
