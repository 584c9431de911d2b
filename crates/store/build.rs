//! Lists the migration files of every owner, so that adding one is adding two files and nothing else.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let folder = Path::new(&root).join("migrations");
    let sqlite = names(&folder.join("sqlite"));
    let postgres = names(&folder.join("postgres"));
    assert_eq!(
        sqlite, postgres,
        "migrations/sqlite and migrations/postgres must hold files of the same names"
    );
    let mut code = String::from("pub(crate) static MIGRATIONS: &[Migration] = &[\n");
    for name in &sqlite {
        let path = |kind: &str| folder.join(kind).join(name).display().to_string();
        writeln!(
            code,
            "    Migration {{ name: {:?}, sqlite: include_str!({:?}), postgres: include_str!({:?}) }},",
            name.trim_end_matches(".sql"),
            path("sqlite"),
            path("postgres"),
        )
        .expect("writing to a string cannot fail");
    }
    code.push_str("];\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("migrations.rs");
    fs::write(out, code).expect("OUT_DIR is writable");
}

fn names(folder: &Path) -> Vec<String> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|entries| {
            entries
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .filter(|name| name.ends_with(".sql"))
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}
