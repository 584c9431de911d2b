//! Everything in force in a region and month, with its source.

use serde::Serialize;
use standard::{Date, Finding, Month};

use crate::timeline::{RowHead, Series, Standing, law_not_encoded};
use crate::{Place, RuleBook, Source};

/// One value in force.
#[derive(Debug, Clone, Serialize)]
pub struct Value {
    /// Whose law: the region's or the nation's.
    pub place: Place,
    /// The topic: `pension`.
    pub topic: String,
    /// The series: `limits`.
    pub series: String,
    /// In force since.
    pub from: Date,
    /// Until the day before this one, when a later row is known.
    pub until: Option<Date>,
    /// The value by its keys.
    pub value: Vec<(String, String)>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// True when no public source confirms it.
    pub unverified: bool,
    /// A remark.
    pub note: String,
}

impl Value {
    /// One line for a terminal.
    pub fn line(&self) -> String {
        let value: Vec<String> = self.value.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let source = self
            .source
            .as_ref()
            .map(|source| format!("{}，{}", source.citation(), source.confidence.zh()))
            .unwrap_or_default();
        let note = if self.note.is_empty() {
            String::new()
        } else {
            format!("；{}", self.note)
        };
        format!(
            "{} {}.{} 自 {}：{}（{source}{note}）",
            self.place,
            self.topic,
            self.series,
            self.from,
            value.join(" ")
        )
    }
}

/// The region's values and the nation's, in order of topic; refused where nothing is encoded for the region in that month.
pub fn in_force(book: &RuleBook, place: Place, month: Month) -> Result<Vec<Value>, Finding> {
    let mut places = vec![Place::NATION];
    if !place.is_nation() {
        book.region(place)?;
        places.insert(0, place);
    }
    let day = month.first_day();
    let mut values = Vec::new();
    for place in places {
        values.extend(book.series(place).into_iter().filter_map(|series| value_on(series, day)));
    }
    let own = values.iter().any(|value| value.place == place);
    if own { Ok(values) } else { Err(nothing(place, month)) }
}

fn nothing(place: Place, month: Month) -> Finding {
    law_not_encoded(
        &format!("{}在 {month} 没有已收录的规定", place.name()),
        &format!("Nothing is encoded for {place} in {month}"),
    )
}

fn value_on(series: &dyn Series, day: Date) -> Option<Value> {
    let heads = series.heads();
    let index = heads.partition_point(|head| head.from <= day).checked_sub(1)?;
    let head: &RowHead = heads[index];
    if head.standing != Standing::InForce {
        return None;
    }
    let key = series.key();
    Some(Value {
        place: key.place,
        topic: key.topic.clone(),
        series: key.series.clone(),
        from: head.from,
        until: heads.get(index + 1).map(|next| next.from),
        value: head.shown.clone(),
        unverified: head
            .source
            .as_ref()
            .is_some_and(|source| source.confidence == crate::Confidence::Unverified),
        source: head.source.clone(),
        note: head.note.clone(),
    })
}

/// How much law there is: places (the nation not counted), series, rows.
pub fn extent(book: &RuleBook) -> (usize, usize, usize) {
    let places: Vec<Place> = book.places().collect();
    let all: Vec<Place> = places.iter().copied().chain([Place::NATION]).collect();
    let series: Vec<usize> = all
        .iter()
        .flat_map(|place| book.series(*place))
        .map(|series| series.heads().len())
        .collect();
    (places.len(), series.len(), series.iter().sum())
}
