//! 参保登记 as a reviewed case: an employer's application, or a clerk's entry at the counter.

use async_trait::async_trait;
use control::clock;
use control::identity::{Actor, Field};
use control::review::{self, Business, Case, Effect, Form, MessageCase, Reason, Registry, Section, Subject, ViewField};
use exchange::message::{EnrolmentApplication, EnrolmentOutcome, EnrolmentResult, OfficeRef};
use exchange::{Message, StatusAnswer};
use policy::RuleBook;
use serde_json::json;
use standard::person::mask_social_card;
use standard::{Date, Finding, Insurance, Organisation, Refusal, RegionCode, RelationStatus, Severity, Text};
use store::Tx;

use super::check::check_application;
use super::{
    NewPerson, PersonId, Relation, account, find_person, find_relation, insert_person, keep_details, nationwide, office, own, person,
    save_relation,
};
use crate::employers;
use crate::inbound::Received;
use crate::transfer::events;

/// Key of the case.
pub const ENROLMENT: &str = "enrolment";

/// The business `enrolment`.
pub struct Enrolment {
    /// The law that says who gets a temporary account, and between which limits a base lies.
    pub book: &'static RuleBook,
}

#[async_trait]
impl Business for Enrolment {
    fn key(&self) -> &'static str {
        ENROLMENT
    }

    fn name(&self) -> Text {
        Text::new("职工参保登记", "Enrolment")
    }

    /// 《社会保险经办条例》: registration within 10 working days.
    fn due_working_days(&self) -> Option<u32> {
        Some(10)
    }

    fn accuracy(&self, form: &Form, today: Date) -> Vec<Finding> {
        match serde_json::from_value::<EnrolmentApplication>(form.clone()) {
            Ok(application) => check_application(&application, today),
            Err(_) => vec![Finding::blocking(
                "form_unreadable",
                "参保登记表内容无法读取",
                "The form cannot be read",
            )],
        }
    }

    async fn compliance(&self, tx: &mut Tx, case: &Case, _today: Date) -> Result<Vec<Finding>, Refusal> {
        conflicts(tx, self.book, case, &read(case)?).await
    }

    async fn effect(&self, tx: &mut Tx, case: &Case, actor: &Actor) -> Result<Effect, Refusal> {
        let application = read(case)?;
        let region = application.region;
        let party = &application.person;
        let db = tx.db().clone();
        let key = PersonId::of(&db.cipher().id_hash(&party.id_number));
        let known = find_person(tx, key, region).await?;
        let opening = account::opening(tx, self.book, &application, key, known.as_ref()).await?;
        let new = NewPerson {
            region,
            id_number: party.id_number,
            name: party.name.clone(),
            phone: party.phone.clone(),
            household_region: party.household_region,
        };
        let person_id = insert_person(tx, db.cipher(), &new).await?;
        keep_details(
            tx,
            db.cipher(),
            person_id,
            region,
            party.household_region,
            application.social_card.as_deref(),
        )
        .await?;
        for insurance in &application.insurances {
            let known = find_relation(tx, person_id, region, *insurance).await?;
            let mut relation =
                known.unwrap_or_else(|| Relation::new(person_id, region, *insurance, RelationStatus::Active, &application.employer.name));
            relation.status = RelationStatus::Active;
            if *insurance == Insurance::Pension {
                relation.account_kind = opening.kind;
            }
            relation.employer_name.clone_from(&application.employer.name);
            save_relation(tx, &relation).await?;
        }
        employers::enrolled(tx, &application, person_id).await?;
        events::tell_directory(tx, region, &[db.cipher().id_hash(&party.id_number)]).await?;
        let number = person(tx, person_id, region).await?.person_number;
        answer(
            tx,
            case,
            &application,
            EnrolmentOutcome::Accepted,
            Some(number.clone()),
            Some(actor),
            &[],
        )
        .await?;
        Ok(Effect {
            result: json!({ "person_number": number, "start_month": application.start_month, "account_kind": opening.kind.key() }),
        })
    }

    async fn returned(&self, tx: &mut Tx, case: &Case, reasons: &[Reason], last: bool) -> Result<(), Refusal> {
        let application = match read(case) {
            Ok(application) => application,
            // A form nobody can read came from the counter; its maker sees the case.
            Err(_) => return Ok(()),
        };
        let outcome = if last {
            EnrolmentOutcome::Refused
        } else {
            EnrolmentOutcome::Returned
        };
        answer(tx, case, &application, outcome, None, None, reasons).await
    }

    fn view(&self, case: &Case) -> Vec<Section> {
        read(case).map(|application| sections(&application)).unwrap_or_default()
    }
}

/// Employer → agency: insure this person.
pub(crate) async fn application(
    tx: &mut Tx,
    registry: &Registry,
    received: &Received,
    application: EnrolmentApplication,
) -> Result<(), Refusal> {
    if application.region != received.region {
        return Err(Refusal::invalid(Finding::blocking(
            "enrolment_wrong_region",
            "该申请应由其他地区的经办机构办理",
            "Another region's agency is responsible for this application",
        )));
    }
    if received.from != Organisation::Employer(application.employer.id) {
        return Err(Refusal::forbidden(
            "enrolment_wrong_sender",
            "报文的发送方不是申请单位。",
            "The sender is not the applying employer.",
        ));
    }
    let party = &application.person;
    let subject = Subject {
        name: party.name.clone(),
        id_masked: Some(party.id_number.masked()),
        person: Some(PersonId::of(&tx.db().cipher().id_hash(&party.id_number)).0),
    };
    let form = serde_json::to_value(&application).map_err(|error| Refusal::internal(format!("form of a case: {error}")))?;
    let message = MessageCase {
        owner: Organisation::Agency(received.region),
        business: ENROLMENT.to_owned(),
        subject,
        form,
        source: received.source(),
    };
    review::open_from_message(tx, registry, message).await.map(drop)
}

pub(super) fn read(case: &Case) -> Result<EnrolmentApplication, Refusal> {
    serde_json::from_value(case.form.clone()).map_err(|error| Refusal::internal(format!("form of case {}: {error}", case.number)))
}

/// 《社会保险经办条例》: nobody pays the same insurance in two places at once.
async fn conflicts(tx: &mut Tx, book: &RuleBook, case: &Case, application: &EnrolmentApplication) -> Result<Vec<Finding>, Refusal> {
    let party = &application.person;
    let db = tx.db().clone();
    let mut known = own::person(
        tx,
        db.cipher(),
        application.region,
        &party.id_number,
        &party.name,
        &application.insurances,
    )
    .await?;
    let mut found = std::mem::take(&mut known.findings);
    let home_disagrees = found.iter().any(|finding| finding.rule == "identity_mismatch");
    match nationwide::told(tx, case).await? {
        Some(answer) => found.extend(elsewhere(&answer, application, home_disagrees)),
        None => found.push(pending()),
    }
    found.extend(own::application(tx, book, application, &known).await?);
    Ok(found)
}

/// What the nation answered: another name, insurances that run in other regions, and who did not answer.
fn elsewhere(answer: &StatusAnswer, application: &EnrolmentApplication, home_disagrees: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    if !answer.name_matches && !home_disagrees {
        let (zh, en) = (
            "姓名与其他地区的参保记录不一致",
            "The name differs from the record of another region",
        );
        found.push(Finding::new(Severity::Warning, "identity_mismatch", zh, en).field("person.name"));
    }
    let elsewhere = answer.relations.iter().filter(|relation| relation.region != application.region);
    for relation in elsewhere.filter(|relation| relation.status == RelationStatus::Active) {
        if application.insurances.contains(&relation.insurance) {
            found.push(insured_elsewhere(relation.region, relation.insurance));
        }
    }
    if !answer.unanswered.is_empty() {
        found.push(unanswered(&answer.unanswered));
    }
    found
}

/// Nobody is insured before the nation was asked.
fn pending() -> Finding {
    Finding::blocking(
        "nationwide_pending",
        "全国参保情况尚在核查",
        "The nationwide check has not been answered yet",
    )
    .remedy(
        "一般几秒内完成，请稍候刷新；长时间未完成请重新核查",
        "It takes seconds; reload, or ask again if it takes long",
    )
    .action("recheck")
    .who("system")
}

fn unanswered(regions: &[RegionCode]) -> Finding {
    let zh: Vec<&str> = regions.iter().map(|region| region.name()).collect();
    let en: Vec<String> = regions.iter().map(|region| region.number().to_string()).collect();
    Finding::new(
        Severity::Warning,
        "nationwide_unanswered",
        format!("{}未答复全国参保核查", zh.join("、")),
        format!("No answer to the nationwide check from {}", en.join(", ")),
    )
    .remedy(
        "系统会自动再次核查，也可立即重新核查",
        "It is asked again by itself; you may also ask again now",
    )
    .action("recheck")
}

fn insured_elsewhere(region: RegionCode, insurance: Insurance) -> Finding {
    let name = region.name();
    let (zh, en) = if insurance == Insurance::Pension {
        (
            format!("该员工在{name}仍有在缴养老保险，请先办理转移手续"),
            format!("Pension contributions still run in {name}; start a transfer first"),
        )
    } else {
        (
            format!("该员工在{name}仍有在缴{}保险，请先办理停保", insurance.zh()),
            format!("{} contributions still run in {name}", insurance.name()),
        )
    };
    Finding::blocking("insured_elsewhere", zh, en)
        .field("insurances")
        .remedy(
            "退回用人单位，停保或办理转移后再申请",
            "Return it to the employer until that insurance is stopped or transferred",
        )
        .action("start_transfer")
        .who("hr")
}

async fn answer(
    tx: &mut Tx,
    case: &Case,
    application: &EnrolmentApplication,
    outcome: EnrolmentOutcome,
    person_number: Option<String>,
    actor: Option<&Actor>,
    reasons: &[Reason],
) -> Result<(), Refusal> {
    // A case entered at the counter has nobody to answer.
    let Some(source) = &case.source else { return Ok(()) };
    let party = office(tx, application.region).await?;
    let result = EnrolmentResult {
        enrolment_id: application.enrolment_id,
        region: application.region,
        outcome,
        person_number,
        effective_on: (outcome == EnrolmentOutcome::Accepted).then(|| application.start_month.first_day()),
        office: OfficeRef {
            name: party.name,
            region: Some(application.region),
            phone: Some(party.phone),
            actor_masked: actor
                .filter(|actor| !actor.is_system())
                .map(|actor| events::masked_name(&actor.name)),
        },
        reasons: events::outward(reasons),
        at: clock::now(),
    };
    events::send(tx, case.owner, source.from, &Message::EnrolmentResult(result)).await
}

fn sections(application: &EnrolmentApplication) -> Vec<Section> {
    let line = |key: &str, zh: &str, en: &str, value: String| ViewField::new(key, Text::new(zh, en), value);
    let person = &application.person;
    let card = application
        .social_card
        .as_deref()
        .map_or_else(|| "未提供".to_owned(), mask_social_card);
    let household = person
        .household_region
        .map_or_else(|| "未提供".to_owned(), |region| region.full_name());
    let insurances: Vec<&str> = application.insurances.iter().map(|insurance| insurance.zh()).collect();
    vec![
        Section {
            title: Text::new("参保人员", "Person"),
            fields: vec![
                line("person.name", "姓名", "Name", person.name.clone()),
                line("person.id_number", "证件号码", "ID number", person.id_number.masked()).sensitive(Field::IdNumber),
                line("person.sex", "性别", "Sex", person.sex.zh().to_owned()),
                line("person.birth_date", "出生日期", "Birth date", person.birth_date.to_string()),
                line("social_card", "社会保障卡号", "Social security card", card),
                line("person.household_region", "户口所在地", "Household", household),
            ],
        },
        Section {
            title: Text::new("参保登记", "Enrolment"),
            fields: vec![
                line("region", "参保地", "Region", application.region.full_name()),
                line("insurances", "险种", "Insurances", insurances.join("、")),
                line("start_month", "起始月", "First month", application.start_month.to_string()),
                line("base_fen", "申报工资", "Declared wage", application.base_fen.to_yuan()),
                line("employed_on", "用工日期", "Employed on", application.employed_on.to_string()),
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
