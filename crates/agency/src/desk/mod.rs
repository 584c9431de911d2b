//! What an agency's people look at: the home page, insured persons, and the books of a transfer. Reads only; each look at a
//! person is written to the access log.

mod books;
mod filings;
mod home;
mod persons;

pub use books::{DeclinedReason, DeclinedView, InformationView, LedgerLine, StandingView, SumLine, TransferDetail, YearLine, transfer};
pub use filings::lines;
pub use home::{BusinessCount, Home, Totals, home};
pub use persons::{AccountView, HistoryLine, PersonDetail, PersonHit, RelationLine, Search, person, reveal, search};

use control::identity::Actor;
use standard::{Organisation, Refusal, RegionCode};

/// The region whose agency the actor belongs to.
pub(crate) fn region_of(actor: &Actor) -> Result<RegionCode, Refusal> {
    match actor.organisation {
        Organisation::Agency(region) => Ok(region),
        Organisation::Employer(_) | Organisation::Platform => Err(Refusal::forbidden(
            "not_an_agency",
            "该功能仅供经办机构使用",
            "Only agencies may use this",
        )),
    }
}
