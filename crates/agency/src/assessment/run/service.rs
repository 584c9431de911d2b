//! Starting, moving on, cancelling and reading runs.

use ::store::{Db, Query, Tx, args, jobs};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use jiff::SignedDuration;
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use standard::{Date, Finding, Money, Month, Refusal, RegionCode, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{QUEUE, Run, RunState, lock, piece, sending, store};
use crate::assessment::Assessor;
use crate::desk;

/// How long a worker may take for a piece before another may go on.
const LEASE: SignedDuration = SignedDuration::from_secs(300);

/// A page of runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RunPage {
    /// Newest first.
    pub items: Vec<Run>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// An employer that declared nothing and was assessed by a run.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RunEmployer {
    /// The employer.
    pub employer_id: Uuid,
    /// 单位编号.
    pub number: String,
    /// 单位名称.
    pub name: String,
    /// People.
    pub people: i64,
    /// 单位应缴, fen.
    pub employer_fen: Money,
    /// 个人应缴, fen.
    pub employee_fen: Money,
    /// 未申报核定 above its people's rows (社会保险法第六十二条), fen; nothing when there is none.
    pub surcharge_fen: Option<Money>,
    /// What the clerk should know.
    pub finding: Finding,
}

/// A page of employers of a run.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EmployerPage {
    /// The employers.
    pub items: Vec<RunEmployer>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Job {
    region: RegionCode,
    run_id: Uuid,
}

/// Starts a run of the actor's region over `month`, or gives the unfinished one of the same month. A run that was cancelled
/// is started anew: what it assessed is left alone. The system starts one where a person at the machine says so.
pub async fn start(actor: &Actor, tx: &mut Tx, book: &RuleBook, month: Month, today: Date) -> Result<Run, Refusal> {
    if !actor.is_system() {
        actor.require(Permission::AssessmentRun)?;
    }
    let region = desk::region_of(actor)?;
    tx.lock(&lock(region)).await?;
    if let Some(run) = store::open(tx, region).await? {
        if run.month != month {
            return Err(Refusal::conflict(
                "run_in_progress",
                format!("{} 的批量核定正在进行。", run.month),
                format!("A run over {} is under way.", run.month),
            )
            .remedy("请等待其完成，或先取消", "Wait for it, or cancel it first"));
        }
        return Ok(allowed(actor, run));
    }
    if month > Month::of(today) {
        return Err(
            Finding::blocking("month_in_future", format!("费款所属期 {month} 尚未开始"), "The month has not begun")
                .field("month")
                .remedy("请在当月或以后核定", "Assess it in its month or later")
                .into(),
        );
    }
    // Refused now rather than at the first piece, where nobody looks.
    Assessor::new(book, region, month)?;
    let now = Timestamp::now();
    let run = Run {
        run_id: Uuid::now_v7(),
        region,
        month,
        state: RunState::Running,
        total_people: store::people(tx, region, month).await?,
        people: 0,
        employers: 0,
        skipped: 0,
        employer_fen: Money::ZERO,
        employee_fen: Money::ZERO,
        surcharge_fen: Money::ZERO,
        sent: 0,
        reason: None,
        started_by: actor.name.clone(),
        started_at: now,
        updated_at: now,
        finished_at: None,
        allowed_actions: Vec::new(),
        after: None,
    };
    store::put(tx, &run).await?;
    let job = Job {
        region,
        run_id: run.run_id,
    };
    jobs::enqueue(tx, QUEUE, Some(&run.run_id.to_string()), &job, now).await?;
    let after = serde_json::json!({ "month": month, "people": run.total_people });
    audit::record(
        tx,
        actor,
        "assessment.run",
        "assessment_run",
        &run.run_id.to_string(),
        None,
        Some(after),
    )
    .await?;
    Ok(allowed(actor, run))
}

/// Stops a run after the piece under way; what was assessed stays.
pub async fn cancel(actor: &Actor, tx: &mut Tx, run_id: Uuid) -> Result<Run, Refusal> {
    actor.require(Permission::AssessmentRun)?;
    let region = desk::region_of(actor)?;
    tx.lock(&lock(region)).await?;
    let mut run = store::find(tx, region, run_id).await?.ok_or_else(unknown)?;
    if !run.state.is_open() {
        return Err(Refusal::conflict("run_ended", "该次核定已结束。", "The run has ended."));
    }
    run.state = RunState::Cancelled;
    run.finished_at = Some(Timestamp::now());
    store::put(tx, &run).await?;
    audit::record(tx, actor, "assessment.cancel", "assessment_run", &run_id.to_string(), None, None).await?;
    Ok(allowed(actor, run))
}

/// Does the next piece of a run and gives it as it then stands; one transaction. A run that ended is given as it is.
pub async fn advance(db: &Db, book: &RuleBook, region: RegionCode, run_id: Uuid, pay_base: &str, size: i64) -> Result<Run, Refusal> {
    let mut tx = db.begin().await?;
    tx.lock(&lock(region)).await?;
    let mut run = store::find(&mut tx, region, run_id).await?.ok_or_else(unknown)?;
    let more = match run.state {
        RunState::Running => piece::assess(&mut tx, book, &mut run, size.max(1), clock::today()).await?,
        RunState::Sending => sending::send(&mut tx, &mut run, pay_base).await?,
        _ => return Ok(run),
    };
    if !more {
        run.after = None;
        if run.state == RunState::Running {
            run.state = RunState::Sending;
        } else {
            run.state = RunState::Done;
            run.finished_at = Some(Timestamp::now());
        }
    }
    store::put(&mut tx, &run).await?;
    tx.commit().await?;
    Ok(run)
}

/// Works off the runs that wait in pieces of `size` people; how many ended. Interrupted at any point it goes on where the last commit left it.
pub async fn run_jobs(db: &Db, book: &RuleBook, pay_base: &str, size: i64) -> Result<usize, Refusal> {
    let mut ended = 0;
    for job in jobs::claim(db, QUEUE, 1, LEASE).await? {
        let body: Job = job.body()?;
        match to_the_end(db, book, &body, &job, (pay_base, size)).await {
            Ok(true) => ended += 1,
            Ok(false) => {}
            Err(refusal) => {
                let mut tx = db.begin().await?;
                tx.lock(&lock(body.region)).await?;
                if let Some(mut run) = store::find(&mut tx, body.region, body.run_id).await? {
                    run.state = RunState::Failed;
                    run.reason = Some(refusal.rule().to_owned());
                    run.finished_at = Some(Timestamp::now());
                    store::put(&mut tx, &run).await?;
                }
                jobs::ack(&mut tx, &job).await?;
                tx.commit().await?;
                tracing::error!(run = %body.run_id, rule = refusal.rule(), "a run over a region failed");
            }
        }
    }
    Ok(ended)
}

async fn to_the_end(db: &Db, book: &RuleBook, body: &Job, job: &jobs::Job, (pay_base, size): (&str, i64)) -> Result<bool, Refusal> {
    loop {
        let run = advance(db, book, body.region, body.run_id, pay_base, size).await?;
        let mut tx = db.begin().await?;
        if run.state.is_open() {
            let held = jobs::extend(&mut tx, job, LEASE).await?;
            tx.commit().await?;
            if !held {
                // Another worker goes on.
                return Ok(false);
            }
        } else {
            jobs::ack(&mut tx, job).await?;
            tx.commit().await?;
            return Ok(true);
        }
    }
}

/// The runs of the actor's region, newest first.
pub async fn list(actor: &Actor, db: &Db, cursor: Option<&str>, limit: i64) -> Result<RunPage, Refusal> {
    actor.require(Permission::CollectionView)?;
    let region = desk::region_of(actor)?;
    let limit = limit.clamp(1, 100);
    let before = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(Uuid::max());
    let mut runs = store::page(&mut db.read(), region, before, limit + 1).await?;
    let more = i64::try_from(runs.len()).unwrap_or(i64::MAX) > limit;
    runs.truncate(usize::try_from(limit).unwrap_or(100));
    Ok(RunPage {
        next_cursor: runs.last().filter(|_| more).map(|run| run.run_id.to_string()),
        items: runs.into_iter().map(|run| allowed(actor, run)).collect(),
    })
}

/// One run of the actor's region.
pub async fn get(actor: &Actor, db: &Db, run_id: Uuid) -> Result<Run, Refusal> {
    actor.require(Permission::CollectionView)?;
    let run = store::find(&mut db.read(), desk::region_of(actor)?, run_id)
        .await?
        .ok_or_else(unknown)?;
    Ok(allowed(actor, run))
}

/// The employers a run assessed because they declared nothing.
pub async fn employers(actor: &Actor, db: &Db, run_id: Uuid, cursor: Option<&str>, limit: i64) -> Result<EmployerPage, Refusal> {
    actor.require(Permission::CollectionView)?;
    let region = desk::region_of(actor)?;
    let limit = limit.clamp(1, 200);
    let after = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(Uuid::nil());
    let rows = db
        .read()
        .all(
            "SELECT d.declaration_id, d.employer_id, u.number, u.name, d.people, d.employer_fen, d.employee_fen, o.total_fen AS surcharge
             FROM agency_declaration d JOIN agency_unit u ON u.region = d.region AND u.employer_id = d.employer_id
             LEFT JOIN agency_order o ON o.region = d.region AND o.order_id = d.surcharge_order_id
             WHERE d.region = $1 AND d.run_id = $2 AND d.declaration_id > $3 ORDER BY d.declaration_id LIMIT $4",
            args![region, run_id, after, limit + 1],
        )
        .await?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > limit;
    let shown = usize::try_from(limit).unwrap_or(200);
    let next: Option<Uuid> = rows.get(shown.saturating_sub(1)).map(|row| row.get("declaration_id")).transpose()?;
    let items = rows
        .iter()
        .take(shown)
        .map(|row| {
            let surcharge_fen: Option<Money> = row.get("surcharge")?;
            Ok(RunEmployer {
                employer_id: row.get("employer_id")?,
                number: row.get("number")?,
                name: row.get("name")?,
                people: row.get("people")?,
                employer_fen: row.get("employer_fen")?,
                employee_fen: row.get("employee_fen")?,
                surcharge_fen,
                finding: undeclared(),
            })
        })
        .collect::<Result<_, Refusal>>()?;
    Ok(EmployerPage {
        items,
        next_cursor: next.filter(|_| more).map(|id| id.to_string()),
    })
}

fn undeclared() -> Finding {
    Finding::warning(
        "not_declared",
        "本月未申报：按名册上的申报工资核定到人，不足上月缴费额110%的部分另行核定给单位（社会保险法第六十二条）",
        "Nothing was declared: people are assessed at the wages of the roll; what is missing to 110 % of last month's amount is assessed \
         on the employer (Social Insurance Law, art. 62)",
    )
    .remedy(
        "请通知单位补报；补报后按申报结算，多退少补",
        "Have it declared; it is then settled by what is declared",
    )
    .who("hr")
}

fn allowed(actor: &Actor, mut run: Run) -> Run {
    if run.state.is_open() && actor.require(Permission::AssessmentRun).is_ok() {
        run.allowed_actions.push("cancel".to_owned());
    }
    run
}

fn unknown() -> Refusal {
    Refusal::not_found("run_not_found", "没有这次批量核定。", "There is no such run.")
}
