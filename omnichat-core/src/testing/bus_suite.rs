//! What every event bus does, case by case. [`bus_suite!`](crate::bus_suite) makes a test of each.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use crate::clock::{ManualClock, Timestamp};
use crate::event::bus::{EventBus, Signal};
use crate::event::{Envelope, Ephemeral, Origin};
use crate::id::{OperatorId, TenantId};
use crate::testing::Builder;
use crate::text::json_len;

/// A bus to be tried.
pub struct BusFixture {
    /// The bus of one node.
    pub bus: Arc<dyn EventBus>,
    /// The same bus as other nodes have it; empty if it does not leave its process.
    pub others: Vec<Arc<dyn EventBus>>,
    held: Vec<Box<dyn Any + Send + Sync>>,
}

impl std::fmt::Debug for BusFixture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BusFixture")
            .field("others", &self.others.len())
            .finish_non_exhaustive()
    }
}

impl BusFixture {
    /// A bus within one process.
    pub fn new(bus: Arc<dyn EventBus>) -> Self {
        Self {
            bus,
            others: Vec::new(),
            held: Vec::new(),
        }
    }

    /// The same, with the bus as other nodes have it, already listening.
    #[must_use]
    pub fn with_nodes(mut self, others: Vec<Arc<dyn EventBus>>) -> Self {
        self.others = others;
        self
    }

    /// The same, keeping something as long as the case runs.
    #[must_use]
    pub fn holding(mut self, what: impl Any + Send + Sync) -> Self {
        self.held.push(Box::new(what));
        self
    }
}

/// Every listener of the node hears everything, in order.
pub async fn listeners_hear_everything_in_order(fixture: BusFixture) {
    let tenant = Builder::new(Arc::new(ManualClock::default())).tenant;
    let mut listeners = [fixture.bus.subscribe(), fixture.bus.subscribe()];
    for seq in 1..=100 {
        say(&fixture, head(tenant, seq)).await;
    }
    for listener in &mut listeners {
        for seq in 1..=100 {
            assert_eq!(hear_head(listener).await, (tenant, seq));
        }
        assert!(
            matches!(listener.try_recv(), Err(TryRecvError::Empty)),
            "something was said that nobody said"
        );
    }
}

/// Each kind of signal arrives as it was said.
pub async fn each_signal_arrives_whole(fixture: BusFixture) {
    let make = Builder::new(Arc::new(ManualClock::default()));
    let mut listener = fixture.bus.subscribe();
    let events = two_events(&make);
    say(
        &fixture,
        Signal::Committed {
            tenant: make.tenant,
            events: events.clone(),
        },
    )
    .await;
    match hear(&mut listener).await {
        Signal::Committed {
            tenant,
            events: heard,
        } => assert_eq!((tenant, heard), (make.tenant, events)),
        other => panic!("{other:?}"),
    }
    say(&fixture, Signal::Jobs).await;
    assert!(matches!(hear(&mut listener).await, Signal::Jobs));
    let shown = presence(&make);
    say(
        &fixture,
        Signal::Ephemeral {
            tenant: make.tenant,
            ephemeral: shown.clone(),
        },
    )
    .await;
    match hear(&mut listener).await {
        Signal::Ephemeral { tenant, ephemeral } => assert_eq!((tenant, ephemeral), (make.tenant, shown)),
        other => panic!("{other:?}"),
    }
}

/// Saying something to nobody is no fault.
pub async fn nobody_need_listen(fixture: BusFixture) {
    say(&fixture, Signal::Jobs).await;
    drop(fixture.bus.subscribe());
    say(&fixture, Signal::Jobs).await;
}

/// A listener hears what is said from then on, and nothing from before.
pub async fn the_past_is_not_repeated(fixture: BusFixture) {
    let tenant = Builder::new(Arc::new(ManualClock::default())).tenant;
    let mut early = fixture.bus.subscribe();
    say(&fixture, head(tenant, 1)).await;
    assert_eq!(hear_head(&mut early).await.1, 1);
    let mut late = fixture.bus.subscribe();
    say(&fixture, head(tenant, 2)).await;
    assert_eq!(hear_head(&mut late).await.1, 2);
}

/// A slow listener holds up nobody; it loses the oldest signals and learns that it did.
pub async fn a_slow_listener_learns_what_it_missed(fixture: BusFixture) {
    const MANY: u64 = 50_000;
    let tenant = Builder::new(Arc::new(ManualClock::default())).tenant;
    let mut slow = fixture.bus.subscribe();
    for seq in 1..=MANY {
        say(&fixture, head(tenant, seq)).await;
    }
    let mut missed = 0;
    let mut last = 0;
    while last < MANY {
        match timely(slow.recv()).await {
            Ok(Signal::Head { seq, .. }) => {
                assert!(seq > last, "signals came out of order");
                last = seq;
            }
            Ok(other) => panic!("{other:?}"),
            Err(RecvError::Lagged(count)) => missed += count,
            Err(RecvError::Closed) => panic!("the bus ended"),
        }
    }
    assert!(missed > 0, "nothing was lost, though nobody listened");
}

/// Many may speak at once; each is heard in the order in which it spoke.
pub async fn many_may_speak_at_once(fixture: BusFixture) {
    const SPEAKERS: u64 = 8;
    const WORDS: u64 = 100;
    let mut listener = fixture.bus.subscribe();
    let clock = Arc::new(ManualClock::default());
    let tenants: Vec<TenantId> = (0..SPEAKERS)
        .map(|_| Builder::new(clock.clone()).tenant)
        .collect();
    let speakers: Vec<_> = tenants
        .iter()
        .map(|tenant| {
            let (bus, tenant) = (fixture.bus.clone(), *tenant);
            tokio::spawn(async move {
                for seq in 1..=WORDS {
                    bus.publish(head(tenant, seq)).await.expect("it is carried");
                }
            })
        })
        .collect();
    let mut heard = vec![0; tenants.len()];
    for _ in 0..SPEAKERS * WORDS {
        let (tenant, seq) = hear_head(&mut listener).await;
        let speaker = tenants
            .iter()
            .position(|t| *t == tenant)
            .expect("a speaker that is known");
        heard[speaker] += 1;
        assert_eq!(seq, heard[speaker]);
    }
    for speaker in speakers {
        speaker.await.expect("a speaker ends");
    }
}

/// Other nodes learn how far a log has grown, that jobs have come, and what is shown and not kept.
pub async fn other_nodes_hear_too(fixture: BusFixture) {
    let make = Builder::new(Arc::new(ManualClock::default()));
    let mut listeners: Vec<_> = fixture.others.iter().map(|bus| bus.subscribe()).collect();
    if listeners.is_empty() {
        println!("this bus does not leave its process: there are no other nodes");
        return;
    }
    let events = two_events(&make);
    say(
        &fixture,
        Signal::Committed {
            tenant: make.tenant,
            events,
        },
    )
    .await;
    say(&fixture, Signal::Jobs).await;
    let shown = presence(&make);
    say(
        &fixture,
        Signal::Ephemeral {
            tenant: make.tenant,
            ephemeral: shown.clone(),
        },
    )
    .await;
    for listener in &mut listeners {
        match hear(listener).await {
            Signal::Head { tenant, seq } => assert_eq!((tenant, seq), (make.tenant, 2)),
            Signal::Committed { tenant, events } => {
                assert_eq!((tenant, events.last().map(|e| e.seq)), (make.tenant, Some(2)));
            }
            other => panic!("{other:?}"),
        }
        assert!(matches!(hear(listener).await, Signal::Jobs));
        match hear(listener).await {
            Signal::Ephemeral { tenant, ephemeral } => {
                assert_eq!((tenant, &ephemeral), (make.tenant, &shown))
            }
            other => panic!("{other:?}"),
        }
    }
}

fn head(tenant: TenantId, seq: u64) -> Signal {
    Signal::Head { tenant, seq }
}

fn two_events(make: &Builder) -> Arc<Vec<Arc<Envelope>>> {
    let customer = make.customer();
    let event = || crate::event::Event::CustomerUpdated {
        customer: customer.clone(),
    };
    let at = Timestamp::from_secs(1);
    Arc::new(
        [1, 2]
            .map(|seq| {
                Arc::new(Envelope {
                    tenant: make.tenant,
                    seq,
                    at,
                    bytes: json_len(&event()),
                    origin: Arc::new(Origin::system("test")),
                    changed: Vec::new(),
                    event: event(),
                })
            })
            .to_vec(),
    )
}

fn presence(make: &Builder) -> Ephemeral {
    Ephemeral::Presence {
        operator: OperatorId::generate(make.clock()),
        connected: true,
    }
}

async fn say(fixture: &BusFixture, signal: Signal) {
    fixture.bus.publish(signal).await.expect("it is carried");
}

async fn hear(listener: &mut Receiver<Signal>) -> Signal {
    timely(listener.recv()).await.expect("a signal is heard")
}

async fn hear_head(listener: &mut Receiver<Signal>) -> (TenantId, u64) {
    match hear(listener).await {
        Signal::Head { tenant, seq } => (tenant, seq),
        other => panic!("{other:?}"),
    }
}

/// A bus that says nothing fails its test instead of hanging it.
async fn timely<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), what)
        .await
        .expect("nothing was heard")
}

/// Makes a test of every case of the bus suite. Takes a name for the module of the tests, and an async function that gives
/// a [`BusFixture`] with a fresh bus for each case; or an `Option` of one, `None` where the server that it needs is not there.
#[macro_export]
macro_rules! bus_suite {
    ($name:ident, $make:path) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $crate::bus_suite! {
                @tests $make;
                listeners_hear_everything_in_order,
                each_signal_arrives_whole,
                nobody_need_listen,
                the_past_is_not_repeated,
                a_slow_listener_learns_what_it_missed,
                many_may_speak_at_once,
                other_nodes_hear_too,
            }
        }
    };
    (@tests $make:path; $($case:ident),* $(,)?) => {
        $(#[test]
        fn $case() {
            $crate::testing::try_case(async || $make().await, $crate::testing::bus_suite::$case);
        })*
    };
}
