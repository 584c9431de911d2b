//! Code tables (AA10) of the indicators: the national values, and those of regions and systems that differ from them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::RegionCode;

/// One value of a national table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeValue {
    /// AAA102: the value.
    pub value: &'static str,
    /// AAA103: its name.
    pub zh: &'static str,
    /// False when the name still needs a real export to confirm it.
    pub confirmed: bool,
}

/// A national table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeTable {
    /// AAA100: the indicator, for example `AAC008`.
    pub indicator: &'static str,
    /// AAA101: its name.
    pub zh: &'static str,
    /// Its values.
    pub values: Vec<CodeValue>,
}

/// One value of a region's or a system's own table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalValue {
    /// The value used there.
    pub value: &'static str,
    /// Its name there.
    pub zh: &'static str,
    /// The national value; nothing when the nation has none.
    pub national: Option<&'static str>,
}

#[derive(Default)]
struct Book {
    national: BTreeMap<&'static str, CodeTable>,
    local: BTreeMap<(&'static str, &'static str), Vec<LocalValue>>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let mut book = Book::default();
    // The table that lines go into: a national one, or a holder's.
    let (mut holder, mut indicator) = (None, "");
    for line in include_str!("../data/codes.txt").lines() {
        let mut words = line.split(' ');
        let (Some(first), Some(second), third) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        match (first, third) {
            ("#", _) => {}
            ("=", Some(zh)) => {
                (holder, indicator) = (None, second);
                book.national.insert(
                    indicator,
                    CodeTable {
                        indicator,
                        zh,
                        values: Vec::new(),
                    },
                );
            }
            ("@", Some(table)) => (holder, indicator) = (Some(second), table),
            (value, national) => match holder {
                Some(holder) => {
                    let national = national.filter(|value| *value != "-");
                    book.local.entry((holder, indicator)).or_default().push(LocalValue {
                        value,
                        zh: second,
                        national,
                    });
                }
                None => {
                    let plain = value.trim_end_matches('?');
                    let entry = CodeValue {
                        value: plain,
                        zh: second,
                        confirmed: plain == value,
                    };
                    if let Some(table) = book.national.get_mut(indicator) {
                        table.values.push(entry);
                    }
                }
            },
        }
    }
    book
});

/// All national tables, by indicator.
pub fn tables() -> impl Iterator<Item = &'static CodeTable> {
    BOOK.national.values()
}

/// The national table of an indicator.
pub fn table(indicator: &str) -> Option<&'static CodeTable> {
    BOOK.national.get(indicator)
}

/// The national name of a value: `name("AAC008", "1")` is 正常参保.
pub fn name(indicator: &str, value: &str) -> Option<&'static str> {
    table(indicator)?
        .values
        .iter()
        .find(|known| known.value == value)
        .map(|known| known.zh)
}

/// The table a region or a system uses instead of the national one; regions are named by their six digits.
pub fn local_table(holder: &str, indicator: &str) -> Option<&'static [LocalValue]> {
    let found = BOOK
        .local
        .iter()
        .find(|((known, table), _)| *known == holder && *table == indicator);
    found.map(|(_, values)| values.as_slice())
}

/// The national value of what a region wrote: by the table of the region, else of its city, else of its province,
/// else the value itself when the nation knows it.
pub fn national_value(region: RegionCode, indicator: &str, value: &str) -> Option<&'static str> {
    if let Some(values) = table_of(region, indicator) {
        return values.iter().find(|known| known.value == value).and_then(|known| known.national);
    }
    table(indicator)?
        .values
        .iter()
        .find(|known| known.value == value)
        .map(|known| known.value)
}

/// What a region writes for a national value; the first when it has several.
pub fn regional_value(region: RegionCode, indicator: &str, national: &str) -> Option<&'static str> {
    if let Some(values) = table_of(region, indicator) {
        return values
            .iter()
            .find(|known| known.national == Some(national))
            .map(|known| known.value);
    }
    table(indicator)?
        .values
        .iter()
        .find(|known| known.value == national)
        .map(|known| known.value)
}

fn table_of(region: RegionCode, indicator: &str) -> Option<&'static [LocalValue]> {
    let places = [region, region.city(), region.province()];
    places.iter().find_map(|place| local_table(&place.to_string(), indicator))
}

/// How a person's state is shown, from AAC031 and AAC008 together: 正常缴费, 暂停缴费, 正常待遇, 暂停待遇, 终止参保.
pub fn shown_state(payment: &str, relation: &str) -> Option<&'static str> {
    match (payment, relation) {
        ("1", "1") => Some("正常缴费"),
        ("2", "2") => Some("暂停缴费"),
        ("3", "1") => Some("正常待遇"),
        ("3", "2") => Some("暂停待遇"),
        ("3", "4") => Some("终止参保"),
        _ => None,
    }
}
