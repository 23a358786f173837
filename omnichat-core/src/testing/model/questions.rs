//! What both stores are asked: every read there is.

use super::world::{EXTERNAL, KEYS, NAMES, RECORD_KEYS, RECORD_KINDS, World};
use super::{Pair, same};
use crate::contacts::{ContactKey, Scope};
use crate::conversations::{ConversationFilter, Facets};
use crate::customers::CustomerFilter;
use crate::error::Result;
use crate::job::ClaimRequest;
use crate::page::{Page, PageRequest};
use crate::store::TenantStore;
use crate::testing::FakeChannel;

type Answer = std::result::Result<(), String>;

/// Asks a fraction of the questions, another one each time.
pub(super) async fn ask_some(pair: &Pair, seed: u64) -> Answer {
    queue(pair).await?;
    let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17);
    let tenant = (mixed >> 32) as usize % World::TENANTS;
    let filter = pair.world.filter(tenant, mixed);
    conversations(pair, tenant, &filter, 1 + (mixed % 4) as u32).await?;
    entities(pair, tenant, mixed).await?;
    match mixed % 5 {
        0 => conversation_views(pair, tenant).await,
        1 => messages(pair, tenant, 2).await,
        2 => people(pair, tenant, 2, mixed).await,
        3 => logs(pair, tenant, 2).await,
        _ => rows(pair, tenant).await,
    }
}

/// Asks everything.
pub(super) async fn ask_all(pair: &Pair) -> Answer {
    queue(pair).await?;
    same(
        "the tenants",
        &pair.memory.tenants().await,
        &pair.other.tenants().await,
    )?;
    for name in EXTERNAL {
        let email = format!("{name}@example.org");
        let (given, other) = (
            pair.memory.operators_by_email(&email).await,
            pair.other.operators_by_email(&email).await,
        );
        same("operators by address", &given, &other)?;
    }
    for tenant in 0..World::TENANTS {
        for seed in 0..20 {
            let filter = pair.world.filter(tenant, seed);
            conversations(pair, tenant, &filter, 1 + (seed % 5) as u32).await?;
            entities(pair, tenant, seed).await?;
        }
        conversation_views(pair, tenant).await?;
        messages(pair, tenant, 3).await?;
        people(pair, tenant, 3, 0).await?;
        logs(pair, tenant, 3).await?;
        rows(pair, tenant).await?;
    }
    Ok(())
}

async fn queue(pair: &Pair) -> Answer {
    let now = pair.world.now();
    let look = ClaimRequest::default();
    same(
        "the next due time",
        &pair.memory.claim_jobs(look.clone()).await,
        &pair.other.claim_jobs(look).await,
    )?;
    same(
        "the kinds of jobs",
        &pair.memory.job_kinds().await,
        &pair.other.job_kinds().await,
    )?;
    same(
        "the depth of the queue",
        &pair.memory.queue_depth(now).await,
        &pair.other.queue_depth(now).await,
    )
}

async fn conversations(pair: &Pair, tenant: usize, filter: &Facets, limit: u32) -> Answer {
    let wanted = &ConversationFilter::from(filter.clone());
    let list = async |reads: &dyn TenantStore, page| reads.list_conversations(wanted, &page).await;
    pages(pair, tenant, limit, list)
        .await
        .map_err(|e| format!("{filter:?}: {e}"))
}

async fn conversation_views(pair: &Pair, tenant: usize) -> Answer {
    let (world, reads, other) = (&pair.world, pair.memory(tenant), pair.other(tenant));
    for slot in 0..3 {
        let operator = world.operator(tenant, slot);
        for visible in [false, true] {
            let given = reads.count_conversations(operator, visible).await;
            same(
                "the counts",
                &given,
                &other.count_conversations(operator, visible).await,
            )?;
        }
    }
    same(
        "the loads",
        &reads.operator_loads().await,
        &other.operator_loads().await,
    )?;
    let inboxes = [0, 1].map(|slot| world.inbox(tenant, slot));
    for (of, limit) in [(&inboxes[..0], 10), (&inboxes[..1], 2), (&inboxes[..], 10)] {
        let given = reads.unassigned_conversations(of, None, limit).await;
        let first = given.as_ref().ok().and_then(|found| found.first());
        let after = first.and_then(|c| Some((c.waiting_since?, c.id)));
        same(
            "the unassigned",
            &given,
            &other.unassigned_conversations(of, None, limit).await,
        )?;
        same(
            "the unassigned behind the first",
            &reads.unassigned_conversations(of, after, limit).await,
            &other.unassigned_conversations(of, after, limit).await,
        )?;
    }
    for inbox in inboxes {
        for chat in EXTERNAL {
            let given = reads.find_current_conversation(inbox, chat).await;
            same(
                "the current one",
                &given,
                &other.find_current_conversation(inbox, chat).await,
            )?;
        }
    }
    Ok(())
}

async fn messages(pair: &Pair, tenant: usize, limit: u32) -> Answer {
    let (world, reads, other) = (&pair.world, pair.memory(tenant), pair.other(tenant));
    for slot in 0..2 {
        let conversation = world.conversation(tenant, slot);
        let list = async |reads: &dyn TenantStore, page| reads.list_messages(conversation, &page).await;
        pages(pair, tenant, limit, list)
            .await
            .map_err(|e| format!("messages: {e}"))?;
        for up_to in -3..3 {
            let given = reads.unread_outgoing(conversation, up_to).await;
            same(
                "the unread",
                &given,
                &other.unread_outgoing(conversation, up_to).await,
            )?;
        }
        for key in KEYS {
            let given = reads.find_message_by_client_key(conversation, key).await;
            same(
                "by client key",
                &given,
                &other.find_message_by_client_key(conversation, key).await,
            )?;
        }
        let inbox = world.inbox(tenant, slot);
        for chat in EXTERNAL {
            for id in EXTERNAL {
                let given = reads.find_message_by_external_id(inbox, chat, id).await;
                same(
                    "by external id",
                    &given,
                    &other.find_message_by_external_id(inbox, chat, id).await,
                )?;
            }
        }
    }
    for slot in 0..6 {
        let message = world.message(tenant, slot);
        same(
            "a message",
            &reads.find_message(message).await,
            &other.find_message(message).await,
        )?;
        same(
            "revisions",
            &reads.list_revisions(message).await,
            &other.list_revisions(message).await,
        )?;
    }
    Ok(())
}

async fn people(pair: &Pair, tenant: usize, limit: u32, seed: u64) -> Answer {
    let (world, reads, other) = (&pair.world, pair.memory(tenant), pair.other(tenant));
    let texts = NAMES.into_iter().chain(["a", "%", "_", "АН", "@"]);
    let filters = texts.map(CustomerFilter::with_text);
    for filter in filters.chain((0..12).map(|n| world.customer_filter(seed.wrapping_add(n)))) {
        let list = async |reads: &dyn TenantStore, page| reads.list_customers(&filter, &page).await;
        pages(pair, tenant, limit, list)
            .await
            .map_err(|e| format!("{filter:?}: {e}"))?;
    }
    for slot in 0..4 {
        let customer = world.customer(tenant, slot);
        same(
            "contacts",
            &reads.list_contacts(&[customer]).await,
            &other.list_contacts(&[customer]).await,
        )?;
        same(
            "chats",
            &reads.list_chats(&[customer]).await,
            &other.list_chats(&[customer]).await,
        )?;
        let contact = world.contact(tenant, slot);
        same(
            "a contact",
            &reads.find_contact(contact).await,
            &other.find_contact(contact).await,
        )?;
    }
    for slot in 0..2 {
        let inbox = world.inbox(tenant, slot);
        for chat in EXTERNAL {
            same(
                "a chat",
                &reads.find_chat(inbox, chat).await,
                &other.find_chat(inbox, chat).await,
            )?;
            for (scope, claimed) in [
                (Scope::Inbox, false),
                (Scope::Inbox, true),
                (Scope::platform("somewhere"), false),
                (Scope::Email, true),
            ] {
                let key = ContactKey {
                    inbox: (scope == Scope::Inbox).then_some(inbox),
                    scope,
                    external_id: chat.to_owned(),
                    claimed,
                };
                same(
                    "a contact by its key",
                    &reads.find_contact_by_key(&key).await,
                    &other.find_contact_by_key(&key).await,
                )?;
            }
        }
        same(
            "an owner",
            &pair.memory.inbox_owner(inbox).await,
            &pair.other.inbox_owner(inbox).await,
        )?;
    }
    let kind = FakeChannel::KIND;
    let accounts: Vec<String> = EXTERNAL.iter().take(2).map(|id| (*id).to_owned()).collect();
    for limit in [1, 100] {
        same(
            "inboxes of an app",
            &pair.memory.inboxes_of_app(kind, "app", limit).await,
            &pair.other.inboxes_of_app(kind, "app", limit).await,
        )?;
        same(
            "inboxes of accounts",
            &pair
                .memory
                .inboxes_of_accounts(kind, "app", &accounts, None, limit)
                .await,
            &pair
                .other
                .inboxes_of_accounts(kind, "app", &accounts, None, limit)
                .await,
        )?;
    }
    same(
        "operators",
        &reads.list_operators().await,
        &other.list_operators().await,
    )?;
    same(
        "inboxes",
        &reads.list_inboxes().await,
        &other.list_inboxes().await,
    )
}

async fn logs(pair: &Pair, tenant: usize, limit: u32) -> Answer {
    let (reads, other) = (pair.memory(tenant), pair.other(tenant));
    let list = async |reads: &dyn TenantStore, page| reads.list_audit(&page).await;
    pages(pair, tenant, limit, list)
        .await
        .map_err(|e| format!("audit: {e}"))?;
    for kind in RECORD_KINDS {
        for prefix in RECORD_KEYS {
            let given = reads.list_records(kind, prefix, 4).await;
            same("records", &given, &other.list_records(kind, prefix, 4).await)?;
            same(
                "a record",
                &reads.find_record(kind, prefix).await,
                &other.find_record(kind, prefix).await,
            )?;
        }
    }
    same("the head", &reads.event_head().await, &other.event_head().await)?;
    same("the tail", &reads.event_tail().await, &other.event_tail().await)?;
    for after in [0, 3, 9] {
        same(
            "events",
            &reads.events_after(after, 5).await,
            &other.events_after(after, 5).await,
        )?;
    }
    same(
        "events",
        &reads.events_after(0, 1_000).await,
        &other.events_after(0, 1_000).await,
    )
}

/// Walks a stretch of an index, and asks for what its keys hold.
async fn entities(pair: &Pair, tenant: usize, seed: u64) -> Answer {
    let (reads, other) = (pair.memory(tenant), pair.other(tenant));
    let mut query = pair.world.entity_query(seed);
    let (kind, index) = (query.kind.clone(), query.index.clone());
    let given = reads.count_entities(&kind, &index, &query.range, 3).await;
    same(
        "how many entries",
        &given,
        &other.count_entities(&kind, &index, &query.range, 3).await,
    )?;
    for key in query.range.from.iter().chain(&query.range.until) {
        same(
            "who has a unique key",
            &reads.find_unique_entity(&kind, &index, key).await,
            &other.find_unique_entity(&kind, &index, key).await,
        )?;
    }
    same(
        "outdated entities",
        &pair.memory.outdated_entities(&kind, 2, 3).await,
        &pair.other.outdated_entities(&kind, 2, 3).await,
    )?;
    loop {
        let given = reads.page_entities(&query).await;
        same("a page of entities", &given, &other.page_entities(&query).await)
            .map_err(|e| format!("{query:?}: {e}"))?;
        match given.ok().and_then(|page| page.next) {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}

async fn rows(pair: &Pair, tenant: usize) -> Answer {
    let (world, reads, other) = (&pair.world, pair.memory(tenant), pair.other(tenant));
    for slot in 0..6 {
        let id = world.conversation(tenant, slot);
        same(
            "a conversation",
            &reads.find_conversation(id).await,
            &other.find_conversation(id).await,
        )?;
        let id = world.customer(tenant, slot);
        same(
            "a customer",
            &reads.find_customer(id).await,
            &other.find_customer(id).await,
        )?;
        let id = world.operator(tenant, slot);
        same(
            "an operator",
            &reads.find_operator(id).await,
            &other.find_operator(id).await,
        )?;
        let id = world.inbox(tenant, slot);
        same(
            "an inbox",
            &reads.find_inbox(id).await,
            &other.find_inbox(id).await,
        )?;
        let id = world.file(tenant, slot);
        same("a file", &reads.find_file(id).await, &other.find_file(id).await)?;
    }
    Ok(())
}

/// Walks a list page by page in both stores; each page must be the same, cursor included.
async fn pages<T: std::fmt::Debug>(
    pair: &Pair,
    tenant: usize,
    limit: u32,
    list: impl AsyncFn(&dyn TenantStore, PageRequest) -> Result<Page<T>>,
) -> Answer {
    let (reads, other) = (pair.memory(tenant), pair.other(tenant));
    let mut request = PageRequest::first(limit);
    loop {
        let given = list(&*reads, request.clone()).await;
        same("a page", &given, &list(&*other, request).await)?;
        match given.ok().and_then(|page| page.next) {
            Some(cursor) => request = PageRequest::after(limit, cursor),
            None => return Ok(()),
        }
    }
}

impl Pair {
    fn memory(&self, tenant: usize) -> std::sync::Arc<dyn TenantStore> {
        self.memory.tenant(self.world.make(tenant).tenant)
    }

    fn other(&self, tenant: usize) -> std::sync::Arc<dyn TenantStore> {
        self.other.tenant(self.world.make(tenant).tenant)
    }
}
