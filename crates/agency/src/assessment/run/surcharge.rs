//! 未申报核定: what employers that declared nothing owe above their people's rows.
//!
//! 社会保险法第六十二条 fixes the amount of the employer, not of its people: nobody's account gets more than the roll says. Each
//! insurance counts for itself, as each fund is collected for itself; where the rows already come to 110 % of last month, as after
//! new enrolments, nothing is added, for what is registered person by person is owed anyway.

use std::collections::HashMap;

use policy::undeclared::undeclared;
use policy::{RuleBook, Silent};
use standard::{Insurance, Money, Refusal};
use store::{Query, Tx, args};
use uuid::Uuid;

use super::Run;
use crate::collection::OrderTotals;

/// 上月缴费额 of every employer of a range: what was asked of the month, what was fixed above it and not settled since counted in.
fn last_month() -> String {
    let sums = Insurance::ALL.map(|insurance| {
        let name = insurance.name();
        let both = format!("{name}_employer_fen + {name}_employee_fen");
        format!("SUM(CASE kind WHEN 'refund' THEN -({both}) ELSE {both} END) AS {name}")
    });
    format!(
        "SELECT employer_id, {} FROM agency_order
         WHERE region = $1 AND employer_id > $2 AND employer_id <= $3 AND month = $4 AND state <> 'cancelled'
             AND (kind IN ('regular', 'undeclared') OR kind = 'refund' AND people = 0) GROUP BY employer_id",
        sums.join(", ")
    )
}

/// What the month of each employer comes to above its `rows`, on the employer's side; who has nothing to add is absent.
pub(super) async fn between<'a>(
    tx: &mut Tx,
    book: &RuleBook,
    run: &Run,
    (after, to): (Uuid, Uuid),
    rows: impl Iterator<Item = (Uuid, &'a OrderTotals)>,
) -> Result<HashMap<Uuid, OrderTotals>, Refusal> {
    let mut last: HashMap<Uuid, [Money; 5]> = HashMap::new();
    for row in tx.all(&last_month(), args![run.region, after, to, run.month.previous()]).await? {
        let mut sums = [Money::ZERO; 5];
        for insurance in Insurance::ALL {
            sums[insurance as usize] = row.get(insurance.name())?;
        }
        last.insert(row.get("employer_id")?, sums);
    }
    let mut above = HashMap::new();
    for (employer, totals) in rows {
        let Some(before) = last.get(&employer) else { continue };
        let mut surcharge = OrderTotals::default();
        for insurance in Insurance::ALL {
            let at = insurance as usize;
            let fixed = undeclared(book, run.month, before[at], &mut Silent)?;
            surcharge.employer[at] = fixed.try_sub(totals.of(insurance)?)?.max(Money::ZERO);
        }
        if !surcharge.sum()?.is_zero() {
            above.insert(employer, surcharge);
        }
    }
    Ok(above)
}
