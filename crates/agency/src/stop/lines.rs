//! The lines of a stop as the clerk reads them.

use control::clock;
use control::review::Case;
use exchange::message::StopApplication;
use standard::Refusal;
use store::Db;

use super::STOP;
use super::check::examine;
use crate::declaration::{LineView, MonthLines};
use crate::filing::{FiledLine, form};

/// The lines of a case of this business: as decided, or as the books stand now.
pub(crate) async fn lines(db: &Db, case: &Case, only_findings: bool, cursor: Option<&str>, limit: i64) -> Result<MonthLines, Refusal> {
    let application: StopApplication = form(case)?;
    let mut q = db.read();
    let checked = examine(&mut q, db.cipher(), &application, application.employer.id, clock::today()).await?;
    let decided = crate::filing::decided(case);
    let all = application
        .lines
        .iter()
        .zip(checked)
        .map(|(filed, line)| LineView {
            line: filed.line,
            person_id: line.number.is_some().then_some(line.person.0),
            name: filed.name.clone(),
            id_masked: filed.id_number.masked(),
            person_number: line.number.clone(),
            month: Some(filed.last_month),
            insurances: filed.insurances.clone(),
            wage_fen: None,
            wage_before_fen: None,
            employer_fen: None,
            employee_fen: None,
            expected_employer_fen: None,
            expected_employee_fen: None,
            sound: decided
                .as_ref()
                .map_or(line.is_sound(), |decided| !decided.contains_key(&filed.line)),
            findings: match &decided {
                Some(decided) => decided.get(&filed.line).cloned().unwrap_or_default(),
                None => line.faults.into_iter().chain(line.notes).collect(),
            },
        })
        .collect();
    MonthLines::page(STOP, all, only_findings, cursor, limit)
}
