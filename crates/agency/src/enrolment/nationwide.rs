//! 全国参保核查 of an enrolment case: the agency asks the national platform, like an employer does, and keeps the answer with
//! its case. It is asked outside of any transaction, by a job or when a person wants it anew; whoever then decides the case
//! reads rows of the own region only.

use ::store::{Db, Query, Tx, args, jobs};
use control::clock;
use control::identity::{Actor, Permission};
use control::review::{self, Case, Registry};
use exchange::message::EnrolmentApplication;
use exchange::{Question, StatusAnswer, StatusQuestion, Transport};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use standard::{Finding, Organisation, Refusal, RegionCode, Timestamp};
use uuid::Uuid;

use super::ENROLMENT;

const QUEUE: &str = "agency.nationwide_check";
/// Sealed answers name their place in the database.
const TABLE: &str = "agency_nationwide";
/// Regions that were silent are asked again after this long.
const ASK_SILENT_AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// A case may wait for days, and people are hired meanwhile: an answer is renewed after this long.
const RENEW: SignedDuration = SignedDuration::from_hours(12);
/// A worker that died gives its questions back after this long.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

#[derive(Serialize, Deserialize)]
struct Wanted {
    region: RegionCode,
    case_id: Uuid,
    round: i64,
}

/// What the platform told in this round of the case. Nothing yet: it is asked once the transaction commits.
pub(super) async fn told(tx: &mut Tx, case: &Case) -> Result<Option<StatusAnswer>, Refusal> {
    let region = region_of(case)?;
    let row = tx
        .optional(
            "SELECT answer_sealed FROM agency_nationwide WHERE region = $1 AND case_id = $2 AND round = $3",
            args![region, case.id, case.round],
        )
        .await?;
    let Some(row) = row else {
        wanted(tx, region, case, clock::now()).await?;
        return Ok(None);
    };
    let plain = tx
        .db()
        .cipher()
        .open(TABLE, "answer_sealed", case.id, &row.get::<Vec<u8>>("answer_sealed")?)?;
    serde_json::from_slice(&plain)
        .map(Some)
        .map_err(|error| Refusal::internal(format!("a kept answer does not read: {error}")))
}

async fn wanted(tx: &mut Tx, region: RegionCode, case: &Case, at: Timestamp) -> Result<(), Refusal> {
    let wanted = Wanted {
        region,
        case_id: case.id,
        round: case.round,
    };
    let key = format!("{region}:{}:{}", case.id, case.round);
    jobs::enqueue(tx, QUEUE, Some(&key), &wanted, at).await.map(drop)
}

/// Asks what cases wait for, at most a few, and says how many. `way` is how the agency of a region reaches the platform.
/// A platform that does not answer is asked again later; until then the case cannot pass.
pub async fn run_jobs<T: Transport>(db: &Db, registry: &Registry, way: impl Fn(RegionCode) -> T) -> Result<usize, Refusal> {
    let due = jobs::claim(db, QUEUE, 8, LEASE).await?;
    let count = due.len();
    for job in due {
        let asked = match job.body::<Wanted>() {
            Ok(wanted) => ask(db, &way(wanted.region), wanted.region, wanted.case_id).await,
            Err(refusal) => Err(refusal),
        };
        let mut tx = db.begin().await?;
        match asked {
            Ok(asked) => {
                // A worker that lost its lease leaves the answer to the one that has it.
                if !jobs::ack(&mut tx, &job).await? {
                    continue;
                }
                if let Some((case, answer)) = asked {
                    keep(&mut tx, registry, &case, &answer).await?;
                }
            }
            Err(refusal) => jobs::fail(&mut tx, &job, refusal.rule()).await?,
        }
        tx.commit().await?;
    }
    Ok(count)
}

/// Looks at a waiting case again: asks the platform anew where the business needs it, and gives what must be looked at now.
pub async fn recheck(actor: &Actor, db: &Db, registry: &Registry, way: &dyn Transport, id: Uuid) -> Result<Vec<Finding>, Refusal> {
    actor.require(Permission::CaseView)?;
    let case = review::get(actor, db, id).await?;
    let asked = if case.business == ENROLMENT {
        ask(db, way, region_of(&case)?, id).await?
    } else {
        None
    };
    let mut tx = db.begin().await?;
    let findings = match asked {
        Some((case, answer)) => keep(&mut tx, registry, &case, &answer).await?,
        None => review::recheck(actor, &mut tx, registry, id).await?,
    };
    tx.commit().await?;
    Ok(findings)
}

/// The platform's answer for a case under review; nothing to ask for one that is not.
async fn ask(db: &Db, way: &dyn Transport, region: RegionCode, case_id: Uuid) -> Result<Option<(Case, StatusAnswer)>, Refusal> {
    let case = review::get(&Actor::system(Organisation::Agency(region)), db, case_id).await?;
    if !case.state.is_waiting() {
        return Ok(None);
    }
    let application: EnrolmentApplication = super::business::read(&case)?;
    let question = StatusQuestion {
        id_hash: db.cipher().id_hash(&application.person.id_number).to_string(),
        name: application.person.name,
        purpose: ENROLMENT.to_owned(),
    };
    let answer = way
        .ask(&Organisation::Platform, Question::Status(question))
        .await?
        .into_nationwide()?;
    Ok(Some((case, answer)))
}

/// Keeps the answer with the case it was asked for, and shows what follows from it. A case that went on meanwhile to another
/// round is left alone: that round asks for itself.
async fn keep(tx: &mut Tx, registry: &Registry, asked: &Case, answer: &StatusAnswer) -> Result<Vec<Finding>, Refusal> {
    let region = region_of(asked)?;
    let case = review::find(tx, &asked.owner, asked.id).await?;
    if case.round != asked.round || !case.state.is_waiting() {
        return Ok(case.findings);
    }
    let plain = serde_json::to_vec(answer).map_err(|error| Refusal::internal(format!("an answer to keep: {error}")))?;
    let sealed = tx.db().cipher().seal(TABLE, "answer_sealed", case.id, &plain)?;
    tx.execute(
        "INSERT INTO agency_nationwide (region, case_id, round, answer_sealed, asked_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (region, case_id) DO UPDATE SET round = excluded.round, answer_sealed = excluded.answer_sealed, asked_at = excluded.asked_at",
        args![region, case.id, case.round, sealed, answer.asked_at],
    )
    .await?;
    let again = if answer.unanswered.is_empty() { RENEW } else { ASK_SILENT_AGAIN };
    // The queue of jobs goes by the real clock, whatever day the case is told it is.
    wanted(tx, region, &case, Timestamp::now() + again).await?;
    review::recheck(&Actor::system(case.owner), tx, registry, case.id).await
}

fn region_of(case: &Case) -> Result<RegionCode, Refusal> {
    match case.owner {
        Organisation::Agency(region) => Ok(region),
        Organisation::Employer(_) | Organisation::Platform => Err(Refusal::internal(format!("case {} is not an agency's", case.number))),
    }
}
