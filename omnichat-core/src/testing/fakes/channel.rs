//! A channel without a platform: it does what it was told to and remembers what it was asked.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use serde_json::json;
use tokio::sync::{oneshot, watch};

use crate::channel::{
    AccountConfig, AccountInfo, Action, ButtonLimits, Capabilities, Channel, ChannelKind, Descriptor,
    Inbound, MediaLimit, Outbound, PollBatch, Receipt, Verdict, WebhookReply, WebhookRequest,
};
use crate::error::{Error, ErrorKind, Result};
use crate::messages::AttachmentKind;
use crate::settings::Kind;
use crate::store::blob::ByteStream;

/// How the fake answers one call.
#[derive(Debug)]
pub enum Reply {
    /// The platform took it.
    Taken(Receipt),
    /// It fails with this.
    Fails(Error),
    /// It answers with what it is told, when it is told.
    Waits(oneshot::Receiver<Result<Receipt>>),
    /// It never answers.
    Hangs,
    /// It panics.
    Panics,
}

/// A channel without a platform. Without a script every message is taken, under the ids `out-1`, `out-2`, …
pub struct FakeChannel {
    capabilities: Capabilities,
    state: Mutex<State>,
    calls: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    sends: VecDeque<Reply>,
    actions: VecDeque<Reply>,
    polls: VecDeque<Result<PollBatch>>,
    parses: VecDeque<Error>,
    checks: VecDeque<Result<AccountInfo>>,
    files: BTreeMap<String, Bytes>,
    no_files: Option<ErrorKind>,
    endless: BTreeSet<String>,
    fetched: Vec<String>,
    sent: Vec<Outbound>,
    performed: Vec<Action>,
    polled: Vec<Option<String>>,
    taken: u64,
}

impl std::fmt::Debug for FakeChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeChannel")
            .field("calls", &*self.calls.borrow())
            .finish_non_exhaustive()
    }
}

impl Default for FakeChannel {
    fn default() -> Self {
        Self::new(Self::everything())
    }
}

impl FakeChannel {
    /// The name of the kind.
    pub const KIND: &'static str = "fake";

    /// The header that a webhook must carry, with [`FakeChannel::SECRET`] as its value.
    pub const HEADER: &'static str = "x-fake-secret";

    /// The value of [`FakeChannel::HEADER`].
    pub const SECRET: &'static str = "open sesame";

    /// A channel that can do this much.
    pub fn new(capabilities: Capabilities) -> Self {
        Self {
            capabilities,
            state: Mutex::default(),
            calls: watch::Sender::new(0),
        }
    }

    /// Capabilities of a platform that can do everything, except sending the same message twice without harm.
    pub fn everything() -> Capabilities {
        use AttachmentKind as K;
        let kinds = [
            K::Image,
            K::Video,
            K::Audio,
            K::Voice,
            K::Document,
            K::Animation,
            K::Sticker,
            K::VideoNote,
        ];
        Capabilities {
            text_max: 4_096,
            caption_max: 1_024,
            rich_text: true,
            media: kinds
                .map(|kind| MediaLimit {
                    kind,
                    max_bytes: 10_000_000,
                })
                .to_vec(),
            attachments_max: 10,
            buttons: Some(ButtonLimits {
                max_rows: 10,
                max_per_row: 8,
                data_max_bytes: 64,
            }),
            location: true,
            contact: true,
            reply: true,
            edit: true,
            delete: true,
            delete_window_hours: None,
            typing_out: true,
            typing_in: true,
            read_marks: true,
            delivery_receipts: true,
            window_hours: None,
            idempotent_send: false,
            polling: true,
            webhook: true,
            webhook_registration: true,
            local: false,
            strict: false,
            simulate: false,
        }
    }

    /// A webhook that the fake accepts and parses into these events.
    pub fn webhook(events: &[Inbound]) -> WebhookRequest {
        let body = serde_json::to_vec(events).expect("events can be written as JSON");
        WebhookRequest::post(body).with_header(Self::HEADER, Self::SECRET)
    }

    /// The next message that has no reply yet gets this one.
    pub fn will_send(&self, reply: Reply) -> &Self {
        self.state().sends.push_back(reply);
        self
    }

    /// The next action that has no reply yet gets this one.
    pub fn will_perform(&self, reply: Reply) -> &Self {
        self.state().actions.push_back(reply);
        self
    }

    /// The next poll that has no answer yet gets this one. A poll without an answer brings nothing.
    pub fn will_poll(&self, answer: Result<PollBatch>) -> &Self {
        self.state().polls.push_back(answer);
        self
    }

    /// The next webhook that could be understood is not, for this reason.
    pub fn will_not_parse(&self, error: Error) -> &Self {
        self.state().parses.push_back(error);
        self
    }

    /// The next check that has no answer yet gets this one. A check without an answer succeeds.
    pub fn will_check(&self, answer: Result<AccountInfo>) -> &Self {
        self.state().checks.push_back(answer);
        self
    }

    /// The platform has a file under this handle.
    pub fn has_file(&self, remote: &str, bytes: impl Into<Bytes>) -> &Self {
        self.state().files.insert(remote.to_owned(), bytes.into());
        self
    }

    /// The platform has a file under this handle that begins to come and never ends.
    pub fn has_endless_file(&self, remote: &str) -> &Self {
        self.state().endless.insert(remote.to_owned());
        self
    }

    /// Whatever file is asked for, this is the answer, until it is `None`.
    pub fn gives_no_files(&self, error: Option<ErrorKind>) -> &Self {
        self.state().no_files = error;
        self
    }

    /// The handle of every file that was asked for, in order, whatever became of it.
    pub fn fetched(&self) -> Vec<String> {
        self.state().fetched.clone()
    }

    /// Every message that was to be sent, in order, whatever became of it.
    pub fn sent(&self) -> Vec<Outbound> {
        self.state().sent.clone()
    }

    /// The texts of [`FakeChannel::sent`].
    pub fn sent_texts(&self) -> Vec<String> {
        self.state()
            .sent
            .iter()
            .map(|message| message.text.clone())
            .collect()
    }

    /// Every action that was asked for, in order, whatever became of it.
    pub fn performed(&self) -> Vec<Action> {
        self.state().performed.clone()
    }

    /// The cursor of every poll, in order.
    pub fn polled(&self) -> Vec<Option<String>> {
        self.state().polled.clone()
    }

    /// Returns when so many messages, actions, polls and downloads in all have been begun since the channel was made.
    pub async fn called(&self, times: u64) {
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.calls.subscribe().wait_for(|calls| *calls >= times).await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn can(&self, action: &Action) -> bool {
        let can = &self.capabilities;
        match action {
            Action::Edit { .. } => can.edit,
            Action::Delete { .. } => can.delete,
            Action::Typing { .. } => can.typing_out,
            Action::MarkRead { .. } => can.read_marks,
            Action::AcknowledgeButton { .. } => can.buttons.is_some(),
            Action::RegisterWebhook { .. } | Action::RemoveWebhook => can.webhook_registration,
        }
    }

    fn count_call(&self) {
        self.calls.send_modify(|calls| *calls += 1);
    }

    async fn follow(&self, reply: Option<Reply>) -> Result<Receipt> {
        match reply {
            None => {
                let mut state = self.state();
                state.taken += 1;
                Ok(Receipt {
                    external_ids: vec![format!("out-{}", state.taken)],
                    at: None,
                    new_chat: None,
                })
            }
            Some(Reply::Taken(receipt)) => Ok(receipt),
            Some(Reply::Fails(error)) => Err(error),
            Some(Reply::Waits(told)) => match told.await {
                Ok(answer) => answer,
                // Whoever could have told it is gone.
                Err(_) => std::future::pending().await,
            },
            Some(Reply::Hangs) => std::future::pending().await,
            Some(Reply::Panics) => panic!("the fake channel was told to panic"),
        }
    }
}

#[async_trait]
impl Channel for FakeChannel {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn accept(&self, request: &WebhookRequest) -> Result<Verdict> {
        match request.header(Self::HEADER) {
            Some(Self::SECRET) => Ok(Verdict::Process(WebhookReply::ok())),
            _ => Err(Error::new(
                ErrorKind::Unauthenticated,
                "the secret of the webhook is wrong",
            )),
        }
    }

    async fn parse(&self, request: &WebhookRequest) -> Result<Vec<Inbound>> {
        if let Some(error) = self.state().parses.pop_front() {
            return Err(error);
        }
        serde_json::from_slice(&request.body)
            .map_err(|e| Error::new(ErrorKind::Malformed, "not a list of events").caused_by(e))
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<PollBatch> {
        let answer = {
            let mut state = self.state();
            state.polled.push(cursor.map(str::to_owned));
            state.polls.pop_front()
        };
        self.count_call();
        answer.unwrap_or_else(|| {
            Ok(PollBatch {
                cursor: cursor.map(str::to_owned),
                ..PollBatch::default()
            })
        })
    }

    async fn check(&self) -> Result<AccountInfo> {
        let answer = self.state().checks.pop_front();
        answer.unwrap_or_else(|| {
            Ok(AccountInfo {
                id: "1".to_owned(),
                name: "Fake".to_owned(),
                url: None,
            })
        })
    }

    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        if !self.capabilities.sends_text() && !message.text.is_empty() {
            return Err(
                Error::new(ErrorKind::Rejected, "the fake channel carries no text").surely_not_sent(),
            );
        }
        let reply = {
            let mut state = self.state();
            state.sent.push(message.clone());
            state.sends.pop_front()
        };
        self.count_call();
        self.follow(reply).await
    }

    async fn perform(&self, action: &Action) -> Result<()> {
        if !self.can(action) {
            let message = format!("the fake channel does not support {}", action.name());
            return Err(Error::new(ErrorKind::Rejected, message).surely_not_sent());
        }
        let reply = {
            let mut state = self.state();
            state.performed.push(action.clone());
            state.actions.pop_front()
        };
        self.count_call();
        match reply {
            None => Ok(()),
            reply => self.follow(reply).await.map(|_| ()),
        }
    }

    async fn fetch(&self, remote: &str) -> Result<ByteStream> {
        let (no_files, is_endless) = {
            let mut state = self.state();
            state.fetched.push(remote.to_owned());
            (state.no_files, state.endless.contains(remote))
        };
        self.count_call();
        if let Some(kind) = no_files {
            return Err(Error::new(kind, "the fake channel gives no files"));
        }
        if is_endless {
            return Ok(stream::once(async { Ok(Bytes::from_static(b"a")) })
                .chain(stream::pending())
                .boxed());
        }
        let bytes = self
            .state()
            .files
            .get(remote)
            .cloned()
            .ok_or_else(|| Error::not_found("file"))?;
        // Two pieces, so that readers must cope with more than one.
        let middle = bytes.len() / 2;
        Ok(stream::iter([Ok(bytes.slice(..middle)), Ok(bytes.slice(middle..))]).boxed())
    }
}

/// The kind of [`FakeChannel`]: every account that is opened is the same channel.
pub struct FakeKind {
    descriptor: Descriptor,
    channel: Arc<FakeChannel>,
    opened: Mutex<Vec<AccountConfig>>,
}

impl std::fmt::Debug for FakeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeKind")
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl Default for FakeKind {
    fn default() -> Self {
        Self::new(Arc::default())
    }
}

impl FakeKind {
    /// A kind whose accounts are all this channel.
    pub fn new(channel: Arc<FakeChannel>) -> Self {
        let descriptor = Descriptor {
            kind: FakeChannel::KIND.to_owned(),
            version: "1".to_owned(),
            title: "Fake".to_owned(),
            summary: "A channel without a platform, for tests.".to_owned(),
            config_schema: json!({
                "type": "object",
                "properties": { "token": { "type": "string", "title": "Token", "x-secret": true } },
            }),
            capabilities: channel.capabilities.clone(),
            app: None,
            docs: "Nothing needs to be set up.".to_owned(),
        };
        Self {
            descriptor,
            channel,
            opened: Mutex::default(),
        }
    }

    /// The channel.
    pub fn channel(&self) -> Arc<FakeChannel> {
        self.channel.clone()
    }

    /// What accounts were opened with, in order.
    pub fn opened(&self) -> Vec<AccountConfig> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Kind for FakeKind {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
}

impl ChannelKind for FakeKind {
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>> {
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(account);
        Ok(self.channel.clone())
    }
}
