//! 补缴 and 退费 of past months: every line is worked out anew by the law of its month and compared with what was assessed then.
//! Where the agency comes to another figure than the employer, the line is refused and both figures are shown. Months never
//! declared (历史补登) go the same way, with a note and, above a bound, a second level of review.

mod business;
mod check;
mod lines;
mod view;

use control::review::Registry;
use exchange::message::AdjustmentApplication;
use serde::{Deserialize, Serialize};
use standard::{Money, Refusal};
use store::Tx;

pub use business::{ADJUSTMENT, Adjustments};
pub(crate) use lines::lines;

use crate::employers;
use crate::filing::{Arrived, content_hash, reason, receive, require_addressed, to_form, too_late};
use crate::inbound::Received;

/// What a case of this business keeps: the message, and what it comes to by the agency's figures.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Form {
    /// As filed.
    pub application: AdjustmentApplication,
    /// To be paid, fen.
    #[serde(default)]
    pub back_fen: Money,
    /// To go back, fen.
    #[serde(default)]
    pub refund_fen: Money,
    /// Lines that can take effect.
    #[serde(default)]
    pub sound: i64,
}

/// Employer → agency: put these months right.
pub(crate) async fn application(
    tx: &mut Tx,
    registry: &Registry,
    received: &Received,
    application: AdjustmentApplication,
) -> Result<(), Refusal> {
    require_addressed(received, application.region, application.employer.id)?;
    let unit = employers::register(tx, received.region, &application.employer).await?;
    let form = Form {
        application: application.clone(),
        back_fen: Money::ZERO,
        refund_fen: Money::ZERO,
        sound: 0,
    };
    let arrived = Arrived {
        business: ADJUSTMENT,
        filing_id: application.adjustment_id,
        round: application.round,
        unit: &unit,
        form: to_form(&form)?,
        hash: content_hash(&(&application.lines, application.reason, &application.note))?,
    };
    if !receive(tx, registry, received, arrived).await? {
        business::turned_down(tx, &application, vec![reason(&too_late())]).await?;
    }
    Ok(())
}
