//! From messages to requests. Pure.
//!
//! A request holds one thing: a text, a file, a place or a card. Buttons stand under the last one, since a message without a
//! keyboard takes the one before it away.

use omnichat_plugin_sdk::prelude::*;
use serde_json::{Map, Value, json};

use crate::config::{NAME_MAX, Settings};
use crate::markup::marked;

/// Longest text, in UTF-16 units.
pub(crate) const TEXT_MAX: u64 = 7000;
/// Longest text beside a picture; a longer one is sent as a message of its own.
pub(crate) const CAPTION_MAX: u64 = 512;
/// Columns of a keyboard.
pub(crate) const COLUMNS: u64 = 6;
/// Largest data of a button, in bytes.
pub(crate) const DATA_MAX: u64 = 250;
/// Largest file.
pub(crate) const FILE_MAX: u64 = 50_000_000;
/// Largest picture that is shown as one; a larger one goes as a file.
const PICTURE_MAX: u64 = 1_000_000;
/// Largest film that is shown as one; a larger one goes as a file.
const VIDEO_MAX: u64 = 26_000_000;
/// Longest address.
const URL_MAX: usize = 2000;
/// Longest name of a file, in characters.
const FILE_NAME_MAX: usize = 256;
/// Pressing a button arrives as a text: this tells it from what people write.
pub(crate) const BUTTON_PREFIX: &str = "omni:";
/// What the tracking data of the welcome message begins with, if a link led to it.
const CONTEXT_PREFIX: &str = "link:";
/// Most characters of a link's context that come back.
const CONTEXT_MAX: usize = 1000;
/// From this version of the API on, clients can be asked for phone number and place.
const ASKING_VERSION: u32 = 3;
/// From this version of the API on, clients do not show the data of a pressed button as the customer's words.
const SILENT_VERSION: u32 = 6;
/// The newest version of the API of which anything here makes use.
const NEWEST_VERSION: u32 = 7;

/// A request that sends something.
#[derive(Debug, PartialEq)]
pub(crate) struct Step(Value);

impl Step {
    pub(crate) fn body(&self) -> &Value {
        &self.0
    }

    /// The same for new clients only.
    pub(crate) fn raised(&self) -> Value {
        let mut raised = self.0.clone();
        raised["min_api_version"] = NEWEST_VERSION.into();
        raised
    }

    /// The same for old clients; none if nothing can be left out.
    pub(crate) fn plain(&self) -> Option<Value> {
        let mut fields = self.0.as_object()?.clone();
        fields.remove("keyboard")?;
        fields.insert("min_api_version".to_owned(), 1.into());
        Some(Value::Object(fields))
    }
}

/// Makes requests by the settings of a bot.
pub(crate) struct Renderer<'a> {
    pub(crate) settings: &'a Settings,
}

impl Renderer<'_> {
    /// The requests that send a message, in order.
    ///
    /// # Errors
    /// `rejected` for what Viber cannot show.
    pub(crate) fn steps(&self, message: &Outbound) -> Result<Vec<Step>> {
        let mut contents = Vec::new();
        let styled = styled(&message.text, &message.spans);
        let mut text = Some(styled.as_str()).filter(|_| message.has_text());
        for file in &message.files {
            let caption =
                text.filter(|text| contents.is_empty() && is_picture(file) && fits(text, CAPTION_MAX));
            contents.push(content_of(file, caption.unwrap_or_default())?);
            if caption.is_some() {
                text = None;
            }
        }
        if let Some(text) = text {
            if !fits(text, TEXT_MAX) {
                return Err(PluginError::rejected(format!(
                    "a text has {TEXT_MAX} characters at most"
                )));
            }
            contents.push(json!({ "type": "text", "text": text }));
        }
        if let Some(location) = &message.location {
            let names = [location.title.as_deref(), location.address.as_deref()];
            let name = names
                .into_iter()
                .flatten()
                .filter(|name| !name.is_empty())
                .collect::<Vec<_>>()
                .join(", ");
            if !name.is_empty() {
                contents.push(json!({ "type": "text", "text": name }));
            }
            let (lat, lon) = (location.latitude.to_string(), location.longitude.to_string());
            contents.push(json!({ "type": "location", "location": { "lat": lat, "lon": lon } }));
        }
        if let Some(Contact { name, phone }) = &message.contact {
            let name = first_characters(name, NAME_MAX);
            contents.push(json!({ "type": "contact", "contact": { "name": name, "phone_number": phone } }));
        }
        let keyboard = keyboard(&message.buttons)?;
        if contents.is_empty() {
            return Err(PluginError::rejected(
                "there is nothing in the message that Viber could show",
            ));
        }
        let last = contents.len() - 1;
        let common = self.common(&message.author_name, &message.id);
        let step = |(number, content): (usize, Value)| {
            let mut fields = common.clone();
            fields.insert("receiver".to_owned(), message.chat.clone().into());
            if let Value::Object(content) = content {
                fields.extend(content);
            }
            if let Some((keyboard, version)) = keyboard.clone().filter(|_| number == last) {
                fields.insert("keyboard".to_owned(), keyboard);
                fields.insert("min_api_version".to_owned(), version.into());
            }
            Step(Value::Object(fields))
        };
        Ok(contents.into_iter().enumerate().map(step).collect())
    }

    /// What is shown to who opens the chat for the first time, if anything. What the link held comes back with the answer.
    pub(crate) fn welcome(&self, name: Option<&str>, context: Option<&str>) -> Option<Value> {
        let text = self.settings.welcome_message.trim();
        if text.is_empty() {
            return None;
        }
        let context = context.filter(|context| !context.is_empty());
        let tracking =
            context.map(|context| format!("{CONTEXT_PREFIX}{}", first_characters(context, CONTEXT_MAX)));
        let mut fields = self.common("", tracking.as_deref().unwrap_or("welcome"));
        fields.insert("type".to_owned(), "text".into());
        fields.insert(
            "text".to_owned(),
            text.replace("{name}", name.unwrap_or_default()).into(),
        );
        Some(Value::Object(fields))
    }

    fn common(&self, author: &str, tracking: &str) -> Map<String, Value> {
        let names = [self.settings.sender_name.as_str(), author];
        let name = names.into_iter().map(str::trim).find(|name| !name.is_empty());
        let mut sender = json!({ "name": first_characters(name.unwrap_or("Support"), NAME_MAX) });
        if !self.settings.sender_avatar.is_empty() {
            sender["avatar"] = self.settings.sender_avatar.as_str().into();
        }
        let mut fields = Map::new();
        fields.insert("sender".to_owned(), sender);
        fields.insert("min_api_version".to_owned(), 1.into());
        fields.insert("tracking_data".to_owned(), tracking.into());
        fields
    }
}

/// What the link held that led to the welcome message with this tracking data.
pub(crate) fn context_of(tracking: &str) -> Option<&str> {
    tracking.strip_prefix(CONTEXT_PREFIX)
}

/// The text with its styles; without them if the marks make it too long.
fn styled(text: &str, spans: &[Span]) -> String {
    let marked = marked(text, spans);
    if fits(&marked, TEXT_MAX) {
        marked
    } else {
        text.to_owned()
    }
}

fn content_of(file: &OutboundFile, caption: &str) -> Result<Value> {
    let url = file.url.as_deref().ok_or_else(|| {
        PluginError::rejected("Viber fetches files from this server, which has no public https address: set one up to send files")
    })?;
    if url.len() > URL_MAX {
        return Err(PluginError::rejected(
            "the file's address is longer than Viber allows",
        ));
    }
    if file.size > FILE_MAX {
        return Err(PluginError::rejected("the file is larger than Viber allows"));
    }
    if is_picture(file) {
        return Ok(json!({ "type": "picture", "text": caption, "media": url }));
    }
    if file.kind == "video" && file.content_type == "video/mp4" && file.size <= VIDEO_MAX {
        return Ok(json!({ "type": "video", "media": url, "size": file.size }));
    }
    let name = last_characters(&file.name, FILE_NAME_MAX);
    Ok(json!({ "type": "file", "media": url, "size": file.size, "file_name": name }))
}

fn is_picture(file: &OutboundFile) -> bool {
    let shown = matches!(file.content_type.as_str(), "image/jpeg" | "image/png");
    file.kind == "image" && shown && file.size <= PICTURE_MAX
}

/// The keyboard, with the version of the API that it needs.
fn keyboard(rows: &[Vec<Button>]) -> Result<Option<(Value, u32)>> {
    let mut buttons = Vec::new();
    let mut version = 1;
    for row in rows.iter().filter(|row| !row.is_empty()) {
        let count = row.len() as u64;
        if count > COLUMNS {
            return Err(PluginError::rejected(format!(
                "a row has {COLUMNS} buttons at most"
            )));
        }
        for (at, button) in (0..).zip(row) {
            // The columns that do not divide go to the first buttons.
            let columns = COLUMNS / count + u64::from(at < COLUMNS % count);
            let (action, body) = match button.action() {
                Some(ButtonAction::Reply(data)) if data.len() as u64 > DATA_MAX => {
                    return Err(PluginError::rejected(format!(
                        "a button's data has {DATA_MAX} bytes at most"
                    )));
                }
                Some(ButtonAction::Reply(data)) => ("reply", format!("{BUTTON_PREFIX}{data}")),
                Some(ButtonAction::Url(url)) => ("open-url", url.to_owned()),
                Some(ButtonAction::Contact) => ("share-phone", "phone".to_owned()),
                Some(ButtonAction::Location) => ("location-picker", "location".to_owned()),
                None => return Err(PluginError::rejected("Viber has no button of this kind")),
            };
            let mut shown = json!({
                "Columns": columns, "Rows": 1, "ActionType": action, "ActionBody": body,
                "Text": escaped(&button.text), "TextSize": "regular",
            });
            // Without it, the data would stand in the chat as what the customer wrote.
            let needed = if matches!(action, "reply" | "open-url") {
                shown["Silent"] = true.into();
                SILENT_VERSION
            } else {
                ASKING_VERSION
            };
            version = version.max(needed);
            buttons.push(shown);
        }
    }
    let keyboard = json!({ "Type": "keyboard", "DefaultHeight": false, "Buttons": buttons });
    Ok((!buttons.is_empty()).then_some((keyboard, version)))
}

/// Labels of buttons may hold some HTML; what people write is no HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn fits(text: &str, max: u64) -> bool {
    utf16_len(text) as u64 <= max
}

fn first_characters(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

/// The end of a name matters more: it says what the file is.
fn last_characters(text: &str, count: usize) -> String {
    let length = text.chars().count();
    text.chars().skip(length.saturating_sub(count)).collect()
}
