//! A store that fails right after a message went out: it is not sent again without anybody knowing.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::channel::{Action, Capabilities};
use omnichat_core::inboxes::RoutingStrategy;
use omnichat_core::job::{ClaimRequest, JobChange};
use omnichat_core::messages::{DeliveryState, Message};
use omnichat_core::testing::{FakeChannel, Fault, FlakyStore, Reply};

use crate::desk::Desk;

async fn desk(capabilities: Capabilities) -> (Desk, Arc<FlakyStore>) {
    let mut flaky = None;
    let wrap = |store| {
        let store = Arc::new(FlakyStore::new(store));
        flaky = Some(store.clone());
        store as Arc<dyn omnichat_core::store::Store>
    };
    let desk = Desk::built(RoutingStrategy::Manual, capabilities, wrap, |builder| builder).await;
    (desk, flaky.unwrap())
}

fn quiet() -> Capabilities {
    Capabilities {
        polling: false,
        ..FakeChannel::everything()
    }
}

async fn state(desk: &Desk, message: &Message) -> Option<DeliveryState> {
    let message = desk.engine.messages().get(&desk.actor, message.id).await;
    message.unwrap().state
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_after_a_send_is_asked_until_it_has_written_it() {
    for (fault, times) in [
        (Fault::Before, 1),
        (Fault::Before, 50),
        (Fault::After, 1),
        (Fault::After, 2),
    ] {
        let (desk, store) = desk(quiet()).await;
        let id = desk.hear("7", "1", "Hello").await;
        let sent = desk.say(id, "k1", "Hi").await;
        store.will_fail_endings(fault, times);
        desk.run().await;
        assert_eq!(
            state(&desk, &sent).await,
            Some(DeliveryState::Sent),
            "{fault:?} {times}"
        );
        store.will_fail_endings(fault, 0);
        desk.run_for(Duration::from_secs(600), Duration::from_secs(10))
            .await;
        assert_eq!(desk.channel.sent_texts(), ["Hi"], "{fault:?} {times}");
        assert_eq!(state(&desk, &sent).await, Some(DeliveryState::Sent));
        assert!(desk.job_kinds().await.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_down_becomes_uncertain() {
    let (desk, store) = desk(quiet()).await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    store.will_fail_endings(Fault::Before, u32::MAX);
    desk.run().await;
    store.will_fail_endings(Fault::Before, 0);
    assert_eq!(state(&desk, &sent).await, Some(DeliveryState::Queued));
    desk.run().await;
    assert_eq!(desk.channel.sent().len(), 1, "it was not given back");
    desk.clock.advance(Duration::from_secs(20));
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, Some(DeliveryState::Uncertain));
    assert_eq!(desk.channel.sent().len(), 1);
}

#[tokio::test]
async fn a_send_that_is_dropped_with_its_engine_becomes_uncertain() {
    let (desk, _) = desk(quiet()).await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    desk.channel.will_send(Reply::Hangs);
    let engine = desk.engine.clone();
    let work = tokio::spawn(async move { engine.work(std::future::pending()).await });
    desk.channel.called(1).await;
    work.abort();
    assert!(work.await.unwrap_err().is_cancelled());
    desk.run().await;
    assert_eq!(desk.channel.sent().len(), 1, "its lease has not ended");
    desk.clock.advance(Duration::from_secs(20));
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, Some(DeliveryState::Uncertain));
    assert_eq!(desk.channel.sent().len(), 1);
}

#[tokio::test]
async fn a_doubt_stays_though_the_next_holder_gives_the_job_back() {
    let (desk, _) = desk(quiet()).await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    assert_eq!(desk.lose_what_is_due().await, 1);
    let store = &desk.engine.ports().store;
    let request = ClaimRequest {
        lease: Duration::from_secs(20),
        limit: 1,
        ..ClaimRequest::default()
    };
    let lease = store.claim_jobs(request).await.unwrap().leases.remove(0);
    let mut changes = omnichat_core::change::Changes::new(desk.actor.tenant);
    changes.job(JobChange::Retry {
        lease: lease.key(),
        after: Duration::ZERO,
        error: "the store was away".to_owned(),
    });
    store.commit(changes).await.unwrap();
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, Some(DeliveryState::Uncertain));
    assert!(desk.channel.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_change_is_not_done_again_because_the_store_was_away() {
    let (desk, store) = desk(quiet()).await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run().await;
    desk.engine.messages().delete(&desk.actor, sent.id).await.unwrap();
    store.will_fail_endings(Fault::Before, 7);
    desk.run().await;
    desk.run_for(Duration::from_secs(60), Duration::from_secs(5))
        .await;
    let done: Vec<&str> = desk.channel.performed().iter().map(Action::name).collect();
    assert_eq!(done, ["deleting sent messages"]);
}
