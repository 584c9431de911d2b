//! Giving money to an order: contributions first, then late fee, the rest is surplus.
//!
//! 国家税务总局公告2019年第48号第一条 lets arrears be paid before their late fee, so that people's months are posted
//! although a late fee is still open; social insurance is collected by the same offices and handled alike here.

use ::store::Tx;
use control::identity::Actor;
use policy::late_fee::late_fee;
use policy::{RuleBook, Silent};
use standard::{Date, Insurance, Money, Organisation, Refusal, Rounding};
use uuid::Uuid;

use crate::collection::order::{self, Order, OrderKind, OrderState};
use crate::collection::{arrears, posting, suspense};
use crate::ledger::{self, Account, AccountKind, Entry, Journal, Reason};

/// What an order asks on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Contributions, fen.
    pub principal: Money,
    /// 滞纳金 to that day, fen.
    pub late_fee: Money,
    /// Days late.
    pub days_late: i64,
}

impl Due {
    /// Both together.
    pub fn total(&self) -> Result<Money, Refusal> {
        Ok(self.principal.try_add(self.late_fee)?)
    }
}

/// What `order` asks if paid on `day`. 社会保险法第八十六条: 自欠缴之日起, 按日加收万分之五的滞纳金.
pub fn due(book: &RuleBook, order: &Order, day: Date) -> Result<Due, Refusal> {
    if order.kind == OrderKind::Refund || order.state == OrderState::Cancelled {
        return Ok(Due::default());
    }
    let (_, running) = running_fee(book, order, day)?;
    let late = order.late_due.try_add(running)?.try_sub(order.late_paid)?;
    let days_late = if order.state.is_payable() {
        order.due_on.until(day).map_or(0, |span| i64::from(span.get_days())).max(0)
    } else {
        0
    };
    Ok(Due {
        principal: order.open(),
        late_fee: late,
        days_late,
    })
}

/// The late fee of the days not yet fixed.
fn running_fee(book: &RuleBook, order: &Order, day: Date) -> Result<(i64, Money), Refusal> {
    if day < order.late_from || order.open().is_zero() {
        return Ok((0, Money::ZERO));
    }
    Ok(late_fee(book, order.open(), order.late_from, day, &mut Silent)?)
}

/// Where an amount went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Applied {
    /// To contributions.
    pub principal: Money,
    /// To the late fee.
    pub late_fee: Money,
    /// Neither.
    pub surplus: Money,
}

/// Gives `amount`, which stands in the employer's 暂收款, to `order` as of `day`, and saves the order. `key` names the
/// payment. When the order is whole it is posted.
pub(crate) async fn apply(
    tx: &mut Tx,
    book: &RuleBook,
    order: &mut Order,
    key: Uuid,
    amount: Money,
    day: Date,
) -> Result<Applied, Refusal> {
    let mut applied = Applied::default();
    let mut rest = amount;
    if order.kind != OrderKind::Refund && order.state.is_payable() {
        fix_late_fee(book, order, day)?;
        applied.principal = rest.min(order.open());
        rest = rest.try_sub(applied.principal)?;
        order.held = order.held.try_add(applied.principal)?;
        if order.held == order.total {
            whole(tx, book, order, day).await?;
        } else if !applied.principal.is_zero() && order.state == OrderState::Open {
            order.state = OrderState::PartPaid;
        }
    }
    if order.state == OrderState::Paid {
        applied.late_fee = rest.min(order.late_due.try_sub(order.late_paid)?);
        rest = rest.try_sub(applied.late_fee)?;
        collect_late_fee(tx, order, key, applied.late_fee).await?;
    }
    applied.surplus = rest;
    order::store::save(tx, order).await?;
    Ok(applied)
}

/// Fixes the late fee of the days up to `day`; from the next day it runs on what is then open.
fn fix_late_fee(book: &RuleBook, order: &mut Order, day: Date) -> Result<(), Refusal> {
    let (_, running) = running_fee(book, order, day)?;
    order.late_due = order.late_due.try_add(running)?;
    if day >= order.late_from {
        order.late_from = day.tomorrow().unwrap_or(day);
    }
    Ok(())
}

async fn whole(tx: &mut Tx, book: &RuleBook, order: &mut Order, day: Date) -> Result<(), Refusal> {
    suspense::use_held(tx, order).await?;
    posting::post_paid(tx, book, order).await?;
    arrears::clear(tx, order.region, order.order_id).await?;
    order.held = Money::ZERO;
    order.state = OrderState::Paid;
    order.paid_on = Some(day);
    let total = order.total;
    order::store::event(tx, order, "posted", "系统", Some(total), "").await
}

/// 滞纳金 goes to the funds as their shares of the order; the last fen to the largest, so that the parts are the whole.
async fn collect_late_fee(tx: &mut Tx, order: &mut Order, key: Uuid, fee: Money) -> Result<(), Refusal> {
    if fee.is_zero() {
        return Ok(());
    }
    let parts = by_share(order, fee)?;
    let mut entries = posting::share_out(order.employer_id, &parts, fee)?;
    for (insurance, part) in &parts {
        if !part.is_zero() {
            entries.push(Entry::increase(Account::fund(*insurance, AccountKind::LateFee), *part));
        }
    }
    let journal = Journal {
        region: order.region,
        posting_key: format!("payment:{key}:late_fee"),
        reason: Reason::LateFeeCollected,
        entries,
        corrects: None,
    };
    let actor = Actor::system(Organisation::Agency(order.region));
    ledger::post_many(tx, &actor, order.region, &[journal]).await?;
    order.late_paid = order.late_paid.try_add(fee)?;
    Ok(())
}

fn by_share(order: &Order, fee: Money) -> Result<Vec<(Insurance, Money)>, Refusal> {
    let mut parts = Vec::with_capacity(5);
    let mut largest = 0;
    let mut given = Money::ZERO;
    for (index, insurance) in Insurance::ALL.into_iter().enumerate() {
        let of = order.totals.of(insurance)?;
        let exact = i128::from(fee.fen()) * i128::from(of.fen());
        let part = Money::from_ratio(exact, i128::from(order.total.fen()), Rounding::Down(standard::Unit::Fen))?;
        given = given.try_add(part)?;
        if of > order.totals.of(Insurance::ALL[largest])? {
            largest = index;
        }
        parts.push((insurance, part));
    }
    parts[largest].1 = parts[largest].1.try_add(fee.try_sub(given)?)?;
    Ok(parts)
}
