//! Signing in and out. The session lives on the server; the browser holds only its token.

use super::{
    auth::{self, token_of},
    problem::{ApiResult, Body},
    throttle::{self, Peer},
};
use crate::app::App;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use control::identity::{self, Credentials, Permission, Role};
use serde::{Deserialize, Serialize};
use standard::{Organisation, Refusal, Text};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a person types to sign in.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// The captcha shown, when one was asked.
    pub captcha_id: Option<Uuid>,
    /// What the person read in it.
    pub captcha: Option<String>,
}

/// An organisation as its people see it.
#[derive(Serialize, ToSchema)]
pub struct OrganisationView {
    /// `employer:<uuid>`, `agency:430100` or `platform`.
    pub id: String,
    /// `employer`, `agency`, `platform`, or `me` for an employee.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The agency's region.
    pub region: Option<String>,
    /// The region's name.
    pub region_name: Option<String>,
}

/// Who is signed in, and what the portal may offer.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The user.
    pub user_id: Uuid,
    /// Display name.
    pub name: String,
    /// Name typed at sign-in.
    pub username: String,
    /// The post, as a stable word.
    pub role: String,
    /// The post as people call it.
    pub role_name: Text,
    /// Which portal serves this user: `employer`, `agency`, `platform`, or `me` for an employee.
    pub portal: &'static str,
    /// The organisation.
    pub organisation: OrganisationView,
    /// Stable names of all that the post grants.
    pub permissions: Vec<String>,
    /// The password must be changed before anything else.
    pub must_change: bool,
}

/// The name people know an organisation by.
pub async fn organisation_view(app: &App, organisation: &Organisation) -> Result<OrganisationView, Refusal> {
    let id = organisation.to_string();
    let mut q = app.db.read();
    Ok(match organisation {
        Organisation::Employer(employer) => {
            let company = employer::people::company::get(&mut q, *employer).await?;
            let region = company.region;
            OrganisationView {
                id,
                kind: "employer",
                name: company.name,
                region: Some(region.to_string()),
                region_name: Some(region.name().to_owned()),
            }
        }
        Organisation::Agency(region) => {
            let name = agency::enrolment::office(&mut q, *region).await?.name;
            OrganisationView {
                id,
                kind: "agency",
                name,
                region: Some(region.to_string()),
                region_name: Some(region.name().to_owned()),
            }
        }
        Organisation::Platform => OrganisationView {
            id,
            kind: "platform",
            name: "全国社会保险公共服务平台（演示）".into(),
            region: None,
            region_name: None,
        },
    })
}

async fn me(app: &App, token: &str) -> Result<Me, Refusal> {
    let info = identity::session_info(&app.db, token).await?;
    let actor = info.actor;
    let organisation = organisation_view(app, &actor.organisation).await?;
    Ok(Me {
        user_id: actor.user_id,
        name: actor.name.clone(),
        username: info.username,
        role: actor.role.key().to_owned(),
        role_name: Text::new(actor.role.zh(), actor.role.en()),
        portal: if actor.role == Role::Employee { "me" } else { organisation.kind },
        organisation,
        permissions: Permission::ALL
            .iter()
            .filter(|p| actor.may(**p))
            .map(|p| p.key().to_owned())
            .collect(),
        must_change: info.must_change,
    })
}

/// Sign in
#[utoipa::path(post, path = "/sessions", tag = "sessions", request_body = SignIn, responses((status = 201, body = Me), (status = 401, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn sign_in(State(app): State<App>, peer: Peer, Body(body): Body<SignIn>) -> ApiResult<Response> {
    throttle::sign_in(peer)?;
    let credentials = Credentials {
        username: body.username,
        password: body.password,
        captcha_id: body.captcha_id,
        captcha: body.captcha,
    };
    let session = identity::login(&app.db, &credentials).await?;
    let me = me(&app, &session.token).await?;
    let cookie = auth::cookie(&session.token, app.config.public_url().starts_with("https://"));
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(me)).into_response())
}

/// Who is signed in
#[utoipa::path(get, path = "/sessions/current", tag = "sessions", responses((status = 200, body = Me), (status = 401, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn current(State(app): State<App>, headers: HeaderMap) -> ApiResult<Json<Me>> {
    let token = token_of(&headers).ok_or_else(auth::not_signed_in)?;
    Ok(Json(me(&app, token).await?))
}

/// Sign out: the session ends on the server
#[utoipa::path(delete, path = "/sessions/current", tag = "sessions", responses((status = 204)))]
pub async fn sign_out(State(app): State<App>, headers: HeaderMap) -> ApiResult<Response> {
    if let Some(token) = token_of(&headers) {
        identity::logout(&app.db, token).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, auth::cookie("", false))]).into_response())
}

/// A new captcha
#[utoipa::path(get, path = "/captcha", tag = "sessions", responses((status = 200, body = control::identity::Captcha)))]
pub async fn captcha(State(app): State<App>, peer: Peer) -> ApiResult<Json<identity::Captcha>> {
    throttle::captcha(peer)?;
    Ok(Json(identity::new_captcha(&app.db).await?))
}

/// An old password and the one to replace it.
#[derive(Deserialize, ToSchema)]
pub struct NewPassword {
    /// The present password.
    pub old: String,
    /// The new one.
    pub new: String,
}

/// Change one's own password
#[utoipa::path(post, path = "/sessions/current/password", tag = "sessions", request_body = NewPassword, responses((status = 204)))]
pub async fn change_password(State(app): State<App>, headers: HeaderMap, Body(body): Body<NewPassword>) -> ApiResult<StatusCode> {
    let token = token_of(&headers).ok_or_else(auth::not_signed_in)?;
    // An expired password still lets its owner change it.
    let info = identity::session_info(&app.db, token).await?;
    identity::change_own_password(&info.actor, &app.db, &body.old, &body.new).await?;
    Ok(StatusCode::NO_CONTENT)
}
