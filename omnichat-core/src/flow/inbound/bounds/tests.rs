//! What strangers send, and what of it is kept.

use super::*;
use crate::channel::Also;
use crate::messages::SpanStyle;

fn now() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn inbound(event: InboundEvent) -> Inbound {
    Inbound::private("chat", event)
}

fn fitted(message: InboundMessage) -> (InboundMessage, Vec<String>) {
    let mut event = inbound(InboundEvent::Message(message));
    let changed = fit(&mut event, now()).unwrap();
    // What was taken once is taken again as it is.
    assert_eq!(fit(&mut event.clone(), now()).unwrap(), []);
    let InboundEvent::Message(message) = event.event else {
        panic!("a message stays one")
    };
    (message, changed.into_iter().map(|one| one.field).collect())
}

fn link(url: &str) -> Span {
    Span {
        start: 0,
        length: 4,
        style: SpanStyle::Link,
        url: Some(url.to_owned()),
    }
}

#[test]
fn an_ordinary_message_is_left_alone() {
    let message = InboundMessage {
        external_id: "17".to_owned(),
        at: Some(now()),
        text: "look here".to_owned(),
        spans: vec![link("https://example.org")],
        part: Some(Part::Location {
            latitude: 90.0,
            longitude: -180.0,
            title: None,
            address: None,
            live: None,
        }),
        ..InboundMessage::default()
    };
    assert_eq!(fitted(message.clone()), (message, vec![]));
}

#[test]
fn a_text_of_a_million_characters_keeps_its_beginning_and_says_so() {
    let (message, changed) = fitted(InboundMessage {
        text: "🙂".repeat(1_000_000),
        spans: vec![Span {
            length: 2_000_000,
            ..link("https://example.org")
        }],
        ..InboundMessage::default()
    });
    let units = message.text.encode_utf16().count();
    assert!(units <= limits::TEXT && units > limits::TEXT - MARKS);
    assert!(message.text.ends_with("[✂ 29900 / 2000000]"));
    assert_eq!(message.spans[0].length as usize, units);
    assert_eq!(changed, ["text"]);
}

/// A text that is just short enough says how much of it makes room for the mark of the files.
#[test]
fn a_mark_of_files_that_were_left_out_takes_nothing_of_the_text_without_saying_so() {
    let file = InboundAttachment {
        kind: crate::messages::AttachmentKind::Document,
        name: String::new(),
        content_type: String::new(),
        size: None,
        width: None,
        height: None,
        duration_ms: None,
        identity: None,
        source: AttachmentSource::Missing(String::new()),
    };
    let fitted = |units: usize| {
        let message = InboundMessage {
            text: "x".repeat(units),
            attachments: vec![file.clone(); 21],
            ..InboundMessage::default()
        };
        fitted(message).0.text
    };
    let mark = "\n[✂ 📎 20 / 21]";
    let room = limits::TEXT - mark.encode_utf16().count();
    for units in [0, 29_901, room] {
        assert_eq!(fitted(units), format!("{}{mark}", "x".repeat(units)));
    }
    for units in [room + 1, limits::TEXT] {
        let text = fitted(units);
        assert!(
            text.ends_with(&format!("x…\n[✂ 29900 / {units}]{mark}")),
            "{units}"
        );
        assert!(text.encode_utf16().count() <= limits::TEXT);
    }
}

#[test]
fn links_that_may_not_be_become_plain_text() {
    let button = |url: &str| Button {
        text: "Open".to_owned(),
        action: ButtonAction::Url { url: url.to_owned() },
    };
    let (message, changed) = fitted(InboundMessage {
        text: "here".to_owned(),
        spans: vec![link("java\nscript:alert(1)"), link(" https://example.org ")],
        buttons: vec![vec![button("data:text/html,x")], vec![button("tg://x")]],
        ..InboundMessage::default()
    });
    assert_eq!(message.spans, [link("https://example.org")]);
    assert_eq!(message.buttons, [[button("tg://x")]]);
    assert_eq!(
        (message.text.as_str(), changed),
        ("here", vec!["spans".to_owned(), "buttons".to_owned()])
    );
}

#[test]
fn a_place_that_is_not_on_earth_is_shown_as_what_it_is() {
    for (latitude, longitude) in [(91.0, 0.0), (0.0, 180.5), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
        let (message, changed) = fitted(InboundMessage {
            part: Some(Part::Location {
                latitude,
                longitude,
                title: None,
                address: None,
                live: None,
            }),
            ..InboundMessage::default()
        });
        assert!(matches!(message.part, Some(Part::Unsupported { .. })));
        assert_eq!(changed, ["location"]);
    }
}

#[test]
fn everything_else_of_a_message_has_its_bound() {
    let long = "ж".repeat(100_000);
    let file = InboundAttachment {
        kind: crate::messages::AttachmentKind::Document,
        name: long.clone(),
        content_type: long.clone(),
        size: None,
        width: None,
        height: None,
        duration_ms: None,
        identity: Some(long.clone()),
        source: AttachmentSource::Remote(long.clone()),
    };
    let (message, changed) = fitted(InboundMessage {
        external_id: long.clone(),
        author_name: Some(long.clone()),
        quote: Some(long.clone()),
        forwarded_from: Some(long.clone()),
        reply_to: Some(long.clone()),
        group: Some(format!("{long}!")),
        attachments: vec![file; 500],
        spans: vec![
            Span {
                url: None,
                ..link("")
            };
            5_000
        ],
        text: "text".to_owned(),
        buttons: vec![
            vec![Button {
                text: long.clone(),
                action: ButtonAction::Reply { data: long.clone() },
            }];
            500
        ],
        part: Some(Part::Contact {
            name: long.clone(),
            phone: long,
        }),
        ..InboundMessage::default()
    });
    let size = crate::text::json_len(&message);
    assert!(size < 600_000, "{size}");
    assert_eq!(message.reply_to.as_deref(), Some(message.external_id.as_str()));
    assert_ne!(message.group, message.reply_to);
    assert!(message.text.ends_with("[✂ 📎 20 / 500]"));
    for field in [
        "id",
        "group",
        "author_name",
        "attachments",
        "spans",
        "buttons",
        "data",
        "contact",
    ] {
        assert!(changed.iter().any(|one| one == field), "{field}");
    }
}

#[test]
fn times_that_cannot_be_believed_are_replaced_by_the_time_of_arrival() {
    let far: Timestamp = "3000-01-01T00:00:00Z".parse().unwrap();
    let at = |event| {
        let mut event = inbound(event);
        fit(&mut event, now()).unwrap();
        event.event
    };
    let message = InboundMessage {
        at: Some(far),
        ..InboundMessage::default()
    };
    let InboundEvent::Edited { message, at: edited } = at(InboundEvent::Edited { message, at: far }) else {
        panic!("an edit stays one")
    };
    assert_eq!((message.at, edited), (None, now()));
    assert_eq!(
        at(InboundEvent::ReadUpTo { at: far }),
        InboundEvent::ReadUpTo { at: now() }
    );
    let nothing = Timestamp::from_secs(0);
    assert_eq!(
        at(InboundEvent::ReadUpTo { at: nothing }),
        InboundEvent::ReadUpTo { at: nothing }
    );
    let in_millis = Timestamp::from_secs(now().micros() / 1_000);
    assert_eq!(
        at(InboundEvent::ReadUpTo { at: in_millis }),
        InboundEvent::ReadUpTo { at: now() }
    );
}

#[test]
fn what_is_said_of_people_and_chats_cannot_grow_without_end() {
    let mut event = inbound(InboundEvent::Typing { on: true });
    let pairs = |count: usize| (0..count).map(|n| (format!("{n}"), "ж".repeat(1_900))).collect();
    event.chat.route = pairs(1_000);
    event.chat.context.facts = pairs(1_000);
    event.person = Some(Person {
        also: vec![
            Also {
                scope: Scope::Phone,
                id: "+7 900 000-00-00".to_owned(),
            };
            50
        ],
        profile: Profile {
            name: "x".repeat(5_000),
            email: Some("x".repeat(5_000)),
            attributes: pairs(1_000),
            ..Profile::default()
        },
        ..Person::default()
    });
    fit(&mut event, now()).unwrap();
    assert!(crate::text::json_len(&event) < 3 * limits::ATTRIBUTES_BYTES);
    let person = event.person.unwrap();
    assert_eq!(person.profile.email, None);
    assert_eq!(person.also.len(), limits::ALSO);
    assert!(event.chat.context.facts.len() <= limits::CONTEXT);
}

/// A scope that is none, or an id that cannot mean anybody there, means somebody on this inbox.
#[test]
fn an_id_counts_in_a_scope_only_if_it_can_mean_somebody_there() {
    let scope = |scope: Scope, id: &str| {
        let person = Person {
            id: id.to_owned(),
            scope,
            ..Person::default()
        };
        let mut event = inbound(InboundEvent::Typing { on: true }).by(person);
        let changed = fit(&mut event, now()).unwrap();
        (event.person.unwrap().scope, changed.len())
    };
    for (told, id) in [
        (Scope::platform("telegram"), "7"),
        (Scope::Phone, "+7 900 000-00-00"),
        (Scope::Email, "anna@example.org"),
        (Scope::Inbox, ""),
    ] {
        assert_eq!(scope(told.clone(), id), (told, 0));
    }
    for (told, id) in [
        (Scope::platform("Two words"), "7"),
        (Scope::platform("telegram"), ""),
        (Scope::Phone, "1-2-3-4-5 ext"),
        (Scope::Email, "@"),
        (Scope::Phone, "anonymous"),
        (Scope::Phone, ""),
        (Scope::Email, "nobody"),
    ] {
        assert_eq!(scope(told, id), (Scope::Inbox, 1));
    }
    for id in [" ", "two\nlines"] {
        let person = Person {
            id: id.to_owned(),
            ..Person::default()
        };
        let mut event = inbound(InboundEvent::Typing { on: true }).by(person);
        assert!(!fit(&mut event, now()).unwrap().is_empty());
        assert_eq!(event.person.unwrap().id, "");
    }
    let mut event = inbound(InboundEvent::Typing { on: true }).by(Person {
        also: vec![Also {
            scope: Scope::Email,
            id: "nobody".to_owned(),
        }],
        ..Person::default()
    });
    assert_eq!(fit(&mut event, now()).unwrap()[0].field, "person.also");
    assert_eq!(event.person.unwrap().also, []);
}

#[test]
fn who_can_mend_it_is_told_each_field() {
    let event = inbound(InboundEvent::Message(InboundMessage {
        at: Some(Timestamp::from_secs(32_503_680_000)),
        text: "x".repeat(limits::TEXT + 1),
        spans: vec![link("javascript:alert(1)")],
        ..InboundMessage::default()
    }));
    let error = refuse(&event, now()).unwrap_err();
    let fields: Vec<&str> = error.fields().iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["at", "text", "spans"]);
    let mut unnamed = event;
    unnamed.chat.id = "x".repeat(limits::ID + 1);
    assert_eq!(refuse(&unnamed, now()).unwrap_err().fields()[0].field, "chat.id");
}
