//! What reaches the employer from others.

use exchange::Message;
use standard::{Finding, Organisation, Refusal};
use store::Tx;
use uuid::Uuid;

use crate::insurance::{bill, declaration, enrolment, retro, stop, transfer};

/// Takes one opened message into effect, inside the transaction that also marks it taken in the inbox.
/// `from` is the verified sender, `message_id` the envelope's id.
pub async fn handle(tx: &mut Tx, employer_id: Uuid, from: &Organisation, message_id: Uuid, message: Message) -> Result<(), Refusal> {
    match message {
        Message::TransferEvent(event) => transfer::event::receive(tx, from, employer_id, message_id, event).await,
        Message::EnrolmentResult(result) => enrolment::receive(tx, from, employer_id, result).await,
        Message::StopResult(result) => stop::receive::receive(tx, from, employer_id, result).await,
        Message::DeclarationResult(result) => declaration::receive::receive(tx, from, employer_id, result).await,
        Message::CollectionOrder(order) => bill::receive::receive(tx, from, employer_id, order).await,
        Message::PaymentReceipt(receipt) => bill::settle::receipt(tx, from, employer_id, receipt).await,
        Message::ArrearsNotice(late) => bill::settle::arrears(tx, from, employer_id, late).await,
        Message::AdjustmentResult(result) => retro::receive::receive(tx, from, employer_id, result).await,
        Message::RefundNotice(refund) => bill::settle::refund(tx, from, employer_id, refund).await,
        Message::OrderCancelled(void) => bill::settle::cancelled(tx, from, employer_id, void).await,
        Message::OrderDocument(document) => bill::settle::document(tx, from, employer_id, document).await,
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
