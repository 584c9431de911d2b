//! How files are opened: rows numbered, separators, sheets, months kept as numbers, bombs.
#![allow(clippy::unwrap_used)]

use super::tests::{File, HEADING, file, id, read_file};
use super::*;

#[test]
fn rows_are_numbered_as_an_editor_does() {
    let good = |index: u32, employer: &str| format!("{},王试,养老,正常参保,2022-03,2025-04,5000,{employer}", id(index).reveal());
    for end in ["\n", "\r\n", "\r"] {
        let bad = good(3, "甲公司").replace("养老", "车险");
        let quoted = good(2, &format!("\"甲{end}公司\"")).replace("2022-03", "2022-13");
        for last in ["", end] {
            let text = [HEADING, "", &good(1, "甲公司"), &quoted, &bad].join(end) + last;
            let found = read_file(&file("a.csv", text.as_bytes())).unwrap().findings.errors;
            let named: Vec<(u64, &str)> = found.iter().map(|one| (one.row, one.finding.rule.as_str())).collect();
            assert_eq!(
                named,
                [(4, "month_format"), (4, "employer_name_invalid"), (6, "insurance_unknown")],
                "{end:?}"
            );
        }
    }
}

#[test]
fn other_separators_are_read() {
    for separator in [";", "\t"] {
        let row = format!("{},王试,养老,正常参保,2022-03,2025-04,5000,甲公司", id(1).reveal());
        let text = format!("{HEADING}\n{row}\n").replace(',', separator);
        assert_eq!(read_file(&file("a.csv", text.as_bytes())).unwrap().findings.error_count, 0);
    }
}

/// Sheets of text; in the months' columns a number stands for a cell kept as one.
fn workbook(sheets: &[(&str, bool, Vec<Vec<String>>)]) -> File {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, hidden, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap().set_hidden(*hidden).set_active(!hidden);
        for (at, row) in (0..).zip(rows) {
            for (column, text) in (0..).zip(row) {
                match text.parse::<f64>() {
                    Ok(number) if column == 4 || column == 5 => drop(sheet.write_number(at, column, number).unwrap()),
                    _ => drop(sheet.write_string(at, column, text).unwrap()),
                }
            }
        }
    }
    file("a.xlsx", &book.save_to_buffer().unwrap())
}

fn table(rows: &[(u32, &str, &str)]) -> Vec<Vec<String>> {
    let heading = COLUMNS.map(|(name, _)| name.to_owned()).to_vec();
    let row = |(index, from, to): &(u32, &str, &str)| {
        let person = id(*index);
        [person.reveal(), "王试", "养老", "正常参保", from, to, "5000", "甲公司"]
            .map(str::to_owned)
            .to_vec()
    };
    std::iter::once(heading).chain(rows.iter().map(row)).collect()
}

#[test]
fn a_month_kept_as_a_number_is_refused_when_it_may_be_january_or_october() {
    let rows = [
        (1, "2022.1", "2025-04"),
        (2, "2022.12", "202504"),
        (3, "2022.2", "2025.11"),
        (4, "202203", "2025.1"),
    ];
    let book = read_file(&workbook(&[("a", false, table(&rows))])).unwrap();
    let named: Vec<(u64, &str, &str)> = book
        .findings
        .errors
        .iter()
        .map(|one| (one.row, one.column, one.finding.rule.as_str()))
        .collect();
    assert_eq!(named, [(2, "起始年月", "month_as_number"), (5, "终止年月", "month_as_number")]);
    assert_eq!(book.lines.len(), 2);
}

#[test]
fn the_sheet_with_the_heading_is_read_and_another_like_it_is_told() {
    let note = vec![vec!["填写说明".to_owned()]];
    let people = |index| table(&[(index, "2022-03", "2025-04")]);
    let book = read_file(&workbook(&[
        ("旧", true, people(1)),
        ("说明", false, note),
        ("甲", false, people(2)),
        ("乙", false, people(3)),
    ]))
    .unwrap();
    assert_eq!((book.findings.error_count, book.persons[0].id_number), (0, id(2)));
    let warning = &book.findings.warnings[0];
    assert_eq!((book.lines.len(), warning.finding.rule.as_str()), (1, "sheet_not_read"));
    assert!(warning.finding.message.zh.contains("“乙”"), "{warning:?}");
}

#[test]
fn a_workbook_that_unpacks_to_far_more_is_refused_before_it_is_parsed() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive
        .start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    archive.write_all(&vec![b' '; 40 << 20]).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert_eq!(read_file(&file("a.xlsx", &bytes)).unwrap_err().rule(), "workbook_too_large");
}
