//! `shebao demo` killed while it makes its data: the next start never serves the half of it.

use super::support::{Data, On, shebao};
use serde_json::Value;
use standard::Month;
use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const DEMO: [&str; 6] = ["demo", "--no-serve", "--people", "3", "--staff", "12"];

fn demo(data: &Data) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shebao"));
    command
        .args(DEMO)
        .args(["--config", data.config.to_str().unwrap()])
        .stdout(Stdio::null());
    command
}

#[tokio::test]
async fn a_demo_killed_half_way_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::empty(folder.path(), On::Sqlite, "").await;
    let note = folder.path().join("data/demo.unfinished");
    let mut half = demo(&data).stderr(Stdio::null()).spawn().unwrap();
    let start = Instant::now();
    while !note.exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "the filling never began");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(400));
    half.kill().unwrap();
    half.wait().unwrap();
    assert!(note.exists(), "killed before it was whole");

    assert!(demo(&data).status().unwrap().success());
    assert!(!note.exists());
    let config = data.config.to_str().unwrap();
    for back in 1..=3 {
        let month = Month::of(control::clock::today()).plus(-back).to_string();
        let closed: Value = serde_json::from_str(&shebao(&["reconcile", "--month", &month, "--json", "--config", config])).unwrap();
        assert!(closed["people"].as_i64() > Some(3), "{closed}");
        assert_eq!(closed["unexplained"], 0, "{closed}");
    }
}

#[tokio::test]
async fn a_database_that_may_hold_more_is_not_emptied() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::empty(folder.path(), On::Postgres, "").await;
    let note = folder.path().join("data/demo.unfinished");
    std::fs::create_dir_all(note.parent().unwrap()).unwrap();
    std::fs::write(&note, "").unwrap();
    let refused = demo(&data).output().unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("demo_unfinished") && said.contains("demo.unfinished"), "{said}");
    assert!(note.exists());
}
