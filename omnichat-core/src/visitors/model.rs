//! Who a visitor is, and what is theirs.

use crate::chats::Chat;
use crate::conversations::Conversation;
use crate::error::{Error, Result};
use crate::files::File;
use crate::id::{InboxId, TenantId};
use crate::inboxes::Inbox;
use crate::messages::Message;

/// Somebody at one chat of one inbox, who asks for what is said there. Whoever makes one has checked that it is them (by a
/// signed token, say), as with an [`Actor`](crate::actor::Actor).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Visitor {
    tenant: TenantId,
    inbox: InboxId,
    chat: String,
}

impl Visitor {
    /// The visitor at a chat of an inbox. Nothing need have been said there.
    ///
    /// # Errors
    /// `NotFound` for an inbox that is switched off: it has no visitors.
    pub fn at(inbox: &Inbox, chat: impl Into<String>) -> Result<Self> {
        if !inbox.enabled {
            return Err(Error::not_found("inbox"));
        }
        Ok(Self {
            tenant: inbox.tenant,
            inbox: inbox.id,
            chat: chat.into(),
        })
    }

    /// The visitor at a chat that is known.
    pub(super) fn of_chat(chat: Chat) -> Self {
        Self {
            tenant: chat.tenant,
            inbox: chat.inbox,
            chat: chat.external_id,
        }
    }

    /// The visitor whose conversation it is.
    pub(super) fn of_conversation(conversation: &Conversation) -> Self {
        Self {
            tenant: conversation.tenant,
            inbox: conversation.inbox,
            chat: conversation.chat.clone(),
        }
    }

    /// The visitor at whose chat a message stands.
    pub(super) fn of_message(message: &Message) -> Self {
        Self {
            tenant: message.tenant,
            inbox: message.inbox,
            chat: message.chat.clone(),
        }
    }

    /// The tenant whose inbox it is.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The inbox.
    pub const fn inbox(&self) -> InboxId {
        self.inbox
    }

    /// The channel's id of the chat.
    pub fn chat(&self) -> &str {
        &self.chat
    }

    /// What tells this visitor apart from others of the tenant as an uploader, see [`File::uploader`].
    pub fn uploader(&self) -> String {
        format!("{}:{}", self.inbox, self.chat)
    }

    /// Whether a conversation is held at their chat.
    pub fn owns(&self, conversation: &Conversation) -> bool {
        conversation.tenant == self.tenant
            && conversation.inbox == self.inbox
            && conversation.chat == self.chat
    }

    /// Whether a message stands at their chat, whatever it says. A chat that went over into another keeps the messages that were
    /// written before.
    pub fn wrote_at(&self, message: &Message) -> bool {
        message.tenant == self.tenant && message.inbox == self.inbox && message.chat == self.chat
    }

    /// Whether they may see a message of a conversation: it is theirs, and [meant for customers](Message::is_for_customers).
    pub fn may_see(&self, conversation: &Conversation, message: &Message) -> bool {
        message.conversation == conversation.id
            && message.tenant == self.tenant
            && (self.owns(conversation) || self.wrote_at(message))
            && message.is_for_customers()
    }

    /// Whether they uploaded a file.
    pub fn uploaded(&self, file: &File) -> bool {
        file.tenant == self.tenant && file.uploaded_by == File::uploader(&self.uploader())
    }
}
