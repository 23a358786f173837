//! What of an event is taken in: strangers decide what they send, and how long it is, where its links lead and what its clock
//! says. Nothing is lost by it: a message whose text is too long is kept with the text's beginning and a mark that says so.
//!
//! [`fit`] changes an event to what can be kept, and tells each change. Who can mend its request is told instead of being
//! changed, see [`refuse`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::channel::inbound::AttachmentSource;
use crate::channel::{ChatInfo, Inbound, InboundAttachment, InboundEvent, InboundMessage, Person, Profile};
use crate::clock::Timestamp;
use crate::contacts::Scope;
use crate::error::{Error, FieldError, Result};
use crate::files::name::file_name;
use crate::messages::{Button, ButtonAction, Fact, Part, Span};
use crate::text::{beginning, shorten};
use crate::{address, limits};

/// Room that is left for the marks of what was cut, in UTF-16 code units.
const MARKS: usize = 100;
/// What the beginning of an id that is too long keeps, in bytes; the rest is a digest.
const ID_KEPT: usize = 64;

/// Changes an event to what can be kept. What was changed, by field, in the words of the API channel's format.
///
/// # Errors
/// `Invalid` for an event that cannot be kept at all: without a chat, or with one that is too long to write to.
pub(super) fn fit(event: &mut Inbound, now: Timestamp) -> Result<Vec<FieldError>> {
    if event.chat.id.is_empty() || event.chat.id.len() > limits::ID {
        let message = format!("a chat's id has 1 to {} bytes", limits::ID);
        return Err(Error::invalid_field("chat.id", "length", message));
    }
    let mut fit = Fit {
        now,
        changed: Vec::new(),
        addresses: limits::ADDRESSES,
    };
    fit.chat(&mut event.chat);
    if let Some(person) = &mut event.person {
        fit.person(person);
    }
    fit.event(&mut event.event);
    Ok(fit.changed)
}

/// Refuses an event that would have to be changed, with every field that is wrong.
pub(super) fn refuse(event: &Inbound, now: Timestamp) -> Result<()> {
    let changed = fit(&mut event.clone(), now)?;
    let Some(first) = changed.first() else {
        return Ok(());
    };
    let error = Error::invalid(format!("{}: {}", first.field, first.message));
    let with = |error: Error, one: &FieldError| error.with_field(&one.field, &one.code, one.message.clone());
    Err(changed.iter().fold(error, with))
}

/// The id under which a platform's id is kept: the id itself, or in place of one that is too long a shorter one that is the
/// same each time and another for another id.
pub(crate) fn kept_id(id: &str) -> String {
    if id.len() <= limits::ID {
        return id.to_owned();
    }
    let digest = hex::encode(Sha256::digest(id.as_bytes()));
    format!("{}…{digest}", &id[..id.floor_char_boundary(ID_KEPT)])
}

/// An event as the parts in which it is applied, each in a commit of its own: mostly it is one. A platform may tell at once that
/// very many messages were deleted.
pub(super) fn parts(event: &Inbound) -> Vec<Cow<'_, Inbound>> {
    match &event.event {
        InboundEvent::Deleted { external_ids, at } if external_ids.len() > limits::DELETED => {
            let part = |ids: &[String]| Inbound {
                chat: event.chat.clone(),
                person: event.person.clone(),
                event: InboundEvent::Deleted {
                    external_ids: ids.to_vec(),
                    at: *at,
                },
            };
            let parts = external_ids.chunks(limits::DELETED).map(part);
            parts.map(Cow::Owned).collect()
        }
        _ => vec![Cow::Borrowed(event)],
    }
}

struct Fit {
    now: Timestamp,
    changed: Vec<FieldError>,
    /// Bytes of addresses that the message may still have.
    addresses: usize,
}

impl Fit {
    fn note(&mut self, field: &str, code: &str, message: impl Into<String>) {
        self.changed.push(FieldError {
            field: field.to_owned(),
            code: code.to_owned(),
            message: message.into(),
        });
    }

    fn event(&mut self, event: &mut InboundEvent) {
        match event {
            InboundEvent::Message(message) => self.message(message),
            InboundEvent::Edited { message, at } => {
                self.message(message);
                // Without a time of its own an edit happened when it was heard of.
                *at = self.time("at", *at).unwrap_or(self.now);
            }
            InboundEvent::Deleted { external_ids, at } => {
                self.most("ids", external_ids, limits::DELETED);
                external_ids.iter_mut().for_each(|id| self.id("ids", id));
                self.moment(at);
            }
            InboundEvent::Receipt {
                external_id, reason, ..
            } => {
                self.id("id", external_id);
                self.maybe("reason", reason, limits::SENTENCE);
            }
            // A mark in the future covers what there is; one from before all messages covers nothing.
            InboundEvent::ReadUpTo { at } => *at = self.time("at", *at).unwrap_or((*at).min(self.now)),
            InboundEvent::Reactions { external_id, emoji } => {
                self.id("id", external_id);
                self.most("emoji", emoji, limits::REACTIONS);
                emoji
                    .iter_mut()
                    .for_each(|emoji| self.text("emoji", emoji, limits::EMOJI));
            }
            InboundEvent::ReactionCounts { external_id, counts } => {
                self.id("id", external_id);
                self.most("counts", counts, limits::REACTIONS);
                counts
                    .iter_mut()
                    .for_each(|(emoji, _)| self.text("counts", emoji, limits::EMOJI));
            }
            InboundEvent::ButtonPressed {
                external_id,
                message_external_id,
                data,
                title,
                at,
            } => {
                self.maybe("title", title, limits::NAME);
                self.id("id", external_id);
                message_external_id
                    .iter_mut()
                    .for_each(|id| self.id("message_id", id));
                self.data(data);
                self.moment(at);
            }
            InboundEvent::Reachable { at, .. } => self.moment(at),
            InboundEvent::Migrated { new_chat } => {
                if new_chat.len() > limits::ID {
                    self.note("new_chat", "too_long", format!("at most {} bytes", limits::ID));
                    // Nothing is said by an event without a new chat.
                    new_chat.clear();
                }
            }
            InboundEvent::Typing { .. } => {}
        }
    }

    fn message(&mut self, message: &mut InboundMessage) {
        self.id("id", &mut message.external_id);
        self.moment(&mut message.at);
        self.maybe("author_name", &mut message.author_name, limits::NAME);
        self.maybe("quote", &mut message.quote, limits::SENTENCE);
        self.maybe("forwarded_from", &mut message.forwarded_from, limits::NAME);
        if let Some(original) = &mut message.original {
            self.text("original", &mut original.author_name, limits::NAME);
            self.text("original", &mut original.text, limits::SENTENCE);
            self.text("original", &mut original.kind, limits::NAME);
        }
        for (field, id) in [
            ("reply_to", &mut message.reply_to),
            ("group", &mut message.group),
            ("client_key", &mut message.client_key),
        ] {
            id.iter_mut().for_each(|id| self.id(field, id));
        }
        self.body(message);
        self.spans(message);
        self.buttons(&mut message.buttons);
        if let Some(part) = &mut message.part {
            self.part(part);
        }
    }

    /// Text and files; the text says how much of them was cut.
    fn body(&mut self, message: &mut InboundMessage) {
        let (units, files) = (message.text.encode_utf16().count(), message.attachments.len());
        self.most("attachments", &mut message.attachments, limits::ATTACHMENTS);
        message
            .attachments
            .iter_mut()
            .for_each(|file| self.attachment(file));
        if units > limits::TEXT {
            self.note("text", "too_long", format!("at most {} characters", limits::TEXT));
        }
        let mut marks = String::new();
        if files > limits::ATTACHMENTS {
            marks = format!("\n[✂ 📎 {} / {files}]", limits::ATTACHMENTS);
        }
        // A text that is just short enough may have no room for the mark of the files.
        if units + marks.encode_utf16().count() > limits::TEXT {
            let kept = beginning(&message.text, limits::TEXT - MARKS).len();
            message.text.truncate(kept);
            marks.insert_str(0, &format!("…\n[✂ {} / {units}]", limits::TEXT - MARKS));
        }
        message.text.push_str(&marks);
    }

    /// Styles within the text; a link that may not be one becomes plain text.
    fn spans(&mut self, message: &mut InboundMessage) {
        let units = message.text.encode_utf16().count();
        let before = message.spans.len();
        message.spans.truncate(limits::SPANS);
        message.spans.retain_mut(|span| {
            let left = units.saturating_sub(span.start as usize);
            span.length = span.length.min(u32::try_from(left).unwrap_or(u32::MAX));
            span.length > 0
        });
        // A text that was cut has said so.
        if before > limits::SPANS {
            self.note("spans", "too_many", format!("at most {} styles", limits::SPANS));
        }
        message.spans.retain_mut(|span: &mut Span| match &mut span.url {
            Some(url) => self.address("spans", url),
            None => true,
        });
    }

    /// Rows of buttons; one whose link leads nowhere is left out.
    fn buttons(&mut self, rows: &mut Vec<Vec<Button>>) {
        let mut left = limits::BUTTONS;
        if rows.iter().map(Vec::len).sum::<usize>() > left {
            self.note("buttons", "too_many", format!("at most {left} buttons"));
        }
        for row in rows.iter_mut() {
            row.truncate(left);
            left -= row.len();
            row.retain_mut(|button| {
                self.text("buttons", &mut button.text, limits::LABEL);
                match &mut button.action {
                    ButtonAction::Reply { data } => {
                        self.data(data);
                        true
                    }
                    ButtonAction::Url { url } => self.address("buttons", url),
                    ButtonAction::Contact | ButtonAction::Location => true,
                }
            });
        }
        rows.retain(|row| !row.is_empty());
    }

    fn part(&mut self, part: &mut Part) {
        match part {
            Part::Location {
                latitude,
                longitude,
                title,
                address,
                live,
            } => {
                if let Some(live) = live {
                    // It ends hours ahead, or never.
                    live.until = live.until.and_then(|until| until.believed(self.now));
                }
                self.maybe("location", title, limits::NAME);
                self.maybe("location", address, limits::SENTENCE);
                if !is_on_earth(*latitude, *longitude) {
                    self.note(
                        "location",
                        "range",
                        "latitude from -90 to 90, longitude from -180 to 180",
                    );
                    *part = Part::Unsupported {
                        kind: "location".to_owned(),
                        summary: format!("{latitude}, {longitude}"),
                    };
                }
            }
            Part::Contact { name, phone } => {
                self.text("contact", name, limits::NAME);
                self.text("contact", phone, limits::PHONE);
            }
            Part::Sticker { emoji } => self.maybe("sticker", emoji, limits::EMOJI),
            Part::ButtonPress { data, title } => {
                self.data(data);
                self.maybe("button", title, limits::NAME);
            }
            Part::Notice { title, facts, .. } => {
                self.text("notice", title, limits::SENTENCE);
                self.most("notice", facts, limits::FACTS);
                facts.iter_mut().for_each(|fact| self.fact(fact));
            }
            Part::Unsupported { kind, summary } => {
                self.text("unsupported", kind, limits::NAME);
                self.text("unsupported", summary, limits::SENTENCE);
            }
            Part::System {
                actor,
                target,
                comment,
                ..
            } => {
                for text in [actor, target, comment] {
                    self.maybe("system", text, limits::SENTENCE);
                }
            }
        }
    }

    fn fact(&mut self, fact: &mut Fact) {
        self.text("notice", &mut fact.text, limits::DATA);
        self.maybe("notice", &mut fact.currency, limits::EMOJI);
        if let Some(url) = &mut fact.url
            && !self.address("notice", url)
        {
            fact.url = None;
        }
    }

    fn attachment(&mut self, file: &mut InboundAttachment) {
        self.text("attachments", &mut file.name.clone(), limits::FILE_NAME);
        if !file.name.is_empty() {
            file.name = file_name(&file.name);
        }
        file.identity
            .iter_mut()
            .for_each(|identity| self.id("attachments", identity));
        if file.content_type.len() > limits::TYPE {
            self.note(
                "attachments",
                "too_long",
                format!("a content type has at most {} bytes", limits::TYPE),
            );
            "application/octet-stream".clone_into(&mut file.content_type);
        }
        match &mut file.source {
            AttachmentSource::Remote(handle) if handle.len() > limits::HANDLE => {
                self.note(
                    "attachments",
                    "too_long",
                    format!("an address has at most {} bytes", limits::HANDLE),
                );
                file.source = AttachmentSource::Missing("the address of this file is too long".to_owned());
            }
            AttachmentSource::Missing(reason) => self.text("attachments", reason, limits::SENTENCE),
            AttachmentSource::Remote(_) | AttachmentSource::Stored(_) => {}
        }
    }

    fn chat(&mut self, chat: &mut ChatInfo) {
        self.maybe("chat.title", &mut chat.title, limits::NAME);
        self.text("chat.context.title", &mut chat.context.title, limits::SENTENCE);
        if let Some(url) = &mut chat.context.url
            && !self.address("chat.context.url", url)
        {
            chat.context.url = None;
        }
        self.pairs("chat.context.facts", &mut chat.context.facts, limits::CONTEXT);
        self.pairs("chat.route", &mut chat.route, limits::ROUTE);
    }

    fn person(&mut self, person: &mut Person) {
        self.id("person.id", &mut person.id);
        // Without an id it is the chat's, which means somebody on this inbox only.
        let is_known = match person.id.is_empty() {
            true => person.scope == Scope::Inbox,
            false => person.scope.names(&person.id),
        };
        if !is_known {
            self.note("person.scope", "format", "a scope whose ids look like this one");
            person.scope = Scope::Inbox;
        }
        if !person.id.is_empty() && !Scope::Inbox.names(&person.id) {
            self.note(
                "person.id",
                "format",
                "an id is no blank and has no control characters",
            );
            person.id.clear();
        }
        self.most("person.also", &mut person.also, limits::ALSO);
        person
            .also
            .iter_mut()
            .for_each(|also| self.id("person.also", &mut also.id));
        let before = person.also.len();
        person.also.retain(|also| also.scope.names(&also.id));
        if person.also.len() < before {
            self.note("person.also", "format", "a scope whose ids look like this one");
        }
        self.profile(&mut person.profile);
    }

    fn profile(&mut self, profile: &mut Profile) {
        self.text("person.name", &mut profile.name, limits::NAME);
        self.maybe("person.username", &mut profile.username, limits::NAME);
        // The beginning of one of these is another one.
        for (field, value, max) in [
            ("person.email", &mut profile.email, limits::EMAIL),
            ("person.phone", &mut profile.phone, limits::PHONE),
            ("person.locale", &mut profile.locale, limits::TYPE),
        ] {
            if value.as_ref().is_some_and(|value| value.len() > max) {
                self.note(field, "too_long", format!("at most {max} bytes"));
                *value = None;
            }
        }
        self.pairs("person.attributes", &mut profile.attributes, limits::ATTRIBUTES);
    }

    /// Names and values, within the bounds of a customer's attributes.
    fn pairs(&mut self, field: &str, pairs: &mut BTreeMap<String, String>, most: usize) {
        let long = |name: &str, value: &str| {
            name.chars().count() > limits::ATTRIBUTE_NAME || value.chars().count() > limits::ATTRIBUTE_VALUE
        };
        let (mut count, mut bytes, before) = (0, 0, pairs.len());
        pairs.retain(|name, value| {
            let is_kept = !long(name, value)
                && count < most
                && bytes + name.len() + value.len() <= limits::ATTRIBUTES_BYTES;
            if is_kept {
                count += 1;
                bytes += name.len() + value.len();
            }
            is_kept
        });
        if pairs.len() < before {
            let (name, value) = (limits::ATTRIBUTE_NAME, limits::ATTRIBUTE_VALUE);
            let message = format!("at most {most}, with names of {name} and values of {value} characters");
            self.note(field, "too_long", message);
        }
    }

    fn most<T>(&mut self, field: &str, items: &mut Vec<T>, most: usize) {
        if items.len() > most {
            self.note(field, "too_many", format!("at most {most}"));
            items.truncate(most);
        }
    }

    fn text(&mut self, field: &str, text: &mut String, max: usize) {
        if shorten(text, max) {
            self.note(field, "too_long", format!("at most {max} characters"));
        }
    }

    fn maybe(&mut self, field: &str, text: &mut Option<String>, max: usize) {
        text.iter_mut().for_each(|text| self.text(field, text, max));
    }

    fn data(&mut self, data: &mut String) {
        if data.len() > limits::DATA {
            self.note("data", "too_long", format!("at most {} bytes", limits::DATA));
            data.truncate(data.floor_char_boundary(limits::DATA));
        }
    }

    fn id(&mut self, field: &str, id: &mut String) {
        if id.len() > limits::ID {
            self.note(field, "too_long", format!("at most {} bytes", limits::ID));
            *id = kept_id(id);
        }
    }

    /// Whether a link may lead there and there is room for its address.
    fn address(&mut self, field: &str, url: &mut String) -> bool {
        let Some(allowed) = address::allowed(url) else {
            let schemes = address::SCHEMES.join(", ");
            self.note(
                field,
                "scheme",
                format!(
                    "a link begins with one of {schemes}, and is no longer than {}",
                    limits::ADDRESS
                ),
            );
            return false;
        };
        if allowed.len() > self.addresses {
            self.note(
                field,
                "too_long",
                format!("addresses have {} bytes together", limits::ADDRESSES),
            );
            return false;
        }
        self.addresses -= allowed.len();
        if allowed.len() < url.len() {
            *url = allowed.to_owned();
        }
        true
    }

    /// A time as it can be believed; none if it cannot be, so that the time of arrival takes its place.
    fn time(&mut self, field: &str, at: Timestamp) -> Option<Timestamp> {
        let believed = at.believed(self.now);
        if believed != Some(at) {
            self.note(
                field,
                "range",
                format!("not a time between 1990 and tomorrow: {at}"),
            );
        }
        believed
    }

    fn moment(&mut self, at: &mut Option<Timestamp>) {
        *at = at.and_then(|told| self.time("at", told));
    }
}

/// Whether there is such a place.
fn is_on_earth(latitude: f64, longitude: f64) -> bool {
    (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)
}

#[cfg(test)]
mod tests;
