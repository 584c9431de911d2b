//! Bounds on what can be asked without a session, by address: a counter a minute, in memory.

use crate::app::App;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use standard::Refusal;
use std::{
    collections::HashMap,
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{LazyLock, Mutex, PoisonError},
    time::Instant,
};

/// Addresses remembered at most; beyond it the table starts anew, which only makes the bound looser for a minute.
const ADDRESSES_MAX: usize = 50_000;
const WINDOW_SECONDS: u64 = 60;

/// Calls of an address to one kind of path: since when, and how many.
type Seen = HashMap<(IpAddr, &'static str), (Instant, u32)>;

static SEEN: LazyLock<Mutex<Seen>> = LazyLock::new(Mutex::default);

/// Where a request comes from: the other end of the connection, or, behind proxies the configuration trusts, whom they name.
#[derive(Clone, Copy)]
pub struct Peer(IpAddr);

impl FromRequestParts<App> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let direct = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        Ok(Self(network(named(direct, &parts.headers, &app.config.trusted_proxies))))
    }
}

/// Reads `x-forwarded-for` from its end, as far as each speaker is trusted; what anyone else wrote into it counts for nothing.
fn named(direct: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let told: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .map(str::trim)
        .collect();
    let mut address = direct.to_canonical();
    for hop in told.iter().rev() {
        match hop.parse::<IpAddr>() {
            Ok(before) if trusted.contains(&address) => address = before.to_canonical(),
            _ => break,
        }
    }
    address
}

/// One subscriber holds a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => IpAddr::V6((six.to_bits() >> 64 << 64).into()),
    }
}

fn bound(peer: Peer, what: &'static str, per_minute: u32) -> Result<(), Refusal> {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if seen.len() > ADDRESSES_MAX {
        seen.clear();
    }
    let entry = seen.entry((peer.0, what)).or_insert_with(|| (Instant::now(), 0));
    if entry.0.elapsed().as_secs() >= WINDOW_SECONDS {
        *entry = (Instant::now(), 0);
    }
    entry.1 = entry.1.saturating_add(1);
    if entry.1 > per_minute {
        return Err(
            Refusal::too_many("too_many_requests", "操作过于频繁", "too many requests").remedy("请一分钟后再试", "try again in a minute")
        );
    }
    Ok(())
}

/// Sign-in attempts. A name's own lockout is `control::identity`'s.
pub fn sign_in(peer: Peer) -> Result<(), Refusal> {
    bound(peer, "sign_in", 300)
}

/// Captchas.
pub fn captcha(peer: Peer) -> Result<(), Refusal> {
    bound(peer, "captcha", 120)
}

/// Payment addresses.
pub fn pay(peer: Peer) -> Result<(), Refusal> {
    bound(peer, "pay", 240)
}

/// The public verify page.
pub fn verify(peer: Peer) -> Result<(), Refusal> {
    bound(peer, "verify", 120)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_is_bounded_and_another_is_not() {
        let one = Peer(ip("192.0.2.1"));
        for _ in 0..3 {
            assert!(bound(one, "test", 3).is_ok());
        }
        assert_eq!(
            bound(one, "test", 3).map_err(|r| r.rule().to_owned()),
            Err("too_many_requests".to_owned())
        );
        assert!(bound(Peer(ip("192.0.2.2")), "test", 3).is_ok());
    }

    #[test]
    fn only_a_trusted_proxy_says_who_speaks() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.7, 198.51.100.9"));
        let proxy = ip("10.0.0.1");
        assert_eq!(
            named(ip("192.0.2.1"), &headers, &[]),
            ip("192.0.2.1"),
            "a stranger's header counts for nothing"
        );
        assert_eq!(named(ip("192.0.2.1"), &headers, &[proxy]), ip("192.0.2.1"));
        assert_eq!(
            named(proxy, &headers, &[proxy]),
            ip("198.51.100.9"),
            "what the client wrote itself counts for nothing"
        );
        assert_eq!(named(ip("::ffff:10.0.0.1"), &headers, &[proxy]), ip("198.51.100.9"));
        assert_eq!(named(proxy, &headers, &[proxy, ip("198.51.100.9")]), ip("203.0.113.7"));
        headers.insert("x-forwarded-for", HeaderValue::from_static("nonsense"));
        assert_eq!(named(proxy, &headers, &[proxy]), proxy);
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one() {
        assert_eq!(network(ip("2001:db8:1:2:3::4")), ip("2001:db8:1:2::"));
        assert_eq!(network(ip("192.0.2.1")), ip("192.0.2.1"));
    }
}
