//! 行业模板: what an industry asks of an employee's file beyond the common fields. Data files, one an industry.
//! The risk class is that of 人社部发〔2015〕71号 附件 (工伤保险行业风险分类表).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use standard::{Date, Finding};
use utoipa::ToSchema;

static FILES: [&str; 21] = [
    include_str!("../../industries/agriculture.toml"),
    include_str!("../../industries/catering.toml"),
    include_str!("../../industries/chemicals.toml"),
    include_str!("../../industries/construction.toml"),
    include_str!("../../industries/dispatch.toml"),
    include_str!("../../industries/education.toml"),
    include_str!("../../industries/electronics.toml"),
    include_str!("../../industries/energy.toml"),
    include_str!("../../industries/express.toml"),
    include_str!("../../industries/finance.toml"),
    include_str!("../../industries/food.toml"),
    include_str!("../../industries/garment.toml"),
    include_str!("../../industries/healthcare.toml"),
    include_str!("../../industries/hotel.toml"),
    include_str!("../../industries/logistics.toml"),
    include_str!("../../industries/machinery.toml"),
    include_str!("../../industries/mining.toml"),
    include_str!("../../industries/pharma.toml"),
    include_str!("../../industries/property.toml"),
    include_str!("../../industries/retail.toml"),
    include_str!("../../industries/software.toml"),
];

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Any text.
    Text,
    /// A whole or decimal number.
    Number,
    /// A day.
    Date,
    /// One of the choices.
    Choice,
    /// 是 or 否: `true` or `false`.
    Flag,
}

/// A field of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndustryField {
    /// Key in the employee's record.
    pub key: String,
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// What it takes.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether the file is complete without it.
    pub required: bool,
    /// The choices of a choice.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// A step of hiring in this industry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndustryStep {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// The working time an industry usually has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttendanceKind {
    /// 固定工时.
    Fixed,
    /// 倒班.
    Shift,
    /// 弹性工时.
    Flexible,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Industry {
    /// Key, as a unit's settings name it.
    pub key: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// 国民经济行业门类 (GB/T 4754), one letter.
    pub section: String,
    /// Its name.
    pub section_zh: String,
    /// 工伤保险行业风险类别, 1 to 8.
    pub injury_class: i32,
    /// Usual working time.
    pub attendance: AttendanceKind,
    /// Kinds of material a complete file holds.
    pub materials: Vec<String>,
    /// Extra fields.
    #[serde(rename = "field")]
    pub fields: Vec<IndustryField>,
    /// 入职流程.
    #[serde(rename = "step")]
    pub steps: Vec<IndustryStep>,
}

static ALL: LazyLock<Vec<Industry>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|text| toml::from_str(text).expect("the template files are part of the program and tested"))
        .collect()
});

/// Every template, by key.
pub fn all() -> &'static [Industry] {
    &ALL
}

/// The template of a key.
pub fn template(key: &str) -> Option<&'static Industry> {
    ALL.iter().find(|industry| industry.key == key)
}

const VALUE_CHARS: usize = 100;

/// The fields as kept: unknown ones and wrong values are refused, empty ones left out. A required field may be filled later.
pub fn weigh_extra(template: Option<&Industry>, given: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Vec<Finding>> {
    let fields = template.map_or(&[][..], |industry| &industry.fields);
    let mut findings = Vec::new();
    let mut kept = BTreeMap::new();
    for (key, value) in given {
        let value = value.trim();
        let Some(field) = fields.iter().find(|field| field.key == *key) else {
            findings.push(
                Finding::blocking(
                    "extra_field_unknown",
                    "行业模板中没有该字段",
                    "the industry's template has no such field",
                )
                .field(format!("extra.{key}"))
                .remedy("请先在单位设置中选择行业", "choose the industry in the settings first"),
            );
            continue;
        };
        if value.is_empty() {
            continue;
        }
        if fits(field, value) {
            kept.insert(key.clone(), value.to_string());
        } else {
            findings.push(
                Finding::blocking(
                    "extra_field_unfit",
                    format!("“{}”的内容不符合要求", field.zh),
                    format!("the value of {} does not fit", field.en),
                )
                .field(format!("extra.{key}"))
                .remedy(wanted(field).0, wanted(field).1),
            );
        }
    }
    if findings.is_empty() { Ok(kept) } else { Err(findings) }
}

fn fits(field: &IndustryField, value: &str) -> bool {
    if value.chars().count() > VALUE_CHARS || value.chars().any(char::is_control) {
        return false;
    }
    match field.kind {
        FieldType::Text => true,
        FieldType::Number => standard::Money::from_yuan(value).is_ok(),
        FieldType::Date => value.parse::<Date>().is_ok(),
        FieldType::Choice => field.choices.iter().any(|choice| choice == value),
        FieldType::Flag => matches!(value, "true" | "false"),
    }
}

fn wanted(field: &IndustryField) -> (String, String) {
    match field.kind {
        FieldType::Text => (
            format!("请填写不超过 {VALUE_CHARS} 个字的文字"),
            format!("at most {VALUE_CHARS} characters"),
        ),
        FieldType::Number => ("请填写数字".into(), "a number".into()),
        FieldType::Date => ("请填写日期，如 2026-12-01".into(), "a day such as 2026-12-01".into()),
        FieldType::Choice => (
            format!("请从 {} 中选择", field.choices.join("、")),
            format!("one of {}", field.choices.join(", ")),
        ),
        FieldType::Flag => ("请选择是或否".into(), "yes or no".into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_template_is_whole() {
        assert!(all().len() >= 15, "{}", all().len());
        let keys: BTreeSet<&str> = all().iter().map(|industry| industry.key.as_str()).collect();
        assert_eq!(keys.len(), all().len(), "keys are unique");
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("industries");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(
            files,
            keys.iter().map(|key| (*key).to_string()).collect(),
            "each file is embedded and named for its key"
        );
        for industry in all() {
            let name = &industry.key;
            assert!((1..=8).contains(&industry.injury_class), "{name}");
            assert!(
                industry.section.len() == 1 && ("A"..="T").contains(&industry.section.as_str()),
                "{name}"
            );
            assert!(!industry.fields.is_empty() && industry.steps.len() >= 4, "{name}");
            for kind in &industry.materials {
                assert!(super::super::document::KINDS.iter().any(|(key, _)| key == kind), "{name}: {kind}");
            }
            let fields: BTreeSet<&str> = industry.fields.iter().map(|field| field.key.as_str()).collect();
            assert_eq!(fields.len(), industry.fields.len(), "{name}");
            for field in &industry.fields {
                assert_eq!(field.kind == FieldType::Choice, !field.choices.is_empty(), "{name}.{}", field.key);
            }
        }
        let classes: BTreeSet<i32> = all().iter().map(|industry| industry.injury_class).collect();
        assert!(classes.len() >= 7, "{classes:?}");
    }

    #[test]
    fn a_template_with_an_unknown_key_is_refused() {
        let text = format!("{}\nunknown = 1\n", "key = \"x\"");
        assert!(toml::from_str::<Industry>(&text).is_err());
        let good = FILES[0].replace("injury_class", "injury_klass");
        assert!(toml::from_str::<Industry>(&good).is_err());
    }

    #[test]
    fn values_are_weighed_by_their_field() {
        let catering = template("catering");
        let given = |pairs: &[(&str, &str)]| {
            let given = pairs
                .iter()
                .map(|(key, value)| ((*key).to_string(), (*value).to_string()))
                .collect();
            weigh_extra(catering, &given).map_err(|wrong| wrong.into_iter().map(|finding| finding.rule).collect::<Vec<_>>())
        };
        assert_eq!(given(&[("store", " 五一店 "), ("board", "")]).unwrap().len(), 1);
        assert_eq!(given(&[("shoe", "42")]), Err(vec!["extra_field_unknown".into()]));
        assert_eq!(given(&[("health_until", "明年")]), Err(vec!["extra_field_unfit".into()]));
        assert_eq!(given(&[("board", "包机")]), Err(vec!["extra_field_unfit".into()]));
        let nothing = BTreeMap::from([("store".to_string(), "五一店".to_string())]);
        assert!(
            weigh_extra(None, &nothing).is_err(),
            "without an industry there are no extra fields"
        );
    }
}
