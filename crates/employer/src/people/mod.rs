//! Employees: entered once, shared by attendance, payroll and insurance.

pub mod bank;
pub mod bulk;
pub mod change;
mod change_write;
pub mod checks;
pub mod claim;
pub mod company;
pub mod contract;
pub mod department;
pub mod document;
pub mod duplicate;
pub mod expiring;
pub mod family;
pub mod file;
pub(crate) mod hire;
pub mod history;
pub mod industry;
pub mod leave;
pub mod list;
pub mod login;
pub mod month;
mod month_read;
pub(crate) mod recheck;
mod relations;
pub mod saved_view;
pub mod seed;
pub mod service;
pub mod settings;
pub mod sheet;
pub mod sheet_in;
pub mod store;
pub mod terms;
pub mod view;

pub use seed::{SeedPerson, seed};
