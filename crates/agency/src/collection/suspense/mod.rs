//! 暂收款: money that came and is not posted: part of an order, above an order, or of nobody known.

pub(crate) mod matching;
pub(crate) mod store;

use ::store::Tx;
use serde::{Deserialize, Serialize};
use standard::{Date, Money, Refusal, RegionCode};
use utoipa::ToSchema;
use uuid::Uuid;

use super::order::Order;
use super::payment::{Payment, Way};

pub use matching::match_to_order;
pub use store::get;

/// Why money is in suspense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuspenseReason {
    /// 部分到账: waits for the rest of its order.
    PartPayment,
    /// 多缴: above what the order asked.
    Surplus,
    /// The order was paid before.
    OrderPaid,
    /// The order was cancelled.
    OrderCancelled,
    /// No order of that number.
    OrderUnknown,
}

impl SuspenseReason {
    const ALL: [Self; 5] = [
        Self::PartPayment,
        Self::Surplus,
        Self::OrderPaid,
        Self::OrderCancelled,
        Self::OrderUnknown,
    ];

    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Self::PartPayment => "part_payment",
            Self::Surplus => "surplus",
            Self::OrderPaid => "order_paid",
            Self::OrderCancelled => "order_cancelled",
            Self::OrderUnknown => "order_unknown",
        }
    }

    /// The reason of a stored name.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }

    /// On screens.
    pub fn zh(self) -> &'static str {
        match self {
            Self::PartPayment => "部分到账",
            Self::Surplus => "多缴",
            Self::OrderPaid => "征集单已缴清",
            Self::OrderCancelled => "征集单已作废",
            Self::OrderUnknown => "征集单号不明",
        }
    }
}

/// Where an amount in suspense stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuspenseState {
    /// 待齐: waits for the rest of its order.
    Held,
    /// 待处理: to be matched or refunded.
    Open,
    /// 退费审核中.
    Refunding,
    /// 已使用.
    Used,
    /// 已退.
    Refunded,
}

impl SuspenseState {
    const ALL: [Self; 5] = [Self::Held, Self::Open, Self::Refunding, Self::Used, Self::Refunded];

    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Open => "open",
            Self::Refunding => "refunding",
            Self::Used => "used",
            Self::Refunded => "refunded",
        }
    }

    /// The state of a stored name.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// An amount in suspense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspense {
    /// The region.
    pub region: RegionCode,
    /// Key.
    pub suspense_id: Uuid,
    /// The payment it came with.
    pub payment_id: Uuid,
    /// Whose it is; nil when nobody knows.
    pub employer_id: Uuid,
    /// 付款户名.
    pub payer_name: String,
    /// The order it waits for or came for.
    pub order_id: Option<Uuid>,
    /// 征集单号 as given.
    pub order_number: String,
    /// By which way it came.
    pub way: Way,
    /// Why it is here.
    pub reason: SuspenseReason,
    /// What came, fen.
    pub amount: Money,
    /// What is left of it, fen.
    pub left: Money,
    /// Where it stands.
    pub state: SuspenseState,
    /// The refund case that holds it.
    pub case_id: Option<Uuid>,
    /// The day it counts as paid.
    pub paid_on: Date,
}

/// An amount to be kept.
pub(crate) struct NewSuspense<'a> {
    payment: &'a Payment,
    employer_id: Uuid,
    order_id: Option<Uuid>,
    reason: SuspenseReason,
    amount: Money,
}

impl<'a> NewSuspense<'a> {
    /// `amount` of `payment`, for `order` when it is known.
    pub fn of(payment: &'a Payment, order: Option<&Order>, reason: SuspenseReason, amount: Money) -> Self {
        Self {
            payment,
            employer_id: order.map(|order| order.employer_id).unwrap_or_default(),
            order_id: order.map(|order| order.order_id),
            reason,
            amount,
        }
    }
}

/// Keeps an amount: held for its order, or open for a decision.
pub(crate) async fn add(tx: &mut Tx, new: &NewSuspense<'_>) -> Result<Uuid, Refusal> {
    let state = if new.reason == SuspenseReason::PartPayment {
        SuspenseState::Held
    } else {
        SuspenseState::Open
    };
    let suspense = Suspense {
        region: new.payment.region,
        suspense_id: Uuid::now_v7(),
        payment_id: new.payment.payment_id,
        employer_id: new.employer_id,
        payer_name: new.payment.payer_name.clone(),
        order_id: new.order_id,
        order_number: new.payment.order_number.clone(),
        way: new.payment.way,
        reason: new.reason,
        amount: new.amount,
        left: new.amount,
        state,
        case_id: None,
        paid_on: new.payment.paid_on,
    };
    store::insert(tx, &suspense).await?;
    Ok(suspense.suspense_id)
}

/// What is held for an order that is cancelled is free: to be matched to another, or returned.
pub(crate) async fn free_held(tx: &mut Tx, region: RegionCode, order_id: Uuid) -> Result<(), Refusal> {
    store::free_held(tx, region, order_id).await
}

/// Everything held for `order` is used up: it is whole.
pub(crate) async fn use_held(tx: &mut Tx, order: &Order) -> Result<(), Refusal> {
    store::use_held(tx, order.region, order.order_id).await
}
