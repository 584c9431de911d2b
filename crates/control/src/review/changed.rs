//! What an edit changed in a form, as the audit trail keeps it: field by field, with what identifies a person masked.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use standard::IdNumber;

use super::case::Form;

/// Fields one event names at most; a longer list says so.
const FIELDS_MAX: usize = 200;
/// How the names of fields end whose values identify a person or lead to their money.
const IDENTIFYING: [&str; 6] = ["id_number", "certificate_number", "phone", "card", "account", "bank_number"];

/// The changed fields before and after, by path such as `person.name` or `lines.3.wage_fen`; a field that is not there is null.
pub(super) fn between(before: &Form, after: &Form) -> (Value, Value) {
    let mut found = Changes::default();
    found.walk(&mut Vec::new(), before, after);
    if found.more > 0 {
        found.before.insert("…".to_owned(), json!(found.more));
        found.after.insert("…".to_owned(), json!(found.more));
    }
    (Value::Object(found.before), Value::Object(found.after))
}

#[derive(Default)]
struct Changes {
    before: Map<String, Value>,
    after: Map<String, Value>,
    /// Changed fields beyond [`FIELDS_MAX`].
    more: usize,
}

impl Changes {
    fn walk(&mut self, path: &mut Vec<String>, before: &Value, after: &Value) {
        if before == after {
            return;
        }
        let keys = inner_keys(before, after);
        if keys.is_empty() {
            self.note(path, before, after);
            return;
        }
        for key in keys {
            path.push(key);
            let key = path.last().map_or("", String::as_str);
            let (one, other) = (inner(before, key), inner(after, key));
            self.walk(path, one, other);
            path.pop();
        }
    }

    fn note(&mut self, path: &[String], before: &Value, after: &Value) {
        if self.before.len() >= FIELDS_MAX {
            self.more += 1;
            return;
        }
        let name = path.join(".");
        self.before.insert(name.clone(), shown(path, before));
        self.after.insert(name, shown(path, after));
    }
}

/// The keys of an object or the places of a list, of both sides; none where both are plain values.
fn inner_keys(before: &Value, after: &Value) -> Vec<String> {
    let mut names = BTreeSet::new();
    let mut places = 0;
    for side in [before, after] {
        match side {
            Value::Object(fields) => names.extend(fields.keys().cloned()),
            Value::Array(items) => places = places.max(items.len()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    names.into_iter().chain((0..places).map(|place| place.to_string())).collect()
}

fn inner<'a>(side: &'a Value, key: &str) -> &'a Value {
    const NOTHING: &Value = &Value::Null;
    match side {
        Value::Object(fields) => fields.get(key).unwrap_or(NOTHING),
        Value::Array(items) => key.parse::<usize>().ok().and_then(|place| items.get(place)).unwrap_or(NOTHING),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => NOTHING,
    }
}

fn shown(path: &[String], value: &Value) -> Value {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return value.clone(),
    };
    if let Ok(number) = IdNumber::parse(&text) {
        return json!(number.masked());
    }
    let name = path.last().map_or("", String::as_str);
    let identifies = IDENTIFYING.iter().any(|end| name.ends_with(end));
    if identifies { json!(masked(&text)) } else { value.clone() }
}

/// All but the last two characters hidden.
fn masked(text: &str) -> String {
    let hidden = text.chars().count().saturating_sub(2);
    text.chars().enumerate().map(|(at, c)| if at < hidden { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use standard::{Date, RegionCode};

    #[test]
    fn only_changed_fields_are_named_and_identities_masked() {
        let id = IdNumber::compose(RegionCode::new(430_102).unwrap(), Date::constant(1990, 6, 2), 1).unwrap();
        let before = json!({
            "person": { "name": "赵敏", "id_number": id.reveal(), "phone": "13800000001" },
            "base_fen": 800_000, "insurances": ["pension"], "kept": "as is",
        });
        let after = json!({
            "person": { "name": "赵敏芝", "id_number": "4301021990060200", "phone": "13900000009" },
            "base_fen": 900_000, "insurances": ["pension", "medical"], "kept": "as is", "social_card": "A12345678",
        });
        let (was, is) = between(&before, &after);
        assert_eq!(
            was,
            json!({
                "base_fen": 800_000, "insurances.1": null, "person.id_number": id.masked(),
                "person.name": "赵敏", "person.phone": "*********01", "social_card": null,
            })
        );
        assert_eq!(
            is,
            json!({
                "base_fen": 900_000, "insurances.1": "medical", "person.id_number": "**************00",
                "person.name": "赵敏芝", "person.phone": "*********09", "social_card": "*******78",
            })
        );
    }

    #[test]
    fn a_form_of_thousands_of_lines_stays_a_short_event() {
        let lines = |wage: i64| json!({ "lines": (0..1000).map(|_| json!({ "wage_fen": wage })).collect::<Vec<_>>() });
        let (was, is) = between(&lines(1), &lines(2));
        assert_eq!((was["…"].clone(), is["…"].clone()), (json!(800), json!(800)));
        assert_eq!(was.as_object().map(Map::len), Some(FIELDS_MAX + 1));
    }
}
