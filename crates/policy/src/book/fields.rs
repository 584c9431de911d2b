//! Reads one table of a law file key by key, and refuses what nobody asked for.

use standard::{Date, Finding, Money, Month, Rate};
use toml::{Table, Value};

/// A table being read. Each getter takes its key out; [`Fields::finish`] refuses what is left.
pub(crate) struct Fields {
    table: Table,
    place: String,
}

impl Fields {
    pub(crate) fn new(table: Table, place: String) -> Fields {
        Fields { table, place }
    }

    /// A refusal that says where in the law it is.
    pub(crate) fn refuse(&self, rule: &str, zh: &str, en: &str) -> Finding {
        refuse(&self.place, rule, zh, en)
    }

    fn need(&mut self, key: &str) -> Result<Value, Finding> {
        self.table
            .remove(key)
            .ok_or_else(|| self.refuse("law_value", &format!("缺少“{key}”"), &format!("{key} is missing")))
    }

    fn wrong(&self, key: &str, zh: &str, en: &str) -> Finding {
        self.refuse("law_value", &format!("“{key}”应为{zh}"), &format!("{key} must be {en}"))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(crate) fn text(&mut self, key: &str) -> Result<String, Finding> {
        match self.need(key)? {
            Value::String(text) => Ok(text),
            _ => Err(self.wrong(key, "文字", "text")),
        }
    }

    pub(crate) fn optional_text(&mut self, key: &str) -> Result<String, Finding> {
        if self.has(key) { self.text(key) } else { Ok(String::new()) }
    }

    pub(crate) fn flag(&mut self, key: &str) -> Result<bool, Finding> {
        match self.need(key)? {
            Value::Boolean(flag) => Ok(flag),
            _ => Err(self.wrong(key, "true 或 false", "true or false")),
        }
    }

    /// A whole number of 0 to 1 000 000.
    pub(crate) fn count(&mut self, key: &str) -> Result<i32, Finding> {
        match self.need(key)? {
            Value::Integer(number) if (0..=1_000_000).contains(&number) => Ok(number as i32),
            _ => Err(self.wrong(key, "0 到 1000000 的整数", "a whole number of 0 to 1000000")),
        }
    }

    pub(crate) fn optional_count(&mut self, key: &str) -> Result<Option<i32>, Finding> {
        if self.has(key) { self.count(key).map(Some) } else { Ok(None) }
    }

    /// Yuan in quotes, never negative.
    pub(crate) fn money(&mut self, key: &str) -> Result<Money, Finding> {
        let text = self.text(key)?;
        match Money::from_yuan(&text) {
            Ok(money) if !money.is_negative() && money.fen() < 1_000_000_000_000 => Ok(money),
            _ => Err(self.wrong(key, "引号内的非负金额（元）", "a quoted amount in yuan, not negative")),
        }
    }

    pub(crate) fn optional_money(&mut self, key: &str) -> Result<Option<Money>, Finding> {
        if self.has(key) { self.money(key).map(Some) } else { Ok(None) }
    }

    /// A decimal in quotes, never negative and at most 1000.
    pub(crate) fn rate(&mut self, key: &str) -> Result<Rate, Finding> {
        let text = self.text(key)?;
        self.as_rate(key, &text)
    }

    pub(crate) fn optional_rate(&mut self, key: &str) -> Result<Option<Rate>, Finding> {
        if self.has(key) { self.rate(key).map(Some) } else { Ok(None) }
    }

    fn as_rate(&self, key: &str, text: &str) -> Result<Rate, Finding> {
        match Rate::parse(text) {
            Ok(rate) if (0..=1_000_000_000).contains(&rate.ppm()) => Ok(rate),
            _ => Err(self.wrong(key, "引号内的非负小数", "a quoted decimal, not negative")),
        }
    }

    pub(crate) fn date(&mut self, key: &str) -> Result<Date, Finding> {
        let text = self.text(key)?;
        text.parse()
            .map_err(|_| self.wrong(key, "如 2025-06-01 的日期", "a date such as 2025-06-01"))
    }

    pub(crate) fn month(&mut self, key: &str) -> Result<Month, Finding> {
        let text = self.text(key)?;
        Month::parse(&text).map_err(|_| self.wrong(key, "如 2025-06 的年月", "a month such as 2025-06"))
    }

    /// The day a row starts: `2025-06` is its first day.
    pub(crate) fn start(&mut self, key: &str) -> Result<Date, Finding> {
        let text = self.text(key)?;
        let month = (text.len() == 7).then(|| Month::parse(&text).ok()).flatten();
        match month {
            Some(month) => Ok(month.first_day()),
            None => text
                .parse()
                .map_err(|_| self.wrong(key, "如 2025-06 的年月或日期", "a month such as 2025-06, or a date")),
        }
    }

    pub(crate) fn texts(&mut self, key: &str) -> Result<Vec<String>, Finding> {
        let Value::Array(items) = self.need(key)? else {
            return Err(self.wrong(key, "列表", "a list"));
        };
        let texts: Option<Vec<String>> = items.into_iter().map(|item| item.as_str().map(str::to_owned)).collect();
        texts.ok_or_else(|| self.wrong(key, "文字列表", "a list of texts"))
    }

    pub(crate) fn counts(&mut self, key: &str) -> Result<Vec<i32>, Finding> {
        let Value::Array(items) = self.need(key)? else {
            return Err(self.wrong(key, "列表", "a list"));
        };
        let counts: Option<Vec<i32>> = items
            .into_iter()
            .map(|item| item.as_integer().and_then(|number| i32::try_from(number).ok()))
            .collect();
        counts.ok_or_else(|| self.wrong(key, "整数列表", "a list of whole numbers"))
    }

    pub(crate) fn tables(&mut self, key: &str) -> Result<Vec<Fields>, Finding> {
        let Value::Array(items) = self.need(key)? else {
            return Err(self.wrong(key, "列表", "a list"));
        };
        items
            .into_iter()
            .map(|item| match item {
                Value::Table(table) => Ok(Fields::new(table, format!("{} {key}", self.place))),
                _ => Err(self.wrong(key, "表的列表", "a list of tables")),
            })
            .collect()
    }

    pub(crate) fn table(&mut self, key: &str) -> Result<Fields, Finding> {
        match self.need(key)? {
            Value::Table(table) => Ok(Fields::new(table, format!("{} {key}", self.place))),
            _ => Err(self.wrong(key, "表", "a table")),
        }
    }

    /// A table from the numbers `1`…`n` (or any whole numbers) to whole numbers, in order of the number.
    pub(crate) fn counts_by_number(&mut self, key: &str) -> Result<Vec<(i32, i32)>, Finding> {
        let mut inner = self.table(key)?;
        inner.by_number(|inner, key| inner.count(key))
    }

    /// The same to decimals.
    pub(crate) fn rates_by_number(&mut self, key: &str) -> Result<Vec<(i32, Rate)>, Finding> {
        let mut inner = self.table(key)?;
        inner.by_number(|inner, key| inner.rate(key))
    }

    fn by_number<T>(&mut self, mut get: impl FnMut(&mut Fields, &str) -> Result<T, Finding>) -> Result<Vec<(i32, T)>, Finding> {
        let keys: Vec<String> = self.table.keys().cloned().collect();
        let mut pairs = Vec::with_capacity(keys.len());
        for key in keys {
            let number = key.parse::<i32>().map_err(|_| self.wrong(&key, "整数键", "a whole number"))?;
            pairs.push((number, get(self, &key)?));
        }
        pairs.sort_by_key(|(number, _)| *number);
        Ok(pairs)
    }

    /// Every key that is left, as text: what `law show` prints of the row.
    pub(crate) fn shown(&self) -> Vec<(String, String)> {
        self.table
            .iter()
            .filter(|(key, _)| *key != "source")
            .map(|(key, value)| (key.clone(), shown(value)))
            .collect()
    }

    /// Refuses keys nobody asked for.
    pub(crate) fn finish(&self) -> Result<(), Finding> {
        match self.table.keys().next() {
            None => Ok(()),
            Some(key) => Err(self.refuse("law_unknown_key", &format!("不认识的键“{key}”"), &format!("unknown key {key:?}"))),
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let pairs: Vec<String> = table.iter().map(|(key, value)| format!("{key}: {}", shown(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}

/// A refusal of the law loader: the place is named in the field and in both sentences.
pub(crate) fn refuse(place: &str, rule: &str, zh: &str, en: &str) -> Finding {
    Finding::blocking(rule, format!("{place}：{zh}"), format!("{place}: {en}"))
        .field(place)
        .remedy(
            "请改正该行后重新检查（shebao law check）",
            "Correct the row and check again (shebao law check)",
        )
}
