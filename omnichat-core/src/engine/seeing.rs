//! What an actor may see of what happens: by the rules that services apply when it asks for the same thing.

use super::Engine;
use crate::actor::{Actor, Permission};
use crate::error::Result;
use crate::event::{Envelope, Event};
use crate::id::{ConversationId, TenantId};
use crate::inboxes::Inbox;

/// A stretch of a tenant's log as somebody may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// The events that they may see, in order.
    pub events: Vec<Envelope>,
    /// The number of the last event that was looked at; none if there is nothing more.
    pub last: Option<u64>,
}

impl Engine {
    /// The number of the newest event of a tenant; 0 if there is none.
    pub async fn event_head(&self, tenant: TenantId) -> Result<u64> {
        self.ports().tenant(tenant).event_head().await
    }

    /// The number of the oldest event of a tenant that is still kept; the head plus one if there is none.
    pub async fn event_tail(&self, tenant: TenantId) -> Result<u64> {
        self.ports().tenant(tenant).event_tail().await
    }

    /// Up to `limit` events after a number, of which only those are given that an actor may see.
    pub async fn events_for(&self, actor: &Actor, after: u64, limit: u32) -> Result<Stretch> {
        let found = self.events_after(actor.tenant, after, limit).await?;
        let last = found.last().map(|envelope| envelope.seq);
        let mut events = Vec::with_capacity(found.len());
        for envelope in found {
            if self.may_see(actor, &envelope.event).await {
                events.push(envelope);
            }
        }
        Ok(Stretch { events, last })
    }

    /// Events after a number, see [`EventReads::events_after`](crate::store::EventReads::events_after). As [`Engine::follow`], it says
    /// nothing of who may see them.
    pub async fn events_after(&self, tenant: TenantId, after: u64, limit: u32) -> Result<Vec<Envelope>> {
        self.ports().tenant(tenant).events_after(after, limit).await
    }

    /// Whether an actor may see an event. One that does not carry its conversation is looked up for those who may not see all of them.
    pub async fn may_see(&self, actor: &Actor, event: &Event) -> bool {
        let has = |permission| actor.permissions.has(permission);
        match event {
            Event::MessageCreated { message, .. } | Event::MessageUpdated { message, .. }
                if !message.visible_to(actor) =>
            {
                false
            }
            Event::ConversationCreated { conversation }
            | Event::ConversationUpdated { conversation }
            | Event::MessageCreated { conversation, .. }
            | Event::MessageUpdated {
                conversation: Some(conversation),
                ..
            } => conversation.visible_to(actor),
            Event::MessageUpdated {
                conversation: None,
                message,
            } => self.may_see_conversation(actor, message.conversation).await,
            // On which inboxes the customer is known, the event does not say: who is confined to some fetches it.
            Event::CustomerUpdated { .. } => has(Permission::CUSTOMERS_READ) && actor.inboxes.is_none(),
            Event::OperatorUpdated { operator } => {
                has(Permission::OPERATORS_READ) || actor.operator_id() == Some(operator.id)
            }
            Event::InboxUpdated {
                inbox: Inbox { id: inbox, .. },
            }
            | Event::InboxDeleted { inbox } => has(Permission::INBOXES_READ) && actor.reaches(*inbox),
            Event::ApiKeyUpdated { .. } => has(Permission::API_KEYS_MANAGE),
            Event::AutomationUpdated { .. } | Event::AutomationDeleted { .. } => {
                has(Permission::AUTOMATIONS_MANAGE)
            }
            Event::EntityChanged { kind, owner, .. } => self.ports().entities.may_hear(actor, kind, *owner),
            Event::QuarantineAdded { .. } => has(Permission::QUARANTINE_MANAGE),
            // It says nothing of anybody, but that something was missed.
            Event::Damaged => true,
        }
    }

    /// Whether an actor may see a conversation of which only the id is known.
    pub async fn may_see_conversation(&self, actor: &Actor, id: ConversationId) -> bool {
        let sees_all = actor.permissions.has(Permission::CONVERSATIONS_READ_ALL) && actor.inboxes.is_none();
        sees_all || Box::pin(self.conversations().get(actor, id)).await.is_ok()
    }
}
