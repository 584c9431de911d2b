//! `shebao openapi`: the document the web client is generated from.

use standard::Refusal;
use std::process::ExitCode;

/// Prints the document.
pub fn run() -> Result<ExitCode, Refusal> {
    println!("{}", serde_json::to_string_pretty(&crate::api::openapi()).map_err(Refusal::internal)?);
    Ok(ExitCode::SUCCESS)
}
