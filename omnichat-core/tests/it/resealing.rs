//! The host's key is renewed: stored secrets move to the newest one, wherever the work was broken off.

use std::sync::Arc;

use omnichat_core::Engine;
use omnichat_core::actor::Role;
use omnichat_core::clock::ManualClock;
use omnichat_core::event::Event;
use omnichat_core::inboxes::{NewInbox, RoutingStrategy};
use omnichat_core::store::memory::MemoryStore;
use omnichat_core::testing::{Acting as _, FakeChannel, FakeKind};
use omnichat_core::vault::Vault;

use crate::desk::new_operator;

#[tokio::test]
async fn every_secret_moves_once_and_what_nobody_opens_is_told() {
    let (old, new) = ([7; 32], [8; 32]);
    let clock = Arc::new(ManualClock::default());
    let store = Arc::new(MemoryStore::new(clock.clone()));
    let with = |vault: Vault| {
        let kind = FakeKind::new(Arc::new(FakeChannel::new(FakeChannel::everything())));
        Engine::builder(store.clone())
            .clock(clock.clone())
            .channel(Arc::new(kind))
            .vault(vault)
            .build()
    };
    let engine = with(Vault::new(old));
    let owner = new_operator("owner", Role::Owner, 5);
    let (tenant, owner) = engine.tenants().create("Shop", owner).await.unwrap();
    let inbox = |title: &str, proxy: Option<&str>| NewInbox {
        kind: FakeChannel::KIND.to_owned(),
        title: title.to_owned(),
        config: serde_json::json!({ "token": "secret token" }),
        scenario: None,
        routing: RoutingStrategy::Manual,
        proxy_url: proxy.map(str::to_owned),
    };
    let proxy = Some("http://user:password@proxy.example.org:3128");
    let inboxes = engine.inboxes();
    let one = inboxes.create(&owner.actor(), inbox("One", proxy)).await.unwrap();
    // A renewal that was broken off: this one is sealed with the new key already.
    let both = || Vault::with_older(new, [old]);
    let done = with(both())
        .inboxes()
        .create(&owner.actor(), inbox("Two", None))
        .await
        .unwrap();
    // And one whose key is lost.
    let lost = with(Vault::new([9; 32])).inboxes();
    let lost = lost.create(&owner.actor(), inbox("Three", None)).await.unwrap();

    let found = engine.reseal(&both()).await.unwrap();
    assert_eq!(found.changed, 1, "settings and proxy of one inbox, in one commit");
    assert_eq!(
        found.in_use.into_iter().collect::<Vec<_>>(),
        [(Vault::key_id(&new), 3)]
    );
    assert_eq!(found.unreadable, [lost.id.to_string()]);
    assert_eq!(engine.reseal(&both()).await.unwrap().changed, 0);
    let stored = store_inbox(&engine, &owner.actor(), one.id).await;
    let newest = Vault::new(new);
    assert!(
        stored
            .settings
            .whole(&newest, tenant.id)
            .unwrap()
            .to_string()
            .contains("secret token")
    );
    assert!(newest.open(tenant.id, &stored.proxy.unwrap()).is_ok());
    assert_eq!(stored.version, one.version + 1);
    assert_eq!(store_inbox(&engine, &owner.actor(), done.id).await, done);
    assert_eq!(
        store_inbox(&engine, &owner.actor(), lost.id).await,
        lost,
        "nothing is lost that may be found again"
    );
    let events = engine
        .ports()
        .tenant(tenant.id)
        .events_after(0, 100)
        .await
        .unwrap();
    let last = &events.last().unwrap().event;
    assert!(matches!(last, Event::InboxUpdated { inbox } if inbox.id == one.id));
}

async fn store_inbox(
    engine: &Engine,
    actor: &omnichat_core::actor::Actor,
    id: omnichat_core::id::InboxId,
) -> omnichat_core::inboxes::Inbox {
    engine
        .ports()
        .tenant(actor.tenant)
        .find_inbox(id)
        .await
        .unwrap()
        .unwrap()
}
