//! Listening and answering.

use std::net::{IpAddr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, ensure};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Url;

use super::network;

/// The table `[server]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ServerConfig {
    /// Address and port. Default `127.0.0.1:8080`; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address under which others reach this host, for webhooks, invitations and links: `https://chat.example.org`.
    /// Default: `http://` and the listening address. With `https`, cookies are marked secure and browsers are told to stay
    /// with it.
    pub public_url: Option<Url>,
    /// Proxies whose `X-Forwarded-For` is believed, as addresses or networks. Default: none.
    #[serde(deserialize_with = "super::list::texts")]
    pub trusted_proxies: Vec<String>,
    /// What they say, read once: each request asks.
    #[serde(skip)]
    pub(crate) networks: OnceLock<Vec<IpNet>>,
    /// Origins of other sites whose scripts may call the API: `https://app.example.org`. Default: none.
    #[serde(deserialize_with = "super::list::texts")]
    pub cors_origins: Vec<String>,
    /// Largest body of a JSON request, in bytes. Default 1 MB.
    pub json_max_bytes: usize,
    /// Bodies that are being received and must be whole before they are looked at (JSON, webhooks, plugins) may take so many
    /// bytes of memory together, and a quarter of it from one address; of IPv6 the whole /64 is one. Default 256 MB.
    pub bodies_max_bytes: usize,
    /// A JSON request that is not answered in so many seconds is given up. Default 30.
    pub request_seconds: u64,
    /// Connections at once, of requests and sockets together; a further one is closed at once. Fewer if the operating system
    /// lets this process open fewer files. Default 8192.
    pub connections: usize,
    /// Connections at once from one address; of IPv6 the whole /64 is one. Trusted proxies are not counted. 0 for no such
    /// limit. Default 1024.
    pub connections_per_address: usize,
    /// For so many seconds a connection may be idle between two requests, and the head of a request may take as long.
    /// Default 20.
    pub header_seconds: u64,
    /// A client that neither sends what it has begun nor takes its answer is waited for so many seconds; each byte that moves
    /// earns it time at `slowest_bytes_per_second`. Default 20.
    pub stall_seconds: u64,
    /// Below this speed a body or an answer is given up once the patience of `stall_seconds` is used up. Default 1024.
    pub slowest_bytes_per_second: u32,
    /// For so many seconds requests may still be finished when the host is going down. Default 20.
    pub drain_seconds: u64,
    /// How much one address, and one API key, may ask.
    pub rate_limit: RateLimitConfig,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            trusted_proxies: Vec::new(),
            networks: OnceLock::new(),
            cors_origins: Vec::new(),
            json_max_bytes: 1_000_000,
            bodies_max_bytes: 256_000_000,
            request_seconds: 30,
            connections: 8_192,
            connections_per_address: 1_024,
            header_seconds: 20,
            stall_seconds: 20,
            slowest_bytes_per_second: 1_024,
            drain_seconds: 20,
            rate_limit: RateLimitConfig::default(),
        }
    }
}

/// The table `[server.rate_limit]`: requests of one address to the API and the widget, and of one API key. Webhooks are not
/// limited, since a platform sends from few addresses. Each host of several counts for itself.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RateLimitConfig {
    /// Whether there is a limit. Default `true`.
    pub enabled: bool,
    /// Requests a second that may go on for ever. Default 100.
    pub per_second: u32,
    /// Requests at once after a pause. Default 1000.
    pub burst: u32,
    /// Requests a second of one API key that may go on for ever. Default 50.
    pub key_per_second: u32,
    /// Requests of one API key at once after a pause. Default 500.
    pub key_burst: u32,
}

impl Default for RateLimitConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            per_second: 100,
            burst: 1_000,
            key_per_second: 50,
            key_burst: 500,
        }
    }
}

impl ServerConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if let Some(url) = &self.public_url {
            let right =
                matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.query().is_none();
            ensure!(
                right && url.path() == "/",
                "public_url must be http(s)://HOST without a path"
            );
        }
        for text in &self.trusted_proxies {
            network::parse(text).context("trusted_proxies")?;
        }
        for origin in &self.cors_origins {
            let url: Url = origin
                .parse()
                .with_context(|| format!("cors_origins: «{origin}»"))?;
            ensure!(
                url.origin().ascii_serialization() == *origin,
                "cors_origins: «{origin}» is no origin such as https://app.example.org"
            );
        }
        ensure!(
            self.rate_limit.per_second > 0
                && self.rate_limit.burst > 0
                && self.rate_limit.key_per_second > 0
                && self.rate_limit.key_burst > 0,
            "rate_limit: numbers above 0, or enabled = false"
        );
        ensure!(self.json_max_bytes >= 1_000, "json_max_bytes: at least 1000");
        ensure!(self.request_seconds > 0, "request_seconds: at least 1");
        ensure!(self.connections > 0, "connections: at least 1");
        ensure!(
            self.header_seconds > 0 && self.stall_seconds > 0 && self.slowest_bytes_per_second > 0,
            "header_seconds, stall_seconds and slowest_bytes_per_second: at least 1"
        );
        Ok(())
    }

    /// How long a JSON request may take.
    pub fn request_time(&self) -> Duration {
        Duration::from_secs(self.request_seconds)
    }

    /// How long the head of a request may take, and a connection be idle.
    pub fn header_time(&self) -> Duration {
        Duration::from_secs(self.header_seconds)
    }

    /// How long a client that moves no byte is waited for.
    pub fn stall_time(&self) -> Duration {
        Duration::from_secs(self.stall_seconds)
    }

    /// How long requests may be finished when the host is going down.
    pub fn drain_time(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }

    /// Whether a peer is one of the trusted proxies.
    pub fn is_trusted_proxy(&self, peer: IpAddr) -> bool {
        let read = || {
            let texts = self.trusted_proxies.iter();
            texts.filter_map(|text| network::parse(text).ok()).collect()
        };
        let networks = self.networks.get_or_init(read);
        networks.iter().any(|network| network.contains(&peer))
    }

    /// Whether others reach this host by HTTPS.
    pub fn is_https(&self) -> bool {
        self.public_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https")
    }
}
