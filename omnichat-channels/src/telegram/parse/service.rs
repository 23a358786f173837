//! What happens beside messages and is told as one: business accounts, payments that are about to be made, answers to polls.

use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage};
use omnichat_core::clock::Timestamp;
use omnichat_core::messages::{Fact, FactLabel, NoticeKind, Part};
use serde_json::Value;

use super::super::chat_name::ChatName;
use super::super::update::{BusinessConnection, PollAnswer, PreCheckoutQuery};
use super::people::person;
use super::{Envelope, may_reply, notice};

/// The customer is about to pay. Whoever sent the bill has to answer for it; operators see what was asked.
pub(super) fn pre_checkout(query: PreCheckoutQuery) -> Inbound {
    let envelope = Envelope::new(&ChatName::chat(query.from.id), None, Some(person(&query.from)));
    let (title, mut facts) = notice::payment(&Value::Object(query.payment));
    facts.retain(|fact| !fact.text.is_empty() || fact.at.is_some());
    let part = Part::Notice {
        kind: NoticeKind::PreCheckout,
        title,
        facts,
    };
    envelope.with(told(format!("pre_checkout:{}", query.id), part))
}

/// Somebody answered a poll of the bot. Only the numbers of the options are told.
pub(super) fn poll_answer(answer: &PollAnswer, update_id: i64) -> Option<Inbound> {
    let user = answer.user.as_ref()?;
    let envelope = Envelope::new(&ChatName::chat(user.id), None, Some(person(user)));
    let chosen = |index: &u64| Fact::new(FactLabel::Chosen, format!("{}", index.saturating_add(1)));
    let part = Part::Notice {
        kind: NoticeKind::PollAnswer,
        title: String::new(),
        facts: answer.option_ids.iter().take(100).map(chosen).collect(),
    };
    Some(envelope.with(told(format!("poll_answer:{update_id}"), part)))
}

fn told(external_id: String, part: Part) -> InboundEvent {
    InboundEvent::Message(InboundMessage {
        external_id,
        part: Some(part),
        ..InboundMessage::default()
    })
}

/// A business account was connected to the bot, changed its rights, or was disconnected. Told in the owner's own chat,
/// since from now on nobody else would learn why answers fail.
pub(super) fn business_connection(connection: &BusinessConnection) -> Inbound {
    let summary = match (connection.is_enabled, may_reply(connection)) {
        (true, true) => "the business account is connected and may be answered for",
        (true, false) => "the business account is connected, but the bot has no right to answer",
        (false, _) => "the business account is disconnected",
    };
    let envelope = Envelope::new(
        &ChatName::chat(connection.user_chat_id),
        None,
        Some(person(&connection.user)),
    );
    let state = format!(
        "{}{}",
        u8::from(connection.is_enabled),
        u8::from(may_reply(connection))
    );
    envelope.with(InboundEvent::Message(InboundMessage {
        external_id: format!(
            "business_connection:{}:{}:{state}",
            connection.id, connection.date
        ),
        at: Some(Timestamp::from_secs(connection.date)),
        part: Some(Part::Unsupported {
            kind: "business_connection".to_owned(),
            summary: summary.to_owned(),
        }),
        ..InboundMessage::default()
    }))
}
