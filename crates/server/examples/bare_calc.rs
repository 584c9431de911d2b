//! The yardstick of `make bench-calc`: an axum route that reads the same JSON and answers a JSON of the same size and shape,
//! made beforehand: no sign-in, no law, no arithmetic.
//!
//! `bare_calc ADDRESS ANSWERFILE` serves the content of the file, parsed once and written as JSON for each request.
#![allow(clippy::unwrap_used, reason = "a measurement: anything unexpected shall end it")]

use axum::{Json, Router, extract::State, http::header, response::IntoResponse, routing::post};
use mimalloc::MiMalloc;
use serde_json::Value;
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

async fn answer(State(answer): State<Arc<Value>>, Json(inputs): Json<Value>) -> impl IntoResponse {
    assert!(inputs.is_object());
    ([(header::CONTENT_TYPE, "application/json")], serde_json::to_vec(&*answer).unwrap())
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, file] = arguments.as_slice() else {
        eprintln!("usage: bare_calc ADDRESS ANSWERFILE");
        std::process::exit(2);
    };
    let prepared: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let router = Router::new().route("/", post(answer)).with_state(Arc::new(prepared));
    axum::serve(tokio::net::TcpListener::bind(address).await.unwrap(), router)
        .await
        .unwrap();
}
