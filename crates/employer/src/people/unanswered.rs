//! Employees hired while a region or the platform was silent (待查询) are asked about again within minutes: the question
//! comes back at growing pauses until it is answered, and HR hears what came out.

use control::identity::{Actor, Role};
use control::{clock, notice};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use standard::{IdNumber, Organisation, Refusal, Text};
use store::{Db, Query, Tx, args, jobs};
use uuid::Uuid;

use super::recheck::store_answer;
use super::store::{self as rows, Employee};
use super::view::EmployeeState;
use crate::insurance::preflight::{StatusSource, Subject, Verdict, judge};

/// The queue the server's worker claims from.
pub const QUEUE: &str = "employer.unanswered";
/// Why the agencies are asked.
const PURPOSE: &str = "新员工入职参保核查（再次查询）";
/// Asked about in one go, the newest first; the next go and the daily refresh take the rest.
const MOST: i64 = 1000;
/// Asked about between two renewals of the lease.
const PIECE: usize = 100;

/// What a job says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AskAgain {
    /// Whose employees.
    pub employer_id: Uuid,
}

/// In the transaction that leaves an employee 待查询. One job an employer: with one queued nothing is added.
pub(crate) async fn ask_again(tx: &mut Tx, employer_id: Uuid) -> Result<(), Refusal> {
    let job = AskAgain { employer_id };
    jobs::enqueue(tx, QUEUE, Some(&employer_id.to_string()), &job, clock::now()).await?;
    Ok(())
}

/// Asks about everyone who is 待查询. Whoever is still unanswered makes the job come again, after a longer pause.
pub(crate) async fn run(
    db: &Db,
    source: &dyn StatusSource,
    job: &jobs::Job,
    body: &AskAgain,
    lease: SignedDuration,
) -> Result<(), Refusal> {
    let outcome = ask(db, source, job, body.employer_id, lease).await;
    let mut tx = db.begin().await?;
    // Whoever hires holds it too: nobody is left 待查询 between the last look and the end of the job.
    tx.lock(&format!("employer:{}:people", body.employer_id)).await?;
    match outcome {
        Ok(()) if waiting(&mut tx, body.employer_id).await?.is_empty() => {
            jobs::ack(&mut tx, job).await?;
        }
        Ok(()) => jobs::fail(&mut tx, job, "region_unanswered").await?,
        Err(refusal) => jobs::fail(&mut tx, job, refusal.rule()).await?,
    }
    tx.commit().await
}

async fn ask(db: &Db, source: &dyn StatusSource, job: &jobs::Job, employer_id: Uuid, lease: SignedDuration) -> Result<(), Refusal> {
    let employees = waiting(&mut db.read(), employer_id).await?;
    for piece in employees.chunks(PIECE) {
        let people: Vec<(IdNumber, String)> = piece
            .iter()
            .map(|one| Ok((one.id_number(db.cipher())?, one.name.clone())))
            .collect::<Result<_, Refusal>>()?;
        let answers = source.status_many(&people, PURPOSE).await?;
        let system = Actor::system(Organisation::Employer(employer_id));
        let mut tx = db.begin().await?;
        tx.lock(&format!("employer:{employer_id}:people")).await?;
        if !jobs::extend(&mut tx, job, lease).await? {
            return Ok(());
        }
        let mut heard = Vec::new();
        for ((one, (id_number, _)), answer) in piece.iter().zip(&people).zip(&answers) {
            let subject = Subject {
                id_number: *id_number,
                household: one.household_region,
                target: one.region,
                hired_on: Some(one.hired_on),
            };
            let verdict = judge(&subject, answer, clock::today()).verdict;
            // An answer to a name changed since is no answer.
            let now = rows::get(&mut tx, employer_id, one.id).await?;
            if verdict == Verdict::Unanswered || now.name != one.name || now.region != one.region {
                continue;
            }
            store_answer(&mut tx, &system, employer_id, one.id, verdict, &answer.relations).await?;
            heard.push((one, verdict));
        }
        tell(&mut tx, employer_id, &heard).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn waiting(q: &mut impl Query, employer_id: Uuid) -> Result<Vec<Employee>, Refusal> {
    let found = q
        .all(
            "SELECT * FROM employer_employee WHERE employer_id = $1 AND state = $2 AND left_on IS NULL AND merged_into IS NULL
             ORDER BY number DESC LIMIT $3",
            args![employer_id, EmployeeState::Unchecked.key(), MOST],
        )
        .await?;
    found.iter().map(rows::read).collect()
}

/// Tells HR of those who cannot simply be enrolled; nothing is said when all is well.
async fn tell(tx: &mut Tx, employer_id: Uuid, heard: &[(&Employee, Verdict)]) -> Result<(), Refusal> {
    let to_do: Vec<&(&Employee, Verdict)> = heard.iter().filter(|(_, verdict)| *verdict != Verdict::Direct).collect();
    let (title, body, link) = match to_do[..] {
        [] => return Ok(()),
        [(one, verdict)] => (
            Text::new(
                format!("{}：参保情况已查到", one.name),
                format!("{}: the nation has answered", one.name),
            ),
            Text::new(
                format!("入职时未答复的地区已经答复，结论：{}。请打开员工档案办理。", verdict.zh()),
                format!(
                    "The region silent on the day of hire has answered: {}. Open the record.",
                    verdict.as_str()
                ),
            ),
            format!("/employer/employees/{}", one.id),
        ),
        _ => (
            Text::new(
                format!("{} 名员工的参保情况已查到", to_do.len()),
                format!("The nation has answered about {} employees", to_do.len()),
            ),
            Text::new(
                "入职时未答复的地区已经答复，这些员工需办理转移或数据有误，请打开员工名册办理。",
                "The regions silent on the day of hire have answered: these employees need a transfer or their data is wrong.",
            ),
            "/employer/employees".to_string(),
        ),
    };
    let to = Organisation::Employer(employer_id);
    notice::send(tx, &to, notice::Audience::Role(Role::HrManager), title, body, Some(&link)).await?;
    Ok(())
}
