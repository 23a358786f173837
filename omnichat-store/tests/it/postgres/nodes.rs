//! Several nodes on one database.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use omnichat_core::change::Changes;
use omnichat_core::clock::{Clock, ManualClock};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::event::{Event, Origin};
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::job::{ClaimRequest, Job, JobChange};
use omnichat_core::store::{Committed, Store};
use omnichat_core::tenants::Tenant;
use omnichat_core::testing::store_suite::writers::{Chat, heard};
use omnichat_core::testing::{Builder, FlakyStore, Rounds};
use omnichat_store::StoreOptions;
use omnichat_store::postgres::PostgresStore;
use serde_json::json;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::fixture::{Database, options};
use crate::dying::{DyingClock, tells_of_its_dead_writer};

/// Two nodes with two tenants.
struct Nodes {
    stores: [Arc<PostgresStore>; 2],
    tenants: [TenantId; 2],
    clock: Arc<ManualClock>,
    database: Database,
}

impl Nodes {
    async fn new() -> Self {
        let database = Database::new().await;
        let clock = Arc::new(ManualClock::default());
        let (url, options) = (database.url(), options(clock.clone()));
        // Both find an empty database, and one of them fills it.
        let (first, second) = tokio::join!(
            PostgresStore::open(&url, options.clone()),
            PostgresStore::open(&url, options.clone())
        );
        let stores = [Arc::new(first.unwrap()), Arc::new(second.unwrap())];
        let tenants = [TenantId::generate(&*clock), TenantId::generate(&*clock)];
        for id in tenants {
            let mut changes = Changes::new(id, Origin::system("test"));
            changes.put(Tenant {
                id,
                name: "Example".to_owned(),
                created_at: clock.now(),
                version: 1,
            });
            stores[0].commit(changes).await.unwrap();
        }
        Self {
            stores,
            tenants,
            clock,
            database,
        }
    }

    fn event(&self) -> Event {
        Event::InboxDeleted {
            inbox: InboxId::generate(&*self.clock),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_have_no_gaps_across_nodes() {
    const TASKS: usize = 12;
    const COMMITS: usize = 15;
    let nodes = Arc::new(Nodes::new().await);
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let nodes = nodes.clone();
            tokio::spawn(async move {
                let (store, tenant) = (&nodes.stores[task % 2], nodes.tenants[(task / 2) % 2]);
                let mut numbers = Vec::new();
                for n in 0..COMMITS {
                    let mut changes = Changes::new(tenant, Origin::system("test"));
                    changes.event(nodes.event()).event(nodes.event());
                    if n % 5 == 4 {
                        // A commit that fails uses no number.
                        changes.job(JobChange::Finish(omnichat_core::job::LeaseKey {
                            job: omnichat_core::id::JobId::generate(&*nodes.clock),
                            generation: 1,
                        }));
                        assert_eq!(
                            store.commit(changes).await.unwrap_err().kind(),
                            ErrorKind::Conflict
                        );
                    } else {
                        numbers.extend(
                            store
                                .commit(changes)
                                .await
                                .unwrap()
                                .events
                                .iter()
                                .map(|event| event.seq),
                        );
                    }
                }
                (tenant, numbers)
            })
        })
        .collect();
    let mut answered: Vec<(TenantId, u64)> = Vec::new();
    for task in tasks {
        let (tenant, numbers) = task.await.unwrap();
        assert!(numbers.is_sorted());
        answered.extend(numbers.into_iter().map(|number| (tenant, number)));
    }
    for tenant in nodes.tenants {
        let mut numbers: Vec<u64> = answered
            .iter()
            .filter(|(t, _)| *t == tenant)
            .map(|(_, n)| *n)
            .collect();
        numbers.sort_unstable();
        let expected = (TASKS / 2 * COMMITS * 4 / 5 * 2) as u64;
        assert_eq!(numbers, (1..=expected).collect::<Vec<_>>());
        let reads = nodes.stores[1].tenant(tenant);
        let kept = reads.events_after(0, 10_000).await.unwrap();
        assert_eq!(kept.iter().map(|event| event.seq).collect::<Vec<_>>(), numbers);
        assert_eq!(reads.event_head().await.unwrap(), expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_of_two_nodes_share_lanes_without_doubles() {
    const LANES: usize = 6;
    const JOBS: usize = 5;
    let nodes = Arc::new(Nodes::new().await);
    let tenant = nodes.tenants[0];
    let mut queued = Vec::new();
    for _ in 0..JOBS {
        let mut changes = Changes::new(tenant, Origin::system("test"));
        for lane in 0..LANES {
            let job = Job::new(&*nodes.clock, tenant, "kind", format!("lane {lane}"), json!(lane));
            queued.push(job.id);
            changes.job(job);
        }
        nodes.stores[queued.len() % 2].commit(changes).await.unwrap();
    }
    let done = Arc::new(tokio::sync::Mutex::new(Vec::new()));
    let workers: Vec<_> = (0..4)
        .map(|worker| {
            let (nodes, done) = (nodes.clone(), done.clone());
            tokio::spawn(async move {
                let store = &nodes.stores[worker % 2];
                while done.lock().await.len() < LANES * JOBS {
                    let request = ClaimRequest {
                        lease: Duration::from_secs(60),
                        limit: 2,
                        ..ClaimRequest::default()
                    };
                    for lease in store.claim_jobs(request).await.unwrap().leases {
                        done.lock().await.push((lease.job.lane.clone(), lease.job.id));
                        let mut changes = Changes::new(tenant, Origin::system("test"));
                        changes.job(JobChange::Finish(lease.key()));
                        store.commit(changes).await.unwrap();
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    let done = done.lock().await;
    assert_eq!(
        done.iter().map(|(_, id)| *id).collect::<HashSet<_>>(),
        queued.iter().copied().collect()
    );
    assert_eq!(done.len(), queued.len(), "a job was done twice");
    for lane in 0..LANES {
        let lane = format!("lane {lane}");
        let order: Vec<_> = done
            .iter()
            .filter(|(l, _)| *l == lane)
            .map(|(_, id)| *id)
            .collect();
        let wanted: Vec<_> = queued.iter().copied().filter(|id| order.contains(id)).collect();
        assert_eq!(order, wanted, "{lane} was out of order");
    }
}

/// Twenty writers of one conversation, half of them on each node: nobody is refused, nothing is there twice, and while one node
/// has its round the other waits for its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_of_two_nodes_take_turns() {
    const WRITERS: usize = 20;
    const EACH: usize = 5;
    let nodes = Nodes::new().await;
    let rounds = Arc::new(Rounds::default());
    let node = |store| Arc::new(FlakyStore::of_a_node(store, rounds.clone()));
    let [here, there] = nodes.stores.clone();
    let here = Arc::new(Chat::on(node(here), nodes.clock.clone()).await);
    let there = Arc::new(here.beside(node(there), nodes.clock.clone()));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let chat = if writer % 2 == 0 { &here } else { &there }.clone();
            let clock = nodes.clock.clone();
            tokio::spawn(async move {
                for n in 0..EACH {
                    if writer % 5 == 0 {
                        let question = heard(&format!("question {writer} {n}"));
                        chat.engine.receive(chat.inbox, question).await.unwrap();
                    } else {
                        chat.say(&format!("answer {writer} {n}")).await.unwrap();
                    }
                    // Rounds end, and it is never quiet for so long that the nodes stop taking turns.
                    clock.advance(Duration::from_millis(20));
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let versions = here.versions().await;
    assert_eq!(versions, (1..=versions.len() as u64).collect::<Vec<_>>());
    assert_eq!(versions.len(), 1 + WRITERS * EACH);
    assert!(rounds.begun() > 1, "they met");
    assert_eq!((rounds.most(), rounds.held()), (1, 0));
}

/// What the server says of who waits for a lock that nodes take.
const WAITING: &str =
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database =
     (SELECT oid FROM pg_database WHERE datname = current_database())";

#[tokio::test]
async fn a_key_that_a_node_has_for_itself_keeps_the_other_waiting() {
    let nodes = Nodes::new().await;
    let ([here, there], [tenant, other]) = (nodes.stores.clone(), nodes.tenants);
    let held = here.exclude(tenant, "chat").await.unwrap().unwrap();
    // Another key, and the same of another tenant, are other keys.
    assert!(there.exclude(tenant, "another").await.unwrap().is_some());
    assert!(there.exclude(other, "chat").await.unwrap().is_some());
    let mut waits = Box::pin(there.exclude(tenant, "chat"));
    let mut connection = PgConnection::connect(&nodes.database.url()).await.unwrap();
    loop {
        assert!(futures::poll!(&mut waits).is_pending(), "both have it");
        let waiting: i64 = sqlx::query_scalar(WAITING)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        if waiting == 1 {
            break;
        }
    }
    drop(held);
    assert!(waits.await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_commit_of_a_group_leaves_the_others() {
    let nodes = Arc::new(Nodes::new().await);
    let tenant = nodes.tenants[0];
    let make = Builder::of(tenant, nodes.clock.clone());
    let inbox = make.inbox().id;
    let commit = |chat: String| {
        let (nodes, chat) = (nodes.clone(), make.chat(make.customer().id, inbox, &chat));
        async move {
            let mut changes = Changes::new(tenant, Origin::system("test"));
            changes.put(chat).event(nodes.event());
            nodes.stores[0].commit(changes).await
        }
    };
    commit("taken".to_owned()).await.unwrap();
    // All of them wait while one is being written, so most share a transaction.
    let keys = (0..40).map(|n| {
        if n % 4 == 0 {
            "taken".to_owned()
        } else {
            format!("chat {n}")
        }
    });
    let outcomes: Vec<Result<Committed, Error>> = futures::future::join_all(keys.map(commit)).await;
    let (good, bad): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (30, 10));
    assert!(
        bad.into_iter()
            .all(|outcome| outcome.is_err_and(|error| error.kind() == ErrorKind::Duplicate))
    );
    assert_eq!(nodes.stores[1].tenant(tenant).event_head().await.unwrap(), 31);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_recovers_from_lost_connections() {
    let nodes = Nodes::new().await;
    let (store, tenant) = (&nodes.stores[0], nodes.tenants[0]);
    nodes.database.disconnect().await;
    // What fails meanwhile fails as unreachable, and soon works again.
    let mut failures = 0;
    let committed = loop {
        let mut changes = Changes::new(tenant, Origin::system("test"));
        changes.event(nodes.event());
        match store.commit(changes).await {
            Ok(committed) => break committed,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unavailable, "{error:?}");
                failures += 1;
                assert!(failures < 10, "{error:?}");
            }
        }
    };
    assert_eq!(committed.events[0].seq, 1);
    let head = loop {
        match store.tenant(tenant).event_head().await {
            Ok(head) => break head,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unavailable, "{error:?}");
                failures += 1;
                assert!(failures < 20, "{error:?}");
            }
        }
    };
    assert_eq!(head, 1);
}

/// Nodes whose clocks are hours apart: leases and due times go by the database's clock.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clocks_that_differ_take_nothing_from_each_other_and_delay_nothing() {
    let database = Database::new().await;
    let now = omnichat_core::clock::SystemClock.now();
    let hours = Duration::from_secs(2 * 3_600);
    let clocks = [now.before(hours), now.after(hours)].map(|at| Arc::new(ManualClock::at(at)));
    let mut stores = Vec::new();
    for clock in &clocks {
        let options = omnichat_store::StoreOptions {
            clock: clock.clone(),
            ..Default::default()
        };
        stores.push(PostgresStore::open(&database.url(), options).await.unwrap());
    }
    let (behind, ahead) = (&stores[0], &stores[1]);
    let id = TenantId::generate(&*clocks[0]);
    let mut changes = Changes::new(id, Origin::system("test"));
    changes.put(Tenant {
        id,
        name: "Example".to_owned(),
        created_at: now,
        version: 1,
    });
    // What the node that is ahead queues for now is due now.
    changes.job(Job::new(&*clocks[1], id, "kind", "lane", json!(1)));
    ahead.commit(changes).await.unwrap();
    let request = ClaimRequest {
        lease: Duration::from_secs(600),
        limit: 10,
        ..ClaimRequest::default()
    };
    let claimed = behind.claim_jobs(request.clone()).await.unwrap();
    assert_eq!(claimed.leases.len(), 1);
    let lease = claimed.leases[0].key();
    // For the node that is ahead the lease has ended an hour ago, by its own clock.
    let claimed = ahead.claim_jobs(request.clone()).await.unwrap();
    assert_eq!(claimed.leases, []);
    assert!(
        claimed.next.is_some_and(|next| next > Duration::from_secs(500)),
        "{claimed:?}"
    );
    behind
        .extend_lease(lease, Duration::from_secs(900))
        .await
        .unwrap();
    assert_eq!(ahead.claim_jobs(request.clone()).await.unwrap().leases, []);
    // What is given back comes when it should, whoever gave it back.
    let mut changes = Changes::new(id, Origin::system("test"));
    changes.job(JobChange::Retry {
        lease,
        after: Duration::ZERO,
        error: "no".to_owned(),
    });
    ahead.commit(changes).await.unwrap();
    let claimed = behind.claim_jobs(request).await.unwrap();
    assert_eq!(claimed.leases.len(), 1);
    assert!(!claimed.leases[0].lost);
}

#[tokio::test]
async fn a_dead_writer_is_told() {
    let database = Database::new().await;
    let clock = Arc::new(DyingClock::default());
    let options = StoreOptions {
        clock: clock.clone(),
        ..StoreOptions::default()
    };
    let store = PostgresStore::open(&database.url(), options).await.unwrap();
    tells_of_its_dead_writer(&store, &clock).await;
}
