//! What is remembered of a chat between two events, since the next message mostly follows soon.

use crate::change::Row;
use crate::conversations::{Conversation, Status};
use crate::customers::{Customer, Identity};

/// The account that writes, its customer and their current conversation.
#[derive(Clone, Debug)]
pub(crate) struct Thread {
    pub(crate) customer: Customer,
    pub(crate) identity: Identity,
    pub(crate) conversation: Option<Conversation>,
}

impl Thread {
    /// The thread as it is after these rows were written.
    pub(super) fn follow(&mut self, rows: &[Row]) {
        for row in rows {
            match row {
                Row::Customer(row) if row.id == self.customer.id => self.customer.clone_from(row),
                Row::Identity(row) if row.id == self.identity.id => self.identity.clone_from(row),
                Row::Conversation(row) => self.see(row),
                _ => {}
            }
        }
    }

    /// A conversation of the chat is like this now. At most one is not closed, and that is the current one.
    pub(super) fn see(&mut self, row: &Conversation) {
        let is_current = self.conversation.as_ref().is_some_and(|one| one.id == row.id);
        let is_closed = row.status == Status::Closed;
        if is_current || !is_closed {
            self.conversation = (!is_closed).then(|| row.clone());
        }
    }
}
