//! 请假: kinds, what the law grants, requests and their approval, balances. Overtime and missing punches are asked for
//! in the same way.

pub mod balance;
pub mod decide;
pub mod entitlement;
pub mod grant;
pub mod kind;
pub mod list;
pub mod request;
pub mod service;
pub mod view;
