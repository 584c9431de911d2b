//! What a maker does with a case (draft, edit, submit, withdraw) and who works on it (take, release, assign).

use standard::{Finding, Refusal, Text};
use store::Tx;
use uuid::Uuid;

use super::actions::{Action, require};
use super::business::Registry;
use super::case::{Case, Form, NewCase, Source, Subject};
use super::changed;
use super::check;
use super::history::{self, Entry};
use super::state::{Act, CaseState, Stage};
use super::{number, rows};
use crate::audit;
use crate::clock;
use crate::identity::{self, Actor, Permission};

const MAX_FORM_BYTES: usize = 1 << 20;

/// Begins a case at the counter.
pub async fn draft(actor: &Actor, tx: &mut Tx, registry: &Registry, new: NewCase) -> Result<Case, Refusal> {
    actor.require(Permission::CaseMake)?;
    let mut case = open(actor, tx, registry, new, None).await?;
    rows::hold_post(tx, actor, &mut case, Stage::Maker).await?;
    history::append(tx, actor, &case, Act::Drafted, Entry::default()).await?;
    record(tx, actor, "case.draft", None, &case).await?;
    Ok(case)
}

/// Adds the row of a new draft; the caller says in the history how it came.
pub(super) async fn open(actor: &Actor, tx: &mut Tx, registry: &Registry, new: NewCase, source: Option<Source>) -> Result<Case, Refusal> {
    let business = registry.get(&new.business)?;
    bound(&new.form)?;
    let now = clock::now();
    let person = if actor.is_system() { None } else { Some(actor) };
    let case = Case {
        id: Uuid::now_v7(),
        owner: actor.organisation,
        number: number::next(tx, &actor.organisation, clock::date_of(now)).await?,
        business: business.key().to_owned(),
        subject: new.subject,
        state: CaseState::Draft,
        level: 0,
        round: 1,
        form: new.form,
        before: new.before,
        findings: Vec::new(),
        reasons: Vec::new(),
        result: None,
        source,
        maker: person.map(|actor| actor.user_id),
        maker_name: person.map(|actor| actor.name.clone()),
        assignee: None,
        assignee_name: None,
        due_on: None,
        due_estimated: false,
        opened_at: now,
        submitted_at: None,
        closed_at: None,
        updated_at: now,
        version: 1,
        handlers: Vec::new(),
    };
    rows::insert(tx, &case).await?;
    Ok(case)
}

/// Changes the form of a draft or returned case.
pub async fn edit(actor: &Actor, tx: &mut Tx, id: Uuid, version: i64, subject: Subject, form: Form) -> Result<Case, Refusal> {
    actor.require(Permission::CaseMake)?;
    bound(&form)?;
    let mut case = rows::lock(tx, &actor.organisation, id).await?;
    let before = summary(&case);
    require(actor, &case, Action::Edit, Some(version))?;
    let (was, is) = changed::between(&case.form, &form);
    case.form = form;
    case.subject = subject;
    rows::update(tx, &mut case).await?;
    history::append(tx, actor, &case, Act::Edited, Entry::default()).await?;
    let (before, after) = (with_fields(before, was), with_fields(summary(&case), is));
    audit::record(tx, actor, "case.edit", "case", case.id, Some(before), Some(after)).await?;
    Ok(case)
}

/// The standing of a case and the fields an edit changed.
fn with_fields(mut standing: serde_json::Value, fields: serde_json::Value) -> serde_json::Value {
    standing["fields"] = fields;
    standing
}

/// Submits a draft or corrected case. The machine checks its accuracy at once: the answer is a case in compliance,
/// or one returned with the findings as reasons.
pub async fn submit(actor: &Actor, tx: &mut Tx, registry: &Registry, id: Uuid, version: i64) -> Result<Case, Refusal> {
    actor.require(Permission::CaseMake)?;
    let mut case = rows::lock(tx, &actor.organisation, id).await?;
    let before = summary(&case);
    require(actor, &case, Action::Submit, Some(version))?;
    if case.state == CaseState::Returned {
        case.round += 1;
    }
    let business = registry.get(&case.business)?;
    check::submit(tx, business, actor, &mut case).await?;
    record(tx, actor, "case.submit", Some(before), &case).await?;
    Ok(case)
}

/// Takes a case back before it takes effect.
pub async fn withdraw(
    actor: &Actor,
    tx: &mut Tx,
    registry: &Registry,
    id: Uuid,
    version: i64,
    opinion: Option<&str>,
) -> Result<Case, Refusal> {
    actor.require(Permission::CaseMake)?;
    let case = rows::lock(tx, &actor.organisation, id).await?;
    require(actor, &case, Action::Withdraw, Some(version))?;
    take_back(actor, tx, registry, case, opinion).await
}

/// The withdrawal itself, once allowed.
pub(super) async fn take_back(
    actor: &Actor,
    tx: &mut Tx,
    registry: &Registry,
    mut case: Case,
    opinion: Option<&str>,
) -> Result<Case, Refusal> {
    let before = summary(&case);
    case.state = CaseState::Withdrawn;
    case.closed_at = Some(clock::now());
    unassign(&mut case);
    rows::update(tx, &mut case).await?;
    registry.get(&case.business)?.withdrawn(tx, &case).await?;
    let opinion = opinion_of(opinion)?;
    history::append(
        tx,
        actor,
        &case,
        Act::Withdrawn,
        Entry {
            opinion,
            ..Entry::default()
        },
    )
    .await?;
    record(tx, actor, "case.withdraw", Some(before), &case).await?;
    Ok(case)
}

/// Takes a waiting case from the queue, so that no one else works on it. Taking it twice changes nothing.
pub async fn take(actor: &Actor, tx: &mut Tx, id: Uuid) -> Result<Case, Refusal> {
    actor.require(Permission::CaseView)?;
    let mut case = rows::lock(tx, &actor.organisation, id).await?;
    if case.assignee == Some(actor.user_id) && case.state.is_waiting() {
        return Ok(case);
    }
    require(actor, &case, Action::Take, None)?;
    let before = summary(&case);
    case.assignee = Some(actor.user_id);
    case.assignee_name = Some(actor.name.clone());
    rows::update(tx, &mut case).await?;
    history::append(tx, actor, &case, Act::Taken, Entry::default()).await?;
    record(tx, actor, "case.take", Some(before), &case).await?;
    Ok(case)
}

/// Gives a taken case back to the queue: its holder, or who may assign cases.
pub async fn release(actor: &Actor, tx: &mut Tx, id: Uuid) -> Result<Case, Refusal> {
    actor.require(Permission::CaseView)?;
    let mut case = rows::lock(tx, &actor.organisation, id).await?;
    require(actor, &case, Action::Release, None)?;
    let before = summary(&case);
    unassign(&mut case);
    rows::update(tx, &mut case).await?;
    history::append(tx, actor, &case, Act::Assigned, Entry::default()).await?;
    record(tx, actor, "case.release", Some(before), &case).await?;
    Ok(case)
}

/// Gives a waiting case to a colleague who may act on it.
pub async fn assign(actor: &Actor, tx: &mut Tx, id: Uuid, to: Uuid) -> Result<Case, Refusal> {
    actor.require(Permission::CaseAssign)?;
    let mut case = rows::lock(tx, &actor.organisation, id).await?;
    require(actor, &case, Action::Assign, None)?;
    let user = identity::find_user(tx, &actor.organisation, to).await?;
    let colleague = user.actor();
    let stage = Stage::of(case.state).ok_or_else(|| super::actions::wrong_state(&case))?;
    colleague.require(super::actions::permission_for(stage))?;
    if case.held_other_post(to, stage) {
        return Err(rows::same_person());
    }
    let before = summary(&case);
    case.assignee = Some(to);
    case.assignee_name = Some(user.name.clone());
    rows::update(tx, &mut case).await?;
    history::append(
        tx,
        actor,
        &case,
        Act::Assigned,
        Entry {
            opinion: Some(&user.name),
            ..Entry::default()
        },
    )
    .await?;
    record(tx, actor, "case.assign", Some(before), &case).await?;
    crate::notice::send(
        tx,
        &actor.organisation,
        crate::notice::Audience::User(to),
        Text::new("有业务件分派给您", "A case was assigned to you"),
        Text::new(
            format!("业务件 {} 已由{}分派给您。", case.number, actor.name),
            format!("{} assigned case {} to you.", actor.name, case.number),
        ),
        Some(&super::decide::link(&case)),
    )
    .await?;
    Ok(case)
}

/// Asks the business again what compliance must look at, so that the screen shows today's findings. Leaves the version.
pub async fn recheck(actor: &Actor, tx: &mut Tx, registry: &Registry, id: Uuid) -> Result<Vec<Finding>, Refusal> {
    actor.require(Permission::CaseView)?;
    let case = rows::lock(tx, &actor.organisation, id).await?;
    if !case.state.is_waiting() {
        return Ok(case.findings);
    }
    let business = registry.get(&case.business)?;
    let findings = business.compliance(tx, &case, clock::today()).await?;
    rows::set_findings(tx, &case, &findings).await?;
    Ok(findings)
}

pub(super) fn unassign(case: &mut Case) {
    case.assignee = None;
    case.assignee_name = None;
}

/// What the audit trail keeps of a case: its standing, not its form (the history keeps the forms, and an edit names its fields).
pub(super) fn summary(case: &Case) -> serde_json::Value {
    serde_json::json!({
        "number": case.number, "business": case.business, "state": case.state.key(), "level": case.level,
        "round": case.round, "version": case.version, "assignee": case.assignee,
    })
}

pub(super) async fn record(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    before: Option<serde_json::Value>,
    case: &Case,
) -> Result<(), Refusal> {
    audit::record(tx, actor, action, "case", case.id, before, Some(summary(case))).await
}

/// An opinion trimmed; blank counts as none, and it is bounded.
pub(super) fn opinion_of(opinion: Option<&str>) -> Result<Option<&str>, Refusal> {
    let opinion = opinion.map(str::trim).filter(|text| !text.is_empty());
    if opinion.is_some_and(|text| text.chars().count() > 1000) {
        return Err(Finding::blocking(
            "opinion_too_long",
            "审核意见不能超过1000字。",
            "An opinion is at most 1000 characters.",
        )
        .field("opinion")
        .into());
    }
    Ok(opinion)
}

fn bound(form: &Form) -> Result<(), Refusal> {
    if form.to_string().len() > MAX_FORM_BYTES {
        return Err(Refusal::too_large(
            "form_too_large",
            "业务表单超过1MB，请把材料作为附件上传。",
            "The form exceeds 1 MB. Upload the material as attachments.",
        ));
    }
    Ok(())
}
