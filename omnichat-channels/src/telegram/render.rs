//! From a message of the core to calls of the Bot API. Pure.
//!
//! Texts go out with `entities`, never with a parse mode: whatever an operator writes is shown as written.

use omnichat_core::channel::Outbound;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::messages::{Button, ButtonAction, Part, Span, SpanStyle};
use serde_json::{Value, json};

use super::chat_name::ChatName;
use super::client::Params;
use super::media::Medium;

/// Longest text beside a file, in UTF-16 code units.
pub(super) const CAPTION_MAX: usize = 1024;
/// Largest data of a button, in bytes.
pub(super) const DATA_MAX: usize = 64;
/// Most files of an album.
const ALBUM_MAX: usize = 10;

/// One call, but for the files, whose handles are known only when it is made.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) method: &'static str,
    pub(super) params: Params,
    pub(super) files: Files,
    /// The message that comes of it is the one that is edited later.
    pub(super) names_the_message: bool,
}

/// The files of a call, by their place in the message.
#[derive(Clone, Debug)]
pub(super) enum Files {
    /// None.
    None,
    /// One, in the parameter of its medium.
    One(usize, Medium),
    /// An album, each with the parameters of its entry.
    Album(Vec<(usize, Medium, Params)>),
}

/// The calls that send a message, in order.
///
/// # Errors
/// `Rejected`, surely not sent, for what the platform cannot show.
pub(super) fn steps(message: &Outbound, place: &ChatName) -> Result<Vec<Step>> {
    let markup = markup(&message.buttons, place)?;
    let text = Some(&message.text).filter(|text| !text.trim().is_empty());
    let media: Vec<Medium> = message.files.iter().map(Medium::of).collect();
    let caption = text.filter(|text| takes_caption(text, &media, markup.is_some()));
    let mut steps = file_steps(&media, markup.is_none() || (text.is_some() && caption.is_none()));
    if let (Some(text), Some(first)) = (caption, steps.first_mut()) {
        let params = match &mut first.files {
            Files::Album(entries) => entries
                .first_mut()
                .map_or(&mut first.params, |(_, _, params)| params),
            _ => &mut first.params,
        };
        insert_text(params, "caption", "caption_entities", text, &message.spans);
    } else if let Some(text) = text {
        let mut step = Step::new("sendMessage");
        insert_text(&mut step.params, "text", "entities", text, &message.spans);
        step.names_the_message = true;
        steps.push(step);
    }
    steps.extend(message.part.as_ref().and_then(part_step));
    if let Some(markup) = markup {
        let named = steps.iter().position(|step| step.names_the_message);
        let bearer = named.or(steps.len().checked_sub(1));
        if let Some(step) = bearer.and_then(|index| steps.get_mut(index)) {
            step.params.insert("reply_markup".to_owned(), markup);
        }
    }
    let Some(first) = steps.first_mut() else {
        return Err(rejected(
            "there is nothing in the message that Telegram could show",
        ));
    };
    if let Some(id) = message.reply_to.as_deref().and_then(|id| id.parse::<i64>().ok()) {
        let reply = json!({ "message_id": id, "allow_sending_without_reply": true });
        first.params.insert("reply_parameters".to_owned(), reply);
    }
    for step in &mut steps {
        address(&mut step.params, place);
    }
    Ok(steps)
}

impl Step {
    fn new(method: &'static str) -> Self {
        Self {
            method,
            params: Params::new(),
            files: Files::None,
            names_the_message: false,
        }
    }

    /// The same without styles. Tells whether there were any.
    pub(super) fn strip_styles(&mut self) -> bool {
        let mut stripped = strip_styles(&mut self.params);
        if let Files::Album(entries) = &mut self.files {
            for (_, _, params) in entries {
                stripped |= strip_styles(params);
            }
        }
        stripped
    }

    /// The same with its one picture as a document. Tells whether it was one.
    pub(super) fn photo_as_document(&mut self) -> bool {
        let Files::One(index, Medium::Photo) = self.files else {
            return false;
        };
        self.files = Files::One(index, Medium::Document);
        self.method = Medium::Document.method();
        true
    }
}

/// Removes the styles of a text. Tells whether there were any.
pub(super) fn strip_styles(params: &mut Params) -> bool {
    let entities = params.remove("entities").is_some();
    params.remove("caption_entities").is_some() || entities
}

/// Puts in to whom a call goes.
pub(super) fn address(params: &mut Params, place: &ChatName) {
    params.insert("chat_id".to_owned(), place.chat.into());
    if let Some(connection) = &place.connection {
        params.insert("business_connection_id".to_owned(), connection.as_str().into());
    }
    if let Some(topic) = place.topic {
        params.insert("message_thread_id".to_owned(), topic.into());
    }
    if let Some(topic) = place.direct {
        params.insert("direct_messages_topic_id".to_owned(), topic.into());
    }
}

/// Puts in a text with its styles, under the names that the method uses.
pub(super) fn insert_text(params: &mut Params, name: &str, styles: &str, text: &str, spans: &[Span]) {
    params.insert(name.to_owned(), text.into());
    let entities = entities(text, spans);
    if !entities.is_empty() {
        params.insert(styles.to_owned(), entities.into());
    }
}

/// An inline keyboard for buttons that answer or lead to a page, a reply keyboard for those that ask for something.
///
/// # Errors
/// `Rejected`, surely not sent, for a mixture of both and for data that is too long.
pub(super) fn markup(rows: &[Vec<Button>], place: &ChatName) -> Result<Option<Value>> {
    let rows: Vec<&Vec<Button>> = rows.iter().filter(|row| !row.is_empty()).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let asks = |button: &Button| matches!(button.action, ButtonAction::Contact | ButtonAction::Location);
    if !rows.iter().any(|row| row.iter().any(asks)) {
        let keyboard = rows
            .iter()
            .map(|row| row.iter().map(inline_button).collect())
            .collect::<Result<Vec<Value>>>()?;
        return Ok(Some(json!({ "inline_keyboard": keyboard })));
    }
    if place.connection.is_some() {
        return Err(rejected(
            "a business account cannot ask for the phone number or the place by a button",
        ));
    }
    if !rows.iter().all(|row| row.iter().all(asks)) {
        return Err(rejected(
            "Telegram cannot show buttons that ask for something beside other buttons",
        ));
    }
    let ask = |button: &Button| match button.action {
        ButtonAction::Contact => json!({ "text": button.text, "request_contact": true }),
        _ => json!({ "text": button.text, "request_location": true }),
    };
    let keyboard: Vec<Vec<Value>> = rows.iter().map(|row| row.iter().map(ask).collect()).collect();
    Ok(Some(
        json!({ "keyboard": keyboard, "resize_keyboard": true, "one_time_keyboard": true }),
    ))
}

fn inline_button(button: &Button) -> Result<Value> {
    match &button.action {
        ButtonAction::Reply { data } if data.is_empty() || data.len() > DATA_MAX => Err(rejected(format!(
            "a button's data must have between 1 and {DATA_MAX} bytes"
        ))),
        ButtonAction::Reply { data } => Ok(json!({ "text": button.text, "callback_data": data })),
        ButtonAction::Url { url } => Ok(json!({ "text": button.text, "url": url })),
        ButtonAction::Contact | ButtonAction::Location => Err(rejected("this button cannot stand here")),
    }
}

/// Whether the text may stand beside the first file. A keyboard needs a message of its own beside an album.
fn takes_caption(text: &str, media: &[Medium], has_markup: bool) -> bool {
    let Some(first) = media.first() else { return false };
    first.takes_caption() && text.encode_utf16().count() <= CAPTION_MAX && (media.len() == 1 || !has_markup)
}

/// Calls for the files: neighbours that may stand in one album go together.
fn file_steps(media: &[Medium], albums: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut start = 0;
    for run in media.chunk_by(|a, b| albums && a.album().is_some() && a.album() == b.album()) {
        let indexed: Vec<(usize, Medium)> = (start..).zip(run.iter().copied()).collect();
        start += run.len();
        for group in indexed.chunks(ALBUM_MAX) {
            steps.push(match group {
                [(index, medium)] => Step {
                    files: Files::One(*index, *medium),
                    ..Step::new(medium.method())
                },
                group => {
                    let entries = group
                        .iter()
                        .map(|(index, medium)| (*index, *medium, Params::new()))
                        .collect();
                    Step {
                        files: Files::Album(entries),
                        ..Step::new("sendMediaGroup")
                    }
                }
            });
        }
    }
    steps
}

fn part_step(part: &Part) -> Option<Step> {
    let (method, params) = match part {
        Part::Location {
            latitude,
            longitude,
            title,
            address,
            ..
        } => match title.as_ref().or(address.as_ref()) {
            Some(name) => {
                let address = address.as_ref().unwrap_or(name);
                let title = title.as_ref().unwrap_or(name);
                (
                    "sendVenue",
                    json!({ "latitude": latitude, "longitude": longitude, "title": title, "address": address }),
                )
            }
            None => (
                "sendLocation",
                json!({ "latitude": latitude, "longitude": longitude }),
            ),
        },
        Part::Contact { name, phone } => (
            "sendContact",
            json!({ "phone_number": phone, "first_name": name }),
        ),
        _ => return None,
    };
    let Value::Object(params) = params else {
        return None;
    };
    Some(Step {
        params,
        ..Step::new(method)
    })
}

fn entities(text: &str, spans: &[Span]) -> Vec<Value> {
    let units = u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
    let entity = |span: &Span| {
        let length = span.length.min(units.saturating_sub(span.start));
        let kind = match span.style {
            SpanStyle::Bold => "bold",
            SpanStyle::Italic => "italic",
            SpanStyle::Underline => "underline",
            SpanStyle::Strike => "strikethrough",
            SpanStyle::Code => "code",
            SpanStyle::Pre => "pre",
            SpanStyle::Spoiler => "spoiler",
            SpanStyle::Quote => "blockquote",
            SpanStyle::Link => "text_link",
        };
        let mut entity = json!({ "type": kind, "offset": span.start, "length": length });
        if span.style == SpanStyle::Link {
            entity["url"] = span.url.as_deref()?.into();
        }
        (length > 0).then_some(entity)
    };
    spans.iter().filter_map(entity).collect()
}

fn rejected(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Rejected, message).surely_not_sent()
}
