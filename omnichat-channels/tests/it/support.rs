//! A platform that answers what it is told to and remembers what it was asked; and messages to send.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use omnichat_channels::{Options, register_all};
use omnichat_core::channel::{AccountConfig, Channel, ChannelRegistry, FileSource, Outbound, OutboundFile};
use omnichat_core::clock::{Clock, ManualClock};
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{InboxId, MessageId};
use omnichat_core::messages::AttachmentKind;
use omnichat_core::store::blob::ByteStream;
use omnichat_net::egress::Egress;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A made-up bot token.
pub(crate) const TOKEN: &str = "700001:made-up-token";

/// A file of a form: field, file name, type, content.
pub(crate) type FormFile = (String, String, String, Vec<u8>);

/// One request, as far as tests look at it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The last part of the path.
    pub(crate) method: String,
    /// The JSON body, or the text fields of a form.
    pub(crate) params: Value,
    /// The files of a form.
    pub(crate) files: Vec<FormFile>,
}

/// A server that gives the answers it was told, in order, and then `{"ok":true,"result":true}` for ever.
pub(crate) struct Platform {
    pub(crate) server: MockServer,
    answers: Arc<Mutex<VecDeque<ResponseTemplate>>>,
}

struct Script(Arc<Mutex<VecDeque<ResponseTemplate>>>);

impl Respond for Script {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        self.0
            .lock()
            .unwrap()
            .pop_front()
            .unwrap_or_else(|| ok(json!(true)))
    }
}

impl Platform {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start().await;
        let answers = Arc::new(Mutex::new(VecDeque::new()));
        Mock::given(any())
            .respond_with(Script(Arc::clone(&answers)))
            .mount(&server)
            .await;
        Self { server, answers }
    }

    pub(crate) fn will_answer(&self, answer: ResponseTemplate) -> &Self {
        self.answers.lock().unwrap().push_back(answer);
        self
    }

    /// Every request so far.
    pub(crate) async fn calls(&self) -> Vec<Call> {
        self.server
            .received_requests()
            .await
            .unwrap()
            .iter()
            .map(call)
            .collect()
    }

    /// The names of the methods called so far.
    pub(crate) async fn methods(&self) -> Vec<String> {
        self.calls().await.into_iter().map(|call| call.method).collect()
    }

    pub(crate) fn telegram(&self, more: Value) -> Arc<dyn Channel> {
        let mut config = json!({ "token": TOKEN, "base_url": self.server.uri() });
        config
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        open("telegram", config)
    }
}

fn call(request: &Request) -> Call {
    let method = request
        .url
        .path_segments()
        .and_then(|mut parts| parts.next_back())
        .unwrap_or_default()
        .to_owned();
    let content_type = request
        .headers
        .get("content-type")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    match content_type.split_once("boundary=") {
        Some((_, boundary)) => {
            let (params, files) = form(&request.body, boundary);
            Call {
                method,
                params,
                files,
            }
        }
        None => Call {
            method,
            params: serde_json::from_slice(&request.body).unwrap_or_default(),
            files: Vec::new(),
        },
    }
}

/// Reads a form; fields that hold JSON are given as such.
fn form(body: &[u8], boundary: &str) -> (Value, Vec<FormFile>) {
    let (mut params, mut files) = (json!({}), Vec::new());
    for part in split(body, format!("--{boundary}").as_bytes()) {
        let Some(end) = part.windows(4).position(|w| w == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&part[..end]).into_owned();
        let content = part[end + 4..].strip_suffix(b"\r\n").unwrap_or_default().to_vec();
        let quoted = |name: &str| {
            let rest = head.split_once(&format!(" {name}=\""))?.1;
            Some(rest.split('"').next().unwrap_or_default().to_owned())
        };
        let name = quoted("name").unwrap();
        match quoted("filename") {
            Some(file) => {
                let line = head
                    .lines()
                    .find(|line| line.to_lowercase().starts_with("content-type:"));
                let content_type = line
                    .and_then(|line| line.split_once(": "))
                    .unwrap_or_default()
                    .1
                    .to_owned();
                files.push((name, file, content_type, content));
            }
            None => {
                let text = String::from_utf8(content).unwrap();
                params[name] = serde_json::from_str(&text).unwrap_or(Value::String(text));
            }
        }
    }
    (params, files)
}

fn split<'a>(body: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.windows(separator.len()).position(|w| w == separator) {
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts
}

/// Telegram's answer to a call that worked.
pub(crate) fn ok(result: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "ok": true, "result": result }))
}

/// Telegram's answer to a message that it took.
pub(crate) fn sent(id: i64, more: Value) -> ResponseTemplate {
    ok(message(id, more))
}

/// A message as Telegram answers it.
pub(crate) fn message(id: i64, more: Value) -> Value {
    let mut message = json!({ "message_id": id, "date": 1_790_000_000, "chat": { "id": 5_512_340_001_i64, "type": "private" } });
    message
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    message
}

/// Telegram's refusal.
pub(crate) fn refusal(code: u16, description: &str, parameters: Value) -> ResponseTemplate {
    ResponseTemplate::new(code).set_body_json(
        json!({ "ok": false, "error_code": code, "description": description, "parameters": parameters }),
    )
}

/// Every kind of channel, with leave to call this machine.
pub(crate) fn registry() -> ChannelRegistry {
    registry_with(Egress::anywhere(), Arc::new(ManualClock::default()))
}

pub(crate) fn registry_with(egress: Egress, clock: Arc<dyn Clock>) -> ChannelRegistry {
    let registry = ChannelRegistry::new();
    register_all(&registry, &Options { egress, clock });
    registry
}

pub(crate) fn open(kind: &str, config: Value) -> Arc<dyn Channel> {
    registry().get(kind).unwrap().open(account(config)).unwrap()
}

pub(crate) fn account(config: Value) -> AccountConfig {
    AccountConfig {
        inbox: inbox(),
        config,
        proxy_url: None,
    }
}

/// Always the same inbox.
pub(crate) fn inbox() -> InboxId {
    "inb_0192f0c1000070008000000000000001".parse().unwrap()
}

/// A message with nothing in it, to the customer of the recordings.
pub(crate) fn outbound() -> Outbound {
    Outbound {
        id: "msg_0192f0c1000070008000000000000002"
            .parse::<MessageId>()
            .unwrap(),
        chat: "5512340001".to_owned(),
        route: BTreeMap::new(),
        author_name: "Front desk".to_owned(),
        text: String::new(),
        spans: Vec::new(),
        files: Vec::new(),
        buttons: Vec::new(),
        part: None,
        reply_to: None,
    }
}

pub(crate) fn text(text: &str) -> Outbound {
    Outbound {
        text: text.to_owned(),
        ..outbound()
    }
}

pub(crate) fn with_files(files: Vec<OutboundFile>) -> Outbound {
    Outbound { files, ..outbound() }
}

/// A file whose bytes are its name.
pub(crate) fn file(kind: AttachmentKind, name: &str, content_type: &str) -> OutboundFile {
    OutboundFile {
        kind,
        name: name.to_owned(),
        content_type: content_type.to_owned(),
        size: name.len() as u64,
        digest: format!("digest of {name}"),
        source: Arc::new(InMemory(Bytes::from(name.to_owned()))),
    }
}

struct InMemory(Bytes);

#[async_trait]
impl FileSource for InMemory {
    async fn open(&self) -> Result<ByteStream> {
        // In two chunks, as storage gives it.
        let middle = self.0.len() / 2;
        let chunks = vec![Ok(self.0.slice(..middle)), Ok(self.0.slice(middle..))];
        Ok(futures::stream::iter(chunks).boxed())
    }
}

/// A file that our own storage has lost.
pub(crate) struct Lost;

#[async_trait]
impl FileSource for Lost {
    async fn open(&self) -> Result<ByteStream> {
        Err(Error::not_found("file"))
    }
}

pub(crate) async fn read(mut stream: ByteStream) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk?);
    }
    Ok(bytes)
}
