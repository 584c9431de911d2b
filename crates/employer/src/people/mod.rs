//! Employees: entered once, shared by attendance, payroll and insurance.

pub mod checks;
pub mod company;
pub(crate) mod hire;
pub(crate) mod recheck;
pub mod service;
pub mod store;
pub mod view;
