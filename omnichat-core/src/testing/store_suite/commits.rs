//! A commit is all or nothing.

use std::time::Duration;

use serde_json::json;

use super::fixture::StoreFixture;
use super::kinds::{found, one_of_each};
use super::scene::{Scene, fault};
use crate::change::{Changes, Removal, Row};
use crate::error::ErrorKind;
use crate::job::{JobChange, LeaseKey};
use crate::testing::Builder;

/// Rows of every kind, a removal, a job and an event, together.
pub async fn everything_is_written(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let old = scene.record("old", "key", json!(1));
    scene.write([old.clone()]).await;

    let mut changes = scene.changes();
    changes.rows = one_of_each(&scene, "text");
    changes.remove(Removal::Record {
        kind: "old".to_owned(),
        key: "key".to_owned(),
    });
    changes.job(scene.job("lane"));
    changes.event(scene.event("it happened"));
    let committed = scene.commit(changes.clone()).await;

    for row in &changes.rows {
        assert_eq!(found(&scene, row).await.as_ref(), Some(row));
    }
    assert_eq!(found(&scene, &Row::from(old)).await, None);
    assert_eq!(scene.claim(10).await.len(), 1);
    assert!(committed.jobs_queued);
    assert_eq!(committed.events.len(), 1);
    assert_eq!(scene.events().await.len(), 1);
}

/// A faulty row, wherever it stands among good ones, leaves none of them, no removal, no job and no event.
pub async fn a_faulty_row_leaves_nothing(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let kept = scene.record("kept", "key", json!(1));
    scene.write([kept.clone()]).await;
    let good = one_of_each(&scene, "text");

    for position in 0..=good.len() {
        let mut changes = scene.changes();
        changes.rows = good.clone();
        // Version 7 of a row that is not there.
        let stale = crate::customers::Customer {
            version: 7,
            ..scene.customer()
        };
        changes.rows.insert(position, stale.into());
        changes.remove(Removal::Record {
            kind: "kept".to_owned(),
            key: "key".to_owned(),
        });
        changes.job(scene.job("lane"));
        changes.event(scene.event("it did not happen"));
        assert_eq!(
            fault(scene.store.commit(changes).await),
            ErrorKind::Conflict,
            "position {position}"
        );
        nothing_is_left(&scene, &good, &kept.clone().into()).await;
    }

    // The same rows are welcome once the fault is gone.
    scene.write(good).await;
}

/// A lease that is not held, wherever it stands among good changes of the queue, leaves nothing.
pub async fn a_faulty_job_leaves_nothing(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let kept = scene.record("kept", "key", json!(1));
    scene.write([kept.clone()]).await;
    let good = one_of_each(&scene, "text");
    let never_leased = scene.job("other");

    for position in 0..=2 {
        let mut changes = scene.changes();
        changes.rows = good.clone();
        changes.remove(Removal::Record {
            kind: "kept".to_owned(),
            key: "key".to_owned(),
        });
        changes
            .job(scene.job("lane"))
            .job(scene.job("lane").unique("key"));
        let lease = LeaseKey {
            job: never_leased.id,
            generation: 1,
        };
        changes.jobs.insert(position, JobChange::Finish(lease));
        changes.event(scene.event("it did not happen"));
        assert_eq!(
            fault(scene.store.commit(changes).await),
            ErrorKind::Conflict,
            "position {position}"
        );
        nothing_is_left(&scene, &good, &kept.clone().into()).await;
    }
}

/// A commit that fails after changing the queue leaves the queue as it was, leases included.
pub async fn a_fault_leaves_the_queue_as_it_was(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let jobs = ["a", "b", "c"].map(|lane| scene.job(lane));
    scene.queue(jobs.clone()).await;
    let leases: Vec<LeaseKey> = scene.claim(3).await.iter().map(|lease| lease.key()).collect();
    assert_eq!(leases.len(), 3);

    let changes = [
        JobChange::Finish(leases[0]),
        JobChange::Retry {
            lease: leases[1],
            after: Duration::ZERO,
            error: "no".to_owned(),
        },
        JobChange::Repeat {
            lease: leases[2],
            after: Duration::ZERO,
            payload: json!({ "again": true }),
        },
        JobChange::Finish(LeaseKey {
            generation: 99,
            ..leases[0]
        }),
    ];
    assert_eq!(fault(scene.try_jobs(changes).await), ErrorKind::Conflict);

    assert_eq!(scene.claim_ids(10).await, [], "the jobs are still leased");
    fixture.clock.advance(std::time::Duration::from_secs(61));
    let again = scene.claim(10).await;
    assert_eq!(
        again.iter().map(|lease| &lease.job).collect::<Vec<_>>(),
        jobs.iter().collect::<Vec<_>>()
    );
    assert!(
        again
            .iter()
            .all(|lease| lease.lost && lease.generation == 2 && lease.attempts == 0)
    );
}

/// A row of another tenant is refused, whatever its kind, and takes the good ones with it.
pub async fn a_row_of_another_tenant_is_refused(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let other = Scene::new(&fixture).await;
    let mut rows = one_of_each(&other, "text");
    rows.push(
        crate::tenants::Tenant {
            version: 2,
            ..Builder::of(other.tenant, fixture.clock.clone()).tenant()
        }
        .into(),
    );
    for foreign in rows {
        let good = scene.customer();
        let mut changes = scene.changes();
        changes.put(good.clone()).put(foreign.clone());
        assert_eq!(
            fault(scene.store.commit(changes).await),
            ErrorKind::Forbidden,
            "{foreign:?}"
        );
        assert_eq!(found(&scene, &good.into()).await, None);
        if !matches!(foreign, Row::Tenant(_)) {
            assert_eq!(found(&other, &foreign).await, None);
        }
    }
}

/// A new job of another tenant is refused.
pub async fn a_job_of_another_tenant_is_refused(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let other = Scene::new(&fixture).await;
    assert_eq!(
        fault(scene.try_jobs([other.job("lane")]).await),
        ErrorKind::Forbidden
    );
    assert_eq!(scene.claim_ids(10).await, []);
}

/// Nothing can be written for a tenant that does not exist.
pub async fn a_tenant_must_exist(fixture: StoreFixture) {
    let nobody = Scene::of(&Builder::new(fixture.clock.clone()), fixture.store.clone());
    assert_eq!(
        fault(nobody.try_write([nobody.customer()]).await),
        ErrorKind::NotFound
    );
    assert_eq!(
        fault(nobody.try_jobs([nobody.job("lane")]).await),
        ErrorKind::NotFound
    );
    let events = vec![nobody.event("nothing").into()];
    assert_eq!(
        fault(
            nobody
                .store
                .commit(Changes {
                    events,
                    ..nobody.changes()
                })
                .await
        ),
        ErrorKind::NotFound
    );
    assert_eq!(nobody.claim_ids(10).await, []);
    assert_eq!(nobody.reads.event_head().await.expect("the head of no log"), 0);
}

/// A tenant can be made together with what it is to have.
pub async fn a_tenant_is_made_with_its_first_rows(fixture: StoreFixture) {
    let scene = Scene::of(&Builder::new(fixture.clock.clone()), fixture.store.clone());
    let operator = scene.operator();
    let mut changes = scene.changes();
    changes
        .put(scene.tenant())
        .put(operator.clone())
        .event(scene.event("first"))
        .job(scene.job("lane"));
    scene.commit(changes).await;
    assert_eq!(
        scene
            .reads
            .find_operator(operator.id)
            .await
            .expect("it can be read"),
        Some(operator)
    );
    assert_eq!(scene.events().await[0].seq, 1);
}

/// Changes without anything in them are fine and change nothing.
pub async fn nothing_can_be_committed(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let committed = scene.commit(scene.changes()).await;
    assert!(committed.events.is_empty() && !committed.jobs_queued);
    assert_eq!(scene.reads.event_head().await.expect("the head"), 0);
}

/// Removals come after the writes; removing what is not there is no error.
pub async fn removals_come_last(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let record = scene.record("kind", "key", json!(1));
    let removal = Removal::Record {
        kind: "kind".to_owned(),
        key: "key".to_owned(),
    };
    let mut changes = scene.changes();
    changes.put(record.clone()).remove(removal.clone());
    scene.commit(changes).await;
    assert_eq!(found(&scene, &record.into()).await, None);

    let mut changes = scene.changes();
    changes.remove(removal);
    changes.remove(Removal::Inbox(scene.inbox().id));
    let entity = scene.entity("tag");
    changes.remove(Removal::Entity {
        kind: entity.kind,
        id: entity.id,
    });
    scene.commit(changes).await;
}

/// A commit of many rows, jobs and events is as whole as a small one.
pub async fn a_large_commit_is_whole(fixture: StoreFixture) {
    const MANY: usize = 700;
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let mut changes = scene.changes();
    for n in 0..MANY {
        changes.put(scene.message(&conversation, &format!("message {n}")));
        changes.job(scene.job(&format!("lane {n}")));
        changes.event(scene.event(&n.to_string()));
    }
    let mut faulty = changes.clone();
    faulty.put(crate::customers::Customer {
        version: 2,
        ..scene.customer()
    });
    assert_eq!(fault(scene.store.commit(faulty).await), ErrorKind::Conflict);
    assert_eq!(scene.events().await.len(), 0);
    assert_eq!(scene.claim_ids(2_000).await.len(), 0);

    let committed = scene.commit(changes).await;
    assert_eq!(committed.events.len(), MANY);
    assert_eq!(scene.events().await.len(), MANY);
    assert_eq!(scene.claim_ids(2_000).await.len(), MANY);
    let reads = &scene.reads;
    let said = super::scene::walk(100, async |page| {
        reads.list_messages(conversation.id, &page).await
    })
    .await;
    assert_eq!(said.len(), MANY);
}

async fn nothing_is_left(scene: &Scene, rows: &[Row], kept: &Row) {
    for row in rows {
        assert_eq!(found(scene, row).await, None);
    }
    assert_eq!(
        found(scene, kept).await.as_ref(),
        Some(kept),
        "the removal was not taken back"
    );
    assert_eq!(scene.claim_ids(10).await, [], "a job was left");
    assert_eq!(scene.next().await, None, "a job was left");
    assert_eq!(
        scene.reads.event_head().await.expect("the head"),
        0,
        "an event was left"
    );
}
