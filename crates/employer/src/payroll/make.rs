//! Making a run: page by page, each page one transaction, computed on every core and written in bulk. Killed between two pages it
//! goes on behind the last employee number that was stored, so nobody is paid twice.

use std::collections::BTreeMap;

use control::identity::Role;
use control::notice;
use jiff::SignedDuration;
use policy::{RuleBook, Silent};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use standard::{Finding, Money, Month, Organisation, Refusal, Text};
use store::{Db, Query, Tx, args, jobs};
use uuid::Uuid;

use super::compute::MonthContext;
use super::difference::{difference, locked_before, taken_back};
use super::entry;
use super::inputs::{Entered, Inputs, YearToDate};
use super::law::{self, Law};
use super::run::{Run, RunKind, RunState};
use super::slip::Slip;
use super::store::{self as rows, Payee, StoredSlip};
use crate::attendance::summary::{self, MonthSummary};
use crate::insurance::base::{self, Base};
use crate::people::company;
use crate::people::month::{self, MonthPerson};

/// The queue the server's worker claims from.
pub const QUEUE: &str = "employer.payroll";
/// People a page holds: large enough for bulk loading, small enough that no transaction is long.
const PAGE: i64 = 2_000;

/// What a job says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayrollJob {
    /// Whose run.
    pub employer_id: Uuid,
    /// Which one.
    pub run_id: Uuid,
}

/// What one making of a run reads once.
pub struct Maker {
    run: Run,
    law: Law,
    attendance: BTreeMap<Uuid, MonthSummary>,
    entered: BTreeMap<Uuid, Vec<Entered>>,
    openings: BTreeMap<Uuid, YearToDate>,
    industry_class: Option<i32>,
}

/// Makes a run to its end; doing it again afterwards changes nothing.
pub async fn run(db: &Db, book: &'static RuleBook, job: &PayrollJob) -> Result<(), Refusal> {
    if let Some(mut maker) = Maker::open(db, book, job).await? {
        while maker.step(db).await? {}
    }
    Ok(())
}

impl Maker {
    /// Reads what all pages share; none when the run is no longer being made.
    pub async fn open(db: &Db, book: &'static RuleBook, job: &PayrollJob) -> Result<Option<Maker>, Refusal> {
        let mut q = db.read();
        let run = rows::run(&mut q, job.employer_id, job.run_id).await?;
        if run.state != RunState::Making {
            return Ok(None);
        }
        Ok(Some(Maker {
            law: law::of_version(&mut q, job.employer_id, &run.law, book).await?,
            attendance: summary::of_month(&mut q, job.employer_id, run.month).await?,
            entered: entry::of_month(&mut q, job.employer_id, run.month).await?,
            openings: entry::openings(&mut q, job.employer_id, run.month.year()).await?,
            industry_class: company::settings(&mut q, job.employer_id).await?.injury_class,
            run,
        }))
    }

    /// Computes and stores one page; false when the run is finished or was discarded.
    pub async fn step(&mut self, db: &Db) -> Result<bool, Refusal> {
        let mut q = db.read();
        let (employer_id, month, after) = (self.run.employer_id, self.run.month, self.run.done_number);
        let people = month::of_month(&mut q, &self.law, employer_id, month, after, PAGE).await?;
        let is_last = (people.len() as i64) < PAGE;
        let until = match people.last() {
            Some(last) if !is_last => last.number,
            _ => i64::MAX,
        };
        let bases = base::of_month(&mut q, &self.law, employer_id, month, &people).await?;
        let year = year_to_date(&mut q, employer_id, month, after, until).await?;
        let mut before = match self.run.kind {
            RunKind::Regular => BTreeMap::new(),
            RunKind::Difference => locked_before(&mut q, employer_id, month, after, until).await?,
        };
        let slips = self.computed(&people, &bases, &year)?;
        let mut page = Vec::with_capacity(slips.len());
        for (person, (slip, inputs)) in people.iter().zip(slips) {
            let slip = match self.run.kind {
                RunKind::Regular => Some(slip),
                RunKind::Difference => difference(slip, before.remove(&person.number).unwrap_or_default().slip)?,
            };
            page.extend(slip.map(|slip| StoredSlip {
                payee: Payee::from(person),
                slip,
                inputs,
            }));
        }
        for gone in before.into_values() {
            page.extend(taken_back(gone)?);
        }
        page.sort_by_key(|one| one.payee.number);
        self.store(db, people, page, is_last).await
    }

    fn computed(
        &self,
        people: &[MonthPerson],
        bases: &BTreeMap<Uuid, Base>,
        year: &BTreeMap<i64, YearToDate>,
    ) -> Result<Vec<(Slip, String)>, Refusal> {
        let context = MonthContext::new(&self.law, self.run.month, &self.run.scheme)?;
        people
            .par_iter()
            .map(|person| {
                let id = &person.employee_id;
                let inputs = Inputs::of(
                    person,
                    bases.get(id),
                    self.attendance.get(id),
                    self.entered.get(id).cloned().unwrap_or_default(),
                    together(year.get(&person.number), self.openings.get(id))?,
                    self.industry_class,
                );
                let slip = context.slip(&inputs, &mut Silent);
                let inputs = serde_json::to_string(&inputs).map_err(Refusal::internal)?;
                Ok((slip, inputs))
            })
            .collect()
    }

    /// One page in one transaction. Another worker that came first, or a run discarded meanwhile, ends this making.
    async fn store(&mut self, db: &Db, people: Vec<MonthPerson>, page: Vec<StoredSlip>, is_last: bool) -> Result<bool, Refusal> {
        let mut tx = db.begin().await?;
        let stored = rows::lock_run(&mut tx, self.run.employer_id, self.run.id).await?;
        if stored.state != RunState::Making {
            return Ok(false);
        }
        if stored.done_number != self.run.done_number {
            drop(tx);
            self.run = stored;
            return Ok(true);
        }
        self.run = stored;
        for one in &page {
            self.run.totals.add(&one.slip)?;
            self.run.people += 1;
            self.run.blocking += i64::from(one.slip.severity() == 2);
            self.run.warnings += i64::from(one.slip.severity() == 1);
            note_missing_rates(&mut self.run, one);
        }
        self.run.done += people.len() as i64;
        if let Some(last) = people.last() {
            self.run.done_number = last.number;
        }
        rows::insert_slips(&mut tx, &self.run, page).await?;
        if is_last {
            self.run.state = RunState::Draft;
            tell(&mut tx, &self.run).await?;
        }
        rows::put_progress(&mut tx, &self.run).await?;
        tx.commit().await?;
        Ok(!is_last)
    }
}

/// A rate that is not encoded concerns everyone of a region: the run names it once.
fn note_missing_rates(run: &mut Run, one: &StoredSlip) {
    for finding in one.slip.findings.iter().filter(|finding| finding.rule == "rate_not_encoded") {
        let zh = format!("{}：{}", one.payee.region.name(), finding.message.zh);
        if !run.findings.iter().any(|known| known.message.zh == zh) {
            let en = format!("{}: {}", one.payee.region, finding.message.en);
            run.findings.push(Finding::warning("rate_not_encoded", zh, en));
        }
    }
}

/// Tells those who prepare payroll that a run is ready.
async fn tell(tx: &mut Tx, run: &Run) -> Result<(), Refusal> {
    notice::send(
        tx,
        &Organisation::Employer(run.employer_id),
        notice::Audience::Role(Role::HrManager),
        Text::new(
            format!("{} 薪酬计算完成", run.month),
            format!("Payroll of {} is computed", run.month),
        ),
        Text::new(
            format!(
                "共 {} 人，应发 {}，实发 {}；{} 人须处理，{} 人有提示。",
                run.people, run.totals.gross.0, run.totals.net.0, run.blocking, run.warnings
            ),
            format!(
                "{} people, gross {}, net {}; {} to be corrected, {} warnings.",
                run.people, run.totals.gross.0, run.totals.net.0, run.blocking, run.warnings
            ),
        ),
        Some(&format!("/employer/payroll/{}", run.id)),
    )
    .await?;
    Ok(())
}

fn together(year: Option<&YearToDate>, opening: Option<&YearToDate>) -> Result<YearToDate, Refusal> {
    let (a, b) = (year.copied().unwrap_or_default(), opening.copied().unwrap_or_default());
    Ok(YearToDate {
        income: a.income.try_add(b.income)?,
        special: a.special.try_add(b.special)?,
        additional: a.additional.try_add(b.additional)?,
        other: a.other.try_add(b.other)?,
        withheld: a.withheld.try_add(b.withheld)?,
        bonus_used: a.bonus_used || b.bonus_used,
    })
}

/// What the locked runs of the year brought before the month, by employee number.
async fn year_to_date(
    q: &mut impl Query,
    employer_id: Uuid,
    month: Month,
    after: i64,
    until: i64,
) -> Result<BTreeMap<i64, YearToDate>, Refusal> {
    let rows = q
        .all(
            "SELECT p.number, SUM(p.income_fen) AS income_fen, SUM(p.additional_fen) AS additional_fen, SUM(p.other_tax_fen) AS other_tax_fen,
                    SUM(p.employee_pension_fen + p.employee_medical_fen + p.employee_unemployment_fen + p.employee_injury_fen
                        + p.employee_maternity_fen + p.fund_fen) AS special_fen,
                    SUM(p.tax_fen) AS tax_fen, SUM(p.bonus_fen) AS bonus_fen
             FROM employer_pay_run r JOIN employer_payslip p ON p.employer_id = r.employer_id AND p.run_id = r.id
             WHERE r.employer_id = $1 AND r.month >= $2 AND r.month < $3 AND r.state = 'locked' AND p.number > $4 AND p.number <= $5
             GROUP BY p.number",
            args![employer_id, Month::new(month.year(), 1)?, month, after, until],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let year = YearToDate {
                income: row.get("income_fen")?,
                special: row.get("special_fen")?,
                additional: row.get("additional_fen")?,
                other: row.get("other_tax_fen")?,
                withheld: row.get("tax_fen")?,
                bonus_used: !row.get::<Money>("bonus_fen")?.is_zero(),
            };
            Ok((row.get("number")?, year))
        })
        .collect()
}

/// Longest time one page may take before another worker may take the job over.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// Makes at most one run, page by page, renewing the lease; yields how many jobs were taken.
pub async fn run_jobs(db: &Db, book: &'static RuleBook) -> Result<usize, Refusal> {
    let claimed = jobs::claim(db, QUEUE, 1, LEASE).await?;
    for job in &claimed {
        let outcome = made(db, book, job).await;
        let mut tx = db.begin().await?;
        match outcome {
            Ok(()) => drop(jobs::ack(&mut tx, job).await?),
            Err(refusal) => {
                tracing::warn!(attempts = job.attempts, %refusal, "a pay run failed and will be tried again");
                jobs::fail(&mut tx, job, refusal.rule()).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(claimed.len())
}

async fn made(db: &Db, book: &'static RuleBook, job: &jobs::Job) -> Result<(), Refusal> {
    let body: PayrollJob = job.body()?;
    let Some(mut maker) = Maker::open(db, book, &body).await? else {
        return Ok(());
    };
    while maker.step(db).await? {
        let mut tx = db.begin().await?;
        let ours = jobs::extend(&mut tx, job, LEASE).await?;
        tx.commit().await?;
        if !ours {
            return Ok(());
        }
    }
    Ok(())
}
