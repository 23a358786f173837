//! Carries a tenant's log to its visitors: each event becomes frames for the one visitor whom it concerns, if they are here.

use std::sync::{OnceLock, Weak};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use omnichat_core::conversations::Conversation;
use omnichat_core::customers::Customer;
use omnichat_core::error::{ErrorKind, Result};
use omnichat_core::event::feed::{Followed, Follower};
use omnichat_core::event::{Envelope, Ephemeral, Event};
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::messages::{Author, Message};
use uuid::Uuid;

use super::cursor;
use super::history::History;
use super::hub::Hub;
use super::protocol::{ServerFrame, VisitorEvent};
use super::site::{Site, is_online};
use crate::app::AppState;

/// How long is waited when the log cannot be read.
const RETRY: Duration = Duration::from_secs(1);

/// Carries a tenant's log to its visitors.
pub(super) struct Pump {
    state: AppState,
    tenant: TenantId,
    hub: Weak<Hub>,
    /// Of the log that is followed.
    epoch: OnceLock<Uuid>,
}

impl Pump {
    pub(super) fn new(state: AppState, tenant: TenantId, hub: Weak<Hub>) -> Self {
        Self {
            state,
            tenant,
            hub,
            epoch: OnceLock::new(),
        }
    }

    async fn epoch(&self) -> Result<Uuid> {
        if let Some(epoch) = self.epoch.get() {
            return Ok(*epoch);
        }
        let epoch = self.state.engine.tenants().epoch(self.tenant).await?;
        Ok(*self.epoch.get_or_init(|| epoch))
    }

    /// Runs until nobody holds the hub any more.
    pub(super) async fn run(mut self, mut follower: Follower) {
        loop {
            let followed = follower.next().await;
            let Some(hub) = self.hub.upgrade() else { return };
            match followed {
                Ok(Followed::Events(events)) => {
                    for envelope in events {
                        self.event(&hub, &envelope).await;
                    }
                }
                Ok(Followed::Ephemeral(Ephemeral::Typing {
                    conversation,
                    author: Author::Operator { name, .. } | Author::Service { name, .. },
                    on,
                })) => {
                    let word = ServerFrame::Typing { on, name: &name }.text();
                    let mut visitors = hub.visitors();
                    if let Some(chat) = visitors.of(conversation) {
                        visitors.say(&chat, &[word]);
                    }
                }
                Ok(Followed::Ephemeral(_)) => {}
                Ok(Followed::Resync(head)) => {
                    // Perhaps since the database was restored.
                    self.epoch = OnceLock::new();
                    resync(&hub, head);
                }
                Err(error) => {
                    tracing::warn!(tenant = %self.tenant, %error, "visitors do not get events; trying again in a second");
                    drop(hub);
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    async fn event(&self, hub: &Hub, envelope: &Envelope) {
        let told = match &envelope.event {
            Event::ConversationCreated { conversation } | Event::ConversationUpdated { conversation } => {
                self.tell(hub, envelope, Some(conversation), None).await
            }
            Event::MessageCreated {
                conversation,
                message,
            } => {
                self.tell(hub, envelope, Some(conversation), Some((message, true)))
                    .await
            }
            Event::MessageUpdated {
                message,
                conversation,
            } => {
                self.tell(hub, envelope, conversation.as_ref(), Some((message, false)))
                    .await
            }
            Event::OperatorUpdated { .. } => self.look_who_is_there(hub).await,
            Event::InboxUpdated { inbox } => self.look_at(hub, inbox.id).await,
            Event::InboxDeleted { inbox } => {
                hub.visitors().end(*inbox, None);
                Ok(())
            }
            Event::CustomerUpdated { customer } if customer.blocked => self.shut_out(hub, customer).await,
            Event::CustomerUpdated { .. }
            | Event::AutomationUpdated { .. }
            | Event::AutomationDeleted { .. }
            | Event::ApiKeyUpdated { .. }
            | Event::EntityChanged { .. }
            | Event::QuarantineAdded { .. } => Ok(()),
            // It may have been a message for any of them.
            Event::Damaged => {
                resync(hub, envelope.seq);
                Ok(())
            }
        };
        match told {
            Ok(()) => hub.visitors().done(envelope.seq),
            Err(error) => {
                tracing::warn!(seq = envelope.seq, %error, "visitors were not told of an event; their tabs start anew");
                resync(hub, envelope.seq);
            }
        }
    }

    /// Ends what an inbox has open that it would not let in as it is now.
    async fn look_at(&self, hub: &Hub, inbox: InboxId) -> Result<()> {
        // Whoever connects again at once must not be let in by what was known a moment ago.
        self.state.engine.ports().accounts.refresh(inbox);
        match Site::open(&self.state.engine, inbox).await {
            Ok(site) => hub
                .visitors()
                .end(inbox, Some((site.generation(), &site.secret_trace()))),
            Err(error) if error.kind() == ErrorKind::NotFound => hub.visitors().end(inbox, None),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Ends what a blocked customer has open.
    async fn shut_out(&self, hub: &Hub, customer: &Customer) -> Result<()> {
        let store = self.state.engine.ports().tenant(self.tenant);
        for chat in store.list_chats(&[customer.id]).await? {
            hub.visitors().end_chat(&(chat.inbox, chat.external_id));
        }
        Ok(())
    }

    async fn look_who_is_there(&self, hub: &Hub) -> Result<()> {
        let online = is_online(&self.state.engine, self.tenant).await?;
        hub.online
            .send_if_modified(|before| std::mem::replace(before, online) != online);
        Ok(())
    }

    /// Tells the visitor whom it concerns, if they are here.
    async fn tell(
        &self,
        hub: &Hub,
        envelope: &Envelope,
        conversation: Option<&Conversation>,
        message: Option<(&Message, bool)>,
    ) -> Result<()> {
        let chat = match (conversation, message) {
            (Some(conversation), _) => (conversation.inbox, conversation.chat.clone()),
            (None, Some((message, _))) => (message.inbox, message.chat.clone()),
            (None, None) => return Ok(()),
        };
        let seq = envelope.seq;
        if !hub.visitors().concerned(&chat, seq) {
            return Ok(());
        }
        let history = History {
            state: &self.state,
            tenant: self.tenant,
            inbox: chat.0,
        };
        let whose = cursor::Whose {
            tenant: self.tenant,
            inbox: chat.0,
            chat: &chat.1,
            epoch: self.epoch().await?,
        };
        let cursor = cursor::at(&self.state.engine.ports().vault, whose, seq)?;
        let mut words = Vec::new();
        if let Some((message, new)) = message {
            words.extend(
                self.message(&history, &cursor, message, new, conversation)
                    .await?,
            );
        }
        if let Some(conversation) = conversation {
            let read = hub.visitors().note(&chat, conversation);
            let read = usize::try_from(read).unwrap_or(usize::MAX);
            for message in history.read_messages(conversation, read).await? {
                words.push(VisitorEvent::message(&message, false).text(&cursor));
            }
            let view = history.conversation_view(conversation).await?;
            if hub.visitors().is_news(&chat, &view) {
                words.push(VisitorEvent::ConversationUpdated { conversation: &view }.text(&cursor));
            }
        }
        let mut visitors = hub.visitors();
        visitors.say(&chat, &words);
        visitors.done(seq);
        Ok(())
    }

    async fn message(
        &self,
        history: &History<'_>,
        cursor: &str,
        message: &Message,
        new: bool,
        conversation: Option<&Conversation>,
    ) -> Result<Option<Utf8Bytes>> {
        let stored = match conversation {
            Some(_) => None,
            None => {
                let store = self.state.engine.ports().tenant(self.tenant);
                store.find_conversation(message.conversation).await?
            }
        };
        let Some(conversation) = conversation.or(stored.as_ref()) else {
            return Ok(None);
        };
        let view = history.message(message, conversation, new).await?;
        Ok(view.map(|view| VisitorEvent::message(&view, new).text(cursor)))
    }
}

/// Everybody fetches their conversation anew.
fn resync(hub: &Hub, seq: u64) {
    let mut visitors = hub.visitors();
    visitors.say_to_all(&ServerFrame::Resync.text());
    visitors.done(seq);
}
