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

/// What texts take, with what each costs beside its bytes.
fn texts<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    texts.map(|text| size_of::<String>() + text.len()).sum()
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
        let customer = &self.customer;
        let attributes = texts(customer.attributes.iter().flat_map(|(name, value)| [name, value]));
        let customer = [&customer.name, &customer.note]
            .into_iter()
            .chain(&customer.email)
            .chain(&customer.phone)
            .chain(&customer.locale)
            .chain(&customer.tags);
        let identity = &self.identity;
        let route = texts(identity.route.iter().flat_map(|(name, value)| [name, value]));
        let identity = [&identity.peer, &identity.name]
            .into_iter()
            .chain(&identity.username);
        let conversation = self.conversation.iter().flat_map(|conversation| {
            let last = conversation.last_message.iter();
            let last = last.flat_map(|last| [&last.author_name, &last.preview, &last.kind]);
            [
                &conversation.peer,
                &conversation.customer_name,
                &conversation.channel,
            ]
            .into_iter()
            .chain(&conversation.subject)
            .chain(&conversation.tags)
            .chain(last)
        });
        size_of::<Self>() + attributes + route + texts(customer.chain(identity).chain(conversation))
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
