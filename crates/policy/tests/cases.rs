//! Every worked example of `cases/` to the fen, and every input that must be refused.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use policy::RuleBook;
use policy::calc::{calculate, catalogue, explain};
use serde_json::{Value, json};
use standard::Money;

fn lines(file: &str) -> Vec<Value> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every field expected must be there with the same text; money may differ by the tolerance a line carries.
fn differs(expected: &Value, found: &Value, tolerance: Option<Money>) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => expected.iter().find_map(|(key, value)| match found.get(key) {
            Some(found) => differs(value, found, tolerance).map(|why| format!("{key}: {why}")),
            None => Some(format!("{key} is missing")),
        }),
        _ if expected == found => None,
        (Value::String(left), Value::String(right)) if tolerance.is_some() => {
            let apart = Money::from_yuan(left).unwrap().fen() - Money::from_yuan(right).unwrap().fen();
            (apart.abs() > tolerance.unwrap().fen()).then(|| format!("expected {left}, found {right}"))
        }
        _ => Some(format!("expected {expected}, found {found}")),
    }
}

fn check_file(file: &str) -> usize {
    let book = RuleBook::embedded();
    let cases = lines(file);
    let mut wrong = Vec::new();
    for case in &cases {
        let tolerance = case["tolerance"].as_str().map(|text| Money::from_yuan(text).unwrap());
        let (id, kind) = (case["id"].as_str().unwrap(), case["kind"].as_str().unwrap());
        match calculate(book, kind, &case["inputs"]) {
            Ok(result) => wrong.extend(differs(&case["expected"], &result, tolerance).map(|why| format!("{id}: {why}"))),
            Err(finding) => wrong.push(format!("{id}: refused {} {}", finding.rule, finding.message.zh)),
        }
        // The explained path gives the same answer and says how.
        if let Ok(explained) = explain(book, kind, &case["inputs"]) {
            assert_eq!(explained.value, calculate(book, kind, &case["inputs"]).unwrap(), "{id}");
            assert!(!explained.steps.is_empty(), "{id} explains nothing");
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    cases.len()
}

#[test]
fn every_worked_example_is_met() {
    assert_eq!(check_file("worked.jsonl"), 133);
}

#[test]
fn every_example_of_our_own_is_met() {
    assert!(check_file("own.jsonl") > 0);
}

#[test]
fn every_example_of_the_catalogue_is_answered() {
    let book = RuleBook::embedded();
    for kind in catalogue() {
        let inputs: Value = serde_json::from_str(kind.example).unwrap();
        let answer = calculate(book, kind.name, &inputs);
        assert!(answer.is_ok(), "{}: {answer:?}", kind.name);
        for field in kind.fields.iter().filter(|field| field.required) {
            assert!(inputs.get(field.name).is_some(), "{}: example lacks {}", kind.name, field.name);
            let mut without = inputs.clone();
            without.as_object_mut().unwrap().remove(field.name);
            let refused = calculate(book, kind.name, &without).unwrap_err();
            assert_eq!(refused.rule, "missing_field", "{} without {}", kind.name, field.name);
            assert_eq!(refused.field.as_deref(), Some(field.name));
        }
        let mut more = inputs.clone();
        more["surprise"] = json!(1);
        assert_eq!(
            calculate(book, kind.name, &more).unwrap_err().rule,
            "unknown_field",
            "{}",
            kind.name
        );
    }
}

#[test]
fn an_old_id_number_is_answered_with_its_new_form() {
    let answer = calculate(RuleBook::embedded(), "id_number", &json!({"number": "110105491231002"})).unwrap();
    assert_eq!(
        (&answer["valid"], &answer["rule"]),
        (&json!(false), &json!("id_number_fifteen_digits"))
    );
    assert!(answer["remedy"].as_str().unwrap().contains("11010519491231002X"), "{answer}");
}

#[track_caller]
fn refused(kind: &str, inputs: Value, rule: &str) {
    let finding = calculate(RuleBook::embedded(), kind, &inputs).expect_err("must be refused");
    assert_eq!(finding.rule, rule, "{inputs} {}", finding.message.zh);
    assert!(!finding.message.zh.is_empty() && !finding.message.en.is_empty());
}

fn wage(wage: Value) -> Value {
    json!({"region": "430100", "month": "2025-06", "wage": wage})
}

#[test]
fn impossible_money_is_refused() {
    for (value, rule) in [
        (json!("-1.00"), "money_negative"),
        (json!("1000000000000000000000000000000"), "money_too_large"),
        (json!("1000000000000000000000000000000.00"), "money_too_large"),
        (json!("99999999999999.00"), "money_too_large"),
        (json!(1e30), "wrong_type"),
        (json!(10000), "wrong_type"),
        (json!("NaN"), "money_format"),
        (json!("Infinity"), "money_format"),
        (json!("1e5"), "money_format"),
        (json!(""), "money_format"),
        (json!("1.005"), "money_precision"),
        (json!("11010519491231002X"), "id_number_in_money_field"),
        (json!("440524188001010014"), "id_number_in_money_field"),
        (json!("110105491231002"), "id_number_in_money_field"),
        (json!(["1.00"]), "wrong_type"),
        (json!(null), "missing_field"),
    ] {
        refused("contribution", wage(value), rule);
    }
}

#[test]
fn impossible_dates_regions_and_counts_are_refused() {
    let at = |region: &str, month: &str| json!({"region": region, "month": month, "insurance": "pension"});
    for (region, month, rule) in [
        ("430100", "2025-13", "month_format"),
        ("430100", "2025-00", "month_format"),
        ("430100", "2025-6", "month_format"),
        ("430100", "202506", "month_format"),
        ("430100", "2022-12", "law_not_encoded"),
        ("430100", "1990-01", "law_not_encoded"),
        ("430100", "2030-01", "law_not_encoded"),
        ("999999", "2025-06", "law_not_encoded"),
        ("130100", "2025-06", "law_not_encoded"),
        ("000000", "2025-06", "law_not_encoded"),
        ("4301", "2025-06", "region_format"),
        ("长沙", "2025-06", "region_format"),
    ] {
        refused("base_limits", at(region, month), rule);
    }
    refused(
        "base_limits",
        json!({"region": "430100", "month": "2025-06", "insurance": "car"}),
        "insurance_unknown",
    );
    for grade in [0, 11, -1] {
        let inputs = json!({"grade": grade, "own_wage": "8000.00", "regional_average_wage": "7000.00"});
        refused("injury_disability", inputs, "disability_grade");
    }
    refused("payment_months", json!({"years": 60, "months": 12}), "count_range");
    refused("payment_months", json!({"years": 39, "months": 0}), "law_not_encoded");
    refused("tax_bonus", json!({"year": 2028, "bonus": "1.00"}), "law_not_encoded");
    refused("tax_bonus", json!({"year": 2018, "bonus": "1.00"}), "law_not_encoded");
    refused("working_days", json!({"from": "2026-12-01", "to": "2027-01-31"}), "law_not_encoded");
    refused("day_type", json!({"date": "2025-02-29"}), "date_format");
    refused(
        "late_fee",
        json!({"principal": "1.00", "from": "2001-01-01", "paid_on": "2025-01-01"}),
        "law_not_encoded",
    );
    refused(
        "housing_fund",
        json!({"region": "430100", "month": "2025-08", "base": "9000.00", "rate": "0.12"}),
        "law_not_encoded",
    );
    refused(
        "housing_fund",
        json!({"region": "310000", "month": "2025-08", "base": "9000.00", "rate": "0.12"}),
        "housing_fund_rate",
    );
    refused(
        "contribution",
        json!({"region": "430100", "month": "2024-06", "wage": "9000.00", "hired_on": "2024-07-01"}),
        "hired_after_month",
    );
    refused(
        "contribution",
        json!({"region": "430100", "month": "2024-06", "wage": "9000.00", "industry_class": 9}),
        "count_range",
    );
    refused("nonsense", json!({}), "unknown_kind");
    refused("tax_bonus", json!([]), "wrong_type");
    let thirteen = vec![json!({"income": "1.00", "special_deduction": "0.00", "additional_deduction": "0.00"}); 13];
    refused(
        "tax_withholding",
        json!({"year": 2025, "first_month": 1, "months": thirteen}),
        "list_too_long",
    );
}
