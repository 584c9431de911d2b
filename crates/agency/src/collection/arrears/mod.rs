//! 欠费: orders past their last day, the late fee that runs, the reminders that go out, and the people whose months are owed.

mod people;

use ::store::{Db, Query, args};
use control::identity::{Actor, Permission};
use exchange::Message;
use exchange::message::ArrearsNotice;
use policy::RuleBook;
use serde::Serialize;
use standard::{Date, Money, Month, Refusal, RegionCode};
use utoipa::ToSchema;
use uuid::Uuid;

use super::order::{self, Order, OrderState, office_ref, tell};
use super::{lock, payment, region_of};

pub(crate) use people::clear;

/// An employer is reminded of an order at most once in so many days.
pub const REMIND_EVERY_DAYS: i64 = 7;
/// Orders of one round.
const ROUND: i64 = 200;

/// An order in arrears.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ArrearsRow {
    /// The order.
    pub order_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// The employer.
    pub employer_id: Uuid,
    /// Its name.
    pub employer_name: String,
    /// 费款所属期.
    pub month: Month,
    /// 缴费截止日.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// Contributions open, fen; nothing when only the late fee is.
    pub open_fen: Money,
    /// Days late.
    pub days_late: i64,
    /// 滞纳金 to the day asked, not yet collected, fen.
    pub late_fee_fen: Money,
    /// When the employer was last reminded.
    #[schema(value_type = Option<String>, format = Date)]
    pub reminded_on: Option<Date>,
}

/// What a day's run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Orders that became overdue.
    pub overdue: u64,
    /// Reminders sent.
    pub reminded: u64,
}

/// Marks orders past their last day as of `day` and reminds their employers; a second run of the same day does nothing.
pub async fn run(db: &Db, book: &RuleBook, region: RegionCode, day: Date) -> Result<Run, Refusal> {
    let mut done = Run {
        overdue: mark(db, region, day).await?,
        reminded: 0,
    };
    while people::owe(db, region).await? {}
    let before = day
        .checked_sub(jiff::Span::new().days(REMIND_EVERY_DAYS))
        .unwrap_or(day)
        .to_string();
    let mut after = String::new();
    loop {
        let sql = format!(
            "{} WHERE region = $1 AND state = 'overdue' AND due_on < $2 AND (reminded_on IS NULL OR reminded_on <= $3)
             AND order_number > $4 ORDER BY order_number LIMIT {ROUND}",
            order::store::ORDER
        );
        let rows = db.read().all(&sql, args![region, day, before, after]).await?;
        let orders: Vec<Order> = rows.iter().map(order::store::read).collect::<Result<_, _>>()?;
        let Some(last) = orders.last() else { return Ok(done) };
        after.clone_from(&last.order_number);
        for order in &orders {
            done.reminded += u64::from(remind(db, book, order, day, &before).await?);
        }
    }
}

async fn mark(db: &Db, region: RegionCode, day: Date) -> Result<u64, Refusal> {
    let mut tx = db.begin().await?;
    let marked = tx
        .execute(
            "UPDATE agency_order SET state = 'overdue' WHERE region = $1 AND state IN ('open', 'part_paid') AND due_on < $2
             AND kind <> 'refund'",
            args![region, day],
        )
        .await?;
    tx.commit().await?;
    Ok(marked)
}

/// Reminds of one order, as it stands now that it is locked.
async fn remind(db: &Db, book: &RuleBook, order: &Order, day: Date, before: &str) -> Result<bool, Refusal> {
    let mut tx = db.begin().await?;
    lock(&mut tx, order.region, order.order_id).await?;
    let mut order = order::get(&mut tx, order.region, order.order_id).await?;
    let reminded = order.reminded_on.is_some_and(|on| on.to_string().as_str() > before);
    if order.state != OrderState::Overdue || reminded {
        return Ok(false);
    }
    let due = payment::due(book, &order, day)?;
    let message = Message::ArrearsNotice(ArrearsNotice {
        order_id: order.order_id,
        order_number: order.order_number.clone(),
        region: order.region,
        open_fen: due.principal,
        days_late: due.days_late,
        late_fee_fen: due.late_fee,
        as_of: day,
        office: office_ref(&mut tx, order.region).await?,
    });
    tell(&mut tx, &order, &message).await?;
    order.reminded_on = Some(day);
    order::store::save(&mut tx, &order).await?;
    order::store::event(&mut tx, &order, "reminded", "系统", Some(due.principal), &day.to_string()).await?;
    tx.commit().await?;
    Ok(true)
}

/// The orders in arrears as of `day`, the oldest first, at most 1,000: those not paid, and those paid whose late fee is open.
pub async fn list(actor: &Actor, db: &Db, book: &RuleBook, day: Date) -> Result<Vec<ArrearsRow>, Refusal> {
    actor.require(Permission::CollectionView)?;
    let region = region_of(actor)?;
    let sql = format!(
        "{} WHERE region = $1 AND kind <> 'refund' AND (state IN ('open', 'part_paid', 'overdue') AND due_on < $2
             OR state = 'paid' AND late_due_fen > late_paid_fen)
         ORDER BY due_on, order_number LIMIT 1000",
        order::store::ORDER
    );
    let rows = db.read().all(&sql, args![region, day]).await?;
    rows.iter()
        .map(|row| {
            let order = order::store::read(row)?;
            let due = payment::due(book, &order, day)?;
            Ok(ArrearsRow {
                order_id: order.order_id,
                order_number: order.order_number,
                employer_id: order.employer_id,
                employer_name: order.employer_name,
                month: order.month,
                due_on: order.due_on,
                open_fen: due.principal,
                days_late: due.days_late,
                late_fee_fen: due.late_fee,
                reminded_on: order.reminded_on,
            })
        })
        .collect()
}
