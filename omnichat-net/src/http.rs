//! Outgoing HTTP of all channels: one set of rules for time, proxies, redirects and size.
//!
//! Nothing here logs or keeps a URL: platforms put tokens into them. Redirects are not followed, except by
//! [`Outgoing::download`], which judges each hop.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::store::blob::ByteStream;
use reqwest::header::LOCATION;
use reqwest::{Client, ClientBuilder, Method, Proxy, RequestBuilder, Response, redirect};
use url::Url;

use crate::egress::{Egress, GuardedResolver, Refused};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the other side may be silent in the middle of an answer; longer than any long poll.
const SILENCE: Duration = Duration::from_secs(80);
/// How many redirects a download follows.
const HOPS: usize = 5;

/// Opens the way out for accounts. Accounts without a proxy share one pool of connections.
#[derive(Clone, Debug)]
pub struct Http {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    egress: Arc<Egress>,
    /// Made when the first account needs them: reading the machine's certificates takes time.
    direct: OnceLock<Client>,
    guarded: OnceLock<Client>,
}

impl Http {
    /// With these rules for addresses that users give.
    pub fn new(egress: Egress) -> Self {
        let egress = Arc::new(egress);
        Self {
            shared: Arc::new(Shared {
                egress,
                direct: OnceLock::new(),
                guarded: OnceLock::new(),
            }),
        }
    }

    /// For a platform's own, well-known address.
    ///
    /// # Errors
    /// `Invalid` if the proxy's address is none or may not be called; `Internal` if the machine has no usable certificates.
    pub fn to_platform(&self, proxy: Option<&str>) -> Result<Outgoing> {
        Ok(match proxy {
            None => Outgoing {
                client: made_once(&self.shared.direct, rules)?,
                egress: None,
                proxied: false,
            },
            Some(proxy) => Outgoing {
                client: self.proxied(proxy)?,
                egress: None,
                proxied: true,
            },
        })
    }

    /// For an address that a user gave.
    ///
    /// # Errors
    /// As [`Self::to_platform`].
    pub fn to_anywhere(&self, proxy: Option<&str>) -> Result<Outgoing> {
        let egress = Some(Arc::clone(&self.shared.egress));
        Ok(match proxy {
            None => {
                let client = made_once(&self.shared.guarded, || {
                    rules().dns_resolver(Arc::new(self.resolver()))
                })?;
                Outgoing {
                    client,
                    egress,
                    proxied: false,
                }
            }
            Some(proxy) => Outgoing {
                client: self.proxied(proxy)?,
                egress,
                proxied: true,
            },
        })
    }

    fn resolver(&self) -> GuardedResolver {
        GuardedResolver(Arc::clone(&self.shared.egress))
    }

    /// A client of its own. The proxy's address was given by a user, too: the resolver judges its name.
    fn proxied(&self, proxy: &str) -> Result<Client> {
        let wrong = |message: &str| Error::invalid_field("proxy_url", "format", message);
        let url = Url::parse(proxy).map_err(|_| wrong("this is no address of a proxy"))?;
        if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") || !url.has_host() {
            return Err(wrong(
                "a proxy's address begins with http://, https://, socks5:// or socks5h://",
            ));
        }
        // The schemes of SOCKS are unknown to the URL standard, which then leaves addresses as text.
        let host = url.host_str().unwrap_or_default();
        if let Ok(probe) = Url::parse(&format!("http://{host}/")) {
            self.shared
                .egress
                .check(&probe)
                .map_err(|error| wrong(error.message()))?;
        }
        let proxy = Proxy::all(proxy).map_err(|_| wrong("this is no address of a proxy"))?;
        build(rules().proxy(proxy).dns_resolver(Arc::new(self.resolver())))
    }
}

fn rules() -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("OmniChat/", env!("CARGO_PKG_VERSION")))
        .no_proxy()
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .pool_idle_timeout(Duration::from_secs(60))
}

fn made_once(place: &OnceLock<Client>, rules: impl FnOnce() -> ClientBuilder) -> Result<Client> {
    if let Some(client) = place.get() {
        return Ok(client.clone());
    }
    let client = build(rules())?;
    Ok(place.get_or_init(|| client).clone())
}

fn build(builder: ClientBuilder) -> Result<Client> {
    builder
        .build()
        .map_err(|error| Error::internal("the HTTP client cannot be set up").caused_by(error.without_url()))
}

/// The way out for one account.
#[derive(Clone, Debug)]
pub struct Outgoing {
    client: Client,
    egress: Option<Arc<Egress>>,
    proxied: bool,
}

impl Outgoing {
    /// A request that may be sent.
    ///
    /// # Errors
    /// `Rejected`, surely not sent, if the address may not be called.
    pub async fn request(&self, method: Method, url: Url) -> Result<RequestBuilder> {
        if let Some(egress) = &self.egress {
            // Behind a proxy our resolver is never asked for the target's name.
            if self.proxied {
                egress.check_resolved(&url).await?
            } else {
                egress.check(&url)?
            }
        }
        Ok(self.client.request(method, url))
    }

    /// Fetches a file, following a few redirects, each judged like the first address.
    ///
    /// # Errors
    /// `NotFound`, `Rejected` and `Unavailable` by the server's status; `TooLarge` also in the middle of the stream.
    pub async fn download(&self, url: Url, max: Option<u64>) -> Result<ByteStream> {
        let mut url = url;
        for _ in 0..=HOPS {
            let response = self
                .request(Method::GET, url.clone())
                .await?
                .send()
                .await
                .map_err(transport)?;
            let status = response.status();
            if !status.is_redirection() {
                return body(response, max);
            }
            let target = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            url = target
                .and_then(|to| url.join(to).ok())
                .ok_or_else(|| Error::new(ErrorKind::Rejected, "the file's server redirects to nowhere"))?;
        }
        Err(Error::new(
            ErrorKind::Rejected,
            "the file's server redirects in circles",
        ))
    }
}

/// The bytes of an answer, as they come, up to a limit.
///
/// # Errors
/// As [`Outgoing::download`].
pub fn body(response: Response, max: Option<u64>) -> Result<ByteStream> {
    let status = response.status();
    if !status.is_success() {
        let kind = match status.as_u16() {
            404 | 410 => ErrorKind::NotFound,
            408 | 429 | 500.. => ErrorKind::Unavailable,
            _ => ErrorKind::Rejected,
        };
        return Err(Error::new(
            kind,
            format!("the file's server answered {}", status.as_u16()),
        ));
    }
    let max = max.unwrap_or(u64::MAX);
    let too_large =
        move || Error::new(ErrorKind::TooLarge, "the file is larger than allowed").with("max_bytes", max);
    if response.content_length().is_some_and(|length| length > max) {
        return Err(too_large());
    }
    let mut seen = 0_u64;
    let limited = response.bytes_stream().map_err(transport).map(move |chunk| {
        let chunk = chunk?;
        seen = seen.saturating_add(chunk.len() as u64);
        if seen > max { Err(too_large()) } else { Ok(chunk) }
    });
    Ok(limited.boxed())
}

/// A whole answer of a bounded size.
///
/// # Errors
/// `Unavailable` or `Timeout` if it breaks off, `TooLarge` if it does not end.
pub async fn read_whole(response: Response, max: usize) -> Result<Bytes> {
    let mut whole = BytesMut::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(transport)?;
        if whole.len() + chunk.len() > max {
            return Err(Error::new(ErrorKind::TooLarge, "the answer does not end"));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

/// What a failure on the way means: only a connection that never came about is surely without effect.
#[must_use]
pub fn transport(error: reqwest::Error) -> Error {
    if let Some(refused) = cause::<Refused>(&error) {
        return Error::new(ErrorKind::Rejected, refused.to_string()).surely_not_sent();
    }
    let error = error.without_url();
    if error.is_builder() {
        return Error::internal("the request cannot be built")
            .surely_not_sent()
            .caused_by(error);
    }
    if error.is_connect() {
        return Error::new(ErrorKind::Unavailable, "the other side cannot be reached")
            .surely_not_sent()
            .caused_by(error);
    }
    if error.is_timeout() {
        return Error::new(ErrorKind::Timeout, "the other side did not answer in time").caused_by(error);
    }
    Error::new(ErrorKind::Unavailable, "the connection broke").caused_by(error)
}

fn cause<'a, T: std::error::Error + 'static>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a T> {
    let mut next = error.source();
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        next = cause.source();
    }
    None
}
