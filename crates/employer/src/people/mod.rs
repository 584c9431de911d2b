//! Employees: entered once, shared by attendance, payroll and insurance.

pub mod checks;
pub mod company;
pub(crate) mod department;
pub mod family;
pub(crate) mod hire;
pub mod history;
pub mod leave;
pub mod list;
pub mod month;
pub(crate) mod recheck;
mod relations;
pub mod seed;
pub mod service;
pub mod store;
pub mod view;

pub use seed::{SeedPerson, seed};
