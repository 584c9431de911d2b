//! The judge: tables of answers with the findings they call for, and properties over random answers.
#![allow(clippy::unwrap_used)]

mod common;

use common::{answer, changsha, guangzhou, id, relation, today, wuhan};
use employer::insurance::preflight::{Judgment, Subject, Verdict, judge};
use exchange::{RelationView, StatusAnswer};
use proptest::prelude::*;
use standard::{Insurance, Money, RelationStatus, Severity};

fn subject() -> Subject {
    Subject {
        id_number: id("1990-05-01", 11),
        household: None,
        target: changsha(),
        hired_on: None,
    }
}

fn pension(status: RelationStatus) -> RelationView {
    relation(wuhan(), Insurance::Pension, status, 38, "2025-04")
}

fn check(answer: &StatusAnswer) -> Judgment {
    judge(&subject(), answer, today())
}

fn rules(judgment: &Judgment) -> Vec<&str> {
    judgment.findings.iter().map(|advice| advice.finding.rule.as_str()).collect()
}

#[test]
fn verdict_and_rules_follow_the_answer() {
    use RelationStatus::{Active, Suspended, Terminated};
    let here = |status| relation(changsha(), Insurance::Pension, status, 12, "2025-04");
    let other = |insurance, status| relation(wuhan(), insurance, status, 12, "2025-04");
    let table: Vec<(Vec<RelationView>, Verdict, Vec<&str>)> = vec![
        (vec![], Verdict::Direct, vec![]),
        (vec![pension(Active)], Verdict::NeedsTransfer, vec!["pension_active_elsewhere"]),
        (
            vec![pension(Suspended)],
            Verdict::NeedsTransfer,
            vec!["pension_suspended_elsewhere"],
        ),
        (vec![pension(Terminated)], Verdict::Direct, vec!["pension_terminated_elsewhere"]),
        (vec![here(Active)], Verdict::Direct, vec!["already_insured_here"]),
        (vec![here(Suspended)], Verdict::Direct, vec!["already_insured_here"]),
        (
            vec![other(Insurance::Medical, Active)],
            Verdict::Direct,
            vec!["medical_active_elsewhere"],
        ),
        (vec![other(Insurance::Medical, Suspended)], Verdict::Direct, vec![]),
        (
            vec![other(Insurance::Unemployment, Active)],
            Verdict::Direct,
            vec!["unemployment_active_elsewhere"],
        ),
        (
            vec![other(Insurance::Injury, Active)],
            Verdict::Direct,
            vec!["injury_active_elsewhere"],
        ),
        (
            vec![
                pension(Suspended),
                relation(guangzhou(), Insurance::Pension, Active, 5, "2026-10"),
                here(Suspended),
            ],
            Verdict::NeedsTransfer,
            vec!["pension_active_elsewhere", "pension_suspended_elsewhere", "already_insured_here"],
        ),
    ];
    for (relations, verdict, expected) in table {
        let judgment = check(&answer(relations.clone()));
        assert_eq!(judgment.verdict, verdict, "{relations:?}");
        assert_eq!(rules(&judgment), expected, "{relations:?}");
    }
}

#[test]
fn the_warning_reads_exactly_so_and_carries_the_button() {
    let judgment = check(&answer(vec![pension(RelationStatus::Active)]));
    let advice = &judgment.findings[0];
    assert_eq!(advice.finding.message.zh, "该员工在武汉仍有在缴养老保险，请先办理转移手续");
    assert_eq!(advice.finding.severity, Severity::Blocking);
    assert_eq!(advice.finding.action.as_deref(), Some("start_transfer"));
    assert_eq!(advice.region, Some(wuhan()));
    assert!(advice.overridable);
    let judgment = check(&answer(vec![pension(RelationStatus::Suspended)]));
    assert_eq!(
        judgment.findings[0].finding.message.zh,
        "该员工在武汉有暂停缴费的养老保险关系（38 个月），请办理转移接续"
    );
    assert_eq!(judgment.from_regions, [wuhan()]);
}

#[test]
fn another_name_is_bad_data_and_shows_nothing_of_the_record() {
    let answer = StatusAnswer {
        name_matches: false,
        ..answer(vec![pension(RelationStatus::Active)])
    };
    let judgment = check(&answer);
    assert_eq!(judgment.verdict, Verdict::BadData);
    assert_eq!(rules(&judgment), ["name_contradicts_record"]);
    assert!(judgment.from_regions.is_empty());
}

#[test]
fn an_outage_never_reads_as_none_found() {
    let silent = StatusAnswer {
        unanswered: vec![guangzhou()],
        ..answer(vec![])
    };
    let judgment = check(&silent);
    assert_eq!(judgment.verdict, Verdict::Unanswered);
    assert!(judgment.findings[0].finding.message.zh.contains("广州"));
    assert_eq!(judgment.findings[0].finding.action.as_deref(), Some("retry"));
    // What is known already decides; the silence is still said.
    let silent = StatusAnswer {
        unanswered: vec![guangzhou()],
        ..answer(vec![pension(RelationStatus::Active)])
    };
    assert_eq!(check(&silent).verdict, Verdict::NeedsTransfer);
    assert!(rules(&check(&silent)).contains(&"region_unanswered"));
}

#[test]
fn fifty_for_men_and_forty_for_women_means_a_temporary_account() {
    let table = [
        ("1976-11-21", 11, None, true),
        ("1976-11-22", 11, None, false),
        ("1986-11-21", 12, None, true),
        ("1986-11-22", 12, None, false),
        // Back at the registered residence the relation is always taken over.
        ("1970-01-01", 11, Some(changsha()), false),
        ("1970-01-01", 11, Some(wuhan()), true),
    ];
    for (birth, order, household, expected) in table {
        let subject = Subject {
            id_number: id(birth, order),
            household,
            ..subject()
        };
        let judgment = judge(&subject, &answer(vec![pension(RelationStatus::Active)]), today());
        assert_eq!(
            rules(&judgment).contains(&"temporary_account"),
            expected,
            "{birth} {order} {household:?}"
        );
    }
}

#[test]
fn overlapping_months_and_arrears_are_told() {
    let mut owing = relation(wuhan(), Insurance::Pension, RelationStatus::Active, 38, "2026-11");
    owing.arrears_fen = Some(Money::from_fen(123_456));
    let subject = Subject {
        hired_on: Some("2026-11-10".parse().unwrap()),
        ..subject()
    };
    let judgment = judge(&subject, &answer(vec![owing]), today());
    assert_eq!(
        rules(&judgment),
        ["pension_active_elsewhere", "months_overlap", "pension_arrears_elsewhere"]
    );
    assert!(judgment.findings[2].finding.message.zh.contains("1234.56"));
}

fn any_relation() -> impl Strategy<Value = RelationView> {
    let region = prop_oneof![Just(changsha()), Just(wuhan()), Just(guangzhou())];
    let insurance = proptest::sample::select(Insurance::ALL.to_vec());
    let status = proptest::sample::select(RelationStatus::ALL.to_vec());
    (region, insurance, status, 1..200i32)
        .prop_map(|(region, insurance, status, months)| relation(region, insurance, status, months, "2026-10"))
}

fn any_answer() -> impl Strategy<Value = StatusAnswer> {
    let unanswered = proptest::collection::vec(prop_oneof![Just(wuhan()), Just(guangzhou())], 0..3);
    (proptest::collection::vec(any_relation(), 0..8), any::<bool>(), unanswered).prop_map(|(relations, name_matches, unanswered)| {
        StatusAnswer {
            name_matches,
            unanswered,
            ..answer(relations)
        }
    })
}

proptest! {
    #[test]
    fn the_verdict_is_what_the_rule_says(answer in any_answer()) {
        let judgment = check(&answer);
        let contradicted = answer.person_found && !answer.name_matches;
        let elsewhere = answer.relations.iter().any(|r| {
            r.insurance == Insurance::Pension && r.region != changsha() && r.status != RelationStatus::Terminated
        });
        let expected = if contradicted {
            Verdict::BadData
        } else if elsewhere {
            Verdict::NeedsTransfer
        } else if !answer.unanswered.is_empty() {
            Verdict::Unanswered
        } else {
            Verdict::Direct
        };
        prop_assert_eq!(judgment.verdict, expected);
        prop_assert_eq!(judgment.verdict == Verdict::NeedsTransfer, !judgment.from_regions.is_empty());
    }

    #[test]
    fn every_silent_region_is_named_and_every_finding_has_both_languages(answer in any_answer()) {
        let judgment = check(&answer);
        for region in &answer.unanswered {
            prop_assert!(judgment.findings.iter().any(|a| a.finding.rule == "region_unanswered" && a.region == Some(*region)));
        }
        for advice in &judgment.findings {
            prop_assert!(!advice.finding.message.zh.is_empty() && !advice.finding.message.en.is_empty());
        }
    }

    #[test]
    fn a_region_to_transfer_from_is_listed_once(answer in any_answer()) {
        let mut regions = check(&answer).from_regions;
        let before = regions.len();
        regions.sort();
        regions.dedup();
        prop_assert_eq!(regions.len(), before);
    }
}
