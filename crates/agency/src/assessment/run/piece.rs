//! One piece of a run: the next employers of the roll, assessed, ordered and written in one transaction.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use exchange::message::OrderKind;
use policy::RuleBook;
use standard::{Date, Money, Refusal, RegionCode};
use store::{Query, Row, Tx, args};
use uuid::Uuid;

use super::{Run, surcharge};
use crate::assessment::{AssessedRow, Assessor, Insurances, Insured, bulk_columns, row_args, totals_of};
use crate::collection::{self, NewOrder, OrderTotals};
use crate::declaration::{Basis, Record, assessed_between, put_all};
use crate::enrolment::{PersonId, next_number};

/// An employer of the piece.
struct Employer {
    id: Uuid,
    /// Where its people stand among those of the piece.
    people: Range<usize>,
    totals: OrderTotals,
    /// What its month comes to above its rows.
    surcharge: Option<OrderTotals>,
}

/// What the register says of an employer.
struct Registered {
    name: String,
    class: Option<i32>,
}

/// Assesses the next employers after `run.after` and moves `run` on; `false` when there are none. The caller commits.
pub(super) async fn assess(tx: &mut Tx, book: &RuleBook, run: &mut Run, size: i64, today: Date) -> Result<bool, Refusal> {
    let after = run.after.unwrap_or_default();
    let mut people = next(tx, run, after, size).await?;
    let Some(last) = people.last().map(|one| one.employer_id) else {
        return Ok(false);
    };
    let register = registered(tx, run.region, after, last).await?;
    let skip: HashSet<Uuid> = assessed_between(tx, run.region, run.month, after, last)
        .await?
        .into_iter()
        .collect();
    run.people += i64::try_from(people.len()).unwrap_or(i64::MAX);
    run.skipped += i64::try_from(skip.len()).unwrap_or(i64::MAX);
    run.after = Some(last);
    people.retain(|one| !skip.contains(&one.employer_id) && register.contains_key(&one.employer_id));
    for one in &mut people {
        one.class = register.get(&one.employer_id).and_then(|unit| unit.class);
    }
    let rows = Assessor::new(book, run.region, run.month).and_then(|assessor| assessor.assess(&people))?;
    drop(people);
    let mut employers = by_employer(&rows)?;
    if !employers.is_empty() {
        let mut above = surcharge::between(tx, book, run, (after, last), employers.iter().map(|one| (one.id, &one.totals))).await?;
        for one in &mut employers {
            one.surcharge = above.remove(&one.id);
        }
        write(tx, book, run, &rows, &employers, &register, today).await?;
    }
    Ok(true)
}

const ROLL: &str = "SELECT employer_id, person_id, insurances, wage_fen, hired_on FROM agency_roll
     WHERE region = $1 AND since_month <= $2 AND (until_month IS NULL OR until_month >= $2)";

/// The people of the next employers, whole employers only.
async fn next(tx: &mut Tx, run: &Run, after: Uuid, size: i64) -> Result<Vec<Insured>, Refusal> {
    let sql = format!("{ROLL} AND employer_id > $3 ORDER BY region, employer_id, person_id LIMIT $4");
    let mut people = read_all(&tx.all(&sql, args![run.region, run.month, after, size + 1]).await?, run)?;
    if i64::try_from(people.len()).unwrap_or(i64::MAX) <= size {
        return Ok(people);
    }
    let cut = people.last().map(|one| one.employer_id).unwrap_or_default();
    if people.first().is_some_and(|one| one.employer_id == cut) {
        // One employer larger than a piece: take it whole.
        let sql = format!("{ROLL} AND employer_id = $3 ORDER BY person_id");
        return read_all(&tx.all(&sql, args![run.region, run.month, cut]).await?, run);
    }
    people.retain(|one| one.employer_id != cut);
    Ok(people)
}

fn read_all(rows: &[Row], run: &Run) -> Result<Vec<Insured>, Refusal> {
    rows.iter()
        .map(|row| {
            let hired_on: Option<Date> = row.get("hired_on")?;
            Ok(Insured {
                person_id: PersonId(row.get("person_id")?),
                employer_id: row.get("employer_id")?,
                class: None,
                insurances: Insurances(row.get::<u8>("insurances")?),
                wage: row.get("wage_fen")?,
                hired_on: hired_on.filter(|on| standard::Month::of(*on) == run.month),
            })
        })
        .collect()
}

async fn registered(q: &mut dyn Query, region: RegionCode, after: Uuid, last: Uuid) -> Result<HashMap<Uuid, Registered>, Refusal> {
    let sql = "SELECT employer_id, name, injury_class FROM agency_unit WHERE region = $1 AND employer_id > $2 AND employer_id <= $3";
    q.all(sql, args![region, after, last])
        .await?
        .iter()
        .map(|row| {
            let unit = Registered {
                name: row.get("name")?,
                class: row.get("injury_class")?,
            };
            Ok((row.get("employer_id")?, unit))
        })
        .collect()
}

/// The rows stand by employer; one that owes nothing this month has no order and is left out.
fn by_employer(rows: &[AssessedRow]) -> Result<Vec<Employer>, Refusal> {
    let mut employers = Vec::new();
    let mut start = 0;
    for group in rows.chunk_by(|a, b| a.employer_id == b.employer_id) {
        let people = start..start + group.len();
        start = people.end;
        let totals = totals_of(group)?;
        if !totals.sum()?.is_zero() {
            employers.push(Employer {
                id: group[0].employer_id,
                people,
                totals,
                surcharge: None,
            });
        }
    }
    Ok(employers)
}

async fn write(
    tx: &mut Tx,
    book: &RuleBook,
    run: &mut Run,
    rows: &[AssessedRow],
    employers: &[Employer],
    register: &HashMap<Uuid, Registered>,
    today: Date,
) -> Result<(), Refusal> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let order = |employer: &Employer, kind, totals, people| NewOrder {
        region: run.region,
        employer_id: employer.id,
        employer_name: register.get(&employer.id).map(|unit| unit.name.clone()).unwrap_or_default(),
        month: run.month,
        kind,
        filing_id: None,
        totals,
        people,
        issued_on: today,
    };
    let mut new: Vec<NewOrder> = employers
        .iter()
        .map(|one| order(one, OrderKind::Regular, one.totals, count(one.people.len())))
        .collect();
    new.extend(
        employers
            .iter()
            .filter_map(|one| Some(order(one, OrderKind::Undeclared, one.surcharge?, 0))),
    );
    let orders = collection::open_orders(tx, book, &new).await?;
    let (orders, above) = orders.split_at(employers.len());
    let first = next_number(tx, run.region, "assessment", count(employers.len())).await?;
    let mut lines: Vec<(&AssessedRow, i64, Uuid)> = Vec::with_capacity(rows.len());
    for ((seq, employer), order_id) in (first..).zip(employers).zip(orders) {
        lines.extend(rows[employer.people.clone()].iter().map(|row| (row, seq, *order_id)));
    }
    // In the order of the primary key, whose persons are spread at random: each of its pages is met once a piece.
    lines.sort_unstable_by_key(|(row, seq, _)| (row.person_id.0, *seq));
    let mut sink = tx.bulk("agency_assessment", bulk_columns()).await?;
    for (row, seq, order_id) in lines {
        sink.push(row_args(run.region, OrderKind::Regular, seq, order_id, row)).await?;
    }
    sink.finish().await?;
    let mut records = Vec::with_capacity(employers.len());
    let mut above = above.iter().copied();
    for ((seq, employer), order_id) in (first..).zip(employers).zip(orders) {
        let mut record = record(run, employer, *order_id, seq)?;
        if let Some(surcharge) = &employer.surcharge {
            record.basis = Basis::Estimated;
            record.surcharge_order_id = above.next();
            run.surcharge_fen = run.surcharge_fen.try_add(surcharge.sum()?)?;
        }
        run.employer_fen = run.employer_fen.try_add(record.employer)?;
        run.employee_fen = run.employee_fen.try_add(record.employee)?;
        records.push(record);
    }
    run.employers += count(records.len());
    put_all(tx, &records).await
}

fn record(run: &Run, employer: &Employer, order_id: Uuid, seq: i64) -> Result<Record, Refusal> {
    Ok(Record {
        region: run.region,
        // A run's record is no filing: it is named by its order.
        declaration_id: order_id,
        employer_id: employer.id,
        month: run.month,
        basis: Basis::LastMonth,
        state: "assessed".to_owned(),
        part: 1,
        parts: 1,
        round: 0,
        content_hash: None,
        case_id: None,
        run_id: Some(run.run_id),
        order_id: Some(order_id),
        surcharge_order_id: None,
        seq,
        people: i64::try_from(employer.people.len()).unwrap_or(i64::MAX),
        refused: 0,
        employer: Money::sum(employer.totals.employer)?,
        employee: Money::sum(employer.totals.employee)?,
    })
}
