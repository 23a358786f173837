//! U+0000 is in no text of a person and PostgreSQL keeps it in no text: it is removed from what comes in.

use std::io;

use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};

/// Whether any text of a value holds U+0000. Nothing is kept of the value: it is written as JSON into the air.
pub fn has_nul(value: &impl Serialize) -> Result<bool> {
    let mut seen = NulSeen(false);
    serde_json::to_writer(&mut seen, value)
        .map_err(|error| Error::internal("a value cannot be written as JSON").caused_by(error))?;
    Ok(seen.0)
}

/// Removes U+0000 from every text and every name of a document.
pub fn strip_nul(value: &mut Value) {
    match value {
        Value::String(text) => text.retain(|c| c != '\0'),
        Value::Array(items) => items.iter_mut().for_each(strip_nul),
        Value::Object(fields) => {
            for (mut name, mut value) in std::mem::take(fields) {
                strip_nul(&mut value);
                name.retain(|c| c != '\0');
                fields.insert(name, value);
            }
        }
        _ => {}
    }
}

/// Whether lists and objects of a document lie in each other deeper than `max`. What is stored must be readable again with what is
/// wrapped around it, and readers of JSON go no deeper than 127.
pub fn is_deeper(value: &Value, max: usize) -> bool {
    match (value, max.checked_sub(1)) {
        (Value::Array(_) | Value::Object(_), None) => true,
        (Value::Array(items), Some(left)) => items.iter().any(|item| is_deeper(item, left)),
        (Value::Object(fields), Some(left)) => fields.values().any(|field| is_deeper(field, left)),
        _ => false,
    }
}

/// How many bytes a value takes as JSON. Nothing is kept of the value.
pub fn json_len(value: &impl Serialize) -> usize {
    let mut counted = Counted(0);
    match serde_json::to_writer(&mut counted, value) {
        Ok(()) => counted.0,
        // What cannot be written takes no room either.
        Err(_) => 0,
    }
}

/// The beginning of a text, in whole characters: as many as have at most `max` UTF-16 code units together.
pub fn beginning(text: &str, max: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, char)| {
        units += char.len_utf16();
        units > max
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// Cuts a text to `max` characters, the last of which shows that it was cut. True if it was longer.
pub fn shorten(text: &mut String, max: usize) -> bool {
    let Some((end, _)) = text.char_indices().nth(max) else {
        return false;
    };
    let last = text[..end].char_indices().next_back().map_or(0, |(last, _)| last);
    text.truncate(last);
    text.push('…');
    true
}

/// A writer that only counts.
struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0 += piece.len();
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A writer that only looks out for U+0000, which serde_json writes as one escape in a piece of its own.
struct NulSeen(bool);

impl io::Write for NulSeen {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0 |= piece == br"\u0000";
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A name that people give to something: trimmed, 1 to 100 characters. `Invalid` on `title` for any other.
pub fn title(text: &str) -> Result<String> {
    name("title", text, 100)
}

/// A name of one line: trimmed, with 1 to `max` characters, none of which moves a terminal's cursor or begins a line where it is
/// printed. `Invalid` on the field for one that is empty or longer.
pub fn name(field: &str, text: &str, max: usize) -> Result<String> {
    let shown = |c: char| match c {
        '\t' | '\n' | '\r' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    let text: String = text.trim().chars().map(shown).collect();
    match text.chars().count() {
        count if (1..=max).contains(&count) => Ok(text),
        _ => {
            let message = format!("this has 1 to {max} characters");
            Err(Error::invalid_field(field, "length", message))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nul_is_found_in_texts_and_names() {
        assert!(has_nul(&json!({ "a": ["b", { "c": "d\0e" }] })).unwrap());
        assert!(has_nul(&json!({ "a\0": 1 })).unwrap());
        assert!(has_nul(&"\0").unwrap());
        assert!(has_nul(&"\0\0 and more").unwrap());
    }

    #[test]
    fn a_text_is_cut_between_characters_and_shows_it() {
        for (text, max, cut) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("🙂🙂🙂", 2, "🙂…"),
            ("ab", 1, "…"),
        ] {
            let mut short = text.to_owned();
            assert_eq!(shorten(&mut short, max), short != text);
            assert_eq!(short, cut);
        }
        assert_eq!(beginning("a🙂b", 2), "a");
        assert_eq!(beginning("a🙂b", 3), "a🙂");
        assert_eq!(beginning("a🙂b", 9), "a🙂b");
    }

    #[test]
    fn a_name_is_one_line_and_moves_no_cursor() {
        assert_eq!(name("name", " Ira\r\nkey ", 20).unwrap(), "Ira  key");
        assert_eq!(name("name", "x\u{1b}[2J\0", 20).unwrap(), "x\u{fffd}[2J\u{fffd}");
        let error = name("name", " \n ", 20).unwrap_err();
        assert_eq!(error.fields()[0].field, "name");
        assert!(name("name", "12345", 4).is_err());
    }

    #[test]
    fn json_is_counted_as_it_would_be_written() {
        let value = json!({ "a": ["ж\n", 1.5, null] });
        assert_eq!(json_len(&value), value.to_string().len());
    }

    #[test]
    fn what_only_looks_like_nul_is_left_alone() {
        assert!(!has_nul(&json!({ "a": "\\u0000", "b": "u0000", "c": "\u{1}\n" })).unwrap());
    }

    #[test]
    fn depth_is_counted_by_lists_and_objects() {
        for (value, depth) in [
            (json!(1), 0),
            (json!([]), 1),
            (json!({ "a": 1 }), 1),
            (json!([1, { "a": [] }]), 3),
        ] {
            assert!(!is_deeper(&value, depth), "{value}");
            assert!(depth == 0 || is_deeper(&value, depth - 1), "{value}");
        }
    }

    #[test]
    fn nothing_but_nul_is_removed() {
        let mut value = json!({ "a\0b": ["c\0", 1, null, { "d": "\0\0e\\u0000" }] });
        strip_nul(&mut value);
        assert_eq!(value, json!({ "ab": ["c", 1, null, { "d": "e\\u0000" }] }));
    }
}
