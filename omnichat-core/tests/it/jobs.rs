//! Kinds of jobs: what an embedder adds, what nobody runs, and what is given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use omnichat_core::actor::Role;
use omnichat_core::change::Changes;
use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{Capabilities, InboundAttachment, InboundEvent, InboundMessage};
use omnichat_core::engine::{Engine, EngineOptions, JobKind};
use omnichat_core::error::{Error, ErrorKind, Result, Retry};
use omnichat_core::event::Origin;
use omnichat_core::inboxes::{HealthState, RoutingStrategy};
use omnichat_core::job::{Job, JobChange, Lease};
use omnichat_core::messages::{AttachmentKind, DeliveryState};
use omnichat_core::page::PageRequest;
use omnichat_core::store::Store;
use omnichat_core::testing::{FakeChannel, FlakyStore, Reply};
use tokio::sync::Semaphore;

use crate::desk::{Desk, message, new_operator};

/// A kind that does what it was made for, and counts.
#[derive(Default)]
struct Counting {
    fails: Option<&'static str>,
    runs: AtomicU32,
    given_up: AtomicU32,
}

#[async_trait]
impl JobKind for Counting {
    fn name(&self) -> &str {
        "test.counting"
    }

    fn tries(&self) -> u32 {
        3
    }

    async fn run(&self, engine: &Engine, lease: &Lease) -> Result<()> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        match self.fails {
            Some("panic") => panic!("the job was told to panic"),
            Some(text) => Err(Error::internal(text)),
            None => {
                let mut changes = Changes::in_job(&lease.job);
                changes.job(JobChange::Finish(lease.key()));
                engine.ports().commit(changes).await.map(|_| ())
            }
        }
    }

    async fn given_up(&self, _: &Engine, lease: &Lease, why: &Error) -> Result<Changes> {
        self.given_up.fetch_add(1, Ordering::SeqCst);
        if why.message() == "and give up badly" {
            panic!("giving up was told to panic");
        }
        Ok(Changes::in_job(&lease.job))
    }
}

fn quiet() -> Capabilities {
    Capabilities {
        polling: false,
        ..FakeChannel::everything()
    }
}

async fn desk_with(kind: Arc<Counting>) -> Desk {
    let more = |builder: omnichat_core::EngineBuilder| builder.job(kind).retired_job("old.kind");
    Desk::built(RoutingStrategy::Manual, quiet(), |store| store, more).await
}

async fn queue(desk: &Desk, kind: &str) {
    let tenant = desk.actor.tenant;
    let job = Job::new(&*desk.clock, tenant, kind, "lane", serde_json::json!({}));
    let mut changes = Changes::new(tenant, Origin::system("test"));
    changes.job(job);
    desk.engine.ports().commit(changes).await.unwrap();
}

async fn audited(desk: &Desk, action: &str) -> Vec<serde_json::Value> {
    let page = desk
        .engine
        .audit()
        .list(&desk.actor, PageRequest::first(100))
        .await;
    let entries = page.unwrap().items.into_iter();
    entries
        .filter(|entry| entry.action == action)
        .map(|entry| entry.details)
        .collect()
}

#[tokio::test]
async fn an_embedders_own_kind_is_run() {
    let kind = Arc::new(Counting::default());
    let desk = desk_with(kind.clone()).await;
    queue(&desk, "test.counting").await;
    desk.engine.check_jobs().await.unwrap();
    desk.run().await;
    assert_eq!(kind.runs.load(Ordering::SeqCst), 1);
    assert!(desk.job_kinds().await.is_empty());
}

#[tokio::test]
async fn a_kind_that_nobody_runs_is_refused_at_the_start_and_one_that_is_retired_ends() {
    let desk = desk_with(Arc::default()).await;
    queue(&desk, "old.kind").await;
    desk.engine.check_jobs().await.unwrap();
    queue(&desk, "of.another.version").await;
    let error = desk.engine.work(std::future::pending()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.message().contains("of.another.version"), "{error}");
    assert!(!error.message().contains("old.kind"), "{error}");
    desk.run().await;
    assert_eq!(
        desk.job_kinds().await,
        ["of.another.version"],
        "what nobody knows is left alone"
    );
}

#[tokio::test]
async fn a_job_that_panics_is_given_up_after_a_few_times() {
    let kind = Arc::new(Counting {
        fails: Some("panic"),
        ..Counting::default()
    });
    let desk = desk_with(kind.clone()).await;
    queue(&desk, "test.counting").await;
    desk.run_for(Duration::from_secs(1_800), Duration::from_secs(30))
        .await;
    assert_eq!(kind.runs.load(Ordering::SeqCst), 5);
    assert_eq!(kind.given_up.load(Ordering::SeqCst), 1);
    assert!(desk.job_kinds().await.is_empty());
    let told = audited(&desk, "job.given_up").await;
    assert_eq!((told.len(), &told[0]["losses"]), (1, &serde_json::json!(5)));
}

#[tokio::test]
async fn a_job_that_kills_its_process_is_given_up_without_being_run_again() {
    let kind = Arc::new(Counting::default());
    let desk = desk_with(kind.clone()).await;
    queue(&desk, "test.counting").await;
    for _ in 0..5 {
        assert_eq!(desk.lose_what_is_due().await, 1);
    }
    desk.run().await;
    assert_eq!(kind.runs.load(Ordering::SeqCst), 0);
    assert_eq!(kind.given_up.load(Ordering::SeqCst), 1);
    assert!(desk.job_kinds().await.is_empty());
}

#[tokio::test]
async fn giving_up_ends_the_job_even_if_that_panics() {
    let kind = Arc::new(Counting {
        fails: Some("and give up badly"),
        ..Counting::default()
    });
    let desk = desk_with(kind.clone()).await;
    queue(&desk, "test.counting").await;
    desk.run_for(Duration::from_secs(600), Duration::from_secs(30))
        .await;
    assert_eq!(kind.runs.load(Ordering::SeqCst), 3, "as often as it says");
    assert!(desk.job_kinds().await.is_empty());
    assert_eq!(audited(&desk, "job.given_up").await.len(), 1);
}

#[tokio::test]
async fn a_message_whose_send_panics_shows_that_it_is_not_known_what_became_of_it() {
    let capabilities = Capabilities {
        idempotent_send: true,
        ..quiet()
    };
    let desk = Desk::with(RoutingStrategy::Manual, capabilities).await;
    let id = desk.hear("7", "1", "Hello").await;
    for _ in 0..20 {
        desk.channel.will_send(Reply::Panics);
    }
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run_for(Duration::from_secs(3_600), Duration::from_secs(60))
        .await;
    let stored = desk.engine.messages().get(&desk.actor, sent.id).await.unwrap();
    assert_eq!(stored.state, Some(DeliveryState::Uncertain));
    assert!(stored.failure.unwrap().retryable);
    assert_eq!(desk.channel.sent().len(), 5);
    assert!(desk.job_kinds().await.is_empty());
}

#[tokio::test]
async fn a_message_waits_for_days_for_a_kind_that_is_switched_off() {
    let desk = Desk::with(RoutingStrategy::Manual, quiet()).await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    let channels = &desk.engine.ports().channels;
    let kind = channels.remove(FakeChannel::KIND).unwrap();
    desk.run_for(Duration::from_secs(3 * 86_400), Duration::from_secs(300))
        .await;
    let state = async || {
        desk.engine
            .messages()
            .get(&desk.actor, sent.id)
            .await
            .unwrap()
            .state
    };
    assert_eq!(state().await, Some(DeliveryState::Queued));
    channels.register(kind);
    // The days do not count as tries: what fails first may still be tried again.
    let busy = Error::new(ErrorKind::RateLimited, "slow down")
        .with_retry(Retry::After(Duration::from_secs(5)))
        .surely_not_sent();
    desk.channel.will_send(Reply::Fails(busy));
    desk.run_for(Duration::from_secs(700), Duration::from_secs(10))
        .await;
    assert_eq!(state().await, Some(DeliveryState::Sent));
    assert_eq!(desk.channel.sent().len(), 2);
    assert!(audited(&desk, "job.given_up").await.is_empty());
}

#[tokio::test]
async fn a_poll_that_is_given_up_shows_on_its_inbox_and_is_put_back() {
    let desk = Desk::new().await;
    for _ in 0..5 {
        assert_eq!(desk.lose_what_is_due().await, 1);
    }
    desk.run().await;
    let health = async || {
        desk.engine
            .inboxes()
            .get(&desk.actor, desk.inbox.id)
            .await
            .unwrap()
            .health
    };
    assert_eq!(health().await.state, HealthState::Failed);
    assert!(desk.job_kinds().await.is_empty());
    desk.engine.reconcile().await.unwrap();
    desk.run().await;
    assert_eq!(health().await.state, HealthState::Ok);
    assert_eq!(desk.job_kinds().await, ["poll"]);
}

#[tokio::test]
async fn looking_after_standing_work_doubles_nothing() {
    let desk = Desk::new().await;
    let jobs = async || {
        let depth = desk
            .engine
            .ports()
            .store
            .queue_depth(desk.engine.ports().now())
            .await
            .unwrap();
        depth.due + depth.waiting
    };
    for _ in 0..3 {
        desk.engine.reconcile().await.unwrap();
        desk.run().await;
        // While a poll is running, it is not seen as waiting.
        assert_eq!(desk.lose_what_is_due().await, 0);
        desk.clock.advance(Duration::from_secs(1));
        let request = omnichat_core::job::ClaimRequest {
            lease: Duration::from_secs(20),
            limit: 10,
            ..Default::default()
        };
        desk.engine.ports().store.claim_jobs(request).await.unwrap();
        desk.engine.reconcile().await.unwrap();
        desk.clock.advance(Duration::from_secs(20));
        desk.run().await;
        desk.run().await;
        assert_eq!(jobs().await, 1);
    }
}

#[tokio::test]
async fn a_tenant_that_cannot_be_looked_after_stops_no_other() {
    let store = Arc::new(std::sync::OnceLock::new());
    let wrap = |inner| {
        let flaky = Arc::new(FlakyStore::new(inner));
        store.set(flaky.clone()).unwrap();
        flaky as Arc<dyn Store>
    };
    let desk = Desk::built(RoutingStrategy::Manual, quiet(), wrap, |builder| builder).await;
    let owner = new_operator("second", Role::Owner, 5);
    desk.engine.tenants().create("Second", owner).await.unwrap();
    desk.run().await;
    assert!(desk.job_kinds().await.is_empty());
    // The first that there is.
    store.get().unwrap().will_refuse_tenant(desk.actor.tenant);
    assert_eq!(
        desk.engine.reconcile().await.unwrap_err().kind(),
        ErrorKind::Internal
    );
    assert_eq!(desk.job_kinds().await, ["route"], "the second's");
}

#[tokio::test]
async fn a_poll_goes_on_by_itself_when_its_kind_is_back() {
    let desk = Desk::new().await;
    let channels = &desk.engine.ports().channels;
    let kind = channels.remove(FakeChannel::KIND).unwrap();
    desk.run_for(Duration::from_secs(86_400), Duration::from_secs(600))
        .await;
    assert_eq!(desk.job_kinds().await, ["poll"]);
    channels.register(kind);
    desk.run_for(Duration::from_secs(120), Duration::from_secs(60))
        .await;
    assert!(!desk.channel.polled().is_empty());
}

fn files(remotes: impl IntoIterator<Item = String>) -> InboundMessage {
    let file = |remote| InboundAttachment {
        kind: AttachmentKind::Document,
        name: "a.bin".to_owned(),
        content_type: "application/octet-stream".to_owned(),
        size: None,
        width: None,
        height: None,
        duration_ms: None,
        identity: None,
        source: AttachmentSource::Remote(remote),
    };
    InboundMessage {
        attachments: remotes.into_iter().map(file).collect(),
        ..message("1", "")
    }
}

#[tokio::test]
async fn downloads_that_never_end_hold_up_nothing_else() {
    let desk = Desk::with(RoutingStrategy::Manual, quiet()).await;
    let remotes: Vec<String> = (0..60).map(|n| n.to_string()).collect();
    for remote in &remotes {
        desk.channel.has_endless_file(remote);
    }
    desk.tell("8", InboundEvent::Message(files(remotes))).await;
    let id = desk.hear("7", "1", "Hello").await;
    let engine = desk.engine.clone();
    let work = tokio::spawn(async move { engine.work(std::future::pending()).await });
    let enough = tokio::time::Duration::from_secs(20);
    // A quarter of the places is what an inbox gets.
    tokio::time::timeout(enough, desk.channel.called(4))
        .await
        .unwrap();
    desk.say(id, "k1", "Hi").await;
    tokio::time::timeout(enough, desk.channel.called(5))
        .await
        .unwrap();
    assert_eq!(desk.channel.sent_texts(), ["Hi"]);
    assert_eq!(desk.channel.fetched().len(), 4);
    work.abort();
}

/// A kind whose jobs never end.
struct Stuck(Semaphore);

#[async_trait]
impl JobKind for Stuck {
    fn name(&self) -> &str {
        "test.stuck"
    }

    async fn run(&self, _: &Engine, _: &Lease) -> Result<()> {
        self.0.add_permits(1);
        std::future::pending().await
    }

    async fn given_up(&self, _: &Engine, lease: &Lease, _: &Error) -> Result<Changes> {
        Ok(Changes::in_job(&lease.job))
    }
}

#[tokio::test]
async fn a_tenant_gets_its_part_of_the_places_of_every_node() {
    let kind = Arc::new(Stuck(Semaphore::new(0)));
    let desk = Desk::with(RoutingStrategy::Manual, quiet()).await;
    let tenant = desk.actor.tenant;
    let mut changes = Changes::new(tenant, Origin::system("test"));
    for n in 0..20 {
        changes.job(Job::new(
            &*desk.clock,
            tenant,
            "test.stuck",
            n.to_string(),
            n.into(),
        ));
    }
    desk.engine.ports().commit(changes).await.unwrap();
    let mut options = EngineOptions::default();
    options.workers = 4;
    let nodes = [0, 1].map(|_| {
        let builder = Engine::builder(desk.engine.ports().store.clone()).clock(desk.clock.clone());
        let node = builder.job(kind.clone()).options(options.clone()).build();
        tokio::spawn(async move { node.work(std::future::pending()).await })
    });
    // Three quarters of the four of each.
    let all = tokio::time::timeout(Duration::from_secs(20), kind.0.acquire_many(6));
    all.await.expect("six run").unwrap().forget();
    nodes.iter().for_each(tokio::task::JoinHandle::abort);
    assert_eq!(kind.0.available_permits(), 0, "and no seventh");
}
