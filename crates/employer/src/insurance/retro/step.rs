//! One page of a recalculation: who stands in a month, by accepted lines or by the bill alone, what was billed so far, and what the
//! law in force now asks.

use std::collections::BTreeMap;

use ::store::{Query, args};
use policy::RuleBook;
use standard::{Date, Insurance, Money, Month, Refusal, RegionCode};
use uuid::Uuid;

use super::billed;
use super::store::Line;
use crate::insurance::amounts::{Amounts, MonthRules, compute, of_mask};

/// What was declared and accepted of one person.
pub(super) struct Declared {
    pub employee_id: Uuid,
    pub name: String,
    pub region: RegionCode,
    pub insurances: i64,
    pub wage: Money,
    pub hired_on: Option<Date>,
    pub class: Option<i32>,
    pub amounts: Amounts,
}

/// A page of a month's people.
pub(super) struct Page {
    pub people: Vec<Declared>,
    /// Whether others follow.
    pub more: bool,
}

/// The next people of a month after an employee, by employee: about `limit`.
pub(super) async fn page(
    q: &mut impl Query,
    book: &RuleBook,
    employer_id: Uuid,
    month: Month,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Page, Refusal> {
    let after = after.unwrap_or_else(Uuid::nil);
    let declared = accepted(q, employer_id, month, after, limit).await?;
    let billed = billed::page(q, book, employer_id, month, after, limit).await?;
    let full = |list: &[Declared]| i64::try_from(list.len()).unwrap_or(i64::MAX) >= limit;
    // Beyond the last of a list that goes on, the other may miss people.
    let ends = [&declared, &billed].map(|list| list.last().filter(|_| full(list)).map(|one| one.employee_id));
    let end = ends.into_iter().flatten().min();
    let mut people: Vec<Declared> = declared.into_iter().chain(billed).collect();
    people.sort_by_key(|one| one.employee_id);
    if let Some(end) = end {
        people.retain(|one| one.employee_id <= end);
    }
    Ok(Page {
        people,
        more: end.is_some(),
    })
}

/// Accepted lines of a month after an employee, by employee.
async fn accepted(q: &mut impl Query, employer_id: Uuid, month: Month, after: Uuid, limit: i64) -> Result<Vec<Declared>, Refusal> {
    let rows = q
        .all(
            "SELECT l.*, d.industry_class AS industry_class FROM employer_declaration_line l
             JOIN employer_declaration d ON d.employer_id = l.employer_id AND d.id = l.declaration_id
             WHERE l.employer_id = $1 AND l.month = $2 AND l.state = 'accepted' AND l.employee_id > $3
             ORDER BY l.employee_id LIMIT $4",
            args![employer_id, month, after, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Declared {
                employee_id: row.get("employee_id")?,
                name: row.get("name")?,
                region: row.get("region")?,
                insurances: row.get("insurances")?,
                wage: row.get("wage_fen")?,
                hired_on: row.get("hired_on")?,
                class: row
                    .get::<Option<i64>>("industry_class")?
                    .and_then(|class| i32::try_from(class).ok()),
                amounts: Amounts::read(row)?,
            })
        })
        .collect()
}

/// The last employee of a page.
pub(super) fn last_of(page: &[Declared]) -> Option<Uuid> {
    page.last().map(|one| one.employee_id)
}

/// What stands so far for the people of a page: orders of all kinds, and adjustments filed whose order has not come yet.
async fn standing(
    q: &mut impl Query,
    employer_id: Uuid,
    month: Month,
    (first, last): (Uuid, Uuid),
) -> Result<BTreeMap<Uuid, Standing>, Refusal> {
    let mut all: BTreeMap<Uuid, Standing> = BTreeMap::new();
    let rows = q
        .all(
            "SELECT l.*, b.kind AS kind FROM employer_bill_line l JOIN employer_bill b ON b.employer_id = l.employer_id AND b.id = l.order_id
             WHERE l.employer_id = $1 AND l.month = $2 AND l.employee_id >= $3 AND l.employee_id <= $4
                 AND b.state NOT IN ('arriving', 'cancelled') AND b.source = 'agency'",
            args![employer_id, month, first, last],
        )
        .await?;
    for row in &rows {
        let kind: String = row.get("kind")?;
        let standing = all.entry(row.get("employee_id")?).or_default();
        let amounts = Amounts::read(row)?;
        standing.billed |= kind == "regular";
        for insurance in Insurance::ALL {
            let at = insurance as usize;
            standing.add(insurance, (amounts.employer[at], amounts.employee[at]), kind == "refund")?;
        }
    }
    let rows = q
        .all(
            "SELECT l.employee_id AS employee_id, l.insurance AS insurance, l.employer_fen AS employer_fen, l.employee_fen AS employee_fen
             FROM employer_adjustment_line l JOIN employer_adjustment a ON a.employer_id = l.employer_id AND a.id = l.adjustment_id
             WHERE l.employer_id = $1 AND l.month = $2 AND l.employee_id >= $3 AND l.employee_id <= $4 AND l.state IN ('filed', 'accepted')
                 AND NOT EXISTS (SELECT 1 FROM employer_bill b WHERE b.employer_id = a.employer_id AND b.filing_id = a.id
                     AND b.state <> 'arriving')",
            args![employer_id, month, first, last],
        )
        .await?;
    for row in &rows {
        let sides = (row.get("employer_fen")?, row.get("employee_fen")?);
        all.entry(row.get("employee_id")?)
            .or_default()
            .add(row.get("insurance")?, sides, false)?;
    }
    Ok(all)
}

#[derive(Default)]
struct Standing {
    /// Stands on a regular order: what was declared is then not added.
    billed: bool,
    sides: [(Money, Money); 5],
}

impl Standing {
    fn add(&mut self, insurance: Insurance, (employer, employee): (Money, Money), taken: bool) -> Result<(), Refusal> {
        let slot = &mut self.sides[insurance as usize];
        *slot = match taken {
            true => (slot.0.try_sub(employer)?, slot.1.try_sub(employee)?),
            false => (slot.0.try_add(employer)?, slot.1.try_add(employee)?),
        };
        Ok(())
    }
}

/// What comes out otherwise for the people of a page. A region whose law is not encoded any more refuses the whole: nothing is guessed.
pub(super) async fn differences(
    q: &mut impl Query,
    book: &RuleBook,
    employer_id: Uuid,
    month: Month,
    page: &[Declared],
) -> Result<Vec<Line>, Refusal> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else {
        return Ok(Vec::new());
    };
    let mut standing = standing(q, employer_id, month, (first.employee_id, last.employee_id)).await?;
    let mut rules = MonthRules::new(book, month);
    let mut lines = Vec::new();
    for one in page {
        let law = rules.of(one.region)?;
        let now = compute(law, one.wage, one.hired_on, one.class, &of_mask(one.insurances))?.amounts;
        let before = standing.remove(&one.employee_id).unwrap_or_default();
        for insurance in of_mask(one.insurances) {
            let at = insurance as usize;
            let mut old = before.sides[at];
            if !before.billed {
                old = (old.0.try_add(one.amounts.employer[at])?, old.1.try_add(one.amounts.employee[at])?);
            }
            let new = (now.employer[at], now.employee[at]);
            if old != new {
                lines.push(Line {
                    month,
                    employee_id: one.employee_id,
                    insurance,
                    region: one.region,
                    name: one.name.clone(),
                    wage: one.wage,
                    old,
                    new,
                });
            }
        }
    }
    Ok(lines)
}
