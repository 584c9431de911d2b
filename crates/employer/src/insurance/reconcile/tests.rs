//! The reasons, one table: what stands in the columns, and what is said of it.
#![allow(clippy::unwrap_used)]

use standard::{Insurance, Money, Month, RegionCode};

use super::explain::{Reason, explain};
use super::gather::{Declared, Person, Sheet};
use crate::insurance::amounts::Amounts;

fn amounts(base: i64, employer: i64, employee: i64) -> Amounts {
    let mut all = Amounts::default();
    (all.bases[0], all.employer[0], all.employee[0]) = (Money::from_fen(base), Money::from_fen(employer), Money::from_fen(employee));
    all
}

fn person(policy: Amounts, billed: Amounts, booked: Amounts) -> Person {
    Person {
        key: "x".to_string(),
        employee_id: None,
        number: Some(1),
        name: "王敏".to_string(),
        region: RegionCode::pilot()[0],
        employed: true,
        hired_within: false,
        law_missing: false,
        wage: Money::from_fen(800_000),
        policy,
        declared: None,
        on_bill: true,
        billed,
        on_payroll: true,
        booked,
    }
}

fn check(person: Person, locked: bool, expected: Reason) {
    let sheet = Sheet {
        month: Month::new(2026, 9).unwrap(),
        people: Vec::new(),
        orders: Vec::new(),
        payroll_locked: locked,
        paid: Money::ZERO,
    };
    let (reason, words) = explain(&person, Insurance::Pension, &sheet);
    assert_eq!(reason, expected, "{}", words.zh);
    assert!(!words.zh.is_empty() && !words.en.is_empty());
}

#[test]
fn every_way_the_columns_part_has_its_reason() {
    let (full, none) = (amounts(800_000, 128_000, 64_000), Amounts::default());
    let declared = |state: &str, amounts: Amounts| {
        Some(Declared {
            state: state.to_string(),
            wage: Money::from_fen(800_000),
            amounts,
        })
    };
    check(person(full, amounts(800_000, 128_001, 64_000), full), true, Reason::Rounding);
    check(person(full, amounts(900_000, 144_000, 72_000), full), true, Reason::BaseMismatch);
    check(person(full, amounts(800_000, 120_000, 64_000), full), true, Reason::RateMismatch);
    let lowered = Person {
        declared: declared("accepted", full),
        ..person(amounts(800_000, 120_000, 64_000), full, full)
    };
    check(lowered.clone(), true, Reason::LawChanged);
    check(
        Person {
            wage: Money::from_fen(750_000),
            ..lowered
        },
        true,
        Reason::BaseMismatch,
    );
    let refused = Person {
        declared: declared("refused", full),
        on_bill: false,
        ..person(full, none, full)
    };
    check(refused, true, Reason::RefusedLine);
    let late = Person {
        hired_within: true,
        on_bill: false,
        ..person(full, none, full)
    };
    check(late, true, Reason::LateHire);
    check(
        Person {
            on_bill: false,
            ..person(full, none, full)
        },
        true,
        Reason::NotBilled,
    );
    check(
        Person {
            employed: false,
            ..person(none, full, none)
        },
        true,
        Reason::BilledNotOnPayroll,
    );
    check(
        Person {
            law_missing: true,
            ..person(none, full, full)
        },
        true,
        Reason::LawNotEncoded,
    );
    check(person(full, full, none), false, Reason::PayrollNotLocked);
    check(person(full, full, none), true, Reason::NotDeducted);
    check(person(full, full, amounts(700_000, 112_000, 56_000)), true, Reason::BaseMismatch);
    check(person(full, full, amounts(800_000, 128_000, 64_001)), true, Reason::Rounding);
    check(person(full, full, amounts(800_000, 128_000, 60_000)), true, Reason::BookedOtherwise);
}
