//! Rows that a disk, or a hand in the database, has damaged: each hides itself alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use omnichat_core::Engine;
use omnichat_core::conversations::ConversationFilter;
use omnichat_core::error::ErrorKind;
use omnichat_core::event::Event;
use omnichat_core::event::feed::Followed;
use omnichat_core::messages::Message;
use omnichat_core::page::{Page, PageRequest};
use omnichat_core::testing::StoreFixture;
use omnichat_core::testing::store_suite::scene::Scene;
use uuid::Uuid;

/// Writes over the body of a row by its table, a column of its key and that key's value. An event is named by its number.
pub(super) trait Spoil {
    async fn row(&self, table: &str, id: Uuid);
    async fn event(&self, seq: u64);
}

/// Three rows of everything, of which the second is damaged: lists answer the others and name it.
pub(super) async fn lists_go_on(fixture: &StoreFixture, spoil: &impl Spoil) {
    let scene = Scene::new(fixture).await;
    let inboxes = [scene.inbox(), scene.inbox(), scene.inbox()];
    let operators = [scene.operator(), scene.operator(), scene.operator()];
    let customers = [scene.customer(), scene.customer(), scene.customer()];
    let conversations: Vec<_> = ["a", "b", "c"]
        .map(|peer| scene.conversation(inboxes[0].id, peer))
        .to_vec();
    let messages: Vec<Message> = ["one", "two", "three"]
        .map(|text| scene.message(&conversations[0], text))
        .to_vec();
    let held = inboxes.clone().map(|inbox| scene.quarantined(inbox.id));
    let audit = ["x.one", "x.two", "x.three"].map(|action| scene.audit(action));
    scene.write(inboxes.clone()).await;
    scene.write(operators.clone()).await;
    scene.write(customers.clone()).await;
    scene.write(conversations.clone()).await;
    scene.write(messages.clone()).await;
    scene.write(held.clone()).await;
    scene.write(audit.clone()).await;
    for (table, id) in [
        ("inboxes", inboxes[1].id.uuid()),
        ("operators", operators[1].id.uuid()),
        ("customers", customers[1].id.uuid()),
        ("conversations", conversations[1].id.uuid()),
        ("messages", messages[1].id.uuid()),
        ("quarantine", held[1].id.uuid()),
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
        pages(async |page| reads.list_customers(None, &page).await).await,
        pages(async |page| reads.list_customers(Some("customer"), &page).await).await,
        pages(async |page| reads.list_quarantined(&page).await).await,
        pages(async |page| reads.list_audit(&page).await).await,
    ];
    let second = [
        conversations[1].id.uuid(),
        messages[1].id.uuid(),
        customers[1].id.uuid(),
        customers[1].id.uuid(),
        held[1].id.uuid(),
        audit[1].id.uuid(),
    ];
    assert_eq!(damaged, second.map(|id| (2, BTreeSet::from([id]))));

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
async fn pages<T>(
    list: impl AsyncFn(PageRequest) -> omnichat_core::Result<Page<T>>,
) -> (usize, BTreeSet<Uuid>) {
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
