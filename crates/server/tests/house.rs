//! The house's invariants: who may import whom.

use std::collections::{BTreeMap, BTreeSet};

/// The arrows of docs/ARCHITECTURE.md; any other is a defect.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("standard", &[][..]),
        ("policy", &["standard"][..]),
        ("exchange", &["standard"][..]),
        ("store", &["standard"][..]),
        ("control", &["standard", "store"][..]),
        ("employer", &["standard", "policy", "exchange", "store", "control"][..]),
        ("agency", &["standard", "policy", "exchange", "store", "control"][..]),
        ("platform", &["standard", "exchange", "store", "control"][..]),
        (
            "server",
            &[
                "standard", "policy", "exchange", "store", "control", "employer", "agency", "platform",
            ][..],
        ),
    ])
}

/// Crates that must know no database, network, clock, randomness or async runtime.
const PURE: [&str; 2] = ["standard", "policy"];
const IMPURE: [&str; 8] = ["sqlx", "rusqlite", "reqwest", "axum", "tokio", "getrandom", "rand", "async-trait"];

#[test]
fn crates_import_only_what_the_house_allows() {
    let metadata = cargo_metadata::MetadataCommand::new()
        .no_deps()
        .exec()
        .expect("cargo metadata answers");
    let allowed = allowed();
    let ours: BTreeSet<String> = metadata.packages.iter().map(|p| p.name.to_string()).collect();
    assert_eq!(
        ours,
        allowed.keys().map(ToString::to_string).collect::<BTreeSet<_>>(),
        "a crate was added or lost"
    );
    for package in &metadata.packages {
        let name = package.name.to_string();
        for dependency in package
            .dependencies
            .iter()
            .filter(|d| d.kind == cargo_metadata::DependencyKind::Normal)
        {
            if ours.contains(&dependency.name) {
                assert!(
                    allowed[name.as_str()].contains(&dependency.name.as_str()),
                    "{name} must not import {}",
                    dependency.name
                );
            }
            assert!(
                !(PURE.contains(&name.as_str()) && IMPURE.contains(&dependency.name.as_str())),
                "{name} must stay pure, but imports {}",
                dependency.name
            );
        }
    }
}

#[test]
fn only_store_asks_which_database_it_is_on() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for name in allowed().keys().filter(|n| **n != "store") {
        for file in files(&root.join(name).join("src")) {
            let text = std::fs::read_to_string(&file).expect("a source file is text");
            for word in ["sqlx::", "rusqlite::", "SqlitePool", "PgPool"] {
                assert!(
                    !text.contains(word),
                    "{} names {word}: only store knows the database",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn contexts_read_only_their_own_tables() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let owners = ["employer", "agency", "platform"];
    for name in owners {
        for file in files(&root.join(name).join("src")) {
            let text = std::fs::read_to_string(&file).expect("a source file is text");
            for other in owners.iter().filter(|o| **o != name) {
                for verb in ["FROM", "JOIN", "INTO", "UPDATE"] {
                    assert!(
                        !text.contains(&format!("{verb} {other}_")),
                        "{} touches a table of {other}",
                        file.display()
                    );
                }
            }
        }
    }
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_interface_document_of_the_web_is_fresh() {
    let committed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json");
    let committed: serde_json::Value =
        serde_json::from_slice(&std::fs::read(committed).expect("web/openapi.json is there")).expect("it is JSON");
    let answer = std::process::Command::new(env!("CARGO_BIN_EXE_shebao"))
        .arg("openapi")
        .output()
        .expect("the program runs");
    let made: serde_json::Value = serde_json::from_slice(&answer.stdout).expect("it prints JSON");
    assert!(committed == made, "web/openapi.json is stale: run `make generate`");
}

/// Two views of one name would hide each other in the interface document.
#[test]
fn every_view_has_a_name_of_its_own() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in allowed().keys() {
        for file in files(&root.join(name).join("src")) {
            let text = std::fs::read_to_string(&file).expect("a source file is text");
            for view in views(&text) {
                places.entry(view).or_default().push(file.display().to_string());
            }
        }
    }
    assert!(places.len() > 50, "the derives are no longer found");
    let shared: Vec<_> = places.into_iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(shared.is_empty(), "give the second one #[schema(as = …)]: {shared:?}");
}

/// The schema names a source file derives.
fn views(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut derived = false;
    let mut given = None;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[derive(") && line.contains("ToSchema") {
            (derived, given) = (true, None);
        } else if let Some(name) = line.strip_prefix("#[schema(as = ").and_then(|rest| rest.strip_suffix(")]")) {
            given = Some(name.to_owned());
        } else if derived && let Some(rest) = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum ")) {
            let own: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            found.push(given.take().unwrap_or(own));
            derived = false;
        }
    }
    found
}
