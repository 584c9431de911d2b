//! What reaches the employer from others.

use exchange::Message;
use standard::{Finding, Organisation, Refusal};
use store::Tx;
use uuid::Uuid;

use crate::insurance::{enrolment, transfer};

/// Takes one opened message into effect, inside the transaction that also marks it taken in the inbox.
/// `from` is the verified sender, `message_id` the envelope's id.
pub async fn handle(tx: &mut Tx, employer_id: Uuid, from: &Organisation, message_id: Uuid, message: Message) -> Result<(), Refusal> {
    match message {
        Message::TransferEvent(event) => transfer::event::receive(tx, from, employer_id, message_id, event).await,
        Message::EnrolmentResult(result) => enrolment::receive(tx, from, employer_id, result).await,
        _ => Err(Refusal::invalid(
            Finding::blocking(
                "message_not_for_employer",
                "用人单位不接收此类消息",
                "an employer takes no such message",
            )
            .remedy("请核对消息的收件机构", "check whom the message is addressed to"),
        )),
    }
}
