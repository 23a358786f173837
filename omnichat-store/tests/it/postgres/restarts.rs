//! Messages go out while the database is restarted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use omnichat_core::Engine;
use omnichat_core::actor::Role;
use omnichat_core::channel::{Capabilities, Inbound, InboundEvent, InboundMessage};
use omnichat_core::error::ErrorKind;
use omnichat_core::id::{ConversationId, MessageId};
use omnichat_core::inboxes::{NewInbox, RoutingStrategy};
use omnichat_core::messages::{Audience, DeliveryState, NewMessage};
use omnichat_core::operators::NewOperator;
use omnichat_core::testing::{Acting as _, FakeChannel, FakeKind};
use omnichat_store::StoreOptions;
use omnichat_store::postgres::PostgresStore;

use super::cluster::Cluster;
use super::fixture::Database;

const CONVERSATIONS: usize = 20;
/// Asks for more restarts than the short form has.
const RESTARTS: &str = "OMNICHAT_RESTARTS";
/// Messages of each conversation between two restarts.
const MESSAGES: usize = 3;

fn message(key: &str) -> NewMessage {
    NewMessage {
        client_key: key.to_owned(),
        audience: Audience::Customer,
        text: key.to_owned(),
        spans: Vec::new(),
        files: Vec::new(),
        buttons: Vec::new(),
        reply_to: None,
        part: None,
    }
}

/// Nothing is sent twice unless somebody was asked first.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_sent_twice_across_restarts() {
    let cluster = Cluster::own();
    let database = Database::on(cluster.clone()).await;
    let store = PostgresStore::open(&database.url(), StoreOptions::default())
        .await
        .unwrap();
    let capabilities = Capabilities {
        polling: false,
        ..FakeChannel::everything()
    };
    let kind = Arc::new(FakeKind::new(Arc::new(FakeChannel::new(capabilities))));
    let channel = kind.channel();
    let mut options = omnichat_core::EngineOptions::default();
    options.lease = Duration::from_secs(2);
    let engine = Engine::builder(Arc::new(store))
        .channel(kind)
        .options(options)
        .build();
    let owner = NewOperator {
        name: "Owner".to_owned(),
        email: "owner@example.org".to_owned(),
        role: Role::Owner.into(),
        capacity: 100,
        locale: None,
        password_hash: None,
    };
    let (_, owner) = engine.tenants().create("Example", owner).await.unwrap();
    let actor = owner.actor();
    let inbox = NewInbox {
        kind: FakeChannel::KIND.to_owned(),
        title: "Chat".to_owned(),
        config: serde_json::json!({}),
        scenario: None,
        routing: RoutingStrategy::Manual,
        proxy_url: None,
    };
    let inbox = engine.inboxes().create(&actor, inbox).await.unwrap();
    let mut conversations: Vec<ConversationId> = Vec::new();
    for n in 0..CONVERSATIONS {
        let event = Inbound::private(
            n.to_string(),
            InboundEvent::Message(InboundMessage {
                external_id: "1".to_owned(),
                text: "Hello".to_owned(),
                ..InboundMessage::default()
            }),
        );
        let applied = engine.receive(inbox.id, event).await.unwrap();
        conversations.push(applied.conversation.unwrap());
    }

    let worker = engine.clone();
    let work = tokio::spawn(async move { worker.work(std::future::pending()).await });
    let mut sent: Vec<MessageId> = Vec::new();
    let restarts = std::env::var(RESTARTS).map_or(3, |count| count.parse().expect("a number"));
    for round in 0..restarts {
        for n in 0..MESSAGES {
            for conversation in &conversations {
                let key = format!("message-{round}-{n}");
                // Connections from before the restart break when they are used; the same key again is the same message.
                let taken = loop {
                    match engine.messages().send(&actor, *conversation, message(&key)).await {
                        Err(error) if error.kind() == ErrorKind::Unavailable => {}
                        taken => break taken.unwrap(),
                    }
                };
                sent.push(taken.message.id);
            }
        }
        // In the middle of sending them.
        channel
            .called((round * MESSAGES * CONVERSATIONS + CONVERSATIONS) as u64)
            .await;
        let cluster = cluster.clone();
        tokio::task::spawn_blocking(move || cluster.restart())
            .await
            .unwrap();
        until_reachable(&engine).await;
    }

    let states = tokio::time::timeout(Duration::from_secs(60), async {
        let mut rounds = tokio::time::interval(Duration::from_millis(100));
        loop {
            rounds.tick().await;
            let mut states = Vec::new();
            for id in &sent {
                states.push(match engine.messages().get(&actor, *id).await {
                    // A connection from before the last restart.
                    Err(error) if error.kind() == ErrorKind::Unavailable => DeliveryState::Queued,
                    found => found.unwrap().state.unwrap(),
                });
            }
            if !states.contains(&DeliveryState::Queued) {
                return states;
            }
        }
    });
    let states = states.await.expect("every message comes to an end");
    work.abort();
    let mut times: BTreeMap<MessageId, usize> = BTreeMap::new();
    for outbound in channel.sent() {
        *times.entry(outbound.id).or_default() += 1;
    }
    for (id, state) in sent.iter().zip(&states) {
        let times = times.get(id).copied().unwrap_or(0);
        assert!(times <= 1, "{id} was sent {times} times and is {state:?}");
        assert!(
            *state == DeliveryState::Uncertain || (*state, times) == (DeliveryState::Sent, 1),
            "{id} is {state:?} and was sent {times} times"
        );
    }
    let uncertain = states
        .iter()
        .filter(|state| **state == DeliveryState::Uncertain)
        .count();
    println!(
        "{restarts} restarts, {} messages, {uncertain} of them uncertain",
        sent.len()
    );
}

async fn until_reachable(engine: &Engine) {
    let reachable = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(50));
        loop {
            rounds.tick().await;
            if engine.ports().store.ping().await.is_ok() {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reachable)
        .await
        .expect("the store finds the server again");
}
