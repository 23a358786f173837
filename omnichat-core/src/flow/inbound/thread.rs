//! The thread of an event: the chat, whose it is, and its current conversation.

use std::collections::BTreeMap;

use super::people::{self, People};
use crate::change::{Changes, Row};
use crate::channel::{ChatInfo, Inbound};
use crate::chats::{Chat, ChatKind};
pub(super) use crate::conversations::Thread;
use crate::conversations::{Conversation, Priority, Status};
use crate::error::Result;
use crate::id::{ChatId, ContactId, ConversationId};
use crate::inboxes::accounts::Account;
use crate::limits;
use crate::ports::Ports;

/// Reads a thread; none if the chat is unknown.
pub(super) async fn load(ports: &Ports, account: &Account, chat: &str) -> Result<Option<Thread>> {
    let store = ports.tenant(account.inbox.tenant);
    let Some(chat) = store.find_chat(account.inbox.id, chat).await? else {
        return Ok(None);
    };
    let Some(customer) = store.find_customer(chat.customer).await? else {
        return Ok(None);
    };
    let contact = match chat.contact {
        Some(contact) => store.find_contact(contact).await?,
        None => None,
    };
    let conversation = store
        .find_current_conversation(account.inbox.id, &chat.external_id)
        .await?;
    Ok(Some(Thread {
        customer,
        contact,
        also: Vec::new(),
        chat,
        conversation,
    }))
}

/// The thread of an event, with what the platform newly says of the chat and its person; a new chat if it is unknown.
pub(super) async fn join(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    known: Option<Thread>,
    changes: &mut Changes,
) -> Result<Thread> {
    match known {
        Some(mut thread) => {
            refresh(ports, account, event, &mut thread, changes).await?;
            Ok(thread)
        }
        None => begin_chat(ports, account, event, changes).await,
    }
}

async fn begin_chat(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    changes: &mut Changes,
) -> Result<Thread> {
    let told = &event.chat;
    let mut people = People::new(ports, account, changes);
    let (customer, contact) = match told.kind {
        ChatKind::Private => {
            let person = event.person.clone().unwrap_or_default();
            let (customer, contact) = people.of_chat(told, &person).await?;
            (customer, Some(contact))
        }
        // Nobody writes as the group: it is a customer so that lists and cards have somebody to show.
        ChatKind::Group | ChatKind::Thread | ChatKind::Channel => (people.named(called(told)), None),
    };
    let chat = Chat {
        id: ChatId::generate(&*ports.clock),
        tenant: account.inbox.tenant,
        inbox: account.inbox.id,
        external_id: told.id.clone(),
        kind: told.kind,
        customer: customer.id,
        contact: contact.as_ref().map(|contact| contact.id),
        title: told.title.clone(),
        context: told.context.clone(),
        route: told.route.clone(),
        unreachable: false,
        created_at: ports.now(),
        version: 1,
    };
    changes.put(Row::Chat(chat.clone()));
    Ok(Thread {
        customer,
        contact,
        also: Vec::new(),
        chat,
        conversation: None,
    })
}

/// What a chat with several people is called.
fn called(chat: &ChatInfo) -> String {
    let title = chat.title.as_deref().unwrap_or_default().trim();
    match title.is_empty() {
        false => title.chars().take(limits::NAME).collect(),
        true => people::tail(&chat.id),
    }
}

/// Takes over what the platform newly says; writes only what changed.
async fn refresh(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    thread: &mut Thread,
    changes: &mut Changes,
) -> Result<()> {
    let before = thread.chat.clone();
    follow_chat(&mut thread.chat, &event.chat);
    let mut people = People::new(ports, account, changes);
    match (before.kind, thread.chat.kind) {
        (_, ChatKind::Private) => {
            if let Some(person) = &event.person {
                people.follow(event, thread, person).await?;
            }
        }
        // It was with one person, who stays who that is.
        (ChatKind::Private, _) => {
            thread.customer = people.named(called(&event.chat));
            thread.chat.customer = thread.customer.id;
            thread.chat.contact = None;
            thread.contact = None;
        }
        _ if event.chat.title.is_some() && !thread.customer.name_fixed => {
            let known = thread.customer.clone();
            thread.customer.name = called(&event.chat);
            people.put_customer(&mut thread.customer, &known);
        }
        _ => {}
    }
    let known = thread.customer.clone();
    people::see(&mut thread.customer, ports.now());
    people.put_customer(&mut thread.customer, &known);
    if thread.chat != before {
        if card(&thread.chat) != card(&before) {
            people.touch(&mut thread.customer);
        }
        thread.chat.version += 1;
        changes.put(Row::Chat(thread.chat.clone()));
    }
    Ok(())
}

/// What a customer's card shows of a chat.
fn card(chat: &Chat) -> (ChatKind, &Option<String>, Option<ContactId>, bool) {
    (chat.kind, &chat.title, chat.contact, chat.unreachable)
}

fn follow_chat(chat: &mut Chat, told: &ChatInfo) {
    // Not every event says it, and no group becomes a private chat.
    if told.kind != ChatKind::Private {
        chat.kind = told.kind;
    }
    if told.title.is_some() {
        chat.title.clone_from(&told.title);
    }
    if !told.context.is_empty() {
        chat.context.clone_from(&told.context);
    }
    for (name, value) in &told.route {
        if chat.route.contains_key(name) || chat.route.len() < limits::ROUTE {
            chat.route.insert(name.clone(), value.clone());
        }
    }
}

/// Notes on the chat whether it can be written to; the row goes among the changes if that is news.
pub(super) fn set_reachable(
    ports: &Ports,
    account: &Account,
    thread: &mut Thread,
    reachable: bool,
    changes: &mut Changes,
) {
    if thread.chat.unreachable != reachable {
        return;
    }
    People::new(ports, account, changes).touch(&mut thread.customer);
    let chat = &mut thread.chat;
    chat.unreachable = !reachable;
    // `join` may already have written this version of the chat.
    let written = changes
        .rows
        .iter()
        .position(|row| matches!(row, Row::Chat(one) if one.id == chat.id));
    match written {
        Some(index) => changes.rows[index] = Row::Chat(chat.clone()),
        None => {
            chat.version += 1;
            changes.put(Row::Chat(chat.clone()));
        }
    }
}

/// Has a conversation show whose its chat is, and what is spoken of.
pub(super) fn show(thread: &Thread, conversation: &mut Conversation) {
    conversation.customer = thread.customer.id;
    if conversation.customer_name != thread.customer.name {
        conversation.customer_name.clone_from(&thread.customer.name);
    }
    conversation.chat_kind = thread.chat.kind;
    if conversation.context != thread.chat.context {
        conversation.context.clone_from(&thread.chat.context);
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
        chat: thread.chat.external_id.clone(),
        chat_kind: thread.chat.kind,
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
        subject: match thread.chat.kind {
            ChatKind::Thread => thread.chat.title.clone(),
            ChatKind::Private | ChatKind::Group | ChatKind::Channel => None,
        },
        context: thread.chat.context.clone(),
        attributes: BTreeMap::new(),
        unread_count: 0,
        waiting_since: None,
        last_message: None,
        last_inbound_at: None,
        customer_read_at: None,
        routing: None,
        unreachable: thread.chat.unreachable,
        created_at: now,
        last_activity_at: now,
        first_response_at: None,
        resolved_at: None,
        snoozed_until: None,
        version: 1,
    }
}
