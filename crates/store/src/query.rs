//! What a transaction and a read handle have in common, so that one function serves both.

use async_trait::async_trait;
use standard::Refusal;

use crate::lookup::Lookup;
use crate::value::{Args, Row, nothing_found};

/// Runs statements. Written once in the subset both databases run: `$1`, `ON CONFLICT`, `RETURNING`.
///
/// Take it as `q: &mut impl Query` or `q: &mut dyn Query`; a `&mut dyn Query` is itself a `Query`.
#[async_trait]
pub trait Query: Send {
    /// Every row of the answer.
    async fn all(&mut self, sql: &str, args: Args) -> Result<Vec<Row>, Refusal>;

    /// Runs a statement that changes data and says how many rows it changed. Only a [`Tx`](crate::Tx) may.
    async fn execute(&mut self, sql: &str, args: Args) -> Result<u64, Refusal>;

    /// The rows of one key. A read handle may look it up together with what other callers look up at that moment.
    async fn look_up(&mut self, lookup: &'static Lookup, key: Args) -> Result<Vec<Row>, Refusal> {
        self.all(lookup.statement(), key).await
    }

    /// The first row of the answer, or the refusal `record_not_found`.
    async fn one(&mut self, sql: &str, args: Args) -> Result<Row, Refusal> {
        self.optional(sql, args).await?.ok_or_else(nothing_found)
    }

    /// The first row of the answer, if any.
    async fn optional(&mut self, sql: &str, args: Args) -> Result<Option<Row>, Refusal> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }
}

#[async_trait]
impl<Q: Query + ?Sized> Query for &mut Q {
    async fn all(&mut self, sql: &str, args: Args) -> Result<Vec<Row>, Refusal> {
        (**self).all(sql, args).await
    }
    async fn execute(&mut self, sql: &str, args: Args) -> Result<u64, Refusal> {
        (**self).execute(sql, args).await
    }
    async fn look_up(&mut self, lookup: &'static Lookup, key: Args) -> Result<Vec<Row>, Refusal> {
        (**self).look_up(lookup, key).await
    }
}
