//! 《基本养老保险关系转移接续申请表》 as data: every field with its value, where the value comes from,
//! and whether the form requires it. Filling is pure.

use std::collections::BTreeMap;

use exchange::message::{AgentParty, ApplicationForm};
use serde::{Deserialize, Serialize};
use standard::{Finding, IdNumber, Insurance, RegionCode, Text};
use utoipa::ToSchema;

use crate::insurance::contact::AgencyContact;
use crate::people::company::Company;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FieldSource)]
pub enum Source {
    /// 员工档案.
    Employee,
    /// 证件号码 itself.
    IdNumber,
    /// 单位档案.
    Company,
    /// 全国参保查询.
    StatusQuery,
    /// 经办机构通讯录.
    ContactBook,
    /// Follows from the regions.
    Rule,
    /// HR typed it.
    Typed,
    /// Nobody has given it yet.
    None,
}

/// What the code knows of a field, besides its value.
struct Spec {
    key: &'static str,
    label: &'static str,
    label_en: &'static str,
    required: bool,
    editable: bool,
}

const fn spec(key: &'static str, label: &'static str, label_en: &'static str, required: bool, editable: bool) -> Spec {
    Spec {
        key,
        label,
        label_en,
        required,
        editable,
    }
}

/// The form's fields in its order. Those about the person are changed in the employee's record, not here:
/// data is entered once.
const SPECS: [Spec; 24] = [
    spec("name", "姓名", "Name", true, false),
    spec("sex", "性别", "Sex", true, false),
    spec("certificate_type", "证件类型", "ID type", true, false),
    spec("certificate_number", "证件号码", "ID number", true, false),
    spec("birth_date", "出生日期", "Date of birth", true, false),
    spec("phone", "联系电话", "Phone", false, false),
    spec("household", "户口所在地", "Household registration", false, false),
    spec("address", "联系地址", "Address", false, true),
    spec("insurance", "险种", "Insurance", true, false),
    spec("transfer_type", "转移类型", "Kind of transfer", true, false),
    spec("direction", "转移方向", "Direction", true, false),
    spec("former_person_number", "原个人编号", "Former person number", true, true),
    spec("former_region_name", "原参保所在地区名称", "Former region", true, false),
    spec("former_region_code", "原社保机构行政区划代码", "Former region code", true, false),
    spec("former_agency_name", "原社保机构名称", "Former agency", true, true),
    spec("former_agency_phone", "原社保机构电话", "Former agency's phone", true, true),
    spec("former_agency_address", "原社保机构地址", "Former agency's address", true, true),
    spec("former_agency_postcode", "原社保机构邮编", "Former agency's postcode", true, true),
    spec("person_number", "个人编号（新参保地）", "Person number (new region)", false, true),
    spec("agent_name", "代办人姓名", "Proxy's name", false, true),
    spec("agent_phone", "代办人电话", "Proxy's phone", false, true),
    spec("agent_relation", "代办人与参保人关系", "Proxy's relation", false, true),
    spec("agent_address", "代办人地址", "Proxy's address", false, true),
    spec("agent_postcode", "代办人邮编", "Proxy's postcode", false, true),
];

/// Statutory but unknown to the person and the new employer more often than not; the old agency finds it by the
/// ID number. Left empty it is marked on the form and does not stop filing.
const FOUND_BY_AGENCY: &str = "former_person_number";
/// Longest value of a field.
const VALUE_CHARS: usize = 200;

/// A value and where it came from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// What stands there.
    pub value: String,
    /// Where it comes from.
    pub source: Source,
}

/// The filled form. Not `Debug`: it holds an ID number.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Form {
    fields: BTreeMap<String, Filled>,
}

/// A field as the screen shows it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FieldView {
    /// Stable name.
    pub key: String,
    /// Its name on the form.
    pub label: Text,
    /// What stands there.
    pub value: String,
    /// The form requires it.
    pub required: bool,
    /// Required and empty.
    pub missing: bool,
    /// HR may type here; the others are changed where the data lives.
    pub editable: bool,
    /// Where the value comes from.
    pub source: Source,
}

/// Everything the form is filled from.
pub struct Facts<'a> {
    /// 姓名.
    pub name: &'a str,
    /// 证件号码.
    pub id_number: &'a IdNumber,
    /// 手机号码.
    pub phone: Option<&'a str>,
    /// 户籍所在地.
    pub household: Option<RegionCode>,
    /// The employer.
    pub company: &'a Company,
    /// The old agency, as the contact book has it.
    pub former_agency: Option<&'a AgencyContact>,
    /// Which insurance.
    pub insurance: Insurance,
    /// The old region.
    pub from: RegionCode,
    /// The new region.
    pub to: RegionCode,
}

/// Fills the form from what is known.
pub fn fill(facts: &Facts<'_>) -> Form {
    let mut form = Form::default();
    form.put("name", facts.name, Source::Employee);
    form.put("sex", facts.id_number.sex().zh(), Source::IdNumber);
    form.put("certificate_type", "居民身份证（01）", Source::Rule);
    form.put("certificate_number", facts.id_number.reveal(), Source::Employee);
    form.put("birth_date", &facts.id_number.birth_date().to_string(), Source::IdNumber);
    form.put("phone", facts.phone.unwrap_or_default(), Source::Employee);
    let household = facts.household.map(RegionCode::full_name).unwrap_or_default();
    form.put("household", &household, Source::Employee);
    form.put("insurance", insurance_name(facts.insurance), Source::Rule);
    form.put("transfer_type", transfer_type(facts.from, facts.to), Source::Rule);
    let direction = format!("{}转入{}", facts.from.name(), facts.to.name());
    form.put("direction", &direction, Source::Rule);
    form.put("former_region_name", &facts.from.full_name(), Source::StatusQuery);
    form.put("former_region_code", &facts.from.to_string(), Source::StatusQuery);
    if let Some(agency) = facts.former_agency {
        form.put("former_agency_name", &agency.name, Source::ContactBook);
        form.put("former_agency_phone", &agency.phone, Source::ContactBook);
        form.put("former_agency_address", &agency.address, Source::ContactBook);
        form.put("former_agency_postcode", &agency.postcode, Source::ContactBook);
    }
    form.put("agent_name", &facts.company.contact_name, Source::Company);
    form.put("agent_phone", &facts.company.contact_phone, Source::Company);
    form.put("agent_relation", "用人单位经办人", Source::Rule);
    form.put("agent_address", &facts.company.address, Source::Company);
    form
}

fn insurance_name(insurance: Insurance) -> &'static str {
    match insurance {
        Insurance::Pension => "企业职工基本养老保险（110）",
        Insurance::Medical => "职工基本医疗保险（310）",
        Insurance::Unemployment => "失业保险（210）",
        Insurance::Injury => "工伤保险（410）",
        Insurance::Maternity => "生育保险（510）",
    }
}

fn transfer_type(from: RegionCode, to: RegionCode) -> &'static str {
    if from.province() == to.province() {
        "省内跨统筹地区转移"
    } else {
        "跨省转移"
    }
}

impl Form {
    fn put(&mut self, key: &str, value: &str, source: Source) {
        let value = value.trim().to_string();
        if !value.is_empty() {
            self.fields.insert(key.to_string(), Filled { value, source });
        }
    }

    /// What stands in a field; empty if nothing does.
    pub fn value(&self, key: &str) -> &str {
        self.fields.get(key).map_or("", |filled| filled.value.as_str())
    }

    /// Every field in the form's order. The ID number is masked unless the reader may see it.
    pub fn view(&self, masked_id: Option<&str>) -> Vec<FieldView> {
        SPECS
            .iter()
            .map(|spec| {
                let filled = self.fields.get(spec.key);
                let value = filled.map(|f| f.value.clone()).unwrap_or_default();
                let missing = spec.required && value.is_empty();
                let value = match (spec.key, masked_id) {
                    ("certificate_number", Some(masked)) => masked.to_string(),
                    ("phone", Some(_)) => crate::people::checks::mask_phone(&value),
                    _ => value,
                };
                FieldView {
                    key: spec.key.to_string(),
                    label: Text::new(spec.label, spec.label_en),
                    value,
                    required: spec.required,
                    missing,
                    editable: spec.editable,
                    source: filled.filter(|f| !f.value.is_empty()).map_or(Source::None, |f| f.source),
                }
            })
            .collect()
    }

    /// Applies what HR typed; an empty value clears the field. All faults come back at once, and then nothing changed.
    pub fn edit(&mut self, typed: &BTreeMap<String, String>) -> Result<(), Vec<Finding>> {
        let findings: Vec<Finding> = typed.iter().filter_map(|(key, value)| fault(key, value)).collect();
        if !findings.is_empty() {
            return Err(findings);
        }
        for (key, value) in typed {
            let value = standard::half_width(value).trim().to_string();
            if value == self.value(key) {
                continue;
            }
            // A field HR cleared stays empty when the form is filled again.
            let filled = Filled {
                value,
                source: Source::Typed,
            };
            self.fields.insert(key.clone(), filled);
        }
        Ok(())
    }

    /// What HR typed stays when the form is filled again from fresher data.
    pub fn refill(&mut self, mut fresh: Form) {
        for (key, filled) in std::mem::take(&mut self.fields) {
            if filled.source == Source::Typed {
                fresh.fields.insert(key, filled);
            }
        }
        *self = fresh;
    }

    /// The record as it is now; what HR typed stays, and what the contact book said, which is asked only when a draft begins or is
    /// filled again.
    pub fn bring_up_to_date(&mut self, mut fresh: Form) {
        for (key, filled) in std::mem::take(&mut self.fields) {
            if matches!(filled.source, Source::Typed | Source::ContactBook) {
                fresh.fields.insert(key, filled);
            }
        }
        *self = fresh;
    }

    /// The labels of fields that differ between two forms, in the form's order.
    pub fn differences(&self, other: &Form) -> Vec<Text> {
        SPECS
            .iter()
            .filter(|spec| self.value(spec.key) != other.value(spec.key))
            .map(|spec| Text::new(spec.label, spec.label_en))
            .collect()
    }

    /// Required fields that are empty. Only those that truly stop filing are blocking.
    pub fn missing(&self) -> Vec<Finding> {
        SPECS
            .iter()
            .filter(|spec| spec.required && self.value(spec.key).is_empty())
            .map(|spec| {
                let zh = format!("申请表必填项“{}”尚未填写", spec.label);
                let en = format!("the required field “{}” is empty", spec.label_en);
                if spec.key == FOUND_BY_AGENCY {
                    Finding::warning("form_field_missing", zh, en).field(spec.key).remedy(
                        "不知道可留空，由原参保地经办机构按证件号码核对",
                        "leave it empty if unknown: the old agency finds it by the ID number",
                    )
                } else {
                    Finding::blocking("form_field_missing", zh, en)
                        .field(spec.key)
                        .remedy("请补填该项", "fill it in")
                }
            })
            .collect()
    }

    /// The form as the message carries it.
    pub fn to_message(&self, id_number: &IdNumber, insurance: Insurance, from: RegionCode) -> ApplicationForm {
        let text = |key: &str| self.value(key).to_string();
        let optional = |key: &str| Some(text(key)).filter(|value| !value.is_empty());
        ApplicationForm {
            transfer_type: text("transfer_type"),
            direction: text("direction"),
            insurance,
            former_person_number: optional("former_person_number"),
            former_region_name: text("former_region_name"),
            former_region: from,
            former_agency_name: text("former_agency_name"),
            former_agency_phone: text("former_agency_phone"),
            former_agency_address: text("former_agency_address"),
            former_agency_postcode: text("former_agency_postcode"),
            agent: optional("agent_name").map(|name| AgentParty {
                name,
                phone: text("agent_phone"),
                relation: text("agent_relation"),
                address: text("agent_address"),
                postcode: text("agent_postcode"),
            }),
            person_number: optional("person_number"),
            name: text("name"),
            sex: id_number.sex(),
            certificate_type: "01".to_string(),
            certificate_number: *id_number,
            birth_date: id_number.birth_date(),
        }
    }
}

fn fault(key: &str, value: &str) -> Option<Finding> {
    let Some(spec) = SPECS.iter().find(|spec| spec.key == key) else {
        return Some(Finding::blocking("form_field_unknown", "申请表没有这一项", "the form has no such field").field(key));
    };
    if !spec.editable {
        return Some(
            Finding::blocking(
                "form_field_fixed",
                format!("“{}”取自档案，不能在此修改", spec.label),
                format!("“{}” comes from the record and is not changed here", spec.label_en),
            )
            .field(key)
            .remedy(
                "请在员工或单位档案中修改，一处修改处处生效",
                "change it in the employee's or employer's record",
            ),
        );
    }
    let value = standard::half_width(value);
    if value.chars().count() > VALUE_CHARS || value.chars().any(char::is_control) {
        return Some(
            Finding::blocking(
                "form_field_unreadable",
                format!("“{}”应为不超过 {VALUE_CHARS} 个字的文字", spec.label),
                format!("“{}” must be text of at most {VALUE_CHARS} characters", spec.label_en),
            )
            .field(key)
            .remedy("请缩短或删除特殊字符", "shorten it or remove special characters"),
        );
    }
    match_format(spec, &value)
}

fn match_format(spec: &Spec, value: &str) -> Option<Finding> {
    let (key, label, label_en) = (spec.key, spec.label, spec.label_en);
    let wrong = |zh: &str, en: &str| {
        Some(
            Finding::blocking("form_field_format", format!("“{label}”{zh}"), format!("{label_en}: {en}"))
                .field(key)
                .remedy("请核对后重填", "check and type it again"),
        )
    };
    if value.is_empty() {
        return None;
    }
    match key {
        "former_agency_postcode" | "agent_postcode" if value.len() != 6 || !value.bytes().all(|b| b.is_ascii_digit()) => {
            wrong("应为 6 位数字", "six digits are expected")
        }
        "former_agency_phone" | "agent_phone"
            if !value
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '-' | ' ' | '(' | ')' | '+' | '转')) =>
        {
            wrong("应为电话号码", "a phone number is expected")
        }
        _ => None,
    }
}
