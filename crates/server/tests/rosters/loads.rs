//! `load-relations` takes a file whole or not at all.

use super::{broken, gbk, number_of, run, text_of, xlsx, zip_bomb};
use crate::support::{made_up_id, shebao};
use serde_json::{Value, json};
use standard::Date;
use std::path::Path;

const HEAD: &str = "证件号码,姓名,险种,参保状态,起始年月,终止年月,月缴费基数,单位名称";

fn good_id() -> String {
    made_up_id(Date::constant(1990, 4, 9), 41)
}

fn good() -> String {
    format!("{},苏念安,养老,暂停参保,2022-03,2025-04,5600.00,武汉晨光机械厂（虚构）", good_id())
}

/// One cell of a second row replaced.
fn with(column: usize, value: &str) -> String {
    let id = made_up_id(Date::constant(1991, 5, 6), 43);
    let row = format!("{id},方知行,养老,暂停参保,2022-03,2025-04,5600.00,武汉晨光机械厂（虚构）");
    let mut row: Vec<&str> = row.split(',').collect();
    row[column] = value;
    format!("{HEAD}\n{}\n{}\n", good(), row.join(","))
}

fn status(data: &Path, name: &str, id: &str) -> Value {
    serde_json::from_str(&shebao(&[
        "status",
        "--name",
        name,
        "--id",
        id,
        "--json",
        "--data",
        data.to_str().unwrap(),
    ]))
    .unwrap()
}

fn load(data: &Path, file: &Path) -> std::process::Output {
    run(&[
        "load-relations",
        "--quiet",
        "--region",
        "420100",
        file.to_str().unwrap(),
        "--data",
        data.to_str().unwrap(),
    ])
}

#[test]
fn a_file_with_one_wrong_row_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let id = made_up_id(Date::constant(1991, 5, 6), 43);
    let other_name = format!(
        "{HEAD}\n{}\n{},苏念平,养老,暂停参保,2021-01,2021-12,5600.00,另一家\n",
        good(),
        good_id()
    );
    let formula = xlsx(&[
        HEAD.split(',').collect::<Vec<_>>(),
        vec![&good_id(), "苏念安", "养老", "暂停参保", "2022-03", "2025-04", "=2800*2", "厂"],
    ]);
    let mut table: Vec<(&str, &str, Vec<u8>)> = vec![
        ("check digit", "bad.csv", with(0, &broken(&id)).into()),
        ("birth date", "bad.csv", with(0, &number_of("42010219900230021")).into()),
        ("no name", "bad.csv", with(1, "").into()),
        ("insurance", "bad.csv", with(2, "车险").into()),
        ("status", "bad.csv", with(3, "也许").into()),
        ("month 13", "bad.csv", with(4, "2022-13").into()),
        ("reversed", "bad.csv", with(5, "2021-01").into()),
        ("open end", "bad.csv", with(5, "").into()),
        ("before birth", "bad.csv", with(4, "1980-01").into()),
        ("base", "bad.csv", with(6, "很多").into()),
        ("negative base", "bad.csv", with(6, "-1").into()),
        ("one number, two names", "bad.csv", other_name.into()),
        ("column missing", "bad.csv", with(0, &id).replace("险种", "种类").into()),
        ("empty", "bad.csv", Vec::new()),
        ("header alone", "bad.csv", format!("{HEAD}\n").into()),
        ("zip bomb", "bad.xlsx", zip_bomb()),
        ("broken zip", "bad.xlsx", b"PK\x03\x04 and then nonsense".to_vec()),
        ("formula", "bad.xlsx", formula),
        (
            "half a character",
            "bad.csv",
            [with(1, "方").into_bytes(), vec![0xff, 0xfe, 0x00]].concat(),
        ),
    ];
    for (what, name, bytes) in table.drain(..) {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let output = load(&data, &file);
        assert!(!output.status.success(), "{what} was taken: {}", text_of(&output));
        assert!(text_of(&output).contains('['), "{what} names no rule: {}", text_of(&output));
        assert!(!text_of(&output).contains("panicked"), "{what}");
        assert_eq!(
            status(&data, "苏念安", &good_id())["person_found"],
            false,
            "{what} left the good row"
        );
    }
}

#[test]
fn the_same_file_in_gbk_or_twice_loads_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("gbk.csv");
    std::fs::write(&file, gbk(&format!("{HEAD}\r\n{}\r\n", good()))).unwrap();
    for _ in 0..2 {
        let output = load(&data, &file);
        assert!(output.status.success(), "{}", text_of(&output));
        let known = status(&data, "苏念安", &good_id());
        let relation = json!({"region": "420100", "insurance": "pension", "status": "suspended", "months": 38, "first_month": "2022-03", "last_month": "2025-04"});
        assert_eq!(known["relations"], json!([relation]));
        assert_eq!(
            (&known["person_found"], &known["name_matches"], &known["unanswered"]),
            (&json!(true), &json!(true), &json!([]))
        );
        assert_eq!(known["months_total"], json!({"pension": 38}));
    }
    let other = status(&data, "苏念平", &good_id());
    assert_eq!((&other["person_found"], &other["name_matches"]), (&json!(true), &json!(false)));
}
