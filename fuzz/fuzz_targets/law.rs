//! Any text as a law file, and every real law file with stretches of it replaced, is loaded or refused with named findings;
//! what loads can be shown, compared, asked for any month and calculated with.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use policy::book::load::embedded_files;
use policy::law::{bundle, diff, show};
use policy::{Place, RuleBook, calc};
use serde_json::Value;
use standard::Month;

/// The real files in order of name.
fn files() -> &'static [(&'static str, &'static str)] {
    static FILES: OnceLock<Vec<(&str, &str)>> = OnceLock::new();
    FILES.get_or_init(|| embedded_files().collect())
}

/// The examples of all calculations, with their kinds.
fn questions() -> &'static [(&'static str, Value)] {
    static QUESTIONS: OnceLock<Vec<(&str, Value)>> = OnceLock::new();
    QUESTIONS.get_or_init(|| {
        let example = |kind: &calc::Kind| serde_json::from_str(kind.example).expect("an example is JSON");
        calc::catalogue().iter().map(|kind| (kind.name, example(kind))).collect()
    })
}

/// The text with edits applied: each takes (where: 2 bytes, how much goes: 1, how long the new text is: 1, the new text).
fn edited(text: &str, mut edits: &[u8]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    while let [high, low, gone, length, rest @ ..] = edits {
        let at = usize::from(u16::from_be_bytes([*high, *low])) % (bytes.len() + 1);
        let end = (at + usize::from(*gone)).min(bytes.len());
        let (new, more) = rest.split_at(usize::from(*length).min(rest.len()));
        bytes.splice(at..end, new.iter().copied());
        edits = more;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn use_it(book: &RuleBook) {
    assert!(diff::diff(book, book).is_empty());
    let months = [Month::MIN, Month::MAX, Month::new(2025, 6).expect("a month")];
    for place in book.places().chain([Place::NATION]) {
        for month in months {
            let _ = show::in_force(book, place, month);
            let _ = book.at(place, month);
        }
    }
    for (kind, inputs) in questions() {
        match (calc::calculate(book, kind, inputs), calc::explain(book, kind, inputs)) {
            (Ok(value), Ok(explained)) => assert_eq!(value, explained.value),
            (Err(finding), Err(same)) => assert_eq!(finding.rule, same.rule),
            (one, other) => panic!("{kind}: {one:?} but {other:?}"),
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let [which, rest @ ..] = bytes else { return };
    let (name, real) = files()[usize::from(*which) % files().len()];
    for text in [edited(real, rest), String::from_utf8_lossy(rest).into_owned()] {
        // Beside the other real files, so that what loads is a whole book.
        let others = files().iter().map(|(other, real)| (*other, if *other == name { text.as_str() } else { *real }));
        match RuleBook::parse(others) {
            Ok(book) => use_it(&book),
            Err(refusal) => {
                let named = |finding: &standard::Finding| !finding.rule.is_empty() && !finding.message.zh.is_empty();
                assert!(!refusal.findings.is_empty() && refusal.findings.iter().all(named));
            }
        }
    }
    assert!(bundle::verify(&String::from_utf8_lossy(rest), &[]).is_err());
});
