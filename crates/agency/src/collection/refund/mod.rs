//! 退费: money goes back to who paid it. From 暂收款, or as a refund order of an adjustment; reviewed by two people, paid by a
//! bank file, and told to the employer.

mod business;
mod pay;
mod store;

use serde::{Deserialize, Serialize};
use standard::{Date, Money, RegionCode};
use utoipa::ToSchema;
use uuid::Uuid;

pub use business::{REFUND, Refund, propose};
pub use pay::paid_out;
pub use store::{RefundRow, list};
pub(crate) use store::{accounts_of_file, approved, exported, is_promised};

/// Where the money comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundSource {
    /// 暂收款.
    Suspense,
    /// A refund order.
    Order,
}

impl RefundSource {
    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Suspense => "suspense",
            Self::Order => "order",
        }
    }
}

/// What a clerk proposes to pay back.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct RefundForm {
    /// Where the money comes from.
    pub source: RefundSource,
    /// The amount in suspense, or the refund order.
    pub source_id: Uuid,
    /// 收款户名.
    pub payee_name: String,
    /// 开户银行.
    pub bank_name: String,
    /// 银行账号.
    pub account: String,
    /// 退费原因.
    pub reason: String,
}

/// A case's form: what was proposed, and what the books said of it then.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Filed {
    pub region: RegionCode,
    #[serde(flatten)]
    pub form: RefundForm,
    pub employer_id: Uuid,
    pub order_number: String,
    pub amount_fen: Money,
}

/// What came back from the bank of one refund.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaidOut {
    /// 付款日期.
    #[schema(value_type = String, format = Date)]
    pub paid_on: Date,
    /// 银行流水号.
    pub reference: String,
}
