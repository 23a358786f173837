//! Every kind of message that goes out: the exact calls.

use omnichat_core::channel::Outbound;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::ErrorKind;
use omnichat_core::messages::{Button, ButtonAction, Part, Span, SpanStyle};
use serde_json::{Value, json};

use crate::support::{Platform, outbound, refusal, sent, text};

const CHAT: i64 = 5_512_340_001;

fn span(start: u32, length: u32, style: SpanStyle) -> Span {
    Span {
        start,
        length,
        style,
        url: None,
    }
}

fn button(text: &str, action: ButtonAction) -> Button {
    Button {
        text: text.to_owned(),
        action,
    }
}

fn reply(data: &str) -> Button {
    button(
        "Press",
        ButtonAction::Reply {
            data: data.to_owned(),
        },
    )
}

/// Sends a message and checks the calls: names and parameters.
async fn check(message: Outbound, expected: &[(&str, Value)]) {
    let platform = Platform::start().await;
    for id in 0..expected.len() {
        platform.will_answer(sent(500 + i64::try_from(id).unwrap(), json!({})));
    }
    platform.telegram(json!({})).send(&message).await.unwrap();
    let calls: Vec<(String, Value)> = platform
        .calls()
        .await
        .into_iter()
        .map(|c| (c.method, c.params))
        .collect();
    let expected: Vec<(String, Value)> = expected
        .iter()
        .map(|(m, p)| ((*m).to_owned(), p.clone()))
        .collect();
    assert_eq!(calls, expected);
}

/// Sends a message that must be refused before anything is called.
async fn check_refused(message: Outbound, says: &str) {
    let platform = Platform::start().await;
    let error = platform.telegram(json!({})).send(&message).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.is_surely_not_sent());
    assert!(error.message().contains(says), "{error}");
    assert!(platform.calls().await.is_empty());
}

#[tokio::test]
async fn the_receipt_has_the_platforms_id_and_time() {
    let platform = Platform::start().await;
    platform.will_answer(sent(501, json!({})));
    let receipt = platform
        .telegram(json!({}))
        .send(&text("Sent today"))
        .await
        .unwrap();
    assert_eq!(receipt.external_ids, ["501"]);
    assert_eq!(receipt.at, Some(Timestamp::from_secs(1_790_000_000)));
    assert_eq!(receipt.new_chat, None);
}

#[tokio::test]
async fn text_is_sent_as_written() {
    check(
        text("<b>*not* bold</b> & _so_"),
        &[(
            "sendMessage",
            json!({ "chat_id": CHAT, "text": "<b>*not* bold</b> & _so_" }),
        )],
    )
    .await;
}

#[tokio::test]
async fn styles_are_entities_in_utf16_units() {
    let styles = [
        (SpanStyle::Bold, "bold"),
        (SpanStyle::Italic, "italic"),
        (SpanStyle::Underline, "underline"),
        (SpanStyle::Strike, "strikethrough"),
        (SpanStyle::Code, "code"),
        (SpanStyle::Pre, "pre"),
        (SpanStyle::Spoiler, "spoiler"),
        (SpanStyle::Quote, "blockquote"),
    ];
    let mut message = text("😀 words");
    let mut entities = Vec::new();
    for (style, name) in styles {
        message.spans.push(span(3, 5, style));
        entities.push(json!({ "type": name, "offset": 3, "length": 5 }));
    }
    let url = Some("https://example.org".to_owned());
    message.spans.push(Span {
        url,
        ..span(0, 2, SpanStyle::Link)
    });
    entities.push(json!({ "type": "text_link", "offset": 0, "length": 2, "url": "https://example.org" }));
    check(
        message,
        &[(
            "sendMessage",
            json!({ "chat_id": CHAT, "text": "😀 words", "entities": entities }),
        )],
    )
    .await;
}

#[tokio::test]
async fn styles_outside_of_the_text_are_cut_off() {
    let mut message = text("short");
    message.spans = vec![
        span(3, 100, SpanStyle::Bold),
        span(5, 1, SpanStyle::Bold),
        span(u32::MAX, u32::MAX, SpanStyle::Bold),
        span(0, 0, SpanStyle::Bold),
        span(0, 2, SpanStyle::Link),
    ];
    let entities = json!([{ "type": "bold", "offset": 3, "length": 2 }]);
    check(
        message,
        &[(
            "sendMessage",
            json!({ "chat_id": CHAT, "text": "short", "entities": entities }),
        )],
    )
    .await;
}

#[tokio::test]
async fn an_answer_names_what_it_answers() {
    let message = Outbound {
        reply_to: Some("412".to_owned()),
        ..text("Here")
    };
    let reply = json!({ "message_id": 412, "allow_sending_without_reply": true });
    check(
        message,
        &[(
            "sendMessage",
            json!({ "chat_id": CHAT, "text": "Here", "reply_parameters": reply }),
        )],
    )
    .await;
}

#[tokio::test]
async fn buttons_stand_below_the_message() {
    let site = button(
        "Site",
        ButtonAction::Url {
            url: "https://example.org".to_owned(),
        },
    );
    let message = Outbound {
        buttons: vec![vec![reply("csat:5"), site], vec![]],
        ..text("Choose")
    };
    let keyboard = json!([[
        { "text": "Press", "callback_data": "csat:5" },
        { "text": "Site", "url": "https://example.org" },
    ]]);
    let markup = json!({ "inline_keyboard": keyboard });
    check(
        message,
        &[(
            "sendMessage",
            json!({ "chat_id": CHAT, "text": "Choose", "reply_markup": markup }),
        )],
    )
    .await;
}

#[tokio::test]
async fn buttons_that_ask_become_a_keyboard() {
    let phone = button("Share phone", ButtonAction::Contact);
    let place = button("Share place", ButtonAction::Location);
    let message = Outbound {
        buttons: vec![vec![phone], vec![place]],
        ..text("Where are you?")
    };
    let markup = json!({
        "keyboard": [[{ "text": "Share phone", "request_contact": true }], [{ "text": "Share place", "request_location": true }]],
        "resize_keyboard": true,
        "one_time_keyboard": true,
    });
    let call = json!({ "chat_id": CHAT, "text": "Where are you?", "reply_markup": markup });
    check(message, &[("sendMessage", call)]).await;
}

#[tokio::test]
async fn buttons_that_the_platform_cannot_show_are_refused() {
    let phone = || button("Share phone", ButtonAction::Contact);
    check_refused(
        Outbound {
            buttons: vec![vec![reply(&"ж".repeat(33))]],
            ..text("x")
        },
        "64 bytes",
    )
    .await;
    check_refused(
        Outbound {
            buttons: vec![vec![reply("")]],
            ..text("x")
        },
        "1 and 64",
    )
    .await;
    check_refused(
        Outbound {
            buttons: vec![vec![reply("a"), phone()]],
            ..text("x")
        },
        "beside other buttons",
    )
    .await;
    let business = Outbound {
        chat: "5@bc1".to_owned(),
        buttons: vec![vec![phone()]],
        ..text("x")
    };
    check_refused(business, "business account").await;
    let longest = Outbound {
        buttons: vec![vec![reply(&"ж".repeat(32))]],
        ..text("x")
    };
    let keyboard = json!([[{ "text": "Press", "callback_data": "ж".repeat(32) }]]);
    let call = json!({ "chat_id": CHAT, "text": "x", "reply_markup": { "inline_keyboard": keyboard } });
    check(longest, &[("sendMessage", call)]).await;
}

#[tokio::test]
async fn a_place_with_a_name_is_a_venue() {
    let place = |title: Option<&str>, address: Option<&str>| Outbound {
        part: Some(Part::Location {
            latitude: 59.5,
            longitude: 30.25,
            title: title.map(str::to_owned),
            address: address.map(str::to_owned),
            live: None,
        }),
        ..outbound()
    };
    let bare = json!({ "chat_id": CHAT, "latitude": 59.5, "longitude": 30.25 });
    check(place(None, None), &[("sendLocation", bare)]).await;
    let named = |title: &str, address: &str| json!({ "chat_id": CHAT, "latitude": 59.5, "longitude": 30.25, "title": title, "address": address });
    check(
        place(Some("Shop"), Some("1 Example street")),
        &[("sendVenue", named("Shop", "1 Example street"))],
    )
    .await;
    check(place(Some("Shop"), None), &[("sendVenue", named("Shop", "Shop"))]).await;
}

#[tokio::test]
async fn a_card_and_words_are_two_messages() {
    let part = Part::Contact {
        name: "Courier".to_owned(),
        phone: "+79990000002".to_owned(),
    };
    let message = Outbound {
        part: Some(part),
        ..text("Call the courier")
    };
    check(
        message,
        &[
            (
                "sendMessage",
                json!({ "chat_id": CHAT, "text": "Call the courier" }),
            ),
            (
                "sendContact",
                json!({ "chat_id": CHAT, "phone_number": "+79990000002", "first_name": "Courier" }),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_business_account_answers_in_its_own_name() {
    let message = Outbound {
        chat: "5512340001@bc1".to_owned(),
        ..text("Until eight")
    };
    let call = json!({ "chat_id": CHAT, "business_connection_id": "bc1", "text": "Until eight" });
    check(message, &[("sendMessage", call)]).await;
}

#[tokio::test]
async fn a_topic_of_a_group_is_kept_to() {
    let route = [("message_thread_id".to_owned(), "7".to_owned())].into();
    let message = Outbound {
        chat: "-1001234567890".to_owned(),
        route,
        ..text("In the topic")
    };
    let call = json!({ "chat_id": -1_001_234_567_890_i64, "message_thread_id": 7, "text": "In the topic" });
    check(message, &[("sendMessage", call)]).await;
}

#[tokio::test]
async fn an_answer_goes_into_the_persons_topic_of_a_channels_direct_messages() {
    let message = Outbound {
        chat: "-1002000000001/5512340001".to_owned(),
        ..text("It is in stock")
    };
    let call = json!({
        "chat_id": -1_002_000_000_001_i64, "direct_messages_topic_id": 5_512_340_001_i64, "text": "It is in stock",
    });
    check(message, &[("sendMessage", call)]).await;
}

#[tokio::test]
async fn what_is_empty_or_goes_nowhere_is_not_sent() {
    check_refused(outbound(), "nothing").await;
    check_refused(text(" \n "), "nothing").await;
    let platform = Platform::start().await;
    let error = platform
        .telegram(json!({}))
        .send(&Outbound {
            chat: "ira".to_owned(),
            ..text("x")
        })
        .await
        .unwrap_err();
    assert!(error.is_surely_not_sent());
    assert!(platform.calls().await.is_empty());
}

#[tokio::test]
async fn a_chat_with_a_new_id_is_followed_once() {
    let platform = Platform::start().await;
    let moved = || {
        refusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            json!({ "migrate_to_chat_id": -1009 }),
        )
    };
    platform.will_answer(moved()).will_answer(sent(7, json!({})));
    let group = Outbound {
        chat: "-4001".to_owned(),
        ..text("Hello")
    };
    let receipt = platform.telegram(json!({})).send(&group).await.unwrap();
    assert_eq!(
        (receipt.new_chat.as_deref(), receipt.external_ids),
        (Some("-1009"), vec!["7".to_owned()])
    );
    let chats: Vec<Value> = platform
        .calls()
        .await
        .into_iter()
        .map(|c| c.params["chat_id"].clone())
        .collect();
    assert_eq!(chats, [json!(-4001), json!(-1009)]);
    platform.will_answer(moved()).will_answer(moved());
    let error = platform.telegram(json!({})).send(&group).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(platform.calls().await.len(), 4);
}

#[tokio::test]
async fn styles_that_the_platform_cannot_read_are_dropped_once() {
    let platform = Platform::start().await;
    let broken = || refusal(400, "Bad Request: Can't parse entities: whatever", json!({}));
    platform.will_answer(broken()).will_answer(sent(7, json!({})));
    let styled = Outbound {
        spans: vec![span(0, 2, SpanStyle::Bold)],
        ..text("Hello")
    };
    platform.telegram(json!({})).send(&styled).await.unwrap();
    let calls = platform.calls().await;
    assert!(calls[0].params.get("entities").is_some());
    assert_eq!(calls[1].params, json!({ "chat_id": CHAT, "text": "Hello" }));
    platform.will_answer(broken()).will_answer(broken());
    assert_eq!(
        platform
            .telegram(json!({}))
            .send(&styled)
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::Rejected
    );
    assert_eq!(platform.calls().await.len(), 4);
}
