//! The queue: what is queued, when it is due and how full it is.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::fixture::StoreFixture;
use super::scene::{Scene, fault};
use crate::clock::Timestamp;
use crate::error::ErrorKind;
use crate::job::{ClaimRequest, Job, JobChange, QueueDepth};

/// A claimed job is what was queued, in every field.
pub async fn a_claimed_job_is_what_was_queued(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let job = Job {
        kind: "kind «ж»".to_owned(),
        payload: json!({ "text": "🦊 'quoted' \"double\" \\ %_", "list": [1, null, -1.5, u64::MAX, i64::MIN] }),
        unique: Some("key".to_owned()),
        created_at: scene.in_secs(-5),
        due_at: scene.in_secs(-3),
        ..scene.job("lane / with ' everything %")
    };
    scene.queue([job.clone()]).await;
    let lease = scene.claim(1).await.remove(0);
    assert_eq!(lease.job, job);
    assert_eq!((lease.generation, lease.attempts, lease.lost), (1, 0, false));
    assert_eq!(lease.until, scene.in_secs(60));
}

/// A job is not claimed before it is due, and is at that very moment.
pub async fn a_job_waits_until_it_is_due(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let job = scene.job("lane").due(scene.in_secs(10));
    scene.queue([job.clone()]).await;
    fixture.clock.advance(Duration::from_micros(9_999_999));
    assert_eq!(scene.claim_ids(10).await, []);
    fixture.clock.advance(Duration::from_micros(1));
    assert_eq!(scene.claim_ids(10).await, [job.id]);
}

/// What has been due longest comes first; of what became due together, what was queued first. No more than asked for.
pub async fn longest_due_first(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let due = [-5, -50, -1, -5, -20].map(|secs| scene.in_secs(secs));
    let jobs: Vec<Job> = due
        .iter()
        .enumerate()
        .map(|(n, at)| scene.job(&n.to_string()).due(*at))
        .collect();
    scene.queue(jobs.clone()).await;
    let order: Vec<_> = [1, 4, 0, 3, 2].iter().map(|n| jobs[*n].id).collect();
    assert_eq!(scene.claim_ids(0).await, []);
    assert_eq!(scene.claim_ids(2).await, order[..2]);
    assert_eq!(scene.claim_ids(10).await, order[2..]);
    assert_eq!(scene.claim_ids(10).await, []);
}

/// A worker gets only the kinds that it asks for.
pub async fn kinds_are_claimed_apart(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let of_kind = |kind: &str| Job {
        kind: kind.to_owned(),
        ..scene.job(kind)
    };
    let jobs = ["send", "poll", "fetch"].map(of_kind);
    scene.queue(jobs.clone()).await;
    let there = fixture.store.job_kinds().await.expect("the queue can be asked");
    assert_eq!(there, ["fetch", "poll", "send"]);
    let claim = async |kinds: &[&str]| -> Vec<_> {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let request = ClaimRequest {
            lease: Duration::from_secs(60),
            limit: 10,
            kinds,
            ..ClaimRequest::default()
        };
        let leases = scene.claim_as(request).await.leases;
        leases.into_iter().map(|lease| lease.job.id).collect()
    };
    assert_eq!(claim(&["nothing"]).await, []);
    assert_eq!(claim(&["poll", "nothing"]).await, [jobs[1].id]);
    assert_eq!(claim(&["send", "poll", "fetch"]).await, [jobs[0].id, jobs[2].id]);
}

/// A job whose id is queued already is a conflict.
pub async fn a_job_is_queued_once(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let job = scene.job("lane");
    scene.queue([job.clone()]).await;
    let again = Job {
        lane: "other".to_owned(),
        ..job.clone()
    };
    assert_eq!(fault(scene.try_jobs([again]).await), ErrorKind::Conflict);
    let lease = scene.claim(10).await.remove(0);
    assert_eq!(fault(scene.try_jobs([job]).await), ErrorKind::Conflict);
    scene.finish(lease.key()).await;
}

/// While a job with a key waits, another with it is left out, and the rest of its commit goes through.
pub async fn a_waiting_unique_job_is_enough(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let first = scene.job("one").unique("key").due(scene.in_secs(5));
    scene.queue([first.clone()]).await;

    let mut changes = scene.changes();
    let customer = scene.customer();
    changes
        .put(customer.clone())
        .job(scene.job("two").unique("key"))
        .event(scene.event("through"));
    scene.commit(changes).await;
    assert_eq!(
        scene
            .reads
            .find_customer(customer.id)
            .await
            .expect("it can be read"),
        Some(customer)
    );
    assert_eq!(scene.events().await.len(), 1);

    let other = scene.job("three").unique("another key");
    scene
        .queue([other.clone(), scene.job("four").unique("key")])
        .await;
    fixture.clock.advance(Duration::from_secs(5));
    assert_eq!(scene.claim_ids(10).await, [other.id, first.id]);
}

/// Within one commit, the second job with a key is left out too.
pub async fn unique_jobs_of_one_commit(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let jobs = [
        scene.job("one").unique("key"),
        scene.job("two").unique("key"),
        scene.job("three"),
    ];
    scene.queue(jobs.clone()).await;
    assert_eq!(scene.claim_ids(10).await, [jobs[0].id, jobs[2].id]);
}

/// A job that somebody works on no longer stands for a new one; once there is a new one, it does.
pub async fn a_leased_unique_job_is_not_enough(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let jobs = ["one", "two", "three", "four"].map(|lane| scene.job(lane).unique("key"));
    scene.queue([jobs[0].clone()]).await;
    let first = scene.claim(10).await.remove(0);
    scene.queue([jobs[1].clone()]).await;
    scene.queue([jobs[2].clone()]).await;
    assert_eq!(scene.claim_ids(10).await, [jobs[1].id]);

    // A lease that ran out is no sign that the work was not begun.
    fixture.clock.advance(Duration::from_secs(61));
    scene.queue([jobs[3].clone()]).await;
    assert_eq!(scene.claim_ids(10).await, [jobs[0].id, jobs[1].id, jobs[3].id]);
    assert_eq!(
        fault(scene.try_jobs([JobChange::Finish(first.key())]).await),
        ErrorKind::Conflict
    );
}

/// A job that is given back waits again, beside another with its key, and stands for new ones again.
pub async fn a_unique_job_given_back_waits_again(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (first, second) = (scene.job("one").unique("key"), scene.job("two").unique("key"));
    scene.queue([first.clone()]).await;
    let lease = scene.claim(10).await.remove(0).key();
    scene.queue([second.clone()]).await;
    let after = Duration::ZERO;
    scene
        .try_jobs([JobChange::Retry {
            lease,
            after,
            error: "no".to_owned(),
        }])
        .await
        .expect("it is given back");
    scene.queue([scene.job("three").unique("key")]).await;
    assert_eq!(scene.claim_ids(10).await, [first.id, second.id]);
}

/// Of many who queue a job with the same key at once, one does.
pub async fn one_of_many_unique_jobs_is_queued(fixture: StoreFixture) {
    let scene = Arc::new(Scene::new(&fixture).await);
    let mut callers = Vec::new();
    for n in 0..20 {
        let scene = scene.clone();
        callers.push(tokio::spawn(async move {
            scene.queue([scene.job(&n.to_string()).unique("key")]).await;
        }));
    }
    for caller in callers {
        caller.await.expect("a caller ends");
    }
    assert_eq!(scene.claim_ids(100).await.len(), 1);
}

/// A claim says when time alone makes more claimable: the earliest due time, or end of a lease, of a head that is yet to come.
pub async fn the_next_due_time(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let secs = |secs| Some(Duration::from_secs(secs));
    assert_eq!(scene.next().await, None);
    scene.queue([scene.job("late").due(scene.in_secs(100))]).await;
    assert_eq!(scene.next().await, secs(100));
    scene
        .queue([
            scene.job("early").due(scene.in_secs(-10)),
            scene.job("early").due(scene.in_secs(20)),
        ])
        .await;
    // What is due already is there to be claimed, and the second of a lane does not count.
    assert_eq!(scene.next().await, secs(100));
    let lease = scene.claim(10).await.remove(0);
    assert_eq!(scene.next().await, secs(60));
    fixture.clock.advance(Duration::from_secs(10));
    assert_eq!(scene.next().await, secs(50));
    fixture
        .store
        .extend_lease(lease.key(), Duration::from_secs(200))
        .await
        .expect("it is held");
    assert_eq!(scene.next().await, secs(90));
    scene.finish(lease.key()).await;
    assert_eq!(scene.next().await, secs(10));
    let claimed = scene
        .claim_as(ClaimRequest {
            lease: Duration::from_secs(3),
            limit: 10,
            ..ClaimRequest::default()
        })
        .await;
    assert_eq!((claimed.leases.len(), claimed.next), (0, secs(10)));
    scene.queue([scene.job("now")]).await;
    let claimed = scene
        .claim_as(ClaimRequest {
            lease: Duration::from_secs(3),
            limit: 10,
            ..ClaimRequest::default()
        })
        .await;
    assert_eq!(
        (claimed.leases.len(), claimed.next),
        (1, secs(3)),
        "the end of what was just leased"
    );
}

/// What is due when it is made is due at once, though the clock of the node that made it is ahead of the store's.
pub async fn a_clock_that_is_ahead_delays_nothing(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let ahead = scene.in_secs(3_600);
    let job = Job {
        due_at: ahead,
        created_at: ahead,
        ..scene.job("lane")
    };
    let later = Job {
        due_at: scene.in_secs(3_610),
        created_at: ahead,
        ..scene.job("another")
    };
    scene.queue([job.clone(), later]).await;
    let leases = scene.claim(10).await;
    assert_eq!(leases.len(), 1, "what was asked for some time stays at that time");
    let due_at = scene.now();
    assert_eq!(leases[0].job, Job { due_at, ..job });
}

/// The depth counts jobs by their due time alone.
pub async fn the_depth_of_the_queue(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let other = Scene::new(&fixture).await;
    let depth = async |now: Timestamp| {
        fixture
            .store
            .queue_depth(now)
            .await
            .expect("the queue can be asked")
    };
    let now = scene.now();
    assert_eq!(depth(now).await, QueueDepth::default());
    scene
        .queue([
            scene.job("a").due(scene.in_secs(-3)),
            scene.job("a").due(scene.in_secs(-7)),
        ])
        .await;
    other
        .queue([other.job("a"), other.job("b").due(other.in_secs(5))])
        .await;
    let expected = QueueDepth {
        due: 3,
        waiting: 1,
        oldest_due: Some(scene.in_secs(-7)),
    };
    assert_eq!(depth(now).await, expected);
    let lease = scene.claim(1).await.remove(0);
    assert_eq!(depth(now).await, expected, "leased jobs count");
    scene.finish(lease.key()).await;
    assert_eq!(depth(now).await, QueueDepth { due: 2, ..expected });
    assert_eq!(
        depth(scene.in_secs(5)).await,
        QueueDepth {
            due: 3,
            waiting: 0,
            ..expected
        }
    );
    let nothing = QueueDepth {
        due: 0,
        waiting: 3,
        oldest_due: None,
    };
    assert_eq!(depth(scene.in_secs(-100)).await, nothing);
}

/// A job's end and what follows from it are one commit.
pub async fn a_job_ends_together_with_its_effect(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    scene.queue([scene.job("lane")]).await;
    let lease = scene.claim(1).await.remove(0).key();
    let follow_up = scene.job("lane");
    let customer = scene.customer();
    let mut changes = scene.changes();
    changes
        .put(customer.clone())
        .job(JobChange::Finish(lease))
        .job(follow_up.clone())
        .event(scene.event("done"));
    let committed = scene.commit(changes.clone()).await;
    assert!(committed.jobs_queued);
    assert_eq!(scene.claim_ids(10).await, [follow_up.id]);

    // The same once more: the lease is gone, so nothing happens a second time.
    let mut changes = scene.changes();
    let second = scene.customer();
    changes
        .put(second.clone())
        .job(JobChange::Finish(lease))
        .job(scene.job("other"))
        .event(scene.event("again"));
    assert_eq!(fault(scene.store.commit(changes).await), ErrorKind::Conflict);
    assert_eq!(
        scene
            .reads
            .find_customer(second.id)
            .await
            .expect("it can be read"),
        None
    );
    assert_eq!(scene.events().await.len(), 1);
    assert_eq!(scene.claim_ids(10).await, []);
}
