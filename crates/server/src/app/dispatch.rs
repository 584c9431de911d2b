//! Which context a message belongs to: its receiver's.

use super::App;
use exchange::{Envelope, Message};
use standard::{Organisation, Refusal};
use store::Tx;

impl App {
    /// Lets a checked message take effect inside the transaction that notes it in the inbox.
    pub(super) async fn dispatch(&self, tx: &mut Tx, envelope: &Envelope, message: Message) -> Result<(), Refusal> {
        match envelope.to {
            Organisation::Platform => platform::handle(tx, &envelope.from, &message).await,
            Organisation::Agency(region) => agency::handle(tx, &self.registry, region, &envelope.from, envelope.id, message).await,
            Organisation::Employer(id) => employer::handle(tx, id, &envelope.from, envelope.id, message).await,
        }
    }
}
