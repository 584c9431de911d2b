//! What other organisations' processes post here: sealed messages and questions.

use super::problem::ApiResult;
use crate::app::App;
use axum::{body::Bytes, extract::State, http::StatusCode, http::header, response::IntoResponse};
use exchange::Envelope;

/// Takes a message. 202 means it took effect here, now or before, or was passed on.
pub async fn message(State(app): State<App>, body: Bytes) -> ApiResult<StatusCode> {
    app.receive(&Envelope::parse(&body)?).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Answers a question.
pub async fn question(State(app): State<App>, body: Bytes) -> ApiResult<impl IntoResponse> {
    let answer = app.answer(&Envelope::parse(&body)?).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], answer.to_json()))
}
