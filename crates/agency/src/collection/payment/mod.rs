//! 到账: money received by the bank's statement or through the gateway, and what becomes of it.

mod apply;
mod receive;
pub(crate) mod store;

use serde::{Deserialize, Serialize};
use standard::{Date, Money, RegionCode};
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use apply::apply;
pub use apply::{Due, due};
pub use receive::receive;
pub(crate) use receive::to_order;
pub use store::{of_order, on_day};

/// By which way money came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaymentWay)]
pub enum Way {
    /// The payment gateway.
    Online,
    /// A line of the bank's statement.
    Bank,
    /// 暂收款 matched to the order.
    Suspense,
}

impl Way {
    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Way::Online => "online",
            Way::Bank => "bank",
            Way::Suspense => "suspense",
        }
    }

    /// The way of a stored name.
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Online, Self::Bank, Self::Suspense].into_iter().find(|way| way.key() == key)
    }
}

/// Money that arrived.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The region it arrived at.
    pub region: RegionCode,
    /// What tells this arrival from every other; the same key is the same money.
    pub source_key: String,
    /// By which way.
    pub way: Way,
    /// 征集单号 as the payer gave it.
    pub order_number: String,
    /// How much, above zero.
    pub amount: Money,
    /// The day it counts as paid.
    pub paid_on: Date,
    /// 付款户名.
    pub payer_name: String,
    /// The bank's or the gateway's number of it.
    pub reference: String,
}

/// A payment as the books hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The region.
    pub region: RegionCode,
    /// Key.
    pub payment_id: Uuid,
    /// The agency's number of it.
    pub payment_number: String,
    /// What makes it unique.
    pub source_key: String,
    /// By which way.
    pub way: Way,
    /// 征集单号 as given.
    pub order_number: String,
    /// The order it belongs to, when known.
    pub order_id: Option<Uuid>,
    /// The employer, when known.
    pub employer_id: Option<Uuid>,
    /// 付款户名.
    pub payer_name: String,
    /// The bank's or the gateway's number.
    pub reference: String,
    /// Received, fen.
    pub amount: Money,
    /// Of it towards contributions, fen.
    pub principal: Money,
    /// Of it 滞纳金, fen.
    pub late_fee: Money,
    /// Of it to 暂收款 without an order, fen.
    pub suspense: Money,
    /// Still open on the order after it, fen.
    pub open: Money,
    /// The day it counts as paid.
    pub paid_on: Date,
}

/// What receiving did.
#[derive(Clone, Debug)]
pub struct Received {
    /// The payment.
    pub payment: Payment,
    /// Whether it had been received before; then nothing changed now.
    pub repeated: bool,
}
