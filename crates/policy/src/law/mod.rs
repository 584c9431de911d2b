//! The law as a thing to look at, compare and hand on.

pub mod bundle;
pub mod diff;
pub mod show;
