//! What a channel tells.

use std::time::Duration;

use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage, Person, Profile, Receipt};
use omnichat_core::clock::{Clock, Timestamp};
use omnichat_core::conversations::Status;
use omnichat_core::customers::CustomerDetails;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::messages::{Button, ButtonAction, DeliveryState, Direction, Part, SystemEntry};
use omnichat_core::page::PageRequest;
use omnichat_core::testing::{FakeChannel, Reply};

use crate::desk::{Desk, answer, dated, message, said};

#[tokio::test]
async fn a_first_message_makes_customer_conversation_and_message_in_one_commit() {
    let desk = Desk::new().await;
    let before = desk.log().await.len();
    let id = desk.hear("7", "1", "Hello").await;
    let conversation = desk.conversation(id).await;
    assert_eq!(conversation.status, Status::New);
    assert_eq!(
        (conversation.unread_count, conversation.waiting_since.is_some()),
        (1, true)
    );
    assert_eq!(conversation.last_message.unwrap().preview, "Hello");
    let known = desk
        .engine
        .customers()
        .get(&desk.actor, conversation.customer)
        .await
        .unwrap();
    assert_eq!(known.customer.name, "Customer 7");
    assert_eq!(known.chats[0].external_id, "7");
    assert_eq!(known.chats[0].contact, Some(known.contacts[0].id));
    assert_eq!(
        desk.event_names().await[before..],
        ["conversation_created", "message_created"]
    );
}

#[tokio::test]
async fn the_same_message_a_second_time_changes_nothing() {
    let desk = Desk::new().await;
    desk.hear("7", "1", "Hello").await;
    let log = desk.log().await;
    let again = desk
        .engine
        .receive(desk.inbox.id, said("7", "1", "Hello"))
        .await
        .unwrap();
    assert!(again.duplicate);
    assert_eq!(desk.log().await, log);
}

#[tokio::test]
async fn many_at_once_from_one_newcomer_meet_in_one_conversation() {
    let desk = std::sync::Arc::new(Desk::new().await);
    let all = (0..40).map(|n| {
        let desk = desk.clone();
        tokio::spawn(async move {
            desk.hear("7", &format!("{}", n % 20), &format!("text {}", n % 20))
                .await
        })
    });
    let mut ids = Vec::new();
    for task in all.collect::<Vec<_>>() {
        ids.push(task.await.unwrap());
    }
    ids.dedup();
    let page = desk
        .engine
        .conversations()
        .list(&desk.actor, Default::default(), PageRequest::first(100))
        .await
        .unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(desk.messages(page.items[0].id).await.len(), 20);
    assert_eq!(page.items[0].unread_count, 20);
}

#[tokio::test]
async fn swapped_deliveries_fall_into_their_place() {
    let desk = Desk::new().await;
    let now = desk.clock.now().micros() / 1_000_000;
    for (id, at, order) in [("c", now, 12), ("a", now - 1, 10), ("d", now, 13), ("b", now, 11)] {
        desk.tell("7", InboundEvent::Message(dated(id, at, order))).await;
    }
    desk.clock.advance(Duration::from_secs(1));
    let id = desk.hear("7", "e", "e").await;
    assert_eq!(desk.texts(id).await, ["a", "b", "c", "d", "e"]);
    assert_eq!(desk.conversation(id).await.last_message.unwrap().preview, "e");
}

#[tokio::test]
async fn a_late_message_does_not_become_the_newest() {
    let desk = Desk::new().await;
    let now = desk.clock.now().micros() / 1_000_000;
    let id = desk
        .tell("7", InboundEvent::Message(dated("new", now, 2)))
        .await
        .conversation
        .unwrap();
    desk.tell("7", InboundEvent::Message(dated("old", now - 60, 1)))
        .await;
    assert_eq!(desk.conversation(id).await.last_message.unwrap().preview, "new");
}

#[tokio::test]
async fn an_edit_keeps_the_earlier_text_and_an_older_edit_changes_nothing() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Helo").await;
    let at = desk.clock.now();
    let edit = |text: &str, at| InboundEvent::Edited {
        message: message("1", text),
        at,
    };
    desk.tell("7", edit("Hello", at)).await;
    desk.tell("7", edit("Hell", at.before(Duration::from_secs(5))))
        .await;
    desk.tell("7", edit("Hello", at.after(Duration::from_secs(5))))
        .await;
    let edited = &desk.messages(id).await[0];
    assert_eq!((edited.content.text.as_str(), edited.revisions), ("Hello", 1));
    let revisions = desk
        .engine
        .messages()
        .revisions(&desk.actor, edited.id)
        .await
        .unwrap();
    assert_eq!(revisions[0].content.text, "Helo");
    assert_eq!(desk.conversation(id).await.last_message.unwrap().preview, "Hello");
}

#[tokio::test]
async fn an_edit_that_comes_before_its_message_wins() {
    let desk = Desk::new().await;
    let edit = InboundEvent::Edited {
        message: message("1", "final"),
        at: desk.clock.now(),
    };
    let id = desk.tell("7", edit).await.conversation.unwrap();
    assert!(
        desk.engine
            .receive(desk.inbox.id, said("7", "1", "first"))
            .await
            .unwrap()
            .duplicate
    );
    assert_eq!(desk.texts(id).await, ["final"]);
    assert!(desk.messages(id).await[0].edited_at.is_some());
}

#[tokio::test]
async fn a_deleted_message_is_kept_as_a_revision() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "a secret").await;
    let deleted = InboundEvent::Deleted {
        external_ids: vec!["1".to_owned()],
        at: None,
    };
    desk.tell("7", deleted.clone()).await;
    desk.tell("7", deleted).await;
    let message = &desk.messages(id).await[0];
    assert!(message.deleted_at.is_some() && message.content.text.is_empty());
    let revisions = desk
        .engine
        .messages()
        .revisions(&desk.actor, message.id)
        .await
        .unwrap();
    assert_eq!(
        (revisions.len(), revisions[0].content.text.as_str()),
        (1, "a secret")
    );
    assert_eq!(desk.conversation(id).await.last_message.unwrap().kind, "deleted");
}

#[tokio::test]
async fn a_receipt_that_overtakes_our_own_bookkeeping_is_applied_later() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    let read = InboundEvent::Receipt {
        external_id: "out-1".to_owned(),
        state: DeliveryState::Read,
        reason: None,
    };
    desk.tell("7", read.clone()).await;
    desk.run().await;
    assert_eq!(
        desk.engine
            .messages()
            .get(&desk.actor, sent.id)
            .await
            .unwrap()
            .state,
        Some(DeliveryState::Sent)
    );
    desk.clock.advance(Duration::from_secs(4));
    desk.run().await;
    assert_eq!(
        desk.engine
            .messages()
            .get(&desk.actor, sent.id)
            .await
            .unwrap()
            .state,
        Some(DeliveryState::Read)
    );
    // States move only forward.
    let delivered = InboundEvent::Receipt {
        external_id: "out-1".to_owned(),
        state: DeliveryState::Delivered,
        reason: None,
    };
    desk.tell("7", delivered).await;
    assert_eq!(
        desk.engine
            .messages()
            .get(&desk.actor, sent.id)
            .await
            .unwrap()
            .state,
        Some(DeliveryState::Read)
    );
    assert_eq!(
        desk.engine
            .ports()
            .store
            .queue_depth(desk.clock.now())
            .await
            .unwrap()
            .due,
        0
    );
}

#[tokio::test]
async fn a_read_mark_covers_everything_before_it() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let first = desk.say(id, "k1", "one").await;
    desk.clock.advance(Duration::from_secs(60));
    let second = desk.say(id, "k2", "two").await;
    desk.run().await;
    let at = Timestamp::from_micros(first.position);
    desk.tell("7", InboundEvent::ReadUpTo { at }).await;
    let state = async |id| desk.engine.messages().get(&desk.actor, id).await.unwrap().state;
    assert_eq!(state(first.id).await, Some(DeliveryState::Read));
    assert_eq!(state(second.id).await, Some(DeliveryState::Sent));
    assert_eq!(desk.conversation(id).await.customer_read_at, Some(at));
}

#[tokio::test]
async fn a_read_mark_does_not_keep_back_what_still_waits() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let waiting = desk.say(id, "k1", "one").await;
    let at = Timestamp::from_micros(waiting.position);
    desk.tell("7", InboundEvent::ReadUpTo { at }).await;
    let state = async || {
        desk.engine
            .messages()
            .get(&desk.actor, waiting.id)
            .await
            .unwrap()
            .state
    };
    assert_eq!(state().await, Some(DeliveryState::Queued));
    desk.run().await;
    assert_eq!(state().await, Some(DeliveryState::Sent), "it goes out");
}

#[tokio::test]
async fn reactions_are_the_whole_set() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let react = |emoji: &[&str]| InboundEvent::Reactions {
        external_id: "1".to_owned(),
        emoji: emoji.iter().map(|e| (*e).to_owned()).collect(),
    };
    desk.tell("7", react(&["👍", "🔥"])).await;
    desk.tell("7", react(&["🔥"])).await;
    let message = &desk.messages(id).await[0];
    assert_eq!(
        message
            .reactions
            .iter()
            .map(|r| r.emoji.as_str())
            .collect::<Vec<_>>(),
        ["🔥"]
    );
    assert_eq!(message.version, 3);
}

#[tokio::test]
async fn a_pressed_button_is_a_message_with_its_label_and_is_acknowledged() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let mut question = answer("k1", "Satisfied?");
    question.buttons = vec![vec![Button {
        text: "Yes".to_owned(),
        action: ButtonAction::Reply {
            data: "csat:5".to_owned(),
        },
    }]];
    desk.engine
        .messages()
        .send(&desk.actor, id, question)
        .await
        .unwrap();
    desk.run().await;
    let press = InboundEvent::ButtonPressed {
        external_id: "press-1".to_owned(),
        message_external_id: Some("out-1".to_owned()),
        data: "csat:5".to_owned(),
        title: None,
        at: None,
    };
    desk.tell("7", press.clone()).await;
    assert!(desk.tell("7", press).await.duplicate);
    let messages = desk.messages(id).await;
    let pressed = messages.last().unwrap();
    assert_eq!(pressed.content.text, "Yes");
    assert!(matches!(&pressed.content.part, Some(Part::ButtonPress { data, .. }) if data == "csat:5"));
    assert_eq!(pressed.reply_to.as_ref().unwrap().preview, "Satisfied?");
    desk.run().await;
    let acknowledged = desk.channel.performed();
    assert_eq!(acknowledged.len(), 1, "{acknowledged:?}");
}

#[tokio::test]
async fn a_group_that_is_renamed_is_shown_by_its_new_name() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let renamed = Inbound::private(
        "7",
        InboundEvent::Reachable {
            reachable: true,
            at: None,
        },
    )
    .by(Person::from(Profile {
        name: "Delivery, evening".to_owned(),
        ..Profile::default()
    }));
    for _ in 0..2 {
        desk.engine.receive(desk.inbox.id, renamed.clone()).await.unwrap();
    }
    let conversation = desk.conversation(id).await;
    assert_eq!(conversation.customer_name, "Delivery, evening");
    assert_eq!(
        conversation.last_message.unwrap().preview,
        "Hello",
        "there is no entry for it"
    );
    let updates = desk.event_names().await;
    let count = |name| updates.iter().filter(|one| **one == name).count();
    assert_eq!((count("customer_updated"), count("conversation_updated")), (1, 1));
}

#[tokio::test]
async fn who_writes_again_can_be_written_to() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    // Once the platform told it, once a send found it out.
    let gone = InboundEvent::Reachable {
        reachable: false,
        at: None,
    };
    desk.tell("7", gone).await;
    assert!(desk.conversation(id).await.unreachable);
    assert_eq!(desk.hear("7", "2", "I am back").await, id);
    assert!(!desk.conversation(id).await.unreachable);
    desk.channel.will_send(Reply::Fails(Error::new(
        ErrorKind::Unreachable,
        "blocked by the user",
    )));
    desk.say(id, "k1", "Hi").await;
    desk.run().await;
    assert!(desk.conversation(id).await.unreachable);
    // For as long a remembered thread is taken at its word.
    desk.clock.advance(Duration::from_secs(6));
    let back = InboundEvent::Reachable {
        reachable: true,
        at: None,
    };
    desk.tell("7", back).await;
    assert!(!desk.conversation(id).await.unreachable);
    desk.say(id, "k2", "Hi again").await;
    desk.run().await;
    let texts = desk.texts(id).await;
    assert!(texts.contains(&"Hi again".to_owned()), "{texts:?}");
}

#[tokio::test]
async fn a_blocked_account_is_shown_and_comes_back() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let reachable = |reachable| InboundEvent::Reachable { reachable, at: None };
    desk.tell("7", reachable(false)).await;
    desk.tell("7", reachable(false)).await;
    assert!(desk.conversation(id).await.unreachable);
    let refused = desk
        .engine
        .messages()
        .send(&desk.actor, id, answer("k1", "Hi"))
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Rejected);
    desk.tell("7", reachable(true)).await;
    assert!(!desk.conversation(id).await.unreachable);
    let entries: Vec<SystemEntry> = desk
        .messages(id)
        .await
        .into_iter()
        .filter_map(|m| match m.content.part {
            Some(Part::System { entry, .. }) => Some(entry),
            _ => None,
        })
        .collect();
    assert_eq!(entries, [SystemEntry::Blocked, SystemEntry::Unblocked]);
}

#[tokio::test]
async fn a_chat_that_moved_goes_on_under_its_new_id() {
    let desk = Desk::new().await;
    let id = desk.hear("-1", "1", "Hello").await;
    desk.tell(
        "-1",
        InboundEvent::Migrated {
            new_chat: "-1001".to_owned(),
        },
    )
    .await;
    assert_eq!(desk.hear("-1001", "1", "again").await, id);
    assert_eq!(desk.texts(id).await, ["Hello", "again"]);
    assert_eq!(desk.conversation(id).await.chat, "-1001");
}

#[tokio::test]
async fn a_resolved_conversation_opens_again_and_a_closed_one_does_not() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    desk.engine
        .conversations()
        .resolve(&desk.actor, id, None)
        .await
        .unwrap();
    assert_eq!(desk.hear("7", "2", "One more thing").await, id);
    assert_eq!(desk.conversation(id).await.status, Status::Open);
    desk.engine
        .conversations()
        .close(&desk.actor, id, None)
        .await
        .unwrap();
    let next = desk.hear("7", "3", "Hello again").await;
    assert_ne!(next, id);
    let reopened = desk
        .engine
        .conversations()
        .reopen(&desk.actor, id, None)
        .await
        .unwrap_err();
    assert_eq!(reopened.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn spam_stays_quiet() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Buy").await;
    desk.engine
        .conversations()
        .spam(&desk.actor, id, None)
        .await
        .unwrap();
    assert_eq!(desk.hear("7", "2", "Buy now").await, id);
    let conversation = desk.conversation(id).await;
    assert_eq!(
        (conversation.status, conversation.unread_count),
        (Status::Spam, 0)
    );
    assert_eq!(desk.texts(id).await.len(), 2);
}

#[tokio::test]
async fn what_the_business_wrote_elsewhere_is_ours() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let echo = InboundMessage {
        outgoing: true,
        ..message("2", "From the phone")
    };
    desk.tell("7", InboundEvent::Message(echo)).await;
    let messages = desk.messages(id).await;
    assert_eq!(messages[1].direction, Direction::Out);
    assert_eq!(desk.conversation(id).await.waiting_since, None);
}

#[tokio::test]
async fn a_disabled_inbox_hears_nothing() {
    let desk = Desk::new().await;
    let patch = omnichat_core::inboxes::InboxPatch {
        enabled: Some(false),
        ..Default::default()
    };
    desk.engine
        .inboxes()
        .update(&desk.actor, desk.inbox.id, patch)
        .await
        .unwrap();
    let error = desk
        .engine
        .receive_webhook(desk.inbox.id, FakeChannel::webhook(&[]))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_name_that_an_operator_set_stays() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let customer = desk.conversation(id).await.customer;
    let patch = omnichat_core::customers::CustomerPatch {
        name: Some("Regular".to_owned()),
        ..Default::default()
    };
    desk.engine
        .customers()
        .update(&desk.actor, customer, patch)
        .await
        .unwrap();
    desk.hear("7", "2", "Hello").await;
    assert_eq!(
        desk.engine
            .customers()
            .get(&desk.actor, customer)
            .await
            .unwrap()
            .customer
            .name,
        "Regular"
    );
}

#[tokio::test]
async fn a_blocked_customer_is_spam_from_then_on() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let customer = desk.conversation(id).await.customer;
    let patch = omnichat_core::customers::CustomerPatch {
        blocked: Some(true),
        ..Default::default()
    };
    desk.engine
        .customers()
        .update(&desk.actor, customer, patch)
        .await
        .unwrap();
    desk.clock.advance(Duration::from_secs(6));
    desk.hear("7", "2", "Hello?").await;
    assert_eq!(desk.conversation(id).await.status, Status::Spam);
}

#[tokio::test]
async fn a_character_that_a_database_cannot_keep_is_left_out() {
    let desk = Desk::new().await;
    let mut event = said("7", "1", "He\u{0}llo");
    event
        .person
        .as_mut()
        .unwrap()
        .profile
        .attributes
        .insert("ci\u{0}ty".to_owned(), "Ka\u{0}zan".to_owned());
    let applied = desk.engine.receive(desk.inbox.id, event).await.unwrap();
    let conversation = desk.conversation(applied.conversation.unwrap()).await;
    assert_eq!(conversation.last_message.unwrap().preview, "Hello");
    let CustomerDetails { customer, .. } = desk
        .engine
        .customers()
        .get(&desk.actor, conversation.customer)
        .await
        .unwrap();
    assert_eq!(customer.attributes["city"], "Kazan");
}

#[tokio::test]
async fn a_time_in_milliseconds_is_put_right_and_an_impossible_one_is_that_of_arrival() {
    let desk = Desk::new().await;
    let now = desk.clock.now();
    let written = Timestamp::from_secs(now.micros() / 1_000_000 - 60);
    let mut id = None;
    for (external_id, secs) in [
        ("1", written.micros() / 1_000),
        ("2", 32_503_680_000),
        ("3", i64::MIN),
    ] {
        let event = InboundEvent::Message(dated(external_id, secs, 1));
        id = desk.tell("7", event).await.conversation;
    }
    let messages = desk.messages(id.unwrap()).await;
    let times: Vec<_> = messages.iter().map(|m| m.platform_at).collect();
    assert_eq!(times, [Some(written), None, None]);
    assert!(messages[1].position >= now.micros() && messages[2].position < now.micros() + 1_000);
    // What is stored can be written and read, whatever it was.
    let json = serde_json::to_string(&messages).unwrap();
    assert_eq!(
        serde_json::from_str::<Vec<omnichat_core::messages::Message>>(&json).unwrap(),
        messages
    );
}

#[tokio::test]
async fn a_mark_from_the_future_is_not_kept_and_covers_what_there_is() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run().await;
    let far = "3000-01-01T00:00:00Z".parse().unwrap();
    desk.clock.advance(Duration::from_secs(1));
    desk.tell("7", InboundEvent::ReadUpTo { at: far }).await;
    assert_eq!(
        desk.conversation(id).await.customer_read_at,
        Some(desk.clock.now())
    );
    let read = desk
        .messages(id)
        .await
        .into_iter()
        .find(|m| m.id == sent.id)
        .unwrap();
    assert_eq!(read.state, Some(DeliveryState::Read));
}

#[tokio::test]
async fn an_id_that_is_too_long_is_the_same_each_time() {
    let desk = Desk::new().await;
    let long = "x".repeat(5_000);
    let id = desk.hear("7", &long, "Hello").await;
    let again = desk
        .engine
        .receive(desk.inbox.id, said("7", &long, "Hello"))
        .await
        .unwrap();
    assert!(again.duplicate);
    let emoji = vec!["👍".to_owned(); 500];
    desk.tell(
        "7",
        InboundEvent::Reactions {
            external_id: long.clone(),
            emoji,
        },
    )
    .await;
    let message = &desk.messages(id).await[0];
    assert_eq!(message.reactions.len(), omnichat_core::limits::REACTIONS);
    assert!(message.external_id.as_ref().unwrap().len() < 200);
    let nameless = desk
        .engine
        .receive(desk.inbox.id, said(&long, "1", "Hello"))
        .await;
    assert_eq!(nameless.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn attributes_and_routes_do_not_pile_up_from_message_to_message() {
    let desk = Desk::new().await;
    let mut id = None;
    for n in 0..30 {
        let mut event = said("7", &n.to_string(), "Hello");
        let pairs = |count: usize| {
            (0..count)
                .map(|k| (format!("{n}-{k}"), "x".repeat(500)))
                .collect()
        };
        event.chat.route = pairs(10);
        event.person.as_mut().unwrap().profile.attributes = pairs(50);
        id = desk
            .engine
            .receive(desk.inbox.id, event)
            .await
            .unwrap()
            .conversation;
    }
    let customer = desk.conversation(id.unwrap()).await.customer;
    let known = desk.engine.customers().get(&desk.actor, customer).await.unwrap();
    assert_eq!(known.customer.attributes.len(), omnichat_core::limits::ATTRIBUTES);
    assert_eq!(known.chats[0].route.len(), omnichat_core::limits::ROUTE);
}

/// A deletion names a message by each of its ids, or twice by the same.
#[tokio::test]
async fn a_message_that_a_deletion_names_twice_is_deleted_once() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let album = Receipt {
        external_ids: vec!["101".to_owned(), "102".to_owned()],
        at: None,
        new_chat: None,
    };
    desk.channel.will_send(Reply::Taken(album));
    desk.say(id, "k1", "an album").await;
    desk.run().await;
    let deleted = |ids: &[&str]| InboundEvent::Deleted {
        external_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        at: None,
    };
    desk.tell("7", deleted(&["101", "102"])).await;
    desk.tell("7", deleted(&["1", "1"])).await;
    let messages = desk.messages(id).await;
    assert!(messages.iter().all(|one| one.deleted_at.is_some()));
    assert!(messages.iter().all(|one| one.revisions == 1));
}

#[tokio::test]
async fn a_deletion_of_more_messages_than_a_commit_takes_deletes_them_all() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    desk.hear("7", "2", "again").await;
    let mut external_ids: Vec<String> = (0..3_000).map(|n| format!("x{n}")).collect();
    external_ids.insert(0, "1".to_owned());
    external_ids.push("2".to_owned());
    desk.tell(
        "7",
        InboundEvent::Deleted {
            external_ids,
            at: None,
        },
    )
    .await;
    let messages = desk.messages(id).await;
    assert!(messages.iter().all(|one| one.deleted_at.is_some()));
}
