//! The rows of contribution history.

use standard::{Insurance, Refusal, RegionCode};
use store::{Args, Query, Row, Tx, args};

use super::{Source, Stretch};
use crate::enrolment::PersonId;

/// The columns of a stretch, for bulk inserts.
pub const COLUMNS: [&str; 10] = [
    "person_id",
    "region",
    "insurance",
    "from_month",
    "stretch_key",
    "to_month",
    "base_fen",
    "employer_name",
    "source",
    "origin_region",
];

/// The values of [`COLUMNS`].
pub fn bulk_args(person: PersonId, region: RegionCode, s: &Stretch) -> Args {
    args![
        person.0,
        region,
        s.insurance,
        s.from,
        s.key(),
        s.to,
        s.base,
        s.employer_name,
        s.source.key(),
        s.origin
    ]
}

/// Adds a stretch; `false` when the very same one was there.
pub async fn insert(tx: &mut Tx, person: PersonId, region: RegionCode, stretch: &Stretch) -> Result<bool, Refusal> {
    let rows = tx
        .execute(
            "INSERT INTO agency_contribution (person_id, region, insurance, from_month, stretch_key, to_month, base_fen,
                 employer_name, source, origin_region)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (person_id, region, insurance, from_month, stretch_key) DO NOTHING",
            bulk_args(person, region, stretch),
        )
        .await?;
    Ok(rows == 1)
}

/// The history of one insurance in one region's books, oldest first.
pub async fn history(q: &mut dyn Query, person: PersonId, region: RegionCode, insurance: Insurance) -> Result<Vec<Stretch>, Refusal> {
    let rows = q
        .all(
            "SELECT insurance, from_month, to_month, base_fen, employer_name, source, origin_region
             FROM agency_contribution WHERE person_id = $1 AND region = $2 AND insurance = $3
             ORDER BY from_month, to_month, stretch_key",
            args![person.0, region, insurance],
        )
        .await?;
    rows.iter().map(stretch).collect()
}

/// Reads one row.
pub(crate) fn stretch(row: &Row) -> Result<Stretch, Refusal> {
    let source: String = row.get("source")?;
    Ok(Stretch {
        insurance: row.get("insurance")?,
        from: row.get("from_month")?,
        to: row.get("to_month")?,
        base: row.get("base_fen")?,
        employer_name: row.get("employer_name")?,
        source: Source::parse(&source).ok_or_else(|| Refusal::internal(format!("unknown source {source}")))?,
        origin: row.get("origin_region")?,
    })
}
