//! 网上缴费: what the agency needs of a payment gateway, whichever it is, and what it believes of its callbacks.
//!
//! A gateway is another organisation. It is told what to collect ([`Gateway::create`]), it tells when it was paid (a signed
//! callback, see [`callback`]), and at the end of a day both compare ([`reconcile`]): what the callback missed is posted then.

mod callback;
mod pay;
mod reconcile;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use standard::{Date, Money, Refusal, RegionCode, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

pub use callback::{CALLBACK_AGE_MAX_SECONDS, Callback, SignedCallback, accept, signed_text};
pub use pay::{PayStarted, PayView, start, view};
pub use reconcile::{DayComparison, DayDifference, compared, is_compared, reconcile};

/// What a gateway is asked to collect.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PaymentAsked {
    /// The agency's region: the payee.
    pub region: RegionCode,
    /// Ours; asking twice under the same id is one payment.
    pub request_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// What it is for, as the payer reads it.
    pub subject: String,
    /// 收款户名.
    pub payee_name: String,
    /// 付款单位.
    pub payer_name: String,
    /// How much, fen.
    pub amount_fen: Money,
    /// Of it 滞纳金, fen; a line of its own on the page.
    pub late_fee_fen: Money,
    /// Where the gateway tells that it was paid.
    pub callback_url: String,
    /// Where the payer goes afterwards; empty stays on the page.
    pub return_url: String,
}

/// A payment a gateway has made ready.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PaymentReady {
    /// The gateway's id of it.
    pub payment_id: Uuid,
    /// Where the payer pays.
    pub page_url: String,
}

/// A paid payment of the gateway's daily file (对账文件).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GatewayRow {
    /// The gateway's id.
    pub payment_id: Uuid,
    /// Ours.
    pub request_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// Fen.
    pub amount_fen: Money,
    /// The gateway's 流水号.
    pub serial: String,
    /// The day it counts as paid.
    #[schema(value_type = String, format = Date)]
    pub paid_on: Date,
    /// When it was paid.
    #[schema(value_type = String, format = DateTime)]
    pub paid_at: Timestamp,
}

/// A payment gateway, as the agency sees it.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Makes a payment ready; the same request gives the same payment.
    async fn create(&self, asked: &PaymentAsked) -> Result<PaymentReady, Refusal>;

    /// The paid payments of a day.
    async fn day(&self, region: RegionCode, day: Date) -> Result<Vec<GatewayRow>, Refusal>;
}
