//! What an operator may see of what happens: the rules that services apply to a fetch.

use omnichat_core::Engine;
use omnichat_core::actor::{Actor, Permission};
use omnichat_core::event::Event;
use omnichat_core::id::ConversationId;

use crate::views;

/// Whether an operator may see an event. An event that does not carry its conversation is looked up for those who may not see
/// all of them.
pub(crate) async fn may_see(engine: &Engine, actor: &Actor, event: &Event) -> bool {
    match event {
        Event::MessageUpdated {
            message,
            conversation: None,
        } => may_see_conversation(engine, actor, message.conversation).await,
        event => views::event::may_see(engine, actor, event),
    }
}

/// Whether an operator may see a conversation of which only the id is known.
pub(crate) async fn may_see_conversation(engine: &Engine, actor: &Actor, id: ConversationId) -> bool {
    actor.permissions.has(Permission::ConversationsReadAll) && actor.inboxes.is_none()
        || Box::pin(engine.conversations().get(actor, id)).await.is_ok()
}
