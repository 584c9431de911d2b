//! Messages from other organisations, each handed to the folder it belongs to. The caller has checked the envelope and
//! asked the inbox; every effect here is still harmless to repeat.

use control::review::{Registry, Source};
use exchange::Message;
use standard::{Organisation, Refusal, RegionCode};
use store::Tx;
use uuid::Uuid;

use crate::{adjustment, declaration, enrolment, stop, transfer};

/// A message as it arrived at the agency of `region`.
pub(crate) struct Received {
    /// The agency addressed.
    pub region: RegionCode,
    /// Who sent it, proven by the envelope.
    pub from: Organisation,
    /// The envelope's id.
    pub message_id: Uuid,
}

impl Received {
    /// As a case keeps it.
    pub fn source(&self) -> Source {
        Source {
            from: self.from,
            message_id: self.message_id,
        }
    }
}

/// Lets a message take effect at the agency of `region`, inside the transaction that notes it in the inbox.
pub async fn handle(
    tx: &mut Tx,
    registry: &Registry,
    region: RegionCode,
    from: &Organisation,
    message_id: Uuid,
    message: Message,
) -> Result<(), Refusal> {
    let received = Received {
        region,
        from: *from,
        message_id,
    };
    match message {
        Message::EnrolmentApplication(body) => enrolment::application(tx, registry, &received, body).await,
        Message::TransferApplication(body) => transfer::application(tx, registry, &received, body).await,
        Message::ContactLetter(body) => transfer::letter(tx, registry, &received, body).await,
        Message::InformationForm(body) => transfer::information(tx, registry, &received, body).await,
        Message::TransferDecline(body) => transfer::declined(tx, registry, &received, body).await,
        Message::TransferCompleted(body) => transfer::completed(tx, &received, body).await,
        Message::Declaration(body) => declaration::declaration(tx, registry, &received, body).await,
        Message::StopApplication(body) => stop::application(tx, registry, &received, body).await,
        Message::AdjustmentApplication(body) => adjustment::application(tx, registry, &received, body).await,
        other => Err(Refusal::not_found(
            "message_not_for_agency",
            format!("经办机构不受理 {} 类报文。", other.kind()),
            format!("An agency takes no {}.", other.kind()),
        )),
    }
}
