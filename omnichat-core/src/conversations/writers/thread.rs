//! What is remembered of a chat between two events, since the next message mostly follows soon.

use crate::change::Row;
use crate::chats::{Chat, Context};
use crate::contacts::{Contact, ContactKey};
use crate::conversations::{Conversation, Status};
use crate::customers::Customer;

/// A chat, whose it is, the person of a private one, and its current conversation.
#[derive(Clone, Debug)]
pub(crate) struct Thread {
    pub(crate) customer: Customer,
    pub(crate) chat: Chat,
    pub(crate) contact: Option<Contact>,
    /// Further ids of the person that are known to lead somewhere.
    pub(crate) also: Vec<ContactKey>,
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
                Row::Contact(row) if self.contact.as_ref().is_some_and(|one| one.id == row.id) => {
                    self.contact = Some(row.clone());
                }
                Row::Chat(row) if row.id == self.chat.id => self.chat.clone_from(row),
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
        if known.chat.id == self.chat.id && known.chat.version > self.chat.version {
            self.chat.clone_from(&known.chat);
        }
        if let (Some(known), Some(contact)) = (&known.contact, &mut self.contact)
            && known.id == contact.id
            && known.version > contact.version
        {
            contact.clone_from(known);
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
        let chat = &self.chat;
        let context = |context: &Context| {
            let facts = texts(context.facts.iter().flat_map(|(name, value)| [name, value]));
            facts + texts([&context.title].into_iter().chain(&context.url))
        };
        let route = texts(chat.route.iter().flat_map(|(name, value)| [name, value]));
        let said = route
            + context(&chat.context)
            + self
                .conversation
                .iter()
                .map(|one| context(&one.context))
                .sum::<usize>();
        let own = self.conversation.iter();
        let own = texts(own.flat_map(|one| one.attributes.iter().flat_map(|(name, value)| [name, value])));
        let chat = [&chat.external_id].into_iter().chain(&chat.title);
        let contact = self.contact.iter().flat_map(|contact| {
            [&contact.external_id, &contact.name]
                .into_iter()
                .chain(&contact.username)
        });
        let conversation = self.conversation.iter().flat_map(|conversation| {
            let last = conversation.last_message.iter();
            let last = last.flat_map(|last| [&last.author_name, &last.preview, &last.kind]);
            [
                &conversation.chat,
                &conversation.customer_name,
                &conversation.channel,
            ]
            .into_iter()
            .chain(&conversation.subject)
            .chain(&conversation.tags)
            .chain(last)
        });
        let also = texts(self.also.iter().map(|key| &key.external_id));
        size_of::<Self>()
            + also
            + attributes
            + said
            + own
            + texts(customer.chain(chat).chain(contact).chain(conversation))
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
