//! A visitor's own conversation, as that visitor sees it.

use std::collections::HashSet;

use omnichat_core::conversations::{Conversation, Facets, Sort};
use omnichat_core::error::Result;
use omnichat_core::id::{InboxId, MessageId, TenantId};
use omnichat_core::messages::{Direction, Message};
use omnichat_core::page::{Cursor, PageRequest};

use super::view::{ConversationView, MessageView, OperatorView, PageView, QuoteView};
use crate::app::AppState;

/// Messages of a page for the visitor.
pub(super) const PAGE: usize = 30;
/// Messages that are read at once; some of them are not for the visitor.
const BATCH: u32 = 60;
/// Batches that are read for one page at most.
const BATCHES: usize = 10;

/// Reads what visitors of one inbox may see.
pub(super) struct History<'a> {
    pub(super) state: &'a AppState,
    pub(super) tenant: TenantId,
    pub(super) inbox: InboxId,
}

impl History<'_> {
    /// The visitor's conversation: the current one, else the last that was closed, since its end should be seen.
    pub(super) async fn conversation(&self, chat: &str) -> Result<Option<Conversation>> {
        let store = self.state.engine.ports().tenant(self.tenant);
        if let Some(current) = store.find_current_conversation(self.inbox, chat).await? {
            return Ok(Some(current));
        }
        let Some(known) = store.find_chat(self.inbox, chat).await? else {
            return Ok(None);
        };
        let filter = Facets {
            inbox: Some(self.inbox),
            customer: Some(known.customer),
            sort: Sort::Created,
            ..Facets::default()
        };
        let last = store
            .list_conversations(&filter.into(), &PageRequest::first(PageRequest::MAX))
            .await?;
        Ok(last
            .items
            .into_iter()
            .find(|conversation| conversation.chat == chat))
    }

    /// Where a conversation stands.
    pub(super) async fn conversation_view(&self, conversation: &Conversation) -> Result<ConversationView> {
        let store = self.state.engine.ports().tenant(self.tenant);
        let operator = match conversation.assignee {
            Some(assignee) => store.find_operator(assignee).await?,
            None => None,
        };
        let now = self.state.engine.ports().now();
        let unread = store.unread_outgoing(conversation.id, i64::MAX).await?;
        Ok(ConversationView {
            id: conversation.id.to_string(),
            status: conversation.status.into(),
            operator: operator.map(|operator| OperatorView {
                name: operator.name,
                avatar_url: operator
                    .avatar
                    .map(|file| self.state.visitors.links.sign(self.inbox, file, now)),
            }),
            unread: unread
                .iter()
                .filter(|message| message.deleted_at.is_none())
                .count(),
        })
    }

    /// The messages before a place, or the last ones, oldest first.
    pub(super) async fn page(&self, conversation: &Conversation, before: Option<Cursor>) -> Result<PageView> {
        let store = self.state.engine.ports().tenant(self.tenant);
        let mut shown: Vec<Message> = Vec::with_capacity(PAGE + 1);
        let mut cursor = before;
        for _ in 0..BATCHES {
            let request = PageRequest { limit: BATCH, cursor };
            let page = store.list_messages(conversation.id, &request).await?;
            shown.extend(page.items.into_iter().filter(Message::is_for_customers));
            cursor = page.next;
            if shown.len() > PAGE || cursor.is_none() {
                break;
            }
        }
        let older = if shown.len() > PAGE {
            shown.truncate(PAGE);
            shown.last().map(|last| Cursor {
                sort: last.position,
                id: last.id.uuid(),
            })
        } else {
            // Nothing but what is not shown came for long: go on from there when asked.
            cursor
        };
        let unread = self.unread(conversation).await?;
        let mut items = Vec::with_capacity(shown.len());
        for message in shown.iter().rev() {
            items.push(self.message_view(message, !unread.contains(&message.id)).await?);
        }
        Ok(PageView {
            items,
            older: older.map(|cursor| cursor.encode()),
        })
    }

    /// One message, if the visitor may see it. A new one has been read by nobody as long as anything is unread.
    pub(super) async fn message(
        &self,
        message: &Message,
        conversation: &Conversation,
        new: bool,
    ) -> Result<Option<MessageView>> {
        if !message.is_for_customers() {
            return Ok(None);
        }
        let read = match message.direction {
            Direction::In if new => conversation.unread_count == 0,
            Direction::In => !self.unread(conversation).await?.contains(&message.id),
            _ => false,
        };
        self.message_view(message, read).await.map(Some)
    }

    /// The last `count` messages of the visitor, as an operator has read them by now.
    pub(super) async fn read_messages(
        &self,
        conversation: &Conversation,
        count: usize,
    ) -> Result<Vec<MessageView>> {
        let mut views = Vec::new();
        for message in self.last_own(conversation, count).await? {
            views.push(self.message_view(&message, true).await?);
        }
        Ok(views)
    }

    /// Messages of the visitor that no operator has read.
    async fn unread(&self, conversation: &Conversation) -> Result<HashSet<MessageId>> {
        let count = usize::try_from(conversation.unread_count).unwrap_or(usize::MAX);
        let unread = self.last_own(conversation, count).await?;
        Ok(unread.into_iter().map(|message| message.id).collect())
    }

    /// The newest messages of the visitor.
    async fn last_own(&self, conversation: &Conversation, count: usize) -> Result<Vec<Message>> {
        let store = self.state.engine.ports().tenant(self.tenant);
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

    async fn message_view(&self, message: &Message, read: bool) -> Result<MessageView> {
        let quote = self.quote(message).await?;
        let ports = self.state.engine.ports();
        Ok(MessageView::of(
            message,
            read,
            quote,
            &self.state.visitors.links,
            ports.now(),
        ))
    }

    /// What a message answers to. An operator may answer to a note; what it says stays inside.
    async fn quote(&self, message: &Message) -> Result<Option<QuoteView>> {
        let Some(reply) = &message.reply_to else {
            return Ok(None);
        };
        if let Some(original) = reply.message {
            let store = self.state.engine.ports().tenant(self.tenant);
            if store
                .find_message(original)
                .await?
                .is_none_or(|original| original.direction == Direction::Note)
            {
                return Ok(None);
            }
        }
        Ok(Some(QuoteView {
            author_name: reply.author_name.clone(),
            preview: reply.preview.clone(),
        }))
    }
}
