//! Calculation lines: one JSON object a line in, one answer a line out, in order.

use rayon::prelude::*;
use serde_json::{Value, json};
use standard::Finding;

use super::{answer, error};
use crate::RuleBook;

/// No line is longer; a longer one is not read.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// The answer to one line.
#[derive(Debug)]
pub struct Answered {
    /// One line of JSON without its end.
    pub line: String,
    /// False when the line was no readable calculation at all.
    pub readable: bool,
}

/// Answers lines in order, on all cores.
pub fn answer_lines(book: &RuleBook, lines: &[Vec<u8>], explained: bool) -> Vec<Answered> {
    lines
        .par_iter()
        .with_min_len(64)
        .map(|line| answer_line(book, line, explained))
        .collect()
}

/// Answers one line.
pub fn answer_line(book: &RuleBook, line: &[u8], explained: bool) -> Answered {
    let unreadable = |zh: &str, en: &str| {
        let finding = Finding::blocking("unreadable_line", zh, en).remedy(
            "每行应为 {\"id\": …, \"kind\": …, \"inputs\": {…}}",
            "Each line is {\"id\": …, \"kind\": …, \"inputs\": {…}}",
        );
        Answered {
            line: json!({"id": null, "error": error(&finding)}).to_string(),
            readable: false,
        }
    };
    if line.len() > LINE_BYTES_MAX {
        return unreadable("该行过长", "The line is too long");
    }
    let parsed: Value = match serde_json::from_slice(line) {
        Ok(parsed) => parsed,
        Err(_) => {
            return match not_a_number(line) {
                Some(line) => Answered { line, readable: true },
                None => unreadable("该行不是有效的 JSON", "The line is not valid JSON"),
            };
        }
    };
    let Value::Object(mut map) = parsed else {
        return unreadable("该行不是 JSON 对象", "The line is not a JSON object");
    };
    let id = map.remove("id").unwrap_or(Value::Null);
    let inputs = map.remove("inputs").unwrap_or(Value::Null);
    let Some(Value::String(kind)) = map.remove("kind") else {
        let finding = Finding::blocking("missing_field", "缺少“kind”", "kind is missing").field("kind");
        return Answered {
            line: json!({"id": id, "error": error(&finding)}).to_string(),
            readable: true,
        };
    };
    Answered {
        line: answer(book, &id, &kind, &inputs, explained).to_string(),
        readable: true,
    }
}

/// Some programs write NaN and Infinity where JSON has no such number: such a line is understood and its figure refused.
fn not_a_number(line: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(line).ok()?;
    if !text.contains("NaN") && !text.contains("Infinity") {
        return None;
    }
    let replaced = text.replace("-Infinity", "null").replace("Infinity", "null").replace("NaN", "null");
    let parsed: Value = serde_json::from_str(&replaced).ok()?;
    let finding = Finding::blocking("not_a_number", "NaN 或 Infinity 不是数", "NaN or Infinity is not a number")
        .remedy("请填写实际的数值", "Enter a real figure");
    Some(json!({"id": parsed.get("id"), "error": error(&finding)}).to_string())
}
