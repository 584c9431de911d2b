//! Deciding a request: by another person than whoever made it, once, with its effect in the same transaction.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use policy::RuleBook;
use serde::Deserialize;
use serde_json::json;
use standard::{Finding, Month, Refusal};
use store::{Db, Query, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::punch::{self, Correction};
use super::super::{months, worker};
use super::request::{self, Kind, Request, State};
use super::service::{punch_clock, weigh};
use super::view::{RequestView, show};
use crate::employer_of;

/// A decision.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = AttendanceDecision)]
pub struct Decision {
    /// The version that was read.
    pub version: i64,
    /// What to say; needed for a refusal or a revocation.
    #[serde(default)]
    pub opinion: String,
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// 批准.
    Approve,
    /// 驳回.
    Refuse,
    /// 撤回, by whoever made it, before a decision.
    Withdraw,
    /// 撤销 (销假), after approval.
    Revoke,
}

/// Decides a request.
pub async fn decide(actor: &Actor, db: &Db, book: &RuleBook, id: Uuid, act: Act, decision: &Decision) -> Result<RequestView, Refusal> {
    if act != Act::Withdraw {
        actor.require(Permission::AttendanceEdit)?;
    } else if !actor.may(Permission::AttendanceEdit) {
        actor.require(Permission::SelfService)?;
    }
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("attendance:{employer_id}")).await?;
    let mut request = request::get(&mut tx, employer_id, id).await?;
    if act == Act::Withdraw && request.made_by != actor.user_id {
        // Another's request is not even known to be there.
        return Err(Refusal::not_found("request_not_found", "没有找到该申请", "no such request"));
    }
    let before = json!({ "state": request.state });
    check(actor, &mut tx, employer_id, &request, act, decision).await?;
    let worker = worker::one(&mut tx, employer_id, request.employee_id, request.from_on, request.to_on).await?;
    let mut findings = Vec::new();
    request.state = match act {
        Act::Approve => {
            findings = weigh(&mut tx, book, employer_id, &worker, &mut request).await?;
            take_effect(actor, &mut tx, employer_id, &request).await?;
            State::Approved
        }
        Act::Refuse => State::Refused,
        Act::Withdraw => State::Withdrawn,
        Act::Revoke => State::Revoked,
    };
    request.version = decision.version;
    request.decided_by = Some(actor.user_id);
    request.decided_name.clone_from(&actor.name);
    request.decided_at = Some(clock::now());
    request.opinion = decision.opinion.trim().to_string();
    request.update(&mut tx, employer_id).await?;
    request.version += 1;
    let after = json!({ "state": request.state, "opinion": request.opinion });
    audit::record(
        &mut tx,
        actor,
        "attendance.decide",
        "attendance_request",
        id,
        Some(before),
        Some(after),
    )
    .await?;
    tx.commit().await?;
    Ok(show(actor, &request, worker.name, worker.number, worker.department, findings))
}

async fn check(actor: &Actor, tx: &mut Tx, employer_id: Uuid, request: &Request, act: Act, decision: &Decision) -> Result<(), Refusal> {
    let expected = if act == Act::Revoke { State::Approved } else { State::Submitted };
    if request.version != decision.version || request.state != expected {
        return Err(crate::people::store::stale());
    }
    if decision.opinion.chars().count() > 200 || (matches!(act, Act::Refuse | Act::Revoke) && decision.opinion.trim().is_empty()) {
        return Err(
            Finding::blocking("opinion_missing", "请填写意见，不超过 200 字", "say why in at most 200 characters")
                .field("opinion")
                .into(),
        );
    }
    if matches!(act, Act::Approve | Act::Refuse) {
        let own = tx
            .optional(
                "SELECT user_id FROM employer_login WHERE employer_id = $1 AND employee_id = $2 AND user_id = $3",
                args![employer_id, request.employee_id, actor.user_id],
            )
            .await?;
        if request.made_by == actor.user_id || own.is_some() {
            return Err(Refusal::forbidden(
                "same_person",
                "本人提交或本人的申请须由他人审批",
                "a request is decided by another person than the one who made it or whose it is",
            )
            .remedy(
                "请由另一位有考勤维护权限的同事审批",
                "let another colleague who edits attendance decide",
            ));
        }
    }
    if act == Act::Revoke {
        if request.kind == Kind::Punch {
            return Err(Refusal::invalid(
                Finding::blocking("punch_not_revocable", "补卡已生成打卡记录", "the punch was already recorded")
                    .remedy("请在当日明细中作废该打卡", "void the punch in the day's details"),
            ));
        }
        months::require_open(tx, employer_id, Month::of(request.from_on), Month::of(request.to_on)).await?;
    }
    Ok(())
}

/// Leave and overtime take effect by standing approved; a missing punch is recorded.
async fn take_effect(actor: &Actor, tx: &mut Tx, employer_id: Uuid, request: &Request) -> Result<(), Refusal> {
    if request.kind != Kind::Punch {
        return Ok(());
    }
    let correction = Correction {
        employee_id: request.employee_id,
        day: request.from_on,
        clock: punch_clock(request),
        void: false,
        reason: request.reason.clone(),
    };
    punch::correct_in(actor, tx, employer_id, &correction, Some(request.id)).await
}
