//! What the loader of the law accepts and what it refuses, each refusal by its stable name.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use policy::book::load::embedded_files;
use policy::{Place, RuleBook};
use standard::{Month, RegionCode};

const SOURCE: &str =
    r#"source = { issuer = "甲", document = "乙", article = "", url = "", checked_on = "2026-11-21", confidence = "high" }"#;

fn limits(from: &str, floor: &str, ceiling: &str) -> String {
    format!("[[limits]]\nfrom = \"{from}\"\nfloor = \"{floor}\"\nceiling = \"{ceiling}\"\napplies_to = [\"pension\"]\n{SOURCE}\n")
}

fn parse(text: &str) -> Result<RuleBook, standard::Refusal> {
    RuleBook::parse([("430100-changsha/pension.toml", text)])
}

#[track_caller]
fn refused(text: &str, rule: &str) {
    let refusal = parse(text).expect_err("the file must be refused");
    assert_eq!(refusal.rule(), rule, "{refusal}");
    assert!(refusal.findings[0].message.zh.contains("430100-changsha/pension.toml"), "{refusal}");
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn changsha() -> Place {
    Place::parse("430100").unwrap()
}

#[test]
fn a_row_without_a_source_is_refused() {
    refused("[[employee]]\nfrom = \"2006-01\"\nrate = \"0.08\"\n", "law_no_source");
    let nobody = SOURCE.replace("甲", " ");
    refused(
        &format!("[[employee]]\nfrom = \"2006-01\"\nrate = \"0.08\"\n{nobody}\n"),
        "law_no_source",
    );
    refused(
        &format!("{}[[limits]]\nfrom = \"2025-01\"\nrepealed = true\n", limits("2024-01", "1", "2")),
        "law_no_source",
    );
}

#[test]
fn no_law_at_all_is_refused() {
    assert_eq!(RuleBook::parse([]).unwrap_err().rule(), "law_empty");
    let folder = std::env::temp_dir().join(format!("shebao-no-law-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let refusal = RuleBook::load(&folder).unwrap_err();
    std::fs::remove_dir(&folder).unwrap();
    assert_eq!(refusal.rule(), "law_empty");
}

#[test]
fn two_rows_with_one_start_overlap() {
    refused(&(limits("2024-01", "1", "2") + &limits("2024-01", "1", "3")), "law_overlap");
}

#[test]
fn a_value_after_a_repeal_leaves_a_gap() {
    let repealed = format!("[[limits]]\nfrom = \"2025-01\"\nrepealed = true\n{SOURCE}\n");
    refused(&(limits("2024-01", "1", "2") + &repealed + &limits("2026-01", "1", "3")), "law_gap");
    let unknown = "[[limits]]\nfrom = \"2025-01\"\nunknown = \"未收录\"\n";
    assert!(parse(&(limits("2024-01", "1", "2") + unknown + &limits("2026-01", "1", "3"))).is_ok());
    refused(&(unknown.to_owned() + &limits("2026-01", "1", "3")), "law_gap");
}

#[test]
fn a_yearly_figure_may_not_skip_a_year() {
    let year = |year: i32| format!("[[calculation_base]]\nfrom = \"{year}-01\"\namount = \"7000\"\n{SOURCE}\n");
    assert!(parse(&(year(2024) + &year(2025))).is_ok());
    refused(&(year(2023) + &year(2025)), "law_gap");
}

#[test]
fn unknown_keys_series_and_files_are_refused() {
    refused(
        &format!("[[employee]]\nfrom = \"2006-01\"\nrate = \"0.08\"\nrates = \"0.08\"\n{SOURCE}\n"),
        "law_unknown_key",
    );
    refused(
        &format!("[[employe]]\nfrom = \"2006-01\"\nrate = \"0.08\"\n{SOURCE}\n"),
        "law_unknown_key",
    );
    refused("title = \"x\"\n", "law_unknown_key");
    let refusal = RuleBook::parse([("430100-changsha/pensions.toml", "")]).unwrap_err();
    assert_eq!(refusal.rule(), "law_unknown_file");
    let refusal = RuleBook::parse([("changsha/pension.toml", "")]).unwrap_err();
    assert_eq!(refusal.rule(), "law_unknown_file");
    refused(
        &format!(
            "[[employee]]\nfrom = \"2006-01\"\nrate = \"0.08\"\n{}\n",
            SOURCE.replace("url", "link")
        ),
        "law_value",
    );
}

#[test]
fn a_floor_above_its_ceiling_is_refused() {
    refused(&limits("2024-01", "20000", "3000"), "law_floor_above_ceiling");
}

#[test]
fn values_must_be_readable() {
    for (text, rule) in [
        ("[[employee]]\nfrom = \"2006-13\"\nrate = \"0.08\"", "law_value"),
        ("[[employee]]\nfrom = \"2006-01\"\nrate = 0.08", "law_value"),
        ("[[employee]]\nfrom = \"2006-01\"\nrate = \"-0.08\"", "law_value"),
        ("[[employee]]\nfrom = \"2006-01\"\nrate = \"1.08\"", "law_value"),
        ("[[employee]]\nfrom = \"2006-01\"", "law_value"),
        ("[[employee]]\nrate = \"0.08\"", "law_value"),
        ("[[employee", "law_syntax"),
    ] {
        refused(&format!("{text}\n{SOURCE}\n"), rule);
    }
    refused(&limits("2024-01", "-1", "2"), "law_value");
}

#[test]
fn limits_that_contradict_the_average_warn_with_both_figures() {
    let text = limits("2024-01", "3600", "18021").replace("applies_to", "average = \"6007\"\napplies_to");
    let book = parse(&text).unwrap();
    assert_eq!(book.warnings().len(), 1);
    let warning = &book.warnings()[0];
    assert_eq!(warning.rule, "law_limits_against_average");
    assert!(
        warning.message.zh.contains("3600.00") && warning.message.zh.contains("3604.20"),
        "{}",
        warning.message.zh
    );
    let rounded = text.replace("\"3600\"", "\"3604\"");
    assert!(parse(&rounded).unwrap().warnings().is_empty());
}

#[test]
fn every_refusal_of_a_load_is_reported_at_once() {
    let refusal = RuleBook::parse([
        (
            "430100-changsha/pension.toml",
            "[[employee]]\nfrom = \"2006-01\"\nrate = \"0.08\"\n",
        ),
        ("420100-wuhan/pension.toml", "[[employer]]\nfrom = \"2006-01\"\nrate = \"0.16\"\n"),
    ])
    .unwrap_err();
    assert_eq!(refusal.findings.len(), 2);
}

#[test]
fn beyond_what_is_encoded_is_refused() {
    let book = RuleBook::embedded();
    for (region, when) in [
        ("430100", "2022-12"),
        ("430100", "2027-01"),
        ("420100", "2026-01"),
        ("130100", "2025-06"),
        ("999999", "2025-06"),
    ] {
        let refused = book.at(Place::parse(region).unwrap(), month(when)).unwrap_err();
        assert_eq!(refused.rule, "law_not_encoded", "{region} {when}");
    }
}

#[test]
fn the_embedded_law_covers_the_pilot() {
    let book = RuleBook::embedded();
    for region in RegionCode::pilot() {
        let rules = book.at(*region, month("2025-06")).unwrap();
        let limits = rules.limits(standard::Insurance::Pension).unwrap();
        assert!(limits.value.floor < limits.value.ceiling);
        assert!(!limits.head.source.as_ref().unwrap().citation().is_empty());
    }
    assert_eq!(book.places().count(), 12);
    let limits = book
        .at(changsha(), month("2024-06"))
        .unwrap()
        .limits(standard::Insurance::Medical)
        .unwrap();
    assert_eq!((limits.value.floor.fen(), limits.value.ceiling.fen()), (360_400, 1_802_100));
    assert_eq!(limits.head.source.as_ref().unwrap().confidence, policy::Confidence::Unverified);
}

#[test]
fn no_law_file_names_working_papers() {
    for (name, text) in embedded_files() {
        for word in ["PRESET", "stored file", "GK;", "LBF"] {
            assert!(!text.contains(word), "{name} contains {word}");
        }
    }
}

#[test]
fn the_whole_book_loads_fast() {
    let files: Vec<_> = embedded_files().collect();
    let best = (0..5)
        .map(|_| {
            let start = Instant::now();
            let book = RuleBook::parse(files.iter().copied()).unwrap();
            assert!(!book.version().is_empty());
            start.elapsed()
        })
        .min()
        .unwrap();
    eprintln!("loaded in {best:?}");
    // The aim is 20 ms; the bound is loose because tests share the machine.
    assert!(best < Duration::from_millis(100), "{best:?}");
}
