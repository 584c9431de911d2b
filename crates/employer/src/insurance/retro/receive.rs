//! The agency's answer to a 补缴/退费 application. The order for what it comes to follows by itself.

use ::store::{Query, Tx, args};
use control::identity::{Actor, Role};
use control::{audit, notice};
use exchange::message::AdjustmentResult;
use serde_json::json;
use standard::{Organisation, Refusal, Text};
use uuid::Uuid;

use super::adjustment::{Adjustment, lock, put};
use crate::insurance::filing::{FilingState, answered_by, in_words, mark_refused, office_name, refused_by_line};

/// Takes the answer. Again: nothing changes.
pub async fn receive(tx: &mut Tx, from: &Organisation, employer_id: Uuid, result: AdjustmentResult) -> Result<(), Refusal> {
    let mut adjustment = lock(tx, employer_id, result.adjustment_id).await?;
    answered_by(from, adjustment.region)?;
    if adjustment.state != FilingState::Filed {
        return Ok(());
    }
    let id = adjustment.id;
    let refused = refused_by_line(&result.refused, adjustment.lines)?;
    adjustment.state = FilingState::of(result.outcome);
    adjustment.office = office_name(&result.office);
    adjustment.reasons = result.reasons.clone();
    adjustment.decided_at = Some(result.at);
    let then = match adjustment.state {
        FilingState::Accepted => "accepted",
        FilingState::Refused => "refused",
        _ => "draft",
    };
    tx.execute(
        "UPDATE employer_adjustment_line SET state = $3 WHERE employer_id = $1 AND adjustment_id = $2 AND state = 'filed'",
        args![employer_id, id, then],
    )
    .await?;
    if adjustment.state == FilingState::Accepted {
        adjustment.refused = refused.len() as i64;
        adjustment.granted = Some((result.back_fen, result.refund_fen));
        mark_refused(tx, ("employer_adjustment_line", "adjustment_id"), employer_id, id, &refused).await?;
    }
    put(tx, employer_id, &adjustment).await?;
    let system = Actor::system(Organisation::Employer(employer_id));
    let after = json!({ "state": adjustment.state, "back_fen": result.back_fen, "refund_fen": result.refund_fen });
    audit::record(tx, &system, "adjustment.result", "adjustment", id, None, Some(after)).await?;
    tell(tx, employer_id, &adjustment).await
}

async fn tell(tx: &mut Tx, employer_id: Uuid, a: &Adjustment) -> Result<(), Refusal> {
    let region = a.region.name();
    let (zh, en) = in_words(&a.reasons);
    let (title, body) = match (a.state, a.granted) {
        (FilingState::Accepted, Some((back, refund))) => (
            Text::new(
                format!("{region}补缴/退费申报已通过"),
                format!("{region}: the adjustment is accepted"),
            ),
            Text::new(
                format!("补缴 {back} 元，退费 {refund} 元，{} 行未通过。", a.refused),
                format!("{back} to pay, {refund} to get back, {} lines refused.", a.refused),
            ),
        ),
        (state, _) => (
            Text::new(
                format!("{region}补缴/退费申报{}", state.zh()),
                format!("{region}: the adjustment was {}", state.key()),
            ),
            Text::new(format!("{zh}。"), format!("{en}.")),
        ),
    };
    let to = Organisation::Employer(employer_id);
    let link = format!("/employer/retro/{}", a.retro_id);
    notice::send(tx, &to, notice::Audience::Role(Role::HrManager), title, body, Some(&link)).await?;
    Ok(())
}
