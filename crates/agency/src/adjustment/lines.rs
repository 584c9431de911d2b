//! The lines of an adjustment as the clerk reads them: the agency's figure beside the employer's.

use control::clock;
use control::review::Case;
use policy::RuleBook;
use standard::Refusal;
use store::Db;

use super::check::examine;
use super::{ADJUSTMENT, Form};
use crate::declaration::{LineView, MonthLines};
use crate::employers;
use crate::filing::{FiledLine, decided, form};

/// The lines of a case of this business: as decided, or as the books stand now.
pub(crate) async fn lines(
    db: &Db,
    book: &RuleBook,
    case: &Case,
    only_findings: bool,
    cursor: Option<&str>,
    limit: i64,
) -> Result<MonthLines, Refusal> {
    let application = form::<Form>(case)?.application;
    let mut q = db.read();
    let unit = employers::find(&mut q, application.region, application.employer.id)
        .await?
        .ok_or_else(employers::unknown)?;
    let checked = examine(&mut q, db.cipher(), book, &unit, &application, clock::today()).await?;
    let decided = decided(case);
    let all = application
        .lines
        .iter()
        .zip(checked)
        .map(|(filed, line)| {
            let sound = decided
                .as_ref()
                .map_or(line.is_sound(), |decided| !decided.contains_key(&filed.line));
            // What took effect is what was filed: a line whose figure differed was refused.
            let (employer, employee) = if decided.is_some() {
                (filed.employer_fen, filed.employee_fen)
            } else {
                (line.employer, line.employee)
            };
            LineView {
                line: filed.line,
                person_id: line.number.is_some().then_some(line.person.0),
                name: filed.name.clone(),
                id_masked: filed.id_number.masked(),
                person_number: line.number.clone(),
                month: Some(filed.month),
                insurances: vec![filed.insurance],
                wage_fen: Some(filed.wage_fen),
                wage_before_fen: None,
                employer_fen: Some(employer),
                employee_fen: Some(employee),
                expected_employer_fen: Some(filed.employer_fen),
                expected_employee_fen: Some(filed.employee_fen),
                sound,
                findings: match &decided {
                    Some(decided) => decided.get(&filed.line).cloned().unwrap_or_default(),
                    None => line.faults,
                },
            }
        })
        .collect();
    MonthLines::page(ADJUSTMENT, all, only_findings, cursor, limit)
}
