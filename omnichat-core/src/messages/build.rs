//! Messages that are written here, not heard from a platform.

use super::content::Content;
use super::model::{Author, Direction, Message};
use crate::clock::{Clock, Timestamp};
use crate::conversations::Conversation;
use crate::id::MessageId;

/// The place of a message that is written here and now: after everything that is there already, even where a platform's
/// clock is ahead of ours.
pub fn next_position(conversation: &Conversation, now: Timestamp) -> i64 {
    let last = conversation
        .last_message
        .as_ref()
        .map_or(i64::MIN, |last| last.position);
    now.micros().max(last.saturating_add(1))
}

/// An entry of the time line.
pub fn system_entry(
    clock: &dyn Clock,
    conversation: &Conversation,
    content: Content,
    at: Timestamp,
) -> Message {
    written(
        clock,
        conversation,
        Direction::System,
        Author::System,
        content,
        at,
    )
}

/// A message that is written here and now, after everything that is there already.
pub(crate) fn written(
    clock: &dyn Clock,
    conversation: &Conversation,
    direction: Direction,
    author: Author,
    content: Content,
    at: Timestamp,
) -> Message {
    Message {
        id: MessageId::generate(clock),
        tenant: conversation.tenant,
        conversation: conversation.id,
        inbox: conversation.inbox,
        chat: conversation.chat.clone(),
        direction,
        author,
        content,
        reply_to: None,
        forwarded_from: None,
        group: None,
        external_id: None,
        more_external_ids: Vec::new(),
        client_key: None,
        client_digest: None,
        state: None,
        failure: None,
        reactions: Vec::new(),
        position: next_position(conversation, at),
        created_at: at,
        platform_at: None,
        edited_at: None,
        deleted_at: None,
        revisions: 0,
        version: 1,
    }
}
