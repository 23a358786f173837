//! Parts of one's own in the engine: an entity, a consumer that follows the log, and a kind of job.
//!
//! Run it with `cargo run -p example-own-parts`. Each part is a file of its own, of less than sixty lines.

mod consumer;
mod entity;
mod job;

use std::sync::Arc;

use consumer::Listening;
use entity::Watchword;
use job::Telling;
use omnichat_channels::sandbox::SandboxKind;
use omnichat_core::Engine;
use omnichat_core::actor::Role;
use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage, Person, Profile};
use omnichat_core::clock::SystemClock;
use omnichat_core::error::Result;
use omnichat_core::inboxes::{NewInbox, RoutingStrategy};
use omnichat_core::operators::NewOperator;
use omnichat_core::store::memory::MemoryStore;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    for line in listen().await? {
        println!("{line}");
    }
    Ok(())
}

/// A customer writes of a refund, and somebody hears of it.
async fn listen() -> Result<Vec<String>> {
    let telling = Telling::default();
    let engine = Engine::builder(Arc::new(MemoryStore::new(Arc::new(SystemClock))))
        .channel(Arc::new(SandboxKind::new()))
        .entity::<Watchword>()
        .consumer(Arc::new(Listening))
        .job(Arc::new(telling.clone()))
        .build();
    let owner = NewOperator {
        name: "Front desk".to_owned(),
        email: "desk@example.org".to_owned(),
        role: Role::Owner.into(),
        capacity: 50,
        locale: None,
        password_hash: None,
    };
    let (_, operator) = engine.tenants().create("Shop", owner).await?;
    let desk = engine.operators().actor(&operator).await?;
    let refund = Watchword {
        word: "Refund".to_owned(),
        listener: "the cashier".to_owned(),
    };
    engine.entities::<Watchword>().create(&desk, refund).await?;
    let inbox = NewInbox {
        kind: "sandbox".to_owned(),
        title: "Shop".to_owned(),
        config: serde_json::json!({}),
        scenario: None,
        routing: RoutingStrategy::Manual,
        proxy_url: None,
    };
    let inbox = engine.inboxes().create(&desk, inbox).await?.id;
    for (id, text) in [("1", "Good day"), ("2", "I would like a refund")] {
        let message = InboundMessage {
            external_id: id.to_owned(),
            text: text.to_owned(),
            ..InboundMessage::default()
        };
        let customer = Person::from(Profile {
            name: "Customer".to_owned(),
            ..Profile::default()
        });
        let event = Inbound::private("customer-1", InboundEvent::Message(message)).by(customer);
        engine.receive(inbox, event).await?;
    }
    // A host has `Engine::work` running instead.
    engine.run_due().await?;
    Ok(telling.told())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_word_is_heard_once() {
        assert_eq!(listen().await.unwrap(), ["the cashier was told of «refund»"]);
    }
}
