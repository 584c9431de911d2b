//! The local payment gateway: an organisation of its own, reached over HTTP only by those who do not share its process. It
//! makes payments ready for agencies it knows, shows the payer a page, tells the agency in signed callbacks until it
//! listens, and gives the file of a day. It moves no real money: a bank's gateway takes its place behind
//! `agency::collection::gateway::Gateway`.
//!
//! What is absent: it reads no table of an agency, and an agency none of its.

mod client;
mod http;
mod page;
mod service;
pub mod signed;
mod tell;

pub use client::{AgencyGateway, gateway_key, key_of};
pub use http::router;
pub use tell::tell;
