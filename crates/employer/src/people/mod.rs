//! Employees: entered once, shared by attendance, payroll and insurance.

pub mod checks;
pub mod company;
pub mod service;
pub mod store;
pub mod view;
