//! Changing any value of the law makes some case fail; the values no case covers are listed in `cases/uncovered.txt`.
//!
//! After adding cases or law: `SHEBAO_UPDATE=1 cargo test -p policy --test mutation` writes the list anew.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use policy::book::load::embedded_files;
use policy::calc::calculate;
use policy::law::show;
use policy::{Place, RuleBook};
use rayon::prelude::*;
use serde_json::Value;
use standard::Month;
use toml::Value as Toml;

fn case_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases")
}

fn lines(files: &[&str]) -> Vec<Value> {
    files
        .iter()
        .flat_map(|file| {
            std::fs::read_to_string(case_folder().join(file))
                .unwrap()
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .map(|line| serde_json::from_str(&line).unwrap())
        .collect()
}

/// A figure that is a little different; nothing for words.
fn changed(value: &Toml) -> Option<Toml> {
    match value {
        Toml::Integer(number) => Some(Toml::Integer(number + 1)),
        Toml::String(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
            let mut digits = text.clone().into_bytes();
            let last = digits.last_mut().unwrap();
            *last = if *last == b'9' { b'8' } else { *last + 1 };
            Some(Toml::String(String::from_utf8(digits).unwrap()))
        }
        _ => None,
    }
}

/// Every figure below a value, by its path.
fn figures(value: &Toml, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    match value {
        Toml::Table(table) => {
            for (key, value) in table
                .iter()
                .filter(|(key, _)| !["source", "from", "note", "unknown"].contains(&key.as_str()))
            {
                path.push(key.clone());
                figures(value, path, found);
                path.pop();
            }
        }
        Toml::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                path.push(index.to_string());
                figures(value, path, found);
                path.pop();
            }
        }
        other if changed(other).is_some() => found.push(path.clone()),
        _ => {}
    }
}

fn at<'a>(root: &'a mut Toml, path: &[String]) -> &'a mut Toml {
    path.iter().fold(root, |value, key| match value {
        Toml::Table(table) => table.get_mut(key).unwrap(),
        Toml::Array(items) => &mut items[key.parse::<usize>().unwrap()],
        _ => unreachable!("a path leads through tables and lists"),
    })
}

/// A value that no calculation reaches, entered a second time: where, when, which, and what it must be.
fn stated_wrongly(book: &RuleBook, stated: &[Value]) -> Option<String> {
    let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    let mut shown: BTreeMap<(String, String), Vec<show::Value>> = BTreeMap::new();
    for line in stated {
        let (region, month) = (text(line, "region"), text(line, "month"));
        let values = shown
            .entry((region.clone(), month.clone()))
            .or_insert_with(|| show::in_force(book, Place::parse(&region).unwrap(), Month::parse(&month).unwrap()).unwrap_or_default());
        let same =
            |value: &&show::Value| value.place.to_string() == region && value.topic == line["topic"] && value.series == line["series"];
        let found = values
            .iter()
            .find(same)
            .and_then(|value| value.value.iter().find(|(key, _)| key.as_str() == line["key"]));
        if found.is_none_or(|(_, found)| found.as_str() != line["value"]) {
            return Some(format!("{line} but found {found:?}"));
        }
    }
    None
}

/// True when some case no longer answers as before: only the fields a case expects count.
fn noticed(book: &RuleBook, cases: &[Value], stated: &[Value]) -> bool {
    let differs = cases.iter().any(|case| {
        let Ok(result) = calculate(book, case["kind"].as_str().unwrap(), &case["inputs"]) else {
            return true;
        };
        !covers(&case["expected"], &result)
    });
    differs || stated_wrongly(book, stated).is_some()
}

fn covers(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .all(|(key, value)| found.get(key).is_some_and(|found| covers(value, found))),
        _ => expected == found,
    }
}

#[test]
fn every_value_of_the_law_is_covered_or_listed() {
    let files: Vec<(&str, &str)> = embedded_files().collect();
    // A case with a tolerance cannot notice a fen; it is left out.
    let stated = lines(&["values.jsonl"]);
    assert_eq!(stated_wrongly(RuleBook::embedded(), &stated), None);
    let cases: Vec<Value> = lines(&["worked.jsonl", "own.jsonl"])
        .into_iter()
        .filter(|case| case.get("tolerance").is_none())
        .collect();
    assert!(
        !noticed(RuleBook::embedded(), &cases, &stated),
        "the cases hold before anything is changed"
    );
    let mut uncovered: Vec<String> = files
        .par_iter()
        .flat_map_iter(|(name, text)| {
            let root: Toml = Toml::Table(text.parse().unwrap());
            let mut paths = Vec::new();
            figures(&root, &mut Vec::new(), &mut paths);
            let missed: Vec<String> = paths
                .into_iter()
                .filter(|path| {
                    let mut mutated = root.clone();
                    let figure = at(&mut mutated, path);
                    *figure = changed(figure).unwrap();
                    let mutated = toml::to_string(&mutated).unwrap();
                    let others = files
                        .iter()
                        .map(|(other, text)| (*other, if other == name { mutated.as_str() } else { *text }));
                    RuleBook::parse(others).is_ok_and(|book| !noticed(&book, &cases, &stated))
                })
                .map(|path| {
                    let from = root
                        .get(&path[0])
                        .and_then(|rows| rows.get(path[1].parse::<usize>().ok()?)?.get("from")?.as_str().map(str::to_owned));
                    format!("{name} {} {} {}", path[0], from.unwrap_or_default(), path[2..].join("."))
                })
                .collect();
            missed
        })
        .collect();
    uncovered.sort();
    let list = case_folder().join("uncovered.txt");
    let text: String = uncovered.iter().map(|one| format!("{one}\n")).collect();
    if std::env::var_os("SHEBAO_UPDATE").is_some() {
        std::fs::write(&list, &text).unwrap();
    }
    let listed = std::fs::read_to_string(&list).unwrap_or_default();
    let new: Vec<&String> = uncovered.iter().filter(|one| !listed.lines().any(|line| line == *one)).collect();
    assert!(
        new.is_empty(),
        "no case notices a change of these values; add a case to cases/own.jsonl:\n{new:#?}"
    );
}
