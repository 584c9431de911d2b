//! 结算: a month that a run assessed because nothing was declared, and that is declared after all (社会保险法第六十二条).
//!
//! Where the run's order is not whole, nobody's month is posted: the order makes place for the one of the declaration. Where it is
//! paid, what was posted stands, and the differences follow person by person: 补缴 and 退费. What was fixed above the rows goes with
//! the last part of the declaration: cancelled, or given back when it was paid.

use std::collections::HashMap;

use ::store::{Query, Tx};
use control::clock;
use exchange::message::{Declaration, OrderKind};
use policy::RuleBook;
use standard::{Insurance, Money, Refusal, RegionCode};
use uuid::Uuid;

use super::store;
use crate::assessment::{AssessedRow, Insurances, Issue, issue, replace, rows_of_order};
use crate::collection::order;
use crate::collection::{self, NewOrder, OrderState};
use crate::employers::Unit;
use crate::enrolment::PersonId;

const REASON: &str = "单位已补办申报，按申报结算";

/// What a run assumed of an employer's month.
pub(super) struct Assumed {
    declaration_id: Uuid,
    order_id: Uuid,
    surcharge_order_id: Option<Uuid>,
    /// Whether with the declaration at hand every part is in effect.
    complete: bool,
}

/// What a run assumed of the month of `declaration`, as long as it is not settled.
pub(super) async fn assumed(q: &mut dyn Query, declaration: &Declaration, employer_id: Uuid) -> Result<Option<Assumed>, Refusal> {
    let known = store::of_month(q, declaration.region, employer_id, declaration.month).await?;
    let others = known
        .iter()
        .filter(|one| one.state == "assessed" && !one.by_run && one.declaration_id != declaration.declaration_id)
        .count();
    let run = known.iter().find(|one| one.state == "assessed" && one.by_run);
    Ok(run.and_then(|one| {
        Some(Assumed {
            declaration_id: one.declaration_id,
            order_id: one.order_id?,
            surcharge_order_id: one.surcharge_order_id,
            complete: others + 1 >= usize::try_from(declaration.parts).unwrap_or(usize::MAX),
        })
    }))
}

/// What a declaration was issued as.
#[derive(Default)]
pub(super) struct Issued {
    /// The order of its month, when it has one of its own.
    pub order_id: Option<Uuid>,
    /// Names the assessment.
    pub seq: i64,
    /// Every order, that of the month first.
    pub orders: Vec<Uuid>,
    /// The run's record it settles.
    pub run: Option<Uuid>,
}

/// Issues what a declaration came to: the order of its month, or, where a run assumed the month, what is left to settle.
pub(super) async fn issue_declared(
    tx: &mut Tx,
    book: &RuleBook,
    unit: &Unit,
    declaration: &Declaration,
    rows: &[AssessedRow],
) -> Result<Issued, Refusal> {
    let mut issued = Issued::default();
    let Some(assumed) = assumed(tx, declaration, unit.employer_id).await? else {
        add(tx, book, (unit, declaration), OrderKind::Regular, rows, &mut issued).await?;
        return Ok(issued);
    };
    issued.run = Some(assumed.declaration_id);
    match order::get(tx, unit.region, assumed.order_id).await?.state {
        OrderState::Paid => {
            let before = rows_of_order(tx, unit.region, assumed.order_id).await?;
            let [fresh, back, refund] = differences(rows, before)?;
            add(tx, book, (unit, declaration), OrderKind::Regular, &fresh, &mut issued).await?;
            add(tx, book, (unit, declaration), OrderKind::Back, &back, &mut issued).await?;
            add(tx, book, (unit, declaration), OrderKind::Refund, &refund, &mut issued).await?;
        }
        state => {
            if state != OrderState::Cancelled {
                replace(tx, unit.region, assumed.order_id, REASON).await?;
            }
            add(tx, book, (unit, declaration), OrderKind::Regular, rows, &mut issued).await?;
        }
    }
    if assumed.complete {
        if let Some(surcharge) = assumed.surcharge_order_id {
            issued.orders.extend(give_back(tx, book, unit, declaration, surcharge).await?);
        }
        store::set_state_of(tx, unit.region, assumed.declaration_id, "superseded").await?;
    }
    Ok(issued)
}

async fn add(
    tx: &mut Tx,
    book: &RuleBook,
    (unit, declaration): (&Unit, &Declaration),
    kind: OrderKind,
    rows: &[AssessedRow],
    issued: &mut Issued,
) -> Result<(), Refusal> {
    if rows.is_empty() {
        return Ok(());
    }
    let new = Issue {
        unit,
        month: declaration.month,
        kind,
        filing_id: Some(declaration.declaration_id),
        issued_on: clock::today(),
        rows,
    };
    let one = issue(tx, book, &new).await?;
    if kind == OrderKind::Regular {
        issued.order_id = Some(one.order_id);
    }
    if issued.seq == 0 {
        issued.seq = one.seq;
    }
    issued.orders.push(one.order_id);
    Ok(())
}

/// The order above the rows ends: void, or, when it was paid, promised back.
async fn give_back(tx: &mut Tx, book: &RuleBook, unit: &Unit, declaration: &Declaration, surcharge: Uuid) -> Result<Option<Uuid>, Refusal> {
    let order = order::get(tx, unit.region, surcharge).await?;
    match order.state {
        OrderState::Cancelled => Ok(None),
        OrderState::Paid => {
            let refund = NewOrder {
                region: unit.region,
                employer_id: unit.employer_id,
                employer_name: unit.name.clone(),
                month: declaration.month,
                kind: OrderKind::Refund,
                filing_id: Some(declaration.declaration_id),
                totals: order.totals,
                people: 0,
                issued_on: clock::today(),
            };
            Ok(collection::open_orders(tx, book, &[refund]).await?.into_iter().next())
        }
        _ => {
            collection::replace_order(tx, unit.region, surcharge, REASON).await?;
            Ok(None)
        }
    }
}

/// What is declared beside what was paid: people the run did not have, what is owed more, what goes back. Whoever was paid for and is
/// not declared stays as paid: that month is put right by a refund of its own.
fn differences(rows: &[AssessedRow], before: Vec<AssessedRow>) -> Result<[Vec<AssessedRow>; 3], Refusal> {
    let before: HashMap<PersonId, AssessedRow> = before.into_iter().map(|row| (row.person_id, row)).collect();
    let (mut fresh, mut back, mut refund) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let Some(paid) = before.get(&row.person_id) else {
            fresh.push(row.clone());
            continue;
        };
        let nothing = AssessedRow {
            insurances: Insurances::NONE,
            bases: [Money::ZERO; 5],
            employer: [Money::ZERO; 5],
            employee: [Money::ZERO; 5],
            ..row.clone()
        };
        let (mut more, mut less) = (nothing.clone(), nothing);
        for insurance in Insurance::ALL {
            let at = insurance as usize;
            let employer = row.employer[at].try_sub(paid.employer[at])?;
            let employee = row.employee[at].try_sub(paid.employee[at])?;
            let up = (employer.max(Money::ZERO), employee.max(Money::ZERO));
            let down = (employer.min(Money::ZERO).negate()?, employee.min(Money::ZERO).negate()?);
            for (side, (employer, employee)) in [(&mut more, up), (&mut less, down)] {
                if !(employer.is_zero() && employee.is_zero()) {
                    side.insurances = side.insurances.or(Insurances::of(&[insurance]));
                    side.bases[at] = row.bases[at];
                    side.employer[at] = employer;
                    side.employee[at] = employee;
                }
            }
        }
        back.extend(Some(more).filter(|row| !row.insurances.is_none()));
        refund.extend(Some(less).filter(|row| !row.insurances.is_none()));
    }
    Ok([fresh, back, refund])
}

/// A declaration is undone: what it settled is assumed again where it was paid; else the month is open for the next run.
pub(super) async fn assume_again(tx: &mut Tx, region: RegionCode, run: Uuid) -> Result<(), Refusal> {
    // A run's record is named by its order.
    let state = order::get(tx, region, run).await?.state;
    let then = if state == OrderState::Cancelled { "superseded" } else { "assessed" };
    store::set_state_of(tx, region, run, then).await
}
