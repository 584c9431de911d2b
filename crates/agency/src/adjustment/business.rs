//! The adjustment as a reviewed case.

use std::collections::BTreeMap;

use async_trait::async_trait;
use control::clock;
use control::identity::Actor;
use control::review::{self, Business, Case, Effect, Reason, Section};
use exchange::Message;
use exchange::message::{AdjustmentApplication, AdjustmentResult, FilingOutcome, OrderKind, RefusedLine};
use policy::RuleBook;
use serde_json::json;
use standard::{Date, Finding, Money, Month, Refusal, Text, Timestamp};
use store::{Query, Tx, args};
use uuid::Uuid;

use super::Form;
use super::check::{Checked, examine, whole};
use super::view::sections;
use crate::assessment::{AssessedRow, Insurances, Issue, employer_knows, issue, undo};
use crate::employers::Unit;
use crate::enrolment::PersonId;
use crate::filing::{FiledLine, all_refused, answer, form, now, office_ref, refused_lines, shown, to_form, unit_of, unreadable};
use crate::transfer::events::outward;

/// Key of the case.
pub const ADJUSTMENT: &str = "adjustment";

/// Back payments above this are reviewed twice: 50,000 yuan, a rule of the house.
const SECOND_LEVEL_FEN: i64 = 5_000_000;

/// More months of one person than this in one back payment need a legal basis when the relation is transferred
/// (人社部规〔2016〕5号第七条: 一次性缴纳超过3年的).
const MONTHS_WITHOUT_BASIS: usize = 36;

/// The business `adjustment`.
pub struct Adjustments {
    /// The law months are worked out by.
    pub book: &'static RuleBook,
    /// Where an order can be paid online; empty where it cannot.
    pub pay_base: String,
}

impl Adjustments {
    /// The business by the law of `book`.
    pub fn new(book: &'static RuleBook, pay_base: &str) -> Self {
        Self {
            book,
            pay_base: pay_base.to_owned(),
        }
    }

    async fn checked(&self, tx: &mut Tx, application: &AdjustmentApplication, today: Date) -> Result<(Unit, Vec<Checked>), Refusal> {
        let unit = unit_of(tx, application.region, &application.employer).await?;
        let db = tx.db().clone();
        let lines = examine(tx, db.cipher(), self.book, &unit, application, today).await?;
        Ok((unit, lines))
    }

    /// Issues one order of the rows of one sign, if there are any.
    async fn order(
        &self,
        tx: &mut Tx,
        unit: &Unit,
        filing: Uuid,
        kind: OrderKind,
        rows: &[AssessedRow],
    ) -> Result<Option<(Uuid, Money)>, Refusal> {
        let Some(month) = rows.iter().map(|row| row.month).max() else {
            return Ok(None);
        };
        let new = Issue {
            unit,
            month,
            kind,
            filing_id: Some(filing),
            issued_on: clock::today(),
            rows,
        };
        let issued = issue(tx, self.book, &new).await?;
        employer_knows(tx, unit, issued.order_id, &self.pay_base).await?;
        Ok(Some((issued.order_id, issued.totals.sum()?)))
    }
}

#[async_trait]
impl Business for Adjustments {
    fn key(&self) -> &'static str {
        ADJUSTMENT
    }

    fn name(&self) -> Text {
        Text::new("补缴与退费", "Back payment and refund")
    }

    fn levels_of(&self, case: &Case) -> u8 {
        let back = form::<Form>(case).map(|form| form.back_fen.fen()).unwrap_or_default();
        if back > SECOND_LEVEL_FEN { 2 } else { 1 }
    }

    async fn complete(&self, tx: &mut Tx, case: &Case) -> Result<Option<review::Form>, Refusal> {
        let Ok(Form { application, .. }) = form::<Form>(case) else {
            return Ok(None);
        };
        let (_, lines) = self.checked(tx, &application, clock::today()).await?;
        let rows = rows(&lines, Uuid::nil())?;
        let form = Form {
            application,
            back_fen: sum(&rows.0)?,
            refund_fen: sum(&rows.1)?,
            sound: i64::try_from(lines.iter().filter(|line| line.is_sound()).count()).unwrap_or(i64::MAX),
        };
        to_form(&form).map(Some)
    }

    fn accuracy(&self, form: &review::Form, _today: Date) -> Vec<Finding> {
        match serde_json::from_value::<Form>(form.clone()) {
            Ok(form) => whole(&form.application),
            Err(_) => vec![unreadable()],
        }
    }

    async fn accuracy_in_books(&self, tx: &mut Tx, case: &Case, today: Date) -> Result<Vec<Finding>, Refusal> {
        let application = form::<Form>(case)?.application;
        Ok(nothing(&self.checked(tx, &application, today).await?.1))
    }

    async fn compliance(&self, tx: &mut Tx, case: &Case, today: Date) -> Result<Vec<Finding>, Refusal> {
        let application = form::<Form>(case)?.application;
        let (_, lines) = self.checked(tx, &application, today).await?;
        let mut found = nothing(&lines);
        let refused = lines.iter().filter(|line| !line.is_sound()).count();
        if refused > 0 {
            found.push(
                Finding::warning(
                    "lines_refused",
                    format!("{refused} 行不能办理，其余照常办理"),
                    format!("{refused} lines take no effect; the others go on"),
                )
                .remedy("办结后逐行回告单位", "The employer is told line by line when the case takes effect"),
            );
        }
        found.extend(long_back_payments(&lines));
        found.extend(shown(lines.iter().flat_map(|line| line.faults.iter().cloned()).collect()));
        Ok(found)
    }

    async fn effect(&self, tx: &mut Tx, case: &Case, actor: &Actor) -> Result<Effect, Refusal> {
        let application = form::<Form>(case)?.application;
        tx.lock(&crate::assessment::run::lock(application.region)).await?;
        let (unit, lines) = self.checked(tx, &application, clock::today()).await?;
        let (back, refund) = rows(&lines, unit.employer_id)?;
        let id = application.adjustment_id;
        let back = self.order(tx, &unit, id, OrderKind::Back, &back).await?;
        let refund = self.order(tx, &unit, id, OrderKind::Refund, &refund).await?;
        let sql = "UPDATE agency_filing SET back_order_id = $3, refund_order_id = $4, updated_at = $5 WHERE region = $1 AND filing_id = $2";
        let orders = (back.map(|(order, _)| order), refund.map(|(order, _)| order));
        tx.execute(sql, args![unit.region, id, orders.0, orders.1, Timestamp::now()])
            .await?;
        let amounts = (back.map_or(Money::ZERO, |(_, fen)| fen), refund.map_or(Money::ZERO, |(_, fen)| fen));
        let told = Told {
            outcome: FilingOutcome::Accepted,
            refused: refused_lines(&lines),
            amounts,
            reasons: Vec::new(),
        };
        let told = told.result(tx, &application, Some(actor)).await?;
        if case.source.is_some() {
            answer(tx, unit.region, unit.employer_id, &Message::AdjustmentResult(told.clone())).await?;
        }
        Ok(Effect {
            result: json!({
                "back_order_id": orders.0,
                "refund_order_id": orders.1,
                "back_fen": amounts.0,
                "refund_fen": amounts.1,
                "answer": told,
            }),
        })
    }

    async fn returned(&self, tx: &mut Tx, case: &Case, reasons: &[Reason], last: bool) -> Result<(), Refusal> {
        let Ok(Form { application, .. }) = form::<Form>(case) else {
            return Ok(());
        };
        if case.source.is_none() {
            return Ok(());
        }
        let outcome = if last { FilingOutcome::Refused } else { FilingOutcome::Returned };
        sent_back(tx, &application, outcome, outward(reasons)).await
    }

    /// Until one of its orders is paid: that is asked in the books when it is undone.
    fn reversible(&self, _case: &Case, _today: Date) -> bool {
        true
    }

    async fn reverse(&self, tx: &mut Tx, case: &Case, _actor: &Actor) -> Result<(), Refusal> {
        let application = form::<Form>(case)?.application;
        tx.lock(&crate::assessment::run::lock(application.region)).await?;
        let result = case.result.clone().unwrap_or_default();
        for key in ["back_order_id", "refund_order_id"] {
            let order = result
                .get(key)
                .cloned()
                .and_then(|id| serde_json::from_value::<Option<Uuid>>(id).ok())
                .flatten();
            if let Some(order) = order {
                undo(tx, application.region, order, "经办机构撤销补缴退费").await?;
            }
        }
        if case.source.is_none() {
            return Ok(());
        }
        let why = Reason {
            code: "adjustment_reversed".into(),
            text: Text::new(
                "经办机构已撤销本次补缴退费，征集单作废",
                "The agency undid the adjustment; its orders are cancelled",
            ),
            remedy: Some(Text::new("请核对后重新申报", "Check and file again")),
            field: None,
        };
        sent_back(tx, &application, FilingOutcome::Returned, outward(&[why])).await
    }

    fn view(&self, case: &Case) -> Vec<Section> {
        form::<Form>(case).map(|form| sections(&form)).unwrap_or_default()
    }
}

/// Sound lines as rows to be paid and rows to go back, one a person and month each.
fn rows(lines: &[Checked], employer_id: Uuid) -> Result<(Vec<AssessedRow>, Vec<AssessedRow>), Refusal> {
    let mut back: BTreeMap<(PersonId, Month), AssessedRow> = BTreeMap::new();
    let mut refund: BTreeMap<(PersonId, Month), AssessedRow> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.is_sound()) {
        let k = line.insurance as usize;
        let up = (line.employer.max(Money::ZERO), line.employee.max(Money::ZERO));
        let down = (line.employer.min(Money::ZERO).negate()?, line.employee.min(Money::ZERO).negate()?);
        for (side, (employer, employee)) in [(&mut back, up), (&mut refund, down)] {
            if employer.is_zero() && employee.is_zero() {
                continue;
            }
            let row = side.entry((line.person, line.month)).or_insert_with(|| AssessedRow {
                person_id: line.person,
                employer_id,
                month: line.month,
                insurances: Insurances::NONE,
                wage: line.wage,
                bases: [Money::ZERO; 5],
                employer: [Money::ZERO; 5],
                employee: [Money::ZERO; 5],
            });
            row.insurances = row.insurances.or(Insurances::of(&[line.insurance]));
            row.bases[k] = line.base;
            row.employer[k] = employer;
            row.employee[k] = employee;
        }
    }
    Ok((back.into_values().collect(), refund.into_values().collect()))
}

fn sum(rows: &[AssessedRow]) -> Result<Money, Refusal> {
    Ok(crate::assessment::totals_of(rows)?.sum()?)
}

/// Nothing could take effect: the whole goes back, with the reasons of its lines.
fn nothing(lines: &[Checked]) -> Vec<Finding> {
    if lines.iter().any(Checked::is_sound) {
        return Vec::new();
    }
    let head = Finding::blocking("nothing_to_adjust", "没有一行可以办理", "No line can take effect")
        .remedy("请按各行原因更正后重新申报", "Correct the lines and file again");
    all_refused(head, lines)
}

/// People for whom more than three years are paid at once.
fn long_back_payments(lines: &[Checked]) -> Option<Finding> {
    let mut months: BTreeMap<PersonId, std::collections::BTreeSet<Month>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.is_sound() && line.employer > Money::ZERO) {
        months.entry(line.person).or_default().insert(line.month);
    }
    let people = months.values().filter(|months| months.len() > MONTHS_WITHOUT_BASIS).count();
    (people > 0).then(|| {
        Finding::warning(
            "lump_back_payment",
            format!("{people} 人一次性补缴超过3年"),
            format!("More than three years are paid at once for {people} people"),
        )
        .remedy(
            "请核对法律文书或劳动关系证明；无依据的，今后不能转移（人社部规〔2016〕5号第七条）",
            "Check the legal basis; without one the months are not transferable later",
        )
    })
}

/// What the employer is told.
struct Told {
    outcome: FilingOutcome,
    refused: Vec<RefusedLine>,
    /// To pay, and to get back.
    amounts: (Money, Money),
    reasons: Vec<exchange::message::Reason>,
}

impl Told {
    async fn result(self, tx: &mut Tx, application: &AdjustmentApplication, actor: Option<&Actor>) -> Result<AdjustmentResult, Refusal> {
        Ok(AdjustmentResult {
            adjustment_id: application.adjustment_id,
            region: application.region,
            outcome: self.outcome,
            refused: self.refused,
            back_fen: self.amounts.0,
            refund_fen: self.amounts.1,
            office: office_ref(tx, application.region, actor).await?,
            reasons: self.reasons,
            at: now(),
        })
    }
}

async fn sent_back(
    tx: &mut Tx,
    application: &AdjustmentApplication,
    outcome: FilingOutcome,
    reasons: Vec<exchange::message::Reason>,
) -> Result<(), Refusal> {
    let told = Told {
        outcome,
        refused: Vec::new(),
        amounts: (Money::ZERO, Money::ZERO),
        reasons,
    };
    let told = told.result(tx, application, None).await?;
    answer(tx, application.region, application.employer.id, &Message::AdjustmentResult(told)).await
}

/// Refused without a case.
pub(super) async fn turned_down(
    tx: &mut Tx,
    application: &AdjustmentApplication,
    reasons: Vec<exchange::message::Reason>,
) -> Result<(), Refusal> {
    sent_back(tx, application, FilingOutcome::Refused, reasons).await
}
