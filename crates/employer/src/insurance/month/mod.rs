//! 社保月度: where each region's month stands, step by step (待办 → 申报 → 核定 → 缴费 → 回执 → 对账), and what to do next.

use std::collections::{BTreeMap, BTreeSet};

use ::store::{Db, Query, args};
use control::clock;
use control::identity::{Actor, Permission};
use exchange::message::OrderKind;
use policy::RuleBook;
use serde::Serialize;
use standard::{Money, Month, Refusal, RegionCode, Text};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::employer_of;
use crate::insurance::bill::BillState;
use crate::insurance::bill::store::{self as bills, Bill};
use crate::insurance::declaration::store::{self as declarations, Declaration};
use crate::insurance::filing::FilingState;
use crate::insurance::reconcile::reconcile;

/// An employer of more people than this sees the reconciliation on its own page only: it is computed, not looked up.
const RECONCILED_AT_ONCE: i64 = 5_000;

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MonthStepState {
    /// Behind us.
    Done,
    /// At hand.
    Current,
    /// With the agency.
    Away,
    /// Ahead.
    Waiting,
    /// Stopped: returned, refused or overdue.
    Trouble,
}

/// One step of a region's month.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MonthStep {
    /// `tasks`, `declare`, `assess`, `pay`, `receipt` or `reconcile`.
    pub step: String,
    /// The step's word on screen.
    pub label: Text,
    /// How far.
    pub state: MonthStepState,
    /// A figure or word beside it.
    pub note: Option<Text>,
}

/// A region's month.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionMonth {
    /// Where.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// Insured employees of the region.
    pub people: i64,
    /// People declared (filed or accepted).
    pub declared: i64,
    /// Lines the agency refused.
    pub refused: i64,
    /// Open tasks of the region.
    pub tasks: i64,
    /// Billed; absent for whoever sees no amounts.
    pub billed_fen: Option<Money>,
    /// Still open.
    pub open_fen: Option<Money>,
    /// The steps.
    pub steps: Vec<MonthStep>,
    /// The declaration to open.
    pub declaration_id: Option<Uuid>,
    /// The bill to open.
    pub bill_id: Option<Uuid>,
    /// What comes next: `prepare`, `file`, `pay`, `reconcile` or nothing.
    pub next: Option<String>,
}

/// The month over all regions.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MonthBoard {
    /// 费款所属期.
    pub month: Month,
    /// Region by region.
    pub regions: Vec<RegionMonth>,
    /// Differences nobody has decided on; absent while bills are missing or the employer is large.
    pub undecided: Option<i64>,
    /// What the reader may do: `prepare`, `sweep`, `import_bill`.
    pub allowed_actions: Vec<String>,
}

/// A month something was declared or billed for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SeenMonth {
    /// 费款所属期.
    pub month: Month,
    /// Declarations of it.
    pub declarations: i64,
    /// Bills of it that are whole.
    pub bills: i64,
    /// Bills of it with something open.
    pub owed: i64,
}

/// The last months with a declaration or a bill, newest first: where the pages of a month open.
pub async fn seen(actor: &Actor, db: &Db) -> Result<Vec<SeenMonth>, Refusal> {
    actor
        .require(Permission::InsuranceView)
        .or_else(|_| actor.require(Permission::BillView))?;
    let employer_id = employer_of(actor)?;
    let rows = db
        .read()
        .all(
            "SELECT month, CAST(SUM(declarations) AS BIGINT) AS declarations, CAST(SUM(bills) AS BIGINT) AS bills, CAST(SUM(owed) AS BIGINT) AS owed FROM (
                 SELECT month, COUNT(*) AS declarations, 0 AS bills, 0 AS owed FROM employer_declaration WHERE employer_id = $1 GROUP BY month
                 UNION ALL
                 SELECT month, 0, COUNT(*), SUM(CASE WHEN state IN ('open', 'part_paid') THEN 1 ELSE 0 END) FROM employer_bill
                 WHERE employer_id = $1 AND state <> 'arriving' GROUP BY month
             ) AS every GROUP BY month ORDER BY month DESC LIMIT 36",
            args![employer_id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(SeenMonth {
                month: row.get("month")?,
                declarations: row.get("declarations")?,
                bills: row.get("bills")?,
                owed: row.get("owed")?,
            })
        })
        .collect()
}

struct Region {
    people: i64,
    tasks: i64,
    declarations: Vec<Declaration>,
    bills: Vec<Bill>,
}

/// The board of a month.
pub async fn board(actor: &Actor, db: &Db, book: &RuleBook, month: Month) -> Result<MonthBoard, Refusal> {
    actor
        .require(Permission::InsuranceView)
        .or_else(|_| actor.require(Permission::BillView))?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let regions = gather(&mut q, employer_id, month).await?;
    let people: i64 = regions.values().map(|region| region.people).sum();
    let billed = !regions.is_empty()
        && regions
            .values()
            .all(|region| region.bills.iter().any(|bill| bill.kind == OrderKind::Regular));
    let undecided = match billed && people <= RECONCILED_AT_ONCE && actor.require(Permission::BillView).is_ok() {
        true => Some(reconcile(&mut q, book, employer_id, month).await?.undecided),
        false => None,
    };
    let amounts = actor.require(Permission::ContributionView).is_ok();
    let mut allowed = Vec::new();
    if actor.require(Permission::InsuranceFile).is_ok() {
        allowed.extend(["prepare", "sweep", "import_bill"].map(String::from));
    }
    Ok(MonthBoard {
        month,
        regions: regions
            .into_iter()
            .map(|(region, found)| found.view(region, undecided, amounts))
            .collect::<Result<_, _>>()?,
        undecided,
        allowed_actions: allowed,
    })
}

async fn gather(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<BTreeMap<RegionCode, Region>, Refusal> {
    let rows = q
        .all(
            "SELECT e.region AS region, COUNT(*) AS people,
                 (SELECT COUNT(*) FROM employer_insurance_task t WHERE t.employer_id = $1 AND t.region = e.region AND t.state = 'open') AS tasks
             FROM employer_employee e
             WHERE e.employer_id = $1 AND e.merged_into IS NULL AND e.hired_on <= $2 AND (e.left_on IS NULL OR e.left_on >= $3)
             GROUP BY e.region ORDER BY e.region",
            args![employer_id, month.last_day(), month.first_day()],
        )
        .await?;
    let mut regions = BTreeMap::new();
    for row in &rows {
        let region = Region {
            people: row.get("people")?,
            tasks: row.get("tasks")?,
            declarations: Vec::new(),
            bills: Vec::new(),
        };
        regions.insert(row.get("region")?, region);
    }
    let blank = || Region {
        people: 0,
        tasks: 0,
        declarations: Vec::new(),
        bills: Vec::new(),
    };
    for declaration in declarations::list(q, employer_id, Some(month), None, 1_000).await? {
        regions
            .entry(declaration.region)
            .or_insert_with(blank)
            .declarations
            .push(declaration);
    }
    for bill in bills::list(q, employer_id, Some(month), None).await? {
        regions.entry(bill.region).or_insert_with(blank).bills.push(bill);
    }
    Ok(regions)
}

fn step(step: &str, zh: &str, en: &str, state: MonthStepState, note: Option<Text>) -> MonthStep {
    MonthStep {
        step: step.to_string(),
        label: Text::new(zh, en),
        state,
        note,
    }
}

impl Region {
    fn has(&self, states: &[FilingState]) -> bool {
        self.declarations.iter().any(|one| one.people > 0 && states.contains(&one.state))
    }

    fn declared(&self) -> i64 {
        let with_agency = [FilingState::Filed, FilingState::Accepted];
        let counted = self.declarations.iter().filter(|one| with_agency.contains(&one.state));
        counted.map(|one| one.people - one.refused).sum()
    }

    fn view(self, region: RegionCode, undecided: Option<i64>, amounts: bool) -> Result<RegionMonth, Refusal> {
        let today = clock::today();
        let regular: Vec<&Bill> = self
            .bills
            .iter()
            .filter(|bill| bill.kind == OrderKind::Regular && !matches!(bill.state, BillState::Arriving | BillState::Cancelled))
            .collect();
        let billed = Money::sum(regular.iter().map(|bill| bill.total))?;
        let open = Money::sum(regular.iter().map(|bill| bill.open))?;
        let paid = !regular.is_empty() && regular.iter().all(|bill| bill.state == BillState::Paid);
        let overdue = regular.iter().any(|bill| bill.state.is_owed() && bill.due_on < today);
        let (declare, next) = self.declare_step();
        let assess = match () {
            () if !regular.is_empty() => MonthStepState::Done,
            () if self.has(&[FilingState::Filed, FilingState::Accepted]) => MonthStepState::Away,
            () => MonthStepState::Waiting,
        };
        let pay = match () {
            () if regular.is_empty() => MonthStepState::Waiting,
            () if paid => MonthStepState::Done,
            () if overdue => MonthStepState::Trouble,
            () => MonthStepState::Current,
        };
        let reconciled = match (paid, undecided) {
            (true, Some(0)) => MonthStepState::Done,
            (true, _) => MonthStepState::Current,
            _ => MonthStepState::Waiting,
        };
        let tasks = if self.tasks > 0 {
            MonthStepState::Current
        } else {
            MonthStepState::Done
        };
        let count = |n: i64| (n > 0).then(|| Text::new(n.to_string(), n.to_string()));
        let refused: i64 = self.declarations.iter().map(|one| one.refused).sum();
        let steps = vec![
            step("tasks", "待办", "Tasks", tasks, count(self.tasks)),
            step("declare", "申报", "Declare", declare, count(self.declared())),
            step("assess", "核定", "Assessed", assess, None),
            step("pay", "缴费", "Pay", pay, None),
            step(
                "receipt",
                "回执",
                "Receipt",
                if paid { MonthStepState::Done } else { MonthStepState::Waiting },
                None,
            ),
            step("reconcile", "对账", "Reconcile", reconciled, undecided.and_then(count)),
        ];
        let owed = regular.iter().find(|bill| bill.state.is_owed());
        let next = match () {
            () if next.is_some() => next,
            () if owed.is_some() => Some("pay"),
            () if paid && undecided != Some(0) => Some("reconcile"),
            () => None,
        };
        let regions: BTreeSet<Uuid> = self
            .declarations
            .iter()
            .filter(|one| one.state.is_with_us())
            .map(|one| one.id)
            .collect();
        Ok(RegionMonth {
            region,
            region_name: region.name().to_string(),
            people: self.people,
            declared: self.declared(),
            refused,
            tasks: self.tasks,
            billed_fen: (amounts && !regular.is_empty()).then_some(billed),
            open_fen: (amounts && !regular.is_empty()).then_some(open),
            steps,
            declaration_id: regions.into_iter().next().or_else(|| self.declarations.first().map(|one| one.id)),
            bill_id: owed.or(regular.first()).map(|bill| bill.id),
            next: next.map(String::from),
        })
    }

    /// The step of declaring, and what HR does next about it.
    fn declare_step(&self) -> (MonthStepState, Option<&'static str>) {
        if self.has(&[FilingState::Returned, FilingState::Refused]) {
            return (MonthStepState::Trouble, Some("prepare"));
        }
        if self.has(&[FilingState::Draft]) {
            return (MonthStepState::Current, Some("file"));
        }
        if self.has(&[FilingState::Filed]) {
            return (MonthStepState::Away, None);
        }
        if self.has(&[FilingState::Accepted]) {
            return (MonthStepState::Done, None);
        }
        (MonthStepState::Current, (self.people > 0).then_some("prepare"))
    }
}
