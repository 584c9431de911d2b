//! The gateway as an agency of this process reaches it: in the process when it serves all, otherwise over HTTP.

use super::{http as paths, service, signed};
use crate::{app::App, config::ServeRole};
use agency::collection::gateway::{Gateway, GatewayRow, PaymentAsked, PaymentReady};
use async_trait::async_trait;
use serde::de::DeserializeOwned;
use standard::{
    Date, Finding, Organisation, Refusal, RefusalKind, RegionCode,
    sm::{PublicKey, SecretKey},
};
use std::{io::Write, sync::OnceLock, time::Duration};

/// File of the gateway's own key in its data folder.
const KEY_FILE: &str = "gateway.key";

/// The way from the agencies of a process to the gateway.
pub struct AgencyGateway {
    app: App,
}

impl AgencyGateway {
    /// Refuses `gateway_not_configured` where there is none.
    pub fn of(app: &App) -> Result<Self, Refusal> {
        if !app.config.has_gateway() {
            return Err(not_configured());
        }
        Ok(Self { app: app.clone() })
    }

    async fn post<T: DeserializeOwned>(&self, region: RegionCode, path: &str, body: Vec<u8>) -> Result<T, Refusal> {
        let base = self.app.config.gateway.url.clone().ok_or_else(not_configured)?;
        let me = Organisation::Agency(region);
        let headers = signed::sign(&self.app.keys.secret(&self.app.db, &me).await?, &body)?;
        let answer = http()?
            .post(format!("{}{path}", base.trim_end_matches('/')))
            .header("content-type", "application/json")
            .header(signed::MERCHANT, me.to_string())
            .header(signed::TIMESTAMP, headers.timestamp)
            .header(signed::NONCE, headers.nonce)
            .header(signed::SIGNATURE, headers.signature)
            .body(body)
            .send()
            .await
            .map_err(|error| unreachable(&error.without_url().to_string()))?;
        if !answer.status().is_success() {
            return Err(unreachable(&format!("status {}", answer.status())));
        }
        let bytes = answer
            .bytes()
            .await
            .map_err(|error| unreachable(&error.without_url().to_string()))?;
        serde_json::from_slice(&bytes).map_err(|error| unreachable(&error.to_string()))
    }
}

#[async_trait]
impl Gateway for AgencyGateway {
    async fn create(&self, asked: &PaymentAsked) -> Result<PaymentReady, Refusal> {
        if self.app.config.role == ServeRole::All && self.app.config.gateway.url.is_none() {
            return paths::ready(&self.app, asked).await;
        }
        let body = serde_json::to_vec(asked).map_err(Refusal::internal)?;
        self.post(asked.region, "/gateway/payments", body).await
    }

    async fn day(&self, region: RegionCode, day: Date) -> Result<Vec<GatewayRow>, Refusal> {
        if self.app.config.role == ServeRole::All && self.app.config.gateway.url.is_none() {
            return service::day(&mut self.app.db.read(), region, day).await;
        }
        let question = format!("{region}/{day}");
        self.post(region, &format!("/gateway/days/{question}"), question.into_bytes()).await
    }
}

fn not_configured() -> Refusal {
    Refusal::new(
        RefusalKind::Unavailable,
        Finding::blocking(
            "gateway_not_configured",
            "本机构未开通网上缴费。",
            "Online payment is not set up at this agency.",
        )
        .remedy(
            "请通过银行转账缴费，附言填写征集单号",
            "pay by bank transfer and write the order's number",
        ),
    )
}

fn unreachable(detail: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Unavailable,
        Finding::blocking(
            "gateway_unreachable",
            "支付网关暂时无法访问。",
            "The payment gateway cannot be reached now.",
        )
        .remedy("请稍后重试，或通过银行转账缴费", "try again later, or pay by bank transfer"),
    )
    .detail(detail)
}

/// The key whose callbacks the agencies here believe. Refuses `gateway_not_configured`.
pub fn gateway_key(app: &App) -> Result<PublicKey, Refusal> {
    match &app.config.gateway.public_key {
        Some(key) => Ok(PublicKey::from_hex(key)?),
        None if app.config.serves_gateway() => Ok(own_key(app)?.public()),
        None => Err(not_configured()),
    }
}

/// The gateway's own key: in its data folder, made at first use.
pub(super) fn own_key(app: &App) -> Result<SecretKey, Refusal> {
    key_of(&app.db)
}

/// The gateway's key in the data folder of `db`.
pub fn key_of(db: &store::Db) -> Result<SecretKey, Refusal> {
    static KEY: OnceLock<std::sync::Mutex<std::collections::HashMap<std::path::PathBuf, SecretKey>>> = OnceLock::new();
    let path = db.data_dir().join(KEY_FILE);
    let mut known = KEY
        .get_or_init(Default::default)
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(key) = known.get(&path) {
        return Ok(key.clone());
    }
    let bytes = match std::fs::read_to_string(&path) {
        Ok(text) => decoded(text.trim())?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_key(&path)?,
        Err(error) => return Err(Refusal::internal(format!("the gateway's key: {error}"))),
    };
    let key = SecretKey::from_bytes(bytes)?;
    known.insert(path, key.clone());
    Ok(key)
}

fn decoded(text: &str) -> Result<[u8; 32], Refusal> {
    let bytes = hex::decode(text).map_err(Refusal::internal)?;
    bytes
        .try_into()
        .map_err(|_| Refusal::internal("the gateway's key has not 32 bytes"))
}

fn make_key(path: &std::path::Path) -> Result<[u8; 32], Refusal> {
    let mut bytes = [0_u8; 32];
    loop {
        getrandom::fill(&mut bytes).map_err(Refusal::internal)?;
        // One number in 2^32 or so is no key of the curve.
        if SecretKey::from_bytes(bytes).is_ok() {
            break;
        }
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(Refusal::internal)?;
    file.write_all(hex::encode(bytes).as_bytes()).map_err(Refusal::internal)?;
    file.sync_all().map_err(Refusal::internal)?;
    Ok(bytes)
}

/// The process's client for gateway and callbacks.
pub(super) fn http() -> Result<reqwest::Client, Refusal> {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client.clone());
    }
    let builder = || {
        reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(20))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
    };
    let client = builder().build().or_else(|_| builder().tls_certs_only([]).build());
    let client = client.map_err(|error| Refusal::internal(format!("http client: {error}")))?;
    Ok(CLIENT.get_or_init(|| client).clone())
}
