//! Opening orders: rows and receivables, a few statements for any number of them.

use std::collections::BTreeMap;

use ::store::{Tx, args};
use control::identity::Actor;
use policy::RuleBook;
use standard::{Finding, Insurance, Organisation, Refusal, RegionCode, Timestamp};
use uuid::Uuid;

use super::{NewOrder, OrderKind, OrderState, kind_key, store};
use crate::collection::due_on;
use crate::enrolment::next_number;
use crate::ledger::{self, Account, AccountKind, Entry, Journal, Reason};

/// Opens `orders` and gives their ids in the same order. The employer owes from here on: 借 应收, 贷 已核定待入账, by
/// insurance; a refund order promises: 借 应退待冲, 贷 应退. Refuses `order_empty` and `order_amount_negative`.
pub async fn open_orders(tx: &mut Tx, _book: &RuleBook, orders: &[NewOrder]) -> Result<Vec<Uuid>, Refusal> {
    for order in orders {
        check(order)?;
    }
    let ids: Vec<Uuid> = orders.iter().map(|_| Uuid::now_v7()).collect();
    let mut by_region: BTreeMap<RegionCode, Vec<(&NewOrder, Uuid)>> = BTreeMap::new();
    for (order, id) in orders.iter().zip(&ids) {
        by_region.entry(order.region).or_default().push((order, *id));
    }
    for (region, orders) in by_region {
        insert(tx, region, &orders).await?;
        let journals = orders
            .iter()
            .map(|(order, id)| opening(order, *id))
            .collect::<Result<Vec<Journal>, Refusal>>()?;
        ledger::post_many(tx, &Actor::system(Organisation::Agency(region)), region, &journals).await?;
    }
    Ok(ids)
}

fn check(order: &NewOrder) -> Result<(), Refusal> {
    let amounts = || order.totals.employer.iter().chain(&order.totals.employee);
    if amounts().any(|amount| amount.is_negative()) {
        return Err(Refusal::invalid(Finding::blocking(
            "order_amount_negative",
            "征集单金额不能为负，退费请开退费单。",
            "An order has no negative amounts; a refund is an order of its own kind.",
        )));
    }
    if order.totals.sum()?.is_zero() {
        return Err(Refusal::invalid(Finding::blocking(
            "order_empty",
            "征集单金额为零，无需开具。",
            "An order of zero asks for nothing.",
        )));
    }
    Ok(())
}

async fn insert(tx: &mut Tx, region: RegionCode, orders: &[(&NewOrder, Uuid)]) -> Result<(), Refusal> {
    let count = i64::try_from(orders.len()).unwrap_or(i64::MAX);
    let first = next_number(tx, region, "order", count).await?;
    let now = Timestamp::now();
    let mut sink = tx.bulk("agency_order", &store::COLUMNS).await?;
    for (number, (order, id)) in (first..).zip(orders) {
        let due_on = due_on(region, order.month, order.issued_on);
        let mut row = args![
            region,
            *id,
            order_number(region, order, number),
            pay_code()?,
            kind_key(order.kind),
            order.employer_id,
            order.employer_name,
            order.month,
            order.filing_id,
            order.people,
        ];
        for index in 0..5 {
            row.extend([order.totals.employer[index], order.totals.employee[index]]);
        }
        row.extend([order.totals.sum()?.fen(), 0, 0, 0]);
        row.push(due_on.tomorrow().unwrap_or(due_on));
        row.push(OrderState::Open.key());
        row.extend([order.issued_on, due_on]);
        row.extend([None::<standard::Date>, None]);
        row.extend([None::<String>, None]);
        row.extend([now, now]);
        sink.push(row).await?;
    }
    sink.finish().await?;
    let mut sink = tx.bulk("agency_order_event", &store::EVENT_COLUMNS).await?;
    for (order, id) in orders {
        let total = order.totals.sum()?.fen();
        sink.push(store::event_args(region, *id, "opened", "系统", Some(total), "", now))
            .await?;
    }
    sink.finish().await?;
    Ok(())
}

/// 128 random bits.
fn pay_code() -> Result<String, Refusal> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Refusal::internal(format!("random source: {error}")))?;
    Ok(hex::encode(bytes))
}

/// 征集单号: the region, the month it was issued in, and eight digits that run on through the region's years.
fn order_number(region: RegionCode, order: &NewOrder, number: i64) -> String {
    let letter = match order.kind {
        OrderKind::Regular => "Z",
        OrderKind::Back => "B",
        OrderKind::Refund => "T",
        OrderKind::Undeclared => "W",
    };
    format!(
        "{letter}{}{}{number:08}",
        region.number(),
        standard::Month::of(order.issued_on).yyyymm()
    )
}

/// The journal that makes what an order asks receivable, or what it promises payable.
fn opening(order: &NewOrder, order_id: Uuid) -> Result<Journal, Refusal> {
    let (asked, counterpart, reason) = match order.kind {
        OrderKind::Regular | OrderKind::Back | OrderKind::Undeclared => {
            (AccountKind::Receivable, AccountKind::Assessed, Reason::OrderOpened)
        }
        OrderKind::Refund => (AccountKind::RefundPayable, AccountKind::RefundAssessed, Reason::RefundApproved),
    };
    let mut entries = Vec::with_capacity(10);
    for insurance in Insurance::ALL {
        let amount = order.totals.of(insurance)?;
        if !amount.is_zero() {
            entries.push(Entry::increase(Account::of_employer(insurance, asked, order.employer_id), amount));
            entries.push(Entry::increase(Account::fund(insurance, counterpart), amount));
        }
    }
    Ok(Journal {
        region: order.region,
        posting_key: format!("order:{order_id}:open"),
        reason,
        entries,
        corrects: None,
    })
}
