//! 征集单: one employer, one month, five insurances, two sides.

mod cancel;
mod open;
mod send;
pub(crate) mod store;

use serde::{Deserialize, Serialize};
use standard::{Date, Insurance, Money, MoneyOverflow, Month, RegionCode};
use utoipa::ToSchema;
use uuid::Uuid;

pub use cancel::{cancel_order, replace_order};
pub use exchange::message::OrderKind;
pub use open::open_orders;
pub(crate) use send::{office_ref, tell};
pub use send::{pay_url, send_order, send_orders};
pub use store::{find, find_by_number, get};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// 待缴: issued, nothing paid. A refund order: to be paid out.
    Open,
    /// 部分到账: less than asked has come and waits in 暂收款.
    PartPaid,
    /// 已缴: paid in full and posted. A refund order: paid out.
    Paid,
    /// 逾期: past its last day and not paid in full.
    Overdue,
    /// 已作废.
    Cancelled,
}

impl OrderState {
    /// Every state.
    pub const ALL: [OrderState; 5] = [Self::Open, Self::PartPaid, Self::Paid, Self::Overdue, Self::Cancelled];

    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PartPaid => "part_paid",
            Self::Paid => "paid",
            Self::Overdue => "overdue",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a stored name.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// Whether money is still asked for.
    pub fn is_payable(self) -> bool {
        matches!(self, Self::Open | Self::PartPaid | Self::Overdue)
    }
}

/// The stored name of a kind.
pub fn kind_key(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Regular => "regular",
        OrderKind::Back => "back",
        OrderKind::Refund => "refund",
        OrderKind::Undeclared => "undeclared",
    }
}

/// The kind of a stored name.
pub fn parse_kind(key: &str) -> Option<OrderKind> {
    [OrderKind::Regular, OrderKind::Back, OrderKind::Refund, OrderKind::Undeclared]
        .into_iter()
        .find(|kind| kind_key(*kind) == key)
}

/// What an order comes to, in the order of [`Insurance::ALL`]; positive also on a refund order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderTotals {
    /// 单位应缴.
    pub employer: [Money; 5],
    /// 个人应缴.
    pub employee: [Money; 5],
}

impl OrderTotals {
    /// Both sides of one insurance.
    pub fn of(&self, insurance: Insurance) -> Result<Money, MoneyOverflow> {
        let index = insurance as usize;
        self.employer[index].try_add(self.employee[index])
    }

    /// Everything.
    pub fn sum(&self) -> Result<Money, MoneyOverflow> {
        Money::sum(self.employer.into_iter().chain(self.employee))
    }
}

/// An order to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// The region that collects.
    pub region: RegionCode,
    /// Who pays.
    pub employer_id: Uuid,
    /// Its name, as it is to stand on the order.
    pub employer_name: String,
    /// 费款所属期 (the newest of a back payment).
    pub month: Month,
    /// What it collects.
    pub kind: OrderKind,
    /// The declaration or adjustment it answers.
    pub filing_id: Option<Uuid>,
    /// What it comes to.
    pub totals: OrderTotals,
    /// How many people it is about.
    pub people: i64,
    /// 开具日期.
    pub issued_on: Date,
}

/// An order as the books hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The region that collects.
    pub region: RegionCode,
    /// Key.
    pub order_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// What lets a stranger to the system pay it: the unguessable part of its payment address.
    pub pay_code: String,
    /// What it collects.
    pub kind: OrderKind,
    /// Who pays.
    pub employer_id: Uuid,
    /// Its name.
    pub employer_name: String,
    /// 费款所属期.
    pub month: Month,
    /// The declaration or adjustment it answers.
    pub filing_id: Option<Uuid>,
    /// How many people.
    pub people: i64,
    /// What it comes to.
    pub totals: OrderTotals,
    /// Its total, fen.
    pub total: Money,
    /// Money received towards it and waiting in 暂收款, fen.
    pub held: Money,
    /// 滞纳金 fixed so far, fen: of days before `late_from`.
    pub late_due: Money,
    /// 滞纳金 collected, fen.
    pub late_paid: Money,
    /// The first day whose late fee is not yet in `late_due`.
    pub late_from: Date,
    /// Where it stands.
    pub state: OrderState,
    /// 开具日期.
    pub issued_on: Date,
    /// 缴费截止日.
    pub due_on: Date,
    /// When it was paid in full.
    pub paid_on: Option<Date>,
    /// When the employer was last reminded.
    pub reminded_on: Option<Date>,
    /// Why it was cancelled.
    pub closed_reason: Option<String>,
    /// Where it can be paid online.
    pub pay_url: Option<String>,
    /// Whether it went to its employer.
    pub sent: bool,
}

impl Order {
    /// What of the contributions is still open, fen.
    pub fn open(&self) -> Money {
        if self.state.is_payable() {
            Money::from_fen(self.total.fen() - self.held.fen())
        } else {
            Money::ZERO
        }
    }
}
