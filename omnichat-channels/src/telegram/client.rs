//! The only file that speaks HTTP with Telegram. The token is part of every URL, so no URL ever leaves this file.

use std::time::Duration;

use omnichat_core::channel::OutboundFile;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::store::blob::ByteStream;
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Method, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use url::Url;

use super::error::{ApiError, Fault, Parameters};
use omnichat_net::http::{Outgoing, read_whole, transport};

/// For calls that carry no file.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// What the slowest link is taken to carry, in bytes per second, to give uploads time by their size.
const SLOWEST: u64 = 32 * 1024;
/// Longest answer: 100 updates of 64 KiB with room to spare.
const ANSWER_MAX: usize = 16 * 1024 * 1024;

/// Parameters of a call.
pub(super) type Params = Map<String, Value>;

/// Calls methods of the Bot API for one bot.
pub(super) struct Client {
    http: Outgoing,
    base: Url,
    token: String,
}

/// A file of the platform.
#[derive(Debug, Deserialize)]
pub(super) struct RemoteFile {
    pub(super) file_path: Option<String>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    ok: bool,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(default)]
    error_code: u16,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

impl Client {
    pub(super) fn new(http: Outgoing, base: Url, token: String) -> Self {
        Self { http, base, token }
    }

    /// Calls a method with parameters as JSON.
    pub(super) async fn call<T: DeserializeOwned>(&self, method: &str, params: &Params) -> Result<T, Fault> {
        self.call_within(method, params, CALL_TIMEOUT).await
    }

    /// Calls a method that may take its time.
    pub(super) async fn call_within<T: DeserializeOwned>(
        &self,
        method: &str,
        params: &Params,
        timeout: Duration,
    ) -> Result<T, Fault> {
        let request = self.request(Method::POST, self.method_url(method)?).await?;
        answer(request.json(params).timeout(timeout)).await
    }

    /// Calls a method with files, each as the part of its name; the bytes are streamed.
    pub(super) async fn upload<T: DeserializeOwned>(
        &self,
        method: &str,
        params: &Params,
        files: &[(String, &OutboundFile)],
    ) -> Result<T, Fault> {
        let mut form = Form::new();
        for (name, value) in params {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            form = form.text(name.clone(), text);
        }
        let mut total = 0_u64;
        for (name, file) in files {
            form = form.part(name.clone(), part(file).await?);
            total = total.saturating_add(file.size);
        }
        let timeout = CALL_TIMEOUT + Duration::from_secs(total / SLOWEST);
        let request = self.request(Method::POST, self.method_url(method)?).await?;
        answer(request.multipart(form).timeout(timeout)).await
    }

    /// Opens a file by the path that `getFile` gave.
    pub(super) async fn download(&self, path: &str, max: Option<u64>) -> Result<ByteStream> {
        if path.starts_with('/') {
            // A server of one's own in its local mode: the file lies on that machine's disk.
            return Err(Error::new(
                ErrorKind::Rejected,
                "the Bot API server runs in local mode and hands out no files",
            ));
        }
        let url = self.url(&format!("file/bot{}/{path}", self.token))?;
        self.http.download(url, max).await
    }

    fn method_url(&self, method: &str) -> Result<Url> {
        self.url(&format!("bot{}/{method}", self.token))
    }

    fn url(&self, path: &str) -> Result<Url> {
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/{path}"))
            .map_err(|_| Error::invalid("the address of the Bot API cannot be used").surely_not_sent())
    }

    async fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, Fault> {
        Ok(self.http.request(method, url).await?)
    }
}

async fn part(file: &OutboundFile) -> Result<Part> {
    // Nothing has been sent yet if our own storage fails here.
    let stream = file.source.open().await.map_err(Error::surely_not_sent)?;
    // The platform's reader of multipart splits this header at semicolons and knows no escapes.
    let name = file
        .name
        .replace(|c: char| c.is_control() || matches!(c, ';' | '"' | '\\'), "_");
    let part = Part::stream_with_length(Body::wrap_stream(stream), file.size).file_name(name);
    part.mime_str(&file.content_type).map_err(|error| {
        Error::new(ErrorKind::Rejected, "the file's type is not valid")
            .surely_not_sent()
            .caused_by(error.without_url())
    })
}

async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Fault> {
    let response = request.send().await.map_err(transport)?;
    let status = response.status();
    let body = read_whole(response, ANSWER_MAX).await?;
    read_answer(status, &body)
}

fn read_answer<T: DeserializeOwned>(status: StatusCode, body: &[u8]) -> Result<T, Fault> {
    let Ok(answer) = serde_json::from_slice::<Answer<'_>>(body) else {
        return Err(not_telegram(status).into());
    };
    if !answer.ok {
        let Answer {
            error_code,
            description,
            parameters,
            ..
        } = answer;
        let error_code = if error_code == 0 {
            status.as_u16()
        } else {
            error_code
        };
        return Err(Fault::Api(ApiError {
            error_code,
            description,
            parameters,
        }));
    }
    let result = answer.result.map_or("null", RawValue::get);
    serde_json::from_str(result).map_err(|error| {
        // It was done; what came of it cannot be read.
        Fault::Other(Error::new(ErrorKind::Unavailable, "Telegram's answer cannot be read").caused_by(error))
    })
}

/// Something between us and Telegram answered: a proxy, a gateway.
fn not_telegram(status: StatusCode) -> Error {
    let error = match status.as_u16() {
        407 => Error::new(
            ErrorKind::AccountBroken,
            "the proxy refuses its user name or password",
        ),
        _ => Error::new(ErrorKind::Unavailable, "the answer does not come from Telegram"),
    };
    let error = error.with("status", status.as_u16());
    // Whoever refuses the request did not pass it on; a gateway that gave up may have.
    if status.is_client_error() {
        error.surely_not_sent()
    } else {
        error
    }
}
