//! The writing itself, one table after the other; on SQLite and PostgreSQL each goes in as one stream.

use control::identity::Actor;
use standard::{Date, Insurance, Money, Refusal, RegionCode, Timestamp};
use store::Tx;
use uuid::Uuid;

use super::apply::{Loaded, Plan, paid, relation_of};
use super::book::Book;
use super::{Progress, Stage, money};
use crate::account::Valuation;
use crate::contribution::{self, Source, Stretch};
use crate::enrolment::{self, NewPerson};
use crate::ledger::{self, Opening};

/// Tells the progress every few thousand rows.
struct Ticker<'a> {
    progress: &'a mut (dyn FnMut(Progress) + Send),
    stage: Stage,
    done: u64,
    total: u64,
}

impl Ticker<'_> {
    fn tick(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(8192) || self.done == self.total {
            (self.progress)(Progress {
                stage: self.stage,
                done: self.done,
                total: self.total,
            });
        }
    }
}

pub(super) async fn persons(
    tx: &mut Tx,
    region: RegionCode,
    book: &Book,
    plan: &Plan,
    loaded: &mut Loaded,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), Refusal> {
    let count = plan.new.len() as u64;
    if count == 0 {
        return Ok(());
    }
    let db = tx.db().clone();
    let cipher = db.cipher();
    let first = enrolment::next_number(tx, region, "person", i64::try_from(count).unwrap_or(i64::MAX)).await?;
    let now = Timestamp::now();
    let mut ticker = Ticker {
        progress,
        stage: Stage::Persons,
        done: 0,
        total: count,
    };
    let mut sink = tx.bulk("agency_person", &enrolment::PERSON_COLUMNS).await?;
    for (number, (_, hash, index)) in (first..).zip(&plan.new) {
        let person = &book.persons[*index as usize];
        let new = NewPerson {
            region,
            id_number: person.id_number,
            name: person.name.to_string(),
            phone: None,
            household_region: None,
        };
        let (_, row) = enrolment::person_args(cipher, &new, number, now)?;
        sink.push(row).await?;
        loaded.added.push(*hash);
        ticker.tick();
    }
    loaded.persons_new = sink.finish().await?;
    Ok(())
}

pub(super) async fn history(
    tx: &mut Tx,
    region: RegionCode,
    book: &Book,
    plan: &Plan,
    loaded: &mut Loaded,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), Refusal> {
    let of_new: usize = plan.new.iter().map(|(_, _, index)| plan.lines(book, *index).len()).sum();
    let total = (of_new + plan.new_lines.len()) as u64;
    let mut ticker = Ticker {
        progress,
        stage: Stage::History,
        done: 0,
        total,
    };
    let mut sink = tx.bulk("agency_contribution", &contribution::COLUMNS).await?;
    let of_new = plan
        .new
        .iter()
        .flat_map(|(person, _, index)| plan.lines(book, *index).iter().map(|line| (*person, line)));
    let of_known = plan.new_lines.iter().map(|(person, place)| (*person, &book.lines[*place as usize]));
    for (person, line) in of_new.chain(of_known) {
        ticker.tick();
        let stretch = Stretch {
            insurance: line.insurance,
            from: line.from,
            to: line.to,
            base: line.base,
            employer_name: book.employers[line.employer as usize].to_string(),
            source: Source::Loaded,
            origin: region,
        };
        sink.push(contribution::bulk_args(person, region, &stretch)).await?;
    }
    sink.finish().await?;
    loaded.rows_new = total;
    Ok(())
}

pub(super) async fn relations(
    tx: &mut Tx,
    region: RegionCode,
    book: &Book,
    plan: &Plan,
    loaded: &mut Loaded,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), Refusal> {
    let now = Timestamp::now();
    let mut ticker = Ticker {
        progress,
        stage: Stage::Relations,
        done: 0,
        total: plan.new.len() as u64,
    };
    let mut sink = tx.bulk("agency_relation", &enrolment::RELATION_COLUMNS).await?;
    for (person, _, index) in &plan.new {
        for lines in plan.lines(book, *index).chunk_by(|a, b| a.insurance == b.insurance) {
            sink.push(enrolment::relation_args(&relation_of(region, *person, lines, book), now))
                .await?;
        }
        ticker.tick();
    }
    for relation in &plan.further {
        sink.push(enrolment::relation_args(relation, now)).await?;
    }
    loaded.relations_new = sink.finish().await?;
    for relation in &plan.changed {
        enrolment::save_relation(tx, relation).await?;
    }
    Ok(())
}

#[expect(
    clippy::too_many_arguments,
    reason = "the last of four like steps, which also needs the actor, the law and the day"
)]
pub(super) async fn ledger(
    tx: &mut Tx,
    actor: &Actor,
    region: RegionCode,
    book: &Book,
    plan: &mut Plan,
    at: Valuation<'_>,
    today: Date,
    loaded: &mut Loaded,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), Refusal> {
    let mut ticker = Ticker {
        progress,
        stage: Stage::Ledger,
        done: 0,
        total: plan.new.len() as u64,
    };
    let mut opened: Vec<(Uuid, Money)> = Vec::new();
    let mut pooled = plan.pooled;
    for (person, _, index) in &plan.new {
        let lines = plan.lines(book, *index);
        let worth = money::amounts(lines.iter().map(|line| (line.insurance, paid(line))), at)?;
        if worth.personal_fen > 0 {
            opened.push((person.0, Money::from_fen(worth.personal_fen)));
        }
        pooled = pooled.try_add(Money::from_fen(worth.pooled_fen))?;
        ticker.tick();
    }
    let owed = opened.iter().chain(&plan.raised).map(|(_, amount)| *amount);
    loaded.personal_fen = Money::sum(owed)?.fen();
    loaded.pooled_fen = pooled.fen();
    let opening = Opening {
        region,
        insurance: Insurance::Pension,
        posting_key: format!("load:{today}:{}", Uuid::now_v7()),
        opened: &opened,
        raised: &plan.raised,
        pooled,
    };
    loaded.journal_id = ledger::open_accounts(tx, actor, &opening).await?.map(|posted| posted.journal_id);
    Ok(())
}
