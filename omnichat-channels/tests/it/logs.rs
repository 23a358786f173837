//! What is logged: enough to count and time every call, and nothing that is secret or private.

use std::io::Write;
use std::sync::{Arc, Mutex};

use omnichat_core::channel::WebhookRequest;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{Platform, refusal, sent, text};

/// A log that is kept.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn calls_are_logged_without_token_text_or_chat() {
    let log = Kept::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let platform = Platform::start().await;
    let channel = platform.telegram(json!({}));
    platform
        .will_answer(sent(1, json!({})))
        .will_answer(refusal(502, "Bad Gateway", json!({})))
        .will_answer(refusal(400, "Bad Request: chat not found", json!({})));
    channel.send(&text("a private word")).await.unwrap();
    channel.send(&text("a private word")).await.unwrap_err();
    channel.send(&text("a private word")).await.unwrap_err();
    let broken = r#"{"update_id":"a private word","message":5}"#;
    channel.parse(&WebhookRequest::post(broken)).await.unwrap_err();
    drop(guard);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for secret in ["made-up-token", "a private word", "5512340001"] {
        assert!(!log.contains(secret), "{secret} stands in the log:\n{log}");
    }
    let ours = |line: &&Value| line["span"]["channel.kind"] == "telegram";
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<(&str, &str)> = lines
        .iter()
        .filter(ours)
        .filter_map(|line| {
            let fields = &line["fields"];
            assert!(fields["elapsed_us"].is_u64() || fields.get("outcome").is_none());
            Some((fields["call"].as_str()?, fields["outcome"].as_str()?))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("send", "ok"),
            ("send", "unavailable"),
            ("send", "rejected"),
            ("parse", "malformed")
        ]
    );
}
