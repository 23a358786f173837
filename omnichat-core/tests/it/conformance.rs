//! What is built into the core passes the public suites: the memory store, blobs in memory, the bus of one process.
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use omnichat_core::change::Changes;
use omnichat_core::channel::{Capabilities, Inbound, InboundEvent, InboundMessage};
use omnichat_core::clock::{ManualClock, Timestamp};
use omnichat_core::entities::EntityRow;
use omnichat_core::error::Result;
use omnichat_core::event::bus::LocalBus;
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::job::{ClaimRequest, Claimed, LeaseKey, QueueDepth};
use omnichat_core::messages::DeliveryState;
use omnichat_core::operators::Operator;
use omnichat_core::store::memory::{MemoryBlobs, MemoryStore};
use omnichat_core::store::{Committed, Exclusive, Store, TenantStore};
use omnichat_core::tenants::Tenant;
use omnichat_core::testing::blob_suite::BlobFixture;
use omnichat_core::testing::bus_suite::BusFixture;
use omnichat_core::testing::channel_suite::fixture::ChannelFixture;
use omnichat_core::testing::{FakeApp, FakeChannel, FakeKind, RecordingBus, StoreFixture, model};
use serde_json::json;

async fn memory() -> StoreFixture {
    let clock = Arc::new(ManualClock::default());
    StoreFixture::new(Arc::new(MemoryStore::new(clock.clone())), clock)
}

async fn memory_blobs() -> BlobFixture {
    BlobFixture::new(Arc::new(MemoryBlobs::new()))
}

async fn local_bus() -> BusFixture {
    BusFixture::new(Arc::new(LocalBus::new()))
}

async fn recording_bus() -> BusFixture {
    BusFixture::new(Arc::new(RecordingBus::new()))
}

async fn fake_channel_fixture() -> ChannelFixture {
    let message = InboundMessage {
        external_id: "1".to_owned(),
        text: "hello «ж»".to_owned(),
        ..Default::default()
    };
    let receipt = InboundEvent::Receipt {
        external_id: "2".to_owned(),
        state: DeliveryState::Read,
        reason: None,
    };
    let events = [
        InboundEvent::Message(message),
        receipt,
        InboundEvent::Typing { on: true },
    ];
    let from_chat = |event| Inbound::private("chat", event);
    let samples = events.map(|event| FakeChannel::webhook(&[from_chat(event)]));
    ChannelFixture::new(Arc::new(FakeKind::default()), json!({ "token": "secret" })).with_samples(samples)
}

async fn fake_app_fixture() -> ChannelFixture {
    let said = |id: &str| {
        let message = InboundMessage {
            external_id: id.to_owned(),
            text: "hello «ж»".to_owned(),
            ..Default::default()
        };
        vec![Inbound::private("chat", InboundEvent::Message(message))]
    };
    let samples = [
        FakeApp::webhook("secret", &[("page", said("1"))]),
        FakeApp::webhook("secret", &[("page", said("2")), ("other", said("3"))]),
        FakeApp::webhook("secret", &[("other", said("4"))]),
    ];
    let config = FakeApp::config("app", "page", "secret");
    ChannelFixture::new(Arc::new(FakeApp::default()), config).with_samples(samples)
}

async fn channel_without_text_fixture() -> ChannelFixture {
    let capabilities = Capabilities {
        webhook: true,
        polling: true,
        ..Capabilities::default()
    };
    let kind = FakeKind::new(Arc::new(FakeChannel::new(capabilities)));
    ChannelFixture::new(Arc::new(kind), json!({ "token": "secret" }))
}

omnichat_core::store_suite!(memory_store, memory);
omnichat_core::blob_suite!(blobs_in_memory, memory_blobs);
omnichat_core::bus_suite!(bus_of_one_process, local_bus);
omnichat_core::bus_suite!(bus_that_records, recording_bus);
omnichat_core::channel_suite!(fake_channel, fake_channel_fixture);
omnichat_core::channel_suite!(fake_app, fake_app_fixture);
omnichat_core::channel_suite!(channel_without_text, channel_without_text_fixture);

/// The model finds no difference between the memory store and itself.
#[test]
fn memory_store_agrees_with_itself() {
    model::check(memory, 60);
}

/// And it finds one where there is one.
#[test]
#[should_panic(expected = "after these commands")]
fn the_model_finds_a_store_that_is_wrong() {
    model::check(wrong, 60);
}

/// A store that throws away events a moment too early.
struct Wrong(MemoryStore);

async fn wrong() -> StoreFixture {
    let clock = Arc::new(ManualClock::default());
    StoreFixture::new(Arc::new(Wrong(MemoryStore::new(clock.clone()))), clock)
}

#[async_trait]
impl Store for Wrong {
    fn tenant(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
        self.0.tenant(tenant)
    }

    async fn commit(&self, changes: Changes) -> Result<Committed> {
        self.0.commit(changes).await
    }

    async fn exclude(&self, tenant: TenantId, key: &str) -> Result<Option<Exclusive>> {
        self.0.exclude(tenant, key).await
    }

    fn is_shared(&self) -> bool {
        self.0.is_shared()
    }

    async fn claim_jobs(&self, request: ClaimRequest) -> Result<Claimed> {
        self.0.claim_jobs(request).await
    }

    async fn extend_lease(&self, lease: LeaseKey, by: Duration) -> Result<()> {
        self.0.extend_lease(lease, by).await
    }

    async fn now(&self) -> Result<Timestamp> {
        self.0.now().await
    }

    async fn job_kinds(&self) -> Result<Vec<String>> {
        self.0.job_kinds().await
    }

    async fn queue_depth(&self, now: Timestamp) -> Result<QueueDepth> {
        self.0.queue_depth(now).await
    }

    async fn tenants(&self) -> Result<Vec<Tenant>> {
        self.0.tenants().await
    }

    async fn inbox_owner(&self, inbox: InboxId) -> Result<Option<TenantId>> {
        self.0.inbox_owner(inbox).await
    }

    async fn inboxes_of_accounts(
        &self,
        kind: &str,
        app: &str,
        accounts: &[String],
        after: Option<InboxId>,
        limit: u32,
    ) -> Result<Vec<(TenantId, InboxId)>> {
        self.0
            .inboxes_of_accounts(kind, app, accounts, after, limit)
            .await
    }

    async fn inboxes_of_app(&self, kind: &str, app: &str, limit: u32) -> Result<Vec<(TenantId, InboxId)>> {
        self.0.inboxes_of_app(kind, app, limit).await
    }

    async fn operators_by_email(&self, email: &str) -> Result<Vec<Operator>> {
        self.0.operators_by_email(email).await
    }

    async fn outdated_entities(&self, kind: &str, layout: u32, limit: u32) -> Result<Vec<EntityRow>> {
        self.0.outdated_entities(kind, layout, limit).await
    }

    async fn consumers_behind(&self, consumer: &str, held_before: Timestamp) -> Result<Vec<TenantId>> {
        self.0.consumers_behind(consumer, held_before).await
    }

    async fn prune(&self, now: Timestamp, events_before: Timestamp) -> Result<u64> {
        self.0
            .prune(now, events_before.after(Duration::from_micros(1)))
            .await
    }

    async fn ping(&self) -> Result<()> {
        self.0.ping().await
    }

    fn name(&self) -> &'static str {
        "wrong"
    }

    async fn close(&self) -> Result<()> {
        self.0.close().await
    }
}
