//! Opening, closing, and what is left after a crash.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::fixture::StoreFixture;
use super::kinds::{found, one_of_each};
use super::scene::{Scene, assert_duplicate, fault};
use crate::change::{Row, unique};
use crate::clock::ManualClock;
use crate::conversations::Facets;
use crate::customers::{Customer, CustomerFilter};
use crate::error::ErrorKind;
use crate::id::TenantId;
use crate::job::{ClaimRequest, JobChange, LeaseKey};
use crate::messages::Message;
use crate::page::PageRequest;
use crate::store::Store;

/// A store says what it is and that it can be reached.
pub async fn a_store_answers(fixture: StoreFixture) {
    fixture.store.ping().await.expect("the store can be reached");
    assert!(!fixture.store.name().is_empty());
}

/// After a store is closed, everything is refused, and nothing hangs.
pub async fn a_closed_store_refuses_everything(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    scene.queue([scene.job("lane")]).await;
    let store = &fixture.store;
    store.close().await.expect("the store is closed");
    let closed = ErrorKind::Unavailable;
    let now = scene.now();
    let request = ClaimRequest {
        limit: 1,
        ..ClaimRequest::default()
    };
    assert_eq!(fault(scene.try_write([scene.customer()]).await), closed);
    assert_eq!(fault(store.ping().await), closed);
    assert_eq!(fault(store.claim_jobs(request).await), closed);
    assert_eq!(
        fault(
            store
                .extend_lease(
                    LeaseKey {
                        job: scene.job("").id,
                        generation: 1
                    },
                    Duration::ZERO
                )
                .await
        ),
        closed
    );
    assert_eq!(fault(store.job_kinds().await), closed);
    assert_eq!(fault(store.queue_depth(now).await), closed);
    assert_eq!(fault(store.tenants().await), closed);
    assert_eq!(fault(store.inbox_owner(scene.inbox().id).await), closed);
    assert_eq!(
        fault(
            store
                .inboxes_of_accounts("fake", "app", &["1".to_owned()], None, 1)
                .await
        ),
        closed
    );
    assert_eq!(fault(store.inboxes_of_app("fake", "app", 1).await), closed);
    assert_eq!(fault(store.operators_by_email("a@example.org").await), closed);
    assert_eq!(fault(store.prune(now, now).await), closed);
    assert_eq!(
        fault(scene.reads.find_customer(scene.customer().id).await),
        closed
    );
    let filter = Facets::default();
    assert_eq!(
        fault(
            scene
                .reads
                .list_conversations(&filter.clone().into(), &PageRequest::first(1))
                .await
        ),
        closed
    );
    assert_eq!(fault(scene.reads.event_head().await), closed);
    assert_eq!(
        fault(store.tenant(scene.tenant).find_record("kind", "key").await),
        closed
    );
}

/// Commits that are under way when a store is closed are written whole or not at all, and each learns which.
pub async fn closing_tears_no_commit(fixture: StoreFixture) {
    let scene = Arc::new(Scene::new(&fixture).await);
    let mut writers = Vec::new();
    for _ in 0..8 {
        let scene = scene.clone();
        writers.push(tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for _ in 0..25 {
                let pair: Vec<Row> = vec![scene.customer().into(), scene.customer().into()];
                match scene.try_write(pair.clone()).await {
                    Ok(_) => acknowledged.extend(pair),
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error:?}");
                        break;
                    }
                }
            }
            acknowledged
        }));
    }
    tokio::task::yield_now().await;
    fixture.store.close().await.expect("the store is closed");
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(writer.await.expect("a writer ends"));
    }
    let Some(store) = fixture.reopen().await else {
        return;
    };
    let scene = Scene::of(&scene, store);
    for row in acknowledged {
        assert_eq!(
            found(&scene, &row).await,
            Some(row),
            "an acknowledged row was lost"
        );
    }
    let reads = &scene.reads;
    let rows = super::scene::walk(100, async |page| {
        reads.list_customers(&CustomerFilter::default(), &page).await
    })
    .await;
    assert_eq!(rows.len() % 2, 0, "half of a commit was written");
}

/// What was acknowledged is there when the data is opened again after an orderly end.
pub async fn reopening_keeps_everything(fixture: StoreFixture) {
    let before = Before::new(&fixture).await;
    fixture.store.close().await.expect("the store is closed");
    let Some(store) = fixture.reopen().await else {
        return;
    };
    before.holds_in(store).await;
}

/// What was acknowledged is there when the process died without a word.
pub async fn a_crash_loses_nothing(fixture: StoreFixture) {
    let before = Before::new(&fixture).await;
    // The store is abandoned as it is; nobody closes it.
    let Some(store) = fixture.reopen().await else {
        return;
    };
    before.holds_in(store).await;
}

/// Opening again and again adds and takes nothing.
pub async fn reopening_often_changes_nothing(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let rows = one_of_each(&scene, "text");
    scene.write(rows.clone()).await;
    fixture.store.close().await.expect("the store is closed");
    for n in 1..=3 {
        let Some(store) = fixture.reopen().await else {
            return;
        };
        let scene = Scene::of(&scene, store);
        for row in &rows {
            assert_eq!(found(&scene, row).await.as_ref(), Some(row));
        }
        assert_eq!(scene.tell("again").await.seq, n);
        assert_eq!(fixture_tenants(&*scene.store).await, [scene.tenant]);
        scene.store.close().await.expect("the store is closed");
    }
}

/// Everything that a store can hold, as it was before it was opened again.
struct Before {
    scene: Scene,
    rows: Vec<Row>,
    head: u64,
    leased: LeaseKey,
    behind: crate::job::Job,
    retried: LeaseKey,
    clock: Arc<ManualClock>,
}

impl Before {
    async fn new(fixture: &StoreFixture) -> Self {
        let scene = Scene::new(fixture).await;
        let mut rows = one_of_each(&scene, "text «ж» 🦊");
        let mut changes = scene.changes();
        changes.rows = rows.clone();
        changes.rows.push(
            scene
                .record("expiring", "key", json!(1))
                .expiring(scene.in_secs(5))
                .into(),
        );
        changes.events = ["one", "two", "three"]
            .map(|text| scene.event(text).into())
            .into();
        let leased = scene.job("leased");
        let behind = scene.job("leased");
        changes
            .job(leased.clone())
            .job(behind.clone())
            .job(scene.job("retried").unique("key"));
        scene.commit(changes).await;
        let leases = scene.claim(10).await;
        assert_eq!(
            leases.iter().map(|l| l.job.lane.as_str()).collect::<Vec<_>>(),
            ["leased", "retried"]
        );
        let retry = JobChange::Retry {
            lease: leases[1].key(),
            after: Duration::from_secs(30),
            error: "no".to_owned(),
        };
        scene.try_jobs([retry]).await.expect("it is held");
        // A row that was replaced, the oldest event that was pruned, a commit that failed.
        rows.retain(|row| !matches!(row, Row::Customer(_)));
        let customer = scene.customer();
        let second = Customer {
            version: 2,
            name: "Second".to_owned(),
            ..customer.clone()
        };
        scene.write([customer, second.clone()]).await;
        rows.push(second.into());
        let mut faulty = scene.changes();
        faulty
            .put(Customer {
                version: 5,
                ..scene.customer()
            })
            .event(scene.event("never"));
        assert_eq!(fault(scene.store.commit(faulty).await), ErrorKind::Conflict);
        fixture.clock.advance(Duration::from_secs(5));
        scene.tell("four").await;
        let (leased, retried) = (leases[0].key(), leases[1].key());
        Self {
            head: 4,
            clock: fixture.clock.clone(),
            scene,
            rows,
            leased,
            behind,
            retried,
        }
    }

    async fn holds_in(self, store: Arc<dyn Store>) {
        let scene = Scene::of(&self.scene, store);
        for row in &self.rows {
            assert_eq!(found(&scene, row).await.as_ref(), Some(row));
        }
        assert_eq!(fixture_tenants(&*scene.store).await, [scene.tenant]);
        assert_eq!(
            scene.events().await.iter().map(|e| e.seq).collect::<Vec<_>>(),
            [1, 2, 3, 4]
        );
        assert_eq!(scene.reads.event_head().await.expect("the head"), self.head);
        assert_eq!(scene.tell("five").await.seq, self.head + 1);

        // Unique rules still know what they knew.
        let message = self
            .rows
            .iter()
            .find_map(|row| if let Row::Message(m) = row { Some(m) } else { None });
        let message = message.expect("a message was written").clone();
        let other = Message {
            id: crate::id::MessageId::generate(scene.clock()),
            client_key: None,
            ..message
        };
        assert_duplicate(scene.try_write([other]).await, unique::MESSAGE_EXTERNAL);

        // The queue: who holds what, in which order, how often tried.
        assert_eq!(
            scene.claim_ids(10).await,
            [],
            "a lease or a due time was forgotten"
        );
        scene.queue([scene.job("another").unique("key")]).await;
        assert_eq!(scene.claim_ids(10).await, [], "a unique key was forgotten");
        assert_eq!(
            fault(scene.try_jobs([JobChange::Finish(self.retried)]).await),
            ErrorKind::Conflict
        );
        scene.finish(self.leased).await;
        assert_eq!(
            scene.claim(10).await.iter().map(|l| &l.job).collect::<Vec<_>>(),
            [&self.behind]
        );
        // What was to expire expires; old events go.
        let pruned = scene
            .store
            .prune(scene.now(), scene.now())
            .await
            .expect("it can be pruned");
        assert_eq!(pruned, 2 + 3, "two records and three events were over");
        assert_eq!(scene.reads.event_tail().await.expect("the tail"), 4);

        self.clock.advance(Duration::from_secs(25));
        let leases = scene.claim(10).await;
        assert_eq!(leases.len(), 1);
        assert_eq!(leases[0].job.lane, "retried");
        assert_eq!(
            (leases[0].generation, leases[0].attempts, leases[0].lost),
            (2, 1, false)
        );
        scene.store.close().await.expect("the store is closed");
    }
}

async fn fixture_tenants(store: &dyn Store) -> Vec<TenantId> {
    store
        .tenants()
        .await
        .expect("it can be read")
        .into_iter()
        .map(|tenant| tenant.id)
        .collect()
}
