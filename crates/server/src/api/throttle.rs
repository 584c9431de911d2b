//! Bounds on what can be asked without a session, by address: a counter a minute, in memory.

use axum::http::HeaderMap;
use standard::Refusal;
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
    time::Instant,
};

/// Addresses remembered at most; beyond it the table starts anew, which only makes the bound looser for a minute.
const ADDRESSES_MAX: usize = 50_000;
const WINDOW_SECONDS: u64 = 60;

static SEEN: LazyLock<Mutex<HashMap<(String, &'static str), (Instant, u32)>>> = LazyLock::new(Mutex::default);

/// The address the server's connection layer noted; a proxy in front sets the same header.
fn address(headers: &HeaderMap) -> String {
    headers.get("x-forwarded-for").and_then(|v| v.to_str().ok()).and_then(|v| v.rsplit(',').next()).unwrap_or("local").trim().to_owned()
}

fn bound(headers: &HeaderMap, what: &'static str, per_minute: u32) -> Result<(), Refusal> {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if seen.len() > ADDRESSES_MAX {
        seen.clear();
    }
    let entry = seen.entry((address(headers), what)).or_insert_with(|| (Instant::now(), 0));
    if entry.0.elapsed().as_secs() >= WINDOW_SECONDS {
        *entry = (Instant::now(), 0);
    }
    entry.1 += 1;
    if entry.1 > per_minute {
        return Err(Refusal::too_many("too_many_requests", "操作过于频繁", "too many requests").remedy("请一分钟后再试", "try again in a minute"));
    }
    Ok(())
}

/// Sign-in attempts. A name's own lockout is `control::identity`'s.
pub fn sign_in(headers: &HeaderMap) -> Result<(), Refusal> {
    bound(headers, "sign_in", 300)
}

/// Captchas.
pub fn captcha(headers: &HeaderMap) -> Result<(), Refusal> {
    bound(headers, "captcha", 120)
}

/// The public verify page.
pub fn verify(headers: &HeaderMap) -> Result<(), Refusal> {
    bound(headers, "verify", 120)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn one_address_is_bounded_and_another_is_not() {
        let mut one = HeaderMap::new();
        one.insert("x-forwarded-for", HeaderValue::from_static("192.0.2.1"));
        for _ in 0..3 {
            assert!(bound(&one, "test", 3).is_ok());
        }
        assert_eq!(bound(&one, "test", 3).map_err(|r| r.rule().to_owned()), Err("too_many_requests".to_owned()));
        let mut other = HeaderMap::new();
        other.insert("x-forwarded-for", HeaderValue::from_static("192.0.2.2"));
        assert!(bound(&other, "test", 3).is_ok());
    }
}
