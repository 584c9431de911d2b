//! The one binary: HTTP, jobs, web files and the command line over the contexts.

pub mod api;
pub mod app;
pub mod assets;
pub mod cli;
pub mod config;
pub mod gateway;
