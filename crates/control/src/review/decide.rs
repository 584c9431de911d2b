//! What clerks and reviewers decide: pass, approve, return, refuse, reverse.

use serde::{Deserialize, Serialize};
use standard::{Finding, Refusal, Text};
use store::Tx;
use uuid::Uuid;

use super::actions::{self, Action};
use super::business::{Business, Registry};
use super::case::{Case, Reason};
use super::check;
use super::history::{self, Entry};
use super::make::{opinion_of, record, summary, unassign};
use super::reasons::{self, ReasonChoice};
use super::rows;
use super::state::{Act, CaseState, Stage, after_check};
use crate::clock;
use crate::identity::Actor;
use crate::notice::{self, Audience};

/// What a clerk or reviewer sends with a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Decision {
    /// The version of the case they saw.
    pub version: i64,
    /// Their opinion, kept in the history.
    #[serde(default)]
    pub opinion: Option<String>,
    /// Reasons; needed to return or refuse.
    #[serde(default)]
    pub reasons: Vec<ReasonChoice>,
}

impl Decision {
    /// A decision about the version seen, without opinion or reasons.
    pub fn on(case: &Case) -> Self {
        Self {
            version: case.version,
            ..Self::default()
        }
    }

    /// The same with a reason of the catalogue.
    #[must_use]
    pub fn because(mut self, code: &str) -> Self {
        self.reasons.push(ReasonChoice {
            code: code.to_owned(),
            text: None,
        });
        self
    }
}

/// Passes the compliance check (stage 2). With no second review the case takes effect.
pub async fn pass(actor: &Actor, tx: &mut Tx, registry: &Registry, id: Uuid, decision: &Decision) -> Result<Case, Refusal> {
    forward(actor, tx, registry, id, decision, Action::Pass).await
}

/// Passes one level of second review. The last one makes the case effective.
pub async fn approve(actor: &Actor, tx: &mut Tx, registry: &Registry, id: Uuid, decision: &Decision) -> Result<Case, Refusal> {
    forward(actor, tx, registry, id, decision, Action::Approve).await
}

async fn forward(actor: &Actor, tx: &mut Tx, registry: &Registry, id: Uuid, decision: &Decision, action: Action) -> Result<Case, Refusal> {
    let act = if action == Action::Pass { Act::Passed } else { Act::Approved };
    let (mut case, stage) = begin(actor, tx, id, decision, action).await?;
    let before = summary(&case);
    let business = registry.get(&case.business)?;
    let next = after_check(case.state, business.levels_of(&case)).ok_or_else(|| actions::wrong_state(&case))?;
    rows::hold_post(tx, actor, &mut case, stage).await?;
    check::compliance(tx, business, &mut case).await?;
    if next == CaseState::Effective {
        let effect = business.effect(tx, &case, actor).await?;
        case.result = Some(effect.result);
        case.closed_at = Some(clock::now());
    }
    case.state = next;
    unassign(&mut case);
    rows::update(tx, &mut case).await?;
    let entry = Entry {
        opinion: opinion_of(decision.opinion.as_deref())?,
        findings: &case.findings,
        ..Entry::default()
    };
    history::append(tx, actor, &case, act, entry).await?;
    record(
        tx,
        actor,
        if action == Action::Pass { "case.pass" } else { "case.approve" },
        Some(before),
        &case,
    )
    .await?;
    if next == CaseState::Effective {
        tell_maker(tx, business, &case, "已办结生效", "took effect").await?;
    }
    Ok(case)
}

/// Sends a waiting case back to its maker or sender for correction, with every fault at once.
pub async fn return_for_correction(
    actor: &Actor,
    tx: &mut Tx,
    registry: &Registry,
    id: Uuid,
    decision: &Decision,
) -> Result<Case, Refusal> {
    send_back(actor, tx, registry, id, decision, Action::Return).await
}

/// Refuses a waiting case for good.
pub async fn refuse(actor: &Actor, tx: &mut Tx, registry: &Registry, id: Uuid, decision: &Decision) -> Result<Case, Refusal> {
    send_back(actor, tx, registry, id, decision, Action::Refuse).await
}

async fn send_back(
    actor: &Actor,
    tx: &mut Tx,
    registry: &Registry,
    id: Uuid,
    decision: &Decision,
    action: Action,
) -> Result<Case, Refusal> {
    let last = action == Action::Refuse;
    let (mut case, stage) = begin(actor, tx, id, decision, action).await?;
    let before = summary(&case);
    let chosen: Vec<Reason> = reasons::resolve(&case, &decision.reasons)?;
    let business = registry.get(&case.business)?;
    rows::hold_post(tx, actor, &mut case, stage).await?;
    case.state = if last { CaseState::Refused } else { CaseState::Returned };
    case.closed_at = last.then(clock::now);
    case.reasons = chosen;
    case.due_on = None;
    unassign(&mut case);
    rows::update(tx, &mut case).await?;
    business.returned(tx, &case, &case.reasons, last).await?;
    let opinion = opinion_of(decision.opinion.as_deref())?;
    let entry = Entry {
        opinion,
        reasons: &case.reasons,
        ..Entry::default()
    };
    history::append(tx, actor, &case, if last { Act::Refused } else { Act::Returned }, entry).await?;
    record(tx, actor, if last { "case.refuse" } else { "case.return" }, Some(before), &case).await?;
    let (zh, en) = if last {
        ("不予受理，请查看原因", "was refused; see the reasons")
    } else {
        ("已退回，请按原因修改后重新提交", "was returned; correct it and submit again")
    };
    tell_maker(tx, business, &case, zh, en).await?;
    Ok(case)
}

/// Undoes an effective case while its business allows it; by a person who had no other part in it.
pub async fn reverse(actor: &Actor, tx: &mut Tx, registry: &Registry, id: Uuid, decision: &Decision) -> Result<Case, Refusal> {
    let (mut case, stage) = begin(actor, tx, id, decision, Action::Reverse).await?;
    let before = summary(&case);
    let business = registry.get(&case.business)?;
    let Some(opinion) = opinion_of(decision.opinion.as_deref())? else {
        return Err(
            Finding::blocking("opinion_required", "业务回退须说明理由。", "Say why the case is reversed.")
                .field("opinion")
                .into(),
        );
    };
    if !business.reversible(&case, clock::today()) {
        return Err(actions::not_reversible());
    }
    rows::hold_post(tx, actor, &mut case, stage).await?;
    business.reverse(tx, &case, actor).await?;
    case.state = CaseState::Reversed;
    case.closed_at = Some(clock::now());
    rows::update(tx, &mut case).await?;
    history::append(
        tx,
        actor,
        &case,
        Act::Reversed,
        Entry {
            opinion: Some(opinion),
            ..Entry::default()
        },
    )
    .await?;
    record(tx, actor, "case.reverse", Some(before), &case).await?;
    tell_maker(tx, business, &case, "已回退", "was reversed").await?;
    Ok(case)
}

/// Authorises, locks and loads the case of a decision.
async fn begin(actor: &Actor, tx: &mut Tx, id: Uuid, decision: &Decision, action: Action) -> Result<(Case, Stage), Refusal> {
    actor.require(actions::least_permission(action))?;
    let case = rows::lock(tx, &actor.organisation, id).await?;
    actions::require(actor, &case, action, Some(decision.version))?;
    let stage = Stage::of(case.state).ok_or_else(|| actions::wrong_state(&case))?;
    Ok((case, stage))
}

async fn tell_maker(tx: &mut Tx, business: &dyn Business, case: &Case, zh: &str, en: &str) -> Result<(), Refusal> {
    let Some(maker) = case.maker else { return Ok(()) };
    let name = business.name();
    let title = Text::new(format!("{}{zh}", name.zh), format!("{} {en}", name.en));
    let body = Text::new(
        format!("业务流水号 {}，{}。", case.number, case.subject.name),
        format!("Case {}, {}.", case.number, case.subject.name),
    );
    notice::send(tx, &case.owner, Audience::User(maker), title, body, Some(&link(case))).await?;
    Ok(())
}

/// The case's page in its owner's portal.
pub(super) fn link(case: &Case) -> String {
    format!("/agency/cases/{}", case.id)
}
