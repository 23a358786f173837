//! The thread of an event: the account that wrote, its customer and their current conversation.

use crate::change::{Changes, Row};
use crate::channel::{Inbound, Profile};
use crate::clock::Timestamp;
pub(super) use crate::conversations::Thread;
use crate::conversations::{Conversation, Priority, Status};
use crate::customers::{Customer, Identity};
use crate::error::Result;
use crate::event::Event;
use crate::id::{ConversationId, CustomerId, IdentityId};
use crate::inboxes::accounts::Account;
use crate::limits;
use crate::ports::Ports;

/// `last_seen_at` of a customer is only written when it is older than this, to spare a write per message.
const SEEN: std::time::Duration = std::time::Duration::from_secs(600);

/// Reads a thread; none if the account is unknown.
pub(super) async fn load(ports: &Ports, account: &Account, peer: &str) -> Result<Option<Thread>> {
    let store = ports.tenant(account.inbox.tenant);
    let Some(identity) = store.find_identity(account.inbox.id, peer).await? else {
        return Ok(None);
    };
    let Some(customer) = store.find_customer(identity.customer).await? else {
        return Ok(None);
    };
    let conversation = store.find_current_conversation(account.inbox.id, peer).await?;
    Ok(Some(Thread {
        customer,
        identity,
        conversation,
    }))
}

/// The thread of an event, with what the platform newly says of the customer; a new customer if the account is unknown.
pub(super) fn join(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    known: Option<Thread>,
    changes: &mut Changes,
) -> Thread {
    let now = ports.now();
    match known {
        Some(mut thread) => {
            refresh(&mut thread, event, now, changes);
            thread
        }
        None => {
            let (customer, identity) = newcomer(ports, account, event, now);
            changes
                .put(Row::Customer(customer.clone()))
                .put(Row::Identity(identity.clone()));
            Thread {
                customer,
                identity,
                conversation: None,
            }
        }
    }
}

fn newcomer(ports: &Ports, account: &Account, event: &Inbound, now: Timestamp) -> (Customer, Identity) {
    let profile = event.profile.clone().unwrap_or_default();
    let name = display_name(&profile, &event.peer);
    let customer = Customer {
        id: CustomerId::generate(&*ports.clock),
        tenant: account.inbox.tenant,
        name: name.clone(),
        name_fixed: false,
        email: profile.email,
        phone: profile.phone,
        locale: profile.locale,
        avatar: None,
        note: String::new(),
        tags: Vec::new(),
        attributes: profile.attributes,
        blocked: false,
        created_at: now,
        last_seen_at: now,
        version: 1,
    };
    let identity = Identity {
        id: IdentityId::generate(&*ports.clock),
        tenant: account.inbox.tenant,
        customer: customer.id,
        inbox: account.inbox.id,
        peer: event.peer.clone(),
        username: profile.username,
        name,
        route: event.route.clone(),
        unreachable: false,
        created_at: now,
        version: 1,
    };
    (customer, identity)
}

fn display_name(profile: &Profile, peer: &str) -> String {
    let name = profile.name.trim();
    match (name.is_empty(), &profile.username) {
        (false, _) => name.chars().take(200).collect(),
        (true, Some(username)) => username.clone(),
        (true, None) => {
            let tail: Vec<char> = peer.chars().rev().take(4).collect();
            format!("#{}", tail.into_iter().rev().collect::<String>())
        }
    }
}

/// Takes over what the platform newly says; writes only what changed.
fn refresh(thread: &mut Thread, event: &Inbound, now: Timestamp, changes: &mut Changes) {
    let (customer_before, identity_before) = (thread.customer.clone(), thread.identity.clone());
    let (customer, identity) = (&mut thread.customer, &mut thread.identity);
    if let Some(profile) = &event.profile {
        if !profile.name.trim().is_empty() {
            identity.name = display_name(profile, &identity.peer);
            if !customer.name_fixed {
                customer.name.clone_from(&identity.name);
            }
        }
        if profile.username.is_some() {
            identity.username.clone_from(&profile.username);
        }
        customer.email = customer.email.take().or_else(|| profile.email.clone());
        customer.phone = customer.phone.take().or_else(|| profile.phone.clone());
        if profile.locale.is_some() {
            customer.locale.clone_from(&profile.locale);
        }
        for (name, value) in &profile.attributes {
            customer.set_attribute(name, value);
        }
    }
    for (name, value) in &event.route {
        if identity.route.contains_key(name) || identity.route.len() < limits::ROUTE {
            identity.route.insert(name.clone(), value.clone());
        }
    }
    if now.since(customer.last_seen_at) > SEEN {
        customer.last_seen_at = now;
    }
    if *customer != customer_before {
        customer.version += 1;
        changes.put(Row::Customer(customer.clone()));
        changes.event(Event::CustomerUpdated {
            customer: customer.clone(),
        });
    }
    if *identity != identity_before {
        identity.version += 1;
        changes.put(Row::Identity(identity.clone()));
    }
}

/// Notes on the account whether the customer can be reached; the row goes among the changes if that is news.
pub(super) fn set_reachable(thread: &mut Thread, reachable: bool, changes: &mut Changes) {
    let identity = &mut thread.identity;
    if identity.unreachable != reachable {
        return;
    }
    identity.unreachable = !reachable;
    // `join` may already have written this version of the account.
    let written = changes
        .rows
        .iter()
        .position(|row| matches!(row, Row::Identity(one) if one.id == identity.id));
    match written {
        Some(index) => changes.rows[index] = Row::Identity(identity.clone()),
        None => {
            identity.version += 1;
            changes.put(Row::Identity(identity.clone()));
        }
    }
}

/// A new conversation of a thread. Not yet among the changes.
pub(super) fn begin(ports: &Ports, account: &Account, thread: &Thread) -> Conversation {
    let now = ports.now();
    Conversation {
        id: ConversationId::generate(&*ports.clock),
        tenant: account.inbox.tenant,
        inbox: account.inbox.id,
        channel: account.inbox.kind.clone(),
        customer: thread.customer.id,
        customer_name: thread.customer.name.clone(),
        peer: thread.identity.peer.clone(),
        status: if thread.customer.blocked {
            Status::Spam
        } else {
            Status::New
        },
        priority: Priority::default(),
        assignee: None,
        participants: Vec::new(),
        scenario: None,
        tags: Vec::new(),
        subject: None,
        unread_count: 0,
        waiting_since: None,
        last_message: None,
        last_inbound_at: None,
        customer_read_at: None,
        routing: None,
        unreachable: thread.identity.unreachable,
        created_at: now,
        last_activity_at: now,
        first_response_at: None,
        resolved_at: None,
        snoozed_until: None,
        version: 1,
    }
}
