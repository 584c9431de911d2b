//! Any text as a law file is loaded or refused with named findings; what loads can be shown and compared.
#![no_main]

use libfuzzer_sys::fuzz_target;
use policy::law::{bundle, diff, show};
use policy::{Place, RuleBook};
use standard::Month;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let topics = [
        "pension",
        "medical",
        "unemployment",
        "injury",
        "maternity",
        "housing_fund",
        "wages",
        "tax",
        "labour",
        "retirement",
    ];
    let topic = topics[bytes.first().map_or(0, |byte| usize::from(*byte) % topics.len())];
    for folder in ["430100-changsha", "000000-national"] {
        let name = format!("{folder}/{topic}.toml");
        match RuleBook::parse([(name.as_str(), &*text)]) {
            Ok(book) => {
                assert!(diff::diff(&book, &book).is_empty());
                for place in book.places().chain([Place::NATION]) {
                    let _ = show::in_force(&book, place, Month::new(2025, 6).expect("a month"));
                    let _ = book.at(place, Month::MAX);
                }
            }
            Err(refusal) => assert!(refusal.findings.iter().all(|finding| !finding.rule.is_empty())),
        }
    }
    assert!(bundle::verify(&text, &[]).is_err());
});
