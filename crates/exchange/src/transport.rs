//! How envelopes travel. One trait; in-process and HTTP behind it.

use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use standard::{Organisation, Refusal, RefusalKind};

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
    /// One that cannot be reached is tried once more, if there is time.
    ///
    /// A transport that reaches several of them by one query does so here.
    async fn ask_many(&self, to: &[Organisation], question: Question, within: Duration) -> Answers {
        let asked = to.iter().map(|organisation| {
            let question = question.clone();
            async move {
                let answer = tokio::time::timeout(within, ask_twice(self, organisation, question)).await;
                (*organisation, answer.unwrap_or_else(|_| Err(unanswered(organisation))))
            }
        });
        join_all(asked).await
    }
}

/// A moment for a restarting neighbour, short against any deadline.
const PAUSE_BEFORE_SECOND_TRY: Duration = Duration::from_millis(30);

async fn ask_twice<T: Transport + ?Sized>(transport: &T, to: &Organisation, question: Question) -> Result<Answer, Refusal> {
    match transport.ask(to, question.clone()).await {
        Err(refusal) if refusal.kind == RefusalKind::Unavailable => {
            tokio::time::sleep(PAUSE_BEFORE_SECOND_TRY).await;
            transport.ask(to, question).await
        }
        answer => answer,
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
