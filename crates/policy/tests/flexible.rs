//! People without an employer, and the second tier of the medical insurance: what is refused, and what always holds.
#![allow(clippy::unwrap_used)]

use policy::RuleBook;
use policy::calc::{calculate, explain};
use proptest::prelude::*;
use serde_json::{Value, json};
use standard::{Insurance, Money, Month};

fn ask(kind: &str, region: &str, month: &str, more: Value) -> Result<Value, (String, Option<String>)> {
    let mut inputs = json!({"region": region, "month": month});
    for (key, value) in more.as_object().unwrap() {
        inputs[key] = value.clone();
    }
    calculate(RuleBook::embedded(), kind, &inputs).map_err(|finding| (finding.rule, finding.field))
}

#[track_caller]
fn refused(region: &str, month: &str, more: Value, rule: &str, field: Option<&str>) {
    let (found, at) = ask("flexible_contribution", region, month, more).unwrap_err();
    assert_eq!((found.as_str(), at.as_deref()), (rule, field));
}

#[test]
fn a_base_outside_the_limits_is_refused_not_moved() {
    for base in ["7459.99", "37302.01", "0.00"] {
        refused("310000", "2025-08", json!({"base": base}), "flexible_base", Some("base"));
    }
    let medical = json!({"base": "8000.00", "medical_base": "7000.00"});
    refused("310000", "2025-08", medical, "flexible_base", Some("medical_base"));
}

#[test]
fn before_a_regions_own_rate_the_nations_is_not_put_in_its_place() {
    refused("310000", "2024-02", json!({"base": "8000.00"}), "law_not_encoded", None);
    assert!(ask("flexible_contribution", "310000", "2024-03", json!({"base": "8000.00"})).is_ok());
}

#[test]
fn what_cannot_be_chosen_is_refused() {
    let base = "4404.00";
    refused("500000", "2025-06", json!({"base": base}), "medical_tier", Some("medical_tier"));
    refused(
        "500000",
        "2025-06",
        json!({"base": base, "medical_tier": 3}),
        "count_range",
        Some("medical_tier"),
    );
    let own = json!({"base": base, "medical_tier": 1, "medical_base": "5000.00"});
    refused("500000", "2025-06", own, "medical_base", Some("medical_base"));
    let own = json!({"base": "7162.00", "medical_base": "8000.00"});
    refused("110000", "2025-08", own, "medical_base", Some("medical_base"));
    let own = json!({"base": "5000.00", "medical_base": "8000.00"});
    refused("510100", "2025-06", own, "medical_base", Some("medical_base"));
    for region in ["110000", "510100"] {
        let tier = json!({"base": "8000.00", "medical_tier": 1});
        refused(region, "2025-08", tier, "medical_tier", Some("medical_tier"));
    }
    // 2026: the rate goes on, the base it is paid on is not encoded.
    refused("510100", "2026-03", json!({"base": "5000.00"}), "law_not_encoded", None);
    assert!(
        ask(
            "flexible_contribution",
            "510100",
            "2026-03",
            json!({"base": "5000.00", "pension_only": true})
        )
        .is_ok()
    );
}

#[test]
fn the_second_tier_is_refused_where_it_is_not_law_and_where_its_base_is_not_known() {
    let ask = |region, wage: &str| ask("contribution", region, "2026-03", json!({"wage": wage, "medical_tier": 2}));
    assert!(ask("440300", "6727.00").is_ok());
    for (region, wage) in [("440300", "6726.99"), ("440300", "33633.01"), ("430100", "8000.00")] {
        assert_eq!(ask(region, wage).unwrap_err().0, "law_not_encoded", "{region} {wage}");
    }
}

#[test]
fn the_first_tier_is_what_is_meant_when_none_is_named() {
    let ask = |more: Value| ask("contribution", "440300", "2026-03", more).unwrap();
    assert_eq!(ask(json!({"wage": "8000.00"})), ask(json!({"wage": "8000.00", "medical_tier": 1})));
}

fn yuan(value: &Value) -> i64 {
    Money::from_yuan(value.as_str().unwrap()).unwrap().fen()
}

proptest! {
    /// Any base between the limits is answered; the parts add up; who chooses more pays more; the steps say the same.
    #[test]
    fn parts_add_up_and_rise_with_the_base(region in 0_usize..12, base in 0_i64..=1_000, more in 0_i64..100_000, tier in 1..3) {
        let book = RuleBook::embedded();
        let place = book.places().nth(region).unwrap();
        let rules = book.at(place, Month::parse("2025-08").unwrap()).unwrap();
        let limits = rules.limits(Insurance::Pension).unwrap().value;
        let span = limits.ceiling.fen() - limits.floor.fen();
        let low = limits.floor.fen() + base * span / 1_000;
        let high = (low + more).min(limits.ceiling.fen());
        let pay = |fen: i64| {
            let mut inputs = json!({"region": place.to_string(), "month": "2025-08", "base": Money::from_fen(fen).to_yuan()});
            if place.to_string() == "500000" {
                inputs["medical_tier"] = json!(tier);
            }
            explain(book, "flexible_contribution", &inputs).unwrap()
        };
        let (less, greater) = (pay(low), pay(high));
        for paid in [&less, &greater] {
            let value = &paid.value;
            let medical = &value["medical"];
            let parts = [&value["pension"]["amount"], &medical["amount"], &medical["major_illness"]];
            let sum: i64 = parts.iter().filter(|part| part.is_string()).map(|part| yuan(part)).sum();
            prop_assert_eq!(sum, yuan(&value["total"]));
            prop_assert!(medical.is_object() != value["not_encoded"].is_array());
            prop_assert!(yuan(&value["pension"]["account"]) < yuan(&value["pension"]["amount"]));
            for step in paid.steps.iter() {
                prop_assert!(!step.sources.is_empty(), "{} names no source", step.rule);
            }
        }
        prop_assert!(yuan(&less.value["total"]) <= yuan(&greater.value["total"]));
    }
}
