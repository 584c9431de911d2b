//! Many employees at once on both databases: bulk change with preview, sheets in and out, views, duplicates.
#![allow(clippy::unwrap_used)]

mod common;

use common::{actor, cells, changsha, id, star_river, xlsx};
use control::identity::Role;
use employer::people::bulk::{BulkChange, WageRule, change_many};
use employer::people::duplicate::{self, KeptApart, NewMerge};
use employer::people::saved_view::{self, NewView};
use employer::people::service::{self, Wanted};
use employer::people::view::EmployeeState;
use employer::people::{SeedPerson, seed, sheet};
use serde_json::json;
use standard::{Date, Money, Rate};
use store::Db;
use uuid::Uuid;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn yuan(amount: i64) -> Money {
    Money::from_fen(amount * 100)
}

async fn three(db: &Db, employer_id: Uuid) -> Vec<Uuid> {
    let person = |order, name: &str, wage| SeedPerson {
        department: "制造部".to_string(),
        phone: Some("13800138000".to_string()),
        ..SeedPerson::new(id("1990-05-01", order), name, changsha(), day("2024-01-08"), yuan(wage))
    };
    let left = SeedPerson {
        left_on: Some(day("2026-06-30")),
        ..person(31, "赵磊", 9_000)
    };
    let mut tx = db.begin().await.unwrap();
    let ids = seed(
        &mut tx,
        db,
        employer_id,
        &[person(11, "王敏", 8_000), person(21, "李强", 8_111), left],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    ids
}

fn raise(ids: &[Uuid], from: &str) -> BulkChange {
    BulkChange {
        ids: ids.to_vec(),
        from: day(from),
        department: None,
        position: None,
        region: None,
        wage: Some(WageRule::Raise(Rate::from_ppm(50_000))),
        reason: None,
    }
}

store::both! {
    async fn a_change_of_many_is_seen_first_and_refused_row_by_row(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let ids = three(&db, employer_id).await;
        let mut all = ids.clone();
        all.push(Uuid::nil());
        let seen = change_many(&hr, &db, raise(&all, "2038-01-01"), false).await.unwrap();
        assert_eq!((seen.fit, seen.refused, seen.applied), (2, 2, false));
        assert_eq!(seen.rows[0].after.wage_fen, Some(yuan(8_400)));
        assert_eq!(seen.rows[1].after.wage_fen, Some(yuan(8_517)), "5 % of 8111 rounded to whole yuan");
        assert_eq!(seen.rows[2].findings[0].rule, "step_after_leaving");
        assert_eq!(seen.rows[3].findings[0].rule, "employee_not_found");
        assert_eq!(service::get(&hr, &db, ids[0]).await.unwrap().wage_fen, Some(yuan(8_000)), "a preview writes nothing");
        let past = change_many(&hr, &db, raise(&ids, "2026-03-01"), false).await.unwrap();
        assert_eq!(past.rows[0].findings[0].rule, "past_step_needs_reason");
        let with_reason = BulkChange { reason: Some("年度调薪".into()), department: Some("制造部/二车间".into()), ..raise(&ids, "2026-03-01") };
        let done = change_many(&hr, &db, with_reason.clone(), true).await.unwrap();
        assert_eq!((done.fit, done.refused, done.applied), (3, 0, true), "who left in June was there in March");
        let now = service::get(&hr, &db, ids[0]).await.unwrap();
        assert_eq!((now.wage_fen, now.department.as_str()), (Some(yuan(8_400)), "制造部/二车间"));
        let nobody = BulkChange { ids: Vec::new(), ..with_reason.clone() };
        assert_eq!(change_many(&hr, &db, nobody, true).await.unwrap_err().rule(), "nobody_chosen");
        let nothing = BulkChange { wage: None, department: None, ..with_reason.clone() };
        assert_eq!(change_many(&hr, &db, nothing, true).await.unwrap_err().rule(), "nothing_changes");
        let crowd = BulkChange { ids: vec![ids[0]; 2_001], ..with_reason.clone() };
        assert_eq!(change_many(&hr, &db, crowd, true).await.unwrap_err().rule(), "too_many_chosen");
        let twice = BulkChange { ids: vec![ids[0], ids[0]], ..with_reason.clone() };
        let twice = change_many(&hr, &db, twice, false).await.unwrap();
        assert_eq!(twice.rows[1].findings[0].rule, "employee_named_twice");
        let clerk = actor(employer_id, Role::HrClerk);
        assert_eq!(change_many(&clerk, &db, with_reason, false).await.unwrap_err().rule(), "permission_denied");
    }

    async fn a_sheet_of_changes_is_weighed_and_its_errors_stand_beside_the_cells(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let ids = three(&db, employer_id).await;
        let number = id("1990-05-01", 21);
        let rows = [
            vec!["工号", "证件号码", "生效日期", "部门", "月工资", "上年度月平均工资", "原因"],
            vec!["1", "", "2026-10-01", "质检部", "8800", "7900", "调岗"],
            vec!["", number.reveal(), "2026-10-01", "", "0", "", "调薪"],
            vec!["2", "", "某日", "", "8800", "", "调薪"],
            vec!["99", "", "2026-10-01", "", "8800", "", "调薪"],
            vec!["1", number.reveal(), "2026-10-01", "", "8800", "", "调薪"],
            vec!["2", "", "2026-10-01", "", "=1+1", "", "调薪"],
        ];
        let file = xlsx(&rows);
        let seen = sheet::import(&hr, &db, &file, false).await.unwrap();
        assert_eq!((seen.fit, seen.refused, seen.applied), (1, 5, false));
        let rules: Vec<&str> = seen.rows[1..].iter().map(|row| row.findings[0].rule.as_str()).collect();
        assert_eq!(rules, ["wage_not_positive", "date_unreadable", "employee_not_found", "number_and_id_differ", "cell_is_formula"]);
        let errors = cells(&sheet::import_errors(&hr, &db, &file).await.unwrap());
        assert_eq!(errors.len(), 6, "the header and five rows");
        assert!(errors[1][7].contains("大于 0"), "{:?}", errors[1]);
        let done = sheet::import(&hr, &db, &file, true).await.unwrap();
        assert!(done.applied);
        let one = service::get(&hr, &db, ids[0]).await.unwrap();
        assert_eq!((one.department.as_str(), one.wage_fen), ("质检部", Some(yuan(8_800))));
        let bare = xlsx(&[vec!["姓名", "备注"], vec!["王敏", "x"]]);
        assert_eq!(sheet::import(&hr, &db, &bare, false).await.unwrap_err().rule(), "header_missing");
        assert_eq!(sheet::import(&hr, &db, b"\xd0\xcf\x11\xe0old", false).await.unwrap_err().rule(), "roster_old_excel");
        let clerk = actor(employer_id, Role::HrClerk);
        assert_eq!(sheet::import(&clerk, &db, &file, false).await.unwrap_err().rule(), "permission_denied");
    }

    async fn the_sheet_out_shows_numbers_only_for_a_purpose(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        three(&db, employer_id).await;
        let filter = || Wanted { presence: Some("employed".into()), ..Wanted::default() }.filter(&db, day("2026-11-21")).unwrap();
        let masked = cells(&sheet::export(&hr, &db, filter(), &[], None).await.unwrap());
        assert_eq!(masked.len(), 4, "header, indicator codes and two employees");
        assert_eq!((masked[0][2].as_str(), masked[1][2].as_str()), ("证件号码", "AAC147"));
        let number = id("1990-05-01", 21).reveal().to_string();
        assert!(masked.iter().flatten().all(|cell| *cell != number));
        let open = cells(&sheet::export(&hr, &db, filter(), &["name".into(), "id_number".into()], Some("向经办机构报送")).await.unwrap());
        assert!(open.iter().flatten().any(|cell| *cell == number));
        assert_eq!(open[0], ["姓名", "证件号码"]);
        assert_eq!(sheet::export(&hr, &db, filter(), &["shoe".into()], None).await.unwrap_err().rule(), "column_unknown");
        for role in [Role::HrClerk, Role::PayrollReviewer, Role::Finance] {
            let other = actor(employer_id, role);
            assert_eq!(sheet::export(&other, &db, filter(), &[], None).await.unwrap_err().rule(), "permission_denied");
        }
    }

    async fn lists_are_filtered_and_views_are_ones_own(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        three(&db, employer_id).await;
        let found = async |wanted: Wanted| service::list_wanted(&hr, &db, &wanted, None, 50).await.unwrap().total;
        assert_eq!(found(Wanted::default()).await, 3);
        assert_eq!(found(Wanted { presence: Some("left".into()), ..Wanted::default() }).await, 1);
        assert_eq!(found(Wanted { department: Some("制造".into()), ..Wanted::default() }).await, 0, "a department is named whole");
        assert_eq!(found(Wanted { department: Some("制造部".into()), region: Some(changsha()), ..Wanted::default() }).await, 3);
        assert_eq!(found(Wanted { hired_month: Some("2024-01".parse().unwrap()), ..Wanted::default() }).await, 3);
        assert_eq!(found(Wanted { query: Some("2".into()), state: Some(EmployeeState::Insured), ..Wanted::default() }).await, 1, "by 工号");
        let odd = Wanted { presence: Some("away".into()), ..Wanted::default() };
        assert_eq!(service::list_wanted(&hr, &db, &odd, None, 50).await.unwrap_err().rule(), "unknown_presence");
        let view = |name: &str| NewView { page: "employees".into(), name: name.into(), content: json!({ "presence": "left" }) };
        let mine = saved_view::save(&hr, &db, view("离职")).await.unwrap();
        assert_eq!(saved_view::save(&hr, &db, view("离职")).await.unwrap().len(), 1, "the same name is replaced");
        let other = actor(employer_id, Role::HrClerk);
        assert!(saved_view::list(&other, &db, "employees").await.unwrap().is_empty());
        assert_eq!(saved_view::remove(&other, &db, mine[0].id).await.unwrap_err().rule(), "view_not_found");
        assert_eq!(saved_view::save(&hr, &db, view(" ")).await.unwrap_err().rule(), "view_name");
        let huge = NewView { content: json!({ "x": "y".repeat(5_000) }), ..view("大") };
        assert_eq!(saved_view::save(&hr, &db, huge).await.unwrap_err().rule(), "view_too_large");
        let page = NewView { page: "elsewhere".into(), ..view("别处") };
        assert_eq!(saved_view::save(&hr, &db, page).await.unwrap_err().rule(), "view_page_unknown");
        saved_view::remove(&hr, &db, mine[0].id).await.unwrap();
    }

    async fn one_person_under_two_numbers_is_found_merged_and_taken_back(db: Db) {
        let (employer_id, hr) = star_river(&db).await;
        let person = |order, phone: Option<&str>| SeedPerson {
            phone: phone.map(String::from),
            state: EmployeeState::Direct,
            ..SeedPerson::new(id("1990-05-01", order), "王敏", changsha(), day("2024-01-08"), yuan(8_000))
        };
        let mut tx = db.begin().await.unwrap();
        let ids = seed(&mut tx, &db, employer_id, &[person(11, None), person(21, Some("13800138000"))]).await.unwrap();
        tx.commit().await.unwrap();
        let pairs = duplicate::find(&hr, &db).await.unwrap();
        assert_eq!(pairs.len(), 1);
        assert_eq!(pairs[0].shared, ["name_and_birth_date"]);
        let new = |reason: &str| NewMerge { kept_id: ids[0], merged_id: ids[1], reason: reason.into() };
        assert_eq!(duplicate::merge(&hr, &db, new(" ")).await.unwrap_err().rule(), "merge_needs_reason");
        let itself = NewMerge { merged_id: ids[0], ..new("同一人") };
        assert_eq!(duplicate::merge(&hr, &db, itself).await.unwrap_err().rule(), "merge_with_itself");
        let merge = duplicate::merge(&hr, &db, new("已核对身份证原件")).await.unwrap();
        assert!(duplicate::find(&hr, &db).await.unwrap().is_empty());
        assert_eq!(service::get(&hr, &db, ids[0]).await.unwrap().phone_masked.as_deref(), Some("138****8000"));
        assert_eq!(service::list_wanted(&hr, &db, &Wanted::default(), None, 50).await.unwrap().total, 1);
        assert_eq!(duplicate::merge(&hr, &db, new("再合并")).await.unwrap_err().rule(), "record_merged");
        duplicate::undo(&hr, &db, merge).await.unwrap();
        assert_eq!(duplicate::undo(&hr, &db, merge).await.unwrap_err().rule(), "merge_undone");
        assert_eq!(duplicate::find(&hr, &db).await.unwrap().len(), 1);
        assert_eq!(service::get(&hr, &db, ids[0]).await.unwrap().phone_masked, None, "what was taken over is given back");
        assert!(duplicate::merges(&hr, &db).await.unwrap()[0].undone_at.is_some());
        assert_eq!(duplicate::undo(&hr, &db, Uuid::nil()).await.unwrap_err().rule(), "merge_not_found");
        let apart = |first_id, second_id, reason: &str| KeptApart { first_id, second_id, reason: reason.into() };
        let nameless = duplicate::keep_apart(&hr, &db, apart(ids[0], ids[1], " ")).await;
        assert_eq!(nameless.unwrap_err().rule(), "distinct_needs_reason");
        let itself = duplicate::keep_apart(&hr, &db, apart(ids[0], ids[0], "双胞胎")).await;
        assert_eq!(itself.unwrap_err().rule(), "distinct_from_itself");
        assert_eq!(duplicate::find(&hr, &db).await.unwrap().len(), 1);
        // Whichever is named first, and as often as it is said.
        for _ in 0..2 {
            duplicate::keep_apart(&hr, &db, apart(ids[1], ids[0], "双胞胎，已核对两人身份证原件")).await.unwrap();
            assert!(duplicate::find(&hr, &db).await.unwrap().is_empty());
        }
    }
}
