//! The only file that calls the other system: a signed POST, and what its answer means.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::Clock;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::store::blob::ByteStream;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::error::{of_status, retry_after};
use super::signature::{HEADER, sign};
use omnichat_net::http::{Outgoing, read_whole, transport};

/// How long the other system may take for a request without files.
const TIMEOUT: Duration = Duration::from_secs(30);
/// What the slowest link is taken to carry, in bytes per second.
const SLOWEST: usize = 32 * 1024;
/// Longest answer that is read.
const ANSWER_MAX: usize = 64 * 1024;
/// Longest id that the other system may give a message, in bytes.
const ID_MAX: usize = 255;

/// Calls the other system.
pub(super) struct Client {
    pub(super) http: Outgoing,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) secret: String,
    pub(super) headers: HeaderMap,
}

/// What the other system may answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    /// Its own id of the message, as text or number.
    id: Value,
}

impl Answer {
    /// The other system's id of the message, if it gave a usable one.
    pub(super) fn id(&self) -> Option<String> {
        let id = match &self.id {
            Value::String(id) => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => return None,
        };
        (!id.is_empty() && id.len() <= ID_MAX && !id.chars().any(char::is_control)).then_some(id)
    }
}

impl Client {
    /// Sends one event. A key makes a repetition of the same event recognisable.
    pub(super) async fn post(&self, url: &Url, event: &Value, key: Option<&str>) -> Result<Answer> {
        let body = serde_json::to_vec(event).map_err(|error| {
            Error::internal("an event cannot be written")
                .surely_not_sent()
                .caused_by(error)
        })?;
        let timeout = TIMEOUT + Duration::from_secs((body.len() / SLOWEST) as u64);
        let mut request = self
            .http
            .request(Method::POST, url.clone())
            .await?
            .timeout(timeout)
            .headers(self.headers.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(HEADER, sign(&self.secret, self.clock.now(), &body));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let response = request.body(body).send().await.map_err(transport)?;
        let status = response.status();
        let pause = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok());
        let pause = pause.and_then(|value| retry_after(value, self.clock.now()));
        // A conflict is how systems say that they know the key already.
        let taken = status.is_success() || (key.is_some() && status.as_u16() == 409);
        // Whatever fails from here on, the status has been given: an unreadable body is as good as none.
        let body = read_whole(response, ANSWER_MAX).await.unwrap_or_default();
        if taken {
            Ok(serde_json::from_slice(&body).unwrap_or_default())
        } else {
            Err(of_status(status, pause, &body))
        }
    }

    /// Opens a file that a customer sent, by its address.
    pub(super) async fn download(&self, remote: &str, max: u64) -> Result<ByteStream> {
        let url = Url::parse(remote)
            .map_err(|_| Error::new(ErrorKind::Rejected, "this is no address of a file"))?;
        self.http.download(url, Some(max)).await
    }
}
