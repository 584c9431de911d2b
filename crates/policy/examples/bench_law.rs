//! Persons per second of `policy::batch`, beside a plain read-write pass over the same bytes. Run by `make bench-law`.
//!
//! Prints one JSON line a measurement. All regions and all months of 2024–2025 are mixed; wages are those of the peers'
//! scripts, 2,000.00 to 30,000.00 yuan. Arithmetic on floats is for rates of speed only.
#![expect(clippy::float_arithmetic, reason = "speeds are reported, no money is computed in floats")]

use std::hint::black_box;
use std::time::Instant;

use policy::batch::{AMOUNTS, Amounts, People, Table, assess, assess_parallel};
use policy::calc::lines::answer_lines;
use policy::contribution::{Case, contributions};
use policy::{RuleBook, Silent};
use standard::{Finding, Insurance, Money, Month};

const MONTHS: usize = 24;
const BLOCK: usize = 16_384;

struct Columns {
    region: Vec<u8>,
    month: Vec<u8>,
    wage_fen: Vec<u32>,
    flags: Vec<u8>,
}

/// A small generator of its own, so that every run sees the same people.
fn people(n: usize, seed: u64, regions: u64) -> Columns {
    let mut state = seed;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut columns = Columns {
        region: vec![],
        month: vec![],
        wage_fen: vec![],
        flags: vec![0; n],
    };
    for _ in 0..n {
        columns.region.push(next(regions) as u8);
        columns.month.push(next(MONTHS as u64) as u8);
        columns.wage_fen.push(200_000 + next(2_800_000) as u32);
    }
    columns
}

impl Columns {
    fn view(&self) -> People<'_> {
        People {
            region: &self.region,
            month: &self.month,
            wage_fen: &self.wage_fen,
            flags: &self.flags,
        }
    }
}

struct Out {
    columns: Vec<Vec<u32>>,
    status: Vec<u16>,
}

impl Out {
    fn new(n: usize) -> Out {
        Out {
            columns: vec![vec![1; n]; AMOUNTS],
            status: vec![1; n],
        }
    }

    fn view(&mut self) -> Amounts<'_> {
        let mut columns: [&mut [u32]; AMOUNTS] = Default::default();
        for (slot, column) in columns.iter_mut().zip(&mut self.columns) {
            *slot = column;
        }
        Amounts {
            columns,
            status: &mut self.status,
        }
    }
}

/// Median and best seconds of several runs, the first thrown away.
fn timed(repeats: usize, mut run: impl FnMut()) -> (f64, f64) {
    run();
    let mut seconds: Vec<f64> = (0..repeats)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    (seconds[seconds.len() / 2], seconds[0])
}

/// Highest memory of the process so far, MiB.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

fn report(engine: &str, n: usize, months: usize, (median, best): (f64, f64), more: &str) {
    let rate = (n * months) as f64 / median;
    let best = (n * months) as f64 / best;
    println!(
        r#"{{"engine":"{engine}","persons":{n},"months":{months},"seconds":{median:.6},"per_s":{rate:.0},"best_per_s":{best:.0},"peak_mib":{}{more}}}"#,
        peak_mib()
    );
}

/// Every amount against the explained path.
fn wrong(book: &RuleBook, table: &Table, people: &Columns, out: &Out) -> Result<usize, Finding> {
    let mut wrong = 0;
    for i in 0..people.wage_fen.len() {
        let rules = book.at(
            table.places()[usize::from(people.region[i])],
            table.first().plus(i32::from(people.month[i])),
        );
        let Ok(rules) = rules else { continue };
        let case = Case {
            wage: Money::from_fen(i64::from(people.wage_fen[i])),
            ..Case::default()
        };
        let all = contributions(&rules, &case, &mut Silent)?;
        for insurance in Insurance::ALL {
            let one = all.of(insurance);
            for (side, amount) in [one.employer, one.employee].into_iter().enumerate() {
                let got = i64::from(out.columns[insurance as usize * 2 + side][i]);
                wrong += usize::from(got != amount.unwrap_or(Money::ZERO).fen());
            }
        }
    }
    Ok(wrong)
}

fn pass(people: &Columns, out: &mut Out) {
    let n = people.wage_fen.len();
    for column in &mut out.columns {
        for (to, from) in column.iter_mut().zip(&people.wage_fen) {
            *to = *from;
        }
    }
    for (to, (region, month)) in out.status.iter_mut().zip(people.region.iter().zip(&people.month)) {
        *to = u16::from(*region) + u16::from(*month);
    }
    black_box(n);
}

fn main() -> Result<(), Finding> {
    let start = Instant::now();
    let book = RuleBook::embedded();
    println!(r#"{{"engine":"shebao load","seconds":{:.6}}}"#, start.elapsed().as_secs_f64());
    let table = Table::compile(book, Month::new(2024, 1)?, Month::new(2025, 12)?)?;
    let regions = table.places().len() as u64;

    // Twelve months streamed first, while little else has been allocated: a block of people at a time through all months.
    let n = 1_000_000;
    let mut block = people(BLOCK, 7, regions);
    let mut out = Out::new(BLOCK);
    let streamed = timed(3, || {
        for _ in 0..n / BLOCK + 1 {
            for month in 0..12 {
                block.month.fill(month);
                assess(&table, &block.view(), &mut out.view());
                black_box(&out.columns);
            }
        }
    });
    report("shebao streamed", (n / BLOCK + 1) * BLOCK, 12, streamed, "");

    for n in [10_000, 100_000, 1_000_000, 10_000_000] {
        let people = people(n, 20_240_701, regions);
        let mut out = Out::new(n);
        let repeats = if n > 1_000_000 { 3 } else { 9 };
        let memory = timed(repeats, || pass(black_box(&people), black_box(&mut out)));
        report("memory pass", n, 1, memory, "");
        let one = timed(repeats, || {
            assess(&table, &black_box(&people).view(), &mut black_box(&mut out).view())
        });
        let bad = if n <= 1_000_000 {
            wrong(book, &table, &people, &out)?.to_string()
        } else {
            "null".to_owned()
        };
        report("shebao one core", n, 1, one, &format!(r#","wrong_amounts":{bad}"#));
        let all = timed(repeats, || {
            assess_parallel(&table, &black_box(&people).view(), &mut black_box(&mut out).view())
        });
        report("shebao all cores", n, 1, all, "");
    }

    let line = |i: usize| {
        let wage = format!("{}.{:02}", 3_000 + i % 20_000, i % 100);
        format!(r#"{{"id":{i},"kind":"contribution","inputs":{{"region":"430100","month":"2025-06","wage":"{wage}"}}}}"#).into_bytes()
    };
    let lines: Vec<Vec<u8>> = (0..100_000).map(line).collect();
    let answered = timed(3, || drop(black_box(answer_lines(book, &lines, false))));
    report("shebao calc lines", lines.len(), 1, answered, "");
    Ok(())
}
