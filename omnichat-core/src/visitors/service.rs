//! What a visitor may ask of their chat. Reading it is in `history`, what was missed in `catching_up`, what is written in
//! `sending`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::Visitor;
use crate::conversations::{Conversation, Facets, Sort};
use crate::customers::Customer;
use crate::error::Result;
use crate::id::{CustomerId, TenantId};
use crate::operators::OperatorStatus;
use crate::page::PageRequest;
use crate::ports::Ports;
use crate::store::TenantStore;

/// A card that has so many attributes gets no further ones from a page.
const ATTRIBUTES: usize = 80;

/// Reads for visitors. What visitors do comes in as any channel's events do, see [`Engine::receive`](crate::Engine::receive).
#[derive(Clone, Debug)]
pub struct VisitorService {
    pub(super) ports: Arc<Ports>,
}

impl VisitorService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Whether operators have blocked the customer who the visitor is. A blocked one is to be let in no more.
    pub async fn is_blocked(&self, visitor: &Visitor) -> Result<bool> {
        let customer = self.customer(visitor).await?;
        Ok(customer.is_some_and(|customer| customer.blocked))
    }

    /// The visitor's conversation: the current one, else the last that was closed, since its end should be seen.
    pub async fn conversation(&self, visitor: &Visitor) -> Result<Option<Conversation>> {
        let store = self.store(visitor);
        let (inbox, chat) = (visitor.inbox(), visitor.chat());
        if let Some(current) = store.find_current_conversation(inbox, chat).await? {
            return Ok(Some(current));
        }
        let Some(known) = store.find_chat(inbox, chat).await? else {
            return Ok(None);
        };
        let filter = Facets {
            inbox: Some(inbox),
            customer: Some(known.customer),
            sort: Sort::Created,
            ..Facets::default()
        };
        let last = store
            .list_conversations(&filter.into(), &PageRequest::first(PageRequest::MAX))
            .await?;
        Ok(last
            .items
            .into_iter()
            .find(|conversation| visitor.owns(conversation)))
    }

    /// Of attributes that a page tells, those for which the customer's card has room: names could be made up without end. Those that
    /// it has are taken in any case.
    pub async fn attributes_with_room(
        &self,
        visitor: &Visitor,
        mut told: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        if told.is_empty() {
            return Ok(told);
        }
        if let Some(customer) = self.customer(visitor).await?
            && customer.attributes.len() >= ATTRIBUTES
        {
            told.retain(|name, _| customer.attributes.contains_key(name));
        }
        Ok(told)
    }

    /// The visitors that a customer is, on every inbox where it has a chat.
    pub async fn of_customer(&self, tenant: TenantId, customer: CustomerId) -> Result<Vec<Visitor>> {
        let chats = self.ports.tenant(tenant).list_chats(&[customer]).await?;
        Ok(chats.into_iter().map(Visitor::of_chat).collect())
    }

    /// Whether any operator of a tenant takes conversations: visitors are told that much of them, and not who.
    pub async fn anybody_online(&self, tenant: TenantId) -> Result<bool> {
        let operators = self.ports.tenant(tenant).list_operators().await?;
        Ok(operators
            .iter()
            .any(|operator| operator.status == OperatorStatus::Online && !operator.disabled))
    }

    async fn customer(&self, visitor: &Visitor) -> Result<Option<Customer>> {
        let store = self.store(visitor);
        match store.find_chat(visitor.inbox(), visitor.chat()).await? {
            Some(chat) => store.find_customer(chat.customer).await,
            None => Ok(None),
        }
    }

    pub(super) fn store(&self, visitor: &Visitor) -> Arc<dyn TenantStore> {
        self.ports.tenant(visitor.tenant())
    }
}
