//! Rosters: every hostile or mistaken input with the rule that refuses it, and the sheets that go back.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;

use common::{HEADER, Nation, answer, cells, changsha, guangzhou, id, relation, sheets, today, wuhan, xlsx};
use employer::insurance::preflight::Verdict;
use employer::insurance::roster::row::{Roster, weigh};
use employer::insurance::roster::{MAX_BYTES, check, read_roster, workbook};
use standard::{Insurance, Refusal, RelationStatus};

fn roster(bytes: &[u8]) -> Result<Roster, Refusal> {
    let found = read_roster(bytes)?;
    weigh(found.sheet, found.layout, today())
}

fn refused(bytes: &[u8]) -> String {
    match roster(bytes) {
        Ok(_) => "accepted".to_string(),
        Err(refusal) => {
            let finding = &refusal.findings[0];
            assert!(finding.remedy.is_some(), "{} says what to do next", finding.rule);
            finding.rule.clone()
        }
    }
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn files_that_cannot_be_rosters_are_refused_by_name() {
    let number = id("1990-05-01", 11);
    let good = vec![
        "王敏",
        number.reveal(),
        "13800138000",
        "2026-12-01",
        "长沙",
        "研发",
        "工程师",
        "8500",
    ];
    let zeros = vec![0u8; 40 << 20];
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("50 MB", vec![b'a'; 50 << 20], "roster_too_large"),
        ("just over the limit", vec![b'a'; MAX_BYTES + 1], "roster_too_large"),
        ("zip bomb", packed(&[("xl/worksheets/sheet1.xml", &zeros)]), "roster_zip_bomb"),
        ("zip but no workbook", packed(&[("readme.txt", b"hello")]), "roster_unreadable"),
        ("broken zip", b"PK\x03\x04 and then nonsense".to_vec(), "roster_unreadable"),
        ("old excel", vec![0xD0, 0xCF, 0x11, 0xE0, 0, 0], "roster_old_excel"),
        ("nothing", Vec::new(), "roster_empty"),
        ("blanks", b" \r\n\t ".to_vec(), "roster_empty"),
        ("empty workbook", xlsx(&[]), "roster_empty"),
        ("a picture", vec![0x89, b'P', b'N', b'G', 0, 0, 0, 13], "roster_unknown_encoding"),
        ("header alone", xlsx(&[HEADER.to_vec()]), "roster_no_rows"),
        (
            "missing column",
            xlsx(&[vec!["姓名", "入职日期", "参保城市"], vec!["王敏", "2026-12-01", "长沙"]]),
            "roster_column_missing",
        ),
        ("no header", xlsx(std::slice::from_ref(&good)), "roster_column_missing"),
        (
            "same column twice",
            xlsx(&[vec!["姓名", "证件号码", "身份证号", "入职日期", "参保城市"], good]),
            "roster_column_twice",
        ),
    ];
    for (what, bytes, rule) in table {
        assert_eq!(refused(&bytes), rule, "{what}");
    }
}

#[test]
fn more_than_a_hundred_thousand_rows_are_refused() {
    let mut csv = String::from("姓名,证件号码,入职日期,参保城市\n");
    for _ in 0..100_001 {
        csv.push_str("王敏,1,2026-12-01,长沙\n");
    }
    assert_eq!(refused(csv.as_bytes()), "roster_too_many_rows");
}

#[test]
fn a_cell_at_the_far_corner_costs_nothing() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in (0u16..).zip(HEADER) {
        sheet.write_string(0, column, header).unwrap();
    }
    sheet.write_string(1_048_575, 0, "王敏").unwrap();
    let roster = roster(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(roster.rows.len(), 1);
    assert_eq!(roster.rows[0].raw.number, 1_048_576);
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 16_383, "far").unwrap();
    assert_eq!(refused(&book.save_to_buffer().unwrap()), "roster_too_many_columns");
}

/// One row with one cell replaced: the field and rule that come out, or nothing.
fn fault(column: &str, value: &str) -> Option<(String, String)> {
    let number = id("1990-05-01", 11);
    let mut row = vec![
        "王敏",
        number.reveal(),
        "13800138000",
        "2026-12-01",
        "长沙",
        "研发",
        "工程师",
        "8500",
    ];
    let at = HEADER.iter().position(|header| *header == column).unwrap();
    row[at] = value;
    let roster = roster(&xlsx(&[HEADER.to_vec(), row])).unwrap();
    let row = &roster.rows[0];
    assert_eq!(row.good.is_none(), !row.faults.is_empty(), "{column} {value}");
    row.faults.first().map(|finding| {
        assert!(
            finding.is_blocking() && finding.remedy.is_some(),
            "{column} {value} {}",
            finding.rule
        );
        (finding.field.clone().unwrap_or_default(), finding.rule.clone())
    })
}

#[test]
fn every_bad_cell_has_its_rule() {
    let number = id("1990-05-01", 11).reveal().to_string();
    let wrong = format!("{}{}", &number[..17], if number.ends_with('1') { '2' } else { '1' });
    let future = id("2026-11-30", 11).reveal().to_string();
    let child = id("2015-01-01", 11).reveal().to_string();
    let apostrophe = format!("'{number}");
    let blanks = format!("{} {}", &number[..6], &number[6..]);
    type Expected = Option<(&'static str, &'static str)>;
    let table: Vec<(&str, &str, Expected)> = vec![
        ("姓名", "", Some(("name", "name_missing"))),
        ("姓名", "王敏@", Some(("name", "name_unreadable"))),
        ("姓名", " 王 敏 ", None),
        ("姓名", "买买提·艾力", None),
        ("姓名", "Anna Smith", None),
        ("姓名", "=A1", Some(("name", "formula_cell"))),
        ("证件号码", "", Some(("id_number", "id_number_missing"))),
        ("证件号码", &wrong, Some(("id_number", "id_number_check_digit"))),
        ("证件号码", "430102199013011231", Some(("id_number", "id_number_birth_date"))),
        ("证件号码", &future, Some(("id_number", "id_number_birth_future"))),
        ("证件号码", "43010219900501", Some(("id_number", "id_number_length"))),
        ("证件号码", &apostrophe, Some(("id_number", "id_number_stray_characters"))),
        ("证件号码", &blanks, Some(("id_number", "id_number_stray_characters"))),
        ("证件号码", &child, Some(("hired_on", "under_working_age"))),
        ("手机号码", "", None),
        ("手机号码", "+86 138-0013-8000", None),
        ("手机号码", "0731-88880000", None),
        ("手机号码", "12345", Some(("phone", "phone_unreadable"))),
        ("手机号码", "12000138000", Some(("phone", "phone_unreadable"))),
        ("入职日期", "", Some(("hired_on", "hired_on_missing"))),
        ("入职日期", "2026/12/1", None),
        ("入职日期", "2026年12月1日", None),
        ("入职日期", "20261201", None),
        ("入职日期", "2026-02-30", Some(("hired_on", "hired_on_unreadable"))),
        ("入职日期", "下周一", Some(("hired_on", "hired_on_unreadable"))),
        ("入职日期", "1989-01-01", Some(("hired_on", "hired_before_birth"))),
        ("入职日期", "2027-11-21", None),
        ("入职日期", "2027-11-22", Some(("hired_on", "hired_over_a_year_ahead"))),
        ("入职日期", "=TODAY()", Some(("hired_on", "formula_cell"))),
        ("参保城市", "", Some(("region", "region_missing"))),
        ("参保城市", "武汉市", None),
        ("参保城市", "湖北省武汉市", None),
        ("参保城市", "420100", None),
        ("参保城市", "北京", None),
        ("参保城市", "哥谭", Some(("region", "region_unknown"))),
        ("参保城市", "郑州", Some(("region", "region_not_connected"))),
        ("参保城市", "湖南", Some(("region", "region_unknown"))),
        ("月工资", "", None),
        ("月工资", "￥8,500.50元", None),
        ("月工资", "面议", Some(("wage", "wage_unreadable"))),
        ("月工资", "8500.123", Some(("wage", "wage_unreadable"))),
        ("月工资", "-1", Some(("wage", "wage_not_positive"))),
        ("月工资", "0", Some(("wage", "wage_not_positive"))),
        ("月工资", "99999999999", Some(("wage", "wage_unreadable"))),
        ("月工资", "=1+1", Some(("wage", "formula_cell"))),
    ];
    for (column, value, expected) in table {
        let expected = expected.map(|(field, rule)| (field.to_string(), rule.to_string()));
        assert_eq!(fault(column, value), expected, "{column} = {value:?}");
    }
}

#[test]
fn all_faults_of_a_row_are_told_at_once() {
    let roster = roster(&xlsx(&[HEADER.to_vec(), vec!["1", "2", "3", "4", "5", "", "", "x"]])).unwrap();
    let fields: Vec<&str> = roster.rows[0].faults.iter().filter_map(|f| f.field.as_deref()).collect();
    assert_eq!(fields, ["name", "id_number", "hired_on", "region", "phone", "wage"]);
}

#[test]
fn numbers_and_dates_are_read_as_excel_stores_them() {
    let number = id("1990-05-01", 11);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in (0u16..).zip(HEADER) {
        sheet.write_string(0, column, header).unwrap();
    }
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 12, 1).unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for row in 1..=2 {
        sheet.write_string(row, 0, "王敏").unwrap();
        sheet.write_number(row, 2, 13_800_138_000_f64).unwrap();
        sheet.write_datetime_with_format(row, 3, &day, &format).unwrap();
        sheet.write_string(row, 4, "长沙").unwrap();
        sheet.write_number(row, 7, 8_500.1).unwrap();
    }
    sheet.write_string(1, 1, number.reveal()).unwrap();
    sheet.write_number(2, 1, 430_102_199_005_010_000_f64).unwrap();
    let roster = roster(&book.save_to_buffer().unwrap()).unwrap();
    let good = roster.rows[0].good.as_ref().unwrap();
    assert_eq!(good.hired_on.to_string(), "2026-12-01");
    assert_eq!(good.phone.as_deref(), Some("13800138000"));
    assert_eq!(good.wage_fen.unwrap().fen(), 850_010);
    assert_eq!(roster.rows[1].faults[0].rule, "id_number_as_number");
}

#[test]
fn headers_come_in_any_order_with_any_name_and_extra_columns_stay() {
    let number = id("1990-05-01", 11);
    let csv = format!(
        "工牌,身 份 证 号（必填）, 入职时间 *,参保地：,员工姓名,备注\nA1,{},2026-12-01,武汉,王敏,左撇子\n",
        number.reveal()
    );
    let roster = roster(csv.as_bytes()).unwrap();
    let good = roster.rows[0].good.as_ref().unwrap();
    assert_eq!((good.name.as_str(), good.region), ("王敏", wuhan()));
    assert_eq!(roster.layout.headers.len(), 6);
}

#[test]
fn csv_is_read_in_every_encoding_excel_writes() {
    let number = id("1990-05-01", 11);
    let text = format!("姓名,证件号码,入职日期,参保城市\n王敏,{},2026-12-01,长沙\n", number.reveal());
    let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
    assert!(std::str::from_utf8(&gbk).is_err(), "the test is about bytes that are not UTF-8");
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain(text.replace(',', "\t").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [text.as_bytes().to_vec(), gbk, marked, utf16] {
        assert_eq!(roster(&bytes).unwrap().rows[0].good.as_ref().unwrap().name, "王敏");
    }
}

#[test]
fn the_second_row_of_a_number_is_refused_and_points_to_the_first() {
    let number = id("1990-05-01", 11);
    let row = || vec!["王敏", number.reveal(), "", "2026-12-01", "长沙", "", "", ""];
    let roster = roster(&xlsx(&[HEADER.to_vec(), row(), row()])).unwrap();
    assert!(roster.rows[0].good.is_some());
    assert_eq!(roster.rows[1].faults[0].rule, "duplicate_row");
    assert!(roster.rows[1].faults[0].message.zh.contains("第 2 行"));
}

fn nation() -> (Nation, [standard::IdNumber; 5]) {
    let ids = [
        id("1990-05-01", 11),
        id("1991-05-01", 11),
        id("1992-05-01", 11),
        id("1993-05-01", 11),
        id("1994-05-01", 11),
    ];
    let nation = Nation::default();
    let pension = |region, status| relation(region, Insurance::Pension, status, 38, "2025-04");
    nation.knows(
        &ids[1],
        "李强",
        answer(vec![
            pension(wuhan(), RelationStatus::Active),
            pension(guangzhou(), RelationStatus::Suspended),
        ]),
    );
    nation.knows(&ids[2], "赵磊", answer(vec![pension(wuhan(), RelationStatus::Terminated)]));
    nation.knows(&ids[3], "另有其人", answer(vec![pension(wuhan(), RelationStatus::Active)]));
    nation.knows(&ids[4], "周洁", answer(vec![pension(changsha(), RelationStatus::Active)]));
    (nation, ids)
}

#[tokio::test]
async fn the_result_keeps_rows_order_and_columns_and_adds_three() {
    let (nation, ids) = nation();
    let names = ["王敏", "李强", "赵磊", "孙伟", "周洁"];
    let mut rows = vec![
        vec!["新员工名单（十一月）"],
        vec!["备注", "姓名", "证件号码", "入职日期", "参保城市"],
    ];
    for (name, id) in names.iter().zip(&ids) {
        rows.push(vec!["=2+3", name, id.reveal(), "2026-12-01", "长沙"]);
    }
    rows.insert(4, vec!["", "坏行", "123", "2026-12-01", "哥谭"]);
    let roster = roster(&xlsx(&rows)).unwrap();
    let heard = std::sync::Mutex::new(Vec::new());
    let results = check::check_rows(&nation, &roster.rows, today(), "test", &|done, total| {
        heard.lock().unwrap().push((done, total))
    })
    .await
    .unwrap();
    assert_eq!(heard.lock().unwrap().last(), Some(&(6, 6)));
    let book = workbook::result((&roster).into(), roster.rows.iter().map(|row| &row.raw).zip(&results)).unwrap();
    let shown = cells(&book);
    assert_eq!(shown[0][0], "新员工名单（十一月）");
    assert_eq!(
        shown[1],
        ["备注", "姓名", "证件号码", "入职日期", "参保城市", "结果", "原参保地", "说明"]
    );
    let column = |at: usize| {
        shown[2..]
            .iter()
            .map(|row| row.get(at).map_or("", String::as_str))
            .collect::<Vec<_>>()
    };
    assert_eq!(column(1), ["王敏", "李强", "坏行", "赵磊", "孙伟", "周洁"]);
    assert_eq!(
        column(5),
        ["可直接参保", "需办理转移", "数据有误", "可直接参保", "数据有误", "可直接参保"]
    );
    assert_eq!(column(6), ["", "武汉、广州", "", "", "", ""]);
    assert!(shown[3][7].starts_with("该员工在武汉仍有在缴养老保险，请先办理转移手续；"));
    assert!(shown[4][7].contains('；'), "both faults of the bad row: {}", shown[4][7]);
    assert_eq!(shown[3][2], ids[1].reveal());
}

#[tokio::test]
async fn the_error_sheet_holds_the_bad_rows_and_can_be_mended_and_uploaded() {
    let (nation, ids) = nation();
    let row = |name, id, city| vec![name, id, "", "2026-12-01", city, "", "", ""];
    let bytes = xlsx(&[HEADER.to_vec(), row("王敏", ids[0].reveal(), "长沙"), row("坏行", "123", "哥谭")]);
    let first = roster(&bytes).unwrap();
    let results = check::check_rows(&nation, &first.rows, today(), "test", &|_, _| {}).await.unwrap();
    let book = workbook::errors((&first).into(), first.rows.iter().map(|row| &row.raw).zip(&results)).unwrap();
    let shown = cells(&book);
    assert_eq!(shown.len(), 2);
    assert_eq!(shown[0][8..], ["错误原因", "原行号"]);
    assert_eq!(shown[1][9], "3");
    assert_eq!((shown[1][0].as_str(), shown[1][4].as_str()), ("坏行", "哥谭"));
    assert!(shown[1][8].contains("参保城市"));
    // Uploaded again, the same column is written over, not added once more.
    let again = roster(&book).unwrap();
    let results = check::check_rows(&nation, &again.rows, today(), "test", &|_, _| {}).await.unwrap();
    let book = workbook::errors((&again).into(), again.rows.iter().map(|row| &row.raw).zip(&results)).unwrap();
    assert_eq!(cells(&book)[0].len(), 10);
}

#[tokio::test]
async fn the_rosters_own_columns_are_kept_and_only_an_earlier_result_is_written_over() {
    let (nation, ids) = nation();
    let number = ids[1].reveal();
    let written = async |head: Vec<&str>, row: Vec<&str>| {
        let roster = roster(&xlsx(&[head, row])).unwrap();
        let results = check::check_rows(&nation, &roster.rows, today(), "test", &|_, _| {}).await.unwrap();
        cells(&workbook::result((&roster).into(), roster.rows.iter().map(|row| &row.raw).zip(&results)).unwrap())
    };
    let own = written(
        vec!["姓名", "说明", "证件号码", "入职日期", "参保城市", "结果"],
        vec!["李强", "试用期三个月", number, "2026-12-01", "长沙", "已面试", "无表头的备注"],
    )
    .await;
    assert_eq!(
        own[0],
        [
            "姓名",
            "说明",
            "证件号码",
            "入职日期",
            "参保城市",
            "结果",
            "",
            "结果",
            "原参保地",
            "说明"
        ]
    );
    assert_eq!(
        (own[1][1].as_str(), own[1][5].as_str(), own[1][6].as_str()),
        ("试用期三个月", "已面试", "无表头的备注")
    );
    assert_eq!((own[1][7].as_str(), own[1][8].as_str()), ("需办理转移", "武汉、广州"));
    let again = written(
        vec!["姓名", "证件号码", "入职日期", "参保城市", "结果", "原参保地", "说明"],
        vec!["李强", number, "2026-12-01", "长沙", "可直接参保", "", "旧的"],
    )
    .await;
    assert_eq!((again[0].len(), again[1][4].as_str()), (7, "需办理转移"));
}

#[tokio::test]
async fn rows_of_a_text_are_numbered_as_an_editor_does() {
    let numbers = [id("1990-05-01", 11), id("1991-05-01", 11)];
    let (first, second) = (numbers[0].reveal(), numbers[1].reveal());
    for end in ["\n", "\r\n"] {
        let text = [
            "姓名,证件号码,入职日期,参保城市,备注",
            "",
            &format!("王敏,{first},2026-12-01,长沙,\"两行{end}备注\""),
            &format!("李强,{second},2026-12-01,长沙,"),
            &format!("王敏,{first},2026-12-01,长沙,"),
        ]
        .join(end);
        let roster = roster(text.as_bytes()).unwrap();
        assert_eq!(
            roster.rows.iter().map(|row| row.raw.number).collect::<Vec<_>>(),
            [3, 5, 6],
            "{end:?}"
        );
        assert!(
            roster.rows[2].faults[0].message.zh.contains("第 3 行"),
            "{:?}",
            roster.rows[2].faults
        );
        let results = check::check_rows(&Nation::default(), &roster.rows, today(), "test", &|_, _| {})
            .await
            .unwrap();
        let book = workbook::result((&roster).into(), roster.rows.iter().map(|row| &row.raw).zip(&results)).unwrap();
        assert_eq!(cells(&book).len(), 4, "no blank rows in the result");
    }
}

#[test]
fn a_separator_below_a_title_is_told() {
    let number = id("1990-05-01", 11);
    for separator in [";", "\t", "|"] {
        let rows = [
            "十一月名单".to_string(),
            ["姓名", "证件号码", "入职日期", "参保城市"].join(separator),
            ["王敏", number.reveal(), "2026-12-01", "长沙"].join(separator),
        ];
        assert!(roster(rows.join("\n").as_bytes()).unwrap().rows[0].good.is_some(), "{separator:?}");
    }
}

#[test]
fn instructions_and_hidden_sheets_are_passed_over() {
    let number = id("1990-05-01", 11);
    let row = |name| vec![name, number.reveal(), "", "2026-12-01", "长沙", "", "", ""];
    let book = sheets(&[("填写说明", &[vec!["请逐行填写"]]), ("名单", &[HEADER.to_vec(), row("王敏")])]);
    let found = read_roster(&book).unwrap();
    assert_eq!((found.sheet.name.as_str(), found.unread.len()), ("名单", 0));
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, hidden) in [("旧", true), ("新", false)] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap().set_hidden(hidden);
        for (at, (head, text)) in (0u16..).zip(HEADER.iter().zip(row("王敏"))) {
            sheet.write_string(0, at, *head).unwrap();
            sheet.write_string(1, at, text).unwrap();
        }
        if !hidden {
            sheet.set_active(true);
        }
    }
    let found = read_roster(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!((found.sheet.name.as_str(), found.unread.len()), ("新", 0));
}

#[test]
fn a_bare_number_in_a_workbook_that_counts_from_1904_is_the_day_it_shows() {
    let number = id("1990-05-01", 11);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (at, header) in (0u16..).zip(["姓名", "证件号码", "参保城市"]) {
        sheet.write_string(0, at, header).unwrap();
    }
    for (at, text) in (0u16..).zip(["王敏", number.reveal(), "长沙"]) {
        sheet.write_string(1, at, text).unwrap();
    }
    sheet.write_string(0, 3, "入职日期").unwrap();
    sheet.write_number(1, 3, 44_895).unwrap();
    let plain = book.save_to_buffer().unwrap();
    let day = |bytes: &[u8]| roster(bytes).unwrap().rows[0].good.as_ref().unwrap().hired_on.to_string();
    assert_eq!(day(&plain), "2022-11-30");
    assert_eq!(day(&since_1904(&plain)), "2026-12-01");
}

/// The same workbook with the switch Excel for the Mac once set.
fn since_1904(book: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut parts = Vec::new();
    for at in 0..old.len() {
        let mut part = old.by_index(at).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        let name = part.name().unwrap().into_owned();
        if name == "xl/workbook.xml" {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains("<workbookPr "), "{text}");
            content = text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ").into_bytes();
        }
        parts.push((name, content));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    packed(&parts)
}

#[test]
fn the_template_has_every_column_and_nobody() {
    let template = workbook::template().unwrap();
    assert_eq!(cells(&template)[0], HEADER);
    assert_eq!(refused(&template), "roster_no_rows");
}

#[tokio::test]
async fn a_silent_region_is_asked_again_and_then_named() {
    let nation = Nation::default();
    let number = id("1990-05-01", 11);
    nation.knows(
        &number,
        "王敏",
        exchange::StatusAnswer {
            unanswered: vec![guangzhou()],
            ..answer(vec![])
        },
    );
    let roster = roster(&xlsx(&[
        HEADER.to_vec(),
        vec!["王敏", number.reveal(), "", "2026-12-01", "长沙", "", "", ""],
    ]))
    .unwrap();
    let results = check::check_rows(&nation, &roster.rows, today(), "test", &|_, _| {}).await.unwrap();
    assert_eq!(results[0].verdict, Verdict::Unanswered);
    assert!(results[0].explanation().contains("广州"));
    assert_eq!(*nation.asked.lock().unwrap(), 3);
}
