//! A payslip explained: computed again from its stored inputs with the components and the law of its day, each line with its steps.

use ::store::{Db, Query, args};
use control::identity::{Actor, Permission};
use policy::RuleBook;
use policy::trace::{Cited, Step};
use serde::Serialize;
use standard::{Date, Refusal, Text};
use utoipa::ToSchema;
use uuid::Uuid;

use super::compute::MonthContext;
use super::inputs::Inputs;
use super::law;
use super::payslip::{self, Payslip};
use super::run::{Run, RunKind};
use super::slip::LineRecorder;
use super::store::SlipRow;
use crate::employer_of;

/// The law behind a step.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PayslipSource)]
pub struct SourceView {
    /// Issuer, document, article.
    pub citation: String,
    /// Where the text is; empty when no address is known.
    pub url: String,
    /// In force since.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// How well it is confirmed.
    pub confidence: String,
}

/// One step of a line.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PayslipStep)]
pub struct StepView {
    /// The line it belongs to.
    pub line: String,
    /// Stable name of the rule.
    pub rule: String,
    /// What the step finds.
    pub title: Text,
    /// The figures.
    pub figures: String,
    /// What came out.
    pub result: String,
    /// The law.
    pub sources: Vec<SourceView>,
}

/// A payslip and how it came about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExplainedPayslip {
    /// The payslip.
    #[serde(flatten)]
    pub payslip: Payslip,
    /// The steps by line.
    pub steps: Vec<StepView>,
    /// True when computing it again gives the same fen; in a difference run the steps explain the new full amounts.
    pub replays: bool,
}

fn source(cited: &Cited) -> SourceView {
    SourceView {
        citation: cited.source.citation(),
        url: cited.source.url.clone(),
        from: cited.from,
        confidence: cited.source.confidence.zh().to_owned(),
    }
}

pub(super) fn step(line: &str, step: &Step) -> StepView {
    StepView {
        line: line.to_owned(),
        rule: step.rule.to_owned(),
        title: step.title.clone(),
        figures: step.figures.clone(),
        result: step.result.clone(),
        sources: step.sources.iter().map(source).collect(),
    }
}

/// What was locked for a person in the month by the runs before one.
async fn before(q: &mut impl Query, run: &Run, employee_id: Uuid) -> Result<Vec<SlipRow>, Refusal> {
    let rows = q
        .all(
            "SELECT p.* FROM employer_payslip p JOIN employer_pay_run r ON r.employer_id = p.employer_id AND r.id = p.run_id
             WHERE p.employer_id = $1 AND p.employee_id = $2 AND p.month = $3 AND r.state = 'locked' AND r.seq < $4 ORDER BY r.seq",
            args![run.employer_id, employee_id, run.month, run.seq],
        )
        .await?;
    rows.iter().map(super::store::read_slip).collect()
}

/// Explains one payslip; the caller has checked who asks.
pub(super) async fn explained(
    q: &mut impl Query,
    book: &'static RuleBook,
    employer_id: Uuid,
    run_id: Uuid,
    employee_id: Uuid,
) -> Result<ExplainedPayslip, Refusal> {
    let (run, row) = payslip::payslip_of(q, employer_id, run_id, employee_id).await?;
    if row.inputs.is_empty() {
        return Ok(ExplainedPayslip {
            payslip: payslip::payslip(&run, row),
            steps: Vec::new(),
            replays: true,
        });
    }
    let inputs: Inputs = serde_json::from_str(&row.inputs).map_err(|_| Refusal::internal("the inputs of a payslip do not read"))?;
    let law = law::of_version(q, employer_id, &run.law, book).await?;
    let context = MonthContext::new(&law, run.month, &run.scheme)?;
    let mut recorder = LineRecorder::default();
    let again = context.slip(&inputs, &mut recorder);
    let mut stored = row.slip.amounts();
    if run.kind == RunKind::Difference {
        for earlier in before(q, &run, employee_id).await? {
            for (sum, more) in stored.iter_mut().zip(earlier.slip.amounts()) {
                *sum = sum.try_add(more)?;
            }
        }
    }
    Ok(ExplainedPayslip {
        replays: again.amounts() == stored,
        payslip: payslip::payslip(&run, row),
        steps: recorder.steps.iter().map(|(line, one)| step(line, one)).collect(),
    })
}

/// One payslip of a run with its explanation.
pub async fn slip(actor: &Actor, db: &Db, book: &'static RuleBook, run_id: Uuid, employee_id: Uuid) -> Result<ExplainedPayslip, Refusal> {
    actor.require(Permission::PayrollView)?;
    explained(&mut db.read(), book, employer_of(actor)?, run_id, employee_id).await
}
