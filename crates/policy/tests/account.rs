//! Accounts, the money that moves, and when people retire.
#![allow(clippy::unwrap_used)]

use policy::account::{Stretch, build, credit_rate, interest_finding, interest_rate, yearly_interest};
use policy::retirement::{Category, statutory};
use policy::transfer::{AccountKind, account_kind, at_household, transfer_money, within_one_province};
use policy::{Recorder, RuleBook, Silent};
use standard::{Date, Money, Month, Rate, RegionCode, Sex};

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn yuan(text: &str) -> Money {
    Money::from_yuan(text).unwrap()
}

fn stretch(from: &str, to: &str, base: &str) -> Stretch {
    Stretch {
        from: month(from),
        to: month(to),
        base: yuan(base),
    }
}

#[test]
fn the_account_is_credited_eleven_then_eight_percent() {
    let book = RuleBook::embedded();
    for (when, percent) in [("1998-01", "11%"), ("2005-12", "11%"), ("2006-01", "8%"), ("2026-11", "8%")] {
        assert_eq!(credit_rate(book, month(when)).unwrap().value.percent(), percent, "{when}");
    }
    assert_eq!(credit_rate(book, month("1997-12")).unwrap_err().rule, "law_not_encoded");
}

#[test]
fn interest_follows_the_monthly_products() {
    // 400 a month all year at 2.62 %: products 400 × 78 = 31 200; × 0.0262 / 12 = 68.12.
    let interest = yearly_interest(Money::ZERO, &[yuan("400.00"); 12], Rate::parse("0.0262").unwrap()).unwrap();
    assert_eq!(interest, yuan("68.12"));
    // An opening balance of 10 000 earns the whole year: 262.00 more.
    let interest = yearly_interest(yuan("10000"), &[yuan("400.00"); 12], Rate::parse("0.0262").unwrap()).unwrap();
    assert_eq!(interest, yuan("330.12"));
}

#[test]
fn years_add_up_and_the_current_year_earns_nothing_yet() {
    let history = [stretch("2024-01", "2024-12", "5000"), stretch("2025-03", "2026-02", "6000")];
    let account = build(RuleBook::embedded(), &history, month("2026-05"), &mut Silent).unwrap();
    let years: Vec<i32> = account.years.iter().map(|year| year.year).collect();
    assert_eq!(years, [2024, 2025, 2026]);
    assert_eq!(account.years[0].interest, Some(yuan("68.12")));
    assert_eq!(account.years[0].balance, yuan("4868.12"));
    // 2025: 4868.12 × 1.5 % + 480 × (10+9+…+1 = 55) × 1.5 % / 12 = 73.0218 + 33.00.
    assert_eq!(account.years[1].interest, Some(yuan("106.02")));
    assert_eq!(account.years[1].months, 10);
    assert_eq!(account.years[2].interest, None);
    assert_eq!(account.balance, yuan("10734.14"));
    assert!(account.years_without_rate.is_empty());
}

#[test]
fn a_year_without_an_encoded_rate_is_named_not_guessed() {
    let history = [stretch("2014-01", "2016-12", "3000")];
    let account = build(RuleBook::embedded(), &history, month("2017-06"), &mut Silent).unwrap();
    assert_eq!(account.years_without_rate, [2014, 2015]);
    assert_eq!(account.years.last().unwrap().interest, None);
    let finding = interest_finding(&account.years_without_rate).unwrap();
    assert_eq!(finding.rule, "interest_rate_not_encoded");
    assert!(finding.message.zh.starts_with("2014—2015年") && finding.message.zh.contains("没有计息"));
    let long = interest_finding(&[1998, 1999, 2001, 2004, 2005, 2006]).unwrap();
    assert!(long.message.zh.starts_with("1998—1999、2001、2004—2006年"), "{}", long.message.zh);
    assert!(interest_finding(&[]).is_none());
    let refused = interest_rate(RuleBook::embedded(), 2015).unwrap_err();
    assert_eq!(refused.rule, "law_not_encoded");
    assert!(refused.message.zh.contains("自 2016-01-01 起收录"), "{}", refused.message.zh);
}

#[test]
fn doubled_and_backward_months_are_refused() {
    let book = RuleBook::embedded();
    let doubled = [stretch("2024-01", "2024-06", "5000"), stretch("2024-06", "2024-12", "5000")];
    assert_eq!(
        build(book, &doubled, month("2025-01"), &mut Silent).unwrap_err().rule,
        "history_overlap"
    );
    let backwards = [stretch("2024-06", "2024-01", "5000")];
    assert_eq!(
        build(book, &backwards, month("2025-01"), &mut Silent).unwrap_err().rule,
        "history_backwards"
    );
}

#[test]
fn the_six_figures_of_the_form_add_up() {
    let history = [stretch("2022-03", "2025-04", "5000")];
    let mut trace = Recorder::default();
    let money = transfer_money(RuleBook::embedded(), &history, Money::ZERO, month("2026-11"), &mut trace).unwrap();
    assert_eq!(money.this_year, Money::ZERO);
    assert_eq!(money.pooled, yuan("22800.00")); // 38 months × 5000 × 12 %
    assert_eq!(money.detail.principal, yuan("15200.00"));
    assert_eq!(money.account, money.to_last_year);
    assert_eq!(money.total.fen(), money.account.fen() + money.pooled.fen());
    assert!(money.detail.interest > Money::ZERO);
    assert!(
        trace
            .steps
            .iter()
            .any(|step| step.rule == "transfer_pooled" && !step.sources.is_empty())
    );

    let paying = [stretch("2026-01", "2026-10", "5000")];
    let money = transfer_money(RuleBook::embedded(), &paying, yuan("100"), month("2026-11"), &mut Silent).unwrap();
    assert_eq!(
        (money.before_1998, money.to_last_year, money.this_year),
        (yuan("100"), Money::ZERO, yuan("4000"))
    );
    assert_eq!(money.total, yuan("10100"));
}

#[test]
fn months_before_1998_move_no_pooled_money() {
    let history = [stretch("1997-07", "1998-06", "1000")];
    let money = transfer_money(RuleBook::embedded(), &history, Money::ZERO, month("2020-01"), &mut Silent).unwrap();
    assert_eq!(money.pooled, yuan("720.00"));
    assert_eq!(money.detail.principal, yuan("660.00"));
    assert_eq!(money.detail.years[0].credited_own, None);
}

#[test]
fn men_of_fifty_and_women_of_forty_get_a_temporary_account() {
    let book = RuleBook::embedded();
    let on: Date = "2026-11-21".parse().unwrap();
    let kind = |sex, birth: &str, home, approved| account_kind(book, sex, birth.parse().unwrap(), on, home, approved).unwrap();
    assert_eq!(kind(Sex::Male, "1976-11-21", false, false), AccountKind::Temporary);
    assert_eq!(kind(Sex::Male, "1976-11-22", false, false), AccountKind::General);
    assert_eq!(kind(Sex::Female, "1986-11-21", false, false), AccountKind::Temporary);
    assert_eq!(kind(Sex::Female, "1986-11-22", false, false), AccountKind::General);
    assert_eq!(kind(Sex::Male, "1970-01-01", true, false), AccountKind::General);
    assert_eq!(kind(Sex::Male, "1970-01-01", false, true), AccountKind::General);
}

#[test]
fn one_province_is_one_province() {
    let region = |code: u32| RegionCode::new(code).unwrap();
    assert!(within_one_province(region(440_100), region(440_300)));
    assert!(!within_one_province(region(420_100), region(430_100)));
    assert!(at_household(region(430_281), region(430_100)) && !at_household(region(420_102), region(430_100)));
}

/// Published excerpt of the annexes: births of four (two) months share a month of delay.
#[test]
fn delays_step_by_months_of_birth() {
    let book = RuleBook::embedded();
    let delay = |birth, category| statutory(book, month(birth), category, &mut Silent).unwrap().delay_months;
    for (birth, category, expected) in [
        ("1964-12", Category::Male, 0),
        ("1965-04", Category::Male, 1),
        ("1965-05", Category::Male, 2),
        ("1976-08", Category::Male, 35),
        ("1976-09", Category::Male, 36),
        ("1990-01", Category::Male, 36),
        ("1981-09", Category::Female55, 36),
        ("1975-02", Category::Female50, 1),
        ("1975-03", Category::Female50, 2),
        ("1984-11", Category::Female50, 60),
        ("1984-10", Category::Female50, 59),
    ] {
        assert_eq!(delay(birth, category), expected, "{birth} {category:?}");
    }
}
