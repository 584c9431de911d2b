//! A bill arrives, in parts. Each part is kept once; the order counts when all are here and they add up.

use std::collections::BTreeMap;

use ::store::{IdHash, Query, Tx, args, in_list};
use control::identity::{Actor, Role};
use control::{audit, clock, notice};
use exchange::message::{CollectionOrder, MONTH_LINES_MAX, OrderKind};
use serde_json::json;
use standard::{Finding, Money, Organisation, Refusal, Text};
use uuid::Uuid;

use super::store::{self, Bill, Line};
use super::{BillState, kind_zh};
use crate::insurance::amounts::Amounts;
use crate::insurance::filing::{answered_by, office_name};

/// Takes one part of an order. Again: nothing changes. What does not add up is refused whole.
pub async fn receive(tx: &mut Tx, from: &Organisation, employer_id: Uuid, order: CollectionOrder) -> Result<(), Refusal> {
    answered_by(from, order.region)?;
    check_parts(employer_id, &order)?;
    tx.lock(&format!("bill:{}", order.order_id)).await?;
    let known = store::find(tx, employer_id, order.order_id).await?;
    let mut bill = match known {
        Some(bill) => bill,
        None => fresh(&order),
    };
    if bill.region != order.region || bill.total != order.total_fen || bill.parts != i64::from(order.parts) {
        return Err(Refusal::conflict(
            "order_changed",
            "同一征集单的内容前后不一致",
            "the order differs from what came before under its number",
        ));
    }
    if !store::note_part(tx, employer_id, order.order_id, i64::from(order.part)).await? {
        return Ok(());
    }
    let lines = lines(tx, employer_id, &order).await?;
    for line in &lines {
        let (employer, employee) = line.amounts.totals()?;
        bill.employer = bill.employer.try_add(employer)?;
        bill.employee = bill.employee.try_add(employee)?;
    }
    if lines.is_empty() && bill.parts == 1 && matches!(bill.kind, OrderKind::Undeclared | OrderKind::Refund) {
        // 未申报核定 and what goes back of it are about nobody; they cost the employer alone.
        bill.employer = bill.total;
    }
    bill.people += lines.len() as i64;
    bill.parts_here += 1;
    if bill.parts_here == bill.parts {
        complete(&mut bill)?;
    }
    store::put(tx, employer_id, &bill).await?;
    store::add_lines(tx, employer_id, bill.id, &lines).await?;
    if bill.parts_here < bill.parts {
        return Ok(());
    }
    let system = Actor::system(Organisation::Employer(employer_id));
    let after = json!({ "order_number": bill.order_number, "total_fen": bill.total, "people": bill.people });
    audit::record(tx, &system, "bill.receive", "bill", bill.id, None, Some(after)).await?;
    tell(tx, employer_id, &bill).await
}

fn check_parts(employer_id: Uuid, order: &CollectionOrder) -> Result<(), Refusal> {
    let refuse = |rule: &str, zh: &str, en: &str| Err(Refusal::invalid(Finding::blocking(rule, zh, en)));
    if order.employer_id != employer_id {
        return refuse("order_not_ours", "征集单的缴费单位不是本单位", "the order names another employer");
    }
    if order.part == 0 || order.part > order.parts || order.lines.len() > MONTH_LINES_MAX {
        return refuse(
            "order_parts",
            "征集单的分包序号或人数不正确",
            "the order's part number or size is wrong",
        );
    }
    if order.total_fen.is_negative() {
        return refuse("order_negative", "征集单总额为负", "the order's total is negative");
    }
    Ok(())
}

fn fresh(order: &CollectionOrder) -> Bill {
    Bill {
        id: order.order_id,
        order_number: order.order_number.chars().take(60).collect(),
        source: "agency".to_string(),
        kind: order.kind,
        region: order.region,
        month: order.month,
        filing_id: order.filing_id,
        people: 0,
        parts: i64::from(order.parts),
        parts_here: 0,
        total: order.total_fen,
        employer: Money::ZERO,
        employee: Money::ZERO,
        paid: Money::ZERO,
        late_fee: Money::ZERO,
        suspense: Money::ZERO,
        refunded: Money::ZERO,
        open: order.total_fen,
        state: BillState::Arriving,
        issued_on: order.issued_on,
        due_on: order.due_on,
        pay_url: order.pay_url.clone().filter(|url| url.len() <= 500),
        office: office_name(&order.office),
        days_late: None,
        late_fee_due: None,
        arrears_on: None,
        received_at: clock::now(),
    }
}

/// All parts are here: they must come to the order's total.
fn complete(bill: &mut Bill) -> Result<(), Refusal> {
    let sum = bill.employer.try_add(bill.employee)?;
    if sum != bill.total {
        return Err(Refusal::invalid(
            Finding::blocking(
                "order_total_differs",
                format!("征集单总额 {} 元与明细合计 {sum} 元不符", bill.total),
                format!("the order's total {} differs from its lines, {sum}", bill.total),
            )
            .remedy("请联系经办机构核对后重新发送", "have the agency check and send it again"),
        ));
    }
    bill.state = match bill.kind {
        OrderKind::Refund => BillState::Refund,
        _ if bill.open.is_zero() => BillState::Paid,
        _ => BillState::Open,
    };
    Ok(())
}

/// The lines with the employees they are about, found by the keyed hash of the number, many at a time.
async fn lines(tx: &mut Tx, employer_id: Uuid, order: &CollectionOrder) -> Result<Vec<Line>, Refusal> {
    let db = tx.db().clone();
    let hashes: Vec<IdHash> = order.lines.iter().map(|line| db.cipher().id_hash(&line.id_number)).collect();
    let known = employees(tx, employer_id, &hashes).await?;
    let first = i64::from(order.part - 1) * MONTH_LINES_MAX as i64 + 1;
    (first..)
        .zip(order.lines.iter().zip(&hashes))
        .map(|(number, (line, hash))| {
            Ok(Line {
                line: number,
                month: line.month,
                employee_id: known.get(&hash.0).copied(),
                name: line.name.chars().take(50).collect(),
                id_masked: line.id_number.masked(),
                person_number: line.person_number.chars().take(40).collect(),
                wage: line.wage_fen,
                amounts: Amounts::of_items(&line.items)?,
            })
        })
        .collect()
}

/// Employees by the keyed hashes of their numbers.
pub(super) async fn employees(q: &mut impl Query, employer_id: Uuid, hashes: &[IdHash]) -> Result<BTreeMap<[u8; 32], Uuid>, Refusal> {
    let mut known = BTreeMap::new();
    for chunk in hashes.chunks(10_000) {
        let list = in_list(chunk.len(), 2);
        let mut args = args![employer_id];
        args.extend(chunk.iter().copied());
        let sql = format!("SELECT id, id_hash FROM employer_employee WHERE employer_id = $1 AND id_hash IN {list}");
        for row in q.all(&sql, args).await? {
            let hash: IdHash = row.get("id_hash")?;
            known.insert(hash.0, row.get("id")?);
        }
    }
    Ok(known)
}

async fn tell(tx: &mut Tx, employer_id: Uuid, bill: &Bill) -> Result<(), Refusal> {
    let (region, month, kind) = (bill.region.name(), bill.month, kind_zh(bill.kind));
    let title = Text::new(
        format!("{region} {month} {kind}征集单已送达"),
        format!("{region} {month}: a collection order has come"),
    );
    let body = Text::new(
        format!("{} 人，合计 {} 元，{} 前缴费。", bill.people, bill.total, bill.due_on),
        format!("{} people, {} in all, due on {}.", bill.people, bill.total, bill.due_on),
    );
    let link = format!("/employer/bills/{}", bill.id);
    for role in [Role::HrManager, Role::Finance, Role::PayrollReviewer] {
        let to = Organisation::Employer(employer_id);
        notice::send(tx, &to, notice::Audience::Role(role), title.clone(), body.clone(), Some(&link)).await?;
    }
    Ok(())
}
