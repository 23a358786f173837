//! Edits, deletions, typing, read marks, answers to buttons, the webhook, the check.

use std::collections::BTreeMap;

use omnichat_core::channel::{Action, Verdict, WebhookReply, WebhookRequest};
use omnichat_core::error::{ErrorKind, Result};
use omnichat_core::messages::{Button, ButtonAction, Span, SpanStyle};
use serde_json::{Value, json};

use crate::support::{Platform, ok, open, refusal};

const CHAT: i64 = 5_512_340_001;

fn edit(text: &str, is_caption: bool) -> Action {
    Action::Edit {
        chat: "5512340001".to_owned(),
        route: BTreeMap::new(),
        external_id: "501".to_owned(),
        text: text.to_owned(),
        spans: vec![Span {
            start: 0,
            length: 1,
            style: SpanStyle::Bold,
            url: None,
        }],
        buttons: vec![
            vec![Button {
                text: "Ask".to_owned(),
                action: ButtonAction::Contact,
            }],
            vec![Button {
                text: "Press".to_owned(),
                action: ButtonAction::Reply { data: "a".to_owned() },
            }],
        ],
        is_caption,
    }
}

fn delete(chat: &str, ids: &[&str]) -> Action {
    let external_ids = ids.iter().map(|id| (*id).to_owned()).collect();
    Action::Delete {
        chat: chat.to_owned(),
        route: BTreeMap::new(),
        external_ids,
    }
}

/// Does something and gives the calls that it made.
async fn perform(platform: &Platform, action: Action) -> (Result<()>, Vec<(String, Value)>) {
    let before = platform.calls().await.len();
    let outcome = platform.telegram(json!({})).perform(&action).await;
    let calls = platform
        .calls()
        .await
        .into_iter()
        .skip(before)
        .map(|call| (call.method, call.params))
        .collect();
    (outcome, calls)
}

fn calls(expected: &[(&str, Value)]) -> Vec<(String, Value)> {
    expected
        .iter()
        .map(|(method, params)| ((*method).to_owned(), params.clone()))
        .collect()
}

#[tokio::test]
async fn texts_and_captions_are_edited() {
    let platform = Platform::start().await;
    let entities = json!([{ "type": "bold", "offset": 0, "length": 1 }]);
    let markup = json!({ "inline_keyboard": [[{ "text": "Press", "callback_data": "a" }]] });
    let (outcome, made) = perform(&platform, edit("New", false)).await;
    outcome.unwrap();
    let text = json!({ "chat_id": CHAT, "message_id": 501, "text": "New", "entities": entities, "reply_markup": markup });
    assert_eq!(made, calls(&[("editMessageText", text)]));
    let (outcome, made) = perform(&platform, edit("New", true)).await;
    outcome.unwrap();
    let caption = json!({ "chat_id": CHAT, "message_id": 501, "caption": "New", "caption_entities": entities, "reply_markup": markup });
    assert_eq!(made, calls(&[("editMessageCaption", caption)]));
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_done() {
    let platform = Platform::start().await;
    platform.will_answer(refusal(
        400,
        "Bad Request: message is not modified: specified new message content ...",
        json!({}),
    ));
    perform(&platform, edit("Same", false)).await.0.unwrap();
}

#[tokio::test]
async fn a_text_that_went_beside_its_file_is_edited_as_a_text() {
    let platform = Platform::start().await;
    platform.will_answer(refusal(
        400,
        "Bad Request: there is no caption in the message to edit",
        json!({}),
    ));
    let (outcome, made) = perform(&platform, edit("New", true)).await;
    outcome.unwrap();
    let methods: Vec<String> = made.into_iter().map(|(method, _)| method).collect();
    assert_eq!(methods, ["editMessageCaption", "editMessageText"]);
}

#[tokio::test]
async fn styles_that_cannot_be_read_are_dropped_from_an_edit() {
    let platform = Platform::start().await;
    platform.will_answer(refusal(400, "Bad Request: can't parse entities", json!({})));
    let (outcome, made) = perform(&platform, edit("New", false)).await;
    outcome.unwrap();
    assert!(made[0].1.get("entities").is_some() && made[1].1.get("entities").is_none());
}

#[tokio::test]
async fn an_edit_that_is_refused_says_why() {
    let platform = Platform::start().await;
    platform.will_answer(refusal(400, "Bad Request: message can't be edited", json!({})));
    let error = perform(&platform, edit("New", false)).await.0.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.message().contains("edited"));
}

#[tokio::test]
async fn messages_are_deleted_alone_and_by_the_hundred() {
    let platform = Platform::start().await;
    let (outcome, made) = perform(&platform, delete("5512340001", &["501"])).await;
    outcome.unwrap();
    assert_eq!(
        made,
        calls(&[("deleteMessage", json!({ "chat_id": CHAT, "message_id": 501 }))])
    );
    let ids: Vec<String> = (1..=150).map(|id: i32| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let (outcome, made) = perform(&platform, delete("5512340001", &ids)).await;
    outcome.unwrap();
    let sizes: Vec<usize> = made
        .iter()
        .map(|(_, params)| params["message_ids"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [100, 50]);
    assert_eq!(made[0].0, "deleteMessages");
    let (outcome, made) = perform(&platform, delete("5@bc1", &["6"])).await;
    outcome.unwrap();
    let business = json!({ "business_connection_id": "bc1", "message_ids": [6] });
    assert_eq!(made, calls(&[("deleteBusinessMessages", business)]));
}

#[tokio::test]
async fn what_is_gone_already_is_deleted_and_what_is_too_old_is_not() {
    let platform = Platform::start().await;
    platform.will_answer(refusal(
        400,
        "Bad Request: message to delete not found",
        json!({}),
    ));
    perform(&platform, delete("5", &["1"])).await.0.unwrap();
    platform.will_answer(refusal(
        400,
        "Bad Request: message can't be deleted for everyone",
        json!({}),
    ));
    assert!(
        perform(&platform, delete("5", &["1"]))
            .await
            .0
            .unwrap_err()
            .message()
            .contains("48 hours")
    );
    let (outcome, made) = perform(&platform, delete("5", &["business_connection:1"])).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Rejected);
    assert!(made.is_empty());
}

#[tokio::test]
async fn typing_and_read_marks() {
    let platform = Platform::start().await;
    let route: BTreeMap<String, String> = [("message_thread_id".to_owned(), "7".to_owned())].into();
    let (outcome, made) = perform(
        &platform,
        Action::Typing {
            chat: "-1009".to_owned(),
            route,
        },
    )
    .await;
    outcome.unwrap();
    let typing = json!({ "chat_id": -1009, "message_thread_id": 7, "action": "typing" });
    assert_eq!(made, calls(&[("sendChatAction", typing)]));
    let (outcome, made) = perform(
        &platform,
        Action::Typing {
            chat: "-1009/5".to_owned(),
            route: BTreeMap::new(),
        },
    )
    .await;
    outcome.unwrap();
    assert!(
        made.is_empty(),
        "among a channel's direct messages it is shown nowhere"
    );
    let read = |chat: &str| Action::MarkRead {
        chat: chat.to_owned(),
        route: BTreeMap::new(),
        external_id: "61".to_owned(),
    };
    let (outcome, made) = perform(&platform, read("5@bc1")).await;
    outcome.unwrap();
    let mark = json!({ "business_connection_id": "bc1", "chat_id": 5, "message_id": 61 });
    assert_eq!(made, calls(&[("readBusinessMessage", mark)]));
    let (outcome, made) = perform(&platform, read("5")).await;
    outcome.unwrap();
    assert!(made.is_empty());
}

#[tokio::test]
async fn a_press_is_acknowledged_even_if_it_is_old() {
    let platform = Platform::start().await;
    let press = || Action::AcknowledgeButton {
        external_id: "2367890011223344556".to_owned(),
    };
    let (outcome, made) = perform(&platform, press()).await;
    outcome.unwrap();
    assert_eq!(
        made,
        calls(&[(
            "answerCallbackQuery",
            json!({ "callback_query_id": "2367890011223344556" })
        )])
    );
    platform.will_answer(refusal(
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
        json!({}),
    ));
    perform(&platform, press()).await.0.unwrap();
}

#[tokio::test]
async fn a_webhook_is_registered_verified_and_removed() {
    let platform = Platform::start().await;
    let url = "https://chat.example.org/webhooks/inb_1";
    let register = || Action::RegisterWebhook { url: url.to_owned() };
    platform
        .will_answer(ok(json!(true)))
        .will_answer(ok(json!({ "url": url, "pending_update_count": 0 })));
    let (outcome, made) = perform(&platform, register()).await;
    outcome.unwrap();
    let secret = made[0].1["secret_token"].as_str().unwrap().to_owned();
    assert_eq!(secret.len(), 64);
    assert_eq!(
        made,
        calls(&[
            (
                "setWebhook",
                json!({
                    "url": url,
                    "secret_token": secret,
                    "max_connections": 40,
                    "drop_pending_updates": false,
                    "allowed_updates": [
                        "message", "edited_message", "callback_query", "my_chat_member", "message_reaction",
                        "message_reaction_count", "pre_checkout_query", "poll_answer", "business_connection", "business_message", "edited_business_message", "deleted_business_messages",
                    ],
                })
            ),
            ("getWebhookInfo", json!({})),
        ])
    );
    // What was registered is what is accepted.
    let request = WebhookRequest::post("{}").with_header("X-Telegram-Bot-Api-Secret-Token", &secret);
    let verdict = platform.telegram(json!({})).accept(&request).await.unwrap();
    assert_eq!(verdict, Verdict::Process(WebhookReply::ok()));
    // Telegram said yes and did nothing.
    platform
        .will_answer(ok(json!(true)))
        .will_answer(ok(json!({ "url": "" })));
    assert_eq!(
        perform(&platform, register()).await.0.unwrap_err().kind(),
        ErrorKind::Unavailable
    );
    let (outcome, made) = perform(&platform, Action::RemoveWebhook).await;
    outcome.unwrap();
    assert_eq!(
        made,
        calls(&[("deleteWebhook", json!({ "drop_pending_updates": false }))])
    );
}

#[tokio::test]
async fn telegram_itself_takes_only_some_addresses() {
    let channel = open("telegram", json!({ "token": "1:a" }));
    for url in ["http://example.org/x", "https://example.org:8444/x", "nonsense"] {
        let error = channel
            .perform(&Action::RegisterWebhook { url: url.to_owned() })
            .await
            .unwrap_err();
        assert!(
            error.is_surely_not_sent() && error.message().contains("8443"),
            "{url}"
        );
    }
}

#[tokio::test]
async fn settings_rule_out_the_other_way_of_receiving() {
    let polling = open("telegram", json!({ "token": "1:a", "mode": "polling" }));
    assert!(!polling.capabilities().webhook_registration && polling.capabilities().polling);
    let webhook = open("telegram", json!({ "token": "1:a", "mode": "webhook" }));
    assert!(webhook.capabilities().webhook && !webhook.capabilities().polling);
    assert_eq!(webhook.poll(None).await.unwrap_err().kind(), ErrorKind::Rejected);
    let own_secret = open("telegram", json!({ "token": "1:a", "webhook_secret": "mine" }));
    let request =
        |secret: &str| WebhookRequest::post("{}").with_header("x-telegram-bot-api-secret-token", secret);
    assert!(own_secret.accept(&request("mine")).await.is_ok());
    for wrong in ["", "min", "mine2", "MINE"] {
        assert_eq!(
            own_secret.accept(&request(wrong)).await.unwrap_err().kind(),
            ErrorKind::Unauthenticated
        );
    }
}

#[tokio::test]
async fn the_check_says_which_bot_it_is() {
    let platform = Platform::start().await;
    let me = json!({ "id": 700_001, "is_bot": true, "first_name": "Shop", "username": "shop_bot" });
    platform
        .will_answer(ok(me))
        .will_answer(refusal(401, "Unauthorized", json!({})));
    let channel = platform.telegram(json!({}));
    let info = channel.check().await.unwrap();
    assert_eq!((info.id.as_str(), info.name.as_str()), ("700001", "Shop"));
    assert_eq!(info.url.as_deref(), Some("https://t.me/shop_bot"));
    assert_eq!(
        channel.check().await.unwrap_err().kind(),
        ErrorKind::AccountBroken
    );
}
