//! Refusals as problem documents (RFC 9457), with their findings.

use axum::{
    Json,
    extract::{FromRequest, Request, rejection::JsonRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use standard::{Finding, Refusal, RefusalKind};
use utoipa::ToSchema;

/// The body of every refusal: what, why, and what to do next.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A stable address of the rule, `urn:shebao:rule:<rule>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The reason in Chinese.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// The reason in English.
    pub detail: String,
    /// Stable name of the rule that refused.
    pub rule: String,
    /// Every finding, with field and remedy.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub findings: Vec<Finding>,
}

/// Goes with the answer of a refusal, so that what stands around the handlers knows why.
#[derive(Clone)]
pub struct Refused(pub Refusal);

/// A refusal on its way to the client.
#[derive(Debug)]
pub struct ApiError(pub Refusal);

/// What handlers return.
pub type ApiResult<T> = Result<T, ApiError>;

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

fn status_of(kind: RefusalKind) -> StatusCode {
    match kind {
        RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        RefusalKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = status_of(self.0.kind);
        if self.0.kind == RefusalKind::Internal {
            // The detail is for the operator only; it never reaches the client.
            tracing::error!(refusal = %self.0, "internal refusal");
        }
        let first = self.0.findings.first();
        let problem = Problem {
            kind: format!("urn:shebao:rule:{}", first.map_or("internal", |f| f.rule.as_str())),
            title: first.map_or_else(|| "系统内部错误，请稍后重试".into(), |f| f.message.zh.clone()),
            status: status.as_u16(),
            detail: first.map_or_else(|| "internal error, try again later".into(), |f| f.message.en.clone()),
            rule: first.map_or_else(|| "internal".into(), |f| f.rule.clone()),
            findings: self.0.findings.clone(),
        };
        let mut answer = (status, Json(problem)).into_response();
        answer
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        answer.extensions_mut().insert(Refused(self.0));
        answer
    }
}

/// The problem document of an error the framework made, as text. `said` is its own line, of which quoted values are cut.
pub fn bare(status: StatusCode, said: &str) -> String {
    let (rule, zh, en) = match status {
        StatusCode::BAD_REQUEST => (
            "request_unreadable",
            "请求的地址、参数或内容格式不正确",
            "the address, a parameter or the content cannot be read",
        ),
        StatusCode::NOT_FOUND => ("not_found", "没有这个地址", "there is nothing at this address"),
        StatusCode::METHOD_NOT_ALLOWED => (
            "method_not_allowed",
            "该地址不支持这种操作",
            "this address does not take this method",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("body_too_large", "提交的内容过大", "the body is too large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "media_type_unsupported",
            "提交的内容类型不正确",
            "the type of the content is not taken here",
        ),
        StatusCode::FORBIDDEN => (
            "cross_site_refused",
            "不接受来自其他网站的请求",
            "requests from other sites are refused",
        ),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
            ("timed_out", "处理超时，请稍后重试", "it took too long, try again later")
        }
        status if status.is_server_error() => ("internal", "系统内部错误，请稍后重试", "internal error, try again later"),
        _ => ("request_refused", "请求未被接受", "the request is refused"),
    };
    // Values stand in back quotes; of a fault of ours nothing is told.
    let said = if status.is_server_error() {
        String::new()
    } else {
        said.split('`').step_by(2).collect::<Vec<_>>().join("…")
    };
    let en = if said.is_empty() { en.to_owned() } else { format!("{en}: {said}") };
    let finding = Finding::blocking(rule, zh, en.clone()).remedy("请按接口文档 /api/v1/openapi.json 调用", "see /api/v1/openapi.json");
    let problem = Problem {
        kind: format!("urn:shebao:rule:{rule}"),
        title: zh.to_owned(),
        status: status.as_u16(),
        detail: en,
        rule: rule.to_owned(),
        findings: vec![finding],
    };
    serde_json::to_string(&problem).expect("a problem is plain data")
}

/// A JSON body whose refusal is a problem document too.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(ApiError(body_refusal(&rejection))),
        }
    }
}

fn body_refusal(rejection: &JsonRejection) -> Refusal {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Refusal::new(
            RefusalKind::TooLarge,
            Finding::blocking("body_too_large", "提交的内容过大", "the body is too large")
                .remedy("请分批提交，或改用文件导入", "send less at once, or import a file"),
        );
    }
    // serde's message names fields and types, never the values sent, except in its quotes: those are cut.
    let reason = rejection.body_text();
    let reason = reason.split('`').step_by(2).collect::<Vec<_>>().join("…");
    Refusal::invalid(
        Finding::blocking(
            "body_unreadable",
            "提交的内容格式不正确",
            format!("the body cannot be read: {reason}"),
        )
        .remedy(
            "请按接口文档 /api/v1/openapi.json 的格式提交",
            "send what /api/v1/openapi.json describes",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_error_tells_no_value() {
        let text = bare(
            StatusCode::BAD_REQUEST,
            "Invalid URL: Cannot parse `id` with value `420102199003071234`",
        );
        assert!(
            text.contains("request_unreadable") && !text.contains("420102199003071234"),
            "{text}"
        );
        assert!(!bare(StatusCode::INTERNAL_SERVER_ERROR, "stack trace").contains("stack trace"));
    }
}
