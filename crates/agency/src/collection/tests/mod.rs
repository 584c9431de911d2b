//! Orders, payments, postings, arrears, suspense and refunds, on both databases.

mod orders;
