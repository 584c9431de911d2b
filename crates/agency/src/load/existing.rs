//! What the books already hold of the persons of a file.

use std::collections::{HashMap, HashSet};

use standard::{Refusal, RegionCode};
use store::{Args, Query, args, in_list};
use uuid::Uuid;

use crate::contribution::{self, Stretch};
use crate::enrolment::{Relation, read_relation};

/// A person the region knows.
#[derive(Debug, Default)]
pub struct Known {
    /// The name on record.
    pub name: String,
    /// The history on record.
    pub stretches: Vec<Stretch>,
    /// The relations on record.
    pub relations: Vec<Relation>,
    /// Whether the pension relation left with a completed transfer.
    pub moved_away: bool,
}

/// Persons looked up with one statement; below SQLite's and PostgreSQL's limits on arguments.
pub const CHUNK: usize = 500;

/// Whether the region has any person at all; a first load need not look for each.
pub async fn any(q: &mut dyn Query, region: RegionCode) -> Result<bool, Refusal> {
    Ok(
        q.optional("SELECT 1 AS found FROM agency_person WHERE region = $1 LIMIT 1", args![region])
            .await?
            .is_some(),
    )
}

/// What the region knows of `persons`, at most [`CHUNK`] of them.
pub async fn find(q: &mut dyn Query, region: RegionCode, persons: &[Uuid]) -> Result<HashMap<Uuid, Known>, Refusal> {
    let listed = |head: &str| -> (String, Args) {
        let mut args = args![region];
        args.extend(persons);
        (
            format!("{head} WHERE region = $1 AND person_id IN {}", in_list(persons.len(), 2)),
            args,
        )
    };
    let mut known: HashMap<Uuid, Known> = HashMap::new();
    let (sql, args) = listed("SELECT person_id, name FROM agency_person");
    for row in q.all(&sql, args).await? {
        known.insert(
            row.get("person_id")?,
            Known {
                name: row.get("name")?,
                ..Known::default()
            },
        );
    }
    if known.is_empty() {
        return Ok(known);
    }
    let (sql, args) = listed(
        "SELECT person_id, insurance, from_month, to_month, base_fen, employer_name, source, origin_region FROM agency_contribution",
    );
    for row in q.all(&sql, args).await? {
        if let Some(person) = known.get_mut(&row.get::<Uuid>("person_id")?) {
            person.stretches.push(contribution::read_stretch(&row)?);
        }
    }
    let (sql, args) = listed(
        "SELECT person_id, region, insurance, status, account_kind, spans, duplicates, arrears_fen, lump_months,
            before_1998_fen, employer_name
         FROM agency_relation",
    );
    for row in q.all(&sql, args).await? {
        if let Some(person) = known.get_mut(&row.get::<Uuid>("person_id")?) {
            person.relations.push(read_relation(&row)?);
        }
    }
    let (sql, args) = listed("SELECT person_id FROM agency_transfer");
    let moved = q.all(&format!("{sql} AND side = 'out' AND state = 'completed'"), args).await?;
    let moved: HashSet<Uuid> = moved.iter().map(|row| row.get("person_id")).collect::<Result<_, _>>()?;
    for (person, record) in &mut known {
        record.moved_away = moved.contains(person);
    }
    Ok(known)
}
