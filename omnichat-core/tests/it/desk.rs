//! A desk for tests: an engine with one tenant, one owner and one inbox on the fake channel.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::actor::{Actor, Role};
use omnichat_core::channel::{Capabilities, Inbound, InboundEvent, InboundMessage, Person, Profile};
use omnichat_core::clock::{Clock, ManualClock, Timestamp};
use omnichat_core::conversations::Conversation;
use omnichat_core::event::{Envelope, Event};
use omnichat_core::id::ConversationId;
use omnichat_core::inboxes::{Inbox, NewInbox, RoutingStrategy};
use omnichat_core::job::ClaimRequest;
use omnichat_core::messages::{Audience, Message, NewMessage};
use omnichat_core::operators::{NewOperator, Operator, OperatorStatus};
use omnichat_core::page::PageRequest;
use omnichat_core::store::Store;
use omnichat_core::store::memory::MemoryStore;
use omnichat_core::testing::{Acting as _, FakeChannel, FakeKind};
use omnichat_core::{Engine, EngineBuilder};

pub(crate) struct Desk {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) channel: Arc<FakeChannel>,
    pub(crate) owner: Operator,
    pub(crate) actor: Actor,
    pub(crate) inbox: Inbox,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self::with(RoutingStrategy::Manual, FakeChannel::everything()).await
    }

    pub(crate) async fn with(routing: RoutingStrategy, capabilities: Capabilities) -> Self {
        Self::built(routing, capabilities, |store| store, |builder| builder).await
    }

    /// A desk whose store is wrapped and whose engine has more parts.
    pub(crate) async fn built(
        routing: RoutingStrategy,
        capabilities: Capabilities,
        wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>,
        more: impl FnOnce(EngineBuilder) -> EngineBuilder,
    ) -> Self {
        let clock = Arc::new(ManualClock::default());
        let kind = Arc::new(FakeKind::new(Arc::new(FakeChannel::new(capabilities))));
        let channel = kind.channel();
        let store = wrap(Arc::new(MemoryStore::new(clock.clone())));
        let builder = Engine::builder(store).clock(clock.clone()).channel(kind);
        let engine = more(builder).build();
        let (_, owner) = engine
            .tenants()
            .create("Shop", new_operator("owner", Role::Owner, 5))
            .await
            .unwrap();
        let actor = owner.actor();
        let inbox = NewInbox {
            kind: FakeChannel::KIND.to_owned(),
            title: "Chat".to_owned(),
            config: serde_json::json!({ "token": "secret token" }),
            scenario: None,
            routing,
            proxy_url: None,
        };
        let inbox = engine.inboxes().create(&actor, inbox).await.unwrap();
        Self {
            engine,
            clock,
            channel,
            owner,
            actor,
            inbox,
        }
    }

    pub(crate) async fn operator(&self, name: &str, capacity: u32) -> Operator {
        let new = new_operator(name, Role::Operator, capacity);
        self.engine.operators().create(&self.actor, new).await.unwrap().0
    }

    pub(crate) async fn online(&self, operator: &Operator) {
        let operators = self.engine.operators();
        let actor = operators.actor(operator).await.unwrap();
        let online = operators.set_status(&actor, operator.id, OperatorStatus::Online);
        online.await.unwrap();
    }

    /// A message from a customer, in a conversation that it may begin.
    pub(crate) async fn hear(&self, chat: &str, external_id: &str, text: &str) -> ConversationId {
        let applied = self
            .engine
            .receive(self.inbox.id, said(chat, external_id, text))
            .await
            .unwrap();
        applied.conversation.unwrap()
    }

    pub(crate) async fn tell(
        &self,
        chat: &str,
        event: InboundEvent,
    ) -> omnichat_core::flow::inbound::Applied {
        let event = Inbound::private(chat.to_owned(), event);
        self.engine.receive(self.inbox.id, event).await.unwrap()
    }

    pub(crate) async fn say(&self, conversation: ConversationId, key: &str, text: &str) -> Message {
        self.engine
            .messages()
            .send(&self.actor, conversation, answer(key, text))
            .await
            .unwrap()
            .message
    }

    pub(crate) async fn run(&self) {
        self.engine.run_due().await.unwrap();
    }

    /// Works off what is due, again and again, for so long.
    pub(crate) async fn run_for(&self, time: Duration, step: Duration) {
        let end = self.clock.now().after(time);
        while self.clock.now() < end {
            self.run().await;
            self.clock.advance(step);
        }
        self.run().await;
    }

    /// Claims everything that is due, and lets the leases run out: workers that died in the middle.
    pub(crate) async fn lose_what_is_due(&self) -> usize {
        let request = ClaimRequest {
            lease: Duration::from_secs(20),
            limit: 100,
            ..ClaimRequest::default()
        };
        let lost = self.engine.ports().store.claim_jobs(request).await.unwrap();
        self.clock.advance(Duration::from_secs(20));
        lost.leases.len()
    }

    /// The kinds of the jobs in the queue.
    pub(crate) async fn job_kinds(&self) -> Vec<String> {
        self.engine.ports().store.job_kinds().await.unwrap()
    }

    pub(crate) async fn conversation(&self, id: ConversationId) -> Conversation {
        self.engine.conversations().get(&self.actor, id).await.unwrap()
    }

    /// Everything in a conversation, oldest first.
    pub(crate) async fn messages(&self, id: ConversationId) -> Vec<Message> {
        let page = self
            .engine
            .messages()
            .list(&self.actor, id, PageRequest::first(100))
            .await
            .unwrap();
        page.items.into_iter().rev().collect()
    }

    /// The texts of a conversation, oldest first, without entries of the time line.
    pub(crate) async fn texts(&self, id: ConversationId) -> Vec<String> {
        let messages = self.messages(id).await;
        messages
            .into_iter()
            .map(|m| m.content.text)
            .filter(|text| !text.is_empty())
            .collect()
    }

    pub(crate) async fn log(&self) -> Vec<Envelope> {
        self.engine
            .ports()
            .tenant(self.actor.tenant)
            .events_after(0, 1_000)
            .await
            .unwrap()
    }

    pub(crate) async fn event_names(&self) -> Vec<&'static str> {
        self.log().await.iter().map(|e| Event::name(&e.event)).collect()
    }
}

pub(crate) fn new_operator(name: &str, role: Role, capacity: u32) -> NewOperator {
    NewOperator {
        name: name.to_owned(),
        email: format!("{name}@example.org"),
        role: role.into(),
        capacity,
        locale: None,
        password_hash: Some("hash".to_owned()),
    }
}

pub(crate) fn said(chat: &str, external_id: &str, text: &str) -> Inbound {
    Inbound::private(chat.to_owned(), InboundEvent::Message(message(external_id, text))).by(Person::from(
        Profile {
            name: format!("Customer {chat}"),
            ..Profile::default()
        },
    ))
}

pub(crate) fn message(external_id: &str, text: &str) -> InboundMessage {
    InboundMessage {
        external_id: external_id.to_owned(),
        text: text.to_owned(),
        ..InboundMessage::default()
    }
}

/// A message with the platform's time, in whole seconds as platforms give it, and number.
pub(crate) fn dated(external_id: &str, secs: i64, order: u64) -> InboundMessage {
    InboundMessage {
        at: Some(Timestamp::from_secs(secs)),
        order: Some(order),
        ..message(external_id, external_id)
    }
}

pub(crate) fn answer(key: &str, text: &str) -> NewMessage {
    NewMessage {
        client_key: format!("{key:0>8}"),
        audience: Audience::Customer,
        text: text.to_owned(),
        spans: Vec::new(),
        files: Vec::new(),
        buttons: Vec::new(),
        reply_to: None,
        part: None,
    }
}
