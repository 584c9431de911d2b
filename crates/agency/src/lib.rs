//! The agency of a region (经办机构): who is insured, what was paid, the fund's books, and transfers between
//! regions. All agencies of a process share these tables; every row names its region.
//!
//! What is absent: no HTTP, no other organisation's tables. Other organisations are reached by messages only.

pub mod account;
pub mod contribution;
pub mod enrolment;
pub mod ledger;
pub mod load;
pub mod status;
