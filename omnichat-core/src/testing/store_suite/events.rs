//! The event log: numbers without gaps, in the order of commits.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::fixture::StoreFixture;
use super::scene::{Scene, fault};
use crate::actor::Who;
use crate::change::Changes;
use crate::consumers::Place;
use crate::customers::Customer;
use crate::error::ErrorKind;
use crate::event::{Cause, Envelope, Event, FieldChange, NewEvent, Origin, READ_BYTES};
use crate::id::{AutomationId, InboxId, OperatorId};

/// The first event of a tenant has the number 1, and each commit goes on where the last ended.
pub async fn events_are_numbered_from_one(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    assert_eq!(scene.tell("one").await.seq, 1);
    let events = [scene.event("two"), scene.event("three")];
    let committed = scene
        .commit(Changes {
            events: events.iter().cloned().map(NewEvent::from).collect(),
            ..scene.changes()
        })
        .await;
    let told: Vec<_> = committed
        .events
        .iter()
        .map(|e| (e.seq, e.event.clone()))
        .collect();
    assert_eq!(told, [(2, events[0].clone()), (3, events[1].clone())]);
    assert_eq!(scene.reads.event_head().await.expect("the head"), 3);
    assert_eq!(scene.reads.event_tail().await.expect("the tail"), 1);
}

/// What a commit answers is what the log holds.
pub async fn a_commit_answers_what_the_log_holds(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut answered = Vec::new();
    for n in 0..5 {
        fixture.clock.advance(Duration::from_millis(n));
        let events = (0..n).map(|m| scene.event(&format!("{n} {m}")).into()).collect();
        answered.extend(
            scene
                .commit(Changes {
                    events,
                    ..scene.changes()
                })
                .await
                .events,
        );
    }
    let answered: Vec<Envelope> = answered.iter().map(|e| Envelope::clone(e)).collect();
    assert_eq!(scene.events().await, answered);
    assert!(answered.iter().all(|event| event.tenant == scene.tenant));
}

/// An event says who did it and why, and what it touched, in the answer to the commit and in the log.
pub async fn events_say_who_why_and_what_they_touched(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let anna = Who::Operator {
        id: OperatorId::generate(&*fixture.clock),
        name: "Anna «A\"».".to_owned(),
    };
    let origins = [
        Origin::system("engine"),
        Origin::consumer("example.counting"),
        Origin {
            by: anna,
            cause: Cause::Request,
        },
        Origin::inbound(InboxId::generate(&*fixture.clock), None),
        Origin::scenario(AutomationId::generate(&*fixture.clock)),
        Origin::job(&scene.job("lane")),
        Origin {
            cause: Cause::Import,
            ..Origin::system("cli")
        },
    ];
    let touched = |field: &str, before: Value, after: Value| FieldChange {
        field: field.to_owned().into(),
        before,
        after,
    };
    let changed = vec![
        touched("status", json!("new"), json!("open")),
        touched("attributes.город", Value::Null, json!("Пермь 'x' \\ \"y\"")),
        touched("tags", json!(["a", "b"]), json!([])),
    ];
    for origin in &origins {
        let mut changes = Changes {
            origin: origin.clone(),
            ..scene.changes()
        };
        changes
            .tell(scene.event("touched"), changed.clone())
            .event(scene.event("made"));
        let committed = scene.commit(changes).await;
        let log = scene.reads.events_after(committed.events[0].seq - 1, 2).await;
        let log = log.expect("the log");
        for (answered, kept) in committed.events.iter().zip(&log) {
            assert_eq!(**answered, *kept);
            assert_eq!(*kept.origin, *origin);
        }
        assert_eq!((&log[0].changed, log[1].changed.len()), (&changed, 0));
        assert!(log[0].touched("status") && !log[1].touched("status"));
    }
}

/// An event carries the time of its commit, by the store's clock.
pub async fn events_carry_their_time(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let early = scene.now();
    assert_eq!(scene.tell("early").await.at, early);
    fixture.clock.advance(Duration::from_micros(1_500_001));
    let late = scene.now();
    assert_eq!(scene.tell("late").await.at, late);
    assert_eq!(
        scene.events().await.iter().map(|e| e.at).collect::<Vec<_>>(),
        [early, late]
    );
}

/// Each tenant has its own numbers.
pub async fn tenants_count_apart(fixture: StoreFixture) {
    let one = Scene::new(&fixture).await;
    let two = Scene::new(&fixture).await;
    for n in 1..=3 {
        assert_eq!(one.tell("one").await.seq, n);
        assert_eq!(two.tell("two").await.seq, 2 * n - 1);
        assert_eq!(two.tell("two").await.seq, 2 * n);
    }
    assert_eq!(one.reads.event_head().await.expect("the head"), 3);
}

/// A commit that fails uses up no number.
pub async fn a_failed_commit_uses_no_number(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    scene.tell("one").await;
    let mut faulty = scene.changes();
    faulty
        .put(Customer {
            version: 2,
            ..scene.customer()
        })
        .event(scene.event("never"))
        .event(scene.event("ever"));
    assert_eq!(fault(scene.store.commit(faulty).await), ErrorKind::Conflict);
    assert_eq!(scene.tell("two").await.seq, 2);
}

/// Many who commit at once leave a log without gaps or repetitions, each commit's events side by side, each writer's in
/// its order.
pub async fn concurrent_commits_leave_no_gap(fixture: StoreFixture) {
    const WRITERS: usize = 12;
    const COMMITS: usize = 15;
    let scene = Arc::new(Scene::new(&fixture).await);
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let scene = scene.clone();
        writers.push(tokio::spawn(async move {
            let mut answered = Vec::new();
            for commit in 0..COMMITS {
                let mut changes = scene.changes();
                changes.put(scene.customer());
                for part in 0..=commit % 3 {
                    changes.event(scene.event(&format!("{writer} {commit} {part}")));
                }
                // A fault now and then, which must not leave a hole.
                if commit % 4 == 3 {
                    let mut faulty = changes.clone();
                    faulty.put(Customer {
                        version: 9,
                        ..scene.customer()
                    });
                    assert_eq!(fault(scene.store.commit(faulty).await), ErrorKind::Conflict);
                }
                let committed = scene.commit(changes).await.events;
                let numbers: Vec<u64> = committed.iter().map(|e| e.seq).collect();
                assert!(
                    numbers.windows(2).all(|pair| pair[1] == pair[0] + 1),
                    "a commit was torn: {numbers:?}"
                );
                answered.extend(committed);
            }
            assert!(
                answered.windows(2).all(|pair| pair[0].seq < pair[1].seq),
                "a later commit has an earlier number"
            );
            answered
        }));
    }
    let mut answered = Vec::new();
    for writer in writers {
        answered.extend(writer.await.expect("a writer ends"));
    }
    answered.sort_by_key(|event| event.seq);
    let log = scene.events().await;
    assert!(
        log.iter().zip(1..).all(|(event, seq)| event.seq == seq),
        "the log has a gap"
    );
    assert_eq!(
        log,
        answered.iter().map(|e| Envelope::clone(e)).collect::<Vec<_>>()
    );
    assert_eq!(
        scene.reads.event_head().await.expect("the head"),
        log.len() as u64
    );
}

/// Whoever follows the log while others commit sees every number, in order, and never one before its forerunner.
pub async fn a_follower_misses_nothing(fixture: StoreFixture) {
    const WRITERS: u64 = 6;
    const COMMITS: u64 = 20;
    let scene = Arc::new(Scene::new(&fixture).await);
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        let scene = scene.clone();
        writers.push(tokio::spawn(async move {
            for _ in 0..COMMITS {
                scene.tell("news").await;
            }
        }));
    }
    let mut seen = 0;
    while seen < WRITERS * COMMITS {
        for event in scene
            .reads
            .events_after(seen, 7)
            .await
            .expect("the log can be read")
        {
            assert_eq!(event.seq, seen + 1, "an event was skipped");
            seen = event.seq;
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.expect("a writer ends");
    }
}

/// Events are read in pages, by number.
pub async fn events_are_read_in_pages(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let events = (0..25).map(|n| scene.event(&n.to_string()).into()).collect();
    scene
        .commit(Changes {
            events,
            ..scene.changes()
        })
        .await;
    let numbers = async |after, limit| -> Vec<u64> {
        let page = scene
            .reads
            .events_after(after, limit)
            .await
            .expect("the log can be read");
        page.iter().map(|event| event.seq).collect()
    };
    assert_eq!(numbers(0, 10).await, (1..=10).collect::<Vec<_>>());
    assert_eq!(numbers(10, 10).await, (11..=20).collect::<Vec<_>>());
    assert_eq!(numbers(20, 10).await, (21..=25).collect::<Vec<_>>());
    assert_eq!(numbers(24, 1).await, [25]);
    assert_eq!(numbers(25, 10).await, [0_u64; 0]);
    assert_eq!(numbers(u64::MAX, 10).await, [0_u64; 0]);
    assert_eq!(numbers(0, 0).await, [0_u64; 0]);
}

/// Old events are pruned from the oldest on; the tail moves, the head and the numbers stay.
pub async fn pruning_moves_the_tail(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    for n in 0..6 {
        scene.tell(&n.to_string()).await;
        fixture.clock.advance(Duration::from_secs(1));
    }
    let third = scene.events().await[2].at;
    let nothing_expires = scene.now();
    assert_eq!(
        fixture
            .store
            .prune(nothing_expires, third)
            .await
            .expect("it can be pruned"),
        2
    );
    assert_eq!(scene.reads.event_tail().await.expect("the tail"), 3);
    assert_eq!(scene.reads.event_head().await.expect("the head"), 6);
    let left: Vec<u64> = scene.events().await.iter().map(|event| event.seq).collect();
    assert_eq!(left, [3, 4, 5, 6]);
    assert_eq!(scene.reads.events_after(1, 2).await.expect("the log")[0].seq, 3);

    assert_eq!(
        fixture
            .store
            .prune(nothing_expires, scene.in_secs(1))
            .await
            .expect("it can be pruned"),
        4
    );
    assert_eq!(scene.reads.event_tail().await.expect("the tail"), 7);
    assert_eq!(scene.reads.event_head().await.expect("the head"), 6);
    assert_eq!(scene.events().await, []);
    assert_eq!(
        fixture
            .store
            .prune(nothing_expires, scene.in_secs(1))
            .await
            .expect("it can be pruned"),
        0
    );
    assert_eq!(scene.tell("next").await.seq, 7);
    assert_eq!(scene.reads.event_tail().await.expect("the tail"), 7);
}

/// Pruning looks at every tenant.
pub async fn pruning_covers_every_tenant(fixture: StoreFixture) {
    let scenes = [Scene::new(&fixture).await, Scene::new(&fixture).await];
    for scene in &scenes {
        scene.tell("old").await;
    }
    fixture.clock.advance(Duration::from_secs(10));
    let now = scenes[0].now();
    scenes[0].tell("new").await;
    assert_eq!(fixture.store.prune(now, now).await.expect("it can be pruned"), 2);
    assert_eq!(scenes[0].reads.event_tail().await.expect("the tail"), 2);
    assert_eq!(scenes[1].reads.event_tail().await.expect("the tail"), 2);
}

/// Every kind of event comes back as it went in.
pub async fn every_kind_of_event_is_kept(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let rows = super::kinds::one_of_each(&scene, "text «ж» 🦊");
    let mut events = vec![scene.event("text «ж» 🦊")];
    let mut told = None;
    for row in rows {
        use crate::change::Row;
        match row {
            Row::Operator(operator) => events.push(Event::OperatorUpdated { operator }),
            Row::Inbox(inbox) => {
                events.push(Event::InboxDeleted { inbox: inbox.id });
                events.push(Event::InboxUpdated { inbox });
            }
            Row::Customer(customer) => events.push(Event::CustomerUpdated { customer }),
            Row::Conversation(conversation) => {
                events.push(Event::ConversationCreated {
                    conversation: conversation.clone(),
                });
                events.push(Event::ConversationUpdated {
                    conversation: conversation.clone(),
                });
                told = Some(conversation);
            }
            Row::Message(message) => {
                let conversation = told.clone().expect("the conversation comes before its message");
                events.push(Event::MessageCreated {
                    conversation,
                    message: message.clone(),
                });
                events.push(Event::MessageUpdated {
                    message: message.clone(),
                    conversation: told.clone(),
                });
                events.push(Event::MessageUpdated {
                    message,
                    conversation: None,
                });
            }
            _ => {}
        }
    }
    scene
        .commit(Changes {
            events: events.iter().cloned().map(NewEvent::from).collect(),
            ..scene.changes()
        })
        .await;
    let log: Vec<Event> = scene
        .events()
        .await
        .into_iter()
        .map(|envelope| envelope.event)
        .collect();
    assert_eq!(log, events);
}

/// However many events are asked for, a read ends once it has so many bytes of them, and the next goes on.
pub async fn large_events_come_in_several_reads(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let large = "ж".repeat(READ_BYTES / 8);
    for _ in 0..10 {
        scene.tell(&large).await;
    }
    let (mut after, mut reads) = (0, 0);
    while after < 10 {
        let read = scene
            .reads
            .events_after(after, 100)
            .await
            .expect("the log can be read");
        let numbers: Vec<u64> = read.iter().map(|envelope| envelope.seq).collect();
        assert_eq!(
            numbers,
            (after + 1..=after + numbers.len() as u64).collect::<Vec<_>>()
        );
        assert!((1..=4).contains(&numbers.len()), "{numbers:?}");
        after += numbers.len() as u64;
        reads += 1;
    }
    assert_eq!(reads, 3);
}

/// A follower goes on after its number only in the log in which it has seen it. One that was told of more than there is shows that
/// the database was restored from a copy, and everybody else notices by the epoch.
pub async fn a_follower_of_another_history_is_told(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    for _ in 0..5 {
        scene.tell("before the copy was made").await;
    }
    let engine = crate::Engine::builder(fixture.store.clone())
        .clock(fixture.clock.clone())
        .build();
    let (tenants, tenant) = (engine.tenants(), scene.tenant);
    let goes_on = async |seen: u64, mark: Option<&str>| {
        let answer = tenants.goes_on(tenant, seen, mark).await;
        answer.expect("the place of a follower can be looked up")
    };
    let epoch = async || tenants.epoch(tenant).await.expect("the epoch can be read");
    let mark = async |head: u64| tenants.mark(tenant, head).await.expect("a mark can be made");

    let first = epoch().await;
    assert_eq!(epoch().await, first, "an epoch lasts");
    let here = mark(5).await;
    assert!(goes_on(5, Some(&here)).await && goes_on(0, Some(&here)).await && goes_on(5, None).await);
    // Whatever number somebody names proves nothing but that they must begin anew, and so does a mark that nobody was given.
    let elsewhere = tenants.mark(Scene::new(&fixture).await.tenant, 5).await;
    let elsewhere = elsewhere.expect("a mark can be made");
    for (seen, mark) in [
        (9, None),
        (9, Some(here.as_str())),
        (5, Some("made up")),
        (5, Some("")),
        (5, Some(elsewhere.as_str())),
    ] {
        assert!(!goes_on(seen, mark).await, "{seen} {mark:?}");
    }
    assert_eq!(epoch().await, first);
    // Of two who followed after the copy was made the first one notices, and the second although its number exists again.
    let further = mark(9).await;
    assert!(!goes_on(5, Some(&further)).await);
    let second = epoch().await;
    assert_ne!(second, first);
    assert!(
        !goes_on(5, Some(&here)).await,
        "other events have these numbers now"
    );
    let here = mark(5).await;
    assert!(goes_on(5, Some(&here)).await);
    tenants.restored().await.expect("a restore can be told");
    assert!(!goes_on(5, Some(&here)).await);

    // It is kept, and many who come at once agree.
    let now = epoch().await;
    let further = mark(99).await;
    let many = (0..8).map(|_| goes_on(5, Some(&further)));
    assert!(
        futures::future::join_all(many)
            .await
            .into_iter()
            .all(|goes_on| !goes_on)
    );
    let agreed = epoch().await;
    assert_ne!(agreed, now);
    if let Some(store) = fixture.reopen().await {
        let engine = crate::Engine::builder(store).clock(fixture.clock.clone()).build();
        assert_eq!(
            engine
                .tenants()
                .epoch(tenant)
                .await
                .expect("the epoch can be read"),
            agreed
        );
    }
}

/// Of a log no event is pruned that a consumer has yet to read, until its place is over; and who is behind is found.
pub async fn consumers_hold_what_they_have_not_read(fixture: StoreFixture) {
    let scenes = [Scene::new(&fixture).await, Scene::new(&fixture).await];
    let (store, day) = (&fixture.store, Duration::from_secs(24 * 3_600));
    let place = |scene: &Scene, name: &str, seq| {
        let place = Place::at(seq, scene.tenant, scene.now());
        place.begun(scene.tenant, name, scene.now()).expect("a record")
    };
    let behind = async |name: &str| {
        let soon = scenes[0].now();
        let mut found = store.consumers_behind(name, soon).await.expect("who is behind");
        found.retain(|tenant| scenes.iter().any(|scene| scene.tenant == *tenant));
        found
    };
    let both = || {
        let mut both: Vec<_> = scenes.iter().map(|scene| scene.tenant).collect();
        both.sort_unstable();
        both
    };
    assert_eq!(behind("slow").await, both(), "who has no place begins");
    for scene in &scenes {
        for n in 0..5 {
            scene.tell(&n.to_string()).await;
        }
    }
    let [first, second] = &scenes;
    first
        .write([place(first, "slow", 2), place(first, "quick", 5)])
        .await;
    second
        .write([place(second, "slow", 5), place(second, "quick\"seq\":1", 4)])
        .await;
    assert_eq!(behind("slow").await, [first.tenant]);
    assert_eq!(behind("quick").await, [second.tenant]);
    fixture.clock.advance(day);
    let now = first.now();
    store.prune(now, now).await.expect("it can be pruned");
    assert_eq!(first.reads.event_tail().await.expect("the tail"), 3);
    assert_eq!(second.reads.event_tail().await.expect("the tail"), 5);
    fixture.clock.advance(14 * day);
    assert_eq!(behind("slow").await, [first.tenant]);
    let ending = store
        .consumers_behind("slow", first.now().after(20 * day))
        .await
        .expect("who is behind");
    assert!(
        both().iter().all(|tenant| ending.contains(tenant)),
        "a place that ends soon is renewed"
    );
    fixture.clock.advance(20 * day);
    let now = first.now();
    store.prune(now, now).await.expect("it can be pruned");
    assert_eq!(first.reads.event_tail().await.expect("the tail"), 6);
    assert_eq!(second.reads.event_tail().await.expect("the tail"), 6);
}
