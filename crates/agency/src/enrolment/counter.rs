//! An enrolment entered at the counter: what a clerk types becomes the same application an employer files.

use ::store::Db;
use control::identity::{Actor, Permission};
use control::review::{NewCase, Subject};
use control::{audit, clock};
use exchange::message::{EmployerParty, EnrolmentApplication, PersonParty};
use policy::RuleBook;
use serde::Deserialize;
use serde_json::Value;
use standard::{CreditCode, Date, Finding, IdNumber, Insurance, Money, Month, Organisation, Refusal, RegionCode, person};
use utoipa::ToSchema;
use uuid::Uuid;

use super::check::{UNIT_NAME_CHARS, check_application};
use super::{ENROLMENT, own};

/// What the clerk types. Everything is text or absent while typing; [`check`] says what is missing or wrong.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CounterForm {
    /// 姓名.
    pub name: String,
    /// 证件号码.
    pub id_number: String,
    /// 联系电话, mobile or fixed.
    pub phone: Option<String>,
    /// 社会保障卡号.
    pub social_card: Option<String>,
    /// 户口所在地, by name or six-digit code.
    pub household_region: Option<String>,
    /// 单位名称.
    pub employer_name: String,
    /// 统一社会信用代码.
    pub credit_code: Option<String>,
    /// 参保起始年月, "2026-11".
    pub start_month: String,
    /// 申报工资, fen a month.
    pub base_fen: i64,
    /// 险种.
    pub insurances: Vec<Insurance>,
    /// 用工日期; the first day of the first month when not given.
    pub employed_on: Option<String>,
}

/// Every finding of a counter form as it stands, by its fields, and what the agency's own books say as soon as the ID number
/// reads. Used while typing and before a draft is kept; nothing is stored but the access to a person's record.
pub async fn check(actor: &Actor, db: &Db, book: &RuleBook, form: &Value) -> Result<Vec<Finding>, Refusal> {
    actor.require(Permission::CaseMake)?;
    let region = region_of(actor)?;
    let today = clock::today();
    let typed = match read(form) {
        Ok(typed) => typed,
        Err(findings) => return Ok(findings),
    };
    let application = application(&typed, region, today);
    let mut found = match &application {
        Ok(application) => check_application(application, today),
        Err(findings) => findings.clone(),
    };
    let mut q = db.read();
    if let Ok(id_number) = IdNumber::parse(&typed.id_number) {
        let mut known = own::person(&mut q, db.cipher(), region, &id_number, &typed.name, &typed.insurances).await?;
        if typed.name.trim().is_empty() {
            known.findings.retain(|finding| finding.rule != "identity_mismatch");
        }
        found.append(&mut known.findings);
        if let Ok(application) = &application {
            found.extend(own::application(&mut q, book, application, &known).await?);
        }
        if known.person.is_some() {
            audit::access_alone(db, actor, "enrolment.check", "person", known.id.0, "counter").await?;
        }
        found.push(nation_follows());
    }
    Ok(found.into_iter().map(as_typed).collect())
}

/// What the panel must not leave unsaid: the rest of the country is asked later.
fn nation_follows() -> Finding {
    Finding::info(
        "nationwide_at_submission",
        "以上只核对了录入内容和本地参保记录；是否在外地参保，提交后由全国参保核查答复",
        "Only the form and this region's records were checked; whether the person is insured elsewhere is asked of the nation after submission",
    )
}

/// The finding with the field's name as the counter form has it.
fn as_typed(finding: Finding) -> Finding {
    let field = match finding.field.as_deref() {
        Some("employer.name") => "employer_name",
        Some(field) => field.strip_prefix("person.").unwrap_or(field),
        None => return finding,
    };
    let field = field.to_owned();
    finding.field(field)
}

fn region_of(actor: &Actor) -> Result<RegionCode, Refusal> {
    match actor.organisation {
        Organisation::Agency(region) => Ok(region),
        Organisation::Employer(_) | Organisation::Platform => Err(Refusal::forbidden(
            "not_an_agency",
            "该功能仅供经办机构使用",
            "Only agencies may use this",
        )),
    }
}

/// The case of a counter form, to be kept as a draft of the actor's agency. Refused with every finding that keeps it
/// from being an application at all; the rest is found again when it is submitted.
pub fn new_case(actor: &Actor, form: Value) -> Result<NewCase, Refusal> {
    let region = region_of(actor)?;
    let typed = read(&form).map_err(Refusal::invalid_all)?;
    let application = application(&typed, region, clock::today()).map_err(Refusal::invalid_all)?;
    let subject = Subject {
        name: application.person.name.clone(),
        id_masked: Some(application.person.id_number.masked()),
        person: None,
    };
    let form = serde_json::to_value(&application).map_err(|error| Refusal::internal(format!("form of a case: {error}")))?;
    Ok(NewCase {
        business: ENROLMENT.to_owned(),
        subject,
        form,
        before: None,
    })
}

fn read(form: &Value) -> Result<CounterForm, Vec<Finding>> {
    serde_json::from_value(form.clone()).map_err(|_| {
        vec![
            Finding::blocking("form_unreadable", "参保登记表内容无法读取", "The form cannot be read")
                .remedy("请按接口文档的字段填写", "Fill in the fields of the interface document"),
        ]
    })
}

fn missing(field: &str, zh: &str, en: &str) -> Finding {
    Finding::blocking("field_missing", format!("{zh}未填写"), format!("{en} is missing")).field(field)
}

fn application(typed: &CounterForm, region: RegionCode, today: Date) -> Result<EnrolmentApplication, Vec<Finding>> {
    let mut found = Vec::new();
    let id_number = keep(
        &mut found,
        "id_number",
        IdNumber::parse(&typed.id_number).and_then(|id| id.check_on(today).map(|()| id)),
    );
    let code = match given(&typed.credit_code) {
        Some(code) => keep(&mut found, "credit_code", CreditCode::parse(code)),
        None => keep(
            &mut found,
            "credit_code",
            Err(missing("credit_code", "统一社会信用代码", "The credit code")),
        ),
    };
    let start_month = keep(&mut found, "start_month", Month::parse(&typed.start_month));
    found.extend(texts(typed));
    let household = given(&typed.household_region).map(|text| keep(&mut found, "household_region", region_named(text)));
    if typed.insurances.is_empty() {
        found.push(Finding::blocking("field_missing", "未选择险种", "No insurance is chosen").field("insurances"));
    }
    let employed_on = match (&typed.employed_on, start_month) {
        (Some(text), _) if !text.is_empty() => keep(
            &mut found,
            "employed_on",
            text.parse::<Date>()
                .map_err(|_| Finding::blocking("date_unreadable", "用工日期无法读取", "The date of employment cannot be read")),
        ),
        (_, month) => month.map(Month::first_day),
    };
    match (id_number, code, start_month, employed_on) {
        (Some(id_number), Some(credit_code), Some(start_month), Some(employed_on)) if found.is_empty() => Ok(EnrolmentApplication {
            enrolment_id: Uuid::now_v7(),
            employer: EmployerParty {
                id: Uuid::nil(),
                name: typed.employer_name.trim().to_owned(),
                credit_code,
                contact: String::new(),
                phone: String::new(),
            },
            person: PersonParty {
                // What cannot be read is kept as typed; the check says so.
                name: person::name(&typed.name).unwrap_or_else(|_| typed.name.trim().to_owned()),
                sex: id_number.sex(),
                birth_date: id_number.birth_date(),
                id_number,
                phone: given(&typed.phone).map(|phone| person::phone(phone).unwrap_or_else(|_| phone.to_owned())),
                household_region: household.flatten(),
            },
            social_card: given(&typed.social_card).map(|card| person::social_card(card).unwrap_or_else(|_| card.to_owned())),
            region,
            insurances: typed.insurances.clone(),
            start_month,
            base_fen: Money::from_fen(typed.base_fen),
            employed_on,
            applied_on: today,
        }),
        _ => Err(found),
    }
}

fn keep<T>(found: &mut Vec<Finding>, field: &str, read: Result<T, Finding>) -> Option<T> {
    read.map_err(|finding| found.push(finding.field(field))).ok()
}

/// Text that was typed at all.
fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// Names that are missing, and texts too long to be kept even as a draft.
fn texts(typed: &CounterForm) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut bounded = |field: &str, text: &str, most: usize, zh: &str, en: &str| {
        if text.chars().count() > most {
            let (zh, en) = (format!("{zh}超过{most}个字"), format!("{en} is longer than {most} characters"));
            found.push(
                Finding::blocking("text_too_long", zh, en)
                    .field(field)
                    .remedy("请缩短", "Shorten it"),
            );
        }
    };
    bounded("name", &typed.name, 60, "姓名", "The name");
    bounded(
        "employer_name",
        &typed.employer_name,
        UNIT_NAME_CHARS,
        "单位名称",
        "The employer's name",
    );
    bounded("phone", given(&typed.phone).unwrap_or(""), 30, "联系电话", "The phone number");
    bounded(
        "social_card",
        given(&typed.social_card).unwrap_or(""),
        30,
        "社会保障卡号",
        "The card number",
    );
    for (field, text, zh, en) in [
        ("name", &typed.name, "姓名", "The name"),
        ("employer_name", &typed.employer_name, "单位名称", "The employer's name"),
    ] {
        if text.trim().is_empty() {
            found.push(missing(field, zh, en));
        }
    }
    found
}

fn region_named(text: &str) -> Result<RegionCode, Finding> {
    RegionCode::parse(text).ok().or_else(|| RegionCode::by_name(text)).ok_or_else(|| {
        Finding::blocking("region_unknown", "没有找到该户口所在地", "no such place of household").remedy(
            "请填写市县名称，如“武汉市”，或 6 位行政区划代码",
            "write the name of a city or county such as 武汉市, or its six-digit code",
        )
    })
}
