//! Writers of one conversation, through an engine over the store: they queue, and nobody is refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::future::join_all;

use super::fixture::StoreFixture;
use crate::Engine;
use crate::actor::{Actor, Role};
use crate::channel::{Inbound, InboundEvent, InboundMessage};
use crate::clock::ManualClock;
use crate::conversations::{ConversationPatch, Priority};
use crate::error::ErrorKind;
use crate::event::Event;
use crate::id::{ConversationId, InboxId};
use crate::inboxes::{NewInbox, RoutingStrategy};
use crate::messages::{Audience, NewMessage};
use crate::operators::NewOperator;
use crate::page::PageRequest;
use crate::store::Store;
use crate::testing::{FakeChannel, FakeKind};
use crate::vault::Vault;

/// A conversation of an engine, and who may write to it.
pub struct Chat {
    /// Over the store.
    pub engine: Engine,
    /// The owner of the organisation.
    pub actor: Actor,
    /// Where the customer writes.
    pub inbox: InboxId,
    /// What is written to.
    pub conversation: ConversationId,
}

impl std::fmt::Debug for Chat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chat")
            .field("conversation", &self.conversation)
            .finish_non_exhaustive()
    }
}

impl Chat {
    /// A new organisation with one conversation.
    pub async fn begin(fixture: &StoreFixture) -> Self {
        Self::on(fixture.store.clone(), fixture.clock.clone()).await
    }

    /// The same, over a store.
    pub async fn on(store: Arc<dyn Store>, clock: Arc<ManualClock>) -> Self {
        let engine = engine(store, clock);
        let owner = NewOperator {
            name: "Owner".to_owned(),
            email: "owner@example.org".to_owned(),
            role: Role::Owner.into(),
            capacity: 5,
            locale: None,
            password_hash: None,
        };
        let (_, owner) = engine.tenants().create("Example", owner).await.unwrap();
        let actor = owner.acting(Role::Owner.permissions());
        let inbox = NewInbox {
            kind: FakeChannel::KIND.to_owned(),
            title: "Chat".to_owned(),
            config: serde_json::json!({ "token": "secret token" }),
            scenario: None,
            routing: RoutingStrategy::Manual,
            proxy_url: None,
        };
        let inbox = engine.inboxes().create(&actor, inbox).await.unwrap().id;
        let begun = engine.receive(inbox, heard("first")).await.unwrap();
        Self {
            engine,
            actor,
            inbox,
            conversation: begun.conversation.unwrap(),
        }
    }

    /// The same conversation, through an engine over another node's store.
    pub fn beside(&self, store: Arc<dyn Store>, clock: Arc<ManualClock>) -> Self {
        Self {
            engine: engine(store, clock),
            actor: self.actor.clone(),
            ..*self
        }
    }

    /// Says something to the customer.
    pub async fn say(&self, key: &str) -> crate::Result<bool> {
        let message = NewMessage {
            client_key: format!("{:0>8}", key.replace(' ', "-")),
            audience: Audience::Customer,
            text: key.to_owned(),
            spans: Vec::new(),
            files: Vec::new(),
            buttons: Vec::new(),
            reply_to: None,
            part: None,
        };
        let sent = self
            .engine
            .messages()
            .send(&self.actor, self.conversation, message)
            .await?;
        Ok(sent.repeated)
    }

    /// The texts of the conversation, oldest first, without entries of the time line.
    pub async fn texts(&self) -> Vec<String> {
        let page = PageRequest::first(PageRequest::MAX);
        let messages = self.engine.messages();
        let page = messages.list(&self.actor, self.conversation, page).await.unwrap();
        let texts = page.items.into_iter().rev().map(|message| message.content.text);
        texts.filter(|text| !text.is_empty()).collect()
    }

    /// The versions of the conversation in the order of the log, each once.
    pub async fn versions(&self) -> Vec<u64> {
        let store = self.engine.ports().tenant(self.actor.tenant);
        let log = store.events_after(0, 10_000).await.unwrap();
        let mut versions: Vec<u64> = log
            .iter()
            .filter_map(|envelope| match &envelope.event {
                Event::ConversationCreated { conversation }
                | Event::ConversationUpdated { conversation }
                | Event::MessageCreated { conversation, .. } => Some(conversation.version),
                _ => None,
            })
            .collect();
        versions.dedup();
        versions
    }
}

fn engine(store: Arc<dyn Store>, clock: Arc<ManualClock>) -> Engine {
    let channel = FakeChannel::new(FakeChannel::everything());
    Engine::builder(store)
        .clock(clock)
        .channel(Arc::new(FakeKind::new(Arc::new(channel))))
        // Nodes share a key.
        .vault(Vault::new([7; 32]))
        .build()
}

/// What the customer says.
pub fn heard(id: &str) -> Inbound {
    Inbound::private(
        "7",
        InboundEvent::Message(InboundMessage {
            external_id: id.to_owned(),
            text: id.to_owned(),
            ..InboundMessage::default()
        }),
    )
}

fn urgent() -> ConversationPatch {
    ConversationPatch {
        priority: Some(Priority::Urgent),
        ..ConversationPatch::default()
    }
}

/// Operators and the customer write at once: nobody is refused, everything is there once, and each sees what the one before
/// did.
pub async fn writers_queue(fixture: StoreFixture) {
    let chat = Chat::begin(&fixture).await;
    let (answers, questions, marks) = tokio::join!(
        join_all((0..40).map(|n| {
            let chat = &chat;
            async move { chat.say(&format!("answer {n}")).await }
        })),
        join_all((0..20).map(|n| chat.engine.receive(chat.inbox, heard(&format!("question {n}"))))),
        join_all((0..10).map(|_| {
            let (service, chat) = (chat.engine.conversations(), &chat);
            async move { service.mark_read(&chat.actor, chat.conversation).await }
        })),
    );
    answers.into_iter().for_each(|one| assert!(!one.unwrap()));
    questions
        .into_iter()
        .for_each(|one| assert!(!one.unwrap().duplicate));
    marks.into_iter().for_each(|one| drop(one.unwrap()));
    let texts = chat.texts().await;
    assert_eq!(texts.len(), 61);
    assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), 61);
    let versions = chat.versions().await;
    assert_eq!(versions, (1..=versions.len() as u64).collect::<Vec<_>>());
}

/// What came before is not done again, and is in nobody's way.
pub async fn repetitions_disturb_nobody(fixture: StoreFixture) {
    let chat = Chat::begin(&fixture).await;
    let (answers, questions) = tokio::join!(
        join_all((0..40).map(|n| {
            let chat = &chat;
            async move { chat.say(&format!("answer {}", n % 20)).await }
        })),
        join_all((0..20).map(|n| {
            chat.engine
                .receive(chat.inbox, heard(&format!("question {}", n % 10)))
        })),
    );
    let repeated = answers.into_iter().filter(|one| *one.as_ref().unwrap());
    assert_eq!(repeated.count(), 20);
    let duplicates = questions
        .into_iter()
        .filter(|one| one.as_ref().unwrap().duplicate);
    assert_eq!(duplicates.count(), 10);
    assert_eq!(chat.texts().await.len(), 31);
}

/// Who names the version that they saw is told if it is another by then; who names none never is.
pub async fn a_named_version_is_compared(fixture: StoreFixture) {
    let chat = Chat::begin(&fixture).await;
    let service = chat.engine.conversations();
    let seen = service.get(&chat.actor, chat.conversation).await.unwrap().version;
    let named = |n: usize| {
        let subject = ConversationPatch {
            subject: Some(Some(format!("subject {n}"))),
            ..ConversationPatch::default()
        };
        service.update(&chat.actor, chat.conversation, subject, Some(seen))
    };
    let outcomes = join_all((0..10).map(named)).await;
    let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(done.len(), 1);
    for error in refused.into_iter().filter_map(Result::err) {
        assert_eq!(error.kind(), ErrorKind::Conflict);
    }
    let unnamed = (0..10).map(|_| service.update(&chat.actor, chat.conversation, urgent(), None));
    for outcome in join_all(unnamed).await {
        assert_eq!(outcome.unwrap().priority, Priority::Urgent);
    }
}

/// A writer whose caller goes away, in the queue or in the middle of a commit, holds nobody up.
pub async fn a_writer_that_goes_away_holds_nobody_up(fixture: StoreFixture) {
    let chat = Chat::begin(&fixture).await;
    for round in 0..20 {
        let key = format!("gone {round}");
        let mut gone = Box::pin(chat.say(&key));
        // As far as its first few waits, then dropped.
        for _ in 0..round % 5 {
            if futures::poll!(&mut gone).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(gone);
        chat.say(&format!("stays {round}")).await.unwrap();
    }
    let texts = chat.texts().await;
    let stays = texts.iter().filter(|text| text.starts_with("stays")).count();
    assert_eq!(stays, 20);
}
