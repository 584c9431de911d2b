//! Payslips computed by hand, to the fen. 长沙 2026: base 4 106—20 529; employee 8% + 2% + 0.3%, employer 16% + 8% + 0.7% + 0.16% + 0.7%;
//! minimum wage 2 200; housing fund from 2026-07 2 200—32 744. September 2026 has 22 working days and 中秋, so 23 paid days.
#![allow(clippy::unwrap_used, missing_docs)]

use employer::insurance::base::BaseOrigin;
use employer::payroll::component::{Proration, Scheme};
use employer::payroll::compute::MonthContext;
use employer::payroll::inputs::{Attendance, Entered, Inputs, YearToDate};
use employer::payroll::slip::{LineRecorder, Slip};
use policy::{RuleBook, Silent};
use proptest::prelude::*;
use standard::{Date, Money, Month, Rate};

fn yuan(text: &str) -> Money {
    Money::from_yuan(text).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// Employed in 长沙 since 2020 at one wage, which is also the base; everything else as usual.
fn person(wage: &str) -> Inputs {
    Inputs {
        region: "430100".parse().unwrap(),
        hired_on: day("2020-01-01"),
        left_on: None,
        wages: vec![(day("2020-01-01"), yuan(wage))],
        special_additional: Money::ZERO,
        other_deduction: Money::ZERO,
        first_employment_year: false,
        housing_fund: None,
        insurances: 0b1_1111,
        base: Some((yuan(wage), BaseOrigin::EntryWage)),
        industry_class: None,
        attendance: None,
        entered: Vec::new(),
        year: YearToDate::default(),
    }
}

fn entered(component: &str, amount: &str) -> Entered {
    Entered {
        component: component.to_owned(),
        for_month: None,
        amount: yuan(amount),
        note: String::new(),
    }
}

/// A full September by the clock with some minutes set: (index in `Attendance::minutes`, minutes).
fn september(changed: &[(usize, i64)]) -> Option<Attendance> {
    let mut minutes = [22 * 480, 22 * 480, 0, 0, 0, 0, 0, 0, 0, 0];
    for (at, value) in changed {
        minutes[*at] = *value;
        if (2..=6).contains(at) {
            minutes[1] -= value;
        }
    }
    Some(Attendance {
        minutes,
        days: [2200, 2200],
    })
}

fn slip_in(text: &str, scheme: &Scheme, inputs: &Inputs) -> Slip {
    MonthContext::new(RuleBook::embedded(), month(text), scheme)
        .unwrap()
        .slip(inputs, &mut Silent)
}

fn slip(text: &str, inputs: &Inputs) -> Slip {
    slip_in(text, &Scheme::built_in(), inputs)
}

/// gross, employee's insurances, housing fund, tax, net; then the lines as `code yuan`.
#[track_caller]
fn check(slip: &Slip, amounts: [&str; 5], lines: &[&str]) {
    let found = [
        slip.gross.0,
        Money::sum(slip.employee).unwrap(),
        slip.fund,
        Money::sum([slip.tax, slip.bonus_tax]).unwrap(),
        slip.net.0,
    ]
    .map(Money::to_yuan);
    assert_eq!(found, amounts, "{:?}", slip.findings);
    let shown: Vec<String> = slip
        .lines
        .iter()
        .map(|line| {
            let month = line.for_month.map(|month| format!("@{month}")).unwrap_or_default();
            format!("{}{month} {}", line.code, line.amount.to_yuan())
        })
        .collect();
    assert_eq!(shown, lines);
}

#[test]
fn a_full_month() {
    // 8000 × (8% + 2% + 0.3%) = 640 + 160 + 24 = 824; 8000 − 5000 − 824 = 2176 × 3% = 65.28
    let slip = slip("2026-01", &person("8000"));
    check(&slip, ["8000.00", "824.00", "0.00", "65.28", "7110.72"], &["base 8000.00"]);
    // 8000 × (16%, 8%, 0.7%, 0.16%, 0.7%)
    assert_eq!(slip.employer.map(Money::to_yuan), ["1280.00", "640.00", "56.00", "12.80", "56.00"]);
    assert_eq!(slip.bases, [yuan("8000"); 5]);
    assert_eq!((slip.counted, slip.income), (yuan("8000"), yuan("8000")));
}

#[test]
fn the_tax_is_cumulative() {
    // February: 16000 − 10000 − 1648 = 4352 × 3% = 130.56, less 65.28 withheld
    let mut february = person("8000");
    february.year = YearToDate {
        income: yuan("8000"),
        special: yuan("824"),
        withheld: yuan("65.28"),
        ..YearToDate::default()
    };
    check(
        &slip("2026-02", &february),
        ["8000.00", "824.00", "0.00", "65.28", "7110.72"],
        &["base 8000.00"],
    );
    // with 2000 + 1000 of special additional deductions nothing is left: 16000 − 10000 − 1648 − 3000 = 1352 × 3% = 40.56 < 65.28 withheld
    february.special_additional = yuan("3000");
    assert_eq!(slip("2026-02", &february).tax, Money::ZERO);
    // mid-year: 61 200 before 12% begins: 100 000 + 20 000 − 9 × 5000 − 8 000 − 824… with the base at 20 000: 1600 + 400 + 60 = 2060
    // 120 000 − 45 000 − (8 000 + 2 060) = 64 940 × 10% − 2 520 = 3 974; less 1 500 = 2 474
    let mut september = person("20000");
    september.year = YearToDate {
        income: yuan("100000"),
        special: yuan("8000"),
        withheld: yuan("1500"),
        ..YearToDate::default()
    };
    check(
        &slip("2026-09", &september),
        ["20000.00", "2060.00", "0.00", "2474.00", "15466.00"],
        &["base 20000.00"],
    );
}

#[test]
fn the_first_job_of_the_year_counts_from_january() {
    // hired in September as a first job: 30000 − 9 × 5000 < 0; as a later job: 30000 − 5000 − 2114.49 = 22885.51 × 3% = 686.57
    // base at the ceiling: 20529 × 8% = 1642.32, × 2% = 410.58, × 0.3% = 61.587 → 61.59; hired on the 1st: the full month
    let mut inputs = person("30000");
    inputs.hired_on = day("2026-09-01");
    check(
        &slip("2026-09", &inputs),
        ["30000.00", "2114.49", "0.00", "686.57", "27198.94"],
        &["base 30000.00"],
    );
    inputs.first_employment_year = true;
    assert_eq!(slip("2026-09", &inputs).tax, Money::ZERO);
}

#[test]
fn joiners_leavers_and_a_new_wage() {
    // from 16 September 12 of 23 paid days: 8000 × 12 ÷ 23 = 4173.913; after the 15th contributions are halved: 320 + 80 + 12
    let mut joiner = person("8000");
    joiner.hired_on = day("2026-09-16");
    check(
        &slip("2026-09", &joiner),
        ["4173.91", "412.00", "0.00", "0.00", "3761.91"],
        &["base 4173.91"],
    );
    // until 15 September the other 11: 8000 × 11 ÷ 23 = 3826.087; both halves make 8000.00
    let mut leaver = person("8000");
    leaver.left_on = Some(day("2026-09-15"));
    check(
        &slip("2026-09", &leaver),
        ["3826.09", "824.00", "0.00", "0.00", "3002.09"],
        &["base 3826.09"],
    );
    // by 21.75: 8000 × 12 ÷ 21.75 = 4413.793
    let by_law_days = Scheme {
        proration: Proration::LawDays,
        ..Scheme::built_in()
    };
    assert_eq!(slip_in("2026-09", &by_law_days, &joiner).gross.0.to_yuan(), "4413.79");
    // 8000 for 11 days and 9200 for 12: 3826.0870 + 4800 = 8626.087; both ways, for the month is full
    let mut raised = person("8000");
    raised.wages.push((day("2026-09-16"), yuan("9200")));
    assert_eq!(slip("2026-09", &raised).gross.0.to_yuan(), "8626.09");
    assert_eq!(slip_in("2026-09", &by_law_days, &raised).gross.0.to_yuan(), "8626.09");
}

#[test]
fn overtime_by_kind_of_day() {
    let mut inputs = person("8000");
    inputs.attendance = september(&[(7, 360), (8, 480), (9, 480)]);
    // 8000 ÷ 21.75 ÷ 8 × 6 × 150% = 413.793; 8000 ÷ 21.75 × 200% = 735.632; × 300% = 1103.448; together 10252.87; the base stays 8000
    let lines = [
        "base 8000.00",
        "overtime_workday 413.79",
        "overtime_restday 735.63",
        "overtime_holiday 1103.45",
    ];
    check(&slip("2026-09", &inputs), ["10252.87", "824.00", "0.00", "0.00", "9428.87"], &lines);
    // twenty minutes are a third of an hour: 8000 ÷ 174 × ⅓ × 150% = 22.988
    inputs.attendance = september(&[(7, 20)]);
    assert_eq!(slip("2026-09", &inputs).lines[1].amount.to_yuan(), "22.99");
}

#[test]
fn sick_leave_and_unpaid_leave() {
    let mut inputs = person("8000");
    // 16 of 176 hours sick: − 8000 × 16 ÷ 176 = 727.27, + 60% of it = 436.36; 8 hours unpaid: − 363.64; 7345.45
    inputs.attendance = september(&[(5, 960), (4, 480)]);
    let lines = ["base 8000.00", "sick_deduction 727.27", "sick_pay 436.36", "leave_deduction 363.64"];
    check(&slip("2026-09", &inputs), ["7345.45", "824.00", "0.00", "0.00", "6521.45"], &lines);
    // 80% of the minimum wage is the floor: 60% of 2500 = 1500 < 1760; 1760 × 16 ÷ 176 = 160.00
    let mut low = person("2500");
    low.attendance = september(&[(5, 960)]);
    assert_eq!(slip("2026-09", &low).lines[2].amount.to_yuan(), "160.00");
}

#[test]
fn bonuses_back_pay_and_deductions() {
    let mut inputs = person("8000");
    let mut back = entered("back_pay", "500");
    back.for_month = Some(month("2025-11"));
    inputs.entered = vec![
        entered("bonus", "2000"),
        back,
        entered("yearly_bonus", "36000"),
        entered("other_deduction", "100"),
    ];
    // 8000 + 2000 + 500 = 10500 − 5000 − 824 = 4676 × 3% = 140.28; 36000 ÷ 12 = 3000 → 36000 × 3% = 1080
    // 46500 − 824 − 140.28 − 1080 − 100 = 44355.72
    let lines = [
        "base 8000.00",
        "bonus 2000.00",
        "back_pay@2025-11 500.00",
        "yearly_bonus 36000.00",
        "other_deduction 100.00",
    ];
    let paid = slip("2026-01", &inputs);
    check(&paid, ["46500.00", "824.00", "0.00", "1220.28", "44355.72"], &lines);
    assert_eq!((paid.tax, paid.bonus_tax, paid.other), (yuan("140.28"), yuan("1080"), yuan("100")));
    // 财税〔2018〕164号: once a year
    inputs.year.bonus_used = true;
    assert_eq!(slip("2026-01", &inputs).findings[0].rule, "yearly_bonus_twice");
}

#[test]
fn the_housing_fund() {
    let mut inputs = person("8000");
    inputs.housing_fund = Some((Rate::parse("0.08").unwrap(), None));
    // 8000 × 8% = 640, free of tax: 8000 − 824 − 640 = 6536
    check(
        &slip("2026-09", &inputs),
        ["8000.00", "824.00", "640.00", "0.00", "6536.00"],
        &["base 8000.00"],
    );
    // the base within 2 200—32 744
    inputs.housing_fund = Some((Rate::parse("0.12").unwrap(), Some(yuan("40000"))));
    assert_eq!(slip("2026-09", &inputs).fund.to_yuan(), "3929.28");
    // 条例第十七条: a first worker pays from the second month
    inputs.first_employment_year = true;
    inputs.hired_on = day("2026-09-01");
    assert_eq!(slip("2026-09", &inputs).fund, Money::ZERO);
    assert_ne!(slip("2026-10", &inputs).fund, Money::ZERO);
    inputs.housing_fund = Some((Rate::parse("0.15").unwrap(), None));
    assert_eq!(slip("2026-10", &inputs).findings[0].rule, "housing_fund_rate");
    // limits that are not encoded: nothing is guessed; a base entered by hand is taken as it is, and said so
    inputs.hired_on = day("2025-01-01");
    inputs.housing_fund = Some((Rate::parse("0.08").unwrap(), None));
    assert_eq!(slip("2026-01", &inputs).findings[0].rule, "law_not_encoded");
    inputs.housing_fund = Some((Rate::parse("0.08").unwrap(), Some(yuan("1000"))));
    let taken = slip("2026-01", &inputs);
    assert_eq!(
        (taken.fund.to_yuan().as_str(), taken.findings[0].rule.as_str()),
        ("80.00", "fund_limits_not_encoded")
    );
}

#[test]
fn what_cannot_be_paid_or_computed_is_said() {
    let rule = |inputs: &Inputs| slip("2026-09", inputs).findings.first().map(|finding| finding.rule.clone());
    // base at the floor 4106: 328.48 + 82.12 + 12.32 = 422.92; 300 − 422.92 = −122.92
    let poor = person("300");
    let negative = slip("2026-09", &poor);
    assert_eq!((negative.net.0.to_yuan().as_str(), negative.severity()), ("-122.92", 1));
    assert_eq!(rule(&poor).as_deref(), Some("negative_net"));
    assert_eq!(negative.findings[1].rule, "below_minimum_wage");
    let mut nothing = person("8000");
    nothing.wages.clear();
    assert_eq!(
        (rule(&nothing).as_deref(), slip("2026-09", &nothing).severity()),
        (Some("wage_missing"), 2)
    );
    let mut baseless = person("8000");
    baseless.base = None;
    assert_eq!(rule(&baseless).as_deref(), Some("base_missing"));
    let mut taken = person("8000");
    taken.attendance = september(&[(3, 22 * 480)]);
    taken.entered = vec![entered("bonus", "-100")];
    assert_eq!(rule(&taken).as_deref(), Some("gross_negative"));
    let mut elsewhere = person("8000");
    elsewhere.region = "540100".parse().unwrap();
    assert_eq!(rule(&elsewhere).as_deref(), Some("law_not_encoded"));
    let mut unlucky = Scheme::built_in();
    unlucky.components[0].formula = "月工资 / (病假小时 - 病假小时)".to_owned();
    assert_eq!(slip_in("2026-09", &unlucky, &person("8000")).findings[0].rule, "formula_arithmetic");
}

#[test]
fn every_line_explains_itself_and_gives_the_same_fen() {
    let mut inputs = person("8000");
    inputs.hired_on = day("2026-09-03");
    inputs.housing_fund = Some((Rate::parse("0.08").unwrap(), None));
    inputs.attendance = september(&[(7, 360)]);
    inputs.entered = vec![entered("bonus", "9000")];
    let context = MonthContext::new(RuleBook::embedded(), month("2026-09"), &Scheme::built_in()).unwrap();
    let mut recorder = LineRecorder::default();
    let explained = context.slip(&inputs, &mut recorder);
    assert_eq!(explained, context.slip(&inputs, &mut Silent));
    for line in [
        "base",
        "bonus",
        "overtime_workday",
        "insurance",
        "insurance_pension",
        "housing_fund",
        "tax",
        "net",
    ] {
        assert!(recorder.steps.iter().any(|(code, _)| code == line), "{line} has no step");
    }
    let cited = recorder.steps.iter().filter(|(_, step)| !step.sources.is_empty()).count();
    assert!(cited >= 8, "{cited} steps cite the law");
    // stored inputs read back to the same payslip
    let text = serde_json::to_string(&inputs).unwrap();
    assert!(text.len() < 400, "{} bytes", text.len());
    let again: Inputs = serde_json::from_str(&text).unwrap();
    assert_eq!(again, inputs);
    assert_eq!(context.slip(&again, &mut Silent), explained);
}

proptest! {
    #[test]
    fn net_is_gross_less_deductions(
        wage in 100_000_i64..6_000_000, bonus in 0_i64..10_000_000, yearly in 0_i64..50_000_000, taken in 0_i64..300_000,
        hired in 1_i8..29, sick in 0_i64..60, overtime in 0_i64..2_000, fund in 50_000_i64..120_000, region in 0_usize..12,
    ) {
        let mut inputs = person("8000");
        inputs.region = standard::RegionCode::pilot()[region];
        inputs.wages = vec![(day("2020-01-01"), Money::from_fen(wage))];
        inputs.base = Some((Money::from_fen(wage), BaseOrigin::EntryWage));
        inputs.hired_on = Date::constant(2026, 9, hired);
        inputs.housing_fund = Some((Rate::from_ppm(fund), None));
        inputs.attendance = september(&[(5, sick * 60), (7, overtime)]);
        let amount = |component: &str, fen| Entered { amount: Money::from_fen(fen), ..entered(component, "1") };
        inputs.entered = vec![amount("bonus", bonus), amount("yearly_bonus", yearly), amount("other_deduction", taken)];
        let slip = slip("2026-09", &inputs);
        // the fund's limits of some cities are not encoded
        prop_assume!(slip.severity() < 2);
        let deductions = Money::sum(slip.employee).unwrap().fen() + slip.fund.fen() + slip.tax.fen() + slip.bonus_tax.fen() + slip.other.fen();
        prop_assert_eq!(slip.net.fen(), slip.gross.fen() - deductions);
        prop_assert!(slip.tax.fen() >= 0 && slip.bonus_tax.fen() >= 0 && slip.fund.fen() >= 0);
        // the gross is the sum of its lines
        let lines: i64 = slip.lines.iter().map(|line| match line.code.as_str() {
            "sick_deduction" | "leave_deduction" => -line.amount.fen(),
            "other_deduction" => 0,
            _ => line.amount.fen(),
        }).sum();
        prop_assert_eq!(slip.gross.fen(), lines);
    }
}
