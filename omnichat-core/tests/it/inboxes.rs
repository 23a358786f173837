//! Channel accounts and their secrets.

use std::time::Duration;

use omnichat_core::actor::Role;
use omnichat_core::channel::Action;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::inboxes::{HealthState, InboxPatch, NewInbox, RoutingStrategy};
use omnichat_core::testing::{Acting as _, Reply};
use serde_json::{Value, json};

use crate::desk::Desk;

#[tokio::test]
async fn a_secret_is_never_read_back_and_stays_when_untouched() {
    let desk = Desk::new().await;
    let stored = desk
        .engine
        .inboxes()
        .get(&desk.actor, desk.inbox.id)
        .await
        .unwrap();
    assert_eq!(stored.settings.config, json!({}));
    assert_eq!(stored.settings.secret_names, ["token"]);
    assert!(!format!("{stored:?}").contains("secret token"));
    assert!(!serde_json::to_string(&stored).unwrap().contains("secret token"));
    let untouched = InboxPatch {
        config: Some(json!({ "token": { "set": true } })),
        ..Default::default()
    };
    let after = desk
        .engine
        .inboxes()
        .update(&desk.actor, desk.inbox.id, untouched)
        .await
        .unwrap();
    assert_eq!(after, stored);
    let removed = InboxPatch {
        config: Some(json!({ "token": "" })),
        ..Default::default()
    };
    let after = desk
        .engine
        .inboxes()
        .update(&desk.actor, desk.inbox.id, removed)
        .await
        .unwrap();
    assert!(after.settings.secrets.is_none() && after.settings.secret_names.is_empty());
}

/// Lists in each other.
fn nested(depth: u32) -> Value {
    (0..depth).fold(Value::Null, |value, _| json!([value]))
}

#[tokio::test]
async fn wrong_settings_are_refused_field_by_field() {
    let desk = Desk::new().await;
    let new = |kind: &str, title: &str, config, proxy: Option<&str>| NewInbox {
        kind: kind.to_owned(),
        title: title.to_owned(),
        config,
        scenario: None,
        routing: RoutingStrategy::Manual,
        proxy_url: proxy.map(str::to_owned),
    };
    let cases = [
        ("kind", new("pigeon", "Post", json!({}), None)),
        ("title", new("fake", "  ", json!({}), None)),
        ("config.token", new("fake", "Chat", json!({ "token": 7 }), None)),
        ("config", new("fake", "Chat", json!([]), None)),
        ("config", new("fake", "Chat", json!({ "deep": nested(64) }), None)),
        ("proxy_url", new("fake", "Chat", json!({}), Some("ftp://host"))),
    ];
    for (field, new) in cases {
        let error = desk.engine.inboxes().create(&desk.actor, new).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.fields()[0].field.as_str()),
            (ErrorKind::Invalid, field)
        );
    }
    assert_eq!(desk.engine.inboxes().list(&desk.actor).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_proxy_is_shown_without_its_password() {
    let desk = Desk::new().await;
    let proxy = |url: &str| InboxPatch {
        proxy_url: Some(Some(url.to_owned())),
        ..Default::default()
    };
    let service = desk.engine.inboxes();
    let inbox = service
        .update(
            &desk.actor,
            desk.inbox.id,
            proxy("socks5://user:hunter2@10.0.0.1:1080"),
        )
        .await
        .unwrap();
    let label = inbox.proxy_label.clone().unwrap();
    assert_eq!(label, "socks5://…@10.0.0.1:1080");
    let again = service
        .update(&desk.actor, desk.inbox.id, proxy(&label))
        .await
        .unwrap();
    assert_eq!(again.proxy, inbox.proxy);
}

#[tokio::test]
async fn a_test_writes_down_what_the_platform_said() {
    let desk = Desk::new().await;
    desk.channel
        .will_check(Err(Error::new(ErrorKind::AccountBroken, "wrong token")));
    let service = desk.engine.inboxes();
    assert!(service.test(&desk.actor, desk.inbox.id).await.unwrap().is_err());
    assert_eq!(
        service
            .get(&desk.actor, desk.inbox.id)
            .await
            .unwrap()
            .health
            .message
            .as_deref(),
        Some("wrong token")
    );
    assert!(service.test(&desk.actor, desk.inbox.id).await.unwrap().is_ok());
    assert_eq!(
        service
            .get(&desk.actor, desk.inbox.id)
            .await
            .unwrap()
            .health
            .state,
        HealthState::Ok
    );
}

#[tokio::test]
async fn only_administrators_change_inboxes() {
    let desk = Desk::new().await;
    let operator = desk.operator("op", 5).await.actor();
    let senior = omnichat_core::actor::Actor::operator(
        operator.tenant,
        operator.operator_id().unwrap(),
        "s",
        Role::Senior,
    );
    let service = desk.engine.inboxes();
    for actor in [operator, senior] {
        assert!(service.get(&actor, desk.inbox.id).await.is_ok());
        let kinds = [
            service
                .update(&actor, desk.inbox.id, InboxPatch::default())
                .await
                .unwrap_err()
                .kind(),
            service.delete(&actor, desk.inbox.id).await.unwrap_err().kind(),
            service.test(&actor, desk.inbox.id).await.unwrap_err().kind(),
        ];
        assert_eq!(kinds, [ErrorKind::Forbidden; 3]);
    }
}

#[tokio::test]
async fn a_removed_inbox_is_gone_and_its_conversations_stay() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    desk.engine
        .inboxes()
        .delete(&desk.actor, desk.inbox.id)
        .await
        .unwrap();
    assert_eq!(desk.conversation(id).await.customer_name, "Customer 7");
    let error = desk
        .engine
        .messages()
        .send(&desk.actor, id, crate::desk::answer("k1", "Hi"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    let log = desk
        .engine
        .audit()
        .list(&desk.actor, omnichat_core::page::PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(log.items[0].action, "inbox.deleted");
}

#[tokio::test]
async fn a_webhook_is_registered_and_removed() {
    let desk = Desk::new().await;
    let service = desk.engine.inboxes();
    let inbox = service
        .register_webhook(&desk.actor, desk.inbox.id, "https://chat.example.org/")
        .await
        .unwrap();
    let expected = format!("https://chat.example.org/webhooks/{}", desk.inbox.id);
    assert_eq!(inbox.webhook_url.as_deref(), Some(expected.as_str()));
    let inbox = service.remove_webhook(&desk.actor, desk.inbox.id).await.unwrap();
    assert_eq!(inbox.webhook_url, None);
}

#[tokio::test]
async fn a_webhook_that_the_platform_dropped_is_registered_again() {
    let desk = Desk::new().await;
    let service = desk.engine.inboxes();
    service
        .register_webhook(&desk.actor, desk.inbox.id, "https://chat.example.org")
        .await
        .unwrap();
    let hour = async || {
        desk.clock.advance(Duration::from_secs(3_600));
        desk.run().await;
        service.get(&desk.actor, desk.inbox.id).await.unwrap().health
    };
    let registered = || {
        let performed = desk.channel.performed();
        performed
            .iter()
            .filter(|action| matches!(action, Action::RegisterWebhook { .. }))
            .count()
    };
    let gone = || {
        Err(Error::new(
            ErrorKind::NotFound,
            "the platform dropped the webhook",
        ))
    };

    assert_eq!(hour().await.state, HealthState::Ok);
    assert_eq!(registered(), 1, "all is well");

    desk.channel.will_check(gone());
    assert_eq!(hour().await.state, HealthState::Ok);
    assert_eq!(registered(), 2);
    let page = omnichat_core::page::PageRequest::first(10);
    let log = desk.engine.audit().list(&desk.actor, page).await.unwrap();
    assert_eq!(log.items[0].action, "inbox.webhook_restored");

    // What cannot be mended is shown, and what could not be asked says nothing.
    desk.channel.will_check(gone()).will_check(gone());
    let health = hour().await;
    assert_eq!(health.state, HealthState::Failed);
    assert_eq!(
        health.message.as_deref(),
        Some("the platform dropped the webhook")
    );
    let taken = Error::new(ErrorKind::AccountBroken, "another system took the webhook");
    desk.channel.will_check(Err(taken));
    let health = hour().await;
    assert_eq!(health.message.as_deref(), Some("another system took the webhook"));
    assert_eq!(registered(), 3, "it is not taken back");
    desk.channel
        .will_check(Err(Error::new(ErrorKind::Unavailable, "no answer")));
    assert_eq!(hour().await.state, HealthState::Failed);
    desk.clock.advance(Duration::from_secs(300));
    desk.run().await;
    let inbox = service.get(&desk.actor, desk.inbox.id).await.unwrap();
    assert_eq!(inbox.health.state, HealthState::Ok);

    // Nobody is asked about a webhook that was removed.
    service.remove_webhook(&desk.actor, desk.inbox.id).await.unwrap();
    desk.channel.will_check(gone());
    assert_eq!(hour().await.state, HealthState::Ok);
    assert_eq!(registered(), 3);
}

#[tokio::test]
async fn an_inbox_that_sends_again_is_no_longer_shown_as_broken() {
    let desk = Desk::new().await;
    let conversation = desk.hear("7", "1", "Hello").await;
    let health = async || {
        let inbox = desk.engine.inboxes().get(&desk.actor, desk.inbox.id).await;
        inbox.unwrap().health.state
    };
    desk.channel.will_send(Reply::Fails(Error::new(
        ErrorKind::AccountBroken,
        "the token was revoked",
    )));
    desk.say(conversation, "k1", "one").await;
    desk.run().await;
    assert_eq!(health().await, HealthState::Failed);
    desk.say(conversation, "k2", "two").await;
    desk.run().await;
    assert_eq!(health().await, HealthState::Ok);
}
