//! What a message must be before it is taken: within itself, and within what its channel can carry.

use super::content::{Attachment, AttachmentKind, Button, ButtonAction, Content, Part, Span};
use crate::channel::Capabilities;
use crate::clock::Timestamp;
use crate::conversations::{Conversation, Status};
use crate::error::{Error, ErrorKind, Result};
use crate::{address, limits};

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
    if units > limits::TEXT {
        return Err(too_long(limits::TEXT));
    }
    if content.spans.len() > limits::SPANS || !content.spans.iter().all(inside) {
        return Err(Error::invalid_field(
            "spans",
            "range",
            format!(
                "styles must lie within the text, at most {} of them",
                limits::SPANS
            ),
        ));
    }
    check_links(content)?;
    match &content.part {
        Some(part) => check_part(part),
        None => Ok(()),
    }
}

/// Links lead where links may, and their addresses are not too many.
fn check_links(content: &Content) -> Result<()> {
    let styled = content.spans.iter().filter_map(|span| span.url.as_deref());
    let pressed = content
        .buttons
        .iter()
        .flatten()
        .filter_map(|button| match &button.action {
            ButtonAction::Url { url } => Some(url.as_str()),
            _ => None,
        });
    let links = styled.map(|url| ("spans", url));
    let mut bytes = 0;
    for (field, url) in links.chain(pressed.map(|url| ("buttons", url))) {
        if address::allowed(url) != Some(url) {
            let schemes = address::SCHEMES.join(", ");
            let message = format!(
                "a link begins with one of {schemes}, and has at most {} bytes",
                limits::ADDRESS
            );
            return Err(Error::invalid_field(field, "scheme", message));
        }
        bytes += url.len();
        if bytes > limits::ADDRESSES {
            let message = format!("addresses have at most {} bytes together", limits::ADDRESSES);
            return Err(Error::invalid_field(field, "too_long", message));
        }
    }
    Ok(())
}

fn check_part(part: &Part) -> Result<()> {
    let long = |text: &str, max: usize| text.chars().count() > max;
    match part {
        Part::Location {
            latitude,
            longitude,
            title,
            address,
            ..
        } => {
            if !(-90.0..=90.0).contains(latitude) || !(-180.0..=180.0).contains(longitude) {
                let message = "latitude is from -90 to 90, longitude from -180 to 180";
                return Err(Error::invalid_field("location", "range", message));
            }
            if title.as_ref().is_some_and(|title| long(title, limits::NAME))
                || address
                    .as_ref()
                    .is_some_and(|address| long(address, limits::SENTENCE))
            {
                return Err(Error::invalid_field(
                    "location",
                    "too_long",
                    "the name of the place is too long",
                ));
            }
        }
        Part::Contact { name, phone } if long(name, limits::NAME) || long(phone, limits::PHONE) => {
            return Err(Error::invalid_field(
                "contact",
                "too_long",
                "the name or the phone number is too long",
            ));
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn check_capabilities(content: &Content, can: &Capabilities) -> Result<()> {
    check_text(content.text_units(), can)?;
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

/// Whether a channel carries a text of so many UTF-16 code units, however long it may be.
pub(super) fn check_text(units: usize, can: &Capabilities) -> Result<()> {
    if units == 0 || can.sends_text() {
        return Ok(());
    }
    let message = "this channel carries no text to the customer";
    Err(Error::invalid_field("text", "unsupported", message))
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
