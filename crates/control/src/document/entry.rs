//! One place of a statutory form: what stands there, whether it must be filled, whether it is confirmed.

use serde::Serialize;
use serde_json::Value;
use standard::{Date, Finding, Money, Month, Rate};

use super::amount::{figures, upper_case};

/// What a form shows in one place. An empty required place is printed as 【待填】, an unconfirmed value is
/// followed by （待核实）. Not `Debug`: a place may hold an ID number or a bank account.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    text: Option<String>,
    /// The amount in Chinese capitals, for places that hold money.
    #[serde(skip_serializing_if = "Option::is_none")]
    upper: Option<String>,
    required: bool,
    unverified: bool,
}

impl Entry {
    /// A place the form requires. Blank text counts as missing.
    pub fn required(text: Option<impl Into<String>>) -> Entry {
        Entry::new(text.map(Into::into), true)
    }

    /// A place that may stay empty.
    pub fn optional(text: Option<impl Into<String>>) -> Entry {
        Entry::new(text.map(Into::into), false)
    }

    /// A required place with its value.
    pub fn given(text: impl Into<String>) -> Entry {
        Entry::new(Some(text.into()), true)
    }

    /// An optional place left empty.
    pub fn none() -> Entry {
        Entry::new(None, false)
    }

    /// A required place left empty: printed as 【待填】.
    pub fn missing() -> Entry {
        Entry::new(None, true)
    }

    /// A day: 2026年11月21日.
    pub fn date(date: Date) -> Entry {
        Entry::given(format!("{}年{:02}月{:02}日", date.year(), date.month(), date.day()))
    }

    /// A month: 2025年04月.
    pub fn month(month: Month) -> Entry {
        Entry::given(format!("{}年{:02}月", month.year(), month.month()))
    }

    /// A month as the yearly rows write it: 202504.
    pub fn month_digits(month: Month) -> Entry {
        Entry::given(month.yyyymm().to_string())
    }

    /// An amount in yuan, with its capitals.
    pub fn money(amount: Money) -> Entry {
        Entry {
            upper: Some(upper_case(amount)),
            ..Entry::given(figures(amount))
        }
    }

    /// A rate in percent without the sign: 16, 0.5.
    pub fn percent(rate: Rate) -> Entry {
        Entry::given(rate.percent().trim_end_matches('%').to_owned())
    }

    /// A count.
    pub fn count(count: i64) -> Entry {
        Entry::given(count.to_string())
    }

    /// Marks the value as stated by someone but confirmed by no source.
    #[must_use]
    pub fn unverified(mut self) -> Entry {
        self.unverified = self.text.is_some();
        self
    }

    /// The same value in a place that may stay empty.
    #[must_use]
    pub fn or_empty(mut self) -> Entry {
        self.required = false;
        self
    }

    /// Whether the form requires a value that is not there.
    pub fn is_missing(&self) -> bool {
        self.required && self.text.is_none()
    }

    /// What stands there.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    fn new(text: Option<String>, required: bool) -> Entry {
        let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Entry {
            text,
            upper: None,
            required,
            unverified: false,
        }
    }
}

impl From<Option<Entry>> for Entry {
    /// An absent required value.
    fn from(entry: Option<Entry>) -> Entry {
        entry.unwrap_or_else(Entry::missing)
    }
}

/// The required places of a form that are still empty, as findings `form_field_missing` whose field is the
/// place's path (`person.household`). Warnings: a preview is allowed with gaps, filing decides for itself.
pub fn missing_fields(form: &Value) -> Vec<Finding> {
    let mut paths = Vec::new();
    collect(form, String::new(), &mut paths);
    paths
        .into_iter()
        .map(|path| {
            Finding::warning(
                "form_field_missing",
                "法定表格有必填项未填，PDF 中标为【待填】",
                "A required place of the statutory form is empty; the PDF marks it",
            )
            .remedy("请补填该项", "Fill in this place")
            .field(path)
        })
        .collect()
}

fn collect(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(fields) if fields.get("required").is_some_and(Value::is_boolean) => {
            let missing = fields["required"] == Value::Bool(true) && fields.get("text").is_none_or(Value::is_null);
            paths.extend(missing.then_some(path));
        }
        Value::Object(fields) => {
            for (name, inner) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(inner, path, paths);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                collect(inner, format!("{path}[{index}]"), paths);
            }
        }
        _ => {}
    }
}
