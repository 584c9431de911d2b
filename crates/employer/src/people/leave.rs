//! Leaving and coming back.

use exchange::message::StopReason;

/// Every reason for leaving.
pub const REASONS: [StopReason; 7] = [
    StopReason::Resigned,
    StopReason::Dismissed,
    StopReason::ContractEnded,
    StopReason::Retired,
    StopReason::Died,
    StopReason::Moved,
    StopReason::Other,
];

/// The stored word.
pub const fn reason_key(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Resigned => "resigned",
        StopReason::Dismissed => "dismissed",
        StopReason::ContractEnded => "contract_ended",
        StopReason::Retired => "retired",
        StopReason::Died => "died",
        StopReason::Moved => "moved",
        StopReason::Other => "other",
    }
}

/// Reads the stored word.
pub fn parse_reason(word: &str) -> Option<StopReason> {
    REASONS.into_iter().find(|reason| reason_key(*reason) == word)
}

/// The word on screen.
pub const fn reason_zh(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Resigned => "辞职",
        StopReason::Dismissed => "解除或终止劳动合同",
        StopReason::ContractEnded => "合同期满",
        StopReason::Retired => "退休",
        StopReason::Died => "死亡",
        StopReason::Moved => "跨地区调动",
        StopReason::Other => "其他",
    }
}
