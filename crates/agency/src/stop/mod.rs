//! 停保: an employer stops paying for people who left. Their relations rest from the month after the last one paid, and may
//! then be taken up or transferred elsewhere.

mod business;
mod check;
mod lines;
mod view;

use control::review::Registry;
use exchange::message::StopApplication;
use standard::Refusal;
use store::Tx;

pub use business::{STOP, Stops};
pub(crate) use lines::lines;

use crate::employers;
use crate::filing::{Arrived, content_hash, reason, receive, require_addressed, to_form, too_late};
use crate::inbound::Received;

/// Employer → agency: these people left.
pub(crate) async fn application(
    tx: &mut Tx,
    registry: &Registry,
    received: &Received,
    application: StopApplication,
) -> Result<(), Refusal> {
    require_addressed(received, application.region, application.employer.id)?;
    let unit = employers::register(tx, received.region, &application.employer).await?;
    let arrived = Arrived {
        business: STOP,
        filing_id: application.stop_id,
        round: application.round,
        unit: &unit,
        form: to_form(&application)?,
        hash: content_hash(&application.lines)?,
    };
    if !receive(tx, registry, received, arrived).await? {
        business::turned_down(tx, &application, vec![reason(&too_late())]).await?;
    }
    Ok(())
}
