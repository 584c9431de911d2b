//! A value over time: it holds from its start until the next row, a repeal, or the end of what is known.

use serde::Serialize;
use standard::{Date, Finding, Month};

use crate::book::fields::Fields;
use crate::{Place, Source};

/// What a row says of the time from its start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "reason")]
pub enum Standing {
    /// A value holds.
    InForce,
    /// The rule has ended.
    Repealed,
    /// There is law, but it is not collected or not yet published; the reason says which.
    Unknown(String),
}

/// What every row has, whatever its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowHead {
    /// The first day it holds.
    pub from: Date,
    /// Whether a value holds.
    pub standing: Standing,
    /// The value as text, for display and comparison.
    pub shown: Vec<(String, String)>,
    /// Where it comes from; a row of unknown law may have none.
    pub source: Option<Source>,
    /// A remark for the reader.
    pub note: String,
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row<T> {
    /// Start, source and remark.
    pub head: RowHead,
    /// The value; nothing when repealed or unknown.
    pub value: Option<T>,
}

/// A value in force, together with its row.
#[derive(Debug)]
pub struct InForce<'a, T> {
    /// The value.
    pub value: &'a T,
    /// Start, source and remark.
    pub head: &'a RowHead,
    /// Whose law it is.
    pub place: Place,
}

impl<T> Clone for InForce<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for InForce<'_, T> {}

/// Which series of which file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SeriesKey {
    /// Whose law.
    pub place: Place,
    /// The file without its ending: `pension`.
    pub topic: String,
    /// The series in the file: `limits`.
    pub series: String,
}

impl SeriesKey {
    /// `430100/pension.limits`.
    pub fn path(&self) -> String {
        format!("{}/{}.{}", self.place, self.topic, self.series)
    }
}

/// A value that a row of a law file can hold.
pub(crate) trait Value: Sized {
    /// Each year has a figure of its own, so that a missing year is a gap, not last year's figure going on.
    const YEARLY: bool = false;

    /// Takes its keys out of the row.
    fn read(fields: &mut Fields) -> Result<Self, Finding>;

    /// Things that are odd but not wrong.
    fn warnings(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// A dated series of values.
#[derive(Debug, Clone)]
pub struct Timeline<T> {
    key: SeriesKey,
    rows: Vec<Row<T>>,
}

impl<T> Timeline<T> {
    /// Which series it is.
    pub fn key(&self) -> &SeriesKey {
        &self.key
    }

    /// All rows in order of time.
    pub fn rows(&self) -> &[Row<T>] {
        &self.rows
    }

    /// The value in force on a day; `law_not_encoded` before the first row, after a repeal, and where the law is not known.
    pub fn on(&self, date: Date) -> Result<InForce<'_, T>, Finding> {
        let index = self.rows.partition_point(|row| row.head.from <= date);
        let row = index.checked_sub(1).and_then(|index| self.rows.get(index));
        row.and_then(|row| self.in_force(row))
            .ok_or_else(|| self.not_encoded(row, &date.to_string()))
    }

    /// The value in force on the first day of a month.
    pub fn at(&self, month: Month) -> Result<InForce<'_, T>, Finding> {
        self.on(month.first_day())
    }

    /// The newest value, for questions that name no date.
    pub fn newest(&self) -> Result<InForce<'_, T>, Finding> {
        let row = self.rows.iter().rev().find(|row| row.value.is_some());
        row.and_then(|row| self.in_force(row))
            .ok_or_else(|| self.not_encoded(None, "any date"))
    }

    fn in_force<'a>(&'a self, row: &'a Row<T>) -> Option<InForce<'a, T>> {
        Some(InForce {
            value: row.value.as_ref()?,
            head: &row.head,
            place: self.key.place,
        })
    }

    fn not_encoded(&self, row: Option<&Row<T>>, when: &str) -> Finding {
        let path = self.key.path();
        let (why, why_en) = match (row.map(|row| &row.head.standing), self.rows.first()) {
            (Some(Standing::Unknown(reason)), _) => (format!("（{reason}）"), String::new()),
            (Some(Standing::Repealed), _) => ("（该规定已终止）".to_owned(), " (the rule has ended)".to_owned()),
            (None, Some(first)) => {
                let from = first.head.from;
                (format!("（自 {from} 起收录）"), format!(" (encoded from {from})"))
            }
            _ => (String::new(), String::new()),
        };
        law_not_encoded(
            &format!("{}在 {when} 没有已收录的规定：{path}{why}", self.key.place.name()),
            &format!("No law is encoded for {path} on {when}{why_en}"),
        )
    }
}

/// The refusal to guess.
pub fn law_not_encoded(zh: &str, en: &str) -> Finding {
    Finding::blocking("law_not_encoded", zh, en).remedy(
        "请换一个已收录的地区和年月，或在 law/ 中补录该规定及其来源",
        "Choose a region and month that are encoded, or add the rule with its source to law/",
    )
}

/// Any timeline, whatever it holds: for showing, comparing and checking.
pub trait Series: Sync {
    /// Which series it is.
    fn key(&self) -> &SeriesKey;
    /// The heads of its rows in order of time.
    fn heads(&self) -> Vec<&RowHead>;
}

impl<T: Sync> Series for Timeline<T> {
    fn key(&self) -> &SeriesKey {
        &self.key
    }

    fn heads(&self) -> Vec<&RowHead> {
        self.rows.iter().map(|row| &row.head).collect()
    }
}

/// Reads the rows of one series, in any order; refuses rows without a source, two with one start, a gap.
pub(crate) fn read_series<T: Value>(key: SeriesKey, file: &str, tables: Vec<toml::Table>) -> Result<(Timeline<T>, Vec<Finding>), Finding> {
    let mut rows = Vec::with_capacity(tables.len());
    let mut warnings = Vec::new();
    for (index, table) in tables.into_iter().enumerate() {
        let place = format!("law/{file} [[{}]] #{}", key.series, index + 1);
        let row: Row<T> = read_row(Fields::new(table, place.clone()))?;
        for (zh, en) in row.value.as_ref().map(Value::warnings).unwrap_or_default() {
            let finding = Finding::warning("law_limits_against_average", format!("{place}：{zh}"), format!("{place}: {en}"));
            warnings.push(finding.field(place.clone()));
        }
        rows.push(row);
    }
    rows.sort_by_key(|row| row.head.from);
    let place = format!("law/{file} [[{}]]", key.series);
    check_order(&place, T::YEARLY, rows.iter().map(|row| &row.head))?;
    Ok((Timeline { key, rows }, warnings))
}

fn read_row<T: Value>(mut fields: Fields) -> Result<Row<T>, Finding> {
    let from = fields.start("from")?;
    let note = fields.optional_text("note")?;
    let shown = fields.shown();
    let standing = if fields.has("unknown") {
        let reason = fields.text("unknown")?;
        if reason.trim().is_empty() {
            return Err(fields.refuse("law_value", "unknown 须写明原因", "unknown must state the reason"));
        }
        Standing::Unknown(reason)
    } else if fields.has("repealed") {
        fields.flag("repealed")?;
        Standing::Repealed
    } else {
        Standing::InForce
    };
    let source = match (fields.has("source"), &standing) {
        (true, _) => Some(Source::read(&mut fields.table("source")?)?),
        (false, Standing::Unknown(_)) => None,
        (false, _) => return Err(fields.refuse("law_no_source", "该行没有来源", "the row has no source")),
    };
    let value = if standing == Standing::InForce {
        Some(T::read(&mut fields)?)
    } else {
        None
    };
    fields.finish()?;
    Ok(Row {
        head: RowHead {
            from,
            standing,
            shown,
            source,
            note,
        },
        value,
    })
}

/// Rows are in order: two with one start overlap; a value after a repeal leaves a gap that nobody explained.
fn check_order<'a>(place: &str, yearly: bool, heads: impl Iterator<Item = &'a RowHead>) -> Result<(), Finding> {
    let refuse = crate::book::fields::refuse;
    let mut before: Option<&RowHead> = None;
    for head in heads {
        if let Some(before) = before {
            if before.from == head.from {
                let (zh, en) = (
                    format!("有两行自 {} 起，互相重叠", head.from),
                    format!("two rows start on {} and overlap", head.from),
                );
                return Err(refuse(place, "law_overlap", &zh, &en));
            }
            if before.standing == Standing::Repealed {
                let (zh, en) = (
                    format!(
                        "自 {} 终止、自 {} 又起，中间是空档；请改写为 unknown 并说明原因",
                        before.from, head.from
                    ),
                    format!(
                        "ends on {} and starts again on {}: a gap; write unknown with its reason instead",
                        before.from, head.from
                    ),
                );
                return Err(refuse(place, "law_gap", &zh, &en));
            }
            if yearly && before.standing == Standing::InForce && head.from.year() != before.from.year() + 1 {
                let (zh, en) = (
                    format!("{} 年之后缺下一年的数值", before.from.year()),
                    format!("the figure of the year after {} is missing", before.from.year()),
                );
                return Err(refuse(place, "law_gap", &zh, &en));
            }
        } else if head.standing != Standing::InForce {
            return Err(refuse(
                place,
                "law_gap",
                "序列的第一行不是有效值",
                "the series does not start with a value",
            ));
        }
        before = Some(head);
    }
    Ok(())
}
