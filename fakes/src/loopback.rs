//! The way out of a fake: to this machine and nowhere else.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::{Host, Url};

use crate::media::Media;

/// How long a platform waits for a file of the bot.
const FETCH_WITHIN: Duration = Duration::from_secs(10);

/// An HTTP client that leaves loopback alone for nobody: other addresses fail as if nothing answered there.
#[derive(Clone, Debug)]
pub(crate) struct Loopback(Client);

impl Loopback {
    pub(crate) fn new() -> Self {
        let client = Client::builder().no_proxy().redirect(Policy::none()).build();
        Self(client.expect("a client without certificates or proxies of its own"))
    }

    /// Posts JSON, and gives HTTP status and body, or why there is no answer.
    pub(crate) async fn post(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: &str,
        within: Duration,
    ) -> Result<(u16, String), String> {
        let url = on_loopback(url)?;
        let mut request = self.0.post(url).timeout(within).body(body.to_owned());
        request = request.header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.map_err(in_words)?;
        let status = answer.status().as_u16();
        Ok((status, answer.text().await.map_err(in_words)?))
    }

    /// Fetches a file as platforms do: asks for its head first.
    pub(crate) async fn fetch(&self, url: &str) -> Result<Media, String> {
        let url = on_loopback(url)?;
        good(
            self.0.head(url.clone()).timeout(FETCH_WITHIN).send().await,
            "HEAD",
        )?;
        let answer = good(self.0.get(url.clone()).timeout(FETCH_WITHIN).send().await, "GET")?;
        let content_type = essence(answer.headers());
        let bytes = answer.bytes().await.map_err(in_words)?;
        let name = url.path_segments().and_then(|mut parts| parts.next_back());
        Ok(Media::new(name.unwrap_or_default(), content_type, bytes))
    }
}

fn good(answer: reqwest::Result<Response>, verb: &str) -> Result<Response, String> {
    let answer = answer.map_err(in_words)?;
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    Err(format!("{verb} answers {status}"))
}

/// The content type without its parameters.
fn essence(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let first = value.unwrap_or_default().split(';').next();
    first.unwrap_or_default().trim().to_ascii_lowercase()
}

/// An error with its causes: the outermost alone says only that sending failed.
fn in_words(error: reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}

/// The address, if it is one of HTTP on this machine.
pub(crate) fn on_loopback(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{text}: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{text}: neither http nor https"));
    }
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if local {
        return Ok(url);
    }
    Err(format!("{text}: a fake reaches only this machine"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached() {
        for good in ["http://127.0.0.1:1/x", "http://localhost/x", "https://[::1]:8/"] {
            assert!(on_loopback(good).is_ok(), "{good}");
        }
        for bad in [
            "http://example.org/",
            "ftp://127.0.0.1/",
            "http://10.0.0.1/",
            "x",
            "",
        ] {
            assert!(on_loopback(bad).is_err(), "{bad}");
        }
    }
}
