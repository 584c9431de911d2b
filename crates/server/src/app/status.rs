//! Where an employer's nationwide status comes from: the platform, in this process or another.

use super::App;
use async_trait::async_trait;
use employer::insurance::preflight::StatusSource;
use exchange::{Question, StatusAnswer, StatusQuestion, Transport};
use standard::{IdNumber, Organisation, Refusal};

/// Asks the platform in an employer's name. Only the keyed hash of the ID number leaves the employer.
pub struct PlatformStatus {
    pub(super) app: App,
    pub(super) asker: Organisation,
}

#[async_trait]
impl StatusSource for PlatformStatus {
    async fn status(&self, id_number: &IdNumber, name: &str, purpose: &str) -> Result<StatusAnswer, Refusal> {
        let question = StatusQuestion {
            id_hash: self.app.db.cipher().id_hash(id_number).to_string(),
            name: name.to_owned(),
            purpose: purpose.to_owned(),
        };
        let post = self.app.post(self.asker);
        post.ask(&Organisation::Platform, Question::Status(question))
            .await?
            .into_nationwide()
    }
}
