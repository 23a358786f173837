//! Webhooks as Telegram sends them.

use anyhow::{Result, bail};

use crate::host::SECRET;
use crate::http::Http;

/// A message of a chat, as Telegram's webhook brings it.
pub(crate) fn update(chat: u64, number: u64, date: u64, text: &str) -> String {
    let update = chat * 1_000_000 + number;
    format!(
        r#"{{"update_id":{update},"message":{{"message_id":{number},"from":{{"id":{chat},"is_bot":false,"first_name":"Customer","last_name":"{chat}","username":"c{chat}","language_code":"en"}},"chat":{{"id":{chat},"first_name":"Customer","last_name":"{chat}","username":"c{chat}","type":"private"}},"date":{date},"text":"{text}"}}}}"#
    )
}

/// Sends a webhook; an error unless the host took it.
pub(crate) async fn send(http: &mut Http, path: &str, body: &str) -> Result<()> {
    let headers = [("x-telegram-bot-api-secret-token", SECRET)];
    let (status, answer) = http.call("POST", path, &headers, body.as_bytes()).await?;
    if status != 200 {
        bail!(
            "a webhook was answered {status}: {}",
            String::from_utf8_lossy(&answer)
        );
    }
    Ok(())
}

/// Seconds since the epoch, as platforms date messages.
pub(crate) fn now_secs() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |d| d.as_secs())
}
