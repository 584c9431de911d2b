//! Showing, comparing and handing on the law.
#![allow(clippy::unwrap_used)]

use policy::book::load::embedded_files;
use policy::law::{bundle, diff, show};
use policy::{Place, RuleBook};
use standard::Month;
use standard::sm::SecretKey;

fn files() -> Vec<(String, String)> {
    embedded_files().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

fn book(files: &[(String, String)]) -> RuleBook {
    RuleBook::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap()
}

fn key(byte: u8) -> SecretKey {
    SecretKey::from_bytes([byte; 32]).unwrap()
}

#[test]
fn shown_values_carry_their_source_and_say_when_unverified() {
    let book = RuleBook::embedded();
    let values = show::in_force(book, Place::parse("430100").unwrap(), Month::parse("2024-06").unwrap()).unwrap();
    let limits = values
        .iter()
        .find(|value| (value.topic.as_str(), value.series.as_str()) == ("pension", "limits"))
        .unwrap();
    assert!(limits.unverified && limits.line().contains("floor=3604") && limits.line().contains("未经核实"));
    assert!(values.iter().all(|value| value.source.is_some()));
    assert!(values.iter().any(|value| value.place.is_nation() && value.topic == "tax"));
    let refused = show::in_force(book, Place::parse("130100").unwrap(), Month::parse("2024-06").unwrap()).unwrap_err();
    assert_eq!(refused.rule, "law_not_encoded");
}

/// A change of law is one row: the comparison names it, its start and its place, and nothing else.
#[test]
fn a_new_row_is_the_only_difference() {
    let before = files();
    let mut after = before.clone();
    let pension = after.iter_mut().find(|(name, _)| name == "430100-changsha/pension.toml").unwrap();
    pension.1.push_str(
        "\n[[employer]]\nfrom = \"2027-01\"\nrate = \"0.15\"\nsource = { issuer = \"湖南\", document = \"情景\", article = \"\", url = \"\", checked_on = \"2026-11-21\", confidence = \"low\" }\n",
    );
    let changes = diff::diff(&book(&before), &book(&after));
    assert_eq!(changes.len(), 1);
    let change = &changes[0];
    assert_eq!(
        (change.place_name.as_str(), change.topic.as_str(), change.series.as_str()),
        ("长沙", "pension", "employer")
    );
    assert_eq!(change.from.to_string(), "2027-01-01");
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (None, Some("rate=0.15")));
    assert_ne!(book(&before).version(), book(&after).version());
    assert!(diff::diff(&book(&before), &book(&before)).is_empty());
}

#[test]
fn a_bundle_needs_two_people_and_shows_any_change() {
    let approvers = [("甲".to_owned(), key(1)), ("乙".to_owned(), key(2))];
    let packed = bundle::pack(&files(), "湖南省人社厅".to_owned(), "湘人社".to_owned(), &approvers).unwrap();
    let trusted: Vec<String> = approvers.iter().map(|(_, key)| key.public().to_hex()).collect();
    let verified = bundle::verify(&packed, &trusted).unwrap();
    assert_eq!(verified.files, files());
    assert_eq!(verified.approvers, ["甲", "乙"]);

    let rule = |text: &str, trusted: &[String]| bundle::verify(text, trusted).unwrap_err().rule().to_owned();
    assert_eq!(
        rule(&packed.replacen("\\\"3604\\\"", "\\\"3605\\\"", 1), &trusted),
        "bundle_altered"
    );
    assert_eq!(
        rule(&packed.replacen("湖南省人社厅", "湖北省人社厅", 1), &trusted),
        "bundle_altered"
    );
    assert_eq!(rule(&packed, &trusted[..1]), "bundle_untrusted");
    assert_eq!(rule("{}", &trusted), "bundle_unreadable");
    let mut unsigned: serde_json::Value = serde_json::from_str(&packed).unwrap();
    unsigned["approvals"] = serde_json::json!([]);
    assert_eq!(rule(&unsigned.to_string(), &trusted), "bundle_unsigned");
    unsigned["version"] = serde_json::json!(2);
    assert_eq!(rule(&unsigned.to_string(), &trusted), "bundle_version");

    let pack = |approvers: &[(String, SecretKey)]| bundle::pack(&files(), "甲".to_owned(), "乙".to_owned(), approvers);
    assert_eq!(pack(&[("甲".to_owned(), key(1))]).unwrap_err().rule(), "bundle_two_approvers");
    assert_eq!(
        pack(&[("甲".to_owned(), key(1)), ("甲".to_owned(), key(2))]).unwrap_err().rule(),
        "bundle_two_approvers"
    );
    assert_eq!(
        pack(&[("甲".to_owned(), key(1)), ("乙".to_owned(), key(1))]).unwrap_err().rule(),
        "bundle_two_approvers"
    );
}

#[test]
fn a_bundle_cannot_write_outside_its_folder() {
    let approvers = [("甲".to_owned(), key(1)), ("乙".to_owned(), key(2))];
    let trusted: Vec<String> = approvers.iter().map(|(_, key)| key.public().to_hex()).collect();
    for name in ["430100/../x/pension.toml", "430100-..\\pension.toml"] {
        let evil = vec![(name.to_owned(), String::new())];
        let outcome =
            bundle::pack(&evil, "甲".to_owned(), "乙".to_owned(), &approvers).and_then(|packed| bundle::verify(&packed, &trusted));
        assert!(outcome.is_err(), "{name}");
    }
}
