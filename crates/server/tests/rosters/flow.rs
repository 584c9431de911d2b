//! A roster from upload to employees and transfers, and the same roster on the command line.

use super::{HEADER, bad_cells, broken, cells, column, day, gbk, id_of, run, text_of, xlsx};
use crate::support::{Data, On, Person, made_up_id, shebao};
use serde_json::{Value, json};
use standard::Date;

/// Columns in another order, with two of the company's own.
fn titles() -> Vec<String> {
    [
        "工号",
        "参保城市",
        "姓名",
        "证件号码",
        "入职日期",
        "月工资",
        "手机号码",
        "部门",
        "岗位",
        "备注",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn row(number: usize, city: &str, name: &str, id: &str, hired: &str, note: &str) -> Vec<String> {
    let number = format!("A{number:03}");
    [&number, city, name, id, hired, "6500", "13900000030", "生产部", "操作工", note]
        .map(str::to_owned)
        .to_vec()
}

fn roster() -> Vec<Vec<String>> {
    let fresh = made_up_id(Date::constant(1996, 7, 8), 31);
    let today = day(0);
    vec![
        titles(),
        row(1, "长沙", "周文静", &id_of("周文静"), &today, "仍在武汉"),
        row(2, "长沙", "王一鸣", &id_of("王一鸣"), &today, ""),
        row(3, "长沙", "何丽娟", &id_of("何丽娟"), &today, "两地"),
        row(4, "长沙市", "文若溪", &fresh, &today, ""),
        row(5, "长沙", "陈国墙", &id_of("陈国强"), &today, "名字不符"),
        row(6, "长沙", "坏号码", &broken(&id_of("罗建新")), &today, ""),
        row(7, "哥谭", "田小雨", &made_up_id(Date::constant(1992, 2, 3), 21), &today, ""),
        row(8, "长沙", "未来人", &made_up_id(Date::constant(1993, 2, 3), 23), &day(400), ""),
        row(9, "长沙", "重复者", &id_of("王一鸣"), &today, "与第二行同号"),
        row(
            10,
            "长沙",
            "=\"公\"&\"式\"",
            &made_up_id(Date::constant(1994, 2, 3), 25),
            &today,
            "",
        ),
        row(11, "长沙", "早到者", &made_up_id(Date::constant(1995, 2, 3), 27), "1994-12-31", ""),
    ]
}

const VERDICTS: [&str; 11] = [
    "需办理转移",
    "可直接参保",
    "需办理转移",
    "可直接参保",
    "数据有误",
    "数据有误",
    "数据有误",
    "数据有误",
    "数据有误",
    "数据有误",
    "数据有误",
];

/// Rows and order stay; three columns come after the roster's own.
fn check_result(book: &[u8]) {
    let shown = cells(book);
    let own = roster();
    assert_eq!(shown.len(), own.len());
    assert_eq!(shown[0][..10], own[0][..]);
    assert_eq!(shown[0][10..], ["结果", "原参保地", "说明"]);
    assert_eq!(
        column(&shown, "工号"),
        own[1..].iter().map(|row| row[0].as_str()).collect::<Vec<_>>()
    );
    assert_eq!(
        column(&shown, "备注"),
        own[1..].iter().map(|row| row[9].as_str()).collect::<Vec<_>>()
    );
    assert_eq!(column(&shown, "结果"), VERDICTS);
    let from = column(&shown, "原参保地");
    assert_eq!((from[0], from[1]), ("武汉", ""));
    let mut both: Vec<&str> = from[2].split('、').collect();
    both.sort_unstable();
    assert_eq!(both, ["广州", "武汉"]);
    let why = column(&shown, "说明");
    assert!(why[0].starts_with("该员工在武汉仍有在缴养老保险，请先办理转移手续"), "{}", why[0]);
    for (row, why) in why.iter().enumerate().skip(4) {
        assert!(!why.is_empty(), "row {} is bad and does not say why", row + 1);
    }
}

async fn over_http(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::demo(folder.path(), on, 0).await;
    let server = data.serve().await;
    let hr = Person::sign_in(&server, "hr_manager").await;
    let template = cells(&hr.bytes("/rosters/template.xlsx").await);
    assert_eq!(template[0], HEADER);
    let employees = hr.get("/employees").await.ok()["total"].as_i64().unwrap();

    let uploaded = hr.upload("/rosters", "十一月.xlsx", &xlsx(&roster())).await;
    assert_eq!(uploaded.status, 202);
    let id = uploaded.ok()["id"].as_str().unwrap().to_owned();
    let ready = hr.wait_for(&format!("/rosters/{id}"), "the check", |r| r["state"] == "ready").await;
    assert_eq!((&ready["total"], &ready["done"]), (&json!(11), &json!(11)));
    assert_eq!(ready["counts"], json!({"direct": 2, "transfer": 2, "bad": 7, "unanswered": 0}));
    let rows = ready["rows"]["items"].as_array().unwrap();
    let rules = |at: usize| rows[at]["findings"].to_string();
    let expected = [
        "name_contradicts_record",
        "id_number_check_digit",
        "region_unknown",
        "hired_over_a_year_ahead",
        "duplicate_row",
        "formula_cell",
        "hired_before_birth",
    ];
    for (at, rule) in (4..).zip(expected) {
        assert!(rules(at).contains(rule), "row {at} misses {rule}: {}", rules(at));
    }
    assert!(
        !ready.to_string().contains(&id_of("周文静")),
        "the screen shows masked numbers only"
    );
    check_result(&hr.bytes(&format!("/rosters/{id}/result.xlsx")).await);
    let errors = cells(&hr.bytes(&format!("/rosters/{id}/errors.xlsx")).await);
    assert_eq!(column(&errors, "工号"), ["A005", "A006", "A007", "A008", "A009", "A010", "A011"]);
    assert!(column(&errors, "错误原因").iter().all(|why| !why.is_empty()));

    transfers_and_employees(&hr, &id, rows, employees).await;
}

/// Transfers start for those who need one; the good rows become employees once; the bad ones never.
async fn transfers_and_employees(hr: &Person, id: &str, rows: &[Value], employees: i64) {
    let needed: Vec<&Value> = rows
        .iter()
        .filter(|row| row["verdict"] == "needs_transfer")
        .map(|row| &row["row"])
        .collect();
    let started = hr.post(&format!("/rosters/{id}/transfers"), json!({"rows": needed})).await.ok();
    assert_eq!(
        started["started"].as_array().unwrap().len(),
        3,
        "one from 武汉, and two of 何丽娟: {started}"
    );
    assert_eq!(started["refused"], json!([]));
    let again = hr.post(&format!("/rosters/{id}/transfers"), json!({"rows": needed})).await.ok();
    assert_eq!(
        sorted(&again["started"]),
        sorted(&started["started"]),
        "a transfer under way is not started twice"
    );
    hr.post(&format!("/rosters/{id}/accept"), json!({})).await.ok();
    assert_eq!(hr.get("/employees").await.ok()["total"], employees + 4);
    let _ = hr.post(&format!("/rosters/{id}/accept"), json!({})).await;
    assert_eq!(hr.get("/employees").await.ok()["total"], employees + 4, "nobody is hired twice");
    let bad = rows[5]["row"].clone();
    let refused = hr.post(&format!("/rosters/{id}/accept"), json!({"rows": [bad]})).await;
    assert!(
        refused.status >= 400 || refused.body["created"] == json!(0) || refused.body["created"] == json!([]),
        "{refused:?}"
    );
    assert_eq!(hr.get("/employees").await.ok()["total"], employees + 4, "a bad row is nobody");
}

fn sorted(ids: &Value) -> Vec<String> {
    let mut ids: Vec<String> = ids.as_array().unwrap().iter().map(ToString::to_string).collect();
    ids.sort();
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_becomes_employees_and_transfers_sqlite() {
    over_http(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_becomes_employees_and_transfers_postgres() {
    over_http(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_weighs_the_same_roster() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::demo(folder.path(), On::Sqlite, 0).await;
    let config = data.config.to_str().unwrap();
    let (file, out) = (folder.path().join("roster.xlsx"), folder.path().join("result.xlsx"));
    std::fs::write(&file, xlsx(&roster())).unwrap();
    shebao(&[
        "preflight",
        "--quiet",
        "--roster",
        file.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--config",
        config,
    ]);
    check_result(&std::fs::read(&out).unwrap());

    // What Excel in China saves as CSV.
    let file = folder.path().join("roster.csv");
    let text = format!(
        "姓名,证件号码,入职日期,参保城市\r\n周文静,{},{},长沙\r\n王一鸣,{},{},长沙\r\n",
        id_of("周文静"),
        day(0),
        id_of("王一鸣"),
        day(0)
    );
    std::fs::write(&file, gbk(&text)).unwrap();
    shebao(&[
        "preflight",
        "--quiet",
        "--roster",
        file.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--config",
        config,
    ]);
    let shown = cells(&std::fs::read(&out).unwrap());
    assert_eq!(column(&shown, "姓名"), ["周文静", "王一鸣"]);
    assert_eq!(column(&shown, "结果"), ["需办理转移", "可直接参保"]);

    // Each bad cell alone makes its row 数据有误.
    let mut rows = vec![HEADER.map(str::to_owned)];
    for (field, value, _) in bad_cells() {
        let mut row = [
            "田小雨",
            &made_up_id(Date::constant(1992, 2, 3), 21),
            "13900000021",
            &day(0),
            "长沙",
            "",
            "",
            "6500",
        ]
        .map(str::to_owned);
        row[["name", "id_number", "phone", "hired_on", "region"]
            .iter()
            .position(|key| *key == field)
            .unwrap()] = value;
        rows.push(row);
    }
    let file = folder.path().join("bad.xlsx");
    std::fs::write(&file, xlsx(&rows)).unwrap();
    shebao(&[
        "preflight",
        "--quiet",
        "--roster",
        file.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--config",
        config,
    ]);
    let shown = cells(&std::fs::read(&out).unwrap());
    assert!(
        column(&shown, "结果").iter().all(|verdict| *verdict == "数据有误"),
        "{:?}",
        column(&shown, "结果")
    );
    let wrong = run(&[
        "status",
        "--name",
        "周文静",
        "--id",
        &broken(&id_of("周文静")),
        "--json",
        "--config",
        config,
    ]);
    assert!(
        !wrong.status.success() && text_of(&wrong).contains("id_number_check_digit"),
        "{}",
        text_of(&wrong)
    );
}
