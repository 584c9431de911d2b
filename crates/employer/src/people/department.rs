//! 部门: a tree named by paths, `制造部/一车间`.

use standard::Refusal;
use store::{Query, Tx, args};
use uuid::Uuid;

/// Notes a department and those above it, if they are not known yet.
pub(crate) async fn ensure(tx: &mut Tx, employer_id: Uuid, path: &str) -> Result<(), Refusal> {
    let path = path.trim();
    if path.is_empty() {
        return Ok(());
    }
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    for end in ends {
        tx.execute(
            "INSERT INTO employer_department (employer_id, path, created_at) VALUES ($1, $2, $3) ON CONFLICT (employer_id, path) DO NOTHING",
            args![employer_id, &path[..end], control::clock::now()],
        )
        .await?;
    }
    Ok(())
}
