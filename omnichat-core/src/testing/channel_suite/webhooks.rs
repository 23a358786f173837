//! Good webhooks and forged ones.

use super::fixture::ChannelFixture;
use crate::channel::{Inbound, InboundEvent, Verdict, WebhookRequest};
use crate::error::ErrorKind;

/// Every sample is accepted, and what carries events can be parsed.
pub async fn samples_are_accepted(fixture: ChannelFixture) {
    let channel = fixture.open();
    for sample in fixture.samples() {
        match channel.accept(sample).await.expect("a good webhook is accepted") {
            Verdict::Process(reply) => {
                assert!(
                    (200..300).contains(&reply.status),
                    "a good webhook is answered {}",
                    reply.status
                );
                channel
                    .parse(sample)
                    .await
                    .unwrap_or_else(|error| panic!("{error:?} for {}", text(sample)));
            }
            Verdict::Reply(reply) => assert!((200..500).contains(&reply.status), "{}", reply.status),
        }
    }
}

/// The same bytes give the same events, with the same ids, however often and by whichever account they are parsed.
pub async fn the_same_bytes_give_the_same_events(fixture: ChannelFixture) {
    let (channel, again) = (fixture.open(), fixture.open());
    for sample in fixture.samples() {
        let events = channel.parse(sample).await.ok();
        assert_eq!(channel.parse(sample).await.ok(), events, "{}", text(sample));
        assert_eq!(again.parse(sample).await.ok(), events, "{}", text(sample));
    }
}

/// Events name their chat, and no id is empty.
pub async fn events_are_well_formed(fixture: ChannelFixture) {
    let channel = fixture.open();
    for sample in fixture.samples() {
        for event in channel.parse(sample).await.unwrap_or_default() {
            assert!(
                !event.chat.id.is_empty(),
                "an event without a chat in {}",
                text(sample)
            );
            assert!(
                ids(&event).iter().all(|id| !id.is_empty()),
                "an empty id in {event:?}"
            );
        }
    }
}

/// A webhook without its signature, or with a wrong one, is refused.
pub async fn forged_signatures_are_refused(fixture: ChannelFixture) {
    let channel = fixture.open();
    for sample in fixture.samples() {
        let without = WebhookRequest {
            headers: Vec::new(),
            query: String::new(),
            ..sample.clone()
        };
        let mut wrong = sample.clone();
        for (_, value) in &mut wrong.headers {
            *value = "0".repeat(value.len());
        }
        wrong.query = wrong
            .query
            .chars()
            .map(|c| if c.is_alphanumeric() { '0' } else { c })
            .collect();
        let mut cut = sample.clone();
        for (_, value) in &mut cut.headers {
            value.pop();
        }
        cut.query.pop();
        for forged in [without, wrong, cut] {
            let error = channel
                .accept(&forged)
                .await
                .expect_err("a forged webhook is refused");
            assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error:?}");
        }
    }
}

fn ids(event: &Inbound) -> Vec<&str> {
    match &event.event {
        InboundEvent::Message(message) | InboundEvent::Edited { message, .. } => vec![&message.external_id],
        InboundEvent::Deleted { external_ids, .. } => external_ids.iter().map(String::as_str).collect(),
        InboundEvent::Receipt { external_id, .. }
        | InboundEvent::Reactions { external_id, .. }
        | InboundEvent::ReactionCounts { external_id, .. }
        | InboundEvent::ButtonPressed { external_id, .. } => vec![external_id],
        InboundEvent::Migrated { new_chat } => vec![new_chat],
        InboundEvent::ReadUpTo { .. } | InboundEvent::Typing { .. } | InboundEvent::Reachable { .. } => {
            Vec::new()
        }
    }
}

fn text(request: &WebhookRequest) -> String {
    String::from_utf8_lossy(&request.body).into_owned()
}
