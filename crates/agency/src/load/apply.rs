//! Writing a clean file into the books, in the caller's transaction: all of it or nothing.

use std::collections::HashSet;

use control::identity::{Actor, Permission};
use policy::RuleBook;
use policy::account::Stretch as Paid;
use standard::{Date, Finding, Insurance, Money, Month, Organisation, Refusal, RegionCode};
use store::{IdHash, Tx};
use uuid::Uuid;

use super::book::{Book, Line};
use super::existing::{self, Known};
use super::{Progress, Stage, money, write};
use crate::account::Valuation;
use crate::contribution::{coverage, stretch_key};
use crate::enrolment::{PersonId, Relation};

/// From so many new rows on a load changes what the database should know of its tables.
const MANY_ROWS: u64 = 10_000;

/// What a load did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Rows of the file that are now in the books for the first time.
    pub rows_new: u64,
    /// Rows that were there already.
    pub rows_skipped: u64,
    /// Persons new to the region.
    pub persons_new: u64,
    /// Relations written for the first time.
    pub relations_new: u64,
    /// Relations extended or changed in status.
    pub relations_changed: u64,
    /// What was opened in personal accounts, fen.
    pub personal_fen: i64,
    /// What was opened in the pooled fund, fen.
    pub pooled_fen: i64,
    /// The opening journal.
    pub journal_id: Option<Uuid>,
    /// Keyed hashes the directory must learn.
    pub added: Vec<IdHash>,
}

/// Writes `book`. Rows that contradict the books (`name_differs_from_record`) are added to its findings, and the whole
/// file is refused; the caller then drops the transaction.
pub async fn apply(
    tx: &mut Tx,
    actor: &Actor,
    law: &RuleBook,
    region: RegionCode,
    book: &mut Book,
    today: Date,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Loaded, Refusal> {
    actor.require(Permission::RelationLoad)?;
    actor.require_owner(&Organisation::Agency(region))?;
    if !book.findings.is_clean() {
        return Err(book.findings.refusal());
    }
    tx.lock(&format!("load:{region}")).await?;
    let at = Valuation { law, on: Month::of(today) };
    let mut plan = plan(tx, region, book, at, progress).await?;
    if !book.findings.is_clean() {
        return Err(book.findings.refusal());
    }
    let mut loaded = Loaded {
        rows_skipped: plan.skipped + book.merged,
        relations_changed: plan.changed.len() as u64,
        ..Loaded::default()
    };
    write::persons(tx, region, book, &plan, &mut loaded, progress).await?;
    write::history(tx, region, book, &plan, &mut loaded, progress).await?;
    write::relations(tx, region, book, &plan, &mut loaded, progress).await?;
    write::ledger(tx, actor, region, book, &mut plan, at, today, &mut loaded, progress).await?;
    if loaded.rows_new >= MANY_ROWS {
        tx.count_anew(&[
            "agency_person",
            "agency_contribution",
            "agency_relation",
            "agency_account",
            "agency_entry",
        ])
        .await?;
    }
    Ok(loaded)
}

/// What is to be written. New persons take everything from the file; of known ones only the difference is kept.
pub(super) struct Plan {
    /// Persons new to the region, in the order of their keys, so that rows go in in the order of the index.
    pub(super) new: Vec<(PersonId, IdHash, u32)>,
    /// New rows of known persons.
    pub(super) new_lines: Vec<(PersonId, u32)>,
    /// Changed or further relations of known persons, and whether they are further.
    pub(super) changed: Vec<Relation>,
    pub(super) further: Vec<Relation>,
    /// What is added to the pension accounts of known persons.
    pub(super) raised: Vec<(Uuid, Money)>,
    pub(super) pooled: Money,
    pub(super) skipped: u64,
    /// Where the rows of each person of the book begin.
    pub(super) starts: Vec<u32>,
}

impl Plan {
    pub(super) fn lines<'b>(&self, book: &'b Book, person: u32) -> &'b [Line] {
        &book.lines[self.starts[person as usize] as usize..self.starts[person as usize + 1] as usize]
    }
}

async fn plan(
    tx: &mut Tx,
    region: RegionCode,
    book: &mut Book,
    at: Valuation<'_>,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Plan, Refusal> {
    let db = tx.db().clone();
    let cipher = db.cipher();
    let mut starts = vec![0; book.persons.len() + 1];
    for line in &book.lines {
        starts[line.person as usize + 1] += 1;
    }
    for index in 1..starts.len() {
        starts[index] += starts[index - 1];
    }
    let mut persons: Vec<(PersonId, IdHash, u32)> = (0_u32..)
        .zip(&book.persons)
        .map(|(index, person)| {
            let hash = cipher.id_hash(&person.id_number);
            (PersonId::of(&hash), hash, index)
        })
        .collect();
    persons.sort_unstable_by_key(|(person, ..)| *person);
    let mut plan = Plan {
        new: Vec::new(),
        new_lines: Vec::new(),
        changed: Vec::new(),
        further: Vec::new(),
        raised: Vec::new(),
        pooled: Money::ZERO,
        skipped: 0,
        starts,
    };
    if !existing::any(tx, region).await? {
        plan.new = persons;
        return Ok(plan);
    }
    let total = persons.len() as u64;
    for (chunk, done) in persons.chunks(existing::CHUNK).zip((0..).step_by(existing::CHUNK)) {
        let ids: Vec<Uuid> = chunk.iter().map(|(person, ..)| person.0).collect();
        let mut known = existing::find(tx, region, &ids).await?;
        for (person, hash, index) in chunk {
            match known.remove(&person.0) {
                None => plan.new.push((*person, *hash, *index)),
                Some(record) => compare(region, book, &mut plan, *person, *index, &record, at)?,
            }
        }
        progress(Progress {
            stage: Stage::Comparing,
            done,
            total,
        });
    }
    Ok(plan)
}

/// What the file adds to a person the region knows.
fn compare(
    region: RegionCode,
    book: &mut Book,
    plan: &mut Plan,
    person: PersonId,
    index: u32,
    known: &Known,
    at: Valuation<'_>,
) -> Result<(), Refusal> {
    let named = &book.persons[index as usize];
    // What was loaded before names were folded may hold blanks.
    let on_record = standard::person::name(&known.name);
    if *named.name != *on_record.as_deref().unwrap_or(&known.name) {
        let finding = Finding::blocking(
            "name_differs_from_record",
            "姓名与本地参保记录不同",
            "The name differs from the record of this region",
        )
        .field("name")
        .remedy(
            "请核实姓名；确需变更的，先办理人员信息变更",
            "Verify the name; change the person's record first if it is right",
        );
        let row = u64::from(named.row);
        book.findings.add(row, "姓名", finding);
        return Ok(());
    }
    let there: HashSet<(Insurance, i64)> = known.stretches.iter().map(|stretch| (stretch.insurance, stretch.key())).collect();
    let mut fresh: Vec<Line> = Vec::new();
    let start = plan.starts[index as usize];
    for (place, line) in (start..).zip(plan.lines(book, index)) {
        let key = stretch_key(line.from, line.to, line.base, &book.employers[line.employer as usize], region);
        if there.contains(&(line.insurance, key)) {
            plan.skipped += 1;
        } else {
            fresh.push(*line);
            plan.new_lines.push((person, place));
        }
    }
    for lines in plan.lines(book, index).chunk_by(|a, b| a.insurance == b.insurance) {
        let insurance = lines[0].insurance;
        let has_fresh = fresh.iter().any(|line| line.insurance == insurance);
        let before = known.relations.iter().find(|relation| relation.insurance == insurance);
        let after = merged(region, person, lines, &fresh, known, before, book);
        match before {
            None => plan.further.push(after),
            Some(before) if *before != after && (has_fresh || !known.moved_away) => plan.changed.push(after),
            Some(_) => {}
        }
    }
    let paid_before = || {
        known.stretches.iter().map(|s| {
            (
                s.insurance,
                Paid {
                    from: s.from,
                    to: s.to,
                    base: s.base,
                },
            )
        })
    };
    let paid_fresh = fresh.iter().map(|line| (line.insurance, paid(line)));
    let (personal, pooled) = money::added(
        money::amounts(paid_before(), at)?,
        money::amounts(paid_before().chain(paid_fresh), at)?,
    );
    if !personal.is_zero() {
        plan.raised.push((person.0, personal));
    }
    plan.pooled = plan.pooled.try_add(pooled)?;
    Ok(())
}

/// The relation after the file's rows join the history on record. The latest row speaks for the status, unless
/// the record reaches further.
fn merged(
    region: RegionCode,
    person: PersonId,
    lines: &[Line],
    fresh: &[Line],
    known: &Known,
    before: Option<&Relation>,
    book: &Book,
) -> Relation {
    let mut after = relation_of(region, person, lines, book);
    let insurance = after.insurance;
    let on_record = known
        .stretches
        .iter()
        .filter(|stretch| stretch.insurance == insurance)
        .map(|stretch| (stretch.from, stretch.to));
    let joining = fresh
        .iter()
        .filter(|line| line.insurance == insurance)
        .map(|line| (line.from, line.to));
    let in_file_until = after.spans.last();
    (after.spans, after.duplicates) = coverage(on_record.chain(joining));
    if let Some(before) = before {
        after.account_kind = before.account_kind;
        after.arrears = before.arrears;
        after.lump_months = before.lump_months;
        after.before_1998 = before.before_1998;
        if before.spans.last() > in_file_until {
            after.status = before.status;
            after.employer_name.clone_from(&before.employer_name);
        }
    }
    after
}

/// A relation from the rows of one person and insurance: 参保状态 is that of the row with the latest 终止年月,
/// of two such the later row.
pub(super) fn relation_of(region: RegionCode, person: PersonId, lines: &[Line], book: &Book) -> Relation {
    let latest = lines
        .iter()
        .max_by_key(|line| (line.to, line.row))
        .expect("a relation has at least one row");
    let employer = &book.employers[latest.employer as usize];
    let mut relation = Relation::new(person, region, latest.insurance, latest.status, employer);
    (relation.spans, relation.duplicates) = coverage(lines.iter().map(|line| (line.from, line.to)));
    relation
}

pub(super) fn paid(line: &Line) -> Paid {
    Paid {
        from: line.from,
        to: line.to,
        base: line.base,
    }
}
