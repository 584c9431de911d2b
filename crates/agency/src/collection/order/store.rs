//! The rows of orders and of what happened to them.

use standard::{Insurance, Money, Refusal, RegionCode, Timestamp};
use store::{Args, Query, Row, Tx, args, in_list};
use uuid::Uuid;

use super::{Order, OrderState, OrderTotals, parse_kind};

/// The columns of an order, for bulk inserts.
pub const COLUMNS: [&str; 34] = [
    "region",
    "order_id",
    "order_number",
    "pay_code",
    "kind",
    "employer_id",
    "employer_name",
    "month",
    "filing_id",
    "people",
    "pension_employer_fen",
    "pension_employee_fen",
    "medical_employer_fen",
    "medical_employee_fen",
    "unemployment_employer_fen",
    "unemployment_employee_fen",
    "injury_employer_fen",
    "injury_employee_fen",
    "maternity_employer_fen",
    "maternity_employee_fen",
    "total_fen",
    "held_fen",
    "late_due_fen",
    "late_paid_fen",
    "late_from",
    "state",
    "issued_on",
    "due_on",
    "paid_on",
    "reminded_on",
    "closed_reason",
    "pay_url",
    "created_at",
    "updated_at",
];

/// Selects orders as [`read`] reads them.
pub const ORDER: &str = "SELECT region, order_id, order_number, pay_code, kind, employer_id, employer_name, month, filing_id, people,
        pension_employer_fen, pension_employee_fen, medical_employer_fen, medical_employee_fen, unemployment_employer_fen,
        unemployment_employee_fen, injury_employer_fen, injury_employee_fen, maternity_employer_fen, maternity_employee_fen,
        total_fen, held_fen, late_due_fen, late_paid_fen, late_from, state, issued_on, due_on, paid_on, reminded_on,
        closed_reason, pay_url, sent_at
     FROM agency_order";

/// Reads one row.
pub fn read(row: &Row) -> Result<Order, Refusal> {
    let (kind, state): (String, String) = (row.get("kind")?, row.get("state")?);
    let mut totals = OrderTotals::default();
    for insurance in Insurance::ALL {
        let name = insurance.name();
        totals.employer[insurance as usize] = row.get(&format!("{name}_employer_fen"))?;
        totals.employee[insurance as usize] = row.get(&format!("{name}_employee_fen"))?;
    }
    Ok(Order {
        region: row.get("region")?,
        order_id: row.get("order_id")?,
        order_number: row.get("order_number")?,
        pay_code: row.get("pay_code")?,
        kind: parse_kind(&kind).ok_or_else(|| Refusal::internal(format!("unknown kind of order {kind}")))?,
        employer_id: row.get("employer_id")?,
        employer_name: row.get("employer_name")?,
        month: row.get("month")?,
        filing_id: row.get("filing_id")?,
        people: row.get("people")?,
        totals,
        total: row.get("total_fen")?,
        held: row.get("held_fen")?,
        late_due: row.get("late_due_fen")?,
        late_paid: row.get("late_paid_fen")?,
        late_from: row.get("late_from")?,
        state: OrderState::parse(&state).ok_or_else(|| Refusal::internal(format!("unknown state of order {state}")))?,
        issued_on: row.get("issued_on")?,
        due_on: row.get("due_on")?,
        paid_on: row.get("paid_on")?,
        reminded_on: row.get("reminded_on")?,
        closed_reason: row.get("closed_reason")?,
        pay_url: row.get("pay_url")?,
        sent: row.get::<Option<Timestamp>>("sent_at")?.is_some(),
    })
}

/// An order of a region, if there.
pub async fn find(q: &mut dyn Query, region: RegionCode, order_id: Uuid) -> Result<Option<Order>, Refusal> {
    let sql = format!("{ORDER} WHERE region = $1 AND order_id = $2");
    q.optional(&sql, args![region, order_id]).await?.as_ref().map(read).transpose()
}

/// An order of a region by its 征集单号, if there.
pub async fn find_by_number(q: &mut dyn Query, region: RegionCode, order_number: &str) -> Result<Option<Order>, Refusal> {
    let sql = format!("{ORDER} WHERE region = $1 AND order_number = $2");
    q.optional(&sql, args![region, order_number]).await?.as_ref().map(read).transpose()
}

/// An order of a region, or the refusal `order_not_found`.
pub async fn get(q: &mut dyn Query, region: RegionCode, order_id: Uuid) -> Result<Order, Refusal> {
    find(q, region, order_id)
        .await?
        .ok_or_else(|| Refusal::not_found("order_not_found", "没有这张征集单。", "There is no such order."))
}

/// Orders of a region by their ids, from one query for each few hundred.
pub async fn many(q: &mut dyn Query, region: RegionCode, ids: &[Uuid]) -> Result<Vec<Order>, Refusal> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(400) {
        let mut args = args![region];
        args.extend(chunk);
        let sql = format!("{ORDER} WHERE region = $1 AND order_id IN {}", in_list(chunk.len(), 2));
        for row in q.all(&sql, args).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// Writes what changes in the life of an order.
pub async fn save(tx: &mut Tx, order: &Order) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE agency_order SET held_fen = $3, late_due_fen = $4, late_paid_fen = $5, late_from = $6, state = $7, paid_on = $8,
             reminded_on = $9, closed_reason = $10, pay_url = $11, updated_at = $12
         WHERE region = $1 AND order_id = $2",
        args![
            order.region,
            order.order_id,
            order.held,
            order.late_due,
            order.late_paid,
            order.late_from,
            order.state.key(),
            order.paid_on,
            order.reminded_on,
            order.closed_reason,
            order.pay_url,
            Timestamp::now(),
        ],
    )
    .await?;
    Ok(())
}

/// The columns of an event.
pub const EVENT_COLUMNS: [&str; 8] = ["region", "order_id", "event_id", "kind", "actor", "amount_fen", "details", "at"];

/// The values of [`EVENT_COLUMNS`].
pub fn event_args(region: RegionCode, order_id: Uuid, kind: &str, actor: &str, fen: Option<i64>, details: &str, at: Timestamp) -> Args {
    args![region, order_id, Uuid::now_v7(), kind, actor, fen, details, at]
}

/// Notes what happened to an order, for its timeline.
pub async fn event(tx: &mut Tx, order: &Order, kind: &str, actor: &str, amount: Option<Money>, details: &str) -> Result<(), Refusal> {
    let fen = amount.map(|amount| amount.fen());
    tx.execute(
        "INSERT INTO agency_order_event (region, order_id, event_id, kind, actor, amount_fen, details, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        event_args(order.region, order.order_id, kind, actor, fen, details, Timestamp::now()),
    )
    .await?;
    Ok(())
}
