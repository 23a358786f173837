//! Long polling: offsets, conflicts, updates that cannot be read.

use std::time::Duration;

use omnichat_core::error::{ErrorKind, Retry};
use serde_json::{Value, json};

use crate::support::{Platform, inbox, ok, refusal};

fn update(id: i64) -> Value {
    let chat = json!({ "id": 5, "type": "private", "first_name": "Ira" });
    json!({ "update_id": id, "message": { "message_id": id, "date": 1_790_000_000, "chat": chat, "text": "Hello" } })
}

fn webhook_active() -> wiremock::ResponseTemplate {
    let words = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
    refusal(409, words, json!({}))
}

#[tokio::test]
async fn the_cursor_is_the_next_offset() {
    let platform = Platform::start().await;
    let channel = platform.telegram(json!({ "poll_timeout_s": 3 }));
    platform
        .will_answer(ok(json!([update(730), update(731)])))
        .will_answer(ok(json!([])));
    let batch = channel.poll(None).await.unwrap();
    assert_eq!(
        (batch.events.len(), batch.cursor.as_deref(), batch.more),
        (2, Some("732"), false)
    );
    let batch = channel.poll(batch.cursor.as_deref()).await.unwrap();
    assert_eq!((batch.events.len(), batch.cursor.as_deref()), (0, Some("732")));
    let calls = platform.calls().await;
    assert_eq!(calls[0].params["offset"], Value::Null);
    let allowed = calls[1].params["allowed_updates"].clone();
    assert_eq!(allowed.as_array().unwrap().len(), 12);
    assert_eq!(
        calls[1].params,
        json!({ "offset": 732, "limit": 100, "timeout": 3, "allowed_updates": allowed })
    );
}

#[tokio::test]
async fn a_full_answer_means_that_there_is_more() {
    let platform = Platform::start().await;
    platform.will_answer(ok(json!((1..=100).map(update).collect::<Vec<_>>())));
    let batch = platform.telegram(json!({})).poll(Some("1")).await.unwrap();
    assert_eq!((batch.events.len(), batch.more), (100, true));
}

#[tokio::test]
async fn an_update_that_cannot_be_read_does_not_hold_up_the_rest() {
    let platform = Platform::start().await;
    let broken =
        json!({ "update_id": 8, "message": { "message_id": 3, "date": 1, "chat": { "id": 5 }, "text": {} } });
    let hopeless = json!({ "update_id": 9, "callback_query": 5 });
    platform.will_answer(ok(json!([update(7), broken, hopeless, update(10)])));
    let batch = platform.telegram(json!({})).poll(None).await.unwrap();
    assert_eq!((batch.events.len(), batch.cursor.as_deref()), (2, Some("11")));
    let held: Vec<Value> = batch
        .unreadable
        .iter()
        .map(|one| serde_json::from_slice(&one.request.body).unwrap())
        .collect();
    assert_eq!(
        (&held[0]["update_id"], &held[1]["update_id"]),
        (&json!(8), &json!(9))
    );
    assert!(batch.unreadable.iter().all(|one| !one.reason.is_empty()));
}

#[tokio::test]
async fn a_webhook_of_this_inbox_is_removed() {
    let platform = Platform::start().await;
    let url = format!("https://chat.example.org/webhooks/{}", inbox());
    platform
        .will_answer(webhook_active())
        .will_answer(ok(json!({ "url": url })))
        .will_answer(ok(json!(true)))
        .will_answer(ok(json!([update(1)])));
    let batch = platform.telegram(json!({})).poll(None).await.unwrap();
    assert_eq!(batch.events.len(), 1);
    assert_eq!(
        platform.methods().await,
        ["getUpdates", "getWebhookInfo", "deleteWebhook", "getUpdates"]
    );
}

#[tokio::test]
async fn another_systems_webhook_is_left_alone_unless_the_settings_say_polling() {
    let platform = Platform::start().await;
    platform
        .will_answer(webhook_active())
        .will_answer(ok(json!({ "url": "https://other.example/hook" })));
    let error = platform.telegram(json!({})).poll(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AccountBroken);
    assert!(error.message().contains("webhook"));
    platform
        .will_answer(webhook_active())
        .will_answer(ok(json!(true)))
        .will_answer(ok(json!([])));
    platform
        .telegram(json!({ "mode": "polling" }))
        .poll(None)
        .await
        .unwrap();
    let methods = platform.methods().await;
    assert_eq!(methods[2..], ["getUpdates", "deleteWebhook", "getUpdates"]);
}

#[tokio::test]
async fn a_second_poller_is_waited_for() {
    let platform = Platform::start().await;
    let words =
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    platform.will_answer(refusal(409, words, json!({})));
    let error = platform.telegram(json!({})).poll(None).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry()),
        (ErrorKind::Unavailable, Retry::After(Duration::from_secs(5)))
    );
}
