//! The stop as a reviewed case.

use std::collections::BTreeMap;

use async_trait::async_trait;
use control::clock;
use control::identity::Actor;
use control::review::{self, Business, Case, Effect, Reason, Section};
use exchange::Message;
use exchange::message::{FilingOutcome, RefusedLine, StopApplication, StopResult};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Date, Finding, Insurance, Money, Month, Refusal, RegionCode, RelationStatus, Text, Timestamp};
use store::{Query, Tx, args, in_list};
use uuid::Uuid;

use super::check::{Checked, examine, whole};
use super::view::sections;
use crate::assessment::Insurances;
use crate::employers::{self, Stretch, Unit};
use crate::enrolment::PersonId;
use crate::filing::{FiledLine, all_refused, answer, form, now, office_ref, refused_lines, shown, unit_of, unreadable};
use crate::transfer::events::outward;

/// Key of the case.
pub const STOP: &str = "relation_stop";

/// The business `relation_stop`.
pub struct Stops;

/// What is kept for the reversal.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    /// The roll of the people stopped, as it stood before.
    roll: Vec<Stood>,
    /// Everyone whose roll was touched.
    persons: Vec<Uuid>,
    /// Relations that rest now and ran before, by insurance.
    suspended: BTreeMap<Insurance, Vec<Uuid>>,
    /// The first month nothing is paid, of the earliest line.
    from: Month,
}

#[derive(Serialize, Deserialize)]
struct Stood {
    person: Uuid,
    since: Month,
    until: Option<Month>,
    insurances: u8,
    wage_fen: Money,
    hired_on: Option<Date>,
}

#[async_trait]
impl Business for Stops {
    fn key(&self) -> &'static str {
        STOP
    }

    fn name(&self) -> Text {
        Text::new("停保（减员）", "Stop of insurance")
    }

    /// 《社会保险经办条例》: changes and cancellations within 10 working days.
    fn due_working_days(&self) -> Option<u32> {
        Some(10)
    }

    fn accuracy(&self, form: &review::Form, _today: Date) -> Vec<Finding> {
        match serde_json::from_value::<StopApplication>(form.clone()) {
            Ok(application) => whole(&application),
            Err(_) => vec![unreadable()],
        }
    }

    async fn accuracy_in_books(&self, tx: &mut Tx, case: &Case, today: Date) -> Result<Vec<Finding>, Refusal> {
        Ok(nothing(&checked(tx, case, today).await?.1))
    }

    async fn compliance(&self, tx: &mut Tx, case: &Case, today: Date) -> Result<Vec<Finding>, Refusal> {
        let (_, lines) = checked(tx, case, today).await?;
        let mut found = nothing(&lines);
        let refused = lines.iter().filter(|line| !line.is_sound()).count();
        if refused > 0 {
            found.push(
                Finding::warning(
                    "lines_refused",
                    format!("{refused} 行不能停保，其余照常办理"),
                    format!("{refused} lines take no effect; the others go on"),
                )
                .remedy("办结后逐行回告单位", "The employer is told line by line when the case takes effect"),
            );
        }
        found.extend(shown(
            lines
                .iter()
                .flat_map(|line| line.faults.iter().chain(&line.notes).cloned())
                .collect(),
        ));
        Ok(found)
    }

    async fn effect(&self, tx: &mut Tx, case: &Case, actor: &Actor) -> Result<Effect, Refusal> {
        let application: StopApplication = form(case)?;
        let unit = unit_of(tx, application.region, &application.employer).await?;
        tx.lock(&crate::assessment::run::lock(unit.region)).await?;
        let (_, lines) = checked(tx, case, clock::today()).await?;
        let sound: Vec<&Checked> = lines.iter().filter(|line| line.is_sound()).collect();
        let kept = stop(tx, &unit, &sound).await?;
        let refused: Vec<RefusedLine> = refused_lines(&lines);
        let told = result(tx, &application, FilingOutcome::Accepted, Some(actor), refused, Vec::new()).await?;
        if case.source.is_some() {
            answer(tx, application.region, unit.employer_id, &Message::StopResult(told.clone())).await?;
        }
        Ok(Effect {
            result: json!({ "people": sound.len(), "refused": told.refused.len(), "answer": told, "kept": kept }),
        })
    }

    async fn returned(&self, tx: &mut Tx, case: &Case, reasons: &[Reason], last: bool) -> Result<(), Refusal> {
        let Ok(application) = form::<StopApplication>(case) else {
            return Ok(());
        };
        if case.source.is_none() {
            return Ok(());
        }
        let outcome = if last { FilingOutcome::Refused } else { FilingOutcome::Returned };
        let told = result(tx, &application, outcome, None, Vec::new(), outward(reasons)).await?;
        answer(tx, application.region, application.employer.id, &Message::StopResult(told)).await
    }

    /// While nothing later happened: that is asked in the books when it is undone.
    fn reversible(&self, _case: &Case, _today: Date) -> bool {
        true
    }

    async fn reverse(&self, tx: &mut Tx, case: &Case, _actor: &Actor) -> Result<(), Refusal> {
        let application: StopApplication = form(case)?;
        let unit = unit_of(tx, application.region, &application.employer).await?;
        let kept = case
            .result
            .as_ref()
            .and_then(|result| result.get("kept"))
            .cloned()
            .unwrap_or_default();
        let kept: Kept =
            serde_json::from_value(kept).map_err(|error| Refusal::internal(format!("result of case {}: {error}", case.number)))?;
        tx.lock(&crate::assessment::run::lock(unit.region)).await?;
        undo(tx, &unit, case, &kept).await?;
        if case.source.is_none() {
            return Ok(());
        }
        let why = Reason {
            code: "stop_reversed".into(),
            text: Text::new("经办机构已撤销本次停保", "The agency undid the stop"),
            remedy: Some(Text::new("请核对后重新申报", "Check and file again")),
            field: None,
        };
        let told = result(tx, &application, FilingOutcome::Returned, None, Vec::new(), outward(&[why])).await?;
        answer(tx, application.region, unit.employer_id, &Message::StopResult(told)).await
    }

    fn view(&self, case: &Case) -> Vec<Section> {
        form::<StopApplication>(case)
            .map(|application| sections(&application))
            .unwrap_or_default()
    }
}

async fn checked(tx: &mut Tx, case: &Case, today: Date) -> Result<(Unit, Vec<Checked>), Refusal> {
    let application: StopApplication = form(case)?;
    let unit = unit_of(tx, application.region, &application.employer).await?;
    let db = tx.db().clone();
    let lines = examine(tx, db.cipher(), &application, unit.employer_id, today).await?;
    Ok((unit, lines))
}

/// Nobody could be stopped: the whole goes back, with the reasons of its lines.
fn nothing(lines: &[Checked]) -> Vec<Finding> {
    if lines.iter().any(Checked::is_sound) {
        return Vec::new();
    }
    let head = Finding::blocking("nothing_to_stop", "没有一行可以停保", "No line can take effect")
        .remedy("请按各行原因更正后重新申报", "Correct the lines and file again");
    all_refused(head, lines)
}

/// Closes the roll and lets the relations rest; gives what the reversal needs.
async fn stop(tx: &mut Tx, unit: &Unit, lines: &[&Checked]) -> Result<Kept, Refusal> {
    let mut persons: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    persons.sort_unstable();
    persons.dedup();
    let before = employers::stretches(tx, unit.region, unit.employer_id, &persons).await?;
    let mut after: BTreeMap<PersonId, Vec<Stretch>> = BTreeMap::new();
    for one in &before {
        after.entry(one.person_id).or_default().push(one.clone());
    }
    let mut by_insurance: BTreeMap<Insurance, Vec<Uuid>> = BTreeMap::new();
    for line in lines {
        let stretches = after.entry(line.person).or_default();
        *stretches = employers::close(stretches, line.insurances, line.last);
        if !line.adopted.is_none() && !stretches.iter().any(|one| one.covers(line.last)) {
            // Known from older records only: the last month can still be declared.
            stretches.push(adopted(unit, line));
        }
        for insurance in line.insurances.list() {
            by_insurance.entry(insurance).or_default().push(line.person.0);
        }
    }
    let after: Vec<Stretch> = after.into_values().flatten().collect();
    employers::replace(tx, unit.region, unit.employer_id, &before, &after).await?;
    let mut suspended = BTreeMap::new();
    for (insurance, people) in by_insurance {
        let changed = set_status(
            tx,
            unit.region,
            insurance,
            &people,
            RelationStatus::Active,
            RelationStatus::Suspended,
        )
        .await?;
        suspended.insert(insurance, changed);
    }
    Ok(Kept {
        roll: before.iter().map(stood).collect(),
        persons: persons.iter().map(|person| person.0).collect(),
        suspended,
        from: lines
            .iter()
            .map(|line| line.last.next())
            .min()
            .unwrap_or_else(|| Month::of(clock::today())),
    })
}

fn adopted(unit: &Unit, line: &Checked) -> Stretch {
    Stretch {
        employer_id: unit.employer_id,
        person_id: line.person,
        since: line.last,
        until: Some(line.last),
        insurances: line.adopted,
        wage: Money::ZERO,
        hired_on: None,
    }
}

/// Changes relations of one insurance from one status to another; gives the persons changed.
async fn set_status(
    tx: &mut Tx,
    region: RegionCode,
    insurance: Insurance,
    persons: &[Uuid],
    from: RelationStatus,
    to: RelationStatus,
) -> Result<Vec<Uuid>, Refusal> {
    let mut changed = Vec::with_capacity(persons.len());
    for some in persons.chunks(500) {
        let sql = format!(
            "UPDATE agency_relation SET status = $4, updated_at = $5
             WHERE region = $1 AND insurance = $2 AND status = $3 AND person_id IN {} RETURNING person_id",
            in_list(some.len(), 6)
        );
        let mut values = args![region, insurance, from, to, Timestamp::now()];
        values.extend(some);
        for row in tx.all(&sql, values).await? {
            changed.push(row.get("person_id")?);
        }
    }
    Ok(changed)
}

/// Undoes a stop unless something later rests on it.
async fn undo(tx: &mut Tx, unit: &Unit, case: &Case, kept: &Kept) -> Result<(), Refusal> {
    let persons: Vec<PersonId> = kept.persons.iter().copied().map(PersonId).collect();
    let elsewhere = employers::held_elsewhere(tx, unit.region, unit.employer_id, &persons, kept.from).await?;
    if !elsewhere.is_empty() || transferred(tx, unit.region, case, &kept.persons).await? {
        return Err(later());
    }
    for (insurance, people) in &kept.suspended {
        let back = set_status(
            tx,
            unit.region,
            *insurance,
            people,
            RelationStatus::Suspended,
            RelationStatus::Active,
        )
        .await?;
        if back.len() != people.len() {
            return Err(later());
        }
    }
    let before: Vec<Stretch> = kept.roll.iter().map(|one| stretch(unit.employer_id, one)).collect();
    employers::restore(tx, unit.region, unit.employer_id, &persons, &before).await
}

/// Whether a transfer of one of these persons moved after the stop took effect.
async fn transferred(tx: &mut Tx, region: RegionCode, case: &Case, persons: &[Uuid]) -> Result<bool, Refusal> {
    for some in persons.chunks(500) {
        let sql = format!(
            "SELECT COUNT(*) AS n FROM agency_transfer WHERE region = $1 AND updated_at >= $2 AND person_id IN {}",
            in_list(some.len(), 3)
        );
        let mut values = args![region, case.closed_at];
        values.extend(some);
        if tx.one(&sql, values).await?.get::<i64>("n")? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn later() -> Refusal {
    Refusal::conflict(
        "later_business",
        "停保之后该人员已有新的参保或转移业务，不能撤销。",
        "Someone of this stop was insured again or transferred since; it cannot be undone.",
    )
    .remedy("请由现单位或新单位重新办理参保登记", "Have the person enrolled again instead")
}

fn stood(one: &Stretch) -> Stood {
    Stood {
        person: one.person_id.0,
        since: one.since,
        until: one.until,
        insurances: one.insurances.0,
        wage_fen: one.wage,
        hired_on: one.hired_on,
    }
}

fn stretch(employer_id: Uuid, one: &Stood) -> Stretch {
    Stretch {
        employer_id,
        person_id: PersonId(one.person),
        since: one.since,
        until: one.until,
        insurances: Insurances(one.insurances),
        wage: one.wage_fen,
        hired_on: one.hired_on,
    }
}

async fn result(
    tx: &mut Tx,
    application: &StopApplication,
    outcome: FilingOutcome,
    actor: Option<&Actor>,
    refused: Vec<RefusedLine>,
    reasons: Vec<exchange::message::Reason>,
) -> Result<StopResult, Refusal> {
    Ok(StopResult {
        stop_id: application.stop_id,
        region: application.region,
        outcome,
        refused,
        office: office_ref(tx, application.region, actor).await?,
        reasons,
        at: now(),
    })
}

/// Refused without a case.
pub(super) async fn turned_down(
    tx: &mut Tx,
    application: &StopApplication,
    reasons: Vec<exchange::message::Reason>,
) -> Result<(), Refusal> {
    let told = result(tx, application, FilingOutcome::Refused, None, Vec::new(), reasons).await?;
    answer(tx, application.region, application.employer.id, &Message::StopResult(told)).await
}
