//! A channel of one's own, from its webhook to the answer.
//!
//! Run it with `cargo run -p example-own-channel`. The channel itself is in `channel.rs`.

mod channel;

use std::sync::Arc;

use channel::DoorbellKind;
use omnichat_core::Engine;
use omnichat_core::actor::Role;
use omnichat_core::channel::WebhookRequest;
use omnichat_core::clock::SystemClock;
use omnichat_core::conversations::ConversationFilter;
use omnichat_core::error::Result;
use omnichat_core::inboxes::{NewInbox, RoutingStrategy};
use omnichat_core::messages::{Audience, DeliveryState, NewMessage};
use omnichat_core::operators::NewOperator;
use omnichat_core::page::PageRequest;
use omnichat_core::store::memory::MemoryStore;
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let state = converse().await?;
    println!("the answer is {}", state.map_or("nowhere", DeliveryState::name));
    Ok(())
}

/// A visitor rings, an operator answers; how far the answer got.
async fn converse() -> Result<Option<DeliveryState>> {
    let store = Arc::new(MemoryStore::new(Arc::new(SystemClock)));
    let engine = Engine::builder(store)
        .channel(Arc::new(DoorbellKind::default()))
        .build();

    let owner = NewOperator {
        name: "Concierge".to_owned(),
        email: "concierge@example.org".to_owned(),
        role: Role::Owner.into(),
        capacity: 10,
        locale: None,
        password_hash: None,
    };
    let (_, operator) = engine.tenants().create("House 7", owner).await?;
    let actor = engine.operators().actor(&operator).await?;
    let inbox = NewInbox {
        kind: "doorbell".to_owned(),
        title: "Front door".to_owned(),
        config: json!({ "key": "ding" }),
        scenario: None,
        routing: RoutingStrategy::Manual,
        proxy_url: None,
    };
    let inbox = engine.inboxes().create(&actor, inbox).await?;

    let ring = json!({ "id": "1", "flat": "12", "name": "Courier", "text": "A parcel for you" });
    let request = WebhookRequest::post(ring.to_string()).with_header("X-Doorbell-Key", "ding");
    engine.receive_webhook(inbox.id, request).await?;

    let page = engine
        .conversations()
        .list(&actor, ConversationFilter::default(), PageRequest::first(10))
        .await?;
    let conversation = &page.items[0];
    println!(
        "{} says: {}",
        conversation.customer_name,
        conversation.last_message.as_ref().map_or("", |m| &m.preview)
    );

    let answer = NewMessage {
        client_key: "answer-0001".to_owned(),
        audience: Audience::Customer,
        text: "Come in".to_owned(),
        spans: Vec::new(),
        files: Vec::new(),
        buttons: Vec::new(),
        reply_to: None,
        part: None,
    };
    let sent = engine.messages().send(&actor, conversation.id, answer).await?;
    engine.run_due().await?;
    Ok(engine.messages().get(&actor, sent.message.id).await?.state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_answer_gets_back() {
        assert_eq!(converse().await.unwrap(), Some(DeliveryState::Sent));
    }
}
