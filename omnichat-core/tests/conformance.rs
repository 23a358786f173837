//! What is built into the core passes the public suites: the memory store, blobs in memory, the bus of one process.
#![cfg(feature = "testing")]

use std::sync::Arc;

use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage};
use omnichat_core::clock::ManualClock;
use omnichat_core::event::bus::LocalBus;
use omnichat_core::messages::DeliveryState;
use omnichat_core::store::memory::{MemoryBlobs, MemoryStore};
use omnichat_core::testing::blob_suite::BlobFixture;
use omnichat_core::testing::bus_suite::BusFixture;
use omnichat_core::testing::channel_suite::fixture::ChannelFixture;
use omnichat_core::testing::{FakeChannel, FakeKind, RecordingBus, StoreFixture};
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
    let from_peer = |event| Inbound {
        peer: "peer".to_owned(),
        profile: None,
        route: Default::default(),
        event,
    };
    let samples = events.map(|event| FakeChannel::webhook(&[from_peer(event)]));
    ChannelFixture::new(Arc::new(FakeKind::default()), json!({ "token": "secret" })).with_samples(samples)
}

omnichat_core::store_suite!(memory_store, memory);
omnichat_core::blob_suite!(blobs_in_memory, memory_blobs);
omnichat_core::bus_suite!(bus_of_one_process, local_bus);
omnichat_core::bus_suite!(bus_that_records, recording_bus);
omnichat_core::channel_suite!(fake_channel, fake_channel_fixture);

/// The model finds no difference between the memory store and itself.
#[test]
fn memory_store_agrees_with_itself() {
    omnichat_core::testing::model::check(memory, 60);
}
