//! Which account gets what of an order.

use std::collections::BTreeMap;

use policy::RuleBook;
use policy::account::credit_rate;
use standard::{Insurance, Money, Month, Rate, Refusal, Rounding};
use uuid::Uuid;

use crate::assessment::AssessedRow;
use crate::collection::order::Order;
use crate::ledger::{Account, AccountKind, Entry, Journal, Reason, SUSPENSE_FUND};

/// 国发〔2005〕38号第六条: 从2006年1月1日起，个人账户的规模统一由本人缴费工资的11%调整为8%，全部由个人缴费形成.
const OWN_PAYMENT: Rate = Rate::from_ppm(80_000);

/// 暂收款 becomes contributions: each fund gets its deposit, the receivable and its counterpart end, pool and persons
/// are credited.
pub(super) fn paid(book: &RuleBook, order: &Order, rows: &[AssessedRow]) -> Result<Journal, Refusal> {
    let mut entries = share_out(order.employer_id, &by_fund(order)?, order.total)?;
    for insurance in Insurance::ALL {
        let amount = order.totals.of(insurance)?;
        if !amount.is_zero() {
            entries.push(Entry::decrease(
                Account::of_employer(insurance, AccountKind::Receivable, order.employer_id),
                amount,
            ));
            entries.push(Entry::decrease(Account::fund(insurance, AccountKind::Assessed), amount));
        }
    }
    for (account, amount) in credits(book, order, rows)? {
        entries.push(Entry::increase(account, amount));
    }
    Ok(Journal {
        region: order.region,
        posting_key: format!("order:{}:posted", order.order_id),
        reason: Reason::ContributionPosted,
        entries,
        corrects: None,
    })
}

/// What was promised leaves: the deposits, the promise and its counterpart, pool and persons shrink.
pub(super) fn refunded(book: &RuleBook, order: &Order, rows: &[AssessedRow]) -> Result<Journal, Refusal> {
    let mut entries = Vec::new();
    for insurance in Insurance::ALL {
        let amount = order.totals.of(insurance)?;
        if !amount.is_zero() {
            entries.push(Entry::decrease(Account::fund(insurance, AccountKind::Bank), amount));
            entries.push(Entry::decrease(
                Account::of_employer(insurance, AccountKind::RefundPayable, order.employer_id),
                amount,
            ));
            entries.push(Entry::decrease(Account::fund(insurance, AccountKind::RefundAssessed), amount));
        }
    }
    for (account, amount) in credits(book, order, rows)? {
        entries.push(Entry::decrease(account, amount));
    }
    Ok(Journal {
        region: order.region,
        posting_key: format!("order:{}:refunded", order.order_id),
        reason: Reason::RefundPaid,
        entries,
        corrects: None,
    })
}

/// `total` leaves the employer's 暂收款; the deposit of the fund that kept it hands the others their parts.
pub(crate) fn share_out(employer_id: Uuid, parts: &[(Insurance, Money)], total: Money) -> Result<Vec<Entry>, Refusal> {
    let mut entries = vec![Entry::decrease(Account::suspense(employer_id), total)];
    let mut elsewhere = Money::ZERO;
    for (insurance, amount) in parts {
        if *insurance != SUSPENSE_FUND && !amount.is_zero() {
            entries.push(Entry::increase(Account::fund(*insurance, AccountKind::Bank), *amount));
            elsewhere = elsewhere.try_add(*amount)?;
        }
    }
    if !elsewhere.is_zero() {
        entries.push(Entry::decrease(Account::fund(SUSPENSE_FUND, AccountKind::Bank), elsewhere));
    }
    Ok(entries)
}

fn by_fund(order: &Order) -> Result<Vec<(Insurance, Money)>, Refusal> {
    Insurance::ALL
        .into_iter()
        .map(|insurance| Ok((insurance, order.totals.of(insurance)?)))
        .collect()
}

/// What each pooled fund and each person gets. 养老: 个人账户 as [`pension_credit`]. 医疗: 国办发〔2021〕14号第二条,
/// 个人账户计入本人参保缴费部分, 单位缴费全部计入统筹基金. Everything else is pooled.
fn credits(book: &RuleBook, order: &Order, rows: &[AssessedRow]) -> Result<BTreeMap<Account, Money>, Refusal> {
    let mut credits: BTreeMap<Account, Money> = BTreeMap::new();
    let mut personal = [Money::ZERO; 5];
    let mut rates: BTreeMap<Month, Rate> = BTreeMap::new();
    for row in rows {
        for insurance in [Insurance::Pension, Insurance::Medical] {
            let index = insurance as usize;
            let own = row.employee[index];
            let amount = if insurance == Insurance::Pension {
                let rate = match rates.get(&row.month) {
                    Some(rate) => *rate,
                    None => *credit_rate(book, row.month)?.value,
                };
                rates.insert(row.month, rate);
                pension_credit(rate, row.bases[index], own, row.employer[index])?
            } else {
                own
            };
            if !amount.is_zero() {
                let sum = credits.entry(Account::personal(insurance, row.person_id.0)).or_default();
                *sum = sum.try_add(amount)?;
                personal[index] = personal[index].try_add(amount)?;
            }
        }
    }
    for insurance in Insurance::ALL {
        let pooled = order.totals.of(insurance)?.try_sub(personal[insurance as usize])?;
        if !pooled.is_zero() {
            credits.insert(Account::fund(insurance, AccountKind::Pooled), pooled);
        }
    }
    Ok(credits)
}

/// The pension account gets the person's own payment; before 2006, when more than it was credited, the credited rate of
/// the base as far as the payment covers it.
fn pension_credit(rate: Rate, base: Money, own: Money, employer: Money) -> Result<Money, Refusal> {
    if rate <= OWN_PAYMENT {
        return Ok(own);
    }
    let credited = base.times(rate, Rounding::HALF_UP_FEN)?;
    Ok(credited.max(own).min(own.try_add(employer)?))
}
