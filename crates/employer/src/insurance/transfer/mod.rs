//! 转移接续, the employer's side: an application is drafted from data, signed, filed, and followed event by event
//! until HR confirms. What the agencies decide is theirs; here it only arrives.

pub mod confirm;
pub mod document;
pub mod draft;
pub mod event;
pub mod file;
pub mod form;
pub mod refresh;
pub mod store;
pub mod timeline;
pub mod view;

use control::identity::{Actor, Permission};
use exchange::message::TransferStep;
use serde::{Deserialize, Serialize};
use standard::Refusal;
use utoipa::ToSchema;

/// Where a transfer stands at the employer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// 草稿: the form is being filled.
    Draft,
    /// 已签署: signed, not yet filed.
    Signed,
    /// 已申报: with the agencies.
    Filed,
    /// 已退回: to be corrected and filed again.
    Returned,
    /// 不予办理.
    Refused,
    /// 已撤回.
    Withdrawn,
    /// 已完成: waits for HR's confirmation.
    Completed,
    /// 已确认: the employee's record is updated.
    Confirmed,
}

impl TransferState {
    /// Every state.
    pub const ALL: [TransferState; 8] = [
        TransferState::Draft,
        TransferState::Signed,
        TransferState::Filed,
        TransferState::Returned,
        TransferState::Refused,
        TransferState::Withdrawn,
        TransferState::Completed,
        TransferState::Confirmed,
    ];

    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            TransferState::Draft => "draft",
            TransferState::Signed => "signed",
            TransferState::Filed => "filed",
            TransferState::Returned => "returned",
            TransferState::Refused => "refused",
            TransferState::Withdrawn => "withdrawn",
            TransferState::Completed => "completed",
            TransferState::Confirmed => "confirmed",
        }
    }

    /// The word on screen.
    pub const fn zh(self) -> &'static str {
        match self {
            TransferState::Draft => "草稿",
            TransferState::Signed => "已签署",
            TransferState::Filed => "办理中",
            TransferState::Returned => "已退回",
            TransferState::Refused => "不予办理",
            TransferState::Withdrawn => "已撤回",
            TransferState::Completed => "已完成，待确认",
            TransferState::Confirmed => "已确认",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<TransferState> {
        TransferState::ALL.into_iter().find(|state| state.key() == word)
    }

    /// Nothing more will happen.
    pub const fn is_over(self) -> bool {
        matches!(self, TransferState::Refused | TransferState::Withdrawn | TransferState::Confirmed)
    }

    /// Whether HR may change the form.
    pub const fn is_editable(self) -> bool {
        matches!(self, TransferState::Draft | TransferState::Signed | TransferState::Returned)
    }
}

/// Something HR can do with a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferAction {
    /// Change the form.
    Edit,
    /// Sign it.
    Sign,
    /// File it with the new agency.
    File,
    /// Take it back; after filing only until the new agency sends its contact letter.
    Withdraw,
    /// Confirm completion: the employee's record is updated.
    Confirm,
    /// Begin anew after a withdrawal or a refusal, with what was typed before.
    Restart,
}

/// What may be done in a state, whoever asks: the rule behind both the buttons and the refusals.
pub fn possible_actions(state: TransferState, step: TransferStep) -> &'static [TransferAction] {
    match state {
        TransferState::Draft | TransferState::Returned => &[TransferAction::Edit, TransferAction::Sign, TransferAction::Withdraw],
        TransferState::Signed => &[TransferAction::Edit, TransferAction::File, TransferAction::Withdraw],
        // Until the new agency's review takes effect by its contact letter.
        TransferState::Filed if matches!(step, TransferStep::Submitted | TransferStep::AcceptedNew) => &[TransferAction::Withdraw],
        TransferState::Completed => &[TransferAction::Confirm],
        TransferState::Refused | TransferState::Withdrawn => &[TransferAction::Restart],
        TransferState::Filed | TransferState::Confirmed => &[],
    }
}

/// What this reader may do now.
pub fn allowed_actions(actor: &Actor, state: TransferState, step: TransferStep) -> Vec<TransferAction> {
    possible_actions(state, step)
        .iter()
        .copied()
        .filter(|action| actor.may(permission(*action)))
        .collect()
}

fn permission(action: TransferAction) -> Permission {
    match action {
        TransferAction::Edit | TransferAction::Restart => Permission::InsuranceEdit,
        TransferAction::Sign | TransferAction::File | TransferAction::Withdraw | TransferAction::Confirm => Permission::InsuranceFile,
    }
}

/// Refuses an action the state does not allow, naming the state.
pub(crate) fn require_action(actor: &Actor, transfer: &store::Transfer, action: TransferAction) -> Result<(), Refusal> {
    actor.require(permission(action))?;
    if possible_actions(transfer.state, transfer.step).contains(&action) {
        return Ok(());
    }
    let state = transfer.state.zh();
    let step = transfer.step.zh();
    Err(Refusal::conflict(
        "transfer_state",
        format!("该转移申请当前为“{state}”（{step}），不能进行此操作"),
        format!(
            "the transfer is {} ({}); this cannot be done now",
            transfer.state.key(),
            transfer.step.name()
        ),
    )
    .remedy("请刷新页面查看最新状态", "reload to see where it stands"))
}

/// The way of a transfer without hindrance, in order.
pub const WAY: [TransferStep; 8] = [
    TransferStep::Submitted,
    TransferStep::AcceptedNew,
    TransferStep::ContactSent,
    TransferStep::OldAccepted,
    TransferStep::OldReviewed,
    TransferStep::FundsSent,
    TransferStep::FundsReceived,
    TransferStep::Completed,
];

/// How far along the way a step is; returns and refusals are off the way.
pub fn rank(step: TransferStep) -> Option<usize> {
    WAY.iter().position(|on_way| *on_way == step)
}

/// 国办发〔2009〕66号 第八条: each agency has 15 working days for its leg.
pub const LEG_WORKING_DAYS: u32 = 15;
