//! What operators do with customers.

use std::sync::Arc;

use super::model::{Customer, CustomerPatch, Identity};
use crate::actor::{Actor, Permission};
use crate::anew::Anew;
use crate::audit;
use crate::change::{Changes, Row};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::CustomerId;
use crate::limits;
use crate::page::{Page, PageRequest};
use crate::ports::Ports;

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

    /// A customer with its accounts. Who is confined to some inboxes sees those who have an account on them, and that account.
    pub async fn get(&self, actor: &Actor, id: CustomerId) -> Result<(Customer, Vec<Identity>)> {
        actor.require(Permission::CustomersRead)?;
        let store = self.ports.tenant(actor.tenant);
        let customer = store
            .find_customer(id)
            .await?
            .ok_or_else(|| Error::not_found("customer"))?;
        let mut identities = store.list_identities(id).await?;
        if actor.inboxes.is_some() {
            identities.retain(|identity| actor.reaches(identity.inbox));
            if identities.is_empty() {
                return Err(Error::not_found("customer"));
            }
        }
        Ok((customer, identities))
    }

    /// A page of customers, last seen first; with a search text those that have it in name, e-mail or phone.
    ///
    /// # Errors
    /// `Invalid` on `q` for a search text that no index can help to find.
    pub async fn list(
        &self,
        actor: &Actor,
        search: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Customer>> {
        actor.require(Permission::CustomersRead)?;
        actor.require_every_inbox()?;
        let search = search.map(str::trim).filter(|s| !s.is_empty());
        if search.is_some_and(|text| text.chars().count() < limits::SEARCH_MIN) {
            let message = format!("search for at least {} characters", limits::SEARCH_MIN);
            return Err(Error::invalid_field("q", "too_short", message));
        }
        self.ports
            .tenant(actor.tenant)
            .list_customers(search, &page)
            .await
    }

    /// Changes a customer.
    pub async fn update(&self, actor: &Actor, id: CustomerId, patch: CustomerPatch) -> Result<Customer> {
        actor.require(Permission::CustomersWrite)?;
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
        let (before, accounts) = self.get(actor, id).await?;
        if patch.version.is_some_and(|version| version != before.version) {
            return Err(Error::conflict("the customer").with("version", before.version));
        }
        let mut customer = before.clone();
        apply(&mut customer, patch);
        if customer == before {
            return Ok(before);
        }
        customer.version += 1;
        let mut changes = Changes::new(actor.tenant);
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
        changes.put(Row::Customer(customer.clone()));
        changes.event(Event::CustomerUpdated {
            customer: customer.clone(),
        });
        self.ports.commit_about(&accounts, changes).await?;
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
        .is_some_and(|tags| tags.len() > 30 || tags.iter().any(|t| t.chars().count() > 50))
    {
        return Err(Error::invalid_field(
            "tags",
            "too_long",
            "at most 30 tags of 50 characters each",
        ));
    }
    let long = |a: &std::collections::BTreeMap<String, String>| {
        let bytes: usize = a.iter().map(|(name, value)| name.len() + value.len()).sum();
        a.len() > limits::ATTRIBUTES
            || bytes > limits::ATTRIBUTES_BYTES
            || a.iter().any(|(name, value)| {
                name.is_empty()
                    || name.chars().count() > limits::ATTRIBUTE_NAME
                    || value.chars().count() > limits::ATTRIBUTE_VALUE
            })
    };
    if patch.attributes.as_ref().is_some_and(long) {
        return Err(Error::invalid_field(
            "attributes",
            "too_long",
            "at most 100 attributes of 2,000 characters each, and 64 KiB together",
        ));
    }
    Ok(())
}
