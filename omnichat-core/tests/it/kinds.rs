//! Kinds of channels that come, go and change while the engine runs.

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::channel::{AccountConfig, Channel, ChannelKind, Descriptor};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::inboxes::InboxPatch;
use omnichat_core::settings::Kind;
use omnichat_core::testing::{FakeChannel, FakeKind};
use serde_json::{Value, json};

use crate::desk::{Desk, said};

/// The fake kind two versions later: its token is called a key, and it must not be short.
struct Newer {
    inner: FakeKind,
    descriptor: Descriptor,
}

impl Newer {
    fn new() -> Arc<Self> {
        let inner = FakeKind::default();
        let descriptor = Descriptor {
            version: "3".to_owned(),
            config_schema: json!({
                "type": "object",
                "required": ["key"],
                "properties": { "key": { "type": "string", "x-secret": true }, "note": { "type": "string" } },
            }),
            ..inner.descriptor().clone()
        };
        Arc::new(Self { inner, descriptor })
    }
}

#[async_trait]
impl Kind for Newer {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn validate(&self, config: &Value) -> Result<()> {
        match config["key"].as_str() {
            Some(key) if key.len() >= 5 => Ok(()),
            _ => Err(Error::invalid_field("config.key", "length", "the key is short")),
        }
    }

    async fn migrate(&self, from: &str, config: Value) -> Result<Value> {
        assert_eq!(from, "1");
        Ok(json!({ "key": config["token"], "note": "migrated" }))
    }
}

impl ChannelKind for Newer {
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>> {
        self.inner.open(account)
    }
}

#[tokio::test]
async fn an_opened_account_follows_its_kind() {
    let desk = Desk::new().await;
    desk.hear("7", "1", "before").await;
    let channels = desk.engine.ports().channels.clone();

    let newer = Newer::new();
    channels.register(newer.clone());
    desk.hear("7", "2", "after").await;
    let opened = newer.inner.opened();
    assert_eq!(opened.len(), 1, "the account was opened anew, once");
    assert_eq!(
        opened[0].config,
        json!({ "key": "secret token", "note": "migrated" })
    );

    channels.remove(FakeChannel::KIND);
    let refused = desk
        .engine
        .receive(desk.inbox.id, said("7", "3", "while off"))
        .await
        .unwrap_err();
    assert_eq!(
        refused.kind(),
        ErrorKind::Unavailable,
        "the platform tries again: {refused}"
    );

    channels.register(newer);
    desk.hear("7", "3", "while off").await;
}

#[tokio::test]
async fn settings_are_read_by_a_newer_version_and_kept_for_the_older_until_they_are_saved() {
    let desk = Desk::new().await;
    let inboxes = desk.engine.inboxes();
    let channels = desk.engine.ports().channels.clone();
    let older = channels.get(FakeChannel::KIND).unwrap();
    channels.register(Newer::new());

    let shown = inboxes.get(&desk.actor, desk.inbox.id).await.unwrap();
    assert_eq!(shown.settings.config, json!({ "note": "migrated" }));
    assert_eq!(shown.settings.secret_names, ["key"]);
    assert_eq!(
        inboxes.list(&desk.actor).await.unwrap()[0].settings.config,
        shown.settings.config
    );

    channels.register(older.clone());
    let back = inboxes.get(&desk.actor, desk.inbox.id).await.unwrap();
    assert_eq!(
        (back.settings.config, back.settings.secret_names),
        (json!({}), vec!["token".to_owned()])
    );

    channels.register(Newer::new());
    let save = |config| InboxPatch {
        config: Some(config),
        ..InboxPatch::default()
    };
    let short = inboxes
        .update(&desk.actor, desk.inbox.id, save(json!({ "key": "abc" })))
        .await
        .unwrap_err();
    assert_eq!(short.fields()[0].field, "config.key");
    let kept = json!({ "key": { "set": true }, "note": "mine" });
    let saved = inboxes
        .update(&desk.actor, desk.inbox.id, save(kept))
        .await
        .unwrap();
    assert_eq!(saved.settings.config_version.as_deref(), Some("3"));
    assert_eq!(
        (saved.settings.config, saved.settings.secret_names),
        (json!({ "note": "mine" }), vec!["key".to_owned()])
    );
    let account = inboxes.account(desk.inbox.id).await.unwrap();
    assert_eq!(account.inbox.settings.config_version.as_deref(), Some("3"));
}

#[tokio::test]
async fn a_kind_is_tried_on_every_inbox_before_it_is_registered() {
    let desk = Desk::new().await;
    let inboxes = desk.engine.inboxes();
    inboxes.rehearse(&*Newer::new()).await.unwrap();
    let short = InboxPatch {
        config: Some(json!({ "token": "abc" })),
        ..InboxPatch::default()
    };
    inboxes.update(&desk.actor, desk.inbox.id, short).await.unwrap();
    let error = inboxes.rehearse(&*Newer::new()).await.unwrap_err();
    assert!(
        error.message().contains("«Chat»") && error.message().contains("the key is short"),
        "{error}"
    );
    assert_eq!(error.fields()[0].field, "config.key");
}
