//! `shebao openapi`: the document the web client is generated from.

use standard::Refusal;
use std::{io::Write, process::ExitCode};

/// Prints the document.
pub fn run() -> Result<ExitCode, Refusal> {
    let text = serde_json::to_string_pretty(&crate::api::openapi()).map_err(Refusal::internal)?;
    // A reader that closed the pipe has had enough.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(ExitCode::SUCCESS)
}
