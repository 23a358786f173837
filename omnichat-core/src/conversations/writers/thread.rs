//! What is remembered of a chat between two events, since the next message mostly follows soon.

use crate::change::Row;
use crate::conversations::{Conversation, Status};
use crate::customers::{Customer, Identity};
use crate::text::json_len;

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

    /// Takes what is newer in a thread that was remembered: commits under way have not reached the store yet.
    pub(super) fn keep_newer(&mut self, known: &Self) {
        if known.customer.id == self.customer.id && known.customer.version > self.customer.version {
            self.customer.clone_from(&known.customer);
        }
        if known.identity.id == self.identity.id && known.identity.version > self.identity.version {
            self.identity.clone_from(&known.identity);
        }
    }

    /// About how many bytes it takes. Strangers decide how many: attributes alone may have 64 KiB.
    pub(super) fn weight(&self) -> usize {
        size_of::<Self>() + json_len(&self.customer) + json_len(&self.identity) + json_len(&self.conversation)
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
