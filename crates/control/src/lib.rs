//! What every organisation needs to act safely: identity, permission, review by several persons,
//! audit, notices, documents and seals; and how files handed in are opened. Absent on purpose: HTTP, and any rule of one business.

pub mod audit;
pub mod clock;
pub mod document;
pub mod identity;
pub mod intake;
pub mod notice;
pub mod review;
pub mod seal;
