//! Followers get every event once and in order.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::event::feed::{EventFeed, Followed, Follower};
use omnichat_core::event::{Ephemeral, Event};

use crate::desk::Desk;

/// Reads until the follower has seen a number.
async fn read_to(follower: &mut Follower, seq: u64) -> Vec<u64> {
    let mut seen = Vec::new();
    while seen.last().is_none_or(|last| *last < seq) {
        let next = tokio::time::timeout(Duration::from_secs(20), follower.next())
            .await
            .expect("something comes");
        if let Followed::Events(events) = next.unwrap() {
            seen.extend(events.iter().map(|e| e.seq));
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_event_once_and_in_order_with_many_writers() {
    let desk = Arc::new(Desk::new().await);
    let start = desk.log().await.len() as u64;
    let tenant = desk.actor.tenant;
    let mut followers = Vec::new();
    for _ in 0..3 {
        followers.push(desk.engine.follow(tenant, Some(start)).await.unwrap());
    }
    let writers: Vec<_> = (0..20)
        .map(|chat| {
            let desk = desk.clone();
            tokio::spawn(async move {
                for n in 0..10 {
                    desk.hear(&chat.to_string(), &n.to_string(), "text").await;
                }
            })
        })
        .collect();
    let end = start + 20 * 11;
    for follower in &mut followers {
        assert_eq!(
            read_to(follower, end).await,
            (start + 1..=end).collect::<Vec<_>>()
        );
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn whoever_was_away_goes_on_where_it_stopped() {
    let desk = Desk::new().await;
    let tenant = desk.actor.tenant;
    let mut follower = desk.engine.follow(tenant, Some(0)).await.unwrap();
    let first = desk.log().await.len() as u64;
    read_to(&mut follower, first).await;
    drop(follower);
    desk.hear("7", "1", "while away").await;
    let mut follower = desk.engine.follow(tenant, Some(first)).await.unwrap();
    assert_eq!(read_to(&mut follower, first + 2).await, [first + 1, first + 2]);
}

#[tokio::test]
async fn whoever_was_away_for_too_long_is_told_so() {
    let desk = Desk::new().await;
    desk.hear("7", "1", "old").await;
    let head = desk.log().await.len() as u64;
    let clock = &desk.clock;
    clock.advance(Duration::from_secs(3_600));
    let now = omnichat_core::clock::Clock::now(&**clock);
    desk.engine.ports().store.prune(now, now).await.unwrap();
    let mut follower = desk.engine.follow(desk.actor.tenant, Some(0)).await.unwrap();
    let Followed::Resync(seq) = follower.next().await.unwrap() else {
        panic!("the events are gone")
    };
    assert_eq!(seq, head);
    desk.hear("7", "2", "new").await;
    assert_eq!(read_to(&mut follower, head + 1).await[0], head + 1);
}

#[tokio::test]
async fn state_after_events_equals_a_fresh_fetch() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run().await;
    desk.engine
        .messages()
        .edit(&desk.actor, sent.id, "Hi there", Vec::new())
        .await
        .unwrap();
    desk.engine
        .conversations()
        .resolve(&desk.actor, id, None)
        .await
        .unwrap();
    desk.hear("7", "2", "Thanks").await;
    let (mut conversation, mut messages) = (None, std::collections::BTreeMap::new());
    for envelope in desk.log().await {
        match envelope.event {
            Event::ConversationCreated { conversation: c }
            | Event::ConversationUpdated { conversation: c } => {
                conversation = Some(c);
            }
            Event::MessageCreated {
                conversation: c,
                message,
            } => {
                conversation = Some(c);
                messages.insert(message.id, message);
            }
            Event::MessageUpdated {
                message,
                conversation: c,
            } => {
                conversation = c.or(conversation);
                messages.insert(message.id, message);
            }
            _ => {}
        }
    }
    assert_eq!(conversation.unwrap(), desk.conversation(id).await);
    let mut applied: Vec<_> = messages.into_values().collect();
    applied.sort_by_key(|m| (m.position, m.id));
    assert_eq!(applied, desk.messages(id).await);
}

#[tokio::test]
async fn typing_is_shown_and_not_kept() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let head = desk.log().await.len() as u64;
    let mut follower = desk.engine.follow(desk.actor.tenant, Some(head)).await.unwrap();
    desk.engine.typing(&desk.actor, id, true).await.unwrap();
    let Followed::Ephemeral(Ephemeral::Typing { conversation, on, .. }) = follower.next().await.unwrap()
    else {
        panic!("typing")
    };
    assert_eq!((conversation, on), (id, true));
    assert_eq!(desk.log().await.len() as u64, head);
}

#[tokio::test]
async fn what_strangers_write_does_not_fill_the_memory() {
    let desk = Desk::new().await;
    let ports = desk.engine.ports();
    let feed = EventFeed::new(ports.store.clone(), ports.bus.clone());
    let start = desk.log().await.len() as u64;
    let mut slow = feed.follow(desk.actor.tenant, Some(start)).await.unwrap();
    let mut quick = feed.follow(desk.actor.tenant, Some(start)).await.unwrap();
    let large = "ж".repeat(29_000);
    let mut end = start + 1;
    for n in 0..400 {
        desk.hear("7", &n.to_string(), &large).await;
        end += 1;
        if n % 50 == 0 {
            read_to(&mut quick, end).await;
        }
    }
    read_to(&mut quick, end).await;
    let held = feed.held();
    assert!(
        (8 * 1024 * 1024..=16 * 1024 * 1024).contains(&held),
        "{held} bytes are at hand"
    );
    // Who reads nothing for so long misses nothing either, and is handed little at once.
    let mut seen = Vec::new();
    while seen.last() != Some(&end) {
        let Followed::Events(events) = slow.next().await.unwrap() else {
            continue;
        };
        assert!(events.len() <= 80, "{} events at once", events.len());
        seen.extend(events.iter().map(|envelope| envelope.seq));
    }
    assert_eq!(seen, (start + 1..=end).collect::<Vec<_>>());
    drop((slow, quick));
    assert_eq!(feed.held(), 0);
}

#[tokio::test]
async fn a_number_that_was_never_given_means_fetching_anew() {
    let desk = Desk::new().await;
    desk.hear("7", "1", "Hello").await;
    let head = desk.log().await.len() as u64;
    let mut follower = desk
        .engine
        .follow(desk.actor.tenant, Some(head + 20))
        .await
        .unwrap();
    let Followed::Resync(seq) = follower.next().await.unwrap() else {
        panic!("these events are of another log")
    };
    assert_eq!(seq, head);
    desk.hear("7", "2", "new").await;
    assert_eq!(read_to(&mut follower, head + 1).await[0], head + 1);
}
