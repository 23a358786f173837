//! Documents: typed rows of the tables of entities, as the quarantine and the automations are kept.

use bytes::Bytes;

use super::fixture::StoreFixture;
use super::scene::Scene;
use crate::channel::WebhookRequest;
use crate::clock::Timestamp;
use crate::entities::{Direction, Document as _, Documents, EntityQuery, IndexKey, KeyRange, Stored};
use crate::id::{InboxId, QuarantineId};
use crate::quarantine::{QuarantineState, Quarantined};

async fn keep(scene: &Scene, documents: &[Stored<Quarantined>]) {
    let mut changes = scene.changes();
    for document in documents {
        changes.keep(document).expect("it has a row");
    }
    scene.commit(changes).await;
}

/// What came is kept byte for byte, whatever it is and however large.
pub async fn a_document_keeps_every_byte(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let every_byte: Vec<u8> = (0..=255).collect();
    for body in [
        Bytes::new(),
        Bytes::from_static(b"{\"update_id\": 1"),
        Bytes::from("текст «ж» 🦊".to_owned()),
        Bytes::from(every_byte),
        Bytes::from_static(b"\0"),
        Bytes::from_static(b"{\"text\": \"\0\"}"),
        Bytes::from_static(b"\xff\xfe broken \xc3\x28"),
        Bytes::from(vec![b'x'; 2_000_000]),
    ] {
        let mut request = WebhookRequest::post(body);
        request.query = "a=1&b=%00&c='".to_owned();
        let request = request
            .with_header("X-Twice", "one")
            .with_header("x-twice", "two")
            .with_header("x-empty", "");
        let mut held = scene.quarantined(scene.inbox().id);
        held.value.request = request;
        keep(&scene, std::slice::from_ref(&held)).await;
        let found = Documents::<Quarantined>::of(&*scene.reads).find(held.id).await;
        assert_eq!(found.expect("it can be read"), Some(held));
    }
}

/// Large ones that come at the same time are all kept.
pub async fn large_documents_come_together(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let held: Vec<_> = (0..6)
        .map(|n| {
            let mut held = scene.quarantined(scene.inbox().id);
            held.value.request = WebhookRequest::post(vec![b'a' + n; 600_000]);
            held
        })
        .collect();
    let commits = held.iter().map(|one| {
        let mut changes = scene.changes();
        changes.keep(one).expect("it has a row");
        scene.store.commit(changes)
    });
    for committed in futures::future::join_all(commits).await {
        committed.expect("it is committed");
    }
    let documents = Documents::<Quarantined>::of(&*scene.reads);
    for one in held {
        let found = documents.find(one.id).await.expect("it can be read");
        assert_eq!(found, Some(one));
    }
}

async fn ids(scene: &Scene, limit: u32, change: impl Fn(&mut EntityQuery)) -> Vec<QuarantineId> {
    let mut query = EntityQuery::first(Quarantined::KIND, Quarantined::ALL, limit);
    change(&mut query);
    let documents = Documents::<Quarantined>::of(&*scene.reads);
    let mut found = Vec::new();
    loop {
        let page = documents.page(&query).await.expect("a page");
        assert!(page.items.len() <= limit as usize && page.damaged.is_empty());
        found.extend(page.items.into_iter().map(|one| one.id));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return found,
        }
    }
}

fn falling(query: &mut EntityQuery) {
    query.direction = Direction::Falling;
}

fn held_by(inbox: InboxId) -> impl Fn(&mut EntityQuery) {
    move |query: &mut EntityQuery| {
        Quarantined::HELD.clone_into(&mut query.index);
        query.range = KeyRange::of(IndexKey::of(&[inbox.uuid().into()]).expect("the key is short"));
    }
}

/// They are listed newest first, ties by id, page by page, and follow what they are: one that no longer waits is in no list of those
/// that do; one that is removed is gone.
pub async fn documents_are_paged_in_order(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inboxes = [scene.inbox().id, scene.inbox().id];
    let mut rows: Vec<Stored<Quarantined>> = (0..17_i64)
        .map(|n| Stored {
            created_at: Timestamp::from_micros(1_000_000 * ((n * 5) % 6)),
            ..scene.quarantined(inboxes[usize::from(n % 2 == 1)])
        })
        .collect();
    keep(&scene, &rows).await;
    rows.sort_by_key(|one| (one.created_at, one.id));
    rows.reverse();
    let newest_first = |rows: &[Stored<Quarantined>]| rows.iter().map(|one| one.id).collect::<Vec<_>>();
    let waiting = |rows: &[Stored<Quarantined>], inbox| {
        let waits =
            |one: &&Stored<Quarantined>| one.value.inbox == inbox && one.value.state == QuarantineState::Held;
        rows.iter()
            .rev()
            .filter(waits)
            .map(|one| one.id)
            .collect::<Vec<_>>()
    };
    for limit in [1, 5, 17] {
        assert_eq!(ids(&scene, limit, falling).await, newest_first(&rows));
        for inbox in inboxes {
            assert_eq!(ids(&scene, limit, held_by(inbox)).await, waiting(&rows, inbox));
        }
    }

    let mut value = rows[3].value.clone();
    value.state = QuarantineState::Replayed;
    value.attempts = 2;
    let removed = rows.remove(5);
    rows[3] = rows[3].next(value, scene.now());
    let mut changes = scene.changes();
    changes.keep(&rows[3]).expect("it has a row");
    changes.discard(removed.row(scene.tenant).expect("it has a row"));
    scene.commit(changes).await;
    assert_eq!(ids(&scene, 4, falling).await, newest_first(&rows));
    for inbox in inboxes {
        assert_eq!(ids(&scene, 4, held_by(inbox)).await, waiting(&rows, inbox));
    }
    let documents = Documents::<Quarantined>::of(&*scene.reads);
    assert_eq!(documents.find(removed.id).await.expect("it can be read"), None);
    assert_eq!(
        documents.count(Quarantined::ALL, 100).await.expect("a number"),
        16
    );
}
