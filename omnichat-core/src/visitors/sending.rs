//! What goes with a message that a visitor writes.

use super::model::Visitor;
use super::service::VisitorService;
use super::shown::ShownMessage;
use crate::channel::InboundMessage;
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::files::File;
use crate::id::{FileId, MessageId};
use crate::messages::{ButtonAction, Direction, Message};

impl VisitorService {
    /// The message that came with the same id before.
    ///
    /// # Errors
    /// `Duplicate` if another message came with it.
    pub async fn sent_before(
        &self,
        visitor: &Visitor,
        again: &InboundMessage,
    ) -> Result<Option<ShownMessage>> {
        let found = self
            .store(visitor)
            .find_message_by_external_id(visitor.inbox(), visitor.chat(), &again.external_id)
            .await?;
        match found {
            Some(message) if message.client_digest == again.client_digest() => {
                self.own(visitor, &message, false).await.map(Some)
            }
            Some(_) => Err(Error::new(
                ErrorKind::Duplicate,
                "this client key was used for another message",
            )),
            None => Ok(None),
        }
    }

    /// A message of the visitor that was stored just now.
    ///
    /// # Errors
    /// `NotFound` for one that is not theirs; `Internal` if it is not there.
    pub async fn just_sent(&self, visitor: &Visitor, id: MessageId) -> Result<ShownMessage> {
        let message = self.store(visitor).find_message(id).await?;
        let message = message.ok_or_else(|| Error::internal("a message that was stored is not there"))?;
        self.own(visitor, &message, true).await
    }

    async fn own(&self, visitor: &Visitor, message: &Message, new: bool) -> Result<ShownMessage> {
        let shown = self.message(visitor, message, None, new).await?;
        shown.ok_or_else(|| Error::not_found("message"))
    }

    /// A file that the visitor uploaded.
    ///
    /// # Errors
    /// `NotFound` for any other.
    pub async fn own_file(&self, visitor: &Visitor, id: FileId) -> Result<File> {
        let found = self.store(visitor).find_file(id).await?;
        found
            .filter(|file| visitor.uploaded(file))
            .ok_or_else(|| Error::not_found("file"))
    }

    /// The label of a button that the visitor was really shown: under this message, with this data.
    ///
    /// # Errors
    /// `NotFound` for any other.
    pub async fn button(&self, visitor: &Visitor, message: MessageId, data: &str) -> Result<String> {
        let found = self.store(visitor).find_message(message).await?;
        let message =
            found.filter(|message| visitor.wrote_at(message) && message.direction == Direction::Out);
        let buttons = message.map(|message| message.content.buttons).unwrap_or_default();
        let pressed = buttons
            .into_iter()
            .flatten()
            .find(|button| matches!(&button.action, ButtonAction::Reply { data: known } if known == data));
        pressed
            .map(|button| button.text)
            .ok_or_else(|| Error::not_found("button"))
    }

    /// Up to when the visitor has read who has read everything there is; none without a current conversation.
    pub async fn everything_read(&self, visitor: &Visitor) -> Result<Option<Timestamp>> {
        let current = self
            .store(visitor)
            .find_current_conversation(visitor.inbox(), visitor.chat())
            .await?;
        Ok(current.map(|conversation| {
            // Some places are a little ahead of the clock, since no two messages share one.
            let last = conversation.last_message.map_or(0, |last| last.position);
            Timestamp::from_micros(self.ports.now().micros().max(last))
        }))
    }
}
