//! What an agency's people see of collection: orders and all about one, 暂收款. Reads only; each view carries the actions
//! its reader may take.

use ::store::{Db, Query, Row, Tx, args, in_list};
use control::audit;
use control::identity::{Actor, Permission};
use control::seal;
use exchange::message::OrderKind;
use policy::RuleBook;
use serde::Serialize;
use serde_json::json;
use standard::{Date, IdNumber, Insurance, Money, Month, Refusal, Text, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::order::{self, Order, OrderState};
use super::payment::{self, Payment, Way};
use super::region_of;
use super::suspense::{self, Suspense, SuspenseReason, SuspenseState};
use crate::assessment;
use crate::enrolment::{PersonId, id_numbers};

/// Which orders.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Only in this state.
    pub state: Option<OrderState>,
    /// Only of this kind.
    pub kind: Option<OrderKind>,
    /// Only of this 费款所属期.
    pub month: Option<Month>,
    /// Only of this employer.
    pub employer_id: Option<Uuid>,
    /// 征集单号, or the beginning of the employer's name.
    pub query: Option<String>,
    /// Only past the last day and not paid.
    pub overdue: bool,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many, 1–200.
    pub limit: i64,
}

/// An order in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderRow {
    /// Key.
    pub order_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// What it collects.
    pub kind: OrderKind,
    /// Who pays.
    pub employer_id: Uuid,
    /// Its name.
    pub employer_name: String,
    /// 费款所属期.
    pub month: Month,
    /// How many people.
    pub people: i64,
    /// Total, fen.
    pub total_fen: Money,
    /// Still open, fen.
    pub open_fen: Money,
    /// 滞纳金 to today and not collected, fen.
    pub late_fee_fen: Money,
    /// Where it stands.
    pub state: OrderState,
    /// 开具日期.
    #[schema(value_type = String, format = Date)]
    pub issued_on: Date,
    /// 缴费截止日.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// When it was paid in full.
    #[schema(value_type = Option<String>, format = Date)]
    pub paid_on: Option<Date>,
}

/// A page of orders, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderPage {
    /// The orders.
    pub items: Vec<OrderRow>,
    /// Pass it to get the next page.
    pub next_cursor: Option<String>,
}

/// What an order comes to in one insurance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderInsurance {
    /// The insurance.
    pub insurance: Insurance,
    /// 单位应缴, fen.
    pub employer_fen: Money,
    /// 个人应缴, fen.
    pub employee_fen: Money,
}

/// A payment towards an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderPayment)]
pub struct PaymentView {
    /// Key.
    pub payment_id: Uuid,
    /// The agency's number.
    pub payment_number: String,
    /// By which way.
    pub way: Way,
    /// 付款户名.
    pub payer_name: String,
    /// 流水号.
    pub reference: String,
    /// Received, fen.
    pub amount_fen: Money,
    /// Towards contributions, fen.
    pub principal_fen: Money,
    /// 滞纳金, fen.
    pub late_fee_fen: Money,
    /// Kept as 暂收款, fen.
    pub suspense_fen: Money,
    /// 到账日期.
    #[schema(value_type = String, format = Date)]
    pub paid_on: Date,
}

/// What happened to an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderEvent {
    /// `opened`, `part_paid`, `paid`, `payment`, `posted`, `receipt_sent`, `reminded`, `cancelled`, `refund_approved`, `refunded`.
    pub kind: String,
    /// By whom.
    pub actor: String,
    /// How much, fen.
    pub amount_fen: Option<Money>,
    /// More: a number, a reason, a day.
    pub details: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A document of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderDocument {
    /// For its address.
    pub id: Uuid,
    /// What it is.
    pub title: Text,
    /// Its verify code.
    pub code: String,
    /// When it was sealed.
    #[schema(value_type = String, format = DateTime)]
    pub signed_at: Timestamp,
}

/// An order with all its page shows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderDetail {
    /// The order.
    #[serde(flatten)]
    pub order: OrderRow,
    /// Insurance by insurance; those of zero are left out.
    pub insurances: Vec<OrderInsurance>,
    /// Days late.
    pub days_late: i64,
    /// 滞纳金 collected, fen.
    pub late_paid_fen: Money,
    /// Received and waiting for the rest, fen.
    pub held_fen: Money,
    /// Why it was cancelled.
    pub closed_reason: Option<String>,
    /// Where it can be paid online.
    pub pay_url: Option<String>,
    /// How the last day was found, and whether its rule is verified.
    pub due_rule: Text,
    /// Payments, oldest first.
    pub payments: Vec<PaymentView>,
    /// Documents.
    pub documents: Vec<OrderDocument>,
    /// What happened, oldest first.
    pub events: Vec<OrderEvent>,
    /// `cancel`, `refund`.
    pub allowed_actions: Vec<&'static str>,
}

/// One person and month on an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderPersonRow {
    /// 个人编号.
    pub person_number: String,
    /// 姓名.
    pub name: String,
    /// 证件号码, masked.
    pub id_masked: String,
    /// 费款所属期.
    pub month: Month,
    /// Pension base, fen.
    pub base_fen: Money,
    /// 单位应缴, all insurances, fen.
    pub employer_fen: Money,
    /// 个人应缴, all insurances, fen.
    pub employee_fen: Money,
}

/// A page of an order's people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderPeople {
    /// The rows.
    pub items: Vec<OrderPersonRow>,
    /// How many in all.
    pub total: usize,
    /// Where the next page begins.
    pub next_offset: Option<usize>,
}

/// An amount in suspense.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SuspenseRow {
    /// Key.
    pub suspense_id: Uuid,
    /// 付款户名.
    pub payer_name: String,
    /// 征集单号 as given.
    pub order_number: String,
    /// The order, when known.
    pub order_id: Option<Uuid>,
    /// By which way.
    pub way: Way,
    /// Why.
    pub reason: SuspenseReason,
    /// In words.
    pub reason_zh: &'static str,
    /// What came, fen.
    pub amount_fen: Money,
    /// What is left, fen.
    pub left_fen: Money,
    /// Where it stands.
    pub state: SuspenseState,
    /// The refund case that holds it.
    pub case_id: Option<Uuid>,
    /// 到账日期.
    #[schema(value_type = String, format = Date)]
    pub paid_on: Date,
    /// `match`, `refund`.
    pub allowed_actions: Vec<&'static str>,
}

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

/// People of an order, a page at a time.
pub async fn people(actor: &Actor, db: &Db, order_id: Uuid, offset: usize, limit: usize) -> Result<OrderPeople, Refusal> {
    actor.require(Permission::CollectionView)?;
    let region = region_of(actor)?;
    let mut q = db.read();
    order::get(&mut q, region, order_id).await?;
    let rows = assessment::rows_of_order(&mut q, region, order_id).await?;
    let total = rows.len();
    let page: Vec<_> = rows.into_iter().skip(offset).take(limit.clamp(1, 200)).collect();
    let ids: Vec<PersonId> = page.iter().map(|row| row.person_id).collect();
    let numbers = id_numbers(&mut q, db.cipher(), &ids, region).await?;
    let mut named: std::collections::HashMap<Uuid, (String, String)> = std::collections::HashMap::new();
    if !ids.is_empty() {
        let mut args = args![region];
        args.extend(ids.iter().map(|id| id.0));
        let sql = format!(
            "SELECT person_id, name, person_number FROM agency_person WHERE region = $1 AND person_id IN {}",
            in_list(ids.len(), 2)
        );
        for row in q.all(&sql, args).await? {
            named.insert(row.get("person_id")?, (row.get("name")?, row.get("person_number")?));
        }
    }
    let items = page
        .iter()
        .map(|row| {
            let (name, person_number) = named.get(&row.person_id.0).cloned().unwrap_or_default();
            Ok(OrderPersonRow {
                person_number,
                name,
                id_masked: numbers.get(&row.person_id).map(IdNumber::masked).unwrap_or_default(),
                month: row.month,
                base_fen: row.bases[0],
                employer_fen: Money::sum(row.employer)?,
                employee_fen: Money::sum(row.employee)?,
            })
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    let next = offset + items.len();
    Ok(OrderPeople {
        next_offset: (next < total && !items.is_empty()).then_some(next),
        items,
        total,
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
