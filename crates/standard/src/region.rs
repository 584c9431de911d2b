//! Administrative divisions (行政区划代码), GB/T 2260, with the names of the statistics bureau's list of 2023.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Finding, half_width};

/// A six-digit code whose province is known. Counties and cities may be historic: ID numbers keep them for life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(u32);

/// The regions of the pilot: 长沙 武汉 广州 深圳 杭州 北京 上海 成都 南京 西安 重庆 天津.
const PILOT: [RegionCode; 12] = [
    RegionCode(430100),
    RegionCode(420100),
    RegionCode(440100),
    RegionCode(440300),
    RegionCode(330100),
    RegionCode(110000),
    RegionCode(310000),
    RegionCode(510100),
    RegionCode(320100),
    RegionCode(610100),
    RegionCode(500000),
    RegionCode(120000),
];

/// Names that group counties and are no place of their own.
const GROUPS: [&str; 4] = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];

/// Endings left out in everyday names, longest first; 自治州 names end in the peoples they are named after.
const ENDINGS: [&str; 9] = [
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "地区",
    "盟",
    "省",
    "市",
];

/// No full name is longer; a longer text is no name.
const NAME_CHARS_MAX: usize = 40;

struct Book {
    names: HashMap<u32, &'static str>,
    by_name: HashMap<&'static str, u32>,
    counties: HashMap<&'static str, Option<u32>>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let mut book = Book {
        names: HashMap::new(),
        by_name: HashMap::new(),
        counties: HashMap::new(),
    };
    for line in include_str!("../data/regions.txt").lines() {
        let Some((code, name)) = line.split_once(' ') else { continue };
        let Ok(code) = code.parse::<u32>() else { continue };
        book.names.insert(code, name);
        if GROUPS.contains(&name) {
            continue;
        }
        if code % 100 == 0 {
            book.by_name.entry(name).or_insert(code);
            book.by_name.entry(short(name)).or_insert(code);
        } else {
            // A name borne by several counties points nowhere.
            book.counties.entry(name).and_modify(|known| *known = None).or_insert(Some(code));
        }
    }
    book
});

fn short(name: &'static str) -> &'static str {
    ENDINGS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name)
}

impl RegionCode {
    /// The twelve regions of the pilot.
    pub fn pilot() -> &'static [RegionCode; 12] {
        &PILOT
    }

    /// Reads six digits. The province must exist; a city or county may be one of the past.
    pub fn parse(text: &str) -> Result<RegionCode, Finding> {
        let text = half_width(text);
        let plain = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        let code = plain.then(|| text.parse().ok()).flatten().ok_or_else(unknown)?;
        RegionCode::new(code)
    }

    /// The code as a number; its province must exist.
    pub fn new(code: u32) -> Result<RegionCode, Finding> {
        let known = code <= 999_999 && BOOK.names.contains_key(&(code / 10_000 * 10_000));
        if known { Ok(RegionCode(code)) } else { Err(unknown()) }
    }

    /// Finds a province, city or county by its name: 武汉, 武汉市, 湖北省武汉市, 岳麓区 when no other county bears the name.
    pub fn by_name(name: &str) -> Option<RegionCode> {
        let name = half_width(name);
        let name = name.as_str();
        if name.chars().count() > NAME_CHARS_MAX {
            return None;
        }
        let direct = BOOK.by_name.get(name).copied();
        let county = || BOOK.counties.get(name).copied().flatten();
        direct.or_else(county).map(RegionCode).or_else(|| by_path(name, None))
    }

    /// The code as a number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The province: 430000 of 430102.
    pub const fn province(self) -> RegionCode {
        RegionCode(self.0 / 10_000 * 10_000)
    }

    /// The city: 430100 of 430102; in municipalities the municipality itself.
    pub const fn city(self) -> RegionCode {
        if self.is_municipality() || self.0.is_multiple_of(10_000) {
            self.province()
        } else {
            RegionCode(self.0 / 100 * 100)
        }
    }

    /// True of 北京, 天津, 上海, 重庆 and everything in them.
    pub const fn is_municipality(self) -> bool {
        matches!(self.0 / 10_000, 11 | 12 | 31 | 50)
    }

    /// True when the very code is in today's list, false when only its province is.
    pub fn is_current(self) -> bool {
        BOOK.names.contains_key(&self.0)
    }

    /// The everyday name: 长沙, 北京, 岳麓区; of an unknown county, that of its city or province.
    pub fn name(self) -> &'static str {
        [self, self.city(), self.province()]
            .iter()
            .filter_map(|region| BOOK.names.get(&region.0).map(|name| (region, *name)))
            .find(|(_, name)| !GROUPS.contains(name))
            .map_or("", |(region, name)| if region.0 % 100 == 0 { short(name) } else { name })
    }

    /// The full name: 湖南省长沙市, 湖南省长沙市岳麓区, 北京市.
    pub fn full_name(self) -> String {
        let mut parts = [self.province(), RegionCode(self.0 / 100 * 100), self]
            .iter()
            .filter_map(|region| BOOK.names.get(&region.0).copied())
            .filter(|name| !GROUPS.contains(name))
            .collect::<Vec<_>>();
        parts.dedup();
        parts.concat()
    }
}

/// 湖北省武汉市, 湖北武汉, 北京市东城区: a name behind the names of what it lies in.
fn by_path(name: &str, outer: Option<u32>) -> Option<RegionCode> {
    let inside = |code: u32| match outer {
        Some(outer) if outer % 10_000 == 0 => code != outer && code / 10_000 == outer / 10_000,
        Some(outer) => code != outer && code / 100 == outer / 100,
        None => true,
    };
    if outer.is_some() {
        let city = BOOK.by_name.get(name).copied().filter(|code| inside(*code));
        let county = || {
            BOOK.names
                .iter()
                .find(|(code, known)| **known == name && **code % 100 != 0 && inside(**code))
        };
        let code = city.or_else(|| county().map(|(code, _)| *code));
        if code.is_some() {
            return code.map(RegionCode);
        }
    }
    let mut splits = name.char_indices().skip(1).map(|(at, _)| name.split_at(at));
    splits.find_map(|(first, rest)| {
        let code = BOOK.by_name.get(first).copied().filter(|code| inside(*code))?;
        by_path(rest, Some(code))
    })
}

fn unknown() -> Finding {
    Finding::blocking("region_unknown", "行政区划代码无法识别", "The region code is not known")
        .field("region")
        .remedy("请填写6位行政区划代码，如 430100", "Enter a six-digit region code such as 430100")
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionCode({self})")
    }
}

impl FromStr for RegionCode {
    type Err = Finding;
    fn from_str(text: &str) -> Result<RegionCode, Finding> {
        RegionCode::parse(text)
    }
}

impl Serialize for RegionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RegionCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RegionCode, D::Error> {
        let text = String::deserialize(deserializer)?;
        RegionCode::parse(&text).map_err(|finding| serde::de::Error::custom(finding.rule))
    }
}
