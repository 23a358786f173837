//! Outgoing HTTP for guests: the allow-list, then the guard on addresses, then the secrets, and counts and sizes around all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use omnichat_core::channel::OutboundFile;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::store::blob::ByteStream;
use omnichat_net::http::{Outgoing, body, read_whole, transport};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::multipart::{Form, Part as FormPart};
use reqwest::{Method, RequestBuilder, Response};
use tracing::Instrument;
use url::Url;

use super::request::{Answer, Body, Content, Part, Request};
use super::{CallScope, Services, reaches_all};
use crate::account::Account;
use crate::limits::Limits;
use crate::outcome::PluginError;
use crate::rehearsal::Stage;
use crate::secrets::{Style, defuse};

/// How many redirects a download follows.
const HOPS: usize = 3;
/// Headers that belong to the connection, or that only the host may set.
const RESERVED: &[&str] = &[
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "proxy-authorization",
    "proxy-connection",
    "proxy-authenticate",
];

/// What a call has sent. Kept beside the store, so that it is known when the store is gone.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    asked: AtomicU32,
    begun: AtomicU32,
    received: AtomicU64,
}

impl Traffic {
    /// Requests that may have reached somebody.
    pub(crate) fn begun(&self) -> u32 {
        self.begun.load(Ordering::SeqCst)
    }

    /// Bytes of their answers.
    pub(crate) fn received(&self) -> u64 {
        self.received.load(Ordering::SeqCst)
    }
}

/// The id under which a guest names the n-th file of the message that is being sent.
pub(crate) fn blob_id(index: usize) -> String {
    format!("file-{index}")
}

pub(crate) struct HttpFactor {
    account: Arc<Account>,
    limits: Arc<Limits>,
    time: Duration,
    allowed: bool,
    files: BTreeMap<String, OutboundFile>,
    traffic: Arc<Traffic>,
    /// Takes the network's place.
    stage: Option<Arc<dyn Stage>>,
}

/// A request that may be made: its address has been judged and its secrets are filled in.
struct Judged<'a> {
    outgoing: &'a Outgoing,
    method: Method,
    url: Url,
    headers: HeaderMap,
}

/// The same, with its body.
struct Ready {
    request: RequestBuilder,
    timeout: Duration,
}

impl HttpFactor {
    pub(crate) fn new(services: &Services, scope: &CallScope) -> Self {
        let files = scope.files.iter().cloned().enumerate();
        Self {
            account: scope.account.clone(),
            limits: services.limits.clone(),
            time: services.limits.http_time_of(scope.export),
            allowed: reaches_all(scope.export),
            files: files.map(|(index, file)| (blob_id(index), file)).collect(),
            traffic: scope.traffic.clone(),
            stage: services.stage.clone(),
        }
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn send(&self, request: Request) -> Result<Answer, PluginError> {
        let span = tracing::debug_span!(
            "plugin.http",
            method = request.method,
            host = Url::parse(&blanked(&request.url))
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned)),
            status = tracing::field::Empty,
            bytes = tracing::field::Empty,
        );
        let answer = self.exchange(request).instrument(span.clone()).await?;
        span.record("status", answer.status)
            .record("bytes", answer.body.len());
        Ok(answer)
    }

    async fn exchange(&self, request: Request) -> Result<Answer, PluginError> {
        match &self.stage {
            Some(stage) if stage.is_watching() => {
                let answer = self.answer(request.clone(), None).await;
                stage.watch(&request, &answer);
                answer
            }
            stage => self.answer(request, stage.as_ref()).await,
        }
    }

    /// The answer of the network, or of what takes its place.
    async fn answer(&self, request: Request, stage: Option<&Arc<dyn Stage>>) -> Result<Answer, PluginError> {
        let timeout = request.timeout.unwrap_or(self.time).min(self.time);
        let answer = match stage {
            None => {
                let ready = self.prepare(request).await?;
                let room = self.room()?;
                in_time(timeout, async {
                    self.ask(ready, room).await.map_err(|error| said(&error))
                })
                .await?
            }
            Some(stage) => {
                self.judge(&request)?;
                self.check_content(&request)?;
                let room = self.room()?;
                self.traffic.begun.fetch_add(1, Ordering::SeqCst);
                let answer = in_time(timeout, stage.exchange(request)).await?;
                if answer.body.len() > room {
                    return Err(said(&too_large(Error::new(ErrorKind::TooLarge, ""), room)));
                }
                answer
            }
        };
        self.traffic
            .received
            .fetch_add(answer.body.len() as u64, Ordering::SeqCst);
        let secrets = &self.account.secrets;
        Ok(Answer {
            status: answer.status,
            headers: answer
                .headers
                .into_iter()
                .map(|(name, value)| (name, secrets.hide_text(value)))
                .collect(),
            body: secrets.hide(answer.body),
        })
    }

    /// How many bytes the next answer may have.
    fn room(&self) -> Result<usize, PluginError> {
        let received = usize::try_from(self.traffic.received.load(Ordering::SeqCst)).unwrap_or(usize::MAX);
        let room = self
            .limits
            .http_total
            .saturating_sub(received)
            .min(self.limits.http_response);
        if room == 0 {
            return Err(PluginError::denied(format!(
                "the answers of one call may have {} bytes together",
                self.limits.http_total
            )));
        }
        Ok(room)
    }

    async fn ask(&self, ready: Ready, room: usize) -> Result<Answer, Error> {
        let response = self.begin(ready).await?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: text_headers(response.headers()),
            body: read_whole(response, room)
                .await
                .map_err(|error| too_large(error, room))?
                .into(),
        })
    }

    /// Sends a request whose answer is a file, and gives the file as it comes. Redirects are followed a few times, each
    /// judged like the first address and without the first request's headers.
    pub(crate) async fn download(&self, request: Request, max: u64) -> Result<ByteStream, Error> {
        let mut request = request;
        for _ in 0..=HOPS {
            let ready = self.prepare(request).await.map_err(PluginError::into_core)?;
            let timeout = ready.timeout;
            let response = tokio::time::timeout(timeout, self.begin(ready))
                .await
                .unwrap_or_else(|_| {
                    Err(Error::new(
                        ErrorKind::Timeout,
                        "the file's server did not answer in time",
                    ))
                })?;
            if !response.status().is_redirection() {
                return body(response, Some(max));
            }
            let target = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            let url = target
                .and_then(|to| response.url().join(to).ok())
                .ok_or_else(|| Error::new(ErrorKind::Rejected, "the file's server redirects to nowhere"))?;
            request = Request {
                method: "GET".to_owned(),
                // What a server says is no placeholder.
                url: defuse(url.as_str()).into_owned(),
                headers: Vec::new(),
                body: Body::None,
                timeout: None,
            };
        }
        Err(Error::new(
            ErrorKind::Rejected,
            "the file's server redirects in circles",
        ))
    }

    async fn begin(&self, ready: Ready) -> Result<Response, Error> {
        self.traffic.begun.fetch_add(1, Ordering::SeqCst);
        let sent = ready.request.send().await.map_err(transport);
        if let Err(error) = &sent
            && error.is_surely_not_sent()
        {
            self.traffic.begun.fetch_sub(1, Ordering::SeqCst);
        }
        sent
    }

    /// What a request asks for, if it may: where it goes, with secrets filled in.
    fn judge(&self, request: &Request) -> Result<Judged<'_>, PluginError> {
        let Some(outgoing) = self.account.outgoing.as_ref().filter(|_| self.allowed) else {
            return Err(PluginError::denied("this call may not use the network"));
        };
        if self.traffic.asked.fetch_add(1, Ordering::SeqCst) >= self.limits.http_requests {
            return Err(PluginError::denied(format!(
                "one call may send {} requests",
                self.limits.http_requests
            )));
        }
        let method = Method::from_bytes(request.method.as_bytes())
            .ok()
            .filter(|method| *method != Method::CONNECT)
            .ok_or_else(|| PluginError::new("invalid", "the request's method is none"))?;
        Ok(Judged {
            outgoing,
            method,
            url: self.address(&request.url)?,
            headers: self.headers(&request.headers)?,
        })
    }

    async fn prepare(&self, request: Request) -> Result<Ready, PluginError> {
        let Judged {
            outgoing,
            method,
            url,
            headers,
        } = self.judge(&request)?;
        let builder = outgoing
            .request(method, url)
            .await
            .map_err(|error| said(&error))?;
        let is_form = matches!(request.body, Body::Form(_));
        let style = body_style(&headers);
        let mut headers = headers;
        if is_form {
            headers.remove(CONTENT_TYPE);
        }
        Ok(Ready {
            request: self
                .with_body(builder.headers(headers), request.body, style)
                .await?,
            timeout: request.timeout.unwrap_or(self.time).min(self.time),
        })
    }

    /// The whole address. Judged twice: before the secrets are filled in, so that none goes astray, and after, so that none
    /// changed where it leads.
    fn address(&self, text: &str) -> Result<Url, PluginError> {
        let wrong = || PluginError::new("invalid", "the request's address is none");
        let blank = blanked(text);
        let before = Url::parse(&blank).map_err(|_| wrong())?;
        if !self.account.allowed.permits(&before) {
            return Err(PluginError::denied(format!(
                "the plugin may not call {}: it is not among the hosts that were granted to it. Its author names it in \
                 requests.hosts, and an administrator approves",
                crate::grants::Origin::of(&before)
                    .map_or_else(|| before.scheme().to_owned(), |origin| origin.to_string())
            )));
        }
        let filled = self.account.secrets.fill_text(text, Style::Percent)?;
        let mut after = Url::parse(&filled).map_err(|_| wrong())?;
        if crate::grants::Origin::of(&after) != crate::grants::Origin::of(&before) {
            return Err(PluginError::denied("a secret may not be part of a host's name"));
        }
        after.set_fragment(None);
        Ok(after)
    }

    fn headers(&self, wanted: &[(String, String)]) -> Result<HeaderMap, PluginError> {
        let mut headers = HeaderMap::with_capacity(wanted.len());
        for (name, value) in wanted {
            let wrong = || {
                PluginError::new(
                    "invalid",
                    format!("the header «{name}» is none, or its value cannot be sent"),
                )
            };
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            if RESERVED.contains(&header.as_str()) {
                return Err(PluginError::denied(format!(
                    "the header «{header}» is set by the host alone"
                )));
            }
            let filled = self.account.secrets.fill_text(value, Style::Plain)?;
            // Refuses line breaks, also those of a secret.
            let mut value = HeaderValue::from_str(&filled).map_err(|_| wrong())?;
            value.set_sensitive(true);
            headers.append(header, value);
        }
        Ok(headers)
    }

    async fn with_body(
        &self,
        request: RequestBuilder,
        body: Body,
        style: Style,
    ) -> Result<RequestBuilder, PluginError> {
        match body {
            Body::None => Ok(request),
            Body::Whole(Content::Bytes(bytes)) => Ok(request.body(self.account.secrets.fill(&bytes, style)?)),
            Body::Whole(Content::Blob(id)) => {
                let file = self.file(&id)?;
                let bytes = file.source.open().await.map_err(|error| unopened(&error))?;
                Ok(request
                    .header(CONTENT_LENGTH, file.size)
                    .body(reqwest::Body::wrap_stream(bytes)))
            }
            Body::Form(parts) => {
                let mut form = Form::new();
                for part in parts {
                    let name = part.name.clone();
                    form = form.part(name, self.form_part(part).await?);
                }
                Ok(request.multipart(form))
            }
        }
    }

    async fn form_part(&self, part: Part) -> Result<FormPart, PluginError> {
        let mut made = match part.content {
            Content::Bytes(bytes) => FormPart::bytes(self.account.secrets.fill(&bytes, Style::Plain)?),
            Content::Blob(id) => {
                let file = self.file(&id)?;
                let bytes = file.source.open().await.map_err(|error| unopened(&error))?;
                FormPart::stream_with_length(reqwest::Body::wrap_stream(bytes), file.size)
            }
        };
        if let Some(name) = part.file_name {
            made = made.file_name(name);
        }
        if let Some(content_type) = part.content_type {
            made = made.mime_str(&content_type).map_err(|_| {
                PluginError::new("invalid", format!("«{content_type}» is no type of content"))
            })?;
        }
        Ok(made)
    }

    /// Whether the secrets in a body can be filled in, without sending it anywhere.
    fn check_content(&self, request: &Request) -> Result<(), PluginError> {
        let parts = match &request.body {
            Body::Form(parts) => parts.iter().map(|part| &part.content).collect(),
            Body::Whole(content) => vec![content],
            Body::None => Vec::new(),
        };
        for content in parts {
            if let Content::Bytes(bytes) = content {
                self.account.secrets.fill(bytes, Style::Plain)?;
            }
        }
        Ok(())
    }

    fn file(&self, id: &str) -> Result<&OutboundFile, PluginError> {
        self.files.get(id).ok_or_else(|| {
            PluginError::new(
                "not-found",
                format!("there is no file «{id}»: ids are those of the message that is being sent"),
            )
        })
    }
}

/// The address with something harmless in place of each placeholder.
fn blanked(text: &str) -> String {
    let mut blank = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{secret:") {
        blank.push_str(before);
        blank.push('x');
        rest = after.split_once("}}").map_or("", |(_, rest)| rest);
    }
    blank.push_str(rest);
    blank
}

fn body_style(headers: &HeaderMap) -> Style {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match content_type.split(';').next().map(str::trim) {
        Some("application/x-www-form-urlencoded") => Style::Percent,
        Some(json) if json == "application/json" || json.ends_with("+json") => Style::Json,
        _ => Style::Plain,
    }
}

fn text_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let texts = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    texts
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn too_large(error: Error, room: usize) -> Error {
    if error.kind() == ErrorKind::TooLarge {
        Error::new(
            ErrorKind::TooLarge,
            format!("the answer is larger than the {room} bytes that a plugin may read"),
        )
    } else {
        error
    }
}

async fn in_time<T>(
    timeout: Duration,
    work: impl Future<Output = Result<T, PluginError>>,
) -> Result<T, PluginError> {
    tokio::time::timeout(timeout, work).await.unwrap_or_else(|_| {
        Err(said(&Error::new(
            ErrorKind::Timeout,
            "the other side did not answer in time",
        )))
    })
}

/// What the network said, to a guest.
fn said(error: &Error) -> PluginError {
    PluginError::from_core(error)
}

fn unopened(error: &Error) -> PluginError {
    PluginError {
        not_sent: true,
        retryable: true,
        ..PluginError::new(
            "unavailable",
            format!("the file cannot be read: {}", error.message()),
        )
    }
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;
