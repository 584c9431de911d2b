//! Which messages already took effect, so that each does so exactly once however often it arrives.

use jiff::Timestamp;
use standard::Organisation;
use uuid::Uuid;

use crate::args;
use crate::db::Tx;
use crate::fault::Result;
use crate::query::Query;

/// Notes that the message takes effect at `owner` in this transaction. False: it already did, so do nothing and answer
/// as accepted. On PostgreSQL a second delivery at the same time waits for the first to end.
pub async fn accept(tx: &mut Tx, owner: &Organisation, message_id: Uuid) -> Result<bool> {
    let rows = tx
        .execute(
            "INSERT INTO store_inbox (owner, message_id, accepted_at) VALUES ($1, $2, $3) ON CONFLICT (owner, message_id) DO NOTHING",
            args![owner, message_id, Timestamp::now()],
        )
        .await?;
    Ok(rows == 1)
}
