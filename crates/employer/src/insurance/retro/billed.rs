//! People of a month that nobody declared here: the agency assessed the region as a whole, or the month was brought by a bill file.
//! Their lines on the bill stand for the declaration.

use std::collections::BTreeMap;

use ::store::{Query, args};
use policy::RuleBook;
use standard::{Insurance, Money, Month, Refusal};
use uuid::Uuid;

use super::step::Declared;
use crate::insurance::amounts::{Amounts, mask};
use crate::insurance::base;
use crate::people::company;
use crate::people::month::of_month;

/// People whose bases are read at a time.
const PAGE: i64 = 5_000;

/// Lines of regular orders that no accepted declaration line is behind; a file counts as long as the agency's own order has not come.
const LINES: &str = "FROM employer_bill_line l
     JOIN employer_bill b ON b.employer_id = l.employer_id AND b.id = l.order_id
     JOIN employer_employee e ON e.employer_id = l.employer_id AND e.id = l.employee_id
     WHERE l.employer_id = $1 AND l.month >= $2 AND l.month <= $3 AND b.kind = 'regular' AND b.state NOT IN ('arriving', 'cancelled')
         AND NOT EXISTS (SELECT 1 FROM employer_declaration_line d WHERE d.employer_id = l.employer_id AND d.month = l.month
             AND d.employee_id = l.employee_id AND d.state = 'accepted')
         AND (b.source = 'agency' OR NOT EXISTS (SELECT 1 FROM employer_bill o WHERE o.employer_id = b.employer_id AND o.month = b.month
             AND o.region = b.region AND o.kind = 'regular' AND o.source = 'agency' AND o.state NOT IN ('arriving', 'cancelled')))";

/// How many there are in some months.
pub(super) async fn count(q: &mut impl Query, employer_id: Uuid, from: Month, to: Month) -> Result<i64, Refusal> {
    let sql = format!("SELECT COUNT(*) AS n {LINES}");
    q.one(&sql, args![employer_id, from, to]).await?.get("n")
}

/// Those of a month after an employee, by employee.
pub(super) async fn page(
    q: &mut impl Query,
    book: &RuleBook,
    employer_id: Uuid,
    month: Month,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Declared>, Refusal> {
    let sql = format!(
        "SELECT l.*, b.region AS region, e.hired_on AS hired_on, e.number AS number {LINES} AND l.employee_id > $4 ORDER BY l.employee_id, b.region LIMIT $5"
    );
    let rows = q.all(&sql, args![employer_id, month, month, after, limit]).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let class = company::settings(q, employer_id).await?.injury_class;
    let mut page = Vec::with_capacity(rows.len());
    // 工号 of those whose line says no wage
    let mut without: Vec<i64> = Vec::new();
    for row in &rows {
        let wage: Option<Money> = row.get("wage_fen")?;
        if wage.is_none() {
            without.push(row.get("number")?);
        }
        let amounts = Amounts::read(row)?;
        let paid: Vec<Insurance> = Insurance::ALL
            .into_iter()
            .filter(|insurance| !amounts.bases[*insurance as usize].is_zero())
            .collect();
        page.push(Declared {
            employee_id: row.get("employee_id")?,
            name: row.get("name")?,
            region: row.get("region")?,
            insurances: mask(&paid),
            wage: wage.unwrap_or_default(),
            hired_on: row.get("hired_on")?,
            class,
            amounts,
        });
    }
    if let (Some(first), Some(last)) = (without.iter().min(), without.iter().max()) {
        let wages = own_wages(q, book, employer_id, month, (*first, *last)).await?;
        for (one, row) in page.iter_mut().zip(&rows) {
            if row.get::<Option<Money>>("wage_fen")?.is_none() {
                // A file says the base only; the wage behind it is the unit's own, else the base itself.
                let base = one.amounts.bases.into_iter().max().unwrap_or_default();
                one.wage = wages.get(&one.employee_id).copied().unwrap_or(base);
            }
        }
    }
    Ok(page)
}

/// What the unit itself takes as the wage of the month, for the 工号 from the first to the last.
async fn own_wages(
    q: &mut impl Query,
    book: &RuleBook,
    employer_id: Uuid,
    month: Month,
    (first, last): (i64, i64),
) -> Result<BTreeMap<Uuid, Money>, Refusal> {
    let (mut wages, mut after) = (BTreeMap::new(), first - 1);
    while after < last {
        let people = of_month(q, book, employer_id, month, after, PAGE).await?;
        let Some(end) = people.last() else { break };
        after = end.number;
        let bases = base::of_month(q, book, employer_id, month, &people).await?;
        wages.extend(bases.into_iter().map(|(id, base)| (id, base.wage)));
    }
    Ok(wages)
}
