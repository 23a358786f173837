//! Sends a message: makes the calls that [`super::render`] planned, and mends what Telegram lets one mend at once.
//!
//! Trying again later is the queue's business. Here a call is repeated only if Telegram said that it did nothing: with
//! the chat's new id, without styles that it cannot read, with the file itself where its handle is unknown. The second
//! and later calls of a message also wait out a short limit, since the queue would repeat the first one with them.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lru::LruCache;
use omnichat_core::channel::{Outbound, OutboundFile, Receipt};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::chat_name::ChatName;
use super::client::{Client, Params};
use super::error::Fault;
use super::media::Medium;
use super::render::{self, Files, Step};
use super::update::{FileRef, PhotoSize};

/// How many handles of uploaded files are remembered for an account.
const HANDLES: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();
/// Longest limit that is waited out in the middle of a message.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is waited for one message.
const WAITS: u32 = 3;

/// The platform's handles of files that were sent before, by content, name and medium. Lost with the process, which costs
/// no more than another upload.
pub(super) struct Handles(Mutex<LruCache<HandleKey, String>>);

type HandleKey = (String, String, Medium);

impl Handles {
    pub(super) fn new() -> Self {
        Self(Mutex::new(LruCache::new(HANDLES)))
    }

    fn find(&self, file: &OutboundFile, medium: Medium) -> Option<String> {
        self.with(|handles| handles.get(&key(file, medium)).cloned())
    }

    fn remember(&self, file: &OutboundFile, medium: Medium, handle: String) {
        self.with(|handles| handles.put(key(file, medium), handle));
    }

    fn forget(&self, file: &OutboundFile, medium: Medium) -> bool {
        self.with(|handles| handles.pop(&key(file, medium))).is_some()
    }

    fn with<T>(&self, act: impl FnOnce(&mut LruCache<HandleKey, String>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn key(file: &OutboundFile, medium: Medium) -> HandleKey {
    (file.digest.clone(), file.name.clone(), medium)
}

/// A message as Telegram answers it.
#[derive(Deserialize)]
struct Sent {
    message_id: i64,
    #[serde(default)]
    date: i64,
    photo: Option<Vec<PhotoSize>>,
    video: Option<FileRef>,
    animation: Option<FileRef>,
    audio: Option<FileRef>,
    voice: Option<FileRef>,
    document: Option<FileRef>,
    sticker: Option<FileRef>,
    video_note: Option<FileRef>,
}

impl Sent {
    fn handle(&self, medium: Medium) -> Option<&str> {
        let file = match medium {
            Medium::Photo => {
                let largest = self
                    .photo
                    .as_ref()?
                    .iter()
                    .max_by_key(|size| u64::from(size.width) * u64::from(size.height));
                return largest.map(|size| size.file_id.as_str());
            }
            Medium::Video => &self.video,
            Medium::Animation => &self.animation,
            Medium::Audio => &self.audio,
            Medium::Voice => &self.voice,
            Medium::Document => &self.document,
            Medium::Sticker => &self.sticker,
            Medium::VideoNote => &self.video_note,
        };
        file.as_ref().map(|file| file.file_id.as_str())
    }
}

/// Sends a message. The receipt's first id is that of the text where the text needed a message of its own, so that an
/// edit finds it.
pub(super) async fn send(client: &Client, handles: &Handles, message: &Outbound) -> Result<Receipt> {
    let place = ChatName::read(&message.chat, &message.route)?;
    let steps = render::steps(message, &place)?;
    let mut delivery = Delivery {
        client,
        handles,
        message,
        mended: HashSet::new(),
        new_chat: None,
        waits: 0,
    };
    let mut receipt = Receipt::default();
    for (number, mut step) in steps.into_iter().enumerate() {
        let sent = match delivery.step(&mut step, number > 0).await {
            Ok(sent) => sent,
            Err(error) if number == 0 => return Err(error),
            Err(error) => return Err(partly(error)),
        };
        let dated = sent.iter().find(|sent| sent.date > 0);
        receipt.at = receipt.at.or(dated.map(|sent| Timestamp::from_secs(sent.date)));
        let ids = sent.iter().map(|sent| sent.message_id.to_string());
        let at = if step.names_the_message {
            0
        } else {
            receipt.external_ids.len()
        };
        receipt.external_ids.splice(at..at, ids);
    }
    receipt.new_chat = delivery
        .new_chat
        .map(|chat| ChatName { chat, ..place }.to_string());
    Ok(receipt)
}

/// A message on its way.
struct Delivery<'a> {
    client: &'a Client,
    handles: &'a Handles,
    message: &'a Outbound,
    mended: HashSet<&'static str>,
    new_chat: Option<i64>,
    waits: u32,
}

impl<'a> Delivery<'a> {
    async fn step(&mut self, step: &mut Step, may_wait: bool) -> Result<Vec<Sent>> {
        if let Some(chat) = self.new_chat {
            step.params.insert("chat_id".to_owned(), chat.into());
        }
        loop {
            let fault = match self.attempt(step).await {
                Ok(sent) => return Ok(sent),
                Err(fault) => fault,
            };
            if self.mend(step, &fault) {
                continue;
            }
            match self.pause(&fault).filter(|_| may_wait) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(fault.into()),
            }
        }
    }

    /// Changes the call so that it may work now. Each remedy is tried once a message, but for forgetting handles, which
    /// ends by itself.
    fn mend(&mut self, step: &mut Step, fault: &Fault) -> bool {
        if let Fault::Api(error) = fault
            && let Some(chat) = error.parameters.migrate_to_chat_id
        {
            self.new_chat = Some(chat);
            step.params.insert("chat_id".to_owned(), chat.into());
            return self.mended.insert("migrated");
        }
        if fault.says(&[
            "can't parse entities",
            "can't parse message text",
            "entity_bounds_invalid",
        ]) {
            return step.strip_styles();
        }
        if fault.says(&[
            "photo_invalid_dimensions",
            "image_process_failed",
            "photo_ext_invalid",
            "photo_save_file_invalid",
        ]) {
            return step.photo_as_document();
        }
        if fault.says(&[
            "wrong file identifier",
            "wrong remote file identifier",
            "file_reference",
            "wrong file_id",
        ]) {
            let message = self.message;
            let known = slots(step)
                .into_iter()
                .filter(|(i, m)| message.files.get(*i).is_some_and(|f| self.handles.forget(f, *m)));
            return known.count() > 0;
        }
        false
    }

    /// How long to wait before the same call, if waiting is worth it.
    fn pause(&mut self, fault: &Fault) -> Option<Duration> {
        let Fault::Api(error) = fault else { return None };
        let pause = error.pause();
        if error.error_code != 429 || pause > PATIENCE || self.waits >= WAITS {
            return None;
        }
        self.waits += 1;
        Some(pause)
    }

    async fn attempt(&self, step: &Step) -> Result<Vec<Sent>, Fault> {
        let mut params = step.params.clone();
        let mut uploads: Vec<(String, &OutboundFile)> = Vec::new();
        let sent: Vec<Sent> = match &step.files {
            Files::None => vec![self.call(step.method, &params, &uploads).await?],
            Files::One(index, medium) => {
                let file = self.file(*index)?;
                match self.handles.find(file, *medium) {
                    Some(handle) => {
                        params.insert(medium.field().to_owned(), handle.into());
                    }
                    None => uploads.push((medium.field().to_owned(), file)),
                }
                vec![self.call(step.method, &params, &uploads).await?]
            }
            Files::Album(entries) => {
                let mut media = Vec::with_capacity(entries.len());
                for (index, medium, entry) in entries {
                    let file = self.file(*index)?;
                    let value = self.handles.find(file, *medium).unwrap_or_else(|| {
                        let part = format!("file{index}");
                        let value = format!("attach://{part}");
                        uploads.push((part, file));
                        value
                    });
                    let mut entry = entry.clone();
                    entry.insert("type".to_owned(), medium.field().into());
                    entry.insert("media".to_owned(), value.into());
                    media.push(Value::Object(entry));
                }
                params.insert("media".to_owned(), media.into());
                self.call(step.method, &params, &uploads).await?
            }
        };
        for ((index, medium), sent) in slots(step).into_iter().zip(&sent) {
            if let (Some(file), Some(handle)) = (self.message.files.get(index), sent.handle(medium)) {
                self.handles.remember(file, medium, handle.to_owned());
            }
        }
        Ok(sent)
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        params: &Params,
        uploads: &[(String, &OutboundFile)],
    ) -> Result<T, Fault> {
        if uploads.is_empty() {
            self.client.call(method, params).await
        } else {
            self.client.upload(method, params, uploads).await
        }
    }

    fn file(&self, index: usize) -> Result<&'a OutboundFile> {
        self.message
            .files
            .get(index)
            .ok_or_else(|| Error::internal("a planned file is not there"))
    }
}

/// The files of a call, in the order of the messages that come of it.
fn slots(step: &Step) -> Vec<(usize, Medium)> {
    match &step.files {
        Files::None => Vec::new(),
        Files::One(index, medium) => vec![(*index, *medium)],
        Files::Album(entries) => entries
            .iter()
            .map(|(index, medium, _)| (*index, *medium))
            .collect(),
    }
}

/// The first call worked and a later one did not. To try the whole again would double the first part.
fn partly(error: Error) -> Error {
    let message = format!(
        "only a part of the message arrived, the rest did not: {}",
        error.message()
    );
    Error::new(ErrorKind::Rejected, message).caused_by(error)
}
