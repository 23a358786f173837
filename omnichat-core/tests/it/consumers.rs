//! Consumers: each event has its consequences once, in order, whoever reacts and whatever dies.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use omnichat_core::Engine;
use omnichat_core::actor::{Role, Who};
use omnichat_core::audit::AuditEntry;
use omnichat_core::change::Changes;
use omnichat_core::consumers::{Begins, Consumer, Place, Reaction};
use omnichat_core::error::{Error, Result};
use omnichat_core::event::{Envelope, Event, READ_BYTES};
use omnichat_core::id::{AuditId, TenantId};
use omnichat_core::inboxes::RoutingStrategy;
use omnichat_core::page::PageRequest;
use omnichat_core::records::RecordType;
use omnichat_core::testing::FakeChannel;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::desk::{Desk, new_operator};

/// Writes a line into the audit log for every message that was made: a row that nothing else keeps from being written twice.
#[derive(Debug)]
struct Noting {
    name: &'static str,
    handed: AtomicUsize,
    begins: Begins,
    fails: AtomicBool,
    panics: AtomicBool,
    hangs: AtomicBool,
    asked: AtomicU32,
}

impl Noting {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            handed: AtomicUsize::default(),
            begins: Begins::Now,
            fails: AtomicBool::default(),
            panics: AtomicBool::default(),
            hangs: AtomicBool::default(),
            asked: AtomicU32::default(),
        }
    }
}

#[async_trait]
impl Consumer for Noting {
    fn name(&self) -> &str {
        self.name
    }

    fn begins(&self) -> Begins {
        self.begins
    }

    async fn react(&self, reaction: &Reaction, events: &[Arc<Envelope>]) -> Result<Changes> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.panics.load(Ordering::SeqCst) {
            panic!("the consumer was told to panic");
        }
        if self.hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if self.fails.load(Ordering::SeqCst) {
            return Err(Error::internal("not today"));
        }
        let follow = |pair: &[Arc<Envelope>]| pair[1].seq == pair[0].seq + 1;
        assert!(
            events.windows(2).all(follow),
            "handed over in order and without gaps"
        );
        self.handed.fetch_add(events.len(), Ordering::SeqCst);
        // Others have their turn in the middle of it, and whoever kills this comes in between.
        sleep(Duration::from_millis(3)).await;
        let mut changes = reaction.changes();
        for made in events
            .iter()
            .filter(|e| matches!(e.event, Event::MessageCreated { .. }))
        {
            changes.put(AuditEntry {
                id: AuditId::generate(&*reaction.ports.clock),
                tenant: reaction.tenant,
                at: reaction.ports.now(),
                actor: Who::System {
                    name: self.name.to_owned(),
                },
                action: self.name.to_owned(),
                target: made.seq.to_string(),
                details: serde_json::Value::Null,
            });
        }
        sleep(Duration::from_millis(3)).await;
        Ok(changes)
    }
}

async fn desk(consumers: &[Arc<Noting>]) -> Desk {
    let all = consumers.to_vec();
    let with = |builder| {
        all.into_iter()
            .fold(builder, |b: omnichat_core::EngineBuilder, one| b.consumer(one))
    };
    Desk::built(
        RoutingStrategy::Manual,
        FakeChannel::everything(),
        |store| store,
        with,
    )
    .await
}

/// Another engine over the same store, as another host would be.
fn beside(desk: &Desk, consumers: &[Arc<Noting>]) -> Engine {
    let ports = desk.engine.ports();
    let builder = Engine::builder(ports.store.clone())
        .clock(desk.clock.clone())
        .bus(ports.bus.clone());
    let builder = builder.vault(omnichat_core::vault::Vault::ephemeral());
    consumers
        .iter()
        .fold(builder, |builder, one| builder.consumer(one.clone()))
        .build()
}

fn work(engine: &Engine) -> JoinHandle<()> {
    let engine = engine.clone();
    tokio::spawn(async move { engine.work(std::future::pending()).await.unwrap() })
}

/// The messages that were reacted to, each as often as it was.
async fn seen(desk: &Desk, name: &str) -> Vec<u64> {
    let store = desk.engine.ports().tenant(desk.actor.tenant);
    let mut page = PageRequest::first(100);
    let mut seen = Vec::new();
    loop {
        let found = store.list_audit(&page).await.unwrap();
        let lines = found.items.iter().filter(|entry| entry.action == name);
        seen.extend(lines.map(|entry| entry.target.parse::<u64>().unwrap()));
        match found.next {
            Some(next) => page = PageRequest::after(100, next),
            None => break,
        }
    }
    seen.sort_unstable();
    seen
}

/// The numbers of all messages in the log.
async fn made(desk: &Desk) -> Vec<u64> {
    let store = desk.engine.ports().tenant(desk.actor.tenant);
    let events = store.events_after(0, 10_000).await.unwrap();
    let made = events
        .iter()
        .filter(|e| matches!(e.event, Event::MessageCreated { .. }));
    made.map(|envelope| envelope.seq).collect()
}

/// Waits, on a clock that only goes while nobody has anything to do.
async fn until(condition: impl AsyncFn() -> bool) {
    for _ in 0..10_000 {
        if condition().await {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come to that");
}

async fn caught_up(desk: &Desk) {
    let tenant = desk.actor.tenant;
    until(async || {
        desk.engine
            .consumers(tenant)
            .await
            .unwrap()
            .iter()
            .all(|one| one.behind == 0)
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn every_event_is_reacted_to_once_and_in_order() {
    let noting = Arc::new(Noting::new("test.noting"));
    let desk = desk(std::slice::from_ref(&noting)).await;
    let working = work(&desk.engine);
    for n in 0..40 {
        desk.hear("7", &n.to_string(), "Hello").await;
    }
    caught_up(&desk).await;
    assert_eq!(seen(&desk, "test.noting").await, made(&desk).await);
    assert_eq!(made(&desk).await.len(), 40);
    working.abort();
}

#[tokio::test(start_paused = true)]
async fn one_that_fails_panics_or_hangs_gets_the_same_events_again_and_holds_up_no_other() {
    let (ill, well) = (
        Arc::new(Noting::new("test.ill")),
        Arc::new(Noting::new("test.well")),
    );
    let desk = desk(&[ill.clone(), well]).await;
    let working = work(&desk.engine);
    for (n, how) in [&ill.fails, &ill.panics, &ill.hangs].into_iter().enumerate() {
        how.store(true, Ordering::SeqCst);
        let asked = ill.asked.load(Ordering::SeqCst);
        desk.hear("7", &n.to_string(), "Hello").await;
        let tenant = desk.actor.tenant;
        until(async || {
            let health = desk.engine.consumers(tenant).await.unwrap();
            ill.asked.load(Ordering::SeqCst) > asked + 1
                && health[0].failing.is_some()
                && health[0].behind > 0
                && (health[1].behind, &health[1].failing) == (0, &None)
        })
        .await;
        how.store(false, Ordering::SeqCst);
        caught_up(&desk).await;
        until(async || desk.engine.consumers(tenant).await.unwrap()[0].failing.is_none()).await;
    }
    assert_eq!(seen(&desk, "test.ill").await, made(&desk).await);
    assert_eq!(seen(&desk, "test.well").await, made(&desk).await);
    working.abort();
}

#[tokio::test(start_paused = true)]
async fn several_hosts_react_to_each_event_once() {
    let consumers = [Arc::new(Noting::new("test.noting"))];
    let desk = desk(&consumers).await;
    let other = beside(&desk, &consumers);
    let working = [work(&desk.engine), work(&other)];
    for n in 0..60 {
        desk.hear("7", &n.to_string(), "Hello").await;
        if n % 7 == 0 {
            sleep(Duration::from_millis(60)).await;
        }
    }
    caught_up(&desk).await;
    assert_eq!(seen(&desk, "test.noting").await, made(&desk).await);
    let handed = consumers[0].handed.load(Ordering::SeqCst) as u64;
    let head = desk
        .engine
        .ports()
        .tenant(desk.actor.tenant)
        .event_head()
        .await
        .unwrap();
    assert!(
        handed > head,
        "both have reacted to some of the events, and one was refused"
    );
    let health = desk.engine.consumers(desk.actor.tenant).await.unwrap();
    assert_eq!(health[0].failing, None, "who was slower does not fail");
    working.iter().for_each(JoinHandle::abort);
}

#[tokio::test(start_paused = true)]
async fn whatever_is_killed_in_between_nothing_is_done_twice_or_left_out() {
    let consumers = [Arc::new(Noting::new("test.noting"))];
    let desk = desk(&consumers).await;
    for n in 0..60_u64 {
        let working = work(&desk.engine);
        desk.hear("7", &n.to_string(), "Hello").await;
        // Between the commit and the wake-up, in the middle of the reaction, before its commit, and after.
        sleep(Duration::from_millis(46 + n % 13)).await;
        working.abort();
        let _ = working.await;
    }
    let working = work(&desk.engine);
    caught_up(&desk).await;
    assert_eq!(seen(&desk, "test.noting").await, made(&desk).await);
    assert_eq!(made(&desk).await.len(), 60);
    working.abort();
}

#[tokio::test(start_paused = true)]
async fn a_new_one_begins_where_it_says_and_a_new_tenant_is_read_from_its_beginning() {
    let mut oldest = Noting::new("test.oldest");
    oldest.begins = Begins::AtTheOldest;
    let consumers = [Arc::new(Noting::new("test.now")), Arc::new(oldest)];
    let desk = desk(&[]).await;
    desk.hear("7", "1", "before").await;
    let before = made(&desk).await;
    let engine = beside(&desk, &consumers);
    let working = work(&engine);
    let tenant = desk.actor.tenant;
    let has_places = async || {
        let store = desk.engine.ports().tenant(tenant);
        let found = async |name| store.find_record(Place::KIND, name).await.unwrap().is_some();
        found("test.now").await && found("test.oldest").await
    };
    until(has_places).await;
    desk.hear("7", "2", "after").await;
    until(async || {
        engine
            .consumers(tenant)
            .await
            .unwrap()
            .iter()
            .all(|one| one.behind == 0)
    })
    .await;
    let all = made(&desk).await;
    assert_eq!(seen(&desk, "test.oldest").await, all);
    assert_eq!(seen(&desk, "test.now").await, all[before.len()..]);
    // Founded while they are there, though nobody works yet: nothing of its log is missed.
    working.abort();
    let (founded, _) = engine
        .tenants()
        .create("Later", new_operator("later", Role::Owner, 1))
        .await
        .unwrap();
    let head = engine.ports().tenant(founded.id).event_head().await.unwrap();
    let behind: Vec<u64> = engine
        .consumers(founded.id)
        .await
        .unwrap()
        .iter()
        .map(|one| one.behind)
        .collect();
    assert_eq!(behind, [head, head]);
    assert!(head > 0);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_gone_for_long_holds_the_log_for_a_month_and_then_goes_on_behind_what_is_gone() {
    let consumers = [Arc::new(Noting::new("test.noting"))];
    let desk = desk(&consumers).await;
    desk.hear("7", "1", "Hello").await;
    let store = desk.engine.ports().store.clone();
    let day = Duration::from_secs(24 * 3_600);
    let prune = async || {
        let now = desk.engine.ports().now();
        store.prune(now, now).await.unwrap();
        store.tenant(desk.actor.tenant).event_tail().await.unwrap()
    };
    desk.clock.advance(24 * day);
    assert_eq!(prune().await, 1, "nothing that it has yet to read is thrown away");
    desk.clock.advance(7 * day);
    assert!(prune().await > 1, "it holds the log no longer");
    let working = work(&desk.engine);
    let tenant: TenantId = desk.actor.tenant;
    caught_up(&desk).await;
    assert_eq!(
        seen(&desk, "test.noting").await,
        [0; 0],
        "what is gone is not reacted to"
    );
    desk.hear("7", "2", "Hello again").await;
    caught_up(&desk).await;
    assert_eq!(seen(&desk, "test.noting").await, made(&desk).await);
    // While it is there its place is renewed, though nothing happens.
    for _ in 0..4 {
        desk.clock.advance(20 * day);
        sleep(Duration::from_secs(61)).await;
        store
            .prune(desk.engine.ports().now(), desk.engine.ports().now())
            .await
            .unwrap();
    }
    let place = store
        .tenant(tenant)
        .find_record(Place::KIND, "test.noting")
        .await
        .unwrap()
        .unwrap();
    let place: Place = place.read().unwrap();
    assert!(place.holds_until > desk.engine.ports().now().micros());
    // Nor does one that fails all the time lose its events.
    consumers[0].fails.store(true, Ordering::SeqCst);
    desk.hear("7", "3", "Still there?").await;
    for _ in 0..4 {
        desk.clock.advance(20 * day);
        sleep(Duration::from_secs(200)).await;
        store
            .prune(desk.engine.ports().now(), desk.engine.ports().now())
            .await
            .unwrap();
    }
    consumers[0].fails.store(false, Ordering::SeqCst);
    caught_up(&desk).await;
    assert_eq!(seen(&desk, "test.noting").await.len(), 2);
    working.abort();
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_everywhere_takes_no_place_of_another() {
    let (ill, well) = (
        Arc::new(Noting::new("test.ill")),
        Arc::new(Noting::new("test.well")),
    );
    ill.hangs.store(true, Ordering::SeqCst);
    let desk = desk(&[ill, well]).await;
    let mut tenants = Vec::new();
    for n in 0..40 {
        let owner = new_operator(&format!("owner{n}"), Role::Owner, 1);
        tenants.push(desk.engine.tenants().create("Another", owner).await.unwrap().0.id);
    }
    let begun = tokio::time::Instant::now();
    let working = work(&desk.engine);
    until(async || {
        let mut behind = 0;
        for tenant in &tenants {
            behind += desk.engine.consumers(*tenant).await.unwrap()[1].behind;
        }
        behind == 0
    })
    .await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    working.abort();
}

#[tokio::test(start_paused = true)]
async fn changes_that_are_always_stale_are_a_failure_and_no_busy_loop() {
    #[derive(Debug, Default)]
    struct Stale(AtomicU32);

    #[async_trait]
    impl Consumer for Stale {
        fn name(&self) -> &str {
            "test.stale"
        }

        async fn react(&self, _: &Reaction, _: &[Arc<Envelope>]) -> Result<Changes> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Err(Error::conflict("row"))
        }
    }

    let stale = Arc::new(Stale::default());
    let consumer = stale.clone();
    let desk = Desk::built(
        RoutingStrategy::Manual,
        FakeChannel::everything(),
        |store| store,
        |builder| builder.consumer(consumer),
    )
    .await;
    let working = work(&desk.engine);
    sleep(Duration::from_secs(10)).await;
    let asked = stale.0.load(Ordering::SeqCst);
    assert!((2..10).contains(&asked), "{asked}");
    let health = desk.engine.consumers(desk.actor.tenant).await.unwrap();
    assert!(health[0].failing.is_some());
    let totals = desk.engine.consumer_totals();
    assert_eq!((totals[0].logs_behind, totals[0].logs_failing), (1, 1));
    working.abort();
}

#[tokio::test(start_paused = true)]
async fn large_events_that_come_in_several_reads_are_read_on_at_once() {
    let noting = Arc::new(Noting::new("noting"));
    let desk = desk(std::slice::from_ref(&noting)).await;
    let before = desk.log().await.len();
    for _ in 0..8 {
        let mut changes = Changes::by(&desk.actor);
        changes.event(Event::QuarantineAdded {
            inbox: desk.inbox.id,
            id: omnichat_core::id::QuarantineId::generate(&*desk.clock),
            reason: "x".repeat(READ_BYTES / 2),
        });
        desk.engine.ports().commit(changes).await.unwrap();
    }
    let begun = Instant::now();
    let working = work(&desk.engine);
    until(async || noting.handed.load(Ordering::SeqCst) == before + 8).await;
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    working.abort();
}
