//! Whose a conversation is, as the column `assignee` keeps it.

use omnichat_core::conversations::Conversation;
use uuid::Uuid;

/// Stands where an operator would while a scenario answers: the conversation is not nobody's, and no operator's work.
pub(crate) const SCENARIO: Uuid = Uuid::max();

/// The operator, or [`SCENARIO`]; none if the conversation waits for somebody to take it.
pub(crate) fn holder(conversation: &Conversation) -> Option<Uuid> {
    match (conversation.assignee, &conversation.scenario) {
        (Some(operator), _) => Some(operator.uuid()),
        (None, Some(_)) => Some(SCENARIO),
        (None, None) => None,
    }
}
