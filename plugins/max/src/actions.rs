//! What is not a message: edits, deletions, signs of life, answers to buttons.

use omnichat_plugin_sdk::prelude::*;
use serde_json::{Value, json};

use crate::chat::{self, NOBODY};
use crate::client::Client;
use crate::error::Fault;
use crate::render;

pub(crate) fn edit(client: &Client<'_>, action: &Action) -> Result<()> {
    let mut body = render::text(&action.text, &action.spans)?;
    let keyboard = render::keyboard(&action.buttons)?;
    // A list replaces all attachments, files included; without one they stay.
    if !action.is_caption {
        body.insert("attachments".to_owned(), keyboard.into_iter().collect());
    }
    let path = format!("/messages?message_id={}", percent_encode(action.external_id()?));
    Ok(client.act("PUT", &path, Some(&Value::Object(body)))?)
}

pub(crate) fn delete(client: &Client<'_>, action: &Action) -> Result<()> {
    for id in &action.external_ids {
        match client.act(
            "DELETE",
            &format!("/messages?message_id={}", percent_encode(id)),
            None,
        ) {
            // It is gone already.
            Err(Fault::Api(error)) if error.is_absent() => {}
            outcome => outcome?,
        }
    }
    Ok(())
}

/// Shows something in the chat for some seconds. Where the chat is not known there is nowhere to show it.
pub(crate) fn show(client: &Client<'_>, id: &str, what: &str) -> Result<()> {
    if chat::is_person(id) || id == NOBODY {
        return Ok(());
    }
    let path = format!("/chats/{}/actions", percent_encode(id));
    Ok(client.act("POST", &path, Some(&json!({ "action": what })))?)
}

/// Ends the waiting sign on a pressed button, with a notice if there is something to say: an empty one shows nothing. A press
/// that MAX does not know any more needs no answer.
pub(crate) fn acknowledge(client: &Client<'_>, action: &Action) -> Result<()> {
    let path = format!("/answers?callback_id={}", percent_encode(action.external_id()?));
    match client.act("POST", &path, Some(&json!({ "notification": action.text }))) {
        Err(Fault::Api(error)) if error.is_stale_press() => Ok(()),
        outcome => Ok(outcome?),
    }
}
