//! Platforms that are asked.

use std::time::Duration;

use omnichat_core::channel::{PollBatch, Unreadable, WebhookRequest};
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::inboxes::{HealthState, InboxPatch};
use omnichat_core::page::PageRequest;
use omnichat_core::quarantine::Held;

use crate::desk::{Desk, said};

#[tokio::test]
async fn what_is_polled_arrives_once_and_the_cursor_is_kept() {
    let desk = Desk::new().await;
    let events = vec![said("7", "1", "one"), said("7", "2", "two")];
    let batch = PollBatch {
        events,
        cursor: Some("3".to_owned()),
        ..PollBatch::default()
    };
    desk.channel.will_poll(Ok(batch.clone()));
    desk.channel.will_poll(Ok(batch));
    desk.run().await;
    desk.clock.advance(Duration::from_secs(1));
    desk.run().await;
    let page = desk
        .engine
        .conversations()
        .list(&desk.actor, Default::default(), PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(desk.texts(page.items[0].id).await, ["one", "two"]);
    let asked = desk.channel.polled();
    assert_eq!(asked[0], None);
    assert!(
        asked[1..].iter().all(|cursor| cursor.as_deref() == Some("3")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_understood_is_held_and_holds_up_nothing() {
    let desk = Desk::new().await;
    let request = WebhookRequest::post("gibberish");
    let reason = "no update".to_owned();
    desk.channel.will_poll(Ok(PollBatch {
        events: vec![said("7", "1", "one")],
        unreadable: vec![Unreadable { request, reason }],
        cursor: Some("3".to_owned()),
        more: false,
    }));
    desk.run().await;
    let quarantine = desk.engine.quarantine();
    let held = quarantine.list(&desk.actor, 10, None).await.unwrap().items;
    assert_eq!((held.len(), held[0].value.reason.as_str()), (1, "no update"));
    assert_eq!(&held[0].value.request.body[..], b"gibberish");
    assert_eq!(desk.channel.polled().last().unwrap().as_deref(), Some("3"));
}

#[tokio::test]
async fn an_event_that_cannot_be_taken_is_held_and_hides_no_others() {
    let desk = Desk::new().await;
    desk.channel.will_poll(Ok(PollBatch {
        events: vec![
            said("7", "1", "one"),
            said("", "2", "bad"),
            said("7", "3", "three"),
        ],
        cursor: Some("3".to_owned()),
        ..PollBatch::default()
    }));
    desk.run().await;
    let quarantine = desk.engine.quarantine();
    let held = quarantine.list(&desk.actor, 10, None).await.unwrap().items;
    assert_eq!((held.len(), held[0].value.what), (1, Held::Event));
    assert_eq!(held[0].value.reason, "a chat's id has 1 to 1000 bytes");
    let id = desk.hear("7", "4", "four").await;
    assert_eq!(desk.texts(id).await, ["one", "three", "four"]);
    assert_eq!(desk.channel.polled().last().unwrap().as_deref(), Some("3"));
}

#[tokio::test]
async fn a_platform_that_refuses_shows_on_the_inbox_and_recovers() {
    let desk = Desk::new().await;
    desk.channel
        .will_poll(Err(Error::new(ErrorKind::AccountBroken, "the token was revoked")));
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
    desk.clock.advance(Duration::from_secs(301));
    desk.run().await;
    assert_eq!(health().await.state, HealthState::Ok);
}

#[tokio::test]
async fn a_webhook_or_a_switch_ends_polling_and_it_comes_back() {
    let desk = Desk::new().await;
    desk.run().await;
    let service = desk.engine.inboxes();
    service
        .register_webhook(&desk.actor, desk.inbox.id, "https://chat.example.org")
        .await
        .unwrap();
    let polls = desk.channel.polled().len();
    for _ in 0..3 {
        desk.clock.advance(Duration::from_secs(10));
        desk.run().await;
    }
    assert_eq!(desk.channel.polled().len(), polls);
    service.remove_webhook(&desk.actor, desk.inbox.id).await.unwrap();
    desk.run().await;
    assert_eq!(desk.channel.polled().len(), polls + 1);
    let off = InboxPatch {
        enabled: Some(false),
        ..Default::default()
    };
    service.update(&desk.actor, desk.inbox.id, off).await.unwrap();
    desk.clock.advance(Duration::from_secs(10));
    desk.run().await;
    assert_eq!(desk.channel.polled().len(), polls + 1);
}
