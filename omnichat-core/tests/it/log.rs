//! What the log says: who did something, why, and what it touched; and what follows from it in the same commit.

use omnichat_core::actor::Who;
use omnichat_core::channel::{Capabilities, InboundEvent, InboundMessage};
use omnichat_core::conversations::ConversationPatch;
use omnichat_core::customers::CustomerPatch;
use omnichat_core::event::{Cause, Envelope};
use omnichat_core::inboxes::RoutingStrategy;
use omnichat_core::testing::{Acting as _, FakeChannel};
use serde_json::{Value, json};

use crate::desk::{Desk, answer, message};

async fn desk(routing: RoutingStrategy) -> Desk {
    let can = Capabilities {
        polling: false,
        ..FakeChannel::everything()
    };
    Desk::with(routing, can).await
}

fn touched(envelope: &Envelope) -> Vec<(&str, &Value, &Value)> {
    let changed = envelope.changed.iter();
    changed
        .map(|change| (&*change.field, &change.before, &change.after))
        .collect()
}

#[tokio::test]
async fn a_message_is_the_doing_of_its_customer() {
    let desk = desk(RoutingStrategy::LeastLoaded).await;
    let id = desk.hear("1", "1", "Hello").await;
    let customer = desk.conversation(id).await.customer;
    let log = desk.log().await;
    let created = log.iter().filter(|one| one.event.name().ends_with("_created"));
    let mut seen = 0;
    for envelope in created {
        assert_eq!(envelope.origin.by, Who::Customer { id: customer }, "{envelope:?}");
        assert_eq!(envelope.origin.cause, Cause::Inbound { inbox: desk.inbox.id });
        assert!(envelope.changed.is_empty(), "it was made");
        seen += 1;
    }
    assert_eq!(seen, 2, "a conversation and its message");
}

#[tokio::test]
async fn routing_an_answer_and_an_edit_say_who_why_and_what_they_touched() {
    let desk = desk(RoutingStrategy::LeastLoaded).await;
    let anna = desk.operator("anna", 3).await;
    desk.online(&anna).await;
    let id = desk.hear("1", "1", "Hello").await;
    desk.run().await;
    let log = desk.log().await;
    let given = log.iter().find(|one| one.touched("assignee")).unwrap();
    assert_eq!(
        given.origin.cause,
        Cause::Job {
            name: "route".to_owned()
        }
    );
    let (assignee, status) = (json!(anna.id), (json!("new"), json!("open")));
    let mut expected = vec![("assignee", &Value::Null, &assignee)];
    if given.touched("status") {
        expected.insert(0, ("status", &status.0, &status.1));
    }
    assert_eq!(touched(given), expected);

    let before = desk.log().await.len();
    let text = answer("key", "Good afternoon");
    desk.engine
        .messages()
        .send(&anna.actor(), id, text)
        .await
        .unwrap();
    let answered = desk.log().await.remove(before);
    assert_eq!(
        (answered.event.name(), &answered.origin.cause),
        ("message_created", &Cause::Request)
    );
    assert_eq!(answered.origin.by, anna.actor().who);
    assert!(
        answered.touched("unanswered") && answered.touched("first_response_at"),
        "{answered:?}"
    );

    let before = desk.log().await.len();
    let patch = ConversationPatch {
        tags: Some(vec!["vip".to_owned()]),
        attributes: Some([("city".to_owned(), "Perm".to_owned())].into()),
        ..ConversationPatch::default()
    };
    let edited = desk
        .engine
        .conversations()
        .update(&anna.actor(), id, patch, None)
        .await;
    edited.unwrap();
    let edited = desk.log().await.remove(before);
    let (none, tags, city) = (json!([]), json!(["vip"]), json!("Perm"));
    assert_eq!(
        touched(&edited),
        [("tags", &none, &tags), ("attributes.city", &Value::Null, &city)]
    );

    let before = desk.log().await.len();
    let customer = desk.conversation(id).await.customer;
    let patch = CustomerPatch {
        email: Some(Some("anna@example.org".to_owned())),
        ..CustomerPatch::default()
    };
    desk.engine
        .customers()
        .update(&anna.actor(), customer, patch)
        .await
        .unwrap();
    let changed = desk.log().await.remove(before);
    assert_eq!(
        touched(&changed),
        [("email", &Value::Null, &json!("anna@example.org"))]
    );
}

#[tokio::test]
async fn a_message_that_got_further_says_so() {
    let desk = desk(RoutingStrategy::Manual).await;
    let id = desk.hear("1", "1", "Hello").await;
    desk.say(id, "key", "Good afternoon").await;
    let before = desk.log().await.len();
    desk.run().await;
    let sent = desk.log().await.remove(before);
    let states = (json!("queued"), json!("sent"));
    assert_eq!(touched(&sent), [("message.state", &states.0, &states.1)]);
    assert_eq!(
        sent.origin.cause,
        Cause::Job {
            name: "send".to_owned()
        }
    );
}

#[tokio::test]
async fn what_people_take_themselves_asks_for_no_routing() {
    let manual = desk(RoutingStrategy::Manual).await;
    manual.hear("1", "1", "Hello").await;
    assert!(!manual.job_kinds().await.contains(&"route".to_owned()));
    let routed = desk(RoutingStrategy::LeastLoaded).await;
    let id = routed.hear("1", "1", "Hello").await;
    assert!(
        routed.job_kinds().await.contains(&"route".to_owned()),
        "with the message, in one commit"
    );
    routed.run().await;
    routed.hear("1", "2", "Anybody?").await;
    let waiting = routed.job_kinds().await;
    assert!(
        !waiting.contains(&"route".to_owned()),
        "it waits already: {waiting:?}"
    );
    let anna = routed.operator("anna", 1).await;
    routed.online(&anna).await;
    routed.run().await;
    let release = routed
        .engine
        .conversations()
        .assign(&routed.actor, id, None, None)
        .await;
    assert_eq!(release.unwrap().assignee, None);
    assert!(
        routed.job_kinds().await.contains(&"route".to_owned()),
        "it waits again"
    );
}

#[tokio::test]
async fn what_was_done_on_the_platform_itself_is_not_the_customers_doing() {
    let desk = desk(RoutingStrategy::Manual).await;
    let id = desk.hear("1", "1", "Hello").await;
    let customer = desk.conversation(id).await.customer;
    let echo = InboundMessage {
        outgoing: true,
        ..message("2", "Written on the phone")
    };
    desk.tell("1", InboundEvent::Message(echo)).await;
    let by = async || desk.log().await.pop().unwrap().origin.by.clone();
    let customer = Who::Customer { id: customer };
    assert_ne!(by().await, customer, "written by the business");
    let reacted = InboundEvent::Reactions {
        external_id: "2".to_owned(),
        emoji: vec!["👍".to_owned()],
    };
    desk.tell("1", reacted).await;
    assert_eq!(by().await, customer, "a reaction to what the business wrote");
    for (external_id, is_theirs) in [("2", false), ("1", true)] {
        let deleted = InboundEvent::Deleted {
            external_ids: vec![external_id.to_owned()],
            at: None,
        };
        desk.tell("1", deleted).await;
        assert_eq!(by().await == customer, is_theirs, "{external_id}");
    }
}
