//! The new region posts what arrived: 转移登账办结.

use ::store::Tx;
use async_trait::async_trait;
use control::clock;
use control::identity::Actor;
use control::review::{Business, Case, Effect, Form, Reason, Section, ViewField};
use exchange::Message;
use exchange::message::{DeclineKind, InformationForm, TransferCompleted, TransferDecline, TransferStep};
use serde_json::json;
use standard::{Date, Finding, MonthSet, Refusal, RelationStatus, Text};
use uuid::Uuid;

use super::events::{self, LEG_WORKING_DAYS, Told};
use super::{Docket, DocketState, TRANSFER_POSTING, decline, documents, form, money, store};
use crate::contribution::{self, Source, Stretch, coverage};
use crate::enrolment::{self, NewPerson, Relation};

/// The business `transfer_posting`.
pub struct TransferPosting;

#[async_trait]
impl Business for TransferPosting {
    fn key(&self) -> &'static str {
        TRANSFER_POSTING
    }

    fn name(&self) -> Text {
        Text::new("养老保险转移登账办结", "Pension transfer posting")
    }

    fn levels(&self) -> u8 {
        0
    }

    fn due_working_days(&self) -> Option<u32> {
        Some(LEG_WORKING_DAYS)
    }

    fn accuracy(&self, form: &Form, _today: Date) -> Vec<Finding> {
        match serde_json::from_value::<InformationForm>(form.clone()) {
            Ok(information) => form::check(&information),
            Err(_) => vec![Finding::blocking(
                "form_unreadable",
                "信息表内容无法读取",
                "The form cannot be read",
            )],
        }
    }

    async fn compliance(&self, tx: &mut Tx, case: &Case, _today: Date) -> Result<Vec<Finding>, Refusal> {
        let docket = docket_of(tx, case).await?;
        let information = read(case)?;
        let Some(relation) = enrolment::find_relation(tx, docket.person_id, docket.region, docket.insurance).await? else {
            return Ok(Vec::new());
        };
        let arriving: MonthSet = information.history.iter().map(|stretch| (stretch.from, stretch.to)).collect();
        let twice = relation.spans.intersection(&arriving);
        if twice.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![
            Finding::warning(
                "months_overlap",
                format!("有 {} 个月与本地缴费重复（{twice}），年限只计一次", twice.len()),
                format!("{} months were also paid here ({twice}); they count once", twice.len()),
            )
            .remedy("登账后为本人办理重复缴费清退", "Refund the double payment after posting"),
        ])
    }

    async fn effect(&self, tx: &mut Tx, case: &Case, actor: &Actor) -> Result<Effect, Refusal> {
        let mut docket = docket_of(tx, case).await?;
        let information = read(case)?;
        let one = &information.form_one;
        let db = tx.db().clone();
        let party = &docket.application.person;
        let person = NewPerson {
            region: docket.region,
            id_number: party.id_number,
            name: party.name.clone(),
            phone: party.phone.clone(),
            household_region: party.household_region,
        };
        let hash = db.cipher().id_hash(&party.id_number);
        enrolment::insert_person(tx, db.cipher(), &person).await?;
        let months = take_over(tx, &docket, &information).await?;
        money::allocate(tx, actor, &docket, one.account_fen, one.pooled_fen).await?;
        let today = clock::today();
        docket.state = DocketState::Completed;
        docket.due_on = None;
        store::save(tx, &docket).await?;
        let completed = TransferCompleted {
            transfer_id: docket.transfer_id,
            posted_on: today,
            amount_fen: docket.amount,
        };
        events::send(tx, docket.office(), docket.counterpart(), &Message::TransferCompleted(completed)).await?;
        events::tell_directory(tx, docket.region, &[hash]).await?;
        let details =
            json!({ "amount_fen": docket.amount, "account_fen": one.account_fen, "pooled_fen": one.pooled_fen, "months": months });
        events::tell(
            tx,
            &docket,
            Told::end(TransferStep::Completed, Some(actor)).details(details.clone()),
        )
        .await?;
        documents::wanted(tx, &docket, documents::Kind::Receipt, actor).await?;
        Ok(Effect { result: details })
    }

    async fn returned(&self, tx: &mut Tx, case: &Case, reasons: &[Reason], last: bool) -> Result<(), Refusal> {
        let mut docket = docket_of(tx, case).await?;
        let system = Actor::system(docket.office());
        money::give_back(tx, &system, &docket).await?;
        // The next form is another attempt: its money arrives under a key of its own.
        docket.attempt += 1;
        docket.state = if last { DocketState::Refused } else { DocketState::LetterSent };
        docket.due_on = (!last).then(|| events::leg_from_today().date);
        docket.information = None;
        store::save(tx, &docket).await?;
        decline::wanted(tx, &docket, case, &self.name().zh, events::outward(reasons), last).await?;
        let decline = TransferDecline {
            transfer_id: docket.transfer_id,
            by: docket.office(),
            stage: TRANSFER_POSTING.to_owned(),
            kind: if last { DeclineKind::Refused } else { DeclineKind::Returned },
            reasons: events::outward(reasons),
        };
        events::send(tx, docket.office(), docket.counterpart(), &Message::TransferDecline(decline)).await?;
        if last {
            events::tell(
                tx,
                &docket,
                Told::end(TransferStep::Refused, None).because(events::outward(reasons)),
            )
            .await?;
        }
        Ok(())
    }

    fn view(&self, case: &Case) -> Vec<Section> {
        read(case).map(|information| information_sections(&information)).unwrap_or_default()
    }
}

fn read(case: &Case) -> Result<InformationForm, Refusal> {
    serde_json::from_value(case.form.clone()).map_err(|error| Refusal::internal(format!("form of case {}: {error}", case.number)))
}

async fn docket_of(tx: &mut Tx, case: &Case) -> Result<Docket, Refusal> {
    let transfer: Uuid = read(case)?.transfer_id;
    let region = case
        .owner
        .region()
        .ok_or_else(|| Refusal::internal("a posting case belongs to no agency"))?;
    store::take(tx, region, transfer).await
}

/// Adds the months to the history and merges the relation; gives the months now counted.
async fn take_over(tx: &mut Tx, docket: &Docket, information: &InformationForm) -> Result<i64, Refusal> {
    let (person, region, insurance) = (docket.person_id, docket.region, docket.insurance);
    for sent in &information.history {
        let stretch = Stretch {
            insurance,
            from: sent.from,
            to: sent.to,
            base: sent.base_fen,
            employer_name: sent.employer_name.clone(),
            source: Source::Transferred,
            origin: docket.from_region,
        };
        contribution::insert(tx, person, region, &stretch).await?;
    }
    // Money and months do not enrol anybody: who is not enrolled here is not paid for here, and may be enrolled next.
    let last_employer = &information.form_one.employer_name;
    let known = enrolment::find_relation(tx, person, region, insurance).await?;
    let mut relation = known.unwrap_or_else(|| Relation::new(person, region, insurance, RelationStatus::Suspended, last_employer));
    if relation.status == RelationStatus::Terminated {
        relation.status = RelationStatus::Suspended;
    }
    let history = contribution::history(tx, person, region, insurance).await?;
    (relation.spans, relation.duplicates) = coverage(history.iter().map(|stretch| (stretch.from, stretch.to)));
    relation.before_1998 = relation.before_1998.try_add(information.form_one.before_1998_fen)?;
    enrolment::save_relation(tx, &relation).await?;
    Ok(relation.spans.len())
}

/// The yearly rows of 信息表(二) are a table of their own on the screen, from the books of the transfer.
fn information_sections(information: &InformationForm) -> Vec<Section> {
    let line = |key: &str, zh: &str, en: &str, value: String| ViewField::new(key, Text::new(zh, en), value);
    let one = &information.form_one;
    vec![
        Section {
            title: Text::new("信息表（一）", "Information form (1)"),
            fields: vec![
                line("form_one.employer_name", "转出单位名称", "Last employer", one.employer_name.clone()),
                line(
                    "form_one.first_paid_month",
                    "本人首次缴费时间",
                    "First paid",
                    one.first_paid_month.to_string(),
                ),
                line(
                    "form_one.local_months",
                    "本地实际缴费月数",
                    "Months there",
                    one.local_months.to_string(),
                ),
                line(
                    "form_one.before_1998_fen",
                    "① 1998年前个人缴费累计本息",
                    "① before 1998",
                    one.before_1998_fen.to_yuan(),
                ),
                line(
                    "form_one.until_last_year_fen",
                    "② 1998年至上年末账户储存额",
                    "② to last year",
                    one.until_last_year_fen.to_yuan(),
                ),
                line(
                    "form_one.this_year_fen",
                    "③ 当年记账本金",
                    "③ this year",
                    one.this_year_fen.to_yuan(),
                ),
                line("form_one.account_fen", "④ 个人账户转移额", "④ account", one.account_fen.to_yuan()),
                line("form_one.pooled_fen", "⑤ 统筹基金转移额", "⑤ pooled fund", one.pooled_fen.to_yuan()),
                line("form_one.total_fen", "⑥ 转移总额", "⑥ total", one.total_fen.to_yuan()),
            ],
        },
        Section {
            title: Text::new("付款通知", "Fund notice"),
            fields: vec![
                line(
                    "fund_notice.reference",
                    "付款编号",
                    "Reference",
                    information.fund_notice.reference.clone(),
                ),
                line(
                    "fund_notice.amount_fen",
                    "付款金额",
                    "Amount",
                    information.fund_notice.amount_fen.to_yuan(),
                ),
                line(
                    "fund_notice.paid_on",
                    "付款日期",
                    "Paid on",
                    information.fund_notice.paid_on.to_string(),
                ),
            ],
        },
    ]
}
