//! Reads the inputs of a calculation strictly: every field asked for, none unknown, every figure within bounds.

use serde_json::{Map, Value};
use standard::{Date, Finding, Insurance, Money, Month, Rate};

use crate::Place;
use crate::exact::Exact;

/// No amount of a person's wages or benefits is larger: a trillion yuan.
const MONEY_MAX_FEN: i64 = 100_000_000_000_000;
/// No list is longer.
const LIST_MAX: usize = 1_000;

/// The inputs of one calculation; remembers what was asked for.
pub(crate) struct Inputs<'a> {
    map: &'a Map<String, Value>,
    asked: Vec<&'static str>,
}

fn refuse(rule: &str, field: &str, zh: String, en: String) -> Finding {
    Finding::blocking(rule, zh, en).field(field)
}

fn wrong_type(field: &str, zh: &str, en: &str) -> Finding {
    refuse("wrong_type", field, format!("“{field}”应为{zh}"), format!("{field} must be {en}"))
}

impl<'a> Inputs<'a> {
    pub(crate) fn new(value: &'a Value) -> Result<Inputs<'a>, Finding> {
        match value {
            Value::Object(map) => Ok(Inputs {
                map,
                asked: Vec::with_capacity(8),
            }),
            _ => Err(refuse(
                "wrong_type",
                "inputs",
                "inputs 应为对象".to_owned(),
                "inputs must be an object".to_owned(),
            )),
        }
    }

    /// Names fields that are known though nobody has read them yet.
    pub(crate) fn ask(&mut self, fields: impl Iterator<Item = &'static str>) {
        self.asked.extend(fields);
    }

    fn get(&mut self, field: &'static str) -> Option<&'a Value> {
        self.asked.push(field);
        self.map.get(field).filter(|value| !value.is_null())
    }

    fn need(&mut self, field: &'static str) -> Result<&'a Value, Finding> {
        self.get(field)
            .ok_or_else(|| refuse("missing_field", field, format!("缺少“{field}”"), format!("{field} is missing")))
    }

    /// Refuses fields nobody asked for: a misspelt option would otherwise be ignored in silence.
    pub(crate) fn finish(self) -> Result<(), Finding> {
        match self.map.keys().find(|key| !self.asked.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => {
                let shown: String = key.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
                Err(refuse(
                    "unknown_field",
                    &shown,
                    format!("不认识的字段“{shown}”"),
                    format!("Unknown field {shown:?}"),
                )
                .remedy(
                    format!("可用字段：{}", self.asked.join("、")),
                    format!("Known fields: {}", self.asked.join(", ")),
                ))
            }
        }
    }

    pub(crate) fn text(&mut self, field: &'static str) -> Result<&'a str, Finding> {
        self.need(field)?.as_str().ok_or_else(|| wrong_type(field, "文字", "text"))
    }

    pub(crate) fn optional_text(&mut self, field: &'static str) -> Result<Option<&'a str>, Finding> {
        let text = self
            .get(field)
            .map(|value| value.as_str().ok_or_else(|| wrong_type(field, "文字", "text")));
        text.transpose()
    }

    pub(crate) fn money(&mut self, field: &'static str) -> Result<Money, Finding> {
        let value = self.need(field)?;
        money(field, value)
    }

    pub(crate) fn optional_money(&mut self, field: &'static str) -> Result<Option<Money>, Finding> {
        self.get(field).map(|value| money(field, value)).transpose()
    }

    pub(crate) fn rate(&mut self, field: &'static str) -> Result<Rate, Finding> {
        let value = self.need(field)?;
        rate(field, value)
    }

    pub(crate) fn optional_rate(&mut self, field: &'static str) -> Result<Option<Rate>, Finding> {
        self.get(field).map(|value| rate(field, value)).transpose()
    }

    /// A decimal in quotes, at most `whole_max`.
    pub(crate) fn exact(&mut self, field: &'static str, whole_max: i64) -> Result<Exact, Finding> {
        let value = self.need(field)?;
        exact(field, value, whole_max)
    }

    pub(crate) fn optional_exact(&mut self, field: &'static str, whole_max: i64) -> Result<Option<Exact>, Finding> {
        self.get(field).map(|value| exact(field, value, whole_max)).transpose()
    }

    pub(crate) fn month(&mut self, field: &'static str) -> Result<Month, Finding> {
        let value = self.need(field)?;
        month(field, value)
    }

    pub(crate) fn optional_month(&mut self, field: &'static str) -> Result<Option<Month>, Finding> {
        self.get(field).map(|value| month(field, value)).transpose()
    }

    pub(crate) fn date(&mut self, field: &'static str) -> Result<Date, Finding> {
        let value = self.need(field)?;
        date(field, value)
    }

    pub(crate) fn optional_date(&mut self, field: &'static str) -> Result<Option<Date>, Finding> {
        self.get(field).map(|value| date(field, value)).transpose()
    }

    pub(crate) fn region(&mut self, field: &'static str) -> Result<Place, Finding> {
        Place::parse(self.text(field)?).map_err(|finding| finding.field(field))
    }

    pub(crate) fn optional_region(&mut self, field: &'static str) -> Result<Option<Place>, Finding> {
        let text = self.optional_text(field)?;
        text.map(|text| Place::parse(text).map_err(|finding| finding.field(field)))
            .transpose()
    }

    pub(crate) fn insurance(&mut self, field: &'static str) -> Result<Insurance, Finding> {
        let name = self.text(field)?;
        Insurance::by_name(name).ok_or_else(|| {
            refuse(
                "insurance_unknown",
                field,
                "险种无法识别".to_owned(),
                "The insurance is not known".to_owned(),
            )
            .remedy(
                "请填写 pension、medical、unemployment、injury 或 maternity",
                "Use pension, medical, unemployment, injury or maternity",
            )
        })
    }

    /// A whole number within bounds.
    pub(crate) fn count(&mut self, field: &'static str, low: i32, high: i32) -> Result<i32, Finding> {
        let value = self.need(field)?;
        count(field, value, low, high)
    }

    pub(crate) fn optional_count(&mut self, field: &'static str, low: i32, high: i32) -> Result<Option<i32>, Finding> {
        self.get(field).map(|value| count(field, value, low, high)).transpose()
    }

    pub(crate) fn flag(&mut self, field: &'static str) -> Result<bool, Finding> {
        self.need(field)?
            .as_bool()
            .ok_or_else(|| wrong_type(field, "true 或 false", "true or false"))
    }

    pub(crate) fn optional_flag(&mut self, field: &'static str) -> Result<bool, Finding> {
        match self.get(field) {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or_else(|| wrong_type(field, "true 或 false", "true or false")),
        }
    }

    /// A list of objects, each read by `read`.
    pub(crate) fn list<R>(
        &mut self,
        field: &'static str,
        length_max: usize,
        read: impl FnMut(&mut Inputs<'a>) -> Result<R, Finding>,
    ) -> Result<Vec<R>, Finding> {
        let value = self.need(field)?;
        list(field, value, length_max, read)
    }

    pub(crate) fn optional_list<R>(
        &mut self,
        field: &'static str,
        length_max: usize,
        read: impl FnMut(&mut Inputs<'a>) -> Result<R, Finding>,
    ) -> Result<Option<Vec<R>>, Finding> {
        self.get(field).map(|value| list(field, value, length_max, read)).transpose()
    }
}

fn list<'a, R>(
    field: &'static str,
    value: &'a Value,
    length_max: usize,
    mut read: impl FnMut(&mut Inputs<'a>) -> Result<R, Finding>,
) -> Result<Vec<R>, Finding> {
    let items = value.as_array().ok_or_else(|| wrong_type(field, "列表", "a list"))?;
    let length_max = length_max.min(LIST_MAX);
    if items.len() > length_max {
        let (zh, en) = (
            format!("“{field}”最多 {length_max} 项"),
            format!("{field} has at most {length_max} entries"),
        );
        return Err(refuse("list_too_long", field, zh, en));
    }
    items
        .iter()
        .map(|item| {
            let mut inner = Inputs::new(item)?;
            let value = read(&mut inner)?;
            inner.finish()?;
            Ok(value)
        })
        .collect()
}

/// Yuan in quotes: never negative, at most two decimals, at most a trillion, and no ID number by mistake.
fn money(field: &str, value: &Value) -> Result<Money, Finding> {
    let Some(text) = value.as_str() else {
        return Err(wrong_type(
            field,
            "引号内的金额，如 \"1234.50\"",
            "a quoted amount such as \"1234.50\"",
        ));
    };
    if looks_like_id_number(text) {
        let finding = refuse(
            "id_number_in_money_field",
            field,
            "金额栏中像是证件号码".to_owned(),
            "The amount looks like an ID number".to_owned(),
        );
        return Err(finding.remedy(
            "请检查是否把证件号码填进了金额栏",
            "Check whether an ID number was entered as an amount",
        ));
    }
    let digits = text.trim_start_matches('-').split('.').next().unwrap_or_default();
    if digits.len() > 15 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(too_large(field));
    }
    let money = Money::from_yuan(text).map_err(|finding| finding.field(field))?;
    if money.is_negative() {
        return Err(refuse(
            "money_negative",
            field,
            "金额不能为负".to_owned(),
            "An amount cannot be negative".to_owned(),
        )
        .remedy("请填写 0 或正数", "Enter 0 or more"));
    }
    if money.fen() > MONEY_MAX_FEN {
        return Err(too_large(field));
    }
    Ok(money)
}

fn too_large(field: &str) -> Finding {
    refuse(
        "money_too_large",
        field,
        "金额过大".to_owned(),
        "The amount is too large".to_owned(),
    )
    .remedy("请检查小数点与单位（元）", "Check the decimal point and the unit (yuan)")
}

/// Eighteen characters shaped like an ID number, or fifteen digits like an old one.
pub fn looks_like_id_number(text: &str) -> bool {
    let bytes = text.trim().as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    match bytes {
        [front @ .., last] if bytes.len() == 18 => digits(front) && (last.is_ascii_digit() || matches!(last, b'x' | b'X')),
        _ => {
            bytes.len() == 15
                && digits(bytes)
                && bytes.first() != Some(&b'0')
                && (1..=12).contains(&two(&bytes[8..10]))
                && (1..=31).contains(&two(&bytes[10..12]))
        }
    }
}

fn two(digits: &[u8]) -> u8 {
    digits.iter().fold(0, |number, digit| number * 10 + (digit - b'0'))
}

fn rate(field: &str, value: &Value) -> Result<Rate, Finding> {
    let text = value
        .as_str()
        .ok_or_else(|| wrong_type(field, "引号内的小数，如 \"0.12\"", "a quoted decimal such as \"0.12\""))?;
    let rate = Rate::parse(text).map_err(|finding| finding.field(field))?;
    if rate < Rate::ZERO || rate > Rate::ONE {
        return Err(refuse(
            "rate_range",
            field,
            "比例应在 0 到 1 之间".to_owned(),
            "A rate is 0 to 1".to_owned(),
        ));
    }
    Ok(rate)
}

fn exact(field: &str, value: &Value, whole_max: i64) -> Result<Exact, Finding> {
    let text = value
        .as_str()
        .ok_or_else(|| wrong_type(field, "引号内的小数", "a quoted decimal"))?;
    Exact::parse(text, whole_max).map_err(|finding| finding.field(field))
}

fn month(field: &str, value: &Value) -> Result<Month, Finding> {
    let text = value
        .as_str()
        .ok_or_else(|| wrong_type(field, "如 \"2025-06\" 的年月", "a month such as \"2025-06\""))?;
    let shaped = text.len() == 7 && text.as_bytes()[4] == b'-';
    let month = if shaped {
        Month::parse(text)
    } else {
        Err(Finding::blocking("month_format", "年月格式不正确", "The month is not readable"))
    };
    month.map_err(|finding| {
        finding
            .field(field)
            .remedy("请填写如 2025-06 的年月", "Enter a month such as 2025-06")
    })
}

fn date(field: &str, value: &Value) -> Result<Date, Finding> {
    let text = value.as_str().filter(|text| text.len() == 10);
    text.and_then(|text| text.parse().ok()).ok_or_else(|| {
        refuse(
            "date_format",
            field,
            "日期格式不正确或不存在".to_owned(),
            "The date is not readable or does not exist".to_owned(),
        )
        .remedy("请填写如 2025-06-01 的日期", "Enter a date such as 2025-06-01")
    })
}

fn count(field: &str, value: &Value, low: i32, high: i32) -> Result<i32, Finding> {
    let number = value.as_i64().ok_or_else(|| wrong_type(field, "整数", "a whole number"))?;
    i32::try_from(number)
        .ok()
        .filter(|number| (low..=high).contains(number))
        .ok_or_else(|| {
            refuse(
                "count_range",
                field,
                format!("“{field}”应在 {low} 到 {high} 之间"),
                format!("{field} must be {low} to {high}"),
            )
        })
}
