//! Who speaks: time, nonce and body signed with SM2, in three headers, both from agency to gateway and back.

use axum::http::HeaderMap;
use control::clock::now;
use exchange::TrustStore;
use standard::sm::{SecretKey, Signature};
use standard::{Finding, Organisation, Refusal};

use agency::collection::gateway::{CALLBACK_AGE_MAX_SECONDS, signed_text};

/// Seconds since 1970 when it was signed.
pub const TIMESTAMP: &str = "x-gateway-timestamp";
/// Used once.
pub const NONCE: &str = "x-gateway-nonce";
/// SM2, hexadecimal.
pub const SIGNATURE: &str = "x-gateway-signature";
/// The organisation that asks the gateway.
pub const MERCHANT: &str = "x-gateway-merchant";

/// The three headers of a letter.
pub struct Headers {
    /// [`TIMESTAMP`].
    pub timestamp: String,
    /// [`NONCE`].
    pub nonce: String,
    /// [`SIGNATURE`].
    pub signature: String,
}

/// Signs `body` now.
pub fn sign(key: &SecretKey, body: &[u8]) -> Result<Headers, Refusal> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(Refusal::internal)?;
    let (timestamp, nonce) = (now().as_second().to_string(), hex::encode(bytes));
    let signature = key.sign(&signed_text(&timestamp, &nonce, body))?.to_hex();
    Ok(Headers {
        timestamp,
        nonce,
        signature,
    })
}

/// A header's text; empty when absent.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The agency that signed a request to the gateway. Refuses `merchant_unknown`.
pub fn merchant(trust: &dyn TrustStore, headers: &HeaderMap, body: &[u8]) -> Result<Organisation, Refusal> {
    let refuse = || {
        Refusal::invalid(Finding::blocking(
            "merchant_unknown",
            "网关不认识该商户，或请求签名无效、已过期。",
            "The gateway does not know this merchant, or the request's signature is not valid or too old.",
        ))
    };
    let organisation: Organisation = header(headers, MERCHANT).parse().map_err(|_| refuse())?;
    let key = trust.public_key(&organisation).ok_or_else(refuse)?;
    let signature = Signature::from_hex(header(headers, SIGNATURE)).map_err(|_| refuse())?;
    let (timestamp, nonce) = (header(headers, TIMESTAMP), header(headers, NONCE));
    let fresh = timestamp
        .parse::<i64>()
        .is_ok_and(|at| (now().as_second() - at).abs() <= CALLBACK_AGE_MAX_SECONDS);
    if fresh && key.verify(&signed_text(timestamp, nonce, body), &signature) {
        return Ok(organisation);
    }
    Err(refuse())
}
