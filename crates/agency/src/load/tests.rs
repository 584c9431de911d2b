//! Loading: good files, every kind of bad row, and the same file again.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use control::identity::{Actor, Role};
use exchange::{AgencyStatus, StatusQuestion};
use standard::{Date, IdNumber, Insurance, Money, Month, Organisation, RegionCode, RelationStatus};
use store::{Db, both};
use tempfile::TempDir;

use super::sample::{sample_id, sample_name, write_sample};
use super::*;
use crate::enrolment::PersonId;
use crate::ledger::{self, Account};
use crate::status;

pub(super) const HEADING: &str = "证件号码,姓名,险种,参保状态,起始年月,终止年月,月缴费基数,单位名称";

fn wuhan() -> RegionCode {
    RegionCode::new(420_100).unwrap()
}

fn today() -> Date {
    Date::constant(2026, 11, 21)
}

pub(super) fn id(index: u32) -> IdNumber {
    sample_id(index, wuhan(), 1)
}

pub(super) struct File {
    _folder: TempDir,
    pub(super) path: PathBuf,
}

pub(super) fn file(name: &str, bytes: &[u8]) -> File {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    File { _folder: folder, path }
}

fn csv(rows: &[&str]) -> File {
    file("relations.csv", format!("{HEADING}\n{}\n", rows.join("\n")).as_bytes())
}

pub(super) fn read_file(file: &File) -> Result<Book, Refusal> {
    read(&file.path, today(), &mut |_| {})
}

async fn load(db: &Db, file: &File) -> Result<Loaded, Refusal> {
    let mut book = read_file(file)?;
    let mut tx = db.begin().await?;
    let actor = Actor::system(Organisation::Agency(wuhan()));
    let loaded = apply(
        &mut tx,
        &actor,
        policy::RuleBook::embedded(),
        wuhan(),
        &mut book,
        today(),
        &mut |_| {},
    )
    .await?;
    tx.commit().await?;
    Ok(loaded)
}

async fn ask(db: &Db, number: &IdNumber, name: &str) -> AgencyStatus {
    let question = StatusQuestion {
        id_hash: db.cipher().id_hash(number).to_string(),
        name: name.into(),
        purpose: "test".into(),
    };
    status::answer(&mut db.read(), &[wuhan()], &question).await.unwrap().remove(0)
}

/// The rules of the errors and warnings of a file of these rows, in the order of the file.
fn check(rows: &[&str], errors: &[(u64, &str)], warnings: &[(u64, &str)]) {
    let book = read_file(&csv(rows)).unwrap();
    let rules = |list: &[RowFinding]| list.iter().map(|found| (found.row, found.finding.rule.clone())).collect::<Vec<_>>();
    let expected = |list: &[(u64, &str)]| list.iter().map(|(row, rule)| (*row, (*rule).to_owned())).collect::<Vec<_>>();
    assert_eq!(rules(&book.findings.errors), expected(errors), "errors of {rows:?}");
    assert_eq!(rules(&book.findings.warnings), expected(warnings), "warnings of {rows:?}");
}

#[test]
fn every_bad_row_is_named() {
    let one = id(1);
    let good = format!("{},王试,养老,正常参保,2022-03,2025-04,5000,甲公司", one.reveal());
    let with = |change: fn(&mut Vec<String>)| -> String {
        let mut cells: Vec<String> = good.split(',').map(ToOwned::to_owned).collect();
        change(&mut cells);
        cells.join(",")
    };
    check(&[&good], &[], &[]);
    check(&[&with(|c| c[0] = "123".into())], &[(2, "id_number_length")], &[]);
    check(
        &[&with(|c| c[0] = "420102700101001".into())],
        &[(2, "id_number_fifteen_digits")],
        &[],
    );
    check(&[&with(|c| c[1].clear())], &[(2, "cell_empty")], &[]);
    check(&[&with(|c| c[2] = "车险".into())], &[(2, "insurance_unknown")], &[]);
    check(&[&with(|c| c[3] = "在保".into())], &[(2, "relation_status_unknown")], &[]);
    check(&[&with(|c| c[4] = "2022-13".into())], &[(2, "month_format")], &[]);
    check(&[&with(|c| c[5].clear())], &[(2, "cell_empty")], &[]);
    check(&[&with(|c| c[5] = "2022-02".into())], &[(2, "months_reversed")], &[]);
    check(&[&with(|c| c[5] = "2027-01".into())], &[(2, "month_in_future")], &[]);
    check(&[&with(|c| c[4] = "1960-01".into())], &[(2, "month_before_birth")], &[]);
    check(&[&with(|c| c[6] = "五千".into())], &[(2, "money_format")], &[]);
    check(&[&with(|c| c[6] = "0".into())], &[(2, "base_out_of_range")], &[]);
    check(&[&with(|c| c[7] = "长".repeat(101))], &[(2, "employer_name_invalid")], &[]);
    for name in ["+1+1", "@SUM(A1)", "甲\u{200b}公司", "<b>甲公司</b>", "……"] {
        let row = good.replace("甲公司", name);
        check(&[&row], &[(2, "employer_name_invalid")], &[]);
    }
    for name in ["12345", "😀", "<script>", "王\u{200b}试", "王;试"] {
        let row = good.replace("王试", name);
        check(&[&row], &[(2, "name_unreadable")], &[]);
    }
    check(&[&with(|c| c[1] = "=1+1".into())], &[(2, "cell_is_formula")], &[]);
    check(&[&with(|c| c[0] = format!("'{}", c[0]))], &[(2, "id_number_stray_characters")], &[]);
    check(&[&good, &with(|c| (c[1], c[2]) = ("王 试".into(), "医疗".into()))], &[], &[]);
    // Every fault of a row at once, and of every row.
    check(
        &[&with(|c| (c[0], c[6]) = ("1".into(), "x".into())), &with(|c| c[2] = "?".into())],
        &[(2, "id_number_length"), (2, "money_format"), (3, "insurance_unknown")],
        &[],
    );
    check(&[&good, &good], &[(3, "row_repeated")], &[]);
    check(&[&good, &with(|c| c[3] = "暂停参保".into())], &[], &[(3, "status_said_twice")]);
    check(
        &[&good, &with(|c| (c[4], c[5]) = ("2025-04".into(), "2025-06".into()))],
        &[],
        &[(3, "months_overlap")],
    );
    check(&[&good, &with(|c| (c[4], c[5]) = ("2025-05".into(), "2025-06".into()))], &[], &[]);
    check(
        &[&good, &with(|c| (c[1], c[2]) = ("李试".into(), "医疗".into()))],
        &[(3, "person_has_two_names")],
        &[],
    );
}

#[test]
fn the_heading_may_be_in_any_order_and_must_be_whole() {
    let row = format!("甲公司,备注,5000,2025-04,2022-03,正常参保,养老,王试,{}", id(1).reveal());
    let heading = "单位名称,备注,月缴费基数,终止年月,起始年月,参保状态,险种,姓名,证件号码";
    let book = read_file(&file("a.csv", format!("{heading}\n{row}\n").as_bytes())).unwrap();
    assert_eq!((book.findings.error_count, book.lines.len()), (0, 1));
    assert_eq!(book.findings.warnings[0].finding.rule, "column_ignored");
    let book = read_file(&file("a.csv", format!("{}\n{row}\n", heading.replace("险种", "保险")).as_bytes())).unwrap();
    assert_eq!(book.findings.errors[0].finding.rule, "column_missing");
    let book = read_file(&file("a.csv", format!("{},姓名\n{row},王试\n", heading).as_bytes())).unwrap();
    assert_eq!(book.findings.errors[0].finding.rule, "column_repeated");
}

#[test]
fn files_that_are_no_table_are_refused() {
    let refused = |name: &str, bytes: &[u8], rule: &str| {
        assert_eq!(read_file(&file(name, bytes)).unwrap_err().rule(), rule);
    };
    refused("a.csv", b"", "file_empty");
    refused("a.xls", &[0xD0, 0xCF, 0x11, 0xE0, 1, 2], "file_kind_unknown");
    refused("a.xlsx", b"PK\x03\x04 not a workbook", "workbook_unreadable");
    refused("a.csv", &[b'a', 0xFF, 0xFF, b'\n'], "file_encoding_unknown");
    assert_eq!(
        read(&PathBuf::from("/no/such/file"), today(), &mut |_| {}).unwrap_err().rule(),
        "file_unreadable"
    );
    let book = read_file(&file("a.csv", format!("{HEADING}\n").as_bytes())).unwrap();
    assert_eq!(book.findings.errors[0].finding.rule, "file_without_rows");
}

#[test]
fn gbk_and_utf8_with_a_mark_read_the_same() {
    let text = format!("{HEADING}\n{},王试,养老,正常参保,202203,202504,5000,甲公司\n", id(1).reveal());
    let (gbk, _, lossy) = encoding_rs::GBK.encode(&text);
    assert!(!lossy);
    for bytes in [
        gbk.into_owned(),
        format!("\u{feff}{text}").into_bytes(),
        text.replace('\n', "\r\n").into_bytes(),
    ] {
        let book = read_file(&file("a.csv", &bytes)).unwrap();
        assert_eq!(
            (book.findings.error_count, &*book.persons[0].name, &*book.employers[0]),
            (0, "王试", "甲公司")
        );
    }
}

#[test]
fn a_workbook_reads_like_a_csv_and_its_traps_are_named() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, (name, _)) in (0..).zip(COLUMNS) {
        sheet.write_string(0, column, name).unwrap();
    }
    for row in 1..=3 {
        for (column, text) in (0..).zip([id(row).reveal(), "王试", "养老", "正常参保", "2022-03", "2025-04", "", "甲公司"]) {
            sheet.write_string(row, column, text).unwrap();
        }
        sheet.write_number(row, 6, 5_000.5).unwrap();
    }
    sheet.write_number(2, 0, 420_102_197_001_010_014_f64).unwrap();
    sheet.write_formula(3, 6, "=1+1").unwrap();
    let file = file("a.xlsx", &book.save_to_buffer().unwrap());
    let read = read_file(&file).unwrap();
    let rules: Vec<(u64, &str)> = read
        .findings
        .errors
        .iter()
        .map(|error| (error.row, error.finding.rule.as_str()))
        .collect();
    assert_eq!(rules, [(3, "id_number_as_number"), (4, "cell_is_formula")]);
    assert_eq!((read.lines.len(), read.lines[0].base), (1, Money::from_fen(500_050)));
}

#[test]
fn errors_are_written_beside_the_file_without_id_numbers() {
    let number = id(1);
    let wrong = format!("{}9", &number.reveal()[..17]);
    let book = read_file(&csv(&[&format!("{wrong},王试,车险,正常参保,2022-03,2025-04,5000,甲公司")])).unwrap();
    let folder = TempDir::new().unwrap();
    let list = folder.path().join("errors.csv");
    book.findings.write_errors(&list).unwrap();
    let text = std::fs::read_to_string(list).unwrap();
    assert!(text.contains("insurance_unknown") && text.contains("\n2,"), "{text}");
    assert!(!text.contains(&wrong[6..14]), "{text}");
    assert_eq!(book.findings.refusal().rule(), "rows_invalid");
}

both! {
    async fn a_load_is_asked_and_loaded_again(db: Db) {
        let number = id(1);
        let rows = [
            format!("{},王试,养老,暂停参保,2022-03,2024-12,5000,甲公司", number.reveal()),
            format!("{},王试,养老,正常参保,2025-01,2025-04,6000,乙公司", number.reveal()),
            format!("{},王试,医疗,终止参保,2022-03,2022-05,5000,甲公司", number.reveal()),
        ];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let first = load(&db, &csv(&rows)).await.unwrap();
        assert_eq!((first.rows_new, first.persons_new, first.relations_new, first.added.len()), (3, 1, 2, 1));
        let status = ask(&db, &number, "王 试").await;
        assert!(status.person_found && status.name_matches);
        let found: Vec<(Insurance, RelationStatus, i64)> = status.relations.iter().map(|r| (r.insurance, r.status, r.months)).collect();
        assert_eq!(found, [(Insurance::Pension, RelationStatus::Active, 38), (Insurance::Medical, RelationStatus::Terminated, 3)]);
        assert_eq!(status.relations[0].first_month, Some(Month::parse("2022-03").unwrap()));
        assert_eq!(status.relations[0].last_month, Some(Month::parse("2025-04").unwrap()));
        assert!(!ask(&db, &number, "李试").await.name_matches);
        assert!(!ask(&db, &id(2), "王试").await.person_found);

        let again = load(&db, &csv(&rows)).await.unwrap();
        let same = Loaded { rows_skipped: 3, ..Loaded::default() };
        assert_eq!(again, same);

        let extended = format!("{},王试,养老,暂停参保,2025-05,2025-06,6000,乙公司", number.reveal());
        let mut more = rows.clone();
        more.push(&extended);
        let third = load(&db, &csv(&more)).await.unwrap();
        assert_eq!((third.rows_new, third.rows_skipped, third.relations_changed, third.persons_new), (1, 3, 1, 0));
        let relation = &ask(&db, &number, "王试").await.relations[0];
        assert_eq!((relation.status, relation.months), (RelationStatus::Suspended, 40));

        // The account holds the same as if all had come at once.
        let person = PersonId::of(&db.cipher().id_hash(&number));
        let held = ledger::balance(&mut db.read(), wuhan(), Account::personal(Insurance::Pension, person.0)).await.unwrap();
        assert_eq!(held.balance_fen, first.personal_fen + third.personal_fen);
        assert!(third.personal_fen >= 2 * 48_000, "two months at 8 % of 6,000 yuan");
        assert_eq!(ledger::verify(&mut db.read(), wuhan()).await.unwrap(), vec![]);
    }

    async fn blanks_in_a_name_are_no_other_person(db: Db) {
        let row = |name: &str, to: &str| format!("{},{name},养老,正常参保,2022-03,{to},5000,甲公司", id(1).reveal());
        load(&db, &csv(&[&row("王 试", "2024-12")])).await.unwrap();
        load(&db, &csv(&[&row("王　试", "2025-04")])).await.unwrap();
        assert!(ask(&db, &id(1), "王试").await.name_matches);
    }

    async fn an_older_file_does_not_turn_the_status_back(db: Db) {
        let number = id(1);
        let row = |status: &str, from: &str, to: &str| format!("{},王试,养老,{status},{from},{to},5000,甲公司", number.reveal());
        load(&db, &csv(&[&row("暂停参保", "2024-01", "2025-06")])).await.unwrap();
        load(&db, &csv(&[&row("正常参保", "2023-01", "2023-12")])).await.unwrap();
        let relation = &ask(&db, &number, "王试").await.relations[0];
        assert_eq!((relation.status, relation.months), (RelationStatus::Suspended, 30));
    }

    async fn a_file_with_one_error_stores_nothing(db: Db) {
        let good = format!("{},王试,养老,正常参保,2022-03,2025-04,5000,甲公司", id(1).reveal());
        let refused = load(&db, &csv(&[&good, "1,李试,养老,正常参保,2022-03,2025-04,5000,甲公司"])).await.unwrap_err();
        assert_eq!(refused.rule(), "rows_invalid");
        assert!(!ask(&db, &id(1), "王试").await.person_found);
        load(&db, &csv(&[&good])).await.unwrap();
        let renamed = good.replace("王试", "李试").replace("2025-04", "2025-05");
        let refused = load(&db, &csv(&[&renamed])).await.unwrap_err();
        assert_eq!(refused.findings[1].rule, "name_differs_from_record");
        assert_eq!(ask(&db, &id(1), "王试").await.relations[0].months, 38);
    }

    async fn overlapping_rows_count_once_and_are_remembered(db: Db) {
        let number = id(1);
        let row = |from: &str, to: &str, base: &str| format!("{},王试,养老,暂停参保,{from},{to},{base},甲公司", number.reveal());
        load(&db, &csv(&[&row("2026-01", "2026-06", "5000"), &row("2026-05", "2026-08", "5000")])).await.unwrap();
        let relation = &ask(&db, &number, "王试").await.relations[0];
        assert_eq!((relation.months, relation.spans.to_string().as_str()), (8, "202601-202608"));
        let person = PersonId::of(&db.cipher().id_hash(&number));
        let stored = crate::enrolment::find_relation(&mut db.read(), person, wuhan(), Insurance::Pension).await.unwrap().unwrap();
        assert_eq!(stored.duplicates, 2);
        let held = ledger::balance(&mut db.read(), wuhan(), Account::personal(Insurance::Pension, person.0)).await.unwrap();
        assert_eq!(held.balance_fen, 8 * 40_000);
    }

    async fn a_clerk_may_not_load_and_no_agency_loads_for_another(db: Db) {
        let mut book = read_file(&csv(&[&format!("{},王试,养老,正常参保,2022-03,2025-04,5000,甲公司", id(1).reveal())])).unwrap();
        let mut tx = db.begin().await.unwrap();
        let other = Actor::system(Organisation::Agency(RegionCode::new(430_100).unwrap()));
        let clerk = Actor { role: Role::AgencyClerk, ..Actor::system(Organisation::Agency(wuhan())) };
        for (actor, rule) in [(other, "not_found"), (clerk, "permission_denied")] {
            let refused = apply(&mut tx, &actor, policy::RuleBook::embedded(), wuhan(), &mut book, today(), &mut |_| {}).await.unwrap_err();
            assert_eq!(refused.rule(), rule);
        }
    }

    async fn a_sample_of_thousands_loads_and_balances(db: Db) {
        let mut bytes = Vec::new();
        write_sample(&mut bytes, 3_000, wuhan(), 7).unwrap();
        let sample = file("sample.csv", &bytes);
        let loaded = load(&db, &sample).await.unwrap();
        assert_eq!(loaded.persons_new, 3_000);
        assert_eq!(loaded.added.len(), 3_000);
        let number = sample_id(2_999, wuhan(), 7);
        assert!(ask(&db, &number, &sample_name(2_999)).await.name_matches);
        assert_eq!(ledger::verify(&mut db.read(), wuhan()).await.unwrap(), vec![]);
        let again = load(&db, &sample).await.unwrap();
        assert_eq!((again.rows_new, again.rows_skipped, again.journal_id), (0, loaded.rows_new, None));
    }
}
