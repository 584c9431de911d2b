//! The agency of a region (经办机构): who is insured, what was paid, the fund's books, and transfers between
//! regions. All agencies of a process share these tables; every row names its region.
//!
//! What is absent: no HTTP, no other organisation's tables. Other organisations are reached by messages only.

pub mod account;
pub mod adjustment;
pub mod assessment;
pub mod collection;
pub mod contribution;
pub mod declaration;
pub mod desk;
pub mod employers;
pub mod enrolment;
mod filing;
mod inbound;
pub mod ledger;
pub mod load;
pub mod status;
pub mod stop;
#[cfg(test)]
mod tests;
pub mod transfer;

use control::review::Business;
use policy::RuleBook;

pub use inbound::handle;

/// The businesses of [`businesses_paid_at`] where orders cannot be paid online.
pub fn businesses(book: &'static RuleBook) -> Vec<Box<dyn Business>> {
    businesses_paid_at(book, "")
}

/// The businesses an agency runs as reviewed cases; one line each. They apply the law of `book`, and orders can be paid under
/// the address `pay_base`.
pub fn businesses_paid_at(book: &'static RuleBook, pay_base: &str) -> Vec<Box<dyn Business>> {
    vec![
        Box::new(declaration::Declarations::new(book, pay_base)),
        Box::new(stop::Stops),
        Box::new(adjustment::Adjustments::new(book, pay_base)),
        Box::new(enrolment::Enrolment { book }),
        Box::new(transfer::TransferIn { book }),
        Box::new(transfer::TransferOut { book }),
        Box::new(transfer::TransferPosting),
        Box::new(collection::refund::Refund),
    ]
}
