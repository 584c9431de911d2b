//! Stage 1 of an enrolment: what its form says by itself. Every fault at once, for messages and counter forms alike.

use exchange::message::EnrolmentApplication;
use standard::person::{self, WAGE_MOST};
use standard::{Date, Finding, IdNumber, Money, Month};

/// Longest name of an employer, in characters.
pub(super) const UNIT_NAME_CHARS: usize = 100;

/// Every fault of the application; the books are not asked.
pub(super) fn check_application(application: &EnrolmentApplication, today: Date) -> Vec<Finding> {
    let mut found = texts(application);
    found.extend(about_wage(application.base_fen));
    let mut fault = |holds: bool, rule: &str, field: &str, zh: &str, en: &str| {
        if holds {
            found.push(Finding::blocking(rule, zh, en).field(field));
        }
    };
    let id: &IdNumber = &application.person.id_number;
    fault(
        id.birth_date() != application.person.birth_date || id.sex() != application.person.sex,
        "identity_mismatch",
        "person.birth_date",
        "出生日期或性别与证件号码不符",
        "Birth date or sex contradicts the ID number",
    );
    fault(
        id.age_on(application.employed_on) < 16,
        "under_working_age",
        "employed_on",
        "用工时未满16周岁",
        "Under 16 when employed",
    );
    fault(
        application.start_month < Month::of(application.employed_on),
        "start_before_employment",
        "start_month",
        "参保起始月早于用工月",
        "Contributions start before the employment",
    );
    fault(
        application.start_month > Month::of(today).plus(2),
        "start_too_late",
        "start_month",
        "参保起始月超过当前月两个月以上",
        "Contributions start more than two months ahead",
    );
    found
}

/// Names, phone, card and the choice of insurances.
fn texts(application: &EnrolmentApplication) -> Vec<Finding> {
    let party = &application.person;
    let mut found = Vec::new();
    if party.name.trim().is_empty() {
        found.push(Finding::blocking("field_missing", "姓名未填写", "The name is missing").field("person.name"));
    } else {
        found.extend(person::name(&party.name).err().map(|finding| finding.field("person.name")));
    }
    if let Some(phone) = &party.phone {
        found.extend(person::phone(phone).err().map(|finding| finding.field("person.phone")));
    }
    if let Some(card) = &application.social_card {
        found.extend(person::social_card(card).err());
    }
    let unit = application.employer.name.trim();
    if unit.is_empty() {
        found.push(Finding::blocking("field_missing", "单位名称未填写", "The employer's name is missing").field("employer.name"));
    } else if unit.chars().count() > UNIT_NAME_CHARS || !unit.chars().all(sound_in_unit_name) {
        found.push(
            Finding::blocking(
                "unit_name_unreadable",
                format!("单位名称应为不超过 {UNIT_NAME_CHARS} 个字的文字"),
                format!("an employer's name is text of at most {UNIT_NAME_CHARS} characters"),
            )
            .field("employer.name")
            .remedy(
                "请按营业执照或登记证书上的名称填写",
                "write the name as on the business licence or certificate of registration",
            ),
        );
    }
    if application.insurances.is_empty() {
        found.push(Finding::blocking("field_missing", "未选择险种", "No insurance is chosen").field("insurances"));
    }
    found
}

/// Names of firms hold letters, digits and ordinary marks, never what would be markup or control.
fn sound_in_unit_name(c: char) -> bool {
    !c.is_control() && !matches!(c, '<' | '>')
}

/// The declared wage by itself; floor and ceiling are the law's and only told.
fn about_wage(wage: Money) -> Option<Finding> {
    let (zh, en) = if wage <= Money::ZERO {
        ("申报工资须大于 0", "the declared wage must be above zero")
    } else if wage > WAGE_MOST {
        ("申报工资超过每月一千万元", "the declared wage is above ten million yuan a month")
    } else {
        return None;
    };
    Some(
        Finding::blocking("base_out_of_range", zh, en)
            .field("base_fen")
            .remedy("请填写税前月工资（元）", "write the monthly wage before tax, in yuan"),
    )
}
