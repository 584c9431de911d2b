//! What reaches the platform from other organisations: messages that take effect, questions that are answered at once.

use std::time::Duration;

use exchange::{Answer, Message, Question, Transport};
use standard::{Organisation, Refusal};
use store::{Db, Tx};

use crate::{contact, directory, routing};

/// Lets a message take effect. The caller has checked the envelope and asked the inbox.
pub async fn handle(tx: &mut Tx, from: &Organisation, message: &Message) -> Result<(), Refusal> {
    match message {
        Message::DirectoryUpdate(update) => directory::apply(tx, from, update).await,
        other => Err(Refusal::not_found(
            "message_not_for_platform",
            format!("全国平台不受理 {} 类报文", other.kind()),
            format!("The platform takes no {}", other.kind()),
        )
        .remedy("请发送给对应地区的经办机构", "Send it to the agency of the region concerned")),
    }
}

/// Answers a question put to the platform.
pub async fn answer(db: &Db, transport: &dyn Transport, question: &Question, within: Duration) -> Result<Answer, Refusal> {
    match question {
        Question::Status(question) => {
            let answer = routing::nationwide_status(db, transport, question, within).await?;
            Ok(Answer::Nationwide(answer))
        }
        Question::Contacts => Ok(Answer::Contacts(contact::list(&mut db.read()).await?)),
    }
}
