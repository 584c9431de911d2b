//! A set of months, so that a month paid in two places is counted once (《社会保险法》第十九条: years add up).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Finding, Month};

/// A union of inclusive spans of months, held sorted, apart and unable to touch.
///
/// Its text is compact: `202203-202504,202507-202509`; the empty set is the empty text.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct MonthSet {
    spans: Vec<(Month, Month)>,
}

impl MonthSet {
    /// No months.
    pub const fn new() -> MonthSet {
        MonthSet { spans: Vec::new() }
    }

    /// One span, both ends counted; nothing when it ends before it begins.
    pub fn of(from: Month, to: Month) -> MonthSet {
        let mut set = MonthSet::new();
        set.insert(from, to);
        set
    }

    /// Adds a span, both ends counted; a span that ends before it begins adds nothing.
    pub fn insert(&mut self, from: Month, to: Month) {
        if from > to {
            return;
        }
        // Spans that overlap or touch [from, to] melt into one.
        let start = self.spans.partition_point(|&(_, end)| end.until(from) > 1);
        let stop = self.spans.partition_point(|&(begin, _)| begin.until(to) >= -1);
        let mut merged = (from, to);
        for &(begin, end) in &self.spans[start..stop] {
            merged = (merged.0.min(begin), merged.1.max(end));
        }
        self.spans.splice(start..stop, [merged]);
    }

    /// How many months.
    pub fn len(&self) -> i64 {
        self.spans.iter().map(|&(from, to)| i64::from(from.until(to)) + 1).sum()
    }

    /// True when it has no month.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// True when the month is in it.
    pub fn contains(&self, month: Month) -> bool {
        let index = self.spans.partition_point(|&(_, end)| end < month);
        self.spans.get(index).is_some_and(|&(begin, _)| begin <= month)
    }

    /// Months of either.
    #[must_use]
    pub fn union(&self, other: &MonthSet) -> MonthSet {
        let mut result = self.clone();
        for &(from, to) in &other.spans {
            result.insert(from, to);
        }
        result
    }

    /// Months of both.
    #[must_use]
    pub fn intersection(&self, other: &MonthSet) -> MonthSet {
        let mut result = MonthSet::new();
        let (mut left, mut right) = (0, 0);
        while let (Some(&a), Some(&b)) = (self.spans.get(left), other.spans.get(right)) {
            result.insert(a.0.max(b.0), a.1.min(b.1));
            if a.1 <= b.1 {
                left += 1;
            } else {
                right += 1;
            }
        }
        result
    }

    /// Its spans in order, both ends counted, never touching.
    pub fn spans(&self) -> &[(Month, Month)] {
        &self.spans
    }

    /// The first month.
    pub fn first(&self) -> Option<Month> {
        self.spans.first().map(|&(from, _)| from)
    }

    /// The last month.
    pub fn last(&self) -> Option<Month> {
        self.spans.last().map(|&(_, to)| to)
    }
}

impl FromIterator<(Month, Month)> for MonthSet {
    fn from_iter<I: IntoIterator<Item = (Month, Month)>>(spans: I) -> MonthSet {
        let mut set = MonthSet::new();
        for (from, to) in spans {
            set.insert(from, to);
        }
        set
    }
}

impl fmt::Display for MonthSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (from, to)) in self.spans.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{:06}-{:06}", from.yyyymm(), to.yyyymm())?;
        }
        Ok(())
    }
}

impl fmt::Debug for MonthSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MonthSet({self})")
    }
}

impl FromStr for MonthSet {
    type Err = Finding;
    fn from_str(text: &str) -> Result<MonthSet, Finding> {
        let mut set = MonthSet::new();
        for span in text.split(',').filter(|_| !text.is_empty()) {
            let (from, to) = span.split_once('-').unwrap_or((span, span));
            let (from, to) = (compact(from)?, compact(to)?);
            if from > to {
                return Err(unreadable());
            }
            set.insert(from, to);
        }
        Ok(set)
    }
}

fn compact(text: &str) -> Result<Month, Finding> {
    if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(unreadable());
    }
    Month::parse(text).map_err(|_| unreadable())
}

fn unreadable() -> Finding {
    Finding::blocking("month_set_format", "缴费月份区间格式不正确", "The spans of months are not readable").remedy(
        "请填写如 202203-202504,202507-202509 的区间",
        "Write spans such as 202203-202504,202507-202509",
    )
}

impl Serialize for MonthSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MonthSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<MonthSet, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|finding: Finding| serde::de::Error::custom(finding.message.en))
    }
}
