//! Rows that a disk, or a hand in the database, has damaged: each hides itself alone.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use omnichat_core::Engine;
use omnichat_core::change::Changes;
use omnichat_core::conversations::ConversationFilter;
use omnichat_core::customers::CustomerFilter;
use omnichat_core::engine::JobKind;
use omnichat_core::entities::Documents;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::event::Event;
use omnichat_core::event::feed::Followed;
use omnichat_core::job::{Job, JobChange, Lease, kinds};
use omnichat_core::messages::{DeliveryState, Message};
use omnichat_core::page::{Page, PageRequest};
use omnichat_core::quarantine::Quarantined;
use omnichat_core::testing::StoreFixture;
use omnichat_core::testing::store_suite::scene::Scene;
use uuid::Uuid;

/// Writes over the body of a row by its table, a column of its key and that key's value. An event is named by its number.
pub(super) trait Spoil {
    async fn row(&self, table: &str, id: Uuid);
    async fn event(&self, seq: u64);
    /// Writes over the payload of a job.
    async fn job(&self, id: Uuid, payload: &str);
}

/// Three rows of everything, of which the second is damaged: lists answer the others and name it.
pub(super) async fn lists_go_on(fixture: &StoreFixture, spoil: &impl Spoil) {
    let scene = Scene::new(fixture).await;
    let inboxes = [scene.inbox(), scene.inbox(), scene.inbox()];
    let operators = [scene.operator(), scene.operator(), scene.operator()];
    let customers = [scene.customer(), scene.customer(), scene.customer()];
    let conversations: Vec<_> = ["a", "b", "c"]
        .map(|chat| scene.conversation(inboxes[0].id, chat))
        .to_vec();
    let messages: Vec<Message> = ["one", "two", "three"]
        .map(|text| scene.message(&conversations[0], text))
        .to_vec();
    let held = inboxes.clone().map(|inbox| scene.quarantined(inbox.id));
    let kept = held.clone().map(|one| one.row(scene.tenant).unwrap());
    let audit = ["x.one", "x.two", "x.three"].map(|action| scene.audit(action));
    scene.write(inboxes.clone()).await;
    scene.write(operators.clone()).await;
    scene.write(customers.clone()).await;
    scene.write(conversations.clone()).await;
    scene.write(messages.clone()).await;
    scene.write(kept).await;
    scene.write(audit.clone()).await;
    for (table, id) in [
        ("inboxes", inboxes[1].id.uuid()),
        ("operators", operators[1].id.uuid()),
        ("customers", customers[1].id.uuid()),
        ("conversations", conversations[1].id.uuid()),
        ("messages", messages[1].id.uuid()),
        ("entities", held[1].id.uuid()),
        ("audit", audit[1].id.uuid()),
    ] {
        spoil.row(table, id).await;
    }

    let reads = &scene.reads;
    assert_eq!(
        reads.list_inboxes().await.unwrap(),
        [inboxes[0].clone(), inboxes[2].clone()]
    );
    assert_eq!(reads.list_operators().await.unwrap().len(), 2);
    let damaged = [
        pages(async |page| {
            reads
                .list_conversations(&ConversationFilter::default(), &page)
                .await
        })
        .await,
        pages(async |page| reads.list_messages(conversations[0].id, &page).await).await,
        pages(async |page| reads.list_customers(&CustomerFilter::default(), &page).await).await,
        pages(async |page| {
            reads
                .list_customers(&CustomerFilter::with_text("customer"), &page)
                .await
        })
        .await,
        pages(async |page| reads.list_audit(&page).await).await,
    ];
    let second = [
        conversations[1].id.uuid(),
        messages[1].id.uuid(),
        customers[1].id.uuid(),
        customers[1].id.uuid(),
        audit[1].id.uuid(),
    ];
    assert_eq!(damaged, second.map(|id| (2, BTreeSet::from([id]))));

    let documents = Documents::<Quarantined>::of(&**reads);
    let listed = documents.all(Quarantined::ALL).await.unwrap();
    assert_eq!((listed.items.len(), listed.damaged), (2, vec![held[1].id]));
    let error = documents.find(held[1].id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);

    // One that is asked for by itself says what is wrong.
    let error = reads.find_conversation(conversations[1].id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);
    assert!(
        error.message().contains("this conversation is damaged"),
        "{error}"
    );
    assert_eq!(
        reads.find_message(messages[1].id).await.unwrap_err().kind(),
        ErrorKind::Damaged
    );
    assert_eq!(
        reads.find_customer(customers[1].id).await.unwrap_err().kind(),
        ErrorKind::Damaged
    );
    assert!(
        reads
            .find_conversation(conversations[2].id)
            .await
            .unwrap()
            .is_some()
    );
}

/// How many rows a list answers, and which it names as damaged; the same in pages of any size.
async fn pages<T>(list: impl AsyncFn(PageRequest) -> Result<Page<T>>) -> (usize, BTreeSet<Uuid>) {
    let mut answers = Vec::new();
    for limit in [1, 2, 100] {
        let (mut rows, mut damaged) = (0, BTreeSet::new());
        let mut request = PageRequest::first(limit);
        loop {
            let page = list(request).await.unwrap();
            rows += page.items.len();
            damaged.extend(page.damaged);
            match page.next {
                Some(cursor) => request = PageRequest::after(limit, cursor),
                None => break,
            }
        }
        answers.push((rows, damaged));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    answers.remove(0)
}

/// An event that is damaged keeps its number, and followers go on past it.
pub(super) async fn feeds_go_on(fixture: &StoreFixture, spoil: &impl Spoil) {
    let scene = Scene::new(fixture).await;
    let told = [
        scene.tell("one").await,
        scene.tell("two").await,
        scene.tell("three").await,
    ];
    spoil.event(2).await;
    let read = scene.reads.events_after(0, 100).await.unwrap();
    let expected = [told[0].event.clone(), Event::Damaged, told[2].event.clone()];
    assert_eq!(
        read.iter().map(|envelope| envelope.seq).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(
        read.into_iter()
            .map(|envelope| envelope.event)
            .collect::<Vec<_>>(),
        expected
    );

    let engine = Engine::builder(fixture.store.clone())
        .clock(fixture.clock.clone())
        .build();
    let mut follower = engine.follow(scene.tenant, Some(0)).await.unwrap();
    let Followed::Events(events) = follower.next().await.unwrap() else {
        panic!("events come first")
    };
    assert_eq!(
        events
            .iter()
            .map(|envelope| Arc::clone(envelope).event.clone())
            .collect::<Vec<_>>(),
        expected
    );
}

/// A kind that writes down what it did.
#[derive(Default)]
struct Noting(Mutex<Vec<String>>);

#[async_trait]
impl JobKind for Noting {
    fn name(&self) -> &str {
        "test.noting"
    }

    async fn run(&self, engine: &Engine, lease: &Lease) -> Result<()> {
        self.0.lock().unwrap().push(format!("ran {}", lease.job.payload));
        let mut changes = Changes::in_job(&lease.job);
        changes.job(JobChange::Finish(lease.key()));
        engine.ports().commit(changes).await.map(|_| ())
    }

    async fn given_up(&self, _: &Engine, lease: &Lease, why: &Error) -> Result<Changes> {
        self.0
            .lock()
            .unwrap()
            .push(format!("gave up {}: {:?}", lease.job.payload, why.kind()));
        Ok(Changes::in_job(&lease.job))
    }
}

/// A job that cannot be read is given up, and holds up no other.
pub(super) async fn queues_go_on(fixture: &StoreFixture, spoil: &impl Spoil) {
    let scene = Scene::new(fixture).await;
    let jobs = ["one", "two", "three"].map(|text| Job {
        kind: "test.noting".to_owned(),
        payload: text.into(),
        ..scene.job(text)
    });
    let damaged = jobs[1].id;
    scene.queue(jobs).await;
    // As deep as it can be written, and deeper than it can be read.
    spoil
        .job(damaged.uuid(), &("[".repeat(200) + &"]".repeat(200)))
        .await;
    let kind = Arc::new(Noting::default());
    let engine = Engine::builder(fixture.store.clone())
        .clock(fixture.clock.clone())
        .job(kind.clone())
        .build();
    assert_eq!(engine.run_due().await.unwrap(), 3);
    let noted = kind.0.lock().unwrap().clone();
    assert_eq!(noted, ["ran \"one\"", "gave up null: Damaged", "ran \"three\""]);
    assert_eq!(scene.store.job_kinds().await.unwrap(), Vec::<String>::new());
    let audit = scene
        .reads
        .list_audit(&PageRequest::first(10))
        .await
        .unwrap()
        .items;
    let told: Vec<_> = audit
        .iter()
        .map(|entry| (entry.action.as_str(), &entry.target))
        .collect();
    assert_eq!(told, [("job.given_up", &damaged.to_string())]);
}

/// A message whose conversation cannot be read does not wait for ever when its send is given up.
pub(super) async fn messages_fail_alone(fixture: &StoreFixture, spoil: &impl Spoil) {
    let scene = Scene::new(fixture).await;
    let inbox = scene.inbox();
    let conversation = scene.conversation(inbox.id, "chat");
    let message = Message {
        state: Some(DeliveryState::Queued),
        ..scene.answer(&conversation, "Hello")
    };
    scene.write([inbox]).await;
    scene.write([conversation.clone()]).await;
    scene.write([message.clone()]).await;
    scene
        .queue([kinds::outgoing(scene.clock(), kinds::SEND, &message)])
        .await;
    spoil.row("conversations", conversation.id.uuid()).await;
    for _ in 0..5 {
        assert_eq!(scene.claim(1).await.len(), 1);
        fixture.clock.advance(Duration::from_secs(60));
    }
    let engine = Engine::builder(fixture.store.clone())
        .clock(fixture.clock.clone())
        .build();
    assert_eq!(engine.run_due().await.unwrap(), 1);
    let stored = scene.reads.find_message(message.id).await.unwrap().unwrap();
    assert_eq!(stored.state, Some(DeliveryState::Uncertain));
    assert!(stored.failure.unwrap().retryable);
    assert_eq!(scene.store.job_kinds().await.unwrap(), Vec::<String>::new());
}
