//! The command line when something is amiss: the rule, the place and the remedy; and the first login of an installation.

use super::{HEADER, id_of, run, text_of, xlsx};
use crate::support::{made_up_id, shebao};
use serde_json::Value;
use standard::Date;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn refused(args: &[&str], rule: &str) -> String {
    let output = run(args);
    let text = text_of(&output);
    assert!(!output.status.success() && text.contains(&format!("[{rule}]")), "{args:?}: {text}");
    text
}

fn with_input(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shebao"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn relations(folder: &Path, name: &str, id: &str) -> String {
    let file = folder.join("relations.csv");
    let heading = "证件号码,姓名,险种,参保状态,起始年月,终止年月,月缴费基数,单位名称";
    std::fs::write(
        &file,
        format!("{heading}\r\n{id},{name},养老,正常参保,2022-03,2025-04,5000,甲公司\r\n"),
    )
    .unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let status = |data: &Path, rule: &str| {
        let id = made_up_id(Date::constant(1992, 2, 3), 21);
        let text = refused(&["status", "--name", "田小雨", "--id", &id, "--data", data.to_str().unwrap()], rule);
        assert!(text.contains(data.to_str().unwrap()) && text.contains("处理"), "{text}");
    };
    status(&file, "data_folder_is_file");
    status(&file.join("below"), "data_folder_is_file");
    let damaged = folder.path().join("damaged");
    std::fs::create_dir(&damaged).unwrap();
    std::fs::write(damaged.join("shebao.db"), "no database, but a text of some length. ".repeat(100)).unwrap();
    status(&damaged, "store_corrupt");
    let key = run(&["key", "employer", "--data", folder.path().to_str().unwrap()]);
    let text = text_of(&key);
    assert!(
        !key.status.success() && text.contains("agency:<区划代码>") && !text.contains("Finding"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_throws_away_only_what_it_made_and_nobody_uses() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let at = data.to_str().unwrap();
    let file = relations(folder.path(), "田小雨", &made_up_id(Date::constant(1992, 2, 3), 21));
    shebao(&["load-relations", "--quiet", "--region", "420100", &file, "--data", at]);
    refused(&["demo", "--fresh", "--no-serve", "--data", at], "data_not_of_the_demo");
    let open = store::Db::open(&store::StoreConfig::embedded(&data)).await.unwrap();
    refused(&["demo", "--fresh", "--erase-real-data", "--no-serve", "--data", at], "data_in_use");
    drop(open);
    assert!(data.join("shebao.db").exists());
    // What was loaded into a demo to try it goes with the demo.
    let tried = folder.path().join("tried");
    let at = tried.to_str().unwrap();
    let demo = ["demo", "--fresh", "--no-serve", "--people", "1", "--staff", "0", "--data", at];
    shebao(&demo);
    shebao(&["load-relations", "--quiet", "--region", "420100", &file, "--data", at]);
    shebao(&demo);
}

#[test]
fn the_first_employer_and_its_login_are_made_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let at = data.to_str().unwrap();
    let add = |more: &[&str], password: &str| {
        let args = [
            &["user", "add", "hr", "--name", "李明", "--role", "hr_manager", "--data", at][..],
            more,
        ]
        .concat();
        with_input(&args, password)
    };
    let code = standard::CreditCode::compose("91430100MA4XHYY02").unwrap().to_string();
    let new = ["--employer-name", "长沙试制有限公司", "--credit-code", &code, "--region", "430100"];
    let without = add(&[], "Long-enough-2026\n");
    assert!(text_of(&without).contains("[employer_wanted]"), "{}", text_of(&without));
    let weak = add(&new, "123\n");
    assert!(!weak.status.success(), "{}", text_of(&weak));
    let made = add(&new, "Long-enough-2026\n");
    assert!(made.status.success(), "{}", text_of(&made));
    let twice = add(&new, "Long-enough-2026\n");
    assert!(text_of(&twice).contains("[employer_exists]"), "{}", text_of(&twice));
}

#[test]
fn a_result_is_never_written_over_the_roster_and_a_hire_the_unit_has_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let at = data.to_str().unwrap();
    let roster = folder.path().join("roster.xlsx");
    let path = roster.to_str().unwrap();
    let number = id_of("周文静");
    let row = ["周文静", number.as_str(), "", "2026-11-20", "郑州", "", "", ""];
    std::fs::write(&roster, xlsx(&[HEADER, row])).unwrap();
    refused(&["preflight", "--roster", path, "--out", path, "--data", at], "result_over_roster");
    let out = folder.path().join("result.xlsx");
    shebao(&[
        "preflight",
        "--quiet",
        "--roster",
        path,
        "--out",
        out.to_str().unwrap(),
        "--data",
        at,
    ]);
    let shown = super::cells(&std::fs::read(&out).unwrap());
    assert_eq!(super::column(&shown, "结果"), ["数据有误"]);
    assert!(super::column(&shown, "说明")[0].contains("郑州的经办机构暂未接入"), "{shown:?}");
}

#[test]
fn a_name_with_a_blank_is_found_by_either_form() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let at = data.to_str().unwrap();
    let id = made_up_id(Date::constant(1992, 2, 3), 21);
    let file = relations(folder.path(), "田 小雨", &id);
    shebao(&["load-relations", "--quiet", "--region", "420100", &file, "--data", at]);
    for name in ["田小雨", "田 小雨"] {
        let answer: Value = serde_json::from_str(&shebao(&["status", "--name", name, "--id", &id, "--json", "--data", at])).unwrap();
        assert_eq!(
            (&answer["name_matches"], &answer["relations"][0]["months"]),
            (&Value::Bool(true), &Value::from(38))
        );
    }
}
