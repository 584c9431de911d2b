//! The HTTP transport: sealed envelopes posted to the receiver, signed answers back.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;
use standard::sm::SecretKey;
use standard::{Finding, Organisation, Refusal, RefusalKind};
use uuid::Uuid;

use crate::{AddressBook, Answer, Envelope, Question, Transport, TrustStore};

/// Where messages are posted, behind the base address.
pub const MESSAGES_PATH: &str = "/exchange/v1/messages";
/// Where questions are posted, behind the base address.
pub const QUESTIONS_PATH: &str = "/exchange/v1/questions";

/// An answer larger than this is not read to its end.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// Reaches other organisations over HTTP, speaking for one.
#[derive(Clone)]
pub struct HttpTransport {
    client: Client,
    addresses: Arc<AddressBook>,
    trust: Arc<dyn TrustStore>,
    me: Organisation,
    key: SecretKey,
}

/// What a receiver says when it refuses: problem+json with findings.
#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    findings: Vec<Finding>,
}

impl HttpTransport {
    /// A transport that speaks for `me`. Installs the process's TLS provider when there is none yet.
    pub fn new(
        me: Organisation,
        key: SecretKey,
        addresses: Arc<AddressBook>,
        trust: Arc<dyn TrustStore>,
    ) -> Result<HttpTransport, Refusal> {
        // An error means another part of the process installed one before: just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            Client::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .timeout(REQUEST_TIMEOUT)
                .no_proxy()
        };
        // A machine without root certificates can still speak plain HTTP to its neighbours.
        let client = builder().build().or_else(|_| builder().tls_certs_only([]).build());
        let client = client.map_err(|error| Refusal::internal(format!("http client: {error}")))?;
        Ok(HttpTransport {
            client,
            addresses,
            trust,
            me,
            key,
        })
    }

    /// The same connections, speaking for another organisation of this process.
    #[must_use]
    pub fn speaking_for(&self, me: Organisation, key: SecretKey) -> HttpTransport {
        HttpTransport { me, key, ..self.clone() }
    }

    async fn post(&self, to: &Organisation, path: &str, envelope: &Envelope) -> Result<Vec<u8>, Refusal> {
        let Some(base) = self.addresses.base(to) else {
            return Err(Refusal::unavailable(
                "address_unknown",
                format!("没有 {to} 的网络地址"),
                format!("There is no address for {to}"),
            )
            .remedy(
                "请在配置文件中该机构的 [[peers]] 一节填写 url，或填写 platform 的 url 由平台转递",
                "Write its url in its [[peers]] of the configuration, or the url of platform, which passes messages on",
            ));
        };
        let request = self.client.post(format!("{base}{path}")).header("content-type", "application/json");
        let sent = request.body(envelope.to_json()).send().await;
        let response = sent.map_err(|error| unreachable(to, &error.without_url()))?;
        let status = response.status();
        let body = read_bounded(to, response).await?;
        if status.is_success() {
            Ok(body)
        } else {
            Err(refused(to, status, &body))
        }
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn deliver(&self, envelope: &Envelope) -> Result<(), Refusal> {
        self.post(&envelope.to, MESSAGES_PATH, envelope).await.map(|_| ())
    }

    async fn ask(&self, to: &Organisation, question: Question) -> Result<Answer, Refusal> {
        let asked = Envelope::seal_question(&question, self.me, *to, Uuid::now_v7(), Timestamp::now(), &self.key)?;
        let body = self.post(to, QUESTIONS_PATH, &asked).await?;
        Envelope::parse(&body)?.open_answer(&asked, &self.trust, Timestamp::now())
    }
}

async fn read_bounded(from: &Organisation, mut response: Response) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= ANSWER_BYTES_MAX => body.extend_from_slice(&chunk),
            Ok(Some(_)) => {
                return Err(Refusal::too_large(
                    "answer_too_large",
                    format!("{from} 的答复超过允许的大小"),
                    format!("The answer of {from} is larger than allowed"),
                ));
            }
            Ok(None) => return Ok(body),
            Err(error) => return Err(unreachable(from, &error.without_url())),
        }
    }
}

fn unreachable(to: &Organisation, error: &reqwest::Error) -> Refusal {
    Refusal::unavailable(
        "organisation_unreachable",
        format!("{to} 暂时无法连接"),
        format!("{to} cannot be reached now"),
    )
    .remedy("系统会自动重试", "The system tries again by itself")
    .detail(error)
}

/// Gives the receiver's own findings back, so that its reasons reach the reader.
fn refused(by: &Organisation, status: StatusCode, body: &[u8]) -> Refusal {
    let kind = match status.as_u16() {
        401 => RefusalKind::Unauthenticated,
        403 => RefusalKind::Forbidden,
        404 => RefusalKind::NotFound,
        409 => RefusalKind::Conflict,
        413 => RefusalKind::TooLarge,
        429 => RefusalKind::TooMany,
        400..=499 => RefusalKind::Invalid,
        _ => RefusalKind::Unavailable,
    };
    let findings = serde_json::from_slice::<Problem>(body)
        .map(|problem| problem.findings)
        .unwrap_or_default();
    if findings.is_empty() {
        let finding = Finding::blocking(
            "organisation_refused",
            format!("{by} 拒绝了请求"),
            format!("{by} refused the request"),
        )
        .remedy("请联系对方机构", "Ask the other organisation");
        return Refusal::new(kind, finding).detail(status);
    }
    Refusal {
        kind,
        findings,
        detail: Some(status.to_string()),
    }
}
