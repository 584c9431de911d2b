//! The agency's answer to a stop application.

use ::store::{Query, Tx, args};
use control::identity::{Actor, Role};
use control::{audit, clock, notice};
use exchange::message::StopResult;
use serde_json::json;
use standard::{Organisation, Refusal, Text};
use uuid::Uuid;

use super::store::{self, Stop};
use crate::insurance::filing::{FilingState, answered_by, in_words, mark_refused, office_name, refused_by_line};

/// Takes the answer: whoever was stopped is no longer insured here; a refused line is shown with its reasons and the leaver
/// is found again by the next preparation. Again: nothing changes.
pub async fn receive(tx: &mut Tx, from: &Organisation, employer_id: Uuid, result: StopResult) -> Result<(), Refusal> {
    let mut stop = store::lock(tx, employer_id, result.stop_id).await?;
    answered_by(from, stop.region)?;
    if stop.state != FilingState::Filed {
        return Ok(());
    }
    stop.state = FilingState::of(result.outcome);
    stop.office = office_name(&result.office);
    stop.reasons = result.reasons.clone();
    stop.decided_at = Some(result.at);
    let lines = store::last_line(tx, employer_id, stop.id).await?;
    let refused = refused_by_line(&result.refused, lines)?;
    mark_refused(tx, ("employer_stop_line", "stop_id"), employer_id, stop.id, &refused).await?;
    match stop.state {
        FilingState::Accepted => accept(tx, employer_id, stop.id).await?,
        FilingState::Refused => {
            tx.execute(
                "UPDATE employer_stop_line SET state = 'refused' WHERE employer_id = $1 AND stop_id = $2 AND state = 'open'",
                args![employer_id, stop.id],
            )
            .await?;
        }
        _ => {}
    }
    store::update(tx, employer_id, &stop).await?;
    let system = Actor::system(Organisation::Employer(employer_id));
    let after = json!({ "state": stop.state, "refused": refused.len() });
    audit::record(tx, &system, "stop.result", "stop", stop.id, None, Some(after)).await?;
    tell(tx, employer_id, &stop, lines, refused.len()).await
}

/// The lines not refused are stopped, and their employees are no longer insured here.
async fn accept(tx: &mut Tx, employer_id: Uuid, stop_id: Uuid) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE employer_stop_line SET state = 'stopped' WHERE employer_id = $1 AND stop_id = $2 AND state = 'open'",
        args![employer_id, stop_id],
    )
    .await?;
    let stopped = "SELECT l.employee_id FROM employer_stop_line l
         WHERE l.employer_id = $1 AND l.stop_id = $2 AND l.state = 'stopped'";
    tx.execute(
        &format!(
            "UPDATE employer_employee SET state = 'stopped', updated_at = $3, version = version + 1
             WHERE employer_id = $1 AND left_on IS NOT NULL AND id IN ({stopped})"
        ),
        args![employer_id, stop_id, clock::now()],
    )
    .await?;
    tx.execute(
        &format!(
            "UPDATE employer_insurance_task SET state = 'done', closed_at = $3
             WHERE employer_id = $1 AND kind = 'stop' AND state = 'open' AND employee_id IN ({stopped})"
        ),
        args![employer_id, stop_id, clock::now()],
    )
    .await?;
    Ok(())
}

async fn tell(tx: &mut Tx, employer_id: Uuid, stop: &Stop, lines: i64, refused: usize) -> Result<(), Refusal> {
    let region = stop.region.name();
    let (zh, en) = in_words(&stop.reasons);
    let stopped = lines - refused as i64;
    let (title, body) = match stop.state {
        FilingState::Accepted => (
            Text::new(
                format!("{region}停保申报已办结"),
                format!("{region}: the stop application is decided"),
            ),
            Text::new(
                format!("{stopped} 人已停保，{refused} 人未通过。"),
                format!("{stopped} stopped, {refused} refused."),
            ),
        ),
        state => (
            Text::new(
                format!("{region}停保申报{}", state.zh()),
                format!("{region}: the stop application was {}", state.key()),
            ),
            Text::new(format!("{zh}。请处理后重新申报。"), format!("{en}. Correct it and file again.")),
        ),
    };
    let to = Organisation::Employer(employer_id);
    let link = "/employer/insurance-tasks";
    notice::send(tx, &to, notice::Audience::Role(Role::HrManager), title, body, Some(link)).await?;
    Ok(())
}
