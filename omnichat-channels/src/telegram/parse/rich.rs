//! Rich messages: a tree of blocks becomes one text with styles, and the files that stand in it.

use omnichat_core::channel::InboundAttachment;
use omnichat_core::messages::{Span, SpanStyle};
use serde_json::Value;

use super::fields::{name_of, text};
use super::{Reader, media, message};

/// Most files of a message.
const FILES_MAX: usize = 20;

/// What a rich message says.
#[derive(Default)]
pub(super) struct Rich {
    pub(super) text: String,
    pub(super) spans: Vec<Span>,
    pub(super) files: Vec<InboundAttachment>,
    /// Length of the text in UTF-16 code units.
    units: u32,
}

/// Reads a rich message. Blocks of unknown types give the text that is in them.
pub(super) fn read(reader: &Reader, message: &Value) -> Rich {
    let mut rich = Rich::default();
    rich.blocks(reader, message.get("blocks"), "");
    rich
}

impl Rich {
    fn blocks(&mut self, reader: &Reader, blocks: Option<&Value>, indent: &str) {
        for block in blocks.and_then(Value::as_array).into_iter().flatten() {
            self.block(reader, block, indent);
        }
    }

    fn block(&mut self, reader: &Reader, block: &Value, indent: &str) {
        let style = match text(block, "type") {
            "heading" => Some(SpanStyle::Bold),
            "preformatted" | "mathematical_expression" => Some(SpanStyle::Pre),
            "blockquote" | "pullquote" => Some(SpanStyle::Quote),
            "footer" => Some(SpanStyle::Italic),
            _ => None,
        };
        if let Some(words) = block.get("text") {
            self.line(indent);
            self.styled(style, None, |rich| rich.inline(words));
        }
        if let Some(words) = block.get("expression").and_then(Value::as_str) {
            self.line(indent);
            self.styled(style, None, |rich| rich.push(words));
        }
        if let Some(words) = block.get("summary") {
            self.line(indent);
            self.styled(Some(SpanStyle::Bold), None, |rich| rich.inline(words));
        }
        for row in block.get("cells").and_then(Value::as_array).into_iter().flatten() {
            self.row(row, indent);
        }
        for item in block.get("items").and_then(Value::as_array).into_iter().flatten() {
            self.item(reader, item, indent);
        }
        let nested = block.get("blocks");
        self.styled(style, None, |rich| rich.blocks(reader, nested, indent));
        if let Some(place) = block.get("location") {
            let degrees = |name: &str| place.get(name).and_then(Value::as_f64).unwrap_or_default();
            self.line(indent);
            self.push(&format!("{}, {}", degrees("latitude"), degrees("longitude")));
        }
        if self.files.len() < FILES_MAX {
            self.files.extend(media::of_block(reader, block));
        }
        if let Some(caption) = block.get("caption") {
            let words = caption.get("text").unwrap_or(caption);
            self.line(indent);
            self.inline(words);
        }
        if let Some(credit) = block.get("credit") {
            self.line(indent);
            self.styled(Some(SpanStyle::Italic), None, |rich| rich.inline(credit));
        }
    }

    fn row(&mut self, row: &Value, indent: &str) {
        self.line(indent);
        for (index, cell) in row.as_array().into_iter().flatten().enumerate() {
            if index > 0 {
                self.push(" | ");
            }
            let header = cell.get("is_header").and_then(Value::as_bool).unwrap_or_default();
            let words = cell.get("text").unwrap_or(&Value::Null);
            self.styled(header.then_some(SpanStyle::Bold), None, |rich| rich.inline(words));
        }
    }

    fn item(&mut self, reader: &Reader, item: &Value, indent: &str) {
        let is = |name: &str| item.get(name).and_then(Value::as_bool).unwrap_or_default();
        let label = match (is("has_checkbox"), is("is_checked"), text(item, "label")) {
            (true, true, _) => "☑ ",
            (true, false, _) => "☐ ",
            (false, _, "") => "• ",
            (false, _, label) => &format!("{label} "),
        };
        self.line(indent);
        self.push(label);
        // What is first in the item stands beside its label.
        let mut inner = Self::default();
        inner.blocks(reader, item.get("blocks"), &format!("{indent}  "));
        if let Some(words) = item.get("text") {
            inner.inline(words);
        }
        let cut = inner.text.len() - inner.text.trim_start().len();
        let cut_units = u32::try_from(inner.text[..cut].encode_utf16().count()).unwrap_or_default();
        for span in inner.spans {
            let end = (span.start + span.length).saturating_sub(cut_units);
            let start = span.start.saturating_sub(cut_units);
            self.spans.push(Span {
                start: self.units + start,
                length: end - start,
                ..span
            });
        }
        self.push(&inner.text[cut..]);
        self.files.extend(inner.files);
    }

    /// Words within a block: a text, a list, or an object with a style.
    fn inline(&mut self, words: &Value) {
        match words {
            Value::String(words) => self.push(words),
            Value::Array(list) => list.iter().for_each(|one| self.inline(one)),
            Value::Object(_) => self.object(words),
            _ => {}
        }
    }

    fn object(&mut self, words: &Value) {
        let style = match text(words, "type") {
            "bold" | "marked" => Some(SpanStyle::Bold),
            "italic" => Some(SpanStyle::Italic),
            "underline" => Some(SpanStyle::Underline),
            "strikethrough" => Some(SpanStyle::Strike),
            "spoiler" => Some(SpanStyle::Spoiler),
            "code" | "mathematical_expression" => Some(SpanStyle::Code),
            _ => None,
        };
        let link = match (text(words, "type"), text(words, "url")) {
            ("text_mention", _) => words.get("user").and_then(message::person_url),
            (_, "") => None,
            (_, url) => Some(url.to_owned()),
        };
        let style = link.as_ref().map(|_| SpanStyle::Link).or(style);
        let inner = words.get("text").filter(|inner| !inner.is_null());
        self.styled(style, link, |rich| match inner {
            Some(inner) => rich.inline(inner),
            None => {
                let bare = ["alternative_text", "expression"];
                let bare = bare
                    .iter()
                    .map(|name| text(words, name))
                    .find(|words| !words.is_empty());
                match (bare, words.get("user")) {
                    (Some(bare), _) => rich.push(bare),
                    (None, Some(user)) => rich.push(&name_of(user)),
                    (None, None) => {}
                }
            }
        });
    }

    fn styled(&mut self, style: Option<SpanStyle>, url: Option<String>, write: impl FnOnce(&mut Self)) {
        let start = self.units;
        write(self);
        let length = self.units - start;
        if let Some(style) = style.filter(|_| length > 0) {
            self.spans.push(Span {
                start,
                length,
                style,
                url,
            });
        }
    }

    fn line(&mut self, indent: &str) {
        if !self.text.is_empty() {
            self.push("\n");
        }
        self.push(indent);
    }

    fn push(&mut self, words: &str) {
        self.text.push_str(words);
        let units = u32::try_from(words.encode_utf16().count()).unwrap_or(u32::MAX);
        self.units = self.units.saturating_add(units);
    }
}
