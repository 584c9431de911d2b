//! The case engine against both databases, with a business made for the tests.
#![allow(clippy::unwrap_used)]

mod fixture;
mod queues;
mod random;
mod steps;
