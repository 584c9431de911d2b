//! Whatever the bytes, every parser answers: a value or a finding, never a panic. `fuzz/` does the same for longer.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use standard::{CreditCode, IdNumber, Insurance, Money, Month, MonthSet, Organisation, Rate, RegionCode, RelationStatus, half_width, sm};

fn parse_all(text: &str) {
    let _ = IdNumber::parse(text).map(|number| (number.birth_date(), number.sex(), number.region().full_name(), number.masked()));
    let _ = CreditCode::parse(text).map(|code| code.to_string());
    let _ = CreditCode::compose(text);
    let _ = RegionCode::parse(text).map(|region| (region.name(), region.full_name()));
    let _ = RegionCode::by_name(text);
    let _ = Money::from_yuan(text).map(Money::to_yuan);
    let _ = Rate::parse(text).map(|rate| rate.percent());
    let _ = Month::parse(text).map(|month| (month.first_day(), month.last_day()));
    let _ = text.parse::<MonthSet>().map(|set| set.len());
    let _ = text.parse::<Organisation>();
    let _ = Insurance::parse_zh(text);
    let _ = RelationStatus::parse_zh(text);
    let _ = sm::PublicKey::from_hex(text);
    let _ = sm::Signature::from_hex(text);
    let _ = half_width(text);
    let _ = standard::codes::table(text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        parse_all(&String::from_utf8_lossy(&bytes));
    }

    /// Text close to what the parsers expect goes deeper than noise.
    #[test]
    fn likely_text(text in "[0-9０-９Xx.,年月%:a-f中市 　\\-]{0,20}") {
        parse_all(&text);
    }

    #[test]
    fn json(text in "[\"0-9a-z:\\-]{0,24}") {
        let _ = serde_json::from_str::<IdNumber>(&text);
        let _ = serde_json::from_str::<MonthSet>(&text);
        let _ = serde_json::from_str::<Organisation>(&text);
        let _ = serde_json::from_str::<Rate>(&text);
    }
}
