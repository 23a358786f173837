//! Webhooks as platforms send them.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::host::{Host, SECRET};
use crate::http::Http;

/// The token of the benches' Viber bot.
pub(crate) const VIBER_TOKEN: &str = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";
/// Connections that send at once, as a platform does.
const CONNECTIONS: u64 = 128;
/// Chats of each connection.
const CHATS: u64 = 16;

/// Who sends webhooks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Platform {
    /// By the channel that is built in.
    Telegram,
    /// By the channel that is a plugin.
    Viber,
}

impl Platform {
    /// A message of a chat, as the platform's webhook brings it.
    pub(crate) fn message(self, chat: u64, number: u64, date: u64, text: &str) -> String {
        let update = chat * 1_000_000 + number;
        match self {
            Self::Telegram => format!(
                r#"{{"update_id":{update},"message":{{"message_id":{number},"from":{{"id":{chat},"is_bot":false,"first_name":"Customer","last_name":"{chat}","username":"c{chat}","language_code":"en"}},"chat":{{"id":{chat},"first_name":"Customer","last_name":"{chat}","username":"c{chat}","type":"private"}},"date":{date},"text":"{text}"}}}}"#
            ),
            Self::Viber => format!(
                r#"{{"event":"message","timestamp":{date}{:03},"chat_hostname":"SN-CHAT-05_","message_token":{},"sender":{{"id":"chat-{chat}==","name":"Customer {chat}","language":"en","country":"GB","api_version":10}},"message":{{"text":"{text}","type":"text"}},"silent":false}}"#,
                number % 1_000,
                5_000_000_000_000_000_000 + update
            ),
        }
    }

    /// How the platform proves that a webhook is its own: a header and its value.
    fn proof(self, body: &str) -> (&'static str, Cow<'static, str>) {
        match self {
            Self::Telegram => ("x-telegram-bot-api-secret-token", SECRET.into()),
            Self::Viber => (
                "x-viber-content-signature",
                omnichat_fakes::viber::signature(VIBER_TOKEN, body.as_bytes()).into(),
            ),
        }
    }
}

/// Sends a webhook; an error unless the host took it.
pub(crate) async fn send(http: &mut Http, path: &str, platform: Platform, body: &str) -> Result<()> {
    let (header, value) = platform.proof(body);
    let (status, answer) = http
        .call("POST", path, &[(header, &*value)], body.as_bytes())
        .await?;
    if status != 200 {
        bail!(
            "a webhook was answered {status}: {}",
            String::from_utf8_lossy(&answer)
        );
    }
    Ok(())
}

/// Acknowledged messages per second, with as many webhooks on their way as a busy platform has.
pub(crate) async fn flood(
    host: &Host,
    inbox: &str,
    platform: Platform,
    warm: Duration,
    measured: Duration,
) -> Result<f64> {
    // Where an earlier flood of the same inbox ended: everything is sent once.
    static BEGIN: AtomicU64 = AtomicU64::new(0);
    let begin = BEGIN.fetch_add(50_000, Ordering::Relaxed);
    let (done, counting) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let stop = Arc::new(AtomicBool::new(false));
    let path = format!("/webhooks/{inbox}");
    let mut senders = tokio::task::JoinSet::new();
    for connection in 0..CONNECTIONS {
        let (done, counting, stop) = (done.clone(), counting.clone(), stop.clone());
        let (address, path) = (host.address.clone(), path.clone());
        senders.spawn(async move {
            let mut http = Http::connect(&address).await?;
            for number in begin + 1.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let chat = 1 + connection * CHATS + number % CHATS;
                let text = "Good afternoon, could you tell me when my order will be delivered to the city?";
                let body = platform.message(chat, number, now_secs(), text);
                send(&mut http, &path, platform, &body).await?;
                if counting.load(Ordering::Relaxed) {
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
            anyhow::Ok(())
        });
    }
    tokio::time::sleep(warm).await;
    counting.store(true, Ordering::Relaxed);
    let begun = Instant::now();
    tokio::time::sleep(measured).await;
    counting.store(false, Ordering::Relaxed);
    let rate = done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    Ok(rate)
}

/// Seconds since the epoch, as platforms date messages.
pub(crate) fn now_secs() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |d| d.as_secs())
}
