//! From messages to requests, but for the files, whose tokens are known only after they were uploaded. Pure.

use omnichat_plugin_sdk::prelude::*;
use serde_json::{Map, Value, json};

use crate::markup;
use crate::upload::Medium;

/// Longest text, in UTF-16 units.
pub(crate) const TEXT_MAX: u64 = 4000;
/// Most files of a message.
pub(crate) const FILES_MAX: u64 = 10;
/// Most rows of buttons.
pub(crate) const ROWS_MAX: u64 = 30;
/// Most buttons in a row.
pub(crate) const ROW_MAX: u64 = 7;
/// The same for buttons that open or ask for something.
const WIDE_ROW_MAX: usize = 3;
/// Largest data of a button, in bytes.
pub(crate) const DATA_MAX: u64 = 1024;
/// What ids of messages begin with.
const MESSAGE: &str = "mid.";
const LABEL_MAX: usize = 128;
const URL_MAX: usize = 2048;

/// A message of MAX.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    /// Everything but the attachments.
    pub(crate) fields: Map<String, Value>,
    /// Files to be uploaded and attached.
    pub(crate) files: Vec<&'a OutboundFile>,
    /// Attachments that are complete.
    pub(crate) attachments: Vec<Value>,
}

impl Step<'_> {
    fn new() -> Self {
        Self {
            fields: Map::new(),
            files: Vec::new(),
            attachments: Vec::new(),
        }
    }
}

/// The messages of MAX that a message becomes, in order. The text goes with the first one, the buttons with the last one.
///
/// # Errors
/// `rejected` for what MAX cannot show.
pub(crate) fn steps(message: &Outbound) -> Result<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    let neighbours = message
        .files
        .chunk_by(|a, b| Medium::of(a).combines() && Medium::of(b).combines());
    for files in neighbours {
        steps.push(Step {
            files: files.iter().collect(),
            ..Step::new()
        });
    }
    if message.has_text() {
        if steps.is_empty() {
            steps.push(Step::new());
        }
        if let Some(first) = steps.first_mut() {
            first.fields = text(&message.text, &message.spans)?;
        }
    }
    if let Some(location) = &message.location {
        let (latitude, longitude) = (location.latitude, location.longitude);
        let mut step = Step::new();
        let names = [location.title.as_deref(), location.address.as_deref()];
        let names: Vec<&str> = names
            .into_iter()
            .flatten()
            .filter(|name| !name.is_empty())
            .collect();
        if !names.is_empty() {
            step.fields = text(&names.join(", "), &[])?;
        }
        step.attachments
            .push(json!({ "type": "location", "latitude": latitude, "longitude": longitude }));
        steps.push(step);
    }
    if let Some(Contact { name, phone }) = &message.contact {
        let mut step = Step::new();
        step.attachments
            .push(json!({ "type": "contact", "payload": { "name": name, "vcf_phone": phone } }));
        steps.push(step);
    }
    let keyboard = keyboard(&message.buttons)?;
    let Some(first) = steps.first_mut() else {
        return Err(PluginError::rejected(
            "there is nothing in the message that MAX could show",
        ));
    };
    // A press of a button and a pressed «start» are no messages that could be pointed at.
    if let Some(mid) = message.reply_to.as_ref().filter(|id| id.starts_with(MESSAGE)) {
        first
            .fields
            .insert("link".to_owned(), json!({ "type": "reply", "mid": mid }));
    }
    if let Some(last) = steps.last_mut() {
        last.attachments.extend(keyboard);
    }
    Ok(steps)
}

/// The text with its styles.
///
/// # Errors
/// `rejected` if it is too long.
pub(crate) fn text(text: &str, spans: &[Span]) -> Result<Map<String, Value>> {
    if utf16_len(text) as u64 > TEXT_MAX {
        return Err(PluginError::rejected(format!(
            "a text has {TEXT_MAX} characters at most"
        )));
    }
    let mut fields = Map::new();
    match markup::html(text, spans) {
        Some(html) => {
            fields.insert("text".to_owned(), html.into());
            fields.insert("format".to_owned(), "html".into());
        }
        // Without a format nothing in it can be taken for a style.
        None => {
            fields.insert("text".to_owned(), text.into());
        }
    }
    Ok(fields)
}

/// The buttons as an attachment, if there are any.
///
/// # Errors
/// `rejected` for buttons that MAX does not take.
pub(crate) fn keyboard(rows: &[Vec<Button>]) -> Result<Option<Value>> {
    let mut shown: Vec<Vec<Value>> = Vec::new();
    for row in rows.iter().filter(|row| !row.is_empty()) {
        let wide = row.iter().any(|button| button.kind != "reply");
        let most = if wide {
            WIDE_ROW_MAX
        } else {
            usize::try_from(ROW_MAX).unwrap_or(WIDE_ROW_MAX)
        };
        for row in row.chunks(most) {
            shown.push(row.iter().map(button).collect::<Result<_>>()?);
        }
    }
    if shown.len() as u64 > ROWS_MAX {
        return Err(PluginError::rejected(format!(
            "there are {ROWS_MAX} rows of buttons at most"
        )));
    }
    let keyboard = json!({ "type": "inline_keyboard", "payload": { "buttons": shown } });
    Ok((!shown.is_empty()).then_some(keyboard))
}

fn button(button: &Button) -> Result<Value> {
    let label: String = button.text.chars().take(LABEL_MAX).collect();
    Ok(match button.action() {
        Some(ButtonAction::Reply(data)) if data.len() as u64 > DATA_MAX => {
            return Err(PluginError::rejected(format!(
                "a button's data has {DATA_MAX} bytes at most"
            )));
        }
        Some(ButtonAction::Url(url)) if url.len() > URL_MAX => {
            return Err(PluginError::rejected(format!(
                "a button's address has {URL_MAX} bytes at most"
            )));
        }
        Some(ButtonAction::Reply(data)) => json!({ "type": "callback", "text": label, "payload": data }),
        Some(ButtonAction::Url(url)) => json!({ "type": "link", "text": label, "url": url }),
        Some(ButtonAction::Contact) => json!({ "type": "request_contact", "text": label }),
        Some(ButtonAction::Location) => json!({ "type": "request_geo_location", "text": label }),
        None => return Err(PluginError::rejected("MAX has no button of this kind")),
    })
}
