//! Rules that no kind of calculation reaches, each by figures worked by hand from the article.
#![allow(clippy::unwrap_used)]

use policy::injury::{self, Care};
use policy::medical::{Plan, Tier, reimbursement};
use policy::retirement::{Category, flexible, statutory};
use policy::tax::{Household, special_additional};
use policy::{Place, RuleBook, Silent, transfer, unemployment};
use standard::{Money, Month, MonthSet, Rate};

fn yuan(text: &str) -> Money {
    Money::from_yuan(text).unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

#[test]
fn additional_deductions_add_up() {
    let book = RuleBook::embedded();
    let of = |household: Household| special_additional(book, month("2025-06"), &household, &mut Silent);
    let family = Household {
        half_children: 3,
        half_infants: 1,
        elders_share: Some(yuan("2000")),
        mortgage: true,
        degree: true,
        ..Household::default()
    };
    // 1.5 × 2000 + 0.5 × 2000 + 1500 (bounded) + 1000 + 400
    assert_eq!(of(family).unwrap(), yuan("6900"));
    assert_eq!(
        of(Household {
            elders_as_only_child: true,
            rent_tier: Some(2),
            ..Household::default()
        })
        .unwrap(),
        yuan("4100")
    );
    assert_eq!(
        of(Household {
            mortgage: true,
            rent_tier: Some(1),
            ..Household::default()
        })
        .unwrap_err()
        .rule,
        "mortgage_and_rent"
    );
    assert_eq!(
        of(Household {
            rent_tier: Some(0),
            ..Household::default()
        })
        .unwrap_err()
        .rule,
        "rent_tier"
    );
    assert_eq!(
        special_additional(book, month("2022-12"), &family, &mut Silent).unwrap_err().rule,
        "law_not_encoded"
    );
}

#[test]
fn nursing_and_death_follow_the_regional_average_and_the_income() {
    let book = RuleBook::embedded();
    for (care, expected) in [(Care::Full, "3500"), (Care::Most, "2800"), (Care::Part, "2100")] {
        assert_eq!(injury::nursing(book, care, yuan("7000"), &mut Silent).unwrap(), yuan(expected));
    }
    let death = injury::death(book, 2025, yuan("8000"), yuan("7000"), &mut Silent).unwrap();
    assert_eq!((death.funeral, death.one_off), (yuan("42000"), yuan("1083760")));
    assert_eq!((death.spouse_monthly, death.other_monthly), (yuan("3200"), yuan("2400")));
    assert_eq!(
        injury::death(book, 2020, yuan("8000"), yuan("7000"), &mut Silent).unwrap_err().rule,
        "law_not_encoded"
    );
}

#[test]
fn provincial_subsidies_shrink_towards_retirement() {
    let book = RuleBook::embedded();
    let changsha = Place::parse("430100").unwrap();
    let of = |grade, years| injury::subsidies(book, changsha, month("2025-06"), grade, yuan("5000"), years, &mut Silent);
    assert_eq!(of(10, 20).unwrap(), (yuan("30000"), yuan("30000")));
    assert_eq!(of(7, 3).unwrap(), (yuan("45000"), yuan("45000")));
    assert_eq!(of(7, 0).unwrap(), (Money::ZERO, Money::ZERO));
    assert_eq!(of(4, 20).unwrap_err().rule, "disability_grade");
}

#[test]
fn medical_cost_is_paid_by_tiers_up_to_the_cap() {
    let rate = |text| Rate::parse(text).unwrap();
    let tiers = vec![
        Tier {
            up_to: Some(yuan("10000")),
            ratio: rate("0.85"),
        },
        Tier {
            up_to: None,
            ratio: rate("0.90"),
        },
    ];
    let plan = Plan {
        deductible: yuan("900"),
        tiers,
        cap: Some(yuan("50000")),
    };
    let paid = |cost| reimbursement(&plan, yuan(cost), &mut Silent).unwrap();
    assert_eq!(paid("900"), Money::ZERO);
    assert_eq!(paid("1900"), yuan("850"));
    assert_eq!(paid("20000"), yuan("16735")); // 9100 × 85 % + 10000 × 90 %
    assert_eq!(paid("100000"), yuan("50000"));
}

#[test]
fn flexible_retirement_stays_between_the_original_age_and_three_years_more() {
    let book = RuleBook::embedded();
    let of = |birth| flexible(book, &statutory(book, month(birth), Category::Male, &mut Silent).unwrap()).unwrap();
    // Born 1966-07: 60 years and 5 months in 2026-12; not before 60.
    assert_eq!(of("1966-07"), (month("2026-07"), month("2029-12")));
    // Born 1980-01: 63 in 2043-01; three years earlier is exactly 60.
    assert_eq!(of("1980-01"), (month("2040-01"), month("2046-01")));
}

#[test]
fn months_in_two_regions_count_once() {
    let (wuhan, changsha) = (
        MonthSet::of(month("2022-03"), month("2025-04")),
        MonthSet::of(month("2025-03"), month("2025-06")),
    );
    assert_eq!(transfer::months_once([&wuhan, &changsha]).len(), 40);
}

#[test]
fn a_region_without_its_own_table_answers_by_the_nation_and_says_so() {
    let mut trace = policy::Recorder::default();
    let changsha = Place::parse("430100").unwrap();
    assert_eq!(
        unemployment::months(RuleBook::embedded(), changsha, month("2025-06"), 60, &mut trace).unwrap(),
        18
    );
    assert!(trace.steps[0].figures.contains("全国上限"));
    let shanghai = Place::parse("310000").unwrap();
    let refused = unemployment::months(RuleBook::embedded(), shanghai, month("2026-07"), 60, &mut Silent).unwrap_err();
    assert_eq!(refused.rule, "law_not_encoded");
}
