//! A case as its screen needs it: sections, history, term, what the reader may do.

use serde::Serialize;
use standard::{Finding, Organisation, Refusal, Text};
use store::{Db, Tx};
use uuid::Uuid;

use super::actions::{Action, allowed_actions};
use super::business::{Registry, Section, ViewField};
use super::calendar::{Due, remaining};
use super::case::Case;
use super::history::{Step, history, previous_form};
use super::{check, rows};
use crate::clock;
use crate::identity::{Actor, Permission};

/// Everything a case's screen shows.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CaseDetail {
    /// The case.
    pub case: Case,
    /// Name of its business.
    pub business_name: Text,
    /// Its form as people read it, with what it changes.
    pub sections: Vec<Section>,
    /// After a return: what the maker corrected since the round before (`before` is what was filed then).
    pub corrections: Vec<ViewField>,
    /// The statutory term.
    pub due: Option<Due>,
    /// Every act so far, oldest first.
    pub history: Vec<Step>,
    /// What the reader may do now.
    pub allowed_actions: Vec<Action>,
}

/// A draft as it will be filed, with what the machine would find.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Preview {
    /// The case.
    pub case: Case,
    /// Its form as people read it.
    pub sections: Vec<Section>,
    /// What the accuracy check finds now.
    pub findings: Vec<Finding>,
    /// Whether submitting now would go on to compliance.
    pub ready: bool,
}

/// A case of the actor's organisation.
pub async fn get(actor: &Actor, db: &Db, id: Uuid) -> Result<Case, Refusal> {
    actor.require(Permission::CaseView)?;
    rows::load(&mut db.read(), db, &actor.organisation, id).await
}

/// A case of `owner`, locked for the rest of the transaction; for the contexts that own the businesses.
pub async fn find(tx: &mut Tx, owner: &Organisation, id: Uuid) -> Result<Case, Refusal> {
    rows::lock(tx, owner, id).await
}

/// A case of the actor's organisation with everything its screen shows.
pub async fn detail(actor: &Actor, db: &Db, registry: &Registry, id: Uuid) -> Result<CaseDetail, Refusal> {
    let case = get(actor, db, id).await?;
    let business = registry.get(&case.business)?;
    let sections = business.view(&case);
    let corrections = match previous_form(db, &case).await? {
        Some(form) => changes(&business.view(&Case { form, ..case.clone() }), &sections),
        None => Vec::new(),
    };
    let today = clock::today();
    Ok(CaseDetail {
        business_name: business.name(),
        sections,
        corrections,
        due: due(&case, today),
        history: history(actor, db, id).await?,
        allowed_actions: allowed_actions(actor, registry, &case),
        case,
    })
}

pub(super) fn due(case: &Case, today: standard::Date) -> Option<Due> {
    case.due_on
        .filter(|_| case.state.is_waiting())
        .map(|on| remaining(on, case.due_estimated, today))
}

/// The lines of `now` that differ from the line of the same key in `then`.
fn changes(then: &[Section], now: &[Section]) -> Vec<ViewField> {
    let lines = |sections: &[Section]| -> Vec<ViewField> { sections.iter().flat_map(|section| section.fields.clone()).collect() };
    let old = lines(then);
    lines(now)
        .into_iter()
        .filter_map(|line| {
            let before = old.iter().find(|other| other.key == line.key).map(|other| other.value.clone());
            (before.as_ref() != Some(&line.value)).then_some(ViewField {
                before,
                changed: true,
                ..line
            })
        })
        .collect()
}

/// What submitting a draft would file and find, without submitting. Drop the transaction afterwards.
pub async fn preview(actor: &Actor, tx: &mut Tx, registry: &Registry, id: Uuid) -> Result<Preview, Refusal> {
    actor.require(Permission::CaseView)?;
    let mut case = rows::lock(tx, &actor.organisation, id).await?;
    let business = registry.get(&case.business)?;
    if let Some(form) = business.complete(tx, &case).await? {
        case.form = form;
    }
    let sections = business.view(&case);
    let findings = check::accuracy(tx, business, &case, clock::today()).await?;
    let ready = !findings.iter().any(Finding::is_blocking);
    Ok(Preview {
        case,
        sections,
        findings,
        ready,
    })
}
