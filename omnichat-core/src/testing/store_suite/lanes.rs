//! Lanes keep order: one job at a time, in the order of queuing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use super::fixture::StoreFixture;
use super::scene::Scene;
use crate::id::JobId;
use crate::job::{ClaimRequest, Job, JobChange};

/// Jobs of a lane come one after another, in the order in which they were queued, whatever their due times.
pub async fn a_lane_keeps_its_order(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let due = [-1, -100, -50].map(|secs| scene.in_secs(secs));
    let jobs: Vec<Job> = due.iter().map(|at| scene.job("lane").due(*at)).collect();
    scene.queue(jobs[..2].to_vec()).await;
    scene.queue(jobs[2..].to_vec()).await;
    for job in &jobs {
        let leases = scene.claim(10).await;
        assert_eq!(
            leases.iter().map(|lease| lease.job.id).collect::<Vec<_>>(),
            [job.id]
        );
        assert_eq!(scene.claim_ids(10).await, [], "the lane is held by its head");
        scene.finish(leases[0].key()).await;
    }
    assert_eq!(scene.claim_ids(10).await, []);
}

/// A head that waits for its time or its next try holds its own lane and no other.
pub async fn a_waiting_head_holds_its_lane_alone(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let head = scene.job("held").due(scene.in_secs(30));
    let behind = scene.job("held");
    let free = [scene.job("free"), scene.job("free too")];
    scene
        .queue([head.clone(), behind.clone(), free[0].clone(), free[1].clone()])
        .await;
    let leases = scene.claim(10).await;
    assert_eq!(
        leases.iter().map(|lease| lease.job.id).collect::<Vec<_>>(),
        [free[0].id, free[1].id]
    );
    for lease in leases {
        scene.finish(lease.key()).await;
    }

    fixture.clock.advance(Duration::from_secs(30));
    let lease = scene.claim(10).await.remove(0);
    assert_eq!(lease.job.id, head.id);
    let after = Duration::from_secs(15);
    scene
        .try_jobs([JobChange::Retry {
            lease: lease.key(),
            after,
            error: "no".to_owned(),
        }])
        .await
        .expect("given back");
    assert_eq!(scene.claim_ids(10).await, [], "a retried head holds its lane");
    fixture.clock.advance(Duration::from_secs(15));
    let lease = scene.claim(10).await.remove(0);
    assert_eq!(lease.job.id, head.id, "a retried job keeps its place");
    scene.finish(lease.key()).await;
    assert_eq!(scene.claim_ids(10).await, [behind.id]);
}

/// A head of a kind that a worker does not take holds its lane for that worker too.
pub async fn a_head_of_another_kind_holds_its_lane(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let head = Job {
        kind: "slow".to_owned(),
        ..scene.job("lane")
    };
    let behind = scene.job("lane");
    scene.queue([head.clone(), behind]).await;
    let request = ClaimRequest {
        lease: Duration::from_secs(60),
        limit: 10,
        kinds: vec!["test".to_owned()],
        ..ClaimRequest::default()
    };
    assert_eq!(scene.claim_as(request).await.leases, []);
    assert_eq!(scene.claim_ids(10).await, [head.id]);
}

/// A job that is repeated goes to the end of its lane, as a new one would.
pub async fn a_repeated_job_goes_to_the_end(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (first, second) = (scene.job("lane"), scene.job("lane"));
    scene.queue([first.clone(), second.clone()]).await;
    let lease = scene.claim(10).await.remove(0);
    assert_eq!(lease.job.id, first.id);
    let (after, payload) = (Duration::ZERO, json!({ "page": 2 }));
    let committed = scene
        .try_jobs([JobChange::Repeat {
            lease: lease.key(),
            after,
            payload: payload.clone(),
        }])
        .await;
    assert!(committed.expect("it is held").jobs_queued);

    let lease = scene.claim(10).await.remove(0);
    assert_eq!(lease.job.id, second.id);
    scene.finish(lease.key()).await;
    let lease = scene.claim(10).await.remove(0);
    assert_eq!(lease.job, Job { payload, ..first });
    assert_eq!((lease.generation, lease.attempts, lease.lost), (2, 0, false));
}

/// Many workers take every job once, and each lane's in order, one at a time.
pub async fn many_workers_keep_lanes_in_order(fixture: StoreFixture) {
    const LANES: usize = 7;
    const JOBS: usize = 60;
    let scene = Arc::new(Scene::new(&fixture).await);
    let jobs: Vec<Job> = (0..JOBS)
        .map(|n| scene.job(&format!("lane {}", n % LANES)))
        .collect();
    for part in jobs.chunks(13) {
        scene.queue(part.to_vec()).await;
    }
    let done: Arc<Mutex<Vec<(String, JobId)>>> = Arc::default();
    let running: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let mut workers = Vec::new();
    for _ in 0..6 {
        let (scene, done, running) = (scene.clone(), done.clone(), running.clone());
        workers.push(tokio::spawn(async move {
            while done.lock().expect("no worker panicked").len() < JOBS {
                for lease in scene.claim(3).await {
                    let lane = lease.job.lane.clone();
                    assert!(
                        running.lock().expect("no worker panicked").insert(lane.clone()),
                        "two jobs of {lane} at once"
                    );
                    assert_eq!(lease.generation, 1, "a job was given twice");
                    tokio::task::yield_now().await;
                    done.lock()
                        .expect("no worker panicked")
                        .push((lane.clone(), lease.job.id));
                    running.lock().expect("no worker panicked").remove(&lane);
                    scene.finish(lease.key()).await;
                }
                tokio::task::yield_now().await;
            }
        }));
    }
    for worker in workers {
        worker.await.expect("a worker ends");
    }

    let by_lane = |pairs: &mut dyn Iterator<Item = (String, JobId)>| {
        let mut lanes: BTreeMap<String, Vec<JobId>> = BTreeMap::new();
        for (lane, job) in pairs {
            lanes.entry(lane).or_default().push(job);
        }
        lanes
    };
    let expected = by_lane(&mut jobs.iter().map(|job| (job.lane.clone(), job.id)));
    let done = by_lane(&mut done.lock().expect("no worker panicked").drain(..));
    assert_eq!(done, expected);
}

/// Many claimers of one heap of jobs never get the same.
pub async fn two_claimers_never_get_the_same(fixture: StoreFixture) {
    const JOBS: usize = 100;
    let scene = Arc::new(Scene::new(&fixture).await);
    scene.queue((0..JOBS).map(|n| scene.job(&n.to_string()))).await;
    let mut claimers = Vec::new();
    for _ in 0..10 {
        let scene = scene.clone();
        claimers.push(tokio::spawn(async move {
            let mut taken = Vec::new();
            loop {
                let claimed = scene.claim_ids(4).await;
                if claimed.is_empty() {
                    return taken;
                }
                taken.extend(claimed);
            }
        }));
    }
    let mut taken = Vec::new();
    for claimer in claimers {
        taken.extend(claimer.await.expect("a claimer ends"));
    }
    // A claimer may leave with nothing while others hold what it looked at, so the last ones are taken here.
    taken.extend(scene.claim_ids(1_000).await);
    assert_eq!(taken.len(), JOBS);
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), JOBS);
}
