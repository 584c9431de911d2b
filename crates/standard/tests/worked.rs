//! Worked examples of ID numbers, credit codes and working days: (input, what must come out).
#![allow(clippy::unwrap_used)]

use standard::calendar::{DayType, day_type, working_days};
use standard::{CreditCode, Date, Finding, IdNumber};

fn rule<T>(result: Result<T, Finding>) -> String {
    result.map_or_else(|finding| finding.rule, |_| "valid".to_owned())
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn id_numbers() {
    let cases = [
        ("11010519491231002X", "valid"),
        ("440524188001010014", "valid"),
        ("110105194912310021", "id_number_check_digit"),
        ("440524188001010015", "id_number_check_digit"),
        ("110105194902290028", "id_number_birth_date"),
        (" １１０１０５１９４９１２３１００２ｘ ", "valid"),
        ("11010519491231002", "id_number_length"),
        ("11010519491231002XX", "id_number_length"),
        ("", "id_number_length"),
        ("1101051949123100 2X", "id_number_stray_characters"),
        ("11010519491231O02X", "id_number_characters"),
        ("X1010519491231002X", "id_number_characters"),
        ("110105194912310020X", "id_number_length"),
        ("990105194912310020", "id_number_region"),
        ("110105194913310020", "id_number_birth_date"),
        ("110105491231002", "id_number_fifteen_digits"),
        ("１１０１０５４９１２３１００２", "id_number_fifteen_digits"),
    ];
    for (text, expected) in cases {
        assert_eq!(rule(IdNumber::parse(text)), expected, "{text:?}");
    }
}

#[test]
fn an_id_number_tells_birth_sex_and_place() {
    let number = IdNumber::parse("11010519491231002x").unwrap();
    assert_eq!(number.birth_date(), date("1949-12-31"));
    assert_eq!(number.sex(), standard::Sex::Female);
    assert_eq!(number.region().full_name(), "北京市朝阳区");
    assert_eq!(number.age_on(date("2009-12-30")), 59);
    assert_eq!(number.age_on(date("2009-12-31")), 60);
    assert_eq!(number.reveal(), "11010519491231002X");
    assert_eq!(format!("{number} {number:?}"), "110105********002X IdNumber(110105********002X)");
}

#[test]
fn a_fifteen_digit_number_is_refused_with_its_eighteen_digits() {
    let finding = IdNumber::parse("110105491231002").unwrap_err();
    let remedy = finding.remedy.unwrap();
    assert!(remedy.zh.contains("11010519491231002X"), "{remedy:?}");
    assert!(remedy.en.contains("11010519491231002X"), "{remedy:?}");
    // no calendar day: nothing to convert to
    let finding = IdNumber::parse("110105490231002").unwrap_err();
    assert_eq!(
        (finding.rule.as_str(), finding.remedy.unwrap().zh.as_str()),
        ("id_number_fifteen_digits", "请填写身份证上的18位号码")
    );
}

#[test]
fn birth_dates_are_looked_at_on_a_given_day() {
    let number = IdNumber::parse("11010519491231002X").unwrap();
    assert_eq!(rule(number.check_on(date("1949-12-30"))), "id_number_birth_future");
    assert_eq!(rule(number.check_on(date("1949-12-31"))), "valid");
    assert_eq!(rule(number.check_on(date("2079-01-01"))), "valid");
    assert_eq!(rule(number.check_on(date("2080-01-01"))), "id_number_age");
}

#[test]
fn credit_codes() {
    let cases = [
        ("91350100M000100Y43", "valid"),
        ("91330100716105852F", "valid"),
        ("914403001922038216", "valid"),
        (" ９１３５０１００m000100y43", "valid"),
        ("91350100M000100Y44", "credit_code_check_character"),
        ("91350100I000100Y43", "credit_code_characters"),
        ("9135010OM000100Y43", "credit_code_characters"),
        ("91350100M000100Y4", "credit_code_length"),
        ("91350100M000100Y4Z", "credit_code_characters"),
        ("91A50100M000100Y43", "credit_code_characters"),
        ("", "credit_code_length"),
    ];
    for (text, expected) in cases {
        assert_eq!(rule(CreditCode::parse(text)), expected, "{text:?}");
    }
}

#[test]
fn day_types() {
    let cases = [
        ("2024-10-12", "workday", false),
        ("2025-10-08", "holiday", false),
        ("2026-01-04", "workday", false),
        ("2026-09-20", "workday", false),
        ("2026-10-08", "workday", false),
        ("2026-11-21", "rest_day", false),
        ("2026-11-23", "workday", false),
        ("2025-01-28", "holiday", true),  // 除夕, statutory from 2025
        ("2020-01-24", "holiday", false), // 除夕, a day off but not statutory then
        ("2024-02-09", "workday", false), // 除夕, not even a day off
        ("2025-05-02", "holiday", true),
        ("2024-05-02", "holiday", false),
        ("2025-10-06", "holiday", true), // 中秋 within the National Day days off
        ("2013-02-09", "holiday", true), // 除夕, statutory 2008 to 2013
        ("2014-01-31", "holiday", true),
        ("2024-04-04", "holiday", true), // 清明
    ];
    for (day, name, statutory) in cases {
        let found = day_type(date(day)).unwrap();
        assert_eq!((found.name(), found.is_statutory()), (name, statutory), "{day}");
    }
    assert_eq!(day_type(date("2024-10-12")).unwrap(), DayType::MakeUpWorkday("国庆节"));
    assert_eq!(rule(day_type(date("2027-01-01"))), "calendar_not_encoded");
    assert_eq!(rule(day_type(date("2003-12-31"))), "calendar_not_encoded");
}

#[test]
fn working_days_of_years() {
    for (year, expected) in [(2023, 249), (2024, 251), (2025, 248), (2026, 248)] {
        let days = working_days(date(&format!("{year}-01-01")), date(&format!("{year}-12-31"))).unwrap();
        assert_eq!(days, expected, "{year}");
    }
    assert_eq!(working_days(date("2026-01-02"), date("2026-01-01")).unwrap(), 0);
    assert_eq!(rule(working_days(date("2026-12-31"), date("2027-01-01"))), "calendar_not_encoded");
}

#[test]
fn statutory_days_of_each_year_are_those_of_the_regulation() {
    for year in 2004..=2026_i16 {
        let first = Date::new(year, 1, 1).unwrap();
        let days = first.series(jiff::Span::new().days(1)).take_while(|day| day.year() == year);
        let statutory = days.filter(|day| day_type(*day).unwrap().is_statutory()).count();
        let expected = match year {
            ..2008 => 10,
            // 中秋 fell on a National Day in 2009 and 2020
            2009 | 2020 => 10,
            // the 70th anniversary of victory was a day off of its own
            2015 => 12,
            2008..2025 => 11,
            2025.. => 13,
        };
        assert_eq!(statutory, expected, "{year}");
    }
}
