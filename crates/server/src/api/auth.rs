//! Who asks: the session cookie becomes the actor every service function takes first.

use crate::app::App;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use control::identity::Actor;
use standard::{Finding, Refusal, RefusalKind};

use super::problem::ApiError;

/// Name of the session cookie.
pub const COOKIE: &str = "shebao_session";

/// The signed-in actor of a request. Without a valid session the request is refused (`not_signed_in`).
pub struct SignedIn(pub Actor);

/// The session token in the cookie header, if any.
pub fn token_of(headers: &HeaderMap) -> Option<&str> {
    token_in(headers.get_all(header::COOKIE))
}

/// The session token in values of the cookie header, if any.
pub fn token_in<'a>(cookies: impl IntoIterator<Item = &'a HeaderValue>) -> Option<&'a str> {
    cookies
        .into_iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == COOKIE && !value.is_empty()).then_some(value)
        })
}

/// The refusal of a request without a session.
pub fn not_signed_in() -> Refusal {
    Refusal::new(
        RefusalKind::Unauthenticated,
        Finding::blocking("not_signed_in", "请先登录，或登录已失效", "sign in first, or the session has ended")
            .remedy("请重新登录；未提交的内容已保留在草稿中", "sign in again; drafts are kept"),
    )
}

/// The cookie that carries `token`; an empty token ends the session in the browser.
pub fn cookie(token: &str, secure: bool) -> HeaderValue {
    let age = if token.is_empty() { "; Max-Age=0" } else { "" };
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::try_from(format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).expect("a token is plain ASCII")
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let token = token_of(&parts.headers).ok_or_else(not_signed_in)?;
        Ok(Self(control::identity::session(&app.db, token).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; shebao_session=t0k; c=d"));
        assert_eq!(token_of(&headers), Some("t0k"));
        headers.insert(header::COOKIE, HeaderValue::from_static("shebao_session="));
        assert_eq!(token_of(&headers), None);
    }

    #[test]
    fn an_empty_token_clears_the_cookie() {
        assert!(cookie("", false).to_str().is_ok_and(|c| c.contains("Max-Age=0")));
        assert!(
            cookie("x", true)
                .to_str()
                .is_ok_and(|c| c.contains("; Secure") && c.contains("HttpOnly"))
        );
    }
}
