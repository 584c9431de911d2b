//! What the nation said of an employee's relations when it was last asked.

use exchange::RelationView;
use standard::{Insurance, MonthSet, Refusal, RegionCode, Timestamp};
use store::{Query, Tx, args};
use uuid::Uuid;

use super::view::KnownRelation;

/// Replaces what is known of an employee's relations by what was heard now.
pub(crate) async fn put_relations(
    tx: &mut Tx,
    employer_id: Uuid,
    employee_id: Uuid,
    relations: &[RelationView],
    at: Timestamp,
) -> Result<(), Refusal> {
    tx.execute(
        "DELETE FROM employer_relation WHERE employer_id = $1 AND employee_id = $2",
        args![employer_id, employee_id],
    )
    .await?;
    for r in relations {
        tx.execute(
            "INSERT INTO employer_relation
                 (employer_id, employee_id, region, insurance, status, months, first_month, last_month, spans, checked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (employer_id, employee_id, region, insurance) DO NOTHING",
            args![
                employer_id,
                employee_id,
                r.region,
                r.insurance,
                r.status,
                r.months,
                r.first_month,
                r.last_month,
                r.spans.to_string(),
                at
            ],
        )
        .await?;
    }
    Ok(())
}

/// What is known of an employee's relations, and the pension months over all regions, overlaps counted once.
pub async fn relations(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid) -> Result<(Vec<KnownRelation>, i64), Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_relation WHERE employer_id = $1 AND employee_id = $2 ORDER BY insurance, region",
            args![employer_id, employee_id],
        )
        .await?;
    let mut all = MonthSet::new();
    let mut known = Vec::with_capacity(rows.len());
    for row in &rows {
        let region: RegionCode = row.get("region")?;
        let insurance: Insurance = row.get("insurance")?;
        if insurance == Insurance::Pension {
            let spans: MonthSet = row.get::<String>("spans")?.parse()?;
            all = all.union(&spans);
        }
        known.push(KnownRelation {
            region,
            region_name: region.name().to_string(),
            insurance,
            status: row.get("status")?,
            months: row.get("months")?,
            first_month: row.get("first_month")?,
            last_month: row.get("last_month")?,
            checked_at: row.get("checked_at")?,
        });
    }
    Ok((known, all.len()))
}
