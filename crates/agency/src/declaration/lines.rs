//! The lines of a waiting or decided declaration as the clerk reads them: findings first, each beside what was declared before.

use std::collections::HashMap;

use control::review::Case;
use policy::RuleBook;
use serde::Serialize;
use standard::{Finding, Insurance, Money, Month, Refusal};
use store::Db;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Form;
use super::preview::assess;
use crate::assessment::AssessedRow;
use crate::employers;
use crate::enrolment::PersonId;
use crate::filing::{FiledLine, decided, form};

/// One line of a month's business.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineView {
    /// Its number in the filing.
    pub line: u32,
    /// The person, when known.
    pub person_id: Option<Uuid>,
    /// 姓名.
    pub name: String,
    /// Masked ID number.
    pub id_masked: String,
    /// 个人编号, when known.
    pub person_number: Option<String>,
    /// 费款所属期 or last month, where a line has its own.
    pub month: Option<Month>,
    /// The insurances concerned.
    pub insurances: Vec<Insurance>,
    /// 申报工资, fen.
    pub wage_fen: Option<Money>,
    /// What was declared before, fen.
    pub wage_before_fen: Option<Money>,
    /// 单位应缴 by the agency's figures, fen; negative goes back.
    pub employer_fen: Option<Money>,
    /// 个人应缴 by the agency's figures, fen.
    pub employee_fen: Option<Money>,
    /// What the employer expects on its side, fen, where it says so line by line.
    pub expected_employer_fen: Option<Money>,
    /// What it expects on the employee's side, fen.
    pub expected_employee_fen: Option<Money>,
    /// Whether the line takes effect.
    pub sound: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// A page of lines.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MonthLines {
    /// The business: `declaration`, `relation_stop` or `adjustment`.
    pub business: String,
    /// Lines with findings first.
    pub items: Vec<LineView>,
    /// How many lines.
    pub total: i64,
    /// How many of them do not take effect.
    pub refused: i64,
    /// 单位应缴 of all lines that do, fen.
    pub employer_fen: Money,
    /// 个人应缴 of all lines that do, fen.
    pub employee_fen: Money,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

impl MonthLines {
    /// Sorts findings first, sums up, and cuts out the page after `cursor`.
    pub(crate) fn page(
        business: &str,
        mut all: Vec<LineView>,
        only_findings: bool,
        cursor: Option<&str>,
        limit: i64,
    ) -> Result<Self, Refusal> {
        all.sort_by_key(|line| (line.sound, line.findings.is_empty(), line.line));
        let sum = |of: fn(&LineView) -> Option<Money>| Money::sum(all.iter().filter(|line| line.sound).filter_map(of));
        let (employer_fen, employee_fen) = (sum(|line| line.employer_fen)?, sum(|line| line.employee_fen)?);
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let refused = i64::try_from(all.iter().filter(|line| !line.sound).count()).unwrap_or(i64::MAX);
        let wanted: Vec<LineView> = all.into_iter().filter(|line| !only_findings || !line.findings.is_empty()).collect();
        let skip: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let limit = usize::try_from(limit.clamp(1, 200)).unwrap_or(50);
        let more = wanted.len() > skip.saturating_add(limit);
        Ok(Self {
            business: business.to_owned(),
            items: wanted.into_iter().skip(skip).take(limit).collect(),
            total,
            refused,
            employer_fen,
            employee_fen,
            next_cursor: more.then(|| (skip + limit).to_string()),
        })
    }
}

/// The lines of a case of this business, as the books stand now.
pub(crate) async fn lines(
    db: &Db,
    book: &RuleBook,
    case: &Case,
    only_findings: bool,
    cursor: Option<&str>,
    limit: i64,
) -> Result<MonthLines, Refusal> {
    let declaration = form::<Form>(case)?.declaration;
    let mut q = db.read();
    let order = case.result.as_ref().and_then(|result| result.get("order_id")).cloned();
    let unit = employers::find(&mut q, declaration.region, declaration.employer.id)
        .await?
        .ok_or_else(employers::unknown)?;
    let assessed = assess(&mut q, db.cipher(), book, &unit, &declaration).await?;
    let stored: HashMap<PersonId, AssessedRow> = match order.map(serde_json::from_value::<Uuid>) {
        Some(Ok(order)) => crate::assessment::rows_of_order(&mut q, declaration.region, order)
            .await?
            .into_iter()
            .map(|row| (row.person_id, row))
            .collect(),
        _ => HashMap::new(),
    };
    let refused = decided(case);
    let computed: HashMap<PersonId, &AssessedRow> = assessed.rows.iter().map(|row| (row.person_id, row)).collect();
    let mut all = Vec::with_capacity(assessed.lines.len());
    for (filed, line) in declaration.lines.iter().zip(&assessed.lines) {
        let sound = refused
            .as_ref()
            .map_or(line.is_sound(), |refused| !refused.contains_key(&line.line));
        let row = match refused {
            Some(_) => stored.get(&line.person),
            None => computed.get(&line.person).copied(),
        };
        let totals = row.filter(|_| sound).map(AssessedRow::totals).transpose()?;
        all.push(LineView {
            line: line.line,
            person_id: line.number.is_some().then_some(line.person.0),
            name: filed.name.clone(),
            id_masked: filed.id_number.masked(),
            person_number: line.number.clone(),
            month: None,
            insurances: filed.insurances.clone(),
            wage_fen: Some(filed.wage_fen),
            wage_before_fen: line.standing.as_ref().map(|one| one.wage).filter(|wage| !wage.is_zero()),
            employer_fen: totals.map(|(employer, _)| employer),
            employee_fen: totals.map(|(_, employee)| employee),
            expected_employer_fen: None,
            expected_employee_fen: None,
            sound,
            // Once decided, what the books say now would only contradict what was decided then.
            findings: match &refused {
                Some(refused) => refused.get(&line.line).cloned().unwrap_or_default(),
                None => line.faults.iter().chain(&line.notes).cloned().collect(),
            },
        });
    }
    MonthLines::page(super::DECLARATION, all, only_findings, cursor, limit)
}
