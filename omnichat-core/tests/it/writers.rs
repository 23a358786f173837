//! Writers of one chat: those that queue, those that do not, and those of other nodes.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::channel::{Inbound, InboundEvent, Person, Profile};
use omnichat_core::clock::ManualClock;
use omnichat_core::conversations::Status;
use omnichat_core::customers::CustomerPatch;
use omnichat_core::inboxes::RoutingStrategy;
use omnichat_core::messages::DeliveryState;
use omnichat_core::store::Store;
use omnichat_core::store::memory::MemoryStore;
use omnichat_core::testing::store_suite::writers::{Chat, heard};
use omnichat_core::testing::{FakeChannel, Fault, FlakyStore, Rounds};

use crate::desk::{Desk, said};

/// Two nodes that share a store, and a conversation.
struct Nodes {
    here: Arc<Chat>,
    there: Arc<Chat>,
    /// What `there` writes to.
    store: Arc<FlakyStore>,
    rounds: Arc<Rounds>,
    clock: Arc<ManualClock>,
}

impl Nodes {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::default());
        let kept = Arc::new(MemoryStore::new(clock.clone()));
        let rounds = Arc::new(Rounds::default());
        let node = || Arc::new(FlakyStore::of_a_node(kept.clone(), rounds.clone()));
        let store = node();
        let here = Arc::new(Chat::on(node(), clock.clone()).await);
        let there = Arc::new(here.beside(store.clone(), clock.clone()));
        Self {
            here,
            there,
            store,
            rounds,
            clock,
        }
    }

    /// Has both nodes meet the other: each plans from what it remembers, and the other has written since.
    async fn meet(&self) {
        for (chat, id) in [(&self.there, "a"), (&self.here, "b"), (&self.there, "c")] {
            chat.engine.receive(chat.inbox, heard(id)).await.unwrap();
        }
        assert_eq!((self.rounds.begun(), self.rounds.held()), (2, 0));
    }

    fn say(&self, key: &'static str) -> tokio::task::JoinHandle<()> {
        let chat = self.there.clone();
        tokio::spawn(async move {
            chat.say(key).await.unwrap();
        })
    }

    fn hear(&self, id: &'static str) -> tokio::task::JoinHandle<()> {
        let chat = self.there.clone();
        tokio::spawn(async move {
            chat.engine.receive(chat.inbox, heard(id)).await.unwrap();
        })
    }
}

/// Returns when whoever was spawned has gone as far as it can.
async fn in_the_queue() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_round_that_has_lasted_long_enough_ends_though_nobody_was_met_since() {
    let nodes = Nodes::new().await;
    nodes.meet().await;
    nodes.store.close();
    let first = nodes.say("first");
    nodes.store.waiting(1).await;
    assert_eq!(nodes.rounds.held(), 1);
    // There is always somebody who writes here, and nobody else has for a while.
    nodes.clock.advance(Duration::from_secs(6));
    let second = nodes.say("second");
    in_the_queue().await;
    nodes.store.let_through();
    first.await.unwrap();
    nodes.store.waiting(1).await;
    assert_eq!(nodes.rounds.held(), 0, "the others may be waiting for it");
    nodes.store.open();
    second.await.unwrap();
    assert_eq!(nodes.here.texts().await.len(), 6);
}

#[tokio::test]
async fn nodes_that_go_on_meeting_take_a_new_round_when_one_is_over() {
    let nodes = Nodes::new().await;
    nodes.meet().await;
    nodes.store.close();
    let first = nodes.say("first");
    nodes.store.waiting(1).await;
    nodes.clock.advance(Duration::from_millis(200));
    let second = nodes.say("second");
    in_the_queue().await;
    nodes.store.let_through();
    first.await.unwrap();
    nodes.store.waiting(1).await;
    assert_eq!((nodes.rounds.begun(), nodes.rounds.held()), (4, 1));
    nodes.store.open();
    second.await.unwrap();
    assert_eq!((nodes.rounds.most(), nodes.rounds.held()), (1, 0));
}

#[tokio::test]
async fn a_chat_in_which_it_is_never_quiet_is_looked_at_all_the_same() {
    let nodes = Nodes::new().await;
    let chat = &nodes.here;
    nodes.hear("1").await.unwrap();
    nodes.store.close();
    let second = nodes.hear("2");
    nodes.store.waiting(1).await;
    let conversations = chat.engine.conversations();
    let before = conversations.get(&chat.actor, chat.conversation).await.unwrap();
    let blocked = CustomerPatch {
        blocked: Some(true),
        ..CustomerPatch::default()
    };
    let customers = chat.engine.customers();
    customers
        .update(&chat.actor, before.customer, blocked)
        .await
        .unwrap();
    nodes.clock.advance(Duration::from_secs(21));
    let third = nodes.hear("3");
    nodes.store.waiting(2).await;
    nodes.store.open();
    second.await.unwrap();
    third.await.unwrap();
    let now = conversations.get(&chat.actor, chat.conversation).await.unwrap();
    assert_eq!(now.status, Status::Spam);
    assert_eq!(nodes.here.texts().await.len(), 4);
    assert_eq!(nodes.rounds.begun(), 0, "what was under way was not overlooked");
}

/// A desk of one node of several.
async fn desk(routing: RoutingStrategy) -> (Desk, Arc<Rounds>) {
    let rounds = Arc::new(Rounds::default());
    let all = rounds.clone();
    let wrap = move |store| Arc::new(FlakyStore::of_a_node(store, all)) as Arc<dyn Store>;
    let desk = Desk::built(routing, FakeChannel::everything(), wrap, |builder| builder).await;
    (desk, rounds)
}

#[tokio::test]
async fn routing_is_not_taken_for_another_node() {
    let (desk, rounds) = desk(RoutingStrategy::LeastLoaded).await;
    desk.online(&desk.operator("robin", 5).await).await;
    let id = desk.hear("7", "1", "Hello").await;
    desk.run().await;
    assert!(desk.conversation(id).await.assignee.is_some());
    desk.hear("7", "2", "Anybody there?").await;
    assert_eq!(rounds.begun(), 0);
}

#[tokio::test]
async fn a_change_of_a_customer_is_not_taken_for_another_node_and_is_seen_at_once() {
    let (desk, rounds) = desk(RoutingStrategy::Manual).await;
    let id = desk.hear("7", "1", "Hello").await;
    let customer = desk.conversation(id).await.customer;
    let blocked = CustomerPatch {
        blocked: Some(true),
        ..CustomerPatch::default()
    };
    desk.engine
        .customers()
        .update(&desk.actor, customer, blocked)
        .await
        .unwrap();
    let renamed = Inbound {
        person: Some(Person::from(Profile {
            name: "Robin".to_owned(),
            ..Profile::default()
        })),
        ..said("7", "2", "Hello?")
    };
    desk.engine.receive(desk.inbox.id, renamed).await.unwrap();
    assert_eq!(desk.conversation(id).await.status, Status::Spam);
    assert_eq!(rounds.begun(), 0);
}

#[tokio::test]
async fn a_lease_that_was_lost_is_not_taken_for_another_node_and_tried_once() {
    let rounds = Arc::new(Rounds::default());
    let (mut flaky, all) = (None, rounds.clone());
    let wrap = |store| {
        let store = Arc::new(FlakyStore::of_a_node(store, all));
        flaky = Some(store.clone());
        store as Arc<dyn Store>
    };
    let quiet = omnichat_core::channel::Capabilities {
        polling: false,
        ..FakeChannel::everything()
    };
    let desk = Desk::built(RoutingStrategy::Manual, quiet, wrap, |builder| builder).await;
    let store = flaky.unwrap();
    let id = desk.hear("7", "1", "Hello").await;
    // It speaks of a message that is not known, and is tried once more.
    let read = InboundEvent::Receipt {
        external_id: "nowhere".to_owned(),
        state: DeliveryState::Read,
        reason: None,
    };
    desk.tell("7", read).await;
    desk.clock.advance(Duration::from_secs(4));
    store.will_fail_endings(Fault::Taken, u32::MAX);
    desk.run().await;
    assert_eq!(store.failed(), 1);
    store.will_fail_endings(Fault::Taken, 0);
    desk.say(id, "k1", "Hi").await;
    assert_eq!(rounds.begun(), 0);
}
