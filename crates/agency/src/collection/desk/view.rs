//! Orders, payments and 暂收款 as the screens show them.

use exchange::message::OrderKind;
use serde::Serialize;
use standard::{Date, Insurance, Money, Month, Text, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::collection::order::OrderState;
use crate::collection::payment::Way;
use crate::collection::suspense::{SuspenseReason, SuspenseState};

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
