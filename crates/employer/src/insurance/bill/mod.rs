//! 征集单: what the agency bills, kept person by person, with what was paid on it. The state of the money comes from the agency's
//! receipts only; an order whose parts have not all arrived cannot be paid.

pub mod documents;
pub mod import;
pub mod receive;
pub mod settle;
pub(crate) mod store;

use ::store::Db;
use control::clock;
use control::identity::{Actor, Permission};
use exchange::message::OrderKind;
use serde::{Deserialize, Serialize};
use standard::{Date, Money, Month, Refusal, RegionCode, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use documents::DocumentView;

use crate::employer_of;
use crate::insurance::amounts::InsuranceAmount;

/// Where a bill stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BillState {
    /// 接收中: parts are missing.
    Arriving,
    /// 待缴费.
    Open,
    /// 部分缴费.
    PartPaid,
    /// 已缴费.
    Paid,
    /// 待退费.
    Refund,
    /// 已退费.
    Refunded,
    /// 已作废: the agency cancelled it.
    Cancelled,
}

impl BillState {
    const ALL: [BillState; 7] = [
        BillState::Arriving,
        BillState::Open,
        BillState::PartPaid,
        BillState::Paid,
        BillState::Refund,
        BillState::Refunded,
        BillState::Cancelled,
    ];

    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            BillState::Arriving => "arriving",
            BillState::Open => "open",
            BillState::PartPaid => "part_paid",
            BillState::Paid => "paid",
            BillState::Refund => "refund",
            BillState::Refunded => "refunded",
            BillState::Cancelled => "cancelled",
        }
    }

    /// The word on screen.
    pub const fn zh(self) -> &'static str {
        match self {
            BillState::Arriving => "接收中",
            BillState::Open => "待缴费",
            BillState::PartPaid => "部分缴费",
            BillState::Paid => "已缴费",
            BillState::Refund => "待退费",
            BillState::Refunded => "已退费",
            BillState::Cancelled => "已作废",
        }
    }

    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<BillState> {
        BillState::ALL.into_iter().find(|state| state.key() == word)
    }

    /// Whether money is owed on it.
    pub const fn is_owed(self) -> bool {
        matches!(self, BillState::Open | BillState::PartPaid)
    }
}

/// What an order collects, on screen.
pub const fn kind_zh(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Regular => "正常应缴",
        OrderKind::Back => "补缴",
        OrderKind::Refund => "退费",
        OrderKind::Undeclared => "未申报核定",
    }
}

/// A bill.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BillView {
    /// Key: the agency's key of the order.
    pub id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// `agency` (received) or `file` (read from a bill file).
    pub source: String,
    /// What it collects.
    pub kind: OrderKind,
    /// The kind's word on screen.
    pub kind_name: String,
    /// Where.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// 费款所属期.
    pub month: Month,
    /// How many people.
    pub people: i64,
    /// Total, both sides.
    pub total_fen: Money,
    /// Employer's side.
    pub employer_fen: Money,
    /// Employees' side.
    pub employee_fen: Money,
    /// Paid towards contributions.
    pub paid_fen: Money,
    /// Paid as late fee.
    pub late_fee_fen: Money,
    /// Received above what was due, kept as 暂收款.
    pub suspense_fen: Money,
    /// Paid back.
    pub refunded_fen: Money,
    /// Still open.
    pub open_fen: Money,
    /// Where it stands.
    pub state: BillState,
    /// The state's word on screen.
    pub state_name: String,
    /// Issued on.
    #[schema(value_type = String, format = Date)]
    pub issued_on: Date,
    /// 缴费截止日.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// The last day is over and money is owed.
    pub overdue: bool,
    /// 滞纳金 by the last reminder, and its day.
    pub late_fee_due_fen: Option<Money>,
    /// Day of the last reminder.
    #[schema(value_type = Option<String>, format = Date)]
    pub arrears_on: Option<Date>,
    /// 经办机构.
    pub office: String,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// What the reader may do: `pay_online`, `pay_bank`.
    pub allowed_actions: Vec<String>,
}

/// One person and month of a bill.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BillLineView {
    /// Number within the bill.
    pub line: i64,
    /// 费款所属期.
    pub month: Month,
    /// Who, when the unit knows them.
    pub employee_id: Option<Uuid>,
    /// Name; absent for whoever sees amounts only.
    pub name: Option<String>,
    /// Masked 证件号码; likewise.
    pub id_masked: Option<String>,
    /// 个人编号.
    pub person_number: Option<String>,
    /// By insurance.
    pub amounts: Vec<InsuranceAmount>,
    /// Both sides of all.
    pub total_fen: Money,
}

/// A receipt or a refund.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = BillReceipt)]
pub struct ReceiptView {
    /// `payment` or `refund`.
    pub kind: String,
    /// The agency's number.
    pub number: String,
    /// Towards contributions, or paid back.
    pub paid_fen: Money,
    /// As late fee.
    pub late_fee_fen: Money,
    /// Kept as 暂收款.
    pub suspense_fen: Money,
    /// Open after it.
    pub open_fen: Money,
    /// `online`, `bank`, `suspense` or `adjustment`.
    pub way: String,
    /// Received on.
    #[schema(value_type = String, format = Date)]
    pub paid_on: Date,
    /// Who posted it.
    pub office: String,
    /// The sealed receipt, when there is one.
    pub document_id: Option<Uuid>,
}

/// A payment as the employer began it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = BillPayment)]
pub struct PaymentView {
    /// Key.
    pub id: Uuid,
    /// `online` or `bank`.
    pub way: String,
    /// How much.
    pub amount_fen: Money,
    /// The gateway's or the bank file's number.
    pub reference: Option<String>,
    /// What the gateway said: `sent`, `accepted`, `failed`.
    pub outcome: String,
    /// By whom.
    pub made_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
}

/// A bill with its totals, people, receipts and payments.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BillDetail {
    /// The bill.
    pub bill: BillView,
    /// Totals by insurance.
    pub totals: Vec<InsuranceAmount>,
    /// A page of people.
    pub lines: Vec<BillLineView>,
    /// Pass it to get the next page.
    pub next_cursor: Option<i64>,
    /// How many lines in all.
    pub lines_total: i64,
    /// Receipts and refunds, oldest first.
    pub receipts: Vec<ReceiptView>,
    /// Payments begun here, oldest first.
    pub payments: Vec<PaymentView>,
    /// The agency's sealed 征集单 and 缴费回执, oldest first.
    pub documents: Vec<DocumentView>,
}

/// Bills, those owed first, newest first.
pub async fn list(actor: &Actor, db: &Db, month: Option<Month>, region: Option<RegionCode>) -> Result<Vec<BillView>, Refusal> {
    actor.require(Permission::BillView)?;
    let bills = store::list(&mut db.read(), employer_of(actor)?, month, region).await?;
    Ok(bills.into_iter().map(|bill| bill.view(actor, clock::today())).collect())
}

/// One bill with a page of its people; `cursor` is the last line shown.
pub async fn get(actor: &Actor, db: &Db, id: Uuid, cursor: i64, limit: i64) -> Result<BillDetail, Refusal> {
    actor.require(Permission::BillView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let bill = store::get(&mut q, employer_id, id).await?;
    let people = actor.require(Permission::EmployeeView).is_ok();
    let wages = actor.require(Permission::WageView).is_ok();
    let limit = limit.clamp(1, 500);
    let lines = store::lines(&mut q, employer_id, id, cursor, limit).await?;
    let next = lines.last().map(|line| line.line).filter(|_| lines.len() as i64 == limit);
    Ok(BillDetail {
        totals: store::totals(&mut q, employer_id, id).await?.view(wages)?,
        lines: lines.into_iter().map(|line| line.view(people, wages)).collect::<Result<_, _>>()?,
        next_cursor: next,
        lines_total: store::count_lines(&mut q, employer_id, id).await?,
        receipts: store::receipts(&mut q, employer_id, id).await?,
        payments: store::payments(&mut q, employer_id, id).await?,
        documents: documents::of_bill(db, actor, id).await?,
        bill: bill.view(actor, clock::today()),
    })
}

fn not_found() -> Refusal {
    Refusal::not_found("bill_not_found", "没有找到该征集单", "no such collection order")
}
