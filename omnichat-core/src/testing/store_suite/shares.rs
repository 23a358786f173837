//! Places are shared out between tenants and inboxes.

use std::time::Duration;

use super::fixture::StoreFixture;
use super::scene::Scene;
use crate::id::{InboxId, JobId, TenantId};
use crate::job::share::{FEW, Held};
use crate::job::{ClaimRequest, Job, Lease};

fn for_a_minute(limit: u32) -> ClaimRequest {
    ClaimRequest {
        lease: Duration::from_secs(60),
        limit,
        ..ClaimRequest::default()
    }
}

/// Each in a lane of its own, due one after the other from a time on.
fn many(scene: &Scene, count: usize, from: i64, inbox: Option<InboxId>) -> Vec<Job> {
    let due = (from..).map(|secs| scene.in_secs(secs));
    let jobs = due.take(count).map(|at| Job {
        inbox,
        ..scene.job(&at.micros().to_string()).due(at)
    });
    jobs.collect()
}

fn holds(leases: &[Lease]) -> Vec<Held> {
    let held = leases.iter().map(|lease| Held {
        tenant: lease.job.tenant,
        inbox: lease.job.inbox,
        count: 1,
    });
    held.collect()
}

async fn owners(scene: &Scene, request: ClaimRequest) -> Vec<TenantId> {
    let leases = scene.claim_as(request).await.leases;
    leases.into_iter().map(|lease| lease.job.tenant).collect()
}

/// A place goes to the tenant that holds the fewest, however long another's jobs have been due.
pub async fn a_tenant_with_many_jobs_delays_nobody(fixture: StoreFixture) {
    let (busy, calm) = (Scene::new(&fixture).await, Scene::new(&fixture).await);
    busy.queue(many(&busy, 50, -500, None)).await;
    calm.queue(many(&calm, 2, -9, None)).await;
    let (b, c) = (busy.tenant, calm.tenant);
    assert_eq!(owners(&busy, for_a_minute(6)).await, [b, c, b, c, b, b]);
    // What is held already counts.
    calm.queue(many(&calm, 3, -5, None)).await;
    assert_eq!(owners(&busy, for_a_minute(4)).await, [c, c, b, c]);
    assert_eq!(owners(&busy, for_a_minute(100)).await.len(), 50 + 5 - 10);
}

/// The same where so much is due that it is not all looked at, and nothing is lost of what is due together.
pub async fn a_very_long_queue_is_shared_out_too(fixture: StoreFixture) {
    let (busy, calm) = (Scene::new(&fixture).await, Scene::new(&fixture).await);
    let count = FEW as usize + 20;
    let long = many(&busy, count, -5_000, None);
    let ids = |jobs: &[Job]| jobs.iter().map(|job| job.id).collect::<Vec<JobId>>();
    for part in long.chunks(500) {
        busy.queue(part.to_vec()).await;
    }
    let inboxes = [0, 1].map(|_| InboxId::generate(calm.clock()));
    let few: Vec<Job> = [
        many(&calm, 2, -9, Some(inboxes[0])),
        many(&calm, 2, -5, Some(inboxes[1])),
    ]
    .concat();
    calm.queue(few.clone()).await;
    let request = || ClaimRequest {
        per_inbox: Some(1),
        ..for_a_minute(6)
    };
    let leases = busy.claim_as(request()).await.leases;
    let claimed: Vec<JobId> = leases.iter().map(|lease| lease.job.id).collect();
    let (long, few) = (ids(&long), ids(&few));
    assert_eq!(claimed, [long[0], few[0], long[1], few[2], long[2], long[3]]);
    // All that is left, whoever's it is.
    let rest = busy.claim_ids(count as u32).await;
    assert_eq!(rest.len(), count + 4 - 6);
    assert_eq!(rest[..2], [few[1], few[3]]);
}

/// No tenant gets more places than a claim allows, those included that the caller holds for it. What others hold is no part of that.
pub async fn a_tenant_holds_no_more_than_its_share(fixture: StoreFixture) {
    let (one, two) = (Scene::new(&fixture).await, Scene::new(&fixture).await);
    one.queue(many(&one, 20, -100, None)).await;
    two.queue(many(&two, 1, -5, None)).await;
    let request = |own: &[Lease]| ClaimRequest {
        per_tenant: Some(3),
        own: holds(own),
        ..for_a_minute(10)
    };
    let first = one.claim_as(request(&[])).await.leases;
    assert_eq!(first.len(), 4);
    assert_eq!(
        first
            .iter()
            .filter(|lease| lease.job.tenant == one.tenant)
            .count(),
        3
    );
    assert_eq!(owners(&one, request(&first)).await, []);
    one.finish(first[0].key()).await;
    assert_eq!(owners(&one, request(&first[1..])).await, [one.tenant]);
    assert_eq!(owners(&one, request(&[])).await, [one.tenant; 3]);
}

/// Nor any inbox; what is over its limit holds up no other inbox of the tenant, and no job that is for none.
pub async fn an_inbox_holds_no_more_than_its_share(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inboxes = [0, 1].map(|_| InboxId::generate(scene.clock()));
    let jobs = many(&scene, 40, -400, Some(inboxes[0]));
    let others = many(&scene, 2, -20, Some(inboxes[1]));
    let free = many(&scene, 3, -10, None);
    let ids = |jobs: &[Job]| jobs.iter().map(|job| job.id).collect::<Vec<JobId>>();
    scene
        .queue([jobs.clone(), others.clone(), free.clone()].concat())
        .await;
    let request = |own: &[Lease]| ClaimRequest {
        per_inbox: Some(2),
        own: holds(own),
        ..for_a_minute(10)
    };
    let mut leases = scene.claim_as(request(&[])).await.leases;
    let claimed: Vec<JobId> = leases.iter().map(|lease| lease.job.id).collect();
    assert_eq!(claimed, [ids(&jobs[..2]), ids(&others), ids(&free)].concat());
    assert_eq!(leases[0].job.inbox, Some(inboxes[0]));
    assert_eq!(scene.claim_as(request(&leases)).await.leases, []);
    scene.finish(leases.remove(1).key()).await;
    let next = scene.claim_as(request(&leases)).await.leases;
    assert_eq!(
        next.iter().map(|lease| lease.job.id).collect::<Vec<_>>(),
        ids(&jobs[2..3])
    );
}

/// A lease that has ended is held by nobody.
pub async fn what_is_lost_counts_for_nobody(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = Some(InboxId::generate(scene.clock()));
    scene.queue(many(&scene, 3, -10, inbox)).await;
    let request = || ClaimRequest {
        per_tenant: Some(2),
        per_inbox: Some(2),
        ..for_a_minute(10)
    };
    assert_eq!(scene.claim_as(request()).await.leases.len(), 2);
    fixture.clock.advance(Duration::from_secs(60));
    let leases = scene.claim_as(request()).await.leases;
    assert_eq!(
        leases.iter().map(|lease| lease.lost).collect::<Vec<_>>(),
        [true, true]
    );
}

/// Leases of other kinds are no part of the count.
pub async fn shares_are_of_the_wanted_kinds(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let of_kind = |kind: &str| Job {
        kind: kind.to_owned(),
        ..scene.job(kind)
    };
    scene.queue(["a", "b", "c"].map(of_kind)).await;
    let other = Scene::new(&fixture).await;
    other
        .queue(["a", "b"].map(|kind| {
            Job {
                kind: kind.to_owned(),
                ..other.job(kind)
            }
            .due(other.in_secs(-5))
        }))
        .await;
    let request = |limit, kinds: &[&str]| ClaimRequest {
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        ..for_a_minute(limit)
    };
    // The other's job has been due for longer; of `b` nobody holds any, so that it is its turn again.
    assert_eq!(owners(&scene, request(1, &["a"])).await, [other.tenant]);
    assert_eq!(owners(&scene, request(1, &["b", "c"])).await, [other.tenant]);
    assert_eq!(
        owners(&scene, request(10, &["a", "b", "c"])).await,
        [scene.tenant; 3]
    );
}
