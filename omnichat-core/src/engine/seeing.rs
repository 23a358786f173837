//! What an actor may see of what happens: by the rules that services apply when it asks for the same thing.

use super::Engine;
use crate::actor::{Actor, Permission};
use crate::event::Event;
use crate::id::ConversationId;
use crate::inboxes::Inbox;

impl Engine {
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
