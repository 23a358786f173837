//! Files both ways: media, captions, albums, handles, downloads.

use std::sync::Arc;

use omnichat_core::channel::{Outbound, OutboundFile};
use omnichat_core::error::ErrorKind;
use omnichat_core::messages::{AttachmentKind as Kind, Button, ButtonAction};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::support::{Lost, Platform, file, message, ok, outbound, read, refusal, sent, with_files};

const CHAT: i64 = 5_512_340_001;

fn photo(name: &str) -> OutboundFile {
    file(Kind::Image, name, "image/jpeg")
}

fn pdf(name: &str) -> OutboundFile {
    file(Kind::Document, name, "application/pdf")
}

fn text_of(count: usize) -> String {
    "ж".repeat(count)
}

fn one_button() -> Vec<Vec<Button>> {
    vec![vec![Button {
        text: "Press".to_owned(),
        action: ButtonAction::Reply { data: "a".to_owned() },
    }]]
}

#[tokio::test]
async fn each_kind_of_file_has_its_method() {
    for (file, method, field) in [
        (photo("a.jpg"), "sendPhoto", "photo"),
        (file(Kind::Image, "a.png", "image/png"), "sendPhoto", "photo"),
        (
            file(Kind::Image, "a.gif", "image/gif"),
            "sendAnimation",
            "animation",
        ),
        (
            file(Kind::Image, "a.svg", "image/svg+xml"),
            "sendDocument",
            "document",
        ),
        (
            file(Kind::Image, "a.tiff", "image/tiff"),
            "sendDocument",
            "document",
        ),
        (
            file(Kind::Animation, "a.mp4", "video/mp4"),
            "sendAnimation",
            "animation",
        ),
        (file(Kind::Video, "a.mp4", "video/mp4"), "sendVideo", "video"),
        (
            file(Kind::Video, "a.mkv", "video/x-matroska"),
            "sendDocument",
            "document",
        ),
        (
            file(Kind::VideoNote, "a.mp4", "video/mp4"),
            "sendVideoNote",
            "video_note",
        ),
        (file(Kind::Audio, "a.mp3", "audio/mpeg"), "sendAudio", "audio"),
        (
            file(Kind::Audio, "a.wav", "audio/wav"),
            "sendDocument",
            "document",
        ),
        (
            file(Kind::Voice, "a.ogg", "audio/ogg; codecs=opus"),
            "sendVoice",
            "voice",
        ),
        (
            file(Kind::Voice, "a.webm", "audio/webm;codecs=opus"),
            "sendDocument",
            "document",
        ),
        (
            file(Kind::Sticker, "a.webp", "image/webp"),
            "sendSticker",
            "sticker",
        ),
        (pdf("a.pdf"), "sendDocument", "document"),
    ] {
        let platform = Platform::start().await;
        platform.will_answer(sent(1, json!({})));
        platform
            .telegram(json!({}))
            .send(&with_files(vec![file.clone()]))
            .await
            .unwrap();
        let call = platform.calls().await.remove(0);
        assert_eq!(
            (call.method.as_str(), call.params),
            (method, json!({ "chat_id": CHAT })),
            "{}",
            file.name
        );
        let expected = (
            field.to_owned(),
            file.name.clone(),
            file.content_type.clone(),
            file.name.into_bytes(),
        );
        assert_eq!(call.files, [expected]);
    }
}

#[tokio::test]
async fn a_short_text_stands_beside_the_file() {
    let platform = Platform::start().await;
    platform.will_answer(sent(1, json!({})));
    let message = Outbound {
        text: text_of(1024),
        buttons: one_button(),
        reply_to: Some("412".to_owned()),
        ..with_files(vec![pdf("счёт; №7 \"new\".pdf")])
    };
    let receipt = platform.telegram(json!({})).send(&message).await.unwrap();
    assert_eq!(receipt.external_ids, ["1"]);
    let call = platform.calls().await.remove(0);
    assert_eq!(
        call.params,
        json!({
            "chat_id": CHAT,
            "caption": text_of(1024),
            "reply_markup": { "inline_keyboard": [[{ "text": "Press", "callback_data": "a" }]] },
            "reply_parameters": { "message_id": 412, "allow_sending_without_reply": true },
        })
    );
    // The platform's reader of forms splits at semicolons.
    assert_eq!(call.files[0].1, "счёт_ №7 _new_.pdf");
}

#[tokio::test]
async fn a_long_text_follows_the_file_and_names_the_message() {
    let platform = Platform::start().await;
    platform
        .will_answer(sent(1, json!({})))
        .will_answer(sent(2, json!({})));
    let message = Outbound {
        text: text_of(1025),
        buttons: one_button(),
        ..with_files(vec![photo("a.jpg")])
    };
    let receipt = platform.telegram(json!({})).send(&message).await.unwrap();
    assert_eq!(receipt.external_ids, ["2", "1"]);
    let calls = platform.calls().await;
    assert_eq!(calls[0].params, json!({ "chat_id": CHAT }));
    assert_eq!(calls[1].method, "sendMessage");
    assert!(calls[1].params.get("reply_markup").is_some());
}

#[tokio::test]
async fn a_sticker_takes_no_caption() {
    let platform = Platform::start().await;
    platform
        .will_answer(sent(1, json!({})))
        .will_answer(sent(2, json!({})));
    let sticker = file(Kind::Sticker, "a.webp", "image/webp");
    let message = Outbound {
        text: "Hello".to_owned(),
        ..with_files(vec![sticker])
    };
    platform.telegram(json!({})).send(&message).await.unwrap();
    assert_eq!(platform.methods().await, ["sendSticker", "sendMessage"]);
}

#[tokio::test]
async fn pictures_and_films_make_an_album() {
    let platform = Platform::start().await;
    platform.will_answer(ok(json!([message(1, json!({})), message(2, json!({}))])));
    let film = file(Kind::Video, "b.mp4", "video/mp4");
    let album = Outbound {
        text: "Both".to_owned(),
        ..with_files(vec![photo("a.jpg"), film])
    };
    let receipt = platform.telegram(json!({})).send(&album).await.unwrap();
    assert_eq!(receipt.external_ids, ["1", "2"]);
    let call = platform.calls().await.remove(0);
    assert_eq!(call.method, "sendMediaGroup");
    assert_eq!(
        call.params,
        json!({
            "chat_id": CHAT,
            "media": [
                { "type": "photo", "media": "attach://file0", "caption": "Both" },
                { "type": "video", "media": "attach://file1" },
            ],
        })
    );
    let parts: Vec<&str> = call.files.iter().map(|(part, ..)| part.as_str()).collect();
    assert_eq!(parts, ["file0", "file1"]);
}

#[tokio::test]
async fn files_that_do_not_go_together_go_apart_in_order() {
    let platform = Platform::start().await;
    platform
        .will_answer(ok(json!([message(1, json!({})), message(2, json!({}))])))
        .will_answer(ok(json!([message(3, json!({})), message(4, json!({}))])))
        .will_answer(sent(5, json!({})))
        .will_answer(sent(6, json!({})));
    let voice = file(Kind::Voice, "v.ogg", "audio/ogg");
    let files = vec![
        photo("a.jpg"),
        photo("b.jpg"),
        pdf("c.pdf"),
        pdf("d.pdf"),
        voice,
        photo("e.jpg"),
    ];
    let receipt = platform
        .telegram(json!({}))
        .send(&with_files(files))
        .await
        .unwrap();
    assert_eq!(receipt.external_ids, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(
        platform.methods().await,
        ["sendMediaGroup", "sendMediaGroup", "sendVoice", "sendPhoto"]
    );
}

#[tokio::test]
async fn an_album_has_ten_files_at_most() {
    let platform = Platform::start().await;
    let ten: Vec<Value> = (1..=10).map(|id| message(id, json!({}))).collect();
    platform
        .will_answer(ok(json!(ten)))
        .will_answer(sent(11, json!({})));
    let files = (0..11).map(|n| photo(&format!("{n}.jpg"))).collect();
    platform
        .telegram(json!({}))
        .send(&with_files(files))
        .await
        .unwrap();
    assert_eq!(platform.methods().await, ["sendMediaGroup", "sendPhoto"]);
}

#[tokio::test]
async fn buttons_beside_an_album_stand_below_the_text_or_the_last_file() {
    let platform = Platform::start().await;
    platform
        .will_answer(ok(json!([message(1, json!({})), message(2, json!({}))])))
        .will_answer(sent(3, json!({})));
    let files = || vec![photo("a.jpg"), photo("b.jpg")];
    let with_text = Outbound {
        text: "Choose".to_owned(),
        buttons: one_button(),
        ..with_files(files())
    };
    let receipt = platform.telegram(json!({})).send(&with_text).await.unwrap();
    assert_eq!(receipt.external_ids, ["3", "1", "2"]);
    platform
        .will_answer(sent(4, json!({})))
        .will_answer(sent(5, json!({})));
    platform
        .telegram(json!({}))
        .send(&Outbound {
            buttons: one_button(),
            ..with_files(files())
        })
        .await
        .unwrap();
    let calls = platform.calls().await;
    let with_markup: Vec<bool> = calls
        .iter()
        .map(|c| c.params.get("reply_markup").is_some())
        .collect();
    assert_eq!(
        platform.methods().await,
        ["sendMediaGroup", "sendMessage", "sendPhoto", "sendPhoto"]
    );
    assert_eq!(with_markup, [false, true, false, true]);
}

#[tokio::test]
async fn the_same_file_is_uploaded_once() {
    let platform = Platform::start().await;
    let channel = platform.telegram(json!({}));
    let answer = || {
        sent(
            1,
            json!({ "photo": [
            { "file_id": "small", "width": 90, "height": 60 },
            { "file_id": "large", "width": 900, "height": 600 },
        ] }),
        )
    };
    platform.will_answer(answer()).will_answer(answer());
    for _ in 0..2 {
        channel.send(&with_files(vec![photo("a.jpg")])).await.unwrap();
    }
    let calls = platform.calls().await;
    assert_eq!((calls[0].files.len(), calls[1].files.len()), (1, 0));
    assert_eq!(calls[1].params, json!({ "chat_id": CHAT, "photo": "large" }));
    // The platform forgot it: upload it again.
    platform
        .will_answer(refusal(
            400,
            "Bad Request: wrong file identifier/HTTP URL specified",
            json!({}),
        ))
        .will_answer(answer());
    channel.send(&with_files(vec![photo("a.jpg")])).await.unwrap();
    let calls = platform.calls().await;
    assert_eq!((calls.len(), calls[3].files.len()), (4, 1));
}

#[tokio::test]
async fn a_picture_that_the_platform_cannot_show_goes_as_a_document() {
    let platform = Platform::start().await;
    platform
        .will_answer(refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS", json!({})))
        .will_answer(sent(1, json!({})));
    platform
        .telegram(json!({}))
        .send(&with_files(vec![photo("banner.jpg")]))
        .await
        .unwrap();
    assert_eq!(platform.methods().await, ["sendPhoto", "sendDocument"]);
}

#[tokio::test]
async fn what_arrived_in_part_is_not_sent_again() {
    let platform = Platform::start().await;
    platform.will_answer(sent(1, json!({}))).will_answer(refusal(
        400,
        "Bad Request: message is too long",
        json!({}),
    ));
    let message = Outbound {
        text: text_of(2000),
        ..with_files(vec![photo("a.jpg")])
    };
    let error = platform.telegram(json!({})).send(&message).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(!error.is_surely_not_sent());
    assert!(
        error.message().contains("only a part") && error.message().contains("longer"),
        "{error}"
    );
}

#[tokio::test]
async fn a_limit_in_the_middle_of_a_message_is_waited_out() {
    let platform = Platform::start().await;
    let limit = || {
        refusal(
            429,
            "Too Many Requests: retry after 0",
            json!({ "retry_after": 0 }),
        )
    };
    platform
        .will_answer(sent(1, json!({})))
        .will_answer(limit())
        .will_answer(sent(2, json!({})));
    let message = Outbound {
        text: text_of(2000),
        ..with_files(vec![photo("a.jpg")])
    };
    let receipt = platform.telegram(json!({})).send(&message).await.unwrap();
    assert_eq!(receipt.external_ids, ["2", "1"]);
    // Before anything went out it is the queue that waits.
    platform.will_answer(limit());
    assert_eq!(
        platform
            .telegram(json!({}))
            .send(&message)
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::RateLimited
    );
}

#[tokio::test]
async fn a_file_that_we_lost_is_surely_not_sent() {
    let platform = Platform::start().await;
    let lost = OutboundFile {
        source: Arc::new(Lost),
        ..pdf("a.pdf")
    };
    let error = platform
        .telegram(json!({}))
        .send(&Outbound {
            files: vec![lost],
            ..outbound()
        })
        .await
        .unwrap_err();
    assert!(error.is_surely_not_sent());
    assert!(platform.calls().await.is_empty());
}

#[tokio::test]
async fn a_received_file_is_fetched_by_its_handle() {
    let platform = Platform::start().await;
    platform
        .will_answer(ok(
            json!({ "file_id": "BQAC-1", "file_path": "documents/file_1.pdf", "file_size": 5 }),
        ))
        .will_answer(ResponseTemplate::new(200).set_body_bytes(b"%PDF-".to_vec()));
    let stream = platform.telegram(json!({})).fetch("BQAC-1").await.unwrap();
    assert_eq!(read(stream).await.unwrap(), b"%PDF-");
    let requests = platform.server.received_requests().await.unwrap();
    assert_eq!(requests[0].body, br#"{"file_id":"BQAC-1"}"#);
    assert_eq!(
        requests[1].url.path(),
        "/file/bot700001:made-up-token/documents/file_1.pdf"
    );
}

#[tokio::test]
async fn a_file_that_is_not_handed_out_is_an_error_with_a_reason() {
    let platform = Platform::start().await;
    let channel = platform.telegram(json!({}));
    let fetch = async || channel.fetch("x").await.err().unwrap();
    platform.will_answer(refusal(400, "Bad Request: file is too big", json!({})));
    assert!(fetch().await.message().contains("larger than Telegram allows"));
    platform.will_answer(ok(json!({ "file_id": "x" })));
    assert_eq!(fetch().await.kind(), ErrorKind::Rejected);
    platform.will_answer(ok(json!({ "file_id": "x", "file_path": "/var/lib/bot/file" })));
    assert!(fetch().await.message().contains("local mode"));
    platform
        .will_answer(ok(json!({ "file_path": "gone" })))
        .will_answer(ResponseTemplate::new(404));
    assert_eq!(fetch().await.kind(), ErrorKind::NotFound);
}
