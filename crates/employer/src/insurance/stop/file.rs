//! Correcting and filing a stop application.

use ::store::{Db, Query, args, outbox};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::Message;
use exchange::message::{StopApplication, StopLine, StopReason};
use serde::Deserialize;
use serde_json::json;
use standard::{Finding, Insurance, Month, Organisation, Refusal};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Line};
use super::{StopView, get};
use crate::employer_of;
use crate::insurance::amounts::{mask, of_mask};
use crate::insurance::filing::{FilingState, not_with_us, number, refuse_empty};
use crate::insurance::transfer::file::employer_party;
use crate::people::company;
use crate::people::month::id_numbers;

/// What HR corrects on a line; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct LineEdit {
    /// Which line.
    pub line: i64,
    /// 离职原因.
    #[serde(default)]
    pub reason: Option<StopReason>,
    /// The last month paid here; not before the month of hire, not after the month of leaving.
    #[serde(default)]
    pub last_month: Option<Month>,
    /// Which insurances stop.
    #[serde(default)]
    pub insurances: Option<Vec<Insurance>>,
    /// Takes the line out.
    #[serde(default)]
    pub remove: bool,
}

/// Corrects lines of an application that is with us. Taking out the last one drops the application.
pub async fn edit(actor: &Actor, db: &Db, id: Uuid, edits: &[LineEdit]) -> Result<StopView, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let mut stop = store::lock(&mut tx, employer_id, id).await?;
    if !stop.state.is_with_us() {
        return Err(not_with_us(stop.state));
    }
    let mut lines: Vec<Line> = store::lines(&mut tx, employer_id, &[id])
        .await?
        .into_iter()
        .map(|(_, line)| line)
        .collect();
    for edit in edits {
        let at = lines.iter().position(|line| line.line == edit.line).ok_or_else(no_such_line)?;
        if edit.remove {
            lines.remove(at);
            continue;
        }
        correct(&mut lines[at], edit)?;
    }
    for (line, row) in (1i64..).zip(&mut lines) {
        row.line = line;
    }
    tx.execute(
        "DELETE FROM employer_stop_line WHERE employer_id = $1 AND stop_id = $2",
        args![employer_id, id],
    )
    .await?;
    store::add_lines(&mut tx, employer_id, id, &lines).await?;
    if lines.is_empty() {
        stop.state = FilingState::Dropped;
    }
    store::update(&mut tx, employer_id, &stop).await?;
    let after = json!({ "edits": edits.len(), "lines": lines.len() });
    audit::record(&mut tx, actor, "stop.edit", "stop", id, None, Some(after)).await?;
    tx.commit().await?;
    get(actor, db, id).await
}

fn correct(line: &mut Line, edit: &LineEdit) -> Result<(), Refusal> {
    if let Some(reason) = edit.reason {
        line.reason = reason;
    }
    if let Some(month) = edit.last_month {
        if month > Month::of(line.left_on) {
            return Err(Refusal::invalid(
                Finding::blocking(
                    "stop_month_after_leave",
                    format!("末次缴费月 {month} 晚于离职月份"),
                    format!("the last month {month} is after the month of leaving"),
                )
                .field("last_month")
                .remedy("请填写离职当月或之前的月份", "give the month of leaving or an earlier one"),
            ));
        }
        line.last_month = month;
    }
    if let Some(insurances) = edit.insurances.as_deref().filter(|chosen| !chosen.is_empty()) {
        line.insurances = mask(insurances);
    }
    Ok(())
}

fn no_such_line() -> Refusal {
    Refusal::not_found("stop_line_not_found", "没有找到该行", "there is no such line")
}

/// Files the application. What is filed is not filed again; what was returned is filed as the next round.
pub async fn file(actor: &Actor, db: &Db, id: Uuid) -> Result<StopView, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let mut stop = store::lock(&mut tx, employer_id, id).await?;
    if matches!(stop.state, FilingState::Filed | FilingState::Accepted) {
        drop(tx);
        return get(actor, db, id).await;
    }
    if !stop.state.is_with_us() {
        return Err(not_with_us(stop.state));
    }
    let lines: Vec<Line> = store::lines(&mut tx, employer_id, &[id])
        .await?
        .into_iter()
        .map(|(_, line)| line)
        .collect();
    refuse_empty(lines.len())?;
    let now = clock::now();
    stop.round += 1;
    stop.state = FilingState::Filed;
    stop.reasons.clear();
    stop.filed_at = Some(now);
    stop.decided_at = None;
    let people: Vec<Uuid> = lines.iter().map(|line| line.employee_id).collect();
    let numbers = id_numbers(db, &mut tx, employer_id, &people).await?;
    let company = company::get(&mut tx, employer_id).await?;
    let message = Message::StopApplication(StopApplication {
        stop_id: id,
        round: number(stop.round)?,
        employer: employer_party(&company),
        region: stop.region,
        lines: lines.iter().map(|line| sent(line, &numbers)).collect::<Result<_, _>>()?,
        filed_on: clock::date_of(now),
    });
    let to = Organisation::Agency(stop.region);
    outbox::post(&mut tx, &actor.organisation, &to, message.kind(), &message.body_json().to_string()).await?;
    store::update(&mut tx, employer_id, &stop).await?;
    let after = json!({ "round": stop.round, "people": lines.len() });
    audit::record(&mut tx, actor, "stop.file", "stop", id, None, Some(after)).await?;
    tx.commit().await?;
    get(actor, db, id).await
}

fn sent(line: &Line, numbers: &std::collections::BTreeMap<Uuid, standard::IdNumber>) -> Result<StopLine, Refusal> {
    Ok(StopLine {
        line: number(line.line)?,
        id_number: numbers
            .get(&line.employee_id)
            .copied()
            .ok_or_else(|| Refusal::internal("a leaver without an ID number"))?,
        name: line.name.clone(),
        insurances: of_mask(line.insurances),
        last_month: line.last_month,
        reason: line.reason,
        left_on: line.left_on,
    })
}
