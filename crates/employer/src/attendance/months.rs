//! Months that are closed take nothing more until they are reopened.

use std::collections::BTreeSet;

use standard::{Month, Refusal};
use store::{Query, args};
use uuid::Uuid;

/// The closed months of a stretch.
pub async fn closed(q: &mut impl Query, employer_id: Uuid, from: Month, to: Month) -> Result<BTreeSet<Month>, Refusal> {
    let rows = q
        .all(
            "SELECT month FROM employer_attendance_month WHERE employer_id = $1 AND month BETWEEN $2 AND $3 AND state = 'closed'",
            args![employer_id, from, to],
        )
        .await?;
    rows.iter().map(|row| row.get("month")).collect()
}

/// Refuses when a month of the stretch is closed.
pub async fn require_open(q: &mut impl Query, employer_id: Uuid, from: Month, to: Month) -> Result<(), Refusal> {
    match closed(q, employer_id, from, to).await?.first() {
        None => Ok(()),
        Some(month) => Err(is_closed(*month)),
    }
}

/// The refusal of a change in a closed month.
pub fn is_closed(month: Month) -> Refusal {
    Refusal::conflict(
        "attendance_month_closed",
        format!("{month} 考勤已关账，不能再变更"),
        format!("the attendance of {month} is closed"),
    )
    .remedy("请先重新打开该月考勤（须填写原因）", "reopen the month first, with a reason")
}
