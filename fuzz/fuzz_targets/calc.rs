//! Any line is answered by one line of JSON, the same with and without its explanation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use policy::RuleBook;
use policy::calc::lines::answer_line;

fuzz_target!(|bytes: &[u8]| {
    let book = RuleBook::embedded();
    let plain = answer_line(book, bytes, false);
    let explained = answer_line(book, bytes, true);
    assert_eq!(plain.readable, explained.readable);
    assert!(!plain.line.contains('\n'));
    let plain: serde_json::Value = serde_json::from_str(&plain.line).expect("an answer is JSON");
    let explained: serde_json::Value = serde_json::from_str(&explained.line).expect("an answer is JSON");
    assert_eq!(plain.get("result"), explained.get("result"));
    assert_eq!(plain.get("error"), explained.get("error"));
    assert!(plain.get("result").is_some() != plain.get("error").is_some());
});
