//! The old region lets go: 转出审核, ending with the information form and the money set aside.

use ::store::{Query, Tx};
use async_trait::async_trait;
use control::clock;
use control::identity::Actor;
use control::review::{Business, Case, Effect, Form, Reason, Section, ViewField};
use exchange::Message;
use exchange::message::{ContactLetter, DeclineKind, InformationForm, TransferDecline, TransferStep};
use policy::RuleBook;
use serde_json::json;
use standard::{Date, Finding, Month, Refusal, Text};

use super::events::{self, LEG_WORKING_DAYS, Told};
use super::form::{Source, information_form};
use super::incoming::application_sections;
use super::money::{self, Worth};
use super::preflight::{Facts, preflight};
use super::{Docket, DocketState, Side, TRANSFER_OUT, decline, documents, store};
use crate::account::Valuation;
use crate::enrolment::{self, Relation};

/// What the old region's books say before it lets go: what the reviewers decide on.
pub struct Standing {
    /// The relation that would move.
    pub relation: Relation,
    /// 信息表 as it would be made today; none where the history cannot be counted.
    pub information: Option<InformationForm>,
}

/// The standing of a transfer that waits for this office's decision; none for any other, or without a relation.
pub async fn standing(q: &mut dyn Query, book: &'static RuleBook, docket: &Docket, today: Date) -> Result<Option<Standing>, Refusal> {
    let Some(letter) = &docket.letter else { return Ok(None) };
    if docket.side != Side::Out || docket.state != DocketState::Received {
        return Ok(None);
    }
    let Some(relation) = enrolment::find_relation(q, docket.person_id, docket.region, docket.insurance).await? else {
        return Ok(None);
    };
    let worth = money::worth(q, &relation, TransferOut { book }.valuation(today)).await?;
    let form = worth.money.as_ref().ok().and_then(|money| {
        information_form(&Source {
            book,
            docket,
            history: &worth.history,
            money,
            employer_name: &relation.employer_name,
            payee: &letter.to_agency,
            reference: "",
            on: today,
        })
        .ok()
    });
    Ok(Some(Standing {
        relation,
        information: form,
    }))
}

/// The business `transfer_out`.
pub struct TransferOut {
    /// The law that says what a history is worth.
    pub book: &'static RuleBook,
}

impl TransferOut {
    fn valuation(&self, today: Date) -> Valuation<'static> {
        Valuation {
            law: self.book,
            on: Month::of(today),
        }
    }
}

#[async_trait]
impl Business for TransferOut {
    fn key(&self) -> &'static str {
        TRANSFER_OUT
    }

    fn name(&self) -> Text {
        Text::new("养老保险关系转出审核", "Pension transfer out")
    }

    fn due_working_days(&self) -> Option<u32> {
        Some(LEG_WORKING_DAYS)
    }

    fn accuracy(&self, form: &Form, _today: Date) -> Vec<Finding> {
        match serde_json::from_value::<ContactLetter>(form.clone()) {
            Ok(letter) => check_letter(&letter),
            Err(_) => vec![Finding::blocking(
                "form_unreadable",
                "联系函内容无法读取",
                "The letter cannot be read",
            )],
        }
    }

    async fn compliance(&self, tx: &mut Tx, case: &Case, today: Date) -> Result<Vec<Finding>, Refusal> {
        let docket = docket_of(tx, case).await?;
        let relation = enrolment::find_relation(tx, docket.person_id, docket.region, docket.insurance).await?;
        let worth = match &relation {
            Some(relation) => Some(money::worth(tx, relation, self.valuation(today)).await?),
            None => None,
        };
        findings(tx, &docket, relation.as_ref(), worth.as_ref()).await
    }

    async fn effect(&self, tx: &mut Tx, case: &Case, actor: &Actor) -> Result<Effect, Refusal> {
        let mut docket = docket_of(tx, case).await?;
        let letter = docket
            .letter
            .clone()
            .ok_or_else(|| Refusal::internal("a transfer out has no letter"))?;
        let relation = enrolment::find_relation(tx, docket.person_id, docket.region, docket.insurance).await?;
        let relation = relation.ok_or_else(|| Refusal::internal("a relation that compliance saw is gone"))?;
        let today = clock::today();
        let worth = money::worth(tx, &relation, self.valuation(today)).await?;
        let worth_money = worth.money.clone()?;
        docket.reservation_id = money::reserve(tx, actor, &docket, &worth, &worth_money).await?;
        let number = enrolment::next_number(tx, docket.region, "payment", 1).await?;
        let form = information_form(&Source {
            book: self.book,
            docket: &docket,
            history: &worth.history,
            money: &worth_money,
            employer_name: &relation.employer_name,
            payee: &letter.to_agency,
            reference: &format!("ZF{}{}{number:06}", docket.region.number(), today.year()),
            on: today,
        })?;
        let term = events::leg_from_today();
        docket.state = DocketState::FormSent;
        docket.amount = worth_money.total;
        docket.information = Some(form.clone());
        docket.due_on = Some(term.date);
        store::save(tx, &docket).await?;
        events::send(tx, docket.office(), docket.counterpart(), &Message::InformationForm(form)).await?;
        let details = json!({ "amount_fen": docket.amount, "letter_number": letter.letter_number });
        events::tell(
            tx,
            &docket,
            Told::step(TransferStep::OldReviewed, Some(actor), TransferStep::FundsSent),
        )
        .await?;
        events::tell(
            tx,
            &docket,
            Told::step(TransferStep::FundsSent, Some(actor), TransferStep::FundsReceived).details(details.clone()),
        )
        .await?;
        documents::wanted(tx, &docket, documents::Kind::InformationForm, actor).await?;
        documents::wanted(tx, &docket, documents::Kind::FundNotice, actor).await?;
        Ok(Effect { result: details })
    }

    async fn returned(&self, tx: &mut Tx, case: &Case, reasons: &[Reason], last: bool) -> Result<(), Refusal> {
        let mut docket = docket_of(tx, case).await?;
        docket.state = if last { DocketState::Refused } else { DocketState::ReturnedHere };
        docket.due_on = None;
        store::save(tx, &docket).await?;
        decline::wanted(tx, &docket, case, &self.name().zh, events::outward(reasons), last).await?;
        let decline = TransferDecline {
            transfer_id: docket.transfer_id,
            by: docket.office(),
            stage: TRANSFER_OUT.to_owned(),
            kind: if last { DeclineKind::Refused } else { DeclineKind::Returned },
            reasons: events::outward(reasons),
        };
        events::send(tx, docket.office(), docket.counterpart(), &Message::TransferDecline(decline)).await
    }

    fn view(&self, case: &Case) -> Vec<Section> {
        read(case).map(|letter| letter_sections(&letter)).unwrap_or_default()
    }
}

fn read(case: &Case) -> Result<ContactLetter, Refusal> {
    serde_json::from_value(case.form.clone()).map_err(|error| Refusal::internal(format!("form of case {}: {error}", case.number)))
}

async fn docket_of(tx: &mut Tx, case: &Case) -> Result<Docket, Refusal> {
    let letter = read(case)?;
    store::take(tx, letter.application.from_region, letter.transfer_id).await
}

fn check_letter(letter: &ContactLetter) -> Vec<Finding> {
    let payee = &letter.to_agency;
    let mut found = Vec::new();
    let mut fault = |missing: bool, rule: &str, field: &str, zh: &str, en: &str| {
        if missing {
            found.push(Finding::blocking(rule, zh, en).field(field));
        }
    };
    let blank = |text: &str| text.trim().is_empty();
    fault(
        blank(&letter.letter_number),
        "field_missing",
        "letter_number",
        "联系函编号未填写",
        "The letter has no number",
    );
    fault(
        blank(&payee.bank_name) || blank(&payee.account_name) || blank(&payee.account),
        "bank_details_wrong",
        "to_agency.account",
        "收款账户信息不完整",
        "The payee's bank details are incomplete",
    );
    fault(
        letter.transfer_id != letter.application.transfer_id,
        "letter_mismatch",
        "application",
        "联系函与申请不是同一笔转移",
        "Letter and application differ",
    );
    found
}

async fn findings(tx: &mut Tx, docket: &Docket, relation: Option<&Relation>, worth: Option<&Worth>) -> Result<Vec<Finding>, Refusal> {
    let person = enrolment::find_person(tx, docket.person_id, docket.region).await?;
    let db = tx.db().clone();
    let others = store::of_person(tx, &db, docket.region, docket.person_id, docket.insurance).await?;
    let others: Vec<&Docket> = others
        .iter()
        .filter(|other| other.transfer_id != docket.transfer_id && other.side == Side::Out)
        .collect();
    let is_over = relation.is_some_and(|relation| relation.status == standard::RelationStatus::Terminated);
    Ok(preflight(&Facts {
        application: &docket.application,
        person: person.as_ref(),
        relation,
        moved_away: is_over && others.iter().any(|other| other.state == DocketState::Completed),
        other_open: others.iter().any(|other| other.state.is_open()),
        account_surplus_fen: worth.map_or(0, Worth::surplus_fen),
        years_without_rate: worth
            .and_then(|worth| worth.money.as_ref().ok())
            .map_or(&[], |money| money.detail.years_without_rate.as_slice()),
    }))
}

fn letter_sections(letter: &ContactLetter) -> Vec<Section> {
    let line = |key: &str, zh: &str, en: &str, value: &str| ViewField::new(key, Text::new(zh, en), value);
    let to = &letter.to_agency;
    let mut sections = vec![Section {
        title: Text::new("联系函", "Contact letter"),
        fields: vec![
            line("letter_number", "联系函编号", "Letter number", &letter.letter_number),
            line("system_serial", "系统跟踪流水号", "System serial", &letter.system_serial),
            line("issued_on", "开具日期", "Issued on", &letter.issued_on.to_string()),
            line("to_agency.name", "新参保地机构", "New agency", &to.name),
            line("to_agency.phone", "联系电话", "Phone", &to.phone),
            line("to_agency.bank_name", "开户银行", "Bank", &to.bank_name),
            line("to_agency.account_name", "户名", "Account name", &to.account_name),
            line("to_agency.account", "账号", "Account", &to.account),
        ],
    }];
    sections.extend(application_sections(&letter.application));
    sections
}
