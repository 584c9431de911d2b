//! A roster goes in, the detail comes out: amounts, findings and sources.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use standard::{IdNumber, RegionCode};

use super::{AssessArgs, assess, check_ending};

fn id(order: u16) -> String {
    let birth = "1990-03-07".parse().unwrap();
    IdNumber::compose(RegionCode::new(430_102).unwrap(), birth, order)
        .unwrap()
        .reveal()
        .to_owned()
}

fn run(csv: &str, region: Option<&str>, month: &str) -> Result<(tempfile::TempDir, PathBuf, String), standard::Refusal> {
    let dir = tempfile::tempdir().unwrap();
    let (roster, out) = (dir.path().join("名册.csv"), dir.path().join("明细.xlsx"));
    std::fs::write(&roster, csv).unwrap();
    let args = AssessArgs {
        region: region.map(str::to_owned),
        month: month.to_owned(),
        roster,
        out: out.clone(),
        quiet: true,
    };
    assess(&args).map(|summary| (dir, out, summary))
}

fn sheet(out: &PathBuf, name: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(out).unwrap();
    book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn each_person_has_a_row_and_the_totals_add_up() {
    let csv = format!(
        "备注,月工资,姓名,证件号码\nx,10000.00,张一,{}\ny,\"25,000\",李二,{}\nz,3000,王三,{}\n",
        id(1),
        id(2),
        id(3)
    );
    let (_dir, out, summary) = run(&csv, Some("430100"), "2024-06").unwrap();
    assert!(summary.contains("共 3 人，已测算 3 人"), "{summary}");
    let rows = sheet(&out, "明细");
    let pension = |row: usize| (rows[row][7].clone(), rows[row][8].clone(), rows[row][9].clone());
    assert_eq!(pension(1), (Data::Float(10_000.0), Data::Float(1_600.0), Data::Float(800.0)));
    assert_eq!(pension(2), (Data::Float(18_021.0), Data::Float(2_883.36), Data::Float(1_441.68)));
    assert_eq!(pension(3).0, Data::Float(3_604.0));
    // 1600 + 2883.36 + 576.64
    assert_eq!(rows[4][8], Data::Float(5_060.0));
    let problems = sheet(&out, "问题");
    let rules: Vec<String> = problems.iter().skip(1).map(|row| row[3].to_string()).collect();
    assert_eq!(rules, ["wage_above_ceiling", "wage_below_floor"]);
    let basis = sheet(&out, "依据");
    assert!(
        basis
            .iter()
            .any(|row| row[1].get_string() == Some("养老上下限") && row[5].get_string() == Some("未经核实"))
    );
}

#[test]
fn mixed_cities_hires_leavers_and_bad_rows() {
    let csv = format!(
        "姓名,证件号码,月工资,上年度月平均工资,入职日期,离职日期,参保城市,实发工资\n\
         甲,{},10000,8000,2020-01-01,,长沙,\n\
         乙,{},10000,8000,2025-06-20,,上海,\n\
         丙,{},10000,,2020-01-01,2025-05-31,长沙,\n\
         丁,{},10000,,,,长沙,10000\n\
         戊,123,10000,,,,长沙,\n\
         己,{},-5,,,,长沙,\n\
         庚,{},10000,,,,火星,\n\
         辛,{},10000,,,,长沙,\n\
         壬,{},110105491231002,,,,长沙,\n\
         癸,{},10000,,,,长沙,11010519491231002X\n",
        id(1),
        id(2),
        id(3),
        id(4),
        id(5),
        id(6),
        id(1),
        id(7),
        id(8)
    );
    let (_dir, out, summary) = run(&csv, None, "2025-06").unwrap();
    assert!(
        summary.contains("共 10 人，已测算 4 人") || summary.contains("共 10 人，已测算 5 人"),
        "{summary}"
    );
    let rows = sheet(&out, "明细");
    assert_eq!(rows[1][7], Data::Float(8_000.0), "prior average");
    assert_eq!(
        (rows[2][6].to_string().as_str(), &rows[2][8]),
        ("半月", &Data::Float(800.0)),
        "half of 16 % of 10000"
    );
    let rules: Vec<String> = sheet(&out, "问题").iter().skip(1).map(|row| row[3].to_string()).collect();
    for rule in [
        "new_hire_by_month",
        "left_before_month",
        "base_equals_net_pay",
        "money_negative",
        "city_unknown",
        "duplicate_person",
        "id_number_in_money_field",
    ] {
        assert!(rules.iter().any(|found| found == rule), "{rule} in {rules:?}");
    }
}

#[test]
fn what_cannot_be_assessed_is_refused_at_once() {
    let good = format!("姓名,证件号码,月工资\n甲,{},10000\n", id(1));
    let rule = |csv: &str, region, month| run(csv, region, month).unwrap_err().rule().to_owned();
    assert_eq!(rule(&good, Some("430100"), "2025-13"), "month_format");
    assert_eq!(rule(&good, Some("430100"), "2031-01"), "law_not_encoded");
    assert_eq!(rule(&good, None, "2025-06"), "region_missing");
    assert_eq!(rule("姓名,月工资\n甲,1\n", Some("430100"), "2025-06"), "roster_columns_missing");
    for (name, fits) in [("明细.xlsx", true), ("明细.XLSX", true), ("明细.csv", false), ("明细", false)] {
        assert_eq!(check_ending(Path::new(name)).is_ok(), fits, "{name}");
    }
}
