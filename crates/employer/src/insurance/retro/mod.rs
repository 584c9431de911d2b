//! 追溯重算: a law row dated in the past. Past months are computed again by the law in force now and compared with what was billed (or
//! declared) for each person, month and insurance; what comes out otherwise becomes 补缴/退费 applications, region by region.

pub mod adjustment;
mod billed;
pub mod job;
pub mod receive;
mod step;
mod store;

use ::store::{Db, jobs};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Insurance, Money, Month, Refusal, RegionCode, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{counter, employer_of};

pub use adjustment::{AdjustmentLineView, AdjustmentView, file, propose};
pub use job::run_jobs;

/// Longest stretch recalculated at once, months.
const MONTHS_MAX: i32 = 60;

/// Where a recalculation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetroState {
    /// 排队.
    Waiting,
    /// 计算中.
    Running,
    /// 已完成.
    Done,
    /// 已取消.
    Cancelled,
    /// 失败.
    Failed,
}

impl RetroState {
    const ALL: [RetroState; 5] = [
        RetroState::Waiting,
        RetroState::Running,
        RetroState::Done,
        RetroState::Cancelled,
        RetroState::Failed,
    ];

    const fn key(self) -> &'static str {
        match self {
            RetroState::Waiting => "waiting",
            RetroState::Running => "running",
            RetroState::Done => "done",
            RetroState::Cancelled => "cancelled",
            RetroState::Failed => "failed",
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            RetroState::Waiting => "排队中",
            RetroState::Running => "计算中",
            RetroState::Done => "已完成",
            RetroState::Cancelled => "已取消",
            RetroState::Failed => "失败",
        }
    }

    fn stored(word: &str) -> Result<RetroState, Refusal> {
        RetroState::ALL
            .into_iter()
            .find(|state| state.key() == word)
            .ok_or_else(|| Refusal::internal("a recalculation has an unknown state"))
    }

    const fn is_over(self) -> bool {
        matches!(self, RetroState::Done | RetroState::Cancelled | RetroState::Failed)
    }
}

/// A recalculation with its progress.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RetroView {
    /// Key.
    pub id: Uuid,
    /// 编号.
    pub number: i64,
    /// First month.
    pub from_month: Month,
    /// Last month.
    pub to_month: Month,
    /// Where it stands.
    pub state: RetroState,
    /// The state's word on screen.
    pub state_name: String,
    /// Declared lines looked at.
    pub done: i64,
    /// Declared lines in all.
    pub total: i64,
    /// Lines that come out otherwise.
    pub lines: i64,
    /// People concerned.
    pub people: i64,
    /// To pay in addition; absent for whoever sees no amounts.
    pub back_fen: Option<Money>,
    /// To get back.
    pub refund_fen: Option<Money>,
    /// Version of the law it was computed with.
    pub law_version: String,
    /// Why it failed.
    pub failure: Option<String>,
    /// When it was begun.
    #[schema(value_type = String, format = DateTime)]
    pub ran_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// What the reader may do: `cancel`, `propose`.
    pub allowed_actions: Vec<String>,
}

/// One person, month and insurance that comes out otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RetroLineView {
    /// 费款所属期.
    pub month: Month,
    /// Who.
    pub employee_id: Uuid,
    /// Name.
    pub name: String,
    /// Where.
    pub region: RegionCode,
    /// The insurance.
    pub insurance: Insurance,
    /// As billed or declared, employer's side.
    pub old_employer_fen: Money,
    /// The same, employee's side.
    pub old_employee_fen: Money,
    /// By the law in force now, employer's side.
    pub new_employer_fen: Money,
    /// The same, employee's side.
    pub new_employee_fen: Money,
    /// Difference of both sides; positive: to pay.
    pub difference_fen: Money,
}

/// What a month comes to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RetroMonth {
    /// 费款所属期.
    pub month: Month,
    /// Where.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// People concerned.
    pub people: i64,
    /// To pay.
    pub back_fen: Money,
    /// To get back.
    pub refund_fen: Money,
}

/// A recalculation with its months, a page of its lines and its applications.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RetroDetail {
    /// The recalculation.
    pub retro: RetroView,
    /// By month and region.
    pub months: Vec<RetroMonth>,
    /// A page of lines.
    pub lines: Vec<RetroLineView>,
    /// How many lines were shown so far; pass it to get the next page.
    pub next_cursor: Option<i64>,
    /// 补缴/退费 applications made of it.
    pub adjustments: Vec<AdjustmentView>,
}

/// Which months.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct StartRetro {
    /// First month.
    pub from_month: Month,
    /// Last month.
    pub to_month: Month,
}

/// Begins a recalculation; a job does it. One that runs over the same months is the answer.
pub async fn start(actor: &Actor, db: &Db, book: &RuleBook, input: StartRetro) -> Result<RetroView, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let span = input.from_month.until(input.to_month) + 1;
    if !(1..=MONTHS_MAX).contains(&span) {
        return Err(Refusal::invalid(
            Finding::blocking(
                "retro_span",
                format!("请选择 1 至 {MONTHS_MAX} 个月"),
                format!("choose 1 to {MONTHS_MAX} months"),
            )
            .field("to_month"),
        ));
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("retro:{employer_id}")).await?;
    if let Some(running) = store::running(&mut tx, employer_id, input.from_month, input.to_month).await? {
        return Ok(running.view(actor));
    }
    let retro = store::Retro {
        id: Uuid::now_v7(),
        number: counter::take(&mut tx, employer_id, "retro", 1).await?,
        from_month: input.from_month,
        to_month: input.to_month,
        state: RetroState::Waiting,
        at_month: input.from_month,
        after_employee: None,
        done: 0,
        total: store::count_declared(&mut tx, employer_id, input.from_month, input.to_month).await?
            + billed::count(&mut tx, employer_id, input.from_month, input.to_month).await?,
        lines: 0,
        people: 0,
        back: Money::ZERO,
        refund: Money::ZERO,
        law_version: book.version().to_string(),
        failure: None,
        ran_by: actor.user_id,
        ran_at: clock::now(),
        ended_at: None,
    };
    store::put(&mut tx, employer_id, &retro).await?;
    let body = job::RetroJob {
        employer_id,
        retro_id: retro.id,
    };
    jobs::enqueue(&mut tx, job::QUEUE, Some(&retro.id.to_string()), &body, clock::now()).await?;
    let after = json!({ "from": input.from_month, "to": input.to_month });
    audit::record(&mut tx, actor, "retro.start", "retro", retro.id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(retro.view(actor))
}

/// Stops a recalculation between two pages; what it found so far goes. Again, or when it is over: no change.
pub async fn cancel(actor: &Actor, db: &Db, id: Uuid) -> Result<RetroView, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let mut retro = store::lock(&mut tx, employer_id, id).await?;
    if !retro.state.is_over() {
        retro.state = RetroState::Cancelled;
        retro.ended_at = Some(clock::now());
        store::clear_lines(&mut tx, employer_id, id).await?;
        (retro.lines, retro.people, retro.back, retro.refund) = (0, 0, Money::ZERO, Money::ZERO);
        store::put(&mut tx, employer_id, &retro).await?;
        audit::record(&mut tx, actor, "retro.cancel", "retro", id, None, None).await?;
    }
    tx.commit().await?;
    Ok(retro.view(actor))
}

/// Recalculations, newest first.
pub async fn list(actor: &Actor, db: &Db) -> Result<Vec<RetroView>, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let all = store::list(&mut db.read(), employer_of(actor)?).await?;
    Ok(all.into_iter().map(|one| one.view(actor)).collect())
}

/// One recalculation with a page of its lines; `cursor` is how many were shown before.
pub async fn get(actor: &Actor, db: &Db, id: Uuid, cursor: i64, limit: i64) -> Result<RetroDetail, Refusal> {
    actor.require(Permission::InsuranceView)?;
    actor.require(Permission::ContributionView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let retro = store::get(&mut q, employer_id, id).await?;
    let (cursor, limit) = (cursor.max(0), limit.clamp(1, 500));
    let lines = store::lines(&mut q, employer_id, id, cursor, limit).await?;
    let next = cursor + lines.len() as i64;
    Ok(RetroDetail {
        months: store::months(&mut q, employer_id, id).await?,
        next_cursor: (next < retro.lines).then_some(next),
        lines: lines.into_iter().map(|line| line.view()).collect::<Result<_, _>>()?,
        adjustments: adjustment::of_retro(&mut q, employer_id, id, actor).await?,
        retro: retro.view(actor),
    })
}

fn not_found() -> Refusal {
    Refusal::not_found("retro_not_found", "没有找到该重算", "no such recalculation")
}
