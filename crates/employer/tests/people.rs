//! Employees on both databases: hiring, finding, editing, refusing.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Nation, Shared, actor, answer, changsha, id, relation, star_river, wuhan};
use control::identity::Role;
use employer::insurance::preflight::service::{StatusQuery, query};
use employer::insurance::preflight::{StatusSource, Verdict};
use employer::people::service::{edit, get, hire, list, recheck, reveal_id};
use employer::people::view::{EmployeeEdit, EmployeeState, NewEmployee};
use employer::people::wage::{self, WageCheck};
use exchange::StatusAnswer;
use standard::{IdNumber, Insurance, Money, RefusalKind, RelationStatus};
use std::sync::Arc;

fn new(name: &str, id: &IdNumber) -> NewEmployee {
    NewEmployee {
        name: name.to_string(),
        id_number: id.reveal().to_string(),
        phone: Some("138 0013 8000".to_string()),
        hired_on: "2026-11-20".parse().unwrap(),
        region: changsha(),
        department: "研发".to_string(),
        position: "工程师".to_string(),
        wage_fen: Some(Money::from_fen(850_000)),
        household_region: None,
        override_reason: None,
    }
}

store::both! {
    async fn hiring_stores_once_and_says_what_is_next(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let nation = Nation::default();
        let number = id("1990-05-01", 11);
        nation.knows_in_wuhan(&number, "王敏");
        let hired = hire(&hr, &db, &nation, new("王 敏", &number)).await.unwrap();
        assert_eq!(hired.employee.name, "王敏");
        assert_eq!(hired.employee.state, EmployeeState::NeedsTransfer);
        assert_eq!(hired.employee.phone_masked.as_deref(), Some("138****8000"));
        assert_eq!(hired.employee.relations.len(), 1);
        assert_eq!(hired.employee.pension_months, Some(38));
        assert_eq!(hired.findings[0].finding.rule, "pension_active_elsewhere");
        assert!(hired.employee.allowed_actions.contains(&"start_transfer".to_string()));
        let again = hire(&hr, &db, &nation, new("王敏", &number)).await.unwrap_err();
        assert_eq!((again.kind, again.rule()), (RefusalKind::Conflict, "duplicate_in_unit"));
        assert!(!serde_json::to_string(&again).unwrap().contains(number.reveal()), "a refusal never shows the number");
        // Another unit may have the same person.
        let (_, other) = star_river(&db).await;
        hire(&other, &db, &nation, new("王敏", &number)).await.unwrap();
        let clerk = actor(employer_id, Role::HrClerk);
        assert_eq!(hire(&clerk, &db, &nation, new("李强", &id("1991-01-01", 11))).await.unwrap_err().rule(), "permission_denied");
    }

    async fn a_contradicted_name_stops_hiring_and_no_reason_overrules_it(db: Db) {
        let (_, hr) = star_river(&db).await;
        let nation = Nation::default();
        let number = id("1990-05-01", 11);
        nation.knows_in_wuhan(&number, "王敏");
        let refusal = hire(&hr, &db, &nation, new("王明", &number)).await.unwrap_err();
        assert_eq!(refusal.rule(), "name_contradicts_record");
        let mut overruled = new("王明", &number);
        overruled.override_reason = Some("已核对身份证原件，改名手续办理中".to_string());
        let refusal = hire(&hr, &db, &nation, overruled).await.unwrap_err();
        assert_eq!((refusal.kind, refusal.rule()), (RefusalKind::Invalid, "name_contradicts_record"));
        assert_eq!(list(&hr, &db, None, None, None, 50).await.unwrap().total, 0);
    }

    async fn whoever_is_hired_while_a_region_is_silent_is_asked_about_again(db: Db) {
        let (_, hr) = star_river(&db).await;
        let nation = Arc::new(Nation::default());
        let (number, other) = (id("1990-05-01", 11), id("1991-05-01", 11));
        let silent = StatusAnswer { unanswered: vec![wuhan()], ..answer(Vec::new()) };
        nation.knows(&number, "王敏", silent);
        let hired = hire(&hr, &db, &*nation, new("王敏", &number)).await.unwrap();
        assert_eq!(hired.employee.state, EmployeeState::Unchecked);
        let second = hire(&hr, &db, &*nation, new("李强", &other)).await.unwrap().employee;
        assert_eq!(second.state, EmployeeState::Direct);
        let worker = || employer::run_jobs(&db, |_| Shared(nation.clone()));
        let before = *nation.asked.lock().unwrap();
        assert_eq!(worker().await.unwrap(), 1);
        assert_eq!(*nation.asked.lock().unwrap(), before + 1, "only the unanswered one is asked about");
        assert_eq!(get(&hr, &db, hired.employee.id).await.unwrap().version, hired.employee.version, "nothing new, nothing changed");
        nation.knows_in_wuhan(&number, "王敏");
        // The pause after the first try is a second.
        for _ in 0..100 {
            if worker().await.unwrap() > 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let now = get(&hr, &db, hired.employee.id).await.unwrap();
        assert_eq!((now.state, now.relations.len()), (EmployeeState::NeedsTransfer, 1));
        let told = control::notice::list(&hr, &db, false, None, 10).await.unwrap();
        assert!(told.items.iter().any(|one| one.title.zh == "王敏：参保情况已查到" && one.body.zh.contains("需办理转移")));
        assert_eq!(store::jobs::waiting(&mut db.read(), "employer.unanswered").await.unwrap(), 0);
    }

    async fn the_same_person_under_another_number_is_said_before_hiring(db: Db) {
        let (_, hr) = star_river(&db).await;
        let nation = Nation::default();
        let first = hire(&hr, &db, &nation, new("周文静", &id("1990-05-01", 12))).await.unwrap().employee;
        let number = id("1990-05-01", 34);
        let ask = |name: &str, number: &IdNumber| StatusQuery {
            name: name.to_string(),
            id_number: number.reveal().to_string(),
            region: None,
            household_region: None,
            hired_on: None,
        };
        let report = query(&hr, &db, &nation, ask("周文静", &number)).await.unwrap();
        assert_eq!(report.findings[0].finding.rule, "same_person_other_number");
        assert_eq!(report.findings[0].employee_id, Some(first.id));
        assert!(!serde_json::to_string(&report).unwrap().contains(id("1990-05-01", 12).reveal()));
        for (name, number) in [("周文婧", &number), ("周文静", &id("1990-05-02", 34))] {
            let report = query(&hr, &db, &nation, ask(name, number)).await.unwrap();
            assert_eq!(report.findings, [], "another name or birth date is another person");
        }
        let report = query(&hr, &db, &nation, ask("周文静", &id("1990-05-01", 12))).await.unwrap();
        assert_eq!(report.findings.len(), 1);
        assert_eq!((report.findings[0].finding.rule.as_str(), report.findings[0].employee_id), ("duplicate_in_unit", Some(first.id)));
        let hired = hire(&hr, &db, &nation, new("周文静", &number)).await.unwrap();
        assert_eq!(hired.findings[0].finding.rule, "same_person_other_number");
        let (_, other) = star_river(&db).await;
        assert_eq!(query(&other, &db, &nation, ask("周文静", &number)).await.unwrap().findings, []);
    }

    async fn a_wage_beyond_reason_is_refused_and_one_beyond_the_limits_is_said(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let nation = Nation::default();
        let number = id("1990-05-01", 11);
        let most = Money::from_fen(1_000_000_000);
        let paid = |fen| NewEmployee { wage_fen: Some(Money::from_fen(fen)), ..new("王敏", &number) };
        assert_eq!(hire(&hr, &db, &nation, paid(most.fen() + 1)).await.unwrap_err().rule(), "wage_unreadable");
        let hired = hire(&hr, &db, &nation, paid(most.fen())).await.unwrap().employee;
        let much = EmployeeEdit { version: hired.version, wage_fen: Some(Money::from_fen(most.fen() + 1)), ..EmployeeEdit::default() };
        assert_eq!(edit(&hr, &db, hired.id, much).await.unwrap_err().rule(), "wage_unreadable");
        let book = policy::RuleBook::embedded();
        let check = |fen| {
            let input = WageCheck { region: changsha(), on: "2026-11-20".parse().unwrap(), wage_fen: Money::from_fen(fen) };
            wage::check(&hr, book, input).unwrap()
        };
        let low = check(10_000);
        let floor = low.floor_fen.unwrap();
        assert_eq!((low.findings[0].rule.as_str(), low.base_fen), ("wage_below_floor", Some(floor)));
        assert!(low.findings[0].message.zh.contains(&format!("下限 {floor} 元")), "{}", low.findings[0].message.zh);
        assert_eq!(check(floor.fen()).findings, []);
        let high = check(low.ceiling_fen.unwrap().fen() + 1);
        assert_eq!((high.findings[0].rule.as_str(), high.base_fen), ("wage_above_ceiling", low.ceiling_fen));
        assert_eq!((check(0).findings[0].rule.as_str(), check(0).base_fen), ("wage_not_positive", None));
        assert_eq!(check(most.fen() + 1).findings[0].rule, "wage_unreadable");
        let clerk = actor(employer_id, Role::HrClerk);
        let input = WageCheck { region: changsha(), on: "2026-11-20".parse().unwrap(), wage_fen: most };
        assert_eq!(wage::check(&clerk, book, input).unwrap_err().rule(), "permission_denied");
    }

    async fn a_silent_platform_stops_nobody_and_is_asked_again(db: Db) {
        let (_, hr) = star_river(&db).await;
        let nation = Nation::default();
        let number = id("1990-05-01", 11);
        nation.knows_in_wuhan(&number, "王敏");
        *nation.down.lock().unwrap() = true;
        let hired = hire(&hr, &db, &nation, new("王敏", &number)).await.unwrap();
        assert_eq!(hired.employee.state, EmployeeState::Unchecked);
        assert_eq!(hired.findings[0].finding.rule, "platform_unavailable");
        *nation.down.lock().unwrap() = false;
        let checked = recheck(&hr, &db, &nation, hired.employee.id).await.unwrap();
        assert_eq!(checked.employee.state, EmployeeState::NeedsTransfer);
    }

    async fn bad_input_is_refused_all_at_once_and_nothing_is_stored(db: Db) {
        let (_, hr) = star_river(&db).await;
        let nation = Nation::default();
        let mut input = new("王@", &id("1990-05-01", 11));
        input.id_number = "430102199005010000".to_string();
        input.phone = Some("1".to_string());
        input.wage_fen = Some(Money::from_fen(-1));
        let refusal = hire(&hr, &db, &nation, input).await.unwrap_err();
        let rules: Vec<&str> = refusal.findings.iter().map(|f| f.rule.as_str()).collect();
        assert_eq!(rules, ["name_unreadable", "phone_unreadable", "id_number_check_digit", "wage_not_positive"]);
        for (hired_on, rule) in [("1989-01-01", "hired_before_birth"), ("2000-01-01", "under_working_age"), ("2090-01-01", "hired_over_a_year_ahead")] {
            let mut input = new("王敏", &id("1990-05-01", 11));
            input.hired_on = hired_on.parse().unwrap();
            assert_eq!(hire(&hr, &db, &nation, input).await.unwrap_err().rule(), rule);
        }
        assert_eq!(list(&hr, &db, None, None, None, 50).await.unwrap().total, 0);
        assert_eq!(*nation.asked.lock().unwrap(), 0, "nobody is asked about what cannot be");
    }

    async fn employees_are_found_by_name_number_and_mask_page_by_page(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let nation = Nation::default();
        for (order, name) in (1u16..).zip(["王敏", "李强", "王芳", "赵100%磊"]) {
            let mut input = new(name, &id("1990-05-01", order * 10 + 1));
            input.name = name.replace("100%", "");
            hire(&hr, &db, &nation, input).await.unwrap();
        }
        let names = |page: employer::people::view::EmployeePage| page.items.into_iter().map(|e| e.name).collect::<Vec<_>>();
        assert_eq!(names(list(&hr, &db, Some("王"), None, None, 50).await.unwrap()), ["王芳", "王敏"]);
        assert_eq!(names(list(&hr, &db, Some(id("1990-05-01", 21).reveal()), None, None, 50).await.unwrap()), ["李强"]);
        assert!(names(list(&hr, &db, Some("%"), None, None, 50).await.unwrap()).is_empty(), "a wildcard is only a character");
        let first = list(&hr, &db, None, None, None, 3).await.unwrap();
        assert_eq!((first.items.len(), first.total), (3, 4));
        let second = list(&hr, &db, None, None, first.next_cursor.as_deref(), 3).await.unwrap();
        assert_eq!((names(second.clone()), second.next_cursor), (vec!["王敏".to_string()], None));
        assert_eq!(list(&hr, &db, None, None, Some("x"), 3).await.unwrap_err().rule(), "cursor_unreadable");
        let clerk = actor(employer_id, Role::HrClerk);
        let seen = list(&clerk, &db, None, None, None, 50).await.unwrap();
        assert!(seen.items.iter().all(|e| e.allowed_actions.is_empty()), "a clerk sees and does nothing");
        let (_, other) = star_river(&db).await;
        assert_eq!(list(&other, &db, None, None, None, 50).await.unwrap().total, 0);
        assert_eq!(get(&other, &db, seen.items[0].id).await.unwrap_err().kind, RefusalKind::NotFound);
    }

    async fn an_edit_needs_the_version_it_is_based_on(db: Db) {
        let (_, hr) = star_river(&db).await;
        let nation = Nation::default();
        let number = id("1990-05-01", 11);
        let hired = hire(&hr, &db, &nation, new("王敏", &number)).await.unwrap().employee;
        let change = |version| EmployeeEdit { version, position: Some("主管".to_string()), ..EmployeeEdit::default() };
        let edited = edit(&hr, &db, hired.id, change(hired.version)).await.unwrap();
        assert_eq!((edited.position.as_str(), edited.version), ("主管", hired.version + 1));
        assert_eq!(edit(&hr, &db, hired.id, change(hired.version)).await.unwrap_err().rule(), "version_conflict");
        let bad = EmployeeEdit { version: edited.version, hired_on: Some("1980-01-01".parse().unwrap()), ..EmployeeEdit::default() };
        assert_eq!(edit(&hr, &db, hired.id, bad).await.unwrap_err().rule(), "hired_before_birth");
        assert_eq!(reveal_id(&hr, &db, hired.id, "核对").await.unwrap(), number.reveal());
    }

    async fn the_form_hears_identity_nation_and_duplicates(db: Db) {
        let (_, hr) = star_river(&db).await;
        let nation = Nation::default();
        let number = id("1990-05-01", 11);
        nation.knows(&number, "王敏", answer(vec![relation(wuhan(), Insurance::Pension, RelationStatus::Suspended, 38, "2025-04")]));
        let ask = |name: &str| StatusQuery {
            name: name.to_string(),
            id_number: number.reveal().to_lowercase(),
            region: None,
            household_region: None,
            hired_on: None,
        };
        let report = query(&hr, &db, &nation, ask("王敏")).await.unwrap();
        assert_eq!((report.verdict, report.identity.sex_name.as_str()), (Verdict::NeedsTransfer, "男"));
        assert_eq!(report.findings[0].finding.rule, "pension_suspended_elsewhere");
        hire(&hr, &db, &nation, new("王敏", &number)).await.unwrap();
        let report = query(&hr, &db, &nation, ask("王敏")).await.unwrap();
        assert_eq!(report.findings[0].finding.rule, "duplicate_in_unit");
        let report = query(&hr, &db, &nation, ask("王明")).await.unwrap();
        assert_eq!(report.verdict, Verdict::BadData);
        assert!(report.answer.unwrap().relations.is_empty(), "someone else's record is not shown");
        *nation.down.lock().unwrap() = true;
        let report = query(&hr, &db, &nation, ask("王敏")).await.unwrap();
        assert_eq!((report.verdict, report.answer), (Verdict::Unanswered, None));
        let source: &dyn StatusSource = &nation;
        let wrong = StatusQuery { id_number: "1".to_string(), ..ask("") };
        let rules: Vec<String> = query(&hr, &db, source, wrong).await.unwrap_err().findings.into_iter().map(|f| f.rule).collect();
        assert_eq!(rules, ["name_unreadable", "id_number_length"]);
    }
}
