//! An enrolment entered at the counter: what a clerk types becomes the same application an employer files.

use control::clock;
use control::identity::Actor;
use control::review::NewCase;
use control::review::Subject;
use exchange::message::{EmployerParty, EnrolmentApplication, PersonParty};
use serde::Deserialize;
use serde_json::Value;
use standard::{CreditCode, Date, Finding, IdNumber, Insurance, Money, Month, Organisation, Refusal, RegionCode};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ENROLMENT;
use super::business::check_application;

/// What the clerk types. Everything is text or absent while typing; [`check`] says what is missing or wrong.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CounterForm {
    /// 姓名.
    pub name: String,
    /// 证件号码.
    pub id_number: String,
    /// 移动电话.
    pub phone: Option<String>,
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

/// Every finding of a counter form as it stands, field by field. Used while typing and before a draft is kept.
pub fn check(form: &Value, today: Date) -> Vec<Finding> {
    // The region changes no finding of the form itself.
    match read(form).and_then(|typed| application(&typed, RegionCode::pilot()[0], today)) {
        Ok(application) => check_application(&application, today),
        Err(findings) => findings,
    }
}

/// The case of a counter form, to be kept as a draft of the actor's agency. Refused with every finding that keeps it
/// from being an application at all; the rest is found again when it is submitted.
pub fn new_case(actor: &Actor, form: Value) -> Result<NewCase, Refusal> {
    let Organisation::Agency(region) = actor.organisation else {
        return Err(Refusal::forbidden(
            "not_an_agency",
            "该功能仅供经办机构使用",
            "Only agencies may use this",
        ));
    };
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
    let code = typed.credit_code.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let code = match code {
        Some(code) => keep(&mut found, "credit_code", CreditCode::parse(code)),
        None => keep(
            &mut found,
            "credit_code",
            Err(missing("credit_code", "统一社会信用代码", "The credit code")),
        ),
    };
    let start_month = keep(&mut found, "start_month", Month::parse(&typed.start_month));
    for (field, text, zh, en) in [
        ("name", &typed.name, "姓名", "The name"),
        ("employer_name", &typed.employer_name, "单位名称", "The employer's name"),
    ] {
        if text.trim().is_empty() {
            found.push(missing(field, zh, en));
        } else if text.chars().count() > 60 {
            found.push(
                Finding::blocking(
                    "text_too_long",
                    format!("{zh}超过60个字"),
                    format!("{en} is longer than 60 characters"),
                )
                .field(field),
            );
        }
    }
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
                name: typed.name.trim().to_owned(),
                sex: id_number.sex(),
                birth_date: id_number.birth_date(),
                id_number,
                phone: typed.phone.clone().filter(|phone| !phone.trim().is_empty()),
                household_region: None,
            },
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
