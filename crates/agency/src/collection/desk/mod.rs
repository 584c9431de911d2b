//! What an agency's people see of collection: orders and all about one, 暂收款. Reads only; each view carries the actions
//! its reader may take.

mod people;
mod view;

use ::store::{Db, Query, Row, Tx, args};
use control::audit;
use control::identity::{Actor, Permission};
use control::seal;
use exchange::message::OrderKind;
use policy::RuleBook;
use serde_json::json;
use standard::{Date, Insurance, Refusal, Text};
use uuid::Uuid;

pub use people::{OrderPeople, OrderPersonRow, people};
pub use view::{OrderDetail, OrderDocument, OrderEvent, OrderFilter, OrderInsurance, OrderPage, OrderRow, PaymentView, SuspenseRow};

use super::order::{self, Order, OrderState};
use super::payment::{self, Payment};
use super::region_of;
use super::suspense::{self, Suspense, SuspenseState};
use crate::assessment;

fn row_of(book: &RuleBook, order: Order, today: Date) -> Result<OrderRow, Refusal> {
    let late_fee_fen = payment::due(book, &order, today)?.late_fee;
    Ok(OrderRow {
        late_fee_fen,
        open_fen: order.open(),
        order_id: order.order_id,
        order_number: order.order_number,
        kind: order.kind,
        employer_id: order.employer_id,
        employer_name: order.employer_name,
        month: order.month,
        people: order.people,
        total_fen: order.total,
        state: order.state,
        issued_on: order.issued_on,
        due_on: order.due_on,
        paid_on: order.paid_on,
    })
}

/// Orders of the region.
pub async fn orders(actor: &Actor, db: &Db, book: &RuleBook, filter: &OrderFilter, today: Date) -> Result<OrderPage, Refusal> {
    actor.require(Permission::CollectionView)?;
    let region = region_of(actor)?;
    let limit = filter.limit.clamp(1, 200);
    let mut args = args![region];
    let mut sql = format!("{} WHERE region = $1", order::store::ORDER);
    if let Some(state) = filter.state {
        sql.push_str(&format!(" AND state = ${}", args.push(state.key())));
    }
    if let Some(kind) = filter.kind {
        sql.push_str(&format!(" AND kind = ${}", args.push(order::kind_key(kind))));
    }
    if let Some(month) = filter.month {
        sql.push_str(&format!(" AND month = ${}", args.push(month)));
    }
    if let Some(employer) = filter.employer_id {
        sql.push_str(&format!(" AND employer_id = ${}", args.push(employer)));
    }
    if filter.overdue {
        sql.push_str(&format!(
            " AND kind <> 'refund' AND state IN ('open', 'part_paid', 'overdue') AND due_on < ${}",
            args.push(today)
        ));
    }
    if let Some(text) = filter.query.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        let text: String = text.chars().take(100).collect();
        let (exact, from, to) = (args.push(&text), args.push(&text), args.push(format!("{text}\u{10ffff}")));
        sql.push_str(&format!(
            " AND (order_number = ${exact} OR employer_name >= ${from} AND employer_name < ${to})"
        ));
    }
    if let Some(cursor) = filter.cursor.as_deref().and_then(|cursor| cursor.parse::<Uuid>().ok()) {
        sql.push_str(&format!(" AND order_id < ${}", args.push(cursor)));
    }
    sql.push_str(&format!(" ORDER BY order_id DESC LIMIT {}", limit + 1));
    let rows = db.read().all(&sql, args).await?;
    let more = i64::try_from(rows.len()).unwrap_or(0) > limit;
    let items = rows
        .iter()
        .take(usize::try_from(limit).unwrap_or(200))
        .map(|row| row_of(book, order::store::read(row)?, today))
        .collect::<Result<Vec<_>, Refusal>>()?;
    let next_cursor = if more {
        items.last().map(|row| row.order_id.to_string())
    } else {
        None
    };
    Ok(OrderPage { items, next_cursor })
}

/// One order.
pub async fn order(actor: &Actor, db: &Db, book: &RuleBook, order_id: Uuid, today: Date) -> Result<OrderDetail, Refusal> {
    actor.require(Permission::CollectionView)?;
    let region = region_of(actor)?;
    let mut q = db.read();
    let order = order::get(&mut q, region, order_id).await?;
    let due = payment::due(book, &order, today)?;
    let payments = payment::of_order(&mut q, region, order_id).await?;
    let documents = seal::documents_of(db, &actor.organisation, order_id).await?;
    let events = q
        .all(
            "SELECT kind, actor, amount_fen, details, at FROM agency_order_event WHERE region = $1 AND order_id = $2 ORDER BY event_id",
            args![region, order_id],
        )
        .await?;
    Ok(OrderDetail {
        insurances: insurances(&order),
        days_late: due.days_late,
        late_paid_fen: order.late_paid,
        held_fen: order.held,
        closed_reason: order.closed_reason.clone(),
        pay_url: order.pay_url.clone(),
        due_rule: due_rule_text(&order),
        payments: payments.into_iter().map(payment_view).collect(),
        documents: documents
            .into_iter()
            .map(|document| OrderDocument {
                id: document.id,
                title: document.title(),
                code: document.code,
                signed_at: document.signed_at,
            })
            .collect(),
        events: events.iter().map(event).collect::<Result<_, Refusal>>()?,
        allowed_actions: order_actions(actor, &order),
        order: row_of(book, order, today)?,
    })
}

/// One sealed document of an order as PDF, checked against its digest.
pub async fn document_pdf(actor: &Actor, db: &Db, order_id: Uuid, document: Uuid) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::CollectionView)?;
    order::get(&mut db.read(), region_of(actor)?, order_id).await?;
    seal::open_document(actor, db, &[order_id], document, "document.read", "order").await
}

fn order_actions(actor: &Actor, order: &Order) -> Vec<&'static str> {
    let mut actions = Vec::new();
    let unpaid = matches!(order.state, OrderState::Open | OrderState::Overdue) && order.held.is_zero();
    if unpaid && actor.may(Permission::AssessmentRun) {
        actions.push("cancel");
    }
    if actor.may(Permission::PaymentRegister) && order.kind == OrderKind::Refund && order.state == OrderState::Open {
        actions.push("refund");
    }
    actions
}

fn insurances(order: &Order) -> Vec<OrderInsurance> {
    Insurance::ALL
        .into_iter()
        .map(|insurance| OrderInsurance {
            insurance,
            employer_fen: order.totals.employer[insurance as usize],
            employee_fen: order.totals.employee[insurance as usize],
        })
        .filter(|line| !(line.employer_fen.is_zero() && line.employee_fen.is_zero()))
        .collect()
}

fn due_rule_text(order: &Order) -> Text {
    let rule = super::due_rule(order.region, order.month);
    let (zh, en) = if rule.verified {
        ("已核实", "verified")
    } else {
        ("待核实", "unverified")
    };
    Text::new(format!("{}（{zh}）", rule.source), format!("{} ({en})", rule.source))
}

fn payment_view(payment: Payment) -> PaymentView {
    PaymentView {
        payment_id: payment.payment_id,
        payment_number: payment.payment_number,
        way: payment.way,
        payer_name: payment.payer_name,
        reference: payment.reference,
        amount_fen: payment.amount,
        principal_fen: payment.principal,
        late_fee_fen: payment.late_fee,
        suspense_fen: payment.suspense,
        paid_on: payment.paid_on,
    }
}

fn event(row: &Row) -> Result<OrderEvent, Refusal> {
    Ok(OrderEvent {
        kind: row.get("kind")?,
        actor: row.get("actor")?,
        amount_fen: row.get("amount_fen")?,
        details: row.get("details")?,
        at: row.get("at")?,
    })
}

/// Amounts in suspense, the oldest first, at most 500; those to be decided when no state is asked.
pub async fn suspense(actor: &Actor, db: &Db, state: Option<SuspenseState>) -> Result<Vec<SuspenseRow>, Refusal> {
    actor.require(Permission::CollectionView)?;
    let region = region_of(actor)?;
    let state = state.unwrap_or(SuspenseState::Open);
    let sql = format!(
        "{} WHERE region = $1 AND state = $2 ORDER BY opened_at LIMIT 500",
        suspense::store::SUSPENSE
    );
    let rows = db.read().all(&sql, args![region, state.key()]).await?;
    rows.iter()
        .map(|row| Ok(suspense_row(actor, suspense::store::read(row)?)))
        .collect()
}

fn suspense_row(actor: &Actor, held: Suspense) -> SuspenseRow {
    let open = held.state == SuspenseState::Open && actor.may(Permission::PaymentRegister);
    SuspenseRow {
        allowed_actions: if open { vec!["match", "refund"] } else { Vec::new() },
        suspense_id: held.suspense_id,
        payer_name: held.payer_name,
        order_number: held.order_number,
        order_id: held.order_id,
        way: held.way,
        reason: held.reason,
        reason_zh: held.reason.zh(),
        amount_fen: held.amount,
        left_fen: held.left,
        state: held.state,
        case_id: held.case_id,
        paid_on: held.paid_on,
    }
}

/// Cancels an order nobody paid towards, with its assessment: the act of a supervisor, who may assess anew.
pub async fn cancel(actor: &Actor, tx: &mut Tx, order_id: Uuid, reason: &str) -> Result<(), Refusal> {
    actor.require(Permission::AssessmentRun)?;
    let region = region_of(actor)?;
    assessment::undo(tx, region, order_id, reason).await?;
    let after = json!({ "reason": reason });
    audit::record(tx, actor, "order.cancel", "order", order_id, None, Some(after)).await
}
