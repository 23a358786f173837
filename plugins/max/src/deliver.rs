//! Sends a message: uploads its files and makes the calls that [`crate::render`] planned.

use omnichat_plugin_sdk::prelude::*;
use omnichat_plugin_sdk::types::code;
use serde::Deserialize;
use serde_json::Value;

use crate::chat;
use crate::client::Client;
use crate::render::{self, Step};
use crate::update::Recipient;
use crate::upload;

#[derive(Deserialize)]
struct Answer {
    message: Sent,
}

#[derive(Deserialize)]
struct Sent {
    timestamp: Option<u64>,
    #[serde(default)]
    recipient: Recipient,
    body: SentBody,
}

#[derive(Deserialize)]
struct SentBody {
    mid: String,
}

/// Sends a message.
pub(crate) fn send(client: &Client<'_>, message: &Outbound) -> Result<Receipt> {
    if message.chat == chat::NOBODY {
        return Err(PluginError::unreachable(
            "MAX did not tell who wrote this, so that nobody can be answered",
        ));
    }
    let steps = render::steps(message)?;
    let begun = host::env::now_ms();
    let (mut at, mut new_chat) = (None, None);
    let ids = send_steps(&message.id, &steps, |step| {
        let sent = attempt(client, message, step, begun)?;
        at = at.or(sent.timestamp);
        if chat::is_person(&message.chat) {
            new_chat = sent.recipient.chat_id.map(|chat| chat.to_string());
        }
        Ok(sent.body.mid)
    })?;
    Ok(Receipt {
        at,
        new_chat,
        ..Receipt::of(ids)
    })
}

fn attempt(client: &Client<'_>, message: &Outbound, step: &Step<'_>, begun: u64) -> Result<Sent> {
    let mut attachments = Vec::with_capacity(step.files.len() + step.attachments.len());
    for file in &step.files {
        attachments.push(upload::attachment(client, file, begun)?);
    }
    attachments.extend(step.attachments.iter().cloned());
    let mut body = step.fields.clone();
    if !attachments.is_empty() {
        body.insert("attachments".to_owned(), Value::Array(attachments));
    }
    let path = format!("/messages?{}", chat::query(&message.chat));
    let answer: Answer = match client.post(&path, &Value::Object(body)) {
        Ok(answer) => answer,
        Err(fault) => {
            let error = PluginError::from(fault);
            // A token that was remembered may have lost its worth: the next try uploads anew.
            if error.code == code::REJECTED {
                upload::forget(&step.files)?;
            }
            return Err(error);
        }
    };
    Ok(answer.message)
}
