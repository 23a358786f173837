//! Every kind of event goes from the core's words to the contract's and back unchanged.

use omnichat_core::chats::Context;
use omnichat_core::clock::Timestamp;
use omnichat_core::messages::{Button, ButtonAction, FactLabel, Span, SpanStyle};

use super::super::types::{
    buttons_to_wit, contact_to_wit, file_kind_to_wit, location_to_wit, millis, pairs, span_to_wit,
};
use super::*;

fn chat_to_wit(chat: &ChatInfo) -> wit::Chat {
    wit::Chat {
        id: chat.id.clone(),
        kind: chat.kind.name().to_owned(),
        title: chat.title.clone(),
        context: serde_json::to_string(&chat.context).unwrap(),
        route: pairs(&chat.route),
    }
}

fn person_to_wit(person: &Person) -> wit::Person {
    let profile = &person.profile;
    let also = person.also.iter();
    wit::Person {
        id: person.id.clone(),
        scope: person.scope.to_string(),
        claimed: person.claimed,
        also: also.map(|one| (one.scope.to_string(), one.id.clone())).collect(),
        name: profile.name.clone(),
        username: profile.username.clone(),
        email: profile.email.clone(),
        phone: profile.phone.clone(),
        locale: profile.locale.clone(),
        attributes: pairs(&profile.attributes),
    }
}

fn event_to_wit(inbound: &Inbound) -> wit::InboundEvent {
    let mut event = wit::InboundEvent {
        kind: String::new(),
        chat: chat_to_wit(&inbound.chat),
        person: inbound.person.as_ref().map(person_to_wit),
        message: None,
        external_ids: Vec::new(),
        at: None,
        value: None,
        values: Vec::new(),
        reason: None,
        extra: "{}".to_owned(),
    };
    let kind = match &inbound.event {
        InboundEvent::Message(message) => {
            event.message = Some(message_to_wit(message));
            "message"
        }
        InboundEvent::Edited { message, at } => {
            event.message = Some(message_to_wit(message));
            event.at = Some(millis(*at));
            "edited"
        }
        InboundEvent::Deleted { external_ids, at } => {
            event.external_ids = external_ids.clone();
            event.at = at.map(millis);
            "deleted"
        }
        InboundEvent::Receipt {
            external_id,
            state,
            reason,
        } => {
            event.external_ids = vec![external_id.clone()];
            event.reason = reason.clone();
            event.value = Some(
                match state {
                    DeliveryState::Sent => "sent",
                    DeliveryState::Delivered => "delivered",
                    DeliveryState::Read => "read",
                    _ => "failed",
                }
                .to_owned(),
            );
            "receipt"
        }
        InboundEvent::ReadUpTo { at } => {
            event.at = Some(millis(*at));
            "read"
        }
        InboundEvent::Reactions { external_id, emoji } => {
            event.external_ids = vec![external_id.clone()];
            event.values = emoji.clone();
            "reactions"
        }
        InboundEvent::ReactionCounts { external_id, counts } => {
            event.external_ids = vec![external_id.clone()];
            event.extra = serde_json::json!({ "counts": counts }).to_string();
            "reaction-counts"
        }
        InboundEvent::ButtonPressed {
            external_id,
            message_external_id,
            data,
            title,
            at,
        } => {
            event.values = title.iter().cloned().collect();
            event.external_ids = std::iter::once(external_id.clone())
                .chain(message_external_id.clone())
                .collect();
            event.value = Some(data.clone());
            event.at = at.map(millis);
            "button"
        }
        InboundEvent::Typing { on } => {
            event.value = Some(if *on { "on" } else { "off" }.to_owned());
            "typing"
        }
        InboundEvent::Reachable { reachable, at } => {
            event.value = Some(if *reachable { "yes" } else { "no" }.to_owned());
            event.at = at.map(millis);
            "reachable"
        }
        InboundEvent::Migrated { new_chat } => {
            event.value = Some(new_chat.clone());
            "migrated"
        }
    };
    event.kind = kind.to_owned();
    event
}

fn message_to_wit(message: &InboundMessage) -> wit::InboundMessage {
    let part = message.part.as_ref();
    let mut extra = serde_json::Map::new();
    if let Some(original) = &message.original {
        extra.insert("original".to_owned(), serde_json::to_value(original).unwrap());
    }
    let unsupported = match part {
        Some(Part::Unsupported { kind, .. }) => Some(kind.clone()),
        Some(Part::Notice { kind, title, facts }) => {
            let notice = serde_json::json!({ "kind": kind, "title": title, "facts": facts });
            extra.insert("notice".to_owned(), notice);
            None
        }
        Some(Part::Location { live: Some(live), .. }) => {
            extra.insert("live".to_owned(), serde_json::to_value(live).unwrap());
            None
        }
        _ => None,
    };
    wit::InboundMessage {
        external_id: message.external_id.clone(),
        at: message.at.map(millis),
        order: message.order,
        outgoing: message.outgoing,
        author_name: message.author_name.clone(),
        text: message.text.clone(),
        spans: message.spans.iter().map(span_to_wit).collect(),
        files: message.attachments.iter().map(file_to_wit).collect(),
        buttons: buttons_to_wit(&message.buttons),
        location: part.and_then(location_to_wit),
        contact: part.and_then(contact_to_wit),
        sticker: match part {
            Some(Part::Sticker { emoji }) => Some(emoji.clone().unwrap_or_default()),
            _ => None,
        },
        unsupported,
        reply_to: message.reply_to.clone(),
        quote: message.quote.clone(),
        forwarded_from: message.forwarded_from.clone(),
        group: message.group.clone(),
        extra: serde_json::Value::Object(extra).to_string(),
    }
}

fn file_to_wit(file: &InboundAttachment) -> wit::InboundFile {
    let (remote, missing) = match &file.source {
        AttachmentSource::Remote(remote) => (Some(remote.clone()), None),
        AttachmentSource::Missing(reason) => (None, Some(reason.clone())),
        AttachmentSource::Stored(_) => (None, None),
    };
    wit::InboundFile {
        kind: file_kind_to_wit(file.kind),
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        size: file.size,
        width: file.width,
        height: file.height,
        duration_ms: file.duration_ms,
        remote,
        missing,
    }
}

fn said(part: Option<Part>) -> InboundMessage {
    let text = |s: &str| Some(s.to_owned());
    let styles = [
        SpanStyle::Bold,
        SpanStyle::Italic,
        SpanStyle::Underline,
        SpanStyle::Strike,
        SpanStyle::Code,
        SpanStyle::Pre,
        SpanStyle::Spoiler,
        SpanStyle::Quote,
        SpanStyle::Link,
    ];
    let kinds = [
        AttachmentKind::Image,
        AttachmentKind::Video,
        AttachmentKind::Audio,
        AttachmentKind::Voice,
        AttachmentKind::Document,
        AttachmentKind::Animation,
        AttachmentKind::Sticker,
        AttachmentKind::VideoNote,
    ];
    let actions = [
        ButtonAction::Reply { data: "d".to_owned() },
        ButtonAction::Url {
            url: "https://example.org".to_owned(),
        },
        ButtonAction::Contact,
        ButtonAction::Location,
    ];
    InboundMessage {
        external_id: "m1".to_owned(),
        at: Some(Timestamp::from_millis(1_700_000_000_123)),
        order: Some(7),
        outgoing: true,
        author_name: text("Somebody"),
        text: "Привет".to_owned(),
        spans: styles
            .into_iter()
            .map(|style| Span {
                start: 1,
                length: 2,
                style,
                url: text("https://example.org"),
            })
            .collect(),
        attachments: kinds
            .into_iter()
            .map(|kind| InboundAttachment {
                kind,
                name: "name".to_owned(),
                content_type: "a/b".to_owned(),
                size: Some(1),
                width: Some(2),
                height: Some(3),
                duration_ms: Some(4),
                identity: (kind != AttachmentKind::Image).then(|| "handle".to_owned()),
                source: if kind == AttachmentKind::Image {
                    AttachmentSource::Missing("gone".to_owned())
                } else {
                    AttachmentSource::Remote("handle".to_owned())
                },
            })
            .collect(),
        buttons: vec![
            actions
                .into_iter()
                .map(|action| Button {
                    text: "b".to_owned(),
                    action,
                })
                .collect(),
        ],
        part,
        reply_to: text("m0"),
        quote: text("quoted"),
        original: Some(Original {
            author_name: "Lev".to_owned(),
            text: "The parcel is late".to_owned(),
            kind: "text".to_owned(),
        }),
        forwarded_from: text("Another"),
        group: text("album"),
        client_key: None,
    }
}

fn all() -> Vec<InboundEvent> {
    let at = Timestamp::from_millis(1_700_000_001_000);
    let parts = [
        None,
        Some(Part::Location {
            latitude: 59.9,
            longitude: 30.3,
            title: Some("here".to_owned()),
            address: None,
            live: None,
        }),
        Some(Part::Location {
            latitude: 59.9,
            longitude: 30.3,
            title: None,
            address: None,
            live: Some(Live {
                until: Some(at),
                heading: Some(90),
                ended: false,
            }),
        }),
        Some(Part::Notice {
            kind: NoticeKind::Poll,
            title: "Which day?".to_owned(),
            facts: vec![Fact::new(FactLabel::Option, "Monday")],
        }),
        Some(Part::Contact {
            name: "n".to_owned(),
            phone: "+1".to_owned(),
        }),
        Some(Part::Sticker { emoji: None }),
        Some(Part::Sticker {
            emoji: Some("🙂".to_owned()),
        }),
        Some(Part::Unsupported {
            kind: "poll".to_owned(),
            summary: String::new(),
        }),
    ];
    let mut events: Vec<InboundEvent> = parts
        .into_iter()
        .map(|part| InboundEvent::Message(said(part)))
        .collect();
    events.push(InboundEvent::Edited {
        message: said(None),
        at,
    });
    events.push(InboundEvent::Deleted {
        external_ids: vec!["a".to_owned(), "b".to_owned()],
        at: Some(at),
    });
    for state in [
        DeliveryState::Sent,
        DeliveryState::Delivered,
        DeliveryState::Read,
        DeliveryState::Failed,
    ] {
        events.push(InboundEvent::Receipt {
            external_id: "a".to_owned(),
            state,
            reason: Some("why".to_owned()),
        });
    }
    events.push(InboundEvent::ReadUpTo { at });
    events.push(InboundEvent::Reactions {
        external_id: "a".to_owned(),
        emoji: vec!["👍".to_owned()],
    });
    events.push(InboundEvent::ReactionCounts {
        external_id: "a".to_owned(),
        counts: vec![("👍".to_owned(), 3)],
    });
    for message_external_id in [None, Some("m".to_owned())] {
        events.push(InboundEvent::ButtonPressed {
            external_id: "p".to_owned(),
            message_external_id,
            data: "d".to_owned(),
            title: Some("Yes".to_owned()),
            at: Some(at),
        });
    }
    for on in [true, false] {
        events.push(InboundEvent::Typing { on });
        events.push(InboundEvent::Reachable {
            reachable: on,
            at: Some(at),
        });
    }
    events.push(InboundEvent::Migrated {
        new_chat: "q".to_owned(),
    });
    events
}

fn wrapped(event: InboundEvent) -> Inbound {
    Inbound {
        chat: ChatInfo {
            id: "p".to_owned(),
            kind: ChatKind::Group,
            title: Some("Neighbours".to_owned()),
            context: Context {
                title: "A flat".to_owned(),
                url: Some("https://example.org/flats/1".to_owned()),
                facts: [("city".to_owned(), "Kazan".to_owned())].into(),
            },
            route: [("thread".to_owned(), "7".to_owned())].into(),
        },
        person: Some(Person {
            id: "9".to_owned(),
            scope: Scope::platform("somewhere"),
            claimed: true,
            also: vec![Also {
                scope: Scope::Phone,
                id: "+1".to_owned(),
            }],
            profile: Profile {
                name: "N".to_owned(),
                username: Some("n".to_owned()),
                email: Some("n@example.org".to_owned()),
                phone: Some("+1".to_owned()),
                locale: Some("ru".to_owned()),
                attributes: [("k".to_owned(), "v".to_owned())].into(),
            },
        }),
        event,
    }
}

#[test]
fn every_kind_of_event_survives_the_way_there_and_back() {
    for event in all() {
        let inbound = wrapped(event);
        assert_eq!(events(vec![event_to_wit(&inbound)]).unwrap(), [inbound]);
    }
}

#[test]
fn what_is_not_understood_hides_nothing_beside_it() {
    let contact = Part::Contact {
        name: "Ira".to_owned(),
        phone: "+1".to_owned(),
    };
    let mut event = event_to_wit(&wrapped(InboundEvent::Message(said(Some(contact.clone())))));
    event.message.as_mut().unwrap().unsupported = Some("hologram".to_owned());
    let InboundEvent::Message(message) = &events(vec![event]).unwrap()[0].event else {
        panic!("no message")
    };
    assert_eq!(message.part, Some(contact));
    assert_eq!(message.text, "Привет");
    let last = message.attachments.last().unwrap();
    assert_eq!(last.name, "hologram");
    assert!(matches!(&last.source, AttachmentSource::Missing(_)));
    assert_eq!(message.attachments.len(), said(None).attachments.len() + 1);
}

#[test]
fn further_fields_are_skipped_and_broken_ones_are_named() {
    let mut event = event_to_wit(&wrapped(InboundEvent::Message(said(None))));
    event.message.as_mut().unwrap().extra = "{\"of-tomorrow\":1}".to_owned();
    assert!(events(vec![event.clone()]).is_ok());
    event.message.as_mut().unwrap().extra = "{\"notice\":{\"kind\":\"of-tomorrow\"}}".to_owned();
    let error = events(vec![event]).unwrap_err();
    assert!(error.code == "malformed" && error.message.contains("of-tomorrow"));
}

#[test]
fn a_receipt_for_several_messages_becomes_several() {
    let mut event = event_to_wit(&wrapped(InboundEvent::Receipt {
        external_id: "a".to_owned(),
        state: DeliveryState::Read,
        reason: None,
    }));
    event.external_ids.push("b".to_owned());
    assert_eq!(events(vec![event]).unwrap().len(), 2);
}

#[test]
fn what_is_unknown_or_lacking_is_named() {
    let bare = |kind: &str| wit::InboundEvent {
        kind: kind.to_owned(),
        ..event_to_wit(&wrapped(InboundEvent::Typing { on: true }))
    };
    for kind in [
        "message",
        "edited",
        "deleted",
        "receipt",
        "read",
        "reactions",
        "reaction-counts",
        "button",
        "reachable",
        "of-tomorrow",
    ] {
        let error = events(vec![bare(kind)]).unwrap_err();
        assert_eq!(error.code, "malformed");
        assert!(
            error.message.contains(kind) || error.message.contains("on"),
            "{kind}: {}",
            error.message
        );
    }
    let mut styled = event_to_wit(&wrapped(InboundEvent::Message(said(None))));
    styled.message.as_mut().unwrap().spans[0].style = "blinking".to_owned();
    assert!(events(vec![styled]).unwrap_err().message.contains("blinking"));
}
