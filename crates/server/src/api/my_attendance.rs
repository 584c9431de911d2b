//! The employee's phone: clock in and out, one's own month and requests.

use super::{
    attendance::OfMonth,
    auth::SignedIn,
    problem::{ApiResult, Body},
};
use crate::app::App;
use axum::{
    Json,
    extract::{Query, State},
};
use control::clock;
use employer::attendance::{
    grid::EmployeeView,
    leave::service::{NewRequest, RequestView},
    mine::{self, MyRequests, MyToday},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Today's hours and punches
#[utoipa::path(get, path = "/me/today", tag = "me", operation_id = "my_today", responses((status = 200, body = MyToday)))]
pub async fn today(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<MyToday>> {
    Ok(Json(mine::today(&actor, &app.db, clock::now()).await?))
}

/// Clock in or out by the server's time; twice within a minute is once
#[utoipa::path(post, path = "/me/clock", tag = "me", operation_id = "clock", responses((status = 200, body = MyToday)))]
pub async fn clock_now(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<MyToday>> {
    Ok(Json(mine::clock(&actor, &app.db, clock::now()).await?))
}

/// One's own month
#[utoipa::path(get, path = "/me/attendance", tag = "me", operation_id = "my_attendance", params(OfMonth), responses((status = 200, body = EmployeeView)))]
pub async fn month(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<OfMonth>) -> ApiResult<Json<EmployeeView>> {
    Ok(Json(mine::month(&actor, &app.db, which.month, clock::now()).await?))
}

/// Which page.
#[derive(Deserialize, IntoParams)]
pub struct MyPage {
    /// Where the last page ended.
    pub cursor: Option<i64>,
}

/// One's own requests, with the balances of leave
#[utoipa::path(get, path = "/me/requests", tag = "me", operation_id = "my_requests", params(MyPage), responses((status = 200, body = MyRequests)))]
pub async fn requests(State(app): State<App>, SignedIn(actor): SignedIn, Query(which): Query<MyPage>) -> ApiResult<Json<MyRequests>> {
    Ok(Json(mine::requests(&actor, &app.db, app.book, which.cursor, clock::today()).await?))
}

/// Ask for leave, overtime or a missing punch
#[utoipa::path(post, path = "/me/requests", tag = "me", operation_id = "my_new_request", request_body = NewRequest, responses((status = 200, body = RequestView)))]
pub async fn ask(State(app): State<App>, SignedIn(actor): SignedIn, Body(new): Body<NewRequest>) -> ApiResult<Json<RequestView>> {
    Ok(Json(mine::ask(&actor, &app.db, app.book, new).await?))
}
