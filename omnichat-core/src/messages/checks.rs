//! What a message must be before it is taken: within itself, and within what its channel can carry.

use super::content::{Attachment, AttachmentKind, Button, ButtonAction, Content, Part, Span};
use crate::channel::Capabilities;
use crate::clock::Timestamp;
use crate::conversations::{Conversation, Status};
use crate::error::{Error, ErrorKind, Result};

/// Longest note, in UTF-16 code units.
pub(super) const NOTE_MAX: usize = 20_000;

pub(super) fn check_key(key: &str) -> Result<()> {
    if (8..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(Error::invalid_field(
            "client_key",
            "format",
            "8 to 64 visible ASCII characters",
        ))
    }
}

pub(crate) fn check_content(content: &Content) -> Result<()> {
    if content.is_empty() {
        return Err(Error::invalid_field(
            "text",
            "required",
            "write something or attach a file",
        ));
    }
    let units = content.text_units();
    let inside =
        |span: &Span| span.length > 0 && u64::from(span.start) + u64::from(span.length) <= units as u64;
    if content.spans.len() > 500 || !content.spans.iter().all(inside) {
        return Err(Error::invalid_field(
            "spans",
            "range",
            "styles must lie within the text, at most 500 of them",
        ));
    }
    Ok(())
}

pub(super) fn check_capabilities(content: &Content, can: &Capabilities) -> Result<()> {
    if content.text_units() > can.text_max as usize {
        return Err(too_long(can.text_max as usize));
    }
    if content.attachments.len() > can.attachments_max as usize {
        let message = match can.attachments_max {
            0 => "this channel carries no files".to_owned(),
            max => format!("at most {max} files in a message"),
        };
        return Err(Error::invalid_field("file_ids", "too_many", message));
    }
    for attachment in &content.attachments {
        check_media(attachment, can)?;
    }
    if !content.buttons.is_empty() {
        check_buttons(&content.buttons, can)?;
    }
    match &content.part {
        Some(Part::Location { .. }) if !can.location => Err(Error::invalid_field(
            "location",
            "unsupported",
            "this channel carries no places",
        )),
        Some(Part::Contact { .. }) if !can.contact => Err(Error::invalid_field(
            "contact",
            "unsupported",
            "this channel carries no contact cards",
        )),
        _ => Ok(()),
    }
}

pub(super) fn check_media(attachment: &Attachment, can: &Capabilities) -> Result<()> {
    // What cannot go as what it is goes as a plain file, if the channel carries those.
    let limit = can
        .media_limit(attachment.kind)
        .or_else(|| can.media_limit(AttachmentKind::Document));
    match (limit, attachment.size) {
        (None, _) => Err(Error::invalid_field(
            "file_ids",
            "unsupported",
            "this channel does not carry such files",
        )),
        (Some(limit), Some(size)) if size > limit => {
            let message = format!(
                "«{}» is too large for this channel: at most {} MB",
                attachment.name,
                limit / 1_000_000
            );
            Err(Error::invalid_field("file_ids", "too_large", message))
        }
        _ => Ok(()),
    }
}

pub(super) fn check_buttons(rows: &[Vec<Button>], can: &Capabilities) -> Result<()> {
    let wrong = |message: &str| Err(Error::invalid_field("buttons", "unsupported", message));
    let Some(limits) = can.buttons else {
        return wrong("this channel carries no buttons");
    };
    if rows.len() > limits.max_rows as usize || rows.iter().any(|row| row.len() > limits.max_per_row as usize)
    {
        return wrong("too many buttons for this channel");
    }
    for button in rows.iter().flatten() {
        if button.text.trim().is_empty() || button.text.chars().count() > 64 {
            return wrong("a button's label has 1 to 64 characters");
        }
        if let ButtonAction::Reply { data } = &button.action
            && (data.is_empty() || data.len() > limits.data_max_bytes as usize)
        {
            return wrong("a button's data is empty or too long for this channel");
        }
    }
    Ok(())
}

pub(crate) fn check_window(conversation: &Conversation, can: &Capabilities, now: Timestamp) -> Result<()> {
    let refuse = |message: &str| Err(Error::new(ErrorKind::Rejected, message.to_owned()));
    if conversation.status == Status::Closed {
        return refuse("this conversation is closed; reopen it to answer");
    }
    if conversation.unreachable {
        return refuse("the customer has blocked this account and cannot be reached");
    }
    if let Some(hours) = can.window_hours {
        let open = conversation
            .last_inbound_at
            .is_some_and(|at| now.since(at).as_secs() < u64::from(hours) * 3_600);
        if !open {
            return refuse("the time in which this channel allows an answer has passed");
        }
    }
    Ok(())
}

pub(super) fn too_long(max: usize) -> Error {
    Error::invalid_field(
        "text",
        "too_long",
        format!("the text is too long: at most {max} characters"),
    )
}
