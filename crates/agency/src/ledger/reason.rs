//! Why journals are made; coded, because an auditor counts them.

use serde::{Deserialize, Serialize};

/// Why a journal was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Balances of relations loaded from an older system.
    OpeningBalance,
    /// 记账利息 credited to a personal account.
    Interest,
    /// Money of a transfer arrived from the old region (到账登记).
    TransferReceived,
    /// Money of a transfer posted to the person and the pooled fund (转移登账).
    TransferIn,
    /// Money of a transfer leaving for the new region (转出).
    TransferOut,
    /// Money of a transfer given back because the new region refused it.
    TransferRefused,
    /// A recalculation found another amount than the books held.
    Recalculated,
    /// An error of an earlier journal put right.
    ErrorCorrected,
    /// An order asks an employer for contributions (征集).
    OrderOpened,
    /// An unpaid order taken back (作废).
    OrderCancelled,
    /// Money arrived (到账).
    PaymentReceived,
    /// An order paid in full: to pool and personal accounts (分账).
    ContributionPosted,
    /// 滞纳金 collected.
    LateFeeCollected,
    /// 暂收款 now known to be another employer's, or given to an order.
    SuspenseMatched,
    /// A refund approved (退费核定).
    RefundApproved,
    /// A refund paid out (退费支付).
    RefundPaid,
}

impl Reason {
    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Reason::OpeningBalance => "opening_balance",
            Reason::Interest => "interest",
            Reason::TransferReceived => "transfer_received",
            Reason::TransferIn => "transfer_in",
            Reason::TransferOut => "transfer_out",
            Reason::TransferRefused => "transfer_refused",
            Reason::Recalculated => "recalculated",
            Reason::ErrorCorrected => "error_corrected",
            Reason::OrderOpened => "order_opened",
            Reason::OrderCancelled => "order_cancelled",
            Reason::PaymentReceived => "payment_received",
            Reason::ContributionPosted => "contribution_posted",
            Reason::LateFeeCollected => "late_fee_collected",
            Reason::SuspenseMatched => "suspense_matched",
            Reason::RefundApproved => "refund_approved",
            Reason::RefundPaid => "refund_paid",
        }
    }
}
