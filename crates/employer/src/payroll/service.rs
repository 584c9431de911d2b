//! The acts on a run: make, discard, submit, return, lock. Each is one transaction.

use control::identity::{Actor, Permission, Role};
use control::{audit, clock, notice};
use policy::RuleBook;
use serde_json::json;
use standard::{Finding, Month, Organisation, Refusal, Text};
use store::{Db, Query, Tx, args, jobs};
use uuid::Uuid;

use super::law;
use super::make::{PayrollJob, QUEUE};
use super::run::{Run, RunKind, RunState, RunView, Totals};
use super::store as rows;
use crate::attendance::summary::{self, CloseState};
use crate::employer_of;
use crate::people::{company, month as people};

/// Longest opinion in characters.
const OPINION_MAX: usize = 500;
/// Runs a list shows.
const RUNS_MAX: i64 = 120;

/// The runs, newest first.
pub async fn list(actor: &Actor, db: &Db, month: Option<Month>) -> Result<Vec<RunView>, Refusal> {
    actor.require(Permission::PayrollView)?;
    let runs = rows::runs(&mut db.read(), employer_of(actor)?, month, RUNS_MAX).await?;
    Ok(runs.iter().map(|run| run.view(actor)).collect())
}

/// 公司要求考勤结账的, 考勤未结账不得计算和锁定薪酬.
async fn require_attendance(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<(), Refusal> {
    if !company::settings(q, employer_id).await?.attendance_required {
        return Ok(());
    }
    match summary::state(q, employer_id, month).await? {
        CloseState::Closed => Ok(()),
        CloseState::Open | CloseState::NotUsed => Err(Refusal::invalid(
            Finding::blocking(
                "attendance_not_closed",
                format!("{month} 考勤尚未结账，本单位要求先结账再算薪"),
                format!("The attendance of {month} is not closed; this company closes it before payroll"),
            )
            .remedy("请先在“考勤”中结账", "Close the month under attendance first")
            .action("close_attendance"),
        )),
    }
}

/// Starts the run of a month: the first is regular; after a lock it pays only the differences. A draft of the month is replaced.
pub async fn start(actor: &Actor, db: &Db, book: &'static RuleBook, month: Month) -> Result<RunView, Refusal> {
    actor.require(Permission::PayrollPrepare)?;
    let employer_id = employer_of(actor)?;
    if month > Month::of(clock::today()) {
        return Err(Refusal::invalid(
            Finding::blocking("month_in_future", "不能计算以后月份的薪酬", "A month to come is not computed").field("month"),
        ));
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("payroll:{employer_id}")).await?;
    require_attendance(&mut tx, employer_id, month).await?;
    let earlier = rows::runs(&mut tx, employer_id, Some(month), RUNS_MAX).await?;
    for run in &earlier {
        match run.state {
            RunState::Making | RunState::Submitted => {
                return Err(Refusal::conflict(
                    "run_in_progress",
                    format!("{month} 已有批次“{}”，请先处理", run.state.zh()),
                    format!("A run of {month} is {}", run.state.key()),
                )
                .remedy("请等待计算完成，或由复核人退回、锁定", "Wait for it, or have it returned or locked"));
            }
            RunState::Draft => drop_slips(&mut tx, run).await?,
            RunState::Locked | RunState::Discarded => {}
        }
    }
    let locked = earlier.iter().any(|run| run.state == RunState::Locked);
    let run = Run {
        employer_id,
        id: Uuid::now_v7(),
        month,
        seq: earlier.iter().map(|run| run.seq).max().unwrap_or(0) + 1,
        kind: if locked { RunKind::Difference } else { RunKind::Regular },
        state: RunState::Making,
        scheme: rows::scheme(&mut tx, employer_id).await?,
        law: book.version().to_owned(),
        expected: people::count(&mut tx, employer_id, month).await?,
        done: 0,
        done_number: 0,
        people: 0,
        totals: Totals::default(),
        blocking: 0,
        warnings: 0,
        findings: neighbours(&mut tx, employer_id, month).await?,
        made_by: actor.user_id,
        made_name: actor.name.clone(),
        submitted: None,
        reviewed: None,
        opinion: None,
        version: 1,
        created_at: clock::now(),
        submitted_at: None,
        locked_at: None,
    };
    law::keep(&mut tx, employer_id, book).await?;
    rows::insert_run(&mut tx, &run).await?;
    let job = PayrollJob {
        employer_id,
        run_id: run.id,
    };
    jobs::enqueue(&mut tx, QUEUE, Some(&run.id.to_string()), &job, clock::now()).await?;
    let after = json!({ "month": month, "kind": run.kind, "expected": run.expected });
    audit::record(&mut tx, actor, "payroll.make", "pay_run", run.id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(run.view(actor))
}

/// What neighbouring months mean for the cumulative tax of this one.
async fn neighbours(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<Vec<Finding>, Refusal> {
    let rows = q
        .all(
            "SELECT DISTINCT month FROM employer_pay_run WHERE employer_id = $1 AND state = 'locked' AND month >= $2 AND month <= $3",
            args![employer_id, Month::new(month.year(), 1)?, Month::new(month.year(), 12)?],
        )
        .await?;
    let months: Vec<Month> = rows.iter().map(|row| row.get("month")).collect::<Result<_, Refusal>>()?;
    let mut findings = Vec::new();
    if let Some(later) = months.iter().filter(|one| **one > month).min() {
        findings.push(Finding::warning(
            "later_month_locked",
            format!("{later} 已锁定，其累计预扣税额未含本次变动，将在下一个未锁定月份自动补足"),
            format!("{later} is locked already; the cumulative tax evens out in the next open month"),
        ));
    }
    let previous = month.previous();
    let gap = previous.year() == month.year() && !months.contains(&previous) && months.iter().any(|one| *one < month);
    if gap {
        findings.push(
            Finding::warning(
                "previous_month_open",
                format!("{previous} 尚未锁定，累计预扣不含该月"),
                format!("{previous} is not locked; the cumulative withholding leaves it out"),
            )
            .remedy("请先锁定上月再计算本月", "Lock the month before first"),
        );
    }
    Ok(findings)
}

async fn drop_slips(tx: &mut Tx, run: &Run) -> Result<(), Refusal> {
    tx.execute_long(
        "DELETE FROM employer_payslip WHERE employer_id = $1 AND run_id = $2",
        args![run.employer_id, run.id],
    )
    .await?;
    let discarded = Run {
        state: RunState::Discarded,
        ..run.clone()
    };
    rows::put_state(tx, &discarded).await
}

/// Cancels a run that is being made, or gives up a draft. Doing it twice changes nothing.
pub async fn discard(actor: &Actor, db: &Db, id: Uuid) -> Result<RunView, Refusal> {
    actor.require(Permission::PayrollPrepare)?;
    let mut tx = db.begin().await?;
    let run = rows::lock_run(&mut tx, employer_of(actor)?, id).await?;
    match run.state {
        RunState::Discarded => return Ok(run.view(actor)),
        RunState::Making | RunState::Draft => drop_slips(&mut tx, &run).await?,
        RunState::Submitted | RunState::Locked => run.require_state(RunState::Draft)?,
    }
    audit::record(&mut tx, actor, "payroll.discard", "pay_run", id, None, None).await?;
    finish(tx, actor, run.employer_id, id).await
}

async fn finish(mut tx: Tx, actor: &Actor, employer_id: Uuid, id: Uuid) -> Result<RunView, Refusal> {
    let run = rows::run(&mut tx, employer_id, id).await?;
    tx.commit().await?;
    Ok(run.view(actor))
}

/// Hands a draft to the reviewer. Doing it twice changes nothing.
pub async fn submit(actor: &Actor, db: &Db, id: Uuid) -> Result<RunView, Refusal> {
    actor.require(Permission::PayrollPrepare)?;
    let mut tx = db.begin().await?;
    let mut run = rows::lock_run(&mut tx, employer_of(actor)?, id).await?;
    if run.state == RunState::Submitted {
        return Ok(run.view(actor));
    }
    run.require_state(RunState::Draft)?;
    if run.blocking > 0 {
        return Err(Refusal::conflict(
            "run_has_blocking",
            format!("还有 {} 人无法计算，处理后请重新计算", run.blocking),
            format!("{} people could not be computed; correct them and make the run again", run.blocking),
        ));
    }
    if run.people == 0 {
        return Err(Refusal::conflict(
            "run_empty",
            "该批次没有任何人或差额，无需提交",
            "The run holds nobody and no difference",
        ));
    }
    run.state = RunState::Submitted;
    run.submitted = Some((actor.user_id, actor.name.clone()));
    run.submitted_at = Some(clock::now());
    rows::put_state(&mut tx, &run).await?;
    notice::send(
        &mut tx,
        &actor.organisation,
        notice::Audience::Role(Role::PayrollReviewer),
        Text::new(
            format!("{} 薪酬待复核", run.month),
            format!("Payroll of {} waits for review", run.month),
        ),
        Text::new(
            format!("共 {} 人，实发 {}。", run.people, run.totals.net.0),
            format!("{} people, net {}.", run.people, run.totals.net.0),
        ),
        Some(&format!("/employer/payroll/{}/review", run.id)),
    )
    .await?;
    audit::record(&mut tx, actor, "payroll.submit", "pay_run", id, None, None).await?;
    finish(tx, actor, run.employer_id, id).await
}

/// Refuses a reviewer who made or submitted the run.
fn require_another(run: &Run, actor: &Actor) -> Result<(), Refusal> {
    if !run.was_made_by(actor) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "same_person",
        "编制或提交该批次的人不能复核，请由另一人复核",
        "Whoever made or submitted the run cannot review it; another person must",
    ))
}

fn opinion_of(text: &str, required: bool) -> Result<Option<String>, Refusal> {
    let text = text.trim();
    if (required && text.is_empty()) || text.chars().count() > OPINION_MAX {
        return Err(Refusal::invalid(
            Finding::blocking(
                "opinion",
                format!("请填写意见，最多 {OPINION_MAX} 字"),
                format!("Say why, in at most {OPINION_MAX} characters"),
            )
            .field("opinion"),
        ));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Gives a submitted run back to its maker with the reason.
pub async fn return_run(actor: &Actor, db: &Db, id: Uuid, opinion: &str) -> Result<RunView, Refusal> {
    actor.require(Permission::PayrollReview)?;
    let opinion = opinion_of(opinion, true)?;
    let mut tx = db.begin().await?;
    let mut run = rows::lock_run(&mut tx, employer_of(actor)?, id).await?;
    run.require_state(RunState::Submitted)?;
    require_another(&run, actor)?;
    run.state = RunState::Draft;
    run.reviewed = Some((actor.user_id, actor.name.clone()));
    run.opinion.clone_from(&opinion);
    rows::put_state(&mut tx, &run).await?;
    notice::send(
        &mut tx,
        &actor.organisation,
        notice::Audience::Role(Role::HrManager),
        Text::new(
            format!("{} 薪酬被退回", run.month),
            format!("Payroll of {} was returned", run.month),
        ),
        Text::new(opinion.clone().unwrap_or_default(), opinion.unwrap_or_default()),
        Some(&format!("/employer/payroll/{id}")),
    )
    .await?;
    audit::record(&mut tx, actor, "payroll.return", "pay_run", id, None, None).await?;
    finish(tx, actor, run.employer_id, id).await
}

/// Locks a run after review by another person: its payslips stand from now on. Locking twice changes nothing.
pub async fn lock(actor: &Actor, db: &Db, id: Uuid, opinion: &str) -> Result<RunView, Refusal> {
    actor.require(Permission::PayrollReview)?;
    let opinion = opinion_of(opinion, false)?;
    let mut tx = db.begin().await?;
    let mut run = rows::lock_run(&mut tx, employer_of(actor)?, id).await?;
    if run.state == RunState::Locked {
        return Ok(run.view(actor));
    }
    run.require_state(RunState::Submitted)?;
    require_another(&run, actor)?;
    require_attendance(&mut tx, run.employer_id, run.month).await?;
    run.state = RunState::Locked;
    run.reviewed = Some((actor.user_id, actor.name.clone()));
    run.opinion = opinion;
    run.locked_at = Some(clock::now());
    rows::put_state(&mut tx, &run).await?;
    for role in [Role::HrManager, Role::Employee] {
        notice::send(
            &mut tx,
            &Organisation::Employer(run.employer_id),
            notice::Audience::Role(role),
            Text::new(format!("{} 工资条已出", run.month), format!("Payslips of {} are out", run.month)),
            Text::new("薪酬已复核锁定。", "Payroll was reviewed and locked."),
            Some(if role == Role::Employee {
                "/me/payslips"
            } else {
                "/employer/payroll"
            }),
        )
        .await?;
    }
    let after = json!({ "people": run.people, "net_fen": run.totals.net });
    audit::record(&mut tx, actor, "payroll.lock", "pay_run", id, None, Some(after)).await?;
    finish(tx, actor, run.employer_id, id).await
}
