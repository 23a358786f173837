//! Reading messages. Taking new ones is in `sending`, changing sent ones in `changing`.

use std::sync::Arc;

use super::model::{Message, Revision};
use crate::actor::Actor;
use crate::channel::Capabilities;
use crate::conversations::{Conversation, Turn};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ConversationId, MessageId};
use crate::page::{Page, PageRequest};
use crate::ports::Ports;

/// Reads and writes messages for an actor.
#[derive(Clone, Debug)]
pub struct MessageService {
    pub(super) ports: Arc<Ports>,
}

impl MessageService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// A page of a conversation's messages, newest first.
    pub async fn list(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        page: PageRequest,
    ) -> Result<Page<Message>> {
        self.conversation(actor, conversation).await?;
        self.ports
            .tenant(actor.tenant)
            .list_messages(conversation, &page)
            .await
    }

    /// A message that the actor may see.
    pub async fn get(&self, actor: &Actor, id: MessageId) -> Result<Message> {
        self.with_conversation(actor, id)
            .await
            .map(|(message, _)| message)
    }

    /// Earlier texts of a message, oldest first.
    pub async fn revisions(&self, actor: &Actor, id: MessageId) -> Result<Vec<Revision>> {
        self.get(actor, id).await?;
        self.ports.tenant(actor.tenant).list_revisions(id).await
    }

    pub(super) async fn conversation(&self, actor: &Actor, id: ConversationId) -> Result<Conversation> {
        let found = self.ports.tenant(actor.tenant).find_conversation(id).await?;
        found
            .filter(|c| c.visible_to(actor))
            .ok_or_else(|| Error::not_found("conversation"))
    }

    /// A conversation that the actor may see, as the writers before left it.
    pub(super) async fn conversation_in(
        &self,
        turn: &mut Turn,
        actor: &Actor,
        id: ConversationId,
    ) -> Result<Conversation> {
        let store = self.ports.tenant(actor.tenant);
        let found = turn.conversation(&*store, id).await?;
        found
            .filter(|c| c.visible_to(actor))
            .ok_or_else(|| Error::not_found("conversation"))
    }

    pub(super) async fn with_conversation(
        &self,
        actor: &Actor,
        id: MessageId,
    ) -> Result<(Message, Conversation)> {
        let found = self.ports.tenant(actor.tenant).find_message(id).await?;
        let message = found.ok_or_else(|| Error::not_found("message"))?;
        match self.conversation(actor, message.conversation).await {
            Ok(conversation) => Ok((message, conversation)),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::not_found("message")),
            Err(error) => Err(error),
        }
    }

    /// A message that the actor may see, and its conversation as the writers before left it.
    pub(super) async fn in_turn(
        &self,
        turn: &mut Turn,
        actor: &Actor,
        id: MessageId,
    ) -> Result<(Message, Conversation)> {
        let found = self.ports.tenant(actor.tenant).find_message(id).await?;
        let message = found.ok_or_else(|| Error::not_found("message"))?;
        let conversation = self.conversation_in(turn, actor, message.conversation).await?;
        Ok((message, conversation))
    }

    pub(super) async fn capabilities(&self, conversation: &Conversation) -> Result<Capabilities> {
        let account = self.ports.account(conversation.inbox).await;
        let account = account.map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                Error::new(ErrorKind::Rejected, "the inbox of this conversation was removed")
            }
            _ => error,
        })?;
        if !account.inbox.enabled {
            return Err(Error::new(
                ErrorKind::Rejected,
                "the inbox of this conversation is switched off",
            ));
        }
        Ok(account.channel.capabilities().clone())
    }
}
