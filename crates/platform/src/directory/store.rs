//! Rows of the directory.

use standard::{Refusal, RegionCode};
use store::{Args, IdHash, Lookup, Query, Tx, args, in_list};

/// Rows one statement writes: two arguments a row, well under both databases' limits.
const ROWS_PER_STATEMENT: usize = 500;

pub(super) async fn add(tx: &mut Tx, region: RegionCode, hashes: &[IdHash]) -> Result<(), Refusal> {
    for chunk in hashes.chunks(ROWS_PER_STATEMENT) {
        let mut arguments = Args::with_capacity(chunk.len() + 1);
        arguments.push(region);
        let rows: Vec<String> = chunk.iter().map(|hash| format!("(${}, $1)", arguments.push(hash))).collect();
        let sql = format!(
            "INSERT INTO platform_directory (id_hash, region) VALUES {} ON CONFLICT DO NOTHING",
            rows.join(", ")
        );
        tx.execute(&sql, arguments).await?;
    }
    Ok(())
}

pub(super) async fn remove(tx: &mut Tx, region: RegionCode, hashes: &[IdHash]) -> Result<(), Refusal> {
    for chunk in hashes.chunks(ROWS_PER_STATEMENT) {
        let mut arguments = Args::with_capacity(chunk.len() + 1);
        arguments.push(region);
        arguments.extend(chunk);
        let sql = format!(
            "DELETE FROM platform_directory WHERE region = $1 AND id_hash IN {}",
            in_list(chunk.len(), 2)
        );
        tx.execute(&sql, arguments).await?;
    }
    Ok(())
}

static REGIONS_OF: Lookup = Lookup::new(
    "SELECT id_hash, region FROM platform_directory WHERE id_hash IN {keys} ORDER BY region",
    &["id_hash"],
);

pub(super) async fn regions_of(q: &mut impl Query, hash: &IdHash) -> Result<Vec<RegionCode>, Refusal> {
    let rows = q.look_up(&REGIONS_OF, args![hash]).await?;
    rows.iter().map(|row| row.get("region")).collect()
}

pub(super) async fn count(q: &mut impl Query, region: RegionCode) -> Result<i64, Refusal> {
    let row = q
        .one(
            "SELECT COUNT(*) AS entries FROM platform_directory WHERE region = $1",
            args![region],
        )
        .await?;
    row.get("entries")
}
