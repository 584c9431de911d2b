//! The server is killed at random moments while two hundred transfers run between three agencies. Afterwards every
//! transfer has ended, no fen is lost or doubled, and no message took effect twice.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "crash/books.rs"]
mod books;
#[path = "crash/demo.rs"]
mod demo;
#[path = "crash/driver.rs"]
mod driver;
#[path = "crash/region.rs"]
mod region;
mod support;

use driver::{Case, Cast};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use std::time::Duration;
use support::{Data, On, Server, load_relations, made_up_id};
use tokio::sync::Mutex;

/// How long a story is.
#[derive(Clone, Copy)]
struct Length {
    transfers: usize,
    kills: usize,
}

/// The whole story; what it tells of the businesses does not depend on the database.
const LONG: Length = Length { transfers: 200, kills: 12 };
/// Enough for what differs on PostgreSQL: leases, locks, connections of the dead.
const SHORT: Length = Length { transfers: 60, kills: 6 };
/// Drivers side by side.
const DRIVERS: usize = 6;
/// Acts a transfer needs at least: hire, draft, sign, file, four reviews, posting.
const ACTS: usize = 9;
const REGIONS: [&str; 3] = ["430100", "420100", "440100"];
const SEED: u64 = 0x5eba_0bad_cafe_2026;

/// A small generator of its own (xorshift64*), so that a run can be repeated from its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % bound
    }
}

/// The made-up persons: each suspended in one of the regions, to be hired in another.
fn cases(length: Length) -> Vec<Case> {
    (0..length.transfers)
        .map(|n| {
            let (from, step) = (n % 3, 1 + (n / 3) % 2);
            let birth = standard::Date::new(1990, 1 + (n % 12) as i8, 1 + (n / 12) as i8).unwrap();
            let months = 12 + (n % 90) as i64;
            Case {
                number: n,
                name: name(n),
                id_number: made_up_id(birth, 700),
                from: REGIONS[from],
                to: REGIONS[(from + step) % 3],
                months,
            }
        })
        .collect()
}

/// Two characters of a numeral system of our own after the surname: every name differs.
fn name(n: usize) -> String {
    const DIGITS: [char; 10] = ['安', '柏', '辰', '丹', '恩', '帆', '歌', '禾', '佳', '凯'];
    let digit = |n: usize| DIGITS[n % 10];
    format!("{}{}{}", ['卢', '谢'][n / 100], digit(n / 10), digit(n))
}

fn load(data: &Data, cases: &[Case]) {
    for region in REGIONS {
        let rows: Vec<String> = cases
            .iter()
            .filter(|case| case.from == region)
            .map(|case| {
                let first = standard::Month::new(2016, 1).unwrap();
                let last = first.plus(i32::try_from(case.months).unwrap() - 1);
                let base = 4000 + 37 * case.number;
                format!(
                    "{},{},养老,暂停参保,{first},{last},{base}.00,崩溃测试有限公司（虚构）",
                    case.id_number, case.name
                )
            })
            .collect();
        load_relations(&data.config, region, &rows);
    }
}

/// Kills the server at seeded moments spread over the acts, each time within an act or a message.
async fn kill_at_random(server: Arc<Mutex<Server>>, done: Arc<AtomicUsize>, length: Length) -> usize {
    let mut dice = Dice(SEED);
    let share = (length.transfers * ACTS / (length.kills + 1)) as u64;
    let mut next = 0;
    for kill in 0..length.kills {
        next += share / 2 + dice.below(share);
        while (done.load(Ordering::Relaxed) as u64) < next {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(dice.below(400))).await;
        let mut server = server.lock().await;
        server.kill();
        if kill % 3 == 2 {
            // Soon after its start, while it takes up what the dead one left.
            server.spawn_only();
            tokio::time::sleep(Duration::from_millis(200 + dice.below(1500))).await;
            server.kill();
        }
        server.restart().await;
    }
    length.kills + length.kills / 3
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_while_transfers_run_sqlite() {
    tell(On::Sqlite, LONG).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_while_transfers_run_postgres() {
    tell(On::Postgres, SHORT).await;
}

async fn tell(on: On, length: Length) {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::demo(folder.path(), on, 0).await;
    let cases = cases(length);
    load(&data, &cases);
    let before = books::totals(&data.config).await;
    let server = data.serve().await;
    let cast = Arc::new(Cast::of(&server, &REGIONS).await);
    let server = Arc::new(Mutex::new(server));
    let done = Arc::new(AtomicUsize::new(0));
    let killer = tokio::spawn(kill_at_random(server.clone(), done.clone(), length));
    let queue = Arc::new(Mutex::new(cases.clone()));
    let drivers: Vec<_> = (0..DRIVERS)
        .map(|_| tokio::spawn(driver::drive(cast.clone(), queue.clone(), done.clone())))
        .collect();
    let mut transfers = Vec::new();
    for driver in drivers {
        transfers.extend(driver.await.unwrap());
    }
    assert_eq!(transfers.len(), length.transfers);
    // The drivers cannot end before the last kill: it comes before the last share of the acts.
    assert!(killer.await.unwrap() >= length.kills);
    driver::wait_until_all_ended(&cast, &transfers).await;
    driver::months_are_right(&cast, &cases).await;
    server.lock().await.kill();
    books::are_sound(&data.config, &before, &cases, &transfers).await;
}
