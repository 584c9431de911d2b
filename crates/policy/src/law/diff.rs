//! What changes between two states of the law: what, from when, for whom.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use standard::Date;

use crate::timeline::{RowHead, Series, SeriesKey, Standing};
use crate::{Place, RuleBook};

/// One row that came, went or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whose law.
    pub place: Place,
    /// Its name.
    pub place_name: String,
    /// The topic.
    pub topic: String,
    /// The series.
    pub series: String,
    /// From when.
    pub from: Date,
    /// The row before, as text; nothing when it is new.
    pub before: Option<String>,
    /// The row after; nothing when it is gone.
    pub after: Option<String>,
    /// The source of the row after.
    pub source: Option<String>,
}

impl Change {
    /// One line for a terminal.
    pub fn line(&self) -> String {
        let (before, after) = (self.before.as_deref().unwrap_or("无"), self.after.as_deref().unwrap_or("无"));
        let source = self.source.as_deref().map(|source| format!("（{source}）")).unwrap_or_default();
        format!(
            "{} {}.{} 自 {}：{before} → {after}{source}",
            self.place_name, self.topic, self.series, self.from
        )
    }
}

fn text(head: &RowHead) -> String {
    match &head.standing {
        Standing::Repealed => "终止".to_owned(),
        Standing::Unknown(reason) => format!("未收录（{reason}）"),
        Standing::InForce => head
            .shown
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

type Rows<'a> = BTreeMap<Date, &'a RowHead>;

fn rows(book: &RuleBook) -> BTreeMap<SeriesKey, Rows<'_>> {
    let places: Vec<Place> = book.places().chain([Place::NATION]).collect();
    let series = places.iter().flat_map(|place| book.series(*place));
    series
        .map(|series: &dyn Series| {
            (
                series.key().clone(),
                series.heads().into_iter().map(|head| (head.from, head)).collect(),
            )
        })
        .collect()
}

/// Every row whose value, standing or source differs, in order of place, topic and start.
pub fn diff(before: &RuleBook, after: &RuleBook) -> Vec<Change> {
    let (before, after) = (rows(before), rows(after));
    let keys: BTreeSet<&SeriesKey> = before.keys().chain(after.keys()).collect();
    let nothing = Rows::new();
    let mut changes = Vec::new();
    for key in keys {
        let (old, new) = (before.get(key).unwrap_or(&nothing), after.get(key).unwrap_or(&nothing));
        let starts: BTreeSet<&Date> = old.keys().chain(new.keys()).collect();
        for from in starts {
            let (old, new) = (old.get(from), new.get(from));
            let same = match (old, new) {
                (Some(old), Some(new)) => old.standing == new.standing && old.shown == new.shown && old.source == new.source,
                _ => false,
            };
            if !same {
                changes.push(Change {
                    place: key.place,
                    place_name: key.place.name(),
                    topic: key.topic.clone(),
                    series: key.series.clone(),
                    from: *from,
                    before: old.map(|head| text(head)),
                    after: new.map(|head| text(head)),
                    source: new.and_then(|head| head.source.as_ref()).map(crate::Source::citation),
                });
            }
        }
    }
    changes
}
