//! Regions, code tables and the fixed words of the field.
#![allow(clippy::unwrap_used)]

use standard::{Insurance, Organisation, RegionCode, RelationStatus, codes};

fn region(code: u32) -> RegionCode {
    RegionCode::new(code).unwrap()
}

#[test]
fn regions_have_an_everyday_and_a_full_name() {
    let cases = [
        (430100, "长沙", "湖南省长沙市"),
        (110000, "北京", "北京市"),
        (110100, "北京", "北京市"),
        (110105, "朝阳区", "北京市朝阳区"),
        (430104, "岳麓区", "湖南省长沙市岳麓区"),
        (500229, "城口县", "重庆市城口县"),
        (419001, "济源市", "河南省济源市"),
        (450000, "广西", "广西壮族自治区"),
        (650000, "新疆", "新疆维吾尔自治区"),
        (810000, "香港", "香港特别行政区"),
        (152500, "锡林郭勒", "内蒙古自治区锡林郭勒盟"),
        (710000, "台湾", "台湾省"),
        (430199, "长沙", "湖南省长沙市"), // a county of the past
        (429900, "湖北", "湖北省"),       // a city of the past
    ];
    for (code, name, full) in cases {
        assert_eq!((region(code).name(), region(code).full_name().as_str()), (name, full), "{code}");
    }
}

#[test]
fn regions_are_found_by_name() {
    let cases = [
        ("武汉", Some(420100)),
        ("武汉市", Some(420100)),
        (" 武汉市　", Some(420100)),
        ("湖北省武汉市", Some(420100)),
        ("湖北武汉", Some(420100)),
        ("北京", Some(110000)),
        ("重庆市", Some(500000)),
        ("岳麓区", Some(430104)),
        ("长沙市岳麓区", Some(430104)),
        ("湖南省长沙市岳麓区", Some(430104)),
        ("北京市朝阳区", Some(110105)),
        ("吉林省吉林市", Some(220200)),
        ("吉林", Some(220000)),
        ("济源市", Some(419001)),
        ("市辖区", None),
        ("鼓楼区", None), // several bear the name
        ("南京市鼓楼区", Some(320106)),
        ("湖北省长沙市", None),
        ("不存在市", None),
        ("", None),
    ];
    for (name, code) in cases {
        assert_eq!(RegionCode::by_name(name), code.map(region), "{name:?}");
    }
    for pilot in RegionCode::pilot() {
        assert!(pilot.is_current());
        assert_eq!(RegionCode::by_name(pilot.name()), Some(*pilot));
    }
}

#[test]
fn regions_need_a_known_province_only() {
    for (text, known) in [
        ("430100", true),
        ("439999", true),
        ("990000", false),
        ("43010", false),
        ("4301000", false),
        ("43010a", false),
    ] {
        assert_eq!(RegionCode::parse(text).is_ok(), known, "{text}");
    }
    assert!(!region(439_999).is_current());
    assert_eq!(
        (region(430_104).city(), region(110_105).city(), region(430_000).city()),
        (region(430_100), region(110_000), region(430_000))
    );
}

#[test]
fn codes_are_national_unless_the_region_has_its_own() {
    let (changsha, haining) = (region(430_100), region(330_481));
    let cases = [
        (changsha, "AAE140", "110", Some("110")),
        (changsha, "AAE140", "10", None),
        (haining, "AAE140", "10", Some("110")),
        (haining, "AAE140", "29", Some("390")),
        (haining, "AAE140", "110", None),
        (haining, "AAC008", "4", Some("4")),
        (changsha, "AAC999", "1", None),
    ];
    for (place, indicator, value, national) in cases {
        assert_eq!(
            codes::national_value(place, indicator, value),
            national,
            "{place} {indicator} {value}"
        );
    }
    assert_eq!(codes::regional_value(haining, "AAE140", "310"), Some("20"));
    assert_eq!(codes::regional_value(changsha, "AAE140", "310"), Some("310"));
    assert_eq!(codes::shown_state("3", "1"), Some("正常待遇"));
    let longterm_care = codes::local_table("medical_platform", "AAE140").unwrap();
    assert!(longterm_care.iter().any(|value| value.value == "410" && value.national.is_none()));
    assert!(
        !codes::table("AAC009")
            .unwrap()
            .values
            .iter()
            .find(|value| value.value == "41")
            .unwrap()
            .confirmed
    );
}

#[test]
fn code_tables_are_whole() {
    assert_eq!(codes::tables().count(), 16);
    for table in codes::tables() {
        let mut values: Vec<_> = table.values.iter().map(|value| value.value).collect();
        assert!(!values.is_empty(), "{}", table.indicator);
        values.sort_unstable();
        let all = values.len();
        values.dedup();
        assert_eq!(values.len(), all, "{} repeats a value", table.indicator);
    }
    for (holder, indicator) in [
        ("330481", "AAE140"),
        ("medical_platform", "AAE140"),
        ("retirement_platform", "AAC008"),
    ] {
        for value in codes::local_table(holder, indicator).unwrap() {
            assert!(
                value.national.is_none_or(|national| codes::name(indicator, national).is_some()),
                "{holder} {}",
                value.value
            );
        }
    }
}

#[test]
fn the_words_of_the_field_agree_with_the_tables() {
    for insurance in Insurance::ALL {
        assert!(codes::name("AAE140", insurance.code()).unwrap().contains(insurance.zh()));
        assert_eq!(Insurance::by_code(insurance.code()), Some(insurance));
        assert_eq!(Insurance::parse_zh(insurance.zh()).unwrap(), insurance);
        assert_eq!(Insurance::parse_zh(&format!("{}保险", insurance.zh())).unwrap(), insurance);
        assert_eq!(serde_json::to_string(&insurance).unwrap(), format!("\"{}\"", insurance.name()));
    }
    assert_eq!(Insurance::parse_zh("企业职工基本养老保险").unwrap(), Insurance::Pension);
    assert_eq!(Insurance::parse_zh("住房").unwrap_err().rule, "insurance_unknown");
    for status in RelationStatus::ALL {
        assert_eq!(codes::name("AAC008", status.code()), Some(status.zh()));
        assert_eq!(RelationStatus::parse_zh(status.zh()).unwrap(), status);
        assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{}\"", status.name()));
    }
}

#[test]
fn organisations_are_written_as_they_are_read() {
    for text in ["platform", "agency:430100", "employer:01234567-89ab-cdef-0123-456789abcdef"] {
        let organisation: Organisation = text.parse().unwrap();
        assert_eq!(organisation.to_string(), text);
        assert_eq!(serde_json::to_string(&organisation).unwrap(), format!("\"{text}\""));
    }
    for text in ["", "agency", "agency:", "agency:990000", "employer:1", "platform:1", "bank:1"] {
        assert!(text.parse::<Organisation>().is_err(), "{text:?}");
    }
}
