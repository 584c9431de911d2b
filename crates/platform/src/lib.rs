//! The national platform: who is insured where, questions passed on to the agencies concerned, and the contact book.
//!
//! Holds no name, no plain ID number and no contribution: only keyed hashes and regions.

pub mod contact;
pub mod directory;
mod inbound;
pub mod routing;

pub use inbound::{answer, handle};
