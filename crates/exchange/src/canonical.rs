//! One text for one value: keys sorted, no white space. Signatures are over this text.

use serde_json::Value;

/// Writes the value with sorted keys and no white space, whatever order it was read in.
pub(crate) fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                canonical(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                canonical(&map[key], out);
            }
            out.push('}');
        }
        // Numbers, strings, true, false and null have one text each in serde_json.
        plain => out.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_white_space_do_not_matter() {
        let texts = [
            "{\"b\": [1, {\"y\":2,\"x\":null}], \"a\":\"\u{4e2d}\\n\"}",
            "{\"a\":\"中\\n\",\"b\":[1,{\"x\":null,\"y\":2}]}",
        ];
        for text in texts {
            let mut out = String::new();
            canonical(&serde_json::from_str(text).expect("valid JSON"), &mut out);
            assert_eq!(out, "{\"a\":\"中\\n\",\"b\":[1,{\"x\":null,\"y\":2}]}");
        }
    }
}
