//! Orders, payments, postings, arrears, suspense and refunds, on both databases.

mod arrears;
mod files;
mod fixture;
mod gateway;
mod orders;
mod payments;
mod random;
mod refunds;
