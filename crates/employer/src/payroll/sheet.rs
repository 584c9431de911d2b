//! 工资条 as a PDF: each line with what it comes from.

use control::document::{Entry, Mark, Payslip as Form, PayslipLine, Renderer};
use control::identity::Actor;
use policy::RuleBook;
use standard::{Money, Refusal};
use store::{Db, Query};
use uuid::Uuid;

use super::explain::{ExplainedPayslip, StepView};
use super::payslip::LineGroup;
use super::{explain, mine};
use crate::employer_of;
use crate::people::company;

/// A payslip of a run as a PDF, for those who see payroll.
pub async fn pdf(
    actor: &Actor,
    db: &Db,
    renderer: &Renderer,
    book: &'static RuleBook,
    run_id: Uuid,
    employee_id: Uuid,
) -> Result<Vec<u8>, Refusal> {
    let slip = explain::slip(actor, db, book, run_id, employee_id).await?;
    rendered(actor, db, renderer, slip).await
}

/// One's own payslip as a PDF.
pub async fn my_pdf(actor: &Actor, db: &Db, renderer: &Renderer, book: &'static RuleBook, run_id: Uuid) -> Result<Vec<u8>, Refusal> {
    let slip = mine::get(actor, db, book, run_id).await?;
    rendered(actor, db, renderer, slip).await
}

async fn rendered(actor: &Actor, db: &Db, renderer: &Renderer, slip: ExplainedPayslip) -> Result<Vec<u8>, Refusal> {
    let name = company_name(&mut db.read(), employer_of(actor)?).await?;
    Ok(renderer.render(&form(&name, &slip), Mark::plain()).await?.pdf)
}

async fn company_name(q: &mut impl Query, employer_id: Uuid) -> Result<String, Refusal> {
    Ok(company::get(q, employer_id).await?.name)
}

/// The last step of a line says how its amount came about; its sources are those of all its steps. The two sides of an insurance
/// share their code: each shows its own step.
fn how(steps: &[StepView], code: &str, group: LineGroup) -> (String, String) {
    let other_side = match group {
        LineGroup::Employer => "contribution_employee",
        _ => "contribution_employer",
    };
    let of: Vec<&StepView> = steps.iter().filter(|step| step.line == code && step.rule != other_side).collect();
    let figures = of.last().map(|step| step.figures.clone()).unwrap_or_default();
    let mut sources: Vec<String> = of
        .iter()
        .flat_map(|step| step.sources.iter().map(|one| one.citation.clone()))
        .collect();
    sources.sort();
    sources.dedup();
    (figures, sources.join("；"))
}

fn form(employer: &str, slip: &ExplainedPayslip) -> Form {
    let all = &slip.payslip;
    let lines = |groups: &[LineGroup]| -> Vec<PayslipLine> {
        all.lines
            .iter()
            .filter(|line| groups.contains(&line.group))
            .map(|line| {
                let (figures, sources) = how(&slip.steps, &line.code, line.group);
                let month = line.for_month.map(|month| format!("（{month}）")).unwrap_or_default();
                PayslipLine {
                    name: format!("{}{month}", line.name),
                    amount: Entry::money(line.amount),
                    figures,
                    basis: if sources.is_empty() { line.basis.clone() } else { sources },
                }
            })
            .collect()
    };
    let money = |amount: Money| Entry::money(amount);
    Form {
        employer: Entry::given(employer),
        month: Entry::month(all.month),
        number: Entry::given(all.number.to_string()),
        name: Entry::given(all.name.clone()),
        department: Entry::optional(Some(all.department.clone())),
        region: Entry::given(all.region.name()),
        gross: money(all.gross.0),
        net: money(all.net.0),
        earnings: lines(&[LineGroup::Earning, LineGroup::Reduction]),
        deductions: lines(&[LineGroup::Statutory, LineGroup::Deduction]),
        employer_costs: lines(&[LineGroup::Employer]),
        law: all.law.clone(),
    }
}
