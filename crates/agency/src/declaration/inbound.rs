//! A declaration arrives: new, once more, corrected, or in the place of one that still waits.

use ::store::Tx;
use control::review::{self, Case, CaseState, MessageCase, Registry};
use exchange::message::Declaration;
use policy::RuleBook;
use standard::{Month, Organisation, Refusal};
use uuid::Uuid;

use super::preview::{assess, preview};
use super::store::{self, Basis, Known, Record};
use super::{DECLARATION, Form, Preview, answer};
use crate::employers::{self, Unit};
use crate::filing::{content_hash, require_addressed, subject, to_form, too_late};
use crate::inbound::Received;

/// Employer → agency: this is what we pay for the month.
pub(crate) async fn declaration(tx: &mut Tx, registry: &Registry, received: &Received, declaration: Declaration) -> Result<(), Refusal> {
    require_addressed(received, declaration.region, declaration.employer.id)?;
    let unit = employers::register(tx, received.region, &declaration.employer).await?;
    tx.lock(&lock(&declaration)).await?;
    let hash = hash(&declaration)?;
    let known = store::of_month(tx, unit.region, unit.employer_id, declaration.month).await?;
    let part = i64::from(declaration.part);
    let same_part = |one: &&Known| one.part == part || one.declaration_id == declaration.declaration_id;
    if let Some(first) = known.iter().find(|one| one.declaration_id == declaration.declaration_id) {
        let repeated = first.content_hash.as_deref() == Some(hash.as_slice());
        match first.state.as_str() {
            "assessed" if repeated => return again(tx, &declaration, first.case_id).await,
            _ if repeated && i64::from(declaration.round) <= first.round => return Ok(()),
            "pending" if repeated => return Ok(()),
            "returned" => {
                let form = bare(&declaration);
                let id = first
                    .case_id
                    .ok_or_else(|| Refusal::internal("a returned declaration without a case"))?;
                let owner = Organisation::Agency(received.region);
                let case = review::resubmit_from_message(tx, registry, &owner, id, to_form(&form)?, &received.source()).await?;
                return record(tx, &case, &declaration, &unit).await;
            }
            _ => {}
        }
    }
    if known.iter().filter(same_part).any(|one| one.state == "assessed" && !one.by_run) {
        return answer::turned_down(tx, &declaration, &too_late()).await;
    }
    for one in known
        .iter()
        .filter(same_part)
        .filter(|one| matches!(one.state.as_str(), "pending" | "returned"))
    {
        supersede(tx, registry, received, one).await?;
    }
    let form = bare(&declaration);
    let message = MessageCase {
        owner: Organisation::Agency(received.region),
        business: DECLARATION.to_owned(),
        subject: subject(&unit),
        form: to_form(&form)?,
        source: received.source(),
    };
    let case = review::open_from_message(tx, registry, message).await?;
    record(tx, &case, &declaration, &unit).await
}

/// An employer's declarations of one month are handled one after the other.
pub(super) fn lock(declaration: &Declaration) -> String {
    format!(
        "declaration:{}:{}:{}",
        declaration.region, declaration.employer.id, declaration.month
    )
}

/// What is filed, without what changes with every filing of the same content.
pub(super) fn hash(declaration: &Declaration) -> Result<[u8; 32], Refusal> {
    let mut content = declaration.clone();
    content.round = 0;
    content.filed_on = Month::of(content.filed_on).first_day();
    content_hash(&content)
}

/// The form as it arrives; the business adds the preview.
fn bare(declaration: &Declaration) -> Form {
    Form {
        declaration: declaration.clone(),
        preview: Preview::default(),
    }
}

/// The form with its preview; a declaration that cannot be assessed at all has none and is sent back by the accuracy check.
pub(super) async fn form(tx: &mut Tx, book: &RuleBook, unit: &Unit, declaration: Declaration) -> Result<Form, Refusal> {
    let db = tx.db().clone();
    let preview = match assess(tx, db.cipher(), book, unit, &declaration).await {
        Ok(assessed) => preview(tx, unit, &declaration, &assessed).await?,
        Err(refusal) if refusal.kind == standard::RefusalKind::Invalid => Preview::default(),
        Err(refusal) => return Err(refusal),
    };
    Ok(Form { declaration, preview })
}

/// A declaration in effect that is filed once more is answered once more.
async fn again(tx: &mut Tx, declaration: &Declaration, case: Option<Uuid>) -> Result<(), Refusal> {
    let Some(id) = case else { return Ok(()) };
    let case = review::find(tx, &Organisation::Agency(declaration.region), id).await?;
    let told = case.result.as_ref().and_then(|result| result.get("answer")).cloned();
    match told.map(serde_json::from_value) {
        Some(Ok(result)) => answer::send(tx, declaration, result).await,
        _ => Ok(()),
    }
}

async fn supersede(tx: &mut Tx, registry: &Registry, received: &Received, one: &Known) -> Result<(), Refusal> {
    let Some(id) = one.case_id else { return Ok(()) };
    let owner = Organisation::Agency(received.region);
    let case = review::find(tx, &owner, id).await?;
    if case.source.as_ref().is_none_or(|source| source.from != received.from) {
        return Err(Refusal::conflict(
            "declared_at_counter",
            "柜台已受理该单位本月的申报，尚未办结。",
            "A declaration of the month was entered at the counter and is not decided yet.",
        )
        .remedy("请联系经办机构处理后再报送", "Ask the agency to settle it, then file again"));
    }
    review::withdraw_from_message(tx, registry, &owner, id, &received.source()).await?;
    store::set_state(tx, received.region, id, "superseded").await
}

/// Notes where a declaration stands after its case was opened or submitted again.
pub(super) async fn record(tx: &mut Tx, case: &Case, declaration: &Declaration, unit: &Unit) -> Result<(), Refusal> {
    let state = if case.state == CaseState::Returned { "returned" } else { "pending" };
    let record = Record {
        region: declaration.region,
        declaration_id: declaration.declaration_id,
        employer_id: unit.employer_id,
        month: declaration.month,
        basis: Basis::Declared,
        state: state.to_owned(),
        part: i64::from(declaration.part),
        parts: i64::from(declaration.parts),
        round: i64::from(declaration.round),
        content_hash: Some(hash(declaration)?.to_vec()),
        case_id: Some(case.id),
        run_id: None,
        order_id: None,
        surcharge_order_id: None,
        seq: 0,
        people: i64::try_from(declaration.lines.len()).unwrap_or(i64::MAX),
        refused: 0,
        employer: standard::Money::ZERO,
        employee: standard::Money::ZERO,
    };
    store::put(tx, &record).await
}
