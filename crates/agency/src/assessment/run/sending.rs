//! The second half of a run: the orders go to the employers that file electronically.

use standard::Refusal;
use store::{Query, Tx, args};
use uuid::Uuid;

use super::Run;
use crate::assessment::store::lines_of_orders;
use crate::collection;

/// People whose lines are opened and sent in one transaction, at least one order.
const PEOPLE_MAX: i64 = 10_000;
/// Employers whose orders are sent in one transaction.
const ORDERS_MAX: i64 = 200;

/// Sends the next orders after `run.after` and moves `run` on; `false` when there are none. What an earlier run of the month
/// assessed and, cancelled or broken off, never sent goes too. The caller commits.
pub(super) async fn send(tx: &mut Tx, run: &mut Run, pay_base: &str) -> Result<bool, Refusal> {
    let rows = tx
        .all(
            "SELECT d.declaration_id, d.order_id, d.surcharge_order_id, d.people FROM agency_declaration d
             JOIN agency_unit u ON u.region = d.region AND u.employer_id = d.employer_id
             JOIN agency_order o ON o.region = d.region AND o.order_id = d.order_id
             WHERE d.region = $1 AND d.run_id IN (SELECT run_id FROM agency_assessment_run WHERE region = $1 AND month = $2)
                 AND d.state = 'assessed' AND d.declaration_id > $3 AND u.online = TRUE AND o.sent_at IS NULL AND o.state <> 'cancelled'
             ORDER BY d.declaration_id LIMIT $4",
            args![run.region, run.month, run.after.unwrap_or_default(), ORDERS_MAX],
        )
        .await?;
    let (mut orders, mut people): (Vec<Uuid>, i64) = (Vec::new(), 0);
    for row in &rows {
        people = people.saturating_add(row.get("people")?);
        if people > PEOPLE_MAX && !orders.is_empty() {
            break;
        }
        orders.extend(
            [row.get::<Option<Uuid>>("order_id")?, row.get("surcharge_order_id")?]
                .into_iter()
                .flatten(),
        );
        run.after = Some(row.get("declaration_id")?);
    }
    if orders.is_empty() {
        return Ok(false);
    }
    let mut lines = lines_of_orders(tx, run.region, &orders).await?;
    run.sent += i64::try_from(orders.len()).unwrap_or(i64::MAX);
    let with_lines = orders
        .into_iter()
        .map(|order| (order, lines.remove(&order).unwrap_or_default()))
        .collect();
    collection::send_orders(tx, run.region, with_lines, pay_base).await?;
    Ok(true)
}
