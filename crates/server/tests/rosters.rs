//! Bad input and rosters over HTTP and on the command line: each refusal has its rule, and nothing is stored.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "rosters/commands.rs"]
mod commands;
#[path = "rosters/flow.rs"]
mod flow;
#[path = "rosters/loads.rs"]
mod loads;
mod support;

use calamine::{Data as Cell, Reader, Xlsx};
use rust_xlsxwriter::{Formula, Workbook};
use serde_json::{Value, json};
use server::cli::demo::people::person;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Output;
use support::{Data, On, Person, Server, made_up_id};

pub const HEADER: [&str; 8] = ["姓名", "证件号码", "手机号码", "入职日期", "参保城市", "部门", "岗位", "月工资"];

pub fn id_of(name: &str) -> String {
    person(name).id_number().reveal().to_owned()
}

pub fn day(days: i64) -> String {
    control::clock::today()
        .checked_add(jiff::Span::new().days(days))
        .unwrap()
        .to_string()
}

/// A number with the right check digit, whatever the seventeen digits say.
pub fn number_of(first: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first
        .chars()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit.to_digit(10).unwrap() * weight)
        .sum();
    format!("{first}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// The last digit made wrong.
pub fn broken(id: &str) -> String {
    let last = if id.ends_with('1') { '2' } else { '1' };
    format!("{}{last}", &id[..17])
}

pub fn xlsx<R: AsRef<[S]>, S: AsRef<str>>(rows: &[R]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in (0..).zip(rows) {
        for (c, text) in (0..).zip(row.as_ref()) {
            match text.as_ref().strip_prefix('=') {
                Some(formula) => sheet.write_formula(r, c, Formula::new(formula)).map(drop).unwrap(),
                None => sheet.write_string(r, c, text.as_ref()).map(drop).unwrap(),
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// The first sheet as text.
pub fn cells(book: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range
        .rows()
        .map(|row| {
            row.iter()
                .map(|cell| match cell {
                    Cell::Empty => String::new(),
                    other => other.to_string(),
                })
                .collect()
        })
        .collect()
}

pub fn column<'a>(rows: &'a [Vec<String>], name: &str) -> Vec<&'a str> {
    let at = rows[0]
        .iter()
        .position(|title| title == name)
        .unwrap_or_else(|| panic!("no column {name} in {:?}", rows[0]));
    rows[1..].iter().map(|row| row[at].as_str()).collect()
}

/// Forty megabytes of zeros in a few kilobytes.
pub fn zip_bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    archive.write_all(&vec![0; 40 << 20]).unwrap();
    archive.finish().unwrap().into_inner()
}

pub fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

/// Runs the binary whether it ends well or not.
pub fn run(args: &[&str]) -> Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_shebao"))
        .args(args)
        .output()
        .unwrap()
}

pub fn text_of(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// What one row's cell is replaced by, and the rule that names it: over JSON and in a roster.
fn bad_cells() -> Vec<(&'static str, String, &'static str)> {
    let id = made_up_id(standard::Date::constant(1992, 2, 3), 21);
    vec![
        ("id_number", broken(&id), "id_number_check_digit"),
        ("id_number", number_of("42010219900230021"), "id_number_birth_date"),
        ("id_number", number_of("42010219901301021"), "id_number_birth_date"),
        ("id_number", "420102900101002".into(), "id_number_fifteen_digits"),
        ("id_number", "4201021990".into(), "id_number_length"),
        ("id_number", "42010219900101O021".into(), "id_number_characters"),
        ("hired_on", "1991-12-31".into(), "hired_before_birth"),
        ("hired_on", day(400), "hired_over_a_year_ahead"),
        ("region", "哥谭".into(), "region_unknown"),
        ("name", "".into(), "name_missing"),
    ]
}

fn good() -> Value {
    json!({"name": "田小雨", "id_number": made_up_id(standard::Date::constant(1992, 2, 3), 21), "phone": "13900000021",
        "hired_on": day(0), "region": "430100", "department": "生产部", "position": "操作工", "wage_fen": 650_000})
}

fn rules(problem: &Value) -> Vec<&str> {
    problem["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["rule"].as_str().unwrap())
        .collect()
}

/// Every refusal says what is wrong in both languages and what to do.
fn is_clear(problem: &Value) {
    for finding in problem["findings"].as_array().unwrap() {
        assert!(
            !finding["message"]["zh"].as_str().unwrap().is_empty() && !finding["message"]["en"].as_str().unwrap().is_empty(),
            "{finding}"
        );
    }
    assert!(
        problem["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["remedy"]["zh"].is_string()),
        "what to do next: {problem}"
    );
}

async fn typed_by_hand(hr: &Person) {
    let before = hr.get("/employees").await.ok()["total"].clone();
    for (field, value, rule) in bad_cells() {
        let mut new = good();
        new[field] = json!(value);
        let refused = hr.post("/employees", new.clone()).await;
        assert_eq!(refused.status, 422, "{field} {value}: {refused:?}");
        if field == "region" || rule == "name_missing" {
            continue;
        }
        assert!(rules(&refused.body).contains(&rule), "{field} {value}: {refused:?}");
        is_clear(&refused.body);
        assert!(
            !refused.body.to_string().contains(&value) || field != "id_number",
            "a refusal repeats no ID number: {refused:?}"
        );
    }
    let mut mismatch = good();
    mismatch["name"] = json!("周文婧");
    mismatch["id_number"] = json!(id_of("周文静"));
    let refused = hr.post("/employees", mismatch).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    assert!(rules(&refused.body).contains(&"name_contradicts_record"), "{refused:?}");
    let typo = hr
        .post("/status-queries", json!({"name": "田小雨", "id_number": broken(&id_of("周文静"))}))
        .await;
    assert!(rules(&typo.body).contains(&"id_number_check_digit"), "{typo:?}");
    assert_eq!(hr.get("/employees").await.ok()["total"], before, "nothing of all this was stored");
    hr.post("/employees", good()).await.ok();
}

async fn files(hr: &Person) {
    let before = hr.get("/rosters").await.ok();
    let header_twice: Vec<String> = HEADER.iter().chain(&["姓名"]).map(|s| (*s).to_owned()).collect();
    let row = ["田小雨", "420102199202030021", "", &day(0), "长沙", "", "", "", "重名"].map(str::to_owned);
    let table: Vec<(&str, Vec<u8>, &str, u16)> = vec![
        ("50 MB", vec![b'a'; 50 << 20], "roster_too_large", 413),
        ("zip bomb", zip_bomb(), "roster_zip_bomb", 413),
        ("empty file", Vec::new(), "roster_empty", 422),
        ("header alone", xlsx(&[HEADER]), "roster_no_rows", 422),
        ("a column twice", xlsx(&[header_twice, row.to_vec()]), "roster_column_twice", 422),
        (
            "a column missing",
            xlsx(&[vec!["姓名", "入职日期"], vec!["田小雨", "2026-12-01"]]),
            "roster_column_missing",
            422,
        ),
        (
            "a picture",
            vec![0x89, b'P', b'N', b'G', 0, 0, 0, 13],
            "roster_unknown_encoding",
            422,
        ),
        ("broken zip", b"PK\x03\x04 and then nonsense".to_vec(), "roster_unreadable", 422),
        ("old excel", vec![0xD0, 0xCF, 0x11, 0xE0, 0, 0], "roster_old_excel", 422),
    ];
    for (what, bytes, rule, status) in &table {
        let refused = hr.upload("/rosters", "roster.xlsx", bytes).await;
        assert_eq!((refused.rule(), refused.status), (*rule, *status), "{what}: {refused:?}");
        is_clear(&refused.body);
    }
    // Beyond what any path takes at all.
    let refused = hr.upload("/rosters", "roster.xlsx", &vec![b'a'; 60 << 20]).await;
    assert!([413, 422].contains(&refused.status), "{refused:?}");
    assert_eq!(hr.get("/rosters").await.ok(), before, "nothing was stored");
    on_the_command_line(tempfile::tempdir().unwrap().path(), &table);
}

/// The same files on the command line: refused with the same rules, and no result file.
fn on_the_command_line(folder: &Path, table: &[(&str, Vec<u8>, &str, u16)]) {
    let (roster, out, data) = (folder.join("roster.xlsx"), folder.join("result.xlsx"), folder.join("data"));
    for (what, bytes, rule, _) in table {
        std::fs::write(&roster, bytes).unwrap();
        let output = run(&[
            "preflight",
            "--quiet",
            "--roster",
            roster.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
            "--data",
            data.to_str().unwrap(),
        ]);
        assert!(!output.status.success(), "{what}");
        assert!(text_of(&output).contains(&format!("[{rule}]")), "{what}: {}", text_of(&output));
        assert!(!out.exists(), "{what} left a result");
    }
    let missing = run(&[
        "preflight",
        "--roster",
        "no-such-file.xlsx",
        "--out",
        out.to_str().unwrap(),
        "--data",
        data.to_str().unwrap(),
    ]);
    assert!(text_of(&missing).contains("[roster_not_readable]"), "{}", text_of(&missing));
}

async fn bad_input(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::demo(folder.path(), on, 0).await;
    let server: Server = data.serve().await;
    let hr = Person::sign_in(&server, "hr_manager").await;
    typed_by_hand(&hr).await;
    files(&hr).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_with_its_rule_sqlite() {
    bad_input(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_with_its_rule_postgres() {
    bad_input(On::Postgres).await;
}
