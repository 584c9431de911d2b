//! The agency of a region (经办机构): who is insured, what was paid, the fund's books, and transfers between
//! regions. All agencies of a process share these tables; every row names its region.
//!
//! What is absent: no HTTP, no other organisation's tables. Other organisations are reached by messages only.

pub mod account;
pub mod assessment;
pub mod collection;
pub mod contribution;
pub mod desk;
pub mod enrolment;
mod inbound;
pub mod ledger;
pub mod load;
pub mod status;
#[cfg(test)]
mod tests;
pub mod transfer;

use control::review::Business;
use policy::RuleBook;

pub use inbound::handle;

/// The businesses an agency runs as reviewed cases; one line each. They apply the law of `book`.
pub fn businesses(_book: &'static RuleBook) -> Vec<Box<dyn Business>> {
    vec![
        Box::new(enrolment::Enrolment),
        Box::new(transfer::TransferIn),
        Box::new(transfer::TransferOut),
        Box::new(transfer::TransferPosting),
    ]
}
