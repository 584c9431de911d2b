//! Differences: what a recomputed month is above what was locked for it, person by person, amount by amount, line by line.

use std::collections::{BTreeMap, BTreeSet};

use standard::{Finding, Money, Month, Refusal};
use store::{Query, args};
use uuid::Uuid;

use super::Net;
use super::lines;
use super::slip::Slip;
use super::store::{self as rows, Payee, StoredSlip};

/// What was locked for a person in the month.
#[derive(Default)]
pub(super) struct Before {
    /// Whose.
    pub payee: Option<Payee>,
    /// What was paid.
    pub slip: Slip,
}

/// What the locked runs of the month paid, by employee number.
pub(super) async fn locked_before(
    q: &mut impl Query,
    employer_id: Uuid,
    month: Month,
    after: i64,
    until: i64,
) -> Result<BTreeMap<i64, Before>, Refusal> {
    let rows = q
        .all(
            "SELECT p.* FROM employer_pay_run r JOIN employer_payslip p ON p.employer_id = r.employer_id AND p.run_id = r.id
             WHERE r.employer_id = $1 AND r.month = $2 AND r.state = 'locked' AND p.number > $3 AND p.number <= $4 ORDER BY p.number, r.seq",
            args![employer_id, month, after, until],
        )
        .await?;
    let mut all: BTreeMap<i64, Before> = BTreeMap::new();
    for row in &rows {
        let one = rows::read_slip(row)?;
        let before = all.entry(one.payee.number).or_default();
        before.slip = sum(&before.slip, &one.slip, Money::try_add)?;
        before.payee = Some(one.payee);
    }
    Ok(all)
}

type Join = fn(Money, Money) -> Result<Money, standard::MoneyOverflow>;

/// Two payslips added or subtracted, amount by amount and line by line.
fn sum(a: &Slip, b: &Slip, join: Join) -> Result<Slip, Refusal> {
    let mut amounts = a.amounts();
    for (one, other) in amounts.iter_mut().zip(b.amounts()) {
        *one = join(*one, other)?;
    }
    let mut joined = Slip::from_amounts(&amounts);
    let keys: BTreeSet<(String, Option<Month>)> = a
        .lines
        .iter()
        .chain(&b.lines)
        .map(|line| (line.code.clone(), line.for_month))
        .collect();
    for (code, for_month) in keys {
        let of = |slip: &Slip| {
            let same = slip.lines.iter().filter(|line| line.code == code && line.for_month == for_month);
            Money::sum(same.map(|line| line.amount))
        };
        joined.lines.push(lines::Line {
            amount: join(of(a)?, of(b)?)?,
            code: code.clone(),
            for_month,
        });
    }
    joined.lines.retain(|line| !line.amount.is_zero());
    Ok(joined)
}

/// What a recomputed payslip is above what was locked; none when nothing differs.
pub(super) fn difference(now: Slip, before: Slip) -> Result<Option<Slip>, Refusal> {
    if now.severity() == 2 {
        return Ok(Some(Slip {
            findings: now.findings,
            ..Slip::default()
        }));
    }
    let mut changed = sum(&now, &before, Money::try_sub)?;
    changed.lines = lines::difference(&now.lines, &before.lines)?;
    let unchanged = changed.lines.is_empty() && changed.amounts().iter().all(|amount| amount.is_zero());
    if unchanged {
        return Ok(None);
    }
    changed.findings = now.findings;
    recovery(&mut changed);
    Ok(Some(changed))
}

/// Someone who was paid and is not employed in the month any more: everything is taken back.
pub(super) fn taken_back(gone: Before) -> Result<Option<StoredSlip>, Refusal> {
    let Some(payee) = gone.payee else { return Ok(None) };
    let mut slip = sum(&Slip::default(), &gone.slip, Money::try_sub)?;
    slip.lines = lines::difference(&[], &gone.slip.lines)?;
    if slip.amounts().iter().all(|amount| amount.is_zero()) {
        return Ok(None);
    }
    recovery(&mut slip);
    Ok(Some(StoredSlip {
        payee,
        slip,
        inputs: String::new(),
    }))
}

/// A negative difference is asked back from the person, never paid.
fn recovery(slip: &mut Slip) {
    let Net(net) = slip.net;
    if net.is_negative() {
        slip.findings.push(
            Finding::warning(
                "difference_to_recover",
                format!("多发 {}，须向员工收回或在以后月份扣回", net.negate().unwrap_or_default()),
                format!("Overpaid; {net} is to be recovered"),
            )
            .remedy("请书面告知员工并约定扣回方式", "Tell the employee in writing and agree how"),
        );
    }
}
