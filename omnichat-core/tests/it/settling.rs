//! A store that fails right after a message went out: it is not sent again without anybody knowing.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use omnichat_core::automations::{NewAutomation, Turn};
use omnichat_core::channel::{Action, Capabilities, Receipt};
use omnichat_core::clock::Clock;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::event::Origin;
use omnichat_core::inboxes::{InboxPatch, RoutingStrategy};
use omnichat_core::job::{ClaimRequest, JobChange};
use omnichat_core::messages::{DeliveryState, Message};
use omnichat_core::testing::{FakeAutomation, FakeChannel, Fault, FlakyStore, Reply};

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

fn receipt(ids: &[&str]) -> Receipt {
    Receipt {
        external_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        at: None,
        new_chat: None,
    }
}

/// Works off what is due beside the test.
fn work(desk: &Desk) -> tokio::task::JoinHandle<usize> {
    let engine = desk.engine.clone();
    tokio::spawn(async move { engine.run_due().await.unwrap() })
}

/// Cut off for longer than its lease, a worker comes back with the receipt.
#[tokio::test]
async fn a_receipt_that_comes_after_the_lease_has_ended_ends_the_doubt() {
    let (desk, _) = desk(quiet()).await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    let (tell, told) = tokio::sync::oneshot::channel();
    desk.channel.will_send(Reply::Waits(told));
    let work = work(&desk);
    desk.channel.called(1).await;
    desk.clock.advance(Duration::from_secs(20));
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, Some(DeliveryState::Uncertain));
    tell.send(Ok(receipt(&["a", "b"]))).unwrap();
    work.await.unwrap();
    let now = desk.engine.messages().get(&desk.actor, sent.id).await.unwrap();
    assert_eq!((now.state, now.failure), (Some(DeliveryState::Sent), None));
    assert_eq!(
        (now.external_id.as_deref(), &now.more_external_ids[..]),
        (Some("a"), &["b".to_owned()][..])
    );
    assert_eq!(desk.channel.sent().len(), 1);
    assert!(desk.job_kinds().await.is_empty());
}

#[tokio::test]
async fn what_a_second_holder_makes_of_a_message_that_has_arrived_takes_nothing_back() {
    for second in [
        Err(Error::new(ErrorKind::Rejected, "not a second time")),
        Ok(receipt(&["b"])),
    ] {
        let repeats = Capabilities {
            idempotent_send: true,
            ..quiet()
        };
        let (desk, _) = desk(repeats).await;
        let id = desk.hear("7", "1", "Hello").await;
        let sent = desk.say(id, "k1", "Hi").await;
        let ids = second.as_ref().map_or(vec!["a"], |_| vec!["a", "b"]);
        let (tell, told) = tokio::sync::oneshot::channel();
        let (tell_second, told_second) = tokio::sync::oneshot::channel();
        desk.channel
            .will_send(Reply::Waits(told))
            .will_send(Reply::Waits(told_second));
        let first_work = work(&desk);
        desk.channel.called(1).await;
        desk.clock.advance(Duration::from_secs(20));
        let second_work = work(&desk);
        desk.channel.called(2).await;
        tell.send(Ok(receipt(&["a"]))).unwrap();
        first_work.await.unwrap();
        assert_eq!(state(&desk, &sent).await, Some(DeliveryState::Sent));
        tell_second.send(second).unwrap();
        second_work.await.unwrap();
        let now = desk.engine.messages().get(&desk.actor, sent.id).await.unwrap();
        assert_eq!((now.state, now.failure), (Some(DeliveryState::Sent), None));
        let known: Vec<&str> = now
            .external_id
            .iter()
            .chain(&now.more_external_ids)
            .map(String::as_str)
            .collect();
        assert_eq!(known, ids);
        assert!(desk.job_kinds().await.is_empty());
    }
}

/// Nobody waits for a job that has nothing to do and cannot say so.
#[tokio::test(start_paused = true)]
async fn a_job_that_cannot_be_ended_while_the_store_is_away_holds_up_no_writers() {
    let (desk, store) = desk(quiet()).await;
    let id = desk.hear("7", "1", "Hello").await;
    let conversations = desk.engine.conversations();
    let until = desk.clock.now().after(Duration::from_secs(60));
    conversations.snooze(&desk.actor, id, until, None).await.unwrap();
    conversations.reopen(&desk.actor, id, None).await.unwrap();
    desk.clock.advance(Duration::from_secs(61));
    store.will_fail_endings(Fault::Before, u32::MAX);
    let work = work(&desk);
    while store.failed() == 0 {
        tokio::task::yield_now().await;
    }
    let said = tokio::time::timeout(Duration::from_secs(60), desk.say(id, "k1", "Hi"));
    said.await.expect("it waits for the end of another's job");
    work.abort();
}

#[tokio::test(start_paused = true)]
async fn a_turn_of_a_scenario_that_comes_too_late_holds_up_no_writers_while_the_store_is_away() {
    let (desk, store) = desk(quiet()).await;
    let (engine, actor, flaky) = (desk.engine.clone(), desk.actor.clone(), store.clone());
    let scenario = FakeAutomation::scenario(move |context, _| {
        // Somebody steps in while it thinks, and then the store goes away.
        let conversations = engine.conversations();
        let taken = conversations.take(&actor, context.conversation, None);
        taken.now_or_never().expect("memory does not wait")?;
        flaky.will_fail_endings(Fault::Before, u32::MAX);
        Ok(Turn::default())
    });
    desk.engine.ports().automations.register(scenario);
    let new = NewAutomation {
        kind: "fake-scenario".to_owned(),
        title: "Bot".to_owned(),
        config: serde_json::json!({}),
    };
    let automations = desk.engine.automations();
    let bot = automations.create(&desk.actor, new).await.unwrap();
    let answers = InboxPatch {
        scenario: Some(Some(bot.id)),
        ..InboxPatch::default()
    };
    let inboxes = desk.engine.inboxes();
    inboxes.update(&desk.actor, desk.inbox.id, answers).await.unwrap();
    let id = desk.hear("7", "1", "Hello").await;
    let work = work(&desk);
    while store.failed() == 0 {
        tokio::task::yield_now().await;
    }
    let said = tokio::time::timeout(Duration::from_secs(60), desk.say(id, "k1", "Hi"));
    said.await.expect("it waits for the end of another's job");
    work.abort();
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
    let mut changes = omnichat_core::change::Changes::new(desk.actor.tenant, Origin::system("test"));
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
