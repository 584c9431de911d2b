//! The rows of a checked roster that may be acted on, without their cells.

use standard::{Refusal, RegionCode};
use store::{Query, args};
use uuid::Uuid;

use super::store::from_json;
use crate::insurance::preflight::Verdict;

/// A row that may be acted on, without its cells.
#[derive(Debug, Clone)]
pub struct Actable {
    /// The row's number.
    pub number: i64,
    /// 可直接参保 or 需办理转移.
    pub verdict: Verdict,
    /// Regions to transfer from.
    pub from_regions: Vec<RegionCode>,
    /// The employee made from it.
    pub employee_id: Option<Uuid>,
}

/// The rows that may be acted on, in the file's order.
pub async fn rows(q: &mut impl Query, employer_id: Uuid, roster_id: Uuid) -> Result<Vec<Actable>, Refusal> {
    let found = q
        .all(
            "SELECT row_number, verdict, from_regions, employee_id FROM employer_roster_row
             WHERE employer_id = $1 AND roster_id = $2 AND verdict IN ('direct', 'needs_transfer') ORDER BY row_number",
            args![employer_id, roster_id],
        )
        .await?;
    let verdict = |word: String| Verdict::parse(&word).ok_or_else(|| Refusal::internal("a roster row has an unknown verdict"));
    found
        .iter()
        .map(|row| {
            Ok(Actable {
                number: row.get("row_number")?,
                verdict: verdict(row.get("verdict")?)?,
                from_regions: from_json(&row.get::<String>("from_regions")?)?,
                employee_id: row.get("employee_id")?,
            })
        })
        .collect()
}
