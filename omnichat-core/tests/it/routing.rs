//! Who gets what.

use std::time::Duration;

use omnichat_core::channel::Capabilities;
use omnichat_core::clock::Clock;
use omnichat_core::conversations::Status;
use omnichat_core::error::ErrorKind;
use omnichat_core::inboxes::RoutingStrategy;
use omnichat_core::operators::OperatorStatus;
use omnichat_core::routing::{Candidate, Decision, LeastLoaded, RoundRobin, RouteRequest, Router};
use omnichat_core::testing::{Acting as _, Builder, FakeChannel};
use proptest::prelude::*;

use crate::desk::Desk;

async fn desk(routing: RoutingStrategy) -> Desk {
    Desk::with(
        routing,
        Capabilities {
            polling: false,
            ..FakeChannel::everything()
        },
    )
    .await
}

#[tokio::test]
async fn nobody_online_means_waiting_and_the_longest_waiting_goes_first() {
    let desk = desk(RoutingStrategy::LeastLoaded).await;
    let first = desk.hear("1", "1", "Hello").await;
    desk.clock.advance(Duration::from_secs(60));
    let second = desk.hear("2", "1", "Hello").await;
    desk.run().await;
    assert_eq!(desk.conversation(first).await.assignee, None);
    let anna = desk.operator("anna", 1).await;
    desk.online(&anna).await;
    desk.run().await;
    assert_eq!(desk.conversation(first).await.assignee, Some(anna.id));
    assert_eq!(desk.conversation(second).await.assignee, None, "capacity is 1");
    desk.engine
        .conversations()
        .resolve(&anna.actor(), first, None)
        .await
        .unwrap();
    desk.run().await;
    assert_eq!(
        desk.conversation(second).await.assignee,
        Some(anna.id),
        "a free place is filled at once"
    );
    assert!(
        desk.conversation(second)
            .await
            .routing
            .unwrap()
            .reason
            .contains("0 of 1")
    );
}

#[tokio::test]
async fn conversations_of_a_deleted_inbox_hold_up_nobody() {
    let desk = desk(RoutingStrategy::LeastLoaded).await;
    for n in 0..110 {
        desk.hear(&n.to_string(), "1", "Hello").await;
    }
    desk.clock.advance(Duration::from_secs(60));
    let new = omnichat_core::inboxes::NewInbox {
        kind: FakeChannel::KIND.to_owned(),
        title: "Another".to_owned(),
        config: serde_json::json!({ "token": "secret token" }),
        scenario: None,
        routing: RoutingStrategy::LeastLoaded,
        proxy_url: None,
    };
    let inboxes = desk.engine.inboxes();
    let another = inboxes.create(&desk.actor, new).await.unwrap();
    let applied = desk
        .engine
        .receive(another.id, crate::desk::said("x", "1", "Hello"))
        .await
        .unwrap();
    inboxes.delete(&desk.actor, desk.inbox.id).await.unwrap();
    let anna = desk.operator("anna", 1).await;
    desk.online(&anna).await;
    desk.run().await;
    let conversation = desk.conversation(applied.conversation.unwrap()).await;
    assert_eq!(conversation.assignee, Some(anna.id));
}

/// Finds somebody only for customers whose name ends in `!`.
struct Picky;

impl Router for Picky {
    fn name(&self) -> &'static str {
        "picky"
    }

    fn route(&self, request: &RouteRequest<'_>) -> Decision {
        let is_wanted = request.conversation.chat.ends_with('!');
        match request.candidates.iter().find(|c| c.has_room() && is_wanted) {
            Some(chosen) => Decision::Assign {
                operator: chosen.operator,
                reason: "wanted".to_owned(),
            },
            None => Decision::Wait {
                reason: "nobody for it".to_owned(),
            },
        }
    }
}

#[tokio::test]
async fn conversations_that_nobody_is_found_for_hold_up_nobody() {
    let capabilities = Capabilities {
        polling: false,
        ..FakeChannel::everything()
    };
    let more = |builder: omnichat_core::EngineBuilder| {
        builder.router(RoutingStrategy::LeastLoaded, std::sync::Arc::new(Picky))
    };
    let desk = Desk::built(RoutingStrategy::LeastLoaded, capabilities, |store| store, more).await;
    for n in 0..250 {
        desk.hear(&n.to_string(), "1", "Hello").await;
    }
    desk.clock.advance(Duration::from_secs(60));
    let last = desk.hear("last!", "1", "Hello").await;
    let anna = desk.operator("anna", 2).await;
    desk.online(&anna).await;
    desk.run().await;
    assert_eq!(desk.conversation(last).await.assignee, Some(anna.id));
    assert!(
        desk.job_kinds().await.is_empty(),
        "it does not go round and round"
    );
}

#[tokio::test]
async fn turns_are_taken() {
    let desk = desk(RoutingStrategy::RoundRobin).await;
    let (anna, boris) = (desk.operator("anna", 10).await, desk.operator("boris", 10).await);
    desk.online(&anna).await;
    desk.online(&boris).await;
    let mut given = Vec::new();
    for n in 0..6 {
        desk.clock.advance(Duration::from_secs(1));
        let id = desk.hear(&n.to_string(), "1", "Hello").await;
        desk.run().await;
        given.push(desk.conversation(id).await.assignee.unwrap());
    }
    assert!(given.windows(2).all(|pair| pair[0] != pair[1]), "{given:?}");
}

#[tokio::test]
async fn whoever_is_away_gets_nothing() {
    let desk = desk(RoutingStrategy::LeastLoaded).await;
    let (pause, gone) = (desk.operator("pause", 10).await, desk.operator("gone", 10).await);
    desk.online(&pause).await;
    desk.engine
        .operators()
        .set_status(&pause.actor(), pause.id, OperatorStatus::Break)
        .await
        .unwrap();
    desk.online(&gone).await;
    let patch = omnichat_core::operators::OperatorPatch {
        disabled: Some(true),
        ..Default::default()
    };
    desk.engine
        .operators()
        .update(&desk.actor, gone.id, patch)
        .await
        .unwrap();
    let id = desk.hear("1", "1", "Hello").await;
    desk.run().await;
    assert_eq!(desk.conversation(id).await.assignee, None);
}

#[tokio::test]
async fn a_reopened_conversation_does_not_go_to_somebody_who_left() {
    let desk = desk(RoutingStrategy::LeastLoaded).await;
    let (anna, boris) = (desk.operator("anna", 10).await, desk.operator("boris", 10).await);
    desk.online(&anna).await;
    let id = desk.hear("1", "1", "Hello").await;
    desk.run().await;
    desk.engine
        .conversations()
        .resolve(&anna.actor(), id, None)
        .await
        .unwrap();
    desk.engine
        .operators()
        .set_status(&anna.actor(), anna.id, OperatorStatus::Offline)
        .await
        .unwrap();
    desk.online(&boris).await;
    desk.hear("1", "2", "One more thing").await;
    desk.run().await;
    assert_eq!(desk.conversation(id).await.assignee, Some(boris.id));
}

#[tokio::test]
async fn two_who_take_the_same_one_do_not_both_get_it() {
    let desk = desk(RoutingStrategy::Manual).await;
    let id = desk.hear("1", "1", "Hello").await;
    let (anna, boris) = (desk.operator("anna", 10).await, desk.operator("boris", 10).await);
    let service = desk.engine.conversations();
    let (a, b) = (anna.actor(), boris.actor());
    let (a, b) = tokio::join!(service.take(&a, id, None), service.take(&b, id, None));
    let lost = [a, b].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn a_stale_version_is_refused_and_changes_nothing() {
    let desk = desk(RoutingStrategy::Manual).await;
    let id = desk.hear("1", "1", "Hello").await;
    let seen = desk.conversation(id).await.version;
    desk.hear("1", "2", "And").await;
    let error = desk
        .engine
        .conversations()
        .resolve(&desk.actor, id, Some(seen))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(desk.conversation(id).await.status, Status::New);
}

#[tokio::test]
async fn a_transfer_tells_to_whom_and_why() {
    let desk = desk(RoutingStrategy::Manual).await;
    let id = desk.hear("1", "1", "Hello").await;
    let anna = desk.operator("anna", 10).await;
    let service = desk.engine.conversations();
    service
        .transfer(&desk.actor, id, anna.id, Some("She knows boilers"), None)
        .await
        .unwrap();
    let conversation = service
        .invite(&desk.actor, id, desk.owner.id, None)
        .await
        .unwrap();
    assert_eq!(
        (conversation.assignee, conversation.participants.as_slice()),
        (Some(anna.id), &[desk.owner.id][..])
    );
    let entry = desk
        .messages(id)
        .await
        .into_iter()
        .find_map(|m| m.content.part)
        .unwrap();
    let omnichat_core::messages::Part::System { target, comment, .. } = entry else {
        panic!("a system entry")
    };
    assert_eq!(
        (target.as_deref(), comment.as_deref()),
        (Some("anna"), Some("She knows boilers"))
    );
    let left = service.leave(&desk.actor, id, None).await.unwrap();
    assert!(left.participants.is_empty());
}

#[tokio::test]
async fn a_snoozed_conversation_wakes_in_time_or_by_the_customer() {
    let desk = desk(RoutingStrategy::Manual).await;
    let (a, b) = (
        desk.hear("1", "1", "Hello").await,
        desk.hear("2", "1", "Hello").await,
    );
    let service = desk.engine.conversations();
    let until = desk.clock.now().after(Duration::from_secs(600));
    service.snooze(&desk.actor, a, until, None).await.unwrap();
    service.snooze(&desk.actor, b, until, None).await.unwrap();
    desk.hear("2", "2", "Are you there?").await;
    assert_eq!(desk.conversation(b).await.status, Status::Open);
    desk.clock.advance(Duration::from_secs(599));
    desk.run().await;
    assert_eq!(desk.conversation(a).await.status, Status::Snoozed);
    desk.clock.advance(Duration::from_secs(1));
    desk.run().await;
    assert_eq!(desk.conversation(a).await.status, Status::Open);
    let past = service
        .snooze(&desk.actor, a, desk.clock.now(), None)
        .await
        .unwrap_err();
    assert_eq!(past.kind(), ErrorKind::Invalid);
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let one = (
        any::<bool>(),
        0_u32..6,
        0_u32..6,
        proptest::option::of(0_i64..100),
    );
    proptest::collection::vec(one, 0..12).prop_map(|all| {
        let clock = omnichat_core::clock::ManualClock::default();
        all.into_iter()
            .map(|(available, load, capacity, last)| Candidate {
                operator: omnichat_core::id::OperatorId::generate(&clock),
                name: String::new(),
                available,
                load,
                capacity,
                last_assigned_at: last.map(omnichat_core::clock::Timestamp::from_secs),
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn nobody_without_room_is_chosen_and_somebody_with_room_always_is(candidates in candidates()) {
        let builder = Builder::new(std::sync::Arc::new(omnichat_core::clock::ManualClock::default()));
        let conversation = builder.conversation(builder.inbox().id, "chat");
        let request = RouteRequest { conversation: &conversation, candidates: &candidates };
        for router in [&RoundRobin as &dyn Router, &LeastLoaded] {
            match router.route(&request) {
                Decision::Assign { operator, reason } => {
                    let chosen = candidates.iter().find(|c| c.operator == operator).unwrap();
                    prop_assert!(chosen.has_room() && !reason.is_empty());
                }
                Decision::Wait { .. } => prop_assert!(!candidates.iter().any(Candidate::has_room)),
            }
        }
    }

    #[test]
    fn equal_operators_get_equal_numbers(operators in 1_usize..8, conversations in 0_usize..60) {
        let clock = omnichat_core::clock::ManualClock::default();
        let builder = Builder::new(std::sync::Arc::new(omnichat_core::clock::ManualClock::default()));
        let conversation = builder.conversation(builder.inbox().id, "chat");
        for router in [&RoundRobin as &dyn Router, &LeastLoaded] {
            let mut all: Vec<Candidate> = (0..operators)
                .map(|_| Candidate {
                    operator: omnichat_core::id::OperatorId::generate(&clock),
                    name: String::new(),
                    available: true,
                    load: 0,
                    capacity: 100,
                    last_assigned_at: None,
                })
                .collect();
            for _ in 0..conversations {
                clock.advance(Duration::from_secs(1));
                let request = RouteRequest { conversation: &conversation, candidates: &all };
                let Decision::Assign { operator, .. } = router.route(&request) else { panic!("there is room") };
                let chosen = all.iter_mut().find(|c| c.operator == operator).unwrap();
                chosen.load += 1;
                chosen.last_assigned_at = Some(clock.now());
            }
            let loads: Vec<u32> = all.iter().map(|c| c.load).collect();
            prop_assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1, "{loads:?}");
        }
    }
}
