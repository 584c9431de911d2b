//! The books of all regions after the crashes, read from the database itself.

use super::driver::{Case, Transfer};
use server::app::App;
use standard::RegionCode;
use std::collections::BTreeMap;
use std::path::Path;
use store::{Db, Query, args};
use uuid::Uuid;

async fn open(config: &Path) -> App {
    App::open(server::config::Config::read(config).unwrap()).await.unwrap()
}

/// Sum of the balances by kind of account, over all regions and persons, fen.
pub type Totals = BTreeMap<String, i64>;

async fn totals_of(db: &Db) -> Totals {
    let rows = db
        .read()
        .all("SELECT kind, SUM(balance_fen) AS fen FROM agency_account GROUP BY kind", args![])
        .await
        .unwrap();
    rows.iter().map(|row| (row.get("kind").unwrap(), row.get("fen").unwrap())).collect()
}

/// The money of the nation before anything moves.
pub async fn totals(config: &Path) -> Totals {
    let app = open(config).await;
    let totals = totals_of(&app.db).await;
    app.db.close().await;
    totals
}

/// Nothing is lost, doubled, half done or done twice.
pub async fn are_sound(config: &Path, before: &Totals, cases: &[Case], transfers: &[Transfer]) {
    let app = open(config).await;
    for region in RegionCode::pilot() {
        let findings = agency::ledger::verify(&mut app.db.read(), *region).await.unwrap();
        assert!(findings.is_empty(), "{region}: {findings:?}");
    }
    money_is_whole(&app.db, before, transfers).await;
    for transfer in transfers {
        each_act_once(&app.db, transfer).await;
    }
    for case in cases {
        account_once(&app.db, case).await;
    }
    messages_once(&app.db).await;
    app.db.close().await;
}

async fn number(db: &Db, sql: &str, args: store::Args) -> i64 {
    db.read().one(sql, args).await.unwrap().get("n").unwrap()
}

/// What left the deposits arrived on deposits, and no money appeared but the interest that was credited.
async fn money_is_whole(db: &Db, before: &Totals, transfers: &[Transfer]) {
    let after = totals_of(db).await;
    let interest = number(
        db,
        "SELECT COALESCE(SUM(e.amount_fen), 0) AS n FROM agency_journal j JOIN agency_entry e ON e.region = j.region AND e.journal_id = j.journal_id
         WHERE j.reason = 'interest' AND e.kind = 'bank'",
        args![],
    )
    .await
    .abs();
    assert_eq!(
        after.get("clearing").copied().unwrap_or_default(),
        0,
        "nothing hangs between two funds"
    );
    for kind in ["bank", "personal", "pooled"] {
        let grown = after[kind] - before[kind];
        let expected = if kind == "pooled" { 0 } else { interest };
        assert_eq!(grown.abs(), expected, "{kind}: {before:?} → {after:?}, interest {interest}");
    }
    let (mut left, mut arrived) = (0, 0);
    for transfer in transfers {
        left += sent(db, transfer, transfer.case.from, "settle").await;
        arrived += sent(db, transfer, transfer.case.to, "receive").await;
    }
    assert!(left > 0);
    assert_eq!(left, arrived, "what left is what arrived");
}

/// Fen over the deposit by one act of a transfer.
async fn sent(db: &Db, transfer: &Transfer, region: &str, act: &str) -> i64 {
    let region: RegionCode = region.parse().unwrap();
    let key = format!("transfer:{}:1:{act}", transfer.id);
    number(
        db,
        "SELECT COALESCE(SUM(e.amount_fen), 0) AS n FROM agency_journal j JOIN agency_entry e ON e.region = j.region AND e.journal_id = j.journal_id
         WHERE j.region = $1 AND j.posting_key = $2 AND e.kind = 'bank'",
        args![region, key],
    )
    .await
    .abs()
}

/// One reservation settled, one receipt allocated, one case of each kind, one event of each step, one arrival of history.
async fn each_act_once(db: &Db, transfer: &Transfer) {
    let case = &transfer.case;
    let id: Uuid = transfer.id.parse().unwrap();
    let (from, to): (RegionCode, RegionCode) = (case.from.parse().unwrap(), case.to.parse().unwrap());
    let prefix = format!("transfer:{id}:");
    let journals = db
        .read()
        .all(
            "SELECT region, posting_key FROM agency_journal WHERE posting_key >= $1 AND posting_key < $2 ORDER BY posting_key",
            args![prefix.as_str(), format!("{prefix}~")],
        )
        .await
        .unwrap();
    let mut acts: Vec<String> = journals
        .iter()
        .map(|row| {
            let (region, key): (RegionCode, String) = (row.get("region").unwrap(), row.get("posting_key").unwrap());
            format!("{region} {}", key.rsplit(':').next().unwrap())
        })
        .filter(|act| !act.ends_with("interest"))
        .collect();
    acts.sort();
    let mut expected = vec![
        format!("{from} reserve"),
        format!("{from} settle"),
        format!("{to} allocate"),
        format!("{to} receive"),
    ];
    expected.sort();
    assert_eq!(acts, expected, "the journals of {}", case.name);

    let cases = db
        .read()
        .all(
            "SELECT business, COUNT(*) AS n FROM control_case WHERE subject_name = $1 GROUP BY business ORDER BY business",
            args![case.name.as_str()],
        )
        .await
        .unwrap();
    let cases: Vec<(String, i64)> = cases
        .iter()
        .map(|row| (row.get("business").unwrap(), row.get("n").unwrap()))
        .collect();
    let once = |key: &str| (key.to_owned(), 1);
    assert_eq!(
        cases,
        [once("transfer_in"), once("transfer_out"), once("transfer_posting")],
        "{}",
        case.name
    );

    let steps = db
        .read()
        .all(
            "SELECT step, COUNT(*) AS n FROM employer_transfer_event WHERE transfer_id = $1 GROUP BY step",
            args![id],
        )
        .await
        .unwrap();
    for row in &steps {
        let (step, count): (String, i64) = (row.get("step").unwrap(), row.get("n").unwrap());
        // Filing is written by the employer and confirmed by the agency.
        assert!(
            count == 1 || step == "submitted" && count <= 2,
            "{}: {step} came {count} times",
            case.name
        );
    }
    assert!(steps.len() >= 8, "{}: {} steps", case.name, steps.len());

    let stretches = number(
        db,
        "SELECT COUNT(*) AS n FROM agency_contribution c JOIN agency_transfer t ON t.person_id = c.person_id AND t.region = c.region
         WHERE t.transfer_id = $1 AND t.region = $2 AND c.origin_region = $3",
        args![id, to, from],
    )
    .await;
    assert_eq!(stretches, 1, "the history of {} arrives once", case.name);
}

/// Money on a person's account lies in one region only: the new one.
async fn account_once(db: &Db, case: &Case) {
    let hash = db.cipher().id_hash(&standard::IdNumber::parse(&case.id_number).unwrap());
    let person = agency::enrolment::PersonId::of(&hash).0;
    let rows = db
        .read()
        .all(
            "SELECT region, balance_fen, reserved_fen FROM agency_account WHERE person_id = $1 AND kind = 'personal' AND balance_fen <> 0",
            args![person],
        )
        .await
        .unwrap();
    let regions: Vec<RegionCode> = rows.iter().map(|row| row.get("region").unwrap()).collect();
    assert_eq!(regions, [case.to.parse::<RegionCode>().unwrap()], "{}", case.name);
    assert_eq!(rows[0].get::<i64>("reserved_fen").unwrap(), 0);
}

/// Every message that left was taken in exactly once; none is stuck.
async fn messages_once(db: &Db) {
    assert_eq!(
        number(db, "SELECT COUNT(*) AS n FROM store_outbox WHERE state <> 'delivered'", args![]).await,
        0,
        "a message is stuck"
    );
    let left = number(db, "SELECT COUNT(*) AS n FROM store_outbox", args![]).await;
    let taken = number(db, "SELECT COUNT(*) AS n FROM store_inbox", args![]).await;
    let matched = number(
        db,
        "SELECT COUNT(*) AS n FROM store_outbox o JOIN store_inbox i ON i.message_id = o.id",
        args![],
    )
    .await;
    assert!(left > 0);
    assert_eq!((taken, matched), (left, left), "every message takes effect once");
}
