//! Telegram against an emulator that others wrote: it refuses parameters that it does not know, and keeps a journal of what
//! it refused.
//!
//! Runs if `OMNICHAT_TEST_TELEGRAM_EMULATOR` holds the path of `lo-bot-api-emulator` (from PyPI), and says so if not.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::Stdio;
use std::sync::Arc;

use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{
    Action, Channel, InboundEvent, Outbound, Receipt, Verdict, WebhookReply, WebhookRequest,
};
use omnichat_core::messages::{AttachmentKind, Button, ButtonAction, Span, SpanStyle};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{TOKEN, file, open, read, text, with_files};

const VARIABLE: &str = "OMNICHAT_TEST_TELEGRAM_EMULATOR";

struct Emulator {
    program: OsString,
    url: String,
    folder: tempfile::TempDir,
    _process: Child,
    /// Open until the end: the emulator ends when it cannot print.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Emulator {
    /// Starts one, or says why not.
    async fn start() -> Option<Self> {
        let Some(program) = std::env::var_os(VARIABLE) else {
            println!("skipped: set {VARIABLE} to the path of lo-bot-api-emulator to run this test");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        // A port that was free a moment ago.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut process = Command::new(&program)
            .args([
                "--port",
                &port.to_string(),
                "--enable-control",
                "--allow-insecure-loopback-webhooks",
                "--journal",
            ])
            .arg(folder.path().join("journal"))
            .env("PYTHONUNBUFFERED", "1")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        while let Some(line) = lines.next_line().await.unwrap() {
            if line.contains("Running on") {
                let url = format!("http://127.0.0.1:{port}");
                return Some(Self {
                    program,
                    url,
                    folder,
                    _process: process,
                    _output: lines,
                });
            }
        }
        panic!("the emulator ended before it was ready");
    }

    fn account(&self) -> Arc<dyn Channel> {
        open(
            "telegram",
            json!({ "token": TOKEN, "base_url": self.url, "poll_timeout_s": 0 }),
        )
    }

    /// Something happens on the platform.
    async fn happens(&self, update: Value) {
        let body = json!({ "token": TOKEN, "update": update });
        let url = format!("{}/__fixture/updates", self.url);
        let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// It was called with these methods, and refused nothing.
    async fn was_content_with(self, methods: &[&str]) {
        let mut verdict = Command::new(&self.program);
        verdict.arg("verdict").arg(self.folder.path().join("journal"));
        for method in methods {
            verdict.args(["--require-method", method]);
        }
        let output = verdict.output().await.unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
}

fn message(id: i64, more: &Value) -> Value {
    let mut message = json!({
        "message_id": id,
        "date": 1_790_000_000,
        "from": { "id": 5_512_340_001_i64, "is_bot": false, "first_name": "Ira" },
        "chat": { "id": 5_512_340_001_i64, "type": "private", "first_name": "Ira" },
    });
    message
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({ "message": message })
}

fn button() -> Vec<Vec<Button>> {
    vec![vec![Button {
        text: "Good".to_owned(),
        action: ButtonAction::Reply {
            data: "csat:5".to_owned(),
        },
    }]]
}

#[tokio::test]
async fn messages_come_by_polling() {
    let Some(emulator) = Emulator::start().await else {
        return;
    };
    let channel = emulator.account();
    channel.check().await.unwrap();
    emulator
        .happens(message(412, &json!({ "text": "Where is order 77?" })))
        .await;
    let press = json!({ "callback_query": {
        "id": "236789",
        "from": { "id": 5_512_340_001_i64, "is_bot": false, "first_name": "Ira" },
        "message": { "message_id": 1, "date": 1, "chat": { "id": 5_512_340_001_i64, "type": "private" } },
        "chat_instance": "1",
        "data": "csat:5",
    } });
    emulator.happens(press).await;
    let batch = channel.poll(None).await.unwrap();
    assert!(matches!(&batch.events[0].event, InboundEvent::Message(m) if m.text == "Where is order 77?"));
    let InboundEvent::ButtonPressed {
        external_id, data, ..
    } = &batch.events[1].event
    else {
        panic!("no press")
    };
    assert_eq!(data, "csat:5");
    channel
        .perform(&Action::AcknowledgeButton {
            external_id: external_id.clone(),
        })
        .await
        .unwrap();
    // Confirmed by the cursor: they do not come again.
    assert!(
        channel
            .poll(batch.cursor.as_deref())
            .await
            .unwrap()
            .events
            .is_empty()
    );
    emulator
        .was_content_with(&["getMe", "getUpdates", "answerCallbackQuery"])
        .await;
}

#[tokio::test]
async fn messages_come_by_webhook() {
    let Some(emulator) = Emulator::start().await else {
        return;
    };
    let channel = emulator.account();
    let us = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&us)
        .await;
    let url = format!("{}/webhooks/{}", us.uri(), crate::support::inbox());
    channel.perform(&Action::RegisterWebhook { url }).await.unwrap();
    emulator.happens(message(413, &json!({ "text": "Hello" }))).await;
    let received = us.received_requests().await.unwrap().remove(0);
    let secret = received
        .headers
        .get("x-telegram-bot-api-secret-token")
        .unwrap()
        .to_str()
        .unwrap();
    let request =
        WebhookRequest::post(received.body.clone()).with_header("X-Telegram-Bot-Api-Secret-Token", secret);
    assert_eq!(
        channel.accept(&request).await.unwrap(),
        Verdict::Process(WebhookReply::ok())
    );
    let events = channel.parse(&request).await.unwrap();
    assert!(matches!(&events[0].event, InboundEvent::Message(m) if m.external_id == "413"));
    // The webhook is this inbox's own, so polling takes its place.
    emulator.happens(message(414, &json!({ "text": "Again" }))).await;
    channel.perform(&Action::RemoveWebhook).await.unwrap();
    channel.poll(None).await.unwrap();
    emulator
        .was_content_with(&["setWebhook", "getWebhookInfo", "deleteWebhook", "getUpdates"])
        .await;
}

#[tokio::test]
async fn messages_go_out_and_change() {
    let Some(emulator) = Emulator::start().await else {
        return;
    };
    let channel = emulator.account();
    let styled = Outbound {
        spans: vec![Span {
            start: 0,
            length: 4,
            style: SpanStyle::Bold,
            url: None,
        }],
        buttons: button(),
        reply_to: Some("412".to_owned()),
        ..text("Sent today 😀")
    };
    let Receipt { external_ids, .. } = channel.send(&styled).await.unwrap();
    let [id] = external_ids.as_slice() else {
        panic!("{external_ids:?}")
    };
    let (chat, route) = (styled.chat, BTreeMap::new());
    channel
        .perform(&Action::Typing {
            chat: chat.clone(),
            route: route.clone(),
        })
        .await
        .unwrap();
    let edit = Action::Edit {
        chat: chat.clone(),
        route: route.clone(),
        external_id: id.clone(),
        text: "Sent yesterday".to_owned(),
        spans: styled.spans,
        buttons: button(),
        is_caption: false,
    };
    channel.perform(&edit).await.unwrap();
    channel
        .perform(&Action::Delete {
            chat,
            route,
            external_ids,
        })
        .await
        .unwrap();
    emulator
        .was_content_with(&[
            "sendMessage",
            "sendChatAction",
            "editMessageText",
            "deleteMessage",
        ])
        .await;
}

#[tokio::test]
async fn files_go_both_ways() {
    let Some(emulator) = Emulator::start().await else {
        return;
    };
    let channel = emulator.account();
    let photo = || file(AttachmentKind::Image, "photo.jpg", "image/jpeg");
    let pdf = || file(AttachmentKind::Document, "счёт 77.pdf", "application/pdf");
    let captioned = Outbound {
        text: "This one".to_owned(),
        buttons: button(),
        ..with_files(vec![photo()])
    };
    let sent = channel.send(&captioned).await.unwrap();
    channel.send(&with_files(vec![pdf()])).await.unwrap();
    // By the handles of the first time.
    channel.send(&with_files(vec![photo()])).await.unwrap();
    channel.send(&with_files(vec![pdf()])).await.unwrap();
    let pictures = ["a.jpg", "b.jpg"].map(|name| file(AttachmentKind::Image, name, "image/jpeg"));
    let album = channel
        .send(&Outbound {
            text: "Both".to_owned(),
            ..with_files(pictures.into())
        })
        .await
        .unwrap();
    assert_eq!(album.external_ids.len(), 2);
    let edit = Action::Edit {
        chat: captioned.chat,
        route: BTreeMap::new(),
        external_id: sent.external_ids[0].clone(),
        text: "That one".to_owned(),
        spans: Vec::new(),
        buttons: Vec::new(),
        is_caption: true,
    };
    channel.perform(&edit).await.unwrap();
    let upload = reqwest::multipart::Form::new().text("chat_id", "5").part(
        "document",
        reqwest::multipart::Part::bytes(b"%PDF-".to_vec()).file_name("a.pdf"),
    );
    let url = format!("{}/bot{TOKEN}/sendDocument", emulator.url);
    let answer = reqwest::Client::new()
        .post(url)
        .multipart(upload)
        .send()
        .await
        .unwrap();
    let stored: Value = answer.json().await.unwrap();
    emulator
        .happens(message(420, &json!({ "document": stored["result"]["document"] })))
        .await;
    let batch = channel.poll(None).await.unwrap();
    let InboundEvent::Message(message) = &batch.events[0].event else {
        panic!("no message")
    };
    let AttachmentSource::Remote(remote) = &message.attachments[0].source else {
        panic!("no file")
    };
    assert_eq!(
        read(channel.fetch(remote).await.unwrap()).await.unwrap(),
        b"%PDF-"
    );
    let methods = [
        "sendPhoto",
        "sendDocument",
        "sendMediaGroup",
        "editMessageCaption",
        "getFile",
    ];
    emulator.was_content_with(&methods).await;
}
