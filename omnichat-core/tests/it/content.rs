//! What messages say: what they answer to, who reacted, what moves, and what there is when there is nothing.

use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{
    Capabilities, ChatInfo, Inbound, InboundAttachment, InboundEvent, InboundMessage, Original, Person,
    Profile,
};
use omnichat_core::chats::ChatKind;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::ErrorKind;
use omnichat_core::id::ConversationId;
use omnichat_core::inboxes::RoutingStrategy;
use omnichat_core::messages::{
    AttachmentKind, AttachmentState, Audience, Button, ButtonAction, Live, Message, NewMessage, NoticeKind,
    Part,
};
use omnichat_core::testing::FakeChannel;

use crate::desk::{Desk, answer, message};

async fn last(desk: &Desk, id: omnichat_core::id::ConversationId) -> Message {
    desk.messages(id).await.pop().unwrap()
}

fn original() -> Original {
    Original {
        author_name: "Lev".to_owned(),
        text: "The parcel is late. ".repeat(20),
        kind: "text".to_owned(),
    }
}

#[tokio::test]
async fn an_answer_to_a_message_that_is_not_known_shows_what_the_platform_tells_of_it() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let reply = InboundMessage {
        reply_to: Some("999".to_owned()),
        original: Some(original()),
        ..message("2", "When will it come?")
    };
    desk.tell("7", InboundEvent::Message(reply)).await;
    let shown = last(&desk, id).await.reply_to.unwrap();
    assert_eq!(
        (shown.message, shown.author_name.as_str(), shown.kind.as_str()),
        (None, "Lev", "text")
    );
    assert_eq!(shown.external_id.as_deref(), Some("999"));
    assert!(
        shown.preview.chars().count() > 140,
        "nobody can look up the rest: {}",
        shown.preview
    );
}

#[tokio::test]
async fn an_answer_to_a_known_message_shows_that_and_not_what_the_platform_tells() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let reply = InboundMessage {
        reply_to: Some("1".to_owned()),
        original: Some(original()),
        ..message("2", "Anybody there?")
    };
    desk.tell("7", InboundEvent::Message(reply)).await;
    let messages = desk.messages(id).await;
    let shown = messages[1].reply_to.clone().unwrap();
    assert_eq!(
        (shown.message, shown.preview.as_str()),
        (Some(messages[0].id), "Hello")
    );
    assert_eq!(shown.kind, "text");
}

#[tokio::test]
async fn a_quote_or_an_original_alone_is_shown_too() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let quote = InboundMessage {
        quote: Some("late again".to_owned()),
        ..message("2", "Is this true?")
    };
    desk.tell("7", InboundEvent::Message(quote)).await;
    assert_eq!(last(&desk, id).await.reply_to.unwrap().preview, "late again");
    let story = InboundMessage {
        original: Some(Original {
            author_name: "Shop news".to_owned(),
            kind: "story".to_owned(),
            ..Original::default()
        }),
        ..message("3", "Nice")
    };
    desk.tell("7", InboundEvent::Message(story)).await;
    let shown = last(&desk, id).await.reply_to.unwrap();
    assert_eq!(
        (shown.author_name.as_str(), shown.kind.as_str()),
        ("Shop news", "story")
    );
}

#[tokio::test]
async fn an_operators_answer_says_what_it_answers_to() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let mut new = answer("key-0001", "Good day");
    new.reply_to = Some(desk.messages(id).await[0].id);
    let sent = desk.engine.messages().send(&desk.actor, id, new).await.unwrap();
    let shown = sent.message.reply_to.unwrap();
    assert_eq!(
        (shown.author_name.as_str(), shown.preview.as_str()),
        ("Customer 7", "Hello")
    );
    assert_eq!(shown.kind, "text");
}

fn react(emoji: &[&str]) -> InboundEvent {
    InboundEvent::Reactions {
        external_id: "1".to_owned(),
        emoji: emoji.iter().map(|emoji| (*emoji).to_owned()).collect(),
    }
}

/// Somebody does something in a group.
async fn in_group(desk: &Desk, (id, name): (&str, &str), event: InboundEvent) -> Option<ConversationId> {
    let chat = ChatInfo {
        kind: ChatKind::Group,
        ..ChatInfo::private("7")
    };
    let person = Person {
        id: id.to_owned(),
        profile: Profile {
            name: name.to_owned(),
            ..Profile::default()
        },
        ..Person::default()
    };
    let event = Inbound {
        chat,
        person: Some(person),
        event,
    };
    let applied = desk.engine.receive(desk.inbox.id, event).await.unwrap();
    applied.conversation
}

fn shown(message: &Message) -> Vec<(&str, &str, u32)> {
    let reactions = message.reactions.iter();
    reactions
        .map(|one| (one.emoji.as_str(), one.name.as_str(), one.count))
        .collect()
}

#[tokio::test]
async fn reactions_of_several_people_stand_beside_each_other() {
    let desk = Desk::new().await;
    let hello = InboundEvent::Message(message("1", "Hello"));
    let id = in_group(&desk, ("a", "Ira"), hello).await.unwrap();
    in_group(&desk, ("a", "Ira"), react(&["👍"])).await;
    in_group(&desk, ("b", "Lev"), react(&["👍", "🔥"])).await;
    let counts = InboundEvent::ReactionCounts {
        external_id: "1".to_owned(),
        counts: vec![("👍".to_owned(), 7), ("🔥".to_owned(), 0)],
    };
    desk.tell("7", counts.clone()).await;
    let both = last(&desk, id).await;
    assert_eq!(
        shown(&both),
        [
            ("👍", "", 7),
            ("👍", "Ira", 1),
            ("👍", "Lev", 1),
            ("🔥", "Lev", 1)
        ]
    );
    // The same once more is no news, whoever it is of.
    desk.tell("7", counts).await;
    in_group(&desk, ("a", "Ira"), react(&["👍"])).await;
    assert_eq!(last(&desk, id).await.version, both.version);
    in_group(&desk, ("b", "Lev"), react(&[])).await;
    assert_eq!(shown(&last(&desk, id).await), [("👍", "", 7), ("👍", "Ira", 1)]);
}

#[tokio::test]
async fn a_crowd_that_reacts_does_not_make_a_message_grow_without_end() {
    let desk = Desk::new().await;
    let hello = InboundEvent::Message(message("1", "Hello"));
    let id = in_group(&desk, ("a", "Ira"), hello).await.unwrap();
    for person in 0..210 {
        let person = person.to_string();
        in_group(&desk, (&person, "Somebody"), react(&["👍"])).await;
    }
    assert_eq!(last(&desk, id).await.reactions.len(), 200);
}

#[tokio::test]
async fn a_message_without_content_says_so_whatever_the_channel() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    for (external_id, text) in [
        ("2", ""),
        ("3", " \n"),
        ("4", "\u{200b}\u{2060}"),
        ("5", "\u{3164}"),
    ] {
        desk.tell("7", InboundEvent::Message(message(external_id, text)))
            .await;
        let blank = last(&desk, id).await;
        assert!(
            matches!(
                &blank.content.part,
                Some(Part::Notice {
                    kind: NoticeKind::Empty,
                    ..
                })
            ),
            "{text:?}: {:?}",
            blank.content
        );
        assert_eq!(desk.conversation(id).await.last_message.unwrap().kind, "empty");
    }
    desk.tell("7", InboundEvent::Message(message("6", "\u{200b}a")))
        .await;
    assert_eq!(last(&desk, id).await.content.part, None);
}

fn place(latitude: f64, live: Option<Live>) -> InboundMessage {
    InboundMessage {
        part: Some(Part::Location {
            latitude,
            longitude: 30.3,
            title: None,
            address: None,
            live,
        }),
        ..message("2", "")
    }
}

#[tokio::test]
async fn a_live_place_moves_without_earlier_texts_and_is_shown_as_ended() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let live = Live {
        until: Some(Timestamp::from_secs(1_767_272_400)),
        heading: Some(90),
        ended: false,
    };
    desk.tell("7", InboundEvent::Message(place(59.0, Some(live.clone()))))
        .await;
    let moved = |latitude, live, secs: i64| InboundEvent::Edited {
        message: place(latitude, live),
        at: Timestamp::from_secs(1_767_268_800 + secs),
    };
    desk.tell("7", moved(59.1, Some(live.clone()), 20)).await;
    // One that was overtaken changes nothing.
    desk.tell("7", moved(59.2, Some(live.clone()), 10)).await;
    let now = last(&desk, id).await;
    assert_eq!(now.content.part, place(59.1, Some(live.clone())).part);
    assert_eq!(now.revisions, 0);
    desk.tell("7", moved(59.3, None, 30)).await;
    let ended = Live { ended: true, ..live };
    let now = last(&desk, id).await;
    assert_eq!(now.content.part, place(59.3, Some(ended)).part);
    assert_eq!(now.revisions, 0);
}

fn picture(identity: Option<&str>, remote: &str) -> InboundAttachment {
    InboundAttachment {
        kind: AttachmentKind::Image,
        name: "photo.jpg".to_owned(),
        content_type: "image/jpeg".to_owned(),
        size: None,
        width: None,
        height: None,
        duration_ms: None,
        identity: identity.map(str::to_owned),
        source: AttachmentSource::Remote(remote.to_owned()),
    }
}

#[tokio::test]
async fn an_edit_that_swaps_a_picture_brings_the_new_one_and_keeps_the_others() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let album = |files: Vec<InboundAttachment>, text: &str| InboundMessage {
        attachments: files,
        ..message("2", text)
    };
    let first = album(vec![picture(Some("a"), "ra"), picture(Some("b"), "rb")], "");
    desk.tell("7", InboundEvent::Message(first)).await;
    let before = last(&desk, id).await.content.attachments;
    let edited = |message, secs: i64| InboundEvent::Edited {
        message,
        at: Timestamp::from_secs(1_767_268_800 + secs),
    };
    // Another handle of the same picture fetches nothing.
    let caption = album(vec![picture(Some("a"), "ra2"), picture(Some("b"), "rb2")], "Look");
    desk.tell("7", edited(caption, 10)).await;
    assert_eq!(last(&desk, id).await.content.attachments, before);
    let swapped = album(vec![picture(Some("a"), "ra2"), picture(Some("c"), "rc")], "Look");
    desk.tell("7", edited(swapped, 20)).await;
    let after = last(&desk, id).await.content.attachments;
    assert_eq!(after[0], before[0]);
    assert_ne!(after[1].id, before[1].id);
    assert!(matches!(&after[1].state, AttachmentState::Pending { remote } if remote == "rc"));
}

#[tokio::test]
async fn the_label_that_the_platform_tells_is_shown_where_ours_is_not_known() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    desk.tell(
        "7",
        InboundEvent::ButtonPressed {
            external_id: "p1".to_owned(),
            message_external_id: Some("of-another-program".to_owned()),
            data: "v1:9f3a".to_owned(),
            title: Some("Track my parcel".to_owned()),
            at: None,
        },
    )
    .await;
    let pressed = last(&desk, id).await;
    assert_eq!(pressed.content.text, "Track my parcel");
    assert_eq!(
        desk.conversation(id).await.last_message.unwrap().preview,
        "Track my parcel"
    );
}

#[tokio::test]
async fn the_label_is_found_where_the_platform_does_not_say_under_which_message_the_button_was() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let mut question = answer("key-0001", "Satisfied?");
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
    desk.tell(
        "7",
        InboundEvent::ButtonPressed {
            external_id: "p1".to_owned(),
            message_external_id: None,
            data: "csat:5".to_owned(),
            title: None,
            at: None,
        },
    )
    .await;
    assert_eq!(last(&desk, id).await.content.text, "Yes");
}

#[tokio::test]
async fn a_channel_without_text_takes_notes_and_what_else_it_carries() {
    let calls = Capabilities {
        text_max: 0,
        caption_max: 0,
        rich_text: false,
        edit: false,
        polling: false,
        ..FakeChannel::everything()
    };
    let desk = Desk::with(RoutingStrategy::Manual, calls).await;
    let id = desk.hear("7", "1", "a call").await;
    let place = || Part::Location {
        latitude: 1.0,
        longitude: 2.0,
        title: None,
        address: None,
        live: None,
    };
    let messages = desk.engine.messages();
    for part in [None, Some(place())] {
        let text = NewMessage {
            part,
            ..answer("1", "Hello")
        };
        let refused = messages.send(&desk.actor, id, text).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Invalid);
        let field = &refused.fields()[0];
        assert_eq!(
            (field.field.as_str(), field.code.as_str()),
            ("text", "unsupported")
        );
    }
    let note = NewMessage {
        audience: Audience::Colleagues,
        ..answer("2", "Called back")
    };
    messages.send(&desk.actor, id, note).await.unwrap();
    let place = NewMessage {
        part: Some(place()),
        ..answer("3", "")
    };
    messages.send(&desk.actor, id, place).await.unwrap();
    desk.run().await;
    assert_eq!(desk.channel.sent_texts(), [""]);
    assert_eq!(desk.texts(id).await, ["a call", "Called back"]);
}
