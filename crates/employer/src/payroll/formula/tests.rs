//! Formulas: what they give to the last digit, and what is refused and where.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use standard::Money;

use super::{Figure, Figures, Formula, Number};

fn figures() -> Figures {
    let mut figures = Figures::all(Number::ZERO);
    figures.set(Figure::Wage, Number::yuan(Money::from_yuan("8000").unwrap()));
    figures.set(Figure::ScheduledHours, Number::whole(168));
    figures.set(Figure::SickLeaveHours, Number::hours(960));
    figures.set(Figure::MinimumWage, Number::whole(2100));
    figures.set(Figure::ServiceMonths, Number::whole(25));
    figures
}

#[track_caller]
fn check(text: &str, yuan: &str) {
    let formula = Formula::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
    let money = formula
        .value(&figures())
        .unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
        .money();
    assert_eq!(money.unwrap().to_yuan(), yuan, "{text}");
}

#[track_caller]
fn refused(text: &str, rule: &str, position: Option<usize>) {
    let fault = match Formula::parse(text) {
        Err(fault) => fault,
        Ok(formula) => formula.value(&figures()).expect_err(text),
    };
    assert_eq!((fault.finding.rule.as_str(), fault.position), (rule, position), "{text}: {fault:?}");
}

#[test]
fn formulas_are_exact() {
    check("月工资", "8000.00");
    // 8000 ÷ 21.75 = 367.8160919…, × 3 = 1103.448…
    check("月工资 / 21.75 * 3", "1103.45");
    // a third three times is the whole again: no digit is lost on the way
    check("月工资 / 3 * 3", "8000.00");
    check("1 / 2", "0.50");
    check("7 / 2 * 2", "7.00");
    // half a fen rounds up: 0.125 → 0.13
    check("0.125", "0.13");
    check("-0.125", "-0.13");
    check("0.1 + 0.2", "0.30");
    // 8000 × 16 ÷ 168 × 60% = 457.142857
    check("月工资 × 病假小时 ÷ 应出勤小时 × 0.6", "457.14");
    // the floor: 2100 × 80% × 16 ÷ 168 = 160
    check(
        "最大(月工资 * 0.01 * 病假小时 / 应出勤小时, 最低工资 * 0.8 * 病假小时 / 应出勤小时)",
        "160.00",
    );
    check("如果（司龄月数 >= 24 && 司龄月数 < 36，200，0）", "200.00");
    check("最小(300, 司龄月数 * 10)", "250.00");
    check("取整(月工资 / 21.75)", "368.00");
    check("保留两位(月工资 / 21.75) * 3", "1103.46");
    check("-(月工资 - 9000)", "1000.00");
    check("如果(!(月工资 > 9000), 1, 2)", "1.00");
}

#[test]
fn what_is_no_formula_is_refused_with_its_place() {
    refused("", "formula_length", None);
    refused(&"1+".repeat(300), "formula_length", None);
    refused("月薪 * 2", "formula_unknown_name", Some(1));
    refused("月工资 * 补助", "formula_unknown_name", Some(7));
    refused("21.75 + 月薪", "formula_unknown_name", Some(9));
    refused("月工资 *", "formula_syntax", Some(5));
    refused("月工资 > 3000", "formula_type", None);
    refused("1.2.3", "formula_number", Some(1));
    refused("1.", "formula_number", Some(1));
    refused("12345678901234567890", "formula_number", Some(1));
    refused("月工资 / (应出勤天数 - 应出勤天数)", "formula_arithmetic", None);
    refused(
        "9999999999999 * 9999999999999 * 9999999999999 * 9999999999999",
        "formula_arithmetic",
        None,
    );
    refused(&format!("{}1{}", "(".repeat(60), ")".repeat(60)), "formula_too_deep", Some(25));
    refused("\"a\"", "formula_syntax", Some(1));
    for text in [
        "while true {}",
        "let a = 1",
        "fn f() { 1 }",
        "eval(1)",
        "print(1)",
        "import 1",
        "月工资 = 3",
        "月工资; 1",
        "if 月工资 > 1 { 1 } else { 2 }",
        "[1,2,3]",
        "#{a: 1}",
        "月工资.abs()",
        "sin(1)",
        "1 in 2",
        "|x| x",
        "1..2",
        "2 ** 3",
        "5 % 2",
        "1 << 60",
        "月工资 ?? 1",
        "如果(1, 2, 3)",
        "true",
        "()",
    ] {
        assert!(Formula::parse(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[月工资录入最大如果0-9.+*/()（），<>=&|! -]{0,80}") {
        if let Ok(formula) = Formula::parse(&text) {
            let _ = formula.value(&figures());
        }
    }

    #[test]
    fn sums_of_fen_are_whole(a in -10_000_000_i64..10_000_000, b in -10_000_000_i64..10_000_000) {
        let formula = Formula::parse("月工资 + 录入").unwrap();
        let mut figures = figures();
        figures.set(Figure::Wage, Number::yuan(Money::from_fen(a)));
        figures.set(Figure::Entered, Number::yuan(Money::from_fen(b)));
        prop_assert_eq!(formula.value(&figures).unwrap().money().unwrap().fen(), a + b);
    }
}
