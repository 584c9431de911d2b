//! The nationwide check of many rows: batches on the way at once, answers in the roster's order.

use std::time::Duration;

use exchange::{RelationView, StatusAnswer};
use futures::StreamExt;
use standard::{Date, Finding, IdNumber, Refusal, RegionCode};
use uuid::Uuid;

use super::row::{GoodRow, Row};
use crate::insurance::preflight::{Advice, StatusSource, Subject, Verdict, judge};

/// Rows asked about in one question to the source.
pub const BATCH: usize = 256;
/// Batches on the way at once.
const BATCHES_AT_ONCE: usize = 4;
/// How often a region that did not answer is asked again, and after what pause.
const RETRY_PAUSES_MS: [u64; 2] = [200, 1000];

/// What came out for one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowResult {
    /// The row's number in the file.
    pub number: u32,
    /// In one word.
    pub verdict: Verdict,
    /// Regions to transfer from.
    pub from_regions: Vec<RegionCode>,
    /// Every reason.
    pub findings: Vec<Advice>,
    /// The relations found, kept for the employee's record.
    pub relations: Vec<RelationView>,
    /// The person, if the unit has them already.
    pub employee_id: Option<Uuid>,
}

impl RowResult {
    /// 原参保地: region names joined by 、.
    pub fn from_names(&self) -> String {
        let names: Vec<&str> = self.from_regions.iter().map(|r| r.name()).collect();
        names.join("、")
    }

    /// 说明: the findings in one line; of an old number also its 18-digit form, which is all there is to do.
    pub fn explanation(&self) -> String {
        let line = |advice: &Advice| match &advice.finding.remedy {
            Some(remedy) if advice.finding.rule == "id_number_fifteen_digits" => {
                format!("{}，{}", advice.finding.message.zh, remedy.zh)
            }
            _ => advice.finding.message.zh.clone(),
        };
        let lines: Vec<String> = self.findings.iter().map(line).collect();
        lines.join("；")
    }
}

/// Checks every row, in order. `progress` hears how many rows are done out of how many.
pub async fn check_rows(
    source: &dyn StatusSource,
    rows: &[Row],
    today: Date,
    purpose: &str,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<RowResult>, Refusal> {
    let total = rows.len();
    let mut results = Vec::with_capacity(total);
    let batches: Vec<_> = rows.chunks(BATCH).map(|batch| check_batch(source, batch, today, purpose)).collect();
    let mut answers = futures::stream::iter(batches).buffered(BATCHES_AT_ONCE);
    while let Some(batch) = answers.next().await {
        results.extend(batch?);
        progress(results.len(), total);
    }
    Ok(results)
}

/// Checks one batch. Rows that cannot be read are not asked about: they are 数据有误 already.
pub async fn check_batch(source: &dyn StatusSource, rows: &[Row], today: Date, purpose: &str) -> Result<Vec<RowResult>, Refusal> {
    let people: Vec<&GoodRow> = rows.iter().filter_map(|row| row.good.as_ref()).collect();
    let answers = ask(source, &people, purpose).await?;
    let mut judged = people.into_iter().zip(answers);
    rows.iter()
        .map(|row| match &row.good {
            None => Ok(bad(row)),
            Some(_) => judged
                .next()
                .map(|(good, answer)| weigh(row, good, answer, today))
                .ok_or_else(|| Refusal::internal("the status source answered fewer people than were asked")),
        })
        .collect()
}

/// Asks for all; whoever has an unanswered region is asked about again before the answer is taken as it is.
async fn ask(source: &dyn StatusSource, people: &[&GoodRow], purpose: &str) -> Result<Vec<StatusAnswer>, Refusal> {
    let question = |good: &&GoodRow| (good.id_number, good.name.clone());
    let asked: Vec<(IdNumber, String)> = people.iter().map(question).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut answers = source.status_many(&asked, purpose).await?;
    for pause in RETRY_PAUSES_MS {
        let open: Vec<usize> = (0..answers.len()).filter(|at| !answers[*at].unanswered.is_empty()).collect();
        if open.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let again: Vec<_> = open.iter().filter_map(|at| asked.get(*at).cloned()).collect();
        let heard = source.status_many(&again, purpose).await?;
        for (at, answer) in open.into_iter().zip(heard) {
            answers[at] = answer;
        }
    }
    Ok(answers)
}

fn bad(row: &Row) -> RowResult {
    RowResult {
        number: row.raw.number,
        verdict: Verdict::BadData,
        from_regions: Vec::new(),
        findings: row.faults.iter().cloned().map(Advice::plain).collect(),
        relations: Vec::new(),
        employee_id: None,
    }
}

fn weigh(row: &Row, good: &GoodRow, answer: StatusAnswer, today: Date) -> RowResult {
    let subject = Subject {
        id_number: good.id_number,
        household: None,
        target: good.region,
        hired_on: Some(good.hired_on),
    };
    let judgment = judge(&subject, &answer, today);
    let mut findings = judgment.findings;
    let warnings = crate::people::checks::hire_date(&good.id_number, good.hired_on, today);
    findings.extend(warnings.into_iter().filter(|w| !Finding::is_blocking(w)).map(Advice::plain));
    // A contradicted name says the record is someone else's: none of it is shown or kept.
    let relations = if judgment.verdict == Verdict::BadData {
        Vec::new()
    } else {
        answer.relations
    };
    RowResult {
        number: row.raw.number,
        verdict: judgment.verdict,
        from_regions: judgment.from_regions,
        findings,
        relations,
        employee_id: None,
    }
}
