//! A visitor's own conversation, as that visitor sees it.

use std::collections::HashSet;

use super::model::Visitor;
use super::service::VisitorService;
use super::shown::{ShownConversation, ShownMessage, ShownOperator, ShownQuote};
use crate::conversations::Conversation;
use crate::error::{Error, Result};
use crate::id::MessageId;
use crate::messages::{Direction, Message, ReplyTo};
use crate::page::{Cursor, PageRequest};

/// Messages of a page for the visitor.
pub(super) const PAGE: usize = 30;
/// Messages that are read at once; some of them are not for the visitor.
const BATCH: u32 = 60;
/// Batches that are read for one page at most.
const BATCHES: usize = 10;

/// A stretch of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShownPage {
    /// The messages, oldest first. There may be none although there are older ones.
    pub items: Vec<ShownMessage>,
    /// Where what was said before goes on; none at the beginning.
    pub older: Option<Cursor>,
}

/// What a visitor finds when they come.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// The number of an event: what happened up to it is in here, perhaps more. Follow the log after it.
    pub head: u64,
    /// Where the conversation stands; none before the first message.
    pub conversation: Option<ShownConversation>,
    /// The last messages.
    pub messages: ShownPage,
    /// The name under which the visitor is known, unless it was made up here.
    pub name: Option<String>,
}

impl VisitorService {
    /// Everything that a visitor is shown to begin with.
    pub async fn opening(&self, visitor: &Visitor) -> Result<Opening> {
        let store = self.store(visitor);
        // Before the messages are read: what comes in between is then told twice rather than never.
        let head = store.event_head().await?;
        let (conversation, messages) = match self.conversation(visitor).await? {
            Some(conversation) => (
                Some(self.standing(visitor, &conversation).await?),
                self.page_of(visitor, &conversation, None).await?,
            ),
            None => (None, ShownPage::default()),
        };
        let chat = store.find_chat(visitor.inbox(), visitor.chat()).await?;
        let contact = match chat.and_then(|chat| chat.contact) {
            Some(contact) => store.find_contact(contact).await?,
            None => None,
        };
        // A name that begins with # was made up here.
        let name = contact
            .map(|contact| contact.name)
            .filter(|name| !name.starts_with('#'));
        Ok(Opening {
            head,
            conversation,
            messages,
            name,
        })
    }

    /// What was said in the visitor's conversation before a place, or at last; nothing before the first message.
    pub async fn page(&self, visitor: &Visitor, before: Option<Cursor>) -> Result<ShownPage> {
        match self.conversation(visitor).await? {
            Some(conversation) => self.page_of(visitor, &conversation, before).await,
            None => Ok(ShownPage::default()),
        }
    }

    /// Where a conversation of the visitor stands.
    ///
    /// # Errors
    /// `NotFound` for one that is not theirs.
    pub async fn standing(
        &self,
        visitor: &Visitor,
        conversation: &Conversation,
    ) -> Result<ShownConversation> {
        require(visitor, conversation)?;
        let store = self.store(visitor);
        let operator = match conversation.assignee {
            Some(assignee) => store.find_operator(assignee).await?,
            None => None,
        };
        let unread = store.unread_outgoing(conversation.id, i64::MAX).await?;
        Ok(ShownConversation {
            id: conversation.id,
            status: conversation.status.into(),
            operator: operator.map(|operator| ShownOperator {
                name: operator.name,
                avatar: operator.avatar,
            }),
            unread: unread
                .iter()
                .filter(|message| message.deleted_at.is_none())
                .count(),
        })
    }

    /// One message, if the visitor may see it. Its conversation is looked up if it is not at hand. A new message has been read by
    /// nobody as long as anything is unread.
    pub async fn message(
        &self,
        visitor: &Visitor,
        message: &Message,
        conversation: Option<&Conversation>,
        new: bool,
    ) -> Result<Option<ShownMessage>> {
        if message.tenant != visitor.tenant() || !message.is_for_customers() {
            return Ok(None);
        }
        let stored = match conversation {
            Some(_) => None,
            None => {
                let store = self.store(visitor);
                store.find_conversation(message.conversation).await?
            }
        };
        let Some(conversation) = conversation.or(stored.as_ref()) else {
            return Ok(None);
        };
        if !visitor.may_see(conversation, message) {
            return Ok(None);
        }
        let read = match message.direction {
            Direction::In if new => conversation.unread_count == 0,
            Direction::In => !self.unread(visitor, conversation).await?.contains(&message.id),
            _ => false,
        };
        self.show(visitor, message.clone(), read).await.map(Some)
    }

    /// The last `count` messages that the visitor wrote in a conversation, as an operator has read them by now; newest first.
    ///
    /// # Errors
    /// `NotFound` for a conversation that is not theirs.
    pub async fn read_by_now(
        &self,
        visitor: &Visitor,
        conversation: &Conversation,
        count: usize,
    ) -> Result<Vec<ShownMessage>> {
        require(visitor, conversation)?;
        let mut shown = Vec::new();
        for message in self.last_own(visitor, conversation, count).await? {
            shown.push(self.show(visitor, message, true).await?);
        }
        Ok(shown)
    }

    async fn page_of(
        &self,
        visitor: &Visitor,
        conversation: &Conversation,
        before: Option<Cursor>,
    ) -> Result<ShownPage> {
        let store = self.store(visitor);
        let mut seen: Vec<Message> = Vec::with_capacity(PAGE + 1);
        let mut cursor = before;
        for _ in 0..BATCHES {
            let request = PageRequest { limit: BATCH, cursor };
            let page = store.list_messages(conversation.id, &request).await?;
            let items = page.items.into_iter();
            seen.extend(items.filter(|message| visitor.may_see(conversation, message)));
            cursor = page.next;
            if seen.len() > PAGE || cursor.is_none() {
                break;
            }
        }
        let older = if seen.len() > PAGE {
            seen.truncate(PAGE);
            seen.last().map(|last| Cursor {
                sort: last.position,
                id: last.id.uuid(),
            })
        } else {
            // Nothing but what is not shown came for long: go on from there when asked.
            cursor
        };
        let unread = self.unread(visitor, conversation).await?;
        let mut items = Vec::with_capacity(seen.len());
        for message in seen.into_iter().rev() {
            let read = !unread.contains(&message.id);
            items.push(self.show(visitor, message, read).await?);
        }
        Ok(ShownPage { items, older })
    }

    /// Messages of the visitor that no operator has read.
    async fn unread(&self, visitor: &Visitor, conversation: &Conversation) -> Result<HashSet<MessageId>> {
        let count = usize::try_from(conversation.unread_count).unwrap_or(usize::MAX);
        let unread = self.last_own(visitor, conversation, count).await?;
        Ok(unread.into_iter().map(|message| message.id).collect())
    }

    /// The newest messages of the visitor.
    async fn last_own(
        &self,
        visitor: &Visitor,
        conversation: &Conversation,
        count: usize,
    ) -> Result<Vec<Message>> {
        let store = self.store(visitor);
        let mut own = Vec::new();
        let mut cursor = None;
        for _ in 0..BATCHES {
            if own.len() >= count {
                break;
            }
            let page = store
                .list_messages(conversation.id, &PageRequest { limit: BATCH, cursor })
                .await?;
            own.extend(
                page.items
                    .into_iter()
                    .filter(|message| message.direction == Direction::In),
            );
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        own.truncate(count);
        Ok(own)
    }

    async fn show(&self, visitor: &Visitor, mut message: Message, read: bool) -> Result<ShownMessage> {
        let quote = match message.reply_to.take() {
            Some(reply) => self.quote(visitor, reply).await?,
            None => None,
        };
        Ok(ShownMessage::of(message, read, quote))
    }

    /// What a message answers to. An operator may answer to a note; what it says stays inside.
    async fn quote(&self, visitor: &Visitor, reply: ReplyTo) -> Result<Option<ShownQuote>> {
        if let Some(original) = reply.message {
            let original = self.store(visitor).find_message(original).await?;
            if original.is_none_or(|original| original.direction == Direction::Note) {
                return Ok(None);
            }
        }
        Ok(Some(reply.into()))
    }
}

/// `NotFound` for a conversation that is not the visitor's.
fn require(visitor: &Visitor, conversation: &Conversation) -> Result<()> {
    match visitor.owns(conversation) {
        true => Ok(()),
        false => Err(Error::not_found("conversation")),
    }
}
