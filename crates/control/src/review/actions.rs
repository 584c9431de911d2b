//! Who may do what with a case now. The list shown to a reader and the check beside each act are one function.

use serde::Serialize;
use standard::Refusal;

use super::business::Registry;
use super::case::Case;
use super::rows::{same_person, stale};
use super::state::{CaseState, Stage};
use crate::clock;
use crate::identity::{Actor, Permission};

/// An act a reader may be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Change the form.
    Edit,
    /// Submit it.
    Submit,
    /// Take it back.
    Withdraw,
    /// Take it from the queue.
    Take,
    /// Give it back to the queue.
    Release,
    /// Give it to a colleague: not offered, because no screen does it yet.
    Assign,
    /// Pass the compliance check.
    Pass,
    /// Pass a level of second review.
    Approve,
    /// Send it back for correction.
    Return,
    /// Refuse it for good.
    Refuse,
    /// Undo its effect.
    Reverse,
}

impl Action {
    /// Every action that is offered, in the order to show.
    pub const ALL: &'static [Action] = &[
        Action::Edit,
        Action::Submit,
        Action::Take,
        Action::Pass,
        Action::Approve,
        Action::Return,
        Action::Refuse,
        Action::Release,
        Action::Withdraw,
        Action::Reverse,
    ];
}

/// What `actor` may do with `case` now; a case of another organisation allows nothing.
pub fn allowed_actions(actor: &Actor, registry: &Registry, case: &Case) -> Vec<Action> {
    Action::ALL
        .iter()
        .copied()
        .filter(|action| require(actor, case, *action, None).is_ok())
        .filter(|action| *action != Action::Reverse || reversible(registry, case))
        .collect()
}

fn reversible(registry: &Registry, case: &Case) -> bool {
    registry
        .get(&case.business)
        .is_ok_and(|business| business.reversible(case, clock::today()))
}

/// Refuses `action` on `case` unless organisation, version, state, permission, holder and person allow it, in
/// that order. Whether the business can undo its effect is asked apart, because it may look at the result.
pub(super) fn require(actor: &Actor, case: &Case, action: Action, version: Option<i64>) -> Result<(), Refusal> {
    actor.require_owner(&case.owner)?;
    if version.is_some_and(|seen| seen != case.version) {
        return Err(stale());
    }
    if !fits(action, case.state) {
        return Err(wrong_state(case));
    }
    match action {
        Action::Edit | Action::Submit | Action::Withdraw => {
            actor.require(Permission::CaseMake)?;
            if case.maker == Some(actor.user_id) {
                Ok(())
            } else {
                Err(not_maker())
            }
        }
        Action::Assign => actor.require(Permission::CaseAssign),
        Action::Release => match case.assignee {
            None => Err(wrong_state(case)),
            Some(holder) if holder == actor.user_id => Ok(()),
            Some(_) => actor.require(Permission::CaseAssign),
        },
        Action::Take | Action::Pass | Action::Approve | Action::Return | Action::Refuse | Action::Reverse => {
            let stage = Stage::of(case.state).ok_or_else(|| wrong_state(case))?;
            actor.require(permission_for(stage))?;
            if case.assignee.is_some_and(|holder| holder != actor.user_id) {
                return Err(taken(case));
            }
            if action == Action::Take && case.assignee.is_some() {
                return Err(wrong_state(case));
            }
            if case.held_other_post(actor.user_id, stage) {
                Err(same_person())
            } else {
                Ok(())
            }
        }
    }
}

fn fits(action: Action, state: CaseState) -> bool {
    match action {
        Action::Edit | Action::Submit => state.is_editable(),
        Action::Withdraw => state.is_editable() || state.is_waiting(),
        Action::Take | Action::Release | Action::Assign | Action::Return | Action::Refuse => state.is_waiting(),
        Action::Pass => state == CaseState::InCompliance,
        Action::Approve => matches!(state, CaseState::InReview(_)),
        Action::Reverse => state == CaseState::Effective,
    }
}

/// The permission the post `stage` needs.
pub(super) fn permission_for(stage: Stage) -> Permission {
    match stage {
        Stage::Maker => Permission::CaseMake,
        Stage::Compliance => Permission::CasePass,
        Stage::Review(_) => Permission::CaseApprove,
        Stage::Reversal => Permission::CaseReverse,
    }
}

/// The permission without which a decision is refused before the case is even looked up.
pub(super) fn least_permission(action: Action) -> Permission {
    match action {
        Action::Pass => Permission::CasePass,
        Action::Approve => Permission::CaseApprove,
        Action::Reverse => Permission::CaseReverse,
        Action::Assign => Permission::CaseAssign,
        Action::Edit | Action::Submit | Action::Withdraw => Permission::CaseMake,
        Action::Take | Action::Release | Action::Return | Action::Refuse => Permission::CaseView,
    }
}

pub(super) fn wrong_state(case: &Case) -> Refusal {
    Refusal::conflict(
        "wrong_state",
        format!("业务件 {} 当前为“{}”，不能进行此操作。", case.number, case.state.zh()),
        format!(
            "Case {} is in state “{}”; this act is not possible now.",
            case.number,
            case.state.en()
        ),
    )
    .remedy("请刷新后查看当前可办理的操作。", "Reload to see what can be done now.")
}

pub(super) fn not_reversible() -> Refusal {
    Refusal::conflict(
        "not_reversible",
        "该业务已超过可回退的条件，不能回退。",
        "This case can no longer be reversed.",
    )
    .remedy("请按更正业务办理。", "File a correction instead.")
}

fn taken(case: &Case) -> Refusal {
    let holder = case.assignee_name.as_deref().unwrap_or("");
    Refusal::conflict(
        "taken_by_other",
        format!("业务件 {} 已由{holder}领取。", case.number),
        format!("Case {} was taken by {holder}.", case.number),
    )
    .remedy(
        "请办理其他业务件，或由主管重新分派。",
        "Work on another case, or have a supervisor reassign it.",
    )
}

fn not_maker() -> Refusal {
    Refusal::forbidden(
        "not_maker",
        "只有录入人可以修改、提交或撤回这件业务。",
        "Only its maker may edit, submit or withdraw this case.",
    )
}
