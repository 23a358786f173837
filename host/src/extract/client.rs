//! From which address a request comes.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

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
    /// Nothing stands between: the request came from a peer that forwards for nobody.
    pub direct: bool,
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, &parts.headers, &state.config.server))
    }
}

impl ClientAddress {
    /// The address of the caller of a request. Goes through `X-Forwarded-For` from the right, past trusted proxies.
    pub fn of(extensions: &Extensions, headers: &HeaderMap, config: &ServerConfig) -> Self {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip().to_canonical());
        let mut ip = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let direct = !headers.contains_key("x-forwarded-for") && !headers.contains_key("forwarded");
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
            let Ok(address) = hop.trim().parse::<IpAddr>() else {
                break;
            };
            ip = address.to_canonical();
        }
        Self { ip, direct }
    }
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
        assert_eq!(seen("10.0.0.1", "rubbish", &["10.0.0.1"]), "10.0.0.1");
    }
}
