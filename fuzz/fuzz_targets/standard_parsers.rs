//! Every parser of the shared vocabulary answers any bytes with a value or a finding, and what it accepts it writes back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use standard::{CreditCode, IdNumber, Insurance, Money, Month, MonthSet, Organisation, Rate, RegionCode, RelationStatus, sm};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(number) = IdNumber::parse(&text) {
        assert_eq!(IdNumber::parse(number.reveal()).as_ref(), Ok(&number));
        let _ = (number.birth_date(), number.sex(), number.region().full_name());
    }
    if let Ok(code) = CreditCode::parse(&text) {
        assert_eq!(CreditCode::parse(code.as_str()), Ok(code));
    }
    if let Ok(money) = Money::from_yuan(&text) {
        assert_eq!(Money::from_yuan(&money.to_yuan()), Ok(money));
    }
    if let Ok(rate) = Rate::parse(&text) {
        assert_eq!(Rate::parse(&rate.to_string()), Ok(rate));
    }
    if let Ok(month) = Month::parse(&text) {
        assert_eq!(Month::parse(&month.to_string()), Ok(month));
        let _ = (month.first_day(), month.last_day());
    }
    if let Ok(set) = text.parse::<MonthSet>() {
        assert_eq!(set.to_string().parse(), Ok(set));
    }
    if let Ok(organisation) = text.parse::<Organisation>() {
        assert_eq!(organisation.to_string().parse(), Ok(organisation));
    }
    let _ = RegionCode::parse(&text).map(|region| (region.name(), region.full_name()));
    let _ = RegionCode::by_name(&text);
    let _ = Insurance::parse_zh(&text);
    let _ = RelationStatus::parse_zh(&text);
    let _ = sm::PublicKey::from_bytes(bytes);
    let _ = sm::Signature::from_hex(&text);
});
