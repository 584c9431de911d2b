//! The history and the relations of everyone on an order, a few hundred persons at a time.

use std::collections::{BTreeMap, HashMap};

use ::store::{Args, Query, Tx, args, in_list};
use standard::{Insurance, Month, Refusal, RelationStatus, Timestamp};
use uuid::Uuid;

use super::corrects;
use super::history::{Outcome, Paid, place};
use crate::assessment::AssessedRow;
use crate::collection::order::Order;
use crate::contribution::{self, Stretch};
use crate::enrolment::{PersonId, RELATION_COLUMNS, Relation, read_relation, relation_args};

/// Persons of one round of statements; times sixteen columns below the databases' limits on arguments.
const CHUNK: usize = 200;

type Key = (Uuid, Insurance);

/// Writes the months of `rows` into histories and relations.
pub(super) async fn extend(tx: &mut Tx, order: &Order, rows: &[AssessedRow]) -> Result<(), Refusal> {
    let mut by_person: BTreeMap<Uuid, Vec<&AssessedRow>> = BTreeMap::new();
    for row in rows {
        by_person.entry(row.person_id.0).or_default().push(row);
    }
    let persons: Vec<(Uuid, Vec<&AssessedRow>)> = by_person.into_iter().collect();
    for chunk in persons.chunks(CHUNK) {
        one_round(tx, order, chunk).await?;
    }
    Ok(())
}

async fn one_round(tx: &mut Tx, order: &Order, persons: &[(Uuid, Vec<&AssessedRow>)]) -> Result<(), Refusal> {
    let ids: Vec<Uuid> = persons.iter().map(|(id, _)| *id).collect();
    let months = || persons.iter().flat_map(|(_, rows)| rows.iter().map(|row| row.month));
    let (Some(first), Some(last)) = (months().min(), months().max()) else {
        return Ok(());
    };
    let mut histories = histories(tx, order, &ids, first.plus(-1), last.plus(1)).await?;
    let mut relations = relations(tx, order, &ids).await?;
    let mut changed = Vec::new();
    let (mut gone, mut fresh) = (Vec::new(), Vec::new());
    for (person, rows) in persons {
        for insurance in Insurance::ALL {
            let before = histories.remove(&(*person, insurance)).unwrap_or_default();
            let mut after = before.clone();
            let relation = relations.remove(&(*person, insurance));
            let relation = apply(order, PersonId(*person), insurance, rows, &mut after, relation);
            changed.extend(relation);
            gone.extend(
                before
                    .iter()
                    .filter(|old| !after.contains(old))
                    .map(|old| (*person, insurance, old.from, old.key())),
            );
            fresh.extend(after.into_iter().filter(|new| !before.contains(new)).map(|new| (*person, new)));
        }
    }
    remove(tx, order, &gone).await?;
    let mut sink = tx.bulk("agency_contribution", &contribution::COLUMNS).await?;
    for (person, stretch) in &fresh {
        sink.push(contribution::bulk_args(PersonId(*person), order.region, stretch)).await?;
    }
    sink.finish().await?;
    save(tx, &changed).await
}

/// Places the months of one person and insurance; gives the relation when it changed.
fn apply(
    order: &Order,
    person: PersonId,
    insurance: Insurance,
    rows: &[&AssessedRow],
    stretches: &mut Vec<Stretch>,
    relation: Option<Relation>,
) -> Option<Relation> {
    let mut relation = relation;
    let mut changed = false;
    for row in rows.iter().filter(|row| row.insurances.has(insurance)) {
        let outcome = place(
            stretches,
            &Paid {
                insurance,
                month: row.month,
                base: row.bases[insurance as usize],
                employer_name: &order.employer_name,
                region: order.region,
                corrects: corrects(order.kind),
            },
        );
        let of =
            relation.get_or_insert_with(|| Relation::new(person, order.region, insurance, RelationStatus::Active, &order.employer_name));
        match outcome {
            Outcome::Known => continue,
            Outcome::New => of.spans.insert(row.month, row.month),
            Outcome::Twice => of.duplicates += 1,
            Outcome::Removed if stretches.iter().any(|s| s.from <= row.month && row.month <= s.to) => of.duplicates -= 1,
            Outcome::Removed => of.spans = without(&of.spans, row.month),
        }
        if of.spans.last() == Some(row.month) {
            of.employer_name.clone_from(&order.employer_name);
        }
        changed = true;
    }
    relation.filter(|_| changed)
}

/// `spans` without `month`.
fn without(spans: &standard::MonthSet, month: Month) -> standard::MonthSet {
    let mut left = standard::MonthSet::new();
    for &(from, to) in spans.spans() {
        if to < month || month < from {
            left.insert(from, to);
            continue;
        }
        if from < month {
            left.insert(from, month.plus(-1));
        }
        if month < to {
            left.insert(month.plus(1), to);
        }
    }
    left
}

async fn histories(tx: &mut Tx, order: &Order, ids: &[Uuid], from: Month, to: Month) -> Result<HashMap<Key, Vec<Stretch>>, Refusal> {
    let mut args = args![order.region, from, to];
    args.extend(ids);
    let sql = format!(
        "SELECT person_id, insurance, from_month, to_month, base_fen, employer_name, source, origin_region FROM agency_contribution
         WHERE region = $1 AND to_month >= $2 AND from_month <= $3 AND person_id IN {}",
        in_list(ids.len(), 4)
    );
    let mut found: HashMap<Key, Vec<Stretch>> = HashMap::new();
    for row in tx.all(&sql, args).await? {
        let stretch = contribution::read_stretch(&row)?;
        found.entry((row.get("person_id")?, stretch.insurance)).or_default().push(stretch);
    }
    Ok(found)
}

async fn relations(tx: &mut Tx, order: &Order, ids: &[Uuid]) -> Result<HashMap<Key, Relation>, Refusal> {
    let mut args = args![order.region];
    args.extend(ids);
    let sql = format!(
        "SELECT person_id, region, insurance, status, account_kind, spans, duplicates, arrears_fen, lump_months, before_1998_fen,
             employer_name FROM agency_relation WHERE region = $1 AND person_id IN {}",
        in_list(ids.len(), 2)
    );
    let rows = tx.all(&sql, args).await?;
    rows.iter()
        .map(|row| {
            let relation = read_relation(row)?;
            Ok(((relation.person_id.0, relation.insurance), relation))
        })
        .collect()
}

async fn remove(tx: &mut Tx, order: &Order, gone: &[(Uuid, Insurance, Month, i64)]) -> Result<(), Refusal> {
    for chunk in gone.chunks(CHUNK * 2) {
        let mut args = args![order.region];
        let mut places = Vec::with_capacity(chunk.len());
        for (number, (person, insurance, from, key)) in chunk.iter().enumerate() {
            let first = number * 4 + 2;
            places.push(format!("(${}, ${}, ${}, ${})", first, first + 1, first + 2, first + 3));
            args.push(*person);
            args.push(*insurance);
            args.push(*from);
            args.push(*key);
        }
        let sql = format!(
            "DELETE FROM agency_contribution WHERE region = $1
             AND (person_id, insurance, from_month, stretch_key) IN (VALUES {})",
            places.join(", ")
        );
        tx.execute(&sql, args).await?;
    }
    Ok(())
}

/// Writes months, spans and duplicates of relations; the status belongs to enrolment and stop.
async fn save(tx: &mut Tx, changed: &[Relation]) -> Result<(), Refusal> {
    let now = Timestamp::now();
    let width = RELATION_COLUMNS.len();
    for chunk in changed.chunks(CHUNK) {
        let mut args = Args::with_capacity(chunk.len() * width);
        let mut places = Vec::with_capacity(chunk.len());
        for (number, relation) in chunk.iter().enumerate() {
            places.push(in_list(width, number * width + 1));
            args.append(relation_args(relation, now));
        }
        let sql = format!(
            "INSERT INTO agency_relation ({}) VALUES {}
             ON CONFLICT (person_id, region, insurance) DO UPDATE SET months = excluded.months, first_month = excluded.first_month,
                 last_month = excluded.last_month, spans = excluded.spans, duplicates = excluded.duplicates,
                 employer_name = excluded.employer_name, updated_at = excluded.updated_at",
            RELATION_COLUMNS.join(", "),
            places.join(", ")
        );
        tx.execute(&sql, args).await?;
    }
    Ok(())
}
