//! The agency's answer to a declaration. The bill follows by itself.

use ::store::Tx;
use control::identity::{Actor, Role};
use control::{audit, notice};
use exchange::message::{DeclarationResult, FilingOutcome};
use serde_json::json;
use standard::{Organisation, Refusal, Text};
use uuid::Uuid;

use super::store::{self, Declaration};
use crate::insurance::filing::{FilingState, answered_by, in_words, mark_refused, office_name, refused_by_line};

/// Takes the answer: accepted lines stand, refused ones are shown with their reasons and come into a further declaration; a returned
/// declaration is with HR again. Again: nothing changes.
pub async fn receive(tx: &mut Tx, from: &Organisation, employer_id: Uuid, result: DeclarationResult) -> Result<(), Refusal> {
    let known = store::get(tx, employer_id, result.declaration_id).await?;
    tx.lock(&format!("declaration:{employer_id}:{}:{}", known.month, known.region))
        .await?;
    let mut declaration = store::get(tx, employer_id, result.declaration_id).await?;
    answered_by(from, declaration.region)?;
    let undone = declaration.state == FilingState::Accepted && is_undone(&result);
    if declaration.state != FilingState::Filed && !undone {
        return Ok(());
    }
    let id = declaration.id;
    if undone {
        // The agency took its assessment back: every line is to be declared again.
        for state in ["accepted", "refused"] {
            store::move_lines(tx, employer_id, id, state, "draft").await?;
        }
        declaration.refused = 0;
    }
    let refused = refused_by_line(&result.refused, declaration.people)?;
    declaration.state = FilingState::of(result.outcome);
    declaration.office = office_name(&result.office);
    declaration.reasons = result.reasons.clone();
    declaration.decided_at = Some(result.at);
    let (then, marks) = match declaration.state {
        FilingState::Accepted => ("accepted", true),
        FilingState::Refused => ("refused", false),
        _ => ("draft", false),
    };
    store::move_lines(tx, employer_id, id, "filed", then).await?;
    if marks {
        declaration.refused = refused.len() as i64;
        mark_refused(tx, ("employer_declaration_line", "declaration_id"), employer_id, id, &refused).await?;
    }
    store::put(tx, employer_id, &declaration).await?;
    let system = Actor::system(Organisation::Employer(employer_id));
    let after = json!({ "state": declaration.state, "refused": refused.len() });
    audit::record(tx, &system, "declaration.result", "declaration", id, None, Some(after)).await?;
    tell(tx, employer_id, &declaration).await
}

/// What was accepted is taken back by the agency (核定撤销).
fn is_undone(result: &DeclarationResult) -> bool {
    result.outcome == FilingOutcome::Returned && result.reasons.iter().any(|reason| reason.code == "declaration_reversed")
}

async fn tell(tx: &mut Tx, employer_id: Uuid, d: &Declaration) -> Result<(), Refusal> {
    let (region, month) = (d.region.name(), d.month);
    let (zh, en) = in_words(&d.reasons);
    let (title, body) = match d.state {
        FilingState::Accepted => (
            Text::new(
                format!("{region} {month} 缴费工资申报已通过"),
                format!("{region} {month}: the declaration is accepted"),
            ),
            Text::new(
                format!("{} 人通过，{} 人未通过。征集单随后送达。", d.people - d.refused, d.refused),
                format!("{} accepted, {} refused. The order follows.", d.people - d.refused, d.refused),
            ),
        ),
        state => (
            Text::new(
                format!("{region} {month} 缴费工资申报{}", state.zh()),
                format!("{region} {month}: the declaration was {}", state.key()),
            ),
            Text::new(
                format!("{zh}。请更正后重新生成并申报。"),
                format!("{en}. Correct it, prepare and file it again."),
            ),
        ),
    };
    let to = Organisation::Employer(employer_id);
    let link = format!("/employer/declarations/{}", d.id);
    notice::send(tx, &to, notice::Audience::Role(Role::HrManager), title, body, Some(&link)).await?;
    Ok(())
}
