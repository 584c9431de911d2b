//! Arrears of people: while an order is past its last day and not paid in full, the relations of everybody on it owe their part of
//! it, so that a transfer finds it. Set-based, and each order counts once.

use ::store::{Args, Db, Query, Tx, args, in_list};
use standard::{Insurance, Refusal, RegionCode, Timestamp};
use uuid::Uuid;

/// Orders of one transaction.
const ORDERS: usize = 100;

/// Notes the next overdue orders on the relations of their people; `false` when none is left.
pub(super) async fn owe(db: &Db, region: RegionCode) -> Result<bool, Refusal> {
    let sql = format!(
        "SELECT order_id FROM agency_order WHERE region = $1 AND state = 'overdue' AND people_owe = FALSE AND kind <> 'refund'
         ORDER BY order_id LIMIT {ORDERS}"
    );
    let rows = db.read().all(&sql, args![region]).await?;
    let waiting: Vec<Uuid> = rows.iter().map(|row| row.get("order_id")).collect::<Result<_, _>>()?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let mut tx = db.begin().await?;
    let sql = format!(
        "UPDATE agency_order SET people_owe = TRUE WHERE region = $1 AND state = 'overdue' AND people_owe = FALSE AND order_id IN {}
         RETURNING order_id",
        in_list(waiting.len(), 2)
    );
    let mut values = args![region];
    values.extend(&waiting);
    let rows = tx.all(&sql, values).await?;
    let orders: Vec<Uuid> = rows.iter().map(|row| row.get("order_id")).collect::<Result<_, _>>()?;
    if !orders.is_empty() {
        change(&mut tx, region, &orders, "+").await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Takes an order off the relations of its people: it is paid in full, or void. One not noted changes nothing.
pub(crate) async fn clear(tx: &mut Tx, region: RegionCode, order_id: Uuid) -> Result<(), Refusal> {
    let sql = "UPDATE agency_order SET people_owe = FALSE WHERE region = $1 AND order_id = $2 AND people_owe = TRUE RETURNING order_id";
    if tx.all(sql, args![region, order_id]).await?.is_empty() {
        return Ok(());
    }
    change(tx, region, &[order_id], "-").await
}

/// Adds what the people of `orders` owe to their relations, or takes it off.
async fn change(tx: &mut Tx, region: RegionCode, orders: &[Uuid], sign: &str) -> Result<(), Refusal> {
    let mut values: Args = args![region, Timestamp::now()];
    values.extend(Insurance::ALL);
    let list = in_list(orders.len(), 8);
    values.extend(orders);
    let sql = format!(
        "UPDATE agency_relation SET updated_at = $2, arrears_fen = arrears_fen {sign} (
             SELECT COALESCE(SUM(CASE agency_relation.insurance WHEN $3 THEN a.pension_employer_fen + a.pension_employee_fen
                 WHEN $4 THEN a.medical_employer_fen + a.medical_employee_fen
                 WHEN $5 THEN a.unemployment_employer_fen + a.unemployment_employee_fen
                 WHEN $6 THEN a.injury_employer_fen + a.injury_employee_fen
                 WHEN $7 THEN a.maternity_employer_fen + a.maternity_employee_fen ELSE 0 END), 0)
             FROM agency_assessment a WHERE a.person_id = agency_relation.person_id AND a.region = agency_relation.region
                 AND a.voided = FALSE AND a.order_id IN {list})
         WHERE region = $1 AND person_id IN (
             SELECT a.person_id FROM agency_assessment a WHERE a.region = $1 AND a.voided = FALSE AND a.order_id IN {list})"
    );
    tx.execute(&sql, values).await?;
    Ok(())
}
