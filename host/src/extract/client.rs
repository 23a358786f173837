//! From which address a request comes, and under what it counts where addresses are limited.

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use crate::app::AppState;
use crate::config::ServerConfig;

/// The address of the caller: the peer's, or what a trusted proxy says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress {
    /// The address.
    pub ip: IpAddr,
}

/// Under what a caller counts wherever something is limited by address. One household or server has a whole /64 of IPv6, so
/// that all addresses of a /64 are one caller. An IPv4 address counts alone, also when it is written as an IPv6 one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitKey {
    /// One IPv4 address.
    V4(Ipv4Addr),
    /// A /64 of IPv6, by its first address.
    V6(Ipv6Addr),
}

impl From<IpAddr> for LimitKey {
    fn from(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V4(ip) => Self::V4(ip),
            IpAddr::V6(ip) => Self::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
        }
    }
}

impl fmt::Display for LimitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(ip) => ip.fmt(f),
            Self::V6(ip) => write!(f, "{ip}/64"),
        }
    }
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, &parts.headers, &state.config.server))
    }
}

impl ClientAddress {
    /// Under what the caller counts where addresses are limited.
    pub fn limit_key(&self) -> LimitKey {
        self.ip.into()
    }

    /// The address of the caller of a request. Goes through `X-Forwarded-For` from the right, past trusted proxies.
    pub fn of(extensions: &Extensions, headers: &HeaderMap, config: &ServerConfig) -> Self {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip().to_canonical());
        let mut ip = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let chain: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in chain.iter().rev() {
            if !config.is_trusted_proxy(ip) {
                break;
            }
            let Some(address) = address(hop.trim()) else {
                break;
            };
            ip = address.to_canonical();
        }
        Self { ip }
    }
}

/// An address as proxies write it: bare, with a port, or in brackets.
fn address(hop: &str) -> Option<IpAddr> {
    if let Ok(address) = hop.parse::<IpAddr>() {
        return Some(address);
    }
    if let Ok(address) = hop.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    let bare = hop.strip_prefix('[')?.strip_suffix(']')?;
    bare.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let mut headers = HeaderMap::new();
        if !forwarded.is_empty() {
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        }
        let trusted_proxies = trusted.iter().map(|t| (*t).to_owned()).collect();
        let config = ServerConfig {
            trusted_proxies,
            ..ServerConfig::default()
        };
        ClientAddress::of(&extensions, &headers, &config).ip.to_string()
    }

    #[test]
    fn a_caller_counts_by_address_or_by_64_bits_of_it() {
        let key = |ip: &str| LimitKey::from(ip.parse::<IpAddr>().unwrap());
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_ne!(key("::ffff:192.0.2.1"), key("::ffff:192.0.2.2"));
        assert_eq!(key("2001:db8:1:2::1").to_string(), "2001:db8:1:2::/64");
        assert_eq!(key("::ffff:192.0.2.1").to_string(), "192.0.2.1");
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("192.0.2.1", "", &[]), "192.0.2.1");
        assert_eq!(seen("192.0.2.1", "198.51.100.7", &[]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", "198.51.100.7", &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(
            seen("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", &["10.0.0.0/8"]),
            "198.51.100.7"
        );
        assert_eq!(
            seen("::ffff:10.0.0.1", "198.51.100.7", &["10.0.0.1"]),
            "198.51.100.7"
        );
        for rubbish in [
            "rubbish",
            "",
            "[]",
            "[198.51.100.7]",
            "198.51.100.7:x",
            "2001:db8::1]:1",
        ] {
            assert_eq!(seen("10.0.0.1", rubbish, &["10.0.0.1"]), "10.0.0.1", "{rubbish}");
        }
    }

    #[test]
    fn an_address_may_come_with_a_port_or_in_brackets() {
        for (hop, address) in [
            ("198.51.100.7:5678", "198.51.100.7"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:443", "2001:db8::7"),
            ("[::ffff:198.51.100.7]:1, 10.0.0.2:80", "198.51.100.7"),
        ] {
            assert_eq!(seen("10.0.0.1", hop, &["10.0.0.0/8"]), address, "{hop}");
        }
    }
}
