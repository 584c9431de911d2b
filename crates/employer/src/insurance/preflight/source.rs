//! Where the nationwide status comes from. The server provides one over the platform; tests provide made-up ones.

use async_trait::async_trait;
use exchange::StatusAnswer;
use standard::{IdNumber, Refusal};

/// Asks the national platform where a person is insured.
#[async_trait]
pub trait StatusSource: Send + Sync {
    /// One person. `purpose` is logged by every agency that answers.
    async fn status(&self, id_number: &IdNumber, name: &str, purpose: &str) -> Result<StatusAnswer, Refusal>;

    /// Many persons, answers in the order asked. A source that can batch overrides this.
    async fn status_many(&self, people: &[(IdNumber, String)], purpose: &str) -> Result<Vec<StatusAnswer>, Refusal> {
        let mut answers = Vec::with_capacity(people.len());
        for chunk in people.chunks(PARALLEL_QUESTIONS) {
            let asked = chunk.iter().map(|(id_number, name)| self.status(id_number, name, purpose));
            answers.extend(futures::future::try_join_all(asked).await?);
        }
        Ok(answers)
    }
}

/// How many questions are on the way at once when a source cannot batch.
const PARALLEL_QUESTIONS: usize = 16;
