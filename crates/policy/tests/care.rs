//! Reimbursement of medical cost by the region's dated plan: looked up, refused, and paid alike however the bills come.
#![allow(clippy::unwrap_used)]

use policy::RuleBook;
use policy::book::load::embedded_files;
use policy::calc::{calculate, explain};
use policy::medical::{Plan, Tier, settle};
use policy::{Place, Silent};
use proptest::prelude::*;
use serde_json::{Value, json};
use standard::{Money, Rate};

const SOURCE: &str =
    r#"source = { issuer = "甲", document = "乙", article = "丙", url = "", checked_on = "2026-11-22", confidence = "high" }"#;

/// The law with plans for Changsha from two days on; the figures are of this test alone.
fn book(plans: &[(&str, &str)]) -> Result<RuleBook, standard::Refusal> {
    let mut files: Vec<(String, String)> = embedded_files().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let medical = files.iter_mut().find(|(name, _)| name == "430100-changsha/medical.toml").unwrap();
    for (from, plans) in plans {
        medical
            .1
            .push_str(&format!("\n[[reimbursement]]\nfrom = \"{from}\"\nplans = [{plans}]\n{SOURCE}\n"));
    }
    RuleBook::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

const HOSPITAL: &str = r#"
{ care = "inpatient", hospital_level = 3, retired = false, deductible = "900", cap = "20000", tiers = [{ up_to = "10000", ratio = "0.85" }, { ratio = "0.90" }] },
{ care = "inpatient", hospital_level = 3, retired = true, deductible = "900", cap = "20000", tiers = [{ up_to = "10000", ratio = "0.90" }, { ratio = "0.95" }] },
{ care = "inpatient", hospital_level = 1, deductible = "300", tiers = [{ ratio = "0.92" }] },
{ care = "outpatient", deductible = "200", cap = "1500", tiers = [{ ratio = "0.60" }] }"#;

fn ask(month: &str, care: &str, more: Value) -> Value {
    let mut inputs = json!({"eligible": "12000.00", "region": "430100", "month": month, "care": care});
    for (key, value) in more.as_object().unwrap() {
        inputs[key] = value.clone();
    }
    inputs
}

fn fund(book: &RuleBook, inputs: &Value) -> String {
    calculate(book, "medical_reimbursement", inputs).unwrap()["fund"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn rule(book: &RuleBook, inputs: &Value) -> String {
    calculate(book, "medical_reimbursement", inputs).unwrap_err().rule
}

#[test]
fn the_plan_is_that_of_the_month_the_hospital_and_the_person() {
    let later = HOSPITAL.replace("\"900\"", "\"1100\"");
    let book = book(&[("2024-01", HOSPITAL), ("2025-07", &later)]).unwrap();
    // 9100 × 85 % + 2000 × 90 %; from 2025-07 8900 × 85 % + 2000 × 90 %.
    assert_eq!(fund(&book, &ask("2025-06", "inpatient", json!({"hospital_level": 3}))), "9535.00");
    assert_eq!(fund(&book, &ask("2025-07", "inpatient", json!({"hospital_level": 3}))), "9365.00");
    // 9100 × 90 % + 2000 × 95 %.
    let retired = json!({"hospital_level": 3, "retired": true});
    assert_eq!(fund(&book, &ask("2025-06", "inpatient", retired)), "10090.00");
    // 11700 × 92 %: the first level asks nothing about the person.
    assert_eq!(fund(&book, &ask("2025-06", "inpatient", json!({"hospital_level": 1}))), "10764.00");
    // 11800 × 60 % = 7080, capped.
    assert_eq!(fund(&book, &ask("2025-06", "outpatient", json!({}))), "1500.00");
    let explained = explain(&book, "medical_reimbursement", &ask("2025-06", "outpatient", json!({}))).unwrap();
    assert!(
        explained
            .steps
            .iter()
            .any(|step| step.rule == "medical_plan" && step.sources.len() == 1)
    );
}

#[test]
fn what_no_plan_covers_is_refused() {
    let book = book(&[("2024-01", HOSPITAL)]).unwrap();
    assert_eq!(rule(&book, &ask("2025-06", "inpatient", json!({}))), "missing_field");
    assert_eq!(
        rule(&book, &ask("2025-06", "inpatient", json!({"hospital_level": 2}))),
        "law_not_encoded"
    );
    assert_eq!(rule(&book, &ask("2023-12", "outpatient", json!({}))), "law_not_encoded");
    let both = ask("2025-06", "outpatient", json!({"deductible": "1.00", "tiers": [{"ratio": "0.5"}]}));
    assert_eq!(rule(&book, &both), "plan_given_twice");
}

/// No plan of any region is encoded: each region says so and says what to do, and none answers by another's.
#[test]
fn every_region_without_a_plan_says_so() {
    let book = RuleBook::embedded();
    for place in book.places() {
        let inputs = json!({"eligible": "100.00", "region": place.to_string(), "month": "2025-06", "care": "outpatient"});
        let finding = calculate(book, "medical_reimbursement", &inputs).unwrap_err();
        assert_eq!(finding.rule, "law_not_encoded");
        assert!(finding.message.zh.contains(&place.name()) && finding.remedy.unwrap().zh.contains("起付线"));
    }
}

#[test]
fn plans_that_cannot_be_are_refused_by_the_loader_and_the_calculator() {
    for (plan, rule) in [
        (r#"{ care = "home", deductible = "0", tiers = [{ ratio = "0.5" }] }"#, "law_value"),
        (r#"{ care = "outpatient", deductible = "0", tiers = [] }"#, "law_value"),
        (
            r#"{ care = "outpatient", deductible = "0", tiers = [{ ratio = "1.5" }] }"#,
            "law_value",
        ),
        (
            r#"{ care = "outpatient", deductible = "0", tiers = [{ ratio = "0.5" }, { ratio = "0.6" }] }"#,
            "law_value",
        ),
        (
            r#"{ care = "outpatient", deductible = "0", hospital_level = 4, tiers = [{ ratio = "0.5" }] }"#,
            "law_value",
        ),
        (
            r#"{ care = "outpatient", deductible = "100", tiers = [{ up_to = "100", ratio = "0.5" }] }"#,
            "law_value",
        ),
        (
            r#"{ care = "outpatient", deductible = "0", tiers = [{ ratio = "0.5" }] }, { care = "outpatient", retired = true, deductible = "0", tiers = [{ ratio = "0.5" }] }"#,
            "law_overlap",
        ),
        (
            r#"{ care = "outpatient", deductible = "0", tiers = [{ ratio = "0.5", share = "1" }] }"#,
            "law_unknown_key",
        ),
        ("", "law_value"),
    ] {
        assert_eq!(book(&[("2024-01", plan)]).unwrap_err().rule(), rule, "{plan}");
    }
    for (inputs, rule) in [
        (json!({"tiers": [{"ratio": "0.5"}, {"ratio": "0.6"}]}), "reimbursement_tiers"),
        (
            json!({"tiers": [{"up_to": "10.00", "ratio": "0.5"}], "deductible": "10.00"}),
            "reimbursement_tiers",
        ),
        (json!({"deductible": "10.00", "tiers": []}), "missing_field"),
        (json!({"cap": "10.00"}), "missing_field"),
        (json!({}), "missing_field"),
        (json!({"region": "430100", "month": "2025-06"}), "missing_field"),
        (json!({"region": "430100", "month": "2025-06", "care": "home"}), "care"),
        (json!({"tiers": [{"ratio": "1.5"}]}), "rate_range"),
    ] {
        let mut inputs = inputs;
        inputs["eligible"] = json!("100.00");
        assert_eq!(self::rule(RuleBook::embedded(), &inputs), rule, "{inputs}");
    }
}

fn plan() -> impl Strategy<Value = Plan> {
    let tier = (1_i64..2_000_000, 0_i64..=1_000_000);
    let last = prop::option::of(0_i64..=1_000_000);
    (
        0_i64..500_000,
        prop::collection::vec(tier, 1..5),
        last,
        prop::option::of(0_i64..20_000_000),
    )
        .prop_map(|(deductible, tiers, last, cap)| {
            let mut end = deductible;
            let mut all: Vec<Tier> = Vec::new();
            for (more, ratio) in tiers {
                end += more;
                all.push(Tier {
                    up_to: Some(Money::from_fen(end)),
                    ratio: Rate::from_ppm(ratio),
                });
            }
            all.extend(last.map(|ratio| Tier {
                up_to: None,
                ratio: Rate::from_ppm(ratio),
            }));
            Plan {
                deductible: Money::from_fen(deductible),
                tiers: all,
                cap: cap.map(Money::from_fen),
            }
        })
}

proptest! {
    /// However a cost is split into bills, and in whatever order they come, the fund pays what it pays for one.
    #[test]
    fn bills_one_after_the_other_are_paid_like_one(plan in plan(), bills in prop::collection::vec(0_i64..3_000_000, 1..8)) {
        prop_assert!(plan.check().is_ok());
        let whole = settle(&plan, Money::ZERO, Money::from_fen(bills.iter().sum()), &mut Silent).unwrap();
        let mut before = Money::ZERO;
        let mut fund = Money::ZERO;
        for bill in bills {
            let bill = Money::from_fen(bill);
            let one = settle(&plan, before, bill, &mut Silent).unwrap();
            prop_assert!(!one.fund.is_negative() && !one.own.is_negative());
            prop_assert_eq!(one.fund.try_add(one.own).unwrap(), bill);
            before = before.try_add(bill).unwrap();
            fund = fund.try_add(one.fund).unwrap();
        }
        prop_assert_eq!(fund, whole.fund);
        if let Some(cap) = plan.cap {
            prop_assert!(fund <= cap);
        }
    }

    /// A plan written into the law pays what the same plan pays when the asker states it.
    #[test]
    fn the_laws_plan_pays_like_a_stated_one(plan in plan(), eligible in 0_i64..10_000_000) {
        let tiers: Vec<Value> = plan.tiers.iter().map(|tier| match tier.up_to {
            Some(up_to) => json!({"up_to": up_to.to_yuan(), "ratio": tier.ratio.to_string()}),
            None => json!({"ratio": tier.ratio.to_string()}),
        }).collect();
        let mut stated = json!({"eligible": Money::from_fen(eligible).to_yuan(), "deductible": plan.deductible.to_yuan(), "tiers": tiers});
        let mut law = format!("care = \"outpatient\", deductible = \"{}\"", plan.deductible.to_yuan());
        if let Some(cap) = plan.cap {
            stated["cap"] = json!(cap.to_yuan());
            law += &format!(", cap = \"{}\"", cap.to_yuan());
        }
        let in_toml: Vec<String> = plan.tiers.iter().map(|tier| {
            let up_to = tier.up_to.map(|up_to| format!("up_to = \"{}\", ", up_to.to_yuan())).unwrap_or_default();
            format!("{{ {up_to}ratio = \"{}\" }}", tier.ratio)
        }).collect();
        let text = format!("[[reimbursement]]\nfrom = \"2024-01\"\nplans = [{{ {law}, tiers = [{}] }}]\n{SOURCE}\n", in_toml.join(", "));
        let book = RuleBook::parse([("430100-changsha/medical.toml", text.as_str())]).unwrap();
        prop_assert!(book.region(Place::parse("430100").unwrap()).is_ok());
        let asked = json!({"eligible": stated["eligible"].clone(), "region": "430100", "month": "2025-06", "care": "outpatient"});
        prop_assert_eq!(
            calculate(&book, "medical_reimbursement", &asked).unwrap(),
            calculate(&book, "medical_reimbursement", &stated).unwrap()
        );
    }
}
