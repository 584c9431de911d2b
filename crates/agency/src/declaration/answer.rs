//! What the employer is told of its declaration.

use control::identity::Actor;
use control::review::{Case, Reason};
use exchange::Message;
use exchange::message::{Declaration, DeclarationResult, FilingOutcome, RefusedLine};
use standard::{Finding, Refusal};
use store::Tx;

use crate::filing::{answer, now, office_ref, reason};
use crate::transfer::events::outward;

/// In effect, but for the lines refused.
pub(super) async fn accepted(
    tx: &mut Tx,
    declaration: &Declaration,
    actor: &Actor,
    refused: Vec<RefusedLine>,
) -> Result<DeclarationResult, Refusal> {
    result(tx, declaration, FilingOutcome::Accepted, Some(actor), refused, Vec::new()).await
}

/// Returned or refused as a whole, by a person or by the machine.
pub(super) async fn sent_back(
    tx: &mut Tx,
    declaration: &Declaration,
    reasons: &[Reason],
    last: bool,
) -> Result<DeclarationResult, Refusal> {
    let outcome = if last { FilingOutcome::Refused } else { FilingOutcome::Returned };
    result(tx, declaration, outcome, None, Vec::new(), outward(reasons)).await
}

/// Refused without a case, because of `finding`.
pub(super) async fn turned_down(tx: &mut Tx, declaration: &Declaration, finding: &Finding) -> Result<(), Refusal> {
    let result = result(tx, declaration, FilingOutcome::Refused, None, Vec::new(), vec![reason(finding)]).await?;
    send(tx, declaration, result).await
}

async fn result(
    tx: &mut Tx,
    declaration: &Declaration,
    outcome: FilingOutcome,
    actor: Option<&Actor>,
    refused: Vec<RefusedLine>,
    reasons: Vec<exchange::message::Reason>,
) -> Result<DeclarationResult, Refusal> {
    Ok(DeclarationResult {
        declaration_id: declaration.declaration_id,
        region: declaration.region,
        month: declaration.month,
        outcome,
        refused,
        office: office_ref(tx, declaration.region, actor).await?,
        reasons,
        at: now(),
    })
}

/// Sends a result to the employer.
pub(super) async fn send(tx: &mut Tx, declaration: &Declaration, result: DeclarationResult) -> Result<(), Refusal> {
    answer(tx, declaration.region, declaration.employer.id, &Message::DeclarationResult(result)).await
}

/// Whether the employer filed this itself and waits for an answer.
pub(super) fn is_awaited(case: &Case) -> bool {
    case.source.is_some()
}
