//! Stage 1 by machine, inside the act of submitting: accuracy, the term, and what compliance must look at.

use standard::{Date, Finding, Refusal, calendar};
use store::Tx;

use super::business::Business;
use super::case::{Case, Reason};
use super::history::{self, Entry};
use super::rows;
use super::state::{Act, CaseState};
use crate::clock;
use crate::identity::Actor;

/// Everything the machine finds about the form, before any person looks.
pub(super) async fn accuracy(tx: &mut Tx, business: &dyn Business, case: &Case, today: Date) -> Result<Vec<Finding>, Refusal> {
    let mut findings = business.accuracy(&case.form, today);
    if !findings.iter().any(Finding::is_blocking) {
        // The books are asked only about a form that is sound in itself.
        findings.extend(business.accuracy_in_books(tx, case, today).await?);
    }
    Ok(findings)
}

/// Takes a draft or returned case through submission and the machine's check: to compliance, or back.
pub(super) async fn submit(tx: &mut Tx, business: &dyn Business, actor: &Actor, case: &mut Case) -> Result<(), Refusal> {
    let today = clock::today();
    case.submitted_at = Some(clock::now());
    case.reasons = Vec::new();
    set_term(case, business, today);
    case.state = CaseState::InCompliance;
    if let Some(form) = business.complete(tx, case).await? {
        case.form = form;
    }
    history::append(
        tx,
        actor,
        case,
        Act::Submitted,
        Entry {
            keep_form: true,
            ..Entry::default()
        },
    )
    .await?;

    let system = Actor::system(case.owner);
    case.findings = accuracy(tx, business, case, today).await?;
    let blocking: Vec<Reason> = case
        .findings
        .iter()
        .filter(|finding| finding.is_blocking())
        .map(Reason::of)
        .collect();
    if !blocking.is_empty() {
        case.state = CaseState::Returned;
        case.reasons = blocking;
        case.due_on = None;
        let findings = case.findings.clone();
        let entry = Entry {
            findings: &findings,
            reasons: &case.reasons,
            ..Entry::default()
        };
        history::append(tx, &system, case, Act::AccuracyChecked, entry).await?;
        rows::update(tx, case).await?;
        return business.returned(tx, case, &case.reasons, false).await;
    }
    let entry = Entry {
        findings: &case.findings,
        ..Entry::default()
    };
    history::append(tx, &system, case, Act::AccuracyChecked, entry).await?;
    let compliance = business.compliance(tx, case, today).await?;
    case.findings.extend(compliance);
    rows::update(tx, case).await
}

/// The term runs anew with every submission, from the working day after it.
fn set_term(case: &mut Case, business: &dyn Business, today: Date) {
    case.due_on = None;
    case.due_estimated = false;
    if let Some(days) = business.due_working_days() {
        let term = calendar::add_working_days(today, days);
        case.due_on = Some(term.date);
        case.due_estimated = term.estimated;
    }
}

/// Asks the business again what speaks against passing; a blocking finding refuses the act.
pub(super) async fn compliance(tx: &mut Tx, business: &dyn Business, case: &mut Case) -> Result<(), Refusal> {
    let findings = business.compliance(tx, case, clock::today()).await?;
    let blocking: Vec<Finding> = findings.iter().filter(|finding| finding.is_blocking()).cloned().collect();
    if !blocking.is_empty() {
        let mut all = vec![
            Finding::blocking(
                "compliance_blocking",
                "合规性审核存在必须处理的问题，不能通过。",
                "The compliance check found problems that stop this case.",
            )
            .remedy(
                "处理下列问题，或退回、不予受理。",
                "Resolve the problems below, or return or refuse the case.",
            ),
        ];
        all.extend(blocking);
        return Err(Refusal::invalid_all(all));
    }
    case.findings = findings;
    Ok(())
}
