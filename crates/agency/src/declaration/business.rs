//! The declaration as a reviewed case.

use ::store::Tx;
use async_trait::async_trait;
use control::identity::Actor;
use control::review::{self, Business, Case, Effect, Reason, Section};
use exchange::message::Declaration;
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Date, Finding, Money, Refusal, Text};
use uuid::Uuid;

use super::check::{Checked, whole};
use super::preview::{Assessed, assess, count, findings};
use super::store::{self, Basis, Record};
use super::view::sections;
use super::{Form, answer, inbound, settle};
use crate::assessment::{employer_knows, undo};
use crate::employers::{self, Stretch, Unit};
use crate::enrolment::PersonId;
use crate::filing::{self, FiledLine, all_refused, form, refused_lines, to_form, too_late, unreadable};

/// Key of the case.
pub const DECLARATION: &str = "declaration";

/// The business `declaration`.
pub struct Declarations {
    /// The law months are assessed by.
    pub book: &'static RuleBook,
    /// Where an order can be paid online; empty where it cannot.
    pub pay_base: String,
}

impl Declarations {
    /// The business by the law of `book`.
    pub fn new(book: &'static RuleBook, pay_base: &str) -> Self {
        Self {
            book,
            pay_base: pay_base.to_owned(),
        }
    }

    async fn assess(&self, tx: &mut Tx, unit: &Unit, declaration: &Declaration) -> Result<Assessed, Refusal> {
        let db = tx.db().clone();
        assess(tx, db.cipher(), self.book, unit, declaration).await
    }
}

/// What is kept for the reversal.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The one order, where only one was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order_id: Option<Uuid>,
    /// Every order issued.
    #[serde(default)]
    orders: Vec<Uuid>,
    /// The run's record that was settled.
    #[serde(default)]
    run: Option<Uuid>,
    /// The roll of the people assessed, as it stood before.
    roll: Vec<Stood>,
}

#[derive(Serialize, Deserialize)]
struct Stood {
    person: Uuid,
    since: standard::Month,
    until: Option<standard::Month>,
    insurances: u8,
    wage_fen: Money,
    hired_on: Option<Date>,
}

#[async_trait]
impl Business for Declarations {
    fn key(&self) -> &'static str {
        DECLARATION
    }

    fn name(&self) -> Text {
        Text::new("缴费工资申报", "Declaration of a month")
    }

    async fn complete(&self, tx: &mut Tx, case: &Case) -> Result<Option<review::Form>, Refusal> {
        let Ok(Form { declaration, .. }) = form::<Form>(case) else {
            return Ok(None);
        };
        let unit = unit_of(tx, &declaration).await?;
        let form = inbound::form(tx, self.book, &unit, declaration).await?;
        to_form(&form).map(Some)
    }

    fn accuracy(&self, form: &review::Form, today: Date) -> Vec<Finding> {
        match serde_json::from_value::<Form>(form.clone()) {
            Ok(form) => whole(&form.declaration, today),
            Err(_) => vec![unreadable()],
        }
    }

    async fn accuracy_in_books(&self, tx: &mut Tx, case: &Case, _today: Date) -> Result<Vec<Finding>, Refusal> {
        let declaration = form::<Form>(case)?.declaration;
        let unit = unit_of(tx, &declaration).await?;
        if case.source.is_none() {
            // Entered at the counter: from here on the month has a declaration.
            inbound::record(tx, case, &declaration, &unit).await?;
        }
        let mut found = taken(tx, case, &declaration).await?;
        match self.assess(tx, &unit, &declaration).await {
            Ok(assessed) if assessed.rows.is_empty() => found.extend(nothing(&assessed.lines)),
            Ok(_) => {}
            Err(refusal) if refusal.kind == standard::RefusalKind::Invalid => found.extend(refusal.findings),
            Err(refusal) => return Err(refusal),
        }
        Ok(found)
    }

    async fn compliance(&self, tx: &mut Tx, case: &Case, _today: Date) -> Result<Vec<Finding>, Refusal> {
        let declaration = form::<Form>(case)?.declaration;
        let unit = unit_of(tx, &declaration).await?;
        let assessed = self.assess(tx, &unit, &declaration).await?;
        let mut found = taken(tx, case, &declaration).await?;
        if assessed.rows.is_empty() {
            found.extend(nothing(&assessed.lines));
        }
        found.extend(findings(tx, &unit, &declaration, &assessed).await?);
        if settle::assumed(tx, &declaration, unit.employer_id).await?.is_some() {
            found.push(
                Finding::warning(
                    "settles_undeclared",
                    "该单位本月因未申报已批量核定，本件生效后按申报结算，多退少补（社会保险法第六十二条）",
                    "The month was assessed because nothing was declared; this settles it by what is declared",
                )
                .remedy("请核对迟报原因", "Check why it comes late"),
            );
        }
        Ok(found)
    }

    async fn effect(&self, tx: &mut Tx, case: &Case, actor: &Actor) -> Result<Effect, Refusal> {
        let declaration = form::<Form>(case)?.declaration;
        let unit = unit_of(tx, &declaration).await?;
        tx.lock(&crate::assessment::run::lock(unit.region)).await?;
        let assessed = self.assess(tx, &unit, &declaration).await?;
        let issued = settle::issue_declared(tx, self.book, &unit, &declaration, &assessed.rows).await?;
        if let Some(class) = declaration.industry_class {
            employers::set_class(tx, unit.region, unit.employer_id, class).await?;
        }
        let before = onto_roll(tx, &unit, &declaration, &assessed).await?;
        let refused = refused_lines(&assessed.lines);
        assessed_record(tx, case, &declaration, &unit, &assessed, (issued.order_id, issued.seq)).await?;
        let told = answer::accepted(tx, &declaration, actor, refused).await?;
        if answer::is_awaited(case) {
            answer::send(tx, &declaration, told.clone()).await?;
        }
        for order in &issued.orders {
            employer_knows(tx, &unit, *order, &self.pay_base).await?;
        }
        let kept = Kept {
            order_id: None,
            orders: issued.orders,
            run: issued.run,
            roll: before.iter().map(stood).collect(),
        };
        Ok(Effect {
            result: json!({
                "order_id": issued.order_id,
                "people": assessed.rows.len(),
                "refused": told.refused.len(),
                "total_fen": crate::assessment::totals_of(&assessed.rows)?.sum()?,
                "answer": told,
                "kept": kept,
            }),
        })
    }

    async fn returned(&self, tx: &mut Tx, case: &Case, reasons: &[Reason], last: bool) -> Result<(), Refusal> {
        let Ok(Form { declaration, .. }) = form::<Form>(case) else {
            return Ok(());
        };
        store::set_state(tx, declaration.region, case.id, if last { "refused" } else { "returned" }).await?;
        if !answer::is_awaited(case) {
            return Ok(());
        }
        let told = answer::sent_back(tx, &declaration, reasons, last).await?;
        answer::send(tx, &declaration, told).await
    }

    async fn withdrawn(&self, tx: &mut Tx, case: &Case) -> Result<(), Refusal> {
        let Ok(Form { declaration, .. }) = form::<Form>(case) else {
            return Ok(());
        };
        store::set_state(tx, declaration.region, case.id, "withdrawn").await
    }

    /// Until the order is paid: that is asked in the books when it is undone.
    fn reversible(&self, _case: &Case, _today: Date) -> bool {
        true
    }

    async fn reverse(&self, tx: &mut Tx, case: &Case, _actor: &Actor) -> Result<(), Refusal> {
        let declaration = form::<Form>(case)?.declaration;
        let kept = case.result.as_ref().and_then(|result| result.get("kept")).cloned();
        let kept: Kept = serde_json::from_value(kept.unwrap_or_default())
            .map_err(|error| Refusal::internal(format!("result of case {}: {error}", case.number)))?;
        tx.lock(&crate::assessment::run::lock(declaration.region)).await?;
        for order in kept.order_id.iter().chain(&kept.orders) {
            undo(tx, declaration.region, *order, "经办机构撤销核定").await?;
        }
        if let Some(run) = kept.run {
            settle::assume_again(tx, declaration.region, run).await?;
        }
        let employer_id = declaration.employer.id;
        put_wages_back(tx, declaration.region, employer_id, &kept.roll, declaration.month).await?;
        store::set_state(tx, declaration.region, case.id, "reversed").await?;
        if !answer::is_awaited(case) {
            return Ok(());
        }
        let reason = Reason {
            code: "declaration_reversed".into(),
            text: Text::new(
                "经办机构已撤销本次核定，征集单作废",
                "The agency undid the assessment; its order is cancelled",
            ),
            remedy: Some(Text::new("请核对后重新申报本月", "Check and declare the month again")),
            field: None,
        };
        let told = answer::sent_back(tx, &declaration, &[reason], false).await?;
        answer::send(tx, &declaration, told).await
    }

    fn view(&self, case: &Case) -> Vec<Section> {
        form::<Form>(case).map(|form| sections(&form)).unwrap_or_default()
    }
}

/// The employer of a declaration in the register.
pub(super) async fn unit_of(tx: &mut Tx, declaration: &Declaration) -> Result<Unit, Refusal> {
    filing::unit_of(tx, declaration.region, &declaration.employer).await
}

/// Blocks a month that another declaration was assessed for meanwhile. What a run assumed gives way.
async fn taken(tx: &mut Tx, case: &Case, declaration: &Declaration) -> Result<Vec<Finding>, Refusal> {
    let part = i64::from(declaration.part);
    let known = store::of_month(tx, declaration.region, declaration.employer.id, declaration.month).await?;
    let other = |one: &&store::Known| one.case_id != Some(case.id) && one.part == part && !one.by_run;
    let mut found = Vec::new();
    if known.iter().filter(other).any(|one| one.state == "assessed") {
        found.push(too_late().field("month"));
    }
    if known.iter().filter(other).any(|one| one.state == "pending") {
        found.push(
            Finding::blocking(
                "declaration_waiting",
                "该单位本月另有申报正在办理",
                "Another declaration of the month waits",
            )
            .remedy("请先办结或退回前一件", "Decide or return the other first"),
        );
    }
    Ok(found)
}

/// Nothing could be assessed: the whole goes back, with the reasons of its lines.
fn nothing(lines: &[Checked]) -> Vec<Finding> {
    let head = Finding::blocking("nothing_to_assess", "没有一行可以核定", "No line can be assessed")
        .remedy("请按各行原因更正后重新申报", "Correct the lines and declare again");
    all_refused(head, lines)
}

/// Puts what was declared onto the roll, and gives the stretches it changed as they were.
async fn onto_roll(tx: &mut Tx, unit: &Unit, declaration: &Declaration, assessed: &Assessed) -> Result<Vec<Stretch>, Refusal> {
    let sound: Vec<&Checked> = assessed.lines.iter().filter(|line| line.is_sound()).collect();
    let persons: Vec<PersonId> = sound.iter().map(|line| line.person).collect();
    let before = employers::stretches(tx, unit.region, unit.employer_id, &persons).await?;
    let mut after = before.clone();
    for line in sound {
        let covering = after
            .iter_mut()
            .find(|one| one.person_id == line.person && one.covers(declaration.month));
        match covering {
            Some(one) => {
                one.wage = line.wage;
                one.insurances = one.insurances.or(line.adopted);
            }
            None => after.push(Stretch {
                employer_id: unit.employer_id,
                person_id: line.person,
                since: declaration.month,
                until: next_since(&before, line.person, declaration.month).map(standard::Month::previous),
                insurances: line.insurances,
                wage: line.wage,
                hired_on: line.hired_on,
            }),
        }
    }
    employers::replace(tx, unit.region, unit.employer_id, &before, &after).await?;
    Ok(before)
}

/// When a person's next stretch after `month` begins.
fn next_since(all: &[Stretch], person: PersonId, month: standard::Month) -> Option<standard::Month> {
    all.iter()
        .filter(|one| one.person_id == person && one.since > month)
        .map(|one| one.since)
        .min()
}

async fn assessed_record(
    tx: &mut Tx,
    case: &Case,
    declaration: &Declaration,
    unit: &Unit,
    assessed: &Assessed,
    (order_id, seq): (Option<Uuid>, i64),
) -> Result<(), Refusal> {
    let totals = crate::assessment::totals_of(&assessed.rows)?;
    let record = Record {
        region: declaration.region,
        declaration_id: declaration.declaration_id,
        employer_id: unit.employer_id,
        month: declaration.month,
        basis: Basis::Declared,
        state: "assessed".to_owned(),
        part: i64::from(declaration.part),
        parts: i64::from(declaration.parts),
        round: i64::from(declaration.round),
        content_hash: Some(inbound::hash(declaration)?.to_vec()),
        case_id: Some(case.id),
        run_id: None,
        order_id,
        surcharge_order_id: None,
        seq,
        people: count(assessed.rows.len()),
        refused: count(assessed.lines.len() - assessed.rows.len()),
        employer: Money::sum(totals.employer)?,
        employee: Money::sum(totals.employee)?,
    };
    store::put(tx, &record).await
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

/// Puts the wages of the roll back to what they were; a stop or an enrolment that came after stays.
async fn put_wages_back(
    tx: &mut Tx,
    region: standard::RegionCode,
    employer_id: Uuid,
    then: &[Stood],
    month: standard::Month,
) -> Result<(), Refusal> {
    let persons: Vec<PersonId> = then.iter().map(|one| PersonId(one.person)).collect();
    let now = employers::stretches(tx, region, employer_id, &persons).await?;
    let mut after = now.clone();
    for one in after.iter_mut().filter(|one| one.covers(month)) {
        let old = then
            .iter()
            .find(|old| old.person == one.person_id.0 && old.since <= month && old.until.is_none_or(|until| until >= month));
        if let Some(old) = old {
            one.wage = old.wage_fen;
        }
    }
    employers::replace(tx, region, employer_id, &now, &after).await
}
