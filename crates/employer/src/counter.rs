//! Running numbers of an employer.

use standard::Refusal;
use store::{Query, Tx, args};
use uuid::Uuid;

/// The next number of a sequence, starting at 1; `count` numbers are taken and the first is returned.
pub(crate) async fn take(tx: &mut Tx, employer_id: Uuid, name: &str, count: i64) -> Result<i64, Refusal> {
    let row = tx
        .one(
            "INSERT INTO employer_counter (employer_id, name, last) VALUES ($1, $2, $3)
             ON CONFLICT (employer_id, name) DO UPDATE SET last = employer_counter.last + $3 RETURNING last",
            args![employer_id, name, count],
        )
        .await?;
    Ok(row.get::<i64>("last")? - count + 1)
}
