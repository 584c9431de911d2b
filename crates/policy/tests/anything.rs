//! Whatever comes in, the law's loader and the calculations answer or refuse by name: nothing panics, nothing loops.
//! `PROPTEST_CASES=100000 cargo test -p policy --test anything` looks longer.
#![allow(clippy::unwrap_used)]

use policy::RuleBook;
use policy::book::load::embedded_files;
use policy::calc::{calculate, catalogue, explain};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Words that parsers trip over.
const WORDS: [&str; 40] = [
    "",
    "0",
    "-0",
    "-1",
    "1",
    "0.001",
    "1e400",
    "NaN",
    "inf",
    "999999999999999999999999",
    "9223372036854775807",
    "-9223372036854775808",
    "0x10",
    "１２",
    "壹",
    "\u{0}",
    "\u{202e}",
    "2025-06",
    "2025-02-29",
    "9999-12-31",
    "0000-00-00",
    "-9999-01",
    "2024-13",
    "10000-01",
    "430100",
    "000000",
    "999999",
    "11010519491231002X",
    "110105491231002",
    "pension",
    "true",
    "null",
    "[[limits]]",
    "from = \"2025-01\"",
    "rate = \"2.00\"",
    "repealed = true",
    "source = {",
    "}",
    "\"",
    "=",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(WORDS.as_slice()).prop_map(str::to_owned), 1 => ".{0,24}"]
}

/// A text with stretches replaced by words, on character boundaries.
fn spoilt(text: &str, edits: &[(prop::sample::Index, usize, String)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (at, length, word) in edits {
        let from = at.index(chars.len() + 1);
        let to = (from + length).min(chars.len());
        chars.splice(from..to, word.chars());
    }
    chars.into_iter().collect()
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|n| json!(n)),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..6).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Figures at the edges of what a row may hold.
const FIGURES: [&str; 14] = [
    "\"0\"",
    "\"0.000001\"",
    "\"1\"",
    "\"2.5\"",
    "\"1000\"",
    "\"9999999999.99\"",
    "\"-1\"",
    "\"9999-12\"",
    "0",
    "1",
    "1000000",
    "-1",
    "[]",
    "{}",
];

/// The places of every figure of a law file: from where to where its text stands.
fn figures(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !line.starts_with("source") && !line.starts_with('#') {
            let mut rest = 0;
            while let Some(start) = line[rest..]
                .find(|c: char| c == '"' || c.is_ascii_digit())
                .map(|start| rest + start)
            {
                let quoted = line[start..].starts_with('"');
                let end = if quoted {
                    line[start + 1..].find('"').map(|end| start + end + 2)
                } else {
                    line[start..].find(|c: char| !c.is_ascii_digit()).map(|end| start + end)
                };
                let end = end.unwrap_or(line.len());
                found.push((at + start, at + end));
                rest = end;
            }
        }
        at += line.len();
    }
    found
}

proptest! {
    /// Figures of real rows at their edges, in a book that is otherwise whole: it is refused by name, or every calculation
    /// answers or refuses by it, explained alike.
    #[test]
    fn law_at_its_edges_is_refused_or_calculated_with(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(FIGURES.as_slice())), 1..4),
    ) {
        let files: Vec<_> = embedded_files().collect();
        let which = which.index(files.len());
        let mut text = files[which].1.to_owned();
        for (at, figure) in edits {
            let places = figures(&text);
            if places.is_empty() {
                break;
            }
            let (from, to) = places[at.index(places.len())];
            text.replace_range(from..to, figure);
        }
        let read = RuleBook::parse(files.iter().enumerate().map(|(i, (name, real))| (*name, if i == which { text.as_str() } else { *real })));
        match read {
            Err(refusal) => prop_assert!(refusal.findings.iter().all(|finding| !finding.rule.is_empty() && !finding.message.zh.is_empty())),
            Ok(book) => for kind in catalogue() {
                let inputs: Value = serde_json::from_str(kind.example).unwrap();
                match (calculate(&book, kind.name, &inputs), explain(&book, kind.name, &inputs)) {
                    (Ok(value), Ok(explained)) => prop_assert_eq!(value, explained.value),
                    (Err(finding), Err(same)) => prop_assert_eq!(finding.rule, same.rule),
                    (answer, explained) => prop_assert!(false, "{}: {answer:?} but {explained:?}", kind.name),
                }
            },
        }
    }

    #[test]
    fn a_spoilt_law_file_loads_or_is_refused_by_name(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..60_usize, word()), 1..6),
    ) {
        let files: Vec<_> = embedded_files().collect();
        let (name, text) = files[which.index(files.len())];
        if let Err(refusal) = RuleBook::parse([(name, spoilt(text, &edits).as_str())]) {
            prop_assert!(!refusal.findings.is_empty());
            for finding in &refusal.findings {
                prop_assert!(!finding.rule.is_empty() && !finding.message.zh.is_empty() && !finding.message.en.is_empty());
            }
        }
    }

    #[test]
    fn a_law_file_of_any_name_and_text_is_read_or_refused(name in "[^\u{0}]{0,40}", text in ".{0,400}") {
        let read = RuleBook::parse([(name.as_str(), text.as_str())]);
        prop_assert!(read.is_err() || text.trim().is_empty() || text.contains(['#', '=', '[']), "{name:?} {text:?}");
    }

    #[test]
    fn any_inputs_are_answered_or_refused_and_explained_alike(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any_json()), 0..4),
        whole in prop::option::weighted(0.1, any_json()),
    ) {
        let book = RuleBook::embedded();
        let kinds = catalogue();
        let kind = &kinds[which.index(kinds.len())];
        let mut inputs: Value = serde_json::from_str(kind.example).unwrap();
        for (field, value) in changes {
            inputs[kind.fields[field.index(kind.fields.len())].name] = value;
        }
        let inputs = whole.unwrap_or(inputs);
        match (calculate(book, kind.name, &inputs), explain(book, kind.name, &inputs)) {
            (Ok(value), Ok(explained)) => prop_assert_eq!(value, explained.value),
            (Err(finding), Err(same)) => {
                prop_assert!(!finding.rule.is_empty() && !finding.message.zh.is_empty() && !finding.message.en.is_empty());
                prop_assert_eq!(finding.rule, same.rule);
            }
            (answer, explained) => prop_assert!(false, "{}: {answer:?} but {explained:?}", kind.name),
        }
    }
}
