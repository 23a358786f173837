//! Who is behind an event: the contact that a platform names, and the customer that it leads to.
//!
//! One person over two bots, or a caller who also writes, is one customer without anybody merging: contacts are found by their
//! [key](ContactKey) in the whole tenant, whatever inbox they come by. Only what somebody vouches for joins customers; what is
//! merely claimed finds what was claimed in the same way before, and changes nothing of who is proved. A contact is never moved
//! from one customer to another.

use std::collections::BTreeMap;
use std::time::Duration;

use super::thread::Thread;
use crate::change::{Changes, Row, Saved};
use crate::channel::{Also, ChatInfo, Inbound, Person, Profile};
use crate::chats::{Chat, ChatKind};
use crate::clock::Timestamp;
use crate::contacts::{Contact, ContactKey, Scope};
use crate::customers::Customer;
use crate::error::Result;
use crate::event::Event;
use crate::id::{ContactId, CustomerId};
use crate::inboxes::accounts::Account;
use crate::limits;
use crate::messages::Author;
use crate::ports::Ports;

/// `last_seen_at` of a customer is only written when it is older than this, to spare a write per message.
const SEEN: Duration = Duration::from_secs(600);

/// What the person of an event is to a private chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The one that it is with.
    Same,
    /// The one that it is with, under a name that is not known yet.
    Renamed,
    /// It says to be somebody, and nobody vouches for that: still the one that it is with.
    Unproved,
    /// Somebody else.
    Another,
}

/// Finds people, and plans what is newly known of them.
pub(super) struct People<'a> {
    ports: &'a Ports,
    account: &'a Account,
    changes: &'a mut Changes,
}

/// Who wrote what came in.
pub(super) struct Writer {
    pub(super) author: Author,
    /// The organisation has blocked this member of a group.
    pub(super) is_blocked: bool,
}

impl<'a> People<'a> {
    pub(super) fn new(ports: &'a Ports, account: &'a Account, changes: &'a mut Changes) -> Self {
        Self {
            ports,
            account,
            changes,
        }
    }

    /// Whose a new private chat is.
    pub(super) async fn of_chat(&mut self, chat: &ChatInfo, person: &Person) -> Result<(Customer, Contact)> {
        let (mut customer, contact) = self.known_or_new(chat, person).await?;
        self.touch(&mut customer);
        Ok((customer, contact))
    }

    /// What is newly said of the person of a private chat. The chat does not go among the changes.
    pub(super) async fn follow(
        &mut self,
        event: &Inbound,
        thread: &mut Thread,
        person: &Person,
    ) -> Result<()> {
        let key = self.key(&event.chat, person);
        match standing(thread.contact.as_ref(), &thread.chat, &key) {
            Standing::Another => return Ok(()),
            Standing::Renamed => self.rename(thread, key).await?,
            Standing::Same | Standing::Unproved => {}
        }
        let before = (thread.customer.clone(), thread.contact.clone());
        if let Some(contact) = &mut thread.contact {
            follow_profile(&mut thread.customer, contact, &person.profile);
        }
        see(&mut thread.customer, self.ports.now());
        if let (Some(contact), Some(before)) = (&mut thread.contact, &before.1) {
            let is_shown = contact != before;
            self.put_contact(contact, before);
            if is_shown {
                self.touch(&mut thread.customer);
            }
        }
        self.put_customer(&mut thread.customer, &before.0);
        let others = self.others(person);
        if !others.iter().all(|key| thread.also.contains(key)) {
            self.join_others(person, &mut thread.customer).await?;
            thread.also = others;
        }
        Ok(())
    }

    /// Who wrote what came in, under a name if one is told.
    pub(super) async fn writer(
        &mut self,
        event: &Inbound,
        told: Option<&str>,
        thread: &mut Thread,
    ) -> Result<Writer> {
        let own = |thread: &Thread| (thread.customer.clone(), thread.chat.contact, false);
        let (customer, contact, is_member) = match &event.person {
            None => own(thread),
            Some(person) => {
                let key = self.key(&event.chat, person);
                let is_member = match thread.chat.kind {
                    ChatKind::Private => {
                        standing(thread.contact.as_ref(), &thread.chat, &key) == Standing::Another
                    }
                    ChatKind::Group | ChatKind::Thread | ChatKind::Channel => !person.id.is_empty(),
                };
                match is_member {
                    true => {
                        let (customer, contact) = self.known_or_new(&event.chat, person).await?;
                        if customer.id == thread.customer.id {
                            thread.customer.clone_from(&customer);
                        }
                        (customer, Some(contact.id), true)
                    }
                    false => own(thread),
                }
            }
        };
        Ok(Writer {
            is_blocked: is_member && customer.blocked,
            author: Author::Customer {
                id: customer.id,
                name: told.map_or(customer.name, str::to_owned),
                contact,
            },
        })
    }

    /// Plans a customer of whom a name is known and no more.
    pub(super) fn named(&mut self, name: String) -> Customer {
        let customer = self.blank(name);
        self.changes.put(Row::Customer(customer.clone()));
        customer
    }

    /// Plans a new version of a customer whose chats or contacts have changed, so that whoever shows its card hears of it.
    pub(super) fn touch(&mut self, customer: &mut Customer) {
        if self.planned_customer(customer.id).is_some() {
            return;
        }
        *customer = self.changes.save(Some(&*customer), customer.clone());
    }

    /// Plans what has changed of a customer.
    pub(super) fn put_customer(&mut self, customer: &mut Customer, before: &Customer) {
        if customer == before {
            return;
        }
        // A customer may be the chat's and its writer's, and is written once.
        let Some(place) = self.planned_customer(customer.id) else {
            *customer = self.changes.save(Some(before), customer.clone());
            return;
        };
        if let Row::Customer(planned) = &self.changes.rows[place] {
            customer.version = planned.version;
        }
        self.changes.rows[place] = Row::Customer(customer.clone());
        for new in &mut self.changes.events {
            if let Event::CustomerUpdated { customer: told } = &mut new.event
                && told.id == customer.id
            {
                told.clone_from(customer);
                let changed = before.differing(customer);
                new.changed
                    .retain(|one| changed.iter().all(|other| other.field != one.field));
                new.changed.extend(changed);
            }
        }
    }

    /// The contact of a person and its customer, with what the platform newly says of them. What is not known yet is made.
    async fn known_or_new(&mut self, chat: &ChatInfo, person: &Person) -> Result<(Customer, Contact)> {
        let key = self.key(chat, person);
        if let Some(mut contact) = self.find_contact(&key).await?
            && let Some(mut customer) = self.find_customer(contact.customer).await?
        {
            let (before, contact_before) = (customer.clone(), contact.clone());
            follow_profile(&mut customer, &mut contact, &person.profile);
            see(&mut customer, self.ports.now());
            let is_shown = contact != contact_before;
            self.put_contact(&mut contact, &contact_before);
            if is_shown {
                self.touch(&mut customer);
            }
            self.put_customer(&mut customer, &before);
            self.join_others(person, &mut customer).await?;
            return Ok((customer, contact));
        }
        let mut customer = match self.vouched_for(person).await? {
            Some(mut customer) => {
                self.touch(&mut customer);
                customer
            }
            None => {
                let customer = self.newcomer(chat, person);
                self.changes.put(Row::Customer(customer.clone()));
                customer
            }
        };
        let name = display_name(&person.profile, &key.external_id);
        let contact = Contact {
            username: person.profile.username.clone(),
            locale: person.profile.locale.clone(),
            ..self.contact(customer.id, key, name)
        };
        self.changes.put(Row::Contact(contact.clone()));
        self.join_others(person, &mut customer).await?;
        Ok((customer, contact))
    }

    /// The person of a private chat is known by another key from now on.
    async fn rename(&mut self, thread: &mut Thread, key: ContactKey) -> Result<()> {
        if let Some(known) = self.find_contact(&key).await? {
            // Somebody else's by now: the chat stays whose it is. People merge customers, programs do not.
            if known.customer == thread.customer.id {
                thread.chat.contact = Some(known.id);
                thread.contact = Some(known);
            }
            return Ok(());
        }
        match &mut thread.contact {
            // It was known by the chat's id alone.
            Some(contact) if is_chats_own(contact, &thread.chat) => {
                let before = contact.clone();
                contact.scope = key.scope;
                contact.inbox = key.inbox;
                contact.external_id = key.external_id;
                contact.claimed = key.claimed;
                self.put_contact(contact, &before);
            }
            // Under the same name as before, so that another one that is told now counts as new.
            known => {
                let name = known.as_ref().map_or_else(String::new, |one| one.name.clone());
                let contact = self.contact(thread.customer.id, key, name);
                self.changes.put(Row::Contact(contact.clone()));
                thread.chat.contact = Some(contact.id);
                thread.contact = Some(contact);
            }
        }
        self.touch(&mut thread.customer);
        Ok(())
    }

    fn key(&self, chat: &ChatInfo, person: &Person) -> ContactKey {
        ContactKey::new(
            person.scope.clone(),
            self.account.inbox.id,
            id_of(chat, person),
            person.claimed,
        )
    }

    fn blank(&self, name: String) -> Customer {
        let now = self.ports.now();
        Customer {
            id: CustomerId::generate(&*self.ports.clock),
            tenant: self.account.inbox.tenant,
            name,
            name_fixed: false,
            email: None,
            phone: None,
            locale: None,
            avatar: None,
            note: String::new(),
            tags: Vec::new(),
            attributes: BTreeMap::new(),
            blocked: false,
            created_at: now,
            last_seen_at: now,
            version: 1,
        }
    }

    fn newcomer(&self, chat: &ChatInfo, person: &Person) -> Customer {
        let profile = &person.profile;
        Customer {
            email: profile.email.clone(),
            phone: profile.phone.clone(),
            locale: profile.locale.clone(),
            attributes: profile.attributes.clone(),
            ..self.blank(display_name(profile, id_of(chat, person)))
        }
    }

    fn contact(&self, customer: CustomerId, key: ContactKey, name: String) -> Contact {
        Contact {
            id: ContactId::generate(&*self.ports.clock),
            tenant: self.account.inbox.tenant,
            customer,
            scope: key.scope,
            inbox: key.inbox,
            external_id: key.external_id,
            claimed: key.claimed,
            username: None,
            name,
            locale: None,
            created_at: self.ports.now(),
            version: 1,
        }
    }

    /// Whose the ids are that the platform vouches for besides; the first that leads to somebody.
    async fn vouched_for(&self, person: &Person) -> Result<Option<Customer>> {
        for key in self.others(person) {
            if let Some(contact) = self.find_contact(&key).await?
                && let Some(customer) = self.find_customer(contact.customer).await?
            {
                return Ok(Some(customer));
            }
        }
        Ok(None)
    }

    /// Has the ids that the platform vouches for besides lead to the customer. One that leads to another stays with that one.
    async fn join_others(&mut self, person: &Person, customer: &mut Customer) -> Result<()> {
        for key in self.others(person) {
            if self.find_contact(&key).await?.is_some() {
                continue;
            }
            let name = display_name(&person.profile, &key.external_id);
            let contact = self.contact(customer.id, key, name);
            self.changes.put(Row::Contact(contact));
            self.touch(customer);
        }
        Ok(())
    }

    fn others(&self, person: &Person) -> Vec<ContactKey> {
        let inbox = self.account.inbox.id;
        let key = |also: &Also| ContactKey::new(also.scope.clone(), inbox, &also.id, false);
        match person.claimed {
            true => Vec::new(),
            false => person.also.iter().map(key).collect(),
        }
    }

    fn planned_customer(&self, id: CustomerId) -> Option<usize> {
        let is_it = |row: &Row| matches!(row, Row::Customer(customer) if customer.id == id);
        self.changes.rows.iter().position(is_it)
    }

    /// A customer as this plan leaves it.
    async fn find_customer(&self, id: CustomerId) -> Result<Option<Customer>> {
        if let Some(place) = self.planned_customer(id)
            && let Row::Customer(customer) = &self.changes.rows[place]
        {
            return Ok(Some(customer.clone()));
        }
        self.ports
            .tenant(self.account.inbox.tenant)
            .find_customer(id)
            .await
    }

    /// A contact as this plan leaves it.
    async fn find_contact(&self, key: &ContactKey) -> Result<Option<Contact>> {
        let planned = self.changes.rows.iter().find_map(|row| match row {
            Row::Contact(contact) if contact.key() == *key => Some(contact.clone()),
            _ => None,
        });
        if planned.is_some() {
            return Ok(planned);
        }
        let store = self.ports.tenant(self.account.inbox.tenant);
        store.find_contact_by_key(key).await
    }

    fn put_contact(&mut self, contact: &mut Contact, before: &Contact) {
        if contact == before {
            return;
        }
        let is_it = |row: &Row| matches!(row, Row::Contact(one) if one.id == contact.id);
        match self.changes.rows.iter().position(is_it) {
            Some(place) => self.changes.rows[place] = Row::Contact(contact.clone()),
            None => {
                contact.version += 1;
                self.changes.put(Row::Contact(contact.clone()));
            }
        }
    }
}

/// Has the contact of a chat that gets another id follow it, if it was known by the chat's id alone.
pub(super) async fn migrate(
    ports: &Ports,
    thread: &mut Thread,
    new_chat: &str,
    changes: &mut Changes,
) -> Result<()> {
    let Some(contact) = thread
        .contact
        .as_mut()
        .filter(|one| is_chats_own(one, &thread.chat))
    else {
        return Ok(());
    };
    let key = ContactKey {
        external_id: new_chat.to_owned(),
        ..contact.key()
    };
    let store = ports.tenant(contact.tenant);
    if store.find_contact_by_key(&key).await?.is_none() {
        contact.external_id = key.external_id;
        contact.version += 1;
        changes.put(Row::Contact(contact.clone()));
    }
    Ok(())
}

/// What the person of an event is to a private chat with this contact.
fn standing(contact: Option<&Contact>, chat: &Chat, key: &ContactKey) -> Standing {
    match contact {
        None => Standing::Renamed,
        Some(contact) if contact.key() == *key => Standing::Same,
        Some(contact) if key.claimed && !contact.claimed => Standing::Unproved,
        Some(contact) if is_chats_own(contact, chat) => Standing::Renamed,
        // Ids of one scope are those of two people, and whoever has only claimed to be somebody has proved nothing.
        Some(contact) if contact.claimed || contact.scope == key.scope => Standing::Another,
        Some(_) => Standing::Renamed,
    }
}

/// Whether nothing is known of the person of a chat but the chat's id.
fn is_chats_own(contact: &Contact, chat: &Chat) -> bool {
    contact.scope == Scope::Inbox && contact.external_id == chat.external_id
}

fn id_of<'a>(chat: &'a ChatInfo, person: &'a Person) -> &'a str {
    match person.id.is_empty() {
        true => &chat.id,
        false => &person.id,
    }
}

/// Notes that a customer was heard of.
pub(super) fn see(customer: &mut Customer, now: Timestamp) {
    if now.since(customer.last_seen_at) > SEEN {
        customer.last_seen_at = now;
    }
}

/// What stands for the name of somebody who has none.
pub(super) fn tail(id: &str) -> String {
    let tail: Vec<char> = id.chars().rev().take(4).collect();
    format!("#{}", tail.into_iter().rev().collect::<String>())
}

fn display_name(profile: &Profile, id: &str) -> String {
    let name = profile.name.trim();
    match (name.is_empty(), &profile.username) {
        (false, _) => name.chars().take(limits::NAME).collect(),
        (true, Some(username)) => username.clone(),
        (true, None) => tail(id),
    }
}

/// Takes over what has changed since the platform last told it: of two contacts of a customer neither overrules the other by
/// telling the same once more.
fn follow_profile(customer: &mut Customer, contact: &mut Contact, profile: &Profile) {
    if !profile.name.trim().is_empty() {
        let name = display_name(profile, &contact.external_id);
        if contact.name != name && !customer.name_fixed {
            customer.name.clone_from(&name);
        }
        contact.name = name;
    }
    if profile.username.is_some() {
        contact.username.clone_from(&profile.username);
    }
    if profile.locale.is_some() && contact.locale != profile.locale {
        contact.locale.clone_from(&profile.locale);
        customer.locale.clone_from(&profile.locale);
    }
    customer.email = customer.email.take().or_else(|| profile.email.clone());
    customer.phone = customer.phone.take().or_else(|| profile.phone.clone());
    for (name, value) in &profile.attributes {
        customer.set_attribute(name, value);
    }
}
