//! The nationwide query: only the agencies of the directory are asked, in parallel, within a deadline; the answer is
//! partial rather than late.

mod merge;

use std::time::{Duration, Instant};

use exchange::{AgencyStatus, Question, StatusAnswer, StatusQuestion, Transport};
use standard::{Organisation, Refusal, RegionCode, Timestamp};
use store::{Db, IdHash};

use crate::directory;

/// How long a nationwide query waits for agencies when the configuration says nothing.
pub const DEADLINE_DEFAULT: Duration = Duration::from_millis(800);
/// Longer than any name on an ID card.
const NAME_CHARS_MAX: usize = 100;

/// Where and how is this person insured, in the whole nation?
pub async fn nationwide_status(
    db: &Db,
    transport: &dyn Transport,
    question: &StatusQuestion,
    within: Duration,
) -> Result<StatusAnswer, Refusal> {
    let start = Instant::now();
    let asked_at = Timestamp::now();
    let id_hash = check(question)?;
    let regions = directory::regions_of(&mut db.read(), &id_hash).await?;
    let (answers, unanswered) = ask(transport, &regions, question, within.saturating_sub(start.elapsed())).await;
    Ok(merge::merge(answers, unanswered, asked_at))
}

/// Asks named regions again, such as those that did not answer before; the directory is not consulted.
pub async fn regional_status(
    transport: &dyn Transport,
    regions: &[RegionCode],
    question: &StatusQuestion,
    within: Duration,
) -> Result<StatusAnswer, Refusal> {
    let asked_at = Timestamp::now();
    check(question)?;
    let (answers, unanswered) = ask(transport, regions, question, within).await;
    Ok(merge::merge(answers, unanswered, asked_at))
}

/// Refuses what no agency should have to read: `id_hash_malformed`, `status_name_too_long`.
fn check(question: &StatusQuestion) -> Result<IdHash, Refusal> {
    let id_hash = question.id_hash.parse()?;
    if question.name.chars().count() > NAME_CHARS_MAX || question.purpose.chars().count() > NAME_CHARS_MAX {
        return Err(Refusal::too_large(
            "status_name_too_long",
            format!("姓名和查询目的不超过{NAME_CHARS_MAX}字"),
            format!("Name and purpose have at most {NAME_CHARS_MAX} characters"),
        )
        .remedy("请核对姓名", "Check the name"));
    }
    Ok(id_hash)
}

/// Asks all regions at once. Gives the answers, and the regions without one.
async fn ask(
    transport: &dyn Transport,
    regions: &[RegionCode],
    question: &StatusQuestion,
    within: Duration,
) -> (Vec<AgencyStatus>, Vec<RegionCode>) {
    let mut answers = Vec::with_capacity(regions.len());
    if regions.is_empty() {
        return (answers, Vec::new());
    }
    let organisations: Vec<Organisation> = regions.iter().copied().map(Organisation::Agency).collect();
    for (organisation, answer) in transport.ask_many(&organisations, Question::Status(question.clone()), within).await {
        let Organisation::Agency(region) = organisation else { continue };
        match answer
            .and_then(|answer| answer.into_agency())
            .and_then(|status| speaks_for(region, status))
        {
            Ok(status) => answers.push(status),
            Err(refusal) => tracing::warn!(%region, rule = refusal.rule(), "agency gave no status"),
        }
    }
    let answered = |region: &RegionCode| answers.iter().any(|status| status.region == *region);
    let silent = regions.iter().copied().filter(|region| !answered(region)).collect();
    (answers, silent)
}

/// An agency's word counts for its own region only.
fn speaks_for(region: RegionCode, status: AgencyStatus) -> Result<AgencyStatus, Refusal> {
    let own = status.region == region && status.relations.iter().all(|relation| relation.region == region);
    if own {
        Ok(status)
    } else {
        Err(Refusal::internal("an agency answered for another region"))
    }
}
