//! What operators say.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::actor::Role;
use omnichat_core::change::{Changes, Removal};
use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{
    Action, Capabilities, InboundAttachment, InboundEvent, InboundMessage, Receipt,
};
use omnichat_core::conversations::Status;
use omnichat_core::error::{Error, ErrorKind, Retry};
use omnichat_core::event::Origin;
use omnichat_core::files::Upload;
use omnichat_core::inboxes::{HealthState, RoutingStrategy};
use omnichat_core::job::{ClaimRequest, JobChange};
use omnichat_core::messages::{
    AttachmentKind, AttachmentState, Audience, DeliveryState, Message, NewMessage, Span, SpanStyle,
};
use omnichat_core::testing::{Acting as _, FakeChannel, Reply};

use crate::desk::{Desk, answer, message};

async fn state(desk: &Desk, message: &Message) -> DeliveryState {
    desk.engine
        .messages()
        .get(&desk.actor, message.id)
        .await
        .unwrap()
        .state
        .unwrap()
}

#[tokio::test]
async fn an_answer_goes_out_once_and_makes_the_conversation_ones_own() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    assert_eq!(sent.state, Some(DeliveryState::Queued));
    let conversation = desk.conversation(id).await;
    assert_eq!(
        (conversation.status, conversation.assignee),
        (Status::Open, Some(desk.owner.id))
    );
    assert_eq!((conversation.unread_count, conversation.waiting_since), (0, None));
    desk.run().await;
    desk.run().await;
    assert_eq!(desk.channel.sent_texts(), ["Hi"]);
    assert_eq!(state(&desk, &sent).await, DeliveryState::Sent);
    let stored = desk.engine.messages().get(&desk.actor, sent.id).await.unwrap();
    assert_eq!(stored.external_id.as_deref(), Some("out-1"));
}

#[tokio::test]
async fn the_same_key_is_the_same_message_and_another_body_is_refused() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let service = desk.engine.messages();
    let first = service.send(&desk.actor, id, answer("k1", "Hi")).await.unwrap();
    let second = service.send(&desk.actor, id, answer("k1", "Hi")).await.unwrap();
    assert!(second.repeated && second.message.id == first.message.id);
    let error = service
        .send(&desk.actor, id, answer("k1", "Bye"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Duplicate);
    desk.run().await;
    assert_eq!(desk.channel.sent().len(), 1);
}

#[tokio::test]
async fn the_same_key_from_many_tabs_at_once_is_one_message() {
    let desk = Arc::new(Desk::new().await);
    let id = desk.hear("7", "1", "Hello").await;
    let tabs: Vec<_> = (0..20)
        .map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move { desk.say(id, "k1", "Hi").await.id })
        })
        .collect();
    let mut ids = std::collections::HashSet::new();
    for tab in tabs {
        ids.insert(tab.await.unwrap());
    }
    assert_eq!(ids.len(), 1);
    desk.run().await;
    assert_eq!(desk.channel.sent().len(), 1);
}

#[tokio::test]
async fn the_order_of_a_conversation_holds_while_its_first_message_waits() {
    let desk = Desk::new().await;
    let (a, b) = (
        desk.hear("7", "1", "Hello").await,
        desk.hear("8", "1", "Hello").await,
    );
    let busy = Error::new(ErrorKind::RateLimited, "slow down")
        .with_retry(Retry::After(Duration::from_secs(17)))
        .surely_not_sent();
    desk.channel.will_send(Reply::Fails(busy));
    desk.say(a, "k1", "first").await;
    desk.say(a, "k2", "second").await;
    desk.say(b, "k3", "elsewhere").await;
    desk.run().await;
    assert_eq!(desk.channel.sent_texts(), ["first", "elsewhere"]);
    desk.clock.advance(Duration::from_secs(16));
    desk.run().await;
    assert_eq!(desk.channel.sent().len(), 2, "the platform's pause is kept");
    desk.clock.advance(Duration::from_secs(1));
    desk.run().await;
    assert_eq!(
        desk.channel.sent_texts(),
        ["first", "elsewhere", "first", "second"]
    );
}

#[tokio::test]
async fn a_timeout_is_uncertain_and_an_operator_decides() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    desk.channel
        .will_send(Reply::Fails(Error::new(ErrorKind::Timeout, "no answer in time")));
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run().await;
    desk.clock.advance(Duration::from_secs(3_600));
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, DeliveryState::Uncertain);
    assert_eq!(desk.channel.sent().len(), 1, "never sent twice by itself");
    desk.engine.messages().retry(&desk.actor, sent.id).await.unwrap();
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, DeliveryState::Sent);
}

#[tokio::test]
async fn a_timeout_is_tried_again_where_the_platform_knows_repeated_sends() {
    let capabilities = Capabilities {
        idempotent_send: true,
        ..FakeChannel::everything()
    };
    let desk = Desk::with(RoutingStrategy::Manual, capabilities).await;
    let id = desk.hear("7", "1", "Hello").await;
    desk.channel
        .will_send(Reply::Fails(Error::new(ErrorKind::Timeout, "no answer in time")));
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run().await;
    desk.clock.advance(Duration::from_secs(10));
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, DeliveryState::Sent);
    let keys: Vec<_> = desk.channel.sent().iter().map(|o| o.id).collect();
    assert_eq!(keys, [sent.id, sent.id]);
}

#[tokio::test]
async fn a_worker_that_died_in_the_middle_leaves_an_uncertain_message() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    let request = ClaimRequest {
        lease: Duration::from_secs(60),
        limit: 10,
        kinds: vec!["send".to_owned()],
        ..ClaimRequest::default()
    };
    let lost = desk.engine.ports().store.claim_jobs(request).await.unwrap();
    assert_eq!(lost.leases.len(), 1);
    desk.clock.advance(Duration::from_secs(61));
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, DeliveryState::Uncertain);
    assert!(desk.channel.sent().is_empty());
}

#[tokio::test]
async fn a_refusal_fails_with_its_reason() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    desk.channel.will_send(Reply::Fails(Error::new(
        ErrorKind::Rejected,
        "the text cannot be shown there",
    )));
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run().await;
    let failed = desk.engine.messages().get(&desk.actor, sent.id).await.unwrap();
    assert_eq!(failed.state, Some(DeliveryState::Failed));
    assert_eq!(failed.failure.unwrap().message, "the text cannot be shown there");
    assert_eq!(
        desk.conversation(id).await.last_message.unwrap().state,
        Some(DeliveryState::Failed)
    );
}

#[tokio::test]
async fn a_broken_account_shows_on_its_inbox() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    desk.channel.will_send(Reply::Fails(Error::new(
        ErrorKind::AccountBroken,
        "the token was revoked",
    )));
    desk.say(id, "k1", "Hi").await;
    desk.run().await;
    let inbox = desk
        .engine
        .inboxes()
        .get(&desk.actor, desk.inbox.id)
        .await
        .unwrap();
    assert_eq!(inbox.health.state, HealthState::Failed);
    assert_eq!(inbox.health.message.as_deref(), Some("the token was revoked"));
}

#[tokio::test]
async fn an_echo_that_overtakes_our_own_bookkeeping_does_not_lose_the_state() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let echo = InboundMessage {
        outgoing: true,
        ..message("out-1", "Hi")
    };
    desk.tell("7", InboundEvent::Message(echo)).await;
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, DeliveryState::Sent);
}

#[tokio::test]
async fn an_edit_and_a_deletion_reach_the_customer_in_order() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run().await;
    let service = desk.engine.messages();
    let edited = service
        .edit(&desk.actor, sent.id, "Hi there", Vec::new())
        .await
        .unwrap();
    assert!(edited.edited_at.is_some() && edited.revisions == 1);
    service.delete(&desk.actor, sent.id).await.unwrap();
    desk.run().await;
    let done: Vec<&str> = desk.channel.performed().iter().map(Action::name).collect();
    assert_eq!(done, ["editing sent messages", "deleting sent messages"]);
    let revisions = service.revisions(&desk.actor, sent.id).await.unwrap();
    let texts: Vec<&str> = revisions.iter().map(|r| r.content.text.as_str()).collect();
    assert_eq!(texts, ["Hi", "Hi there"]);
}

/// What the customer may have got stays as it is, and the operator hears of it.
#[tokio::test]
async fn a_change_of_a_message_in_doubt_is_said_not_to_have_reached_the_customer() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let timeout = || Reply::Fails(Error::new(ErrorKind::Timeout, "no answer in time"));
    desk.channel.will_send(timeout()).will_send(timeout());
    let (edited, deleted) = (desk.say(id, "k1", "Hi").await, desk.say(id, "k2", "Ho").await);
    desk.run().await;
    let service = desk.engine.messages();
    service
        .edit(&desk.actor, edited.id, "Hi there", Vec::new())
        .await
        .unwrap();
    service.delete(&desk.actor, deleted.id).await.unwrap();
    desk.run().await;
    for (message, code, retryable) in [(&edited, "edit_failed", true), (&deleted, "delete_failed", false)] {
        let now = service.get(&desk.actor, message.id).await.unwrap();
        assert_eq!(now.state, Some(DeliveryState::Uncertain));
        let failure = now.failure.unwrap();
        assert_eq!((failure.code.as_str(), failure.retryable), (code, retryable));
    }
    // Sent again, it goes out as it is now, and nothing is to be said.
    service.retry(&desk.actor, edited.id).await.unwrap();
    desk.run().await;
    assert_eq!(desk.channel.sent_texts(), ["Hi", "Ho", "Hi there"]);
    let now = service.get(&desk.actor, edited.id).await.unwrap();
    assert_eq!((now.state, now.failure), (Some(DeliveryState::Sent), None));
    assert!(desk.channel.performed().is_empty());
}

#[tokio::test]
async fn a_change_on_an_inbox_that_was_switched_off_meanwhile_is_said_to_have_failed() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run().await;
    let service = desk.engine.messages();
    service
        .edit(&desk.actor, sent.id, "Hi there", Vec::new())
        .await
        .unwrap();
    let off = omnichat_core::inboxes::InboxPatch {
        enabled: Some(false),
        ..Default::default()
    };
    desk.engine
        .inboxes()
        .update(&desk.actor, desk.inbox.id, off)
        .await
        .unwrap();
    desk.run().await;
    let now = service.get(&desk.actor, sent.id).await.unwrap();
    assert_eq!(now.failure.unwrap().code, "edit_failed");
    assert!(desk.channel.performed().is_empty());
}

#[tokio::test]
async fn what_is_edited_before_it_went_out_goes_out_edited() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    desk.engine
        .messages()
        .edit(&desk.actor, sent.id, "Hi there", Vec::new())
        .await
        .unwrap();
    desk.run().await;
    assert_eq!(desk.channel.sent_texts(), ["Hi there"]);
    assert!(desk.channel.performed().is_empty());
}

#[tokio::test]
async fn what_is_deleted_before_it_went_out_does_not_go_out() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    desk.engine.messages().delete(&desk.actor, sent.id).await.unwrap();
    desk.run().await;
    assert!(desk.channel.sent().is_empty());
}

#[tokio::test]
async fn others_messages_are_edited_by_nobody_and_deleted_by_seniors() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    let other = desk.operator("other", 5).await.actor();
    let service = desk.engine.messages();
    let edit = service
        .edit(&other, sent.id, "Bye", Vec::new())
        .await
        .unwrap_err();
    let delete = service.delete(&other, sent.id).await.unwrap_err();
    assert_eq!(
        (edit.kind(), delete.kind()),
        (ErrorKind::Forbidden, ErrorKind::Forbidden)
    );
    let senior =
        omnichat_core::actor::Actor::operator(other.tenant, other.operator_id().unwrap(), "s", Role::Senior);
    assert!(
        service
            .delete(&senior, sent.id)
            .await
            .unwrap()
            .deleted_at
            .is_some()
    );
}

#[tokio::test]
async fn a_note_never_goes_out() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let note = NewMessage {
        audience: Audience::Colleagues,
        ..answer("k1", "He is a regular")
    };
    let note = desk
        .engine
        .messages()
        .send(&desk.actor, id, note)
        .await
        .unwrap()
        .message;
    desk.run().await;
    assert_eq!(note.state, None);
    assert!(desk.channel.sent().is_empty());
    let conversation = desk.conversation(id).await;
    assert!(conversation.waiting_since.is_some(), "a note is no answer");
    assert_eq!(conversation.last_message.unwrap().kind, "note");
}

#[tokio::test]
async fn what_the_channel_cannot_carry_is_refused_field_by_field() {
    let capabilities = Capabilities {
        buttons: None,
        location: false,
        ..FakeChannel::everything()
    };
    let desk = Desk::with(RoutingStrategy::Manual, capabilities).await;
    let id = desk.hear("7", "1", "Hello").await;
    let service = desk.engine.messages();
    let span = |start, length| Span {
        start,
        length,
        style: SpanStyle::Bold,
        url: None,
    };
    let cases = [
        ("text", answer("k1", "   ")),
        ("text", answer("k1", &"ж".repeat(4_097))),
        (
            "spans",
            NewMessage {
                spans: vec![span(0, 3)],
                ..answer("k1", "Hi")
            },
        ),
        (
            "spans",
            NewMessage {
                spans: vec![span(0, 0)],
                ..answer("k1", "Hi")
            },
        ),
        (
            "client_key",
            NewMessage {
                client_key: "short".to_owned(),
                ..answer("k1", "Hi")
            },
        ),
        (
            "file_ids",
            NewMessage {
                files: vec![omnichat_core::id::FileId::generate(&*desk.clock)],
                ..answer("k1", "Hi")
            },
        ),
        (
            "location",
            NewMessage {
                part: Some(omnichat_core::messages::Part::Location {
                    latitude: 1.0,
                    longitude: 2.0,
                    title: None,
                    address: None,
                    live: None,
                }),
                ..answer("k1", "")
            },
        ),
    ];
    let log = desk.log().await.len();
    for (field, new) in cases {
        let error = service.send(&desk.actor, id, new).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{field}");
        assert_eq!(error.fields()[0].field, field);
    }
    assert_eq!(desk.log().await.len(), log, "nothing half-done");
}

fn text_file(name: &str) -> Upload {
    Upload {
        name: name.to_owned(),
        content_type: "text/plain".to_owned(),
        bytes: Box::pin(futures::stream::iter([Ok(bytes::Bytes::from_static(b"100"))])),
        max_bytes: 1_000,
        uploader_quota: None,
        shared_quota: None,
    }
}

#[tokio::test]
async fn a_file_is_sent_by_its_uploader_in_one_conversation_only() {
    let desk = Desk::new().await;
    let (a, b) = (
        desk.hear("7", "1", "Hello").await,
        desk.hear("8", "1", "Hello").await,
    );
    let file = desk
        .engine
        .files()
        .upload(&desk.actor, text_file("price.txt"))
        .await
        .unwrap();
    let other = desk.operator("other", 5).await.actor();
    let with_file = |key: &str| NewMessage {
        files: vec![file.id],
        ..answer(key, "The price list")
    };
    assert_eq!(
        desk.engine.files().get(&other, file.id).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
    assert!(
        desk.engine
            .messages()
            .send(&other, a, with_file("k0"))
            .await
            .is_err()
    );
    desk.engine
        .messages()
        .send(&desk.actor, a, with_file("k1"))
        .await
        .unwrap();
    assert!(
        desk.engine.files().get(&other, file.id).await.is_ok(),
        "seen by whoever sees the conversation"
    );
    assert!(
        desk.engine
            .messages()
            .send(&desk.actor, b, with_file("k2"))
            .await
            .is_err()
    );
    desk.run().await;
    assert_eq!(desk.channel.sent()[0].files[0].name, "price.txt");
}

#[tokio::test]
async fn a_message_whose_file_has_gone_fails_at_once_and_holds_up_nothing() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let file = desk
        .engine
        .files()
        .upload(&desk.actor, text_file("price.txt"))
        .await
        .unwrap();
    let with_file = NewMessage {
        files: vec![file.id],
        ..answer("k1", "The price list")
    };
    let messages = desk.engine.messages();
    let first = messages.send(&desk.actor, id, with_file).await.unwrap().message;
    desk.say(id, "k2", "Anything else?").await;
    let mut changes = Changes::new(desk.actor.tenant, Origin::system("test"));
    changes.remove(Removal::File(file.id));
    desk.engine.ports().commit(changes).await.unwrap();
    desk.run().await;
    let first = messages.get(&desk.actor, first.id).await.unwrap();
    assert_eq!(first.state, Some(DeliveryState::Failed));
    let reason = first.failure.unwrap().message;
    assert_eq!(reason, "a file of this message is not there any more");
    assert_eq!(desk.channel.sent_texts(), ["Anything else?"]);
}

#[tokio::test]
async fn a_queued_message_that_has_lost_its_job_is_sent_when_that_is_asked_for() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    let retry = async || desk.engine.messages().retry(&desk.actor, sent.id).await.unwrap();
    let sends = ClaimRequest {
        lease: Duration::from_secs(60),
        limit: 10,
        kinds: vec!["send".to_owned()],
        ..ClaimRequest::default()
    };
    let store = &desk.engine.ports().store;
    let lease = store.claim_jobs(sends).await.unwrap().leases.remove(0);
    let mut changes = Changes::new(desk.actor.tenant, Origin::system("test"));
    changes.job(JobChange::Finish(lease.key()));
    store.commit(changes).await.unwrap();
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, DeliveryState::Queued);
    // Twice, as people do.
    retry().await;
    assert_eq!(retry().await.state, Some(DeliveryState::Queued));
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, DeliveryState::Sent);
    assert_eq!(desk.channel.sent_texts(), ["Hi"]);
    // One that has its job goes out once, too.
    let second = desk.say(id, "k2", "Still there?").await;
    desk.engine
        .messages()
        .retry(&desk.actor, second.id)
        .await
        .unwrap();
    desk.run().await;
    assert_eq!(desk.channel.sent_texts(), ["Hi", "Still there?"]);
}

#[tokio::test]
async fn a_file_that_a_message_has_twice_is_bound_once() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let files = desk.engine.files();
    let ours = files.upload(&desk.actor, text_file("price.txt")).await.unwrap();
    let new = NewMessage {
        files: vec![ours.id, ours.id],
        ..answer("k1", "The price list, twice")
    };
    let sent = desk.engine.messages().send(&desk.actor, id, new).await.unwrap();
    assert_eq!(sent.message.content.attachments.len(), 2);
    // The same of what comes in; and one that was collected before it was sent is shown as missing.
    let theirs = files.upload(&desk.actor, text_file("list.txt")).await.unwrap();
    let gone = omnichat_core::id::FileId::generate(&*desk.clock);
    let attachment = |file| InboundAttachment {
        kind: AttachmentKind::Document,
        name: "list.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        size: None,
        width: None,
        height: None,
        duration_ms: None,
        identity: None,
        source: AttachmentSource::Stored(file),
    };
    let inbound = InboundMessage {
        attachments: [theirs.id, theirs.id, gone].map(attachment).to_vec(),
        ..message("2", "Here")
    };
    desk.tell("7", InboundEvent::Message(inbound)).await;
    let heard = desk.messages(id).await.pop().unwrap().content.attachments;
    let ready = AttachmentState::Ready { file: theirs.id };
    assert_eq!((&heard[0].state, &heard[1].state), (&ready, &ready));
    assert!(matches!(
        &heard[2].state,
        AttachmentState::Failed { remote: None, .. }
    ));
    for file in [ours, theirs] {
        let now = desk
            .engine
            .ports()
            .tenant(desk.actor.tenant)
            .find_file(file.id)
            .await;
        let now = now.unwrap().unwrap();
        assert_eq!((now.conversation, now.version), (Some(id), 2));
    }
}

#[tokio::test]
async fn a_reply_window_is_kept() {
    let capabilities = Capabilities {
        window_hours: Some(24),
        ..FakeChannel::everything()
    };
    let desk = Desk::with(RoutingStrategy::Manual, capabilities).await;
    let id = desk.hear("7", "1", "Hello").await;
    desk.clock.advance(Duration::from_secs(24 * 3_600 - 1));
    desk.say(id, "k1", "just in time").await;
    desk.clock.advance(Duration::from_secs(2));
    let late = desk
        .engine
        .messages()
        .send(&desk.actor, id, answer("k2", "late"))
        .await
        .unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Rejected);
}

#[tokio::test]
async fn a_local_channel_has_sent_what_is_stored() {
    let capabilities = Capabilities {
        local: true,
        ..FakeChannel::everything()
    };
    let desk = Desk::with(RoutingStrategy::Manual, capabilities).await;
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    assert_eq!(sent.state, Some(DeliveryState::Sent));
    desk.engine
        .messages()
        .edit(&desk.actor, sent.id, "Hi there", Vec::new())
        .await
        .unwrap();
    desk.engine.messages().delete(&desk.actor, sent.id).await.unwrap();
    desk.run().await;
    assert!(desk.channel.sent().is_empty() && desk.channel.performed().is_empty());
}

#[tokio::test]
async fn a_chat_that_moved_during_a_send_goes_on_under_its_new_id() {
    let desk = Desk::new().await;
    let id = desk.hear("-1", "1", "Hello").await;
    let receipt = Receipt {
        external_ids: vec!["55".to_owned()],
        at: None,
        new_chat: Some("-1001".to_owned()),
    };
    desk.channel.will_send(Reply::Taken(receipt));
    let sent = desk.say(id, "k1", "Hi").await;
    desk.run().await;
    assert_eq!(state(&desk, &sent).await, DeliveryState::Sent);
    assert_eq!(desk.hear("-1001", "2", "again").await, id);
}

#[tokio::test]
async fn two_tenants_with_the_same_chat_never_meet() {
    let desk = Desk::new().await;
    let new = crate::desk::new_operator("stranger", Role::Owner, 5);
    let (_, stranger) = desk.engine.tenants().create("Other", new).await.unwrap();
    let id = desk.hear("7", "1", "Hello").await;
    let sent = desk.say(id, "k1", "Hi").await;
    let stranger = stranger.actor();
    let not_found = [
        desk.engine
            .conversations()
            .get(&stranger, id)
            .await
            .unwrap_err()
            .kind(),
        desk.engine
            .conversations()
            .take(&stranger, id, None)
            .await
            .unwrap_err()
            .kind(),
        desk.engine
            .messages()
            .get(&stranger, sent.id)
            .await
            .unwrap_err()
            .kind(),
        desk.engine
            .messages()
            .send(&stranger, id, answer("k2", "Hi"))
            .await
            .unwrap_err()
            .kind(),
        desk.engine
            .messages()
            .delete(&stranger, sent.id)
            .await
            .unwrap_err()
            .kind(),
        desk.engine
            .inboxes()
            .get(&stranger, desk.inbox.id)
            .await
            .unwrap_err()
            .kind(),
        desk.engine
            .operators()
            .get(&stranger, desk.owner.id)
            .await
            .unwrap_err()
            .kind(),
    ];
    assert!(
        not_found.iter().all(|kind| *kind == ErrorKind::NotFound),
        "{not_found:?}"
    );
}
