//! Leases: only the newest holder has a say, and one that dies is noticed.

use std::time::Duration;

use serde_json::json;

use super::fixture::StoreFixture;
use super::scene::{Scene, fault};
use crate::error::ErrorKind;
use crate::job::{Job, JobChange, LeaseKey};

/// A lease that has ended goes to the next claimer, who learns that the holder before may have died.
pub async fn an_ended_lease_is_given_again(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let job = scene.job("lane");
    scene.queue([job.clone()]).await;
    assert_eq!(scene.claim_ids(10).await, [job.id]);
    fixture.clock.advance(Duration::from_micros(59_999_999));
    assert_eq!(scene.claim_ids(10).await, [], "the lease has not ended");
    fixture.clock.advance(Duration::from_micros(1));
    for generation in 2..5 {
        let lease = scene.claim(10).await.remove(0);
        assert_eq!(lease.job, job);
        assert_eq!(
            (lease.generation, lease.attempts, lease.lost),
            (generation, 0, true)
        );
        assert_eq!(u64::from(lease.losses), generation - 1);
        fixture.clock.advance(Duration::from_secs(60));
    }
}

/// A holder whose lease went to another can do nothing with it, and what it wanted to write is not written.
pub async fn an_old_holder_is_fenced_off(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    scene.queue([scene.job("lane")]).await;
    let old = scene.claim(1).await.remove(0).key();
    fixture.clock.advance(Duration::from_secs(60));
    let new = scene.claim(1).await.remove(0).key();
    let after = Duration::ZERO;
    for change in [
        JobChange::Finish(old),
        JobChange::Retry {
            lease: old,
            after,
            error: "no".to_owned(),
        },
        JobChange::Repeat {
            lease: old,
            after,
            payload: json!(1),
        },
    ] {
        let customer = scene.customer();
        let mut changes = scene.changes();
        changes
            .put(customer.clone())
            .job(change)
            .event(scene.event("never"));
        assert_eq!(fault(scene.store.commit(changes).await), ErrorKind::Conflict);
        assert_eq!(
            scene
                .reads
                .find_customer(customer.id)
                .await
                .expect("it can be read"),
            None
        );
    }
    assert_eq!(
        fault(fixture.store.extend_lease(old, Duration::from_secs(500)).await),
        ErrorKind::Conflict
    );
    assert_eq!(scene.reads.event_head().await.expect("the head"), 0);
    scene.finish(new).await;
}

/// A holder who is late, but still the newest, may finish, give back and extend.
pub async fn a_late_holder_may_still_finish(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    scene.queue(["a", "b", "c"].map(|lane| scene.job(lane))).await;
    let leases = scene.claim(3).await;
    fixture.clock.advance(Duration::from_secs(3_600));
    scene.finish(leases[0].key()).await;
    let after = Duration::from_secs(5);
    let lease = leases[1].key();
    scene
        .try_jobs([JobChange::Retry {
            lease,
            after,
            error: "late".to_owned(),
        }])
        .await
        .expect("it is the newest holder");
    fixture
        .store
        .extend_lease(leases[2].key(), Duration::from_secs(60))
        .await
        .expect("it is the newest holder");
    assert_eq!(scene.claim_ids(10).await, []);
}

/// A finished job is gone.
pub async fn a_finished_job_is_gone(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    scene.queue([scene.job("lane")]).await;
    let lease = scene.claim(1).await.remove(0).key();
    scene.finish(lease).await;
    fixture.clock.advance(Duration::from_secs(3_600));
    assert_eq!(scene.claim_ids(10).await, []);
    assert_eq!(
        fault(scene.try_jobs([JobChange::Finish(lease)]).await),
        ErrorKind::Conflict
    );
    assert_eq!(
        fault(fixture.store.extend_lease(lease, Duration::from_secs(60)).await),
        ErrorKind::Conflict
    );
    assert_eq!(scene.next().await, None);
}

/// A job that nobody has leased, or under a generation that was never given, cannot be finished.
pub async fn a_lease_must_have_been_given(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let job = scene.job("lane");
    scene.queue([job.clone()]).await;
    for generation in [0, 1, 2] {
        let lease = LeaseKey {
            job: job.id,
            generation,
        };
        assert_eq!(
            fault(scene.try_jobs([JobChange::Finish(lease)]).await),
            ErrorKind::Conflict
        );
        assert_eq!(
            fault(fixture.store.extend_lease(lease, Duration::from_secs(60)).await),
            ErrorKind::Conflict
        );
    }
    scene.claim(1).await;
    for generation in [0, 2, u64::MAX] {
        let lease = LeaseKey {
            job: job.id,
            generation,
        };
        assert_eq!(
            fault(scene.try_jobs([JobChange::Finish(lease)]).await),
            ErrorKind::Conflict
        );
        assert_eq!(
            fault(fixture.store.extend_lease(lease, Duration::from_secs(60)).await),
            ErrorKind::Conflict
        );
    }
}

/// A retried job comes again at its time, with one more attempt, and was not lost.
pub async fn a_retried_job_counts_its_attempts(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let job = scene.job("lane");
    scene.queue([job.clone()]).await;
    for attempts in 0..4 {
        let lease = scene.claim(10).await.remove(0);
        assert_eq!(
            (lease.generation, lease.attempts, lease.lost),
            (u64::from(attempts) + 1, attempts, false)
        );
        let after = Duration::from_secs(20);
        let retry = JobChange::Retry {
            lease: lease.key(),
            after,
            error: "no «ж»".to_owned(),
        };
        let committed = scene.try_jobs([retry]).await.expect("it is held");
        assert!(committed.jobs_queued);
        // Given back, it is nobody's: the lease is worth nothing any more.
        assert_eq!(
            fault(scene.try_jobs([JobChange::Finish(lease.key())]).await),
            ErrorKind::Conflict
        );
        assert_eq!(
            fault(
                fixture
                    .store
                    .extend_lease(lease.key(), Duration::from_secs(60))
                    .await
            ),
            ErrorKind::Conflict
        );
        assert_eq!(scene.claim_ids(10).await, []);
        fixture.clock.advance(Duration::from_secs(20));
    }
    let lease = scene.claim(10).await.remove(0);
    assert_eq!(lease.job.due_at, scene.now());
    assert_eq!(
        (&lease.job.payload, lease.job.created_at),
        (&job.payload, job.created_at)
    );
}

/// A repeated job comes again with its new payload and begins to count anew.
pub async fn a_repeated_job_begins_anew(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    scene.queue([scene.job("lane").unique("key")]).await;
    let lease = scene.claim(1).await.remove(0).key();
    let retry = JobChange::Retry {
        lease,
        after: Duration::ZERO,
        error: "no".to_owned(),
    };
    scene.try_jobs([retry]).await.expect("it is held");
    let lease = scene.claim(1).await.remove(0);
    assert_eq!(lease.attempts, 1);
    let payload = json!({ "cursor": "2", "n": u64::MAX });
    let after = Duration::from_secs(30);
    let repeat = JobChange::Repeat {
        lease: lease.key(),
        after,
        payload: payload.clone(),
    };
    scene.try_jobs([repeat]).await.expect("it is held");
    assert_eq!(
        fault(scene.try_jobs([JobChange::Finish(lease.key())]).await),
        ErrorKind::Conflict
    );
    // It waits, so it stands for another with its key.
    scene.queue([scene.job("lane").unique("key")]).await;
    assert_eq!(scene.claim_ids(10).await, []);
    fixture.clock.advance(Duration::from_secs(30));
    let leases = scene.claim(10).await;
    assert_eq!(leases.len(), 1);
    assert_eq!(leases[0].job.payload, payload);
    assert_eq!(leases[0].job.due_at, scene.now());
    assert_eq!(
        (leases[0].generation, leases[0].attempts, leases[0].lost),
        (3, 0, false)
    );
}

/// An extended lease keeps others away until its new end.
pub async fn an_extended_lease_lasts_longer(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    scene.queue([scene.job("lane")]).await;
    let lease = scene.claim(1).await.remove(0).key();
    fixture.clock.advance(Duration::from_secs(50));
    fixture
        .store
        .extend_lease(lease, Duration::from_secs(60))
        .await
        .expect("it is held");
    fixture.clock.advance(Duration::from_secs(59));
    assert_eq!(scene.claim_ids(10).await, []);
    fixture
        .store
        .extend_lease(lease, Duration::from_secs(10))
        .await
        .expect("it is held");
    fixture.clock.advance(Duration::from_secs(10));
    let next = scene.claim(10).await.remove(0);
    assert_eq!((next.generation, next.lost), (2, true));
}

/// After a lost lease was dealt with, the next one is not lost any more.
pub async fn a_loss_is_told_once(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    scene.queue([scene.job("lane")]).await;
    scene.claim(1).await;
    fixture.clock.advance(Duration::from_secs(60));
    let lease = scene.claim(1).await.remove(0);
    assert!(lease.lost);
    let retry = JobChange::Retry {
        lease: lease.key(),
        after: Duration::ZERO,
        error: "unsure".to_owned(),
    };
    scene.try_jobs([retry]).await.expect("it is held");
    let lease = scene.claim(1).await.remove(0);
    assert_eq!((lease.lost, lease.attempts, lease.generation), (false, 1, 3));
    assert_eq!(
        lease.losses, 1,
        "a job that is only given back has still lost its lease"
    );
    let repeat = JobChange::Repeat {
        lease: lease.key(),
        after: Duration::ZERO,
        payload: json!(null),
    };
    scene.try_jobs([repeat]).await.expect("it is held");
    assert_eq!(scene.claim(1).await.remove(0).losses, 0, "it begins anew");
}

/// A lease that is not held says so, so that its holder need not guess what was stale.
pub async fn a_lost_lease_is_told_from_a_stale_row(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    scene.queue([scene.job("lane")]).await;
    let lease = scene.claim(1).await.remove(0).key();
    let customer = scene.customer();
    scene.write([customer.clone()]).await;
    let mut changes = scene.changes();
    changes.put(customer).job(JobChange::Finish(lease));
    let stale = scene.store.commit(changes).await.expect_err("the row is stale");
    assert!(!stale.is_lost_lease(), "{stale:?}");
    scene.finish(lease).await;
    let lost = scene.try_jobs([JobChange::Finish(lease)]).await;
    assert!(lost.expect_err("the job is gone").is_lost_lease());
    let lost = fixture.store.extend_lease(lease, Duration::from_secs(60)).await;
    assert!(lost.expect_err("the job is gone").is_lost_lease());
}

/// A job that waits for something outside of it keeps its place and begins to count anew.
pub async fn a_waiting_job_counts_for_nothing(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (job, behind) = (scene.job("lane").unique("key"), scene.job("lane"));
    scene.queue([job.clone(), behind.clone()]).await;
    let lease = scene.claim(10).await.remove(0).key();
    let retry = JobChange::Retry {
        lease,
        after: Duration::ZERO,
        error: "no".to_owned(),
    };
    scene.try_jobs([retry]).await.expect("it is held");
    scene.claim(10).await;
    fixture.clock.advance(Duration::from_secs(60));
    let lease = scene.claim(10).await.remove(0);
    assert_eq!((lease.attempts, lease.losses), (1, 1));
    let wait = JobChange::Wait {
        lease: lease.key(),
        after: Duration::from_secs(30),
        reason: "the plugin is «off»".to_owned(),
    };
    let committed = scene.try_jobs([wait]).await.expect("it is held");
    assert!(committed.jobs_queued);
    assert_eq!(
        fault(scene.try_jobs([JobChange::Finish(lease.key())]).await),
        ErrorKind::Conflict
    );
    // It waits, so it stands for another with its key, and holds its lane.
    scene.queue([scene.job("other").unique("key")]).await;
    assert_eq!(scene.claim_ids(10).await, []);
    fixture.clock.advance(Duration::from_secs(30));
    let lease = scene.claim(10).await.remove(0);
    let again = Job {
        due_at: scene.now(),
        created_at: scene.now(),
        ..job
    };
    assert_eq!(lease.job, again);
    assert_eq!(
        (lease.generation, lease.attempts, lease.lost, lease.losses),
        (4, 0, false, 0)
    );
    scene.finish(lease.key()).await;
    assert_eq!(scene.claim_ids(10).await, [behind.id]);
}

/// A job that would be repeated beside another with its key ends: that one does the same.
pub async fn a_repeated_job_makes_way_for_its_like(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let jobs = ["one", "two"].map(|lane| scene.job(lane).unique("key"));
    scene.queue([jobs[0].clone()]).await;
    let lease = scene.claim(10).await.remove(0).key();
    scene.queue([jobs[1].clone()]).await;
    let repeat = JobChange::Repeat {
        lease,
        after: Duration::ZERO,
        payload: json!(null),
    };
    scene.try_jobs([repeat]).await.expect("it is held");
    assert_eq!(scene.claim_ids(10).await, [jobs[1].id]);
    assert_eq!(scene.claim_ids(10).await, []);
}
