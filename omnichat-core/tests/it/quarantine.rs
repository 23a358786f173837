//! What cannot be understood, and what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::change::Changes;
use omnichat_core::channel::{InboundEvent, WebhookRequest};
use omnichat_core::clock::Clock;
use omnichat_core::entities::Stored;
use omnichat_core::error::{Error, ErrorKind, Retry};
use omnichat_core::event::Origin;
use omnichat_core::inboxes::RoutingStrategy;
use omnichat_core::job::kinds;
use omnichat_core::page::PageRequest;
use omnichat_core::quarantine::{Held, QuarantineState, Quarantined};
use omnichat_core::store::Store;
use omnichat_core::testing::{FakeChannel, FlakyStore};

use crate::desk::{Desk, said};

async fn held(desk: &Desk) -> Vec<Stored<Quarantined>> {
    let page = desk.engine.quarantine().list(&desk.actor, 10, None).await;
    page.unwrap().items
}

/// Brought again and again it would stop the inbox for ever.
#[tokio::test]
async fn an_event_that_is_refused_whenever_it_is_tried_goes_into_quarantine_and_hides_no_others() {
    let mut flaky = None;
    let wrap = |store| {
        let store = Arc::new(FlakyStore::new(store));
        flaky = Some(store.clone());
        store as Arc<dyn Store>
    };
    let everything = FakeChannel::everything();
    let desk = Desk::built(RoutingStrategy::Manual, everything, wrap, |builder| builder).await;
    let id = desk.hear("7", "1", "one").await;
    flaky.unwrap().will_refuse("message_updated");
    let mut deleted = said("7", "", "");
    deleted.event = InboundEvent::Deleted {
        external_ids: vec!["1".to_owned()],
        at: None,
    };
    let webhook = FakeChannel::webhook(&[deleted, said("7", "2", "two")]);
    let reply = desk.engine.receive_webhook(desk.inbox.id, webhook).await;
    assert_eq!(reply.unwrap().status, 200);
    assert_eq!(desk.texts(id).await, ["one", "two"]);
    assert_eq!(held(&desk).await[0].value.what, Held::Event);
}

#[tokio::test]
async fn a_deferred_event_of_another_version_is_held_as_it_is() {
    let desk = Desk::new().await;
    let inbox = desk.inbox.id;
    let mut job = kinds::deferred(
        &*desk.clock,
        desk.actor.tenant,
        inbox,
        &said("7", "1", "x"),
        desk.clock.now(),
    );
    job.payload = serde_json::json!({ "inbox": inbox, "event": { "new": "field" } });
    let mut changes = Changes::new(desk.actor.tenant, Origin::system("test"));
    changes.job(job);
    desk.engine.ports().commit(changes).await.unwrap();
    desk.run_for(Duration::from_secs(9 * 3_600), Duration::from_secs(60))
        .await;
    let held = held(&desk).await;
    assert_eq!(
        (held.len(), held[0].value.inbox, held[0].value.what),
        (1, inbox, Held::Event)
    );
    assert_eq!(&held[0].value.request.body[..], br#"{"new":"field"}"#);
}

#[tokio::test]
async fn one_bad_event_of_a_webhook_hides_no_others_also_when_it_is_tried_again() {
    let desk = Desk::new().await;
    let webhook = FakeChannel::webhook(&[
        said("7", "1", "one"),
        said("", "2", "bad"),
        said("7", "3", "three"),
    ]);
    let reply = desk
        .engine
        .receive_webhook(desk.inbox.id, webhook.clone())
        .await
        .unwrap();
    assert_eq!(reply.status, 200);
    let id = desk.hear("7", "4", "four").await;
    assert_eq!(desk.texts(id).await, ["one", "three", "four"]);
    let first = held(&desk).await.remove(0);
    assert_eq!((held(&desk).await.len(), first.value.what), (1, Held::Event));
    let again = desk.engine.replay(&desk.actor, first.id).await.unwrap();
    assert_eq!(
        (again.value.state, again.value.attempts),
        (QuarantineState::Held, 2)
    );

    // One that was not understood when it came.
    desk.channel
        .will_not_parse(Error::new(ErrorKind::Malformed, "an event of a new sort"));
    let webhook = FakeChannel::webhook(&[said("", "5", "bad"), said("7", "6", "six")]);
    desk.engine.receive_webhook(desk.inbox.id, webhook).await.unwrap();
    let request = held(&desk)
        .await
        .into_iter()
        .find(|one| one.value.what == Held::Request)
        .unwrap();
    let again = desk.engine.replay(&desk.actor, request.id).await.unwrap();
    assert_eq!(again.value.state, QuarantineState::Held);
    assert_eq!(again.value.reason, "a chat's id has 1 to 1000 bytes");
    assert_eq!(desk.texts(id).await, ["one", "three", "four", "six"]);
}

#[tokio::test]
async fn a_webhook_without_its_secret_is_refused_and_leaves_nothing() {
    let desk = Desk::new().await;
    let log = desk.log().await.len();
    let forged = WebhookRequest::post(FakeChannel::webhook(&[said("7", "1", "Hello")]).body);
    let error = desk
        .engine
        .receive_webhook(desk.inbox.id, forged)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(desk.log().await.len(), log);
}

#[tokio::test]
async fn what_cannot_be_understood_is_kept_without_its_secret_and_can_be_replayed() {
    let desk = Desk::new().await;
    let broken =
        WebhookRequest::post(&b"{not json"[..]).with_header(FakeChannel::HEADER, FakeChannel::SECRET);
    let reply = desk.engine.receive_webhook(desk.inbox.id, broken).await.unwrap();
    assert_eq!(reply.status, 200);
    let held = held(&desk).await.remove(0);
    assert!(
        held.value
            .request
            .headers
            .iter()
            .all(|(_, value)| value != FakeChannel::SECRET)
    );
    let again = desk.engine.replay(&desk.actor, held.id).await.unwrap();
    assert_eq!(
        (again.value.state, again.value.attempts),
        (QuarantineState::Held, 2)
    );
    assert!(desk.event_names().await.contains(&"quarantine_added"));
    desk.engine
        .quarantine()
        .delete(&desk.actor, held.id)
        .await
        .unwrap();
    let gone = desk
        .engine
        .quarantine()
        .get(&desk.actor, held.id)
        .await
        .unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_webhook_brings_everything_that_it_carries() {
    let desk = Desk::new().await;
    let request = FakeChannel::webhook(&[
        said("7", "1", "one"),
        said("8", "1", "other"),
        said("7", "2", "two"),
    ]);
    desk.engine.receive_webhook(desk.inbox.id, request).await.unwrap();
    let page = desk
        .engine
        .conversations()
        .list(&desk.actor, Default::default(), PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(page.items.len(), 2);
}

#[tokio::test]
async fn what_was_put_aside_untried_is_understood_in_order_when_the_channel_can_again() {
    let desk = Desk::new().await;
    let busy =
        || Error::new(ErrorKind::Unavailable, "later").with_retry(Retry::After(Duration::from_secs(10)));
    for (id, text) in [("1", "one"), ("2", "two")] {
        desk.channel.will_not_parse(busy());
        let webhook = FakeChannel::webhook(&[said("7", id, text)]);
        let reply = desk.engine.receive_webhook(desk.inbox.id, webhook).await.unwrap();
        assert_eq!(reply.status, 200, "the platform need not bring it again");
    }
    desk.run().await;
    assert!(
        desk.event_names()
            .await
            .iter()
            .all(|name| *name != "message_created")
    );
    // It is still not ready: nothing is lost, and it is tried again.
    desk.channel.will_not_parse(busy());
    desk.clock.advance(Duration::from_secs(10));
    desk.run().await;
    desk.clock.advance(Duration::from_secs(600));
    desk.run().await;
    let conversation = desk.hear("7", "3", "three").await;
    assert_eq!(desk.texts(conversation).await, ["one", "two", "three"]);
}

#[tokio::test]
async fn a_kind_that_has_learnt_something_tries_what_it_did_not_understand() {
    let desk = Desk::new().await;
    desk.channel
        .will_not_parse(Error::new(ErrorKind::Malformed, "an event of a new sort"));
    let webhook = FakeChannel::webhook(&[said("7", "1", "one")]);
    desk.engine.receive_webhook(desk.inbox.id, webhook).await.unwrap();
    desk.clock.advance(Duration::from_secs(600));
    desk.run().await;
    let names = desk.event_names().await;
    assert!(names.iter().all(|name| *name != "message_created"), "{names:?}");
    let quarantine = desk.engine.quarantine();
    quarantine.replay_of_kind("another").await.unwrap();
    desk.run().await;
    assert_eq!(desk.event_names().await, names);
    quarantine.replay_of_kind(&desk.inbox.kind).await.unwrap();
    desk.run().await;
    let conversation = desk.hear("7", "2", "two").await;
    assert_eq!(desk.texts(conversation).await, ["one", "two"]);
}
