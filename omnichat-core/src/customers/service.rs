//! What operators do with customers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::filter::CustomerFilter;
use super::model::{Customer, CustomerPatch};
use crate::actor::{Actor, Permission};
use crate::anew::Anew;
use crate::attributes;
use crate::audit;
use crate::change::{Changes, Row};
use crate::chats::Chat;
use crate::contacts::Contact;
use crate::error::{Error, Result};
use crate::id::{CustomerId, TenantId};
use crate::limits;
use crate::page::{Page, PageRequest};
use crate::ports::Ports;

/// A customer with everything it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerDetails {
    /// The customer.
    pub customer: Customer,
    /// Who it is on platforms, oldest first.
    pub contacts: Vec<Contact>,
    /// Where it writes, oldest first.
    pub chats: Vec<Chat>,
}

/// Reads and changes customers for an actor.
#[derive(Clone, Debug)]
pub struct CustomerService {
    ports: Arc<Ports>,
}

impl CustomerService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// A customer with its contacts and chats. Who is confined to some inboxes sees those who have a chat on them, that chat, and
    /// the contacts that are spoken with there.
    pub async fn get(&self, actor: &Actor, id: CustomerId) -> Result<CustomerDetails> {
        actor.require(Permission::CUSTOMERS_READ)?;
        let store = self.ports.tenant(actor.tenant);
        let customer = store
            .find_customer(id)
            .await?
            .ok_or_else(|| Error::not_found("customer"))?;
        let mut chats = store.list_chats(&[id]).await?;
        let mut contacts = store.list_contacts(&[id]).await?;
        if actor.inboxes.is_some() {
            chats.retain(|chat| actor.reaches(chat.inbox));
            if chats.is_empty() {
                return Err(Error::not_found("customer"));
            }
            contacts.retain(|contact| chats.iter().any(|chat| chat.contact == Some(contact.id)));
        }
        Ok(CustomerDetails {
            customer,
            contacts,
            chats,
        })
    }

    /// A page of the customers that a filter wants, see [`CustomerReads::list_customers`](super::CustomerReads::list_customers).
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &CustomerFilter,
        page: PageRequest,
    ) -> Result<Page<CustomerDetails>> {
        actor.require(Permission::CUSTOMERS_READ)?;
        actor.require_every_inbox()?;
        let store = self.ports.tenant(actor.tenant);
        let found = store.list_customers(filter, &page).await?;
        Ok(Page {
            items: self.details(actor.tenant, found.items).await?,
            next: found.next,
            damaged: found.damaged,
        })
    }

    /// Customers with everything they are known by. Whoever is shown it has been asked for its rights.
    pub async fn details(&self, tenant: TenantId, customers: Vec<Customer>) -> Result<Vec<CustomerDetails>> {
        let ids: Vec<CustomerId> = customers.iter().map(|customer| customer.id).collect();
        let store = self.ports.tenant(tenant);
        let (mut contacts, mut chats) = (BTreeMap::new(), BTreeMap::new());
        for contact in store.list_contacts(&ids).await? {
            contacts
                .entry(contact.customer)
                .or_insert_with(Vec::new)
                .push(contact);
        }
        for chat in store.list_chats(&ids).await? {
            chats.entry(chat.customer).or_insert_with(Vec::new).push(chat);
        }
        let details = |customer: Customer| CustomerDetails {
            contacts: contacts.remove(&customer.id).unwrap_or_default(),
            chats: chats.remove(&customer.id).unwrap_or_default(),
            customer,
        };
        Ok(customers.into_iter().map(details).collect())
    }

    /// Changes a customer.
    pub async fn update(&self, actor: &Actor, id: CustomerId, patch: CustomerPatch) -> Result<Customer> {
        actor.require(Permission::CUSTOMERS_WRITE)?;
        check(&patch)?;
        let mut anew = Anew::unless(patch.version);
        loop {
            match self.try_update(actor, id, &patch).await {
                Err(error) => anew.after(error).await?,
                updated => return updated,
            }
        }
    }

    async fn try_update(&self, actor: &Actor, id: CustomerId, patch: &CustomerPatch) -> Result<Customer> {
        let before = self.get(actor, id).await?.customer;
        // All of them, also those that the actor does not see: whoever writes there is changed too.
        let chats = self.ports.tenant(actor.tenant).list_chats(&[id]).await?;
        if patch.version.is_some_and(|version| version != before.version) {
            return Err(Error::conflict("the customer").with("version", before.version));
        }
        let mut customer = before.clone();
        apply(&mut customer, patch);
        if customer == before {
            return Ok(before);
        }
        let mut changes = Changes::by(actor);
        if customer.blocked != before.blocked {
            let action = if customer.blocked {
                "customer.blocked"
            } else {
                "customer.unblocked"
            };
            let details = serde_json::json!({});
            changes.put(Row::Audit(audit::entry(
                &*self.ports.clock,
                actor,
                action,
                id,
                details,
            )));
        }
        let customer = changes.save(Some(&before), customer);
        self.ports.commit_about(&chats, changes).await?;
        Ok(customer)
    }
}

fn apply(customer: &mut Customer, patch: &CustomerPatch) {
    if let Some(name) = &patch.name {
        name.trim().clone_into(&mut customer.name);
        customer.name_fixed = true;
    }
    let clean = |value: &Option<String>| {
        value
            .as_ref()
            .map(|v| v.trim().to_owned())
            .filter(|v| !v.is_empty())
    };
    if let Some(email) = &patch.email {
        customer.email = clean(email);
    }
    if let Some(phone) = &patch.phone {
        customer.phone = clean(phone);
    }
    if let Some(note) = &patch.note {
        customer.note.clone_from(note);
    }
    if let Some(tags) = &patch.tags {
        let mut tags: Vec<String> = tags
            .iter()
            .map(|t| t.trim().to_owned())
            .filter(|t| !t.is_empty())
            .collect();
        tags.sort();
        tags.dedup();
        customer.tags = tags;
    }
    if let Some(attributes) = &patch.attributes {
        customer.attributes.clone_from(attributes);
    }
    if let Some(blocked) = patch.blocked {
        customer.blocked = blocked;
    }
}

fn check(patch: &CustomerPatch) -> Result<()> {
    if patch
        .name
        .as_ref()
        .is_some_and(|n| n.trim().is_empty() || n.chars().count() > 200)
    {
        return Err(Error::invalid_field(
            "name",
            "length",
            "a name has 1 to 200 characters",
        ));
    }
    if patch
        .email
        .iter()
        .flatten()
        .any(|e| !e.trim().is_empty() && (!e.contains('@') || e.len() > 320))
    {
        return Err(Error::invalid_field(
            "email",
            "format",
            "this is no e-mail address",
        ));
    }
    if patch.phone.iter().flatten().any(|p| p.chars().count() > 50) {
        return Err(Error::invalid_field(
            "phone",
            "too_long",
            "a phone number has at most 50 characters",
        ));
    }
    if patch.note.as_ref().is_some_and(|n| n.chars().count() > 20_000) {
        return Err(Error::invalid_field(
            "note",
            "too_long",
            "a note has at most 20,000 characters",
        ));
    }
    if patch
        .tags
        .as_ref()
        .is_some_and(|tags| tags.len() > limits::TAGS || tags.iter().any(|t| t.chars().count() > limits::TAG))
    {
        return Err(Error::invalid_field(
            "tags",
            "too_long",
            "at most 30 tags of 50 characters each",
        ));
    }
    match &patch.attributes {
        Some(told) => attributes::check(told, limits::ATTRIBUTES),
        None => Ok(()),
    }
}
