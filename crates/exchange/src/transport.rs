//! How envelopes travel. One trait; in-process and HTTP behind it.

use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use standard::{Organisation, Refusal};

use crate::{Answer, Envelope, Question};

/// One answer, or why there is none, for each organisation asked, in the order asked.
pub type Answers = Vec<(Organisation, Result<Answer, Refusal>)>;

/// A way to reach other organisations.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Delivers a sealed message. `Ok` means the receiver has it for good; a repeat is answered the same.
    async fn deliver(&self, envelope: &Envelope) -> Result<(), Refusal>;

    /// Asks one organisation and waits for its answer.
    async fn ask(&self, to: &Organisation, question: Question) -> Result<Answer, Refusal>;

    /// Asks several organisations at once; each that has not answered within the time given is `agency_unanswered`.
    ///
    /// A transport that reaches several of them by one query does so here.
    async fn ask_many(&self, to: &[Organisation], question: Question, within: Duration) -> Answers {
        let asked = to.iter().map(|organisation| {
            let question = question.clone();
            async move {
                let answer = tokio::time::timeout(within, self.ask(organisation, question)).await;
                (*organisation, answer.unwrap_or_else(|_| Err(unanswered(organisation))))
            }
        });
        join_all(asked).await
    }
}

/// The refusal that stands for silence.
pub fn unanswered(organisation: &Organisation) -> Refusal {
    Refusal::unavailable(
        "agency_unanswered",
        format!("{organisation} 未在规定时间内答复"),
        format!("{organisation} did not answer in time"),
    )
    .remedy("请稍后再次查询该地区", "Ask this region again later")
}
