//! What a durable consumer costs, how far it is behind, and that kills make it do nothing twice and leave nothing out.

use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use async_trait::async_trait;
use futures::StreamExt;
use omnichat_core::actor::{Actor, Role};
use omnichat_core::change::Changes;
use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage, Person, Profile};
use omnichat_core::clock::Timestamp;
use omnichat_core::consumers::{Consumer, Place, Reaction};
use omnichat_core::event::{Envelope, Event};
use omnichat_core::id::InboxId;
use omnichat_core::inboxes::{NewInbox, RoutingStrategy};
use omnichat_core::operators::NewOperator;
use omnichat_core::records::{Record, RecordType};
use omnichat_core::testing::{Acting as _, FakeChannel, FakeKind};
use omnichat_core::{Engine, EngineBuilder};
use omnichat_store::{StoreOptions, open_store};

use crate::report::{Report, percentile};
use crate::stores;

/// In the environment of a process that only reacts, until it is killed: the store's address.
const CHILD: &str = "OMNICHAT_BENCH_REACTS";
/// Chats that write at once.
const CHATS: usize = 64;
/// Messages a second that a consumer has to keep up with.
const PACE: u64 = 1_000;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let mut report = Report::new("consumers");
    let seconds = if quick { 3 } else { 10 };
    for fresh in stores::all().await? {
        let name = fresh.name;
        let counting = Arc::new(Counting::default());
        // Which goes first matters where a store grows: both in turn.
        let (mut with, mut without) = (0.0, 0.0);
        for round in 0..4 {
            let counts = round % 2 == 1;
            let desk = Desk::open(&fresh.url, counts.then(|| counting.clone())).await?;
            let rate = desk.flood(Duration::from_secs(seconds)).await?;
            *(if counts { &mut with } else { &mut without }) += rate / 2.0;
            desk.close().await?;
        }
        let desk = Desk::open(&fresh.url, Some(counting.clone())).await?;
        desk.caught_up().await?;
        counting.take(u64::MAX);
        let mut lags = desk.pace(Duration::from_secs(2 * seconds), &counting).await?;
        desk.close().await?;
        report.tell(&format!("{name} messages a second, without"), without, "/s");
        report.tell(
            &format!("{name} messages a second, beside a consumer"),
            with,
            "/s",
        );
        report.at_most(
            &format!("{name} cost of a consumer"),
            (1.0 - with / without) * 100.0,
            "%",
            5.0,
        );
        report.at_most(
            &format!("{name} behind at {PACE}/s, p99"),
            percentile(&mut lags, 0.99),
            "ms",
            200.0,
        );
    }
    // A file of SQLite is open to one process only; there a kill of the host is what the bench `crash` is about.
    if let Some(fresh) = stores::all()
        .await?
        .into_iter()
        .find(|fresh| fresh.name == "postgres")
    {
        let kills = if quick { 20 } else { 200 };
        let (made, counted) = kill(&fresh.url, kills).await?;
        report.tell("kills", kills as f64, "");
        report.tell("messages", made as f64, "");
        report.at_most(
            "effects too many or too few",
            counted.abs_diff(made) as f64,
            "",
            0.0,
        );
    }
    Ok(report)
}

/// Messages that were reacted to.
#[derive(serde::Serialize, serde::Deserialize, Default)]
struct Count {
    messages: u64,
}

impl RecordType for Count {
    const KIND: &'static str = "bench_count";
}

/// Counts messages, and takes note of what it was handed.
#[derive(Default)]
struct Counting {
    handed: Mutex<Vec<(u64, Timestamp)>>,
}

impl Counting {
    /// What was handed over and has its consequences written, up to this event.
    fn take(&self, up_to: u64) -> Vec<Timestamp> {
        let mut handed = self.handed.lock().expect("nobody panicked");
        let (written, waiting): (Vec<_>, Vec<_>) = handed.drain(..).partition(|(seq, _)| *seq <= up_to);
        *handed = waiting;
        written.into_iter().map(|(_, at)| at).collect()
    }
}

#[async_trait]
impl Consumer for Counting {
    fn name(&self) -> &str {
        "bench.counting"
    }

    async fn react(
        &self,
        reaction: &Reaction,
        events: &[Arc<Envelope>],
    ) -> omnichat_core::error::Result<Changes> {
        let now = reaction.ports.now();
        let made = events
            .iter()
            .filter(|e| matches!(e.event, Event::MessageCreated { .. }))
            .count();
        let mut changes = reaction.changes();
        let store = reaction.ports.tenant(reaction.tenant);
        let held = store.find_record(Count::KIND, "messages").await?;
        let mut count = held
            .as_ref()
            .map(Record::read::<Count>)
            .transpose()?
            .unwrap_or_default();
        count.messages += made as u64;
        changes.put(match &held {
            Some(record) => record.next(&count, now)?,
            None => Record::new(reaction.tenant, "messages", &count, now)?,
        });
        let handed = events.iter().map(|event| (event.seq, event.at));
        self.handed.lock().expect("nobody panicked").extend(handed);
        Ok(changes)
    }
}

/// An engine at work over a store.
struct Desk {
    engine: Engine,
    actor: Actor,
    inbox: InboxId,
    work: Option<tokio::task::JoinHandle<()>>,
    next: AtomicU64,
}

impl Desk {
    async fn open(url: &str, consumer: Option<Arc<Counting>>) -> Result<Self> {
        let mut desk = Self::found(url, consumer).await?;
        let worker = desk.engine.clone();
        desk.work = Some(tokio::spawn(async move {
            if let Err(error) = worker.work(std::future::pending()).await {
                eprintln!("the engine stopped: {error}");
            }
        }));
        Ok(desk)
    }

    /// One of which nothing is worked off here.
    async fn found(url: &str, consumer: Option<Arc<Counting>>) -> Result<Self> {
        let engine = engine(url, |builder| match consumer {
            Some(consumer) => builder.consumer(consumer),
            None => builder,
        })
        .await?;
        let owner = NewOperator {
            name: "Owner".to_owned(),
            email: format!("owner{}@example.org", uuid::Uuid::now_v7().as_simple()),
            role: Role::Owner.into(),
            capacity: 1,
            locale: None,
            password_hash: None,
        };
        let (_, owner) = engine.tenants().create("Bench", owner).await?;
        let actor = owner.actor();
        let inbox = NewInbox {
            kind: FakeChannel::KIND.to_owned(),
            title: "Bench".to_owned(),
            config: serde_json::json!({ "token": "secret" }),
            scenario: None,
            routing: RoutingStrategy::Manual,
            proxy_url: None,
        };
        let inbox = engine.inboxes().create(&actor, inbox).await?.id;
        Ok(Self {
            engine,
            actor,
            inbox,
            work: None,
            next: AtomicU64::new(0),
        })
    }

    async fn write(&self, chat: usize) -> Result<()> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let message = InboundMessage {
            external_id: number.to_string(),
            text: "Good afternoon, when will my order be delivered?".to_owned(),
            ..InboundMessage::default()
        };
        let person = Person::from(Profile {
            name: format!("Customer {chat}"),
            ..Profile::default()
        });
        let event = Inbound::private(chat.to_string(), InboundEvent::Message(message)).by(person);
        self.engine.receive(self.inbox, event).await?;
        Ok(())
    }

    /// Messages a second, from as many chats as there are.
    async fn flood(&self, time: Duration) -> Result<f64> {
        let (begun, before) = (Instant::now(), self.next.load(Ordering::Relaxed));
        let chats = (0..CHATS).map(async |chat| {
            while begun.elapsed() < time {
                self.write(chat).await?;
            }
            anyhow::Ok(())
        });
        futures::future::try_join_all(chats).await?;
        let written = self.next.load(Ordering::Relaxed) - before;
        Ok(written as f64 / begun.elapsed().as_secs_f64())
    }

    /// So many messages a second and no more; how late the consequences of each event were written, in milliseconds.
    async fn pace(&self, time: Duration, counting: &Counting) -> Result<Vec<f64>> {
        let total = PACE * time.as_secs();
        let ticks = tokio::time::interval(Duration::from_micros(1_000_000 / PACE));
        let numbers = futures::stream::unfold((ticks, 0), async |(mut ticks, number)| {
            ticks.tick().await;
            (number < total).then_some((number, (ticks, number + 1)))
        });
        let writing = numbers.for_each_concurrent(2 * CHATS, async |number| {
            if let Err(error) = self.write(number as usize % CHATS).await {
                eprintln!("a message was refused: {error:#}");
            }
        });
        let ports = self.engine.ports();
        let watching = async {
            let mut lags = Vec::new();
            let store = ports.tenant(self.actor.tenant);
            loop {
                let place = store.find_record(Place::KIND, "bench.counting").await?;
                let seq = place
                    .map(|record| record.read::<Place>())
                    .transpose()?
                    .map_or(0, |place| place.seq);
                let now = ports.now();
                let written = counting.take(seq).into_iter();
                lags.extend(written.map(|at| now.since(at).as_secs_f64() * 1_000.0));
                if lags.len() as u64 >= total && seq >= store.event_head().await? {
                    return anyhow::Ok(lags);
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let ((), lags) = tokio::join!(writing, watching);
        lags
    }

    async fn caught_up(&self) -> Result<()> {
        while self
            .engine
            .consumers(self.actor.tenant)
            .await?
            .iter()
            .any(|one| one.behind > 0)
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    async fn close(self) -> Result<()> {
        if let Some(work) = self.work {
            work.abort();
            let _ = work.await;
        }
        self.engine.ports().store.close().await?;
        Ok(())
    }
}

async fn engine(url: &str, more: impl FnOnce(EngineBuilder) -> EngineBuilder) -> Result<Engine> {
    let store = open_store(url, StoreOptions::default()).await?;
    let builder = Engine::builder(store).channel(Arc::new(FakeKind::default()));
    Ok(more(builder).build())
}

/// Kills a process that reacts, again and again; how many messages were made, and how many counted.
async fn kill(url: &str, kills: u64) -> Result<(u64, u64)> {
    let desk = Desk::found(url, Some(Arc::default())).await?;
    let mut made = 0;
    for round in 0..=kills {
        for chat in 0..20 {
            desk.write(chat).await?;
            made += 1;
        }
        let mut child = tokio::process::Command::new(std::env::current_exe()?)
            .args(["consumers", "--quick"])
            .env(CHILD, url)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("the process that reacts does not start")?;
        if round == kills {
            desk.caught_up().await?;
        } else {
            // From before it has opened the store until after it has caught up.
            let wait = 10 + rand::random_range(0..150);
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        child.kill().await?;
    }
    let store = desk.engine.ports().tenant(desk.actor.tenant);
    let held = store.find_record(Count::KIND, "messages").await?;
    let counted = held
        .map(|record| record.read::<Count>())
        .transpose()?
        .unwrap_or_default();
    desk.close().await?;
    Ok((made, counted.messages))
}

/// Reacts until it is killed, if this process was started for that.
pub(crate) async fn react_if_told() -> Result<()> {
    let Ok(url) = std::env::var(CHILD) else {
        return Ok(());
    };
    let engine = engine(&url, |builder| builder.consumer(Arc::new(Counting::default()))).await?;
    engine.work(std::future::pending()).await?;
    Ok(())
}
