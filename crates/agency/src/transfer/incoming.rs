//! The new region takes over: 转入申请受理, and the contact letter it ends with.

use ::store::Tx;
use async_trait::async_trait;
use control::clock;
use control::identity::{Actor, Field};
use control::review::{Business, Case, Effect, Form, Reason, Section, ViewField};
use exchange::Message;
use exchange::message::{AccountKind as LetterAccount, ContactLetter, TransferApplication, TransferStep};
use policy::RuleBook;
use policy::transfer::{AccountKind, account_kind, at_household, within_one_province};
use serde_json::json;
use standard::{Date, Finding, IdNumber, Insurance, Refusal, RegionCode, Text};

use super::events::{self, LEG_WORKING_DAYS, Told};
use super::{Docket, DocketState, Side, TRANSFER_IN, decline, documents, messages, signed, store};
use crate::enrolment::{self, PersonId};
use crate::status::folded;

/// The business `transfer_in`.
pub struct TransferIn {
    /// The law that says who gets a temporary account.
    pub book: &'static RuleBook,
}

#[async_trait]
impl Business for TransferIn {
    fn key(&self) -> &'static str {
        TRANSFER_IN
    }

    fn name(&self) -> Text {
        Text::new("养老保险关系转入受理", "Pension transfer in")
    }

    fn due_working_days(&self) -> Option<u32> {
        Some(LEG_WORKING_DAYS)
    }

    fn accuracy(&self, form: &Form, today: Date) -> Vec<Finding> {
        match serde_json::from_value::<TransferApplication>(form.clone()) {
            Ok(application) => check_application(&application, today),
            Err(_) => vec![unreadable()],
        }
    }

    async fn accuracy_in_books(&self, tx: &mut Tx, case: &Case, _today: Date) -> Result<Vec<Finding>, Refusal> {
        let application = read(case)?;
        let docket = store::take(tx, application.to_region, application.transfer_id).await?;
        let db = tx.db().clone();
        let others = store::of_person(tx, &db, docket.region, docket.person_id, docket.insurance).await?;
        let mut found = Vec::new();
        if others
            .iter()
            .any(|other| other.transfer_id != docket.transfer_id && other.side == Side::In && other.state.is_open())
        {
            found.push(
                Finding::blocking(
                    "transfer_already_open",
                    "该人员已有一笔转入正在办理",
                    "Another transfer in of the person is under way",
                )
                .remedy("请等待前一笔办结或撤回后再申请", "Wait for the other to end or withdraw it"),
            );
        }
        if !signed::is_employers(tx, &application).await? {
            found.push(signed::invalid());
        }
        Ok(found)
    }

    async fn compliance(&self, tx: &mut Tx, case: &Case, today: Date) -> Result<Vec<Finding>, Refusal> {
        let application = read(case)?;
        let mut found = Vec::new();
        if within_one_province(application.from_region, application.to_region) {
            found.push(
                Finding::blocking(
                    "same_province",
                    "省级统筹范围内流动不转移基金",
                    "No money moves within a province that pools provincially",
                )
                .remedy("直接办理参保登记续保，不予办理转移", "Enrol here directly; refuse the transfer"),
            );
        }
        found.extend(temporary_account(self.book, &application, today)?);
        let person = PersonId::of(&tx.db().cipher().id_hash(&application.person.id_number));
        match enrolment::find_person(tx, person, application.to_region).await? {
            Some(known) if known.retired => found.push(
                Finding::blocking(
                    "retired",
                    "已按月领取基本养老保险待遇，不再转移（国办发〔2009〕66号第二条）",
                    "A pension is drawn; no transfer (No. 66, art. 2)",
                )
                .remedy("不予办理", "Refuse"),
            ),
            Some(known) if folded(&known.name) != folded(&application.person.name) => found.push(
                Finding::blocking(
                    "identity_mismatch",
                    "姓名与本地参保记录不一致",
                    "The name differs from the record here",
                )
                .field("person.name")
                .remedy("退回用人单位核对", "Return it to the employer"),
            ),
            Some(_) => {}
            None => found.push(Finding::info(
                "relation_missing_new",
                "本地尚无该人员参保记录，登账办结时建立",
                "No record here yet; one is opened when the transfer is posted",
            )),
        }
        Ok(found)
    }

    async fn effect(&self, tx: &mut Tx, case: &Case, actor: &Actor) -> Result<Effect, Refusal> {
        let mut docket = docket_of(tx, case).await?;
        let letter = contact_letter(tx, &docket).await?;
        let term = events::leg_from_today();
        docket.state = DocketState::LetterSent;
        docket.due_on = Some(term.date);
        docket.letter = Some(letter.clone());
        docket.declined = None;
        store::save(tx, &docket).await?;
        let number = letter.letter_number.clone();
        events::send(tx, docket.office(), docket.counterpart(), &Message::ContactLetter(letter)).await?;
        let told = Told::step(TransferStep::ContactSent, Some(actor), TransferStep::OldAccepted);
        events::tell(tx, &docket, told.details(json!({ "letter_number": number }))).await?;
        documents::wanted(tx, &docket, documents::Kind::ContactLetter, actor).await?;
        Ok(Effect {
            result: json!({ "letter_number": number }),
        })
    }

    async fn returned(&self, tx: &mut Tx, case: &Case, reasons: &[Reason], last: bool) -> Result<(), Refusal> {
        let mut docket = docket_of(tx, case).await?;
        docket.state = if last { DocketState::Refused } else { DocketState::ReturnedHere };
        docket.due_on = None;
        store::save(tx, &docket).await?;
        let step = if last { TransferStep::Refused } else { TransferStep::Returned };
        events::tell(tx, &docket, Told::end(step, None).because(events::outward(reasons))).await?;
        decline::wanted(tx, &docket, case, &self.name().zh, events::outward(reasons), last).await?;
        if last {
            messages::let_go(tx, &docket, events::outward(reasons)).await?;
        }
        Ok(())
    }

    async fn withdrawn(&self, tx: &mut Tx, case: &Case) -> Result<(), Refusal> {
        let mut docket = docket_of(tx, case).await?;
        docket.state = DocketState::Withdrawn;
        docket.due_on = None;
        store::save(tx, &docket).await?;
        messages::let_go(tx, &docket, vec![messages::withdrawn_reason()]).await
    }

    fn view(&self, case: &Case) -> Vec<Section> {
        read(case).map(|application| application_sections(&application)).unwrap_or_default()
    }
}

fn unreadable() -> Finding {
    Finding::blocking("form_unreadable", "申请表内容无法读取", "The form cannot be read")
}

fn read(case: &Case) -> Result<TransferApplication, Refusal> {
    serde_json::from_value(case.form.clone()).map_err(|error| Refusal::internal(format!("form of case {}: {error}", case.number)))
}

async fn docket_of(tx: &mut Tx, case: &Case) -> Result<Docket, Refusal> {
    let application = read(case)?;
    store::take(tx, application.to_region, application.transfer_id).await
}

/// Accuracy of the application by itself: every fault at once.
fn check_application(application: &TransferApplication, today: Date) -> Vec<Finding> {
    let mut found = Vec::new();
    let person = &application.person;
    let form = &application.form;
    let mut fault = |holds: bool, rule: &str, field: &str, zh: &str, en: &str| {
        if holds {
            found.push(Finding::blocking(rule, zh, en).field(field));
        }
    };
    fault(
        application.insurance != Insurance::Pension,
        "transfer_pension_only",
        "insurance",
        "本业务只办理企业职工基本养老保险",
        "This business moves the basic pension only",
    );
    fault(
        application.from_region == application.to_region,
        "same_region",
        "from_region",
        "原参保地与新参保地相同",
        "Old and new region are the same",
    );
    fault(
        person.name.trim().is_empty(),
        "field_missing",
        "person.name",
        "姓名未填写",
        "The name is missing",
    );
    fault(
        folded(&form.name) != folded(&person.name),
        "identity_mismatch",
        "form.name",
        "申请表姓名与人员信息不一致",
        "The name in the form differs",
    );
    fault(
        form.certificate_number != person.id_number,
        "identity_mismatch",
        "form.certificate_number",
        "申请表证件号码与人员信息不一致",
        "The ID number in the form differs",
    );
    let id: &IdNumber = &person.id_number;
    fault(
        id.birth_date() != person.birth_date || id.sex() != person.sex,
        "identity_mismatch",
        "person.birth_date",
        "出生日期或性别与证件号码不符",
        "Birth date or sex contradicts the ID number",
    );
    fault(
        form.former_region != application.from_region,
        "wrong_region",
        "form.former_region",
        "申请表原参保地与申请不一致",
        "The former region in the form differs",
    );
    fault(
        form.former_agency_name.trim().is_empty(),
        "field_missing",
        "form.former_agency_name",
        "原社保机构名称未填写",
        "The former agency's name is missing",
    );
    fault(
        application.applied_on > today,
        "applied_in_future",
        "applied_on",
        "申请日期晚于今天",
        "The date of application is in the future",
    );
    if let Err(finding) = id.check_on(today) {
        found.push(finding.field("person.id_number"));
    }
    if !signed::fits(&application.document) {
        found.push(signed::invalid());
    }
    found
}

/// 国办发〔2009〕66号第五条: 男满50、女满40 and not returning home → the relation stays, a temporary account is opened here.
fn temporary_account(book: &RuleBook, application: &TransferApplication, today: Date) -> Result<Option<Finding>, Finding> {
    let person = &application.person;
    let returns = person
        .household_region
        .is_some_and(|home| at_household(home, application.to_region));
    let kind = account_kind(book, person.sex, person.birth_date, today, returns, false)?;
    if kind == AccountKind::General {
        return Ok(None);
    }
    let (zh, en) = (
        "男满50周岁、女满40周岁且户籍不在本地，应在原参保地保留关系，在本地建立临时缴费账户（国办发〔2009〕66号第五条）",
        "Men from 50 and women from 40 whose household is elsewhere keep the relation there; a temporary account is opened here (No. 66, art. 5)",
    );
    Ok(Some(
        Finding::blocking("temporary_account_required", zh, en)
            .field("person.birth_date")
            .remedy(
                "不予办理转移；按临时缴费账户参保。户籍在本地的，补充户口所在地后重新申请",
                "Refuse the transfer and enrol with a temporary account; if the household is here, state it and apply again",
            ),
    ))
}

async fn contact_letter(tx: &mut Tx, docket: &Docket) -> Result<ContactLetter, Refusal> {
    let to_agency = enrolment::office(tx, docket.region).await?;
    let from_agency = known_agency(docket.from_region)?;
    let today = clock::today();
    let number = enrolment::next_number(tx, docket.region, "letter", 1).await?;
    let region = docket.region.number();
    Ok(ContactLetter {
        transfer_id: docket.transfer_id,
        letter_number: format!("{region}{}{number:06}", today.year()),
        system_serial: format!("{region}{}{number:08}", today.strftime("%Y%m%d")),
        application: docket.application.clone(),
        from_agency,
        to_agency,
        account_kind: LetterAccount::General,
        issued_on: today,
        document: None,
    })
}

/// How the other agency is addressed: as in the national contact book.
fn known_agency(region: RegionCode) -> Result<exchange::message::AgencyParty, Refusal> {
    exchange::pilot_agencies()
        .iter()
        .find(|agency| agency.region == region)
        .cloned()
        .ok_or_else(|| {
            Refusal::not_found(
                "agency_unknown",
                format!("通讯录中没有{}的经办机构。", region.full_name()),
                format!("The contact book has no agency of {}.", region.number()),
            )
        })
}

/// The application as people read it.
pub(super) fn application_sections(application: &TransferApplication) -> Vec<Section> {
    let person = &application.person;
    let line = |key: &str, zh: &str, en: &str, value: String| ViewField::new(key, Text::new(zh, en), value);
    let household = person
        .household_region
        .map_or_else(|| "未提供".to_owned(), |region| region.full_name());
    vec![
        Section {
            title: Text::new("参保人员", "Person"),
            fields: vec![
                line("person.name", "姓名", "Name", person.name.clone()),
                line("person.id_number", "证件号码", "ID number", person.id_number.masked()).sensitive(Field::IdNumber),
                line("person.sex", "性别", "Sex", person.sex.zh().to_owned()),
                line("person.birth_date", "出生日期", "Birth date", person.birth_date.to_string()),
                line("person.household_region", "户口所在地", "Household", household),
            ],
        },
        Section {
            title: Text::new("转移申请", "Application"),
            fields: vec![
                line("insurance", "险种", "Insurance", application.insurance.zh().to_owned()),
                line("from_region", "原参保地", "Old region", application.from_region.full_name()),
                line("to_region", "新参保地", "New region", application.to_region.full_name()),
                line(
                    "form.former_agency_name",
                    "原社保机构",
                    "Old agency",
                    application.form.former_agency_name.clone(),
                ),
                line(
                    "form.former_agency_phone",
                    "原社保机构电话",
                    "Its phone",
                    application.form.former_agency_phone.clone(),
                ),
                line("applied_on", "申请日期", "Applied on", application.applied_on.to_string()),
                line("round", "申请次数", "Round", application.round.to_string()),
            ],
        },
        Section {
            title: Text::new("申请单位", "Employer"),
            fields: vec![
                line("employer.name", "单位名称", "Name", application.employer.name.clone()),
                line(
                    "employer.credit_code",
                    "统一社会信用代码",
                    "Credit code",
                    application.employer.credit_code.to_string(),
                ),
                line("employer.contact", "联系人", "Contact", application.employer.contact.clone()),
                line("employer.phone", "联系电话", "Phone", application.employer.phone.clone()),
            ],
        },
    ]
}
